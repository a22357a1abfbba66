//! Accesses a second: the trace of FlashAttention-2's loops, and what caches make of it.
//!
//! N = 512, d = 32, tiles for M = 8192. The streams are made on the fly; `make` is what that takes.

use divan::{Bencher, black_box, counter::ItemsCount};
use iobound::access::{Access, AccessSource};
use iobound::cache::{Cache, Fifo, Lru, Min, Stack};
use iobound::model::Words;
use iobound::reading::{Accesses, Moves};
use iobound::strategy::{Max, Want, choose, find};

fn main() {
    divan::main();
}

/// The trace, held: what a policy costs apart from who makes it.
fn flash2() -> Vec<Access> {
    let mut all = vec![];
    each(|it| all.push(it));
    all
}

fn each(see: impl FnMut(Access)) {
    let schedule = find("flash2").ok().and_then(|it| it.schedule(Max::Kept)).expect("it ships");
    let sizes = [("N", 512), ("d", 32)];
    let choice = choose(schedule, None, &sizes, Words(8192), &Want::Best(vec![]));
    let binding = choice.expect("it fits").binding;
    let mut source = Accesses::new(&schedule.program, &binding, Moves::Erased);
    source.each(see).expect("it can be walked");
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn make(bencher: Bencher<'_, '_>) {
    let n = flash2().len();
    bencher.counter(ItemsCount::new(n)).bench(|| {
        let mut sum = 0u64;
        each(|it| sum += u64::from(it.word));
        sum
    });
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn lru_every_size(bencher: Bencher<'_, '_>) {
    let all = flash2();
    bencher.counter(ItemsCount::new(all.len())).bench(|| {
        let mut stack = Stack::new();
        all.iter().for_each(|it| {
            stack.touch(*it);
        });
        stack.curve()
    });
}

fn one(bencher: Bencher<'_, '_>, cache: impl Fn() -> Run + Sync) {
    let all = flash2();
    bencher.counter(ItemsCount::new(all.len())).bench(|| black_box(cache())(&all));
}

/// A policy on a whole trace: its misses.
type Run = Box<dyn FnMut(&[Access]) -> u64>;

fn run<C: Cache + 'static>(mut cache: C) -> Run {
    Box::new(move |all| {
        all.iter().for_each(|it| {
            cache.touch(*it);
        });
        cache.counts().misses
    })
}

#[divan::bench(sample_count = 5, sample_size = 1, args = [1024, 8192])]
fn lru(bencher: Bencher<'_, '_>, size: usize) {
    one(bencher, || run(Lru::new(size)));
}

#[divan::bench(sample_count = 5, sample_size = 1, args = [1024, 8192])]
fn fifo(bencher: Bencher<'_, '_>, size: usize) {
    one(bencher, || run(Fifo::new(size)));
}

#[divan::bench(sample_count = 5, sample_size = 1, args = [1024, 8192])]
fn min(bencher: Bencher<'_, '_>, size: usize) {
    one(bencher, || run(Min::new(size)));
}
