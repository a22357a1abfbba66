//! `iobound report`: tables and plots for real models and memories.

use super::{
    Status,
    failure::{Failure, Kind},
    folder,
    output::Output,
    progress::Progress,
};
use iobound::{
    report::{self, File, Plan},
    sweep,
};
use serde::Serialize;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Arguments of `report`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iobound report                  into reports/; open reports/index.html
  iobound report --out elsewhere
  iobound report --check          exit status 1 if the files are not what would be written

JSON: cells, files.")]
pub(super) struct Args {
    /// Folder the files go to
    #[arg(long, value_name = "DIR", default_value = "reports")]
    out: PathBuf,
    /// Write nothing; say whether the text and SVG files of the folder are up to date (exit 1 if not)
    #[arg(long)]
    check: bool,
}

#[derive(Serialize)]
struct Document {
    cells: usize,
    files: Vec<String>,
}

/// # Errors
///
/// The folder cannot be written; a bound exceeds a count; `--check` finds a difference.
pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    if !args.check {
        folder::make(&args.out)?;
    }
    let plan = Plan::shipped();
    let cells = plan.cells();
    let progress = Progress::new(cells.len(), out);
    let swept = sweep::sweep(&cells, || progress.tick());
    drop(progress);
    let points = swept?;
    let files = report::files(&plan, &points).expect("a test draws every chart");
    if args.check {
        check(&args.out, &files)?;
    } else {
        for File { name, bytes, .. } in &files {
            folder::write(&args.out, name, bytes)?;
        }
    }
    let path = |name: &str| args.out.join(name).display().to_string();
    if out.is_json() {
        let files = files.iter().map(|it| path(&it.name)).collect();
        out.document(&Document { cells: cells.len(), files });
    } else if args.check {
        out.line(format_args!("{} is up to date", args.out.display()));
    } else {
        out.text(&report::terminal(&plan, &points));
        out.line(format_args!("\nTo look at, in a browser: {}", path("index.html")));
        let readme = path("README.md");
        out.line(format_args!("All memories and FlashAttention's Figure 2: {readme}"));
    }
    Ok(Status::Holds)
}

fn check(folder: &Path, files: &[File]) -> Result<(), Failure> {
    let mut old = vec![];
    for File { name, bytes, reproducible } in files {
        let path = folder.join(name);
        let same = match fs::read(&path) {
            Ok(there) => !reproducible || there == *bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => {
                let failure = Failure::new(Kind::File, format_args!("cannot read: {error}"));
                return Err(failure.at(path.display()));
            }
        };
        if !same {
            old.push(name.as_str());
        }
    }
    if old.is_empty() {
        return Ok(());
    }
    let message = format!("not up to date: {}; run `iobound report`", old.join(", "));
    Err(Failure::new(Kind::Disagree, message).at(folder.display()))
}
