//! Schedules: an algorithm as a text over tiles, and as a stream of moves.

pub mod header;
pub mod moves;
pub mod moves_binary;
pub mod moves_text;

pub use header::{Header, Named};
pub use moves::{Constant, Function, Move, MoveSource, Op, Output};
pub use moves_binary::{BinaryMoves, BinaryWriter};
pub use moves_text::{TextMoves, TextWriter};
