//! A move of the red–blue pebble game, and where moves come from.
//!
//! Hong and Kung's four moves are *input* ([`Move::Load`]), *output* ([`Move::Store`]), *compute*
//! and *delete* ([`Move::Free`]); PRBP adds [`Move::Accumulate`]. Moves are streamed with internal
//! iteration and never collected.
//!
//! A stream that is its own CDAG numbers its vertices so: the inputs are `0..n_inputs`, in the order
//! of the problem's arrays, row-major; every compute takes the next number.

use crate::cdag::Vertex;
pub use crate::op::{Constant, Function, Op};
use std::{fmt, ops::ControlFlow};

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

/// A source that also shows each move that is taken to `see`.
#[derive(Debug)]
pub struct Tee<S, F>(pub S, pub F);

impl<S: MoveSource, F: FnMut(Move<'_>)> MoveSource for Tee<S, F> {
    type Error = S::Error;

    fn emit<B>(
        &mut self,
        sink: &mut impl FnMut(Move<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, S::Error> {
        let Self(source, see) = self;
        source.emit(&mut |it| {
            let taken = sink(it);
            if taken.is_continue() {
                see(it);
            }
            taken
        })
    }
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
