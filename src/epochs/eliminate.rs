//! The rank of the Jacobian at a random point, by elimination.

use super::Pattern;
use crate::value::{ModP, Value, Values};

/// Multiplications an elimination may take.
const STEPS: usize = 1 << 27;

/// The rank found, and whether all entries were looked at.
///
/// The Jacobian of (Q, K) ↦ `QKᵀ` on the pattern has a row for each entry (i, j), with the words of
/// `k_j` in the columns of `q_i` and the words of `q_i` in the columns of `k_j`. It is taken modulo p
/// at the point that `values` draws. A minor that is not zero there is not zero as a polynomial, so
/// the rank found is at most the generic one, whether all entries were looked at or not. Elimination
/// ends early at `most`, which the rank cannot exceed.
pub(super) fn eliminate(pattern: &Pattern, d: usize, most: usize, values: Values) -> (usize, bool) {
    let width = d * pattern.n_vertices();
    let point: Vec<u64> = (0..).take(width).map(|it| residue(values, it)).collect();
    // By column: what follows it in the row that has its first entry, 1, there.
    let mut pivots: Vec<Option<Vec<(usize, u64)>>> = vec![None; width];
    let (mut rank, mut steps) = (0, 0);
    for row in (0..pattern.n_vertices()).filter(|it| pattern.is_row(*it)) {
        for &column in pattern.ends(row) {
            if rank == most {
                return (rank, true);
            }
            if steps > STEPS {
                return (rank, false);
            }
            let mut words = vec![0; width];
            words[row * d..][..d].copy_from_slice(&point[column * d..][..d]);
            words[column * d..][..d].copy_from_slice(&point[row * d..][..d]);
            steps += width;
            for at in row * d..width {
                let Some(inverse) = ModP::inverse(words[at]) else { continue };
                let Some(pivot) = &pivots[at] else {
                    let follow = (at + 1..width).filter(|it| words[*it] != 0);
                    pivots[at] =
                        Some(follow.map(|it| (it, ModP::mul(words[it], inverse))).collect());
                    rank += 1;
                    break;
                };
                let factor = words[at];
                for &(it, word) in pivot {
                    words[it] = ModP::sub(words[it], ModP::mul(factor, word));
                }
                steps += pivot.len();
            }
        }
    }
    (rank, true)
}

/// The word that an input starts with, modulo p.
pub(super) fn residue(values: Values, index: u64) -> u64 {
    match values.input(index) {
        Value::Number { p, .. } => p,
        Value::Log { .. } | Value::NegInf => unreachable!("inputs are numbers"),
    }
}
