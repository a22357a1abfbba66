//! Every rule refuses, for its own reason, with its numbers.

use crate::build::*;
use iobound::attention::Shape;
use iobound::cdag::Vertex;
use iobound::model::{Machine, Partial, Recompute, Words};
use iobound::replay::{IoCount, Mode, Problem, Refusal, Rule, Unfit, Verified, Violation, replay};
use iobound::schedule::{Constant, Function, Move, Op};

/// What a case is about: `v = 2` reads 0 and 1, and 3 reads 2; or a stream; or attention.
#[derive(Clone, Copy, Debug)]
enum About {
    Explicit,
    /// Only `2` reads 0 and 1.
    Sum,
    /// Two inputs, one output address.
    Stream,
    /// N = N' = d = 1, so that O is V; by value.
    Attention,
}

const M: Machine = Machine { fast: Words(3), recompute: Recompute::Allowed, partial: Partial::Off };
const PARTIAL: Machine = Machine { partial: Partial::On, ..M };
const ONE_SHOT: Machine = Machine { recompute: Recompute::Forbidden, ..M };
const SMALL: Machine = Machine { fast: Words(2), ..M };

fn judge(
    about: About,
    machine: &Machine,
    moves: &[Move<'_>],
) -> Result<IoCount, Refusal<std::convert::Infallible>> {
    let sum = cdag(&[&[], &[], &[0, 1]]);
    let cdag = cdag(&[&[], &[], &[0, 1], &[2]]);
    let shape = Shape::square(1, 1).expect("a shape");
    let (problem, mode) = match about {
        About::Explicit => (Problem::Explicit(&cdag), Mode::Legality),
        About::Sum => (Problem::Explicit(&sum), Mode::Legality),
        About::Stream => (Problem::Stream { n_inputs: 2, n_outputs: 1 }, Mode::Legality),
        About::Attention => (Problem::Attention { shape, scaled: false }, Mode::Values { seed: 1 }),
    };
    replay(&problem, machine, mode, moves)
}

fn check(
    about: About,
    machine: Machine,
    moves: &[Move<'_>],
    step: u64,
    vertex: Option<u64>,
    rule: Rule,
) {
    let expected = Violation { step, vertex: vertex.map(Vertex), rule };
    assert_eq!(judge(about, &machine, moves), Err(Refusal::Violation(expected)));
}

/// One line a rule: the pattern makes the compiler ask for a case with every new rule.
macro_rules! every_rule {
    ($($pattern:pat => [$($about:ident, $machine:expr, [$($move:expr),*], $step:expr, $vertex:expr, $rule:expr;)+])+) => {
        #[test]
        fn every_rule_refuses() {
            $($({
                let rule = $rule;
                assert!(matches!(rule, $pattern));
                let moves: &[Move<'_>] = &[$($move),*];
                check(About::$about, $machine, moves, $step, $vertex, rule);
            })+)+
        }

        #[expect(dead_code, reason = "only its exhaustiveness matters")]
        fn every_rule_has_a_case(rule: &Rule) {
            use Rule::*;
            match rule {
                $($pattern => {})+
            }
        }
    };
}

use Rule::*;

const ADD: Op = Op::Add;

every_rule! {
    UnknownVertex { .. } => [
        Explicit, M, [load(9)], 1, Some(9), UnknownVertex { n_vertices: 4 };
        Explicit, M, [free(u64::MAX)], 1, Some(u64::MAX), UnknownVertex { n_vertices: 4 };
        Explicit, M, [named(4)], 1, Some(4), UnknownVertex { n_vertices: 4 };
        Explicit, PARTIAL, [accumulate(2, 9)], 1, Some(9), UnknownVertex { n_vertices: 4 };
        Stream, M, [load(2)], 1, Some(2), UnknownVertex { n_vertices: 2 };
        Stream, M, [load(0), compute(2, ADD, &[0, 2])], 2, Some(2), UnknownVertex { n_vertices: 2 };
        Stream, M, [store(u64::MAX)], 1, Some(u64::MAX), UnknownVertex { n_vertices: 2 };
    ]
    LoadNotBlue => [
        Explicit, M, [load(2)], 1, Some(2), LoadNotBlue;
        Explicit, PARTIAL, [load(2)], 1, Some(2), LoadNotBlue;
        Stream, M, [load(0), compute(2, Op::Copy, &[0]), free(2), load(2)], 4, Some(2), LoadNotBlue;
    ]
    LoadOfRed => [
        Explicit, M, [load(0), load(0)], 2, Some(0), LoadOfRed;
        Explicit, PARTIAL, [load(0), load(0)], 2, Some(0), LoadOfRed;
    ]
    StoreNotRed => [
        Explicit, M, [store(0)], 1, Some(0), StoreNotRed;
        Explicit, PARTIAL, [store(0)], 1, Some(0), StoreNotRed;
    ]
    FreeNotRed => [
        Explicit, M, [load(0), free(0), free(0)], 3, Some(0), FreeNotRed;
        Explicit, PARTIAL, [free(0)], 1, Some(0), FreeNotRed;
    ]
    OperandNotRed { .. } => [
        Explicit, M, [load(0), named(2)], 2, Some(2), OperandNotRed { operand: Vertex(1) };
        Explicit, PARTIAL, [accumulate(2, 1)], 1, Some(2), OperandNotRed { operand: Vertex(1) };
        Stream, M, [load(1), compute(2, ADD, &[0, 1])], 2, Some(2), OperandNotRed { operand: Vertex(0) };
    ]
    ComputeOfInput => [
        Explicit, M, [named(0)], 1, Some(0), ComputeOfInput;
        Explicit, PARTIAL, [load(1), accumulate(0, 1)], 2, Some(0), ComputeOfInput;
        Stream, M, [compute(1, Op::Constant(Constant::Int(0)), &[])], 1, Some(1), ComputeOfInput;
    ]
    ComputeOfRed => [
        Explicit, M, [load(0), load(1), named(2), named(2)], 4, Some(2), ComputeOfRed;
        Explicit, PARTIAL, [load(0), load(1), named(2), named(2)], 4, Some(2), ComputeOfRed;
    ]
    OverCapacity { .. } => [
        Explicit, SMALL, [load(0), load(1), named(2)], 3, Some(2), OverCapacity { needed: 3, available: 2 };
        Explicit, Machine { fast: Words(0), ..M }, [load(0)], 1, Some(0), OverCapacity { needed: 1, available: 0 };
        Explicit, Machine { fast: Words(1), ..PARTIAL }, [load(0), accumulate(2, 0)], 2, Some(2), OverCapacity { needed: 2, available: 1 };
        Stream, SMALL, [load(0), load(1), compute(2, ADD, &[0, 1])], 3, Some(2), OverCapacity { needed: 3, available: 2 };
    ]
    Recomputed => [
        Explicit, ONE_SHOT, [load(0), load(1), named(2), free(2), named(2)], 5, Some(2), Recomputed;
        Explicit, PARTIAL, [load(0), load(1), named(2), store(2), free(2), named(2)], 6, Some(2), Recomputed;
        Attention, Machine { fast: Words(4), ..ONE_SHOT },
            [load(0), load(1), compute(3, Op::Mul, &[0, 1]), compute(4, Op::Mul, &[1, 0])],
            4, Some(4), Recomputed;
    ]
    OutputNotBlue => [
        Explicit, M, [], 1, Some(3), OutputNotBlue;
        Explicit, PARTIAL, [load(0), accumulate(2, 0)], 3, Some(3), OutputNotBlue;
    ]
    OutputMissing { .. } => [
        Stream, M, [load(0), store(0)], 3, None, OutputMissing { address: 0 };
        Attention, M, [load(2)], 2, None, OutputMissing { address: 0 };
    ]
    OutOfOrder { .. } => [
        Stream, M, [load(0), compute(3, Op::Copy, &[0])], 2, Some(3), OutOfOrder { expected: 2 };
        Stream, M, [load(0), compute(2, Op::Copy, &[0]), free(2), compute(2, Op::Copy, &[0])], 4, Some(2), OutOfOrder { expected: 3 };
    ]
    AccumulateInStrict => [
        Explicit, M, [load(0), accumulate(2, 0)], 2, Some(2), AccumulateInStrict;
    ]
    OperandCount { .. } => [
        Explicit, M, [load(0), load(1), compute(2, Op::Copy, &[])], 3, Some(2), OperandCount { needed: 1, given: 2 };
        Stream, M, [load(0), compute(2, ADD, &[0])], 2, Some(2), OperandCount { needed: 2, given: 1 };
        Stream, M, [load(0), compute(2, Op::Copy, &[0, 0])], 2, Some(2), OperandCount { needed: 1, given: 2 };
    ]
    WrongOperands => [
        Explicit, M, [load(0), load(1), compute(2, ADD, &[1, 0])], 3, Some(2), WrongOperands;
        Explicit, PARTIAL, [load(0), load(1), compute(2, ADD, &[1, 0])], 3, Some(2), WrongOperands;
    ]
    OpaqueOp => [
        Attention, M, [load(0), compute(3, Op::Opaque, &[0])], 2, Some(3), OpaqueOp;
    ]
    Undefined(_) => [
        Attention, M,
            [load(0), compute(3, Op::Call(Function::Exp), &[0]), compute(4, Op::Call(Function::Exp), &[3])],
            3, Some(4), Undefined(iobound::value::Undefined::Residue);
    ]
    WrongValue { .. } => [
        Attention, M, [load(0), store_as(0, 0)], 3, Some(0), WrongValue { address: 0 };
        Attention, M, [load(2), store_as(2, 0), load(1), store_as(1, 0)], 5, Some(1), WrongValue { address: 0 };
    ]
    OutputOutOfRange { .. } => [
        Explicit, M, [load(0), store_as(0, 0)], 2, Some(0), OutputOutOfRange { address: 0, n_outputs: 0 };
        Explicit, PARTIAL, [load(0), store_as(0, 0)], 2, Some(0), OutputOutOfRange { address: 0, n_outputs: 0 };
        Stream, M, [load(0), store_as(0, 1)], 2, Some(0), OutputOutOfRange { address: 1, n_outputs: 1 };
    ]
    NoSuchEdge { .. } => [
        Explicit, PARTIAL, [load(0), accumulate(3, 0)], 2, Some(3), NoSuchEdge { from: Vertex(0) };
    ]
    EdgeMarked { .. } => [
        Explicit, PARTIAL, [load(0), accumulate(2, 0), accumulate(2, 0)], 3, Some(2), EdgeMarked { from: Vertex(0) };
    ]
    UnfinishedOperand { .. } => [
        Explicit, PARTIAL, [load(0), accumulate(2, 0), accumulate(3, 2)], 3, Some(3), UnfinishedOperand { operand: Vertex(2) };
        Explicit, PARTIAL, [load(0), accumulate(2, 0), named(3)], 3, Some(3), UnfinishedOperand { operand: Vertex(2) };
    ]
    AccumulatorNotRed => [
        Explicit, PARTIAL, [load(0), accumulate(2, 0), store(2), free(2), load(1), accumulate(2, 1)],
            6, Some(2), AccumulatorNotRed;
    ]
    FreeOfDark { .. } => [
        Explicit, PARTIAL, [load(0), accumulate(2, 0), free(2)], 3, Some(2), FreeOfDark { unfinished: 1, unread: 1 };
        Explicit, PARTIAL, [load(0), load(1), named(2), free(2)], 4, Some(2), FreeOfDark { unfinished: 0, unread: 1 };
    ]
    OutputUnfinished => [
        Sum, PARTIAL, [load(0), accumulate(2, 0), store(2)], 4, Some(2), OutputUnfinished;
    ]
}

#[test]
fn a_legal_schedule_is_counted() {
    let moves = [load(0), load(1), named(2), free(0), named(3), store(3)];
    let count = judge(About::Explicit, &M, &moves).unwrap();
    assert_eq!((count.loads(), count.stores(), count.io(), count.peak()), (2, 1, 3, 3));
    assert_eq!((count.computes(), count.moves()), (2, 6));
    assert_eq!((count.recomputed(), count.verified()), (Some(0), Verified::Legal));
}

#[test]
fn repeated_computes_are_counted_where_they_are_allowed() {
    let moves = [load(0), load(1), named(2), free(2), named(2), free(0), named(3), store(3)];
    assert_eq!(judge(About::Explicit, &M, &moves).unwrap().recomputed(), Some(1));
}

#[test]
fn partial_computations_need_one_word_less() {
    let moves = [
        load(0),
        accumulate(2, 0),
        free(0),
        load(1),
        accumulate(2, 1),
        free(1),
        accumulate(3, 2),
        free(2),
        store(3),
    ];
    let count = judge(About::Explicit, &Machine { fast: Words(2), ..PARTIAL }, &moves).unwrap();
    assert_eq!((count.io(), count.peak(), count.computes()), (3, 2, 3));
}

#[test]
fn an_operand_read_twice_has_two_edges() {
    let cdag = cdag(&[&[], &[0, 0]]);
    let moves: &[Move<'_>] = &[load(0), accumulate(1, 0), accumulate(1, 0), store(1)];
    assert!(replay(&Problem::Explicit(&cdag), &PARTIAL, Mode::Legality, moves).is_ok());
    let moves = &moves[..2];
    assert!(replay(&Problem::Explicit(&cdag), &PARTIAL, Mode::Legality, moves).is_err());
}

#[test]
fn problems_that_cannot_be_judged() {
    let unfit = |problem: Problem<'_>, machine: &Machine, mode| {
        let moves: &[Move<'_>] = &[];
        match replay(&problem, machine, mode, moves) {
            Err(Refusal::Unfit(it)) => it,
            other => panic!("{other:?}"),
        }
    };
    let (legality, values) = (Mode::Legality, Mode::Values { seed: 1 });
    let stream = Problem::Stream { n_inputs: 1, n_outputs: 1 };
    assert_eq!(unfit(stream, &M, values), Unfit::NoReference);
    assert_eq!(unfit(stream, &PARTIAL, legality), Unfit::PartialStream);
    let large = Problem::Stream { n_inputs: u64::MAX, n_outputs: 1 };
    assert!(matches!(unfit(large, &M, legality), Unfit::TooLarge { what: "inputs", .. }));
    let large = Problem::Stream { n_inputs: 1, n_outputs: u64::MAX };
    assert!(matches!(unfit(large, &M, legality), Unfit::TooLarge { what: "outputs", .. }));
    let huge = Shape::square(1 << 48, 1 << 48).unwrap();
    let huge = Problem::Attention { shape: huge, scaled: true };
    assert!(matches!(unfit(huge, &M, legality), Unfit::TooLarge { what: "inputs", .. }));
    let wide = Problem::Attention { shape: Shape::square(1 << 24, 1).unwrap(), scaled: true };
    assert!(matches!(unfit(wide, &M, values), Unfit::TooLarge { what: "products", .. }));
}

#[test]
fn what_a_person_reads() {
    let said = |about, machine: &Machine, moves: &[Move<'_>]| {
        judge(about, machine, moves).expect_err("a violation").to_string()
    };
    let moves = [load(0), load(1), named(2)];
    let expected = "move 3, vertex 2: 3 words needed, fast memory has 2";
    assert_eq!(said(About::Explicit, &SMALL, &moves), expected);
    let expected = "move 3, vertex 2: operand 1 is not in fast memory";
    assert_eq!(said(About::Explicit, &M, &[load(0), store(0), named(2)]), expected);
    let expected = "move 2: output address 0 is never stored to";
    assert_eq!(said(About::Stream, &M, &[load(0)]), expected);
    let moves = [load(0), accumulate(2, 0), free(2)];
    let expected =
        "move 3, vertex 2: free of an unsaved value with 1 in-edges and 1 out-edges to mark";
    assert_eq!(said(About::Explicit, &PARTIAL, &moves), expected);
    let moves = [
        load(0),
        compute(3, Op::Call(Function::Exp), &[0]),
        compute(4, Op::Call(Function::Exp), &[3]),
    ];
    let expected = "move 3, vertex 4: no exact value: an exponential stands where only a plain \
                    number has an exact value";
    assert_eq!(said(About::Attention, &M, &moves), expected);
}
