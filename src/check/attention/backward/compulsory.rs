use crate::check::Reason;
use crate::check::attention::{ClosedForm, Pass, Sizes, Standing, Unit};
use crate::model::Recompute;
use num_bigint::BigUint;

/// Every word of Q, K, V and dO with a pair is needed and starts in slow memory; every word of dQ, dK
/// and dV ends there.
///
/// Claim: T ≥ N(2`d_k` + `d_v`) + 2N'(`d_k` + `d_v`) for each copy, rows and keys being those with at least
/// one pair. Assumes: nothing but that the outputs depend on all of them. Evidence: none.
/// Proof: `proofs/backward/README.md`, section 3.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "backward-compulsory",
    pass: Pass::Backward,
    unit: Unit::Words,
    recompute: Recompute::Allowed,
    standing: Standing::OwnProof,
    assumes: "N(2d_k + d_v) + 2N'(d_k + d_v), rows and keys with at least one pair: Q, K, V, dO start and dQ, dK, dV end in slow memory; every algorithm",
    source: "trivial",
    proof: "backward",
    segments: false,
    value,
};

fn value(sizes: &Sizes, _: &BigUint) -> Result<BigUint, Reason> {
    let all = &sizes.rows * sizes.row_backward() + &sizes.keys * sizes.key_backward();
    Ok(all * &sizes.copies)
}
