use super::ceil::{ceil_div, minus};
use super::{ClosedForm, Pass, Sizes, Square, Standing, Unit};
use crate::check::Reason;
use crate::model::Recompute;
use num_bigint::BigUint;

/// The pebbling bound of Saha and Ye, with the constants that follow their proof step by step.
///
/// Claim: T ≥ N²d²/(4(M + d²)) − M. Evidence: Theorem 2 of `proofs/saha-ye/README.md`.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "saha-ye-pebble",
    pass: Pass::Forward,
    unit: Unit::Words,
    recompute: Recompute::Allowed,
    standing: Standing::Coq,
    assumes: "N^2 d^2/(4(M + d^2)) - M: standard products, any summation trees, recomputation allowed",
    source: "Saha & Ye 2024, Theorem 3.1, Lemmas 2.8 and 3.3",
    proof: "saha-ye",
    segments: false,
    value,
};

fn value(sizes: &Sizes, _: &BigUint) -> Result<BigUint, Reason> {
    let Square { n, d, m } = sizes.square()?;
    let square = d * d;
    Ok(minus(ceil_div(&(n * n * &square), &(4u32 * (m + &square))), m))
}
