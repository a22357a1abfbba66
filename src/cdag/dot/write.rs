//! A CDAG as DOT.

use super::numbers;
use crate::cdag::{Labelled, Operands, Vertex};
use std::io::{self, Write};

/// Writes every vertex, then every edge, those into one vertex in the order of its operands;
/// [`super::parse`] reads the same CDAG, operands in the same order.
///
/// Names become ids. Names that are numbers below the number of vertices, all of them, would be read
/// as such, and some names with backslashes cannot be quoted: then the names are left out.
///
/// # Errors
///
/// Where it cannot be written.
pub fn write(labelled: &Labelled, mut text: impl Write) -> io::Result<()> {
    let cdag = &labelled.cdag;
    let names =
        labelled.names().filter(|it| numbers(it).is_none() && it.iter().all(|it| quotable(it)));
    let name = |it: Vertex| names.and_then(|names| names.get(usize::try_from(it.0).ok()?));
    let id = |it: Vertex| name(it).map_or_else(|| it.0.to_string(), |it| quoted(it));
    writeln!(text, "digraph cdag {{")?;
    for vertex in cdag.vertices() {
        writeln!(text, "  {};", id(vertex))?;
    }
    for reader in cdag.vertices() {
        for operand in cdag.operands(reader) {
            writeln!(text, "  {} -> {};", id(*operand), id(reader))?;
        }
    }
    writeln!(text, "}}")?;
    text.flush()
}

/// Does the name come back from its quotes? A backslash before a quote, a line break or the end
/// does not.
fn quotable(name: &str) -> bool {
    let (mut chars, mut good) = (name.chars().peekable(), true);
    while let Some(it) = chars.next() {
        if it == '\\' {
            match chars.peek() {
                None | Some('"' | '\n') => good = false,
                Some('\\') => {
                    chars.next();
                }
                _ => {}
            }
        }
    }
    good
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\\\""))
}
