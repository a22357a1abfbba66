//! How long the segments should be into which a theorem cuts a schedule.
//!
//! The value as a function of the length has one hill, but a jagged one: along it the number of
//! segments falls by one from time to time, and the value with it. So it is looked at where the
//! proofs put the top, along a geometric scale, and around the best place found: a step that helps is
//! taken and the next is twice as long, otherwise half as long. The result is a good length, not
//! provably the best: any length makes a bound.

use crate::certificate::{Attention, Pass};
use crate::model::Words;
use num_bigint::BigUint;
use std::ops::RangeInclusive;

/// Lengths tried a doubling.
const SCALE: u32 = 8;

/// How many of the best are climbed from.
const CLIMBS: usize = 3;

/// Steps of a climb, at most.
const STEPS: u32 = 100;

/// Lengths worth a look.
pub(super) struct Lengths {
    /// The tops of the hills in real numbers, of one theorem or another.
    tops: Vec<u128>,
    scale: RangeInclusive<u64>,
}

impl Lengths {
    pub(super) fn of(pass: Pass, attention: &Attention, fast: Words) -> Self {
        let [d_k, d_v] = [attention.d_k, attention.d_v].map(u128::from);
        let (m, d) = (u128::from(fast.0), d_k + d_v);
        let square = d * d;
        // What the theorems have in the place of D².
        let per_pair = match pass {
            Pass::Forward => vec![square, 4 * d_k * d_v],
            Pass::Backward => {
                vec![(d + d_k) * (2 * d).min(4 * d_k), d * (2 * d + 3 * d_k), 2 * d * (d + 2 * d_k)]
            }
        };
        let long = m + m.saturating_mul(m) / square;
        let mut tops = vec![m, 2 * m, long, long + 1];
        for &it in &per_pair {
            tops.extend((4 * it).checked_sub(m));
            if m > it {
                tops.push(m.saturating_mul(it).div_ceil(m - it));
            }
        }
        let most = 4 * (long + per_pair.into_iter().fold(square, u128::max));
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        Self { tops, scale: (fast.0 / 8).max(1)..=most }
    }
}

/// The length with the largest `value` that is found.
pub(super) fn best(lengths: Lengths, value: impl Fn(u64) -> BigUint) -> u64 {
    let (least, most) = lengths.scale.into_inner();
    let octaves = (most / least).max(1).ilog2() + 1;
    let scale = (0..=octaves * SCALE).map(|it| {
        // least·2^(it/SCALE), linear between powers of two
        let (whole, part) = (it / SCALE, u128::from(it % SCALE));
        (u128::from(least) << whole) * (u128::from(SCALE) + part) / u128::from(SCALE)
    });
    let tried = lengths.tops.into_iter().chain(scale).map(|it| {
        let length = u64::try_from(it).unwrap_or(u64::MAX).clamp(1, most);
        (value(length), length)
    });
    let mut tried: Vec<_> = tried.collect();
    tried.sort_unstable_by(|a, b| b.cmp(a));
    tried.dedup();
    let climbed = tried.into_iter().take(CLIMBS).map(|from| climb(from, most, &value));
    climbed.max().map_or(least, |it| it.1)
}

fn climb(mut best: (BigUint, u64), most: u64, value: &impl Fn(u64) -> BigUint) -> (BigUint, u64) {
    let mut step = (best.1 / 16).max(1);
    for _ in 0..STEPS {
        let (up, down) =
            (best.1.saturating_add(step).min(most), best.1.saturating_sub(step).max(1));
        let found = [up, down].into_iter().map(|it| (value(it), it)).find(|it| it.0 > best.0);
        match found {
            Some(it) => {
                best = it;
                step = step.saturating_mul(2);
            }
            None if step == 1 => break,
            None => step /= 2,
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn top(scale: RangeInclusive<u64>, value: impl Fn(u64) -> BigUint) -> u64 {
        best(Lengths { tops: vec![], scale }, value)
    }

    #[test]
    fn finds_the_top() {
        // a smooth hill with its top at 777
        let hill = |x: u64| BigUint::from(1_000_000 - x.abs_diff(777).pow(2));
        assert_eq!(top(1..=1700, hill), 777);
        // ⌈5000/x⌉ segments: (⌈5000/x⌉ − 1)·x + 1, best just before a jump
        let jagged = |x: u64| BigUint::from((5000_u64.div_ceil(x) - 1) * x + 1);
        assert_eq!(jagged(top(1..=100, jagged)), 5000_u64.into());
    }

    #[test]
    fn ends_at_the_ends() {
        assert_eq!(top(3..=u64::MAX, BigUint::from), u64::MAX);
        assert_eq!(top(1..=1, BigUint::from), 1);
        assert_eq!(top(5..=90, |it| BigUint::from(100 - it)), 1);
    }
}
