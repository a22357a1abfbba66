//! `compulsory`: what must be moved whatever M is.

use super::{Least, Place, Reason, Rejection, Standing, Subject, Theorem};
use crate::certificate::Evidence;
use crate::model::{Machine, Recompute};

/// The words that every schedule must move at least once.
///
/// Claim: every schedule loads each input that somebody reads and stores each output that is no
/// input.
/// Assumes: strict game, recomputation allowed. Evidence: none.
/// Proof: `proofs/compulsory/README.md`.
pub(super) const THEOREM: Theorem =
    Theorem { id: "compulsory", recompute: Recompute::Allowed, standing: Standing::Coq, prove };

fn prove(subject: &Subject, _: &Machine, evidence: &Evidence) -> Result<Least, Rejection> {
    match evidence {
        Evidence::None => Ok(count(subject)),
        _ => Err(Place::Evidence.because(Reason::WrongEvidence)),
    }
}

/// An input that nobody reads is its own output and costs nothing.
pub(super) fn count(subject: &Subject) -> Least {
    let mut least = Least { loads: 0, stores: 0 };
    for vertex in 0..subject.n_vertices() {
        match (subject.is_input(vertex), subject.readers(vertex).is_empty()) {
            (true, false) => least.loads += 1,
            (false, true) => least.stores += 1,
            _ => {}
        }
    }
    least
}
