//! Bélády's optimum, one size, in one pass.
//!
//! MIN evicts the word whose next touch is latest. It need not know the future: whether a touch hits
//! under MIN is decided by the past alone. Keep a word from one touch to the next: that takes a place
//! at all moments between. As each moment's own word takes one too, C − 1 words can be kept over a
//! moment; and keeping, in the order of their ends, every word that can still be kept keeps as many
//! as possible, which is what MIN does (Bélády 1966).
//!
//! A word's time ends at the present, so of each moment only the free places from it to the present
//! matter, the least of them. That minimum grows towards the present by C − 1 steps in all, the
//! *tokens*; a word last touched at p can be kept if a token stands before the moment after p, and
//! keeping it moves the last such token to the present. Tokens stand in slots of
//! [`time`](super::time), so memory follows the words and not the stream.

use super::{
    Cache, Counts,
    time::{Tokens, slots_for},
};
use crate::access::Access;

/// A fully associative cache of one size under MIN.
///
/// Words that are not touched again leave first, so what is dirty at the end counts as flushed as
/// far as it can be held, the words touched last before others.
#[derive(Debug)]
pub struct Min {
    size: usize,
    /// Are words moved what counts, not misses?
    by_words: bool,
    words: Vec<Word>,
    /// Tokens at the beginning of time.
    first: u64,
    tokens: Tokens,
    slots: usize,
    now: u32,
    latest: u32,
    counts: Counts,
}

#[derive(Clone, Copy, Debug)]
struct Word {
    last: u32,
    dirty: bool,
}

const NEVER: u32 = u32::MAX;

impl Min {
    /// An empty cache of `size` words; nothing hits where that is 0.
    #[must_use]
    pub fn new(size: usize) -> Self {
        let slots = slots_for(0);
        Self {
            size,
            by_words: false,
            words: vec![],
            first: (size as u64).saturating_sub(1),
            tokens: Tokens::none(slots),
            slots,
            now: 0,
            latest: NEVER,
            counts: Counts::default(),
        }
    }

    /// MIN that weighs loads and write-backs: a clean word that is written next is not kept, since
    /// to lose it costs nothing. Often fewer words move than under [`Min::new`]; whether they are the
    /// fewest is not claimed.
    #[must_use]
    pub fn by_words(size: usize) -> Self {
        Self { by_words: true, ..Self::new(size) }
    }

    /// Can a word last touched in slot `last` be kept? If so it is.
    #[inline]
    fn keep(&mut self, last: usize) -> bool {
        if let Some(token) = self.tokens.last_up_to(last) {
            self.tokens.clear(token);
        } else if self.first > 0 {
            self.first -= 1;
        } else {
            return false;
        }
        true
    }

    #[cold]
    fn grow(&mut self, word: usize) {
        let len = (word + 1).next_power_of_two();
        self.words.resize(len, Word { last: NEVER, dirty: false });
    }

    /// Forgets slots that are neither a word's last touch nor hold a token.
    #[cold]
    fn move_together(&mut self) {
        let mut kept = vec![false; self.slots];
        for it in self.words.iter().filter(|it| it.last != NEVER) {
            kept[it.last as usize] = true;
        }
        self.tokens.iter().for_each(|it| kept[it] = true);
        let mut rank = 0u32;
        let ranks: Vec<u32> = kept
            .into_iter()
            .map(|it| {
                let before = rank;
                rank += u32::from(it);
                before
            })
            .collect();
        for it in self.words.iter_mut().filter(|it| it.last != NEVER) {
            it.last = ranks[it.last as usize];
        }
        self.slots = slots_for(rank as usize);
        let mut tokens = Tokens::none(self.slots);
        self.tokens.iter().for_each(|it| tokens.set(ranks[it] as usize));
        (self.tokens, self.now) = (tokens, rank);
    }

    /// Of the words that are dirty, those that are held at the end.
    fn held(&self, mut dirty: Vec<u32>) -> u64 {
        dirty.sort_unstable_by(|a, b| b.cmp(a));
        let (tokens, words) = (self.tokens.clone(), vec![]);
        let mut rest = Self { tokens, words, ..*self };
        let current = self.now.checked_sub(1);
        let held = |it: &&u32| Some(**it) == current || rest.keep(**it as usize);
        dirty.iter().filter(held).count() as u64
    }
}

impl Cache for Min {
    #[inline]
    fn touch(&mut self, it: Access) -> bool {
        self.counts.accesses += 1;
        let index = it.word as usize;
        if it.word == self.latest && self.size > 0 {
            self.words[index].dirty |= it.write;
            return true;
        }
        self.latest = it.word;
        if self.now as usize == self.slots {
            self.move_together();
        }
        if index >= self.words.len() {
            self.grow(index);
        }
        let Word { last, dirty } = self.words[index];
        let worthless = self.by_words && it.write && !dirty;
        let hit = last != NEVER && !worthless && self.keep(last as usize);
        if hit {
            self.tokens.set(self.now as usize - 1);
            self.words[index].dirty |= it.write;
        } else {
            self.counts.misses += 1;
            self.counts.loads += u64::from(!it.write);
            self.counts.writebacks += u64::from(dirty);
            self.words[index].dirty = it.write;
        }
        self.words[index].last = self.now;
        self.now += 1;
        hit
    }

    fn counts(&self) -> Counts {
        let dirty = self.words.iter().filter(|it| it.last != NEVER && it.dirty);
        let dirty: Vec<u32> = dirty.map(|it| it.last).collect();
        let all = dirty.len() as u64;
        let flushed = if self.size == 0 { 0 } else { self.held(dirty) };
        let writebacks = self.counts.writebacks + all - flushed;
        Counts { writebacks, flushed, ..self.counts }
    }
}
