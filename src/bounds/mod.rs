//! Lower bounds on the I/O of attention and of any CDAG.
//!
//! Everything printed here was accepted by `check` in the same run. For attention by its sizes the
//! theorems are in `check::attention`; what is left to find is the length of the segments into which
//! some of them cut a schedule. For an explicit CDAG [`general`] looks for evidence.
//!
//! A value is the *integer* ⌈exact bound⌉ (loads + stores are an integer, so rounding up keeps it a
//! bound); 0 where the formula is negative, nothing outside the range in which it was proved.

pub mod general;
mod length;

use crate::certificate::{Attention, Certificate, Claim, Evidence, Pass};
use crate::check::attention::{BACKWARD_FORMS, CLOSED_FORMS, closed_forms};
use crate::check::{LowerBound, Rejection};
use crate::model::{MAX_EXTENT, MAX_FAST, Machine, Partial, Recompute, Words};
use num_bigint::BigUint;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt;

use length::Lengths;

pub use crate::check::{ClosedForm, Standing, Unit};

/// Every bound on attention, in the order in which they are printed.
pub const BOUNDS: &[ClosedForm] = CLOSED_FORMS;

/// Every bound on its backward pass.
pub const BACKWARD: &[ClosedForm] = BACKWARD_FORMS;

/// One line of the table of bounds.
///
/// Serialise it with `serde_json::to_string` or `to_writer`, which keep every digit of `value`;
/// `serde_json::to_value` would round a value beyond 2⁶⁴ to a float.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Row {
    /// [`ClosedForm::id`].
    pub id: &'static str,
    /// ⌈exact bound⌉; 0 where vacuous; `None` outside the range of validity.
    #[serde(serialize_with = "all_digits")]
    pub value: Option<BigUint>,
    /// [`ClosedForm::unit`].
    #[serde(serialize_with = "in_words")]
    pub unit: Unit,
    /// [`ClosedForm::assumes`].
    pub assumes: &'static str,
    /// [`ClosedForm::source`].
    pub source: &'static str,
    /// [`ClosedForm::standing`].
    #[serde(serialize_with = "in_words")]
    pub standing: Standing,
}

/// A size the program does not accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} is {given}, but must lie between 1 and {max}")]
pub struct OutOfRange {
    /// `N`, `d` or `M`.
    pub what: &'static str,
    /// The size given.
    pub given: u64,
    /// The largest accepted.
    pub max: u64,
}

/// The value of every bound on one head of N rows and as many keys, d = `d_k` = `d_v`, no mask: one
/// row an id always, in the order of [`BOUNDS`].
///
/// Each in the strongest variant of the game that its theorem allows; [`ClosedForm::recompute`] says
/// which.
///
/// # Errors
///
/// [`OutOfRange`] if a size is 0, N or d exceeds [`MAX_EXTENT`] or M exceeds [`MAX_FAST`].
pub fn bounds(n: u64, d: u64, m: Words) -> Result<Vec<Row>, OutOfRange> {
    for (what, given, max) in [("N", n, MAX_EXTENT), ("d", d, MAX_EXTENT), ("M", m.0, MAX_FAST)] {
        if !(1..=max).contains(&given) {
            return Err(OutOfRange { what, given, max });
        }
    }
    let attention = Attention::square(n, d);
    let row = |it: &ClosedForm| Row {
        id: it.id,
        value: bound(it, &attention, &weakest(it, m)).ok().map(|(_, it)| it.value().clone()),
        unit: it.unit,
        assumes: it.assumes,
        source: it.source,
        standing: it.standing,
    };
    Ok(BOUNDS.iter().map(row).collect())
}

/// The largest of the bounds in words that are valid here and hold for every schedule of the class of
/// `proofs/CLASS.md`: of those that compute each product once, or, with [`Recompute::Allowed`], of
/// those too that compute some again.
///
/// # Errors
///
/// [`OutOfRange`] as for [`bounds`].
#[expect(clippy::missing_panics_doc, reason = "`compulsory` is in words and always valid")]
pub fn best(n: u64, d: u64, m: Words, recompute: Recompute) -> Result<Row, OutOfRange> {
    let holds =
        |it: &ClosedForm| recompute == Recompute::Forbidden || it.recompute == Recompute::Allowed;
    let rows = bounds(n, d, m)?.into_iter().zip(BOUNDS).filter(|it| holds(it.1));
    let rows: Vec<_> = rows.map(|it| it.0).collect();
    Ok(best_of(&rows).expect("`compulsory` is in words and always valid").clone())
}

/// The largest bound in words on a pass of any attention by its sizes, for schedules that compute each product once
/// or, with [`Recompute::Allowed`], for those too that compute some again.
///
/// # Errors
///
/// [`OutOfRange`] if M is 0 or exceeds [`MAX_FAST`].
pub fn best_for(
    pass: Pass,
    attention: &Attention,
    fast: Words,
    recompute: Recompute,
) -> Result<Option<LowerBound>, OutOfRange> {
    if !(1..=MAX_FAST).contains(&fast.0) {
        return Err(OutOfRange { what: "M", given: fast.0, max: MAX_FAST });
    }
    let holds =
        |it: &&ClosedForm| recompute == Recompute::Forbidden || it.recompute == Recompute::Allowed;
    let found = closed_forms(pass).iter().filter(|it| it.unit == Unit::Words).filter(holds);
    let found = found.filter_map(|it| bound(it, attention, &weakest(it, fast)).ok());
    let mut best: Option<LowerBound> = None;
    for (_, it) in found {
        if best.as_ref().is_none_or(|best| it.value() > best.value()) {
            best = Some(it);
        }
    }
    Ok(best)
}

/// The row with the largest value among those in words that have one; the first of equals.
#[must_use]
pub fn best_of(rows: &[Row]) -> Option<&Row> {
    let mut best: Option<&Row> = None;
    for row in rows.iter().filter(|row| row.unit == Unit::Words && row.value.is_some()) {
        if best.is_none_or(|it| row.value > it.value) {
            best = Some(row);
        }
    }
    best
}

/// The machine on which `theorem` says most: recomputation allowed if it may be.
fn weakest(theorem: &ClosedForm, fast: Words) -> Machine {
    Machine { fast, recompute: theorem.recompute, partial: Partial::Off }
}

/// The bound, and the evidence with which `check` accepted it.
///
/// # Errors
///
/// [`Rejection`] where the theorem does not speak about this problem and machine.
pub fn bound(
    theorem: &ClosedForm,
    attention: &Attention,
    machine: &Machine,
) -> Result<(Evidence, LowerBound), Rejection> {
    let prove = |evidence: &Evidence| theorem.prove(attention, machine, evidence);
    if !theorem.segments {
        return prove(&Evidence::None).map(|it| (Evidence::None, it));
    }
    let value = |length: u64| {
        let bound = prove(&Evidence::Segment(length)).ok();
        bound.map_or(BigUint::ZERO, |it| it.value().clone())
    };
    let length = length::best(Lengths::of(theorem.pass, attention, machine.fast), value);
    let evidence = Evidence::Segment(length);
    prove(&evidence).map(|it| (evidence, it))
}

/// The certificate of [`bound`].
///
/// # Errors
///
/// As [`bound`].
pub fn certificate(
    theorem: &ClosedForm,
    attention: &Attention,
    machine: &Machine,
) -> Result<Certificate, Rejection> {
    let (evidence, bound) = bound(theorem, attention, machine)?;
    let claim = Claim {
        problem: theorem.pass.of(*attention),
        machine: *machine,
        bound: theorem.id.to_owned(),
        value: bound.value().clone(),
    };
    Ok(Certificate { claim, evidence })
}

fn in_words<S: Serializer>(it: &impl fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(it)
}

fn all_digits<S: Serializer>(value: &Option<BigUint>, serializer: S) -> Result<S::Ok, S::Error> {
    let raw = value.as_ref().map(|it| RawValue::from_string(it.to_string()));
    raw.transpose().map_err(serde::ser::Error::custom)?.serialize(serializer)
}

#[cfg(test)]
mod tests;
