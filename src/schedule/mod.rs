//! Schedules: an algorithm as a text over tiles, and as a stream of moves.
//!
//! A text is read into a [`Draft`](draft::Draft), checked into a [`Program`], and then *read* in
//! many ways (`reading/`). The language and its rules are in `traces/README.md`.

mod assign;
pub mod bind;
mod check;
pub mod draft;
pub mod fault;
mod lexer;
pub mod moves;
mod par;
mod parser;
pub mod poly;
mod printer;
pub mod program;
pub mod scratch;

pub use check::TextError;
pub use draft::Draft;
pub use fault::{Fault, FaultKind};
pub use moves::{Move, MoveSource, Output};
pub use parser::{KEYWORDS, ParseError};
pub use program::Program;
