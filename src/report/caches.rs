//! What caches make of the loops that the schedules place by hand.

use super::{
    chart::{At, Axis, Chart, Curve},
    numbers::{about, grouped, log2},
    palette,
};
use crate::{
    access::AccessSource,
    bounds,
    cache::{Cache as _, Min, Stack},
    model::{Recompute, Words},
    reading::{Accesses, Moves},
    strategy::{Max, Want, choose, find},
};
use num_bigint::BigUint;
use rayon::prelude::*;
use std::fmt::Write;

/// Whose loops, and at which sizes.
#[derive(Clone, Copy, Debug)]
pub struct Loops {
    /// The algorithm.
    pub algorithm: &'static str,
    /// N.
    pub n: u64,
    /// d.
    pub d: u64,
    /// M: from 2 to this power …
    pub from: u32,
    /// … to this one.
    pub to: u32,
}

/// One M: the schedule with its best tiles there, and caches of M words on the same loops.
pub(super) struct Row {
    pub(super) fast: u64,
    pub(super) tiles: String,
    pub(super) explicit: u64,
    pub(super) min: u64,
    pub(super) lru: u64,
    /// The least LRU cache that moves at most a tenth more than the schedule, and no more, if there is
    /// one: what is dirty at the end is flushed, though a schedule would forget it.
    near: Option<usize>,
    matches: Option<usize>,
    pub(super) bound: BigUint,
}

/// Every M at which a schedule fits.
///
/// # Panics
///
/// If the algorithm is unknown or its loops cannot be walked: a test makes every plan.
pub(super) fn rows(loops: &Loops) -> Vec<Row> {
    let powers: Vec<u32> = (loops.from..=loops.to).collect();
    powers.into_par_iter().filter_map(|power| row(loops, 1 << power)).collect()
}

fn row(loops: &Loops, fast: u64) -> Option<Row> {
    let Loops { algorithm, n, d, .. } = *loops;
    let schedule = find(algorithm).ok()?.schedule(Max::Kept)?;
    let sizes = [("N", n), ("d", d)];
    let want = Want::Best(vec![]);
    let choice = choose(schedule, None, &sizes, Words(fast), &want).ok()?;
    let size = usize::try_from(fast).ok()?;
    let (mut stack, mut min) = (Stack::new(), Min::new(size));
    let mut source = Accesses::new(&schedule.program, &choice.binding, Moves::Erased);
    let walked = source.each(|it| {
        stack.touch(it);
        min.touch(it);
    });
    walked.expect("a test makes every plan");
    let curve = stack.curve();
    let explicit = u64::try_from(choice.totals.io()).ok()?;
    let least = |io: u64| (1..=curve.words()).find(|it| curve.at(*it).io() <= io);
    let (near, matches) = (least(explicit + explicit / 10), least(explicit));
    let bound = bounds::best(n, d, Words(fast), Recompute::Forbidden).ok()?.value?;
    let tiles = choice.tiles.iter().map(|(name, it)| format!("{name} = {it}"));
    Some(Row {
        fast,
        tiles: tiles.collect::<Vec<_>>().join(", "),
        explicit,
        min: min.counts().io(),
        lru: curve.at(size).io(),
        near,
        matches,
        bound,
    })
}

const INTRODUCTION: &str = "
## What a cache would make of it

A schedule places every word by hand. Here is what hardware would do that shows the same loops, loads and stores erased, to
a cache: fully associative, one word a line, as large as the schedule's M. LRU evicts the word touched longest ago, MIN (Bélády) the
one that is touched again latest. All count words loaded, written back and left dirty at the end. `iobound curve` does the same for
other sizes and for recorded traces.
";

pub(super) fn section(loops: &Loops, rows: &[Row]) -> String {
    let mut text = String::from(INTRODUCTION);
    let _ = writeln!(
        text,
        "\n`{}`, N = {}, d = {}.\n\n| M | tiles | schedule | MIN of M | LRU of M | LRU within 10 % from | LRU as few from | bound |\n\
         |---:|---|---:|---:|---:|---:|---:|---:|",
        loops.algorithm, loops.n, loops.d
    );
    for it in rows {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            grouped(it.fast),
            it.tiles,
            grouped(it.explicit),
            grouped(it.min),
            grouped(it.lru),
            size(it.near),
            size(it.matches),
            u64::try_from(&it.bound).map_or_else(|_| about(&it.bound), grouped)
        );
    }
    text + &conclusion(rows) + "\n![Schedule, MIN and LRU against M](caches.svg)\n"
}

fn size(it: Option<usize>) -> String {
    it.map_or_else(|| "never".to_owned(), |it| grouped(it as u64))
}

/// Thousandths, to hundredths.
fn times(thousandths: u64) -> String {
    let hundredths = thousandths.div_ceil(10);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// What the numbers say, in a paragraph that they are put into.
fn conclusion(rows: &[Row]) -> String {
    // In thousandths of what the schedule moves.
    let share = |words: u64, it: &Row| 1000 * words / it.explicit;
    let min = rows.iter().map(|it| share(it.min, it)).max().unwrap_or_default();
    let worst = rows.iter().max_by_key(|it| share(it.lru, it));
    let Some(worst) = worst else { return String::new() };
    let close = rows.iter().filter(|it| share(it.lru, it) <= 1100).count();
    format!(
        "\nMIN moves at most {} times the schedule's words, in a cache no larger than its M: shown to a cache that evicts \
         well, these loops lose next to nothing. LRU, of the same size, is within 10 % of the schedule at {close} of these {} \
         sizes, and at the worst, M = {}, moves {} times as much. It evicts tiles that will be touched again before streamed \
         rows and dead scores that will not, since those were touched last; until it has \
         room for all of them, capacity buys it nothing: it is within 10 % from {} words on. Who tunes tiles for such a \
         cache should leave some room; who places words by hand need not.\n",
        times(min),
        rows.len(),
        grouped(worst.fast),
        times(share(worst.lru, worst)),
        size(worst.near),
    )
}

pub(super) fn chart(loops: &Loops, rows: &[Row]) -> Chart {
    let all = |it: &Row| [it.explicit, it.min, it.lru];
    let numbers = || rows.iter().flat_map(all).map(BigUint::from);
    let bounds = || rows.iter().map(|it| it.bound.clone());
    let least = numbers().chain(bounds()).min().unwrap_or_else(|| 1u32.into());
    let most = numbers().max().unwrap_or_else(|| 2u32.into());
    let x = |it: &Row| log2(&it.fast.into());
    let curve = |name: &str, style, of: fn(&Row) -> u64| {
        Curve::new(name, style, rows.iter().map(|it| Some((x(it), log2(&of(it).into())))))
    };
    let policies = vec![
        curve("LRU", palette::schedule(1), |it| it.lru),
        curve("MIN", palette::schedule(2), |it| it.min),
    ];
    let explicit = vec![curve("the schedule itself", palette::BEST, |it| it.explicit)];
    let impossible: Vec<At> = rows.iter().map(|it| (x(it), log2(&it.bound))).collect();
    let lower =
        Curve::new("the largest", palette::BEST_BOUND, impossible.iter().copied().map(Some));
    let Loops { algorithm, n, d, from, to } = loops;
    Chart {
        title: format!("The same loops, placed by hand and by a cache: {algorithm}"),
        subtitle: format!(
            "N = {n}, d = {d}, no mask; the best tiles at each M, and a cache of M words. Words loaded + stored."
        ),
        x: Axis::binary("M: words of fast memory, or of the cache", 1 << from, 1 << to),
        y: Axis::decimal("Words moved", &least, &most),
        impossible,
        areas: vec![],
        groups: vec![
            ("Caches on its loops", policies),
            ("Lower bound", vec![lower]),
            ("Schedule", explicit),
        ],
        marks: vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The truth lies between: no cache moves less than the compulsory words, MIN no more than LRU.
    #[test]
    fn rows_make_sense() {
        let loops = Loops { algorithm: "flash2", n: 24, d: 4, from: 5, to: 10 };
        let rows = rows(&loops);
        assert!(rows.len() >= 4);
        for it in &rows {
            assert!(it.min <= it.lru && it.min >= 4 * 24 * 4, "M = {}", it.fast);
            assert!(it.bound <= it.explicit.into());
        }
        let last = rows.last().expect("not empty");
        // Everything fits: Q, K, V and O once; in a cache also o, m, l, s and t, dirty at the end.
        let (words, dead) = (4 * 24 * 4, 24 * (4 + 4));
        assert_eq!([last.explicit, last.min, last.lru], [words, words + dead, words + dead]);
    }
}
