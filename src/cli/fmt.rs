//! `iobound fmt`: the one way a schedule text looks.

use super::{
    Status,
    failure::Failure,
    files,
    output::{Output, say},
};
use iobound::schedule::{Draft, TextError};
use serde::Serialize;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound fmt mine.sched            print it
  iobound fmt mine.sched --write    replace it
  iobound fmt mine.sched --check    exit status 1 if --write would change it")]
pub(super) struct Args {
    /// A schedule text
    file: PathBuf,
    /// Only say whether it looks so already
    #[arg(long, conflicts_with = "write")]
    check: bool,
    /// Replace the file
    #[arg(long)]
    write: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    file: String,
    /// Did it look so before?
    formatted: bool,
    written: bool,
    text: &'a str,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let before = files::read(&args.file, &files::SCHEDULE)?;
    let draft = Draft::parse(&before)
        .map_err(|it| Failure::of_text(&TextError::Parse(it), args.file.display()))?;
    let text = draft.to_string();
    let formatted = text == before;
    let written = args.write && !formatted;
    if written {
        files::write(&args.file, |file| file.write_all(text.as_bytes()))?;
    }
    if args.check && !formatted {
        say(format_args!("{}: `iobound fmt --write` would change it", args.file.display()));
    }
    if out.is_json() {
        let file = args.file.display().to_string();
        out.document(&Document { file, formatted, written, text: &text });
    } else if !args.check && !args.write {
        out.text(&text);
    }
    Ok(if args.check && !formatted { Status::Wrong } else { Status::Holds })
}
