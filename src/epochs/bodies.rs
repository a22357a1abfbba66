//! Rigid bodies: patterns whose rank is known because it is the largest there is.
//!
//! ```text
//! I rows, J columns, I ≥ d, J ≥ d:      rank ≤ d(I + J − d); rigid if equal
//! all d·d entries of d rows, columns    rigid, every row and column peels off
//! rigid, and one more with ≥ d entries  rigid
//! ```
//!
//! The first, because (Q, K) ↦ (QA, KA⁻ᵀ) leaves `QKᵀ` as it is: the kernel has all `(QX, −KXᵀ)`, d²
//! dimensions once Q has rank d. The last, because d of the entries, peeled off, add d, and no more
//! is possible. So a block whose rows have the same columns is rigid, and everything that hangs on
//! it by d entries or more.

use super::{Pattern, Rank};

/// The rank of a connected pattern that has nothing to peel.
///
/// Bodies that have no entry in common are taken away one by one. Together they and the rest have at
/// most the sum of their ranks, at most their number of entries, and at most d(I + J − d).
///
/// From below a body is worth what its entries have in the columns of its vertices that are *new*, in
/// no body before. Of a body with I rows and J columns, a and b of them old, these are
/// d(I + J − a − b) columns, and the kernel there is that of all X with `q_i`X = 0 and `k_j`Xᵀ = 0 for
/// the old i and j: (d − a)(d − b) dimensions, if both are positive. The rest adds min(d, entries) for each new row, or
/// the same by columns. Where bodies share only rows or only columns, at most d, both sides agree.
pub(super) fn bodies(part: &Pattern, d: usize) -> Rank {
    let mut rest = part.clone();
    let mut old = vec![false; part.n_vertices()];
    let (mut low, mut high) = (0, 0);
    while let Some(body) = body(&rest, d) {
        let count = |row: bool, of: &dyn Fn(usize) -> bool| {
            (0..body.len()).filter(|&it| body[it] && part.is_row(it) == row && of(it)).count()
        };
        let (rows, columns) = (count(true, &|_| true), count(false, &|_| true));
        let (a, b) = (count(true, &|it| old[it]), count(false, &|it| old[it]));
        low += d * (rows + columns - a - b) - d.saturating_sub(a) * d.saturating_sub(b);
        high += d * (rows + columns - d);
        rest.take(&body);
        old.iter_mut().zip(&body).for_each(|(old, it)| *old |= it);
    }
    let side = |row: bool| -> usize {
        let new = (0..old.len()).filter(|it| !old[*it] && part.is_row(*it) == row);
        new.map(|it| rest.ends(it).len().min(d)).sum()
    };
    low += side(true).max(side(false));
    // Nothing to peel: more than d rows and columns.
    let most = part.n_entries().min(d * (part.n_rows() + part.n_columns() - d));
    Rank { low, high: most.min(high + rest.n_entries()), proved: true }
}

/// The vertices of a rigid body: those of the largest block of rows with the same columns, or columns
/// with the same rows, and then whatever hangs on it.
fn body(pattern: &Pattern, d: usize) -> Option<Vec<bool>> {
    let mut order: Vec<usize> = (0..pattern.n_vertices()).collect();
    order.sort_by_key(|it| pattern.ends(*it));
    let alike = order.chunk_by(|x, y| pattern.ends(*x) == pattern.ends(*y));
    let blocks = alike.map(|it| (it, pattern.ends(it[0])));
    let large = blocks.filter(|it| it.0.len() >= d && it.1.len() >= d);
    let (these, those) = large.max_by_key(|it| it.0.len() * it.1.len())?;

    let mut inside = vec![false; pattern.n_vertices()];
    let mut hold = vec![0; pattern.n_vertices()];
    let mut open: Vec<usize> = these.iter().chain(those).copied().collect();
    open.iter().for_each(|it| inside[*it] = true);
    while let Some(vertex) = open.pop() {
        for &end in pattern.ends(vertex) {
            hold[end] += 1;
            if hold[end] >= d && !inside[end] {
                inside[end] = true;
                open.push(end);
            }
        }
    }
    Some(inside)
}
