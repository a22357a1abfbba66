//! A move of the red–blue pebble game, and where moves come from.
//!
//! Hong and Kung's four moves are *input* ([`Move::Load`]), *output* ([`Move::Store`]), *compute*
//! and *delete* ([`Move::Free`]); PRBP adds [`Move::Accumulate`]. Moves are streamed with internal
//! iteration and never collected.
//!
//! A stream that is its own CDAG numbers its vertices so: the inputs are `0..n_inputs`, in the order
//! of the problem's arrays, row-major; every compute takes the next number.

use crate::cdag::Vertex;
use std::{fmt, ops::ControlFlow};

/// A constant that is part of an operation and costs no word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Constant {
    /// An integer.
    Int(i64),
    /// −∞, with exp(−∞ − x) = 0.
    NegInf,
    /// The softmax scale, by convention 1/√d.
    Scale,
}

/// A function of one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// eˣ.
    Exp,
    /// ln x, a log-domain word.
    Log,
    /// √x.
    Sqrt,
    /// tanh x.
    Tanh,
    /// max(0, x).
    Relu,
    /// GELU.
    Gelu,
}

/// What a compute does with its operands, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// The operation is not named: only legality can be judged. Any number of operands.
    Opaque,
    /// A constant; no operand.
    Constant(Constant),
    /// x.
    Copy,
    /// −x.
    Negate,
    /// c·x.
    Times(Constant),
    /// f(x).
    Call(Function),
    /// x + y.
    Add,
    /// x − y.
    Sub,
    /// x·y.
    Mul,
    /// x / y.
    Div,
    /// max(x, y).
    Max,
}

/// A slow address among the declared outputs: row-major over the `out` arrays in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Output(pub u64);

/// One move. `Load` and `Store` cost one word each, the others nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move<'a> {
    /// A red pebble on a blue vertex.
    Load(Vertex),
    /// A blue pebble on a red vertex; the address it is written to, if that is a declared output.
    Store(Vertex, Option<Output>),
    /// A red pebble on `vertex`, all its operands being red.
    Compute {
        /// The result.
        vertex: Vertex,
        /// The operation.
        op: Op,
        /// The operands, in the order of the operation; empty where an explicit CDAG names them.
        operands: &'a [Vertex],
    },
    /// Removes the red pebble.
    Free(Vertex),
    /// PRBP only: marks the in-edge `from → vertex` and updates `vertex` in place.
    Accumulate {
        /// The accumulator.
        vertex: Vertex,
        /// The operand read.
        from: Vertex,
    },
}

/// Something that can hand over a schedule move by move.
pub trait MoveSource {
    /// Why the source stopped by itself: a file cut short, a schedule that cannot be walked.
    type Error: fmt::Debug + fmt::Display;

    /// Calls `sink` with each move until it breaks or the schedule ends.
    ///
    /// # Errors
    ///
    /// The source's own failure; what was emitted before it stands.
    fn emit<B>(
        &mut self,
        sink: &mut impl FnMut(Move<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, Self::Error>;
}

/// A slice of moves is a source: for tests and small cases.
impl MoveSource for &[Move<'_>] {
    type Error = std::convert::Infallible;

    fn emit<B>(
        &mut self,
        sink: &mut impl FnMut(Move<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, Self::Error> {
        for it in *self {
            if let ControlFlow::Break(b) = sink(*it) {
                return Ok(ControlFlow::Break(b));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}
