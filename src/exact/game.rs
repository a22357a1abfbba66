//! What a search sees of a game: states, macro-moves between them, and what is still to be paid.

/// More than any schedule costs that the search looks for: what [`Game::at_least`] says of a dead end.
pub(super) const HOPELESS: u32 = 1 << 15;

/// Up to four masks; what they say is the game's.
pub(super) type State = [u64; 4];

/// One move, in the numbers of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Load(u8),
    Store(u8),
    Compute(u8),
    Free(u8),
    Accumulate { from: u8, vertex: u8 },
}

impl Step {
    /// The same move after the vertices have been renamed.
    pub(super) fn renamed(self, to: &[u8]) -> Self {
        let to = |it: u8| to[usize::from(it)];
        match self {
            Self::Load(v) => Self::Load(to(v)),
            Self::Store(v) => Self::Store(to(v)),
            Self::Compute(v) => Self::Compute(to(v)),
            Self::Free(v) => Self::Free(to(v)),
            Self::Accumulate { from, vertex } => {
                Self::Accumulate { from: to(from), vertex: to(vertex) }
            }
        }
    }
}

/// Where moves are written down; a search that only counts writes them nowhere.
pub(super) trait Log {
    fn write(&mut self, step: fn(u8) -> Step, vertex: usize);
    fn accumulate(&mut self, from: usize, vertex: usize);
}

impl Log for () {
    fn write(&mut self, _: fn(u8) -> Step, _: usize) {}
    fn accumulate(&mut self, _: usize, _: usize) {}
}

fn narrow(vertex: usize) -> u8 {
    u8::try_from(vertex).expect("a vertex is one of 64")
}

impl Log for Vec<Step> {
    fn write(&mut self, step: fn(u8) -> Step, vertex: usize) {
        self.push(step(narrow(vertex)));
    }

    fn accumulate(&mut self, from: usize, vertex: usize) {
        self.push(Step::Accumulate { from: narrow(from), vertex: narrow(vertex) });
    }
}

/// A macro-move: evict, load what is missing, then compute one vertex or mark one edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    /// The vertex that is computed, or the number of the edge that is marked.
    pub(super) what: usize,
    /// Red pebbles taken away after a store.
    pub(super) stored: u64,
    /// Red pebbles just taken away.
    pub(super) dropped: u64,
}

/// A game: a finite graph of states whose edges cost words.
pub(super) trait Game {
    /// Is the last mask a note about the way that led here, and no part of the state?
    ///
    /// [`Game::at_least`] may then use what is true of ways that can be finished to a cheapest schedule.
    const NOTED: bool = false;

    /// The first state and what reaching it has cost; free moves that lose nothing are made at once.
    fn start(&self, log: &mut impl Log) -> (State, u32);

    /// Are all outputs in slow memory?
    fn is_goal(&self, state: &State) -> bool;

    /// No way from `state` to a goal costs less.
    fn at_least(&self, state: &State) -> u32;

    /// All macro-moves of the normal form.
    fn turns(&self, state: &State, visit: &mut impl FnMut(Turn));

    /// The state after `turn` and what that costs.
    fn play(&self, state: &State, turn: Turn, log: &mut impl Log) -> (State, u32);

    /// Which bits of each mask a state can use: the first and how many.
    fn layout(&self) -> [(u32, u32); 4];
}

/// Calls `visit` with each subset of `mask` that has `size` elements.
pub(super) fn subsets(mask: u64, size: u32, visit: &mut impl FnMut(u64)) {
    fn go(rest: u64, missing: u32, chosen: u64, visit: &mut impl FnMut(u64)) {
        if missing == 0 {
            return visit(chosen);
        }
        let mut rest = rest;
        while rest.count_ones() >= missing {
            let lowest = rest & rest.wrapping_neg();
            rest ^= lowest;
            go(rest, missing - 1, chosen | lowest, visit);
        }
    }
    go(mask, size, 0, visit);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subsets_of_a_size() {
        let collect = |mask, size| {
            let mut found = Vec::new();
            subsets(mask, size, &mut |it| found.push(it));
            found
        };
        assert_eq!(collect(0b1011, 2), [0b11, 0b1001, 0b1010]);
        assert_eq!(collect(0b1011, 0), [0]);
        assert_eq!(collect(0b1011, 4), [0_u64; 0]);
        assert_eq!(collect(u64::MAX, 63).len(), 64);
    }
}
