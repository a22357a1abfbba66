//! Schedules for any CDAG, made from an order in which its vertices are computed.
//!
//! ```text
//! order → moves: before a vertex is computed its operands are loaded; where fast memory is full, a
//! word is evicted; a word whose last reader has been computed is freed at once, an output stored.
//! ```
//!
//! Each vertex is computed once, so the moves are legal whether recomputation is allowed or not, and
//! their words are an upper bound in both games. The game is strict: a result needs a word beside its
//! operands'. Which word is evicted is all that is chosen ([`Evict`]); [`search()`] also chooses the
//! order.

mod graph;
pub mod search;
pub mod starts;
pub mod text;
mod walk;

pub use search::{Ended, Found, Limits, search};

use crate::{
    cdag::{Cdag, Operands, Vertex},
    model::Words,
    schedule::{Move, MoveSource},
};
use graph::Graph;
use std::{convert::Infallible, ops::ControlFlow, str::FromStr};
use walk::{Rule, Traffic};

/// Which word leaves fast memory when another one needs its place. Words that are no longer needed
/// have left before, in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Evict {
    /// The one whose next use is farthest, where a word that must be stored first counts as nearer.
    ///
    /// Bélády 1966 for words that cost the same. Here a word that slow memory has costs one load to
    /// bring back, another one a store too. To weigh next uses against that is not optimal (the
    /// problem with write-backs is NP-hard: Farach-Colton & Liberatore 2000), so the distance of a
    /// word that must be stored is divided by 1, 2, 4 and, last, by infinity, and the best of the four
    /// schedules is kept. Dividing by 1 is Bélády's own rule.
    #[default]
    Belady,
    /// The one that was used longest ago.
    Lru,
}

/// No policy has that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no eviction is called {0:?}; there are belady and lru")]
pub struct UnknownEvict(pub String);

impl FromStr for Evict {
    type Err = UnknownEvict;

    fn from_str(text: &str) -> Result<Self, UnknownEvict> {
        match text {
            "belady" => Ok(Self::Belady),
            "lru" => Ok(Self::Lru),
            _ => Err(UnknownEvict(text.to_owned())),
        }
    }
}

impl Evict {
    /// The name it goes by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Belady => "belady",
            Self::Lru => "lru",
        }
    }

    fn rules(self) -> &'static [Rule] {
        match self {
            Self::Belady => Rule::WEIGHED,
            Self::Lru => &[Rule::Lru],
        }
    }
}

/// Why there is no schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrderError {
    /// M cannot hold a vertex beside its operands.
    #[error("M = {fast} cannot hold vertex {} beside its operands; M = {least} can", vertex.0)]
    TooSmall {
        /// The vertex with the most operands.
        vertex: Vertex,
        /// M.
        fast: Words,
        /// The least M.
        least: Words,
    },
    /// The order names a vertex that does not exist.
    #[error("the order names vertex {}, which does not exist", .0.0)]
    Unknown(Vertex),
    /// The order names a vertex twice.
    #[error("the order computes vertex {} twice", .0.0)]
    Repeated(Vertex),
    /// The order leaves a vertex out.
    #[error("the order never computes vertex {}", .0.0)]
    Missing(Vertex),
    /// The order computes a vertex before one that it reads.
    #[error("the order computes vertex {} before {}, which it reads", vertex.0, operand.0)]
    Early {
        /// The vertex.
        vertex: Vertex,
        /// What it reads.
        operand: Vertex,
    },
}

/// A schedule, as a source of moves; they are made as they are asked for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Placed<'a> {
    graph: Graph<'a>,
    order: Vec<u32>,
    fast: Words,
    rule: Rule,
    traffic: Traffic,
}

/// The schedule that computes the vertices in `order` and evicts by `evict`.
///
/// Inputs may be in the order, and are passed over.
///
/// # Errors
///
/// [`OrderError`]: M is too small, or the order is none.
pub fn place<'a>(
    cdag: &'a Cdag,
    order: &[Vertex],
    fast: Words,
    evict: Evict,
) -> Result<Placed<'a>, OrderError> {
    let graph = Graph::new(cdag, fast)?;
    let order = graph.order(order)?;
    Ok(best(&graph, order, fast, evict))
}

/// The best of the rules.
fn best<'a>(graph: &Graph<'a>, order: Vec<u32>, fast: Words, evict: Evict) -> Placed<'a> {
    let mut best: Option<(Traffic, Rule)> = None;
    for &rule in evict.rules() {
        let limit = best.map_or(u64::MAX, |it| it.0.io());
        let found = walk::traffic(graph, &order, fast, rule, limit);
        // Only fewer words: of equals the first, and simplest, rule.
        if let Some(it) = found.filter(|it| best.is_none_or(|best| it.io() < best.0.io())) {
            best = Some((it, rule));
        }
    }
    let (traffic, rule) = best.expect("the first rule has no limit");
    Placed { graph: graph.clone(), order, fast, rule, traffic }
}

impl Placed<'_> {
    /// Words loaded.
    #[must_use]
    pub fn loads(&self) -> u64 {
        self.traffic.loads
    }

    /// Words stored.
    #[must_use]
    pub fn stores(&self) -> u64 {
        self.traffic.stores
    }

    /// Words moved.
    #[must_use]
    pub fn io(&self) -> u64 {
        self.traffic.io()
    }

    /// The vertices in the order in which they are computed.
    pub fn order(&self) -> impl Iterator<Item = Vertex> {
        self.order.iter().map(|it| Vertex(u64::from(*it)))
    }
}

impl MoveSource for &Placed<'_> {
    type Error = Infallible;

    fn emit<B>(
        &mut self,
        sink: &mut impl FnMut(Move<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, Infallible> {
        let flow = walk::walk(&self.graph, &self.order, self.fast, self.rule, sink);
        Ok(flow.map_continue(|_| ()))
    }
}

/// Words that every schedule of `cdag` moves: inputs that are read, outputs that are computed.
#[must_use]
pub fn compulsory(cdag: &Cdag) -> u64 {
    let alone = |it| cdag.is_input(it) == cdag.is_output(it);
    cdag.vertices().filter(|it| !alone(*it)).count() as u64
}

#[cfg(test)]
mod tests;
