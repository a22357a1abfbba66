//! Whatever the moves are, the referee answers; and what it accepts obeys M.

use crate::build::*;
use iobound::attention::Shape;
use iobound::cdag::Vertex;
use iobound::model::{Machine, Partial, Recompute, Words};
use iobound::replay::{Mode, Problem, Refusal, replay};
use iobound::schedule::{Constant, Function, Move, Op, Output};
use proptest::prelude::*;

fn vertex() -> impl Strategy<Value = u64> {
    prop_oneof![8 => 0..12_u64, 1 => any::<u64>()]
}

fn op() -> impl Strategy<Value = Op> {
    prop::sample::select(vec![
        Op::Opaque,
        Op::Constant(Constant::Int(i64::MIN)),
        Op::Constant(Constant::NegInf),
        Op::Copy,
        Op::Negate,
        Op::Times(Constant::Scale),
        Op::Times(Constant::NegInf),
        Op::Call(Function::Exp),
        Op::Call(Function::Log),
        Op::Call(Function::Gelu),
        Op::Add,
        Op::Sub,
        Op::Mul,
        Op::Div,
        Op::Max,
    ])
}

/// A compute says its number or, with `None`, takes the next one.
fn moves() -> impl Strategy<Value = Vec<(Option<u64>, Move<'static>)>> {
    let simple = |it: Move<'static>| (Some(0), it);
    let operands = prop::collection::vec(vertex(), 0..3);
    let one = prop_oneof![
        4 => vertex().prop_map(move |v| simple(load(v))),
        1 => vertex().prop_map(move |v| simple(free(v))),
        1 => (vertex(), any::<Option<u8>>())
            .prop_map(move |(v, it)| simple(Move::Store(Vertex(v), it.map(|it| Output(it.into()))))),
        1 => (vertex(), vertex()).prop_map(move |(v, u)| simple(accumulate(v, u))),
        4 => (any::<Option<u8>>(), vertex(), op(), operands).prop_map(|(own, v, op, operands)| {
            (own.filter(|it| *it < 20).map(|_| v), compute(v, op, &operands))
        }),
    ];
    prop::collection::vec(one, 0..60)
}

/// Gives the computes their numbers, and leaves out what the referee refuses: so the rest is long.
fn answer(
    problem: &Problem<'_>,
    machine: &Machine,
    mode: Mode,
    mut next: u64,
    moves: &[(Option<u64>, Move<'static>)],
) {
    let mut kept: Vec<Move<'static>> = Vec::new();
    for &(own, it) in moves {
        let it = match it {
            Move::Compute { op, operands, .. } => {
                let vertex = Vertex(own.unwrap_or(next));
                Move::Compute { vertex, op, operands }
            }
            it => it,
        };
        kept.push(it);
        match replay(problem, machine, mode, &kept[..]) {
            Ok(count) => assert!(count.peak() <= machine.fast.0),
            Err(Refusal::Violation(it)) if it.step == kept.len() as u64 => {
                kept.pop();
                continue;
            }
            Err(Refusal::Violation(it)) => assert_eq!(it.step, kept.len() as u64 + 1),
            Err(other) => panic!("{other:?}"),
        }
        if let Move::Compute { .. } = it {
            next += 1;
        }
    }
}

proptest! {
    #[test]
    fn any_moves_are_answered(moves in moves(), fast in 0..9_u64, one_shot: bool) {
        let recompute = if one_shot { Recompute::Forbidden } else { Recompute::Allowed };
        let strict = Machine { recompute, ..Machine::strict(Words(fast)) };
        let partial = Machine { partial: Partial::On, ..strict };
        let cdag = cdag(&[&[], &[], &[0, 1], &[2, 2], &[3, 0], &[4]]);
        let explicit = Problem::Explicit(&cdag);
        answer(&explicit, &strict, Mode::Legality, 6, &moves);
        answer(&explicit, &partial, Mode::Legality, 6, &moves);
        answer(&Problem::Stream { n_inputs: 3, n_outputs: 2 }, &strict, Mode::Legality, 3, &moves);
        let shape = Shape::square(2, 1).expect("a shape");
        let attention = Problem::Attention { shape, scaled: true };
        answer(&attention, &strict, Mode::Values { seed: 1 }, 6, &moves);
    }
}
