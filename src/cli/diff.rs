//! `iobound diff`: what moving from one schedule to another changes.

use super::{
    Status,
    failure::Failure,
    output::{Object, Output},
    plan::{Moved, Plan, PlanArgs, Vouched, named},
    point,
    table::{Align, digits, table},
};
use iobound::reading::{Totals, count::Traffic};
use serde::Serialize;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound diff flash1 flash2 --n 4Ki --d 128 --m 64Ki
  iobound diff flash2 mine.sched --n 1Ki --d 64 --m 32Ki --tile B=32 --json

A name that ends in .sched is a file. A tile goes to each of the two that declares it; the others are
the best. JSON: `a` and `b` with `algorithm`, `tiles`, `peak` and `vouched`; `arrays_moved`, by name,
`loads` and `stores` in `a` and `b` and the `change` of their sum, b − a; and `io` of all.")]
pub(super) struct Args {
    /// The schedule moved from: an algorithm, or a file FILE.sched
    a: String,
    /// The schedule moved to
    b: String,
    #[command(flatten)]
    point: point::PointArgs,
    /// A parameter that is not N or d
    #[arg(long, value_name = "NAME=VALUE", value_parser = named)]
    param: Vec<(String, u64)>,
    /// The size of a tile; those not given are the best
    #[arg(long, value_name = "NAME=VALUE", value_parser = named)]
    tile: Vec<(String, u64)>,
}

#[derive(Serialize)]
struct Document<'a> {
    a: Side<'a>,
    b: Side<'a>,
    arrays_moved: Object<'a, Change<Moved>>,
    io: Change<u128>,
}

#[derive(Serialize)]
struct Side<'a> {
    algorithm: String,
    tiles: Object<'a, u64>,
    peak: u128,
    vouched: Vouched,
}

/// Before, after, and b − a in words.
#[derive(Clone, Serialize)]
struct Change<T> {
    a: T,
    b: T,
    change: i128,
}

/// b − a; counts are at most half of what 128 bits hold.
fn change(a: u128, b: u128) -> i128 {
    if b >= a { (b - a).cast_signed() } else { -(a - b).cast_signed() }
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let mut plans = [&args.a, &args.b].map(|it| PlanArgs::of(it, &args.point, &args.param));
    for (name, size) in &args.tile {
        let declared = [plans[0].has_tile(name)?, plans[1].has_tile(name)?];
        if declared == [false; 2] {
            let message = format!("neither `{}` nor `{}` declares a tile `{name}`", args.a, args.b);
            return Err(Failure::arguments(message).at("--tile"));
        }
        for (plan, _) in plans.iter_mut().zip(declared).filter(|it| it.1) {
            *plan = plan.with_tile(name, *size);
        }
    }
    let (a, b) = (plans[0].plan()?, plans[1].plan()?);
    if let Some(it) = [&a, &b].into_iter().find(|it| !it.fits()) {
        return Err(it.over_capacity());
    }
    let ((of_a, says_a), (of_b, says_b)) = (a.count()?, b.count()?);
    let arrays = arrays(&of_a.by_array(a.program()), &of_b.by_array(b.program()));
    let (before, after) = (of_a.totals.io(), of_b.totals.io());
    let io = Change { a: before, b: after, change: change(before, after) };
    if out.is_json() {
        let (a, b) = (side(&a, says_a), side(&b, says_b));
        out.document(&Document { a, b, arrays_moved: Object(&arrays), io });
        return Ok(Status::Holds);
    }
    for (name, plan, vouched) in [("A", &a, says_a), ("B", &b, says_b)] {
        for line in plan.title() {
            out.line(format!("{name}  {line}"));
        }
        out.line(format!("{name}  {}", vouched.words()));
    }
    out.line("");
    let head = ["words", "A loads", "A stores", "B loads", "B stores", "B − A"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let row = |name: &str, a: Moved, b: Moved, change| {
        let words = [a.loads, a.stores, b.loads, b.stores].map(digits);
        [vec![name.to_owned()], words.to_vec(), vec![signed(change)]].concat()
    };
    for (name, it) in &arrays {
        rows.push(row(name, it.a, it.b, it.change));
    }
    let all = |it: &Totals| Moved { loads: it.loads, stores: it.stores };
    rows.push(row("total", all(&of_a.totals), all(&of_b.totals), io.change));
    let mut columns = [Align::Right; 6];
    columns[0] = Align::Left;
    out.text(&table(&columns, &rows));
    Ok(Status::Holds)
}

fn side(plan: &Plan, vouched: Vouched) -> Side<'_> {
    let (algorithm, peak) = (plan.algorithm(), plan.choice.totals.peak);
    Side { algorithm, tiles: Object(&plan.choice.tiles), peak, vouched }
}

/// The arrays of `a` in their order, then those of `b` alone; one that is not declared moves nothing.
fn arrays(a: &[(String, Traffic)], b: &[(String, Traffic)]) -> Vec<(String, Change<Moved>)> {
    let of = |all: &[(String, Traffic)], name: &str| {
        all.iter().find(|it| it.0 == name).map_or_else(Moved::default, |it| it.1.into())
    };
    let only_b = b.iter().filter(|it| a.iter().all(|a| a.0 != it.0));
    let each = a.iter().chain(only_b).map(|(name, _)| {
        let (a, b) = (of(a, name), of(b, name));
        let change = change(a.loads + a.stores, b.loads + b.stores);
        (name.clone(), Change { a, b, change })
    });
    each.collect()
}

/// `+1,234` or `−1,234`.
fn signed(words: i128) -> String {
    let sign = match words {
        0 => "",
        1.. => "+",
        _ => "−",
    };
    format!("{sign}{}", digits(words.unsigned_abs()))
}
