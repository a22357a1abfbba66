//! Values known by hand, and how a search ends.

use crate::cases::{cdag, chain, fft, matrix_product, pyramid, sum, tree};
use crate::{AGAIN, ONE_SHOT, PARTIAL, least, machine, replayed};
use iobound::cdag::{Cdag, textbook::textbook};
use iobound::exact::{Ended, Limits, Search, Unfit, optimal};
use iobound::model::Words;

fn check(cdag: &Cdag, fast: u64, expected: u64) {
    for rules in [ONE_SHOT, AGAIN] {
        assert_eq!(least(cdag, &machine(fast, rules)), expected, "M = {fast}, {rules:?}");
    }
}

#[test]
fn nothing_to_do() {
    check(&cdag(&[]), 0, 0);
    // Sources that are sinks are in slow memory already.
    check(&cdag(&[vec![], vec![]]), 0, 0);
}

/// One load, one store, whatever the length.
#[test]
fn a_chain() {
    check(&chain(1), 2, 2);
    check(&chain(20), 2, 2);
}

/// n loads, one store; two red pebbles suffice where the sum is made in place.
#[test]
fn a_sum() {
    check(&sum(5), 6, 6);
    assert_eq!(least(&sum(5), &machine(2, PARTIAL)), 6);
}

/// x → a, b → c. All at once with M = 3: x, a, b, then c in the place of x.
#[test]
fn a_diamond() {
    let diamond = cdag(&[vec![], vec![0], vec![0], vec![1, 2]]);
    check(&diamond, 3, 2);
    assert_eq!(least(&diamond, &machine(2, PARTIAL)), 4);
}

/// u → w, v;  (w, a) → z;  (z, v) → o, with M = 3. Beside w, a and z there is no room: u goes for
/// nothing and is loaded again for v, 4 words. Whoever computes v at once, u being about to die with
/// it, stores and loads v: 5.
#[test]
fn a_blue_operand_may_wait() {
    let cdag = cdag(&[vec![], vec![], vec![0], vec![0], vec![1, 2], vec![4, 3]]);
    assert_eq!(least(&cdag, &machine(3, ONE_SHOT)), 4);
}

/// A tree of height h needs h + 2 pebbles for its compulsory words. With one less, both subtrees of
/// the root are of height h − 1 and need h + 1 = M alone, so one value must go out and come back.
#[test]
fn a_binary_tree() {
    for levels in 1..=3 {
        let compulsory = (1 << levels) + 1;
        check(&tree(levels), u64::from(levels) + 2, compulsory);
        if levels > 1 {
            check(&tree(levels), u64::from(levels) + 1, compulsory + 2);
        }
    }
}

/// A pyramid on b inputs needs b + 1 pebbles for b loads and a store.
#[test]
fn a_pyramid() {
    for base in 2..=4 {
        check(&pyramid(base), base + 1, base + 1);
    }
    assert!(least(&pyramid(4), &machine(4, AGAIN)) > 5);
}

/// 8 loads and 4 stores are compulsory; the rest are goldens, proved by the search and nobody else.
#[test]
fn the_matrix_product() {
    let product = matrix_product(2);
    for (fast, expected) in (3..=8).zip([25, 17, 14, 13, 12, 12]) {
        check(&product, fast, expected);
    }
}

/// Goldens, but for M = 8: 6 loads and 2 stores.
#[test]
fn attention() {
    let attention = textbook(2, 1).unwrap();
    for (fast, expected) in (3..=8).zip([24, 15, 11, 10, 9, 8]) {
        assert_eq!(least(&attention, &machine(fast, ONE_SHOT)), expected);
    }
}

/// A butterfly alone: two loads, two stores. For 4 points at once, 4 values and two results of a
/// butterfly are red: M = 6. With 8 points recomputation helps, at M = 6; goldens.
#[test]
fn the_fft() {
    assert_eq!(least(&fft(1), &machine(4, ONE_SHOT)), 4);
    assert_eq!(least(&fft(2), &machine(6, ONE_SHOT)), 8);
    for (fast, expected) in [(4, 31), (6, 24)] {
        assert_eq!(least(&fft(3), &machine(fast, ONE_SHOT)), expected);
    }
    assert_eq!(least(&fft(3), &machine(6, AGAIN)), 23);
}

/// A limit leaves an interval that holds the optimum, never a lie.
#[test]
fn limits_leave_an_interval() {
    let product = matrix_product(2);
    let machine = machine(3, ONE_SHOT);
    let truth = least(&product, &machine);
    let ends = [
        (Limits { states: 20, bytes: u64::MAX }, Ended::NodeLimit),
        (Limits { states: u64::MAX, bytes: 1000 }, Ended::MemoryLimit),
        (Limits { states: 0, bytes: 0 }, Ended::NodeLimit),
    ];
    for (limits, ended) in ends {
        let search: Search = optimal(&product, &machine, &limits).unwrap();
        assert_eq!(search.ended, ended);
        assert!(search.lower < truth && search.states <= limits.states);
        assert!(replayed(&product, &machine, &search) >= truth);
    }
}

#[test]
fn what_is_refused() {
    let of = |cdag: &Cdag, fast, rules| optimal(cdag, &machine(fast, rules), &Limits::default());
    let small = Unfit::TooSmall { least: Words(3), fast: Words(2) };
    assert_eq!(of(&tree(2), 2, ONE_SHOT), Err(small));
    assert_eq!(small.to_string(), "M = 2 is too small for this CDAG: it needs at least 3");
    assert_eq!(of(&tree(2), 1, PARTIAL), Err(Unfit::TooSmall { least: Words(2), fast: Words(1) }));
    assert_eq!(of(&chain(64), 2, AGAIN), Err(Unfit::TooManyVertices { found: 65 }));
    assert_eq!(of(&fft(4), 9, PARTIAL), Err(Unfit::TooManyVertices { found: 80 }));
    assert_eq!(least(&chain(63), &machine(2, AGAIN)), 2);
}

/// A repeated operand needs one pebble; isolated vertices do not count.
#[test]
fn repeats_and_strays() {
    let square = cdag(&[vec![], vec![0, 0], vec![]]);
    check(&square, 2, 2);
    assert_eq!(least(&square, &machine(2, PARTIAL)), 2);
}
