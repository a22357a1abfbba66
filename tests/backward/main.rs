//! The backward pass: an adversary against its bounds and the lemmas behind them, and
//! FlashAttention-2's order above the bounds.
#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "tests, and their numbers are small"
)]

mod account;
mod class;
mod flash2;
#[path = "../adversary/player.rs"]
mod player;
#[expect(dead_code, reason = "shared with other tests")]
#[path = "../general/random.rs"]
mod random;
mod stays;
mod told;

use class::{Member, member};
use iobound::{
    bounds::{BACKWARD, bound},
    model::{Machine, Partial, Recompute, Words},
    order,
    replay::{Mode, Problem, replay},
    schedule::Move,
};
use num_bigint::BigUint;
use player::{Lazy, along};
use random::Random;
use rayon::prelude::*;
use told::told;

/// Words over the largest bound that says more than the compulsory words.
fn judge(it: &Member, moves: &[Move<'static>], m: u64, at: &str) -> f64 {
    let machine = |recompute| Machine { fast: Words(m), recompute, partial: Partial::Off };
    let play = |recompute| {
        replay(&Problem::Explicit(&it.cdag), &machine(recompute), Mode::Legality, moves)
    };
    let io = play(Recompute::Allowed).unwrap().io();
    let once = play(Recompute::Forbidden).is_ok();
    let compulsory = order::compulsory(&it.cdag);
    let mut least = f64::INFINITY;
    for theorem in BACKWARD.iter().filter(|it| once || it.recompute == Recompute::Allowed) {
        let bound = bound(theorem, &it.attention, &machine(theorem.recompute)).unwrap();
        let value = bound.1.value();
        assert!(*value <= BigUint::from(io), "{at}: {} says {value}, {io} moved", theorem.id);
        let value = u64::try_from(value).unwrap();
        if theorem.id == "backward-compulsory" {
            assert_eq!(value, compulsory, "{at}");
        } else if value > compulsory {
            least = least.min(io as f64 / value as f64);
        }
    }
    least
}

/// Lemmas B and C and the accounts, for windows of weight `x`.
fn lemmas(it: &Member, moves: &[Move<'static>], x: u64, at: &str) {
    let told = told(it, moves, x);
    for [periods, loads, stores] in told.places {
        assert!(stores >= periods && loads + 1 >= periods, "{at}: {periods} {loads} {stores}");
    }
    let n_good = told.story.good.len();
    assert!(it.pairs.len() as u64 <= n_good as u64 + told.waiting, "{at}: {n_good} good pairs");
    assert!(told.weight > (told.windows - 1) * (x - 1), "{at}");
    let account = told.story.account();
    assert!(account.holds(), "{at}, X = {x}: {account:?}");
}

/// Pebblings along the grid of up to `most` rows and keys; the least of what [`judge`] says.
fn attack(seeds: u64, most: u64, wide: u64, fast: &(impl Fn(&mut Random) -> u64 + Sync)) -> f64 {
    let one = |seed: u64| {
        let mut random = Random(seed * 7919);
        let it = member(&mut random, most, wide);
        let m = fast(&mut random);
        let at = format!("seed {seed}, {:?}, M = {m}", it.attention);
        let moves = along(&it, m, &mut random);
        for x in [2 + random.below(9), 2 + random.below(3 * m), 2 + random.below(20 * m)] {
            lemmas(&it, &moves, x, &at);
        }
        judge(&it, &moves, m, &at)
    };
    (0..seeds).into_par_iter().map(one).reduce(|| f64::INFINITY, f64::min)
}

#[test]
fn small_and_odd() {
    let fast = |random: &mut Random| {
        let most = *random.one_of(&[8, 30, 120]);
        4 + random.below(most)
    };
    attack(1000, 12, 3, &fast);
}

#[test]
fn large_enough_for_the_bounds() {
    let least = attack(300, 60, 1, &|random| 20 + random.below(30));
    assert!(least < 2.5, "the adversary is weak: {least}");
}

#[test]
fn with_recomputation() {
    let one = |seed: u64| {
        let mut random = Random(seed * 104_729);
        let it = member(&mut random, 7, 2);
        let m = 4 + random.below(60);
        let at = format!("seed {seed}, {:?}, M = {m}", it.attention);
        let moves = Lazy::play(&it, m, &mut random);
        judge(&it, &moves, m, &at)
    };
    (0..800).into_par_iter().for_each(|seed| {
        one(seed);
    });
}
