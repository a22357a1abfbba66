//! Heads that share keys.

use super::{D, IO, Question, Series, head, powers};
use crate::{model::Words, report::numbers::grouped};

/// Keys in the cache.
const KEYS: u64 = 2048;

/// The same where a mask is walked.
const FEW: u64 = 1024;

fn shared((n, keys): (u64, u64), heads: u64, group: u64, fast: Words) -> super::At {
    ([head(n, keys, D), vec![("B", 1), ("H", heads), ("G", group)]].concat(), fast)
}

pub(super) const SHARED: Question = Question {
    id: "heads",
    title: "What do shared keys save?",
    x: "key heads",
    y: IO,
    setting: |it| {
        format!(
            "32 query heads, {} keys, d = {D}, {}; words of all heads.",
            grouped(it.tokens(FEW)),
            it.place
        )
    },
    series: |it| {
        let keys = it.tokens(FEW);
        let of = |n: u64| move |heads: u64| shared((n, keys), heads, 32 / heads, it.fast);
        Series::along(powers(0..=5))
            .with("all tokens at once", "gqa", of(keys))
            .with("all tokens at once, causal", "gqa-causal", of(keys))
            .with("one token", "gqa", of(1))
    },
    answer: |it| {
        let saved = |label| match (it.at(label, 1), it.at(label, 32)) {
            (Some(a), Some(b)) if b > 0 => super::times(a, b),
            _ => "-".to_owned(),
        };
        format!(
            "One key head for 32 query heads moves {} of the words of 32 key heads when one token is \
             decoded, and {} when all tokens are computed at once, {} under a causal mask: then the rows of \
             queries that fit, not the heads that share, decide how often keys are read.",
            saved("one token"),
            saved("all tokens at once"),
            saved("all tokens at once, causal")
        )
    },
};

const LATENT: &str = "latent (512 + 64 words a token)";
const GROUPED: &str = "8 key heads";
const OWN: &str = "128 key heads";

pub(super) const LATENTS: Question = Question {
    id: "latent",
    title: "At how many queries a step does latent attention stop saving words?",
    x: "N: queries a step",
    y: IO,
    setting: |it| {
        format!(
            "128 query heads, {} keys, d = {D}, {}; words of all heads.",
            grouped(KEYS),
            it.place
        )
    },
    series: |it| {
        let own = vec![("P", KEYS), ("B", 1), ("G", 128), ("dv", 512), ("dr", 64)];
        Series::along(powers(0..=8))
            .with(LATENT, "mla", |n| ([vec![("N", n)], own.clone()].concat(), it.fast))
            .with(GROUPED, "gqa", |n| shared((n, KEYS), 8, 16, it.fast))
            .with(OWN, "gqa", |n| shared((n, KEYS), 128, 1, it.fast))
    },
    answer: |it| {
        let stops = |than| super::from("N", it.first_below(than, LATENT));
        format!(
            "At one query latent attention moves {} of the words of 8 key heads and {} of those of 128. 8 key \
             heads move fewer words than it {}, 128 {}: its rows of queries and outputs are 576 and 512 words \
             long, so fewer of them fit, and the stream of keys is read more often.",
            it.ratio(LATENT, GROUPED, 1),
            it.ratio(LATENT, OWN, 1),
            stops(GROUPED),
            stops(OWN)
        )
    },
};
