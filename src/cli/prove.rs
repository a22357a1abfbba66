//! `iobound prove`: certificates of lower bounds, for attention by its sizes and for any CDAG.

use super::{
    Status,
    failure::{Failure, Kind},
    files, folder,
    heads::HeadsArgs,
    output::Output,
    problem::ProblemArgs,
    table::digits,
};
use iobound::{
    bounds::{
        self,
        general::{CannotMake, Effort, MAKERS, make},
    },
    cdag::stats,
    certificate::{Attention, Certificate, Digest, Pass, Problem},
    check::{LowerBound, Reason, Subject, attention::closed_forms, check_attention},
    model::{Machine, Partial, Recompute, Words},
};
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound prove --bound all --n 64Ki --d 128 --m 82Ki --out proved/
  iobound prove --bound window --n 8Ki --d 128 --mask causal --m 64Ki --recompute --out window.cert
  iobound prove --bound all --backward --n 64Ki --d 128 --m 1Mi --out backward/
  iobound prove --bound wavefront fft.hdag --m 6 --out fft.cert
  iobound prove --bound all --generate attention:4,2 --m 4 --out proved/

Attention by its sizes (--n, --d) has theorems as formulas, a CDAG those that look at its vertices.
With --bound all every bound is made that holds here and in this variant of the game and does not
take too long, each in a file ID.cert of the folder OUT. Every certificate is checked before it is written.")]
pub(super) struct Args {
    #[command(flatten)]
    problem: ProblemArgs,
    #[command(flatten)]
    heads: HeadsArgs,
    /// The backward pass: dQ, dK and dV from Q, K, V and dO
    #[arg(long, requires = "n")]
    backward: bool,
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

/// Asks for every bound.
const ALL: &str = "all";

#[derive(Serialize)]
struct Document<'a> {
    file: String,
    id: &'a str,
    /// A string: it may pass what a JSON reader keeps exactly.
    value: String,
    unit: String,
    standing: String,
    recompute: bool,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let recompute = if args.recompute { Recompute::Allowed } else { Recompute::Forbidden };
    let machine = Machine { fast: Words(args.m), recompute, partial: Partial::Off };
    let (proved, left_out) = match args.heads.attention()? {
        Some(_) if args.problem.is_given() => {
            let twice = "sizes of attention and a CDAG: which of the two?";
            return Err(Failure::arguments(twice).at("--n"));
        }
        Some(it) => (of_attention(args, &it, &machine)?, vec![]),
        None => of_cdag(args, &machine)?,
    };
    let all = args.bound == ALL;
    if all {
        folder::make(&args.out)?;
    }
    let mut documents = vec![];
    for (certificate, bound) in proved {
        let id = bound.id();
        let file = if all { args.out.join(format!("{id}.cert")) } else { args.out.clone() };
        write(&file, &certificate)?;
        documents.push(Document {
            file: file.display().to_string(),
            id,
            value: bound.value().to_string(),
            unit: bound.unit().to_string(),
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
        let Document { value, unit, id, standing, file, .. } = it;
        out.line(format_args!("{value:>16} {unit}  {id} ({standing})  {file}"));
    }
    for it in left_out {
        out.line(format_args!("left out: {it}"));
    }
    Ok(Status::Holds)
}

type Proved = Vec<(Certificate, LowerBound)>;

/// A bound asked for by name must speak about the problem; of all bounds those that do are made.
fn of_attention(args: &Args, attention: &Attention, machine: &Machine) -> Result<Proved, Failure> {
    let known = closed_forms(if args.backward { Pass::Backward } else { Pass::Forward });
    let asked = known.iter().filter(|it| args.bound == ALL || it.id == args.bound);
    let mut proved = vec![];
    for theorem in asked {
        match bounds::certificate(theorem, attention, machine) {
            Ok(it) => {
                let bound = check_attention(&it).map_err(|it| Failure::new(Kind::Unfit, it))?;
                proved.push((it, bound));
            }
            Err(it) if args.bound == ALL && !matches!(it.reason, Reason::BadSizes) => {}
            Err(it) => return Err(Failure::new(Kind::Unfit, it)),
        }
    }
    if proved.is_empty() {
        let known = known.iter().map(|it| it.id).collect::<Vec<_>>().join(", ");
        let pass = if args.backward { "the backward pass" } else { "attention" };
        let message = format!("no bound on {pass} is called {:?}; known: {known}", args.bound);
        return Err(Failure::arguments(message).at("--bound"));
    }
    Ok(proved)
}

/// What is proved, and why some of all bounds are not.
fn of_cdag(args: &Args, machine: &Machine) -> Result<(Proved, Vec<CannotMake>), Failure> {
    let cdag = args.problem.needed()?.0.cdag;
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
    let all = args.bound == ALL;
    let ids: Vec<&str> = match all {
        true => MAKERS.iter().filter(|it| it.holds_on(machine)).map(|it| it.id).collect(),
        false => vec![&args.bound],
    };
    let (mut proved, mut left_out) = (vec![], vec![]);
    for id in ids {
        let certificate = match make(id, &cdag, machine, problem.clone(), effort) {
            Ok(it) => it,
            Err(it @ (CannotMake::NothingComputed { .. } | CannotMake::TooLarge { .. })) if all => {
                left_out.push(it);
                continue;
            }
            Err(it) => return Err(cannot(&it)),
        };
        // A maker that errs is a bug.
        let bound = subject.check(&certificate).map_err(|it| Failure::new(Kind::Unfit, it))?;
        proved.push((certificate, bound));
    }
    Ok((proved, left_out))
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
