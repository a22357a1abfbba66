//! `record`: every move of a small schedule, with the words it touches by their places in arrays.

use super::{
    WalkError,
    count::slow_extents,
    execute::{Meaning, Stopped, execute},
};
use crate::{
    op::Op,
    schedule::{bind::Binding, draft::Role, program::Program},
};

/// All that happens, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The slow arrays.
    pub slow: Vec<Grid>,
    /// The names of the fast arrays.
    pub fast: Vec<String>,
    /// What happens.
    pub events: Vec<Event>,
    /// How many of the events are moves.
    pub moves: usize,
}

/// A slow array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Its name.
    pub name: String,
    /// Its extents.
    pub extents: Vec<u64>,
    /// Does it hold the inputs? Their values are numbered over all such arrays, row-major.
    pub input: bool,
}

/// A word in fast memory, numbered in the order in which they are born.
pub type Word = u32;

/// What happens. Each load and each compute makes the next [`Word`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The statement with this id is next. No move.
    Statement(usize),
    /// A fast array gets these extents. No move.
    Born(usize, Vec<usize>),
    /// The fast word comes to stand in this place of a fast array. No move.
    Placed(Word, usize, usize),
    /// A copy of this value. Inputs are values from 0; each compute makes the next.
    Load(u32),
    /// This fast word is copied to this address of a slow array.
    Store(Word, usize, usize),
    /// An operation on fast words.
    Compute(Op, Vec<Word>),
    /// The fast word is gone.
    Free(Word),
}

/// Why there is no record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRecord {
    /// The program cannot be walked at these sizes.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// It has more moves than were allowed.
    #[error("the schedule has more than {0} moves")]
    TooLong(usize),
}

/// The record of `program` at `binding`, unless it has more than `most` moves.
///
/// # Errors
///
/// [`NoRecord`].
pub fn record(program: &Program, binding: &Binding, most: usize) -> Result<Record, NoRecord> {
    let extents = slow_extents(program, &binding.env)?;
    let grid = |(array, extents): (&crate::schedule::program::SlowArray, Vec<i128>)| Grid {
        name: array.name.clone(),
        extents: extents.into_iter().map(|it| u64::try_from(it).unwrap_or(0)).collect(),
        input: array.role == Role::In,
    };
    let slow: Vec<Grid> = program.slow.iter().zip(extents).map(grid).collect();
    let inputs: u64 = slow.iter().filter(|it| it.input).map(Grid::words).sum();
    let mut it = Recorder {
        events: vec![],
        moves: 0,
        most,
        words: 0,
        values: u32::try_from(inputs).map_err(|_| NoRecord::TooLong(most))?,
        begun: (0, 0),
    };
    match execute(program, binding, &mut it) {
        Ok(_) => {}
        Err(Stopped::Walk(it)) => return Err(it.into()),
        Err(Stopped::Meaning(TooLong)) => return Err(NoRecord::TooLong(most)),
    }
    let fast = program.fast.iter().map(|it| it.name.clone()).collect();
    Ok(Record { slow, fast, events: it.events, moves: it.moves })
}

impl Grid {
    /// How many words it has.
    #[must_use]
    pub fn words(&self) -> u64 {
        self.extents.iter().fold(1, |words, it| words.saturating_mul(*it))
    }
}

struct TooLong;

#[derive(Clone, Copy)]
struct Held {
    value: u32,
    /// In slow memory nobody asks.
    word: Word,
}

struct Recorder {
    events: Vec<Event>,
    moves: usize,
    most: usize,
    words: Word,
    values: u32,
    begun: (usize, usize),
}

impl Recorder {
    fn step(&mut self, event: Event) -> Result<(), TooLong> {
        if self.moves == self.most {
            return Err(TooLong);
        }
        self.moves += 1;
        self.events.push(event);
        Ok(())
    }

    fn next(&mut self) -> Word {
        self.words += 1;
        self.words - 1
    }
}

impl Meaning for Recorder {
    type Word = Held;
    type Stop = TooLong;

    fn input(&mut self, address: usize) -> Held {
        Held { value: u32::try_from(address).unwrap_or(u32::MAX), word: 0 }
    }

    fn load(&mut self, Held { value, .. }: Held) -> Result<(), TooLong> {
        self.step(Event::Load(value))
    }

    fn loaded(&mut self, it: Held, array: usize, at: usize) -> Result<Held, TooLong> {
        let word = self.next();
        self.events.push(Event::Placed(word, array, at));
        Ok(Held { word, ..it })
    }

    // The address comes with `stored`.
    fn store(&mut self, _: Held, _: Option<usize>) -> Result<(), TooLong> {
        Ok(())
    }

    fn stored(&mut self, it: Held, array: usize, address: usize) -> Result<Held, TooLong> {
        self.step(Event::Store(it.word, array, address))?;
        Ok(it)
    }

    fn compute(&mut self, op: Op, operands: &[Held]) -> Result<Held, TooLong> {
        self.step(Event::Compute(op, operands.iter().map(|it| it.word).collect()))?;
        let value = self.values;
        self.values += 1;
        Ok(Held { value, word: self.next() })
    }

    fn free(&mut self, it: Held) -> Result<(), TooLong> {
        self.step(Event::Free(it.word))
    }

    fn statement(&mut self, id: usize) -> Result<(), TooLong> {
        self.events.push(Event::Statement(id));
        Ok(())
    }

    fn born(&mut self, array: usize, extents: &[usize]) -> Result<(), TooLong> {
        self.events.push(Event::Born(array, extents.to_vec()));
        Ok(())
    }

    fn begin(&mut self, array: usize, at: usize, _: Option<Held>) -> Result<(), TooLong> {
        self.begun = (array, at);
        Ok(())
    }

    fn made(&mut self, it: Held) -> Result<Held, TooLong> {
        let (array, at) = self.begun;
        self.events.push(Event::Placed(it.word, array, at));
        Ok(it)
    }
}
