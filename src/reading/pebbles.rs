//! `pebbles`: the strict moves of a program, every operation a vertex, streamed.

use super::{
    WalkError,
    execute::{Meaning, Stopped, execute},
};
use crate::{
    cdag::Vertex,
    op::Op,
    schedule::{
        Move, MoveSource, Output, bind::Binding, draft::Role, poly::TooLarge, program::Program,
    },
};
use std::{marker::PhantomData, ops::ControlFlow};

/// A program at one size, as a source of moves.
///
/// Inputs are numbered over the `in` arrays in their order, row-major; every compute takes the next
/// number.
#[derive(Clone, Copy, Debug)]
pub struct Pebbles<'a> {
    program: &'a Program,
    binding: &'a Binding,
}

impl<'a> Pebbles<'a> {
    /// The moves of `program` at `binding`.
    #[must_use]
    pub fn new(program: &'a Program, binding: &'a Binding) -> Self {
        Self { program, binding }
    }

    /// Words of all arrays with `role`.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if they pass 64 bits.
    pub fn words(&self, role: Role) -> Result<u64, TooLarge> {
        let mut sum = 0u64;
        for slow in self.program.with_role(role) {
            let mut words = 1u64;
            for dim in &self.program.slow[slow.0].dims {
                let extent = u64::try_from(dim.eval(&self.binding.env)?).map_err(|_| TooLarge)?;
                words = words.checked_mul(extent).ok_or(TooLarge)?;
            }
            sum = sum.checked_add(words).ok_or(TooLarge)?;
        }
        Ok(sum)
    }
}

impl MoveSource for Pebbles<'_> {
    type Error = WalkError;

    fn emit<B>(
        &mut self,
        sink: &mut impl FnMut(Move<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, WalkError> {
        let next = self.words(Role::In)?;
        let mut numbers = Numbers { next, sink, stop: PhantomData };
        match execute(self.program, self.binding, &mut numbers) {
            Ok(_) => Ok(ControlFlow::Continue(())),
            Err(Stopped::Meaning(b)) => Ok(ControlFlow::Break(b)),
            Err(Stopped::Walk(it)) => Err(it),
        }
    }
}

/// Words are vertices.
struct Numbers<'a, S, B> {
    next: u64,
    sink: &'a mut S,
    stop: PhantomData<B>,
}

impl<B, S: FnMut(Move<'_>) -> ControlFlow<B>> Numbers<'_, S, B> {
    #[inline]
    fn send(&mut self, it: Move<'_>) -> Result<(), B> {
        match (self.sink)(it) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(b) => Err(b),
        }
    }
}

impl<B, S: FnMut(Move<'_>) -> ControlFlow<B>> Meaning for Numbers<'_, S, B> {
    type Word = Vertex;
    type Stop = B;

    fn input(&mut self, address: usize) -> Vertex {
        Vertex(address as u64)
    }

    #[inline]
    fn load(&mut self, word: Vertex) -> Result<(), B> {
        self.send(Move::Load(word))
    }

    #[inline]
    fn store(&mut self, word: Vertex, output: Option<usize>) -> Result<(), B> {
        self.send(Move::Store(word, output.map(|it| Output(it as u64))))
    }

    #[inline]
    fn compute(&mut self, op: Op, operands: &[Vertex]) -> Result<Vertex, B> {
        let vertex = Vertex(self.next);
        self.next += 1;
        self.send(Move::Compute { vertex, op, operands })?;
        Ok(vertex)
    }

    #[inline]
    fn free(&mut self, word: Vertex) -> Result<(), B> {
        self.send(Move::Free(word))
    }
}
