//! `accesses`: the words a program touches, in the order of its loops, for somebody who places none.
//!
//! Scalar code: an operation reads its operands and writes its result; each term of a reduction
//! updates its target, and an update is one touch, a write. What an expression makes on the way stays
//! in a register. Words are numbered: the slow arrays first, inputs before others, row-major; then
//! fast arrays, whose numbers are the same each time they are born.

use super::{
    WalkError,
    count::slow_extents,
    execute::{Meaning, Stopped, execute},
};
use crate::{
    access::{Access, AccessSource},
    op::Op,
    schedule::{bind::Binding, draft::Role, program::Program},
};
use std::{marker::PhantomData, ops::ControlFlow};

/// What becomes of loads and stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moves {
    /// A load reads a slow word and writes a fast one, a store the other way: code that copies tiles.
    Copied,
    /// A loaded array is the slow one itself, a store copies what was made elsewhere: the plain loops.
    Erased,
}

/// A program at one size, as a source of accesses.
#[derive(Clone, Copy, Debug)]
pub struct Accesses<'a> {
    program: &'a Program,
    binding: &'a Binding,
    moves: Moves,
}

/// Most words of all arrays together.
const MOST_WORDS: u32 = 1 << 28;

impl<'a> Accesses<'a> {
    /// The accesses of `program` at `binding`.
    #[must_use]
    pub fn new(program: &'a Program, binding: &'a Binding, moves: Moves) -> Self {
        Self { program, binding, moves }
    }

    /// The first number of each slow array, and of what follows them.
    fn slow(&self) -> Result<(Vec<u32>, u32), WalkError> {
        let extents = slow_extents(self.program, &self.binding.env)?;
        let (mut first, mut next) = (vec![0; extents.len()], 0u32);
        let inputs = |it: &usize| self.program.slow[*it].role == Role::In;
        let others = (0..extents.len()).filter(|it| !inputs(it));
        for i in (0..extents.len()).filter(inputs).chain(others) {
            let words = extents[i].iter().fold(1i128, |a, b| a.saturating_mul(*b));
            let array = &self.program.slow[i].name;
            let sum = u32::try_from(words).ok().and_then(|it| next.checked_add(it));
            let sum = sum.filter(|it| *it <= MOST_WORDS);
            first[i] = next;
            next = sum.ok_or_else(|| WalkError::Memory { array: array.clone(), words })?;
        }
        Ok((first, next))
    }
}

impl AccessSource for Accesses<'_> {
    type Error = WalkError;

    fn emit<B>(
        &mut self,
        sink: &mut impl FnMut(Access) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, WalkError> {
        let (slow, next) = self.slow()?;
        let mut touch = Touch {
            moves: self.moves,
            slow,
            fast: vec![vec![]; self.program.fast.len()],
            next,
            target: REGISTER,
            updated: false,
            sink,
            stop: PhantomData,
        };
        match execute(self.program, self.binding, &mut touch) {
            Ok(_) => Ok(ControlFlow::Continue(())),
            Err(Stopped::Meaning(Stop::Sink(b))) => Ok(ControlFlow::Break(b)),
            Err(Stopped::Meaning(Stop::Full(array))) => {
                let array = self.program.fast[array].name.clone();
                Err(WalkError::Memory { array, words: i128::from(MOST_WORDS) + 1 })
            }
            Err(Stopped::Walk(it)) => Err(it),
        }
    }
}

/// A word that has no number.
const REGISTER: u32 = u32::MAX;

/// Why there are no more accesses.
enum Stop<B> {
    Sink(B),
    /// No number is left for this fast array.
    Full(usize),
}

/// A word is its number.
struct Touch<'s, S, B> {
    moves: Moves,
    slow: Vec<u32>,
    /// Of each fast array its elements' numbers; they are given when an element is first made.
    fast: Vec<Vec<u32>>,
    next: u32,
    /// The element at hand.
    target: u32,
    /// Was it written already?
    updated: bool,
    sink: &'s mut S,
    stop: PhantomData<B>,
}

impl<B, S: FnMut(Access) -> ControlFlow<B>> Touch<'_, S, B> {
    #[inline]
    fn send(&mut self, it: Access) -> Result<(), Stop<B>> {
        match (self.sink)(it) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(b) => Err(Stop::Sink(b)),
        }
    }

    /// Reads a word, unless it is in a register or is being updated.
    #[inline]
    fn read(&mut self, word: u32) -> Result<(), Stop<B>> {
        if word == REGISTER || word == self.target { Ok(()) } else { self.send(Access::read(word)) }
    }

    #[inline]
    fn element(&mut self, array: usize, at: usize) -> Result<u32, Stop<B>> {
        let numbers = &mut self.fast[array];
        while numbers.len() <= at {
            if self.next == MOST_WORDS {
                return Err(Stop::Full(array));
            }
            numbers.push(self.next);
            self.next += 1;
        }
        Ok(numbers[at])
    }
}

impl<B, S: FnMut(Access) -> ControlFlow<B>> Meaning for Touch<'_, S, B> {
    type Word = u32;
    type Stop = Stop<B>;

    fn input(&mut self, address: usize) -> u32 {
        u32::try_from(address).unwrap_or(REGISTER)
    }

    fn load(&mut self, _: u32) -> Result<(), Stop<B>> {
        Ok(())
    }

    fn loaded(&mut self, word: u32, array: usize, at: usize) -> Result<u32, Stop<B>> {
        if self.moves == Moves::Erased {
            return Ok(word);
        }
        let to = self.element(array, at)?;
        self.target = REGISTER;
        self.read(word)?;
        self.send(Access::write(to))?;
        Ok(to)
    }

    fn store(&mut self, _: u32, _: Option<usize>) -> Result<(), Stop<B>> {
        Ok(())
    }

    fn stored(&mut self, word: u32, array: usize, address: usize) -> Result<u32, Stop<B>> {
        let to = self.slow[array] + u32::try_from(address).unwrap_or(0);
        if word != to {
            self.target = REGISTER;
            self.read(word)?;
            self.send(Access::write(to))?;
        }
        Ok(to)
    }

    #[inline]
    fn compute(&mut self, _: Op, operands: &[u32]) -> Result<u32, Stop<B>> {
        for it in operands {
            self.read(*it)?;
        }
        Ok(REGISTER)
    }

    fn free(&mut self, _: u32) -> Result<(), Stop<B>> {
        Ok(())
    }

    #[inline]
    fn begin(&mut self, array: usize, at: usize, old: Option<u32>) -> Result<(), Stop<B>> {
        self.target = match old {
            Some(old) => old, // of a loaded array it is the slow word itself
            None => self.element(array, at)?,
        };
        self.updated = false;
        Ok(())
    }

    #[inline]
    fn summed(&mut self, word: u32) -> Result<u32, Stop<B>> {
        self.read(word)?;
        self.updated = true;
        self.send(Access::write(self.target))?;
        Ok(REGISTER)
    }

    #[inline]
    fn made(&mut self, word: u32) -> Result<u32, Stop<B>> {
        self.read(word)?;
        if !self.updated {
            self.send(Access::write(self.target))?;
        }
        Ok(self.target)
    }
}
