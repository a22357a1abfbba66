//! The CDAG as bit masks, its vertices numbered anew.

use super::{MAX_VERTICES, Unfit, game::Step};
use crate::cdag::{Cdag, Operands, Vertex};
use crate::model::{Machine, Partial, Words};
use crate::schedule::{Move, Op};

/// Sources first, then the interior in topological order, then sinks; vertices that are source and
/// sink are left out. So each of these kinds is a range of bits. `M` goes with it.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) n_vertices: usize,
    /// Operands; a repeated operand is one: it needs one pebble, and partial computations can mark its
    /// edges one after the other.
    pub(super) preds: Vec<u64>,
    pub(super) succs: Vec<u64>,
    pub(super) sources: u64,
    pub(super) sinks: u64,
    /// M, or the number of vertices + 1 where M is larger.
    pub(super) fast: u32,
    /// What the CDAG calls them.
    names: Vec<Vertex>,
}

/// The elements of a mask, ascending.
pub(super) fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        if mask == 0 {
            return None;
        }
        let lowest = mask.trailing_zeros() as usize;
        mask &= mask - 1;
        Some(lowest)
    })
}

/// The mask of the first `n` bits.
pub(super) fn first(n: usize) -> u64 {
    if n >= 64 { u64::MAX } else { (1 << n) - 1 }
}

impl Graph {
    pub(super) fn new(cdag: &Cdag, machine: &Machine) -> Result<Self, Unfit> {
        let wide = |it: usize| u64::try_from(it).unwrap_or(u64::MAX);
        let kind = |v: Vertex| match (cdag.is_input(v), cdag.is_output(v)) {
            (true, true) => None,
            (true, false) => Some(0),
            (false, false) => Some(1),
            (false, true) => Some(2),
        };
        let of_kind =
            |it| cdag.topological().iter().filter(move |v| kind(**v) == Some(it)).copied();
        let names: Vec<Vertex> = (0..3).flat_map(of_kind).collect();
        if names.len() > MAX_VERTICES {
            return Err(Unfit::TooManyVertices { found: wide(names.len()) });
        }
        let number: rustc_hash::FxHashMap<Vertex, usize> =
            names.iter().enumerate().map(|(number, name)| (*name, number)).collect();
        let mut preds = vec![0; names.len()];
        let mut succs = vec![0; names.len()];
        for (v, name) in names.iter().enumerate() {
            for u in cdag.operands(*name).iter().map(|it| number[it]) {
                preds[v] |= 1 << u;
                succs[u] |= 1 << v;
            }
        }
        let count = |of| names.iter().filter(|v| kind(**v) == Some(of)).count();
        let (n_sources, n_sinks) = (count(0), count(2));
        let n_vertices = names.len();
        let most = preds.iter().map(|it: &u64| it.count_ones()).max().unwrap_or(0);
        let least = match machine.partial {
            _ if most == 0 => 0,
            Partial::Off => u64::from(most) + 1,
            // One operand beside the accumulator.
            Partial::On => 2,
        };
        if machine.fast.0 < least {
            return Err(Unfit::TooSmall { least: Words(least), fast: machine.fast });
        }
        let fast = u32::try_from(machine.fast.0.min(wide(n_vertices) + 1)).expect("at most 65");
        let sources = first(n_sources);
        let sinks = first(n_vertices) & !first(n_vertices - n_sinks);
        Ok(Self { n_vertices, preds, succs, sources, sinks, fast, names })
    }

    /// The range of vertices that are no sinks, as a field of a packed state.
    pub(super) fn no_sinks(&self) -> (u32, u32) {
        (0, self.all().count_ones() - self.sinks.count_ones())
    }

    /// The range of vertices that are no sources.
    pub(super) fn no_sources(&self) -> (u32, u32) {
        let n_sources = self.sources.count_ones();
        (n_sources, self.all().count_ones() - n_sources)
    }

    /// The range of vertices that are neither.
    pub(super) fn interior(&self) -> (u32, u32) {
        let n_sources = self.sources.count_ones();
        (n_sources, self.all().count_ones() - n_sources - self.sinks.count_ones())
    }

    pub(super) fn all(&self) -> u64 {
        first(self.n_vertices)
    }

    /// The move in the names of the CDAG, once for each time the operand is repeated.
    pub(super) fn moves(&self, step: Step, cdag: &Cdag) -> impl Iterator<Item = Move<'static>> {
        let name = |it: u8| self.names[usize::from(it)];
        let (it, times) = match step {
            Step::Load(v) => (Move::Load(name(v)), 1),
            Step::Store(v) => (Move::Store(name(v), None), 1),
            Step::Compute(v) => {
                (Move::Compute { vertex: name(v), op: Op::Opaque, operands: &[] }, 1)
            }
            Step::Free(v) => (Move::Free(name(v)), 1),
            Step::Accumulate { from, vertex } => {
                let (from, vertex) = (name(from), name(vertex));
                let times = cdag.operands(vertex).iter().filter(|it| **it == from).count();
                (Move::Accumulate { from, vertex }, times)
            }
        };
        std::iter::repeat_n(it, times)
    }
}
