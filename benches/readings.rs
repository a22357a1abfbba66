//! How fast a text is read: moves a second of `pebbles`, alone and under the referee; tiles a second
//! of `count`; closed forms a second.

use divan::{Bencher, black_box, counter::ItemsCount};
use iobound::{
    model::{Machine, Words},
    reading::{
        Pebbles,
        count::{LIMIT, count},
        formula::formula,
    },
    replay::{Mode, Problem, replay},
    schedule::{Move, MoveSource, Program, bind::Binding},
};
use std::ops::ControlFlow;

fn main() {
    divan::main();
}

const FLASH2: &str = include_str!("../traces/flash2.sched");

fn flash2(n: u64, d: u64, br: u64, bc: u64) -> (Program, Binding) {
    let program = Program::parse(FLASH2).expect("a text that ships");
    let sizes = [("N", n), ("d", d), ("Br", br), ("Bc", bc)];
    let binding = program.bind(&sizes).expect("sizes that fit");
    (program, binding)
}

/// Moves of flash2 at N = 512, d = 32; tiles that need at most 8192 words.
fn moves() -> (Program, Binding, u64) {
    let (program, binding) = flash2(512, 32, 64, 16);
    let counted = count(&program, &binding, u64::MAX).expect("it can be walked");
    assert!(counted.totals.peak <= 8192, "{}", counted.totals.peak);
    let mut moves = 0u64;
    let mut count = |_: Move<'_>| -> ControlFlow<()> {
        moves += 1;
        ControlFlow::Continue(())
    };
    let _ = Pebbles::new(&program, &binding).emit(&mut count).expect("it can be walked");
    (program, binding, moves)
}

/// The moves alone, every number in them looked at.
#[divan::bench(sample_count = 7, sample_size = 1)]
fn pebbles(bencher: Bencher<'_, '_>) {
    let (program, binding, moves) = moves();
    bencher.counter(ItemsCount::new(moves)).bench_local(|| {
        let (mut n, mut sum) = (0u64, 0u64);
        let mut sink = |it: Move<'_>| -> ControlFlow<()> {
            n += 1;
            let v = match it {
                Move::Load(v) | Move::Store(v, _) | Move::Free(v) => v.0,
                Move::Compute { vertex, operands, .. } => {
                    operands.iter().fold(vertex.0, |a, b| a ^ b.0)
                }
                Move::Accumulate { vertex, .. } => vertex.0,
            };
            sum ^= v.wrapping_mul(n);
            ControlFlow::Continue(())
        };
        let _ = Pebbles::new(&program, &binding).emit(&mut sink);
        assert_eq!(n, moves);
        sum
    });
}

/// Made on the fly and refereed.
#[divan::bench(sample_count = 7, sample_size = 1)]
fn pebbles_replayed(bencher: Bencher<'_, '_>) {
    let (program, binding, moves) = moves();
    let problem = Problem::Stream { n_inputs: 3 * 512 * 32, n_outputs: 512 * 32 };
    let machine = Machine::strict(Words(8192));
    bencher.counter(ItemsCount::new(moves)).bench_local(|| {
        let source = Pebbles::new(&program, &binding);
        let count = replay(&problem, &machine, Mode::Legality, source).expect("legal");
        assert_eq!(count.moves(), moves);
    });
}

/// 1000 × 1000 tiles; the full ones cost the same and are multiplied.
#[divan::bench]
fn count_a_million_tiles(bencher: Bencher<'_, '_>) {
    let (program, binding) = flash2(4000, 64, 4, 4);
    bencher
        .counter(ItemsCount::new(1_000_000u64))
        .bench_local(|| count(&program, black_box(&binding), LIMIT).expect("it can be walked"));
}

/// A million tiles under a triangular loop, where no outer tile is like another: the loop inside ends where the outer one stands.
#[divan::bench(sample_count = 7, sample_size = 1)]
fn walk_a_million_tiles(bencher: Bencher<'_, '_>) {
    let text = FLASH2.replace("0..N by Bc {", "0..i+br by Bc {");
    let program = Program::parse(&text).expect("a triangle");
    // 1414 · 1415 / 2 tiles.
    let sizes = [("N", 5656), ("d", 64), ("Br", 4), ("Bc", 4)];
    let binding = program.bind(&sizes).expect("sizes that fit");
    bencher
        .counter(ItemsCount::new(1_000_000u64))
        .bench_local(|| count(&program, black_box(&binding), LIMIT).expect("it can be walked"));
}

#[divan::bench]
fn formula_at_a_size(bencher: Bencher<'_, '_>) {
    let (program, binding) = flash2(1 << 20, 128, 100, 33);
    let formula = formula(&program).expect("it is rectangular");
    bencher
        .counter(ItemsCount::new(1u64))
        .bench_local(|| formula.eval(black_box(&binding)).expect("it holds"));
}
