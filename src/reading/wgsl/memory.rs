//! Where fast arrays stand in workgroup memory, and where a barrier is needed.

use crate::schedule::{
    poly::Poly,
    program::{Fast, Slow},
};
use std::{collections::BTreeMap, ops::Range};

/// A live fast array.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Its words, as many as it has at most.
    pub(super) words: Range<u64>,
    /// Its extents.
    pub(super) shape: Vec<Poly>,
}

/// Workgroup memory.
#[derive(Debug, Default)]
pub(super) struct Memory {
    live: BTreeMap<Fast, Place>,
    /// Words in use at a time, at most.
    pub(super) most: u64,
}

impl Memory {
    /// The lowest range that is free takes the array.
    pub(super) fn bear(&mut self, fast: Fast, words: u64, shape: Vec<Poly>) {
        let mut taken: Vec<_> = self.live.values().map(|it| it.words.clone()).collect();
        taken.sort_by_key(|it| it.start);
        let mut start = 0;
        for it in taken {
            if it.start >= start + words {
                break;
            }
            start = start.max(it.end);
        }
        let end = start + words;
        self.most = self.most.max(end);
        self.live.insert(fast, Place { words: start..end, shape });
    }

    pub(super) fn free(&mut self, fast: Fast) {
        self.live.remove(&fast);
    }

    pub(super) fn place(&self, fast: Fast) -> &Place {
        &self.live[&fast]
    }
}

/// Which invocation touches which element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Invocation x touches elements x, x + width, … of an array of this shape.
    Own(Vec<Poly>),
    /// Invocation 0 touches all.
    First,
    /// Nothing is known.
    Anyone,
}

/// What a statement touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Touch {
    pub(super) what: What,
    pub(super) writes: bool,
    pub(super) whose: Whose,
}

/// A range of workgroup memory, or a slow array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Fast(Range<u64>),
    Slow(Slow),
}

impl Touch {
    /// Must there be a barrier between the two?
    fn conflicts(&self, other: &Self) -> bool {
        let meet = match (&self.what, &other.what) {
            (What::Fast(a), What::Fast(b)) => a.start < b.end && b.start < a.end,
            (What::Slow(a), What::Slow(b)) => a == b,
            _ => false,
        };
        let alone = match (&self.whose, &other.whose) {
            // Of one range, so that the elements are the same ones.
            (Whose::Own(a), Whose::Own(b)) => a == b && self.what == other.what,
            (Whose::First, Whose::First) => true,
            _ => false,
        };
        meet && !alone && (self.writes || other.writes)
    }
}

/// What was touched since the last barrier.
#[derive(Clone, Debug, Default)]
pub(super) struct Pending(Vec<Touch>);

/// A barrier that is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Barrier {
    /// For slow memory too.
    pub(super) slow: bool,
}

impl Pending {
    /// Adds what the next statement touches; the barrier that must stand before it.
    pub(super) fn next(&mut self, touches: Vec<Touch>) -> Option<Barrier> {
        let needed = touches.iter().any(|it| self.0.iter().any(|old| old.conflicts(it)));
        let barrier = needed.then(|| self.barrier());
        self.0.extend(touches);
        barrier
    }

    /// A barrier here.
    pub(super) fn barrier(&mut self) -> Barrier {
        let slow = self.0.iter().any(|it| it.writes && matches!(it.what, What::Slow(_)));
        self.0.clear();
        Barrier { slow }
    }

    /// Where two ways meet.
    pub(super) fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}
