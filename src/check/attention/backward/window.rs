use crate::check::Reason;
use crate::check::attention::segments::least_events;
use crate::check::attention::{ClosedForm, Pass, Sizes, Standing, Unit};
use crate::model::Recompute;
use num_bigint::BigUint;

/// Windows of X events, and the first products with dO, K and Q that one of them can meet.
///
/// Claim: T > (h − 1)·X for every h with c₀ + (h − 1)·c < |E|·copies rounded as in `least_events`;
/// c₀ = max(X²/4D*², X) for the first window and c = max((M + X)²/4D*², M + X) for each other, D*² = (D +
/// `d_k`)·min(2D, 4`d_k`), D = `d_k` + `d_v`. With X = M ≥ 2D*² this is more than D*²|E|/M − M.
/// Assumes: the class of `proofs/backward/README.md`, recomputation allowed, any mask. Evidence: X.
/// Proof: there, section 4.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "backward-window",
    pass: Pass::Backward,
    unit: Unit::Words,
    recompute: Recompute::Allowed,
    standing: Standing::OwnProof,
    assumes: "about D*^2 E/M, D*^2 = (D + d_k) min(2D, 4d_k), D = d_k + d_v: standard products, any order and summation trees, any mask of E pairs, recomputation allowed",
    source: "new",
    proof: "backward",
    segments: true,
    value,
};

fn value(sizes: &Sizes, x: &BigUint) -> Result<BigUint, Reason> {
    let narrow = (sizes.both() * 2_u8).min(&sizes.d_k * 4_u8);
    let four = sizes.row_backward() * narrow * 4_u8;
    let count = |z: &BigUint| (z * z).max(&four * z);
    let all = sizes.all_pairs() * &four;
    Ok(least_events(&all, &count(x), &count(&(&sizes.m + x)), x))
}
