//! `iobound epochs`: the communication bound, epoch by epoch.

use super::{
    Status,
    failure::{Failure, Kind},
    output::{Output, say},
    plan::{self, Extras, Numbers},
    replay::{not_too_long, seen},
    table::{Align, digits, table},
};
use iobound::{
    epochs::{Epoch, NoEpochs, Verdict, epochs},
    model::Machine,
    reading::{Pebbles, attention_shape, steps},
    replay::Refusal,
    value::Values,
};
use serde::Serialize;

/// Epochs that the table shows.
const SHOWN: usize = 8;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound epochs --algorithm flash2 --n 512 --d 64 --m 32Ki
  iobound epochs --schedule mine.sched --n 64 --d 8 --m 512 --json

An epoch is M loads and stores in a row. The scores that it finishes (all d products are there for
the first time) are a function of at most M + loads words, so the generic rank of (Q, K) -> QK^T on
them is at most that. The referee judges the same moves.

Keys in JSON, beside those of `count`:
  seed     draws the points of eliminations
  verdict  the worst of all epochs: holds, undecided (exit status 2) or refuted (exit status 1)
  worst    the epoch with the largest rank beside its limit, counted from 0
  epochs   of each: loads, stores; finished, rows, columns: the scores, the rows and columns they
           are in; rank_low, rank_high: the rank, or a bracket; rank_proved: false if rank_high is
           the rank at a random point; limit: M + loads; verdict")]
pub(super) struct Args {
    /// Draws the points at which ranks are taken
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    plan: plan::PlanArgs,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    numbers: Numbers<'a>,
    seed: u64,
    verdict: &'static str,
    worst: usize,
    epochs: Vec<Entry>,
    #[serde(flatten)]
    extras: Extras<'a>,
}

#[derive(Serialize)]
struct Entry {
    loads: u64,
    stores: u64,
    finished: usize,
    rows: usize,
    columns: usize,
    rank_low: usize,
    rank_high: usize,
    rank_proved: bool,
    limit: u64,
    verdict: &'static str,
}

impl Entry {
    fn of(it: &Epoch) -> Self {
        let &Epoch { loads, stores, finished, rows, columns, rank, limit } = it;
        let verdict = word(it.verdict());
        let (rank_low, rank_high, rank_proved) = (rank.low, rank.high, rank.proved);
        Self {
            loads,
            stores,
            finished,
            rows,
            columns,
            rank_low,
            rank_high,
            rank_proved,
            limit,
            verdict,
        }
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::Undecided => "undecided",
        Verdict::Refuted => "refuted",
    }
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let plan = args.plan.plan()?;
    if !plan.fits() {
        return Err(plan.over_capacity());
    }
    let (program, binding) = (plan.program(), &plan.choice.binding);
    let unfit = |it: &dyn std::fmt::Display| Failure::new(Kind::Unfit, it);
    let shape = attention_shape(program, binding).ok_or_else(|| {
        unfit(&"only attention has scores: inputs Q[N,d], K[N,d], V[N,d] and output O[N,d], in this order")
    })?;
    not_too_long(steps(program, binding))?;
    let (machine, values) = (Machine::strict(plan.fast), Values { seed: args.seed });
    let (io, epochs) =
        epochs(shape, &machine, values, Pebbles::new(program, binding)).map_err(|it| match it {
            NoEpochs::Refused(Refusal::Source(it)) => it.into(),
            NoEpochs::Refused(Refusal::Violation(it)) => Failure::new(Kind::Refused, it),
            it => unfit(&it),
        })?;
    let vouched = seen(&plan, &io)?;
    let verdict = epochs.iter().map(Epoch::verdict).max().unwrap_or(Verdict::Holds);
    let share = |it: &Epoch, beside: &Epoch| it.rank.high as u128 * u128::from(beside.limit);
    let worst = (0..epochs.len())
        .reduce(|x, y| {
            let (a, b) = (&epochs[x], &epochs[y]);
            if share(b, a) > share(a, b) { y } else { x }
        })
        .unwrap_or_default();
    if verdict == Verdict::Refuted {
        say("an epoch finishes scores of higher rank than the words it has");
    }
    if out.is_json() {
        out.document(&Document {
            numbers: plan.numbers(vouched),
            seed: args.seed,
            verdict: word(verdict),
            worst,
            epochs: epochs.iter().map(Entry::of).collect(),
            extras: plan.extras()?,
        });
    } else {
        for line in plan.title() {
            out.line(line);
        }
        out.line("");
        out.text(&text(&epochs, worst));
        out.line(format_args!("\nverdict: {}", words(verdict)));
    }
    Ok(match verdict {
        Verdict::Holds => Status::Holds,
        Verdict::Undecided => Status::Unjudged,
        Verdict::Refuted => Status::Wrong,
    })
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds: the moves are legal, and the rank of no epoch is above M + loads",
        Verdict::Undecided => "undecided: the rank of some epoch is known too roughly",
        Verdict::Refuted => "refuted: the rank of some epoch is above M + loads",
    }
}

/// The first epochs, the worst one, and all together.
fn text(epochs: &[Epoch], worst: usize) -> String {
    let head = ["epoch", "loads", "stores", "finished", "rows", "columns", "rank", "limit", ""];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let row = |name: String, it: &Epoch| {
        let rank = match (it.rank.low, it.rank.high, it.rank.proved) {
            (low, high, _) if low < high => format!("{} to {}", digits(low), digits(high)),
            (_, high, true) => digits(high),
            (_, high, false) => format!("{} at random", digits(high)),
        };
        let (verdict, limit) = (word(it.verdict()).to_owned(), digits(it.limit));
        let sizes = [it.finished, it.rows, it.columns].map(digits);
        let mut row = vec![name, digits(it.loads), digits(it.stores)];
        row.extend(sizes.into_iter().chain([rank, limit, verdict]));
        row
    };
    for (number, it) in epochs.iter().enumerate().take(SHOWN) {
        rows.push(row(digits(number + 1), it));
    }
    if epochs.len() > SHOWN {
        rows.push(vec!["…".to_owned()]);
    }
    rows.push(row(format!("worst: {}", digits(worst + 1)), &epochs[worst]));
    let sum = |of: fn(&Epoch) -> u64| digits(epochs.iter().map(of).sum::<u64>());
    let finished: usize = epochs.iter().map(|it| it.finished).sum();
    let all = format!("all {}", digits(epochs.len()));
    rows.push(vec![all, sum(|it| it.loads), sum(|it| it.stores), digits(finished)]);
    let mut columns = [Align::Right; 9];
    columns[8] = Align::Left;
    table(&columns, &rows)
}
