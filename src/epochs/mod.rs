//! The communication bound, checked on one schedule: what each epoch finishes, and its rank.
//!
//! ```text
//! epoch     M loads and stores in a row; the cut is just before the next one
//! Ω         the entries (i, j) of QKᵀ finished in it: a vertex that all d products of (i, j) lead to
//!           is computed for the first time in the schedule
//! rank Ω    the generic rank of (Q, K) ↦ QKᵀ on Ω
//! limit     M + loads of the epoch
//! ```
//!
//! Whatever is computed in an epoch is a function of the words that are red at its start or loaded in
//! it, so by the chain rule the rank of what it finishes is at most the limit, for any schedule that
//! computes the scores. `proofs/saha-ye`, section 3, concludes from this how many epochs there are.
//! A schedule that broke the limit would refute that, or the referee.
//!
//! Dense elimination takes 10¹¹ to 10¹⁵ operations an epoch. But a row or column with at most d
//! entries peels off, and a schedule in tiles leaves only blocks whose rank is known; elimination,
//! at a random point, is for what remains then.
#![deny(clippy::float_arithmetic, clippy::as_conversions)]

mod bodies;
mod eliminate;
mod pattern;
mod peel;
mod rank;
mod watch;

pub use self::{
    pattern::Pattern,
    rank::{Rank, rank},
    watch::Watch,
};

use crate::attention::Shape;
use crate::model::Machine;
use crate::observe::TooLarge;
use crate::replay::{IoCount, Mode, Problem, Refusal, Unfit, replay};
use crate::schedule::{Move, MoveSource, Tee};
use crate::value::Values;

/// Scores a bit is kept for.
const MAX_PAIRS: u64 = 1 << 32;

/// What an epoch moved and finished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Epoch {
    /// Words loaded.
    pub loads: u64,
    /// Words stored.
    pub stores: u64,
    /// |Ω|.
    pub finished: usize,
    /// Rows with an entry in Ω.
    pub rows: usize,
    /// Columns with an entry in Ω.
    pub columns: usize,
    /// The rank of Ω.
    pub rank: Rank,
    /// M + loads.
    pub limit: u64,
}

/// Is the rank within the limit?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Yes.
    Holds,
    /// The limit lies inside the bracket.
    Undecided,
    /// No: the bound is wrong, or the schedule is.
    Refuted,
}

impl Epoch {
    /// Compares rank and limit.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let over = |rank: usize| u64::try_from(rank).is_ok_and(|it| it > self.limit);
        match (over(self.rank.low), over(self.rank.high)) {
            (true, _) => Verdict::Refuted,
            (false, true) => Verdict::Undecided,
            (false, false) => Verdict::Holds,
        }
    }
}

/// Why there are no epochs to tell of.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NoEpochs<E> {
    /// The referee refuses the moves, or their source failed.
    #[error("{0}")]
    Refused(Refusal<E>),
    /// Too many rows, keys or words.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// Some scores are computed in a way that the observer does not know, or not at all.
    #[error(
        "only {finished} of {pairs} scores were recognised: each must be a sum of all d products of \
         a word of Q and a word of K, loaded as they are"
    )]
    Unrecognised {
        /// The scores that were.
        finished: u64,
        /// All scores.
        pairs: u64,
    },
}

/// Plays `moves` of attention by the rules and tells every epoch; `values` draws the random points.
///
/// # Errors
///
/// [`NoEpochs`].
pub fn epochs<S: MoveSource>(
    shape: Shape,
    machine: &Machine,
    values: Values,
    moves: S,
) -> Result<(IoCount, Vec<Epoch>), NoEpochs<S::Error>> {
    let found = shape.pairs();
    if found > u128::from(MAX_PAIRS) {
        let unfit = Unfit::TooLarge { what: "scores", found, limit: MAX_PAIRS };
        return Err(NoEpochs::Refused(Refusal::Unfit(unfit)));
    }
    let mut watch = Watch::new(&shape, machine.fast, values)?;
    let problem = Problem::Attention { shape, scaled: false }; // a scale is no matter of legality
    let moves = Tee(moves, |it: Move<'_>| watch.see(it));
    let io = replay(&problem, machine, Mode::Legality, moves).map_err(NoEpochs::Refused)?;
    let (finished, pairs) = (watch.finished(), watch.pairs());
    if finished < pairs {
        return Err(NoEpochs::Unrecognised { finished, pairs });
    }
    Ok((io, watch.end()))
}

#[cfg(test)]
mod tests;
