//! Sizes and the rules of the game.
//!
//! Everything is measured in *words*. A [`Machine`] has a fast memory of M words and an unlimited
//! slow memory; it also states which variant of the red–blue pebble game is played, because a
//! number means nothing without it.

use std::fmt;

/// A number of words. Sizes of memory and peaks; word *counts* of whole runs are `u128`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Words(pub u64);

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// May a vertex be computed more than once?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Recompute {
    /// Hong and Kung's game: a vertex may be computed again whenever its operands are red.
    #[default]
    Allowed,
    /// The one-shot game: each vertex is computed once.
    Forbidden,
}

/// May a vertex be computed edge by edge, in place (PRBP)?
///
/// Source: Papp, Sobczyk & Yzelman 2025, the partial-computation red–blue pebble game.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Partial {
    /// Strict: a result needs its own pebble beside all its operands' pebbles.
    #[default]
    Off,
    /// `accumulate v from u` marks one in-edge; v is updated in place.
    On,
}

/// The two-level machine and the variant of the game.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Machine {
    /// M: words of fast memory, the number of red pebbles.
    pub fast: Words,
    /// Recomputation rule.
    pub recompute: Recompute,
    /// Partial-computation rule.
    pub partial: Partial,
}

impl Machine {
    /// The strict game with recomputation allowed and `fast` words.
    #[must_use]
    pub fn strict(fast: Words) -> Self {
        Self { fast, recompute: Recompute::Allowed, partial: Partial::Off }
    }
}

/// Largest N and d the program accepts, in rows or words: 2⁴⁸.
pub const MAX_EXTENT: u64 = 1 << 48;

/// Largest M the program accepts, in words: 2⁵⁶.
pub const MAX_FAST: u64 = 1 << 56;
