//! `iobound animate`: a page that plays a small schedule pebble by pebble.

use super::{
    Status,
    failure::{Failure, Kind},
    files,
    listing::listing,
    output::Output,
    plan::{self, Plan, tiles_in_words},
    table::digits,
};
use iobound::{
    reading::{count, count::LIMIT, record, record::NoRecord},
    report::animation::{MOST_MOVES, MOST_WORDS, animation},
};
use serde::Serialize;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound animate --algorithm flash2 --n 6 --d 2 --m 40 --out flash2.html
  iobound animate --algorithm flash1 --n 8 --d 2 --m 60 --br 2 --bc 4 --out flash1.html

The page is one file that needs nothing else. Every word of the arrays is a cell, red in fast memory, blue
in slow memory. At most 20,000 moves and 4,096 words of slow memory are played.
JSON keys: file, moves, loads, stores, peak, m.")]
pub(super) struct Args {
    #[command(flatten)]
    plan: plan::PlanArgs,
    /// The page
    #[arg(long, value_name = "FILE.html")]
    out: PathBuf,
}

#[derive(Serialize)]
struct Document {
    file: String,
    moves: usize,
    loads: u128,
    stores: u128,
    peak: u128,
    m: u64,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let plan = args.plan.plan()?;
    if !plan.fits() {
        return Err(plan.over_capacity());
    }
    if let Some((moves, words)) = too_large(&plan)? {
        let fits = fits(&args.plan, &plan);
        let fits = fits.map_or(String::new(), |it| format!("; {it} would do"));
        let message = format!(
            "{moves} moves on {words} words of slow memory are too many to play; at most {} and {}{fits}",
            digits(MOST_MOVES),
            digits(MOST_WORDS)
        );
        return Err(Failure::new(Kind::Sizes, message).at("--n"));
    }
    let program = plan.program();
    let record = record(program, &plan.choice.binding, MOST_MOVES).map_err(|it| match it {
        NoRecord::Walk(it) => it.into(),
        it => Failure::new(Kind::Sizes, it),
    })?;
    let about = format!("{}; tiles {}", plan.title()[0], tiles_in_words(&plan.choice.tiles));
    let page = animation(&plan.schedule().name, &about, &listing(program), &record, plan.fast);
    files::write(&args.out, |to| to.write_all(page.as_bytes()))?;
    let totals = plan.choice.totals;
    if out.is_json() {
        out.document(&Document {
            file: args.out.display().to_string(),
            moves: record.moves,
            loads: totals.loads,
            stores: totals.stores,
            peak: totals.peak,
            m: plan.fast.0,
        });
    } else {
        out.line(format_args!(
            "{}: {} moves, {} loads, {} stores; open it in a browser",
            args.out.display(),
            digits(record.moves),
            digits(totals.loads),
            digits(totals.stores)
        ));
    }
    Ok(Status::Holds)
}

/// Moves and words of slow memory, if they are too many.
fn too_large(plan: &Plan) -> Result<Option<(String, String)>, Failure> {
    let (program, binding) = (plan.program(), &plan.choice.binding);
    let mut words = 0_u128;
    for array in &program.slow {
        let mut all = 1_u128;
        for dim in &array.dims {
            let extent = dim.eval(&binding.env).map_err(|it| Failure::new(Kind::Sizes, it))?;
            all = all.saturating_mul(extent.unsigned_abs());
        }
        words = words.saturating_add(all);
    }
    let totals = plan.choice.totals;
    let computes = count(program, binding, LIMIT).ok().and_then(|it| it.computes);
    // Every word that is loaded or computed is freed.
    let moves = computes.map(|it| 2 * (it + totals.loads) + totals.stores);
    let small = moves.is_some_and(|it| it <= MOST_MOVES as u128) && words <= MOST_WORDS.into();
    let said = || (moves.map_or("too many".to_owned(), digits), digits(words));
    Ok((!small).then(said))
}

/// Sizes that could be played, found by halving.
fn fits(args: &plan::PlanArgs, plan: &Plan) -> Option<String> {
    let (mut n, mut d) = (plan.point.n?, plan.point.d?);
    while n > 1 {
        (n, d) = (n / 2, if n > 2 * d { d } else { d.div_ceil(2) });
        let mut smaller = args.clone();
        (smaller.point.n, smaller.point.d) = (Some(n), Some(d));
        if let Ok(it) = smaller.plan()
            && it.fits()
            && too_large(&it).is_ok_and(|it| it.is_none())
        {
            return Some(format!("--n {n} --d {d}"));
        }
    }
    None
}
