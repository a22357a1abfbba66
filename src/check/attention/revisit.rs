use super::ceil::minus;
use super::{ClosedForm, Pass, Sizes, Standing, Unit};
use crate::check::Reason;
use crate::model::Recompute;
use num_bigint::BigUint;

/// Where M cannot hold all rows or all keys at once, some words come twice.
///
/// Claim: T ≥ (N + N')D + ν·min(D, ν) − M for each copy, ν = min(N, N').
/// Assumes: the class of `proofs/CLASS.md`, each product computed once, no mask. Evidence: none.
/// Proof: `proofs/revisit/README.md`.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "revisit",
    pass: Pass::Forward,
    unit: Unit::Words,
    recompute: Recompute::Forbidden,
    standing: Standing::OwnProof,
    assumes: "(N + N')D + v min(D, v) - M, v = min(N, N'), D = d_k + d_v: standard products, any order and summation trees, no mask, each product computed once",
    source: "new",
    proof: "revisit",
    segments: false,
    value,
};

fn value(sizes: &Sizes, _: &BigUint) -> Result<BigUint, Reason> {
    sizes.unmasked()?;
    let Sizes { rows, keys, m, copies, .. } = sizes;
    let (d, fewer) = (sizes.both(), rows.min(keys));
    let again = fewer * (&d).min(fewer);
    Ok(minus((rows + keys) * &d + again, m) * copies)
}
