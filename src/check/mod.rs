//! The checker: a certificate and its CDAG in, a [`LowerBound`] or the first [`Rejection`] out.
//! Trusted.
//!
//! Nothing of a certificate is believed. Each theorem is one file and computes, from the CDAG and the
//! evidence alone, the loads and the stores that every schedule must make; the claim is accepted if
//! its value is their sum. The proofs are in `proofs/<id>/README.md`. Integers only; no panic on any
//! certificate; time at most about 2³² steps.
#![deny(clippy::float_arithmetic, clippy::as_conversions)]

mod compulsory;
mod hong_kung;
mod rejection;
mod subject;
mod wavefront;

pub use rejection::{Place, Reason, Rejection};
pub use subject::Subject;

use crate::cdag::Operands;
use crate::certificate::{Certificate, Digest, Evidence, Problem};
use crate::model::{MAX_FAST, Machine, Partial, Recompute};
use num_bigint::BigUint;
use std::fmt;

/// A theorem that the checker knows.
#[derive(Clone, Copy, Debug)]
pub struct Theorem {
    /// Its id in certificates, tables and `proofs/`.
    pub id: &'static str,
    /// Does it hold in Hong and Kung's game, or in the one-shot game only?
    pub recompute: Recompute,
    /// What its truth rests on.
    pub standing: Standing,
    prove: fn(&Subject, &Machine, &Evidence) -> Result<Least, Rejection>,
}

/// Every theorem there is.
pub const THEOREMS: &[Theorem] =
    &[compulsory::THEOREM, hong_kung::THEOREM, wavefront::ONE, wavefront::SUM];

/// What the truth of a theorem rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// A theorem of a paper.
    Paper,
    /// A proof in `proofs/<id>/README.md`.
    OwnProof,
    /// A proof that Coq has checked.
    Coq,
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Paper => "paper",
            Self::OwnProof => "own proof",
            Self::Coq => "Coq",
        })
    }
}

/// Loads and stores that no schedule goes below.
#[derive(Clone, Copy, Debug)]
struct Least {
    loads: u64,
    stores: u64,
}

/// Every schedule of the CDAG `digest` on `machine` moves at least `value` words. Made only by
/// [`Subject::check`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowerBound {
    id: &'static str,
    digest: Digest,
    machine: Machine,
    value: BigUint,
    standing: Standing,
}

impl LowerBound {
    /// The theorem's id.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// The CDAG it is about.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// M, and the variant of the game in which it holds.
    #[must_use]
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// Loads and stores, in words.
    #[must_use]
    pub fn value(&self) -> &BigUint {
        &self.value
    }

    /// What its truth rests on.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }
}

/// Does `certificate` prove its claim about `cdag`? To check many for one CDAG make one [`Subject`].
///
/// # Errors
///
/// [`Rejection`]: the first step that fails.
pub fn check(certificate: &Certificate, cdag: &dyn Operands) -> Result<LowerBound, Rejection> {
    Subject::new(cdag)?.check(certificate)
}

impl Subject {
    /// Does `certificate` prove its claim about this CDAG?
    ///
    /// # Errors
    ///
    /// [`Rejection`]: the first step that fails.
    pub fn check(&self, certificate: &Certificate) -> Result<LowerBound, Rejection> {
        let claim = &certificate.claim;
        let same = match &claim.problem {
            Problem::Inline(operands) => self.reads_as(operands),
            Problem::Digest(digest) | Problem::File { digest, .. } => *digest == self.digest(),
        };
        if !same {
            return Err(Place::Claim.because(Reason::OtherProblem));
        }
        let theorem = THEOREMS.iter().find(|it| it.id == claim.bound);
        let theorem = theorem.ok_or(Place::Claim.because(Reason::UnknownBound))?;
        let machine = claim.machine;
        if machine.partial == Partial::On {
            return Err(Place::Claim.because(Reason::PartialGame));
        }
        if theorem.recompute == Recompute::Forbidden && machine.recompute == Recompute::Allowed {
            return Err(Place::Claim.because(Reason::RecomputationAllowed));
        }
        let least = self.least_fast();
        if !(least..=MAX_FAST).contains(&machine.fast.0) {
            let reason = Reason::FastOutOfRange { least, most: MAX_FAST };
            return Err(Place::Claim.because(reason));
        }
        let least = (theorem.prove)(self, &machine, &certificate.evidence)?;
        let proved = BigUint::from(least.loads) + BigUint::from(least.stores);
        if claim.value != proved {
            return Err(Place::Claim.because(Reason::WrongValue { proved }));
        }
        let (id, standing, value) = (theorem.id, theorem.standing, proved);
        Ok(LowerBound { id, digest: self.digest(), machine, value, standing })
    }
}
