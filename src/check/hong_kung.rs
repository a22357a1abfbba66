//! `hong-kung`: between two moments so few words are loaded that little can be computed anew.
//!
//! ```text
//! dominated   by a set D: a vertex outside D, no input, all of whose paths from inputs meet D
//! U(k)        the most vertices that some set of at most k vertices dominates
//! f(L)        the most that can be computed with L loads, over the worst cut of them into segments:
//!             f(L) = min( U(L),  min over 1 ≤ s ≤ X of f(L − s) + U(M − 1 + s) )
//! ```
//!
//! A schedule with L loads computes all n vertices that are no inputs, so n ≤ f(L). The first segment
//! has U(L) only up to M − 1 + X loads; that is where the search for U ends. Proof:
//! `proofs/hong-kung/README.md`.

use super::{Least, Place, Reason, Rejection, Standing, Subject, Theorem, compulsory};
use crate::certificate::Evidence;
use crate::model::{Machine, Recompute};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Segments of at most X loads.
///
/// Claim: loads ≥ the larger of the inputs that are read and the least L with n ≤ f(L); stores ≥ outputs
/// that are computed.
/// Assumes: strict game, recomputation allowed. Evidence: X; all sets are tried here.
/// Source: Hong & Kung 1981, the lemma that S-partitions bound I/O; the form and its proof are ours.
pub(super) const THEOREM: Theorem =
    Theorem { id: "hong-kung", recompute: Recompute::Allowed, standing: Standing::Coq, prove };

/// Vertices and operands looked at, and cuts weighed.
const MOST_STEPS: u64 = 1 << 30;

fn prove(subject: &Subject, machine: &Machine, evidence: &Evidence) -> Result<Least, Rejection> {
    let refuse = |reason| Place::Evidence.because(reason);
    let Evidence::Segment(longest) = evidence else {
        return Err(refuse(Reason::WrongEvidence));
    };
    if *longest == 0 {
        return Err(refuse(Reason::EmptySegment));
    }
    let mut least = compulsory::count(subject);
    let search = Search::new(subject);
    if search.computed == 0 {
        return Ok(least);
    }
    // With all inputs in the set everything is dominated, and a segment that long cuts nothing.
    let held = machine.fast.0.saturating_sub(1);
    let most_in_set = held.saturating_add(*longest).min(least.loads);
    let loads = Budget(MOST_STEPS).loads(search, held, most_in_set);
    least.loads = least.loads.max(loads.ok_or_else(|| refuse(Reason::TooLarge))?);
    Ok(least)
}

/// Steps that are left.
struct Budget(u64);

impl Budget {
    fn take(&mut self, steps: usize) -> Option<()> {
        self.0 = self.0.checked_sub(u64::try_from(steps).ok()?)?;
        Some(())
    }

    /// The least L with n ≤ f(L), at most as many as there are inputs or more; `None` if that takes
    /// too many steps. Sets have up to `most_in_set` vertices, at least 1.
    fn loads(&mut self, mut search: Search<'_>, held: u64, most_in_set: u64) -> Option<u64> {
        // Entry k is U(k).
        let mut dominated = vec![0];
        for size in 1..=most_in_set {
            let most = search.most(size, *dominated.last()?, self)?;
            dominated.push(most);
            if most == search.computed {
                break;
            }
        }
        // Entry s is U(M − 1 + s), for s from 1; beyond the end nothing is left to compute.
        let from = usize::try_from(held).unwrap_or(usize::MAX).saturating_add(1);
        let later = dominated.get(from..).unwrap_or(&[]);
        // f of the last few numbers of loads, the last one first.
        let mut last: VecDeque<u64> = VecDeque::new();
        for loads in 0.. {
            self.take(later.len().saturating_add(1))?;
            let first = usize::try_from(loads).ok().and_then(|it| dominated.get(it));
            let cuts = last.iter().zip(later).map(|(before, more)| before.saturating_add(*more));
            let most = cuts.chain(first.copied()).min().unwrap_or(search.computed);
            if most >= search.computed {
                return Some(loads);
            }
            last.push_front(most);
            last.truncate(later.len());
        }
        None
    }
}

/// Sets of vertices and what they dominate.
struct Search<'a> {
    subject: &'a Subject,
    /// Every vertex, each after all it reads.
    order: Vec<usize>,
    /// Entry i: how many of `order[i..]` are no inputs.
    left: Vec<u64>,
    /// How many vertices are no inputs.
    computed: u64,
    /// By vertex, for those looked at.
    status: Vec<Status>,
    /// By vertex, the place of the last vertex that reads it.
    last_reader: Vec<Option<usize>>,
}

/// What a vertex is to the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// A path from an input reaches it outside the set.
    Open,
    /// In the set.
    Member,
    Dominated,
}

impl<'a> Search<'a> {
    fn new(subject: &'a Subject) -> Self {
        let order = order(subject);
        let mut left = vec![0; order.len() + 1];
        for (i, &vertex) in order.iter().enumerate().rev() {
            left[i] = left[i + 1] + u64::from(!subject.is_input(vertex));
        }
        let mut last_reader = vec![None; subject.n_vertices()];
        for (place, &vertex) in order.iter().enumerate() {
            subject.operands(vertex).iter().for_each(|&it| last_reader[it] = Some(place));
        }
        let (computed, status) = (left[0], vec![Status::Open; subject.n_vertices()]);
        Self { subject, order, left, computed, status, last_reader }
    }

    /// U(`size`), if it is more than `most`, else `most`; `None` if that takes too many steps.
    ///
    /// Every set is built in the order of the vertices, so that what is dominated before the next one is
    /// known. Left out are sets with a member that the others dominate or none of whose readers is
    /// dominated (without it they dominate no less), and those that cannot dominate more than `most`.
    fn most(&mut self, size: u64, mut most: u64, budget: &mut Budget) -> Option<u64> {
        // The set, and for each of its vertices its place and how many were dominated before it.
        let mut set: Vec<(usize, u64)> = vec![];
        let (mut place, mut dominated, mut idle) = (0, 0_u64, false);
        loop {
            let more = !idle && dominated + self.left[place] > most;
            let Some(&vertex) = self.order.get(place).filter(|_| more) else {
                if !idle && place == self.order.len() {
                    most = most.max(dominated);
                }
                let Some((at, before)) = set.pop() else { return Some(most) };
                // Once more without that vertex.
                self.status[self.order[at]] = Status::Open;
                (place, dominated) = (at + 1, before);
                idle = self.is_idle(at, budget)?;
                continue;
            };
            let operands = self.subject.operands(vertex);
            budget.take(operands.len().saturating_add(1))?;
            let open = |it: &usize| self.status[*it] == Status::Open;
            let room = u64::try_from(set.len()).is_ok_and(|it| it < size);
            self.status[vertex] = if !operands.is_empty() && !operands.iter().any(open) {
                dominated += 1;
                Status::Dominated
            } else if room && self.last_reader[vertex].is_some() {
                set.push((place, dominated));
                Status::Member
            } else {
                Status::Open
            };
            idle = self.is_idle(place, budget)?;
            place += 1;
        }
    }

    /// Is the vertex at `place` the last reader of a member of the set, and no reader of that member is
    /// dominated?
    fn is_idle(&self, place: usize, budget: &mut Budget) -> Option<bool> {
        for &it in self.subject.operands(self.order[place]) {
            if self.status[it] == Status::Member && self.last_reader[it] == Some(place) {
                let readers = self.subject.readers(it);
                budget.take(readers.len())?;
                if !readers.iter().any(|&it| self.status[it] == Status::Dominated) {
                    return Some(true);
                }
            }
        }
        Some(false)
    }
}

/// Every vertex, each after all it reads, of those that could come next the least; those of a cycle, of which nothing is true, left out.
fn order(subject: &Subject) -> Vec<usize> {
    let mut missing: Vec<usize> =
        (0..subject.n_vertices()).map(|it| subject.operands(it).len()).collect();
    let inputs = (0..subject.n_vertices()).filter(|&it| subject.is_input(it));
    let mut ready: BinaryHeap<_> = inputs.map(Reverse).collect();
    let mut order = vec![];
    while let Some(Reverse(vertex)) = ready.pop() {
        order.push(vertex);
        for &reader in subject.readers(vertex) {
            missing[reader] -= 1;
            if missing[reader] == 0 {
                ready.push(Reverse(reader));
            }
        }
    }
    order
}
