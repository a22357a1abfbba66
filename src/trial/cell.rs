//! Which schedule, at which size, with which tiles: a cell of a grid of trials.

use crate::{
    model::Words,
    schedule::bind::Binding,
    strategy::{ALGORITHMS, Max, NoChoice, Schedule, Want, choose},
};

/// How a cell's tiles are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tiling {
    /// Those that move the fewest words with so much fast memory.
    Best(Words),
    /// All of one size, or of the most that their loops step over, if that is less.
    Same(u64),
}

impl std::fmt::Display for Tiling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Best(fast) => write!(f, "best at M = {fast}"),
            Self::Same(size) => write!(f, "all {size}"),
        }
    }
}

/// One size and one choice of tiles, for any schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// N.
    pub n: u64,
    /// d.
    pub d: u64,
    /// The tiles.
    pub tiling: Tiling,
}

impl Cell {
    /// The sizes and tiles of `schedule` in this cell.
    ///
    /// # Errors
    ///
    /// [`NoChoice`]: nothing fits.
    pub fn binding(&self, schedule: &Schedule) -> Result<Binding, NoChoice> {
        let sizes = [("N", self.n), ("d", self.d)];
        let size = match self.tiling {
            Tiling::Best(fast) => {
                let want = Want::Best(vec![]);
                return Ok(choose(schedule, None, &sizes, fast, &want)?.binding);
            }
            Tiling::Same(size) => i128::from(size),
        };
        let program = &schedule.program;
        let mut binding = schedule.least_tiles(&sizes)?;
        let env = binding.env.clone();
        for tile in &program.tiles {
            let stepped = program.stepped(*tile, &env).into_iter().min();
            let most = stepped.unwrap_or_else(|| i128::from(self.n.min(self.d)));
            let least = i128::from(program.steps_by(*tile));
            binding.env[tile.index()] = size.min(most).max(least);
        }
        Ok(binding)
    }
}

/// Every text that ships, with the maximum and without.
pub fn shipped() -> impl Iterator<Item = &'static Schedule> {
    let both = [Max::Kept, Max::Dropped];
    ALGORITHMS.iter().flat_map(move |it| both.into_iter().filter_map(|max| it.schedule(max)))
}
