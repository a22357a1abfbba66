//! The lemmas about windows, counted on given moves.

use crate::class::{Kind, Member};
use iobound::{cdag::Vertex, schedule::Move};
use std::collections::BTreeMap;

/// What happened, as the proofs count it.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// For each window the y computed for the first time in the schedule: windows of events without
    /// the fresh starts of pairs.
    pub(crate) first_outputs: Vec<u64>,
    /// For each window the products computed: windows of events with them.
    pub(crate) products: Vec<u64>,
    pub(crate) fresh_places: u64,
    pub(crate) fresh_pairs: u64,
    pub(crate) stores_of_places: u64,
    pub(crate) stores_of_pairs: u64,
}

/// Red pebbles of each pair and place.
#[derive(Default)]
struct Resident(BTreeMap<(bool, usize), u64>);

impl Resident {
    fn key(kind: Kind) -> Option<(bool, usize)> {
        kind.pair().map(|it| (true, it)).or(kind.place().map(|it| (false, it)))
    }

    /// Was it resident before?
    fn add(&mut self, kind: Kind) -> bool {
        let Some(key) = Self::key(kind) else { return true };
        let held = self.0.entry(key).or_default();
        *held += 1;
        *held > 1
    }

    fn remove(&mut self, kind: Kind) {
        if let Some(key) = Self::key(kind) {
            *self.0.get_mut(&key).unwrap() -= 1;
        }
    }
}

/// Windows of `length` events.
pub(crate) fn told(member: &Member, moves: &[Move<'_>], length: u64) -> Told {
    let kind = |it: Vertex| member.kinds[it.0 as usize];
    let (mut told, mut resident) = (Told::default(), Resident::default());
    let (mut events, mut with_pairs) = (0, 0);
    let mut computed = vec![false; member.kinds.len()];
    let add = |list: &mut Vec<u64>, events: u64| {
        // The window of the last event; what happens before the first is in the first.
        let window = (events.saturating_sub(1) / length) as usize;
        list.resize(list.len().max(window + 1), 0);
        list[window] += 1;
    };
    for it in moves {
        match *it {
            Move::Load(it) => {
                events += u64::from(kind(it) != Kind::Other);
                with_pairs += u64::from(kind(it) != Kind::Other);
                resident.add(kind(it));
            }
            Move::Store(it, _) => {
                told.stores_of_places += u64::from(kind(it).place().is_some());
                told.stores_of_pairs += u64::from(kind(it).pair().is_some());
            }
            Move::Compute { vertex, .. } => {
                let kind = kind(vertex);
                let fresh = !resident.add(kind);
                match kind.place() {
                    Some(_) if fresh => {
                        told.fresh_places += 1;
                        events += 1;
                        with_pairs += 1;
                    }
                    None if fresh => {
                        told.fresh_pairs += 1;
                        with_pairs += 1;
                    }
                    _ => {}
                }
                let output = matches!(kind, Kind::Output(..));
                if output && !computed[vertex.0 as usize] {
                    add(&mut told.first_outputs, events);
                }
                if output || matches!(kind, Kind::Score(_)) {
                    add(&mut told.products, with_pairs);
                }
                computed[vertex.0 as usize] = true;
            }
            Move::Free(it) => resident.remove(kind(it)),
            Move::Accumulate { .. } => unreachable!("the game is strict"),
        }
    }
    told
}
