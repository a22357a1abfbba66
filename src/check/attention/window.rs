use super::segments::least_events;
use super::{ClosedForm, Pass, Sizes, Standing, Unit};
use crate::check::Reason;
use crate::model::Recompute;
use num_bigint::BigUint;

/// Windows of X events, and the first products with V that one of them can meet.
///
/// Claim: T > (h − 1)·X for every h with c₀ + (h − 1)·c < |E|·copies rounded as in
/// `least_events`; c₀ = max(X²/4D*², X) for the first window and c = max((M + X)²/4D*², M + X) for each
/// other, D*² = D² if `d_v` ≤ `d_k`, else 4·`d_k`·`d_v`. With X = M ≥ 2D*² this is more than
/// D*²|E|/M − M, with X = 4D*² − M more than (4D*² − M)(|E|/4D*² − 1).
/// Assumes: the class of `proofs/CLASS.md`, recomputation allowed, any mask. Evidence: X.
/// Proof: `proofs/window/README.md`.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "window",
    pass: Pass::Forward,
    unit: Unit::Words,
    recompute: Recompute::Allowed,
    standing: Standing::Coq,
    assumes: "about D*^2 E/M, D*^2 = D^2 if d_v <= d_k else 4 d_k d_v, D = d_k + d_v: standard products, any order and summation trees, any mask of E pairs, recomputation allowed",
    source: "new",
    proof: "window",
    segments: true,
    value,
};

/// All counts times 4D*².
fn value(sizes: &Sizes, x: &BigUint) -> Result<BigUint, Reason> {
    let Sizes { d_k, d_v, m, .. } = sizes;
    let four = if d_v <= d_k { sizes.both().pow(2) * 4_u8 } else { d_k * d_v * 16_u8 };
    let count = |z: &BigUint| (z * z).max(&four * z);
    let all = sizes.all_pairs() * &four;
    Ok(least_events(&all, &count(x), &count(&(m + x)), x))
}
