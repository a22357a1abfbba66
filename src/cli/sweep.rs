//! `iobound sweep`: a grid of your own.

use super::{Status, failure::Failure, folder, output::Output};
use iobound::{
    model::{MAX_EXTENT, MAX_FAST, Words},
    sizes::{SizeError, Sizes},
    strategy::ALGORITHMS,
    sweep::{self, BEST, Cell, Tiles},
};
use serde::Serialize;
use std::path::PathBuf;

/// Arguments of `sweep`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// N: sizes such as 4096, 1Ki,4Ki or 1Ki..1Mi
    #[arg(long, value_parser = extents)]
    n: Sizes,
    /// d, likewise
    #[arg(long, value_parser = extents)]
    d: Sizes,
    /// M in words, likewise
    #[arg(long, value_parser = memories)]
    m: Sizes,
    /// Names, `best`, or `all` for every algorithm and `best`
    #[arg(long, value_delimiter = ',', value_name = "NAMES", default_value = "all")]
    algorithm: Vec<String>,
    /// Whose tiles
    #[arg(long, value_enum, default_value = "best")]
    tiles: Whose,
    /// Folder for points.jsonl and points.csv
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Whose {
    /// The tiles that move the fewest words
    Best,
    /// The paper's, shrunk where they do not fit
    Paper,
}

fn extents(text: &str) -> Result<Sizes, SizeError> {
    Sizes::parse(text, MAX_EXTENT)
}

pub(super) fn memories(text: &str) -> Result<Sizes, SizeError> {
    Sizes::parse(text, MAX_FAST)
}

/// Most cells of one sweep: their points are held in memory.
const MOST: usize = 2_000_000;

#[derive(Serialize)]
struct Document {
    cells: usize,
    without_schedule: usize,
    files: Vec<String>,
}

/// # Errors
///
/// An unknown algorithm, too many cells, a folder that cannot be written; a bound exceeds a count.
pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let cells = cells(args)?;
    folder::make(&args.out)?;
    let bar = folder::progress(cells.len());
    let swept = sweep::sweep(&cells, || bar.inc(1));
    bar.finish_and_clear();
    let points = swept?;
    let texts =
        [("points.jsonl", sweep::to_json_lines(&points)), ("points.csv", sweep::to_csv(&points))];
    let mut files = vec![];
    for (name, text) in texts {
        folder::write(&args.out, name, text.as_bytes())?;
        files.push(args.out.join(name).display().to_string());
    }
    let without_schedule = points.iter().filter(|it| it.io.is_none()).count();
    let cells = points.len();
    if out.is_json() {
        out.document(&Document { cells, without_schedule, files });
    } else {
        let files = files.join(" and ");
        out.line(format_args!(
            "{cells} cells, in {without_schedule} of them nothing fits: {files}"
        ));
    }
    Ok(Status::Holds)
}

fn cells(args: &Args) -> Result<Vec<Cell>, Failure> {
    let mut names: Vec<&str> = vec![];
    for name in &args.algorithm {
        match name.as_str() {
            "all" => names.extend(ALGORITHMS.iter().map(|it| it.name).chain([BEST])),
            name => names.push(name),
        }
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|it| seen.insert(*it));
    let [n, d, m] = [&args.n, &args.d, &args.m].map(Sizes::as_slice);
    let sizes = [n, d, m].iter().try_fold(names.len(), |all, it| all.checked_mul(it.len()));
    let Some(_) = sizes.filter(|it| *it <= MOST) else {
        return Err(Failure::arguments(format_args!(
            "more than {MOST} cells; sweep them in parts"
        )));
    };
    let mut cells = vec![];
    for &n in n {
        for &d in d {
            for &m in m {
                for name in &names {
                    let tiles = match args.tiles {
                        Whose::Best => Tiles::Best,
                        Whose::Paper => Tiles::Paper,
                    };
                    cells.push(Cell::new(name, n, d, Words(m))?.with(tiles));
                }
            }
        }
    }
    Ok(cells)
}
