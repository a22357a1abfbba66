//! Legal pebblings, made to move few words or to be odd.

use crate::{class::Member, random::Random};
use iobound::{
    cdag::{Operands, Vertex},
    model::Words,
    order::{Evict, place},
    schedule::{Move, MoveSource, Op},
};
use std::{collections::BTreeSet, ops::ControlFlow};

/// The moves of a source, kept.
fn collect(mut source: impl MoveSource) -> Vec<Move<'static>> {
    let mut moves = vec![];
    let flow = source.emit(&mut |it| {
        moves.push(match it {
            Move::Load(it) => Move::Load(it),
            Move::Store(it, to) => Move::Store(it, to),
            Move::Free(it) => Move::Free(it),
            Move::Compute { vertex, .. } => compute(vertex),
            Move::Accumulate { .. } => unreachable!("the game is strict"),
        });
        ControlFlow::<()>::Continue(())
    });
    assert!(flow.is_ok_and(|it| it.is_continue()));
    moves
}

fn compute(vertex: Vertex) -> Move<'static> {
    Move::Compute { vertex, op: Op::Opaque, operands: &[] }
}

/// Along the grid in blocks, rows or keys first, or in any order at all; evictions by Bélády or LRU.
pub(crate) fn along(member: &Member, fast: u64, random: &mut Random) -> Vec<Move<'static>> {
    let [br, bc] = [(); 2].map(|()| 1 + random.below(6));
    let (turned, noise, late) = (random.below(2) == 0, random.below(4), random.below(3));
    let key = |it: Vertex, random: &mut Random| {
        let (mut i, mut j) = member.at[it.0 as usize];
        if turned {
            (i, j) = (j, i);
        }
        let merges = member.kinds[it.0 as usize].pair().is_none();
        let after = if merges && late == 0 { 1 + random.below(40) } else { 0 };
        let jitter = if noise == 0 { random.below(100) } else { 0 };
        (i / br + after + jitter, j / bc, i, j)
    };
    // Topological, the least key first among those whose operands are there.
    let cdag = &member.cdag;
    let keys: Vec<_> = cdag.vertices().map(|it| key(it, random)).collect();
    let mut missing: Vec<usize> = cdag.vertices().map(|it| cdag.operands(it).len()).collect();
    let mut ready: BTreeSet<_> = cdag
        .vertices()
        .filter(|it| cdag.operands(*it).is_empty())
        .map(|it| (keys[it.0 as usize], it))
        .collect();
    let mut order = vec![];
    while let Some((_, it)) = ready.pop_first() {
        order.push(it);
        for reader in cdag.succs(it) {
            missing[reader.0 as usize] -= 1;
            if missing[reader.0 as usize] == 0 {
                ready.insert((keys[reader.0 as usize], reader));
            }
        }
    }
    let evict = if random.below(4) == 0 { Evict::Lru } else { Evict::Belady };
    collect(&place(cdag, &order, Words(fast), evict).unwrap())
}

/// Makes outputs one after the other from what is there, dropping words as it likes: what was dropped
/// is computed again.
pub(crate) struct Lazy<'a> {
    member: &'a Member,
    fast: usize,
    random: &'a mut Random,
    /// Of 100 evictions of what is not blue, so many are stores.
    thrift: u64,
    red: Vec<Vertex>,
    blue: BTreeSet<Vertex>,
    moves: Vec<Move<'static>>,
}

impl<'a> Lazy<'a> {
    pub(crate) fn play(
        member: &'a Member,
        fast: u64,
        random: &'a mut Random,
    ) -> Vec<Move<'static>> {
        let cdag = &member.cdag;
        let blue = cdag.vertices().filter(|it| cdag.is_input(*it)).collect();
        let thrift = [20, 60, 95, 100][random.below(4) as usize];
        let (red, moves, fast) = (vec![], vec![], fast as usize);
        let mut outputs: Vec<_> = cdag.vertices().filter(|it| cdag.is_output(*it)).collect();
        for i in (1..outputs.len()).rev() {
            outputs.swap(i, random.below(i as u64 + 1) as usize);
        }
        let mut it = Self { member, fast, random, thrift, red, blue, moves };
        for output in outputs {
            it.make(output, &[]);
            it.store(output);
        }
        it.moves
    }

    fn store(&mut self, it: Vertex) {
        if self.blue.insert(it) {
            self.moves.push(Move::Store(it, None));
        }
    }

    /// A red pebble on `it`; those on `pinned` may go, but only to slow memory.
    fn make(&mut self, it: Vertex, pinned: &[Vertex]) {
        if self.red.contains(&it) {
            return;
        }
        let pinned = [pinned, &[it]].concat();
        if self.blue.contains(&it) {
            self.room(&pinned);
            self.moves.push(Move::Load(it));
            self.red.push(it);
            return;
        }
        let operands = self.member.cdag.operands(it).to_vec();
        while !operands.iter().all(|it| self.red.contains(it)) {
            for (place, &operand) in operands.iter().enumerate() {
                self.make(
                    operand,
                    &[&pinned[..], &operands[..place], &operands[place + 1..]].concat(),
                );
            }
        }
        self.room(&[&pinned[..], &operands].concat());
        self.moves.push(compute(it));
        self.red.push(it);
    }

    /// Room for one more: first what is not pinned goes, then the oldest that is, but never the last two.
    fn room(&mut self, pinned: &[Vertex]) {
        if self.red.len() < self.fast {
            return;
        }
        let free: Vec<usize> =
            (0..self.red.len()).filter(|it| !pinned.contains(&self.red[*it])).collect();
        let newest: Vec<_> = pinned.iter().rev().take(2).copied().collect();
        let place = match free.is_empty() {
            false => free[self.random.below(free.len() as u64) as usize],
            true => (0..self.red.len()).find(|it| !newest.contains(&self.red[*it])).unwrap(),
        };
        let it = self.red[place];
        if free.is_empty() || self.random.below(100) < self.thrift {
            self.store(it);
        }
        self.red.remove(place);
        self.moves.push(Move::Free(it));
    }
}
