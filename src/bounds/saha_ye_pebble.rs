use num_bigint::BigUint;

use super::ceil::{ceil_div, minus};
use super::{Bound, CONSTANTS_DERIVED, Point, Unit};

/// The pebbling bound of Saha and Ye, with the constants that follow their proof step by step.
///
/// Claim: T ≥ N²d²/(4(M + d²)) − M. Evidence: Theorem 2 of `proofs/saha-ye/README.md`.
pub(super) const BOUND: Bound = Bound {
    id: "saha-ye-pebble",
    unit: Unit::Words,
    assumes: "N^2 d^2/(4(M + d^2)) - M: standard products, any summation trees, recomputation allowed",
    source: "Saha & Ye 2024, Theorem 3.1, Lemmas 2.8 and 3.3",
    standing: CONSTANTS_DERIVED,
    value,
};

fn value(Point { n, d, m }: &Point) -> Option<BigUint> {
    let square = d * d;
    Some(minus(ceil_div(&(n * n * &square), &(4u32 * (m + &square))), m))
}
