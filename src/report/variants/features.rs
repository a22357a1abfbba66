//! Attention without an exponential: linear, polynomial features, the in-context learner.

use super::{D, IO, M, N_KEYS, Question, Series, from, head, powers};
use crate::{model::Words, report::numbers::grouped};

const SOFTMAX: &str = "softmax";
const LINEAR: &str = "linear";

pub(super) const LENGTHS: Question = Question {
    id: "linear",
    title: "From which length does linear attention move fewer words than softmax attention?",
    x: N_KEYS,
    y: IO,
    setting: |it| format!("One head, d = {D}, {}, tiles for the fewest words.", it.place),
    series: |it| {
        let of = |n| (head(n, n, D), it.fast);
        let xs = powers(7..=9).into_iter().chain(it.short());
        let mut xs: Vec<_> = xs.collect();
        xs.sort_unstable();
        xs.dedup();
        Series::along(xs)
            .with(SOFTMAX, "cross", of)
            .with("softmax, causal", "causal", of)
            .with(LINEAR, "linear", of)
            .with("linear, causal, in chunks", "linear-causal", of)
    },
    answer: |it| {
        let last = it.last();
        format!(
            "Without a mask {}, under a causal mask {}: as soon as the rows of queries that fit are not all. At \
             N = {} linear attention moves {} of the words; it moves each word of Q, K, V and O once.",
            from("N", it.first_below(LINEAR, SOFTMAX)),
            from("N", it.first_below("linear, causal, in chunks", "softmax, causal")),
            grouped(last),
            it.ratio(LINEAR, SOFTMAX, last)
        )
    },
};

const BLOCKED: &str = "linear, the state in blocks";

pub(super) const STATE: Question = Question {
    id: "state",
    title: "What does linear attention cost when its state does not fit?",
    x: M,
    y: IO,
    setting: |_| {
        format!("One head, N = 8Ki, d = {D}, no mask: a state of {} words.", grouped(D * D))
    },
    series: |_| {
        let of = |m| (head(8192, 8192, D), Words(m));
        Series::along(powers(9..=17))
            .with(LINEAR, "linear", of)
            .with(BLOCKED, "linear-blocked", of)
            .with(SOFTMAX, "cross", of)
    },
    answer: |it| {
        let fits = it.xs.iter().copied().find(|m| it.at(LINEAR, *m).is_some());
        let whole = fits.and_then(|m| it.at(LINEAR, m));
        let over = |m| match (it.at(BLOCKED, m), whole) {
            (Some(a), Some(b)) if b > 0 => super::times(a, b),
            _ => "-".to_owned(),
        };
        format!(
            "Of the sizes drawn the state fits {}, and then each word moves once. In blocks it moves {} times as \
             many words at M = 8Ki and {} times at 1Ki; softmax attention moves {} times what the blocks do at \
             M = 8Ki, and {} times at 1Ki.",
            from("M", fits),
            over(8192),
            over(1024),
            it.ratio(SOFTMAX, BLOCKED, 8192),
            it.ratio(SOFTMAX, BLOCKED, 1024)
        )
    },
};

/// N where degrees and features are the question.
const LONG: u64 = 8192;

const DEGREES: [u64; 3] = [1, 2, 4];

fn resident(degree: u64) -> String {
    format!("degree {degree}")
}

fn blocked(degree: u64) -> String {
    format!("degree {degree}, features in blocks")
}

pub(super) const POLYNOMIAL: Question = Question {
    id: "polynomial",
    title: "How many polynomial features pay, and of which degree?",
    x: "R: features a token",
    y: IO,
    setting: |it| {
        format!("One head, N = {}, d = {D}, no mask, {}.", grouped(it.tokens(LONG)), it.place)
    },
    series: |it| {
        let n = it.tokens(LONG);
        let of = |degree| {
            move |features| {
                let own = vec![("g", degree), ("R", features)];
                ([head(n, n, D), own].concat(), it.fast)
            }
        };
        let mut series = Series::along(powers(4..=12));
        for degree in DEGREES {
            series = series.with(resident(degree), "polynomial", of(degree));
        }
        for degree in [2, 4] {
            series = series.with(blocked(degree), "polynomial-blocked", of(degree));
        }
        series.with(SOFTMAX, "cross", of(1))
    },
    answer: |it| {
        let most = |label: &str| {
            let pays = |x: &&u64| matches!((it.at(label, **x), it.at(SOFTMAX, **x)), (Some(a), Some(b)) if a < b);
            it.xs.iter().rfind(pays).copied()
        };
        let each = DEGREES.map(|degree| {
            let most = [resident(degree), blocked(degree)].iter().filter_map(|it| most(it)).max();
            let most =
                most.map_or("no number".to_owned(), |it| format!("{} features", grouped(it)));
            format!("degree {degree} up to {most}")
        });
        format!(
            "Fewer words than softmax attention, of the numbers drawn: {}. The projections, g·R·d words, are read \
             again for each block of tokens, and the state of R·d words leaves less room for one. At R = {D} the \
             degrees move {}, {} and {} of the words of softmax attention.",
            each.join(", "),
            it.ratio(&resident(1), SOFTMAX, D),
            it.ratio(&resident(2), SOFTMAX, D),
            it.ratio(&resident(4), SOFTMAX, D)
        )
    },
};

const STAY: &str = "weights stay";
const STREAM: &str = "weights stream by";

pub(super) const LEARNER: Question = Question {
    id: "in-context",
    title: "Must the weights of an in-context learner stay?",
    x: M,
    y: IO,
    setting: |_| {
        "8Ki examples and 8Ki questions of 64 words, 512 hidden units, 64 features: 64Ki words of weights in \
         the hidden layer."
            .to_owned()
    },
    series: |_| {
        let of = |m| (vec![("N", 8192), ("P", 8192), ("d", 64), ("m", 512), ("k", 64)], Words(m));
        Series::along(powers(10..=18)).with(STAY, "in-context", of).with(
            STREAM,
            "in-context-blocked",
            of,
        )
    },
    answer: |it| {
        let fits = it.xs.iter().copied().find(|m| it.at(STAY, *m).is_some());
        let over = fits.map_or("-".to_owned(), |m| it.ratio(STREAM, STAY, m));
        let half = fits.map_or("-".to_owned(), |m| it.said(STREAM, m / 2));
        format!(
            "Of the sizes drawn they fit {}, and then streaming them moves {over} times as many words ({} against \
             {}); at half that memory, where they must stream, {half}.",
            from("M", fits),
            fits.map_or("-".to_owned(), |m| it.said(STREAM, m)),
            fits.map_or("-".to_owned(), |m| it.said(STAY, m)),
        )
    },
};
