//! Orders in files: vertices by number or by name, in any number of lines; `#` begins a comment.

use crate::cdag::{Labelled, Operands, Vertex};
use std::collections::HashMap;

/// A word that is no vertex, and its line, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: no vertex is called {word:?}; there are {n_vertices} vertices, from 0")]
pub struct ParseError {
    /// The line.
    pub line: usize,
    /// The word.
    pub word: String,
    /// How many vertices there are.
    pub n_vertices: u64,
}

/// The vertices that `text` names. A name that is a number is a name where there are names.
///
/// # Errors
///
/// [`ParseError`] with the line; whether it is an order is for [`super::place`] to say.
pub fn parse(text: &str, labelled: &Labelled) -> Result<Vec<Vertex>, ParseError> {
    let n_vertices = labelled.cdag.n_vertices();
    let names: HashMap<&str, Vertex> =
        labelled.names().unwrap_or(&[]).iter().map(String::as_str).zip((0..).map(Vertex)).collect();
    let mut order = vec![];
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.split('#').next().unwrap_or(text);
        for word in text.split([' ', '\t', '\r', ',']).filter(|it| !it.is_empty()) {
            let number = || word.parse().ok().filter(|it| *it < n_vertices).map(Vertex);
            let vertex = names.get(word).copied().or_else(|| names.is_empty().then(number)?);
            let unknown = || ParseError { line, word: word.to_owned(), n_vertices };
            order.push(vertex.ok_or_else(unknown)?);
        }
    }
    Ok(order)
}
