use crate::check::attention::{ClosedForm, Pass, Standing, Unit, pair_fresh};
use crate::model::Recompute;

/// The scores and dV alone: forward attention of keys and rows exchanged, V being dO and O being dV.
///
/// Claim: what `pair-fresh` claims of the same sizes, T ≥ about 2D|E|/√M − |E| for M ≤ D², D = `d_k` + `d_v`.
/// Assumes: the class of `proofs/backward/README.md`, each product computed once, any mask. Evidence: Y.
/// Proof: there, section 7.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "backward-fresh",
    pass: Pass::Backward,
    unit: Unit::Words,
    recompute: Recompute::Forbidden,
    standing: Standing::OwnProof,
    assumes: "about 2DE/sqrt(M) - E for M <= D^2, D = d_k + d_v (scores and dV alone): standard products, any order and summation trees, any mask of E pairs, each product computed once",
    source: "new; Loomis & Whitney 1949",
    proof: "backward",
    segments: true,
    value: pair_fresh::value,
};
