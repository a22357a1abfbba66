use num_bigint::BigUint;

use super::ceil::{ceil_div, minus};
use super::{Bound, CONSTANTS_DERIVED, Point, Unit};

/// `saha-ye-communication` with a closer count of the entries that one message can hold.
///
/// Claim: T ≥ min(N²d²/(4M), N²/4) − M, for the same algorithms. Evidence: Theorem 4 of
/// `proofs/saha-ye/README.md`.
pub(super) const BOUND: Bound = Bound {
    id: "saha-ye-communication-tight",
    unit: Unit::Words,
    assumes: "min(N^2 d^2/4M, N^2/4) - M: every entry of QK^T computed at some time, data-independent schedule, words in F_q with q > N",
    source: "after Saha & Ye 2024, Theorem 4.4, Lemma 4.6, Theorem 4.8",
    standing: CONSTANTS_DERIVED,
    value,
};

fn value(Point { n, d, m }: &Point) -> Option<BigUint> {
    let pairs = n * n;
    let large = ceil_div(&(&pairs * d * d), &(4u32 * m));
    let small = ceil_div(&pairs, &4u32.into());
    Some(minus(large.min(small), m))
}
