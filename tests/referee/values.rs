//! Legal and wrong: streams that only the values refuse.

use crate::build::*;
use iobound::attention::Shape;
use iobound::cdag::Vertex;
use iobound::model::{Machine, Recompute, Words};
use iobound::replay::{Bound, IoCount, Mode, Problem, Refusal, Rule, Verified, replay};
use iobound::schedule::{Constant, Function, Move, Op};
use std::convert::Infallible;

/// What is done wrong, if anything, at pair (0, 1) or in row 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Right,
    /// Each accumulator leaves fast memory and comes back.
    Spilling,
    /// The first product of the pair is computed twice, and one of the two used.
    ProductTwice,
    ProductLeftOut,
    PairTwice,
    WrongOperand,
    RescalingLeftOut,
    RowsSwapped,
}

/// A stream being written.
struct Writing {
    next: u64,
    moves: Vec<Move<'static>>,
}

impl Writing {
    fn compute(&mut self, op: Op, operands: &[u64]) -> u64 {
        self.moves.push(compute(self.next, op, operands));
        self.next += 1;
        self.next - 1
    }
}

/// One row at a time with a running maximum, in the manner of `FlashAttention`.
fn online_softmax(shape: Shape, doing: Doing) -> Vec<Move<'static>> {
    let (n, n_keys, d, d_v) = (shape.n(), shape.keys(), shape.d(), shape.d_v());
    let exp = Op::Call(Function::Exp);
    let [q, k, v] = [0, n * d, (n + n_keys) * d];
    let next = v + n_keys * d_v;
    let mut it = Writing { next, moves: (0..next).map(load).collect() };
    for i in 0..n {
        let mut row_max = it.compute(Op::Constant(Constant::NegInf), &[]);
        let mut row_sum = it.compute(Op::Constant(Constant::Int(0)), &[]);
        let mut o: Vec<u64> =
            (0..d_v).map(|_| it.compute(Op::Constant(Constant::Int(0)), &[])).collect();
        let mut keys: Vec<u64> = (0..n_keys).collect();
        if doing == Doing::PairTwice && i == 0 {
            keys.push(1);
        }
        for j in keys {
            let here = (i, j) == (0, 1);
            let mut s = it.compute(Op::Constant(Constant::Int(0)), &[]);
            for l in 0..d {
                if here && doing == Doing::ProductLeftOut && l == 0 {
                    continue;
                }
                let other = u64::from(here && doing == Doing::WrongOperand);
                let operands = [q + i * d + l, k + j * d + (l + other) % d];
                if here && doing == Doing::ProductTwice && l == 0 {
                    it.compute(Op::Mul, &operands);
                }
                let product = it.compute(Op::Mul, &operands);
                s = it.compute(Op::Add, &[s, product]);
            }
            let s = it.compute(Op::Times(Constant::Scale), &[s]);
            let newer = it.compute(Op::Max, &[row_max, s]);
            let shrink = it.compute(Op::Sub, &[row_max, newer]);
            let shrink = it.compute(exp, &[shrink]);
            let weight = it.compute(Op::Sub, &[s, newer]);
            let weight = it.compute(exp, &[weight]);
            row_max = newer;
            row_sum = it.compute(Op::Mul, &[row_sum, shrink]);
            row_sum = it.compute(Op::Add, &[row_sum, weight]);
            for (l, o) in (0..d_v).zip(&mut o) {
                if !(here && doing == Doing::RescalingLeftOut) {
                    *o = it.compute(Op::Mul, &[*o, shrink]);
                }
                let product = it.compute(Op::Mul, &[weight, v + j * d_v + l]);
                *o = it.compute(Op::Add, &[*o, product]);
                if doing == Doing::Spilling {
                    it.moves.extend([store(*o), free(*o), load(*o), free(*o), load(*o)]);
                }
            }
        }
        for (l, o) in (0..d_v).zip(o) {
            let o = it.compute(Op::Div, &[o, row_sum]);
            let row = if doing == Doing::RowsSwapped && i < 2 { 1 - i } else { i };
            it.moves.push(store_as(o, row * d_v + l));
        }
    }
    it.moves
}

fn judge(
    shape: Shape,
    recompute: Recompute,
    mode: Mode,
    doing: Doing,
) -> Result<IoCount, Refusal<Infallible>> {
    let machine = Machine { recompute, ..Machine::strict(Words(1 << 20)) };
    let moves = online_softmax(shape, doing);
    replay(&Problem::Attention { shape, scaled: true }, &machine, mode, &moves[..])
}

const VALUES: Mode = Mode::Values { seed: 5 };

#[test]
fn right_streams_are_attention() {
    let sizes = [(1, 1, 1, 1), (2, 2, 1, 1), (2, 2, 2, 2), (3, 3, 5, 5), (5, 5, 3, 3)];
    for (n, keys, d, d_v) in sizes.into_iter().chain([(4, 1, 2, 3), (2, 5, 3, 1), (3, 2, 1, 4)]) {
        let shape = Shape::new(n, keys, d, d_v).unwrap();
        for doing in [Doing::Right, Doing::Spilling] {
            let count = judge(shape, Recompute::Forbidden, VALUES, doing).unwrap();
            let bound = if d >= n.min(keys) { Bound::Proved } else { Bound::Heuristic };
            let verified = Verified::Attention { shape, scaled: true, seed: 5, bound };
            assert_eq!((count.verified(), count.recomputed()), (verified, Some(0)));
            let legal = judge(shape, Recompute::Forbidden, Mode::Legality, doing).unwrap();
            assert_eq!((legal.verified(), legal.recomputed()), (Verified::Legal, None));
            assert_eq!((legal.io(), legal.peak()), (count.io(), count.peak()));
        }
    }
}

fn check(doing: Doing, address: u64) {
    for size in [(2, 2, 2, 2), (3, 3, 2, 2), (2, 3, 2, 1)] {
        let (n, keys, d, d_v) = size;
        let shape = Shape::new(n, keys, d, d_v).expect("a shape");
        assert!(judge(shape, Recompute::Allowed, Mode::Legality, doing).is_ok(), "legal");
        match judge(shape, Recompute::Allowed, VALUES, doing) {
            Err(Refusal::Violation(it)) => assert_eq!(it.rule, Rule::WrongValue { address }),
            other => panic!("{doing:?}: {other:?}"),
        }
    }
}

#[test]
fn a_product_left_out() {
    check(Doing::ProductLeftOut, 0);
}

#[test]
fn a_pair_visited_twice() {
    check(Doing::PairTwice, 0);
}

#[test]
fn a_wrong_operand() {
    check(Doing::WrongOperand, 0);
}

#[test]
fn the_rescaling_left_out() {
    check(Doing::RescalingLeftOut, 0);
}

#[test]
fn two_output_rows_swapped() {
    check(Doing::RowsSwapped, 0);
}

#[test]
fn the_scale_left_out() {
    let shape = Shape::square(2, 1).unwrap();
    let moves = online_softmax(shape, Doing::Right);
    let problem = Problem::Attention { shape, scaled: false };
    let found = replay(&problem, &Machine::strict(Words(1000)), VALUES, &moves[..]);
    assert!(matches!(found, Err(Refusal::Violation(_))), "{found:?}");
}

#[test]
fn products_computed_twice_are_seen() {
    let shape = Shape::square(2, 2).unwrap();
    let count = judge(shape, Recompute::Allowed, VALUES, Doing::ProductTwice).unwrap();
    assert_eq!(count.recomputed(), Some(1));
    match judge(shape, Recompute::Forbidden, VALUES, Doing::ProductTwice) {
        Err(Refusal::Violation(it)) => assert_eq!(it.rule, Rule::Recomputed),
        other => panic!("{other:?}"),
    }
}

/// `q_0·k_1` is no product of the class: the words have different l.
#[test]
fn products_across_are_not_products() {
    let shape = Shape::square(1, 2).unwrap();
    let mut moves: Vec<_> = (0..6).map(load).collect();
    moves.extend([compute(6, Op::Mul, &[0, 2]), compute(7, Op::Mul, &[0, 3])]);
    moves.extend([compute(8, Op::Mul, &[0, 4]), compute(9, Op::Mul, &[0, 0])]);
    moves.extend([store_as(4, 0), store_as(5, 1)]);
    let problem = Problem::Attention { shape, scaled: false };
    let count = replay(&problem, &Machine::strict(Words(10)), VALUES, &moves[..]);
    assert_eq!(count.unwrap().recomputed(), Some(0));
}

/// q scaled beforehand: s = (c·q)·k. The products are those of tagged words all the same.
#[test]
fn a_scaled_query_keeps_its_tag() {
    let shape = Shape::square(1, 1).unwrap();
    let scale = Op::Times(Constant::Scale);
    let moves = [
        load(0),
        load(1),
        load(2),
        compute(3, scale, &[0]),
        compute(4, Op::Mul, &[3, 1]),
        compute(5, Op::Mul, &[1, 3]),
        store_as(2, 0),
    ];
    let machine = Machine::strict(Words(6));
    let count = replay(&Problem::Attention { shape, scaled: true }, &machine, VALUES, &moves[..]);
    assert_eq!(count.unwrap().recomputed(), Some(1));
}

#[test]
fn a_word_that_is_nowhere_cannot_be_read() {
    let shape = Shape::square(1, 1).unwrap();
    let moves = [load(2), compute(3, Op::Copy, &[2]), free(3), load(3)];
    let found = replay(
        &Problem::Attention { shape, scaled: false },
        &Machine::strict(Words(6)),
        VALUES,
        &moves[..],
    );
    match found {
        Err(Refusal::Violation(it)) => {
            assert_eq!((it.rule, it.vertex), (Rule::LoadNotBlue, Some(Vertex(3))));
        }
        other => panic!("{other:?}"),
    }
}
