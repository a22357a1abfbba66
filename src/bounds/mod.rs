//! Lower bounds on the I/O of attention, as formulas.
//!
//! `T` is loads plus stores, one word each; N rows of queries and as many of keys, d = `d_k` = `d_v`,
//! one head, no mask, M words of fast memory. Each bound is one file with one [`Bound`], and
//! [`BOUNDS`] lists them. A value is the *integer* ⌈exact bound⌉ (T is an integer, so rounding up
//! keeps it a bound), computed without floats; 0 where the formula is negative, nothing outside
//! the range in which it was proved. The explicit constants are derived in
//! `proofs/saha-ye/README.md`.

mod ceil;
mod compulsory;
pub mod general;
mod saha_ye_binary;
mod saha_ye_communication;
mod saha_ye_communication_tight;
mod saha_ye_pebble;
mod saha_ye_pebble_amgm;
mod saha_ye_pebble_segment;
mod small_cache_mm;

use std::fmt;

use num_bigint::BigUint;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::model::{MAX_EXTENT, MAX_FAST, Words};

/// Every bound, in the order in which they are printed.
pub const BOUNDS: &[Bound] = &[
    compulsory::BOUND,
    saha_ye_pebble::BOUND,
    saha_ye_pebble_amgm::BOUND,
    saha_ye_pebble_segment::BOUND,
    saha_ye_communication::BOUND,
    saha_ye_communication_tight::BOUND,
    saha_ye_binary::BOUND,
    small_cache_mm::BOUND,
];

const CONSTANTS_DERIVED: &str = "paper (theorem), constants derived in proofs/saha-ye/";

/// What the value of a bound counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
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

/// One formula, with what it assumes and who vouches for it.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// Its name in every table, plot and file.
    pub id: &'static str,
    /// What the value counts.
    pub unit: Unit,
    /// The formula and for which schedules and sizes it holds.
    pub assumes: &'static str,
    /// The paper and the theorem.
    pub source: &'static str,
    /// What its truth rests on.
    pub standing: &'static str,
    value: fn(&Point) -> Option<BigUint>,
}

/// Sizes known to lie in the accepted range; big integers, since N²d² reaches 2¹⁹².
#[derive(Clone, Debug)]
struct Point {
    n: BigUint,
    d: BigUint,
    m: BigUint,
}

/// One line of the table of bounds.
///
/// Serialise it with `serde_json::to_string` or `to_writer`, which keep every digit of `value`;
/// `serde_json::to_value` would round a value beyond 2⁶⁴ to a float.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// [`Bound::id`].
    pub id: &'static str,
    /// ⌈exact bound⌉; 0 where vacuous; `None` outside the range of validity.
    #[serde(serialize_with = "all_digits")]
    pub value: Option<BigUint>,
    /// [`Bound::unit`].
    pub unit: Unit,
    /// [`Bound::assumes`].
    pub assumes: &'static str,
    /// [`Bound::source`].
    pub source: &'static str,
    /// [`Bound::standing`].
    pub standing: &'static str,
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

/// The value of every bound, one row an id always, in the order of [`BOUNDS`].
///
/// # Errors
///
/// [`OutOfRange`] if a size is 0, N or d exceeds [`MAX_EXTENT`] or M exceeds [`MAX_FAST`].
pub fn bounds(n: u64, d: u64, m: Words) -> Result<Vec<Row>, OutOfRange> {
    let point = Point {
        n: within("N", n, MAX_EXTENT)?,
        d: within("d", d, MAX_EXTENT)?,
        m: within("M", m.0, MAX_FAST)?,
    };
    Ok(BOUNDS.iter().map(|bound| bound.row(&point)).collect())
}

/// The largest of the bounds in words that are valid here.
///
/// All of them hold for every schedule of the standard class (products q·k, any order of
/// summation), with recomputation: see `proofs/saha-ye/README.md`.
///
/// # Errors
///
/// [`OutOfRange`] as for [`bounds`].
#[expect(clippy::missing_panics_doc, reason = "`compulsory` is in words and always valid")]
pub fn best(n: u64, d: u64, m: Words) -> Result<Row, OutOfRange> {
    let rows = bounds(n, d, m)?;
    Ok(best_of(&rows).expect("`compulsory` is in words and always valid").clone())
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

impl Bound {
    fn row(&self, point: &Point) -> Row {
        Row {
            id: self.id,
            value: (self.value)(point),
            unit: self.unit,
            assumes: self.assumes,
            source: self.source,
            standing: self.standing,
        }
    }
}

fn within(what: &'static str, given: u64, max: u64) -> Result<BigUint, OutOfRange> {
    if (1..=max).contains(&given) {
        Ok(BigUint::from(given))
    } else {
        Err(OutOfRange { what, given, max })
    }
}

fn all_digits<S: serde::Serializer>(
    value: &Option<BigUint>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let raw = value.as_ref().map(|it| RawValue::from_string(it.to_string()));
    raw.transpose().map_err(serde::ser::Error::custom)?.serialize(serializer)
}

#[cfg(test)]
mod tests;
