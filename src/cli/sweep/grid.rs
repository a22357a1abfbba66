//! What a sweep is asked: sizes, algorithms, whose tiles; and the share of it that one process answers.

use crate::cli::failure::Failure;
use iobound::{
    model::Words,
    strategy::ALGORITHMS,
    sweep::{BEST, Cell, Tiles},
};
use serde::{Deserialize, Serialize};
use std::{collections::HashSet, fmt, str::FromStr};

/// Most cells of one sweep: their names are held in memory.
const MOST: usize = 2_000_000;

/// All of N × d × M × algorithms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct Grid {
    n: Vec<u64>,
    d: Vec<u64>,
    m: Vec<u64>,
    algorithms: Vec<String>,
    /// The paper's tiles instead of the best.
    paper_tiles: bool,
}

impl Grid {
    /// # Errors
    ///
    /// An unknown algorithm, or too many cells.
    pub(super) fn new(
        [n, d, m]: [&[u64]; 3],
        algorithms: &[String],
        paper_tiles: bool,
    ) -> Result<Self, Failure> {
        let mut names: Vec<String> = vec![];
        for name in algorithms {
            match name.as_str() {
                "all" => names
                    .extend(ALGORITHMS.iter().map(|it| it.name).chain([BEST]).map(str::to_owned)),
                name => names.push(name.to_owned()),
            }
        }
        let mut seen = HashSet::new();
        names.retain(|it| seen.insert(it.clone()));
        let [n, d, m] = [n, d, m].map(<[u64]>::to_vec);
        let grid = Self { n, d, m, algorithms: names, paper_tiles };
        grid.sizes()?;
        grid.templates()?;
        Ok(grid)
    }

    /// How many N × d × M there are.
    fn sizes(&self) -> Result<usize, Failure> {
        let lengths = [self.n.len(), self.d.len(), self.m.len()];
        let sizes = lengths.iter().try_fold(1_usize, |all, it| all.checked_mul(*it));
        let cells = |it: &usize| it.checked_mul(self.algorithms.len().max(1));
        sizes.filter(|it| cells(it).is_some_and(|it| it <= MOST)).ok_or_else(|| {
            Failure::arguments(format_args!("more than {MOST} cells; sweep them in parts"))
        })
    }

    /// One cell an algorithm, at no size yet.
    fn templates(&self) -> Result<Vec<Cell>, Failure> {
        let tiles = if self.paper_tiles { Tiles::Paper } else { Tiles::Best };
        let cells =
            self.algorithms.iter().map(|name| Ok(Cell::new(name, 1, 1, Words(1))?.with(tiles)));
        cells.collect()
    }

    /// The cells of `shard`.
    ///
    /// Those of one size stay together, since they share searches. Sizes are dealt out like cards along
    /// diagonals of (N, d) × M, so that every shard has its part of large M.
    ///
    /// # Errors
    ///
    /// An unknown algorithm, or too many cells.
    pub(super) fn cells(&self, shard: Shard) -> Result<Vec<Cell>, Failure> {
        let (sizes, templates) = (self.sizes()?, self.templates()?);
        let (many_d, many_m) = (self.d.len(), self.m.len());
        let dealt = (0..sizes).filter(|it| it % shard.of == shard.index - 1).map(|card| {
            let (row, column) = (card / many_m, card % many_m);
            (self.n[row / many_d], self.d[row % many_d], self.m[(column + row) % many_m])
        });
        let at = |(n, d, m)| templates.iter().map(move |it| it.at(n, d, Words(m)));
        Ok(dealt.flat_map(at).collect())
    }
}

/// The `index`-th of `of` shares, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(in crate::cli) struct Shard {
    index: usize,
    of: usize,
}

impl Shard {
    /// All of it.
    pub(in crate::cli) const WHOLE: Self = Self { index: 1, of: 1 };

    /// # Errors
    ///
    /// There is no such share.
    pub(in crate::cli) fn new(index: usize, of: usize) -> Result<Self, String> {
        match index {
            _ if index >= 1 && index <= of => Ok(Self { index, of }),
            _ => Err(format!("there is no shard {index} of {of}; write 1/{of} to {of}/{of}")),
        }
    }

    /// Are both shares of as many?
    pub(in crate::cli) fn is_beside(self, other: Self) -> bool {
        self.of == other.of
    }

    /// All shares of as many.
    pub(in crate::cli) fn all(self) -> impl Iterator<Item = Self> {
        (1..=self.of).map(move |index| Self { index, ..self })
    }

    /// The share of a task of a Slurm job array, the first task having the first; `None` where there is no
    /// array. `variable` reads the environment.
    ///
    /// # Errors
    ///
    /// The variables are no integers, or the tasks are not evenly spaced.
    pub(super) fn of_slurm(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, Failure> {
        let read = |name: &'static str, default: Option<usize>| match variable(name) {
            Some(text) => text.parse().map(Some).map_err(|_| {
                Failure::arguments(format_args!("{text:?} is not an integer")).at(name)
            }),
            None => Ok(default),
        };
        const TASK: &str = "SLURM_ARRAY_TASK_ID";
        let task = read(TASK, None)?;
        let of = read("SLURM_ARRAY_TASK_COUNT", None)?;
        let (Some(task), Some(of)) = (task, of) else { return Ok(None) };
        let first = read("SLURM_ARRAY_TASK_MIN", Some(0))?.unwrap_or(0);
        let step = read("SLURM_ARRAY_TASK_STEP", Some(1))?.unwrap_or(1);
        let index = task.checked_sub(first).filter(|it| step > 0 && it % step == 0);
        let shard = index.and_then(|it| Self::new(it / step + 1, of).ok());
        shard.map(Some).ok_or_else(|| {
            let message = format!(
                "task {task} is not one of {of} from {first} in steps of {step}; give --shard K/S"
            );
            Failure::arguments(message).at(TASK)
        })
    }

    /// The name of its folder beside those of the others.
    pub(super) fn folder(self) -> String {
        format!("shard-{}-of-{}", self.index, self.of)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text
            .split_once('/')
            .and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        let (index, of) = parts.ok_or_else(|| format!("{text:?} is not a shard; write 2/4"))?;
        Self::new(index, of)
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(it: Shard) -> Self {
        it.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(lengths: [u64; 3]) -> Grid {
        let [n, d, m] = lengths.map(|it| (1..=it).collect::<Vec<_>>());
        Grid::new([&n, &d, &m], &["best".to_owned(), "flash2".to_owned()], false).expect("small")
    }

    /// Every cell is in one shard, and shards differ by one size at most.
    #[test]
    fn shards_are_a_partition() {
        for lengths in [[1, 1, 1], [2, 2, 2], [3, 1, 8], [5, 3, 7], [4, 2, 16]] {
            let grid = grid(lengths);
            let ids = |shard| {
                let cells = grid.cells(shard).expect("small");
                cells.iter().map(Cell::id).collect::<Vec<_>>()
            };
            let mut whole = ids(Shard::WHOLE);
            whole.sort_unstable();
            assert_eq!(whole.len() as u64, 2 * lengths.iter().product::<u64>());
            for of in 1..=9 {
                let shards: Vec<_> = Shard { index: 1, of }.all().map(ids).collect();
                let lengths = shards.iter().map(|it| it.len() / 2);
                let (least, most) = (lengths.clone().min(), lengths.max());
                assert!(
                    most <= least.map(|it| it + 1),
                    "{lengths:?} {of}",
                    lengths = lengths_of(&shards)
                );
                let mut joined = shards.concat();
                joined.sort_unstable();
                assert_eq!(joined, whole);
            }
        }
    }

    fn lengths_of(shards: &[Vec<String>]) -> Vec<usize> {
        shards.iter().map(Vec::len).collect()
    }

    /// Large memories are not one shard's.
    #[test]
    fn every_shard_has_every_memory() {
        let grid = grid([4, 1, 4]);
        for shard in (Shard { index: 1, of: 4 }).all() {
            let cells = grid.cells(shard).expect("small");
            let memories: HashSet<_> = cells.iter().map(|it| it.m.0).collect();
            assert_eq!(memories.len(), 4, "{shard}");
        }
    }

    #[test]
    fn shards_as_they_are_written() {
        assert_eq!("2/4".parse(), Ok(Shard { index: 2, of: 4 }));
        for wrong in [
            "0/4",
            "5/4",
            "0/0",
            "1",
            "1/",
            "/4",
            "-1/4",
            "1/4/4",
            "a/b",
            "",
            "1/18446744073709551616",
        ] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn shards_of_a_job_array() {
        type Set = &'static [(&'static str, &'static str)];
        let of = |set: Set| {
            let find =
                |name: &str| set.iter().find(|it| format!("SLURM_ARRAY_TASK_{}", it.0) == name);
            Shard::of_slurm(|name| find(name).map(|it| it.1.to_owned()))
                .map_err(|it| it.to_string())
        };
        let shard = |index, of| Ok(Some(Shard { index, of }));
        assert_eq!(of(&[]), Ok(None));
        assert_eq!(of(&[("ID", "3")]), Ok(None));
        assert_eq!(of(&[("ID", "0"), ("COUNT", "4")]), shard(1, 4));
        assert_eq!(of(&[("ID", "4"), ("COUNT", "4"), ("MIN", "1"), ("STEP", "1")]), shard(4, 4));
        assert_eq!(of(&[("ID", "16"), ("COUNT", "4"), ("MIN", "10"), ("STEP", "3")]), shard(3, 4));
        // --array=1,5,7
        let uneven = of(&[("ID", "5"), ("COUNT", "3"), ("MIN", "1"), ("STEP", "1")]);
        assert!(uneven.expect_err("no fifth of three").contains("give --shard K/S"));
        assert!(of(&[("ID", "x"), ("COUNT", "3")]).expect_err("no number").contains("TASK_ID"));
        assert!(of(&[("ID", "1"), ("COUNT", "3"), ("STEP", "0")]).is_err());
    }
}
