//! What the compression of Q·Kᵀ proves, in the three forms in which it is printed.

use super::ceil::{ceil_div, minus};
use num_bigint::BigUint;

/// ⌈min(N²δ²/(c·M), N²/c)⌉ − M, or 0 where that is negative; δ is `delta.0 / delta.1`.
///
/// Theorems 4 and 5 of `proofs/saha-ye/README.md`: `part` c is 8, or 4 with the closer count.
pub(super) fn least(
    pairs: &BigUint,
    delta: (&BigUint, &BigUint),
    part: u32,
    m: &BigUint,
) -> BigUint {
    let large = ceil_div(&(pairs * delta.0 * delta.0), &(part * m * delta.1 * delta.1));
    let small = ceil_div(pairs, &part.into());
    minus(large.min(small), m)
}
