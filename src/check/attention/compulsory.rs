use super::{ClosedForm, Pass, Sizes, Standing, Unit};
use crate::check::Reason;
use crate::model::Recompute;
use num_bigint::BigUint;

/// Every word of Q, K and V with a pair is needed and starts in slow memory; every word of O ends
/// there.
///
/// Claim: T ≥ (N + N')(`d_k` + `d_v`) for each copy, rows and keys being those with at least one pair.
/// Assumes: nothing but that each output depends on all of them. Evidence: none.
/// Proof: `proofs/compulsory/README.md`.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "compulsory",
    pass: Pass::Forward,
    unit: Unit::Words,
    recompute: Recompute::Allowed,
    standing: Standing::Coq,
    assumes: "(N + N')(d_k + d_v), rows and keys with at least one pair: Q, K, V start and O ends in slow memory; every algorithm",
    source: "trivial",
    proof: "compulsory",
    segments: false,
    value,
};

fn value(sizes: &Sizes, _: &BigUint) -> Result<BigUint, Reason> {
    Ok((&sizes.rows + &sizes.keys) * sizes.both() * &sizes.copies)
}
