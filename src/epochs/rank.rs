//! How many values the entries of a pattern can take, as a dimension.

use super::{Pattern, bodies::bodies, eliminate::eliminate, peel::peel};
use crate::value::Values;

/// The generic rank of (Q, K) ↦ `QKᵀ` on a pattern: that of its Jacobian at a general point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rank {
    /// Proved: at least this.
    pub low: usize,
    /// At most this.
    pub high: usize,
    /// Is `high` proved? If not, it is the rank at a random point: the generic rank but for chance,
    /// at most rank/p.
    pub proved: bool,
}

/// The rank: peeled, then by rigid bodies, and where these leave it open by elimination.
#[must_use]
pub fn rank(pattern: &Pattern, d: usize, values: Values) -> Rank {
    let (peeled, core) = peel(pattern, d);
    let start = Rank { low: peeled, high: peeled, proved: true };
    core.parts().iter().map(|it| part(it, d, values)).fold(start, |sum, it| Rank {
        low: sum.low + it.low,
        high: sum.high + it.high,
        proved: sum.proved && it.proved,
    })
}

fn part(part: &Pattern, d: usize, values: Values) -> Rank {
    let known = bodies(part, d);
    if known.low == known.high {
        return known;
    }
    let (found, whole) = eliminate(part, d, known.high, values);
    let low = known.low.max(found);
    if whole { Rank { low, high: low, proved: low == known.high } } else { Rank { low, ..known } }
}
