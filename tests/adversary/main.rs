//! An adversary: random CDAGs of the class, random legal pebblings of them, and nobody below a bound
//! or beyond a lemma.
#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "tests, and their numbers are small"
)]

mod class;
mod player;
#[expect(dead_code, reason = "shared with other tests")]
#[path = "../general/random.rs"]
mod random;
mod windows;

use class::{Member, member};
use iobound::{
    bounds::{BOUNDS, bound},
    model::{Machine, Partial, Recompute, Words},
    order,
    replay::{Mode, Problem, replay},
    schedule::Move,
};
use num_bigint::BigUint;
use num_rational::BigRational;
use player::{Lazy, along};
use random::Random;
use rayon::prelude::*;
use windows::told;

fn ratio(p: u64, q: u64) -> BigRational {
    BigRational::new(p.into(), q.into())
}

/// Windows of `x` events: no more first y than `window` says, no more products than `pair-fresh` says.
fn lemmas(it: &Member, moves: &[Move<'_>], m: u64, x: u64, at: &str) {
    let told = told(it, moves, x);
    let (d_k, d_v) = (it.attention.d_k, it.attention.d_v);
    let d = d_k + d_v;
    let star = if d_v <= d_k { d * d } else { 4 * d_k * d_v };
    let c = |z: u64| ratio(z * z, 4 * star).max(ratio(z, 1)) * ratio(d_v, 1);
    for (window, &met) in told.first_outputs.iter().enumerate() {
        let z = if window == 0 { x } else { m + x };
        assert!(ratio(met, 1) <= c(z), "{at}: window {window} of {x} events meets {met} outputs");
    }
    for (window, &met) in told.products.iter().enumerate() {
        let z = if window == 0 { x } else { m + x };
        // met ≤ (z/3)^1.5, or met ≤ D(√(D² + z) − D)², that is 2D√(D·met) ≤ D·z − met
        let first = 27 * met * met <= z * z * z;
        let rest = (d * z).checked_sub(met).is_some_and(|it| 4 * d * d * d * met <= it * it);
        let holds = if z <= 3 * d * d { first } else { rest };
        assert!(holds, "{at}: window {window} of {x} events meets {met} products");
    }
}

/// Words over the largest bound that says more than the compulsory words.
fn judge(it: &Member, moves: &[Move<'static>], m: u64, at: &str) -> f64 {
    let machine = |recompute| Machine { fast: Words(m), recompute, partial: Partial::Off };
    let play = |recompute| {
        replay(&Problem::Explicit(&it.cdag), &machine(recompute), Mode::Legality, moves)
    };
    let io = play(Recompute::Allowed).unwrap().io();
    let once = play(Recompute::Forbidden).is_ok();
    let mut least = f64::INFINITY;
    for theorem in BOUNDS {
        let allowed = theorem.recompute == Recompute::Allowed;
        if !allowed && !once {
            continue;
        }
        let Ok((_, bound)) = bound(theorem, &it.attention, &machine(theorem.recompute)) else {
            continue;
        };
        let value = bound.value();
        assert!(*value <= BigUint::from(io), "{at}: {} says {value}, {io} moved", theorem.id);
        let value = u64::try_from(value).unwrap();
        if value > order::compulsory(&it.cdag) {
            least = least.min(io as f64 / value as f64);
        }
    }
    least
}

/// Seeds and how the moves of one are made.
fn attack(seeds: u64, most: u64, play: fn(&Member, u64, &mut Random) -> Vec<Move<'static>>) -> f64 {
    let one = |seed: u64| {
        let mut random = Random(seed * 7919);
        let it = member(&mut random, most);
        let most = [6, 20, 80][random.below(3) as usize];
        let m = 3 + random.below(most);
        let at = format!("seed {seed}, {:?}, M = {m}", it.attention);
        let moves = play(&it, m, &mut random);
        lemmas(&it, &moves, m, 1 + random.below(3 * m), &at);
        judge(&it, &moves, m, &at)
    };
    (0..seeds).into_par_iter().map(one).reduce(|| f64::INFINITY, f64::min)
}

#[test]
fn along_the_grid() {
    let least = attack(3000, 12, along);
    assert!(least < 1.6, "the adversary is weak: {least}");
}

#[test]
fn with_recomputation() {
    let least = attack(1500, 8, |it, m, random| Lazy::play(it, m, random));
    assert!(least < 9.0, "the adversary is weak: {least}");
}

/// Lemmas 2 and 5 on schedules without waste.
#[test]
fn fresh_starts_are_stored() {
    for seed in 0..500 {
        let mut random = Random(seed);
        let it = member(&mut random, 8);
        let m = 3 + random.below(40);
        let told = told(&it, &along(&it, m, &mut random), 10);
        assert!(told.fresh_places <= told.stores_of_places, "seed {seed}");
        let pairs = u64::try_from(it.attention.pairs).unwrap();
        assert!(told.fresh_pairs <= told.stores_of_pairs + pairs, "seed {seed}");
    }
}
