//! A CDAG held in memory, on petgraph: tiny to about 10⁶ vertices.

use super::{Operands, Vertex};
use petgraph::{
    Direction,
    graph::{DiGraph, NodeIndex},
};
use std::{cmp::Reverse, collections::BinaryHeap, fmt};

/// A finite CDAG. An edge `u → v` says that `v` reads `u`; operands keep their order and repeats.
#[derive(Clone, Debug)]
pub struct Cdag {
    graph: DiGraph<(), ()>,
    operands: Vec<Vec<Vertex>>,
    order: Vec<Vertex>,
}

/// Why a list of operands is no CDAG.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Malformed {
    /// A vertex reads one that does not exist.
    UnknownOperand {
        /// The reader.
        vertex: Vertex,
        /// What it reads.
        operand: Vertex,
    },
    /// A vertex reads itself.
    SelfLoop {
        /// The vertex.
        vertex: Vertex,
    },
    /// Vertices depend on each other.
    Cycle {
        /// At least two vertices: each is read by the next, the last by the first, the least first.
        cycle: Vec<Vertex>,
    },
    /// A file with more edges than fit.
    TooManyEdges {
        /// How many fit.
        limit: u64,
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
            Self::SelfLoop { vertex } => write!(f, "vertex {} reads itself", vertex.0),
            Self::Cycle { cycle } => {
                write_cycle(f, &cycle.iter().map(|it| it.0).collect::<Vec<_>>())
            }
            Self::TooManyEdges { limit } => write!(f, "more than {limit} edges"),
            Self::TooLarge { n_vertices, limit } => {
                write!(f, "{n_vertices} vertices, but an explicit CDAG holds at most {limit}")
            }
        }
    }
}

impl std::error::Error for Malformed {}

/// A cycle in words, by the numbers or the names of its vertices.
pub(super) fn write_cycle(f: &mut fmt::Formatter<'_>, cycle: &[impl fmt::Display]) -> fmt::Result {
    f.write_str("the graph has a cycle: ")?;
    cycle.iter().take(SHOWN).try_for_each(|it| write!(f, "{it} -> "))?;
    if cycle.len() > SHOWN {
        write!(f, "({} more) -> ", cycle.len() - SHOWN)?;
    }
    cycle.first().map_or(Ok(()), |it| write!(f, "{it}"))
}

/// How many vertices of a cycle a message names.
const SHOWN: usize = 12;

/// Vertices an explicit CDAG may have: 2²⁴. Beyond that a schedule is streamed.
pub const MAX_VERTICES: u64 = 1 << 24;

impl Cdag {
    /// Vertex `v` reads `operands[v]`, in that order; a vertex that reads nothing is an input.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if an operand does not exist, a vertex depends on itself, or there are too many.
    pub fn new(operands: Vec<Vec<Vertex>>) -> Result<Self, Malformed> {
        Self::new_or_back(operands).map_err(|(_, it)| it)
    }

    /// As [`Cdag::new`]; what is no CDAG is handed back with the reason.
    pub(super) fn new_or_back(
        operands: Vec<Vec<Vertex>>,
    ) -> Result<Self, (Vec<Vec<Vertex>>, Malformed)> {
        match graph_of(&operands) {
            Ok((graph, order)) => Ok(Self { graph, operands, order }),
            Err(it) => Err((operands, it)),
        }
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

    /// Every vertex, each after all it reads; of those that could come next, the least: `0..n` where
    /// every vertex reads lesser ones.
    #[must_use]
    pub fn topological(&self) -> &[Vertex] {
        &self.order
    }

    /// The vertices `0..n_vertices`.
    pub fn vertices(&self) -> impl Iterator<Item = Vertex> + use<> {
        (0..self.operands.len()).map(vertex_at)
    }
}

/// The edges and the topological order.
fn graph_of(operands: &[Vec<Vertex>]) -> Result<(DiGraph<(), ()>, Vec<Vertex>), Malformed> {
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
        let vertex = vertex_at(index);
        for &operand in list {
            let known = node(operand).filter(|it| it.index() < n_vertices);
            let known = known.ok_or(Malformed::UnknownOperand { vertex, operand })?;
            if operand == vertex {
                return Err(Malformed::SelfLoop { vertex });
            }
            graph.add_edge(known, NodeIndex::new(index), ());
        }
    }
    let order = order(&graph, operands);
    if order.len() < n_vertices {
        return Err(Malformed::Cycle { cycle: cycle(operands, &order) });
    }
    Ok((graph, order))
}

/// The topological order, or as much of it as there is before the cycles.
fn order(graph: &DiGraph<(), ()>, operands: &[Vec<Vertex>]) -> Vec<Vertex> {
    let mut missing: Vec<usize> = operands.iter().map(Vec::len).collect();
    let ready = (0..operands.len()).filter(|&it| missing[it] == 0);
    let mut ready: BinaryHeap<_> = ready.map(Reverse).collect();
    let mut order = Vec::with_capacity(operands.len());
    while let Some(Reverse(index)) = ready.pop() {
        order.push(vertex_at(index));
        for reader in graph.neighbors_directed(NodeIndex::new(index), Direction::Outgoing) {
            missing[reader.index()] -= 1;
            if missing[reader.index()] == 0 {
                ready.push(Reverse(reader.index()));
            }
        }
    }
    order
}

/// A cycle among the vertices that are not in `order`: each of them reads another one of them.
fn cycle(operands: &[Vec<Vertex>], order: &[Vertex]) -> Vec<Vertex> {
    let index = |it: Vertex| usize::try_from(it.0).expect("an operand that exists");
    let mut left = vec![true; operands.len()];
    for &it in order {
        left[index(it)] = false;
    }
    let Some(start) = left.iter().position(|it| *it) else { return vec![] };
    let (mut path, mut seen) = (vec![vertex_at(start)], vec![None; operands.len()]);
    seen[start] = Some(0);
    loop {
        let last = path.last().map_or(start, |it| index(*it));
        let read = operands[last].iter().find(|it| left[index(**it)]);
        let read = *read.expect("a vertex that is left reads one that is left");
        if let Some(from) = seen[index(read)] {
            let mut cycle: Vec<Vertex> = path.drain(from..).collect();
            cycle.reverse();
            let least = (0..cycle.len()).min_by_key(|it| cycle[*it]).unwrap_or(0);
            cycle.rotate_left(least);
            return cycle;
        }
        seen[index(read)] = Some(path.len());
        path.push(read);
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
    fn the_topological_order_is_the_least() {
        let order = |it: &[&[u64]]| cdag(it).unwrap().topological().to_vec();
        let vertices = |it: &[u64]| it.iter().copied().map(Vertex).collect::<Vec<_>>();
        assert_eq!(order(&[&[], &[], &[0], &[2, 1]]), vertices(&[0, 1, 2, 3]));
        assert_eq!(order(&[&[3], &[0], &[], &[2]]), vertices(&[2, 3, 0, 1]));
    }

    #[test]
    fn what_is_no_cdag() {
        let unknown = Malformed::UnknownOperand { vertex: Vertex(0), operand: Vertex(1) };
        assert_eq!(cdag(&[&[1]]).unwrap_err(), unknown);
        assert_eq!(cdag(&[&[0]]).unwrap_err(), Malformed::SelfLoop { vertex: Vertex(0) });
        // 3 only hangs on the cycle; 1 reads 2, which reads 0, which reads 1.
        let cycle = cdag(&[&[1], &[2], &[0], &[2]]).unwrap_err();
        assert_eq!(cycle, Malformed::Cycle { cycle: vec![Vertex(0), Vertex(2), Vertex(1)] });
        assert_eq!(cycle.to_string(), "the graph has a cycle: 0 -> 2 -> 1 -> 0");
        let ring: Vec<Vec<Vertex>> = (0..20).map(|it| vec![Vertex((it + 1) % 20)]).collect();
        let ring = Cdag::new(ring).unwrap_err().to_string();
        assert!(ring.ends_with("-> 9 -> (8 more) -> 0"), "{ring}");
        let unknown = Malformed::UnknownOperand { vertex: Vertex(0), operand: Vertex(1 << 32) };
        assert_eq!(cdag(&[&[1 << 32]]).unwrap_err(), unknown);
    }
}
