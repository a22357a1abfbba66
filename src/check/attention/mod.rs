//! Attention by its sizes: one file a theorem, each a value in exact integers.
//!
//! A closed form has no evidence that a maker could get wrong: what is to be checked is that the
//! theorem speaks about the problem, that M lies where it was proved, and the arithmetic. Where a
//! theorem cuts a schedule into pieces their length is the evidence; it may be any, since a length
//! that is badly chosen makes a smaller value and not a wrong one. The class of CDAGs and everything
//! that the theorems count is defined in `proofs/CLASS.md`, for the backward pass in
//! `proofs/backward/README.md`.

mod backward;
mod ceil;
mod compression;
mod compulsory;
mod pair_fresh;
mod pair_potential;
mod revisit;
mod saha_ye_binary;
mod saha_ye_communication;
mod saha_ye_communication_tight;
mod saha_ye_pebble;
mod saha_ye_pebble_amgm;
mod saha_ye_pebble_segment;
mod segments;
mod small_cache_mm;
mod window;

#[cfg(test)]
mod tests;

use super::{About, LowerBound, Place, Reason, Rejection, Standing, speaks_of};
use crate::certificate::{Attention, Certificate, Evidence, Pass, Problem};
use crate::model::{MAX_EXTENT, Machine, Recompute};
use num_bigint::BigUint;
use std::fmt;

/// Every theorem about the forward pass, in the order in which they are printed.
pub const CLOSED_FORMS: &[ClosedForm] = &[
    compulsory::THEOREM,
    window::THEOREM,
    pair_fresh::THEOREM,
    pair_potential::THEOREM,
    revisit::THEOREM,
    saha_ye_pebble::THEOREM,
    saha_ye_pebble_amgm::THEOREM,
    saha_ye_pebble_segment::THEOREM,
    saha_ye_communication::THEOREM,
    saha_ye_communication_tight::THEOREM,
    saha_ye_binary::THEOREM,
    small_cache_mm::THEOREM,
];

pub use backward::BACKWARD_FORMS;

/// What the value of a bound counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Words loaded and stored; M is in words.
    Words,
    /// Bits loaded and stored, the entries of Q and K being single bits; M is read as bits.
    Bits,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Words => "words",
            Self::Bits => "bits",
        })
    }
}

/// A theorem about attention.
#[derive(Clone, Copy, Debug)]
pub struct ClosedForm {
    /// Its id in certificates, tables and `proofs/`.
    pub id: &'static str,
    /// The pass of attention it is about.
    pub pass: Pass,
    /// What the value counts.
    pub unit: Unit,
    /// Does it hold where products are computed again, or only where each is computed once?
    pub recompute: Recompute,
    /// What its truth rests on.
    pub standing: Standing,
    /// The formula and for which schedules and sizes it holds.
    pub assumes: &'static str,
    /// The paper and the theorem.
    pub source: &'static str,
    /// The folder under `proofs/` that holds its proof.
    pub proof: &'static str,
    /// Does it take the length of a segment as evidence?
    pub segments: bool,
    value: fn(&Sizes, &BigUint) -> Result<BigUint, Reason>,
}

/// Sizes known to lie in the accepted range; big integers, since N²d² reaches 2¹⁹².
#[derive(Clone, Debug)]
struct Sizes {
    rows: BigUint,
    keys: BigUint,
    d_k: BigUint,
    d_v: BigUint,
    /// Of one copy.
    pairs: BigUint,
    copies: BigUint,
    m: BigUint,
}

/// One head of self-attention without a mask, `d_k` = `d_v`.
struct Square<'a> {
    n: &'a BigUint,
    d: &'a BigUint,
    m: &'a BigUint,
}

impl Sizes {
    fn new(it: &Attention, m: u64) -> Option<Self> {
        let extents = [it.rows, it.keys, it.d_k, it.d_v, it.copies];
        let all = extents.iter().all(|size| (1..=MAX_EXTENT).contains(size));
        let pairs = u128::from(it.rows.max(it.keys))..=u128::from(it.rows) * u128::from(it.keys);
        let [rows, keys, d_k, d_v, copies] = extents.map(BigUint::from);
        let sizes = Self { rows, keys, d_k, d_v, pairs: it.pairs.into(), copies, m: m.into() };
        (all && pairs.contains(&it.pairs)).then_some(sizes)
    }

    /// D: the words of a row, and those of a key.
    fn both(&self) -> BigUint {
        &self.d_k + &self.d_v
    }

    /// Row words and places of a row in the backward pass: q, do and dq.
    fn row_backward(&self) -> BigUint {
        self.both() + &self.d_k
    }

    /// Those of a key: k, v, dk and dv.
    fn key_backward(&self) -> BigUint {
        self.both() * 2_u8
    }

    /// The dq, dk and dv of all copies.
    fn gradients(&self) -> BigUint {
        (&self.rows * &self.d_k + &self.keys * self.both()) * &self.copies
    }

    /// |E| of all copies.
    fn all_pairs(&self) -> BigUint {
        &self.pairs * &self.copies
    }

    fn unmasked(&self) -> Result<(), Reason> {
        if self.pairs == &self.rows * &self.keys {
            return Ok(());
        }
        Err(Reason::Hypothesis("every row meets every key"))
    }

    fn square(&self) -> Result<Square<'_>, Reason> {
        self.unmasked()?;
        if self.rows != self.keys || self.d_k != self.d_v || self.copies != BigUint::from(1_u8) {
            return Err(Reason::Hypothesis("one head, N = N', d_k = d_v"));
        }
        Ok(Square { n: &self.rows, d: &self.d_k, m: &self.m })
    }
}

/// Every theorem about this pass, in the order in which they are printed.
#[must_use]
pub fn closed_forms(pass: Pass) -> &'static [ClosedForm] {
    match pass {
        Pass::Forward => CLOSED_FORMS,
        Pass::Backward => BACKWARD_FORMS,
    }
}

/// The closed form of this id about this pass.
#[must_use]
pub fn closed_form(pass: Pass, id: &str) -> Option<&'static ClosedForm> {
    closed_forms(pass).iter().find(|it| it.id == id)
}

impl ClosedForm {
    /// Every schedule of this pass of `attention` on `machine` moves at least this much, with this `evidence`.
    ///
    /// The value is a whole number, the bound rounded up; 0 where the formula is negative.
    ///
    /// # Errors
    ///
    /// [`Rejection`]: the first hypothesis that fails.
    pub fn prove(
        &self,
        attention: &Attention,
        machine: &Machine,
        evidence: &Evidence,
    ) -> Result<LowerBound, Rejection> {
        let because = |reason| Place::Claim.because(reason);
        speaks_of(self.recompute, machine, 1)?;
        let sizes = Sizes::new(attention, machine.fast.0);
        let sizes = sizes.ok_or_else(|| because(Reason::BadSizes))?;
        let length = match evidence {
            Evidence::Segment(0) if self.segments => Err(Reason::EmptySegment),
            Evidence::Segment(length) if self.segments => Ok(BigUint::from(*length)),
            Evidence::None if !self.segments => Ok(BigUint::ZERO),
            _ => Err(Reason::WrongEvidence),
        };
        let length = length.map_err(|it| Place::Evidence.because(it))?;
        let value = (self.value)(&sizes, &length).map_err(because)?;
        Ok(LowerBound {
            id: self.id,
            about: match self.pass {
                Pass::Forward => About::Attention(*attention),
                Pass::Backward => About::Backward(*attention),
            },
            machine: *machine,
            value,
            unit: self.unit,
            standing: self.standing,
        })
    }
}

/// Does `certificate`, whose problem is attention by its sizes, prove its claim?
///
/// # Errors
///
/// [`Rejection`]: the first step that fails; [`Reason::OtherProblem`] if it is about a CDAG.
pub fn check_attention(certificate: &Certificate) -> Result<LowerBound, Rejection> {
    let claim = &certificate.claim;
    let (pass, attention) = match &claim.problem {
        Problem::Attention(it) => (Pass::Forward, it),
        Problem::Backward(it) => (Pass::Backward, it),
        _ => return Err(Place::Claim.because(Reason::OtherProblem)),
    };
    let theorem = closed_form(pass, &claim.bound);
    let theorem = theorem.ok_or(Place::Claim.because(Reason::UnknownBound))?;
    let bound = theorem.prove(attention, &claim.machine, &certificate.evidence)?;
    if claim.value != bound.value {
        return Err(Place::Claim.because(Reason::WrongValue { proved: bound.value }));
    }
    Ok(bound)
}
