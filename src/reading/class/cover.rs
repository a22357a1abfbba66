//! Boxes of places that statements touch, and whether they make up a whole array of places.

use super::{facts::Facts, tag::Range};
use crate::schedule::{poly::Poly, program::Loop};

/// The places that a statement touches in one go, and after [`Places::over`] in a whole loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) ranges: Vec<Range>,
    /// Are they perhaps touched several times?
    pub(super) again: bool,
}

impl Places {
    /// In all iterations of `it`: its tiles follow each other along one dimension, or all touch the
    /// same places. `None` if they may do anything else.
    pub(super) fn over(mut self, it: &Loop, facts: &Facts) -> Option<Self> {
        let (start, len) = (Poly::slot(it.start), tile(it));
        for range in &mut self.ranges {
            *range = range.replace(it.len, &len)?;
        }
        let mut own = self.ranges.iter_mut().filter(|r| r.mentions(it.start) || r.mentions(it.len));
        match (own.next(), own.next()) {
            (Some(range), None) => {
                let base = range.lo.sub(&start).ok()?;
                let tiles = range.hi == range.lo.add(&len).ok()?;
                if !tiles || base.mentions(it.start) || base.mentions(it.len) {
                    return None;
                }
                *range = Range { lo: base.add(&it.lo).ok()?, hi: base.add(&it.hi).ok()? };
            }
            (None, _) if facts.some(&Range { lo: it.lo.clone(), hi: it.hi.clone() }) => {
                self.again = true;
            }
            _ => return None,
        }
        Some(self)
    }
}

/// The length of a tile of the loop.
pub(super) fn tile(it: &Loop) -> Poly {
    if it.step.as_int() == Some(1) { Poly::int(1) } else { Poly::slot(it.len) }
}

/// How often all places of `whole` are touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cover {
    /// Each once.
    Once,
    /// Each at least once.
    Again,
    /// Some perhaps never.
    Unknown,
}

/// Puts boxes together that agree but for one dimension, in which they are adjacent.
pub(super) fn cover(mut boxes: Vec<Places>, whole: &[Range]) -> Cover {
    'again: loop {
        for i in 0..boxes.len() {
            for j in 0..boxes.len() {
                if let Some(both) = joined(&boxes[i], &boxes[j]) {
                    boxes[i] = both;
                    boxes.swap_remove(j);
                    continue 'again;
                }
            }
        }
        break;
    }
    match boxes.as_slice() {
        [one] if one.ranges == whole && !one.again => Cover::Once,
        all if all.iter().any(|it| it.ranges == whole) => Cover::Again,
        _ => Cover::Unknown,
    }
}

/// The box of both, `first` before `second`.
fn joined(first: &Places, second: &Places) -> Option<Places> {
    let mut differ = (0..first.ranges.len()).filter(|it| first.ranges[*it] != second.ranges[*it]);
    let (Some(at), None) = (differ.next(), differ.next()) else { return None };
    let (a, b) = (&first.ranges[at], &second.ranges[at]);
    (a.hi == b.lo).then(|| {
        let mut both = first.clone();
        both.ranges[at].hi = b.hi.clone();
        both.again |= second.again;
        both
    })
}
