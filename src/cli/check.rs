//! `iobound check`: do these certificates prove what they claim?

use super::{
    Status,
    failure::{Failure, Kind},
    files,
    output::Output,
    problem,
};
use iobound::{
    cdag::Cdag,
    certificate::{Certificate, Problem, parse},
    check::{LowerBound, check, check_attention},
};
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound check proofs/wavefront/accept/*.cert
  iobound check fft.cert --cdag fft.hdag --json

A certificate about attention by its sizes, or that writes its CDAG out or names its file, needs
nothing else; one that names a digest needs the CDAG. Exit status: 0 all are accepted, 1 some are
refused, 2 some cannot be read.")]
pub(super) struct Args {
    /// Certificates
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The CDAG to set them against, whatever they say of it
    #[arg(long, value_name = "FILE", conflicts_with = "generate")]
    cdag: Option<PathBuf>,
    /// The same by a family and its sizes
    #[arg(long, value_name = "NAME:SIZES")]
    generate: Option<String>,
}

#[derive(Serialize)]
struct Document {
    file: String,
    accepted: bool,
    id: Option<String>,
    /// A string: it may pass what a JSON reader keeps exactly.
    value: Option<String>,
    standing: Option<String>,
    reason: Option<String>,
    #[serde(skip)]
    status: Status,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let given = match (&args.cdag, &args.generate) {
        (Some(file), _) => Some(problem::read(file)?.cdag),
        (None, Some(name)) => {
            Some(problem::generator(name).map_err(|it| it.at("--generate"))?.cdag())
        }
        (None, None) => None,
    };
    let documents: Vec<Document> = args.files.iter().map(|it| judged(it, given.as_ref())).collect();
    let worst = [Status::Unjudged, Status::Wrong];
    let status = worst.into_iter().find(|it| documents.iter().any(|file| file.status == *it));
    if out.is_json() {
        out.document(&documents);
    } else {
        documents.iter().for_each(|it| say(it, out));
    }
    Ok(status.unwrap_or(Status::Holds))
}

fn say(it: &Document, out: &mut Output) {
    match (&it.value, &it.id, &it.standing, &it.reason) {
        (Some(value), Some(id), Some(standing), None) => {
            out.line(format_args!("{}: accepted: {value} words by {id} ({standing})", it.file));
        }
        (.., reason) => {
            let sort = if it.status == Status::Wrong { "refused" } else { "cannot be judged" };
            let reason = reason.as_deref().unwrap_or("no reason is known");
            out.line(format_args!("{}: {sort}: {reason}", it.file));
        }
    }
}

fn judged(path: &Path, given: Option<&Cdag>) -> Document {
    let file = path.display().to_string();
    let unjudged = |reason: String| Document {
        file: file.clone(),
        accepted: false,
        id: None,
        value: None,
        standing: None,
        reason: Some(reason),
        status: Status::Unjudged,
    };
    let certificate = match read(path) {
        Ok(it) => it,
        Err(it) => return unjudged(it.to_string()),
    };
    let id = Some(certificate.claim.bound.clone());
    let result = match (given, &certificate.claim.problem) {
        (None, Problem::Attention(_) | Problem::Backward(_)) => Ok(check_attention(&certificate)),
        (Some(cdag), _) => Ok(check(&certificate, cdag)),
        (None, _) => named(path, &certificate).map(|it| check(&certificate, &it)),
    };
    match result {
        Err(it) => Document { id, ..unjudged(it.to_string()) },
        Ok(Err(it)) => Document { id, status: Status::Wrong, ..unjudged(it.to_string()) },
        Ok(Ok(it)) => accepted(file, &it),
    }
}

fn accepted(file: String, it: &LowerBound) -> Document {
    Document {
        file,
        accepted: true,
        id: Some(it.id().to_owned()),
        value: Some(it.value().to_string()),
        standing: Some(it.standing().to_string()),
        reason: None,
        status: Status::Holds,
    }
}

fn read(path: &Path) -> Result<Certificate, Failure> {
    let text = files::bytes(path)?;
    parse(&text).map_err(|it| Failure::new(Kind::Parse, it).at(path.display()))
}

/// The CDAG that the certificate names.
fn named(path: &Path, certificate: &Certificate) -> Result<Cdag, Failure> {
    match &certificate.claim.problem {
        Problem::Inline(operands) => {
            Cdag::new(operands.clone()).map_err(|it| Failure::new(Kind::Parse, it))
        }
        Problem::File { name, .. } => {
            problem::read(&path.parent().unwrap_or(Path::new("")).join(name)).map(|it| it.cdag)
        }
        Problem::Digest(_) | Problem::Attention(_) | Problem::Backward(_) => {
            Err(Failure::arguments("the CDAG is needed: --cdag or --generate"))
        }
    }
}
