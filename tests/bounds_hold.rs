//! No bound ever exceeds a schedule: random sizes, random tiles, every algorithm, every bound in words.
#![expect(clippy::unwrap_used, reason = "tests")]

use iobound::{
    bounds::{Unit, bounds},
    model::Words,
    strategy::{ALGORITHMS, Max, NoChoice, Want, best, choose},
};
use num_bigint::BigUint;
use proptest::prelude::*;

fn check(n: u64, d: u64, m: u64, io: u128, who: &str) {
    for row in bounds(n, d, Words(m)).unwrap() {
        if let (Unit::Words, Some(value)) = (row.unit, &row.value) {
            assert!(
                *value <= BigUint::from(io),
                "{} {value} > {who} {io}: N={n} d={d} M={m}",
                row.id
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn bounds_stay_below_the_best(n in 1u64..3000, d in 1u64..100, m in 1u64..40_000) {
        for max in [Max::Kept, Max::Dropped] {
            match best(n, d, Words(m), max) {
                Ok((algorithm, choice)) => check(n, d, m, choice.totals.io(), algorithm.name),
                Err(NoChoice::NoFit { least, .. }) => prop_assert!(least > u128::from(m)),
                Err(it) => panic!("{it}"),
            }
        }
    }

    #[test]
    fn bounds_stay_below_any_tiles(n in 1u64..60, d in 1u64..20, tiles in prop::collection::vec(1u64..60, 6)) {
        for algorithm in ALGORITHMS {
            let schedule = algorithm.schedule(Max::Kept).unwrap();
            let program = &schedule.program;
            let mut sizes = vec![("N", n), ("d", d)];
            let env = schedule.least_tiles(&sizes).unwrap().env;
            for (tile, value) in program.tiles.iter().zip(&tiles) {
                let most = program.most_stepped(*tile, &env).map_or(n, |it| u64::try_from(it).unwrap());
                sizes.push((program.name(*tile), (*value).min(most)));
            }
            let binding = program.bind(&sizes).unwrap();
            // A depth tile of d at most n is clipped; one that leads outside is not a schedule.
            let Ok(totals) = schedule.totals(&binding) else { continue };
            let peak = u64::try_from(totals.peak).unwrap();
            check(n, d, peak, totals.io(), &schedule.name);
            // And at this M the search does at least as well.
            let found = choose(schedule, None, &sizes[..2], Words(peak), &Want::Best(vec![])).unwrap();
            prop_assert!(found.totals.io() <= totals.io(), "{} {:?}", schedule.name, sizes);
        }
    }

    #[test]
    fn bounds_stay_below_at_real_sizes(
        n in 10u32..22, d in prop::sample::select(vec![64u64, 80, 128, 256]), m in 8u32..26, off in 0u64..1000
    ) {
        let (n, m) = ((1u64 << n) + off, (1u64 << m) + off);
        if let Ok((algorithm, choice)) = best(n, d, Words(m), Max::Kept) {
            check(n, d, m, choice.totals.io(), algorithm.name);
        }
    }
}
