//! Moves by hand.

use iobound::cdag::{Cdag, Vertex};
use iobound::schedule::{Move, Op, Output};

pub(crate) fn load(v: u64) -> Move<'static> {
    Move::Load(Vertex(v))
}

pub(crate) fn store(v: u64) -> Move<'static> {
    Move::Store(Vertex(v), None)
}

pub(crate) fn store_as(v: u64, address: u64) -> Move<'static> {
    Move::Store(Vertex(v), Some(Output(address)))
}

pub(crate) fn free(v: u64) -> Move<'static> {
    Move::Free(Vertex(v))
}

pub(crate) fn accumulate(v: u64, from: u64) -> Move<'static> {
    Move::Accumulate { vertex: Vertex(v), from: Vertex(from) }
}

/// As an explicit CDAG names it.
pub(crate) fn named(v: u64) -> Move<'static> {
    compute(v, Op::Opaque, &[])
}

pub(crate) fn compute(v: u64, op: Op, operands: &[u64]) -> Move<'static> {
    let operands: Vec<Vertex> = operands.iter().copied().map(Vertex).collect();
    Move::Compute { vertex: Vertex(v), op, operands: operands.leak() }
}

pub(crate) fn cdag(operands: &[&[u64]]) -> Cdag {
    let operands = operands.iter().map(|it| it.iter().copied().map(Vertex).collect());
    Cdag::new(operands.collect()).expect("a test's CDAG is one")
}
