//! CDAGs through all formats, and schedules for them before the referee.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "shared/renamed.rs"]
mod renamed;

use iobound::{
    cdag::{
        Cdag, Format, Generator, Labelled, Operands, Vertex,
        format::{FORMATS, read, write},
        generate::FAMILIES,
        stats,
    },
    model::{Machine, Partial, Recompute, Words},
    order::{Evict, Limits, Placed, compulsory, place, search, starts::STARTS},
    reading::{Pebbles, export},
    replay::{IoCount, Mode, Problem, replay},
    schedule::MoveSource,
    strategy::{ALGORITHMS, Max, Want, choose},
};
use proptest::prelude::*;
use renamed::Renamed;
use std::{convert::Infallible, env, fs, path::Path};

const NAMES: &[&str] = &[
    "attention:2,1",
    "attention:3,2",
    "attention-balanced:4,3",
    "matmul:2,2,2",
    "matmul:1,4,3",
    "tree:8",
    "tree:1",
    "pyramid:4",
    "fft:8",
    "diamond:4",
    "stencil:5,4",
    "random:5,6,1",
    "random:4,4,2",
];

fn made(name: &str) -> Cdag {
    name.parse::<Generator>().unwrap().cdag()
}

fn operands(cdag: &Cdag) -> Vec<Vec<Vertex>> {
    cdag.vertices().map(|it| cdag.operands(it).to_vec()).collect()
}

fn through(labelled: &Labelled, format: Format) -> Labelled {
    let mut text = vec![];
    write(labelled, format, &mut text).unwrap();
    let told = read(&text, None).unwrap_or_else(|it| panic!("{format}: {it}"));
    let named = format!("x.{format}");
    let named = read(&text, Some(Path::new(&named))).unwrap();
    assert_eq!(operands(&told.cdag), operands(&named.cdag));
    told
}

/// Through every format and on through every other one.
fn round(labelled: &Labelled) {
    let before = operands(&labelled.cdag);
    for &(one, ..) in FORMATS {
        let first = through(labelled, one);
        assert_eq!(operands(&first.cdag), before, "{one}");
        let names = first.names().is_none() || first.names() == labelled.names();
        assert!(names, "{one}");
        for &(two, ..) in FORMATS {
            assert_eq!(operands(&through(&first, two).cdag), before, "{one} {two}");
        }
    }
}

#[test]
fn every_family_goes_through_every_format() {
    for family in FAMILIES {
        assert!(NAMES.iter().any(|it| it.split(':').next() == Some(family.name)), "{family:?}");
    }
    for name in NAMES {
        round(&made(name).into());
    }
}

/// Operands to the left, in any order and repeated: then the vertices are renamed.
fn any_cdag(most: usize) -> impl Strategy<Value = Cdag> {
    let lists =
        prop::collection::vec(prop::collection::vec(any::<prop::sample::Index>(), 0..4), 0..most);
    (lists, any::<u64>()).prop_map(|(lists, seed)| {
        let n = lists.len();
        let mut name: Vec<u64> = (0..n as u64).collect();
        name.sort_by_key(|it| (it + 1).wrapping_mul(seed | 1));
        let mut operands = vec![vec![]; n];
        for (at, list) in lists.iter().enumerate().skip(1) {
            let reads = list.iter().map(|it| Vertex(name[it.index(at)]));
            operands[usize::try_from(name[at]).unwrap()] = reads.collect();
        }
        Cdag::new(operands).unwrap()
    })
}

fn judged(cdag: &Cdag, fast: Words, placed: &Placed<'_>) -> IoCount {
    let mut least = None;
    for recompute in [Recompute::Allowed, Recompute::Forbidden] {
        let machine = Machine { fast, recompute, partial: Partial::Off };
        let io = replay(&Problem::Explicit(cdag), &machine, Mode::Legality, placed);
        least = Some(io.unwrap_or_else(|it| panic!("{it:?}")));
    }
    least.unwrap()
}

/// Every order and every eviction is legal, and counts as the referee counts.
fn schedules(cdag: &Cdag, extra: u64, steps: u64) {
    let fast = Words(stats(cdag).least_fast + extra);
    for evict in [Evict::Belady, Evict::Lru] {
        let mut best = u64::MAX;
        for (_, start) in STARTS {
            let placed = place(cdag, &start(cdag), fast, evict).unwrap();
            let io = judged(cdag, fast, &placed);
            assert_eq!((io.loads(), io.stores()), (placed.loads(), placed.stores()));
            assert!(io.io() >= compulsory(cdag) && io.peak() <= fast.0);
            best = best.min(io.io());
        }
        let found = search(cdag, fast, evict, Limits { steps, seed: 3 }).unwrap();
        let io = judged(cdag, fast, &found.best);
        assert_eq!(io.io(), found.best.io());
        assert!(io.io() <= best);
    }
}

#[test]
fn schedules_of_every_family_are_legal() {
    for name in NAMES {
        for extra in [0, 1, 4] {
            schedules(&made(name), extra, 300);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_cdag_goes_through_every_format(cdag in any_cdag(14)) {
        round(&cdag.into());
    }

    #[test]
    fn names_go_through(cdag in any_cdag(8), salt in "[a-z\"\\\\ ]{0,3}") {
        let names = (0..cdag.n_vertices()).map(|it| format!("{salt}{it}")).collect();
        round(&Labelled::new(cdag, names).unwrap());
    }

    #[test]
    fn schedules_of_any_cdag_are_legal(cdag in any_cdag(14), extra in 0u64..3) {
        schedules(&cdag, extra, 60);
    }
}

/// True of the optimum; of what the search finds, with this seed and these steps.
#[test]
fn more_memory_never_hurts() {
    for name in ["matmul:2,2,2", "attention:2,1", "fft:8"] {
        let cdag = made(name);
        let io = |fast| {
            search(&cdag, Words(fast), Evict::Belady, Limits { steps: 3000, seed: 1 })
                .unwrap()
                .best
                .io()
        };
        let all: Vec<u64> = (3..=8).map(io).collect();
        assert!(all.is_sorted_by(|a, b| a >= b), "{name}: {all:?}");
        assert!(all[5] >= compulsory(&cdag));
    }
}

/// The moves of a program are moves of its CDAG.
#[test]
fn every_algorithm_is_a_schedule_of_its_cdag() {
    let mut same = 0;
    for algorithm in ALGORITHMS {
        for max in [Max::Kept, Max::Dropped] {
            let Some(schedule) = algorithm.schedule(max) else { continue };
            for (n, d, extra) in [(1, 1, 0), (2, 1, 3), (3, 2, 5), (5, 3, 20), (7, 2, 60)] {
                let sizes = [("N", n), ("d", d)];
                let least = schedule.totals(&schedule.least_tiles(&sizes).unwrap()).unwrap().peak;
                let fast = Words(u64::try_from(least).unwrap() + extra);
                let choice = choose(schedule, None, &sizes, fast, &Want::Best(vec![])).unwrap();
                let at = format!("{} N={n} d={d} {:?}", schedule.name, choice.tiles);
                let exported = export(&schedule.program, &choice.binding)
                    .unwrap_or_else(|it| panic!("{at}: {it}"));
                let numbers = stats(&exported.cdag);
                assert_eq!((numbers.inputs, numbers.outputs), (3 * n * d, n * d), "{at}");
                let moves = Pebbles::new(&schedule.program, &choice.binding);
                let moves = Renamed { moves, vertices: &exported.vertices };
                let machine = Machine::strict(fast);
                let problem = Problem::Explicit(&exported.cdag);
                let io = replay(&problem, &machine, Mode::Legality, moves)
                    .unwrap_or_else(|it| panic!("{at}: {it:?}"));
                let totals = choice.totals;
                assert!(u128::from(io.io()) <= totals.loads + totals.stores, "{at}");
                if max == Max::Dropped && numbers.vertices == 4 * n * n * d + 3 * n * d + n * n - n
                {
                    assert_eq!(u128::from(io.io()), totals.loads + totals.stores, "{at}");
                    same += 1;
                }
            }
        }
    }
    assert!(same > 20, "{same}");
}

/// A move source that cannot fail has no error.
#[test]
fn placed_moves_never_fail() {
    fn infallible<S: MoveSource<Error = Infallible>>(_: S) {}
    let cdag = made("tree:2");
    infallible(&place(&cdag, &STARTS[0].1(&cdag), Words(3), Evict::Lru).unwrap());
}

/// The files are no part of the project, so the test is ignored unless asked for.
#[test]
#[ignore = "needs the folder IOBOUND_HDAG, or ../shared/cases/hdag; run with --ignored"]
fn the_sixteen_files_go_through_and_are_scheduled() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/hdag");
    let folder = env::var_os("IOBOUND_HDAG").map_or(beside, Into::into);
    let mut found = 0;
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "hdag") {
            let labelled = read(&fs::read(&path).unwrap(), Some(&path)).unwrap();
            round(&labelled);
            for extra in [0, 2, 8] {
                schedules(&labelled.cdag, extra, 200);
            }
            found += 1;
        }
    }
    assert_eq!(found, 16);
}
