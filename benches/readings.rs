//! How fast a text is read: moves a second of `pebbles`, alone and under the referee; tiles a second
//! of `count`; closed forms a second.

use divan::{Bencher, black_box, counter::ItemsCount};
use iobound::{
    reading::{Pebbles, count::count, formula::formula},
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

#[divan::bench]
fn pebbles(bencher: Bencher<'_, '_>) {
    let (program, binding, moves) = moves();
    bencher.counter(ItemsCount::new(moves)).bench_local(|| {
        let mut n = 0u64;
        let mut sink = |it: Move<'_>| -> ControlFlow<()> {
            n += 1;
            black_box(&it);
            ControlFlow::Continue(())
        };
        let _ = Pebbles::new(&program, &binding).emit(&mut sink);
        n
    });
}

/// 1000 × 1000 tiles.
#[divan::bench]
fn count_a_million_tiles(bencher: Bencher<'_, '_>) {
    let (program, binding) = flash2(4000, 64, 4, 4);
    bencher
        .counter(ItemsCount::new(1_000_000u64))
        .bench_local(|| count(&program, black_box(&binding), u64::MAX).expect("it can be walked"));
}

#[divan::bench]
fn formula_at_a_size(bencher: Bencher<'_, '_>) {
    let (program, binding) = flash2(1 << 20, 128, 100, 33);
    let formula = formula(&program).expect("it is rectangular");
    bencher
        .counter(ItemsCount::new(1u64))
        .bench_local(|| formula.eval(black_box(&binding)).expect("it holds"));
}
