//! Epochs of every algorithm, and of streams that no referee accepts.
#![expect(clippy::unwrap_used, reason = "tests")]

use iobound::{
    attention::Shape,
    cdag::Vertex,
    epochs::{Epoch, Rank, Verdict, Watch, epochs},
    model::{Machine, Words},
    op::Op,
    reading::Pebbles,
    schedule::{Move, Output},
    strategy::{ALGORITHMS, Max, Want, choose},
    value::Values,
};

const VALUES: Values = Values { seed: 5 };

#[test]
fn every_algorithm_holds() {
    for algorithm in ALGORITHMS {
        let schedule = algorithm.schedule(Max::Kept).unwrap();
        for (n, d, extra) in [(1, 1, 0), (5, 3, 20), (16, 4, 30), (24, 2, 16)] {
            let sizes = [("N", n), ("d", d)];
            let least = schedule.totals(&schedule.least_tiles(&sizes).unwrap()).unwrap().peak;
            let fast = Words(u64::try_from(least).unwrap() + extra);
            let choice = choose(schedule, None, &sizes, fast, &Want::Best(vec![])).unwrap();
            let at = format!("{} N={n} d={d} M={fast}", schedule.name);
            let shape = Shape::square(n, d).unwrap();
            let moves = Pebbles::new(&schedule.program, &choice.binding);
            let (io, epochs) = epochs(shape, &Machine::strict(fast), VALUES, moves)
                .unwrap_or_else(|it| panic!("{at}: {it}"));
            assert_eq!(epochs.len() as u64, io.io().div_ceil(fast.0), "{at}");
            let loads: u64 = epochs.iter().map(|it| it.loads).sum();
            let stores: u64 = epochs.iter().map(|it| it.stores).sum();
            assert_eq!((loads, stores), (io.loads(), io.stores()), "{at}");
            let finished: usize = epochs.iter().map(|it| it.finished).sum();
            assert_eq!(finished as u64, n * n, "{at}");
            for it in &epochs {
                assert_eq!(it.verdict(), Verdict::Holds, "{at}: {it:?}");
                assert_eq!(it.limit, fast.0 + it.loads, "{at}");
            }
        }
    }
}

/// Q and K in fast memory by magic, N = 4, d = 1: the referee would refuse the first move.
fn forged() -> Vec<[Vertex; 3]> {
    let products = (0..4).flat_map(|i| (0..4).map(move |j| [12 + 4 * i + j, i, 4 + j]));
    products.map(|it| it.map(Vertex)).collect()
}

fn play(moves: &[[Vertex; 3]], fast: u64) -> Vec<Epoch> {
    let shape = Shape::square(4, 1).unwrap();
    let mut watch = Watch::new(&shape, Words(fast), VALUES).unwrap();
    for [vertex, operands @ ..] in moves {
        watch.see(Move::Compute { vertex: *vertex, op: Op::Mul, operands });
    }
    watch.end()
}

#[test]
fn a_forged_stream_is_refuted() {
    let rank = Rank { low: 7, high: 7, proved: true }; // 4 + 4 − 1
    for (fast, verdict) in [(6, Verdict::Refuted), (7, Verdict::Holds)] {
        let epochs = play(&forged(), fast);
        assert_eq!(epochs.len(), 1);
        assert_eq!((epochs[0].finished, epochs[0].rank), (16, rank));
        assert_eq!((epochs[0].limit, epochs[0].verdict()), (fast, verdict));
    }
}

#[test]
fn the_verdict_is_about_the_bracket() {
    let rank = Rank { low: 7, high: 9, proved: true };
    for (limit, verdict) in [
        (6, Verdict::Refuted),
        (7, Verdict::Undecided),
        (8, Verdict::Undecided),
        (9, Verdict::Holds),
    ] {
        assert_eq!(Epoch { rank, limit, ..Epoch::default() }.verdict(), verdict, "{limit}");
    }
}

/// A second computation of a score finishes nothing.
#[test]
fn a_score_is_finished_once() {
    let (once, mut twice) = (forged(), forged());
    twice.extend(forged().into_iter().map(|[it, q, k]| [Vertex(it.0 + 16), q, k]));
    assert_eq!(play(&once, 7), play(&twice, 7));
}

/// What the referee refuses has no epochs, nor has what leaves scores out.
#[test]
fn no_epochs() {
    let shape = Shape::square(1, 1).unwrap();
    let told = |moves: &[Move<'_>]| {
        epochs(shape, &Machine::strict(Words(3)), VALUES, moves).unwrap_err().to_string()
    };
    let (v, o) = (Vertex(2), Output(0));
    assert!(told(&[Move::Free(v)]).contains("move 1"), "{}", told(&[Move::Free(v)]));
    let copied = [Move::Load(v), Move::Store(v, Some(o))]; // legal, and no score is computed
    assert!(told(&copied).contains("only 0 of 1 scores"), "{}", told(&copied));
}
