//! What a file of moves says before its first move: the problem, M and the variant of the game.

use crate::model::{Machine, Partial, Recompute, Words};
use std::{fmt, io};

/// The first lines of a file of moves.
///
/// ```text
/// problem cdag FILE                    an explicit CDAG in a file
/// problem generate attention N D       the textbook CDAG of attention
/// problem generate FAMILY:SIZES        a CDAG of a family, as matmul:2,2,2
/// problem inline inputs K outputs L    the moves are the CDAG
/// problem attention N D [scaled]       the moves are the CDAG and claim to compute attention
/// fast M [one-shot] [partial]
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the moves are about.
    pub problem: Named,
    /// M, and whether recomputation and partial computations are allowed.
    pub machine: Machine,
}

/// A problem by name; nothing of it has been looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// An explicit CDAG in a file; the name has no line break and no space at its ends.
    Cdag(String),
    /// The textbook CDAG of attention.
    Generate {
        /// N.
        n: u64,
        /// d.
        d: u64,
    },
    /// A CDAG of a family, as `matmul:2,2,2`; a colon is in it, and no space.
    Family(String),
    /// The moves are the CDAG.
    Inline {
        /// Vertices below this are inputs.
        inputs: u64,
        /// Output addresses below this are stored to.
        outputs: u64,
    },
    /// The moves are the CDAG, with inputs Q, K, V and outputs O.
    Attention {
        /// N.
        n: u64,
        /// d.
        d: u64,
        /// Are the scores scaled?
        scaled: bool,
    },
}

impl Header {
    pub(super) fn parse(problem: &str, fast: &str) -> Option<Self> {
        Some(Self { problem: Named::parse(problem)?, machine: machine(fast)? })
    }

    /// The two lines, if they read back as this header: not every file name does.
    pub(super) fn checked(&self) -> io::Result<String> {
        let text = self.to_string();
        let back = text.split_once('\n').and_then(|(problem, fast)| Self::parse(problem, fast));
        if text.contains('#') || back.as_ref() != Some(self) {
            let message = "the name of the cdag's file cannot stand in a header";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        Ok(text)
    }
}

impl Named {
    pub(super) fn parse(line: &str) -> Option<Self> {
        let rest = line.trim().strip_prefix("problem ")?.trim();
        let words: Vec<&str> = rest.split_whitespace().collect();
        match *words {
            ["cdag", _, ..] => Some(Self::Cdag(rest.strip_prefix("cdag")?.trim().to_owned())),
            ["generate", "attention", n, d] => {
                Some(Self::Generate { n: n.parse().ok()?, d: d.parse().ok()? })
            }
            ["generate", family] if family.contains(':') => Some(Self::Family(family.to_owned())),
            ["inline", "inputs", k, "outputs", l] => {
                Some(Self::Inline { inputs: k.parse().ok()?, outputs: l.parse().ok()? })
            }
            ["attention", n, d, ref scaled @ ..] if matches!(scaled, [] | ["scaled"]) => {
                let scaled = !scaled.is_empty();
                Some(Self::Attention { n: n.parse().ok()?, d: d.parse().ok()?, scaled })
            }
            _ => None,
        }
    }
}

pub(super) fn machine(line: &str) -> Option<Machine> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (fast, variant) = match *words {
        ["fast", fast, ref variant @ ..] => (fast, variant),
        _ => return None,
    };
    let mut machine = Machine::strict(Words(fast.parse().ok()?));
    match variant {
        [] => {}
        ["one-shot"] => machine.recompute = Recompute::Forbidden,
        ["partial"] => machine.partial = Partial::On,
        ["one-shot", "partial"] => {
            (machine.recompute, machine.partial) = (Recompute::Forbidden, Partial::On);
        }
        _ => return None,
    }
    Some(machine)
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cdag(file) => write!(f, "problem cdag {file}"),
            Self::Generate { n, d } => write!(f, "problem generate attention {n} {d}"),
            Self::Family(name) => write!(f, "problem generate {name}"),
            Self::Inline { inputs, outputs } => {
                write!(f, "problem inline inputs {inputs} outputs {outputs}")
            }
            Self::Attention { n, d, scaled } => {
                write!(f, "problem attention {n} {d}{}", if *scaled { " scaled" } else { "" })
            }
        }
    }
}

/// The two lines, without a line break at the end.
impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\nfast {}", self.problem, self.machine.fast)?;
        if self.machine.recompute == Recompute::Forbidden {
            f.write_str(" one-shot")?;
        }
        if self.machine.partial == Partial::On {
            f.write_str(" partial")?;
        }
        Ok(())
    }
}
