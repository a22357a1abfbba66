//! Several policies and sizes at once, in one pass over a stream.

use super::{Cache, Counts, Fifo, Min, Stack};
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
    /// The word that came in longest ago.
    Fifo,
}

impl Policy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Lru, Self::Opt, Self::Fifo];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lru => "lru",
            Self::Opt => "opt",
            Self::Fifo => "fifo",
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
#[error("no policy `{0}`; there are lru, opt and fifo")]
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
pub struct Row {
    /// Who leaves.
    pub policy: Policy,
    /// C, in words.
    pub size: usize,
    /// What happened.
    #[serde(flatten)]
    pub counts: Counts,
}

/// Accesses that are held at a time, while all caches look at them.
const CHUNK: usize = 1 << 16;

enum Watch {
    Stack(Box<Stack>),
    Min(usize, Box<Min>),
    Fifo(usize, Box<Fifo>),
}

impl Watch {
    fn see(&mut self, chunk: &[Access]) {
        match self {
            Self::Stack(it) => chunk.iter().for_each(|touch| {
                it.touch(*touch);
            }),
            Self::Min(_, it) => chunk.iter().for_each(|touch| {
                it.touch(*touch);
            }),
            Self::Fifo(_, it) => chunk.iter().for_each(|touch| {
                it.touch(*touch);
            }),
        }
    }

    fn rows(&self, sizes: &[usize]) -> Vec<Row> {
        match self {
            Self::Stack(it) => {
                let curve = it.curve();
                let row = |size: &usize| Row {
                    policy: Policy::Lru,
                    size: *size,
                    counts: curve.at(*size),
                };
                sizes.iter().map(row).collect()
            }
            Self::Min(size, it) => {
                vec![Row { policy: Policy::Opt, size: *size, counts: it.counts() }]
            }
            Self::Fifo(size, it) => {
                vec![Row { policy: Policy::Fifo, size: *size, counts: it.counts() }]
            }
        }
    }
}

/// Every policy at every size, policy by policy; the sizes of one policy run beside each other.
///
/// # Errors
///
/// The source's own.
pub fn curves<S: AccessSource>(
    source: &mut S,
    policies: &[Policy],
    sizes: &[usize],
) -> Result<Vec<Row>, S::Error> {
    let mut all = vec![];
    for policy in policies {
        match policy {
            Policy::Lru => all.push(Watch::Stack(Box::default())),
            Policy::Opt => all.extend(sizes.iter().map(|it| Watch::Min(*it, Min::new(*it).into()))),
            Policy::Fifo => {
                all.extend(sizes.iter().map(|it| Watch::Fifo(*it, Fifo::new(*it).into())));
            }
        }
    }
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
