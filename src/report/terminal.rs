//! The table a newcomer sees first, 80 characters wide.

use super::{
    Found,
    numbers::{about, gap, grouped},
    plan::{Plan, Subject, columns, default_level, memory},
};
use crate::{
    bounds::{BOUNDS, Unit},
    hardware::{Hardware, Level},
    sweep::{BEST, Point},
};
use std::fmt::Write;

const LABEL: usize = 14;
const COLUMN: usize = 11;

/// Those that fit on a terminal; the written report has all.
const SHOWN: &[&str] = &["A100", "H100 SXM", "RTX 4090", "MI300X", "Apple M2", "x86 server core"];

/// What each algorithm moves beside the best bound, for real shapes and real memories.
///
/// # Panics
///
/// If `points` lacks one of `plan`'s cells.
#[must_use]
pub fn table(plan: &Plan, points: &[Point]) -> String {
    let found = Found::new(points);
    let hardware: Vec<_> = plan
        .hardware
        .iter()
        .filter(|it| SHOWN.iter().any(|name| it.name.starts_with(name)))
        .map(|it| (*it, default_level(it)))
        .collect();
    let mut text = String::from(
        "Words of slow-memory traffic (loads + stores) of one attention head.\n\
         N queries and N keys of d words, no mask, exact softmax with a running maximum;\n\
         tiles chosen for the fewest words; M = words of 2 bytes that the memory holds.\n",
    );
    for shape in &plan.shapes {
        part(&mut text, shape, &hardware, &found);
    }
    legend(&mut text, &hardware);
    text
}

fn part(text: &mut String, shape: &Subject, hardware: &[(&Hardware, &Level)], found: &Found<'_>) {
    let Subject { n, d, .. } = *shape;
    let heads: Vec<_> = shape.models.iter().map(|it| it.heads.to_string()).collect();
    let _ = writeln!(
        text,
        "\n{}: N = {n}, d = {d}, {} heads a layer",
        shape.name(),
        heads.join(" and ")
    );
    row(text, "", hardware.iter().map(|it| short(it.0.name)));
    row(text, "", hardware.iter().map(|it| cut(it.1.name)));
    row(text, "M", hardware.iter().map(|it| grouped(memory(it.1).0)));
    for algorithm in columns() {
        let points = hardware.iter().map(|it| found.at(algorithm, n, d, memory(it.1)));
        row(text, algorithm, points.map(words));
    }
    let best = || hardware.iter().map(|it| found.at(BEST, n, d, memory(it.1)));
    row(text, "  which is", best().map(|it| it.schedule.as_deref().map(cut).unwrap_or_default()));
    row(text, "best bound", best().map(bound));
    row(text, "gap", best().map(|it| it.gap.map(gap).unwrap_or_default()));
}

/// Words moved, or the memory it would take.
fn words(point: &Point) -> String {
    match (point.io, point.least_m) {
        (Some(io), _) => about(&io.into()),
        (None, Some(least)) => format!("M≥{}", about(&least.into())),
        (None, None) => "-".to_owned(),
    }
}

fn bound(point: &Point) -> String {
    let Some(bound) = &point.bound else { return String::new() };
    let letter = BOUNDS.iter().position(|it| it.id == bound.id).map(letter);
    format!("{} {}", about(&bound.value), letter.unwrap_or('?'))
}

fn letter(index: usize) -> char {
    let letter = u8::try_from(index).ok().and_then(|it| b'a'.checked_add(it));
    letter.map_or('?', char::from)
}

fn row(text: &mut String, label: &str, cells: impl Iterator<Item = String>) {
    let mut line = format!("{label:LABEL$}");
    for cell in cells {
        let _ = write!(line, "{cell:>COLUMN$}");
    }
    *text += line.trim_end();
    text.push('\n');
}

/// The words of a name that fit a column.
fn short(name: &str) -> String {
    let mut text = String::new();
    for word in name.split(' ') {
        if text.len() + word.len() >= COLUMN {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text += word;
    }
    text
}

fn cut(name: &str) -> String {
    if name.len() < COLUMN {
        return name.to_owned();
    }
    name.chars().take(COLUMN - 2).chain(['.']).collect()
}

/// `line` in lines of 80 characters, the second and later ones indented.
fn wrap(text: &mut String, line: &str, indent: &str) {
    let start = &line[..line.len() - line.trim_start().len()];
    let mut row = start.to_owned();
    for word in line.split_whitespace() {
        if row.chars().count() + 1 + word.chars().count() > 80 {
            let _ = writeln!(text, "{}", row.trim_end());
            indent.clone_into(&mut row);
        }
        row += word;
        row.push(' ');
    }
    let _ = writeln!(text, "{}", row.trim_end());
}

fn legend(text: &mut String, hardware: &[(&Hardware, &Level)]) {
    *text += "\nM≥x: nothing fits, x words would be the least. Bounds:\n";
    for (index, bound) in BOUNDS.iter().enumerate().filter(|it| it.1.unit == Unit::Words) {
        let line = format!("  {} {}: {}", letter(index), bound.id, bound.source);
        wrap(text, &line, "      ");
    }
    *text += "What is counted:\n";
    for (hardware, level) in hardware {
        let line = format!("  {} {}: {}", short(hardware.name), level.name, level.traffic);
        wrap(text, &line, "      ");
    }
}
