use super::segments::least_events;
use super::{ClosedForm, Pass, Sizes, Standing, Unit};
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
    pass: Pass::Forward,
    unit: Unit::Words,
    recompute: Recompute::Forbidden,
    standing: Standing::Coq,
    assumes: "about D^2 E/M for M >= 2D^2, (1 - M/4D^2)E below, D = d_k + d_v: standard products, any order and summation trees, any mask of E pairs, each product computed once",
    source: "new",
    proof: "pair-potential",
    segments: true,
    value,
};

fn value(sizes: &Sizes, x: &BigUint) -> Result<BigUint, Reason> {
    let square = sizes.both().pow(2);
    let (first, each) = most_pairs(&square, &sizes.m, x);
    Ok(least_events(&(sizes.all_pairs() * square * 4_u8), &first, &each, x))
}

/// 4k·m₀ and 4k·m, with k for D²: the pairs that the first window and another one of x words meet.
pub(super) fn most_pairs(k: &BigUint, m: &BigUint, x: &BigUint) -> (BigUint, BigUint) {
    let four = k * 4_u8;
    let none_of_it_good = &four * (m + x);
    let first = (x * x).max(&four * x);
    let each = if x <= m {
        let shared = x * x * 4_u8 + &four * (m - x);
        (m * x * 4_u8).max(shared).max(none_of_it_good)
    } else {
        (m + x).pow(2).max(none_of_it_good)
    };
    (first, each)
}
