//! The game with partial computations (PRBP), for tiny CDAGs.
//!
//! ```text
//! state       R red · D dark, a part of R · E marked edges
//! finished    all in-edges marked            spent    finished, and all out-edges marked
//! not red     blue if it is a source or begun; otherwise it has no pebble
//! ```
//!
//! Marking u → v asks for u red and finished and v red or not begun; v becomes dark. A dark vertex is
//! newer than its slow copy. Each edge is marked once, so the game is one-shot.
//! Source: Papp, Sobczyk & Yzelman 2025.
//!
//! # Normal forms
//!
//! 1. *A finished output is stored and freed at once*: it must be stored once after its last edge.
//! 2. *A spent vertex that is no output loses its pebbles at once*: it is of no use any more.
//! 3. *Loads wait for a marking that needs the vertex red; frees for want of room; a store for the free*:
//!    the proofs of `one_shot` hold word for word with "marking" for "compute". A begun vertex that is
//!    not spent keeps its value only by a store, so a dark one is stored when it is freed.
//! 4. *An edge u → v with u red and finished and v dark is marked at once.* Moving this marking to now
//!    costs nothing; v is dark now and either stays so until the schedule marks the edge, or is stored
//!    and loaded in between, with the mark as without it. More marks only finish v sooner.
//!
//! Hence a macro-move: choose an unmarked edge u → v, u finished; evict just as many others as room is
//! lacking, dark ones with a store; load u and v where they are blue; mark.

use super::game::{Game, Log, State, Step, Turn, subsets};
use super::graph::{Graph, bits};
use super::{MAX_EDGES, Unfit};

/// The game with partial computations on a graph.
#[derive(Debug)]
pub(super) struct Marking<'g> {
    graph: &'g Graph,
    edges: Vec<(usize, usize)>,
    /// In-edges and out-edges of each vertex.
    into: Vec<u128>,
    from: Vec<u128>,
}

#[derive(Clone, Copy)]
struct Pebbles {
    red: u64,
    dark: u64,
    marked: u128,
}

impl From<&State> for Pebbles {
    fn from(&[red, dark, low, high]: &State) -> Self {
        Self { red, dark, marked: u128::from(high) << 64 | u128::from(low) }
    }
}

impl From<Pebbles> for State {
    #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
    fn from(it: Pebbles) -> Self {
        [it.red, it.dark, it.marked as u64, (it.marked >> 64) as u64]
    }
}

impl<'g> Marking<'g> {
    pub(super) fn new(graph: &'g Graph) -> Result<Self, Unfit> {
        let ends = |v: usize| bits(graph.preds[v]).map(move |u| (u, v));
        let edges: Vec<_> = (0..graph.n_vertices).flat_map(ends).collect();
        if edges.len() > MAX_EDGES {
            let found = u64::try_from(edges.len()).unwrap_or(u64::MAX);
            return Err(Unfit::TooManyEdges { found });
        }
        let (mut into, mut from) = (vec![0; graph.n_vertices], vec![0; graph.n_vertices]);
        for (edge, &(u, v)) in edges.iter().enumerate() {
            from[u] |= 1 << edge;
            into[v] |= 1 << edge;
        }
        Ok(Self { graph, edges, into, from })
    }

    pub(super) fn n_edges(&self) -> usize {
        self.edges.len()
    }

    fn is_finished(&self, it: &Pebbles, v: usize) -> bool {
        self.into[v] & !it.marked == 0
    }

    /// Must it be red, if it is not, before it is marked into or read? That is: is it blue?
    fn has_value(&self, it: &Pebbles, v: usize) -> bool {
        self.graph.sources >> v & 1 == 1 || self.into[v] & it.marked != 0
    }

    /// Marks `edge`, whose ends are red or, the later one, not begun; there is room.
    fn mark(&self, it: &mut Pebbles, edge: usize, log: &mut impl Log) -> u32 {
        let (u, v) = self.edges[edge];
        log.accumulate(u, v);
        it.marked |= 1 << edge;
        it.red |= 1 << v;
        it.dark |= 1 << v;
        let is_output = self.graph.sinks >> v & 1 == 1;
        let done = is_output && self.is_finished(it, v);
        if done {
            log.write(Step::Store, v);
        }
        let spent = self.from[u] & !it.marked == 0;
        for (gone, w) in [(done, v), (spent, u)] {
            if gone {
                log.write(Step::Free, w);
                it.red &= !(1 << w);
                it.dark &= !(1 << w);
            }
        }
        u32::from(done)
    }

    fn settle(&self, it: &mut Pebbles, log: &mut impl Log) -> u32 {
        let mut cost = 0;
        loop {
            let free = |&(edge, &(u, v)): &(usize, &(usize, usize))| {
                it.marked >> edge & 1 == 0
                    && it.red >> u & 1 == 1
                    && it.dark >> v & 1 == 1
                    && self.is_finished(it, u)
            };
            let Some((edge, _)) = self.edges.iter().enumerate().find(free) else { return cost };
            cost += self.mark(it, edge, log);
        }
    }
}

impl Game for Marking<'_> {
    fn start(&self, _: &mut impl Log) -> (State, u32) {
        (Pebbles { red: 0, dark: 0, marked: 0 }.into(), 0)
    }

    fn is_goal(&self, state: &State) -> bool {
        let it = Pebbles::from(state);
        bits(self.graph.sinks).all(|v| self.is_finished(&it, v))
    }

    /// Every vertex that has a value, is not red and is not spent will be loaded: to be read, or to
    /// be marked into. Every output that is not finished will be stored.
    fn at_least(&self, state: &State) -> u32 {
        let it = Pebbles::from(state);
        let mut words = 0;
        for v in 0..self.graph.n_vertices {
            let is_spent = (self.into[v] | self.from[v]) & !it.marked == 0;
            let away = it.red >> v & 1 == 0 && self.has_value(&it, v) && !is_spent;
            let unstored = self.graph.sinks >> v & 1 == 1 && !self.is_finished(&it, v);
            words += u32::from(away) + u32::from(unstored);
        }
        words
    }

    fn turns(&self, state: &State, visit: &mut impl FnMut(Turn)) {
        let it = Pebbles::from(state);
        for (edge, &(u, v)) in self.edges.iter().enumerate() {
            if it.marked >> edge & 1 == 1 || !self.is_finished(&it, u) {
                continue;
            }
            let ends = 1 << u | 1 << v;
            let lacking = (it.red | ends).count_ones().saturating_sub(self.graph.fast);
            subsets(it.red & !ends, lacking, &mut |evicted| {
                let stored = evicted & it.dark;
                visit(Turn { what: edge, stored, dropped: evicted & !stored });
            });
        }
    }

    fn play(&self, state: &State, turn: Turn, log: &mut impl Log) -> (State, u32) {
        let mut it = Pebbles::from(state);
        for u in bits(turn.stored) {
            log.write(Step::Store, u);
        }
        let gone = turn.stored | turn.dropped;
        for u in bits(gone) {
            log.write(Step::Free, u);
        }
        it.red &= !gone;
        it.dark &= !gone;
        let mut cost = turn.stored.count_ones();
        let (u, v) = self.edges[turn.what];
        for w in [u, v] {
            if it.red >> w & 1 == 0 && self.has_value(&it, w) {
                log.write(Step::Load, w);
                it.red |= 1 << w;
                cost += 1;
            }
        }
        cost += self.mark(&mut it, turn.what, log) + self.settle(&mut it, log);
        (it.into(), cost)
    }

    fn layout(&self) -> [(u32, u32); 4] {
        let all = u32::try_from(self.graph.n_vertices).expect("at most 64");
        let edges = u32::try_from(self.edges.len()).expect("at most 128");
        [(0, all), (0, all), (0, edges.min(64)), (0, edges.saturating_sub(64))]
    }
}
