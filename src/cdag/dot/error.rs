//! What can be wrong with a DOT text.

use crate::cdag::{Malformed, explicit::write_cycle};
use std::fmt;

/// What is wrong, and in which line, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line.
    pub line: usize,
    /// What is wrong there.
    pub kind: Kind,
}

/// What can be wrong with a DOT text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// `graph` or `--`: its edges have no direction.
    Undirected,
    /// Something else must stand here.
    Expected {
        /// What.
        what: &'static str,
        /// What stands here.
        found: String,
    },
    /// The text ends where something must follow.
    CutShort(&'static str),
    /// Something follows the graph.
    Trailing,
    /// A comment, a quoted name or HTML that does not end.
    Unterminated(&'static str),
    /// A character that DOT does not have.
    Character(char),
    /// A numeral that is none, or that a letter follows.
    Numeral,
    /// DOT, but outside the subset.
    Unsupported(&'static str),
    /// `mem_weight` or `comm_weight` is not 1: here every value is one word.
    Weight {
        /// What is given.
        weight: String,
    },
    /// Other vertices have a weight, this one has none.
    Mixed {
        /// Its name.
        name: String,
    },
    /// Other edges have a weight, those of this statement have none.
    MixedEdges,
    /// The edges form no CDAG; the line is the one that closes the cycle.
    Malformed(Malformed),
    /// A vertex with a name reads itself.
    SelfLoop {
        /// Its name.
        name: String,
    },
    /// Vertices with names depend on each other; the line is the one that closes the cycle.
    Cycle {
        /// As in [`Malformed::Cycle`].
        names: Vec<String>,
    },
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.kind {
            Kind::Undirected => f.write_str("the graph is undirected; a CDAG is a `digraph`"),
            Kind::Expected { what, found } => write!(f, "expected {what}, found {found}"),
            Kind::CutShort(what) => write!(f, "the text ends before {what}"),
            Kind::Trailing => f.write_str("something follows the graph"),
            Kind::Unterminated(what) => write!(f, "{what} does not end"),
            Kind::Character(it) => write!(f, "DOT has no {it:?} here; quote the name"),
            Kind::Numeral => f.write_str("neither a number nor a name; quote the name"),
            Kind::Unsupported(what) => f.write_str(what),
            Kind::Weight { weight } => {
                write!(f, "weight {weight:?}, but in this game every value weighs 1 word")
            }
            Kind::Mixed { name } => {
                write!(f, "vertex {name:?} has no weight, and others have one")
            }
            Kind::MixedEdges => f.write_str("an edge has no weight, and others have one"),
            Kind::SelfLoop { name } => write!(f, "vertex {name:?} reads itself"),
            Kind::Cycle { names } => write_cycle(f, names),
            Kind::Malformed(it) => it.fmt(f),
        }
    }
}

impl std::error::Error for ParseError {}
