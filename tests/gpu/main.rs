//! Prediction and run: formula = count = replay = what kernels move, word for word.
//!
//! Tests that need a driver's adapter are ignored unless asked for (`scripts/test` asks), and then
//! fail without one.
#![expect(clippy::unwrap_used, reason = "tests")]
#![expect(clippy::print_stdout, reason = "the cells that limits exclude, with --nocapture")]

mod family;
mod faults;
mod grid;
mod numerics;
