//! A* by buckets: the states whose way so far and whose rest cost least are expanded first.
//!
//! ```text
//! paid(s)     words on the cheapest way known from the start to s
//! price(s)    paid(s) + at_least(s)
//! open        states with a way that has not been continued yet
//! ```
//!
//! At any time some state of a cheapest schedule is open with the least it can be paid: so the least
//! price of an open state is a lower bound, also when a limit ends the search. Nothing is asked of
//! `at_least` but that it is one, for states on cheapest schedules: a state whose way becomes cheaper is
//! opened again.

use super::game::{Game, HOPELESS, State, Step, Turn};
use super::least::Least;
use super::symmetry::Symmetry;
use super::table::{Full, Layout, Node, Table};
use super::{Ended, Limits};

/// A schedule and what it costs.
#[derive(Debug)]
pub(super) struct Upper {
    pub(super) cost: u32,
    pub(super) steps: Vec<Step>,
}

/// What the search found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) upper: Option<Upper>,
    pub(super) lower: u32,
    pub(super) ended: Ended,
    pub(super) states: u64,
}

/// Open states by price. Within a price the last one first: that goes down, and goals are deep.
#[derive(Debug, Default)]
struct Open {
    buckets: Vec<Vec<u32>>,
    /// No bucket before this one has a state.
    least: usize,
}

impl Open {
    fn push(&mut self, price: u32, index: u32) {
        let price = price as usize;
        if self.buckets.len() <= price {
            self.buckets.resize_with(price + 1, Vec::new);
        }
        self.least = self.least.min(price);
        self.buckets[price].push(index);
    }

    fn pop(&mut self) -> Option<(u32, u32)> {
        while self.buckets.get(self.least)?.is_empty() {
            self.buckets[self.least] = Vec::new();
            self.least += 1;
        }
        let index = self.buckets[self.least].pop()?;
        Some((u32::try_from(self.least).expect("it was a price"), index))
    }

    /// As if a bucket that has to grow were copied.
    fn bytes(&self) -> usize {
        let most = self.buckets.iter().map(Vec::capacity).max().unwrap_or(0);
        4 * (self.buckets.iter().map(Vec::capacity).sum::<usize>() + 2 * most)
    }
}

struct Search<'a, G> {
    game: &'a G,
    symmetry: &'a Symmetry,
    least: Least<'a>,
    limits: &'a Limits,
    table: Table,
    open: Open,
    /// Only what costs less is kept.
    upper: Option<u32>,
    /// The state that `upper` ends in, if it was found here.
    goal: Option<u32>,
}

/// The best schedule of `game`; `upper` is one that is known already.
pub(super) fn best<G: Game>(
    game: &G,
    symmetry: &Symmetry,
    limits: &Limits,
    upper: Option<Upper>,
) -> Found {
    let table = Table::new(Layout::new(game.layout(), G::NOTED));
    let cost = upper.as_ref().map(|it| it.cost);
    let open = Open::default();
    let least = Least::new(symmetry);
    let mut search = Search { game, symmetry, least, limits, table, open, upper: cost, goal: None };
    let (lower, ended) = search.run();
    let upper = search.goal.map(|it| search.way_to(it)).or(upper);
    Found { upper, lower, ended, states: search.table.len() as u64 }
}

impl<G: Game> Search<'_, G> {
    fn run(&mut self) -> (u32, Ended) {
        let (start, paid) = self.game.start(&mut ());
        let mut lower = paid + self.game.at_least(&start);
        if let Err(ended) = self.meet(&start, 0, paid, lower) {
            return (lower, ended);
        }
        while let Some((price, index)) = self.open.pop() {
            if self.upper.is_some_and(|it| price >= it) {
                break;
            }
            lower = lower.max(price);
            let node = self.table.node(index);
            if node.closed {
                continue;
            }
            self.table.set(index, Node { closed: true, ..node });
            if let Err(ended) = self.expand(index, price) {
                return (lower, ended);
            }
        }
        (self.upper.expect("every fitting CDAG has a schedule"), Ended::Exhausted)
    }

    fn expand(&mut self, index: u32, price: u32) -> Result<(), Ended> {
        let (game, state) = (self.game, self.table.state(index));
        let paid = u32::from(self.table.node(index).paid);
        let mut result = Ok(());
        game.turns(&state, &mut |turn: Turn| {
            if result.is_ok() {
                let (next, cost) = game.play(&state, turn, &mut ());
                result = self.meet(&next, index, paid + cost, price);
            }
        });
        result
    }

    /// Takes note of a way to `state`; the way cannot be finished below `price`.
    fn meet(&mut self, state: &State, parent: u32, paid: u32, price: u32) -> Result<(), Ended> {
        let price = price.max(paid + self.game.at_least(state));
        if price >= self.upper.unwrap_or(HOPELESS) {
            return Ok(());
        }
        if self.table.len() as u64 >= self.limits.states {
            return Err(Ended::NodeLimit);
        }
        let least = self.least.image(state);
        let node = Node {
            parent,
            paid: u16::try_from(paid).expect("it is less than a hopeless price"),
            closed: false,
        };
        let bytes = usize::try_from(self.limits.bytes).unwrap_or(usize::MAX);
        let bytes = bytes.saturating_sub(self.open.bytes());
        let entered = self.table.enter(&least, node, bytes);
        let (index, is_new) = entered.map_err(|Full| Ended::MemoryLimit)?;
        if !is_new {
            if self.table.node(index).paid <= node.paid {
                return Ok(());
            }
            self.table.set(index, node);
            self.table.note(index, &least);
        }
        if self.game.is_goal(&least) {
            self.upper = Some(paid);
            self.goal = Some(index);
        } else {
            self.open.push(price, index);
        }
        Ok(())
    }

    /// The moves that lead to a state, or to one that a symmetry maps to it.
    fn way_to(&self, index: u32) -> Upper {
        let mut way = vec![index];
        let mut at = index;
        while self.table.node(at).parent != at {
            at = self.table.node(at).parent;
            way.push(at);
        }
        way.reverse();
        let mut images = Least::new(self.symmetry);
        let mut steps = Vec::new();
        let (raw, mut cost) = self.game.start(&mut steps);
        // `actual` says where the vertices of a kept state are in the schedule.
        let mut actual = inverse(&images.renaming(&raw));
        for pair in way.windows(2) {
            let (from, to) = (self.table.state(pair[0]), self.table.state(pair[1]));
            let mut cheapest: Option<(u32, Turn, State)> = None;
            self.game.turns(&from, &mut |turn| {
                let (next, cost) = self.game.play(&from, turn, &mut ());
                let is_it = self.table.layout().is_same(&images.image(&next), &to);
                if is_it && cheapest.is_none_or(|it| cost < it.0) {
                    cheapest = Some((cost, turn, next));
                }
            });
            let (paid, turn, next) = cheapest.expect("a turn led here");
            let mut made = Vec::new();
            self.game.play(&from, turn, &mut made);
            steps.extend(made.into_iter().map(|it| it.renamed(&actual)));
            cost += paid;
            let back = inverse(&images.renaming(&next));
            actual = back.iter().map(|it| actual[usize::from(*it)]).collect();
        }
        Upper { cost, steps }
    }
}

fn inverse(map: &[u8]) -> Vec<u8> {
    let mut inverse = map.to_vec();
    for (v, &image) in (0_u8..).zip(map) {
        inverse[usize::from(image)] = v;
    }
    inverse
}
