//! A set of numbers as a bitmap in pages: a bit costs memory only where some bit is set.

/// Numbers a page holds bits for, as a shift: 2¹² bits are 64 machine words.
const PAGE_SHIFT: u64 = 12;
const PAGE_WORDS: usize = 64;

/// The least number of pages before empty ones are looked for.
const SWEEP: usize = 64;

/// A set of `u64`.
///
/// The pages' places are a vector, so members must stay below some 2³⁶: the caller sees to that.
/// Pages that have become empty are found when the number of pages has doubled since the last look,
/// which costs nothing a step, and are used again; so memory follows the members, not the history.
#[derive(Debug)]
pub(super) struct Pages {
    /// Where each page starts in `words`; 0 is a page that stays empty, shared by all absent ones.
    table: Vec<usize>,
    words: Vec<u64>,
    /// Numbers of the pages that have a place of their own.
    held: Vec<usize>,
    /// Places of pages that became empty.
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
        let words = vec![0; PAGE_WORDS];
        Self { table: Vec::new(), words, held: Vec::new(), spare: Vec::new(), sweep_at: SWEEP }
    }

    #[inline]
    pub(super) fn contains(&self, number: u64) -> bool {
        let start = self.table.get(page(number)).copied().unwrap_or(0);
        self.words.get(start + word(number)).is_some_and(|it| it & bit(number) != 0)
    }

    #[inline]
    pub(super) fn insert(&mut self, number: u64) {
        let start = match self.table.get(page(number)) {
            None | Some(0) => self.allot(page(number)),
            Some(&start) => start,
        };
        if let Some(it) = self.words.get_mut(start + word(number)) {
            *it |= bit(number);
        }
    }

    /// Was it there?
    #[inline]
    pub(super) fn remove(&mut self, number: u64) -> bool {
        let start = self.table.get(page(number)).copied().unwrap_or(0);
        match self.words.get_mut(start + word(number)) {
            Some(it) if *it & bit(number) != 0 => {
                *it &= !bit(number);
                true
            }
            _ => false,
        }
    }

    #[cold]
    #[inline(never)]
    fn allot(&mut self, page: usize) -> usize {
        if self.held.len() >= self.sweep_at {
            self.sweep();
        }
        if self.table.len() <= page {
            self.table.resize(page + 1, 0);
        }
        let start = self.spare.pop().unwrap_or_else(|| {
            let start = self.words.len();
            self.words.resize(start + PAGE_WORDS, 0);
            start
        });
        self.table[page] = start;
        self.held.push(page);
        start
    }

    fn sweep(&mut self) {
        let Self { table, words, held, spare, .. } = self;
        held.retain(|&page| {
            let start = table[page];
            let empty = words[start..][..PAGE_WORDS].iter().all(|it| *it == 0);
            if empty {
                table[page] = 0;
                spare.push(start);
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
        assert!(pages.words.len() <= 2 * SWEEP * PAGE_WORDS, "{}", pages.words.len());
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
