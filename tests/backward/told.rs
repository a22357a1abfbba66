//! What happens in given moves, as the proofs of `proofs/backward/README.md` count it.

use crate::account::{Here, Story};
use crate::class::{Kind, Member};
use iobound::{cdag::Vertex, schedule::Move};

/// A time in which an item is present: from a move up to the move that ends it.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    from: usize,
    until: usize,
    /// A y is computed in it; always so for a word.
    counts: bool,
}

/// Moves of schedules in which nothing is computed twice.
pub(crate) struct Told {
    pub(crate) story: Story,
    /// Σ (`β_w` + `X_p(w)`), section 2.
    pub(crate) waiting: u64,
    /// Of each place the y-periods, and the loads and stores of its accumulators.
    pub(crate) places: Vec<[u64; 3]>,
    /// All weights.
    pub(crate) weight: u64,
    pub(crate) windows: u64,
}

#[derive(Default)]
struct Counts {
    /// Red pebbles of each item and each pair, and the stretches of each item.
    items: Vec<u64>,
    stretches: Vec<Vec<Stretch>>,
    loads: Vec<u64>,
    stores: Vec<u64>,
}

impl Counts {
    fn enter(&mut self, item: usize, step: usize, counts: bool) {
        self.items[item] += 1;
        if self.items[item] == 1 {
            self.stretches[item].push(Stretch { from: step, until: usize::MAX, counts });
        } else if let Some(it) = self.stretches[item].last_mut() {
            it.counts |= counts;
        }
    }

    fn leave(&mut self, item: usize, step: usize) {
        self.items[item] -= 1;
        if self.items[item] == 0
            && let Some(it) = self.stretches[item].last_mut()
        {
            it.until = step;
        }
    }
}

fn item(kind: Kind) -> Option<usize> {
    match kind {
        Kind::Word(it) => Some(it),
        _ => kind.place(),
    }
}

/// Windows of weight `most`, cut as in section 2.
pub(crate) fn told(member: &Member, moves: &[Move<'_>], most: u64) -> Told {
    let kind = |it: Vertex| member.kinds[it.0 as usize];
    let n = member.items.len();
    let mut counts = Counts {
        items: vec![0; n],
        stretches: vec![vec![]; n],
        loads: vec![0; n],
        stores: vec![0; n],
    };
    // The pair vertices that are red, for each move before it; and when each is computed or loaded.
    let mut events: Vec<(usize, u64)> = vec![];
    let mut pair_loads = 0;
    for (step, it) in moves.iter().enumerate() {
        match *it {
            Move::Load(it) => {
                if let Some(item) = item(kind(it)) {
                    counts.loads[item] += 1;
                    counts.enter(item, step, matches!(kind(it), Kind::Word(_)));
                }
                if kind(it).pair().is_some() {
                    events.push((step, 1));
                    pair_loads += 1;
                }
            }
            Move::Store(it, _) => {
                if let Some(item) = item(kind(it)) {
                    counts.stores[item] += 1;
                }
            }
            Move::Compute { vertex, .. } => {
                if let Some(item) = item(kind(vertex)) {
                    counts.enter(item, step, matches!(kind(vertex), Kind::Output(..)));
                }
            }
            Move::Free(it) => {
                if let Some(item) = item(kind(it)) {
                    counts.leave(item, step);
                }
            }
            Move::Accumulate { .. } => unreachable!("the game is strict"),
        }
    }
    let mut places = vec![];
    for (id, it) in member.items.iter().enumerate() {
        counts.stretches[id].retain(|it| it.counts);
        let stretches = &counts.stretches[id];
        let weight = if it.word { 1 } else { 2 };
        events.extend(stretches.iter().map(|it| (it.from, weight)));
        if !it.word {
            places.push([stretches.len() as u64, counts.loads[id], counts.stores[id]]);
        }
    }
    events.sort_unstable();
    // The first move of each window but the first.
    let (mut borders, mut held) = (vec![], 0);
    for &(step, weight) in &events {
        if held + weight > most {
            borders.push(step);
            held = 0;
        }
        held += weight;
    }
    let window = |step: usize| borders.partition_point(|it| *it <= step);
    let windows = borders.len() + 1;
    let mut here = vec![vec![Here::Absent; windows]; n];
    for (here, stretches) in here.iter_mut().zip(&counts.stretches) {
        for it in stretches {
            let first = window(it.from);
            if here[first] == Here::Absent {
                here[first] = Here::Arrives;
            }
            for (place, &border) in borders.iter().enumerate().skip(first) {
                if border <= it.until {
                    here[place + 1] = Here::Carried;
                }
            }
        }
    }
    let mut of_pair = vec![vec![]; member.pairs.len()];
    for (step, it) in moves.iter().enumerate() {
        if let Move::Compute { vertex, .. } = it
            && let Some(pair) = kind(*vertex).product()
        {
            of_pair[pair].push(window(step));
        }
    }
    let mut good = vec![];
    for (&(row, key), list) in member.pairs.iter().zip(&of_pair) {
        if list.iter().all(|it| *it == list[0]) {
            good.push((row, key, list[0]));
        }
    }
    let (d_k, d_v) = (member.attention.d_k as i64, member.attention.d_v as i64);
    Told {
        story: Story { d_k, d_v, items: member.items.clone(), here, good },
        waiting: pair_loads + at_borders(member, moves, &borders),
        places,
        weight: events.iter().map(|it| it.1).sum(),
        windows: windows as u64,
    }
}

/// Pairs with a red vertex at the borders, together.
fn at_borders(member: &Member, moves: &[Move<'_>], borders: &[usize]) -> u64 {
    let mut red = vec![0_u64; member.pairs.len()];
    let (mut next, mut sum) = (0, 0);
    for (step, it) in moves.iter().enumerate() {
        if borders.get(next) == Some(&step) {
            sum += red.iter().filter(|it| **it > 0).count() as u64;
            next += 1;
        }
        let (vertex, placed) = match *it {
            Move::Load(it) | Move::Compute { vertex: it, .. } => (it, true),
            Move::Free(it) => (it, false),
            _ => continue,
        };
        if let Some(pair) = member.kinds[vertex.0 as usize].pair() {
            red[pair] = if placed { red[pair] + 1 } else { red[pair] - 1 };
        }
    }
    sum
}
