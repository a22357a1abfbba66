//! Checked bound ≤ optimum ≤ schedule, always on the same CDAG: parts that share no code.
//!
//! Each CDAG with every M from the least one to the first that the compulsory words are enough for,
//! with recomputation and without.
#![expect(clippy::unwrap_used, reason = "tests")]

mod attention;
mod families;
#[path = "../general/random.rs"]
mod random;
#[path = "../shared/renamed.rs"]
mod renamed;
mod small;
mod tally;
#[path = "../shared/trees.rs"]
mod trees;

use iobound::bounds::general::{CannotMake, Effort, MAKERS, make};
use iobound::cdag::{Cdag, stats};
use iobound::certificate::Problem;
use iobound::check::Subject;
use iobound::exact::{self, Ended, Unfit, optimal};
use iobound::model::{Machine, Partial, Recompute, Words};
use iobound::order::{self, Evict, place, search, starts::STARTS};
use iobound::replay::{self, Mode, replay};
use iobound::schedule::MoveSource;
use rayon::prelude::*;
use tally::Tally;

pub(crate) const GAMES: [Recompute; 2] = [Recompute::Forbidden, Recompute::Allowed];

pub(crate) fn machine(fast: u64, recompute: Recompute) -> Machine {
    Machine { fast: Words(fast), recompute, partial: Partial::Off }
}

/// What the referee counts.
pub(crate) fn replayed(cdag: &Cdag, machine: &Machine, moves: impl MoveSource) -> u64 {
    let problem = replay::Problem::Explicit(cdag);
    let count = replay(&problem, machine, Mode::Legality, moves);
    count.unwrap_or_else(|it| panic!("{it:?}: {cdag:?} {machine:?}")).io()
}

/// The greatest bound that the checker accepts; every maker's is accepted.
fn bound(cdag: &Cdag, subject: &Subject, machine: &Machine) -> u64 {
    let checked = |id| {
        let problem = Problem::Digest(subject.digest());
        let claim = match make(id, cdag, machine, problem, Effort::default()) {
            Err(CannotMake::TooLarge { .. }) => return None,
            it => it.unwrap(),
        };
        let bound = subject.check(&claim).unwrap_or_else(|it| panic!("{it}\n{claim}"));
        Some(u64::try_from(bound.value()).unwrap())
    };
    // Where nothing is computed there is no moment for a wavefront.
    let speaks = |id| cdag.n_edges() > 0 || id == "compulsory";
    let makers = MAKERS.iter().filter(|it| it.holds_on(machine) && speaks(it.id));
    makers.filter_map(|it| checked(it.id)).max().unwrap()
}

/// A CDAG on a machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layers {
    /// The greatest checked bound.
    bound: u64,
    /// What the exact search has excluded.
    lower: u64,
    /// The least that was replayed.
    pub(crate) upper: u64,
    /// Is `lower` the optimum?
    ended: bool,
}

/// What stands above what; `others` are words of schedules that were replayed.
pub(crate) fn layers(
    cdag: &Cdag,
    subject: &Subject,
    machine: &Machine,
    states: u64,
    others: impl IntoIterator<Item = u64>,
) -> Layers {
    let (mut lower, mut upper, mut ended) =
        (0, others.into_iter().min().unwrap_or(u64::MAX), false);
    let limits = exact::Limits { states, ..exact::Limits::default() };
    match optimal(cdag, machine, &limits) {
        Ok(found) => {
            (lower, ended) = (found.lower, found.ended == Ended::Exhausted);
            assert!(lower <= upper, "{upper} is possible, not only {lower}: {cdag:?} {machine:?}");
            if let Some(it) = found.schedule {
                let io = replayed(cdag, machine, &it.moves[..]);
                assert_eq!(io, it.io(), "{cdag:?} {machine:?}");
                assert!(lower <= io && (lower == io || !ended), "{cdag:?} {machine:?}");
                upper = upper.min(io);
            }
        }
        Err(Unfit::TooManyVertices { .. }) => {}
        Err(it) => panic!("{it}: {cdag:?} {machine:?}"),
    }
    let bound = bound(cdag, subject, machine);
    assert!(bound <= upper, "{upper} is possible, not only {bound}: {cdag:?} {machine:?}");
    Layers { bound, lower, upper, ended }
}

/// Words of the schedules by order, as the referee counts them: each eviction from every start, then
/// by a search of `steps`.
fn orders(cdag: &Cdag, fast: u64, steps: u64) -> Vec<u64> {
    // What is legal here is so with recomputation.
    let machine = machine(fast, Recompute::Forbidden);
    let mut found = vec![];
    for evict in [Evict::Belady, Evict::Lru] {
        let limits = order::Limits { steps, seed: fast };
        let start = STARTS.iter().map(|it| place(cdag, &it.1(cdag), machine.fast, evict).unwrap());
        let best = search(cdag, machine.fast, evict, limits).unwrap().best;
        for it in start.chain([best]) {
            assert_eq!(replayed(cdag, &machine, &it), it.io(), "{cdag:?} {machine:?}");
            found.push(it.io());
        }
    }
    found
}

/// How long to look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// States of an exact search.
    states: u64,
    /// Steps of a search over orders.
    steps: u64,
}

/// One CDAG on all machines that matter.
fn sandwich(cdag: &Cdag, limits: Limits) -> Tally {
    let subject = Subject::new(cdag).unwrap();
    let known = stats(cdag);
    let mut tally = Tally { cdags: 1, ..Tally::default() };
    let mut less: Option<[Layers; 2]> = None;
    for fast in known.least_fast.max(1).. {
        let orders = orders(cdag, fast, limits.steps);
        let now = GAMES.map(|it| {
            let others = orders.iter().copied();
            layers(cdag, &subject, &machine(fast, it), limits.states, others)
        });
        let [once, again] = now;
        assert!(again.lower <= once.upper, "{cdag:?} M = {fast}");
        for (now, less) in now.iter().zip(less.iter().flatten()) {
            assert!(now.lower <= less.upper, "more M costs more: {cdag:?} M = {fast}");
        }
        tally.take(&now, known.compulsory, &orders);
        if once.upper == known.compulsory {
            break;
        }
        less = Some(now);
    }
    tally
}

/// All CDAGs, all machines that matter.
pub(crate) fn total(cdags: &[Cdag], limits: Limits) -> Tally {
    let each = cdags.par_iter().map(|it| sandwich(it, limits));
    each.reduce(Tally::default, |sum, it| sum + it)
}
