use super::compression::least;
use super::{ClosedForm, Pass, Sizes, Square, Standing, Unit};
use crate::check::Reason;
use crate::model::Recompute;
use num_bigint::BigUint;

/// A bound for every algorithm, fast matrix multiplication included, by compressing Q·Kᵀ.
///
/// Claim: T ≥ min(N²d²/(8M), N²/8) − M for every algorithm that holds every entry of Q·Kᵀ in fast
/// memory at some time, by a schedule that does not depend on the data. Words are elements of a
/// field of q > N elements. Evidence: Theorem 4 of `proofs/saha-ye/README.md`.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "saha-ye-communication",
    pass: Pass::Forward,
    unit: Unit::Words,
    recompute: Recompute::Allowed,
    standing: Standing::OwnProof,
    assumes: "min(N^2 d^2/8M, N^2/8) - M: every entry of QK^T computed at some time, data-independent schedule, words in F_q with q > N",
    source: "Saha & Ye 2024, Theorem 4.4, Lemma 4.6, Theorem 4.8",
    proof: "saha-ye",
    segments: false,
    value,
};

fn value(sizes: &Sizes, _: &BigUint) -> Result<BigUint, Reason> {
    let Square { n, d, m } = sizes.square()?;
    Ok(least(&(n * n), (d, &1_u8.into()), 8, m))
}
