//! Cuts a stream of moves into epochs.

use super::{Epoch, Pattern, rank};
use crate::attention::Shape;
use crate::model::Words;
use crate::observe::{Tag, Tags, TooLarge};
use crate::schedule::Move;
use crate::value::Values;

/// An observer of moves that a referee accepts.
#[derive(Debug)]
pub struct Watch {
    tags: Tags,
    fast: u64,
    d: u32,
    keys: u64,
    values: Values,
    /// A bit for each (i, j), row-major: was its score computed?
    finished: Vec<u64>,
    pairs: u64,
    /// How many were.
    n_finished: u64,
    /// Ω of the epoch that runs.
    entries: Vec<(u32, u32)>,
    loads: u64,
    stores: u64,
    epochs: Vec<Epoch>,
}

impl Watch {
    /// Before the first move on a machine with `fast` words.
    ///
    /// # Errors
    ///
    /// [`TooLarge`], as [`Tags::new`].
    pub fn new(shape: &Shape, fast: Words, values: Values) -> Result<Self, TooLarge> {
        let pairs = u64::try_from(shape.pairs()).map_err(|_| TooLarge::Shape)?;
        let bits = usize::try_from(pairs.div_ceil(64)).map_err(|_| TooLarge::Shape)?;
        Ok(Self {
            tags: Tags::new(shape)?,
            fast: fast.0,
            d: u32::try_from(shape.d()).map_err(|_| TooLarge::Shape)?,
            keys: shape.keys(),
            values,
            finished: vec![0; bits],
            pairs,
            n_finished: 0,
            entries: vec![],
            loads: 0,
            stores: 0,
            epochs: vec![],
        })
    }

    /// Sees the next move.
    pub fn see(&mut self, it: Move<'_>) {
        if let Move::Load(_) | Move::Store(..) = it {
            if self.loads + self.stores == self.fast {
                self.cut();
            }
            *(if matches!(it, Move::Load(_)) { &mut self.loads } else { &mut self.stores }) += 1;
        }
        match self.tags.see(it) {
            Some((Tag::Pair { row, key, from: 0, to }, _)) if to == self.d => {
                self.finish(row, key);
            }
            _ => {}
        }
    }

    fn finish(&mut self, row: u32, key: u32) {
        let number = u64::from(row) * self.keys + u64::from(key);
        let Ok(at) = usize::try_from(number / 64) else { return };
        let bit = 1 << (number % 64);
        if self.finished[at] & bit == 0 {
            self.finished[at] |= bit;
            self.n_finished += 1;
            self.entries.push((row, key));
        }
    }

    fn cut(&mut self) {
        let pattern = Pattern::new(std::mem::take(&mut self.entries));
        let (loads, stores) = (std::mem::take(&mut self.loads), std::mem::take(&mut self.stores));
        self.epochs.push(Epoch {
            loads,
            stores,
            finished: pattern.n_entries(),
            rows: pattern.n_rows(),
            columns: pattern.n_columns(),
            rank: rank(&pattern, usize::try_from(self.d).unwrap_or(usize::MAX), self.values),
            limit: self.fast + loads,
        });
    }

    /// Scores computed so far.
    #[must_use]
    pub fn finished(&self) -> u64 {
        self.n_finished
    }

    /// All scores.
    #[must_use]
    pub fn pairs(&self) -> u64 {
        self.pairs
    }

    /// After the last move.
    #[must_use]
    pub fn end(mut self) -> Vec<Epoch> {
        self.cut();
        self.epochs
    }
}
