//! A page that plays a small schedule, move by move.
//!
//! It holds the events of a [`Record`]; its script replays them and needs nothing else. What it counts is
//! held against the totals of `count` by the tests in the browser.

use super::document::{self, document};
use crate::{
    model::Words,
    reading::{
        Record,
        record::{Event, Grid},
    },
};
use maud::{PreEscaped, html};
use serde::Serialize;

/// Most moves that are played.
pub const MOST_MOVES: usize = 20_000;

/// Most words of slow memory that are shown.
pub const MOST_WORDS: u64 = 4096;

/// A line of the schedule's text, and the statement that begins there.
pub type Line = (String, Option<usize>);

#[derive(Serialize)]
struct Data<'a> {
    lines: &'a [Line],
    slow: Vec<Slow<'a>>,
    fast: &'a [String],
    m: u64,
    moves: usize,
    ops: Vec<String>,
    /// What happens, a number for what and then of what; `animation.js` names them.
    events: Vec<Vec<usize>>,
}

#[derive(Serialize)]
struct Slow<'a> {
    name: &'a str,
    extents: &'a [u64],
    input: bool,
}

impl<'a> From<&'a Grid> for Slow<'a> {
    fn from(Grid { name, extents, input }: &'a Grid) -> Self {
        Self { name, extents, input: *input }
    }
}

/// The page of `record`, with its schedule's text beside it.
///
/// # Panics
///
/// Never: texts and numbers can be written as JSON.
#[must_use]
pub fn animation(title: &str, about: &str, lines: &[Line], record: &Record, fast: Words) -> String {
    let (ops, events) = encoded(&record.events);
    let data = Data {
        lines,
        slow: record.slow.iter().map(Slow::from).collect(),
        fast: &record.fast,
        m: fast.0,
        moves: record.moves,
        ops,
        events,
    };
    let body = html! {
        h1 { (title) ", move by move" }
        p { (about) }
        (controls(record.moves))
        (counters(fast))
        main {
            section.memories aria-label="Memories" {
                (legend())
                h2 { "Slow memory" }
                div #slow {}
                h2 { "Fast memory" }
                div #fast {}
            }
            section aria-label="Schedule" { ol #lines {} }
        }
        (document::data(&data))
        script { (PreEscaped(include_str!("../page/texts.js"))) }
        script { (PreEscaped(include_str!("animation.js"))) }
    };
    let style = concat!(include_str!("../page/page.css"), include_str!("animation.css"));
    document(&format!("{title}, move by move"), style, &body)
}

fn controls(moves: usize) -> PreEscaped<String> {
    html! {
        div.controls role="group" aria-label="Play" {
            button #first title="Home" { "First" }
            button #back title="left arrow" { "← Back" }
            button #play title="space" aria-pressed="false" { "Play" }
            button #step title="right arrow" { "Step →" }
            button #last title="End" { "Last" }
            label { "Moves a second " select #speed {
                @for it in [1, 2, 5, 10, 30, 100, 1000] { option value=(it) selected[it == 5] { (it) } }
            } }
            label.wide { "Move " input #at type="range" min="0" max=(moves) value="0" step="1"; }
        }
        p.quiet {
            "Keys: space plays and pauses, ← and → step, Home and End jump, + and − change the speed."
        }
    }
}

fn counters(fast: Words) -> PreEscaped<String> {
    html! {
        dl.counters {
            div { dt { "move" } dd #move { } }
            div { dt { "loaded" } dd #loads { } }
            div { dt { "stored" } dd #stores { } }
            div { dt { "in fast memory" } dd { span #held { } " of M = " (fast.0) " " meter #meter min="0" max=(fast.0) value="0" aria-hidden="true" {} } }
            div { dt { "most so far" } dd #peak { } }
        }
        output #said aria-live="polite" { }
    }
}

fn legend() -> PreEscaped<String> {
    html! {
        ul.legend {
            @for (class, says) in [
                ("red", "in fast memory (red pebble)"),
                ("blue", "in slow memory (blue pebble)"),
                ("red blue", "in both"),
                ("", "in neither"),
                ("now", "moved now"),
                ("read", "read now"),
            ] {
                li { span class={ "cell " (class) } {} " " (says) }
            }
        }
    }
}

/// Names of operations, and events with numbers for them.
fn encoded(events: &[Event]) -> (Vec<String>, Vec<Vec<usize>>) {
    let mut ops: Vec<String> = vec![];
    let number = |it: u32| usize::try_from(it).unwrap_or(usize::MAX);
    let events = events.iter().map(|it| match it {
        Event::Load(value) => vec![0, number(*value)],
        Event::Store(word, array, address) => vec![1, number(*word), *array, *address],
        Event::Compute(op, operands) => {
            let name = op.to_string();
            let op = ops.iter().position(|it| *it == name).unwrap_or_else(|| {
                ops.push(name);
                ops.len() - 1
            });
            [2, op].into_iter().chain(operands.iter().map(|it| number(*it))).collect()
        }
        Event::Free(word) => vec![3, number(*word)],
        Event::Placed(word, array, at) => vec![4, number(*word), *array, *at],
        Event::Born(array, extents) => [5, *array].iter().chain(extents).copied().collect(),
        Event::Statement(id) => vec![6, *id],
    });
    let events = events.collect();
    (ops, events)
}
