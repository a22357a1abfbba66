//! The states met so far: packed, numbered as they come, found by hashing.

use super::game::State;

/// Entries a chunk holds. Chunks never move, so growing needs no second copy.
const CHUNK: usize = 1 << 14;

/// Which bits of the masks are kept, and in how many words.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    fields: [(u32, u32); 4],
    /// Of a state.
    words: usize,
    /// And one more for a note, the last mask as it is?
    noted: bool,
}

/// Enough for four masks, the last of which may be a note.
type Key = [u64; 4];

impl Layout {
    /// From the first bit and the number of bits of each mask; all other bits are zero.
    pub(super) fn new(mut fields: [(u32, u32); 4], noted: bool) -> Self {
        if noted {
            fields[3] = (0, 0);
        }
        let bits: u32 = fields.iter().map(|it| it.1).sum();
        Self { fields, words: (bits as usize).div_ceil(64).max(1), noted }
    }

    /// Words an entry takes.
    fn entry(&self) -> usize {
        self.words + usize::from(self.noted)
    }

    /// Are they the same state, whatever their notes?
    pub(super) fn is_same(&self, one: &State, other: &State) -> bool {
        one[..3] == other[..3] && (self.noted || one[3] == other[3])
    }

    fn pack(&self, state: &State) -> Key {
        let (mut key, mut at) = ([0; 4], 0);
        for (mask, (start, len)) in state.iter().zip(self.fields) {
            if len == 0 {
                continue;
            }
            let (word, bit) = (at as usize / 64, at % 64);
            key[word] |= (mask >> start) << bit;
            if bit + len > 64 {
                key[word + 1] |= (mask >> start) >> (64 - bit);
            }
            at += len;
        }
        key
    }

    fn unpack(&self, key: &[u64]) -> State {
        let (mut state, mut at) = ([0; 4], 0);
        for (mask, (start, len)) in state.iter_mut().zip(self.fields) {
            if len == 0 {
                continue;
            }
            let (word, bit) = (at as usize / 64, at % 64);
            let mut field = key[word] >> bit;
            if bit + len > 64 {
                field |= key[word + 1] << (64 - bit);
            }
            *mask = (field & super::graph::first(len as usize)) << start;
            at += len;
        }
        if self.noted {
            state[3] = key[self.words];
        }
        state
    }
}

/// What is known of a state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// The state before it on the cheapest way known; itself at the start.
    pub(super) parent: u32,
    /// Words paid on that way.
    pub(super) paid: u16,
    /// Has it been expanded at this price?
    pub(super) closed: bool,
}

/// There is no room for more states.
#[derive(Debug)]
pub(super) struct Full;

/// A set of states, each with its [`Node`].
#[derive(Debug)]
pub(super) struct Table {
    layout: Layout,
    keys: Vec<Vec<u64>>,
    nodes: Vec<Vec<Node>>,
    /// Open addressing: 0 is empty, otherwise the number of a state + 1.
    slots: Vec<u32>,
    len: usize,
}

impl Table {
    pub(super) fn new(layout: Layout) -> Self {
        Self { layout, keys: vec![], nodes: vec![], slots: vec![0; 1 << 12], len: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Bytes held after one more chunk.
    fn bytes(&self) -> usize {
        let chunk = CHUNK * (8 * self.layout.entry() + size_of::<Node>());
        (self.keys.len() + 1) * chunk + 4 * self.slots.len()
    }

    /// The packed state, without its note.
    fn key(&self, index: usize) -> &[u64] {
        let start = index % CHUNK * self.layout.entry();
        &self.keys[index / CHUNK][start..start + self.layout.words]
    }

    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    pub(super) fn state(&self, index: u32) -> State {
        let (chunk, start) = (index as usize / CHUNK, index as usize % CHUNK * self.layout.entry());
        self.layout.unpack(&self.keys[chunk][start..start + self.layout.entry()])
    }

    pub(super) fn node(&self, index: u32) -> Node {
        self.nodes[index as usize / CHUNK][index as usize % CHUNK]
    }

    pub(super) fn set(&mut self, index: u32, node: Node) {
        self.nodes[index as usize / CHUNK][index as usize % CHUNK] = node;
    }

    /// Replaces the note of a state that is reached on a better way.
    pub(super) fn note(&mut self, index: u32, state: &State) {
        if self.layout.noted {
            let last = (index as usize % CHUNK + 1) * self.layout.entry() - 1;
            self.keys[index as usize / CHUNK][last] = state[3];
        }
    }

    fn slot_of(&self, key: &[u64]) -> usize {
        let mut hash = 0_u64;
        for word in key {
            hash = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            hash ^= hash >> 29;
        }
        hash = hash.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mask = self.slots.len() as u64 - 1;
        usize::try_from((hash >> 20) & mask).expect("it is the index of a slot")
    }

    /// The number of `state`; `Err` is where a new one would be entered.
    fn find(&self, key: &[u64]) -> Result<u32, usize> {
        let mut slot = self.slot_of(key);
        loop {
            match self.slots[slot] {
                0 => return Err(slot),
                it if self.key(it as usize - 1) == key => return Ok(it - 1),
                _ => slot = (slot + 1) & (self.slots.len() - 1),
            }
        }
    }

    /// The number of `state` and whether it is new; a new one gets `node`. The table stays below `bytes`,
    /// or there is no more room.
    pub(super) fn enter(
        &mut self,
        state: &State,
        node: Node,
        bytes: usize,
    ) -> Result<(u32, bool), Full> {
        let packed = self.layout.pack(state);
        let key = &packed[..self.layout.words];
        let slot = match self.find(key) {
            Ok(index) => return Ok((index, false)),
            Err(slot) => slot,
        };
        let index = u32::try_from(self.len).ok().filter(|it| *it < u32::MAX).ok_or(Full)?;
        if self.len * 16 >= self.slots.len() * 15 {
            return Err(Full);
        }
        if self.len.is_multiple_of(CHUNK) {
            if self.bytes() > bytes {
                return Err(Full);
            }
            self.keys.push(Vec::with_capacity(CHUNK * self.layout.entry()));
            self.nodes.push(Vec::with_capacity(CHUNK));
        }
        self.keys[self.len / CHUNK].extend(key);
        if self.layout.noted {
            self.keys[self.len / CHUNK].push(state[3]);
        }
        self.nodes[self.len / CHUNK].push(node);
        self.len += 1;
        self.slots[slot] = index + 1;
        if self.len * 4 > self.slots.len() * 3 {
            self.widen(bytes);
        }
        Ok((index, true))
    }

    /// Doubles the slots. Where that would be too much, they fill up further and then no more.
    fn widen(&mut self, bytes: usize) {
        // Both are held for a moment.
        if self.bytes() + 8 * self.slots.len() > bytes {
            return;
        }
        self.slots = vec![0; 2 * self.slots.len()];
        for index in 0..self.len {
            let slot = self.find(self.key(index)).expect_err("states differ");
            self.slots[slot] = u32::try_from(index + 1).expect("it was one before");
        }
    }
}
