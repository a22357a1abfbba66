//! `iobound count`: words moved and words held.

use super::{
    Status,
    failure::Failure,
    output::{Object, Output},
    plan::{self, Extras, Moved, Numbers, Plan},
    table::{Align, digits, table},
};
use iobound::{
    reading::{Count, count::Traffic},
    schedule::Program,
};
use serde::Serialize;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound count --algorithm flash2 --n 4Ki --d 128 --m 64Ki
  iobound count --algorithm flash1 --model 'GPT-2 medium' --hardware A100 --tiles paper
  iobound count --algorithm flash2 --n 1000 --d 64 --m 48Ki --br 128 --bc 64 --json
  iobound count --schedule mine.sched --n 1Ki --d 64 --m 32Ki --tile B=32

M is the strict limit: a schedule fits if its peak, scratch words included, is at most M. With
every tile given and a peak above M the numbers are printed and the exit status is 1.")]
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
    arrays_moved: Object<'a, Moved>,
    statements: Vec<Statement<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
}

#[derive(Serialize)]
struct Statement<'a> {
    line: u32,
    text: &'a str,
    #[serde(flatten)]
    moved: Moved,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let plan = args.plan.plan()?;
    let (count, vouched) = plan.count()?;
    let error = plan.excess();
    let status = error.as_ref().map_or(Status::Holds, Failure::status);
    if out.is_json() {
        let arrays: Vec<(String, Moved)> = count
            .by_array(plan.program())
            .into_iter()
            .map(|(name, it)| (name, it.into()))
            .collect();
        out.document(&Document {
            numbers: plan.numbers(vouched),
            extras: plan.extras()?,
            arrays_moved: Object(&arrays),
            statements: statements(plan.program(), &count),
            error,
        });
        return Ok(status);
    }
    for line in plan.title() {
        out.line(line);
    }
    out.line("");
    out.text(&plan.table(&count.totals, vouched)?);
    explain(&plan, &count, out);
    Ok(status)
}

/// The statements that move words.
fn statements<'a>(program: &'a Program, count: &Count) -> Vec<Statement<'a>> {
    let lines = program.lines.iter().zip(&count.statements);
    lines
        .filter(|(_, it)| it.loads > 0 || it.stores > 0)
        .map(|(line, it)| Statement { line: line.line, text: &line.text, moved: (*it).into() })
        .collect()
}

/// Where the words go: by slow array, and by statement, a loop with the sum of what is in it.
fn explain(plan: &Plan, count: &Count, out: &mut Output) {
    let program = plan.program();
    let columns = [Align::Right, Align::Right, Align::Left];
    let row = |it: Traffic, text: String| vec![digits(it.loads), digits(it.stores), text];
    let head = |what: &str| vec!["loads".to_owned(), "stores".to_owned(), what.to_owned()];
    let mut arrays = vec![head("array")];
    for (name, it) in count.by_array(program) {
        arrays.push(row(it, name));
    }
    let mut lines = vec![head("statement")];
    for (id, line) in program.lines.iter().enumerate() {
        let inside = program.lines[id + 1..].iter().take_while(|it| it.depth > line.depth).count();
        let mut sum = Traffic::default();
        for it in &count.statements[id..=id + inside] {
            sum.loads += it.loads;
            sum.stores += it.stores;
        }
        if sum != Traffic::default() {
            let text = format!("{}{}", "  ".repeat(line.depth), line.text);
            lines.push(row(sum, format!("{:>4}  {text}", line.line)));
        }
    }
    out.line("");
    out.text(&table(&columns, &arrays));
    out.line("");
    out.text(&table(&columns, &lines));
}
