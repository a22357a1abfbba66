//! A small schedule as a page that plays it, pebble by pebble: red where a word is in fast memory, blue where it
//! is in slow memory. Like the report, the page needs nothing but itself.

use super::document::{self, document};
use maud::{PreEscaped, html};
use serde::{Serialize, Serializer, ser::SerializeSeq};

/// What the page plays.
#[derive(Debug, Serialize)]
pub struct Film {
    /// What it is: algorithm, sizes, tiles.
    pub title: String,
    /// M, in words.
    pub fast: u64,
    /// Where pebbles are drawn; cells are numbered from grid to grid, row-major.
    pub grids: Vec<Grid>,
    /// The moves, in order.
    pub frames: Vec<Frame>,
}

/// A matrix of cells, each for one word or a few.
#[derive(Debug, Serialize)]
pub struct Grid {
    /// What a cell is called: `Q` for `Q[2,1]`.
    pub name: String,
    /// What its cells hold.
    pub about: String,
    /// Its rows.
    pub rows: usize,
    /// Its columns.
    pub columns: usize,
    /// Are all its words in slow memory at the start?
    pub blue: bool,
}

/// The four moves of the game.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// From slow to fast memory.
    Load,
    /// From fast to slow memory.
    Store,
    /// From operands in fast memory.
    Compute,
    /// Out of fast memory.
    Free,
}

/// A move, and what it does to the pebbles of its cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Which of the four.
    pub kind: Kind,
    /// The cell of its vertex.
    pub cell: usize,
    /// Red pebbles that come to the cell, or go.
    pub red: i8,
    /// Blue pebbles that come.
    pub blue: i8,
    /// The cells of the operands.
    pub operands: Vec<usize>,
}

/// `[kind, cell, red, blue, operands…]`
impl Serialize for Frame {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(4 + self.operands.len()))?;
        list.serialize_element(&(self.kind as u8))?;
        list.serialize_element(&self.cell)?;
        list.serialize_element(&self.red)?;
        list.serialize_element(&self.blue)?;
        for it in &self.operands {
            list.serialize_element(it)?;
        }
        list.end()
    }
}

const LEGEND: [(&str, &str); 4] = [
    ("pebble red", "red: in fast memory"),
    ("pebble blue", "blue: in slow memory"),
    ("pebble red blue", "both"),
    ("pebble", "nowhere"),
];

/// The page.
///
/// # Panics
///
/// Never: a film is texts and numbers.
#[must_use]
pub fn html(film: &Film) -> String {
    let button = |id: &str, name: &str, sign: &str| {
        html! { button id=(id) type="button" aria-label=(name) title=(name) { (sign) } }
    };
    let body = html! {
        h1 { (film.title) }
        p .legend {
            @for (class, says) in LEGEND {
                span {
                    svg .cell viewBox="0 0 10 10" { rect class=(class) x="1" y="1" width="8" height="8" {} }
                    " " (says)
                }
            }
        }
        div .controls role="group" aria-label="Playing" {
            (button("first", "To the start (Home)", "|◀"))
            (button("back", "One move back (left arrow)", "◀"))
            button id="play" type="button" title="Play or stop (space)" { "Play" }
            (button("next", "One move on (right arrow)", "▶"))
            (button("last", "To the end (End)", "▶|"))
            label { "moves a second " select id="speed" {
                @for it in [2, 10, 50, 250, 1000] { option value=(it) selected[it == 10] { (it) } }
            } }
        }
        input #time type="range" min="0" max=(film.frames.len()) value="0" aria-label="Move";
        svg #held viewBox="0 0 600 90" preserveAspectRatio="none" role="img"
            aria-label="Words held in fast memory, move by move, below the line of M" {}
        p .about { "words held in fast memory, move by move; dashed: M" }
        p #said aria-live="polite" {}
        dl .numbers {
            div { dt { "move" } dd #at {} }
            div { dt { "words loaded" } dd #loads {} }
            div { dt { "words stored" } dd #stores {} }
            div { dt { "held, of M = " (film.fast) } dd #red {} }
            div { dt { "most held so far" } dd #peak {} }
        }
        main #grids {}
        (document::data(film))
        script { (PreEscaped(include_str!("film.js"))) }
    };
    document(&film.title, include_str!("film.css"), &body)
}
