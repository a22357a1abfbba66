//! A CDAG in numbers.

use super::{Cdag, Operands, Vertex};
use serde::Serialize;

/// What can be said of a CDAG without playing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Stats {
    /// Vertices.
    pub vertices: u64,
    /// Vertices that read nothing.
    pub inputs: u64,
    /// Vertices that nobody reads.
    pub outputs: u64,
    /// Both: they cost nothing.
    pub isolated: u64,
    /// Edges; a vertex that reads another one twice has two.
    pub edges: u64,
    /// Most operands of a vertex, each counted once.
    pub max_in_degree: u64,
    /// Most readers of a vertex, each counted once.
    pub max_out_degree: u64,
    /// Least M of the strict game: the largest in-degree and 1 for the result; 0 if nothing is
    /// computed.
    pub least_fast: u64,
    /// Edges of the longest path.
    pub depth: u64,
    /// Most vertices of one layer. The layer of a vertex is the longest path that leads to it.
    pub max_width: u64,
    /// Words that every schedule moves: inputs that are read, outputs that are computed.
    pub compulsory: u64,
}

/// The numbers of `cdag`.
#[must_use]
#[expect(clippy::missing_panics_doc, reason = "an explicit CDAG is held in memory")]
pub fn stats(cdag: &Cdag) -> Stats {
    let n_vertices = cdag.n_vertices();
    let index = |it: Vertex| usize::try_from(it.0).expect("a vertex of an explicit CDAG");
    let mut layer = vec![0u64; cdag.topological().len()];
    let mut readers = layer.clone();
    let mut width = layer.clone();
    let (mut inputs, mut outputs, mut isolated, mut max_in_degree) = (0, 0, 0, 0);
    for &vertex in cdag.topological() {
        let mut operands = cdag.operands(vertex).to_vec();
        operands.sort_unstable();
        operands.dedup();
        for &it in &operands {
            readers[index(it)] += 1;
        }
        let below = operands.iter().map(|it| layer[index(*it)] + 1).max();
        layer[index(vertex)] = below.unwrap_or(0);
        width[usize::try_from(below.unwrap_or(0)).expect("below the number of vertices")] += 1;
        max_in_degree = max_in_degree.max(operands.len() as u64);
        let (input, output) = (cdag.is_input(vertex), cdag.is_output(vertex));
        inputs += u64::from(input);
        outputs += u64::from(output);
        isolated += u64::from(input && output);
    }
    let most = |it: &[u64]| it.iter().copied().max().unwrap_or(0);
    Stats {
        vertices: n_vertices,
        inputs,
        outputs,
        isolated,
        edges: cdag.n_edges() as u64,
        max_in_degree,
        max_out_degree: most(&readers),
        least_fast: if inputs < n_vertices { max_in_degree + 1 } else { 0 },
        depth: most(&layer),
        max_width: most(&width),
        compulsory: inputs + outputs - 2 * isolated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_and_a_sum() {
        // x, y, x·x, (x·x) + y, and a vertex on its own.
        let operands: [&[u64]; 5] = [&[], &[], &[0, 0], &[2, 1], &[]];
        let operands = operands.iter().map(|it| it.iter().copied().map(Vertex).collect());
        let stats = stats(&Cdag::new(operands.collect()).unwrap());
        let expected = Stats {
            vertices: 5,
            inputs: 3,
            outputs: 2,
            isolated: 1,
            edges: 4,
            max_in_degree: 2,
            max_out_degree: 1,
            least_fast: 3,
            depth: 2,
            max_width: 3,
            compulsory: 3,
        };
        assert_eq!(stats, expected);
    }

    #[test]
    fn nothing_to_compute() {
        let none = stats(&Cdag::new(vec![]).unwrap());
        let one = stats(&Cdag::new(vec![vec![]]).unwrap());
        assert_eq!((none.least_fast, none.max_width, none.compulsory), (0, 0, 0));
        assert_eq!((one.least_fast, one.max_width, one.compulsory), (0, 1, 0));
    }
}
