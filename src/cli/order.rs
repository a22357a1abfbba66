//! `iobound order`: a schedule for any CDAG, from an order of its vertices.

use super::{
    Status,
    failure::{Failure, Kind},
    files,
    output::Output,
    point::fast,
    problem::{ProblemArgs, in_header},
    replay,
    table::{digits, numbers, row},
};
use iobound::{
    cdag::Labelled,
    model::{Machine, Partial, Recompute, Words},
    order::{
        Ended, Evict, Limits, OrderError, Placed, compulsory, place, search, starts::STARTS, text,
    },
    replay::{Mode, Problem, replay as judge},
    schedule::Header,
};
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound order --generate matmul:4,4,4 --m 8
  iobound order mine.hdag --order search --m 5 --steps 100000 --json
  iobound order mine.dot --order mine.order --evict lru --m 12 --moves mine.moves

An order is a file of vertices (numbers, or names where the CDAG has them), or topological, depth-first,
breadth-first or search: a local search that ends after --steps. No vertex is computed twice, so the
words are an upper bound with recomputation and without. The referee has replayed what is printed.")]
pub(super) struct Args {
    #[command(flatten)]
    problem: ProblemArgs,
    /// M: words of fast memory
    #[arg(long, value_name = "M", value_parser = fast)]
    m: u64,
    /// A file of vertices, topological, depth-first, breadth-first or search
    #[arg(long, value_name = "ORDER", default_value = "topological")]
    order: String,
    /// Which word leaves a full memory: belady (next use farthest, stores weighed) or lru
    #[arg(long, value_name = "POLICY", default_value = "belady")]
    evict: Evict,
    /// Steps of the search
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().steps)]
    steps: u64,
    /// Draws the steps of the search
    #[arg(long, default_value_t = Limits::default().seed)]
    seed: u64,
    /// Write the moves: FILE.moves as text, FILE.bin in binary
    #[arg(long, value_name = "FILE")]
    moves: Option<PathBuf>,
}

#[derive(Serialize)]
struct Document<'a> {
    m: u64,
    order: &'a str,
    evict: &'a str,
    loads: u64,
    stores: u64,
    io: u64,
    compulsory: u64,
    peak: u64,
    vouched: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<u64>,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let (labelled, named) = args.problem.needed()?;
    let (placed, ended) = placed(args, &labelled)?;
    let (fast, cdag) = (Words(args.m), &labelled.cdag);
    let machine = Machine { fast, recompute: Recompute::Forbidden, partial: Partial::Off };
    let bug = |it: &dyn std::fmt::Debug| {
        Failure::new(Kind::Disagree, format!("a bug: {placed:?} is refused: {it:?}"))
    };
    let io = judge(&Problem::Explicit(cdag), &machine, Mode::Legality, &placed);
    let io = io.map_err(|it| bug(&it))?;
    if (io.loads(), io.stores()) != (placed.loads(), placed.stores()) {
        return Err(bug(&io));
    }
    if let Some(path) = &args.moves {
        let problem = in_header(named);
        replay::write(path, "--moves", &Header { problem, machine }, &placed)?;
    }
    let document = Document {
        m: args.m,
        order: &args.order,
        evict: args.evict.name(),
        loads: io.loads(),
        stores: io.stores(),
        io: io.io(),
        compulsory: compulsory(cdag),
        peak: io.peak(),
        vouched: "replayed",
        ended: ended.map(|it| it.0),
        steps: ended.map(|it| it.1),
    };
    if out.is_json() {
        out.document(&document);
    } else {
        in_words(&document, out);
    }
    Ok(Status::Holds)
}

/// Moves in place, and what a search did, if there was one.
type Sought<'a> = (Placed<'a>, Option<(&'static str, u64)>);

/// The schedule; of a search, how it ended and after how many steps.
fn placed<'a>(args: &Args, labelled: &'a Labelled) -> Result<Sought<'a>, Failure> {
    let (cdag, fast) = (&labelled.cdag, Words(args.m));
    let fails = |it: OrderError| match it {
        OrderError::TooSmall { .. } => Failure::new(Kind::NoFit, it).at("--m"),
        it => Failure::new(Kind::Schedule, it).at(&args.order),
    };
    if args.order == "search" {
        let limits = Limits { steps: args.steps, seed: args.seed };
        let found = search(cdag, fast, args.evict, limits).map_err(fails)?;
        let ended = match found.ended {
            Ended::Compulsory => "compulsory",
            Ended::Steps => "steps",
        };
        return Ok((found.best, Some((ended, found.steps))));
    }
    let order = match STARTS.iter().find(|it| it.0 == args.order) {
        Some((_, start)) => start(cdag),
        None => {
            let text = files::read(Path::new(&args.order), &files::ORDER)?;
            text::parse(&text, labelled).map_err(|it| {
                let at = format!("{}:{}", args.order, it.line);
                Failure::new(Kind::Parse, format!("no vertex is called {:?}", it.word)).at(at)
            })?
        }
    };
    Ok((place(cdag, &order, fast, args.evict).map_err(fails)?, None))
}

fn in_words(it: &Document<'_>, out: &mut Output) {
    out.line(format_args!("order {}, eviction {}, M = {}\n", it.order, it.evict, digits(it.m)));
    let rows = [
        row("loads", it.loads, "words"),
        row("stores", it.stores, "words"),
        row("io", it.io, "words, replayed: an upper bound"),
        row("compulsory", it.compulsory, "words that every schedule moves"),
        row("peak", it.peak, "words in use at a time, at most"),
    ];
    out.text(&numbers(&rows));
    if let (Some(ended), Some(steps)) = (it.ended, it.steps) {
        let why = match ended {
            "compulsory" => "no schedule moves fewer words",
            _ => "nothing is proved",
        };
        out.line(format_args!("\nthe search ended after {} steps: {why}", digits(steps)));
    }
}
