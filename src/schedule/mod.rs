//! Schedules: an algorithm as a text over tiles, and as a stream of moves.
//!
//! A text is read into a [`Draft`], checked into a [`Program`], and then *read* in
//! many ways (`reading/`). The language and its rules are in `traces/README.md`. Moves are the
//! other form: one strict step of the game each, in a text file, a binary file or a stream.

mod assign;
pub mod bind;
pub mod build;
mod check;
pub mod draft;
mod expression;
pub mod fault;
pub mod header;
mod lexer;
pub mod moves;
pub mod moves_binary;
pub mod moves_text;
mod par;
mod parser;
pub mod poly;
mod printer;
pub mod program;
mod scope;
pub mod scratch;

mod tokens;

pub use check::TextError;
pub use draft::Draft;
pub use fault::{Fault, FaultKind};
pub use header::{Header, Named};
pub use moves::{Constant, Function, Move, MoveSource, Op, Output, Tee};
pub use moves_binary::{BinaryMoves, BinaryWriter};
pub use moves_text::{TextMoves, TextWriter};
pub use parser::{KEYWORDS, MAX_TEXT, ParseError};
pub use program::Program;
