//! The exact search: against a slow obvious one, against hand-known values, and its schedules
//! against the referee.
#![expect(clippy::unwrap_used, reason = "tests")]

mod brute;
mod cases;
mod known;
mod small;

use iobound::cdag::Cdag;
use iobound::exact::{Ended, Limits, Search, optimal};
use iobound::model::{Machine, Partial, Recompute, Words};
use iobound::replay::{Mode, Problem, replay};

pub(crate) const ONE_SHOT: (Recompute, Partial) = (Recompute::Forbidden, Partial::Off);
pub(crate) const AGAIN: (Recompute, Partial) = (Recompute::Allowed, Partial::Off);
pub(crate) const PARTIAL: (Recompute, Partial) = (Recompute::Forbidden, Partial::On);

pub(crate) fn machine(fast: u64, (recompute, partial): (Recompute, Partial)) -> Machine {
    Machine { fast: Words(fast), recompute, partial }
}

/// The least I/O; the schedule found has been replayed.
pub(crate) fn least(cdag: &Cdag, machine: &Machine) -> u64 {
    let search = optimal(cdag, machine, &Limits::default()).unwrap();
    assert_eq!(search.ended, Ended::Exhausted);
    assert_eq!(replayed(cdag, machine, &search), search.lower, "{cdag:?} {machine:?}");
    search.lower
}

/// What the referee counts.
pub(crate) fn replayed(cdag: &Cdag, machine: &Machine, search: &Search) -> u64 {
    let schedule = search.schedule.as_ref().unwrap();
    let count = replay(&Problem::Explicit(cdag), machine, Mode::Legality, &schedule.moves[..]);
    let count = count.unwrap_or_else(|it| panic!("{it:?} in {schedule:?} of {cdag:?}"));
    assert_eq!((count.loads(), count.stores()), (schedule.loads, schedule.stores));
    count.io()
}
