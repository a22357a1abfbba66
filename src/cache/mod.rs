//! Caches: what is in fast memory when nobody says so but a rule.
//!
//! A cache of C words holds at most C. A touch of a word that is in it is a *hit*, of any other a
//! *miss*: the word comes in, and if C words are there one is *evicted*, which one the policy says.
//! A missed word is *loaded* if it is read; a word that is written whole need not be. A word written
//! since it came in is *dirty*; its eviction is a *write-back*. What is dirty at the end is *flushed*,
//! counted apart. So loads + write-backs + flushed are the words that move, to be compared with the
//! I/O of a schedule.
//!
//! | | |
//! |---|---|
//! | [`Stack`] | least recently used, every C in one pass |
//! | [`Lru`], [`Fifo`] | one C |
//! | [`Min`] | Bélády's optimum: evict what is used again latest, or never |
//! | [`Sets`] | sets of lines, as in hardware |

mod curves;
mod fifo;
mod lru;
mod min;
mod sets;
mod stack;
mod time;

pub use curves::{Kinds, Policy, Row, UnknownPolicy, curves};
pub use fifo::Fifo;
pub use lru::Lru;
pub use min::Min;
pub use sets::{BadGeometry, Geometry, Replacement, Sets};
pub use stack::{Curve, Stack};

use crate::access::{Access, AccessSource};

/// What happened in a cache. Words, but for caches of lines, [`Sets`], whose unit is a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// Touches.
    pub accesses: u64,
    /// Touches of what is not there.
    pub misses: u64,
    /// Those of them for which it is fetched.
    pub loads: u64,
    /// Dirty evictions.
    pub writebacks: u64,
    /// What is dirty at the end.
    pub flushed: u64,
}

impl Counts {
    /// Words that move.
    #[must_use]
    pub fn io(&self) -> u64 {
        self.loads + self.writebacks + self.flushed
    }
}

/// A cache under one policy, touch by touch.
pub trait Cache {
    /// Shows it the next touch; was it a hit?
    fn touch(&mut self, it: Access) -> bool;
    /// What happened so far, as if the stream ended here.
    fn counts(&self) -> Counts;
}

/// What happens in `cache` on the whole stream.
///
/// # Errors
///
/// The source's own.
pub fn simulate<S: AccessSource>(mut source: S, mut cache: impl Cache) -> Result<Counts, S::Error> {
    source.each(|it| {
        cache.touch(it);
    })?;
    Ok(cache.counts())
}

#[cfg(test)]
mod tests;
