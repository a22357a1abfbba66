//! Few queries against many keys.

use super::{D, IO, Question, Series, head, powers, words};
use crate::{model::Words, report::numbers::grouped};

const KEYS: u64 = 65536;

pub(super) const QUERIES: Question = Question {
    id: "queries",
    title: "How many queries can share one reading of the keys?",
    x: "N: queries",
    y: IO,
    setting: |it| format!("One head, 64Ki keys, {}, tiles for the fewest words.", it.place),
    series: |it| {
        let wide = |n| (vec![("N", n), ("P", KEYS), ("d", 192), ("dv", 128)], it.fast);
        let plain = |n| (head(n, KEYS, D), it.fast);
        Series::along(powers(0..=13))
            .with("d = 128, dv = 128", "cross", plain)
            .with("d = 192, dv = 128", "cross", wide)
            .bound("lower bound (128, 128)", "cross", plain)
    },
    answer: |it| {
        let label = "d = 128, dv = 128";
        let one = it.at(label, 1).unwrap_or(0);
        // Twice what one query moves: the keys are read a second time.
        let again = it.xs.iter().copied().find(|n| it.at(label, *n) >= Some(2 * one));
        let last = it.last();
        format!(
            "One query moves {} words, nearly all of them keys and values; of the numbers drawn, {} queries are the \
             first that move twice as many. At {} queries the words are {} times the bound.",
            grouped(one),
            again.map_or("-".to_owned(), grouped),
            grouped(last),
            it.ratio(label, "lower bound (128, 128)", last)
        )
    },
};

/// Words of the plain pass.
fn plain(fast: Words) -> u128 {
    words("cross", &head(1, KEYS, D), fast).unwrap_or(0)
}

const PAGES: [(u64, &str); 2] =
    [(16, "a page table, 16 tokens a page"), (64, "a page table, 64 tokens a page")];

pub(super) const SPLITS: Question = Question {
    id: "splits",
    title: "What do splits and pages add to decoding?",
    x: "S: splits",
    y: "words more than the plain pass",
    setting: |it| {
        let all = grouped(plain(it.fast));
        format!("One query, 64Ki keys, d = {D}, {}; the plain pass moves {all} words.", it.place)
    },
    series: |it| {
        let mut series = Series::along(powers(0..=10)).with("split-K", "split-k", |splits| {
            ([head(1, KEYS, D), vec![("S", splits)]].concat(), it.fast)
        });
        for (tokens, label) in PAGES {
            let pages = [("B", KEYS / tokens), ("G", KEYS / tokens), ("W", tokens), ("X", tokens)];
            series = series
                .with(label, "paged", |_| ([head(1, KEYS, D), pages.to_vec()].concat(), it.fast));
        }
        let plain = plain(it.fast);
        for words in series.curves.iter_mut().flat_map(|it| &mut it.found) {
            *words = words.and_then(|it| it.checked_sub(plain));
        }
        series
    },
    answer: |it| {
        format!(
            "64 splits add {} words, 1,024 splits {}: the unfinished row and its two statistics are stored \
             and loaded, and the query is loaded again. Pages of 16 tokens add {}, a word each.",
            it.said("split-K", 64),
            it.said("split-K", 1024),
            it.said(PAGES[0].1, 1)
        )
    },
};

const FIRST: u64 = 4096;
const OWN: u64 = 256;

pub(super) const PREFIXES: Question = Question {
    id: "shared-prefix",
    title: "What does a prefix that all sequences share save?",
    x: "B: sequences",
    y: IO,
    setting: |it| {
        format!("One query a sequence, 4Ki common keys, 256 own ones, d = {D}, {}.", it.place)
    },
    series: |it| {
        let together =
            |b| (vec![("B", b), ("N", 1), ("F", FIRST), ("S", OWN), ("d", D), ("dv", D)], it.fast);
        let apart = |b| {
            let heads = vec![("B", b), ("H", 1), ("G", 1)];
            ([head(1, FIRST + OWN, D), heads].concat(), it.fast)
        };
        Series::along(powers(0..=8))
            .with("prefix read once for a tile of sequences", "shared-prefix", together)
            .with("each sequence by itself", "gqa", apart)
            .bound("lower bound", "shared-prefix", together)
    },
    answer: |it| {
        let [shared, apart] =
            ["prefix read once for a tile of sequences", "each sequence by itself"];
        format!(
            "With 16 sequences the shared prefix saves a factor of {}, with 256 one of {}; the most it can \
             be is ({} + {OWN})/{OWN} = {}.",
            it.ratio(apart, shared, 16),
            it.ratio(apart, shared, 256),
            grouped(FIRST),
            (FIRST + OWN) / OWN
        )
    },
};
