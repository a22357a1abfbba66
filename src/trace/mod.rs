//! Traces: accesses that other programs recorded, as files.
//!
//! | format | a line | words |
//! |---|---|---|
//! | `din` | `0 1fffe0`: label and hexadecimal address; label 0 or `r` reads, 1 or `w` writes, 2 or `i` fetches an instruction | address / word |
//! | `lackey` | ` L 1ffe,8`, ` S …`, ` M …`, `I  …`: what `valgrind --tool=lackey --trace-mem=yes` writes; lines that begin with `=` are its chatter | all that the bytes lie in |
//! | `ids` | `17`, or `17 w` for a write | the number itself |
//! | `binary` | see [`BinaryWriter`] | the number itself |
//!
//! Instruction fetches are counted and left out; a modify, M, is one touch, a write. Plain, gzip or
//! zstd, told by the first bytes. A file is read once, as it comes; what is kept follows the words
//! that it touches.

mod binary;
mod lines;
mod numbering;
mod read;
mod text;
mod write;

pub use binary::BinaryWriter;
pub use numbering::Numbers;
pub use read::{Reader, Seen, TraceError, TraceFault};
pub use write::TextWriter;

use std::{fmt, num::NonZeroU64, str::FromStr};

/// How a trace is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Dinero's.
    Din,
    /// Valgrind lackey's.
    Lackey,
    /// A word's number a line.
    Ids,
    /// Ours, compact.
    Binary,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Din, Self::Lackey, Self::Ids, Self::Binary];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Din => "din",
            Self::Lackey => "lackey",
            Self::Ids => "ids",
            Self::Binary => "binary",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No format has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no format `{0}`; there are din, lackey, ids and binary")]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let found = Self::ALL.into_iter().find(|it| it.name() == name);
        found.ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// How bytes become words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granularity {
    /// Bytes of a word. Numbers are words already.
    pub word_bytes: NonZeroU64,
    /// What becomes of an access whose bytes lie in several words.
    pub across: Across,
    /// How they are numbered.
    pub numbers: Numbers,
}

/// An access whose bytes lie in several words…
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Across {
    /// … touches each of them.
    Split,
    /// … is an error.
    Refuse,
}

#[cfg(test)]
mod tests;
