//! One answered cell, and how it is written: JSON Lines and CSV, counts with all their digits.

use num_bigint::BigUint;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// What is known at one cell. A missing number is absent (`null`, an empty field), never 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Point {
    /// [`super::Cell::id`].
    pub id: String,
    /// What was asked for: an algorithm, or `best`.
    pub algorithm: String,
    /// The algorithm whose numbers these are.
    pub schedule: Option<String>,
    /// N.
    pub n: u64,
    /// d.
    pub d: u64,
    /// M, in words.
    pub m: u64,
    /// Tiles by name.
    pub tiles: BTreeMap<String, u64>,
    /// `best`, `paper` or `shrunk`.
    pub tiles_from: Option<String>,
    /// Words loaded.
    pub loads: Option<u128>,
    /// Words stored.
    pub stores: Option<u128>,
    /// Words moved: loads + stores.
    pub io: Option<u128>,
    /// Most words of live arrays.
    pub arrays: Option<u128>,
    /// Most words in use, scratch included; at most M.
    pub peak: Option<u128>,
    /// Who vouches for the counts.
    pub vouched: Option<Vouched>,
    /// The best lower bound in words.
    pub bound: Option<PointBound>,
    /// `io` over the bound.
    #[serde(deserialize_with = "read_ratio")]
    pub gap: Option<f64>,
    /// The least M that works, where nothing fits.
    pub least_m: Option<u128>,
    /// Why there is no number, or what to know about it.
    pub note: Option<String>,
}

/// Who vouches for a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vouched {
    /// Every tile was walked at this size, and the closed form agrees.
    Counted,
    /// The closed form; the walk would be long.
    Formula,
}

impl Vouched {
    /// The word that is printed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Formula => "formula",
        }
    }
}

/// A lower bound at a point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PointBound {
    /// Its name in `bounds`.
    pub id: String,
    /// Its value, in words.
    #[serde(serialize_with = "write_digits", deserialize_with = "read_digits")]
    pub value: BigUint,
}

fn write_digits<S: Serializer>(value: &BigUint, serializer: S) -> Result<S::Ok, S::Error> {
    let raw = RawValue::from_string(value.to_string()).map_err(ser::Error::custom)?;
    raw.serialize(serializer)
}

fn read_digits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BigUint, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    raw.get().parse().map_err(de::Error::custom)
}

/// The nearest f64, as it was written; `serde_json` alone may be off by its last bit.
fn read_ratio<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let raw = Option::<Box<RawValue>>::deserialize(deserializer)?;
    raw.map(|it| it.get().parse().map_err(de::Error::custom)).transpose()
}

impl Point {
    /// One JSON object, without an end of line.
    ///
    /// # Panics
    ///
    /// Never: a point has no key that is not a text, and its gap is a number.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a point can be written")
    }

    /// A row below [`csv_header`], with its end of line.
    #[must_use]
    pub fn to_csv(&self) -> String {
        record(&fields(self))
    }
}

/// One JSON object a line.
#[must_use]
pub fn to_json_lines(points: &[Point]) -> String {
    points.iter().map(|it| it.to_json() + "\n").collect()
}

/// A line that is no point.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {what}")]
pub struct NotAPoint {
    /// The line, from 1.
    pub line: usize,
    /// Bytes into it.
    pub column: usize,
    /// In the words of the JSON reader.
    pub what: String,
}

/// Reads what [`to_json_lines`] wrote.
///
/// # Errors
///
/// The first line that is [`NotAPoint`].
pub fn from_json_lines(text: &str) -> Result<Vec<Point>, NotAPoint> {
    let read = |(text, line)| {
        serde_json::from_str(text).map_err(|it| {
            let (column, what) = (it.column(), it.to_string());
            let what = what.split(" at line ").next().unwrap_or(&what).to_owned();
            NotAPoint { line, column, what }
        })
    };
    text.lines().zip(1..).map(read).collect()
}

const HEADER: [&str; 19] = [
    "id",
    "algorithm",
    "schedule",
    "n",
    "d",
    "m",
    "tiles",
    "tiles_from",
    "loads",
    "stores",
    "io",
    "arrays",
    "peak",
    "vouched",
    "bound_id",
    "bound_value",
    "gap",
    "least_m",
    "note",
];

/// A table with a header; tiles as `Br=128 Bc=64`, absent numbers as empty fields.
#[must_use]
pub fn to_csv(points: &[Point]) -> String {
    points.iter().fold(csv_header(), |table, point| table + &point.to_csv())
}

/// The names of the columns, with an end of line.
#[must_use]
pub fn csv_header() -> String {
    record(&HEADER.map(str::to_owned))
}

fn record(fields: &[String]) -> String {
    let mut writer = csv::Writer::from_writer(vec![]);
    writer.write_record(fields).expect("writing to memory");
    String::from_utf8(writer.into_inner().expect("writing to memory")).expect("fields are texts")
}

fn fields(point: &Point) -> [String; HEADER.len()] {
    fn opt<T: ToString>(value: Option<T>) -> String {
        value.map(|it| it.to_string()).unwrap_or_default()
    }
    let bound = point.bound.as_ref();
    [
        point.id.clone(),
        point.algorithm.clone(),
        opt(point.schedule.as_ref()),
        point.n.to_string(),
        point.d.to_string(),
        point.m.to_string(),
        tiles(&point.tiles),
        opt(point.tiles_from.as_ref()),
        opt(point.loads),
        opt(point.stores),
        opt(point.io),
        opt(point.arrays),
        opt(point.peak),
        opt(point.vouched.map(Vouched::word)),
        opt(bound.map(|it| &it.id)),
        opt(bound.map(|it| &it.value)),
        opt(point.gap),
        opt(point.least_m),
        opt(point.note.as_ref()),
    ]
}

/// `Bc=64 Br=128`.
#[must_use]
pub fn tiles(tiles: &BTreeMap<String, u64>) -> String {
    let tiles: Vec<_> = tiles.iter().map(|(name, value)| format!("{name}={value}")).collect();
    tiles.join(" ")
}
