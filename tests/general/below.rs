//! Certificates of the makers are accepted and below the optimum.

use crate::machines;
use crate::oracle::least_io;
use crate::random::{Random, every};
use iobound::bounds::general::{Effort, MAKERS, make};
use iobound::cdag::{Cdag, Generator, textbook::textbook};
use iobound::certificate::{Certificate, Problem, parse};
use iobound::check::{LowerBound, Subject, check};
use iobound::exact::{Ended, Limits, optimal};
use iobound::model::{Machine, Partial, Recompute, Words};

/// How often a bound was said, said more than the compulsory words, and was attained.
#[derive(Debug, Default)]
struct Tally {
    bounds: u64,
    more: u64,
    attained: u64,
}

fn made(cdag: &Cdag, machine: &Machine, id: &str) -> (Certificate, LowerBound) {
    let it = make(id, cdag, machine, Problem::inline(cdag), Effort::default()).unwrap();
    let bound = check(&it, cdag).unwrap_or_else(|why| panic!("{why}\n{it}"));
    assert_eq!(parse(it.to_string().as_bytes()).as_ref(), Ok(&it));
    (it, bound)
}

fn all_below(cdag: &Cdag, tally: &mut Tally) {
    for machine in machines(cdag) {
        let least = least_io(cdag, &machine).unwrap();
        let compulsory = made(cdag, &machine, "compulsory").1;
        for maker in MAKERS.iter().filter(|it| it.holds_on(&machine)) {
            let (certificate, bound) = made(cdag, &machine, maker.id);
            assert_eq!((bound.id(), bound.machine()), (maker.id, &machine));
            assert!(*bound.value() <= least.into(), "{least} is possible\n{certificate}");
            assert!(bound.value() >= compulsory.value());
            // On so few vertices `hong-kung` says no more; where it does, see `on_families`.
            if !["compulsory", "hong-kung"].contains(&bound.id()) {
                tally.bounds += 1;
                tally.more += u64::from(bound.value() > compulsory.value());
                tally.attained += u64::from(*bound.value() == least.into());
            }
        }
    }
}

fn computes(cdag: &Cdag) -> bool {
    cdag.n_edges() > 0
}

#[test]
fn on_every_cdag_of_at_most_five_vertices() {
    let mut tally = Tally::default();
    (1..=5).flat_map(every).filter(computes).for_each(|it| all_below(&it, &mut tally));
    assert!(tally.more > 0 && tally.attained > tally.bounds / 2, "{tally:?}");
}

#[test]
fn on_random_ones_of_seven() {
    let (mut tally, mut random) = (Tally::default(), Random(1));
    for i in 0..60 {
        let percent = 15 + random.below(40);
        let cdag = if i % 4 == 0 { random.cdag(7, percent) } else { random.folded(7) };
        if computes(&cdag) {
            all_below(&cdag, &mut tally);
        }
    }
    assert!(tally.more > tally.bounds / 4, "{tally:?}");
}

/// By the exact search, with recomputation: where `hong-kung` says more than `compulsory`.
#[test]
fn on_families() {
    // The bound is a golden number; the optimum is the search's.
    let cases: [(&str, u64, u64, u64); 5] = [
        ("pyramid:6", 3, 8, 25),
        ("matmul:2,2,2", 3, 14, 25),
        ("matmul:2,2,2", 4, 13, 17),
        ("attention:2,1", 3, 9, 24),
        ("fft:8", 3, 17, 40),
    ];
    for (name, fast, bound, least) in cases {
        let cdag = name.parse::<Generator>().unwrap().cdag();
        let recompute = Recompute::Allowed;
        let machine = Machine { fast: Words(fast), recompute, partial: Partial::Off };
        let proved = made(&cdag, &machine, "hong-kung").1;
        let found = optimal(&cdag, &machine, &Limits::default()).unwrap();
        assert_eq!((proved.value(), found.lower), (&bound.into(), least), "{name}, M = {fast}");
        assert_eq!(found.ended, Ended::Exhausted);
        assert!(made(&cdag, &machine, "compulsory").1.value() < proved.value(), "{name}");
    }
}

/// Beyond the oracle: each bound says at least what the weaker says.
#[test]
fn on_attention() {
    let cdag = textbook(4, 2).unwrap();
    let subject = Subject::new(&cdag).unwrap();
    for fast in [3, 4, 6, 10] {
        let recompute = Recompute::Forbidden;
        let machine = Machine { fast: Words(fast), recompute, partial: Partial::Off };
        // Too many vertices to try all sets of them.
        let makers = MAKERS.iter().filter(|it| it.id != "hong-kung");
        let values: Vec<_> = makers
            .map(|it| {
                let problem = Problem::Digest(subject.digest());
                let it = make(it.id, &cdag, &machine, problem, Effort::default()).unwrap();
                subject.check(&it).unwrap().value().clone()
            })
            .collect();
        assert!(values.is_sorted(), "{values:?}");
    }
}
