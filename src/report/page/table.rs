//! The tables behind the page's plots: what is drawn, told, listed and downloaded is a row of them.

use crate::report::palette::{Marker, Style};
use serde::{Serialize, Serializer};

/// Rows, a curve each group of them. Numbers are texts with all their digits: JavaScript's are not whole
/// beyond 2⁵³. An absent number is an empty text.
#[derive(Debug, Serialize)]
pub(super) struct Table {
    /// What the name of a curve is the name of.
    pub(super) key: &'static str,
    /// Columns that are the same in every row.
    pub(super) fixed: Vec<(&'static str, String)>,
    /// Columns of a place, which rows of all curves share.
    pub(super) place: Vec<&'static str>,
    pub(super) places: Vec<Vec<String>>,
    /// Columns of a row.
    pub(super) own: Vec<&'static str>,
    pub(super) curves: Vec<Curve>,
    /// Beyond this value of the x axis rows are listed, not drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) to: Option<u64>,
}

/// Rows of one name, in the order in which a line joins them.
#[derive(Debug, Serialize)]
pub(super) struct Curve {
    pub(super) name: String,
    pub(super) look: Look,
    pub(super) rows: Vec<Row>,
}

/// The index of a place, and the row's own values; empty ones at the end are left out.
#[derive(Debug, Serialize)]
pub(super) struct Row(usize, Vec<String>);

impl Row {
    pub(super) fn new(place: usize, mut own: Vec<String>) -> Self {
        while own.last().is_some_and(String::is_empty) {
            own.pop();
        }
        Self(place, own)
    }
}

/// A style as the page reads it.
#[derive(Debug, Serialize)]
pub(super) struct Look {
    color: (u8, u8, u8),
    width: u32,
    dashes: &'static [i32],
    #[serde(serialize_with = "name")]
    marker: Marker,
    filled: bool,
}

fn name<S: Serializer>(marker: &Marker, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match marker {
        Marker::None => "none",
        Marker::Circle => "circle",
        Marker::Square => "square",
        Marker::Triangle => "triangle",
        Marker::Diamond => "diamond",
        Marker::Cross => "cross",
        Marker::Plus => "plus",
    })
}

impl From<Style> for Look {
    fn from(it: Style) -> Self {
        let Style { color, width, dashes, marker, filled } = it;
        Self { color, width, dashes, marker, filled }
    }
}

/// A view of a table.
#[derive(Debug, Serialize)]
pub(super) struct Plot {
    /// Its place in the page, and the name of the file of its rows.
    pub(super) id: String,
    /// The table; `None`: the one of the model that is chosen.
    pub(super) table: Option<String>,
    pub(super) x: Axis,
    pub(super) y: Axis,
    /// Nothing can be below this column, or this value: shaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) floor: Option<&'static str>,
    /// Points without lines, beside the line on which x = y.
    pub(super) diagonal: bool,
}

/// An axis of a plot.
#[derive(Debug, Serialize)]
pub(super) struct Axis {
    pub(super) column: &'static str,
    pub(super) label: String,
    /// Powers of two, not of ten.
    pub(super) binary: bool,
    /// Logarithmic until the reader says otherwise.
    pub(super) log: bool,
}

impl Axis {
    pub(super) fn binary(column: &'static str, label: impl Into<String>) -> Self {
        Self { column, label: label.into(), binary: true, log: true }
    }

    pub(super) fn decimal(column: &'static str, label: impl Into<String>) -> Self {
        Self { binary: false, ..Self::binary(column, label) }
    }
}

/// An optional value as a text.
pub(super) fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|it| it.to_string()).unwrap_or_default()
}
