//! The exact search on its targets: one line a search, with the time it took.
//!
//! `cargo bench --bench exact [-- FAMILY…]`; each search may keep 2 GiB of states.
#![expect(clippy::print_stdout, reason = "a bench prints")]

#[path = "../tests/exact/cases.rs"]
mod cases;

use iobound::cdag::{Cdag, textbook::textbook};
use iobound::exact::{Limits, optimal};
use iobound::model::{Machine, Partial, Recompute, Words};
use std::{ops::RangeInclusive, time::Instant};

const GAMES: [(&str, Recompute, Partial); 3] = [
    ("one-shot", Recompute::Forbidden, Partial::Off),
    ("recomputed", Recompute::Allowed, Partial::Off),
    ("partial", Recompute::Forbidden, Partial::On),
];

fn main() {
    let attention = |n, d| textbook(n, d).expect("it is small");
    let families: [(&str, Cdag, RangeInclusive<u64>); 7] = [
        ("matrix-product-2", cases::matrix_product(2), 3..=8),
        ("attention-2-1", attention(2, 1), 3..=8),
        ("fft-4", cases::fft(2), 3..=5),
        ("fft-8", cases::fft(3), 3..=8),
        ("tree-16", cases::tree(4), 3..=6),
        ("pyramid-6", cases::pyramid(6), 3..=7),
        ("attention-2-2", attention(2, 2), 3..=6),
    ];
    let chosen: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    for (name, cdag, sizes) in families {
        if chosen.is_empty() || chosen.iter().any(|it| it == name) {
            sizes.for_each(|fast| row(name, &cdag, fast));
        }
    }
}

fn row(name: &str, cdag: &Cdag, fast: u64) {
    for (game, recompute, partial) in GAMES {
        // Searches of larger CDAGs take minutes, but in the one-shot game.
        let is_hard = match (recompute, partial) {
            (_, Partial::On) => cdag.n_edges() > 40,
            (Recompute::Allowed, Partial::Off) => cdag.n_edges() > 50,
            (Recompute::Forbidden, Partial::Off) => false,
        };
        if is_hard {
            continue;
        }
        let machine = Machine { fast: Words(fast), recompute, partial };
        let limits = Limits { bytes: 2 << 30, ..Limits::default() };
        let start = Instant::now();
        let search = optimal(cdag, &machine, &limits).expect("it fits");
        let seconds = start.elapsed().as_secs_f64();
        let upper = search.schedule.map(|it| it.io()).expect("there is one");
        let (lower, states, ended) = (search.lower, search.states, search.ended);
        println!(
            "{name:16} M={fast} {game:10} {lower:3}..{upper:<3} {states:9} {seconds:7.2} s {ended}"
        );
    }
}
