//! The readings of one text agree: `count`, `formula`, and `pebbles` under a small referee of this
//! file's own.
#![expect(clippy::unwrap_used, reason = "tests")]

use iobound::{
    cdag::Vertex,
    reading::{
        Pebbles, Totals, WalkError,
        count::{count, peak, words},
        formula::formula,
    },
    schedule::{Move, MoveSource, Program, bind::Binding, draft::Role},
};
use proptest::prelude::*;
use rustc_hash::FxHashSet;
use std::{collections::BTreeSet, fs, ops::ControlFlow};

const LIMIT: u64 = 1_000_000;

fn text(path: &str) -> String {
    fs::read_to_string(format!("{}/traces/{path}.sched", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Every text that ships.
const SHIPPED: &[&str] = &[
    "attenio",
    "attenio-no-max",
    "flash1",
    "flash2",
    "flash2-no-max",
    "flat",
    "hybrid",
    "pinned",
    "row-wise",
    "row-wise-no-max",
    "square-tiling",
    "square-tiling-no-max",
    "standard",
    "standard-no-max",
];

#[test]
fn the_list_is_complete() {
    let folder = fs::read_dir(format!("{}/traces", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let texts = folder.map(|it| it.unwrap().path());
    let texts = texts.filter(|it| it.extension().is_some_and(|it| it == "sched"));
    let found: BTreeSet<_> =
        texts.map(|it| it.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(found, SHIPPED.iter().map(|it| (*it).to_owned()).collect());
}

/// What a player on paper would note down.
#[derive(Debug, Default, PartialEq, Eq)]
struct Played {
    loads: u128,
    stores: u128,
    peak: u128,
    computes: u128,
}

/// Plays the strict game with two sets; panics at the first illegal move.
fn play(program: &Program, binding: &Binding) -> Result<Played, WalkError> {
    let mut pebbles = Pebbles::new(program, binding);
    let inputs = pebbles.words(Role::In).map_err(WalkError::from)?;
    let outputs = pebbles.words(Role::Out).map_err(WalkError::from)?;
    let mut blue: FxHashSet<Vertex> = (0..inputs).map(Vertex).collect();
    let (mut red, mut stored) = (FxHashSet::default(), FxHashSet::default());
    let (mut next, mut played) = (inputs, Played::default());
    let flow = pebbles.emit(&mut |it| -> ControlFlow<()> {
        match it {
            Move::Load(v) => {
                assert!(blue.contains(&v) && red.insert(v), "load {v:?}");
                played.loads += 1;
            }
            Move::Store(v, output) => {
                assert!(red.contains(&v), "store {v:?}");
                blue.insert(v);
                stored.extend(output);
                played.stores += 1;
            }
            Move::Compute { vertex, operands, .. } => {
                assert!(operands.iter().all(|it| red.contains(it)), "compute {vertex:?}");
                assert!(vertex == Vertex(next) && red.insert(vertex), "compute {vertex:?}");
                next += 1;
                played.computes += 1;
            }
            Move::Free(v) => assert!(red.remove(&v), "free {v:?}"),
            Move::Accumulate { .. } => panic!("not a move of the strict game"),
        }
        played.peak = played.peak.max(red.len() as u128);
        ControlFlow::Continue(())
    })?;
    assert_eq!(flow, ControlFlow::Continue(()));
    assert!(red.is_empty(), "a pebble is left");
    assert_eq!(stored.len() as u64, outputs, "an output is not stored");
    Ok(played)
}

type Part = fn(&Program, &Binding, u64, u128) -> Result<Option<u128>, WalkError>;

/// All readings at one size; `None` if all of them refuse it.
fn check(name: &str, program: &Program, binding: &Binding) -> Option<Totals> {
    let at = || {
        let named = program.params.iter().chain(&program.tiles);
        let sizes: Vec<_> = named
            .map(|it| format!("{} = {}", program.name(*it), binding.env[it.index()]))
            .collect();
        format!("{name} at {}", sizes.join(", "))
    };
    let counted = count(program, binding, LIMIT);
    let played = play(program, binding);
    let (counted, played) = match (counted, played) {
        (Ok(counted), Ok(played)) => (counted, played),
        (Err(_), Err(_)) => {
            let formula = formula(program).map(|it| it.eval(binding));
            assert!(
                !matches!(formula, Ok(Ok(_))),
                "the formula holds where nothing else does, {}",
                at()
            );
            return None;
        }
        (counted, played) => panic!("{}: {counted:?} but {played:?}", at()),
    };
    let totals = counted.totals;
    let expected = Played {
        loads: totals.loads,
        stores: totals.stores,
        peak: totals.peak,
        computes: counted.computes.unwrap(),
    };
    assert_eq!(played, expected, "played and counted, {}", at());
    assert!(totals.arrays <= totals.peak, "{}", at());
    // Walks that may end early: all of it at just so much, and nothing at one less.
    for (whole, up_to) in [(totals.io(), words as Part), (totals.peak, peak)] {
        assert_eq!(up_to(program, binding, LIMIT, whole), Ok(Some(whole)), "{}", at());
        let less = whole.checked_sub(1).map(|it| up_to(program, binding, LIMIT, it));
        assert!(less.is_none_or(|it| it == Ok(None)), "{}", at());
    }
    let by_array = counted.by_array(program);
    assert_eq!(by_array.iter().map(|it| it.1.loads).sum::<u128>(), totals.loads);
    assert_eq!(by_array.iter().map(|it| it.1.stores).sum::<u128>(), totals.stores);
    if let Ok(formula) = formula(program) {
        let told = formula.eval(binding).unwrap_or_else(|it| panic!("{}: {it}", at()));
        assert_eq!(told, totals, "formula and count, {}", at());
        for ((loads, stores), it) in formula.statements.iter().zip(&counted.statements) {
            assert_eq!(loads.eval(&binding.env).unwrap().unsigned_abs(), it.loads, "{}", at());
            assert_eq!(stores.eval(&binding.env).unwrap().unsigned_abs(), it.stores, "{}", at());
        }
    }
    Some(totals)
}

/// A small generator of its own: the cases are the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % n
    }
}

/// Bindings of `program` at `sizes`: all tiles if they are few, else `most` random ones. A tile that
/// no loop steps by runs from 0 to N, and one beyond.
fn bindings(
    program: &Program,
    sizes: &[(&str, u64)],
    most: u64,
    random: &mut Random,
) -> Vec<Binding> {
    let mut least = sizes.to_vec();
    let tiles: Vec<_> =
        program.tiles.iter().map(|it| (program.name(*it), program.steps_by(*it))).collect();
    least.extend(tiles.iter().map(|it| (it.0, u64::from(it.1))));
    let env = program.bind(&least).unwrap().env;
    let ranges: Vec<(u64, u64)> = program
        .tiles
        .iter()
        .zip(&tiles)
        .map(|(slot, (_, steps))| match program.most_stepped(*slot, &env) {
            Some(most) => (1, u64::try_from(most).unwrap().max(1)),
            // The end of its loop moves.
            None if *steps => (1, sizes[0].1),
            None => (0, sizes[0].1 + 2),
        })
        .collect();
    let all: u64 = ranges.iter().map(|it| it.1).product();
    (0..all.min(most))
        .filter_map(|case| {
            let mut case = if all <= most { case } else { random.below(all) };
            let mut sizes = sizes.to_vec();
            for ((name, _), (first, n)) in tiles.iter().zip(&ranges) {
                sizes.push((name, first + case % n));
                case /= n;
            }
            program.bind(&sizes).ok()
        })
        .collect()
}

/// One test a text, so that they run side by side.
fn small_sizes(name: &str) {
    let program = Program::parse(&text(name)).unwrap();
    let made = formula(&program).unwrap_or_else(|it| panic!("{name}: {it}"));
    let mut random = Random(1);
    let (mut held, mut refused) = (0, 0);
    for n in 1..=9 {
        for d in 1..=5 {
            for binding in bindings(&program, &[("N", n), ("d", d)], 40, &mut random) {
                match check(name, &program, &binding) {
                    Some(_) => held += 1,
                    None => refused += 1,
                }
            }
        }
    }
    assert!(held >= 200, "{name}: {held} sizes held");
    // Only these have tiles that reach beyond an array: κ > N, and a first tile that is too large.
    let may = ["pinned", "square-tiling-no-max"].contains(&name);
    assert!(refused == 0 || may, "{name}: {refused} sizes refused");
    drop(made);
}

macro_rules! small_sizes {
    ($($test:ident: $name:literal,)*) => {$(
        #[test]
        fn $test() {
            small_sizes($name);
        }
    )*};
}

small_sizes! {
    attenio: "attenio",
    attenio_no_max: "attenio-no-max",
    flash1: "flash1",
    flash2: "flash2",
    flash2_no_max: "flash2-no-max",
    flat: "flat",
    hybrid: "hybrid",
    pinned: "pinned",
    row_wise: "row-wise",
    row_wise_no_max: "row-wise-no-max",
    square_tiling: "square-tiling",
    square_tiling_no_max: "square-tiling-no-max",
    standard: "standard",
    standard_no_max: "standard-no-max",
}

#[test]
fn drafts_agree_too() {
    let cases: &[(&str, &[(&str, u64)])] = &[
        ("dcmha-tile", &[("N", 0), ("H", 2), ("F", 1), ("d", 2)]),
        ("dcmha-tile", &[("N", 0), ("H", 3), ("F", 2), ("d", 1)]),
    ];
    let mut random = Random(2);
    for (name, sizes) in cases {
        let program = Program::parse(&text(&format!("drafts/{name}"))).unwrap();
        for n in 1..=8 {
            let mut sizes = sizes.to_vec();
            sizes[0].1 = n;
            for binding in bindings(&program, &sizes, 30, &mut random) {
                assert!(check(name, &program, &binding).is_some(), "{name}, N = {n}");
            }
        }
    }
}

#[test]
fn a_loaded_index_is_counted_and_played_with_its_table() {
    let program = Program::parse(&text("family/paged")).unwrap();
    let sizes = [("N", 1), ("B", 5), ("G", 9), ("W", 4), ("X", 3), ("d", 2), ("dv", 2)];
    let binding = program.bind(&sizes).unwrap();
    // Query, page table, four full pages and three tokens of the last; the output.
    let totals = count(&program, &binding, LIMIT).unwrap().totals;
    assert_eq!((totals.loads, totals.stores), (2 + 5 + (4 * 4 + 3) * 2 * 2, 2));
    assert!(matches!(play(&program, &binding), Err(WalkError::Loaded { line: 14 })));
    let binding = program.with_table(binding, "T", vec![3, 0, 8, 3, 1]).unwrap();
    assert_eq!(check("paged", &program, &binding), Some(totals));
    assert_eq!(formula(&program).unwrap_err().why, "an index is loaded");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn larger_sizes(text_of in 0..SHIPPED.len(), n in 1u64..40, d in 1u64..10, seed in 0u64..1 << 40) {
        let name = SHIPPED[text_of];
        let program = Program::parse(&text(name)).unwrap();
        for binding in bindings(&program, &[("N", n), ("d", d)], 2, &mut Random(seed)) {
            check(name, &program, &binding);
        }
    }

    #[test]
    fn a_mask_at_larger_sizes(n in 1u64..30, d in 1u64..6, seed in 0u64..1 << 40) {
        let program = Program::parse(&text("family/causal")).unwrap();
        let sizes = [("N", n), ("P", n + seed % 3), ("d", d), ("dv", 1 + seed % 5)];
        for binding in bindings(&program, &sizes, 2, &mut Random(seed)) {
            prop_assert!(check("causal", &program, &binding).is_some());
        }
    }
}

#[test]
fn an_empty_reduction() {
    let ops = |text: &str| {
        let text = format!("iobound-schedule 1\nparam N;\nin Q[N,N], A[N];\n{text}\n");
        let program = Program::parse(&text).unwrap();
        let binding = program.bind(&[("N", 2)]).unwrap();
        check("an empty reduction", &program, &binding).unwrap();
        let mut ops = vec![];
        let _ = Pebbles::new(&program, &binding).emit(&mut |it| -> ControlFlow<()> {
            if let Move::Compute { op, .. } = it {
                ops.push(op.to_string());
            }
            ControlFlow::Continue(())
        });
        ops.join(" ")
    };
    let none = |fill| format!("load q = Q[.., 1..1]; s[r] {fill} q[r,c]; free q, s;");
    assert_eq!(ops(&none("+=")), "const:0 const:0");
    assert_eq!(ops(&none("max=")), "const:-inf const:-inf");
    let masked = "load q = Q[.., ..]; s[r] += q[r,c] where c < r; free q, s;";
    assert_eq!(ops(masked), "const:0 copy");
    // In place the word stays.
    let live = "load q = Q[.., ..]; load s = A[..]; s[r] += q[r,c] where c < r; free q, s;";
    assert_eq!(ops(live), "add");
    let set = "load s = A[..]; s[r] = exp(s[r]) where r > 0; free s;";
    assert_eq!(ops(set), "exp");
}
