//! The command line: the only place with files, printing and exit codes.
//!
//! One file a subcommand. Each has its arguments and one action of the same shape:
//!
//! ```ignore
//! #[derive(clap::Args, Debug)]
//! pub(super) struct Args { … }
//!
//! pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure>
//! ```
//!
//! What is said goes to [`Output`], which is printed once the action is over: as text, or with
//! `--json` as one JSON document. A [`Failure`] is printed on stderr and, with `--json`, as
//! `{"error":{"kind","message","where"}}` on stdout too. The exit status is 0 if what was asked
//! holds, 1 if a well-formed thing is wrong, 2 if it could not be judged ([`Status`]).

mod accesses;
mod advise;
mod animate;
mod best;
mod bounds;
mod cdag;
mod check;
mod class;
mod compare;
mod completions;
mod count;
mod curve;
mod diff;
mod epochs;
mod explain;
mod failure;
mod files;
mod fmt;
mod folder;
mod gap;
mod gpu;
mod heads;
mod layer;
mod lint;
mod list;
mod listing;
mod man;
mod merge;
mod optimal;
mod order;
mod output;
mod plan;
mod point;
mod problem;
mod progress;
mod prove;
mod replay;
mod report;
mod run;
mod sweep;
mod table;
mod trace;
mod variant;

use self::{failure::Failure, output::Output};
use clap::{
    Parser, Subcommand,
    error::{ContextKind, ErrorKind},
};
use std::{
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
};

/// How much slow-memory traffic attention must cause, and how far an algorithm is from it.
///
/// Everything is counted in words, for one head; M is the size of the fast memory. Sizes are written
/// 4096, 4Ki, 1Mi or 2^20.
#[derive(Parser, Debug)]
#[command(name = "iobound", version, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    /// Print one JSON document instead of text; errors too
    #[arg(long, global = true)]
    json: bool,
    /// No progress and no notes on stderr, only errors
    #[arg(long, short, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  iobound best   --model 'GPT-2 medium' --hardware A100
  iobound count  --algorithm flash2 --n 4Ki --d 128 --m 64Ki
  iobound replay --algorithm flash2 --n 64 --d 8 --m 512
  iobound bounds --n 4Ki --d 128 --m 64Ki --json

Exit status: 0 it holds; 1 a well-formed thing is wrong; 2 it could not be judged.";

#[derive(Subcommand, Debug)]
enum Command {
    /// Words an algorithm moves and holds
    Count(count::Args),
    /// The schedule's text with the words that each statement moves
    Explain(explain::Args),
    /// A page that plays a small schedule, move by move
    Animate(animate::Args),
    /// What moving from one schedule to another changes, array by array
    Diff(diff::Args),
    /// Play every single move by the rules of the pebble game, and check what it computes
    Replay(replay::Args),
    /// The communication bound on one schedule: what each epoch finishes, and its rank
    Epochs(epochs::Args),
    /// Run kernels made from the schedule, and count the words they move
    Gpu(gpu::Args),
    /// Compute attention by the schedule: exactly, and in 64-bit floats
    Run(run::Args),
    /// What no algorithm can go below: every lower bound
    Bounds(bounds::Args),
    /// The algorithm and tiles that move the fewest words, beside the largest lower bound
    Best(best::Args),
    /// For a model on a processor: algorithm, tiles, bytes, time, bound, and what usual tiles lose
    Plan(advise::Args),
    /// How far a measured kernel is from the best schedule and from the bound
    Compare(compare::Args),
    /// The algorithms, processors, models and bounds there are
    List(list::Args),
    /// Print a schedule text the one way it looks
    Fmt(fmt::Args),
    /// Check schedule texts
    Lint(lint::Args),
    /// A CDAG from one format to another, or in numbers
    Cdag(cdag::Args),
    /// The least I/O of a tiny CDAG, by exhaustive search
    Optimal(optimal::Args),
    /// A schedule for any CDAG: loads, stores and evictions for an order of its vertices
    Order(order::Args),
    /// How far the best schedule is from the best bound, over a grid
    Gap(gap::Args),
    /// A grid of your own, as JSON Lines and CSV
    Sweep(sweep::Args),
    /// One sweep from its shards
    Merge(merge::Args),
    /// What caches make of a trace, or of a schedule's loops
    Curve(curve::Args),
    /// Write the accesses of a schedule, or a trace, for other tools
    Trace(trace::Args),
    /// Tables and plots for real models and real memories
    Report(report::Args),
    /// Lower bounds for any CDAG, with evidence
    Prove(prove::Args),
    /// Check the evidence of lower bounds
    Check(check::Args),
    /// What a shell needs to complete the command line
    Completions(completions::Args),
    /// The manual pages
    Man(man::Args),
}

impl Command {
    fn run(&self, out: &mut Output) -> Result<Status, Failure> {
        match self {
            Self::Count(args) => count::run(args, out),
            Self::Explain(args) => explain::run(args, out),
            Self::Animate(args) => animate::run(args, out),
            Self::Diff(args) => diff::run(args, out),
            Self::Replay(args) => replay::run(args, out),
            Self::Epochs(args) => epochs::run(args, out),
            Self::Gpu(args) => gpu::run(args, out),
            Self::Run(args) => run::run(args, out),
            Self::Bounds(args) => bounds::run(args, out),
            Self::Best(args) => best::run(args, out),
            Self::Plan(args) => advise::run(args, out),
            Self::Compare(args) => compare::run(args, out),
            Self::List(args) => list::run(args, out),
            Self::Fmt(args) => fmt::run(args, out),
            Self::Lint(args) => lint::run(args, out),
            Self::Cdag(args) => cdag::run(args, out),
            Self::Optimal(args) => optimal::run(args, out),
            Self::Order(args) => order::run(args, out),
            Self::Gap(args) => gap::run(args, out),
            Self::Sweep(args) => sweep::run(args, out),
            Self::Merge(args) => merge::run(args, out),
            Self::Curve(args) => curve::run(args, out),
            Self::Trace(args) => trace::run(args, out),
            Self::Report(args) => report::run(args, out),
            Self::Prove(args) => prove::run(args, out),
            Self::Check(args) => check::run(args, out),
            Self::Completions(args) => completions::run(args, out),
            Self::Man(args) => man::run(args, out),
        }
    }
}

/// The exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// 0: it holds.
    Holds,
    /// 1: it was understood, and it is wrong.
    Wrong,
    /// 2: it could not be judged.
    Unjudged,
}

impl From<Status> for ExitCode {
    fn from(it: Status) -> Self {
        Self::from(match it {
            Status::Holds => 0,
            Status::Wrong => 1,
            Status::Unjudged => 2,
        })
    }
}

/// Runs the command that the process was started with.
pub(super) fn main() -> ExitCode {
    let given: Vec<OsString> = std::env::args_os().collect();
    let cli = match Cli::try_parse_from(&given) {
        Ok(it) => it,
        Err(it) => return refuse(&it, given.iter().any(|it| it == "--json")),
    };
    let mut out = Output::new(cli.json, cli.quiet);
    let status = cli.command.run(&mut out).unwrap_or_else(|it| out.fail(&it));
    out.print(status).into()
}

/// Help and version are answers; anything else clap says is a failure like the others.
fn refuse(error: &clap::Error, json: bool) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let _ = error.print(); // nobody reads it
        return Status::Holds.into();
    }
    let _ = write!(io::stderr(), "{}", error.render());
    let mut out = Output::new(json, true);
    if json {
        let text = error.render().to_string();
        let said = text.split("\n\n").next().unwrap_or(&text);
        let message = said.strip_prefix("error: ").unwrap_or(said).trim();
        let place = error.get(ContextKind::InvalidArg).map(ToString::to_string);
        let place = place.and_then(|it| it.split(' ').next().map(str::to_owned));
        let failure = Failure::arguments(message);
        out.error(&match place {
            Some(it) => failure.at(it),
            None => failure,
        });
    }
    out.print(Status::Unjudged).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_make_sense() {
        Cli::command().debug_assert();
    }
}
