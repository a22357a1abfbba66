//! The tile search against brute force, and what a choice promises.
#![expect(clippy::unwrap_used, reason = "tests")]

use iobound::{
    model::Words,
    reading::count::{LIMIT, count},
    strategy::{ALGORITHMS, Max, NoChoice, Schedule, Want, best, choose},
};

/// The least I/O over all tiles that fit, tried one by one.
fn brute_force(schedule: &Schedule, n: u64, d: u64, m: u64) -> Option<u128> {
    let program = &schedule.program;
    let mut best = None;
    let mut binding = schedule.least_tiles(&[("N", n), ("d", d)]).unwrap();
    let least = binding.env.clone();
    let most: Vec<i128> = program
        .tiles
        .iter()
        .map(|it| program.most_stepped(*it, &binding.env).unwrap_or(i128::from(n)))
        .collect();
    loop {
        if let Ok(totals) = schedule.totals(&binding)
            && totals.peak <= u128::from(m)
        {
            best = Some(best.map_or(totals.io(), |it: u128| it.min(totals.io())));
        }
        let mut done = true;
        for (tile, most) in program.tiles.iter().zip(&most) {
            binding.env[tile.index()] += 1;
            if binding.env[tile.index()] <= *most {
                done = false;
                break;
            }
            binding.env[tile.index()] = least[tile.index()];
        }
        if done {
            return best;
        }
    }
}

fn check(name: &str, n: u64, d: u64, m: u64) {
    let algorithm = iobound::strategy::find(name).unwrap();
    for max in [Max::Kept, Max::Dropped] {
        let Some(schedule) = algorithm.schedule(max) else { continue };
        let sizes = [("N", n), ("d", d)];
        let found = choose(schedule, None, &sizes, Words(m), &Want::Best(vec![]));
        let at = format!("{name} {max:?} N={n} d={d} M={m}");
        match (found, brute_force(schedule, n, d, m)) {
            (Ok(choice), Some(io)) => {
                assert_eq!(choice.totals.io(), io, "{at} {:?}", choice.tiles);
                let counted = count(&schedule.program, &choice.binding, LIMIT).unwrap();
                assert_eq!(counted.totals, choice.totals, "{at}");
                assert!(choice.totals.peak <= u128::from(m), "{at}");
            }
            (Err(NoChoice::NoFit { least, .. }), None) => assert!(least > u128::from(m), "{at}"),
            (found, io) => panic!("{at}: {found:?} against {io:?}"),
        }
    }
}

#[test]
fn one_and_two_tiles_are_best_for_n_up_to_64() {
    for name in ["flash1", "flash2", "attenio", "row-wise", "flat", "square-tiling", "pinned"] {
        for n in [1, 2, 3, 7, 16, 37, 64] {
            for (d, m) in [(1, 9), (3, 40), (4, 64), (4, 133), (5, 300), (2, 5000)] {
                check(name, n, d, m);
            }
        }
    }
}

#[test]
fn many_tiles_are_best() {
    for n in [1, 2, 5, 6] {
        for (d, m) in [(2, 12), (3, 20), (4, 30), (3, 200)] {
            check("standard", n, d, m);
            check("hybrid", n, d, m);
        }
    }
    for m in [20, 47, 90, 250] {
        check("hybrid", 23, 5, m);
    }
}

#[test]
fn more_memory_never_makes_the_best_worse() {
    let mut last = u128::MAX;
    for m in (24..4000).step_by(37) {
        if let Ok((_, choice)) = best(100, 8, Words(m), Max::Kept) {
            assert!(choice.totals.io() <= last, "M={m}");
            last = choice.totals.io();
        }
    }
    assert!(last < u128::MAX);
}

#[test]
fn the_least_memory_that_works_works() {
    for algorithm in ALGORITHMS {
        let schedule = algorithm.schedule(Max::Kept).unwrap();
        let sizes = [("N", 33), ("d", 7)];
        let at = |m| choose(schedule, None, &sizes, Words(m), &Want::Best(vec![]));
        let Err(NoChoice::NoFit { least, .. }) = at(1) else { panic!("{}", algorithm.name) };
        let least = u64::try_from(least).unwrap();
        assert!(at(least).is_ok(), "{}", algorithm.name);
        assert!(at(least - 1).is_err(), "{}", algorithm.name);
    }
}

#[test]
fn flash1_prints_tiles_that_do_not_fit_and_shrinks_them() {
    use iobound::strategy::TilesFrom;
    let algorithm = iobound::strategy::find("flash1").unwrap();
    let schedule = algorithm.schedule(Max::Kept).unwrap();
    let (n, d, m) = (1024, 64, Words(4 * 64 * 64));
    let paper = algorithm.paper_tiles(n, d, m);
    let choice = choose(schedule, paper, &[("N", n), ("d", d)], m, &Want::Paper).unwrap();
    let TilesFrom::Shrunk { paper, needed } = &choice.from else { panic!("{:?}", choice.from) };
    // Bc = ⌈16384/256⌉ = 64 = Br: four tiles of 64·64 words are M already.
    assert_eq!(*paper, [("Bc".to_owned(), 64), ("Br".to_owned(), 64)]);
    assert!(*needed > 16384 && choice.totals.peak <= 16384);
}
