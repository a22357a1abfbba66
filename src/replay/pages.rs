//! A set of numbers as a bitmap in pages: a bit costs memory only where some bit is set.

/// Numbers a page holds bits for, as a shift: 2¹² bits are 64 machine words.
const PAGE_SHIFT: u64 = 12;
const PAGE_WORDS: usize = 64;

/// The least number of pages before empty ones are looked for.
const SWEEP: usize = 64;

/// A set of `u64`.
///
/// The newest page, the one with the highest numbers so far, is kept apart: a schedule mostly works
/// on what it has just made, and a page that is empty when the next one begins leaves no trace.
/// Of the older pages those that have become empty are found when their number has doubled since
/// the last look, which costs nothing a step, and are used again; so memory follows the members, not
/// the history, but for a table of 64 bits a page. Members must stay below some 2³⁶: the caller sees
/// to that.
#[derive(Debug)]
pub(super) struct Pages {
    front: u64,
    front_words: [u64; PAGE_WORDS],
    /// Which entry of `pages` an older page is; entry 0 stays empty and stands for all absent ones.
    table: Vec<usize>,
    pages: Vec<[u64; PAGE_WORDS]>,
    /// Numbers of the older pages that have an entry of their own.
    held: Vec<usize>,
    /// Entries of pages that became empty.
    spare: Vec<usize>,
    sweep_at: usize,
}

#[inline]
fn page(number: u64) -> usize {
    usize::try_from(number >> PAGE_SHIFT).unwrap_or(usize::MAX)
}

#[inline]
fn word(number: u64) -> usize {
    usize::try_from((number >> 6) & 63).unwrap_or(0)
}

#[inline]
fn bit(number: u64) -> u64 {
    1 << (number & 63)
}

impl Pages {
    pub(super) fn new() -> Self {
        Self {
            front: 0,
            front_words: [0; PAGE_WORDS],
            table: Vec::new(),
            pages: vec![[0; PAGE_WORDS]],
            held: Vec::new(),
            spare: Vec::new(),
            sweep_at: SWEEP,
        }
    }

    #[inline]
    pub(super) fn contains(&self, number: u64) -> bool {
        let words = if number >> PAGE_SHIFT == self.front {
            &self.front_words
        } else {
            let entry = self.table.get(page(number)).copied().unwrap_or(0);
            &self.pages[entry]
        };
        words[word(number)] & bit(number) != 0
    }

    #[inline]
    pub(super) fn insert(&mut self, number: u64) {
        if number >> PAGE_SHIFT != self.front {
            return self.insert_elsewhere(number);
        }
        self.front_words[word(number)] |= bit(number);
    }

    #[inline(never)]
    fn insert_elsewhere(&mut self, number: u64) {
        if number >> PAGE_SHIFT > self.front {
            if self.front_words != [0; PAGE_WORDS] {
                let entry = self.entry(page(self.front << PAGE_SHIFT));
                self.pages[entry] = self.front_words;
                self.front_words = [0; PAGE_WORDS];
            }
            self.front = number >> PAGE_SHIFT;
            self.front_words[word(number)] |= bit(number);
        } else {
            let entry = self.entry(page(number));
            self.pages[entry][word(number)] |= bit(number);
        }
    }

    /// Was it there?
    #[inline]
    pub(super) fn remove(&mut self, number: u64) -> bool {
        let words = if number >> PAGE_SHIFT == self.front {
            &mut self.front_words
        } else {
            let entry = self.table.get(page(number)).copied().unwrap_or(0);
            &mut self.pages[entry]
        };
        let word = &mut words[word(number)];
        let present = *word & bit(number) != 0;
        *word &= !bit(number);
        present
    }

    /// The entry of an older page, made if need be.
    fn entry(&mut self, page: usize) -> usize {
        if let Some(&entry) = self.table.get(page).filter(|it| **it != 0) {
            return entry;
        }
        if self.held.len() >= self.sweep_at {
            self.sweep();
        }
        if self.table.len() <= page {
            self.table.resize(page + 1, 0);
        }
        let entry = self.spare.pop().unwrap_or_else(|| {
            self.pages.push([0; PAGE_WORDS]);
            self.pages.len() - 1
        });
        self.table[page] = entry;
        self.held.push(page);
        entry
    }

    fn sweep(&mut self) {
        let Self { table, pages, held, spare, .. } = self;
        held.retain(|&page| {
            let empty = pages[table[page]] == [0; PAGE_WORDS];
            if empty {
                spare.push(std::mem::take(&mut table[page]));
            }
            !empty
        });
        self.sweep_at = SWEEP.max(2 * self.held.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn a_moving_window_needs_no_more_pages() {
        let mut pages = Pages::new();
        for number in 0..4_000_000 {
            pages.insert(number);
            if number >= 1000 {
                assert!(pages.remove(number - 1000));
            }
        }
        assert!(pages.pages.len() <= 2 * SWEEP, "{}", pages.pages.len());
    }

    proptest! {
        #[test]
        fn is_a_set(steps in proptest::collection::vec((0..3, 0..2_000_000_u64), 0..400)) {
            let (mut pages, mut set) = (Pages::new(), HashSet::new());
            for (what, number) in steps {
                // Few distinct numbers, many pages.
                let number = number / 20_000 * 20_000;
                match what {
                    0 => {
                        pages.insert(number);
                        set.insert(number);
                    }
                    1 => prop_assert_eq!(pages.remove(number), set.remove(&number)),
                    _ => prop_assert_eq!(pages.contains(number), set.contains(&number)),
                }
            }
        }
    }
}
