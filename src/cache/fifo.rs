//! First in, first out, one size.

use super::{Cache, Counts};
use crate::access::Access;
use std::collections::VecDeque;

/// A fully associative cache that evicts the word that came in longest ago.
#[derive(Debug)]
pub struct Fifo {
    size: usize,
    queue: VecDeque<u32>,
    /// By word.
    states: Vec<State>,
    counts: Counts,
    dirty: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Absent,
    Clean,
    Dirty,
}

impl Fifo {
    /// An empty cache of `size` words; nothing hits where that is 0.
    #[must_use]
    pub fn new(size: usize) -> Self {
        let (queue, states, counts) = (VecDeque::new(), vec![], Counts::default());
        Self { size, queue, states, counts, dirty: 0 }
    }
}

impl Cache for Fifo {
    #[inline]
    fn touch(&mut self, it: Access) -> bool {
        self.counts.accesses += 1;
        let word = it.word as usize;
        if word >= self.states.len() {
            self.states.resize((word + 1).next_power_of_two(), State::Absent);
        }
        let hit = self.states[word] != State::Absent;
        if !hit {
            self.counts.misses += 1;
            self.counts.loads += u64::from(!it.write);
            if self.size == 0 {
                self.counts.writebacks += u64::from(it.write);
                return false;
            }
            if self.queue.len() == self.size
                && let Some(out) = self.queue.pop_front()
            {
                let state = &mut self.states[out as usize];
                let dirty = u64::from(*state == State::Dirty);
                self.counts.writebacks += dirty;
                self.dirty -= dirty;
                *state = State::Absent;
            }
            self.queue.push_back(it.word);
            self.states[word] = State::Clean;
        }
        if it.write && self.states[word] == State::Clean {
            self.states[word] = State::Dirty;
            self.dirty += 1;
        }
        hit
    }

    fn counts(&self) -> Counts {
        Counts { flushed: self.dirty, ..self.counts }
    }
}
