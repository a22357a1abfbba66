use super::compression::least;
use super::{ClosedForm, Pass, Sizes, Square, Standing, Unit};
use crate::check::Reason;
use crate::model::Recompute;
use num_bigint::BigUint;

/// `saha-ye-communication` with a closer count of the entries that one message can hold.
///
/// Claim: T ≥ min(N²d²/(4M), N²/4) − M, for the same algorithms. Evidence: Theorem 4 of
/// `proofs/saha-ye/README.md`.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "saha-ye-communication-tight",
    pass: Pass::Forward,
    unit: Unit::Words,
    recompute: Recompute::Allowed,
    standing: Standing::OwnProof,
    assumes: "min(N^2 d^2/4M, N^2/4) - M: every entry of QK^T computed at some time, data-independent schedule, words in F_q with q > N",
    source: "after Saha & Ye 2024, Theorem 4.4, Lemma 4.6, Theorem 4.8",
    proof: "saha-ye",
    segments: false,
    value,
};

fn value(sizes: &Sizes, _: &BigUint) -> Result<BigUint, Reason> {
    let Square { n, d, m } = sizes.square()?;
    Ok(least(&(n * n), (d, &1_u8.into()), 4, m))
}
