//! The one-shot game: every vertex computed once.
//!
//! ```text
//! state       C computed · R red · B blue, sources (always blue) left out of C and B
//! live        a vertex with a successor that is not computed;   dead otherwise
//! ```
//!
//! # Normal forms
//!
//! Let rest(s) be the least that any schedule pays from state s on. Rules 1 to 5 take a cheapest
//! schedule from s to one, no dearer, that begins with a macro-move as below; rules 1, 2 and 6 replace
//! the state s' it leads to by one, s'', with rest(s'') ≤ rest(s'). From there the same holds again,
//! with fewer computes to come: so macro-moves and rules lead to a goal for rest(start).
//!
//! 1. *Outputs are stored and freed at once.* A sink has no reader and must be stored once: its store
//!    can follow its compute, and so can its free, which only makes room.
//! 2. *Dead vertices lose their pebbles at once.* Nobody will read them; only room is made. So R and B
//!    hold live vertices, and a live vertex without a pebble means a lost game.
//! 3. *Loads wait for a reader.* A load of u can be put off until just before the next compute that
//!    reads u; if u is freed before that, both moves go away. Until then there is one red pebble less.
//!    So all loads between two computes are of operands of the later one.
//! 4. *Frees wait for want of room.* A free can be put off until a placement would exceed M; if the
//!    vertex is loaded again before that, free and load both go away. (Rule 2 is no contradiction: a
//!    pebble on a dead vertex is as good as room.)
//! 5. *Stores wait for the free.* A red vertex is not loaded, so its blue pebble is of no use before
//!    its red one goes; if that never happens, the store goes away. (Not of sinks.)
//! 6. *Some computes are made at once*, [`OneShot::at_once`], when there is room for the result.
//!
//! Hence a macro-move: choose v whose operands are all computed, evict just as many red vertices that
//! are no operands as room is lacking, those not blue by a store, load the missing operands, compute v.

use super::game::{Game, Log, State, Step, Turn, subsets};
use super::graph::{Graph, bits};

/// The one-shot game on a graph.
#[derive(Debug)]
pub(super) struct OneShot<'g> {
    pub(super) graph: &'g Graph,
}

/// The masks by name.
#[derive(Clone, Copy)]
struct Pebbles {
    computed: u64,
    red: u64,
    blue: u64,
}

impl From<&State> for Pebbles {
    fn from(&[computed, red, blue, _]: &State) -> Self {
        Self { computed, red, blue }
    }
}

impl From<Pebbles> for State {
    fn from(it: Pebbles) -> Self {
        [it.computed, it.red, it.blue, 0]
    }
}

impl OneShot<'_> {
    /// Places the result and takes dead operands away; its room and its operands are there.
    fn compute(&self, it: &mut Pebbles, v: usize, log: &mut impl Log) -> u32 {
        let Graph { preds, succs, sinks, .. } = self.graph;
        log.write(Step::Compute, v);
        it.computed |= 1 << v;
        let is_sink = sinks >> v & 1 == 1;
        if is_sink {
            log.write(Step::Store, v);
            log.write(Step::Free, v);
        } else {
            it.red |= 1 << v;
        }
        for u in bits(preds[v]) {
            if succs[u] & !it.computed == 0 {
                log.write(Step::Free, u);
                it.red &= !(1 << u);
                it.blue &= !(1 << u);
            }
        }
        u32::from(is_sink)
    }

    /// May v, whose operands are red and for whose result there is room, be computed now?
    ///
    /// Claim: yes, at no loss, if v is a sink, or the set D of operands that die with it has two
    /// members, or one that is not blue.
    ///
    /// Proof. A sink takes its pebble only for a moment. Otherwise let a schedule compute v later, at
    /// t. Until t all of D is live and read by nobody but v. Compute v now, and until t hold v red
    /// exactly while the schedule holds some member of D red: no more pebbles than it. Say it gives
    /// up the last red pebble on D k times before t. Then we store v once if k > 0 and load it k
    /// times, after which v is red at t, as there. It loads a member of D each of these k times. If
    /// D has two members, the last time it also loads another one: k + 1 words. If u ∈ D is not blue
    /// now, it stored u: k + 1 words. We have paid no more, and v may be blue besides.
    fn at_once(&self, it: &Pebbles, v: usize) -> bool {
        let Graph { preds, succs, sources, sinks, .. } = self.graph;
        if sinks >> v & 1 == 1 {
            return true;
        }
        let mut dying = 0;
        for u in bits(preds[v]) {
            if succs[u] & !it.computed == 1 << v {
                dying |= 1 << u;
            }
        }
        dying & !(sources | it.blue) != 0 || dying & dying.wrapping_sub(1) != 0
    }

    /// Makes computes at once until there are none.
    fn settle(&self, it: &mut Pebbles, log: &mut impl Log) -> u32 {
        let mut cost = 0;
        while it.red.count_ones() < self.graph.fast {
            let ready = |v: &usize| self.graph.preds[*v] & !it.red == 0 && self.at_once(it, *v);
            let left = self.graph.all() & !self.graph.sources & !it.computed;
            let Some(v) = bits(left).find(ready) else { break };
            cost += self.compute(it, v, log);
        }
        cost
    }

    /// How many red pebbles must go before v is computed.
    fn lacking(&self, it: &Pebbles, v: usize) -> u32 {
        let held = (it.red | self.graph.preds[v]).count_ones() + 1;
        held.saturating_sub(self.graph.fast)
    }

    /// The vertices that can be computed once their operands are loaded.
    fn candidates(&self, it: &Pebbles) -> impl Iterator<Item = usize> {
        let there = it.computed | self.graph.sources;
        bits(self.graph.all() & !there).filter(move |v| self.graph.preds[*v] & !there == 0)
    }
}

impl Game for OneShot<'_> {
    fn start(&self, log: &mut impl Log) -> (State, u32) {
        let mut it = Pebbles { computed: 0, red: 0, blue: 0 };
        let cost = self.settle(&mut it, log);
        (it.into(), cost)
    }

    fn is_goal(&self, state: &State) -> bool {
        state[0] & self.graph.sinks == self.graph.sinks
    }

    /// Every live vertex that is not red will be loaded, every sink that is not computed stored.
    ///
    /// Besides, some candidate v comes next, and whatever is evicted for it is live and stays so: it
    /// will be loaded again, and stored now unless it is blue. None of these words is counted above.
    fn at_least(&self, state: &State) -> u32 {
        let it = Pebbles::from(state);
        let Graph { preds, succs, sources, sinks, .. } = self.graph;
        let is_live = |u: &usize| succs[*u] & !it.computed != 0;
        let away = bits(sources & !it.red).filter(is_live).count();
        let away = u32::try_from(away).expect("at most 64") + (it.blue & !it.red).count_ones();
        let unstored = (sinks & !it.computed).count_ones();
        let evictions = self.candidates(&it).map(|v| {
            let lacking = self.lacking(&it, v);
            let cheap = it.red & !preds[v] & (sources | it.blue);
            lacking + lacking.saturating_sub(cheap.count_ones())
        });
        away + unstored + evictions.min().unwrap_or(0)
    }

    fn turns(&self, state: &State, visit: &mut impl FnMut(Turn)) {
        let it = Pebbles::from(state);
        for v in self.candidates(&it) {
            subsets(it.red & !self.graph.preds[v], self.lacking(&it, v), &mut |evicted| {
                let stored = evicted & !(self.graph.sources | it.blue);
                visit(Turn { what: v, stored, dropped: evicted & !stored });
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
        it.red &= !(turn.stored | turn.dropped);
        let missing = self.graph.preds[v] & !it.red;
        for u in bits(missing) {
            log.write(Step::Load, u);
        }
        it.red |= missing;
        let moved = turn.stored.count_ones() + missing.count_ones();
        let cost = moved + self.compute(&mut it, v, log) + self.settle(&mut it, log);
        (it.into(), cost)
    }

    fn layout(&self) -> [(u32, u32); 4] {
        [self.graph.no_sources(), self.graph.no_sinks(), self.graph.interior(), (0, 0)]
    }
}
