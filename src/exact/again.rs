//! The game with recomputation.
//!
//! ```text
//! state       R red · B blue, sources (always blue) left out of B; a sink in B is done
//! useful      a vertex with a path to a sink that is not done
//! owed        stored and not loaded since; a note about the way, not part of the state
//! ```
//!
//! # Normal forms
//!
//! That they lose nothing is said as in `one_shot`; there, the computes to come become fewer. Here, take
//! among the cheapest schedules from s one with fewest computes: a macro-move makes one of them, and
//! what the lemma plays from the state of rule 4 has no more than the rest.
//!
//! The lemma: *more pebbles are no worse*. If R ⊆ R', |R'| ≤ M and B ⊆ B', whatever can be done from
//! (R, B) can be done from (R', B') for no more. Proof: play the same moves; leave out those that
//! place a pebble already there; if a placement would exceed M, R' holds a vertex that R does not:
//! free that first. R ⊆ R' and B ⊆ B' stay true.
//!
//! 1. *Outputs are stored and freed at once, and then never touched*: as in `one_shot`.
//! 2. *Vertices that are not useful lose their pebbles*: a schedule that makes only what it needs
//!    never reads them, since what reads them is not useful either.
//! 3. *Loads wait for a reader, frees for want of room, stores for the free*: as in `one_shot`, where
//!    nothing in the proofs says that a vertex is computed once. A free without a store may lose
//!    the value; it can be computed again.
//! 4. *Where there is room, whatever can be computed is computed*, in any order: by the lemma, since
//!    a compute is free and leaves more pebbles.
//!
//! 5. *Whatever is stored is loaded later*: or leave the store out, and the schedule was not cheapest. So
//!    on a cheapest way every owed vertex has a load before it, and a way that owes a vertex that
//!    is no longer useful is none. If two ways to (R, B) cost the same and one can be finished to a
//!    cheapest schedule, so can the other, and its note holds as well: one of them is enough.
//!
//! Hence a macro-move: choose v not red whose operands are red or blue, evict just as many red
//! vertices that are no operands as room is lacking, each with a store or without, load, compute v.

use super::game::{Game, HOPELESS, Log, State, Step, Turn, subsets};
use super::graph::{Graph, bits};

/// The game with recomputation on a graph.
#[derive(Debug)]
pub(super) struct Again<'g> {
    pub(super) graph: &'g Graph,
    /// The sinks that each vertex has a path to.
    reach: Vec<u64>,
}

#[derive(Clone, Copy)]
struct Pebbles {
    red: u64,
    blue: u64,
    owed: u64,
}

impl From<&State> for Pebbles {
    fn from(&[red, blue, _, owed]: &State) -> Self {
        Self { red, blue, owed }
    }
}

impl From<Pebbles> for State {
    fn from(it: Pebbles) -> Self {
        [it.red, it.blue, 0, it.owed]
    }
}

impl<'g> Again<'g> {
    pub(super) fn new(graph: &'g Graph) -> Self {
        let mut reach: Vec<u64> = (0..graph.n_vertices).map(|v| graph.sinks & 1 << v).collect();
        for v in (0..graph.n_vertices).rev() {
            reach[v] |= bits(graph.succs[v]).map(|it| reach[it]).fold(0, |all, it| all | it);
        }
        Self { graph, reach }
    }

    /// Vertices with a path to a sink that is not done, that sink included.
    fn useful(&self, it: &Pebbles) -> u64 {
        let left = self.graph.sinks & !it.blue;
        let mut useful = 0;
        for (v, reach) in self.reach.iter().enumerate() {
            useful |= u64::from(reach & left != 0) << v;
        }
        useful
    }

    /// Places the result; its room and its operands are there.
    fn compute(&self, it: &mut Pebbles, v: usize, log: &mut impl Log) -> u32 {
        log.write(Step::Compute, v);
        if self.graph.sinks >> v & 1 == 0 {
            it.red |= 1 << v;
            return 0;
        }
        log.write(Step::Store, v);
        log.write(Step::Free, v);
        it.blue |= 1 << v;
        let useless = !self.useful(it);
        for u in bits(it.red & useless) {
            log.write(Step::Free, u);
        }
        it.red &= !useless;
        it.blue &= !useless | self.graph.sinks;
        1
    }

    /// Computes while there is room; sinks first, since they leave room.
    fn settle(&self, it: &mut Pebbles, log: &mut impl Log) -> u32 {
        let mut cost = 0;
        let Graph { preds, sources, sinks, fast, .. } = self.graph;
        let mut useful = self.useful(it);
        while it.red.count_ones() < *fast {
            let ready = |v: &usize| preds[*v] & !it.red == 0;
            let left = useful & !sources & !it.red;
            let next = bits(left & sinks).find(ready).or_else(|| bits(left & !sinks).find(ready));
            let Some(v) = next else { break };
            let paid = self.compute(it, v, log);
            if paid > 0 {
                useful = self.useful(it);
            }
            cost += paid;
        }
        cost
    }

    fn lacking(&self, it: &Pebbles, v: usize) -> u32 {
        let held = (it.red | self.graph.preds[v]).count_ones() + 1;
        held.saturating_sub(self.graph.fast)
    }

    /// Vertices that must be red at some later time, though they are not now.
    ///
    /// Every operand of a sink that is not done; every operand of such a vertex if it has no pebble.
    fn mandatory(&self, it: &Pebbles) -> u64 {
        let mut wanted = self.graph.sinks & !it.blue;
        let mut found = 0;
        // Operands have smaller numbers, so each vertex is met after all that read it.
        while wanted != 0 {
            let v = 63 - wanted.leading_zeros() as usize;
            wanted &= !(1 << v);
            let new = self.graph.preds[v] & !it.red;
            found |= new;
            wanted |= new & !(it.blue | self.graph.sources);
        }
        found
    }

    /// A way up from `v` over vertices that are not red to a source, none of which is `taken`: the
    /// vertices on it that could be loaded, or nothing.
    fn chain(&self, it: &Pebbles, v: usize, taken: u64, seen: &mut u64) -> Option<u64> {
        *seen |= 1 << v;
        let loadable = (it.blue | self.graph.sources) & 1 << v;
        if loadable & taken != 0 {
            return None;
        }
        if self.graph.sources >> v & 1 == 1 {
            return Some(loadable);
        }
        for u in bits(self.graph.preds[v] & !it.red) {
            if *seen >> u & 1 == 0
                && let Some(chain) = self.chain(it, u, taken, seen)
            {
                return Some(chain | loadable);
            }
        }
        None
    }
}

impl Game for Again<'_> {
    const NOTED: bool = true;

    fn start(&self, log: &mut impl Log) -> (State, u32) {
        let mut it = Pebbles { red: 0, blue: 0, owed: 0 };
        let cost = self.settle(&mut it, log);
        (it.into(), cost)
    }

    fn is_goal(&self, state: &State) -> bool {
        state[1] & self.graph.sinks == self.graph.sinks
    }

    /// Every sink that is not done will be stored, every owed vertex loaded, every mandatory source too.
    ///
    /// Besides, loads that no two of them share: take a mandatory vertex and a way from it up to a source over vertices that are not red. One
    /// of the blue vertices on the way, or the source, will be loaded: the first vertex of the way
    /// must become red, by a load or by a compute; if by a compute, the next one must, and so on;
    /// the source only by a load. Ways that have no such vertex in common ask for different loads.
    fn at_least(&self, state: &State) -> u32 {
        let it = Pebbles::from(state);
        if it.owed & !it.blue != 0 {
            return HOPELESS;
        }
        let mandatory = self.mandatory(&it);
        let mut taken = mandatory & self.graph.sources | it.owed;
        let mut loads = taken.count_ones();
        for v in bits(mandatory & it.blue & !it.owed) {
            if let Some(chain) = self.chain(&it, v, taken, &mut 0) {
                taken |= chain;
                loads += 1;
            }
        }
        loads + (self.graph.sinks & !it.blue).count_ones()
    }

    fn turns(&self, state: &State, visit: &mut impl FnMut(Turn)) {
        let it = Pebbles::from(state);
        let Graph { preds, sources, .. } = self.graph;
        let slow = it.blue | sources;
        for v in bits(self.useful(&it) & !sources & !it.red) {
            if preds[v] & !(it.red | slow) != 0 {
                continue;
            }
            subsets(it.red & !preds[v], self.lacking(&it, v), &mut |evicted| {
                let only_red = evicted & !slow;
                let mut stored = only_red;
                loop {
                    visit(Turn { what: v, stored, dropped: evicted & !stored });
                    if stored == 0 {
                        break;
                    }
                    stored = (stored - 1) & only_red;
                }
            });
        }
    }

    fn play(&self, state: &State, turn: Turn, log: &mut impl Log) -> (State, u32) {
        let mut it = Pebbles::from(state);
        let v = turn.what;
        for u in bits(turn.stored) {
            log.write(Step::Store, u);
        }
        for u in bits(turn.stored | turn.dropped) {
            log.write(Step::Free, u);
        }
        it.blue |= turn.stored;
        it.owed |= turn.stored;
        it.red &= !(turn.stored | turn.dropped);
        let missing = self.graph.preds[v] & !it.red;
        for u in bits(missing) {
            log.write(Step::Load, u);
        }
        it.red |= missing;
        it.owed &= !missing;
        let moved = turn.stored.count_ones() + missing.count_ones();
        let cost = moved + self.compute(&mut it, v, log) + self.settle(&mut it, log);
        (it.into(), cost)
    }

    fn layout(&self) -> [(u32, u32); 4] {
        [self.graph.no_sinks(), self.graph.no_sources(), (0, 0), self.graph.interior()]
    }
}
