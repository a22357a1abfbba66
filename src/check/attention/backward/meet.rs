use crate::check::Reason;
use crate::check::attention::ceil::minus;
use crate::check::attention::pair_potential::most_pairs;
use crate::check::attention::segments::least_events;
use crate::check::attention::{ClosedForm, Pass, Sizes, Standing, Unit};
use crate::model::Recompute;
use num_bigint::BigUint;

/// Each item of a row must meet each item of a key in fast memory, and the later of the two comes for
/// one word, or, if both are accumulated, for two.
///
/// Claim: T ≥ (h − 1)(X − 1) + 1 − G, h the windows of X words of which the first meets m₀ pairs and each
/// other m, as in `pair-potential` with K = D(2D + 3`d_k`) for D²; G = (N·`d_k` + N'·D)·copies. With X =
/// ⌈MK/(M − K)⌉, M ≥ 2K, this is about K|E|/M − X − G, with X = 4K − M about (1 − M/4K)|E| − X − G.
/// Assumes: the class of `proofs/backward/README.md`, each product computed once, any mask. Evidence: X.
/// Proof: there, section 5.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "backward-meet",
    pass: Pass::Backward,
    unit: Unit::Words,
    recompute: Recompute::Forbidden,
    standing: Standing::OwnProof,
    assumes: "about KE/M for M >= 2K, (1 - M/4K)E below, K = D(2D + 3d_k), D = d_k + d_v: standard products, any order and summation trees, any mask of E pairs, each product computed once",
    source: "new",
    proof: "backward",
    segments: true,
    value,
};

fn value(sizes: &Sizes, x: &BigUint) -> Result<BigUint, Reason> {
    let d = sizes.both();
    let k = &d * (&d * 2_u8 + &sizes.d_k * 3_u8);
    let (first, each) = most_pairs(&k, &sizes.m, x);
    let full = minus(x.clone(), &1_u8.into());
    let words = least_events(&(sizes.all_pairs() * k * 4_u8), &first, &each, &full);
    Ok(minus(words, &sizes.gradients()))
}
