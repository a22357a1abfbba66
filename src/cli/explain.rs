//! `iobound explain`: the schedule's text, and beside each statement the words it moves.

use super::{
    Status,
    curve::picture,
    failure::{Failure, Kind},
    files,
    listing::listing,
    output::Output,
    plan::{self, Extras, Numbers, Plan, tiles_in_words},
    table::{Align, digits, table},
};
use iobound::{
    reading::{Count, count::Traffic, timeline, timeline::NoTimeline},
    report::{Picture, held_over_time},
    schedule::poly::Poly,
};
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound explain --algorithm flash2 --n 4Ki --d 128 --m 64Ki
  iobound explain --schedule mine.sched --n 1Ki --d 64 --m 32Ki --tile B=32 --json
  iobound explain --algorithm flash2 --n 32 --d 8 --m 400 --plot flash2.svg

Loads, stores, their share of all words that move, and the closed form, which a statement under a
triangular loop or a mask does not have. The picture shows the words that fast memory holds after every
move, or, of longer schedules, the fullest of neighbouring moves. JSON: the keys of `iobound count`, and for each of the
`statements` its `line`, `text`, `loads`, `stores`, `share` (0 to 1) and `formula`.")]
pub(super) struct Args {
    #[command(flatten)]
    plan: plan::PlanArgs,
    /// Draw the words in fast memory over time, by array: FILE.svg or FILE.png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    numbers: Numbers<'a>,
    #[serde(flatten)]
    extras: Extras<'a>,
    statements: Vec<Statement<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
}

/// A statement that moves words.
#[derive(Serialize)]
struct Statement<'a> {
    #[serde(skip)]
    id: usize,
    line: u32,
    text: &'a str,
    loads: u128,
    stores: u128,
    share: f64,
    formula: Option<String>,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let picture = args.plot.as_deref().map(picture).transpose()?;
    let plan = args.plan.plan()?;
    let (count, vouched) = plan.count()?;
    let error = plan.excess();
    let status = error.as_ref().map_or(Status::Holds, Failure::status);
    let statements = statements(&plan, &count);
    if let Some((path, picture)) = args.plot.as_ref().zip(picture) {
        draw(&plan, &count, path, picture)?;
    }
    if out.is_json() {
        let (numbers, extras) = (plan.numbers(vouched), plan.extras()?);
        out.document(&Document { numbers, extras, statements, error });
        return Ok(status);
    }
    for line in plan.title() {
        out.line(line);
    }
    out.line("");
    out.text(&beside(&plan, &statements));
    out.line("");
    let (io, loads, stores) = (count.totals.io(), count.totals.loads, count.totals.stores);
    out.line(format!("{} words = {} loads + {} stores", digits(io), digits(loads), digits(stores)));
    out.line(vouched.words());
    Ok(status)
}

/// Most moves that are walked for a picture: about a minute of them.
const MOST_MOVES: u64 = 1 << 32;

fn draw(plan: &Plan, count: &Count, path: &Path, picture: Picture) -> Result<(), Failure> {
    let too_long = || NoTimeline::TooLong(MOST_MOVES);
    // The walk says the same, but later.
    let computes = count.computes.filter(|it| *it <= MOST_MOVES.into()).ok_or_else(too_long);
    computes
        .and_then(|_| timeline(plan.program(), &plan.choice.binding, MOST_MOVES))
        .map_err(|it| Failure::new(Kind::Walk, it).at("--plot"))
        .and_then(|it| {
            let tiles = tiles_in_words(&plan.choice.tiles);
            let title = format!("{}; tiles {tiles}", plan.title()[0]);
            let cannot = |it| Failure::new(Kind::File, it).at(path.display());
            let bytes = held_over_time(&title, &it, plan.fast, picture).map_err(cannot)?;
            files::write(path, |to| to.write_all(&bytes))
        })
}

fn statements<'a>(plan: &'a Plan, count: &Count) -> Vec<Statement<'a>> {
    let program = plan.program();
    let io = count.totals.io();
    let show = |it: &Poly| it.show(&|slot| program.name(slot)).to_string();
    let formula = |id: usize| {
        let (loads, stores) = &plan.schedule().formula.as_ref()?.statements[id];
        loads.add(stores).ok().map(|it| show(&it))
    };
    let statement = |(id, it): (usize, &Traffic)| {
        let words = it.loads + it.stores;
        (words > 0).then(|| Statement {
            id,
            line: program.lines[id].line,
            text: &program.lines[id].text,
            loads: it.loads,
            stores: it.stores,
            share: words as f64 / io as f64,
            formula: formula(id),
        })
    };
    count.statements.iter().enumerate().filter_map(statement).collect()
}

/// The text as `iobound fmt` prints it, comments behind a statement left out, with the words at the
/// right.
fn beside(plan: &Plan, statements: &[Statement]) -> String {
    let lines = listing(plan.program());
    let head = ["", "loads", "stores", "share", "words as a closed form"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let comment = |it: &str| it.trim_start().starts_with('#');
    for (line, id) in lines.iter().filter(|it| !comment(&it.0)) {
        let mut row = vec![line.clone()];
        if let Some(it) = statements.iter().find(|it| Some(it.id) == *id) {
            let share = format!("{:.1}%", 100.0 * it.share);
            let formula = it.formula.clone().unwrap_or_else(|| "–".to_owned());
            row.extend([digits(it.loads), digits(it.stores), share, formula]);
        }
        rows.push(row);
    }
    let columns = [Align::Left, Align::Right, Align::Right, Align::Right, Align::Left];
    let table = table(&columns, &rows);
    let mut rows = table.lines();
    let mut all = rows.next().map(|it| format!("{it}\n")).unwrap_or_default();
    for (line, _) in &lines {
        let line = if comment(line) { line } else { rows.next().unwrap_or_default() };
        all.extend([line, "\n"]);
    }
    all
}
