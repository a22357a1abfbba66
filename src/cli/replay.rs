//! `iobound replay`: every move, by the rules, and what they compute.

use super::{
    Status,
    failure::{Failure, Kind},
    files,
    output::{Object, Output, say},
    plan::{self, Extras, Numbers, Plan, Vouched, vouch},
    table::{Align, digits, table},
};
use iobound::{
    attention::Shape,
    cdag::{hyperdag, textbook::textbook},
    model::{Machine, Recompute, Words},
    reading::{Pebbles, attention_shape},
    replay::{Bound, IoCount, Mode, Problem, Refusal, Verified, Violation, replay},
    schedule::{
        BinaryMoves, BinaryWriter, Header, Move, MoveSource, Named, TextMoves, TextWriter,
        draft::Role, moves_binary, moves_text,
    },
};
use serde::Serialize;
use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

/// Values are judged by default up to so many computes.
const VALUES_BY_DEFAULT: u128 = 100_000_000;

/// More computes than anybody waits for: a day.
pub(super) const MOST_COMPUTES: u128 = 10_000_000_000_000;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound replay --algorithm flash2 --n 64 --d 8 --m 512
  iobound replay --schedule mine.sched --n 64 --d 8 --m 512 --tile B=4 --json
  iobound replay --algorithm standard --n 8 --d 2 --m 64 --write small.moves
  iobound replay small.moves --m 40

The verdict is `attention` if the moves are legal and the outputs hold attention, `legal` if only the
rules were judged, `refused` (exit status 1) with the first violation otherwise.")]
pub(super) struct Args {
    /// A file of moves, text or binary; its header names the problem and M
    #[arg(value_name = "FILE.moves", conflicts_with_all = [
        "algorithm", "schedule", "no_max", "n", "d", "model", "param", "tile", "br", "bc", "tiles",
        "write",
    ])]
    file: Option<PathBuf>,
    #[command(flatten)]
    plan: plan::PlanArgs,
    /// What to judge (default: values where there is attention to compare with, up to 10^8 computes)
    #[arg(long)]
    mode: Option<ModeArg>,
    /// Draws the inputs whose attention is compared
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// May a value be computed twice? (default: as the file says, else allow)
    #[arg(long)]
    recompute: Option<RecomputeArg>,
    /// Write the moves of a schedule once they are judged: FILE.moves as text, FILE.bin in binary
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ModeArg {
    /// The rules of the game
    Legality,
    /// The rules, and that the outputs hold attention
    Values,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum RecomputeArg {
    Allow,
    Forbid,
}

impl From<RecomputeArg> for Recompute {
    fn from(it: RecomputeArg) -> Self {
        match it {
            RecomputeArg::Allow => Self::Allowed,
            RecomputeArg::Forbid => Self::Forbidden,
        }
    }
}

/// What the referee says, and nothing that it did not look at.
#[derive(Debug, Serialize)]
struct Ruling {
    moves: Option<u64>,
    computes: Option<u64>,
    recomputed: Option<u64>,
    verdict: Verdict,
    violation: Option<Broken>,
    mode: &'static str,
    seed: Option<u64>,
    exact_bound: Option<&'static str>,
    recompute: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Attention,
    Legal,
    Refused,
}

#[derive(Debug, Serialize)]
struct Broken {
    step: u64,
    rule: &'static str,
    vertex: Option<u64>,
    needed: Option<u64>,
    available: Option<u64>,
    /// The same in words, for text.
    #[serde(skip)]
    message: String,
}

impl Broken {
    fn of(it: &Violation) -> Self {
        let rule = &it.rule;
        Self {
            step: it.step,
            rule: rule.id(),
            vertex: it.vertex.map(|it| it.0),
            needed: rule.needed(),
            available: rule.available(),
            message: it.to_string(),
        }
    }
}

/// The word of `Bound` in JSON.
pub(super) fn bound(proved: bool) -> &'static str {
    if proved { "proved" } else { "heuristic" }
}

type Judged = Result<IoCount, Violation>;

/// A violation is a ruling; everything else is a failure.
fn judged<E>(
    result: Result<IoCount, Refusal<E>>,
    source: impl FnOnce(E) -> Failure,
) -> Result<Judged, Failure> {
    match result {
        Ok(it) => Ok(Ok(it)),
        Err(Refusal::Violation(it)) => Ok(Err(it)),
        Err(Refusal::Unfit(it)) => Err(Failure::new(Kind::Unfit, it)),
        Err(Refusal::Source(it)) => Err(source(it)),
    }
}

fn ruling(judged: &Judged, mode: Mode, machine: &Machine) -> Ruling {
    let io = judged.as_ref().ok();
    let (verdict, exact_bound) = match io.map(IoCount::verified) {
        None => (Verdict::Refused, None),
        Some(Verified::Legal) => (Verdict::Legal, None),
        Some(Verified::Attention { bound: it, .. }) => {
            (Verdict::Attention, Some(bound(it == Bound::Proved)))
        }
    };
    let (mode, seed) = match mode {
        Mode::Legality => ("legality", None),
        Mode::Values { seed } => ("values", Some(seed)),
    };
    Ruling {
        moves: io.map(IoCount::moves),
        computes: io.map(IoCount::computes),
        recomputed: io.and_then(IoCount::recomputed),
        verdict,
        violation: judged.as_ref().err().map(Broken::of),
        mode,
        seed,
        exact_bound,
        recompute: match machine.recompute {
            Recompute::Allowed => "allow",
            Recompute::Forbidden => "forbid",
        },
    }
}

impl Ruling {
    fn status(&self) -> Status {
        if self.verdict == Verdict::Refused { Status::Wrong } else { Status::Holds }
    }

    /// Says on stderr what is broken.
    fn complain(&self) {
        let Some(it) = &self.violation else { return };
        let hint = if it.rule == "wrong-value" || it.rule == "output-missing" {
            " (--mode legality judges the moves alone)"
        } else {
            ""
        };
        say(format_args!("refused: {}{hint}", it.message));
    }

    fn text(&self) -> String {
        let row = |name: &str, it: Option<u64>, words: &str| {
            it.map(|it| vec![name.to_owned(), digits(it), words.to_owned()])
        };
        let rows: Vec<_> = [
            row("moves", self.moves, ""),
            row("computes", self.computes, ""),
            row("recomputed", self.recomputed, "computed before"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let mut text = table(&[Align::Left, Align::Right, Align::Left], &rows);
        text += "verdict: ";
        text += &match (self.verdict, &self.violation) {
            (Verdict::Attention, _) => {
                let bound = self.exact_bound.unwrap_or("heuristic");
                let seed = self.seed.unwrap_or_default();
                format!("attention: legal, and the outputs hold it exactly (seed {seed}, {bound})")
            }
            (Verdict::Legal, _) => "legal: the rules hold; values were not looked at".to_owned(),
            (Verdict::Refused, Some(it)) => format!("refused: {}", it.message),
            (Verdict::Refused, None) => "refused".to_owned(),
        };
        text + "\n"
    }
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    match &args.file {
        Some(path) => of_file(args, path, out),
        None => of_schedule(args, out),
    }
}

impl Args {
    /// The mode asked for, or the one that suits `problem`.
    fn mode(&self, problem: &Problem<'_>) -> Result<Mode, Failure> {
        let values = Mode::Values { seed: self.seed };
        let computes = match problem {
            Problem::Attention { shape, .. } => Some(computes(*shape)),
            Problem::Explicit(_) | Problem::Stream { .. } => None,
        };
        if let Some(it) = computes.filter(|it| *it > MOST_COMPUTES) {
            let message = format!(
                "about {} computes: nobody waits for more than {}; `iobound count` does not play them",
                digits(it),
                digits(MOST_COMPUTES)
            );
            return Err(Failure::new(Kind::Unfit, message));
        }
        let forbid = self.recompute == Some(RecomputeArg::Forbid);
        let stream = matches!(problem, Problem::Stream { .. });
        if forbid && (stream || computes.is_some() && self.mode == Some(ModeArg::Legality)) {
            let message = "recomputation is seen where attention is judged by value, or on a cdag \
                           that is given beforehand";
            return Err(Failure::new(Kind::Unfit, message).at("--recompute"));
        }
        Ok(match (self.mode, computes) {
            (Some(ModeArg::Legality), _) | (None, None) => Mode::Legality,
            (Some(ModeArg::Values), _) => values,
            (None, Some(it)) if it < VALUES_BY_DEFAULT || forbid => values,
            (None, Some(_)) => Mode::Legality,
        })
    }
}

/// About how many computes attention takes: a product and a sum for each of two matrix products.
pub(super) fn computes(shape: Shape) -> u128 {
    let rows = u128::from(shape.d()) + u128::from(shape.d_v());
    shape.pairs().saturating_mul(rows).saturating_mul(2)
}

#[derive(Serialize)]
struct ScheduleDocument<'a> {
    #[serde(flatten)]
    numbers: Numbers<'a>,
    #[serde(flatten)]
    ruling: &'a Ruling,
    #[serde(flatten)]
    extras: Extras<'a>,
}

fn of_schedule(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let plan = args.plan.plan()?;
    let (program, binding) = (plan.program(), &plan.choice.binding);
    let pebbles = Pebbles::new(program, binding);
    let scaled = program.scale.is_some();
    let words = |role| pebbles.words(role).map_err(|it| Failure::new(Kind::Sizes, it));
    let (problem, named) = match attention_shape(program, binding) {
        Some(shape) => (Problem::Attention { shape, scaled }, square(shape, scaled)),
        None => {
            let (n_inputs, n_outputs) = (words(Role::In)?, words(Role::Out)?);
            (Problem::Stream { n_inputs, n_outputs }, None)
        }
    };
    let mut machine = Machine::strict(plan.fast);
    if let Some(it) = args.recompute {
        machine.recompute = it.into();
    }
    let mode = args.mode(&problem)?;
    let judged = judged(replay(&problem, &machine, mode, pebbles), Failure::from)?;
    let totals = plan.choice.totals;
    let vouched = match &judged {
        Ok(it) => {
            let seen = [it.loads(), it.stores(), it.peak()].map(u128::from);
            if seen != [totals.loads, totals.stores, totals.peak] {
                let name = &plan.schedule().name;
                let message =
                    format!("a bug: the referee of `{name}` says {it:?}, the count {totals:?}");
                return Err(Failure::new(Kind::Disagree, message));
            }
            Vouched::Replayed
        }
        Err(_) => vouch(plan.schedule(), binding, totals)?.1,
    };
    if let (Some(path), Ok(_)) = (&args.write, &judged) {
        let named = match named {
            Some(it) => it,
            None => Named::Inline { inputs: words(Role::In)?, outputs: words(Role::Out)? },
        };
        write(path, &Header { problem: named, machine }, pebbles)?;
    }
    let ruling = ruling(&judged, mode, &machine);
    ruling.complain();
    if out.is_json() {
        let (numbers, extras) = (plan.numbers(vouched), plan.extras()?);
        out.document(&ScheduleDocument { numbers, ruling: &ruling, extras });
    } else {
        text_of_schedule(&plan, vouched, &ruling, out)?;
    }
    Ok(ruling.status())
}

fn text_of_schedule(
    plan: &Plan,
    vouched: Vouched,
    ruling: &Ruling,
    out: &mut Output,
) -> Result<(), Failure> {
    for line in plan.title() {
        out.line(line);
    }
    out.line("");
    out.text(&plan.table(&plan.choice.totals, vouched)?);
    out.line("");
    out.text(&ruling.text());
    Ok(())
}

/// How a file of moves calls self-attention.
fn square(shape: Shape, scaled: bool) -> Option<Named> {
    let (n, d) = (shape.n(), shape.d());
    (Shape::square(n, d) == Ok(shape)).then_some(Named::Attention { n, d, scaled })
}

/// Writes the moves whole, or nothing.
fn write(path: &Path, header: &Header, mut moves: Pebbles<'_>) -> Result<(), Failure> {
    let mut all = |sink: &mut dyn FnMut(Move<'_>) -> io::Result<()>| {
        let ended = moves.emit(&mut |it| match sink(it) {
            Ok(()) => ControlFlow::Continue(()),
            Err(it) => ControlFlow::Break(it),
        });
        match ended.map_err(io::Error::other)? {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(it) => Err(it),
        }
    };
    match path.extension().and_then(|it| it.to_str()) {
        Some("moves") => files::write(path, |file| {
            let mut writer = TextWriter::new(file, header)?;
            all(&mut |it| writer.write(it))?;
            writer.finish().map(drop)
        }),
        Some("bin") => files::write(path, |file| {
            let mut writer = BinaryWriter::new(file, header)?;
            all(&mut |it| writer.write(it))?;
            writer.finish().map(drop)
        }),
        _ => {
            let message = "the name ends in .moves (text) or .bin (binary)";
            Err(Failure::arguments(message).at("--write"))
        }
    }
}

#[derive(Serialize)]
struct FileDocument<'a> {
    #[serde(flatten)]
    numbers: Numbers<'a>,
    #[serde(flatten)]
    ruling: &'a Ruling,
    file: String,
    problem: String,
}

fn of_file(args: &Args, path: &Path, out: &mut Output) -> Result<Status, Failure> {
    let cannot = |it: io::Error| Failure::new(Kind::File, it).at(path.display());
    let mut file = BufReader::new(File::open(path).map_err(cannot)?);
    let binary = BinaryMoves::<&[u8]>::claims(file.fill_buf().map_err(cannot)?);
    let fast = args.plan.point.point()?.m_if_any();
    let sheet = if binary {
        let of =
            |it| match it {
                moves_binary::ReadError::Io(it) => cannot(it),
                moves_binary::ReadError::Parse(it) => Failure::new(Kind::Parse, it)
                    .at(format_args!("{}: byte {}", path.display(), it.offset)),
            };
        let moves = BinaryMoves::open(file).map_err(of)?;
        judge_file(args, path, fast, moves.header().clone(), moves, of)?
    } else {
        let of = |it| match it {
            moves_text::ReadError::Io(it) => cannot(it),
            moves_text::ReadError::Parse(it) => {
                Failure::new(Kind::Parse, it).at(format_args!("{}:{}", path.display(), it.line))
            }
        };
        let moves = TextMoves::open(file).map_err(of)?;
        judge_file(args, path, fast, moves.header().clone(), moves, of)?
    };
    let Sheet { header, judged, mode } = sheet;
    let ruling = ruling(&judged, mode, &header.machine);
    ruling.complain();
    let io = judged.as_ref().ok();
    if out.is_json() {
        let (n, d) = match header.problem {
            Named::Attention { n, d, .. } | Named::Generate { n, d } => (Some(n), Some(d)),
            Named::Cdag(_) | Named::Inline { .. } => (None, None),
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
            let cdag = hyperdag::parse(&files::read(&beside)?).map_err(|it| {
                Failure::new(Kind::Parse, it).at(format_args!("{}:{}", beside.display(), it.line))
            })?;
            Some(cdag)
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
        (Named::Cdag(_) | Named::Generate { .. }, None) => unreachable!("read above"),
    };
    let mode = args.mode(&problem)?;
    let judged = judged(replay(&problem, &header.machine, mode, moves), of)?;
    Ok(Sheet { header, judged, mode })
}
