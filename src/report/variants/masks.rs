//! Masks: windows, documents, prefixes.

use super::{D, IO, N_KEYS, Question, Series, from, head, up_to};
use crate::report::numbers::grouped;

/// N where it is not the axis: a mask is walked, not summed.
const N: u64 = 4096;

const WIDTHS: [u64; 3] = [256, 1024, 4096];

fn window(width: u64) -> String {
    format!("window of {}", grouped(width))
}

pub(super) const WINDOWS: Question = Question {
    id: "windows",
    title: "From which length does a sliding window beat full attention in words?",
    x: N_KEYS,
    y: IO,
    setting: |it| format!("One head, d = {D}, {}, tiles for the fewest words.", it.place),
    series: |it| {
        let of = |n| (head(n, n, D), it.fast);
        let mut series =
            Series::along(it.short()).with("full", "cross", of).with("causal", "causal", of);
        for width in WIDTHS {
            series = series.with(window(width), "sliding", |n| {
                ([head(n, n, D), vec![("W", width)]].concat(), it.fast)
            });
        }
        series
    },
    answer: |it| {
        let first = |width, than| from("N", it.first_below(&window(width), than));
        let each = WIDTHS.map(|width| {
            let label = window(width);
            let (full, causal) = (first(width, "full"), first(width, "causal"));
            format!("a {label} {full} (than causal attention {causal})")
        });
        let last = it.last();
        let ratios = WIDTHS.map(|width| it.ratio(&window(width), "full", last));
        format!(
            "Fewer words than full attention, of the lengths drawn: {}. At N = {} causal attention moves \
             {} of the words of full attention, the windows {}.",
            each.join(", "),
            grouped(last),
            it.ratio("causal", "full", last),
            ratios.join(", ")
        )
    },
};

pub(super) const DOCUMENTS: Question = Question {
    id: "documents",
    title: "How short must packed documents be to cost fewer words?",
    x: "L: tokens of a document",
    y: IO,
    setting: |it| format!("One head, {} tokens, d = {D}, {}.", grouped(it.tokens(N)), it.place),
    series: |it| {
        let n = it.tokens(N);
        let of = |length| ([head(n, n, D), vec![("L", length)]].concat(), it.fast);
        let series = Series::along(up_to(16, n)).with("documents", "documents", of);
        series.with("one document", "cross", of).with("one document, causal", "causal", of)
    },
    answer: |it| {
        format!(
            "Documents of 1,024 tokens move {} of the words of one document of all {} tokens, those of \
             64 {}. Every token is moved at least once: nothing is gained below the length whose \
             keys fit into fast memory.",
            it.ratio("documents", "one document", 1024),
            grouped(it.last()),
            it.ratio("documents", "one document", 64)
        )
    },
};

pub(super) const PREFIX: Question = Question {
    id: "prefix-mask",
    title: "What does a prefix that sees itself cost beyond a causal mask?",
    x: "F: tokens of the prefix",
    y: IO,
    setting: |it| format!("One head, {} tokens, d = {D}, {}.", grouped(it.tokens(N)), it.place),
    series: |it| {
        let n = it.tokens(N);
        let of = |first| ([head(n, n, D), vec![("F", first)]].concat(), it.fast);
        let series = Series::along(up_to(16, n)).with("prefix", "prefix", of);
        series.with("causal", "causal", of).with("full", "cross", of)
    },
    answer: |it| {
        let less = |first| it.ratio("prefix", "causal", first);
        format!(
            "A prefix of 256 tokens moves {} times the words of a causal mask, of 1,024 {}, of 2,048 {}; \
             one of all {} is full attention.",
            less(256),
            less(1024),
            less(2048),
            grouped(it.last())
        )
    },
};
