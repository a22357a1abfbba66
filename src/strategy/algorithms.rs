//! The algorithms that ship: one line each, and the tile sizes their papers prescribe.

use super::Schedule;
use crate::{model::Words, schedule::Program};
use std::sync::LazyLock;

/// With a running maximum, as kernels do it, or without, as the textbook CDAG has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Max {
    /// Subtract a maximum before exp: safe for large scores.
    #[default]
    Kept,
    /// Weights exp(s) and one division at the end: pebbles the textbook CDAG.
    Dropped,
}

/// An algorithm that ships.
#[derive(Debug)]
#[non_exhaustive]
pub struct Algorithm {
    /// The name it goes by everywhere.
    pub name: &'static str,
    /// What it does, in a line.
    pub about: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Where its tile sizes come from; `None` if its paper prescribes none.
    pub tiles_source: Option<&'static str>,
    /// The text.
    pub text: &'static str,
    /// The text without the maximum.
    pub no_max_text: Option<&'static str>,
    paper: fn(u64, u64, u64) -> Vec<(&'static str, u64)>,
    schedule: &'static LazyLock<Schedule>,
    no_max: Option<&'static LazyLock<Schedule>>,
}

impl Algorithm {
    /// Its schedule, with the maximum or without; `None` if it has no such text.
    #[must_use]
    pub fn schedule(&self, max: Max) -> Option<&'static Schedule> {
        match max {
            Max::Kept => Some(self.schedule),
            Max::Dropped => self.no_max.map(|it| &**it),
        }
    }

    /// The paper's tiles at N, d and M, unclipped; `None` if it prescribes none.
    #[must_use]
    pub fn paper_tiles(&self, n: u64, d: u64, fast: Words) -> Option<Vec<(String, u64)>> {
        self.tiles_source?;
        let tiles = (self.paper)(n, d, fast.0);
        Some(tiles.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

/// No algorithm goes by this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no algorithm is called {given:?}; there are {}", names())]
pub struct UnknownAlgorithm {
    /// The name given.
    pub given: String,
}

fn names() -> String {
    let family = super::family().map(|it| it.name);
    ALGORITHMS.iter().map(|it| it.name).chain(family).collect::<Vec<_>>().join(", ")
}

/// The algorithm called `name`.
///
/// # Errors
///
/// [`UnknownAlgorithm`], with the names there are.
pub fn find(name: &str) -> Result<&'static Algorithm, UnknownAlgorithm> {
    let known = ALGORITHMS.iter().find(|it| it.name == name);
    known.ok_or_else(|| UnknownAlgorithm { given: name.to_owned() })
}

macro_rules! text {
    ($name:literal) => {
        include_str!(concat!("../../traces/", $name, ".sched"))
    };
}

macro_rules! schedule {
    ($name:literal) => {{
        static SCHEDULE: LazyLock<Schedule> = LazyLock::new(|| {
            let program = Program::parse(text!($name)).expect("a test parses every text");
            Schedule::new($name, program)
        });
        &SCHEDULE
    }};
}

/// One algorithm of the list below.
macro_rules! algorithm {
    ($name:literal, $about:literal, $source:literal, $tiles:expr, $paper:expr) => {
        algorithm!(@ $name, $about, $source, $tiles, $paper, None, None)
    };
    ($name:literal, no-max $no_max:literal, $about:literal, $source:literal, $tiles:expr,
     $paper:expr) => {
        algorithm!(@ $name, $about, $source, $tiles, $paper, Some(text!($no_max)),
            Some(schedule!($no_max)))
    };
    (@ $name:literal, $about:literal, $source:literal, $tiles:expr, $paper:expr, $text:expr,
     $no_max:expr) => {
        Algorithm {
            name: $name,
            about: $about,
            source: $source,
            tiles_source: $tiles,
            text: text!($name),
            no_max_text: $text,
            paper: $paper,
            schedule: schedule!($name),
            no_max: $no_max,
        }
    };
}

/// Every algorithm, in the order in which they are printed.
pub static ALGORITHMS: &[Algorithm] = &[
    algorithm!("standard", no-max "standard-no-max",
        "three passes, scores and weights written",
        "Dao et al. 2022 (FlashAttention), Algorithm 0",
        None, |_, _, _| vec![]),
    algorithm!(
        "flash1",
        "a block of keys stays, queries and unfinished outputs stream by",
        "Dao et al. 2022 (FlashAttention), Algorithm 1",
        Some("Algorithm 1: Bc = ⌈M/4d⌉, Br = min(Bc, d)"),
        |_, d, m| {
            let bc = m.div_ceil(4 * d);
            vec![("Bc", bc), ("Br", bc.min(d))]
        }
    ),
    algorithm!("flash2", no-max "flash2-no-max",
        "a block of queries stays, keys stream by",
        "Dao 2023 (FlashAttention-2), Algorithm 1",
        Some("§3.3: blocks of 64 or 128; here Br = 128, Bc = 128 for d ≤ 64, else 64"),
        |_, d, _| vec![("Br", 128), ("Bc", if d <= 64 { 128 } else { 64 })]),
    algorithm!("attenio", no-max "attenio-no-max",
        "one key row at a time, its rows of K and V never resident together",
        "Lu et al. 2026 (AttenIO, ASPLOS)",
        Some("eq. 13–15: a = ⌊(M − d)/(2d + 4)⌋"),
        |_, d, m| vec![("a", m.saturating_sub(d) / (2 * d + 4))]),
    algorithm!("row-wise", no-max "row-wise-no-max",
        "one row of K and V at a time, queries done one by one",
        "derived for this program",
        Some("a = ⌊(M − 2d − 4)/(2d + 2)⌋"),
        |_, d, m| vec![("a", m.saturating_sub(2 * d + 4) / (2 * d + 2))]),
    algorithm!(
        "flat",
        "full rows of scores on chip",
        "Kao et al. 2023 (FLAT)",
        Some("R = ⌊(M − d)/(N + 2d)⌋, derived from its data flow"),
        |n, d, m| vec![("R", m.saturating_sub(d) / (n + 2 * d))]
    ),
    algorithm!("square-tiling", no-max "square-tiling-no-max",
        "square tiles of scores, then of outputs: for M < d²",
        "Saha & Ye 2024, Algorithm 1",
        Some("Algorithm 1: B = ⌊√(M/4)⌋, the depth read as much at a time"),
        |_, d, m| { let b = (m / 4).isqrt(); vec![("B", b), ("E", b.min(d))] }),
    algorithm!(
        "hybrid",
        "scores with queries resident, then outputs in tiles: for d²/4 ≤ M ≤ d²",
        "derived for this program",
        None,
        |_, _, _| vec![]
    ),
    algorithm!(
        "pinned",
        "row-wise, and the words left over keep some rows of K and V resident",
        "derived for this program",
        None,
        |_, _, _| vec![]
    ),
];
