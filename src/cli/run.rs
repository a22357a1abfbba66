//! `iobound run`: what a schedule computes, exactly and in floats.

use super::{
    Status,
    failure::{Failure, Kind},
    output::{Object, Output, say},
    plan,
    replay::{bound, not_too_long},
};
use iobound::reading::{
    attention_shape,
    run::{run as execute, run_task},
    steps,
};
use serde::Serialize;

/// A larger error in 64-bit floats is no rounding.
const MOST_ERROR: f64 = 1e-6;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound run --algorithm flash2 --n 64 --d 8 --m 512
  iobound run --schedule mine.sched --n 64 --d 64 --m 2Ki --seed 7 --json

Exact: two residues of every word, equal to attention's. Floats: the largest difference from a
plain reference, on ordinary inputs and on inputs with large scores. A wrong maximum passes the
exact run and is caught by the large scores; without a maximum they overflow, and are not judged.")]
pub(super) struct Args {
    /// Draws the inputs
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    plan: plan::PlanArgs,
}

#[derive(Serialize)]
struct Document<'a> {
    algorithm: String,
    n: Option<u64>,
    d: Option<u64>,
    m: u64,
    tiles: Object<'a, u64>,
    tiles_from: &'static str,
    exact: bool,
    exact_bound: &'static str,
    /// `null` where it is no number.
    max_abs_error: f64,
    seed: u64,
    max_abs_error_large: f64,
    large_scores_judged: bool,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let plan = args.plan.plan()?;
    if !plan.fits() {
        return Err(plan.over_capacity());
    }
    let (program, binding) = (plan.program(), &plan.choice.binding);
    let task = plan.task()?;
    let shape = attention_shape(program, binding);
    if task.is_none() && shape.is_none() {
        let message = "only attention has a reference: inputs Q[N,d], K[N,d], V[N,d] and output \
                       O[N,d], in this order";
        return Err(Failure::new(Kind::Unfit, message));
    }
    not_too_long(steps(program, binding))?;
    let it = match (&task, shape) {
        (Some(task), _) => run_task(program, binding, task, args.seed),
        (None, Some(shape)) => execute(program, binding, shape, args.seed),
        (None, None) => unreachable!("refused above"),
    };
    let it = it.map_err(|it| Failure::new(Kind::Unfit, it))?;
    // The reference of a member of the family has no maximum.
    let large_scores_judged = program.takes_max() && task.is_none();
    let small = |error: f64| error <= MOST_ERROR; // not a NaN
    let floats = small(it.max_abs_error) && (!large_scores_judged || small(it.max_abs_error_large));
    if !it.exact {
        say("the outputs are not attention in exact arithmetic");
    }
    if !floats {
        say(format_args!("in floats the outputs are off by more than {MOST_ERROR:e}"));
    }
    if out.is_json() {
        out.document(&Document {
            algorithm: plan.algorithm(),
            n: plan.param("N"),
            d: plan.param("d"),
            m: plan.fast.0,
            tiles: Object(&plan.choice.tiles),
            tiles_from: plan.choice.from.word(),
            exact: it.exact,
            exact_bound: bound(it.proved),
            max_abs_error: it.max_abs_error,
            seed: it.seed,
            max_abs_error_large: it.max_abs_error_large,
            large_scores_judged,
        });
    } else {
        for line in plan.title() {
            out.line(line);
        }
        let exact = if it.exact { "attention, residue for residue" } else { "not attention" };
        let (bound, seed) = (bound(it.proved), it.seed);
        out.line(format_args!("\nexact:  {exact} (seed {seed}; error bound {bound})"));
        out.line(format_args!("floats: largest difference {:.1e}", it.max_abs_error));
        let judged = if large_scores_judged { "" } else { " (no maximum: not judged)" };
        let error = it.max_abs_error_large;
        if task.is_none() {
            out.line(format_args!("        with large scores {error:.1e}{judged}"));
        }
    }
    Ok(if it.exact && floats { Status::Holds } else { Status::Wrong })
}
