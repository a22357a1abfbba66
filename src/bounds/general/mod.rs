//! Certificates for any CDAG: one file a way of finding evidence.
//!
//! Nothing here is trusted: a maker that errs makes a certificate that `check` refuses. Which theorem
//! needs which evidence is said in `proofs/<id>/README.md`.

mod compulsory;
mod flow;
mod front;
mod hong_kung;
mod wavefront;
mod wavefront_sum;

pub use front::Effort;

use crate::cdag::Cdag;
use crate::certificate::{Certificate, Claim, Evidence, Problem};
use crate::model::{Machine, Partial, Recompute};
use num_bigint::BigUint;

/// The value of a bound and the evidence for it.
type Made = (u64, Evidence);

/// A way of finding evidence.
#[derive(Clone, Copy, Debug)]
pub struct Maker {
    /// The theorem's id.
    pub id: &'static str,
    /// Does the theorem hold with recomputation?
    pub recompute: Recompute,
    make: fn(&Cdag, &Machine, Effort) -> Result<Made, CannotMake>,
}

/// Every maker, in the order in which certificates are made.
pub const MAKERS: &[Maker] =
    &[compulsory::MAKER, hong_kung::MAKER, wavefront::MAKER, wavefront_sum::MAKER];

/// Why there is no certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotMake {
    /// No maker has this id.
    #[error("no bound for any CDAG is called {given:?}; known: {}", known())]
    UnknownBound {
        /// The id given.
        given: String,
    },
    /// The theorem needs that each vertex is computed once.
    #[error("{id} holds only where recomputation is forbidden")]
    RecomputationAllowed {
        /// The theorem.
        id: &'static str,
    },
    /// The theorem speaks of a moment at which something is computed.
    #[error("{id} says nothing where nothing is computed")]
    NothingComputed {
        /// The theorem.
        id: &'static str,
    },
    /// There are too many sets of vertices to be tried.
    #[error("{id} would have to try too many sets of vertices")]
    TooLarge {
        /// The theorem.
        id: &'static str,
    },
    /// No theorem here is about partial computations.
    #[error("{id} is about the strict game, without partial computations")]
    PartialGame {
        /// The theorem.
        id: &'static str,
    },
}

/// A certificate of `id` about `cdag`, which it names by `problem`.
///
/// # Errors
///
/// [`CannotMake`] if there is no such theorem for this variant of the game, or it would take too long.
pub fn make(
    id: &str,
    cdag: &Cdag,
    machine: &Machine,
    problem: Problem,
    effort: Effort,
) -> Result<Certificate, CannotMake> {
    let maker = MAKERS.iter().find(|it| it.id == id);
    let maker = maker.ok_or_else(|| CannotMake::UnknownBound { given: id.to_owned() })?;
    if machine.partial == Partial::On {
        return Err(CannotMake::PartialGame { id: maker.id });
    }
    if !maker.holds_on(machine) {
        return Err(CannotMake::RecomputationAllowed { id: maker.id });
    }
    let (value, evidence) = (maker.make)(cdag, machine, effort)?;
    let (machine, bound, value) = (*machine, maker.id.to_owned(), BigUint::from(value));
    Ok(Certificate { claim: Claim { problem, machine, bound, value }, evidence })
}

impl Maker {
    /// Does its theorem hold in this variant of the game?
    #[must_use]
    pub fn holds_on(&self, machine: &Machine) -> bool {
        machine.partial == Partial::Off
            && (self.recompute == Recompute::Allowed || machine.recompute == Recompute::Forbidden)
    }
}

fn known() -> String {
    MAKERS.iter().map(|it| it.id).collect::<Vec<_>>().join(", ")
}
