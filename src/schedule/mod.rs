//! Schedules: an algorithm as a text over tiles, and as a stream of moves.

pub mod moves;

pub use moves::{Constant, Function, Move, MoveSource, Op, Output};
