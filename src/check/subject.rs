//! A CDAG as the checker reads it.

use super::{Place, Reason, Rejection};
use crate::cdag::{Operands, Vertex, explicit::MAX_VERTICES};
use crate::certificate::Digest;
use std::fmt;

/// Edges the checker looks at, repeated operands counted each time: 2²⁸.
const MAX_EDGES: usize = 1 << 28;

/// A CDAG read once, to check certificates about it.
///
/// That it has no cycle is not checked: a CDAG with one has no schedule, and any bound is true.
pub struct Subject {
    /// Entry v: what v reads, as indices.
    operands: Vec<Vec<usize>>,
    /// Entry v: who reads v, once for each time it does.
    readers: Vec<Vec<usize>>,
    n_edges: usize,
    digest: Digest,
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subject({} vertices, {})", self.operands.len(), self.digest)
    }
}

impl Subject {
    /// Reads `cdag`.
    ///
    /// # Errors
    ///
    /// [`Rejection`] if it is too large, an operand does not exist, or inputs and outputs are not the
    /// sources and sinks.
    pub fn new(cdag: &dyn Operands) -> Result<Self, Rejection> {
        let refuse = |reason| Place::Cdag.because(reason);
        let n_vertices = usize::try_from(cdag.n_vertices()).ok();
        let n_vertices = n_vertices.filter(|_| cdag.n_vertices() <= MAX_VERTICES);
        let n_vertices = n_vertices.ok_or_else(|| refuse(Reason::TooLarge))?;
        let mut readers = vec![vec![]; n_vertices];
        let mut all = Vec::with_capacity(n_vertices);
        let mut n_edges = 0_usize;
        for (vertex, index) in (0..cdag.n_vertices()).map(Vertex).zip(0..) {
            let mut operands = Vec::with_capacity(cdag.operands(vertex).len());
            n_edges = n_edges.saturating_add(cdag.operands(vertex).len());
            if n_edges > MAX_EDGES {
                return Err(refuse(Reason::TooLarge));
            }
            for &it in cdag.operands(vertex) {
                let known = usize::try_from(it.0).ok().filter(|it| *it < n_vertices);
                let operand = known.ok_or_else(|| refuse(Reason::UnknownVertex(it)))?;
                operands.push(operand);
                readers[operand].push(index);
            }
            all.push(operands);
        }
        for (vertex, index) in (0..cdag.n_vertices()).map(Vertex).zip(0_usize..) {
            let (source, sink) = (all[index].is_empty(), readers[index].is_empty());
            if cdag.is_input(vertex) != source || cdag.is_output(vertex) != sink {
                return Err(refuse(Reason::OddEnds(vertex)));
            }
        }
        Ok(Self { operands: all, readers, n_edges, digest: Digest::of(cdag) })
    }

    /// The name of the CDAG.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Is this the CDAG with these operands?
    pub(super) fn reads_as(&self, operands: &[Vec<Vertex>]) -> bool {
        let same = |(ours, theirs): (&Vec<usize>, &Vec<Vertex>)| {
            ours.len() == theirs.len()
                && ours.iter().zip(theirs).all(|(&it, other)| self.index(*other) == Ok(it))
        };
        operands.len() == self.operands.len() && self.operands.iter().zip(operands).all(same)
    }

    /// A vertex and its operands at once: with less no schedule can compute some vertex.
    pub(super) fn least_fast(&self) -> u64 {
        let distinct = |list: &Vec<usize>| {
            let mut list = list.clone();
            list.sort_unstable();
            list.dedup();
            list.len()
        };
        let most =
            self.operands.iter().filter(|it| !it.is_empty()).map(|it| distinct(it) + 1).max();
        u64::try_from(most.unwrap_or(0)).unwrap_or(u64::MAX)
    }

    pub(super) fn n_vertices(&self) -> usize {
        self.operands.len()
    }

    /// Steps that [`Self::above`] and [`Self::below`] take at most, roughly.
    pub(super) fn size(&self) -> usize {
        self.n_vertices().saturating_add(self.n_edges)
    }

    /// The index of a vertex that exists.
    pub(super) fn index(&self, vertex: Vertex) -> Result<usize, Reason> {
        let index = usize::try_from(vertex.0).ok().filter(|it| *it < self.n_vertices());
        index.ok_or(Reason::UnknownVertex(vertex))
    }

    pub(super) fn operands(&self, index: usize) -> &[usize] {
        &self.operands[index]
    }

    pub(super) fn readers(&self, index: usize) -> &[usize] {
        &self.readers[index]
    }

    pub(super) fn is_input(&self, index: usize) -> bool {
        self.operands[index].is_empty()
    }

    /// `from` and all its ancestors.
    pub(super) fn above(&self, from: usize) -> Vec<bool> {
        reached(from, &self.operands)
    }

    /// `from` and all its descendants.
    pub(super) fn below(&self, from: usize) -> Vec<bool> {
        reached(from, &self.readers)
    }
}

/// `from` and all that can be reached from it.
fn reached(from: usize, next: &[Vec<usize>]) -> Vec<bool> {
    let mut seen = vec![false; next.len()];
    let mut todo = vec![from];
    seen[from] = true;
    while let Some(vertex) = todo.pop() {
        for &it in &next[vertex] {
            if !seen[it] {
                seen[it] = true;
                todo.push(it);
            }
        }
    }
    seen
}
