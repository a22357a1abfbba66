//! `iobound cdag`: a CDAG from one format to another, or in numbers.

use super::{
    Status,
    failure::{Failure, Kind},
    files,
    output::Output,
    plan,
    problem::ProblemArgs,
    table::{numbers, row},
};
use iobound::{
    cdag::{Format, Labelled, format, stats},
    reading::{export, export::ExportError},
};
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound cdag mine.dot --stats
  iobound cdag --generate matmul:2,2,2 --to hdag
  iobound cdag --generate fft:8 --to json --out fft8.json
  iobound cdag --algorithm flash2 --n 4 --d 2 --m 40 --to dot

Without --to the CDAG is told in numbers. Of an algorithm or a schedule it is the CDAG that its strict
moves compute at these sizes and tiles, without constants and without what no output needs.")]
pub(super) struct Args {
    #[command(flatten)]
    problem: ProblemArgs,
    /// Write it in this format: hdag, dot or json
    #[arg(long, value_name = "FORMAT", conflicts_with = "stats")]
    to: Option<Format>,
    /// Where to write it (default: the terminal)
    #[arg(long, value_name = "FILE", requires = "to")]
    out: Option<PathBuf>,
    /// Tell it in numbers
    #[arg(long)]
    stats: bool,
    #[command(flatten)]
    plan: plan::PlanArgs,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let labelled = labelled(args)?;
    let Some(to) = args.to else {
        in_numbers(&labelled, out);
        return Ok(Status::Holds);
    };
    if let Some(path) = &args.out {
        files::write(path, |file| format::write(&labelled, to, file))?;
        return Ok(Status::Holds);
    }
    if out.is_json() && to != Format::Json {
        let message = format!("{to} is not JSON: give --out FILE, or leave --json out");
        return Err(Failure::arguments(message).at("--to"));
    }
    let mut bytes = vec![];
    format::write(&labelled, to, &mut bytes).expect("memory takes everything");
    out.text(&String::from_utf8(bytes).expect("all formats are text"));
    Ok(Status::Holds)
}

fn labelled(args: &Args) -> Result<Labelled, Failure> {
    let scheduled = args.plan.algorithm.is_some() || args.plan.schedule.is_some();
    match args.problem.problem()? {
        Some((it, _)) if !scheduled => Ok(it),
        None if scheduled => {
            let plan = args.plan.plan()?;
            let exported = export(plan.program(), &plan.choice.binding).map_err(|it| match it {
                ExportError::Walk(it) => it.into(),
                ExportError::TooLarge { .. } => Failure::new(Kind::Sizes, it),
                it => Failure::new(Kind::Schedule, it),
            })?;
            Ok(exported.cdag.into())
        }
        _ => {
            let message = "one CDAG: give FILE, --generate, --algorithm or --schedule";
            Err(Failure::arguments(message))
        }
    }
}

fn in_numbers(labelled: &Labelled, out: &mut Output) {
    let it = stats(&labelled.cdag);
    if out.is_json() {
        out.document(&it);
        return;
    }
    let rows = [
        row("vertices", it.vertices, ""),
        row("inputs", it.inputs, "read nothing"),
        row("outputs", it.outputs, "nobody reads them"),
        row("isolated", it.isolated, "both; they cost nothing"),
        row("edges", it.edges, ""),
        row("max in-degree", it.max_in_degree, "operands, each once"),
        row("max out-degree", it.max_out_degree, "readers, each once"),
        row("least M", it.least_fast, "words, in the strict game"),
        row("depth", it.depth, "edges of the longest path"),
        row("max width", it.max_width, "vertices of a layer"),
        row("compulsory", it.compulsory, "words that every schedule moves"),
    ];
    out.text(&numbers(&rows));
}
