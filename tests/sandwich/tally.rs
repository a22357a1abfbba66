//! What was looked at, and how tight it was.

use crate::Layers;
use std::fmt;
use std::ops::{Add, AddAssign};

/// Counts; a point is a CDAG and an M.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) cdags: u64,
    pub(crate) points: u64,
    /// Searches that ended: at most two a point, one a game.
    pub(crate) ended: u64,
    /// Of those, optima above the compulsory words.
    pub(crate) dear: u64,
    /// Of those, how many a checked bound attains.
    pub(crate) tight: u64,
    /// Points where recomputation moves fewer words.
    pub(crate) helped: u64,
    /// Points where the optimum without recomputation is known.
    pub(crate) known: u64,
    /// Of those, how often the schedules attain it: belady, then lru, from each start and by search.
    pub(crate) attained: [u64; 8],
}

impl Tally {
    pub(crate) fn take(&mut self, games: &[Layers; 2], compulsory: u64, orders: &[u64]) {
        let [once, again] = games;
        self.points += 1;
        for it in games.iter().filter(|it| it.ended) {
            self.ended += 1;
            self.dear += u64::from(it.lower > compulsory);
            self.tight += u64::from(it.lower > compulsory && it.bound == it.lower);
        }
        self.helped += u64::from(once.ended && again.upper < once.lower);
        if once.ended {
            self.known += 1;
            for (sum, io) in self.attained.iter_mut().zip(orders) {
                *sum += u64::from(*io == once.lower);
            }
        }
    }

    /// Do the searches attain the optimum in so many of a hundred points, with belady and with lru?
    pub(crate) fn searches_attain(&self, percent: [u64; 2]) -> bool {
        let [belady, lru] = [self.attained[3], self.attained[7]].map(|it| 100 * it / self.known);
        belady >= percent[0] && lru >= percent[1]
    }

    /// A row of the table in `benches/README.md`, which `--nocapture` shows.
    pub(crate) fn show(&self, name: &str) {
        eprintln!("| {name} | {self} |");
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.attained.map(|it| it.to_string());
        write!(f, "{} | {} | {}", self.cdags, self.known, words.join(" | "))
    }
}

impl AddAssign<&Self> for Tally {
    fn add_assign(&mut self, it: &Self) {
        self.cdags += it.cdags;
        self.points += it.points;
        self.ended += it.ended;
        self.dear += it.dear;
        self.tight += it.tight;
        self.helped += it.helped;
        self.known += it.known;
        for (sum, it) in self.attained.iter_mut().zip(it.attained) {
            *sum += it;
        }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(mut self, it: Self) -> Self {
        self += &it;
        self
    }
}
