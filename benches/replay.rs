//! Moves a second of the referee, on scores made one multiply–add after the other.
//!
//! Four moves a multiply–add: the product, the new sum, free the old sum, free the product.

use divan::{Bencher, counter::ItemsCount};
use iobound::attention::Shape;
use iobound::cdag::Vertex;
use iobound::model::{Machine, Words};
use iobound::reading::Pebbles;
use iobound::replay::{Mode, Problem, replay};
use iobound::schedule::{Constant, Move, MoveSource, Op};
use iobound::strategy::{self, Max};
use std::{convert::Infallible, ops::ControlFlow};

fn main() {
    divan::main();
}

const D: u64 = 32;

/// All scores of `n` queries and keys, `rows` queries at a time, thrown away.
#[derive(Clone, Copy)]
struct Scores {
    n: u64,
    rows: u64,
}

impl Scores {
    fn moves(self) -> u64 {
        let blocks = self.n / self.rows;
        let score = 2 + 4 * D;
        blocks * (2 * self.rows * D + self.n * (2 * D + self.rows * score))
    }
}

impl MoveSource for Scores {
    type Error = Infallible;

    fn emit<B>(
        &mut self,
        sink: &mut impl FnMut(Move<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, Infallible> {
        Ok(self.walk(sink))
    }
}

impl Scores {
    #[inline]
    fn walk<B>(self, sink: &mut impl FnMut(Move<'_>) -> ControlFlow<B>) -> ControlFlow<B> {
        let k = self.n * D;
        let mut next = 3 * k;
        for i0 in (0..self.n / self.rows).map(|it| it * self.rows) {
            for it in i0 * D..(i0 + self.rows) * D {
                sink(Move::Load(Vertex(it)))?;
            }
            for j in 0..self.n {
                for it in 0..D {
                    sink(Move::Load(Vertex(k + j * D + it)))?;
                }
                for i in i0..i0 + self.rows {
                    let mut sum = Vertex(next);
                    let op = Op::Constant(Constant::Int(0));
                    sink(Move::Compute { vertex: sum, op, operands: &[] })?;
                    next += 1;
                    for l in 0..D {
                        let product = Vertex(next);
                        let operands = &[Vertex(i * D + l), Vertex(k + j * D + l)];
                        sink(Move::Compute { vertex: product, op: Op::Mul, operands })?;
                        let vertex = Vertex(next + 1);
                        let operands = &[sum, product];
                        sink(Move::Compute { vertex, op: Op::Add, operands })?;
                        next += 2;
                        sink(Move::Free(sum))?;
                        sink(Move::Free(product))?;
                        sum = vertex;
                    }
                    sink(Move::Free(sum))?;
                }
                for it in 0..D {
                    sink(Move::Free(Vertex(k + j * D + it)))?;
                }
            }
            for it in i0 * D..(i0 + self.rows) * D {
                sink(Move::Free(Vertex(it)))?;
            }
        }
        ControlFlow::Continue(())
    }
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn legality(bencher: Bencher<'_, '_>) {
    let scores = Scores { n: 512, rows: 64 };
    let problem = Problem::Stream { n_inputs: 3 * scores.n * D, n_outputs: 0 };
    let machine = Machine::strict(Words(8192));
    bencher.counter(ItemsCount::new(scores.moves())).bench_local(|| {
        let count = replay(&problem, &machine, Mode::Legality, scores).expect("legal");
        assert_eq!(count.moves(), scores.moves());
    });
}

/// The same moves by value. No outputs are needed to measure, so the run ends in the refusal of the
/// first one missing.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn values(bencher: Bencher<'_, '_>) {
    let scores = Scores { n: 128, rows: 64 };
    let shape = Shape::square(scores.n, D).expect("a shape");
    let problem = Problem::Attention { shape, scaled: false };
    let machine = Machine::strict(Words(8192));
    bencher.counter(ItemsCount::new(scores.moves())).bench_local(|| {
        replay(&problem, &machine, Mode::Values { seed: 1 }, scores).expect_err("no outputs")
    });
}

/// The real loop: FlashAttention-2 at N = 512, d = 32, M = 8192, its pebbles made on the fly.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn flash2_legality(bencher: Bencher<'_, '_>) {
    let schedule = strategy::find("flash2")
        .map(|it| it.schedule(Max::Kept).expect("it is there"))
        .expect("it ships");
    let binding = schedule
        .program
        .bind(&[("N", 512), ("d", 32), ("Br", 64), ("Bc", 16)])
        .expect("the sizes are right");
    let shape = Shape::square(512, 32).expect("the shape is right");
    let problem = Problem::Attention { shape, scaled: false };
    let machine = Machine::strict(Words(8192));
    let moves = || Pebbles::new(&schedule.program, &binding);
    let io = replay(&problem, &machine, Mode::Legality, moves()).expect("it is legal");
    bencher
        .counter(ItemsCount::new(io.moves()))
        .bench_local(|| replay(&problem, &machine, Mode::Legality, moves()).expect("it is legal"));
}
