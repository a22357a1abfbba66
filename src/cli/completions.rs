//! `iobound completions`: what a shell needs to complete the command line.

use super::{Cli, Status, failure::Failure, output::Output};
use clap::CommandFactory;
use clap_complete::{Shell, generate};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iobound completions bash > ~/.local/share/bash-completion/completions/iobound
  iobound completions zsh > ~/.zfunc/_iobound
  iobound completions fish > ~/.config/fish/completions/iobound.fish")]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

/// # Errors
///
/// None.
pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let mut script = vec![];
    generate(args.shell, &mut Cli::command(), "iobound", &mut script);
    out.script("completions", &String::from_utf8_lossy(&script));
    Ok(Status::Holds)
}
