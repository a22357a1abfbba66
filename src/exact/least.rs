//! The least of the states that are alike.

use super::game::State;
use super::graph::bits;
use super::symmetry::{Member, Symmetry};

/// Finds least images, and remembers what it can.
///
/// Few states differ in their first mask: the members that make that mask least are kept, and only
/// those are tried on the other masks. (Without this and the twins, nine tenths of a search went here.)
#[derive(Debug)]
pub(super) struct Least<'s> {
    symmetry: &'s Symmetry,
    memo: Vec<Option<Memo>>,
}

#[derive(Debug)]
struct Memo {
    mask: u64,
    image: u64,
    members: Vec<u16>,
}

const MEMO_BITS: u32 = 14;

impl<'s> Least<'s> {
    pub(super) fn new(symmetry: &'s Symmetry) -> Self {
        let n_memos = if symmetry.members.len() > 1 { 1 << MEMO_BITS } else { 0 };
        let memo = std::iter::repeat_with(|| None).take(n_memos).collect();
        Self { symmetry, memo }
    }

    /// The least image of a state.
    pub(super) fn image(&mut self, state: &State) -> State {
        self.among_members(&self.sorted(state)).0
    }

    /// Where the vertices of `state` are in its least image.
    pub(super) fn renaming(&mut self, state: &State) -> Vec<u8> {
        let mut to: Vec<u8> = (0..64).collect();
        for twins in &self.symmetry.twins {
            let mut order: Vec<usize> = bits(*twins).collect();
            order.sort_by_key(|v| pebbles(state, *v));
            for (v, place) in order.into_iter().zip(bits(*twins)) {
                to[v] = u8::try_from(place).expect("at most 64");
            }
        }
        let (_, member) = self.among_members(&self.sorted(state));
        if let Some(member) = self.symmetry.members.get(member) {
            for it in &mut to {
                *it = member.to.get(usize::from(*it)).copied().unwrap_or(*it);
            }
        }
        to
    }

    /// Twins in the order of their pebbles.
    fn sorted(&self, state: &State) -> State {
        let mut sorted = *state;
        for &twins in &self.symmetry.twins {
            if state.iter().all(|it| it & twins == 0 || it & twins == twins) {
                continue;
            }
            // Counting sort: how many twins there are of each of the sixteen kinds.
            let mut counts = [0_u8; 16];
            for v in bits(twins) {
                counts[pebbles(state, v)] += 1;
            }
            let mut places = bits(twins);
            for (kind, count) in counts.into_iter().enumerate() {
                for place in places.by_ref().take(usize::from(count)) {
                    for (i, mask) in sorted.iter_mut().enumerate() {
                        *mask = *mask & !(1 << place) | ((kind as u64) >> (3 - i) & 1) << place;
                    }
                }
            }
        }
        sorted
    }

    fn among_members(&mut self, state: &State) -> (State, usize) {
        let members = &self.symmetry.members;
        if members.len() <= 1 {
            return (*state, 0);
        }
        let slot = state[0].wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - MEMO_BITS);
        let memo = &mut self.memo[usize::try_from(slot).expect("a few bits")];
        let memo = match memo {
            Some(it) if it.mask == state[0] => it,
            _ => memo.insert(Memo::new(state[0], members)),
        };
        let mut best: Option<(State, u16)> = None;
        'members: for &index in &memo.members {
            let member = &members[usize::from(index)];
            let mut image = [memo.image, 0, 0, 0];
            let mut is_less = best.is_none();
            for i in 1..4 {
                image[i] = member.apply(state[i]);
                if let Some((best, _)) = best
                    && !is_less
                {
                    if image[i] > best[i] {
                        continue 'members;
                    }
                    is_less = image[i] < best[i];
                }
            }
            if is_less {
                best = Some((image, index));
            }
        }
        let (image, index) = best.expect("some member makes the first mask least");
        (image, usize::from(index))
    }
}

/// One bit from each mask.
fn pebbles(state: &State, v: usize) -> usize {
    state.iter().fold(0, |kind, mask| kind << 1 | usize::from(mask >> v & 1 == 1))
}

impl Memo {
    fn new(mask: u64, members: &[Member]) -> Self {
        let mut memo = Self { mask, image: u64::MAX, members: vec![] };
        for (index, member) in (0..).zip(members) {
            let image = member.apply(mask);
            if image < memo.image {
                memo.image = image;
                memo.members.clear();
            }
            if image == memo.image {
                memo.members.push(index);
            }
        }
        memo
    }
}
