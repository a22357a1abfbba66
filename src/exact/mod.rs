//! The least I/O of a tiny CDAG, by search: the oracle that bounds and schedules are held against.
//!
//! ```text
//! least(G, M) = min over all legal games of  loads + stores
//! ```
//!
//! The games are those of [`crate::model`]: strict with or without recomputation, and with partial
//! computations (PRBP, which is one-shot). A vertex that is source and sink costs nothing.
//!
//! The search is A* on states of the game, by buckets of the cost. Four things keep it small: normal
//! forms, which leave few of the moves (proved where they are used: `one_shot`, `again`,
//! `partial`); lower bounds on what is still to be paid, in the same files; automorphisms of the CDAG,
//! under which states are alike (`symmetry`); and an upper number from a beam search (`beam`), beyond
//! which nothing is kept. Deciding the optimum is PSPACE-complete, so it ends by its limits where it
//! cannot end well, with an interval.
//!
//! It shares no code with the referee and does not know it: the referee replays the schedules found
//! here, in `tests/exact`.

mod again;
mod beam;
mod game;
mod graph;
mod least;
mod one_shot;
mod partial;
mod search;
mod symmetry;
mod table;
#[cfg(test)]
mod tests;

use crate::cdag::Cdag;
use crate::model::{Machine, Partial, Recompute, Words};
use crate::schedule::Move;
use graph::Graph;
use search::Found;
use std::fmt;
use symmetry::Symmetry;

/// Vertices a search can hold, those that are source and sink left out: one bit each.
pub const MAX_VERTICES: usize = 64;

/// Edges a search with partial computations can hold.
pub const MAX_EDGES: usize = 128;

/// When to give up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Different states kept.
    pub states: u64,
    /// Bytes for them. The rest of the program needs a few megabytes more.
    pub bytes: u64,
}

impl Default for Limits {
    /// Any number of states in 4 GiB.
    fn default() -> Self {
        Self { states: u64::MAX, bytes: 4 << 30 }
    }
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing cheaper is left: `lower` is the least I/O.
    Exhausted,
    /// At [`Limits::states`].
    NodeLimit,
    /// At [`Limits::bytes`].
    MemoryLimit,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exhausted => "exhausted",
            Self::NodeLimit => "node-limit",
            Self::MemoryLimit => "memory-limit",
        })
    }
}

/// What a search found: `lower ≤ least I/O ≤ schedule.io()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// The cheapest schedule found, if any.
    pub schedule: Option<Schedule>,
    /// No schedule costs less.
    pub lower: u64,
    /// Only [`Ended::Exhausted`] may be printed as least.
    pub ended: Ended,
    /// Different states kept, states that a symmetry maps to each other being one.
    pub states: u64,
}

/// A legal schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Words loaded.
    pub loads: u64,
    /// Words stored.
    pub stores: u64,
    /// The moves, for an explicit CDAG: computes name no operands.
    pub moves: Vec<Move<'static>>,
}

impl Schedule {
    /// Words moved.
    #[must_use]
    pub fn io(&self) -> u64 {
        self.loads + self.stores
    }
}

/// Why there is nothing to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unfit {
    /// M cannot hold some vertex beside its operands: no schedule exists.
    TooSmall {
        /// The least M with a schedule.
        least: Words,
        /// M.
        fast: Words,
    },
    /// More than [`MAX_VERTICES`].
    TooManyVertices {
        /// Those that are not source and sink at once.
        found: u64,
    },
    /// More than [`MAX_EDGES`], and computations are partial.
    TooManyEdges {
        /// Different edges.
        found: u64,
    },
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooSmall { least, fast } => {
                write!(f, "M = {fast} is too small for this CDAG: it needs at least {least}")
            }
            Self::TooManyVertices { found } => {
                write!(f, "{found} vertices, but a search holds at most {MAX_VERTICES}")
            }
            Self::TooManyEdges { found } => {
                write!(
                    f,
                    "{found} edges, but a search of partial computations holds at most {MAX_EDGES}"
                )
            }
        }
    }
}

impl std::error::Error for Unfit {}

/// The least loads + stores of `cdag` on `machine`, with a schedule; or an interval, at a limit.
///
/// # Errors
///
/// [`Unfit`] if no schedule exists or the CDAG is too large.
pub fn optimal(cdag: &Cdag, machine: &Machine, limits: &Limits) -> Result<Search, Unfit> {
    let graph = Graph::new(cdag, machine)?;
    let found = match (machine.partial, machine.recompute) {
        (Partial::On, _) => {
            let game = partial::Marking::new(&graph)?;
            let symmetry = Symmetry::none();
            let upper = beam::schedule(&game, &symmetry, game.n_edges(), 100);
            search::best(&game, &symmetry, limits, upper)
        }
        (Partial::Off, recompute) => {
            let symmetry = Symmetry::of(&graph);
            let game = one_shot::OneShot { graph: &graph };
            let upper = beam::schedule(&game, &symmetry, graph.n_vertices, 400);
            match recompute {
                Recompute::Forbidden => search::best(&game, &symmetry, limits, upper),
                Recompute::Allowed => {
                    let game = again::Again::new(&graph);
                    let again = beam::schedule(&game, &symmetry, 2 * graph.n_vertices, 40);
                    // A one-shot schedule is a schedule too.
                    let upper = upper.into_iter().chain(again).min_by_key(|it| it.cost);
                    search::best(&game, &symmetry, limits, upper)
                }
            }
        }
    };
    Ok(report(cdag, &graph, found))
}

fn report(cdag: &Cdag, graph: &Graph, found: Found) -> Search {
    let schedule = found.upper.map(|upper| {
        let moves: Vec<_> = upper.steps.iter().flat_map(|it| graph.moves(*it, cdag)).collect();
        let count = |kind: fn(&Move<'_>) -> bool| moves.iter().map(|it| u64::from(kind(it))).sum();
        let loads = count(|it| matches!(it, Move::Load(_)));
        let stores = count(|it| matches!(it, Move::Store(..)));
        assert_eq!(loads + stores, u64::from(upper.cost), "the moves cost what the search says");
        Schedule { loads, stores, moves }
    });
    Search { schedule, lower: found.lower.into(), ended: found.ended, states: found.states }
}
