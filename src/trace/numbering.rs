//! Addresses of any size, numbered from 0.

use rustc_hash::FxHashMap;

/// Most words a trace may touch: 2^28.
pub(super) const MOST_WORDS: u32 = 1 << 28;

/// How addresses are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// In the order in which they are first seen: nothing is kept for others.
    FirstSeen,
    /// By pages of 16384 words, which come in that order; an address keeps its place in its page. Lines
    /// and sets of a cache need that: they are told by the low bits.
    Pages,
}

impl Numbers {
    /// Addresses that are looked up together.
    fn page(self) -> u32 {
        match self {
            Self::FirstSeen => 512,
            Self::Pages => 16384,
        }
    }
}

#[derive(Debug)]
pub(super) struct Numbering {
    how: Numbers,
    /// Where each page's table or numbers begin.
    pages: FxHashMap<u64, u32>,
    /// Of [`Numbers::FirstSeen`], page by page.
    table: Vec<u32>,
    /// The page looked up last, and where it begins.
    latest: Option<(u64, u32)>,
    next: u32,
}

const UNSEEN: u32 = u32::MAX;

impl Numbering {
    pub(super) fn new(how: Numbers) -> Self {
        Self { how, pages: FxHashMap::default(), table: vec![], latest: None, next: 0 }
    }

    /// The number of `address`; `None` if there are too many.
    #[inline]
    pub(super) fn number(&mut self, address: u64) -> Option<u32> {
        let size = self.how.page();
        let page = address / u64::from(size);
        let offset = u32::try_from(address % u64::from(size)).ok()?;
        let first = match self.latest {
            Some((latest, first)) if latest == page => first,
            _ => self.find(page)?,
        };
        self.latest = Some((page, first));
        if self.how == Numbers::Pages {
            return Some(first + offset);
        }
        let number = &mut self.table[(first + offset) as usize];
        if *number == UNSEEN {
            if self.next == MOST_WORDS {
                return None;
            }
            *number = self.next;
            self.next += 1;
        }
        Some(*number)
    }

    #[cold]
    fn find(&mut self, page: u64) -> Option<u32> {
        if let Some(first) = self.pages.get(&page) {
            return Some(*first);
        }
        let size = self.how.page();
        let first = u32::try_from(self.pages.len()).ok()?.checked_mul(size)?;
        if self.how == Numbers::FirstSeen {
            self.table.resize(first.checked_add(size)? as usize, UNSEEN);
        } else {
            self.next = first.checked_add(size).filter(|it| *it <= MOST_WORDS)?;
        }
        self.pages.insert(page, first);
        Some(first)
    }
}
