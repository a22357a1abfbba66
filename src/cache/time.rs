//! Moments in the order of time, of which only some are remembered.
//!
//! A stream is long, the moments that matter are few: at most one for each word, its last touch. A
//! moment is a *slot*; when all slots are used up, those that matter are moved together to the
//! front, in their order. Memory follows the number of words, not the length of the stream.

/// Bits in a block; a block's marks are counted by hardware.
const BLOCK: usize = 512;
/// Blocks in a group.
const GROUP: usize = 64;
/// Slots there are at least.
const LEAST: usize = BLOCK * GROUP;

/// Slots for `words` words: a few times as many, so that moving them together is rare.
#[must_use]
pub(super) fn slots_for(words: usize) -> usize {
    words.saturating_mul(4).next_power_of_two().max(LEAST)
}

/// A set of slots that can be counted from a slot to the end.
#[derive(Debug)]
pub(super) struct Marks {
    bits: Vec<u64>,
    /// Marks of each block.
    blocks: Vec<u16>,
    /// Sums of marks of groups, as in a Fenwick tree.
    groups: Vec<u32>,
    total: u32,
}

impl Marks {
    /// The first `marked` of `slots` slots, which are a multiple of a group's.
    pub(super) fn first(marked: usize, slots: usize) -> Self {
        let mut bits = vec![0u64; slots / 64];
        bits[..marked / 64].fill(u64::MAX);
        if !marked.is_multiple_of(64) {
            bits[marked / 64] = (1 << (marked % 64)) - 1;
        }
        let count = |it: &[u64]| it.iter().map(|it| it.count_ones()).sum::<u32>();
        let blocks = bits.chunks(BLOCK / 64).map(|it| u16::try_from(count(it)).unwrap_or(u16::MAX));
        let (blocks, total) = (blocks.collect::<Vec<_>>(), count(&bits));
        let mut groups = vec![0; slots / BLOCK / GROUP + 1];
        for (i, it) in blocks.chunks(GROUP).enumerate() {
            groups[i + 1] += it.iter().map(|it| u32::from(*it)).sum::<u32>();
            let parent = (i + 1) + ((i + 1) & (i + 1).wrapping_neg());
            if parent < groups.len() {
                groups[parent] += groups[i + 1];
            }
        }
        Self { bits, blocks, groups, total }
    }

    pub(super) fn slots(&self) -> usize {
        self.bits.len() * 64
    }

    /// Marks a slot that is not marked.
    #[inline]
    pub(super) fn set(&mut self, slot: usize) {
        self.bits[slot / 64] |= 1 << (slot % 64);
        self.blocks[slot / BLOCK] += 1;
        self.total += 1;
        let mut i = slot / (BLOCK * GROUP) + 1;
        while i < self.groups.len() {
            self.groups[i] += 1;
            i += i & i.wrapping_neg();
        }
    }

    /// Takes the mark from a slot that has one.
    #[inline]
    pub(super) fn clear(&mut self, slot: usize) {
        self.bits[slot / 64] &= !(1 << (slot % 64));
        self.blocks[slot / BLOCK] -= 1;
        self.total -= 1;
        let mut i = slot / (BLOCK * GROUP) + 1;
        while i < self.groups.len() {
            self.groups[i] -= 1;
            i += i & i.wrapping_neg();
        }
    }

    /// Marks at `slot` and before it.
    #[inline]
    fn through(&self, slot: usize) -> u32 {
        let (block, word) = (slot / BLOCK, slot / 64);
        let mut sum = (self.bits[word] << (63 - slot % 64)).count_ones();
        for it in &self.bits[block * (BLOCK / 64)..word] {
            sum += it.count_ones();
        }
        let group = block / GROUP;
        let blocks = &self.blocks[group * GROUP..block];
        // A block has at most 512 marks and a group 64 blocks, so 16 bits hold the sum.
        sum += u32::from(blocks.iter().fold(0u16, |a, b| a.wrapping_add(*b)));
        let mut i = group;
        while i > 0 {
            sum += self.groups[i];
            i &= i - 1;
        }
        sum
    }

    /// Marks after `slot`.
    #[inline]
    pub(super) fn after(&self, slot: usize) -> u32 {
        self.total - self.through(slot)
    }

    /// How many marks come before a marked slot: its place when all are moved together.
    pub(super) fn rank(&self, slot: usize) -> u32 {
        self.through(slot) - 1
    }

    pub(super) fn total(&self) -> u32 {
        self.total
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
