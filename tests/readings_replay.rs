//! count = formula = moves counted by the referee, and the values are attention.

use iobound::{
    attention::Shape,
    model::{Machine, Words},
    reading::{
        Pebbles,
        count::{LIMIT, count},
    },
    replay::{Mode, Problem, Verified, replay},
    strategy::{ALGORITHMS, Max, Want, choose},
};

#[test]
fn every_algorithm_replays_as_attention() {
    for algorithm in ALGORITHMS {
        for max in [Max::Kept, Max::Dropped] {
            let Some(schedule) = algorithm.schedule(max) else { continue };
            for (n, d, extra) in
                [(1, 1, 0), (2, 1, 0), (3, 2, 5), (5, 3, 20), (8, 4, 100), (9, 2, 1000), (7, 7, 60)]
            {
                let sizes = [("N", n), ("d", d)];
                let least = schedule.totals(&schedule.least_tiles(&sizes).unwrap()).unwrap().peak;
                let fast = Words(u64::try_from(least).unwrap() + extra);
                let choice = choose(schedule, None, &sizes, fast, &Want::Best(vec![])).unwrap();
                let at = format!("{} N={n} d={d} {:?}", schedule.name, choice.tiles);
                let counted = count(&schedule.program, &choice.binding, LIMIT).unwrap().totals;
                assert_eq!(counted, choice.totals, "{at}");
                let shape = Shape::square(n, d).unwrap();
                let problem = Problem::Attention { shape, scaled: false };
                let peak = Words(u64::try_from(counted.peak).unwrap());
                let moves = Pebbles::new(&schedule.program, &choice.binding);
                let io = replay(&problem, &Machine::strict(peak), Mode::Values { seed: 7 }, moves)
                    .unwrap_or_else(|it| panic!("{at}: {it:?}"));
                assert_eq!(
                    (io.loads().into(), io.stores().into()),
                    (counted.loads, counted.stores),
                    "{at}"
                );
                assert_eq!(Words(io.peak()), peak, "{at}");
                assert!(matches!(io.verified(), Verified::Attention { .. }), "{at}");
            }
        }
    }
}
