//! Rows and columns with at most d entries.

use super::Pattern;

/// Peels off vertices with at most d remaining entries, one after the other: how many entries they
/// had, and what is left.
///
/// Each adds exactly its number t of entries to the rank of the rest. Only the t rows of its own
/// entries are not zero in the d columns of the vertex, and there they hold the words of the t other
/// ends: at a general point t ≤ d independent vectors. So the Jacobian is block-triangular, with a
/// block of rank t beside the Jacobian of the rest.
pub(super) fn peel(pattern: &Pattern, d: usize) -> (usize, Pattern) {
    let mut degrees: Vec<usize> =
        (0..pattern.n_vertices()).map(|it| pattern.ends(it).len()).collect();
    let mut kept: Vec<bool> = degrees.iter().map(|it| *it > d).collect();
    let mut open: Vec<usize> = (0..kept.len()).filter(|it| !kept[*it]).collect();
    let mut peeled = 0;
    while let Some(vertex) = open.pop() {
        peeled += std::mem::take(&mut degrees[vertex]);
        for &end in pattern.ends(vertex) {
            if degrees[end] > 0 {
                degrees[end] -= 1;
            }
            if kept[end] && degrees[end] <= d {
                kept[end] = false;
                open.push(end);
            }
        }
    }
    (peeled, pattern.within(&kept))
}
