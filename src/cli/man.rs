//! `iobound man`: the manual pages.

use super::{Cli, Status, failure::Failure, folder, output::Output};
use clap::CommandFactory;
use clap_mangen::Man;
use roff::{Roff, roman};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iobound man | man -l -
  iobound man --out man1     iobound.1, and iobound-count.1 and so on")]
pub(super) struct Args {
    /// Folder for the pages of all commands (default: print the first page)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// # Errors
///
/// The folder cannot be written.
pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let Some(folder) = &args.out else {
        out.script("page", &page(&command));
        return Ok(Status::Holds);
    };
    folder::make(folder)?;
    let mut files = vec![];
    for it in std::iter::once(&command).chain(command.get_subcommands()) {
        let file = format!("{}.1", it.get_display_name().unwrap_or_else(|| it.get_name()));
        folder::write(folder, &file, page(it).as_bytes())?;
        files.push(file);
    }
    if out.is_json() {
        out.document(&serde_json::json!({ "files": files }));
    } else {
        out.line(format_args!("{} pages in {}", files.len(), folder.display()));
    }
    Ok(Status::Holds)
}

fn page(command: &clap::Command) -> String {
    let mut page = vec![];
    let man = Man::new(command.clone());
    let parts = man
        .render_title(&mut page)
        .and_then(|()| man.render_name_section(&mut page))
        .and_then(|()| man.render_synopsis_section(&mut page))
        .and_then(|()| man.render_description_section(&mut page))
        .and_then(|()| man.render_options_section(&mut page))
        .and_then(|()| match command.has_subcommands() {
            true => man.render_subcommands_section(&mut page),
            false => Ok(()),
        })
        .and_then(|()| notes(command).to_writer(&mut page));
    parts.expect("memory takes everything");
    String::from_utf8_lossy(&page).into_owned()
}

/// What follows the options: prose is filled, what is indented stays as it is.
fn notes(command: &clap::Command) -> Roff {
    let mut notes = Roff::new();
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    if !text.is_empty() {
        notes.control("SH", ["NOTES"]);
    }
    for paragraph in text.split("\n\n") {
        notes.control("PP", []);
        for line in paragraph.lines() {
            if let Some(example) = line.strip_prefix("  ") {
                notes.control("br", []);
                notes.text([roman("    "), roman(example)]);
            } else {
                notes.text([roman(line)]);
            }
        }
    }
    notes
}
