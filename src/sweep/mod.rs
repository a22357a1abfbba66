//! A grid of shapes, memory sizes and algorithms: the only place where upper meets lower.
//!
//! A [`Cell`] is a question and a [`Point`] its answer, a pure function of the cell. Cells run on all
//! cores and come back in the order in which they were asked. A point whose lower bound exceeds its
//! count stops the sweep: then the program is wrong somewhere, and no number of it is worth a file.

mod claim;
mod gap;
mod point;
#[cfg(test)]
mod tests;

pub use claim::{NotJudged, bound_of, claim};
pub use gap::{LowerExceedsUpper, gap};
pub use point::{
    Point, PointBound, Vouched, csv_header, from_json_lines, tiles, to_csv, to_json_lines,
};

use crate::{
    bounds::{self, OutOfRange, Row},
    model::{Recompute, Words},
    reading::{Totals, WalkError, count},
    strategy::{
        self, ALGORITHMS, Algorithm, Choice, Ended, Max, NoChoice, TilesFrom, UnknownAlgorithm,
        Want,
    },
};
use rayon::prelude::*;
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, PoisonError},
};

/// The name that asks for the algorithm that moves the fewest words.
pub const BEST: &str = "best";

/// Iterations walked to turn `formula` into `counted`: a tenth of a second.
pub const WALK_LIMIT: u64 = 100_000;

/// Whose tiles an algorithm is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tiles {
    /// Those that move the fewest words.
    #[default]
    Best,
    /// The paper's, shrunk where they do not fit; the best where the paper prescribes none.
    Paper,
}

/// One question: an algorithm (or [`BEST`] of all) at N, d and M. With a running maximum, no mask,
/// one head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cell {
    algorithm: &'static str,
    /// Whose tiles.
    pub tiles: Tiles,
    /// N.
    pub n: u64,
    /// d.
    pub d: u64,
    /// M.
    pub m: Words,
}

impl Cell {
    /// `algorithm` (or [`BEST`]) with the tiles that move the fewest words.
    ///
    /// # Errors
    ///
    /// [`UnknownAlgorithm`].
    pub fn new(algorithm: &str, n: u64, d: u64, m: Words) -> Result<Self, UnknownAlgorithm> {
        let algorithm =
            if algorithm == BEST { BEST } else { strategy::find(algorithm).map(|it| it.name)? };
        Ok(Self { algorithm, tiles: Tiles::Best, n, d, m })
    }

    /// The same with others' tiles.
    #[must_use]
    pub fn with(self, tiles: Tiles) -> Self {
        Self { tiles, ..self }
    }

    /// The same at another size.
    #[must_use]
    pub fn at(self, n: u64, d: u64, m: Words) -> Self {
        Self { n, d, m, ..self }
    }

    /// Every algorithm and [`BEST`] at one size.
    pub fn all(n: u64, d: u64, m: Words) -> impl Iterator<Item = Self> {
        let names = ALGORITHMS.iter().map(|it| it.name).chain([BEST]);
        names.map(move |algorithm| Self { algorithm, tiles: Tiles::Best, n, d, m })
    }

    /// What is asked for: an algorithm's name, or [`BEST`].
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        self.algorithm
    }

    /// A name that says all of the cell: `flash2-n1024-d64-m4096`, `flash2-paper-n1024-d64-m4096`.
    #[must_use]
    pub fn id(&self) -> String {
        let paper = if self.tiles == Tiles::Paper { "-paper" } else { "" };
        format!("{}{paper}-n{}-d{}-m{}", self.algorithm, self.n, self.d, self.m)
    }
}

/// Why a sweep stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SweepError {
    /// A size outside the range of the program.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// A bound above a count.
    #[error("{cell}: {error}")]
    LowerExceedsUpper {
        /// The cell.
        cell: String,
        /// The two numbers.
        error: LowerExceedsUpper,
    },
    /// Two readings of one schedule disagree.
    #[error("{cell}: the closed form gives {formula:?}, the walk {counted:?}")]
    ReadingsDiffer {
        /// The cell.
        cell: String,
        /// By the closed form.
        formula: Box<Totals>,
        /// By walking.
        counted: Box<Totals>,
    },
    /// A schedule with chosen tiles cannot be walked.
    #[error("{cell}: {error}")]
    Walk {
        /// The cell.
        cell: String,
        /// The reason.
        error: WalkError,
    },
}

/// Answers every cell, on all cores, in the order of `cells`; `done` is called after each.
///
/// A cell where nothing fits, or whose counts pass 128 bits, has no numbers and a note that says why.
///
/// # Errors
///
/// [`SweepError`], of whichever cell met it first.
pub fn sweep(cells: &[Cell], done: impl Fn() + Sync) -> Result<Vec<Point>, SweepError> {
    sweep_against(cells, bounds::best, done)
}

/// The same, but each point goes to `done` as soon as it is known, in any order, and none is kept.
///
/// # Errors
///
/// [`SweepError`], or what `done` says; cells that were not begun by then are not answered.
pub fn sweep_each<E: From<SweepError> + Send>(
    cells: &[Cell],
    done: impl Fn(Point) -> Result<(), E> + Sync,
) -> Result<(), E> {
    each_against(cells, bounds::best, |_, point| done(point))
}

type Lower = fn(u64, u64, Words, Recompute) -> Result<Row, OutOfRange>;

fn sweep_against(
    cells: &[Cell],
    lower: Lower,
    done: impl Fn() + Sync,
) -> Result<Vec<Point>, SweepError> {
    let points = Mutex::new(vec![]);
    each_against(cells, lower, |index, point| {
        points.lock().unwrap_or_else(PoisonError::into_inner).push((index, point));
        done();
        Ok::<_, SweepError>(())
    })?;
    let mut points = points.into_inner().unwrap_or_else(PoisonError::into_inner);
    points.sort_unstable_by_key(|it| it.0);
    Ok(points.into_iter().map(|it| it.1).collect())
}

fn each_against<E: From<SweepError> + Send>(
    cells: &[Cell],
    lower: Lower,
    done: impl Fn(usize, Point) -> Result<(), E> + Sync,
) -> Result<(), E> {
    // Cells of one size share the searches, which `best` would otherwise repeat.
    let mut sizes: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, cell) in cells.iter().enumerate() {
        sizes.entry((cell.n, cell.d, cell.m.0)).or_default().push(index);
    }
    let sizes: Vec<_> = sizes.into_iter().collect();
    sizes.par_iter().try_for_each(|((n, d, m), indices)| {
        let (m, found) = (Words(*m), BTreeMap::new());
        let mut size = Size { n: *n, d: *d, m, found, lower, bounds: vec![] };
        indices.iter().try_for_each(|&index| done(index, size.point(&cells[index])?))
    })
}

/// One N, d and M, the choices made there so far and the bounds found.
struct Size {
    n: u64,
    d: u64,
    m: Words,
    found: BTreeMap<(&'static str, bool), Result<Choice, NoChoice>>,
    lower: Lower,
    bounds: Vec<(Recompute, Row)>,
}

impl Size {
    fn choice(&mut self, algorithm: &'static Algorithm, tiles: Tiles) -> &Result<Choice, NoChoice> {
        let Self { n, d, m, .. } = *self;
        let paper = tiles == Tiles::Paper;
        self.found.entry((algorithm.name, paper)).or_insert_with(|| {
            let schedule = algorithm.schedule(Max::Kept).expect("every algorithm has a maximum");
            let want = if paper { Want::Paper } else { Want::Best(vec![]) };
            let tiles = algorithm.paper_tiles(n, d, m);
            strategy::choose(schedule, tiles, &[("N", n), ("d", d)], m, &want)
        })
    }

    /// The algorithm that moves the fewest words, of equals the first; else the one that needs the
    /// least memory.
    fn best(&mut self, tiles: Tiles) -> &'static Algorithm {
        let mut best = (ALGORITHMS.first().expect("there are algorithms"), (2, 0));
        for algorithm in ALGORITHMS {
            let rank = match self.choice(algorithm, tiles) {
                Ok(choice) => (0, choice.totals.io()),
                Err(NoChoice::NoFit { least, .. }) => (1, *least),
                Err(_) => (2, 0),
            };
            if rank < best.1 {
                best = (algorithm, rank);
            }
        }
        best.0
    }

    /// The best bound that holds for schedules of this variant of the game.
    fn bound(&mut self, recompute: Recompute) -> Result<Row, OutOfRange> {
        if let Some((_, row)) = self.bounds.iter().find(|it| it.0 == recompute) {
            return Ok(row.clone());
        }
        let row = (self.lower)(self.n, self.d, self.m, recompute)?;
        self.bounds.push((recompute, row.clone()));
        Ok(row)
    }

    fn point(&mut self, cell: &Cell) -> Result<Point, SweepError> {
        let algorithm = match cell.algorithm {
            BEST => self.best(cell.tiles),
            name => strategy::find(name).expect("a cell names an algorithm"),
        };
        let schedule = algorithm.schedule(Max::Kept).expect("every algorithm has a maximum");
        let class = schedule.class();
        let bound = self.bound(class.recompute().unwrap_or(Recompute::Forbidden))?;
        let mut point = absent(cell, &bound);
        let choice = match self.choice(algorithm, cell.tiles) {
            Ok(choice) => choice,
            Err(error) => {
                if let NoChoice::NoFit { least, .. } = error {
                    point.least_m = Some(*least);
                }
                point.note = Some(error.to_string());
                return Ok(point);
            }
        };
        let Totals { loads, stores, arrays, peak } = choice.totals;
        let io = choice.totals.io();
        let gap = gap(io, class, &bound)
            .map_err(|error| SweepError::LowerExceedsUpper { cell: cell.id(), error })?;
        Ok(Point {
            schedule: Some(algorithm.name.to_owned()),
            tiles: choice.tiles.iter().cloned().collect(),
            tiles_from: Some(choice.from.word().to_owned()),
            loads: Some(loads),
            stores: Some(stores),
            io: Some(io),
            arrays: Some(arrays),
            peak: Some(peak),
            vouched: Some(vouch(cell, algorithm, choice)?),
            gap,
            note: match class.recompute() {
                Some(_) => note(&choice.from),
                None => Some(format!("no gap: the class of the schedule is {class}")),
            },
            ..point
        })
    }
}

fn absent(cell: &Cell, bound: &Row) -> Point {
    let value = bound.value.clone();
    Point {
        id: cell.id(),
        algorithm: cell.algorithm.to_owned(),
        schedule: None,
        n: cell.n,
        d: cell.d,
        m: cell.m.0,
        tiles: BTreeMap::new(),
        tiles_from: None,
        loads: None,
        stores: None,
        io: None,
        arrays: None,
        peak: None,
        vouched: None,
        bound: value.map(|value| PointBound { id: bound.id.to_owned(), value }),
        gap: None,
        least_m: None,
        note: None,
    }
}

/// Walks the schedule if that is quick.
fn vouch(cell: &Cell, algorithm: &Algorithm, choice: &Choice) -> Result<Vouched, SweepError> {
    let schedule = algorithm.schedule(Max::Kept).expect("every algorithm has a maximum");
    match count(&schedule.program, &choice.binding, WALK_LIMIT) {
        Ok(counted) if counted.totals == choice.totals => Ok(Vouched::Counted),
        Ok(counted) => Err(SweepError::ReadingsDiffer {
            cell: cell.id(),
            formula: Box::new(choice.totals),
            counted: Box::new(counted.totals),
        }),
        Err(WalkError::TooLong { .. }) if schedule.formula.is_some() => Ok(Vouched::Formula),
        Err(WalkError::TooLong { .. }) => Ok(Vouched::Counted), // `totals` walked further
        Err(error) => Err(SweepError::Walk { cell: cell.id(), error }),
    }
}

fn note(from: &TilesFrom) -> Option<String> {
    match from {
        TilesFrom::Best(Ended::Exhausted) | TilesFrom::Given | TilesFrom::Paper => None,
        TilesFrom::Best(_) => Some("too many tile sizes to try all: some were sampled".to_owned()),
        TilesFrom::Shrunk { paper, needed } => {
            let tiles = tiles(&paper.iter().cloned().collect());
            Some(format!("the paper's tiles {tiles} need {needed} words; shrunk to fit"))
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id())
    }
}
