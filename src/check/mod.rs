//! The checker: a certificate and its CDAG in, a [`LowerBound`] or the first [`Rejection`] out.
//! Trusted.
//!
//! Nothing of a certificate is believed. Each theorem is one file and computes, from the CDAG and the
//! evidence alone, the loads and the stores that every schedule must make; the claim is accepted if
//! its value is their sum. The proofs are in `proofs/<id>/README.md`. Integers only; no panic on any
//! certificate; time at most about 2³² steps. [`attention`] has the theorems about attention by its
//! sizes, which need no CDAG.
#![deny(clippy::float_arithmetic, clippy::as_conversions)]

pub mod attention;
mod compulsory;
mod hong_kung;
mod rejection;
mod subject;
mod wavefront;

pub use attention::{ClosedForm, Unit, check_attention};
pub use rejection::{Place, Reason, Rejection};
pub use subject::Subject;

use crate::cdag::Operands;
use crate::certificate::{Attention, Certificate, Digest, Evidence, Problem};
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

/// What a bound is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The CDAG with this digest.
    Cdag(Digest),
    /// Attention of these sizes, computed by any CDAG of the class in `proofs/CLASS.md`.
    Attention(Attention),
    /// The backward pass of it, computed by any CDAG of the class in `proofs/backward/README.md`.
    Backward(Attention),
}

/// Every schedule of what it is `about` on `machine` moves at least `value` words. Made only by
/// [`Subject::check`] and [`ClosedForm::prove`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowerBound {
    id: &'static str,
    about: About,
    machine: Machine,
    value: BigUint,
    unit: Unit,
    standing: Standing,
}

impl LowerBound {
    /// The theorem's id.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// What it is about.
    #[must_use]
    pub fn about(&self) -> About {
        self.about
    }

    /// M, and the variant of the game in which it holds.
    #[must_use]
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// Loads and stores, counted in [`LowerBound::unit`].
    #[must_use]
    pub fn value(&self) -> &BigUint {
        &self.value
    }

    /// What the value counts.
    #[must_use]
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// What its truth rests on.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }
}

/// Does a theorem that holds with `recompute` speak about `machine`, of which `least` words are needed?
fn speaks_of(recompute: Recompute, machine: &Machine, least: u64) -> Result<(), Rejection> {
    let refuse = |reason| Err(Place::Claim.because(reason));
    if machine.partial == Partial::On {
        return refuse(Reason::PartialGame);
    }
    if recompute == Recompute::Forbidden && machine.recompute == Recompute::Allowed {
        return refuse(Reason::RecomputationAllowed);
    }
    if !(least..=MAX_FAST).contains(&machine.fast.0) {
        return refuse(Reason::FastOutOfRange { least, most: MAX_FAST });
    }
    Ok(())
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
            Problem::Attention(_) | Problem::Backward(_) => false,
        };
        if !same {
            return Err(Place::Claim.because(Reason::OtherProblem));
        }
        let theorem = THEOREMS.iter().find(|it| it.id == claim.bound);
        let theorem = theorem.ok_or(Place::Claim.because(Reason::UnknownBound))?;
        let machine = claim.machine;
        speaks_of(theorem.recompute, &machine, self.least_fast())?;
        let least = (theorem.prove)(self, &machine, &certificate.evidence)?;
        let proved = BigUint::from(least.loads) + BigUint::from(least.stores);
        if claim.value != proved {
            return Err(Place::Claim.because(Reason::WrongValue { proved }));
        }
        let (id, standing, value) = (theorem.id, theorem.standing, proved);
        let (about, unit) = (About::Cdag(self.digest()), Unit::Words);
        Ok(LowerBound { id, about, machine, value, unit, standing })
    }
}
