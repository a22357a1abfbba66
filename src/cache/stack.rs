//! Least recently used, every size in one pass.
//!
//! The words touched so far, the most recent one first, are a stack; LRU caches of C words hold its
//! C topmost. So a touch hits in all caches larger than its word's depth and in no other, and one pass
//! that finds depths tells the misses of every size (Mattson, Gecsei, Slutz and Traiger 1970).
//!
//! Write-backs likewise: a word is dirty in all caches of at least some *dirty level*. A write makes
//! that 1. When a word at depth s (counted from 1) is touched again, caches of fewer than s words have
//! evicted it meanwhile, and those of them from the level up wrote it back; where it is read it came
//! in clean, so the level becomes the larger of itself and s (Thompson and Smith 1989).

use super::{
    Counts,
    time::{Marks, slots_for},
};
use crate::access::Access;

/// Stack distances of a stream, as it goes by.
///
/// A touch adds at most 126 numbers, and one for each 2^16 words, fewer where its word was touched
/// lately. Memory follows the number of words.
#[derive(Debug)]
pub struct Stack {
    /// The last touch of each word.
    marks: Marks,
    words: Vec<Word>,
    now: u32,
    /// Touches by depth, from 1: reads and writes.
    depths: Vec<[u64; 2]>,
    /// What write-backs gain and lose from one size to the next.
    writebacks: Vec<i64>,
    cold: [u64; 2],
    latest: u32,
}

#[derive(Clone, Copy, Debug)]
struct Word {
    /// The slot of its last touch; `NEVER` before the first.
    last: u32,
    /// 0: clean in all caches.
    level: u32,
}

const NEVER: u32 = u32::MAX;

impl Default for Stack {
    fn default() -> Self {
        Self::new()
    }
}

impl Stack {
    /// Nothing was touched.
    #[must_use]
    pub fn new() -> Self {
        Self {
            marks: Marks::first(0, slots_for(0)),
            words: vec![],
            now: 0,
            depths: vec![[0; 2]; 2],
            writebacks: vec![0; 2],
            cold: [0; 2],
            latest: NEVER,
        }
    }

    /// Shows it the next touch; its word's depth from 1, if it was touched before.
    #[inline]
    pub fn touch(&mut self, it: Access) -> Option<u32> {
        if it.word == self.latest {
            self.depths[1][usize::from(it.write)] += 1;
            if it.write {
                self.words[it.word as usize].level = 1;
            }
            return Some(1);
        }
        self.latest = it.word;
        if self.marks.full() {
            self.move_together();
        }
        let index = it.word as usize;
        if index >= self.words.len() {
            self.grow(index);
        }
        let Word { last, level } = self.words[index];
        let mut depth = None;
        if last == NEVER {
            self.cold[usize::from(it.write)] += 1;
            // The deepest that a word can be from now on.
            self.depths.push([0; 2]);
            self.writebacks.push(0);
        } else {
            let s = self.marks.after(last as usize) + 1;
            self.marks.clear(last as usize);
            self.depths[s as usize][usize::from(it.write)] += 1;
            if level != 0 && level < s {
                self.writebacks[level as usize] += 1;
                self.writebacks[s as usize] -= 1;
                self.words[index].level = s;
            }
            depth = Some(s);
        }
        if it.write {
            self.words[index].level = 1;
        }
        self.words[index].last = self.now;
        self.marks.push();
        self.now += 1;
        depth
    }

    #[cold]
    fn grow(&mut self, word: usize) {
        let len = (word + 1).next_power_of_two();
        self.words.resize(len, Word { last: NEVER, level: 0 });
    }

    #[cold]
    fn move_together(&mut self) {
        let (rank, marked) = self.marks.ranks();
        for it in self.words.iter_mut().filter(|it| it.last != NEVER) {
            it.last = rank(it.last as usize);
        }
        drop(rank);
        self.now = marked;
        self.marks = Marks::first(marked as usize, slots_for(marked as usize));
    }

    /// The counts of every size, as if the stream ended here.
    #[must_use]
    pub fn curve(&self) -> Curve {
        let sizes = self.depths.len() - 2;
        let mut writebacks = self.writebacks.clone();
        let mut flushed = vec![0i64; sizes + 2];
        for it in self.words.iter().filter(|it| it.last != NEVER && it.level != 0) {
            let depth = self.marks.after(it.last as usize) + 1;
            let level = it.level;
            if level < depth {
                writebacks[level as usize] += 1;
                writebacks[depth as usize] -= 1;
            }
            flushed[level.max(depth) as usize] += 1;
        }
        let accesses = self.cold.iter().chain(self.depths.iter().flatten()).sum();
        let [mut reads, mut writes] = self.cold;
        let mut of_size = vec![Counts::default(); sizes + 1];
        for size in (1..=sizes).rev() {
            of_size[size] = Counts {
                accesses,
                misses: reads + writes,
                loads: reads,
                writebacks: 0,
                flushed: 0,
            };
            reads += self.depths[size][0];
            writes += self.depths[size][1];
        }
        let all_writes = self.cold[1] + self.depths.iter().map(|it| it[1]).sum::<u64>();
        of_size[0] = Counts {
            accesses,
            misses: accesses,
            loads: accesses - all_writes,
            writebacks: all_writes,
            flushed: 0,
        };
        let (mut back, mut left) = (0, 0);
        for size in 1..=sizes {
            back += writebacks[size];
            left += flushed[size];
            of_size[size].writebacks = back.unsigned_abs();
            of_size[size].flushed = left.unsigned_abs();
        }
        Curve { of_size }
    }
}

/// What LRU caches of every size make of one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Curve {
    of_size: Vec<Counts>,
}

impl Curve {
    /// Distinct words: from that size on nothing is evicted.
    #[must_use]
    pub fn words(&self) -> usize {
        self.of_size.len() - 1
    }

    /// A cache of `size` words.
    #[must_use]
    pub fn at(&self, size: usize) -> Counts {
        self.of_size[size.min(self.words())]
    }
}
