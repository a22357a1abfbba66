use crate::check::Reason;
use crate::check::attention::ceil::minus;
use crate::check::attention::segments::least_events;
use crate::check::attention::{ClosedForm, Pass, Sizes, Standing, Unit};
use crate::model::Recompute;
use num_bigint::BigUint;

/// As `backward-meet`; and where accumulated items wait for the words that must meet them, items of
/// rows stand in each other's way, or those of keys.
///
/// Claim: T ≥ (h − 1)(X − 1) + 1 − G, h least with p₀ + (h − 1)·p ≥ K|E|·copies; K = 2D(D + 2`d_k`), R = D +
/// `d_k`, p₀ = max(KX, s), p = max(K(M + X), KM + s, MX + `d_k`·X(X + 1)/R + `d_v`·e²/4R), s = `d_k`·X(X + 1)/R +
/// `d_v`·X²/4R, e = max(0, X − ⌊RM/2D⌋); G = (N·`d_k` + N'·D)·copies. For M much larger than K it is about
/// K|E|/M, which FlashAttention-2's order attains.
/// Assumes: the class of `proofs/backward/README.md`, each product computed once, any mask. Evidence: X.
/// Proof: there, section 6.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "backward-crowd",
    pass: Pass::Backward,
    unit: Unit::Words,
    recompute: Recompute::Forbidden,
    standing: Standing::OwnProof,
    assumes: "about KE/(M + d_k X/R) with X a little above K, K = 2D(D + 2d_k), R = D + d_k, D = d_k + d_v: standard products, any order and summation trees, any mask of E pairs, each product computed once",
    source: "new",
    proof: "backward",
    segments: true,
    value,
};

/// All counts times 4R.
fn value(sizes: &Sizes, x: &BigUint) -> Result<BigUint, Reason> {
    let Sizes { d_k, d_v, m, .. } = sizes;
    let (d, row) = (sizes.both(), sizes.row_backward());
    let four = &row * 4_u8;
    let k = &four * &d * (&d + d_k * 2_u8) * 2_u8;
    let arriving = d_k * x * (x + 1_u8) * 4_u8;
    let excess = minus(x.clone(), &(&row * m / sizes.key_backward()));
    let empty = &arriving + d_v * x * x;
    let full = four * m * x + arriving + d_v * excess.pow(2);
    let first = (&k * x).max(empty.clone());
    let each = (&k * (m + x)).max(&k * m + empty).max(full);
    let words =
        least_events(&(sizes.all_pairs() * k), &first, &each, &minus(x.clone(), &1_u8.into()));
    Ok(minus(words, &sizes.gradients()))
}
