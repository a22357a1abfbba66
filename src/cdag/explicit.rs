//! A CDAG held in memory, on petgraph: tiny to about 10⁶ vertices.

use super::{Operands, Vertex};
use petgraph::{
    Direction,
    algo::toposort,
    graph::{DiGraph, NodeIndex},
};
use std::fmt;

/// A finite CDAG. An edge `u → v` says that `v` reads `u`; operands keep their order and repeats.
#[derive(Clone, Debug)]
pub struct Cdag {
    graph: DiGraph<(), ()>,
    operands: Vec<Vec<Vertex>>,
    order: Vec<Vertex>,
}

/// Why a list of operands is no CDAG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// A vertex reads one that does not exist.
    UnknownOperand {
        /// The reader.
        vertex: Vertex,
        /// What it reads.
        operand: Vertex,
    },
    /// A vertex depends on itself, directly or not.
    Cycle {
        /// A vertex on the cycle.
        vertex: Vertex,
    },
    /// More vertices than fit.
    TooLarge {
        /// How many were asked for.
        n_vertices: u128,
        /// How many fit.
        limit: u64,
    },
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperand { vertex, operand } => {
                write!(f, "vertex {} reads {}, which does not exist", vertex.0, operand.0)
            }
            Self::Cycle { vertex } => write!(f, "vertex {} depends on itself", vertex.0),
            Self::TooLarge { n_vertices, limit } => {
                write!(f, "{n_vertices} vertices, but an explicit CDAG holds at most {limit}")
            }
        }
    }
}

impl std::error::Error for Malformed {}

/// Vertices an explicit CDAG may have: 2²⁴. Beyond that a schedule is streamed.
pub const MAX_VERTICES: u64 = 1 << 24;

impl Cdag {
    /// Vertex `v` reads `operands[v]`, in that order; a vertex that reads nothing is an input.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if an operand does not exist, a vertex depends on itself, or there are too many.
    pub fn new(operands: Vec<Vec<Vertex>>) -> Result<Self, Malformed> {
        let n_vertices = operands.len();
        if u64::try_from(n_vertices).map_or(true, |it| it > MAX_VERTICES) {
            let n_vertices = u128::try_from(n_vertices).unwrap_or(u128::MAX);
            return Err(Malformed::TooLarge { n_vertices, limit: MAX_VERTICES });
        }
        let mut graph = DiGraph::with_capacity(n_vertices, operands.iter().map(Vec::len).sum());
        for _ in 0..n_vertices {
            graph.add_node(());
        }
        for (index, list) in operands.iter().enumerate() {
            for &operand in list {
                let known = node(operand).filter(|it| it.index() < n_vertices);
                let unknown = Malformed::UnknownOperand { vertex: vertex_at(index), operand };
                graph.add_edge(known.ok_or(unknown)?, NodeIndex::new(index), ());
            }
        }
        let order = toposort(&graph, None)
            .map_err(|it| Malformed::Cycle { vertex: vertex_at(it.node_id().index()) })?;
        let order = order.into_iter().map(|it| vertex_at(it.index())).collect();
        Ok(Self { graph, operands, order })
    }

    /// How many edges, repeated operands counted each time.
    #[must_use]
    pub fn n_edges(&self) -> usize {
        self.graph.edge_count()
    }

    /// Who reads `vertex`; once for each time it does. Empty for a vertex that does not exist.
    pub fn succs(&self, vertex: Vertex) -> impl Iterator<Item = Vertex> {
        let node = node(vertex).unwrap_or(NodeIndex::end());
        let readers = self.graph.neighbors_directed(node, Direction::Outgoing);
        readers.map(|it| vertex_at(it.index()))
    }

    /// Every vertex, each after all it reads.
    #[must_use]
    pub fn topological(&self) -> &[Vertex] {
        &self.order
    }

    /// The vertices `0..n_vertices`.
    pub fn vertices(&self) -> impl Iterator<Item = Vertex> + use<> {
        (0..self.operands.len()).map(vertex_at)
    }
}

fn node(vertex: Vertex) -> Option<NodeIndex> {
    u32::try_from(vertex.0).ok().map(NodeIndex::from)
}

fn vertex_at(index: usize) -> Vertex {
    Vertex(u64::try_from(index).expect("an index fits in 64 bits"))
}

impl Operands for Cdag {
    fn n_vertices(&self) -> u64 {
        u64::try_from(self.operands.len()).expect("a length fits in 64 bits")
    }

    fn operands(&self, vertex: Vertex) -> &[Vertex] {
        let index = usize::try_from(vertex.0).ok();
        index.and_then(|it| self.operands.get(it)).map_or(&[], Vec::as_slice)
    }

    fn is_output(&self, vertex: Vertex) -> bool {
        vertex.0 < self.n_vertices() && self.succs(vertex).next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cdag(operands: &[&[u64]]) -> Result<Cdag, Malformed> {
        Cdag::new(operands.iter().map(|it| it.iter().copied().map(Vertex).collect()).collect())
    }

    #[test]
    fn operands_keep_order_and_repeats() {
        let cdag = cdag(&[&[], &[], &[1, 0, 1]]).unwrap();
        assert_eq!(cdag.operands(Vertex(2)), [Vertex(1), Vertex(0), Vertex(1)]);
        assert_eq!((cdag.n_vertices(), cdag.n_edges()), (3, 3));
        assert_eq!(cdag.succs(Vertex(1)).count(), 2);
        let roles: Vec<_> =
            cdag.vertices().map(|v| (cdag.is_input(v), cdag.is_output(v))).collect();
        assert_eq!(roles, [(true, false), (true, false), (false, true)]);
        assert_eq!(cdag.topological().last(), Some(&Vertex(2)));
        assert!(!cdag.is_output(Vertex(3)) && !cdag.is_output(Vertex(u64::MAX)));
    }

    #[test]
    fn what_is_no_cdag() {
        let unknown = Malformed::UnknownOperand { vertex: Vertex(0), operand: Vertex(1) };
        assert_eq!(cdag(&[&[1]]).unwrap_err(), unknown);
        assert_eq!(cdag(&[&[0]]).unwrap_err(), Malformed::Cycle { vertex: Vertex(0) });
        assert!(matches!(cdag(&[&[1], &[2], &[0]]).unwrap_err(), Malformed::Cycle { .. }));
        let unknown = Malformed::UnknownOperand { vertex: Vertex(0), operand: Vertex(1 << 32) };
        assert_eq!(cdag(&[&[1 << 32]]).unwrap_err(), unknown);
    }
}
