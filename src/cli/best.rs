//! `iobound best`: the algorithm and tiles that move the fewest words, and the bound beside them.

use super::{
    Status,
    class::Said,
    failure::Failure,
    output::{Object, Output},
    plan::{Vouched, formula, tiles_in_words, vouch},
    point::{self, Context},
    table::{Align, digits, table},
    variant,
};
use iobound::{
    bounds,
    model::Recompute,
    strategy::{self, Ended, Max, TilesFrom},
    sweep::gap,
};
use num_bigint::BigUint;
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound best --n 4Ki --d 128 --m 64Ki
  iobound best --model Llama-3-8B --hardware H100 --level L2 --json
  iobound best --n 8Ki --d 128 --mask sliding:1Ki --heads 32 --kv-heads 8 --m 82Ki
  iobound best --n 64Ki --d 128 --queries 1 --heads 32 --batch 16 --m 82Ki

The gap is io divided by the largest lower bound: nothing can be better than this by more.")]
pub(super) struct Args {
    /// Among the algorithms without the running maximum
    #[arg(long)]
    no_max: bool,
    #[command(flatten)]
    variant: variant::VariantArgs,
    #[command(flatten)]
    point: point::PointArgs,
}

#[derive(Serialize)]
struct Document<'a> {
    algorithm: &'a str,
    tiles: Object<'a, u64>,
    loads: u128,
    stores: u128,
    io: u128,
    arrays: u128,
    peak: u128,
    vouched: Vouched,
    bound: Bound<'a>,
    /// `null` where the bound is 0 or the class not known.
    gap: Option<f64>,
    #[serde(flatten)]
    class: Said,
    n: u64,
    d: u64,
    m: u64,
    no_max: bool,
    search_exhausted: bool,
    formula: Option<String>,
    #[serde(flatten)]
    context: Context,
}

#[derive(Serialize)]
struct Bound<'a> {
    id: &'a str,
    value: Box<RawValue>,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    if args.variant.is_given() {
        if args.no_max {
            let message = "the variants have no texts without the maximum";
            return Err(Failure::arguments(message).at("--no-max"));
        }
        return variant::best(&args.variant, &args.point, out);
    }
    let point = args.point.point()?;
    let (n, d, fast) = (point.n()?, point.d()?, point.m()?);
    let max = if args.no_max { Max::Dropped } else { Max::Kept };
    let (algorithm, choice) = strategy::best(n, d, fast, max)?;
    let schedule = algorithm.schedule(max).expect("it was chosen");
    let (_, vouched) = vouch(schedule, &choice.binding, choice.totals)?;
    let class = schedule.class();
    let row = bounds::best(n, d, fast, class.recompute().unwrap_or(Recompute::Forbidden))?;
    let (totals, io) = (choice.totals, choice.totals.io());
    let gap = gap(io, class, &row)?;
    let value = row.value.unwrap_or_else(BigUint::default);
    let exhausted = choice.from == TilesFrom::Best(Ended::Exhausted);
    if out.is_json() {
        let digits = RawValue::from_string(value.to_string()).expect("digits are JSON");
        out.document(&Document {
            algorithm: algorithm.name,
            tiles: Object(&choice.tiles),
            loads: totals.loads,
            stores: totals.stores,
            io,
            arrays: totals.arrays,
            peak: totals.peak,
            vouched,
            bound: Bound { id: row.id, value: digits },
            gap,
            class: class.into(),
            n,
            d,
            m: fast.0,
            no_max: args.no_max,
            search_exhausted: exhausted,
            formula: formula(schedule),
            context: point.context(Some(io))?,
        });
        return Ok(Status::Holds);
    }
    out.line(format_args!("best of the algorithms that ship at {}", point.title()));
    for line in point.about() {
        out.line(line);
    }
    let tiles = tiles_in_words(&choice.tiles);
    out.line(format_args!("{}, tiles {tiles}: {}", schedule.name, algorithm.about));
    if !exhausted {
        out.line("(the tiles are the best of a sample: there are too many to look at all)");
    }
    out.line("");
    let traffic = point.traffic();
    let cells =
        |name: &str, value: String, unit: &str| vec![name.to_owned(), value, unit.to_owned()];
    let mut rows = vec![
        cells("loads", digits(totals.loads), "words"),
        cells("stores", digits(totals.stores), "words"),
        cells("io", digits(io), traffic),
        cells("bound", digits(&value), &format!("words at least: {}", row.id)),
    ];
    if let Some(gap) = gap {
        rows.push(cells("gap", format!("{gap:.3}"), "times the bound"));
    }
    rows.push(cells("peak", digits(totals.peak), "words in use at a time, at most"));
    out.text(&table(&[Align::Left, Align::Right, Align::Left], &rows));
    if let Some(it) = point.all_heads(io)? {
        out.line(it);
    }
    if let Some(it) = formula(schedule) {
        out.line(format_args!("io = {it}"));
    }
    out.line(Said::from(class));
    out.line(format_args!("{}; the bound stands by: {}", vouched.words(), row.standing));
    Ok(Status::Holds)
}
