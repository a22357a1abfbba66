//! What the referee says, as text and as JSON.

use crate::cli::{
    Status,
    class::Said,
    failure::{Failure, Kind},
    output::say,
    table::{Align, digits, table},
};
use iobound::{
    attention::Task,
    model::{Machine, Recompute},
    observe::Membership,
    replay::{Bound, IoCount, Mode, Problem, Refusal, Verified, Violation, replay},
    schedule::{Move, MoveSource, Tee},
};
use serde::Serialize;

/// What the referee says, and nothing that it did not look at.
#[derive(Debug, Serialize)]
pub(super) struct Ruling {
    moves: Option<u64>,
    computes: Option<u64>,
    recomputed: Option<u64>,
    verdict: Verdict,
    violation: Option<Broken>,
    mode: &'static str,
    seed: Option<u64>,
    exact_bound: Option<&'static str>,
    recompute: &'static str,
    #[serde(flatten)]
    class: Said,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    Attention,
    Legal,
    Refused,
}

#[derive(Debug, Serialize)]
pub(super) struct Broken {
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
pub(in crate::cli) fn bound(proved: bool) -> &'static str {
    if proved { "proved" } else { "heuristic" }
}

/// What the referee counts, and the class where values are judged.
pub(super) type Judged = Result<(IoCount, Said), Violation>;

/// Referees and watches. A violation is a ruling; everything else is a failure.
pub(super) fn judged<S: MoveSource>(
    problem: &Problem<'_>,
    machine: &Machine,
    mode: Mode,
    moves: S,
    source: impl FnOnce(S::Error) -> Failure,
) -> Result<Judged, Failure> {
    let watch = match (problem, mode) {
        (Problem::Attention { shape, .. }, Mode::Values { .. }) => Some(Membership::new(shape)),
        (Problem::Task(Task::Forward(it)), Mode::Values { .. }) if it.is_one_head() => {
            Some(Membership::masked(&it.shape, it.keeps.clone()))
        }
        _ => None,
    };
    let (result, class) = match watch {
        Some(Ok(mut watch)) => {
            let moves = Tee(moves, |it: Move<'_>| watch.see(it));
            (replay(problem, machine, mode, moves), watch.class().into())
        }
        Some(Err(why)) => (replay(problem, machine, mode, moves), Said::unknown(why)),
        None => (replay(problem, machine, mode, moves), Said::default()),
    };
    match result {
        Ok(it) => Ok(Ok((it, class))),
        Err(Refusal::Violation(it)) => Ok(Err(it)),
        Err(Refusal::Unfit(it)) => Err(Failure::new(Kind::Unfit, it)),
        Err(Refusal::Source(it)) => Err(source(it)),
    }
}

pub(super) fn ruling(judged: &Judged, mode: Mode, machine: &Machine) -> Ruling {
    let io = judged.as_ref().ok().map(|it| &it.0);
    let (verdict, exact_bound) = match io.map(IoCount::verified) {
        None => (Verdict::Refused, None),
        Some(Verified::Legal) => (Verdict::Legal, None),
        Some(Verified::Attention { bound: it, .. }) => {
            (Verdict::Attention, Some(bound(it == Bound::Proved)))
        }
        Some(Verified::Task { .. }) => (Verdict::Attention, Some(bound(false))),
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
        class: judged.as_ref().map(|it| it.1.clone()).unwrap_or_default(),
    }
}

impl Ruling {
    pub(super) fn status(&self) -> Status {
        if self.verdict == Verdict::Refused { Status::Wrong } else { Status::Holds }
    }

    /// Says on stderr what is broken.
    pub(super) fn complain(&self) {
        let Some(it) = &self.violation else { return };
        let hint = if it.rule == "wrong-value" || it.rule == "output-missing" {
            " (--mode legality judges the moves alone)"
        } else {
            ""
        };
        say(format_args!("refused: {}{hint}", it.message));
    }

    pub(super) fn text(&self) -> String {
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
        text += "\n";
        if self.verdict == Verdict::Attention {
            text += &format!("{}\n", self.class);
        }
        text
    }
}
