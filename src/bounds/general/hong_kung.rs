//! `hong-kung`: how many loads a segment may have, so that all sets of M − 1 + X vertices can be tried.
//!
//! The theorem and its letters are in `proofs/hong-kung/README.md`. The value is found here by other
//! means than in `check`: one set after another by recursion, the dominated vertices as a set of bits.

use super::flow::index;
use super::{CannotMake, Effort, Made, Maker, compulsory};
use crate::cdag::{Cdag, Operands};
use crate::certificate::Evidence;
use crate::model::{Machine, Recompute};

const ID: &str = "hong-kung";

pub(super) const MAKER: Maker = Maker { id: ID, recompute: Recompute::Allowed, make };

/// A quarter of the steps that the checker takes at most; ours are about as many as its.
const MOST_STEPS: u64 = 1 << 28;

/// The longest segment that the effort allows: longer ones give no less.
///
/// It is the least X with the value of the longest, so that the checker has little to do.
fn make(cdag: &Cdag, machine: &Machine, effort: Effort) -> Result<Made, CannotMake> {
    let small = Small::new(cdag).ok_or(CannotMake::TooLarge { id: ID })?;
    let ends = compulsory::words(cdag);
    let held = machine.fast.0.saturating_sub(1);
    let mut steps = effort.0.min(MOST_STEPS);
    // Entry k is U(k).
    let mut dominated = vec![0];
    let mut best: Option<(u64, u64)> = None;
    for longest in 1.. {
        let size = held.saturating_add(longest).min(small.inputs);
        while (dominated.len() as u64) <= size {
            let mut set = Set { room: dominated.len(), most: dominated[dominated.len() - 1] };
            match small.most(&mut set, 0, State::default(), &mut steps) {
                Some(()) => dominated.push(set.most),
                None => break,
            }
        }
        if (dominated.len() as u64) <= size {
            break;
        }
        let loads = small.loads(&dominated, held, size);
        if best.is_none_or(|it| it.1 < loads) {
            best = Some((longest, loads));
        }
        if size == small.inputs {
            break;
        }
    }
    let (longest, loads) = best.ok_or(CannotMake::TooLarge { id: ID })?;
    Ok((ends + loads.saturating_sub(small.inputs), Evidence::Segment(longest)))
}

/// A CDAG of up to 128 vertices, in a topological order, those that nobody reads and that read nothing
/// left out.
#[derive(Debug)]
struct Small {
    operands: Vec<u128>,
    readers: Vec<u128>,
    /// Entry v: the vertices that v is the last to read.
    last: Vec<u128>,
    /// Entry v: how many from v on are no inputs.
    left: Vec<u64>,
    inputs: u64,
    computed: u64,
}

/// The search for a set: how many vertices may still join, and the most dominated so far.
#[derive(Debug)]
struct Set {
    room: usize,
    most: u64,
}

/// The set so far, and what it dominates.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    members: u128,
    dominated: u128,
}

impl Small {
    fn new(cdag: &Cdag) -> Option<Self> {
        let alone = |it| cdag.is_input(it) && cdag.is_output(it);
        let order: Vec<_> = cdag.topological().iter().copied().filter(|&it| !alone(it)).collect();
        if order.len() > 128 {
            return None;
        }
        let mut place = vec![0; cdag.topological().len()];
        order.iter().zip(0..).for_each(|(&it, at)| place[index(it)] = at);
        let operands = order.iter().map(|&it| {
            cdag.operands(it).iter().fold(0_u128, |set, &it| set | 1 << place[index(it)])
        });
        let inputs = order.iter().filter(|&&it| cdag.is_input(it)).count() as u64;
        let operands: Vec<u128> = operands.collect();
        let (mut readers, mut last) = (vec![0_u128; order.len()], vec![0_u128; order.len()]);
        for (at, set) in operands.iter().enumerate() {
            members(*set).for_each(|it| readers[it] |= 1 << at);
        }
        for (at, set) in readers.iter().enumerate().filter(|it| *it.1 != 0) {
            last[usize::try_from(set.ilog2()).expect("below 128")] |= 1 << at;
        }
        let left =
            (0..order.len()).map(|at| operands[at..].iter().filter(|it| **it != 0).count() as u64);
        Some(Self {
            left: left.collect(),
            operands,
            readers,
            last,
            inputs,
            computed: order.len() as u64 - inputs,
        })
    }

    /// Adds vertices from `at` on to the set; `None` at the end of the steps.
    fn most(&self, set: &mut Set, at: usize, mut state: State, steps: &mut u64) -> Option<()> {
        for at in at..self.operands.len() {
            // No more than all that are left.
            if u64::from(state.dominated.count_ones()) + self.left[at] <= set.most {
                return Some(());
            }
            let operands = self.operands[at];
            *steps = steps.checked_sub(1 + u64::from(operands.count_ones()))?;
            if operands != 0 && operands & !(state.members | state.dominated) == 0 {
                state.dominated |= 1 << at;
            } else if set.room > 0 && self.readers[at] != 0 {
                let joined = State { members: state.members | 1 << at, ..state };
                if !self.is_idle(at, joined) {
                    set.room -= 1;
                    let found = self.most(set, at + 1, joined, steps);
                    set.room += 1;
                    found?;
                }
            }
            if self.is_idle(at, state) {
                return Some(());
            }
        }
        set.most = set.most.max(u64::from(state.dominated.count_ones()));
        Some(())
    }

    /// Does nobody after `at` read a member, and none of its readers is dominated? It can be left out.
    fn is_idle(&self, at: usize, state: State) -> bool {
        let done = self.last[at] & state.members;
        members(done).any(|it| self.readers[it] & state.dominated == 0)
    }

    /// The least L with n ≤ f(L).
    fn loads(&self, dominated: &[u64], held: u64, size: u64) -> u64 {
        let at = |it: u64| usize::try_from(it).ok().and_then(|it| dominated.get(it)).copied();
        let mut most: Vec<u64> = vec![];
        loop {
            let loads = most.len() as u64;
            let later = (1..=loads.min(size.saturating_sub(held))).filter_map(|it| {
                Some(most[usize::try_from(loads - it).ok()?] + at(held.saturating_add(it))?)
            });
            let found = later.chain(at(loads)).min().unwrap_or(self.computed);
            if found >= self.computed {
                return loads;
            }
            most.push(found);
        }
    }
}

fn members(mut set: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let highest = usize::try_from(set.checked_ilog2()?).ok()?;
        set ^= 1 << highest;
        Some(highest)
    })
}
