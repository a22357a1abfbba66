//! Addresses of any size, numbered in the order in which they are first seen.

use rustc_hash::FxHashMap;

/// Addresses of a page, which are looked up together.
const PAGE: usize = 512;

/// Most words a trace may touch: 2^28.
pub(super) const MOST_WORDS: u32 = 1 << 28;

const UNSEEN: u32 = u32::MAX;

#[derive(Debug)]
pub(super) struct Numbering {
    pages: FxHashMap<u64, usize>,
    numbers: Vec<[u32; PAGE]>,
    /// The page looked up last, and where its numbers are.
    latest: (u64, usize),
    next: u32,
}

impl Numbering {
    pub(super) fn new() -> Self {
        Self { pages: FxHashMap::default(), numbers: vec![], latest: (u64::MAX, 0), next: 0 }
    }

    /// The number of `address`; `None` if there are too many.
    #[inline]
    pub(super) fn number(&mut self, address: u64) -> Option<u32> {
        let page = address / PAGE as u64;
        if page != self.latest.0 {
            self.latest = (page, self.find(page));
        }
        let number =
            &mut self.numbers[self.latest.1][usize::try_from(address % PAGE as u64).unwrap_or(0)];
        if *number == UNSEEN {
            if self.next == MOST_WORDS {
                return None;
            }
            *number = self.next;
            self.next += 1;
        }
        Some(*number)
    }

    fn find(&mut self, page: u64) -> usize {
        *self.pages.entry(page).or_insert_with(|| {
            self.numbers.push([UNSEEN; PAGE]);
            self.numbers.len() - 1
        })
    }

    pub(super) fn seen(&self) -> u32 {
        self.next
    }
}
