//! Files of moves: text and binary say the same, and what is not whole is refused at its place.
#![expect(clippy::unwrap_used, reason = "a test's own moves are writable")]

use iobound::cdag::Vertex;
use iobound::model::{Machine, Partial, Recompute, Words};
use iobound::schedule::{
    BinaryMoves, BinaryWriter, Constant, Function, Header, Move, MoveSource, Named, Op, Output,
    TextMoves, TextWriter, moves_binary, moves_text,
};
use proptest::prelude::*;
use std::ops::ControlFlow;

/// A move that owns its operands.
#[derive(Clone, Debug, PartialEq)]
struct Owned(Move<'static>, Vec<Vertex>);

impl Owned {
    fn of(it: Move<'_>) -> Self {
        let list = match it {
            Move::Compute { operands, .. } => operands.to_vec(),
            _ => Vec::new(),
        };
        let it = match it {
            Move::Compute { vertex, op, .. } => Move::Compute { vertex, op, operands: &[] },
            Move::Load(v) => Move::Load(v),
            Move::Free(v) => Move::Free(v),
            Move::Store(v, output) => Move::Store(v, output),
            Move::Accumulate { vertex, from } => Move::Accumulate { vertex, from },
        };
        Self(it, list)
    }

    fn get(&self) -> Move<'_> {
        match self.0 {
            Move::Compute { vertex, op, .. } => Move::Compute { vertex, op, operands: &self.1 },
            it => it,
        }
    }
}

fn all<S: MoveSource>(mut source: S) -> Result<Vec<Owned>, S::Error> {
    let mut all = Vec::new();
    let ended = source.emit(&mut |it| {
        all.push(Owned::of(it));
        ControlFlow::<()>::Continue(())
    })?;
    assert_eq!(ended, ControlFlow::Continue(()));
    Ok(all)
}

fn text(header: &Header, moves: &[Owned]) -> Vec<u8> {
    let mut writer = TextWriter::new(Vec::new(), header).unwrap();
    moves.iter().for_each(|it| writer.write(it.get()).unwrap());
    writer.finish().unwrap()
}

fn binary(header: &Header, moves: &[Owned]) -> Vec<u8> {
    let mut writer = BinaryWriter::new(Vec::new(), header).unwrap();
    moves.iter().for_each(|it| writer.write(it.get()).unwrap());
    writer.finish().unwrap()
}

fn read_text(bytes: &[u8]) -> Result<(Header, Vec<Owned>), moves_text::ReadError> {
    let moves = TextMoves::open(bytes)?;
    Ok((moves.header().clone(), all(moves)?))
}

fn read_binary(bytes: &[u8]) -> Result<(Header, Vec<Owned>), moves_binary::ReadError> {
    let moves = BinaryMoves::open(bytes)?;
    Ok((moves.header().clone(), all(moves)?))
}

fn vertex() -> impl Strategy<Value = Vertex> {
    prop_oneof![0..40_u64, any::<u64>()].prop_map(Vertex)
}

fn op() -> impl Strategy<Value = Op> {
    let constant = prop_oneof![
        any::<i64>().prop_map(Constant::Int),
        Just(Constant::NegInf),
        Just(Constant::Scale)
    ];
    let function = prop::sample::select(vec![
        Function::Exp,
        Function::Log,
        Function::Sqrt,
        Function::Tanh,
        Function::Relu,
        Function::Gelu,
    ]);
    let plain = [Op::Opaque, Op::Copy, Op::Negate, Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Max];
    prop_oneof![
        constant.clone().prop_map(Op::Constant),
        constant.prop_map(Op::Times),
        function.prop_map(Op::Call),
        prop::sample::select(plain.to_vec()),
    ]
}

fn a_move() -> impl Strategy<Value = Owned> {
    let owned = |it| Owned(it, Vec::new());
    prop_oneof![
        vertex().prop_map(move |v| owned(Move::Load(v))),
        vertex().prop_map(move |v| owned(Move::Free(v))),
        (vertex(), any::<Option<u64>>())
            .prop_map(move |(v, address)| owned(Move::Store(v, address.map(Output)))),
        (vertex(), vertex())
            .prop_map(move |(vertex, from)| owned(Move::Accumulate { vertex, from })),
        (vertex(), op(), prop::collection::vec(vertex(), 0..4)).prop_map(|(vertex, op, list)| {
            Owned(Move::Compute { vertex, op, operands: &[] }, list)
        }),
    ]
}

fn header() -> impl Strategy<Value = Header> {
    let named = prop_oneof![
        "[a-z][a-z /.]{0,8}[a-z]".prop_map(Named::Cdag),
        any::<(u64, u64)>().prop_map(|(n, d)| Named::Generate { n, d }),
        "[a-z-]{1,9}:[0-9,]{0,9}".prop_map(Named::Family),
        any::<(u64, u64)>().prop_map(|(inputs, outputs)| Named::Inline { inputs, outputs }),
        any::<(u64, u64, bool)>().prop_map(|(n, d, scaled)| Named::Attention { n, d, scaled }),
    ];
    (named, any::<(u64, bool, bool)>()).prop_map(|(problem, (fast, one_shot, partial))| {
        let recompute = if one_shot { Recompute::Forbidden } else { Recompute::Allowed };
        let partial = if partial { Partial::On } else { Partial::Off };
        Header { problem, machine: Machine { fast: Words(fast), recompute, partial } }
    })
}

proptest! {
    #[test]
    fn text_and_binary_read_back(header in header(), moves in prop::collection::vec(a_move(), 0..20)) {
        let written = (header, moves);
        prop_assert_eq!(&read_text(&text(&written.0, &written.1)).unwrap(), &written);
        prop_assert_eq!(&read_binary(&binary(&written.0, &written.1)).unwrap(), &written);
    }

    #[test]
    fn a_cut_is_refused(header in header(), moves in prop::collection::vec(a_move(), 0..9), at: prop::sample::Index) {
        let (text, binary) = (text(&header, &moves), binary(&header, &moves));
        // A text may lose its last line break, and digits of its last count only if the count is wrong.
        prop_assert!(read_text(&text[..at.index(text.len() - 1)]).is_err());
        prop_assert!(read_binary(&binary[..at.index(binary.len())]).is_err());
    }

    #[test]
    fn random_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = (read_text(&bytes), read_binary(&bytes));
        let mut bytes = bytes;
        bytes.splice(0..0, *b"\x89iobmv\r\n\x01\x25problem inline inputs 1 outputs 1\nfast 9");
        let _ = read_binary(&bytes);
    }

    #[test]
    fn random_lines_are_answered(lines in "((load|store|free|compute|as|from|=|add|end|[0-9]{1,22}|#|\n) ){0,40}") {
        let text = format!("iobound-moves 1\nproblem inline inputs 1 outputs 1\nfast 9\n{lines}");
        let _ = read_text(text.as_bytes());
    }
}

const SMALL: &str = "iobound-moves 1 # with comments\n\nproblem attention 2 1 scaled\nfast 8 one-shot\n\
                     load 3\ncompute 6 = times:scale 3\nstore 6 as 0\nend 3\n";

#[test]
fn a_small_text() {
    let (header, moves) = read_text(SMALL.as_bytes()).unwrap();
    assert_eq!(header.problem, Named::Attention { n: 2, d: 1, scaled: true });
    assert_eq!(header.machine.recompute, Recompute::Forbidden);
    let compute =
        Move::Compute { vertex: Vertex(6), op: Op::Times(Constant::Scale), operands: &[Vertex(3)] };
    assert_eq!(moves[1].get(), compute);
    assert_eq!(moves.len(), 3);
    assert!(BinaryMoves::<&[u8]>::claims(&binary(&header, &moves)));
    assert!(!BinaryMoves::<&[u8]>::claims(SMALL.as_bytes()));
}

fn check(from: &str, to: &str, line: u64, kind: moves_text::Kind) {
    assert!(SMALL.contains(from));
    match read_text(SMALL.replacen(from, to, 1).as_bytes()) {
        Err(moves_text::ReadError::Parse(it)) => {
            assert_eq!(it, moves_text::ParseError { line, kind });
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_fault_each_in_text() {
    use moves_text::Kind::*;
    check("iobound-moves 1", "iobound-moves 2", 1, Foreign);
    check("attention 2 1", "attention 2", 3, BadProblem);
    check("problem attention 2 1 scaled", "problem sort 2", 3, BadProblem);
    check("fast 8", "fast -8", 4, BadMachine);
    check("one-shot", "one-shot one-shot", 4, BadMachine);
    check("load 3", "load 18446744073709551616", 5, BadMove);
    check("load 3", "load 3 4", 5, BadMove);
    check("load 3", "load", 5, BadMove);
    check("load 3", "fetch 3", 5, BadMove);
    check("= times:scale 3", "= 3", 6, UnknownOp);
    check("= times:scale 3", "times:scale 3", 6, BadMove);
    check("as 0", "as", 7, BadMove);
    check("end 3", "end 4", 8, WrongCount { announced: 4, found: 3 });
    check("end 3\n", "", 8, CutShort);
    check("as 0\nend 3\n", "as 0", 7, CutShort); // it may have been `as 01`
    check("end 3\n", "end 3\nload 1\n", 9, Trailing);
    check("load 3", &"x".repeat(70_000), 5, NotText);
}

#[test]
fn one_fault_each_in_binary() {
    use moves_binary::Kind::*;
    let machine = Machine::strict(Words(4));
    let header = Header { problem: Named::Inline { inputs: 1, outputs: 0 }, machine };
    let moves = [Owned(Move::Load(Vertex(0)), Vec::new())];
    let whole = binary(&header, &moves);
    let length = whole.len();
    let check = |change: &dyn Fn(&mut Vec<u8>), offset: usize, kind| {
        let mut bytes = whole.clone();
        change(&mut bytes);
        match read_binary(&bytes) {
            Err(moves_binary::ReadError::Parse(it)) => {
                assert_eq!(it, moves_binary::ParseError { offset: offset as u64, kind });
            }
            other => panic!("{other:?}"),
        }
    };
    check(&|it| it[0] = b'i', 1, Foreign);
    check(&|it| it[8] = 2, 9, Version(2));
    check(&|it| it[10] = b'P', length - 4, BadHeader);
    check(&|it| it[length - 4] = 7, length - 3, BadMove(7));
    check(&|it| it[length - 4] = 0xff, length - 3, BadMove(0xff));
    check(&|it| it.truncate(length - 1), length - 1, CutShort);
    check(&|it| it[length - 1] = 2, length, WrongCount { announced: 2, found: 1 });
    check(&|it| it.push(0), length + 1, Trailing);
    // 2⁶⁴, in nine full bytes and one.
    let large = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2];
    check(&|it| it.splice(length - 1.., large).for_each(drop), length + 9, BadNumber);
    check(&|it| it.splice(length - 1.., [0xff; 11]).for_each(drop), length + 9, BadNumber);
}

#[test]
fn a_file_name_that_would_not_read_back_is_refused() {
    let machine = Machine::strict(Words(4));
    for name in ["", " a", "a\nfast 9", "a#b"] {
        let header = Header { problem: Named::Cdag(name.into()), machine };
        assert!(TextWriter::new(Vec::new(), &header).is_err(), "{name:?}");
        assert!(BinaryWriter::new(Vec::new(), &header).is_err(), "{name:?}");
    }
}

/// The two files say the same schedule, once on the textbook CDAG and once as a stream.
#[test]
fn the_small_schedules_that_ship() {
    use iobound::attention::Shape;
    use iobound::cdag::textbook::textbook;
    use iobound::replay::{Bound, Mode, Problem, Verified, replay};

    let open = |name: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("traces").join(name);
        TextMoves::open(std::io::BufReader::new(std::fs::File::open(path).unwrap())).unwrap()
    };
    let named = open("textbook-2-1.moves");
    assert_eq!(named.header().problem, Named::Generate { n: 2, d: 1 });
    let machine = named.header().machine;
    let cdag = textbook(2, 1).unwrap();
    let named = replay(&Problem::Explicit(&cdag), &machine, Mode::Legality, named).unwrap();

    let stream = open("attention-2-1.moves");
    assert_eq!(stream.header().problem, Named::Attention { n: 2, d: 1, scaled: false });
    let shape = Shape::square(2, 1).unwrap();
    let problem = Problem::Attention { shape, scaled: false };
    let stream = replay(&problem, &machine, Mode::Values { seed: 1 }, stream).unwrap();

    // A row loads its query, two keys and two values, and stores one word; at most two weights, the
    // row sum, a value and a product are held, or that with two products.
    for count in [named, stream] {
        assert_eq!((count.loads(), count.stores(), count.peak()), (10, 2, 5));
        assert_eq!((count.computes(), count.recomputed()), (18, Some(0)));
    }
    let bound = Bound::Heuristic;
    let verified = Verified::Attention { shape, scaled: false, seed: 1, bound };
    assert_eq!((named.verified(), stream.verified()), (Verified::Legal, verified));
}
