//! Lines of WGSL, and sizes as WGSL's integers.

use super::interval::Interval;
use crate::schedule::poly::{Atom, Poly};
use std::fmt::{Display, Write};

/// Lines, indented by the blocks around them.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) text: String,
    depth: usize,
}

impl Text {
    pub(super) fn inside(depth: usize) -> Self {
        Self { text: String::new(), depth }
    }

    pub(super) fn line(&mut self, line: impl Display) {
        let _ = writeln!(self.text, "{}{line}", "  ".repeat(self.depth)); // a string takes all
    }

    /// `head {`
    pub(super) fn open(&mut self, head: impl Display) {
        self.line(format_args!("{head} {{"));
        self.depth += 1;
    }

    pub(super) fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.line("}");
    }
}

/// `poly` as an expression of type i32, slots by their `names`.
pub(super) fn integer(poly: &Poly, names: &[String]) -> String {
    let mut text = String::new();
    for (atoms, c) in poly.terms() {
        let mut factors: Vec<String> = atoms.iter().map(|it| factor(it, names)).collect();
        if c.unsigned_abs() != 1 || atoms.is_empty() {
            factors.insert(0, c.unsigned_abs().to_string());
        }
        text += match (text.is_empty(), c < 0) {
            (true, false) => "",
            (true, true) => "-",
            (false, false) => " + ",
            (false, true) => " - ",
        };
        text += &factors.join(" * ");
    }
    if text.is_empty() { "0".to_owned() } else { text }
}

fn factor(atom: &Atom, names: &[String]) -> String {
    let call = |name: &str, a: &Poly, b: &Poly| {
        format!("{name}({}, {})", integer(a, names), integer(b, names))
    };
    match atom {
        Atom::Slot(slot) => names[slot.index()].clone(),
        Atom::Ceil(a, b) => call("ceil_div", a, b),
        Atom::Floor(a, b) => call("floor_div", a, b),
        Atom::Min(a, b) => call("min", a, b),
        Atom::Max(a, b) => call("max", a, b),
    }
}

/// The number in `poly` or one of its monomials that an i32 does not hold.
pub(super) fn beyond_32_bits(poly: &Poly, env: &[Interval]) -> Option<i128> {
    let sum = std::iter::once(poly.clone()).chain(poly.monomials());
    let mut ends = sum.flat_map(|it| match Interval::of(&it, env) {
        Ok(it) => [it.lo, it.hi],
        Err(_) => [i128::MAX; 2],
    });
    ends.find(|it| i32::try_from(*it).is_err())
}

/// A name that WGSL takes: no keyword, nothing else has it.
pub(super) fn name(name: &str, slot: usize) -> String {
    let plain: String =
        name.chars().filter(|it| it.is_ascii_alphanumeric() || *it == '_').collect();
    let first = if plain.starts_with(|it: char| it.is_ascii_alphabetic()) { "" } else { "s" };
    format!("{first}{plain}_{slot}")
}
