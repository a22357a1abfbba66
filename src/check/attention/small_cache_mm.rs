use super::ceil::{ceil_div, ceil_sqrt, minus};
use super::{ClosedForm, Pass, Sizes, Square, Standing, Unit};
use crate::check::Reason;
use crate::model::Recompute;
use num_bigint::BigUint;

/// The product Q·Kᵀ alone, for fast memories too small to keep the scores beside their operands.
///
/// Claim: T ≥ 2N²d/√M − 2M − N² for M < 4d² (above, it is negative). Stated for multiply–accumulate
/// with in-place sums, as matrix multiplication usually is: 2mnk/√M − 2M words for an m×k by k×n
/// product; N² less, because a score need be neither loaded nor stored. Evidence: Theorem 6 of
/// `proofs/saha-ye/README.md`, which also shows it for any summation trees and recomputation.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "small-cache-mm",
    pass: Pass::Forward,
    unit: Unit::Words,
    recompute: Recompute::Allowed,
    standing: Standing::OwnProof,
    assumes: "2N^2 d/sqrt(M) - 2M - N^2, M < 4d^2: multiply-accumulate model, sums updated in place (any summation trees and recomputation: proofs/saha-ye/, theorem 6)",
    source: "Saha & Ye 2024, Theorem 3.7, with the constant of Smith, Lowery, Langou & van de Geijn 2017",
    proof: "saha-ye",
    segments: false,
    value,
};

/// 2N²d/√M = √(4N⁴d²M)/M.
fn value(sizes: &Sizes, _: &BigUint) -> Result<BigUint, Reason> {
    let Square { n, d, m } = sizes.square()?;
    if *m >= 4u32 * d * d {
        return Err(Reason::OutsideRange("M < 4d^2"));
    }
    let pairs = n * n;
    let root = ceil_sqrt(&(4u32 * &pairs * &pairs * d * d * m));
    Ok(minus(ceil_div(&root, m), &(2u32 * m + pairs)))
}
