//! `iobound explain`: the schedule's text, and beside each statement the words it moves.

use super::{
    Status,
    failure::Failure,
    output::{Output, say},
    plan::{self, Extras, Numbers, Plan, vouch},
    table::{Align, digits, table},
};
use iobound::{
    reading::{Count, count::Traffic},
    schedule::poly::Poly,
};
use serde::Serialize;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound explain --algorithm flash2 --n 4Ki --d 128 --m 64Ki
  iobound explain --schedule mine.sched --n 1Ki --d 64 --m 32Ki --tile B=32 --json

Loads, stores, their share of all words that move, and the closed form, which a statement under a
triangular loop or a mask does not have. JSON: the keys of `iobound count`, and for each of the
`statements` its `line`, `text`, `loads`, `stores`, `share` (0 to 1) and `formula`.")]
pub(super) struct Args {
    #[command(flatten)]
    plan: plan::PlanArgs,
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
    let plan = args.plan.plan()?;
    let (count, vouched) = vouch(plan.schedule(), &plan.choice.binding, plan.choice.totals)?;
    let error = (!plan.fits()).then(|| plan.over_capacity());
    if let Some(it) = &error {
        say(it);
    }
    let status = error.as_ref().map_or(Status::Holds, Failure::status);
    let statements = statements(&plan, &count);
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
    let program = plan.program();
    let text = program.draft.to_string();
    let head = ["", "loads", "stores", "share", "words as a closed form"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let mut ids = (0..program.lines.len()).peekable();
    let comment = |it: &&str| it.trim_start().starts_with('#');
    for line in text.lines().filter(|it| !comment(it)) {
        let Some(id) = ids.next_if(|id| line.trim_start().starts_with(&program.lines[*id].text))
        else {
            rows.push(vec![line.to_owned()]);
            continue;
        };
        let blanks = line.len() - line.trim_start().len();
        let mut row = vec![format!("{}{}", &line[..blanks], program.lines[id].text)];
        if let Some(it) = statements.iter().find(|it| it.id == id) {
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
    for line in text.lines() {
        let line = if comment(&line) { line } else { rows.next().unwrap_or_default() };
        all.extend([line, "\n"]);
    }
    all
}
