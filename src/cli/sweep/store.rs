//! The folder of a sweep.
//!
//! ```text
//! manifest.json   what was asked, of which share, by which program
//! journal         the points so far, as they came
//! points.jsonl    all points by name, once all are there
//! points.csv      the same
//! ```
//!
//! Everything but the journal is written beside its place and renamed. Two folders with the same manifest end
//! with the same points, byte by byte, however often their processes were killed.

use super::{
    grid::{Grid, Shard},
    journal::Journal,
};
use crate::cli::{
    failure::{Failure, Kind},
    files, folder,
};
use iobound::{
    strategy::ALGORITHMS,
    sweep::{Cell, Point, csv_header},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

const MANIFEST: &str = "manifest.json";

/// What decides a folder's points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct Manifest {
    /// Name and version.
    program: String,
    pub(in crate::cli) sweep: Grid,
    pub(in crate::cli) shard: Shard,
    /// Of this share.
    cells: usize,
    /// SHA-256 of the names of these cells, a line each, and of the texts of all algorithms.
    sha256: String,
}

impl Manifest {
    fn new(sweep: Grid, shard: Shard, cells: &[Cell]) -> Self {
        let mut hash = Sha256::new();
        cells.iter().for_each(|it| hash.update(format!("{it}\n")));
        ALGORITHMS.iter().for_each(|it| hash.update(it.text));
        let sha256 = hash.finalize().iter().map(|it| format!("{it:02x}")).collect();
        let program = format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        Self { program, sweep, shard, cells: cells.len(), sha256 }
    }

    /// That of a folder; `None` if it has none.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is not one.
    pub(in crate::cli) fn read(folder: &Path) -> Result<Option<Self>, Failure> {
        let path = folder.join(MANIFEST);
        if !path.exists() {
            return Ok(None);
        }
        let manifest = serde_json::from_str(&files::read(&path, &files::MANIFEST)?);
        manifest.map(Some).map_err(|it| Failure::new(Kind::Parse, it).at(path.display()))
    }

    /// How `self` in a folder is not what is wanted.
    fn differs(&self, wanted: &Self) -> Option<String> {
        let of = |it: &Self| format!("{} of {} cells", it.shard, it.cells);
        match () {
            () if self.program != wanted.program => {
                Some(format!("written by {}; this is {}", self.program, wanted.program))
            }
            () if self.sweep != wanted.sweep => {
                Some("of other sizes, algorithms or tiles".to_owned())
            }
            () if self.shard != wanted.shard => {
                Some(format!("shard {}, not {}", of(self), of(wanted)))
            }
            () => (self != wanted).then(|| "made with other schedule texts".to_owned()),
        }
    }
}

/// A sweep's folder that is open, and no other process's.
#[derive(Debug)]
pub(in crate::cli) struct Store {
    folder: PathBuf,
    journal: Journal,
    cells: Vec<Cell>,
}

/// What a finished sweep has.
#[derive(Debug)]
pub(in crate::cli) struct Results {
    pub(in crate::cli) cells: usize,
    /// Cells in which nothing fits.
    pub(in crate::cli) without_schedule: usize,
    pub(in crate::cli) files: [PathBuf; 2],
}

impl Store {
    /// Opens the folder of a share of `sweep`, or makes it. With `restart`, whatever it held is forgotten.
    ///
    /// # Errors
    ///
    /// It holds another sweep, another process has it, or it cannot be written.
    pub(in crate::cli) fn open(
        folder: PathBuf,
        sweep: &Grid,
        shard: Shard,
        restart: bool,
    ) -> Result<Self, Failure> {
        let cells = sweep.cells(shard)?;
        folder::make(&folder)?;
        let mut journal = Journal::open(folder.join("journal"))?;
        let wanted = Manifest::new(sweep.clone(), shard, &cells);
        let conflict = |what: &str| {
            let message =
                format!("holds a sweep {what}; use another folder, or --restart to forget it");
            Err(Failure::new(Kind::File, message).at(folder.display()))
        };
        let there = if restart { None } else { Manifest::read(&folder)? };
        match there {
            Some(there) => {
                if let Some(what) = there.differs(&wanted) {
                    return conflict(&what);
                }
            }
            None if !restart && journal.len() > 0 => {
                return conflict("whose manifest.json is gone");
            }
            None => {
                journal.clear()?;
                let text = serde_json::to_string(&wanted).expect("plain data") + "\n";
                folder::replace(&folder, MANIFEST, |to| to.write_all(text.as_bytes()))?;
            }
        }
        Ok(Self { folder, journal, cells })
    }

    /// Lines of the journal that are damaged.
    pub(in crate::cli) fn damaged(&self) -> usize {
        self.journal.damaged()
    }

    pub(in crate::cli) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The cells without a point.
    pub(in crate::cli) fn missing(&self) -> Vec<Cell> {
        self.cells.iter().filter(|it| !self.journal.has(&it.id())).copied().collect()
    }

    /// Keeps a point.
    ///
    /// # Errors
    ///
    /// The disk does not take it; those before are kept.
    pub(in crate::cli) fn keep(&self, point: &Point) -> Result<(), Failure> {
        self.journal.append(point.id.clone(), &point.to_json())
    }

    /// Keeps the points of another that are missing here.
    ///
    /// # Errors
    ///
    /// As [`Self::keep`], and the other cannot be read.
    pub(in crate::cli) fn keep_all(&self, other: &Self) -> Result<(), Failure> {
        for id in other.cells.iter().map(Cell::id).filter(|it| !self.journal.has(it)) {
            let point = other.journal.point(&id)?;
            self.journal.append(id, &point)?;
        }
        Ok(())
    }

    /// Writes the results, sorted by the bytes of the cells' names.
    ///
    /// # Errors
    ///
    /// A cell has no point; the disk does not take them.
    pub(in crate::cli) fn finish(&self) -> Result<Results, Failure> {
        self.journal.sync()?;
        let mut ids: Vec<_> = self.cells.iter().map(Cell::id).collect();
        ids.sort_unstable();
        let mut without_schedule = 0;
        let lines = |to: &mut dyn Write| {
            ids.iter().try_for_each(|id| writeln!(to, "{}", self.point(id)?.0))
        };
        let rows = |to: &mut dyn Write| {
            to.write_all(csv_header().as_bytes())?;
            for id in &ids {
                let point = self.point(id)?.1;
                without_schedule += usize::from(point.io.is_none());
                to.write_all(point.to_csv().as_bytes())?;
            }
            Ok(())
        };
        let files = [
            folder::replace(&self.folder, "points.jsonl", lines)?,
            folder::replace(&self.folder, "points.csv", rows)?,
        ];
        Ok(Results { cells: ids.len(), without_schedule, files })
    }

    fn point(&self, id: &str) -> io::Result<(String, Point)> {
        let text = self.journal.point(id).map_err(|it| io::Error::other(it.to_string()))?;
        let point = serde_json::from_str(&text)?;
        Ok((text, point))
    }
}
