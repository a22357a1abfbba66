use num_bigint::BigUint;

use super::{Bound, Point, Unit};

/// Every word of Q, K and V is needed and starts in slow memory; every word of O ends there.
///
/// Claim: T ≥ 4Nd (3Nd loads and Nd stores). Holds with and without recomputation, partial
/// computations included. A mask that leaves rows untouched needs its own text.
pub(super) const BOUND: Bound = Bound {
    id: "compulsory",
    unit: Unit::Words,
    assumes: "4Nd: Q, K, V start and O ends in slow memory; no mask; every algorithm",
    source: "trivial",
    standing: "immediate from the rules",
    value,
};

fn value(Point { n, d, .. }: &Point) -> Option<BigUint> {
    Some(4u32 * n * d)
}
