//! `iobound sweep`: a grid of your own.

use super::output;
use anyhow::{bail, ensure};
use iobound::{
    model::{MAX_EXTENT, MAX_FAST, Words},
    sizes::{SizeError, Sizes},
    strategy::ALGORITHMS,
    sweep::{self, BEST, Cell, SweepError, Tiles},
};
use std::{io::Write, path::PathBuf, process::ExitCode};

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

fn memories(text: &str) -> Result<Sizes, SizeError> {
    Sizes::parse(text, MAX_FAST)
}

/// Most cells of one sweep: their points are held in memory.
const MOST: usize = 2_000_000;

/// Runs `sweep`: exit 1 if a bound exceeds a count.
///
/// # Errors
///
/// An unknown algorithm, too many cells, a folder that cannot be written.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let cells = cells(args)?;
    output::folder(&args.out)?;
    let bar = output::progress(cells.len());
    let swept = sweep::sweep(&cells, || bar.inc(1));
    bar.finish_and_clear();
    let points = match swept {
        Ok(points) => points,
        Err(error @ SweepError::OutOfRange(_)) => return Err(error.into()),
        Err(error) => {
            writeln!(std::io::stderr(), "error: {error}")?;
            return Ok(ExitCode::from(1));
        }
    };
    output::write(&args.out, "points.jsonl", sweep::to_json_lines(&points).as_bytes())?;
    output::write(&args.out, "points.csv", sweep::to_csv(&points).as_bytes())?;
    let absent = points.iter().filter(|it| it.io.is_none()).count();
    let (cells, out) = (points.len(), args.out.display());
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{cells} cells, {absent} of them without a schedule that fits: {out}")?;
    Ok(ExitCode::SUCCESS)
}

fn cells(args: &Args) -> anyhow::Result<Vec<Cell>> {
    let mut names: Vec<&str> = vec![];
    for name in &args.algorithm {
        match name.as_str() {
            "all" => names.extend(ALGORITHMS.iter().map(|it| it.name).chain([BEST])),
            name => names.push(name),
        }
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|it| seen.insert(*it));
    ensure!(!names.is_empty(), "no algorithm is named; write `all` or {}", known());
    let [n, d, m] = [&args.n, &args.d, &args.m].map(Sizes::as_slice);
    let sizes = [n, d, m].iter().try_fold(names.len(), |all, it| all.checked_mul(it.len()));
    let Some(_) = sizes.filter(|it| *it <= MOST) else {
        bail!("more than {MOST} cells; sweep them in parts");
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

fn known() -> String {
    ALGORITHMS.iter().map(|it| it.name).collect::<Vec<_>>().join(", ")
}
