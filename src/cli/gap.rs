//! `iobound gap`: how far the best schedule is from the best bound, over a grid.

use super::{
    Status,
    failure::Failure,
    output::Output,
    table::{Align, digits, table},
};
use iobound::{
    model::{MAX_EXTENT, MAX_FAST, Words},
    sizes::{SizeError, Sizes},
    sweep::{self, BEST, Cell, Point},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iobound gap
  iobound gap --n 4Ki,8Ki --d 128 --m 16Ki..1Mi --json

Upper and lower numbers are of one head without a mask. The bound is the largest that is accepted by the
checker here; exit status 1 if it is above what a schedule moves, for then one of the two is wrong.")]
pub(super) struct Args {
    /// N: sizes such as 4096, 1Ki,4Ki or 1Ki..1Mi
    #[arg(long, default_value = "1024,8192,65536,131072", value_parser = extents)]
    n: Sizes,
    /// d, likewise
    #[arg(long, default_value = "64,128", value_parser = extents)]
    d: Sizes,
    /// M in words, likewise (default: d^2/4, d^2/2, 1, 2, 4, 8, 16 and 64 times d^2)
    #[arg(long, value_parser = memories)]
    m: Option<Sizes>,
}

/// M over d²/4 where none is given.
const QUARTERS: [u64; 8] = [1, 2, 4, 8, 16, 32, 64, 256];

fn extents(text: &str) -> Result<Sizes, SizeError> {
    // d² is looked at
    Sizes::parse(text, MAX_EXTENT.isqrt())
}

fn memories(text: &str) -> Result<Sizes, SizeError> {
    Sizes::parse(text, MAX_FAST)
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let mut cells = vec![];
    for &d in args.d.as_slice() {
        let usual = QUARTERS.map(|it| (d * d * it / 4).max(1));
        let memories = args.m.as_ref().map_or(&usual[..], |it| it.as_slice());
        for &n in args.n.as_slice() {
            for &m in memories {
                cells.push(Cell::new(BEST, n, d, Words(m))?);
            }
        }
    }
    let points = sweep::sweep(&cells, || {})?;
    if out.is_json() {
        out.document(&points);
        return Ok(Status::Holds);
    }
    out.line("Best schedule and best bound, one head, no mask: words loaded + stored.");
    let head = ["d", "N", "M/d²", "schedule", "io", "vouched", "bound", "at least", "gap"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(points.iter().map(row));
    let columns: Vec<_> = head
        .iter()
        .map(|it| match *it {
            "schedule" | "vouched" | "bound" => Align::Left,
            _ => Align::Right,
        })
        .collect();
    out.text(&table(&columns, &rows));
    if let Some(it) = points.iter().filter_map(|it| it.gap).max_by(f64::total_cmp) {
        out.line(format_args!("largest gap: {it:.4}"));
    }
    Ok(Status::Holds)
}

fn row(it: &Point) -> Vec<String> {
    let none = || "–".to_owned();
    let bound = it.bound.as_ref();
    vec![
        it.d.to_string(),
        digits(it.n),
        times(it.m, it.d * it.d),
        it.schedule.clone().unwrap_or_else(none),
        it.io.map_or_else(none, digits),
        it.vouched.map_or_else(none, |it| it.word().to_owned()),
        bound.map_or_else(none, |it| it.id.clone()),
        bound.map_or_else(none, |it| digits(&it.value)),
        it.gap.map_or_else(none, |it| format!("{it:.4}")),
    ]
}

/// `m` over `square`: a whole number, `1/4`, or to two places.
fn times(m: u64, square: u64) -> String {
    match (m % square, square.checked_rem(m)) {
        (0, _) => (m / square).to_string(),
        (_, Some(0)) => format!("1/{}", square / m),
        _ => {
            let hundredths = (u128::from(m) * 200 + u128::from(square)) / (2 * u128::from(square));
            format!("{}.{:02}", hundredths / 100, hundredths % 100)
        }
    }
}
