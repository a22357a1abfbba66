//! All CDAGs with few vertices, and random ones.

use crate::{AGAIN, ONE_SHOT, PARTIAL, brute, cases::cdag, least, machine};
use iobound::cdag::{Cdag, Operands};
use iobound::exact::{Limits, Unfit, optimal};

/// All CDAGs of `n` vertices that are numbered in a topological order; each up to renaming.
fn all(n: usize) -> impl Iterator<Item = Cdag> {
    (0_u64..1 << (n * (n - 1) / 2)).map(move |code| numbered(n, code))
}

/// The CDAG whose edges are the bits of `code`.
fn numbered(n: usize, mut code: u64) -> Cdag {
    let mut operands = vec![vec![]; n];
    for (v, list) in operands.iter_mut().enumerate() {
        for u in 0..v as u64 {
            if code & 1 == 1 {
                list.push(u);
            }
            code >>= 1;
        }
    }
    cdag(&operands)
}

fn most_operands(cdag: &Cdag) -> u64 {
    cdag.vertices().map(|it| cdag.operands(it).len() as u64).max().unwrap_or(0)
}

/// The obvious search agrees; more M and recomputation never cost more.
fn strict(cdag: &Cdag, n: u64) {
    let first = most_operands(cdag) + 1;
    let mut before = [u64::MAX; 2];
    for fast in first..=n + 1 {
        let found = [ONE_SHOT, AGAIN].map(|rules| {
            let machine = machine(fast, rules);
            let found = least(cdag, &machine);
            assert_eq!(Some(found), brute::least(cdag, &machine), "{cdag:?} {machine:?}");
            found
        });
        assert!(found[1] <= found[0] && found[0] <= before[0] && found[1] <= before[1]);
        before = found;
    }
    if first > 1 {
        let error = optimal(cdag, &machine(first - 1, ONE_SHOT), &Limits::default()).unwrap_err();
        assert!(matches!(error, Unfit::TooSmall { least, .. } if least.0 == first));
        assert_eq!(brute::least(cdag, &machine(first - 1, ONE_SHOT)), None);
    }
}

fn partial(cdag: &Cdag, n: u64) {
    let first = if most_operands(cdag) == 0 { 0 } else { 2 };
    let mut before = u64::MAX;
    for fast in first..=n + 1 {
        let machine = machine(fast, PARTIAL);
        let found = least(cdag, &machine);
        assert_eq!(Some(found), brute::least(cdag, &machine), "{cdag:?} {machine:?}");
        assert!(found <= before);
        before = found;
    }
}

#[test]
fn all_up_to_four_vertices() {
    for n in 1..=4 {
        for cdag in all(n) {
            strict(&cdag, n as u64);
            partial(&cdag, n as u64);
        }
    }
}

#[test]
fn all_with_five_vertices() {
    for cdag in all(5) {
        strict(&cdag, 5);
    }
}

/// A fixed sequence of numbers.
fn numbers(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ it >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ it >> 31
    }
}

#[test]
fn random_with_six_and_seven_vertices() {
    let mut next = numbers(1);
    for n in [6, 6, 6, 7] {
        for _ in 0..20 {
            // Two draws: a quarter to a half of the edges.
            let code = next() & (next() | next());
            let cdag = numbered(n, code);
            for fast in most_operands(&cdag) + 1..=5 {
                let found = [ONE_SHOT, AGAIN].map(|rules| {
                    let machine = machine(fast, rules);
                    let found = least(&cdag, &machine);
                    assert_eq!(Some(found), brute::least(&cdag, &machine), "{cdag:?} {machine:?}");
                    found
                });
                assert!(found[1] <= found[0]);
            }
        }
    }
}

/// One or two operands each, mostly near ones: deeper than the draws above, and short of room.
#[test]
fn random_and_sparse() {
    let mut next = numbers(3);
    for _ in 0..150 {
        let sources = 2 + next() % 3;
        let mut draw = |v: u64| {
            let far = if next().is_multiple_of(3) { v } else { v.min(4) };
            v - 1 - next() % far
        };
        let mut operands = vec![vec![]; 7];
        for v in sources..7 {
            operands[usize::try_from(v).unwrap()] = vec![draw(v), draw(v)];
        }
        let cdag = cdag(&operands);
        for rules in [ONE_SHOT, AGAIN, PARTIAL] {
            let machine = machine(3, rules);
            let found = least(&cdag, &machine);
            assert_eq!(Some(found), brute::least(&cdag, &machine), "{cdag:?} {machine:?}");
        }
    }
}

#[test]
fn random_partial_with_five_vertices() {
    let mut next = numbers(2);
    for _ in 0..40 {
        partial(&numbered(5, next() & (next() | next())), 4);
    }
}
