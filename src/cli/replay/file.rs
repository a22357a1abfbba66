//! `iobound replay FILE.moves`.

use super::{
    Args, attention_steps,
    ruling::{Judged, Ruling, judged, ruling},
};
use crate::cli::{
    Status,
    failure::{Failure, Kind},
    output::{Object, Output},
    plan::{Numbers, Vouched},
    problem,
    table::{Align, digits, table},
};
use iobound::{
    attention::Shape,
    cdag::textbook::textbook,
    model::Words,
    replay::{IoCount, Mode, Problem},
    schedule::{BinaryMoves, Header, MoveSource, Named, TextMoves, moves_binary, moves_text},
};
use serde::Serialize;
use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

#[derive(Serialize)]
struct FileDocument<'a> {
    #[serde(flatten)]
    numbers: Numbers<'a>,
    #[serde(flatten)]
    ruling: &'a Ruling,
    file: String,
    problem: String,
}

pub(super) fn of_file(args: &Args, path: &Path, out: &mut Output) -> Result<Status, Failure> {
    let cannot = |it: io::Error| Failure::new(Kind::File, it).at(path.display());
    let mut file = BufReader::new(File::open(path).map_err(cannot)?);
    let binary = BinaryMoves::<&[u8]>::claims(file.fill_buf().map_err(cannot)?);
    let fast = args.plan.point.point()?.m_if_any();
    let sheet = if binary {
        let of = |it| match it {
            moves_binary::ReadError::Io(it) => cannot(it),
            moves_binary::ReadError::Parse(it) => {
                let at = format!("{}: byte {}", path.display(), it.offset);
                Failure::new(Kind::Parse, without_place(&it)).at(at)
            }
        };
        let moves = BinaryMoves::open(file).map_err(of)?;
        judge_file(args, path, fast, moves.header().clone(), moves, of)?
    } else {
        let of = |it| match it {
            moves_text::ReadError::Io(it) => cannot(it),
            moves_text::ReadError::Parse(it) => {
                let at = format!("{}:{}", path.display(), it.line);
                Failure::new(Kind::Parse, without_place(&it)).at(at)
            }
        };
        let moves = TextMoves::open(file).map_err(of)?;
        judge_file(args, path, fast, moves.header().clone(), moves, of)?
    };
    let Sheet { header, judged, mode } = sheet;
    let ruling = ruling(&judged, mode, &header.machine);
    ruling.complain();
    let io = judged.as_ref().ok().map(|it| &it.0);
    if out.is_json() {
        let (n, d) = match header.problem {
            Named::Attention { n, d, .. } | Named::Generate { n, d } => (Some(n), Some(d)),
            Named::Cdag(_) | Named::Family(_) | Named::Inline { .. } => (None, None),
        };
        let words = |of: fn(&IoCount) -> u64| io.map(|it| u128::from(of(it)));
        let numbers = Numbers {
            algorithm: None,
            n,
            d,
            m: header.machine.fast.0,
            tiles: Object(&[]),
            tiles_from: None,
            loads: words(IoCount::loads),
            stores: words(IoCount::stores),
            io: words(IoCount::io),
            arrays: None,
            peak: words(IoCount::peak),
            formula: None,
            vouched: io.map(|_| Vouched::Replayed),
        };
        let (file, problem) = (path.display().to_string(), header.problem.to_string());
        let problem = problem.trim_start_matches("problem ").to_owned();
        out.document(&FileDocument { numbers, ruling: &ruling, file, problem });
        return Ok(ruling.status());
    }
    let (problem, fast) = (&header.problem, digits(header.machine.fast));
    out.line(format_args!("{}: {problem}, M = {fast} words\n", path.display()));
    if let Some(it) = io {
        let row = |name: &str, value: u64, unit: &str| {
            vec![name.to_owned(), digits(value), unit.to_owned()]
        };
        let rows = [
            row("loads", it.loads(), "words"),
            row("stores", it.stores(), "words"),
            row("io", it.io(), "words"),
            row("peak", it.peak(), "words in use at a time, at most"),
        ];
        out.text(&table(&[Align::Left, Align::Right, Align::Left], &rows));
    }
    out.text(&ruling.text());
    Ok(ruling.status())
}

/// What comes after `line 7: ` or `byte 7: `.
fn without_place(error: &impl ToString) -> String {
    let text = error.to_string();
    text.split_once(": ").map_or(text.as_str(), |it| it.1).to_owned()
}

/// A file of moves, judged.
struct Sheet {
    header: Header,
    judged: Judged,
    mode: Mode,
}

fn judge_file<S: MoveSource>(
    args: &Args,
    path: &Path,
    fast: Option<Words>,
    mut header: Header,
    moves: S,
    of: impl FnOnce(S::Error) -> Failure,
) -> Result<Sheet, Failure> {
    if let Some(it) = fast {
        header.machine.fast = it;
    }
    if let Some(it) = args.recompute {
        header.machine.recompute = it.into();
    }
    let cdag = match &header.problem {
        Named::Cdag(name) => {
            let beside = path.parent().unwrap_or(Path::new("")).join(name);
            Some(problem::read(&beside)?.cdag)
        }
        Named::Family(name) => {
            Some(problem::generator(name).map_err(|it| it.at(path.display()))?.cdag())
        }
        Named::Generate { n, d } => {
            let cdag = textbook(*n, *d).map_err(|it| Failure::new(Kind::Sizes, it));
            Some(cdag.map_err(|it| it.at(path.display()))?)
        }
        Named::Inline { .. } | Named::Attention { .. } => None,
    };
    let problem = match (&header.problem, &cdag) {
        (_, Some(cdag)) => Problem::Explicit(cdag),
        (Named::Attention { n, d, scaled }, None) => {
            let shape = Shape::square(*n, *d).map_err(|it| Failure::from(it).at(path.display()))?;
            Problem::Attention { shape, scaled: *scaled }
        }
        (Named::Inline { inputs, outputs }, None) => {
            Problem::Stream { n_inputs: *inputs, n_outputs: *outputs }
        }
        (Named::Cdag(_) | Named::Family(_) | Named::Generate { .. }, None) => {
            unreachable!("read above")
        }
    };
    // A file ends by itself; how much it holds is not known before.
    let steps = match problem {
        Problem::Attention { shape, .. } => attention_steps(shape),
        Problem::Explicit(_) | Problem::Stream { .. } | Problem::Task(_) => 0,
    };
    let mode = args.mode(&problem, steps)?;
    let judged = judged(&problem, &header.machine, mode, moves, of)?;
    Ok(Sheet { header, judged, mode })
}
