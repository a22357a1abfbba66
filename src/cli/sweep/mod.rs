//! `iobound sweep`: a grid of your own.
//!
//! A point that is known is in the folder's journal; a sweep that was stopped goes on from there.

mod grid;
mod journal;
mod store;

use self::{grid::Grid, store::Results};
pub(super) use self::{
    grid::Shard,
    store::{Manifest, Store},
};
use super::{Status, failure::Failure, output::Output, progress::Progress};
use iobound::{
    model::{MAX_EXTENT, MAX_FAST},
    sizes::{SizeError, Sizes},
    sweep::sweep_each,
};
use serde::Serialize;
use std::{env, path::PathBuf};

/// Arguments of `sweep`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iobound sweep --n 1Ki..4Ki --d 64,128 --m 4Ki..64Ki --out sweep
  iobound sweep --n 4Ki --d 64 --m 4Ki..1Mi:9 --algorithm flash2,best --out mine --shard 2/4

A sweep that was stopped, by whatever, goes on when the same command is given again, and ends with the same
bytes. A shard works in a folder of its own below --out; `iobound merge` joins them. In a Slurm job array
(SLURM_ARRAY_TASK_ID, _COUNT) the shard is the task's, unless --shard says otherwise.

JSON: cells, without_schedule (cells where nothing fits), shard (\"2/4\", or null for all), files.")]
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
    /// Folder for points.jsonl and points.csv, sorted by the cells' names, and for the journal
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Only the K-th of S shares
    #[arg(long, value_name = "K/S")]
    shard: Option<Shard>,
    /// Forget what the folder holds, and begin anew
    #[arg(long)]
    restart: bool,
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

#[derive(Serialize)]
struct Document {
    cells: usize,
    without_schedule: usize,
    shard: Option<Shard>,
    files: [String; 2],
}

/// # Errors
///
/// An unknown algorithm, too many cells, a folder that cannot be written or holds another sweep; a bound
/// exceeds a count.
pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let sizes = [&args.n, &args.d, &args.m].map(Sizes::as_slice);
    let grid = Grid::new(sizes, &args.algorithm, matches!(args.tiles, Whose::Paper))?;
    let shard = match args.shard {
        Some(it) => it,
        None => of_environment(out)?,
    };
    let folder = match shard {
        Shard::WHOLE => args.out.clone(),
        shard => args.out.join(shard.folder()),
    };
    let store = Store::open(folder, &grid, shard, args.restart)?;
    let missing = store.missing();
    let there = store.cells().len() - missing.len();
    if store.damaged() > 0 {
        let damaged = store.damaged();
        out.note(format_args!("{damaged} lines of the journal are damaged and count as absent"));
    }
    if there > 0 {
        out.note(format_args!("{there} of {} cells are there already", store.cells().len()));
    }
    let progress = Progress::new(missing.len(), out);
    let swept = sweep_each(&missing, |point| {
        store.keep(&point)?;
        progress.tick();
        Ok::<_, Failure>(())
    });
    drop(progress);
    swept?;
    print(&store.finish()?, shard, out);
    Ok(Status::Holds)
}

fn of_environment(out: &Output) -> Result<Shard, Failure> {
    let shard = Shard::of_slurm(|name| env::var(name).ok())?;
    if let Some(shard) = shard {
        out.note(format_args!("shard {shard}, as SLURM_ARRAY_TASK_ID says; --shard 1/1 is all"));
    }
    Ok(shard.unwrap_or(Shard::WHOLE))
}

/// What a finished sweep has.
pub(super) fn print(results: &Results, shard: Shard, out: &mut Output) {
    let Results { cells, without_schedule, files } = results;
    let shard = (shard != Shard::WHOLE).then_some(shard);
    let files = files.each_ref().map(|it| it.display().to_string());
    if out.is_json() {
        let (cells, without_schedule) = (*cells, *without_schedule);
        out.document(&Document { cells, without_schedule, shard, files });
    } else {
        let of = shard.map(|it| format!(" of shard {it}")).unwrap_or_default();
        let files = files.join(" and ");
        out.line(format_args!(
            "{cells} cells{of}, in {without_schedule} of them nothing fits: {files}"
        ));
    }
}
