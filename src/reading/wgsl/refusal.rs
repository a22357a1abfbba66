//! Why a schedule is no kernel.

use crate::{reading::WalkError, schedule::poly::TooLarge};

/// What is in the way, and what would work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAKernel {
    /// Words of other weights.
    #[error("a kernel holds one f32 word an element; this schedule gives other weights")]
    Weights,
    /// It cannot be read at these sizes at all.
    #[error(transparent)]
    Walk(WalkError),
    /// A loaded index.
    #[error("line {line}: an index that is loaded from memory has no kernel yet")]
    Loaded {
        /// The statement's line.
        line: u32,
    },
    /// Tiles beyond the workgroup memory.
    #[error(
        "{title}: its tiles take {words} words of workgroup memory; the device has {most}: \
         use smaller tiles"
    )]
    TilesTooLarge {
        /// Which kernel.
        title: String,
        /// Words that the tiles take, each range as large as the largest that may stand there.
        words: u64,
        /// Words there are.
        most: u64,
    },
    /// A slow array beyond a storage buffer.
    #[error("`{array}` has {words} words; a buffer of the device holds at most {most}")]
    Buffer {
        /// The array.
        array: String,
        /// Its words.
        words: i128,
        /// Words that a buffer can hold.
        most: u64,
    },
    /// More arrays than a kernel can bind.
    #[error("{title}: it touches {needed} buffers, counters included; the device binds {most}")]
    Buffers {
        /// Which kernel.
        title: String,
        /// Buffers it needs.
        needed: usize,
        /// Buffers there may be.
        most: usize,
    },
    /// A grid beyond one dispatch.
    #[error("line {line}: a grid of {workgroups} workgroups; at most {most}: use a larger tile")]
    Grid {
        /// The loop's line.
        line: u32,
        /// Its iterations.
        workgroups: i128,
        /// What a dispatch takes.
        most: u32,
    },
    /// More iterations than the driver is trusted with.
    #[error(
        "line {line}: an invocation would take up to {iterations} loop iterations; the device is \
         trusted with {most}{}. Use other tiles, smaller sizes or the interpreter",
        held(carried)
    )]
    TooLong {
        /// The line where the kernel begins.
        line: u32,
        /// The static bound on its iterations.
        iterations: u64,
        /// What the device may take.
        most: u64,
        /// The fast arrays that live across the loops, so that no host can run them.
        carried: Vec<String>,
    },
    /// A counter of 32 bits may overflow.
    #[error(
        "{title}: a workgroup may move {words} words, beyond a counter of 32 bits; \
         use the plain form or smaller sizes"
    )]
    Counter {
        /// Which kernel.
        title: String,
        /// The static bound.
        words: u128,
    },
    /// A number that a kernel's 32-bit integers do not hold.
    #[error("line {line}: a place or size reaches {value}, beyond 32 bits")]
    Integer {
        /// The statement's line.
        line: u32,
        /// The number.
        value: i128,
    },
    /// A number passed 128 bits.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}

fn held(carried: &[String]) -> String {
    if carried.is_empty() {
        return String::new();
    }
    let names: Vec<_> = carried.iter().map(|it| format!("`{it}`")).collect();
    format!(
        ", and the host cannot run the loop because {} live{} across it",
        names.join(", "),
        if carried.len() == 1 { "s" } else { "" }
    )
}
