//! `iobound prove`: certificates of lower bounds for any CDAG.

use super::{
    Status,
    failure::{Failure, Kind},
    files,
    output::Output,
    problem::ProblemArgs,
    table::digits,
};
use iobound::{
    bounds::general::{CannotMake, Effort, MAKERS, make},
    cdag::stats,
    certificate::{Certificate, Digest, Problem},
    check::Subject,
    model::{Machine, Partial, Recompute, Words},
};
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound prove --bound all --generate attention:4,2 --m 4 --out proved/
  iobound prove --bound wavefront fft.hdag --m 6 --out fft.cert

With --bound all every bound is made that holds in this variant of the game and does not take too long,
each in a file ID.cert of the folder OUT. Every certificate is checked before it is written.")]
pub(super) struct Args {
    #[command(flatten)]
    problem: ProblemArgs,
    /// Which bound: an id, or `all`
    #[arg(long, value_name = "ID")]
    bound: String,
    /// M: words of fast memory
    #[arg(long, value_name = "WORDS", value_parser = super::point::fast)]
    m: u64,
    /// Vertices may be computed more than once
    #[arg(long)]
    recompute: bool,
    /// Name the CDAG by its digest instead of writing it out
    #[arg(long)]
    digest: bool,
    /// How long to look: about this many vertices and edges are visited
    #[arg(long, value_name = "STEPS")]
    effort: Option<u64>,
    /// The file to write; for `all` the folder
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
}

#[derive(Serialize)]
struct Document<'a> {
    file: String,
    id: &'a str,
    /// A string: it may pass what a JSON reader keeps exactly.
    value: String,
    standing: String,
    recompute: bool,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let cdag = args.problem.needed()?.0.cdag;
    let recompute = if args.recompute { Recompute::Allowed } else { Recompute::Forbidden };
    let machine = Machine { fast: Words(args.m), recompute, partial: Partial::Off };
    let problem =
        if args.digest { Problem::Digest(Digest::of(&cdag)) } else { Problem::inline(&cdag) };
    let effort = args.effort.map_or_else(Effort::default, Effort);
    let subject = Subject::new(&cdag).map_err(|it| Failure::new(Kind::Unfit, it))?;
    let least = stats(&cdag).least_fast;
    if args.m < least {
        let message =
            format!("M = {} is too small for this CDAG: it needs at least {least}", args.m);
        return Err(Failure::new(Kind::NoFit, message).at("--m"));
    }
    let all = args.bound == "all";
    let ids: Vec<&str> = match all {
        true => MAKERS.iter().filter(|it| it.holds_on(&machine)).map(|it| it.id).collect(),
        false => vec![&args.bound],
    };
    let (mut documents, mut left_out) = (vec![], vec![]);
    for id in ids {
        let certificate = match make(id, &cdag, &machine, problem.clone(), effort) {
            Ok(it) => it,
            Err(it @ (CannotMake::NothingComputed { .. } | CannotMake::TooLarge { .. })) if all => {
                left_out.push(it);
                continue;
            }
            Err(it) => return Err(cannot(&it)),
        };
        // A maker that errs is a bug.
        let bound = subject.check(&certificate).map_err(|it| Failure::new(Kind::Unfit, it))?;
        let file = if all { args.out.join(format!("{id}.cert")) } else { args.out.clone() };
        write(&file, &certificate)?;
        documents.push(Document {
            file: file.display().to_string(),
            id: bound.id(),
            value: bound.value().to_string(),
            standing: bound.standing().to_string(),
            recompute: args.recompute,
        });
    }
    if out.is_json() {
        out.document(&documents);
        return Ok(Status::Holds);
    }
    let variant = if args.recompute { "allowed" } else { "forbidden" };
    out.line(format_args!("M = {}, strict game, recomputation {variant}", digits(args.m)));
    for it in documents {
        out.line(format_args!("{:>12} words  {} ({})  {}", it.value, it.id, it.standing, it.file));
    }
    for it in left_out {
        out.line(format_args!("left out: {it}"));
    }
    Ok(Status::Holds)
}

fn cannot(it: &CannotMake) -> Failure {
    let place = match it {
        CannotMake::UnknownBound { .. } | CannotMake::NothingComputed { .. } => "--bound",
        CannotMake::TooLarge { .. } => "--effort",
        CannotMake::RecomputationAllowed { .. } | CannotMake::PartialGame { .. } => "--recompute",
    };
    Failure::arguments(it).at(place)
}

fn write(file: &Path, certificate: &Certificate) -> Result<(), Failure> {
    files::write(file, |it| write!(it, "{certificate}"))
}
