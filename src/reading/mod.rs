//! Readings of one program: what it moves, as numbers, as a formula, as pebbles, as a computation, as
//! touches of words.

pub mod accesses;
pub mod class;
pub mod count;
pub mod execute;
pub mod export;
pub mod formula;
pub mod pebbles;
pub mod record;
pub mod run;
pub mod shape;
pub mod steps;
pub mod timeline;
pub mod wgsl;

pub use accesses::{Accesses, Moves};
pub use class::{Class, class};
pub use count::{Count, Totals, count};
pub use export::{Exported, export};
pub use formula::{Formula, formula};
pub use pebbles::Pebbles;
pub use record::{Record, record};
pub use run::run;
pub use shape::attention_shape;
pub use steps::steps;
pub use timeline::{Timeline, timeline};

use crate::schedule::poly::TooLarge;

/// Why a program cannot be read at these sizes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WalkError {
    /// A loop whose end lies before its beginning.
    #[error("line {line}: the loop runs backwards, from {lo} to {hi}")]
    Backwards {
        /// Its line.
        line: u32,
        /// Its beginning.
        lo: i128,
        /// Its end.
        hi: i128,
    },
    /// A loop that steps by nothing.
    #[error("line {line}: the loop steps by {step}; at least 1 is needed")]
    Step {
        /// Its line.
        line: u32,
        /// The step.
        step: i128,
    },
    /// A region or an element outside its array.
    #[error("line {line}: `{array}` is touched at {lo}..{hi} in a dimension of {extent}")]
    Outside {
        /// The statement's line.
        line: u32,
        /// The array.
        array: String,
        /// First index.
        lo: i128,
        /// One past the last index.
        hi: i128,
        /// The dimension.
        extent: i128,
    },
    /// A slow array with a negative extent.
    #[error("line {line}: `{array}` would have the extent {extent} here")]
    Extent {
        /// The line that declares it.
        line: u32,
        /// The array.
        array: String,
        /// Its extent.
        extent: i128,
    },
    /// More iterations than the reading may take.
    #[error(
        "line {line}: the walk would take {iterations} iterations here and {limit} are left; \
         use the closed form, larger tiles or smaller sizes"
    )]
    TooLong {
        /// The loop's line.
        line: u32,
        /// Its iterations.
        iterations: i128,
        /// What is left of the limit.
        limit: u64,
    },
    /// A slow address that is read before anything was stored there.
    #[error("line {line}: `{array}` is read at address {address} before anything is stored there")]
    Unwritten {
        /// The statement's line.
        line: u32,
        /// The array.
        array: String,
        /// The address, row-major.
        address: usize,
    },
    /// The strict game gives every element one word.
    #[error("the strict game counts one word an element; this schedule gives other weights")]
    Weights,
    /// An index that is read from memory.
    #[error(
        "line {line}: an index is loaded here: give its table, NAME=FILE with one integer an entry; only `count` \
         does without"
    )]
    Loaded {
        /// The statement's line.
        line: u32,
    },
    /// An array too large to be held.
    #[error(
        "`{array}` has {words} words, more than a step by step reading can hold beside the others"
    )]
    Memory {
        /// The array.
        array: String,
        /// Its words.
        words: i128,
    },
    /// A number passed 128 bits.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}
