//! `timeline`: the words of each array that fast memory holds, after every move.
//!
//! Memory does not follow the number of moves: neighbouring moves share a column of the timeline, which keeps the
//! state in which most words were held.

use super::{
    WalkError,
    execute::{Meaning, Stopped, execute},
};
use crate::{
    op::Op,
    schedule::{bind::Binding, program::Program},
};

/// Most columns of a timeline.
pub const COLUMNS: usize = 1024;

/// Words held against moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The fast arrays, and last the words that no array holds: products and sums on their way.
    pub arrays: Vec<String>,
    /// How many moves there are.
    pub moves: u64,
    /// How many moves a column stands for; the last may stand for fewer.
    pub each: u64,
    /// At least one, at most [`COLUMNS`].
    pub columns: Vec<Column>,
}

/// Of the states after its moves the first that holds most words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Words in fast memory.
    pub held: u64,
    /// Those of each array.
    pub by_array: Vec<u64>,
}

/// Why there is no timeline.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTimeline {
    /// The program cannot be walked at these sizes.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// It would take too long.
    #[error(
        "the schedule has more than {0} moves; a timeline walks every one of them: take smaller sizes"
    )]
    TooLong(u64),
}

/// The timeline of `program` at `binding`, unless it has more than `most` moves.
///
/// # Errors
///
/// [`NoTimeline`].
pub fn timeline(program: &Program, binding: &Binding, most: u64) -> Result<Timeline, NoTimeline> {
    let mut arrays: Vec<String> = program.fast.iter().map(|it| it.name.clone()).collect();
    arrays.push("in flight".to_owned());
    let none = Column { held: 0, by_array: vec![0; arrays.len()] };
    let mut it = Holder {
        flight: arrays.len() - 1,
        now: none.clone(),
        begun: 0,
        moves: 0,
        most,
        each: 1,
        filled: 0,
        open: none,
        columns: vec![],
    };
    match execute(program, binding, &mut it) {
        Ok(_) => {}
        Err(Stopped::Walk(it)) => return Err(it.into()),
        Err(Stopped::Meaning(TooLong)) => return Err(NoTimeline::TooLong(most)),
    }
    it.settle();
    if it.filled > 0 || it.columns.is_empty() {
        it.columns.push(it.open);
    }
    Ok(Timeline { arrays, moves: it.moves, each: it.each, columns: it.columns })
}

struct TooLong;

/// A word is the array that holds it.
struct Holder {
    flight: usize,
    now: Column,
    /// The array that an element is made for.
    begun: usize,
    moves: u64,
    most: u64,
    each: u64,
    /// States in the open column.
    filled: u64,
    open: Column,
    columns: Vec<Column>,
}

impl Holder {
    /// The state after the last move is final: what comes next is another move.
    fn settle(&mut self) {
        if self.moves == 0 {
            return;
        }
        if self.filled == 0 || self.now.held > self.open.held {
            self.open.held = self.now.held;
            self.open.by_array.copy_from_slice(&self.now.by_array);
        }
        self.filled += 1;
        if self.filled < self.each {
            return;
        }
        self.columns.push(self.open.clone());
        self.filled = 0;
        if self.columns.len() == COLUMNS {
            let fuller = |it: &[Column]| it[usize::from(it[1].held > it[0].held)].clone();
            self.columns = self.columns.chunks(2).map(fuller).collect();
            self.each *= 2;
        }
    }

    fn step(&mut self) -> Result<(), TooLong> {
        self.settle();
        if self.moves == self.most {
            return Err(TooLong);
        }
        self.moves += 1;
        Ok(())
    }

    fn add(&mut self) {
        self.now.held += 1;
        self.now.by_array[self.flight] += 1;
    }

    fn pass(&mut self, from: usize, to: usize) -> usize {
        self.now.by_array[from] -= 1;
        self.now.by_array[to] += 1;
        to
    }
}

impl Meaning for Holder {
    type Word = usize;
    type Stop = TooLong;

    fn input(&mut self, _: usize) -> usize {
        self.flight
    }

    fn load(&mut self, _: usize) -> Result<(), TooLong> {
        self.step()?;
        self.add();
        Ok(())
    }

    fn loaded(&mut self, _: usize, array: usize, _: usize) -> Result<usize, TooLong> {
        Ok(self.pass(self.flight, array))
    }

    fn store(&mut self, _: usize, _: Option<usize>) -> Result<(), TooLong> {
        self.step()
    }

    fn compute(&mut self, _: Op, _: &[usize]) -> Result<usize, TooLong> {
        self.step()?;
        self.add();
        Ok(self.flight)
    }

    fn free(&mut self, word: usize) -> Result<(), TooLong> {
        self.step()?;
        self.now.held -= 1;
        self.now.by_array[word] -= 1;
        Ok(())
    }

    fn begin(&mut self, array: usize, _: usize, _: Option<usize>) -> Result<(), TooLong> {
        self.begun = array;
        Ok(())
    }

    fn made(&mut self, word: usize) -> Result<usize, TooLong> {
        Ok(self.pass(word, self.begun))
    }
}
