//! A local search over orders: an upper bound where the exact search gives up.
//!
//! A step exchanges two neighbouring runs of the order, A B → B A, which keeps it topological if no
//! vertex of B reads one of A; runs of one vertex are the swaps of neighbours, one run of one vertex is
//! the moving of a vertex. It is kept unless it costs more words. After a while without gain the search
//! starts again, from the best order with some of its vertices shuffled, or from a random one.
//! Nothing is proved by how it ends, but where it meets the compulsory words.

use super::{
    Evict, OrderError, Placed, best, compulsory,
    graph::Graph,
    starts::{STARTS, random},
    walk,
};
use crate::{
    cdag::{Cdag, Vertex, random::SplitMix},
    model::Words,
};
use std::ops::Range;

/// How long to search, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Exchanges that are tried, those that are not topological included.
    pub steps: u64,
    /// Draws them: the same seed, the same answer.
    pub seed: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 20_000, seed: 0 }
    }
}

/// How the search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It moves the compulsory words only: no schedule moves fewer.
    Compulsory,
    /// All steps are taken; the best is an upper bound and no more.
    Steps,
}

/// The best schedule that was found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Found<'a> {
    /// The schedule.
    pub best: Placed<'a>,
    /// How the search ended.
    pub ended: Ended,
    /// Steps taken.
    pub steps: u64,
    /// How often it started again.
    pub restarts: u64,
}

/// Searches for an order that moves few words.
///
/// # Errors
///
/// [`OrderError::TooSmall`] if M cannot hold a vertex beside its operands.
#[expect(clippy::missing_panics_doc, reason = "there are starts")]
pub fn search(
    cdag: &Cdag,
    fast: Words,
    evict: Evict,
    limits: Limits,
) -> Result<Found<'_>, OrderError> {
    let graph = Graph::new(cdag, fast)?;
    let least = compulsory(cdag);
    let mut placed: Option<Placed<'_>> = None;
    for (_, start) in STARTS {
        let it = best(&graph, graph.order(&start(cdag))?, fast, evict);
        if placed.as_ref().is_none_or(|best| it.io() < best.io()) {
            placed = Some(it);
        }
    }
    let placed = placed.expect("there are starts");
    let mut climb = Climb::of(placed, evict, SplitMix::new(limits.seed));
    let n = climb.order.len() as u64;
    // Long enough to have tried most exchanges of single neighbours several times.
    let patience = (16 * n).max(400);
    let (mut steps, mut restarts, mut stale) = (0, 0, 0);
    while steps < limits.steps && climb.best.io() > least && n > 1 {
        steps += 1;
        stale = if climb.step() { 0 } else { stale + 1 };
        if stale > patience {
            (stale, restarts) = (0, restarts + 1);
            climb.restart(cdag, restarts)?;
        }
    }
    let ended = if climb.best.io() == least { Ended::Compulsory } else { Ended::Steps };
    Ok(Found { best: climb.best, ended, steps, restarts })
}

struct Climb<'a> {
    best: Placed<'a>,
    evict: Evict,
    random: SplitMix,
    order: Vec<u32>,
    /// By vertex; of inputs it means nothing.
    place: Vec<usize>,
    io: u64,
}

impl<'a> Climb<'a> {
    fn of(best: Placed<'a>, evict: Evict, random: SplitMix) -> Self {
        let place = vec![0; best.graph.n_vertices()];
        let (order, io) = (best.order.clone(), best.io());
        let mut it = Self { best, evict, random, order, place, io };
        it.placed(0..it.order.len());
        it
    }

    fn placed(&mut self, range: Range<usize>) {
        for at in range {
            self.place[self.order[at] as usize] = at;
        }
    }

    /// Words of the present order; `None` if more than `limit`.
    fn io(&self, limit: u64) -> Option<u64> {
        let Placed { graph, fast, .. } = &self.best;
        let traffic = |rule| walk::traffic(graph, &self.order, *fast, rule, limit);
        self.evict.rules().iter().filter_map(|it| traffic(*it)).map(walk::Traffic::io).min()
    }

    /// A number from 1 to at most `most`, small ones more often.
    fn length(&mut self, most: usize) -> usize {
        let most = most as u64;
        let scale = 1u64 << self.random.below(u64::from(most.max(1).ilog2()) + 1);
        usize::try_from(1 + self.random.below(scale)).unwrap_or(1)
    }

    /// Two neighbouring runs, `from..middle` and `middle..to`, that can be exchanged.
    fn runs(&mut self) -> Option<(usize, usize, usize)> {
        let n = self.order.len();
        let middle = usize::try_from(1 + self.random.below(n as u64 - 1)).ok()?;
        let (mut left, mut right) = (1, 1);
        // One run of one vertex in two of three cases.
        match self.random.below(3) {
            0 => left = self.length(middle),
            1 => right = self.length(n - middle),
            _ => (left, right) = (self.length(middle), self.length(n - middle)),
        }
        let (from, to) = (middle.checked_sub(left)?, middle + right);
        let moved = self.order.get(middle..to)?;
        let reads = |it: &u32| {
            let (operands, _) = self.best.graph.operands(*it);
            operands.iter().any(|it| {
                !self.best.graph.is_input(*it) && (from..middle).contains(&self.place[*it as usize])
            })
        };
        (!moved.iter().any(reads)).then_some((from, middle, to))
    }

    /// Tries one exchange; did it gain?
    fn step(&mut self) -> bool {
        let Some((from, middle, to)) = self.runs() else { return false };
        self.order[from..to].rotate_left(middle - from);
        match self.io(self.io) {
            Some(io) => {
                let gained = io < self.io;
                self.io = io;
                self.placed(from..to);
                if io < self.best.io() {
                    let Placed { graph, fast, .. } = &self.best;
                    self.best = best(graph, self.order.clone(), *fast, self.evict);
                }
                gained
            }
            None => {
                self.order[from..to].rotate_right(middle - from);
                false
            }
        }
    }

    /// Every third time a random order; else the best one after some exchanges at any cost.
    fn restart(&mut self, cdag: &Cdag, restarts: u64) -> Result<(), OrderError> {
        if restarts.is_multiple_of(3) {
            let order: Vec<Vertex> = random(cdag, &mut self.random);
            self.order = self.best.graph.order(&order)?;
            self.placed(0..self.order.len());
        } else {
            self.order.clone_from(&self.best.order);
            self.placed(0..self.order.len());
            for _ in 0..8 + self.order.len() / 8 {
                if let Some((from, middle, to)) = self.runs() {
                    self.order[from..to].rotate_left(middle - from);
                    self.placed(from..to);
                }
            }
        }
        self.io = self.io(u64::MAX).expect("no limit");
        Ok(())
    }
}
