//! Which algorithm, with which tiles.
//!
//! An algorithm is a text in `traces/`, the tile sizes its paper prescribes, and nothing else; all
//! that is said about it is read off the text. [`choose`] picks tiles for one algorithm, [`best`]
//! the algorithm and the tiles that move the fewest words.

mod algorithms;
mod bilevel;
mod family;
mod kernels;
mod pattern;
mod search;

pub use algorithms::{ALGORITHMS, Algorithm, Max, UnknownAlgorithm, find};
pub use bilevel::bilevel;
pub use family::{Default, Member, NoTask, family, member};
pub use kernels::{KERNELS, KERNELS_SOURCE, KERNELS_TRAFFIC, Kernel};
pub use pattern::pattern;
pub use search::{Ended, search};

use crate::{
    model::Words,
    reading::{
        Class, Formula, Totals, WalkError, class,
        count::{LIMIT, count},
        formula::{NotHere, formula},
    },
    schedule::{
        Program,
        bind::{BindError, Binding},
        poly::Slot,
    },
};
use std::sync::OnceLock;

/// A program and, where it has one, its closed form: what a search evaluates.
#[derive(Debug)]
pub struct Schedule {
    /// The name it goes by.
    pub name: String,
    /// The program.
    pub program: Program,
    /// Its closed form.
    pub formula: Option<Formula>,
    class: OnceLock<Class>,
}

impl Schedule {
    /// A program under a name.
    #[must_use]
    pub fn new(name: impl Into<String>, program: Program) -> Self {
        let formula = formula(&program).ok();
        Self { name: name.into(), program, formula, class: OnceLock::new() }
    }

    /// Which bounds it may be set against.
    pub fn class(&self) -> &Class {
        self.class.get_or_init(|| class(&self.program))
    }

    /// The totals at `binding`, by the closed form where there is one, else by walking.
    ///
    /// # Errors
    ///
    /// [`WalkError`] if neither can tell.
    pub fn totals(&self, binding: &Binding) -> Result<Totals, WalkError> {
        match self.formula.as_ref().map(|it| it.eval(binding)) {
            Some(Ok(totals)) => Ok(totals),
            Some(Err(NotHere::TooLarge(it))) => Err(it.into()),
            None | Some(Err(NotHere::Negative { .. })) => {
                count(&self.program, binding, LIMIT).map(|it| it.totals)
            }
        }
    }

    /// Sizes for the parameters, and every tile at its least.
    ///
    /// # Errors
    ///
    /// [`BindError`]: a parameter is missing, zero or too large.
    pub fn least_tiles(&self, sizes: &[(&str, u64)]) -> Result<Binding, BindError> {
        let mut sizes = sizes.to_vec();
        let program = &self.program;
        sizes.extend(program.tiles.iter().map(|it| (program.name(*it), least(program, *it))));
        program.bind(&sizes)
    }
}

/// The least value of `tile`: 0 if no loop steps by it.
pub(crate) fn least(program: &Program, tile: Slot) -> u64 {
    u64::from(program.steps_by(tile))
}

/// Where tiles come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TilesFrom {
    /// Typed in.
    Given,
    /// Fewest words among all that fit.
    Best(Ended),
    /// What the paper prescribes.
    Paper,
    /// What the paper prescribes does not fit; the largest that do, all capped at one size.
    Shrunk {
        /// The paper's tiles.
        paper: Vec<(String, u64)>,
        /// Words they would need.
        needed: u128,
    },
}

impl TilesFrom {
    /// The word the command line prints.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Best(_) => "best",
            Self::Paper => "paper",
            Self::Shrunk { .. } => "shrunk",
        }
    }
}

/// Which tiles are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// Those that move the fewest words; tiles given are kept.
    Best(Vec<(String, u64)>),
    /// The paper's.
    Paper,
}

/// An algorithm at one size with its tiles, and what it costs.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Tiles by name.
    pub tiles: Vec<(String, u64)>,
    /// Where they come from.
    pub from: TilesFrom,
    /// What it costs. Words.
    pub totals: Totals,
    /// All sizes and tiles.
    pub binding: Binding,
}

/// Why there is no choice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoChoice {
    /// The sizes or tiles are wrong.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The schedule cannot be walked at these sizes.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// Not even the least tiles fit.
    #[error("`{name}` needs at least {least} words of fast memory here; M is {fast}")]
    NoFit {
        /// The schedule.
        name: String,
        /// The least M that works, given what is fixed.
        least: u128,
        /// The M there is.
        fast: Words,
    },
    /// The tiles that were given do not fit.
    #[error("with these tiles `{name}` needs {needed} words of fast memory; M is {fast}")]
    OverCapacity {
        /// The schedule.
        name: String,
        /// Words needed.
        needed: u128,
        /// The M there is.
        fast: Words,
    },
}

/// Tiles for `schedule` at `sizes` (its parameters) in `fast` words, and what it then costs.
///
/// # Errors
///
/// [`NoChoice`]: wrong sizes, or nothing fits, with the least M that would.
pub fn choose(
    schedule: &Schedule,
    paper: Option<Vec<(String, u64)>>,
    sizes: &[(&str, u64)],
    fast: Words,
    want: &Want,
) -> Result<Choice, NoChoice> {
    let program = &schedule.program;
    let mut binding = schedule.least_tiles(sizes)?;
    let from = match (want, paper) {
        (Want::Paper, Some(tiles)) => shrink(schedule, &mut binding, tiles, fast)?,
        (Want::Best(given), _) if !given.is_empty() || program.tiles.is_empty() => {
            let mut sizes = sizes.to_vec();
            sizes.extend(given.iter().map(|it| (it.0.as_str(), it.1)));
            let fixed: Vec<Slot> = program
                .tiles
                .iter()
                .copied()
                .filter(|it| given.iter().any(|(name, _)| program.name(*it) == name))
                .collect();
            for it in program.tiles.iter().filter(|it| !fixed.contains(it)) {
                sizes.push((program.name(*it), least(program, *it)));
            }
            binding = program.bind(&sizes)?;
            if fixed.len() == program.tiles.len() {
                let needed = schedule.totals(&binding)?.peak;
                if needed > u128::from(fast.0) {
                    let name = schedule.name.clone();
                    return Err(NoChoice::OverCapacity { name, needed, fast });
                }
            } else {
                search(schedule, &mut binding, &fixed, fast)?;
            }
            TilesFrom::Given
        }
        _ => TilesFrom::Best(search(schedule, &mut binding, &[], fast)?),
    };
    let totals = schedule.totals(&binding)?;
    let tile = |it: &Slot| {
        let value = u64::try_from(binding.env[it.index()]).unwrap_or(u64::MAX);
        (program.name(*it).to_owned(), value)
    };
    let tiles = program.tiles.iter().map(tile).collect();
    Ok(Choice { tiles, from, totals, binding })
}

/// The paper's tiles, or all of them capped at the largest size that fits.
fn shrink(
    schedule: &Schedule,
    binding: &mut Binding,
    mut paper: Vec<(String, u64)>,
    fast: Words,
) -> Result<TilesFrom, NoChoice> {
    let program = &schedule.program;
    for (name, value) in &mut paper {
        for tile in program.tiles.iter().filter(|it| program.name(**it) == name) {
            let most = program.most_stepped(*tile, &binding.env).unwrap_or(i128::MAX);
            *value = (*value).clamp(1, u64::try_from(most).unwrap_or(u64::MAX));
        }
    }
    let peak = |binding: &mut Binding, cap: u64| {
        for (name, value) in &paper {
            for tile in program.tiles.iter().filter(|it| program.name(**it) == name) {
                binding.env[tile.index()] = i128::from((*value).min(cap));
            }
        }
        schedule.totals(binding).map(|it| it.peak)
    };
    let needed = peak(binding, u64::MAX)?;
    if needed <= u128::from(fast.0) {
        return Ok(TilesFrom::Paper);
    }
    let largest = paper.iter().map(|it| it.1).max().unwrap_or(1);
    let least = peak(binding, 1)?;
    if least > u128::from(fast.0) {
        return Err(NoChoice::NoFit { name: schedule.name.clone(), least, fast });
    }
    let (mut fits, mut over) = (1, largest);
    while over - fits > 1 {
        let cap = fits + (over - fits) / 2;
        if peak(binding, cap)? <= u128::from(fast.0) { fits = cap } else { over = cap }
    }
    peak(binding, fits)?;
    Ok(TilesFrom::Shrunk { paper, needed })
}

/// The algorithm and tiles that move the fewest words at N, d and M; of equals, the one that is
/// listed first.
///
/// # Errors
///
/// [`NoChoice`] of the algorithm that needs the least memory, if none fits.
pub fn best(
    n: u64,
    d: u64,
    fast: Words,
    max: Max,
) -> Result<(&'static Algorithm, Choice), NoChoice> {
    let mut best: Option<(&'static Algorithm, Choice)> = None;
    // Stands only if no algorithm has a text of this kind, and all of `Max` has one.
    let mut closest =
        NoChoice::NoFit { name: "every algorithm".to_owned(), least: u128::MAX, fast };
    for algorithm in ALGORITHMS {
        let Some(schedule) = algorithm.schedule(max) else { continue };
        let sizes = [("N", n), ("d", d)];
        match choose(schedule, None, &sizes, fast, &Want::Best(vec![])) {
            Ok(choice) => {
                let io = choice.totals.io();
                if best.as_ref().is_none_or(|it| io < it.1.totals.io()) {
                    best = Some((algorithm, choice));
                }
            }
            Err(NoChoice::NoFit { least, name, fast }) => {
                if matches!(&closest, NoChoice::NoFit { least: other, .. } if least < *other) {
                    closest = NoChoice::NoFit { least, name, fast };
                }
            }
            Err(it) => return Err(it),
        }
    }
    best.ok_or(closest)
}
