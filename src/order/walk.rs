//! From an order to moves.
//!
//! Every red word has a key, and the one with the largest key is evicted: for Bélády the step of its
//! next use, for LRU the clock of its last use, reversed. Keys are kept in two heaps, words that slow
//! memory has (*clean*) and words it has not (*dirty*); an entry whose word has left or has another
//! key by now is passed over.

use super::graph::Graph;
use crate::{
    cdag::Vertex,
    model::Words,
    schedule::{Move, Op},
};
use std::{collections::BinaryHeap, ops::ControlFlow};

/// How keys are made and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Last use.
    Lru,
    /// Next use; a dirty word goes if it is more than `weight` times as far as a clean one.
    Weighed { weight: u64 },
}

impl Rule {
    /// The weights that are tried; the last one stores only if nothing else can go.
    pub(super) const WEIGHED: &[Self] = &[
        Self::Weighed { weight: 1 },
        Self::Weighed { weight: 2 },
        Self::Weighed { weight: 4 },
        Self::Weighed { weight: u64::MAX },
    ];
}

/// Words moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traffic {
    pub(super) loads: u64,
    pub(super) stores: u64,
}

impl Traffic {
    pub(super) fn io(self) -> u64 {
        self.loads + self.stores
    }
}

/// What `order` moves; `None` if more than `limit` words.
pub(super) fn traffic(
    graph: &Graph<'_>,
    order: &[u32],
    fast: Words,
    rule: Rule,
    limit: u64,
) -> Option<Traffic> {
    let mut io = 0u64;
    let flow = walk(graph, order, fast, rule, &mut |it| {
        io += u64::from(matches!(it, Move::Load(_) | Move::Store(..)));
        if io > limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    flow.continue_value()
}

/// No step: the word is not used again.
const NEVER: u64 = u64::MAX;

struct Walk<'a, S> {
    rule: Rule,
    fast: u64,
    sink: &'a mut S,
    traffic: Traffic,
    /// Computes so far.
    step: u64,
    clock: u64,
    n_red: u64,
    red: Vec<bool>,
    blue: Vec<bool>,
    key: Vec<u64>,
    clean: BinaryHeap<(u64, u32)>,
    dirty: BinaryHeap<(u64, u32)>,
}

/// Plays `order`, which is one, with `fast` words, which suffice.
pub(super) fn walk<B>(
    graph: &Graph<'_>,
    order: &[u32],
    fast: Words,
    rule: Rule,
    sink: &mut impl FnMut(Move<'_>) -> ControlFlow<B>,
) -> ControlFlow<B, Traffic> {
    let n_vertices = graph.n_vertices();
    let uses = Uses::of(graph, order);
    let mut walk = Walk {
        rule,
        fast: fast.0,
        sink,
        traffic: Traffic::default(),
        step: 0,
        clock: 0,
        n_red: 0,
        red: vec![false; n_vertices],
        blue: (0..).take(n_vertices).map(|it| graph.is_input(it)).collect(),
        key: vec![0; n_vertices],
        clean: BinaryHeap::new(),
        dirty: BinaryHeap::new(),
    };
    for &vertex in order {
        let (operands, slot) = graph.operands(vertex);
        // What is there gets the newest key first, so that no load evicts it.
        for &it in operands {
            if walk.red[it as usize] {
                walk.touch(it, walk.step);
            }
        }
        for &it in operands {
            if !walk.red[it as usize] {
                walk.make_room()?;
                walk.traffic.loads += 1;
                walk.send(Move::Load(Vertex(u64::from(it))))?;
                walk.enter(it, walk.step);
            }
        }
        walk.make_room()?;
        let name = Vertex(u64::from(vertex));
        walk.send(Move::Compute { vertex: name, op: Op::Opaque, operands: &[] })?;
        for (at, &it) in operands.iter().enumerate() {
            match uses.after[slot + at] {
                NEVER => walk.leave(it)?,
                next => walk.touch(it, next),
            }
        }
        match uses.first[vertex as usize] {
            NEVER => {
                walk.n_red += 1;
                walk.red[vertex as usize] = true;
                walk.store(vertex)?;
                walk.leave(vertex)?;
            }
            next => walk.enter(vertex, next),
        }
        walk.step += 1;
    }
    ControlFlow::Continue(walk.traffic)
}

/// Steps of the next uses.
struct Uses {
    /// By slot: of the operand, after its vertex is computed.
    after: Vec<u64>,
    /// By vertex: after it is computed.
    first: Vec<u64>,
}

impl Uses {
    fn of(graph: &Graph<'_>, order: &[u32]) -> Self {
        let mut next = vec![NEVER; graph.n_vertices()];
        let mut after = vec![NEVER; graph.n_slots()];
        for (step, &vertex) in order.iter().enumerate().rev() {
            let (operands, slot) = graph.operands(vertex);
            for (at, &it) in operands.iter().enumerate() {
                after[slot + at] = std::mem::replace(&mut next[it as usize], step as u64);
            }
        }
        // A vertex is computed before all its uses, so what is left is its first one.
        Self { after, first: next }
    }
}

impl<S> Walk<'_, S> {
    fn send<B>(&mut self, it: Move<'_>) -> ControlFlow<B>
    where
        S: FnMut(Move<'_>) -> ControlFlow<B>,
    {
        (self.sink)(it)
    }

    /// A red word gets the key of its use at step `next`.
    fn touch(&mut self, vertex: u32, next: u64) {
        self.clock += 1;
        let key = match self.rule {
            Rule::Lru => u64::MAX - self.clock,
            Rule::Weighed { .. } => next,
        };
        let at = vertex as usize;
        self.key[at] = key;
        let heap = if self.blue[at] { &mut self.clean } else { &mut self.dirty };
        heap.push((key, vertex));
    }

    fn enter(&mut self, vertex: u32, next: u64) {
        self.n_red += 1;
        self.red[vertex as usize] = true;
        self.touch(vertex, next);
    }

    fn leave<B>(&mut self, vertex: u32) -> ControlFlow<B>
    where
        S: FnMut(Move<'_>) -> ControlFlow<B>,
    {
        self.n_red -= 1;
        self.red[vertex as usize] = false;
        self.send(Move::Free(Vertex(u64::from(vertex))))
    }

    fn store<B>(&mut self, vertex: u32) -> ControlFlow<B>
    where
        S: FnMut(Move<'_>) -> ControlFlow<B>,
    {
        self.traffic.stores += 1;
        self.blue[vertex as usize] = true;
        self.send(Move::Store(Vertex(u64::from(vertex)), None))
    }

    /// Evicts until a word is free.
    fn make_room<B>(&mut self) -> ControlFlow<B>
    where
        S: FnMut(Move<'_>) -> ControlFlow<B>,
    {
        while self.n_red >= self.fast {
            let (red, key, blue) = (&self.red, &self.key, &self.blue);
            let top = |heap: &mut BinaryHeap<(u64, u32)>, clean: bool| loop {
                let &(at, vertex) = heap.peek()?;
                let index = vertex as usize;
                if red[index] && key[index] == at && blue[index] == clean {
                    return Some((at, vertex));
                }
                heap.pop();
            };
            let clean = top(&mut self.clean, true);
            let dirty = top(&mut self.dirty, false);
            let vertex = match (clean, dirty) {
                (Some(clean), Some(dirty)) if !self.prefers(dirty.0, clean.0) => clean.1,
                (_, Some(dirty)) => {
                    self.store(dirty.1)?;
                    dirty.1
                }
                (Some(clean), None) => clean.1,
                (None, None) => unreachable!("fast memory is full, so a word is in it"),
            };
            self.leave(vertex)?;
        }
        ControlFlow::Continue(())
    }

    /// Does the dirty word go? The operands of this step have distance 0 and stay.
    fn prefers(&self, dirty: u64, clean: u64) -> bool {
        match self.rule {
            Rule::Lru => dirty > clean,
            Rule::Weighed { weight } => {
                let (dirty, clean) = (dirty - self.step, clean - self.step);
                clean == 0 || dirty > clean.saturating_mul(weight)
            }
        }
    }
}
