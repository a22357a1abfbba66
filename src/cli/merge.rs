//! `iobound merge`: one sweep from its shards.

use super::{
    Status,
    failure::{Failure, Kind},
    output::Output,
    sweep::{self, Manifest, Shard, Store},
};
use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

/// Arguments of `merge`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  iobound merge big     the shards that `iobound sweep --out big --shard K/S` left

The result has the same bytes as a sweep without shards. JSON: as that of `sweep`.")]
pub(super) struct Args {
    /// Folder for points.jsonl and points.csv
    #[arg(value_name = "DIR")]
    out: PathBuf,
    /// Folders of the shards (default: those in DIR)
    #[arg(value_name = "SHARDS")]
    shards: Vec<PathBuf>,
    /// Forget the sweep that DIR itself holds
    #[arg(long)]
    restart: bool,
}

/// # Errors
///
/// Shards that are missing, unfinished, at work or of several sweeps; DIR holds another sweep.
pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let folders = match &args.shards[..] {
        [] => shards_in(&args.out)?,
        given => given.to_vec(),
    };
    let mut manifests = vec![];
    for folder in &folders {
        let manifest = Manifest::read(folder)?;
        manifests.push(manifest.ok_or_else(|| at(folder, "holds no sweep"))?);
    }
    let Some(Manifest { sweep, shard, .. }) = manifests.first().cloned() else {
        return Err(at(&args.out, "has no folder of a shard"));
    };
    let mut seen = HashSet::new();
    for (folder, it) in folders.iter().zip(&manifests) {
        if it.sweep != sweep {
            let first = folders[0].display();
            let message = format!("holds a sweep of other sizes, algorithms or tiles than {first}");
            return Err(at(folder, message));
        }
        if !it.shard.is_beside(shard) {
            return Err(at(folder, format_args!("shard {}, beside shard {shard}", it.shard)));
        }
        if !seen.insert(it.shard) {
            return Err(at(folder, format_args!("shard {} once more", it.shard)));
        }
    }
    if let Some(missing) = shard.all().find(|it| !seen.contains(it)) {
        return Err(at(&args.out, format_args!("shard {missing} is missing")));
    }
    // One at a time: a process may have few files open.
    let whole = Store::open(args.out.clone(), &sweep, Shard::WHOLE, args.restart)?;
    for (folder, it) in folders.iter().zip(&manifests) {
        let store = Store::open(folder.clone(), &sweep, it.shard, false)?;
        let (missing, cells) = (store.missing().len(), store.cells().len());
        if missing > 0 {
            let message =
                format!("{missing} of {cells} cells are missing; give its sweep command again");
            return Err(at(folder, message));
        }
        whole.keep_all(&store)?;
    }
    sweep::print(&whole.finish()?, Shard::WHOLE, out);
    Ok(Status::Holds)
}

/// The folders in `folder` whose names are those of shards, in order of name.
fn shards_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let named = |it: &PathBuf| {
        let name = it.file_name().and_then(|it| it.to_str());
        name.is_some_and(|it| it.starts_with("shard-")) && it.is_dir()
    };
    let entries = fs::read_dir(folder)
        .and_then(|it| it.map(|entry| entry.map(|it| it.path())).collect::<io::Result<Vec<_>>>());
    let entries = entries.map_err(|it| at(folder, format_args!("cannot read: {it}")))?;
    let mut shards: Vec<_> = entries.into_iter().filter(named).collect();
    shards.sort_unstable();
    Ok(shards)
}

fn at(folder: &Path, message: impl std::fmt::Display) -> Failure {
    Failure::new(Kind::File, message).at(folder.display())
}
