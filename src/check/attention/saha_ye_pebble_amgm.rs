use super::ceil::{ceil_div, minus};
use super::{ClosedForm, Pass, Sizes, Square, Standing, Unit};
use crate::check::Reason;
use crate::model::Recompute;
use num_bigint::BigUint;

/// `saha-ye-pebble` with I + J ≥ 2√(IJ) for the I rows and J keys that one segment can hold.
///
/// Claim: T ≥ N²d²/(M + 4d²) − M. Evidence: Theorem 2 of `proofs/saha-ye/README.md`.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "saha-ye-pebble-amgm",
    pass: Pass::Forward,
    unit: Unit::Words,
    recompute: Recompute::Allowed,
    standing: Standing::Coq,
    assumes: "N^2 d^2/(M + 4d^2) - M: standard products, any summation trees, recomputation allowed",
    source: "after Saha & Ye 2024, Theorem 3.1, Lemmas 2.8 and 3.3",
    proof: "saha-ye",
    segments: false,
    value,
};

fn value(sizes: &Sizes, _: &BigUint) -> Result<BigUint, Reason> {
    let Square { n, d, m } = sizes.square()?;
    let square = d * d;
    Ok(minus(ceil_div(&(n * n * &square), &(m + 4u32 * &square)), m))
}
