//! `iobound report`: tables and plots for real models and memories.

use super::output;
use anyhow::Context;
use iobound::{
    report::{self, File, Plan},
    sweep::{self, SweepError},
};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Arguments of `report`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder the files go to
    #[arg(long, value_name = "DIR", default_value = "reports")]
    out: PathBuf,
    /// Write nothing; say whether the text and SVG files of the folder are up to date (exit 1 if not)
    #[arg(long)]
    check: bool,
}

/// Runs `report`: exit 1 if a bound exceeds a count, or `--check` finds a difference.
///
/// # Errors
///
/// The folder cannot be written.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if !args.check {
        output::folder(&args.out)?;
    }
    let plan = Plan::shipped();
    let cells = plan.cells();
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
    let files = report::files(&plan, &points)?;
    if args.check {
        return check(&args.out, &files);
    }
    for File { name, bytes, .. } in &files {
        output::write(&args.out, name, bytes)?;
    }
    let mut stdout = std::io::stdout().lock();
    write!(stdout, "{}", report::terminal(&plan, &points))?;
    writeln!(stdout, "\nPlots, all memories and FlashAttention's Figure 2: {}", readme(&args.out))?;
    Ok(ExitCode::SUCCESS)
}

fn readme(folder: &Path) -> String {
    folder.join("README.md").display().to_string()
}

fn check(folder: &Path, files: &[File]) -> anyhow::Result<ExitCode> {
    let mut stale = vec![];
    for File { name, bytes, reproducible } in files {
        let path = folder.join(name);
        let there = match fs::read(&path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display()))?,
        };
        let same = there.is_some_and(|it| it == *bytes || !reproducible);
        if !same {
            stale.push(path.display().to_string());
        }
    }
    if stale.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let stale = stale.join(", ");
    writeln!(std::io::stderr(), "not up to date: {stale}; run `iobound report`")?;
    Ok(ExitCode::from(1))
}
