use super::ceil::{ceil_div, ceil_sqrt, minus};
use super::{ClosedForm, Pass, Sizes, Square, Standing, Unit};
use crate::check::Reason;
use crate::model::Recompute;
use num_bigint::BigUint;

/// `saha-ye-pebble-amgm` with the best length of a segment, R = √(M² + 4d²M), instead of M.
///
/// Claim: T ≥ 2N²d²/(M + R) − R for M ≥ 4d²/3, which is where M + R ≥ 4d². Evidence: Theorem 3
/// of `proofs/saha-ye/README.md`.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "saha-ye-pebble-segment",
    pass: Pass::Forward,
    unit: Unit::Words,
    recompute: Recompute::Allowed,
    standing: Standing::OwnProof,
    assumes: "2N^2 d^2/(M + R) - R, R = sqrt(M^2 + 4d^2 M), M >= 4d^2/3: standard products, any summation trees, recomputation allowed",
    source: "after Saha & Ye 2024, Theorem 3.1, Lemmas 2.8 and 3.3",
    proof: "saha-ye",
    segments: false,
    value,
};

/// (R − M)(R + M) = 4d²M turns the claim into (a·R − c)/q with a = N² − 2M, c = N²M, q = 2M: linear
/// in R. For a > 0 the least integer v ≥ (a·R − c)/q has q·v + c ≥ √(a²R²), hence ≥ ⌈√(a²R²)⌉.
fn value(sizes: &Sizes, _: &BigUint) -> Result<BigUint, Reason> {
    let Square { n, d, m } = sizes.square()?;
    if 3u32 * m < 4u32 * d * d {
        return Err(Reason::OutsideRange("M >= 4d^2/3"));
    }
    let pairs = n * n;
    let q = 2u32 * m;
    let a = minus(pairs.clone(), &q); // a ≤ 0 makes the claim negative, as 0 does
    let r_squared = m * m + 4u32 * d * d * m;
    let root = ceil_sqrt(&(&a * &a * r_squared));
    Ok(ceil_div(&minus(root, &(pairs * m)), &q))
}
