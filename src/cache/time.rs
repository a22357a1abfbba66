//! Moments in the order of time, of which only some are remembered.
//!
//! A stream is long, the moments that matter are few: at most one for each word, its last touch. A
//! moment is a *slot*; when all slots are used up, those that matter are moved together to the
//! front, in their order. Memory follows the number of words, not the length of the stream.

/// Slots in a block, whose marks are counted bit by bit.
const BLOCK: usize = 512;
/// Blocks in a group, and groups in a super-group.
const GROUP: usize = 64;
/// Slots there are at least.
const LEAST: usize = BLOCK * GROUP;

/// Slots for `words` words: a few times as many, so that moving them together is rare.
#[must_use]
pub(super) fn slots_for(words: usize) -> usize {
    words.saturating_mul(4).next_power_of_two().max(LEAST)
}

/// A set of slots that can be counted from a slot on.
#[derive(Debug)]
pub(super) struct Marks {
    bits: Vec<u64>,
    /// Marks of each block, at most 2^9, and of a group, at most 2^15.
    blocks: Vec<u16>,
    groups: Vec<u16>,
    supers: Vec<u32>,
}

impl Marks {
    /// The first `marked` of `slots` slots are marked.
    pub(super) fn first(marked: usize, slots: usize) -> Self {
        let (blocks, groups) = (slots / BLOCK, slots / BLOCK / GROUP);
        let mut it = Self {
            bits: vec![0; slots / 64],
            blocks: vec![0; blocks],
            groups: vec![0; groups],
            supers: vec![0; groups.div_ceil(GROUP)],
        };
        (0..marked).for_each(|slot| it.set(slot));
        it
    }

    pub(super) fn slots(&self) -> usize {
        self.bits.len() * 64
    }

    /// Marks a slot that is not marked.
    #[inline]
    pub(super) fn set(&mut self, slot: usize) {
        let block = slot / BLOCK;
        self.bits[slot / 64] |= 1 << (slot % 64);
        self.blocks[block] += 1;
        self.groups[block / GROUP] += 1;
        self.supers[block / GROUP / GROUP] += 1;
    }

    /// Takes the mark from a slot that has one.
    #[inline]
    pub(super) fn clear(&mut self, slot: usize) {
        let block = slot / BLOCK;
        self.bits[slot / 64] &= !(1 << (slot % 64));
        self.blocks[block] -= 1;
        self.groups[block / GROUP] -= 1;
        self.supers[block / GROUP / GROUP] -= 1;
    }

    /// Marks after `slot` and before `end`, at which and after which there are none.
    #[inline]
    pub(super) fn between(&self, slot: usize, end: usize) -> u32 {
        // Each part ends where the next larger one begins, or at `end`.
        let part = |first: usize, size: usize, end: usize| {
            first..first.next_multiple_of(size).min(end).max(first)
        };
        let (word, block) = (slot / 64, slot / BLOCK);
        let words = part(word + 1, BLOCK / 64, end.div_ceil(64));
        let blocks = part(block + 1, GROUP, end.div_ceil(BLOCK));
        let group = block / GROUP;
        let groups = part(group + 1, GROUP, end.div_ceil(BLOCK * GROUP));
        let supers = group / GROUP + 1..self.supers.len();
        let mut sum = (self.bits[word] >> (slot % 64) >> 1).count_ones();
        sum += self.bits[words].iter().map(|it| it.count_ones()).sum::<u32>();
        sum += self.blocks[blocks].iter().map(|it| u32::from(*it)).sum::<u32>();
        sum += self.groups[groups].iter().map(|it| u32::from(*it)).sum::<u32>();
        sum + self.supers[supers].iter().sum::<u32>()
    }

    /// How many marks come before each word of 64 slots.
    fn before(&self) -> Vec<u32> {
        let mut sum = 0;
        let each = |it: &u64| {
            let before = sum;
            sum += it.count_ones();
            before
        };
        self.bits.iter().map(each).collect()
    }

    /// Where marked slots go when all are moved together.
    pub(super) fn ranks(&self) -> impl Fn(usize) -> u32 {
        let before = self.before();
        move |slot| {
            let below = self.bits[slot / 64] & ((1 << (slot % 64)) - 1);
            before[slot / 64] + below.count_ones()
        }
    }

    pub(super) fn total(&self) -> u32 {
        self.supers.iter().sum()
    }
}

/// A set of slots in which the last one up to a slot is found.
#[derive(Clone, Debug)]
pub(super) struct Tokens {
    /// Each level has a bit for each word of the one below that is not 0.
    levels: Vec<Vec<u64>>,
}

impl Tokens {
    pub(super) fn none(slots: usize) -> Self {
        let (mut levels, mut n) = (vec![], slots);
        while {
            n = n.div_ceil(64);
            levels.push(vec![0; n]);
            n > 1
        } {}
        Self { levels }
    }

    #[inline]
    pub(super) fn set(&mut self, mut slot: usize) {
        for level in &mut self.levels {
            let word = &mut level[slot / 64];
            let before = *word;
            *word |= 1 << (slot % 64);
            if before != 0 {
                return;
            }
            slot /= 64;
        }
    }

    #[inline]
    pub(super) fn clear(&mut self, mut slot: usize) {
        for level in &mut self.levels {
            let word = &mut level[slot / 64];
            *word &= !(1 << (slot % 64));
            if *word != 0 {
                return;
            }
            slot /= 64;
        }
    }

    /// The last token at `slot` or before it.
    #[inline]
    pub(super) fn last_up_to(&self, slot: usize) -> Option<usize> {
        let word = self.levels[0][slot / 64] << (63 - slot % 64);
        if word != 0 {
            return Some(slot - word.leading_zeros() as usize);
        }
        let mut at = slot / 64;
        for (height, level) in self.levels.iter().enumerate().skip(1) {
            // Bits before `at` in its word.
            let word = level[at / 64] & ((1 << (at % 64)) - 1);
            if word != 0 {
                at = at / 64 * 64 + 63 - word.leading_zeros() as usize;
                for below in self.levels[..height].iter().rev() {
                    at = at * 64 + 63 - below[at].leading_zeros() as usize;
                }
                return Some(at);
            }
            at /= 64;
        }
        None
    }

    /// All tokens in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.levels[0].iter().enumerate().flat_map(|(i, word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| i * 64 + bit)
        })
    }
}
