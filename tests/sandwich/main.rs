//! Checked bound ≤ optimum ≤ schedule, always on the same CDAG: three parts that share no code.

use iobound::{
    bounds::general::{Effort, MAKERS, make},
    cdag::{Generator, stats},
    certificate::Problem,
    check::Subject,
    exact::{Ended, Limits, optimal},
    model::{Machine, Partial, Recompute, Words},
    replay::{self, Mode, replay},
    schedule::Move,
};
use num_bigint::BigUint;

/// Small enough that most searches end at once.
const FAMILIES: &[&str] = &[
    "tree:4",
    "tree:8",
    "pyramid:2",
    "pyramid:3",
    "diamond:2",
    "diamond:3",
    "stencil:4,2",
    "fft:4",
    "matmul:1,2,2",
    "attention:1,2",
    "attention:2,1",
    "random:3,3,1",
    "random:3,3,2",
];

#[test]
fn bound_optimum_schedule() {
    let (mut tried, mut ended) = (0, 0);
    for name in FAMILIES {
        let cdag = name.parse::<Generator>().unwrap().cdag();
        let subject = Subject::new(&cdag).unwrap();
        let least = stats(&cdag).least_fast;
        for fast in least..least + 3 {
            for recompute in [Recompute::Forbidden, Recompute::Allowed] {
                let machine = Machine { fast: Words(fast), recompute, partial: Partial::Off };
                let at = format!("{name} M={fast} {recompute:?}");
                let limits = Limits { states: 20_000, ..Limits::default() };
                let found = optimal(&cdag, &machine, &limits).unwrap();
                // Any schedule found is refereed, and stays above every bound.
                let Some(schedule) = &found.schedule else { continue };
                let moves: &[Move<'static>] = &schedule.moves;
                let problem = replay::Problem::Explicit(&cdag);
                let io = replay(&problem, &machine, Mode::Legality, moves).unwrap().io();
                assert_eq!(io, schedule.loads + schedule.stores, "{at}");
                assert!(found.lower <= io, "{at}");
                if found.ended == Ended::Exhausted {
                    assert_eq!(found.lower, io, "{at}");
                    ended += 1;
                }
                for maker in MAKERS.iter().filter(|it| it.holds_on(&machine)) {
                    let problem = Problem::inline(&cdag);
                    let claim =
                        make(maker.id, &cdag, &machine, problem, Effort::default()).unwrap();
                    let bound = subject.check(&claim).unwrap();
                    assert!(
                        *bound.value() <= BigUint::from(io),
                        "{at}: {} {}",
                        maker.id,
                        bound.value()
                    );
                    tried += 1;
                }
            }
        }
    }
    assert!(tried >= 100 && ended >= 30, "{tried} bounds, {ended} optima");
}
