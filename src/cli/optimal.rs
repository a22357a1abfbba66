//! `iobound optimal`: the least I/O of a tiny CDAG, by exhaustive search.

use super::{
    Status,
    failure::{Failure, Kind},
    output::Output,
    point::fast,
    problem::{ProblemArgs, in_header},
    replay,
    table::{digits, numbers, row},
};
use iobound::{
    exact::{Ended, Limits, Unfit, optimal},
    model::{Machine, Partial, Recompute, Words},
    replay::{Mode, Problem, replay as judge},
    schedule::{Header, Move},
};
use serde::Serialize;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound optimal --generate matmul:2,2,2 --m 4
  iobound optimal --generate fft:8 --m 6 --recompute --json
  iobound optimal mine.hdag --m 3 --moves mine.moves --mib 2048

Up to 64 vertices. Only a search that ended `exhausted` says what is least; at a limit it says between
which two numbers the least lies. The referee has replayed the schedule that is printed.")]
pub(super) struct Args {
    #[command(flatten)]
    problem: ProblemArgs,
    /// M: words of fast memory
    #[arg(long, value_name = "M", value_parser = fast)]
    m: u64,
    /// Vertices may be computed more than once
    #[arg(long, conflicts_with = "partial")]
    recompute: bool,
    /// Partial computations (PRBP): vertices are updated in place, edge by edge
    #[arg(long)]
    partial: bool,
    /// Most states kept
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().states)]
    states: u64,
    /// Memory for them, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 4096, value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    mib: u64,
    /// Write the moves: FILE.moves as text, FILE.bin in binary
    #[arg(long, value_name = "FILE")]
    moves: Option<PathBuf>,
}

#[derive(Serialize)]
struct Document {
    loads: Option<u64>,
    stores: Option<u64>,
    io: Option<u64>,
    ended: String,
    lower: u64,
    states: u64,
    m: u64,
    recompute: bool,
    partial: bool,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let (labelled, named) = args.problem.needed()?;
    let cdag = &labelled.cdag;
    let recompute = if args.recompute { Recompute::Allowed } else { Recompute::Forbidden };
    let partial = if args.partial { Partial::On } else { Partial::Off };
    let machine = Machine { fast: Words(args.m), recompute, partial };
    let limits = Limits { states: args.states, bytes: args.mib << 20 };
    let found = optimal(cdag, &machine, &limits).map_err(|it| match it {
        Unfit::TooSmall { .. } => Failure::new(Kind::NoFit, it).at("--m"),
        it => Failure::new(Kind::Unfit, it),
    })?;
    if let Some(schedule) = &found.schedule {
        let moves: &[Move<'static>] = &schedule.moves;
        let io = judge(&Problem::Explicit(cdag), &machine, Mode::Legality, moves);
        let same = io
            .as_ref()
            .is_ok_and(|it| (it.loads(), it.stores()) == (schedule.loads, schedule.stores));
        if !same || found.lower > schedule.io() {
            let message = format!("a bug: the referee says {io:?}, the search {found:?}");
            return Err(Failure::new(Kind::Disagree, message));
        }
        if let Some(path) = &args.moves {
            let header = Header { problem: in_header(named), machine };
            replay::write(path, "--moves", &header, moves)?;
        }
    }
    let schedule = found.schedule.as_ref();
    let document = Document {
        loads: schedule.map(|it| it.loads),
        stores: schedule.map(|it| it.stores),
        io: schedule.map(iobound::exact::Schedule::io),
        ended: found.ended.to_string(),
        lower: found.lower,
        states: found.states,
        m: args.m,
        recompute: args.recompute,
        partial: args.partial,
    };
    if out.is_json() {
        out.document(&document);
    } else {
        in_words(&document, found.ended, out);
    }
    Ok(Status::Holds)
}

fn in_words(it: &Document, ended: Ended, out: &mut Output) {
    let game = match (it.partial, it.recompute) {
        (true, _) => "partial computations",
        (false, true) => "recomputation allowed",
        (false, false) => "recomputation forbidden",
    };
    out.line(format_args!("M = {}, {game}\n", digits(it.m)));
    let io = match ended {
        Ended::Exhausted => "words, replayed: no schedule moves fewer",
        Ended::NodeLimit | Ended::MemoryLimit => "words, replayed: the fewest found",
    };
    let rows = [
        row("loads", it.loads, "words"),
        row("stores", it.stores, "words"),
        row("io", it.io, io),
        row("lower", it.lower, "words at least"),
        row("states", it.states, "kept"),
    ];
    out.text(&numbers(&rows));
    out.line(format_args!("\nthe search ended: {}", it.ended));
}
