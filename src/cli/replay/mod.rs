//! `iobound replay`: every move, by the rules, and what they compute.

mod coq;
mod file;
mod ruling;
mod write;

pub(super) use self::{ruling::bound, write::write};

use self::ruling::{Judged, Ruling, judged, ruling};
use super::{
    Status,
    failure::{Failure, Kind},
    output::Output,
    plan::{self, Extras, Numbers, Plan, Vouched},
    table::digits,
};
use iobound::{
    attention::Shape,
    model::{Machine, Recompute},
    reading::{Pebbles, attention_shape, steps},
    replay::{IoCount, Mode, Problem},
    schedule::{Header, Named, draft::Role},
};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Values are judged by default up to so many steps.
const VALUES_BY_DEFAULT: u128 = 100_000_000;

/// More steps than anybody waits for: a day.
const MOST_STEPS: u128 = 10_000_000_000_000;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound replay --algorithm flash2 --n 64 --d 8 --m 512
  iobound replay --schedule mine.sched --n 64 --d 8 --m 512 --tile B=4 --json
  iobound replay --algorithm standard --n 8 --d 2 --m 64 --write small.moves
  iobound replay small.moves --m 40

The verdict is `attention` if the moves are legal and the outputs hold attention, `legal` if only
the rules were judged, `refused` (exit status 1) with the first violation otherwise. The class says
which lower bounds hold for the moves: see proofs/CLASS.md.")]
pub(super) struct Args {
    /// A file of moves, text or binary; its header names the problem and M
    #[arg(value_name = "FILE.moves", conflicts_with_all = [
        "algorithm", "schedule", "no_max", "n", "d", "model", "param", "tile", "br", "bc", "tiles",
        "write",
    ])]
    file: Option<PathBuf>,
    /// What to judge (default: values where there is attention to compare with, up to 10^8 steps)
    #[arg(long)]
    mode: Option<ModeArg>,
    /// Draws the inputs whose attention is compared
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// May a value be computed twice? (default: as the file says, else allow)
    #[arg(long)]
    recompute: Option<RecomputeArg>,
    /// Write the moves of a schedule once they are judged: FILE.moves as text, FILE.bin in binary, FILE.v
    /// for Coq with the CDAG and claims about it (see proofs/coq/README.md)
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    #[command(flatten)]
    plan: plan::PlanArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ModeArg {
    /// The rules of the game
    Legality,
    /// The rules, and that the outputs hold attention
    Values,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum RecomputeArg {
    Allow,
    Forbid,
}

impl From<RecomputeArg> for Recompute {
    fn from(it: RecomputeArg) -> Self {
        match it {
            RecomputeArg::Allow => Self::Allowed,
            RecomputeArg::Forbid => Self::Forbidden,
        }
    }
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    match &args.file {
        Some(path) => file::of_file(args, path, out),
        None => of_schedule(args, out),
    }
}

impl Args {
    /// The mode asked for, or the one that suits `problem` and about so many steps.
    fn mode(&self, problem: &Problem<'_>, steps: u128) -> Result<Mode, Failure> {
        let values = Mode::Values { seed: self.seed };
        let attention = matches!(problem, Problem::Attention { .. });
        let by_value = attention || matches!(problem, Problem::Task(_));
        let forbid = self.recompute == Some(RecomputeArg::Forbid);
        let stream = matches!(problem, Problem::Stream { .. });
        if forbid
            && (stream
                || by_value && !attention
                || attention && self.mode == Some(ModeArg::Legality))
        {
            let message = "recomputation is seen where attention is judged by value, or on a cdag \
                           that is given beforehand";
            return Err(Failure::new(Kind::Unfit, message).at("--recompute"));
        }
        Ok(match self.mode {
            Some(ModeArg::Legality) => Mode::Legality,
            Some(ModeArg::Values) => values,
            None if by_value && (steps < VALUES_BY_DEFAULT || forbid) => values,
            None => Mode::Legality,
        })
    }
}

/// Refuses what nobody waits for, before it begins.
pub(super) fn not_too_long(steps: u128) -> Result<(), Failure> {
    if steps <= MOST_STEPS {
        return Ok(());
    }
    let message = format!(
        "about {} steps, one by one: at most {} are taken; `iobound count` needs none of them",
        digits(steps),
        digits(MOST_STEPS)
    );
    Err(Failure::new(Kind::Walk, message))
}

/// About how many steps attention takes: a product and a sum for each of two matrix products.
fn attention_steps(shape: Shape) -> u128 {
    let rows = u128::from(shape.d()) + u128::from(shape.d_v());
    shape.pairs().saturating_mul(rows).saturating_mul(2)
}

#[derive(Serialize)]
struct ScheduleDocument<'a> {
    #[serde(flatten)]
    numbers: Numbers<'a>,
    #[serde(flatten)]
    ruling: &'a Ruling,
    #[serde(flatten)]
    extras: Extras<'a>,
}

fn of_schedule(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let plan = args.plan.plan()?;
    let (program, binding) = (plan.program(), &plan.choice.binding);
    let pebbles = Pebbles::new(program, binding);
    let scaled = program.scale.is_some();
    let words = |role| pebbles.words(role).map_err(|it| Failure::new(Kind::Sizes, it));
    let task = plan.task()?;
    let (problem, named) = match (&task, attention_shape(program, binding)) {
        (Some(task), _) => (Problem::Task(task), None),
        (None, Some(shape)) => (Problem::Attention { shape, scaled }, square(shape, scaled)),
        (None, None) => {
            let (n_inputs, n_outputs) = (words(Role::In)?, words(Role::Out)?);
            (Problem::Stream { n_inputs, n_outputs }, None)
        }
    };
    let mut machine = Machine::strict(plan.fast);
    if let Some(it) = args.recompute {
        machine.recompute = it.into();
    }
    let steps = steps(program, binding);
    not_too_long(steps)?;
    let mode = args.mode(&problem, steps)?;
    let judged = judged(&problem, &machine, mode, pebbles, Failure::from)?;
    let vouched = match &judged {
        Ok((it, _)) => seen(&plan, it)?,
        Err(_) => plan.count()?.1,
    };
    if let (Some(path), Ok(_)) = (&args.write, &judged) {
        let named = match named {
            Some(it) => it,
            None => Named::Inline { inputs: words(Role::In)?, outputs: words(Role::Out)? },
        };
        if path.extension().is_some_and(|it| it == "v") {
            to_coq(path, &plan, &problem, &judged, pebbles)?;
        } else {
            write(path, "--write", &Header { problem: named, machine }, pebbles)?;
        }
    }
    let ruling = ruling(&judged, mode, &machine);
    ruling.complain();
    if out.is_json() {
        let (numbers, extras) = (plan.numbers(vouched), plan.extras()?);
        out.document(&ScheduleDocument { numbers, ruling: &ruling, extras });
    } else {
        text_of_schedule(&plan, vouched, &ruling, out)?;
    }
    Ok(ruling.status())
}

/// Only what is in the class: Coq would refuse the rest, and not say why.
fn to_coq(
    path: &Path,
    plan: &Plan,
    problem: &Problem<'_>,
    judged: &Judged,
    pebbles: Pebbles<'_>,
) -> Result<(), Failure> {
    let shape = match (problem, judged) {
        (Problem::Attention { shape, .. }, Ok((_, class))) if class.is_once() => shape,
        _ => {
            let message = "only attention that is judged by value, in the class and with each product \
                       computed once, is written for Coq";
            return Err(Failure::new(Kind::Unfit, message).at("--write"));
        }
    };
    let title = plan.title().join("; ");
    coq::write(path, &title, shape, plan.fast, pebbles)
}

/// The referee must see what was counted.
pub(super) fn seen(plan: &Plan, io: &IoCount) -> Result<Vouched, Failure> {
    let totals = plan.choice.totals;
    let seen = [io.loads(), io.stores(), io.peak()].map(u128::from);
    if seen == [totals.loads, totals.stores, totals.peak] {
        return Ok(Vouched::Replayed);
    }
    let name = &plan.schedule().name;
    let message = format!("a bug: the referee of `{name}` says {io:?}, the count {totals:?}");
    Err(Failure::new(Kind::Disagree, message))
}

fn text_of_schedule(
    plan: &Plan,
    vouched: Vouched,
    ruling: &Ruling,
    out: &mut Output,
) -> Result<(), Failure> {
    for line in plan.title() {
        out.line(line);
    }
    out.line("");
    out.text(&plan.table(&plan.choice.totals, vouched)?);
    out.line("");
    out.text(&ruling.text());
    Ok(())
}

/// How a file of moves calls self-attention.
fn square(shape: Shape, scaled: bool) -> Option<Named> {
    let (n, d) = (shape.n(), shape.d());
    (Shape::square(n, d) == Ok(shape)).then_some(Named::Attention { n, d, scaled })
}
