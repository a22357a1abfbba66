//! Edges as a file tells them, each with its line.

use super::{Cdag, Malformed, Vertex};

/// Edges a file may have: 2²⁶. A few bytes of DOT can announce many.
const MAX_EDGES: u64 = 1 << 26;

/// A CDAG that is being read.
#[derive(Debug, Default)]
pub(super) struct Edges {
    operands: Vec<Vec<Vertex>>,
    lines: Vec<Vec<usize>>,
    n_edges: u64,
}

impl Edges {
    /// `n_vertices` vertices that read nothing yet.
    pub(super) fn new(n_vertices: usize) -> Self {
        let lists = (vec![vec![]; n_vertices], vec![vec![]; n_vertices]);
        Self { operands: lists.0, lines: lists.1, n_edges: 0 }
    }

    /// One more vertex.
    pub(super) fn grow(&mut self) {
        self.operands.push(vec![]);
        self.lines.push(vec![]);
    }

    /// Is there room for `more` edges? Asked before they are pushed.
    pub(super) fn room(&mut self, more: usize) -> Result<(), Malformed> {
        self.n_edges = self.n_edges.saturating_add(more.try_into().unwrap_or(u64::MAX));
        let limit = MAX_EDGES;
        if self.n_edges > limit { Err(Malformed::TooManyEdges { limit }) } else { Ok(()) }
    }

    /// `reader`, which exists, reads `operand` next.
    pub(super) fn push(&mut self, reader: usize, operand: Vertex, line: usize) {
        self.operands[reader].push(operand);
        self.lines[reader].push(line);
    }

    /// Forgets that a vertex reads another more than once.
    pub(super) fn merge(&mut self) {
        for (operands, lines) in self.operands.iter_mut().zip(&mut self.lines) {
            let mut seen = rustc_hash::FxHashSet::default();
            let fresh: Vec<bool> = operands.iter().map(|it| seen.insert(*it)).collect();
            let (mut one, mut other) = (fresh.iter(), fresh.iter());
            operands.retain(|_| one.next() == Some(&true));
            lines.retain(|_| other.next() == Some(&true));
        }
    }

    /// Vertex `v` is called `names[v]` from now on; `names` is a permutation.
    pub(super) fn rename(&mut self, names: &[usize]) {
        let mut renamed = Self::new(names.len());
        for (operands, (lines, &name)) in self.operands.iter().zip(self.lines.iter_mut().zip(names))
        {
            let new = |it: &Vertex| usize::try_from(it.0).ok().and_then(|it| names.get(it));
            let known = operands.iter().filter_map(new);
            renamed.operands[name] = known.map(|it| Vertex(*it as u64)).collect();
            renamed.lines[name] = std::mem::take(lines);
        }
        *self = renamed;
    }

    /// The CDAG.
    ///
    /// # Errors
    ///
    /// Why there is none, and in which line: that of the edge, or of the one that closes the cycle.
    pub(super) fn finish(self) -> Result<Cdag, (usize, Malformed)> {
        let Self { operands, lines, .. } = self;
        Cdag::new_or_back(operands).map_err(|(operands, it)| {
            let line = |reader: Vertex, operand: Vertex| {
                let reader = usize::try_from(reader.0).ok()?;
                let at = operands.get(reader)?.iter().position(|it| *it == operand)?;
                lines[reader].get(at).copied()
            };
            let at = match &it {
                Malformed::UnknownOperand { vertex, operand } => line(*vertex, *operand),
                Malformed::SelfLoop { vertex } => line(*vertex, *vertex),
                Malformed::Cycle { cycle } => {
                    let next = cycle.iter().cycle().skip(1);
                    cycle.iter().zip(next).filter_map(|(u, v)| line(*v, *u)).max()
                }
                Malformed::TooLarge { .. } | Malformed::TooManyEdges { .. } => None,
            };
            (at.unwrap_or(1), it)
        })
    }
}
