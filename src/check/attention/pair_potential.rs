use super::segments::least_events;
use super::{ClosedForm, Sizes, Standing, Unit};
use crate::check::Reason;
use crate::model::Recompute;
use num_bigint::BigUint;

/// Windows of X events, and a potential of the pairs of which all products lie in one of them.
///
/// Claim: T > (h − 1)·X for every h with m₀ + (h − 1)·m < |E|·copies rounded as in `least_events`;
/// m₀ = max(X²/4D², X) for the first window, and for each other m = max(MX/D², M + X, X²/D² + M − X) if
/// X ≤ M, else max((M + X)²/4D², M + X). With X = ⌈MD²/(M − D²)⌉, M ≥ 2D², this is more than D²|E|/M − X, with
/// X = 4D² − M more than (1 − M/4D²)|E| − X.
/// Assumes: the class of `proofs/CLASS.md`, each product computed once, any mask. Evidence: X.
/// Proof: `proofs/pair-potential/README.md`.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "pair-potential",
    unit: Unit::Words,
    recompute: Recompute::Forbidden,
    standing: Standing::OwnProof,
    assumes: "about D^2 E/M for M >= 2D^2, (1 - M/4D^2)E below, D = d_k + d_v: standard products, any order and summation trees, any mask of E pairs, each product computed once",
    source: "new",
    proof: "pair-potential",
    segments: true,
    value,
};

/// All counts times 4D².
fn value(sizes: &Sizes, x: &BigUint) -> Result<BigUint, Reason> {
    let (four, m) = (sizes.both().pow(2) * 4_u8, &sizes.m);
    let none_of_it_good = &four * (m + x);
    let first = (x * x).max(&four * x);
    let each = if x <= m {
        let shared = x * x * 4_u8 + &four * (m - x);
        (m * x * 4_u8).max(shared).max(none_of_it_good)
    } else {
        (m + x).pow(2).max(none_of_it_good)
    };
    Ok(least_events(&(sizes.all_pairs() * four), &first, &each, x))
}
