//! FlashAttention-2's backward pass moves more than every bound says.

use iobound::{
    bounds::{BACKWARD, bound},
    certificate::Attention,
    model::{Machine, Partial, Recompute, Words},
    schedule::Program,
    strategy::{Schedule, Want, choose},
};
use num_bigint::BigUint;

fn words(schedule: &Schedule, n: u64, d: u64, m: u64) -> Option<BigUint> {
    let sizes = [("N", n), ("P", n), ("d", d), ("dv", d)];
    let choice = choose(schedule, None, &sizes, Words(m), &Want::Best(vec![])).ok()?;
    Some(choice.totals.io().into())
}

fn largest(n: u64, d: u64, m: u64) -> BigUint {
    let of = Attention::square(n, d);
    let machine =
        Machine { fast: Words(m), recompute: Recompute::Forbidden, partial: Partial::Off };
    let value = |it| bound(it, &of, &machine).unwrap().1.value().clone();
    BACKWARD.iter().map(value).max().unwrap()
}

fn draft() -> Schedule {
    let text = include_str!("../../traces/family/flash2-backward.sched");
    Schedule::new("flash2-backward", Program::parse(text).unwrap())
}

#[test]
fn no_bound_is_above_it() {
    let schedule = draft();
    let mut compared = 0;
    for (n, d) in
        [(1, 1), (7, 2), (30, 5), (64, 8), (1000, 3), (1024, 64), (100_000, 16), (65_536, 128)]
    {
        for m in (2..24).map(|it| (1_u64 << it) + it) {
            let Some(words) = words(&schedule, n, d, m) else { continue };
            let largest = largest(n, d, m);
            assert!(largest <= words, "N = {n}, d = {d}, M = {m}: {largest} > {words}");
            compared += 1;
        }
    }
    assert!(compared > 100);
}

/// The leading constant is 16, and nothing else: N and M/d² large.
#[test]
fn it_is_attained() {
    let schedule = draft();
    let (d, m) = (64, 1 << 22); // 1024d²
    let ratio = |n: u64| {
        let (words, largest) = (words(&schedule, n, d, m).unwrap(), largest(n, d, m));
        (words * 1000_u32 / largest).to_string().parse::<u32>().unwrap()
    };
    assert!(ratio(1 << 26) < 1050, "{}", ratio(1 << 26));
}
