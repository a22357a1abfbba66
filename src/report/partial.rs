//! What partial computations save: two exhaustive searches a row.

use crate::{
    cdag::{Generator, stats},
    exact::{Ended, Limits, optimal},
    model::{Machine, Partial, Recompute, Words},
};
use rayon::prelude::*;
use std::fmt::Write;

/// The families that ship; each search of them ends within a second.
pub(super) const FAMILIES: &[&str] =
    &["matmul:2,2,2", "attention:2,1", "fft:4", "tree:16", "pyramid:6", "diamond:5"];

const INTRODUCTION: &str = "
## What partial computations save

In the game of partial computations (PRBP; Papp, Sobczyk and Yzelman 2025) a vertex is made edge by edge in one word of
fast memory, so that its operands need not be there together; no vertex is computed twice. Here is the least I/O in both
games, by exhaustive search on tiny CDAGs (`iobound list families`), from the least M of the strict game up to where the
two are equal. `iobound optimal --generate FAMILY --m M`, with or without `--partial`, gives a schedule for each.

| family | M | strict | partial | saved |
|---|---:|---:|---:|---:|
";

/// The section, with a row for each of `families` and each M.
///
/// # Panics
///
/// If a search does not end: these are small.
pub(super) fn section(families: &[&str]) -> String {
    let rows: Vec<String> = families.par_iter().map(|it| rows(it)).collect();
    if rows.is_empty() { String::new() } else { format!("{INTRODUCTION}{}", rows.concat()) }
}

fn rows(family: &str) -> String {
    let cdag = family.parse::<Generator>().expect("a test makes every plan").cdag();
    let mut text = String::new();
    for fast in stats(&cdag).least_fast.. {
        let least = |partial| {
            let machine = Machine { fast: Words(fast), recompute: Recompute::Forbidden, partial };
            let found = optimal(&cdag, &machine, &Limits::default()).expect("M is large enough");
            assert_eq!(found.ended, Ended::Exhausted, "{family}, M = {fast}");
            found.lower
        };
        let (strict, partial) = rayon::join(|| least(Partial::Off), || least(Partial::On));
        // In tenths of a percent, rounded.
        let whole = strict.max(1);
        let saved = (1000 * strict.saturating_sub(partial) + whole / 2) / whole;
        let (percent, tenths) = (saved / 10, saved % 10);
        let _ =
            writeln!(text, "| {family} | {fast} | {strict} | {partial} | {percent}.{tenths} % |");
        if strict == partial {
            break;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The strict numbers by hand in the exact search's own tests; the others as the search says.
    #[test]
    fn until_the_games_are_equal() {
        let expected = "| fft:4 | 3 | 14 | 12 | 14.3 % |\n| fft:4 | 4 | 11 | 10 | 9.1 % |\n\
                        | fft:4 | 5 | 9 | 8 | 11.1 % |\n| fft:4 | 6 | 8 | 8 | 0.0 % |\n";
        assert_eq!(rows("fft:4"), expected);
        assert_eq!(section(&[]), "");
    }
}
