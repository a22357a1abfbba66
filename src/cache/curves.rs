//! Several policies and sizes at once, in one pass over a stream.

use super::{Cache, Counts, Fifo, Geometry, Min, Sets, Stack};
use crate::access::{Access, AccessSource};
use rayon::prelude::*;
use serde::Serialize;
use std::{fmt, str::FromStr};

/// Who leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// The word touched longest ago.
    Lru,
    /// Bélády's choice.
    Opt,
    /// As Bélády, but a clean word that is written next is let go.
    #[serde(rename = "opt-words")]
    OptWords,
    /// The word that came in longest ago.
    Fifo,
    /// Sets of lines, by their own rule; counts are of lines.
    Sets,
}

impl Policy {
    /// Those of a fully associative cache.
    pub const ALL: [Self; 4] = [Self::Lru, Self::Opt, Self::OptWords, Self::Fifo];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lru => "lru",
            Self::Opt => "opt",
            Self::OptWords => "opt-words",
            Self::Fifo => "fifo",
            Self::Sets => "sets",
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No policy has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no policy `{0}`; there are lru, opt, opt-words and fifo")]
pub struct UnknownPolicy(String);

impl FromStr for Policy {
    type Err = UnknownPolicy;

    fn from_str(name: &str) -> Result<Self, UnknownPolicy> {
        let found = Self::ALL.into_iter().find(|it| it.name() == name);
        found.ok_or_else(|| UnknownPolicy(name.to_owned()))
    }
}

/// One policy at one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Row {
    /// Who leaves.
    pub policy: Policy,
    /// C, in words.
    pub size: usize,
    /// What happened.
    #[serde(flatten)]
    pub counts: Counts,
    /// Why they are misses, of sets of lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Kinds>,
}

/// Misses of sets of lines, by what would avoid them (Hill 1987).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Kinds {
    /// First touches: nothing does.
    pub compulsory: u64,
    /// More room: what LRU misses besides in one set of as many lines.
    pub capacity: u64,
    /// More ways: the rest. Below 0 where sets are the better rule, as in loops a little too long.
    pub conflict: i64,
}

/// Accesses that are held at a time, while all caches look at them.
const CHUNK: usize = 1 << 16;

fn show(cache: &mut impl Cache, chunk: &[Access]) {
    for touch in chunk {
        cache.touch(*touch);
    }
}

enum Watch {
    Stack(Box<Stack>),
    Min(Policy, usize, Box<Min>),
    Fifo(usize, Box<Fifo>),
    Sets(Geometry, Box<Sets>, Box<Stack>),
}

impl Watch {
    fn see(&mut self, chunk: &[Access]) {
        match self {
            Self::Stack(it) => chunk.iter().for_each(|touch| {
                it.touch(*touch);
            }),
            Self::Min(_, _, it) => show(&mut **it, chunk),
            Self::Fifo(_, it) => show(&mut **it, chunk),
            Self::Sets(geometry, it, lines) => {
                show(&mut **it, chunk);
                for touch in chunk {
                    lines.touch(Access { word: touch.word / geometry.line, ..*touch });
                }
            }
        }
    }

    fn rows(&self, sizes: &[usize]) -> Vec<Row> {
        match self {
            Self::Stack(it) => {
                let curve = it.curve();
                sizes.iter().map(|it| Row::new(Policy::Lru, *it, curve.at(*it))).collect()
            }
            Self::Min(policy, size, it) => vec![Row::new(*policy, *size, it.counts())],
            Self::Fifo(size, it) => vec![Row::new(Policy::Fifo, *size, it.counts())],
            Self::Sets(geometry, it, lines) => {
                let (curve, counts) = (lines.curve(), it.counts());
                let one_set = curve.at(geometry.lines()).misses;
                let compulsory = curve.words() as u64;
                let kinds = Kinds {
                    compulsory,
                    capacity: one_set - compulsory,
                    conflict: counts.misses.cast_signed() - one_set.cast_signed(),
                };
                let size = geometry.lines() * geometry.line as usize;
                vec![Row { kinds: Some(kinds), ..Row::new(Policy::Sets, size, counts) }]
            }
        }
    }
}

impl Row {
    fn new(policy: Policy, size: usize, counts: Counts) -> Self {
        Self { policy, size, counts, kinds: None }
    }
}

/// Every policy at every size, policy by policy, then `sets`; they run beside each other.
///
/// # Errors
///
/// The source's own.
pub fn curves<S: AccessSource>(
    source: &mut S,
    policies: &[Policy],
    sizes: &[usize],
    sets: Option<(Geometry, Sets)>,
) -> Result<Vec<Row>, S::Error> {
    let mut all = vec![];
    for policy in policies {
        match policy {
            Policy::Lru => all.push(Watch::Stack(Box::default())),
            Policy::Opt | Policy::OptWords => all.extend(sizes.iter().map(|it| {
                let words = *policy == Policy::OptWords;
                let min = if words { Min::by_words(*it) } else { Min::new(*it) };
                Watch::Min(*policy, *it, min.into())
            })),
            Policy::Fifo => {
                all.extend(sizes.iter().map(|it| Watch::Fifo(*it, Fifo::new(*it).into())));
            }
            Policy::Sets => {}
        }
    }
    all.extend(sets.map(|(geometry, it)| Watch::Sets(geometry, it.into(), Box::default())));
    let mut chunk = Vec::with_capacity(CHUNK);
    source.each(|it| {
        chunk.push(it);
        if chunk.len() == CHUNK {
            all.par_iter_mut().for_each(|it| it.see(&chunk));
            chunk.clear();
        }
    })?;
    all.par_iter_mut().for_each(|it| it.see(&chunk));
    Ok(all.iter().flat_map(|it| it.rows(sizes)).collect())
}
