use super::ceil::minus;
use super::compression::least;
use super::{ClosedForm, Pass, Sizes, Square, Standing, Unit};
use crate::check::Reason;
use crate::model::Recompute;
use num_bigint::BigUint;

/// `saha-ye-communication` for entries in {0, 1}, by BCH codes instead of Vandermonde matrices.
///
/// Claim: T ≥ min(N²δ²/(8M), N²/8) − M *bits*, M being read as bits, with δ = 2d/log₂(N+1) − 1;
/// vacuous for δ ≤ 0. N + 1 must be a power of two. Evidence: Theorem 5 of
/// `proofs/saha-ye/README.md`.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "saha-ye-binary",
    pass: Pass::Forward,
    unit: Unit::Bits,
    recompute: Recompute::Allowed,
    standing: Standing::OwnProof,
    assumes: "min(N^2 delta^2/8M, N^2/8) - M, delta = 2d/log2(N+1) - 1, in bits with M in bits: entries of Q and K single bits, N+1 a power of two, every entry of QK^T computed at some time, data-independent schedule",
    source: "Saha & Ye 2024, Theorem 4.14",
    proof: "saha-ye",
    segments: false,
    value,
};

/// With t = log₂(N+1): δ = (2d − t)/t.
fn value(sizes: &Sizes, _: &BigUint) -> Result<BigUint, Reason> {
    let Square { n, d, m } = sizes.square()?;
    let t = n.bits();
    if n.count_ones() != t {
        return Err(Reason::OutsideRange("N + 1 is a power of two"));
    }
    let t = BigUint::from(t);
    Ok(least(&(n * n), (&minus(2u32 * d, &t), &t), 8, m))
}
