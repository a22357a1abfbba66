//! Least recently used, one size.

use super::{Cache, Counts};
use crate::access::Access;

/// A fully associative cache that evicts the word touched longest ago.
///
/// The words in it form a ring, the most recent one first; a touch is a constant number of steps.
/// Memory follows the largest word's number.
#[derive(Debug)]
pub struct Lru {
    size: usize,
    held: usize,
    /// By word. The ring's words; `ABSENT` as `after` for others.
    nodes: Vec<Node>,
    /// The word touched last.
    first: u32,
    counts: Counts,
    dirty: u64,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    before: u32,
    after: u32,
    dirty: bool,
}

const ABSENT: u32 = u32::MAX;
const EMPTY: Node = Node { before: ABSENT, after: ABSENT, dirty: false };

impl Lru {
    /// An empty cache of `size` words; nothing hits where that is 0.
    #[must_use]
    pub fn new(size: usize) -> Self {
        let counts = Counts::default();
        Self { size, held: 0, nodes: vec![], first: ABSENT, counts, dirty: 0 }
    }

    fn unlink(&mut self, word: u32) {
        let Node { before, after, .. } = self.nodes[word as usize];
        self.nodes[before as usize].after = after;
        self.nodes[after as usize].before = before;
    }

    /// Puts `word` before the first one, which it becomes.
    fn link(&mut self, word: u32) {
        let (mut before, mut after) = (word, word);
        if self.first != ABSENT {
            after = self.first;
            before = self.nodes[after as usize].before;
            self.nodes[before as usize].after = word;
            self.nodes[after as usize].before = word;
        }
        let node = &mut self.nodes[word as usize];
        (node.before, node.after) = (before, after);
        self.first = word;
    }

    fn evict(&mut self) {
        let last = self.nodes[self.first as usize].before;
        self.unlink(last);
        if self.first == last {
            self.first = ABSENT;
        }
        let dirty = std::mem::replace(&mut self.nodes[last as usize], EMPTY).dirty;
        self.counts.writebacks += u64::from(dirty);
        self.dirty -= u64::from(dirty);
        self.held -= 1;
    }

    #[cold]
    fn grow(&mut self, word: u32) {
        self.nodes.resize((word as usize + 1).next_power_of_two(), EMPTY);
    }
}

impl Cache for Lru {
    #[inline]
    fn touch(&mut self, it: Access) -> bool {
        self.counts.accesses += 1;
        if it.word as usize >= self.nodes.len() {
            self.grow(it.word);
        }
        let hit = self.nodes[it.word as usize].after != ABSENT;
        if !hit {
            self.counts.misses += 1;
            self.counts.loads += u64::from(!it.write);
            if self.size == 0 {
                self.counts.writebacks += u64::from(it.write);
                return false;
            }
            if self.held == self.size {
                self.evict();
            }
            self.held += 1;
            self.link(it.word);
        } else if self.first != it.word {
            self.unlink(it.word);
            self.link(it.word);
        }
        if it.write && !self.nodes[it.word as usize].dirty {
            self.nodes[it.word as usize].dirty = true;
            self.dirty += 1;
        }
        hit
    }

    fn counts(&self) -> Counts {
        Counts { flushed: self.dirty, ..self.counts }
    }
}
