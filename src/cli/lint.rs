//! `iobound lint`: are these schedule texts sound?

use super::{
    Status,
    class::Said,
    failure::Failure,
    files,
    output::{Object, Output, say},
    plan, point,
    table::digits,
};
use iobound::reading::class;
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound lint mine.sched
  iobound lint traces/*.sched --n 1Ki --d 64 --m 32Ki

Checked without sizes: every use is live, shapes agree, nothing leaks, indices are bound. With N,
d and M also that it can be walked there and that tiles fit. The class says which lower bounds hold
for the text, if it computes attention: see proofs/CLASS.md.")]
pub(super) struct Args {
    /// Schedule texts
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    point: point::PointArgs,
    /// A parameter that is not N or d
    #[arg(long, value_name = "NAME=VALUE", value_parser = plan::named)]
    param: Vec<(String, u64)>,
}

#[derive(Serialize)]
struct Document<'a> {
    files: &'a [File],
    /// The first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Failure>,
}

#[derive(Serialize)]
struct File {
    file: String,
    ok: bool,
    error: Option<Failure>,
    #[serde(flatten)]
    class: Said,
    /// With sizes.
    #[serde(skip_serializing_if = "Option::is_none")]
    counted: Option<Counted>,
}

struct Counted {
    tiles: Vec<(String, u64)>,
    io: u128,
    peak: u128,
}

impl Serialize for Counted {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            tiles: Object<'a, u64>,
            io: u128,
            peak: u128,
        }
        Fields { tiles: Object(&self.tiles), io: self.io, peak: self.peak }.serialize(serializer)
    }
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let point = args.point.point()?; // a wrong name is not the fault of a file
    let sized = point.m_if_any().is_some();
    if !sized && (point.n.is_some() || point.d.is_some() || !args.param.is_empty()) {
        point.m()?;
    }
    let (mut files, mut status) = (vec![], Status::Holds);
    for path in &args.files {
        let file = path.display().to_string();
        let program = files::program(path);
        let result = program.and_then(|program| {
            let counted = if sized { Some(counted(args, path)?) } else { None };
            Ok((Said::from(&class(&program)), counted))
        });
        files.push(match result {
            Ok((class, counted)) => File { file, ok: true, error: None, class, counted },
            Err(error) => {
                say(&error);
                if status != Status::Unjudged {
                    status = error.status();
                }
                File { file, ok: false, error: Some(error), class: Said::default(), counted: None }
            }
        });
    }
    if out.is_json() {
        let error = files.iter().find_map(|it| it.error.as_ref());
        out.document(&Document { files: &files, error });
        return Ok(status);
    }
    for it in &files {
        match (&it.error, &it.counted) {
            (Some(_), _) => {} // said on stderr
            (None, None) => out.line(format_args!("{}: sound; {}", it.file, it.class)),
            (None, Some(Counted { tiles, io, peak })) => out.line(format_args!(
                "{}: sound; moves {} words, peak {}, with tiles {}; {}",
                it.file,
                digits(io),
                digits(peak),
                plan::tiles_in_words(tiles),
                it.class
            )),
        }
    }
    Ok(status)
}

fn counted(args: &Args, path: &Path) -> Result<Counted, Failure> {
    let plan = plan::PlanArgs::of_file(path, &args.point, &args.param).plan()?;
    plan.count()?;
    if !plan.fits() {
        return Err(plan.over_capacity());
    }
    let (io, peak) = (plan.choice.totals.io(), plan.choice.totals.peak);
    Ok(Counted { tiles: plan.choice.tiles, io, peak })
}
