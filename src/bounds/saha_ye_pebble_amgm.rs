use num_bigint::BigUint;

use super::ceil::{ceil_div, minus};
use super::{Bound, CONSTANTS_DERIVED, Point, Unit};

/// `saha-ye-pebble` with I + J ≥ 2√(IJ) for the I rows and J keys that one segment can hold.
///
/// Claim: T ≥ N²d²/(M + 4d²) − M. Evidence: Theorem 2 of `proofs/saha-ye/README.md`.
pub(super) const BOUND: Bound = Bound {
    id: "saha-ye-pebble-amgm",
    unit: Unit::Words,
    assumes: "N^2 d^2/(M + 4d^2) - M: standard products, any summation trees, recomputation allowed",
    source: "after Saha & Ye 2024, Theorem 3.1, Lemmas 2.8 and 3.3",
    standing: CONSTANTS_DERIVED,
    value,
};

fn value(Point { n, d, m }: &Point) -> Option<BigUint> {
    let square = d * d;
    Some(minus(ceil_div(&(n * n * &square), &(m + 4u32 * &square)), m))
}
