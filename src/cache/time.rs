//! Moments in the order of time, of which only some are remembered.
//!
//! A stream is long, the moments that matter are few: at most one for each word, its last touch. A
//! moment is a *slot*; when all slots are used up, those that matter are moved together to the
//! front, in their order. Memory follows the number of words, not the length of the stream.

/// Slots in a block, whose marks are the bits of one number.
const BLOCK: usize = 64;
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
    /// Where the next mark is set.
    end: usize,
    /// Marks of each full block; those of the block in which `end` lies are counted nowhere yet.
    blocks: Vec<u16>,
    groups: Vec<u32>,
    supers: Vec<u32>,
}

impl Marks {
    /// The first `marked` of `slots` slots are marked.
    pub(super) fn first(marked: usize, slots: usize) -> Self {
        let (blocks, groups) = (slots / BLOCK, slots / BLOCK / GROUP);
        let mut it = Self {
            bits: vec![0; slots / 64],
            end: 0,
            blocks: vec![0; blocks],
            groups: vec![0; groups],
            supers: vec![0; groups.div_ceil(GROUP)],
        };
        (0..marked).for_each(|_| it.push());
        it
    }

    /// Is there no slot left?
    pub(super) fn full(&self) -> bool {
        self.end == self.bits.len() * 64
    }

    /// Marks the next slot.
    #[inline]
    pub(super) fn push(&mut self) {
        self.bits[self.end / BLOCK] |= 1 << (self.end % BLOCK);
        self.end += 1;
        if self.end.is_multiple_of(BLOCK) {
            self.close(self.end / BLOCK - 1);
        }
    }

    #[inline]
    fn close(&mut self, block: usize) {
        let marks = self.bits[block].count_ones();
        self.blocks[block] = u16::try_from(marks).unwrap_or(u16::MAX);
        self.groups[block / GROUP] += marks;
        self.supers[block / GROUP / GROUP] += marks;
    }

    /// Takes the mark from a slot that has one.
    #[inline]
    pub(super) fn clear(&mut self, slot: usize) {
        let block = slot / BLOCK;
        self.bits[block] &= !(1 << (slot % BLOCK));
        if block < self.end / BLOCK {
            self.blocks[block] -= 1;
            self.groups[block / GROUP] -= 1;
            self.supers[block / GROUP / GROUP] -= 1;
        }
    }

    /// Marks after `slot`.
    #[inline]
    pub(super) fn after(&self, slot: usize) -> u32 {
        let (block, open) = (slot / BLOCK, self.end / BLOCK);
        let mut marks = (self.bits[block] >> (slot % BLOCK) >> 1).count_ones();
        if block < open {
            marks += self.bits.get(open).map_or(0, |it| it.count_ones());
            // Each part ends where the next larger one begins, or with what there is.
            let part =
                |first: usize, end: usize| first..first.next_multiple_of(GROUP).min(end).max(first);
            // A group has at most 2^12 marks.
            let blocks = &self.blocks[part(block + 1, open)];
            marks += u32::from(blocks.iter().fold(0u16, |a, b| a.wrapping_add(*b)));
            let group = block / GROUP;
            let groups = part(group + 1, open.div_ceil(GROUP));
            marks += self.groups[groups].iter().sum::<u32>();
            marks += self.supers[group / GROUP + 1..].iter().sum::<u32>();
        }
        marks
    }

    /// Where marked slots go when all are moved together, and how many there are.
    pub(super) fn ranks(&self) -> (impl Fn(usize) -> u32, u32) {
        let mut sum = 0;
        let each = |it: &u64| {
            let before = sum;
            sum += it.count_ones();
            before
        };
        let before: Vec<u32> = self.bits.iter().map(each).collect();
        let rank = move |slot: usize| {
            let below = self.bits[slot / 64] & ((1 << (slot % 64)) - 1);
            before[slot / 64] + below.count_ones()
        };
        (rank, sum)
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
