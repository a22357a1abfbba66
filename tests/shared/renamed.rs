//! The moves of a program under other names.

use iobound::cdag::Vertex;
use iobound::reading::Pebbles;
use iobound::schedule::{Move, MoveSource, Op};
use std::ops::ControlFlow;

/// Moves on an explicit CDAG, which names the operands; what has no name there is left out.
pub(crate) struct Renamed<'a> {
    pub(crate) moves: Pebbles<'a>,
    /// By the number in the stream.
    pub(crate) vertices: &'a [Option<Vertex>],
}

impl MoveSource for Renamed<'_> {
    type Error = <Pebbles<'static> as MoveSource>::Error;

    fn emit<B>(
        &mut self,
        sink: &mut impl FnMut(Move<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, Self::Error> {
        let name = |it: Vertex| self.vertices[usize::try_from(it.0).unwrap()];
        self.moves.emit(&mut |it| {
            let renamed = match it {
                Move::Load(v) => name(v).map(Move::Load),
                Move::Store(v, _) => name(v).map(|it| Move::Store(it, None)),
                Move::Free(v) => name(v).map(Move::Free),
                Move::Compute { vertex, .. } => name(vertex).map(|vertex| Move::Compute {
                    vertex,
                    op: Op::Opaque,
                    operands: &[],
                }),
                Move::Accumulate { .. } => unreachable!("the game is strict"),
            };
            renamed.map_or(ControlFlow::Continue(()), &mut *sink)
        })
    }
}
