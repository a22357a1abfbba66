//! The attention family: each member against its reference, the referee, its closed form, numbers worked
//! by hand, and the bounds.
#![expect(clippy::unwrap_used, reason = "tests")]

use iobound::{
    attention::{
        Bilevel, Mask, Partition, Pattern, Shape, Task, Variant,
        float::Floats,
        pattern::Band,
        variant::{Keeps, Keys, Scores},
    },
    certificate::{Attention, Pass},
    model::{Machine, Words},
    observe::{Class, Membership},
    reading::{
        Pebbles, Totals,
        count::{LIMIT, count},
        run::{exactly, in_floats, run_task},
    },
    replay::{Mode, Problem, Refusal, Rule, Verified, replay},
    schedule::{
        Move, Program, Tee,
        bind::{BindError, Binding},
        draft::Role,
    },
    strategy::{Member, NoTask, Schedule, Want, bilevel, choose, family, member, pattern},
    sweep::{bound_of, claim},
    value::{Value, Values},
};
use num_bigint::BigUint;

const SEED: u64 = 7;

/// The same cases on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % n
    }

    fn up_to(&mut self, n: u64) -> u64 {
        1 + self.below(n)
    }
}

fn bind(program: &Program, sizes: &[(&str, u64)]) -> Binding {
    program.bind(sizes).unwrap_or_else(|it| panic!("{sizes:?}: {it}"))
}

fn totals(program: &Program, binding: &Binding) -> Totals {
    count(program, binding, LIMIT).unwrap().totals
}

/// Random parameters of a member that go together, and tiles from 1 on.
fn draw(it: &Member, random: &mut Random) -> Binding {
    let program = &it.schedule().program;
    let mut sizes: Vec<(&str, u64)> = vec![];
    for slot in &program.params {
        let name = program.name(*slot);
        let of = |name: &str| sizes.iter().find(|it| it.0 == name).unwrap().1;
        let value = match name {
            // As many keys as queries, or more.
            "P" if it.name != "bilevel" => of("N") + random.below(4),
            "X" => random.up_to(of("W")),
            "N" => random.up_to(6),
            "F" if it.name.starts_with("dcmha") => random.up_to(2),
            "L" if it.name == "bilevel" => random.up_to(4),
            "W" | "F" | "L" => random.up_to(8),
            _ => random.up_to(3),
        };
        sizes.push((name, value));
    }
    for slot in &program.tiles {
        let name = program.name(*slot);
        let over = match name {
            "Bg" => "G",
            "Bb" => "B",
            "Be" => "dv",
            "Bm" => "m",
            "Bx" if sizes.iter().any(|it| it.0 == "R") => "R",
            "Bx" => "d",
            "Br" | "Bc" | "Bi" if it.name == "bilevel" => "L",
            "Bp" | "Bk" => "P",
            "Bf" => "d",
            "Bc" | "b" if sizes.iter().any(|it| it.0 == "P") => "P",
            "Bc" if it.name == "shared-prefix" => "S",
            _ => "N",
        };
        let most = sizes.iter().find(|it| it.0 == over).unwrap().1;
        sizes.push((name, random.up_to(most)));
    }
    let mut binding = bind(program, &sizes);
    if it.name == "paged" {
        let of = |name: &str| sizes.iter().find(|it| it.0 == name).unwrap().1;
        let table = (0..of("B")).map(|_| random.below(of("G"))).collect();
        binding = program.with_table(binding, "T", table).unwrap();
    }
    binding
}

/// The readings of one program agree, it computes its task, and no bound exceeds it.
fn check(schedule: &Schedule, binding: &Binding, task: &Task) {
    let program = &schedule.program;
    let at = format!("{} at {:?}", schedule.name, binding.env);
    // Arrays and words are those of the definition.
    let words = |it: &iobound::schedule::poly::Poly| it.eval(&binding.env).unwrap().unsigned_abs();
    let inputs = program.with_role(Role::In).map(|it| &program.slow[it.0]);
    let inputs: Vec<_> =
        inputs.map(|it| (it.name.as_str(), it.dims.iter().map(words).product())).collect();
    assert_eq!(inputs, task.inputs(), "{at}");
    let outcome = run_task(program, binding, task, SEED).unwrap_or_else(|it| panic!("{at}: {it}"));
    assert!(outcome.exact, "{at}");
    assert!(outcome.max_abs_error < 1e-9, "{at}: {}", outcome.max_abs_error);
    let totals = totals(program, binding);
    let machine = Machine::strict(Words(u64::try_from(totals.peak).unwrap()));
    let mode = Mode::Values { seed: SEED };
    let seen = replay(&Problem::Task(task), &machine, mode, Pebbles::new(program, binding));
    let seen = seen.unwrap_or_else(|it| panic!("{at}: {it}"));
    assert_eq!(seen.verified(), Verified::Task { seed: SEED });
    let seen = [seen.loads(), seen.stores(), seen.peak()].map(u128::from);
    assert_eq!(seen, [totals.loads, totals.stores, totals.peak], "{at}");
    if let Some(it) = &schedule.formula {
        assert_eq!(it.eval(binding).unwrap(), totals, "{at}");
    }
    if let Ok((id, bound)) = bound_of(task, 1, machine.fast) {
        assert!(bound <= BigUint::from(totals.io()), "{at}: {id} {bound} > {}", totals.io());
    }
    // No theorem speaks of these but that every word moves.
    if matches!(task, Task::Linear(_) | Task::Composed(_) | Task::Bilevel(_)) {
        assert!(task.n_inputs() + task.n_outputs() <= totals.io(), "{at}");
    }
}

fn random_sizes(name: &str) {
    let it = member(name).unwrap();
    let mut random = Random(1);
    for _ in 0..60 {
        let binding = draw(it, &mut random);
        check(it.schedule(), &binding, &it.task(&binding).unwrap());
    }
}

macro_rules! random_sizes {
    ($($test:ident: $name:literal,)*) => {
        const TESTED: &[&str] = &[$($name),*];
        $(
            #[test]
            fn $test() {
                random_sizes($name);
            }
        )*
    };
}

random_sizes! {
    cross: "cross",
    causal: "causal",
    sliding: "sliding",
    prefix: "prefix",
    documents: "documents",
    gqa: "gqa",
    gqa_causal: "gqa-causal",
    mla: "mla",
    split_k: "split-k",
    paged: "paged",
    shared_prefix: "shared-prefix",
    flash1_backward: "flash1-backward",
    flash2_backward: "flash2-backward",
    two_pass_backward: "two-pass-backward",
    bias: "bias",
    alibi: "alibi",
    soft_cap: "soft-cap",
    sink: "sink",
    rotary: "rotary",
    linear: "linear",
    linear_causal: "linear-causal",
    linear_blocked: "linear-blocked",
    polynomial: "polynomial",
    polynomial_blocked: "polynomial-blocked",
    in_context: "in-context",
    in_context_blocked: "in-context-blocked",
    dcmha: "dcmha",
    dcmha_scores: "dcmha-scores",
    equal_clusters: "bilevel",
}

/// A member, sizes, loads and stores.
type ByHand = (&'static str, &'static [(&'static str, u64)], u128, u128);

/// Worked by hand from the loops.
const BY_HAND: &[ByHand] = &[
    // Q, then all keys and values for each of 3 blocks of rows.
    ("cross", &[("N", 5), ("P", 7), ("d", 2), ("dv", 3), ("Br", 2), ("Bc", 3)], 10 + 3 * 7 * 5, 15),
    // Two blocks: keys up to those of queries 1 and 3, which stand beside keys 3 and 5: 4 and 6.
    (
        "causal",
        &[("N", 4), ("P", 6), ("d", 2), ("dv", 1), ("Br", 2), ("Bc", 2)],
        8 + (4 + 6) * 3,
        4,
    ),
    // Three blocks, keys 0..2, 1..4 and 3..6.
    (
        "sliding",
        &[("N", 6), ("P", 6), ("d", 1), ("dv", 1), ("W", 2), ("Br", 2), ("Bc", 1)],
        6 + 8 * 2,
        6,
    ),
    // Three blocks, keys 0..3, 0..4 and 0..6.
    (
        "prefix",
        &[("N", 6), ("P", 6), ("d", 1), ("dv", 1), ("F", 3), ("Br", 2), ("Bc", 4)],
        6 + 13 * 2,
        6,
    ),
    // Documents of 3, 3 and 1: two blocks of rows in each of the first.
    (
        "documents",
        &[("N", 7), ("d", 2), ("dv", 2), ("L", 3), ("Br", 2), ("Bc", 2)],
        14 + (6 + 6 + 1) * 4,
        14,
    ),
    // 4 key heads, each read for two tiles of the group.
    (
        "gqa",
        &[
            ("B", 2),
            ("H", 2),
            ("G", 3),
            ("N", 2),
            ("P", 4),
            ("d", 1),
            ("dv", 2),
            ("Bg", 2),
            ("Br", 2),
            ("Bc", 1),
        ],
        24 + 4 * 2 * 4 * 3,
        48,
    ),
    // 2 key heads; blocks of rows read 2 and 3 keys.
    (
        "gqa-causal",
        &[
            ("B", 1),
            ("H", 2),
            ("G", 2),
            ("N", 3),
            ("P", 3),
            ("d", 1),
            ("dv", 1),
            ("Bg", 2),
            ("Br", 2),
            ("Bc", 1),
        ],
        12 + 2 * 5 * 2,
        12,
    ),
    // Two tiles of heads read 3 tokens of 3 words.
    (
        "mla",
        &[
            ("B", 1),
            ("G", 4),
            ("N", 1),
            ("P", 3),
            ("dv", 2),
            ("dr", 1),
            ("Bg", 3),
            ("Br", 1),
            ("Bc", 1),
        ],
        12 + 2 * 9,
        8,
    ),
    // Q twice and the keys once; O, l and m of 2 splits are stored and loaded.
    (
        "split-k",
        &[("N", 2), ("P", 5), ("d", 1), ("dv", 1), ("S", 2), ("Bc", 1), ("a", 1)],
        4 + 10 + 12,
        12 + 2,
    ),
    // Q, three entries of the table, 2 + 2 + 1 tokens.
    (
        "paged",
        &[("N", 1), ("B", 3), ("G", 4), ("W", 2), ("X", 1), ("d", 1), ("dv", 1)],
        1 + 3 + 10,
        1,
    ),
    // The prefix for two tiles of sequences, and 2 tokens for each of 3.
    (
        "shared-prefix",
        &[("B", 3), ("N", 1), ("F", 4), ("S", 2), ("d", 1), ("dv", 1), ("Bb", 2), ("Bc", 2)],
        3 + 2 * 8 + 3 * 4,
        3,
    ),
    // THEORY section 3: 4Nd + Tc(5Nd + 2N), here Nd = 8 and Tc = 2, and Nd for the first dQ.
    (
        "flash1-backward",
        &[("N", 4), ("P", 4), ("d", 2), ("dv", 2), ("a", 1), ("Br", 3), ("Bc", 2)],
        2 * 8 + 2 * (4 * 8 + 2 * 4),
        8 + 2 * 8 + 2 * 8,
    ),
    // 2Nd + N + 4Nd + Tc(4Nd + 2N), and Nd for the first dQ.
    (
        "flash2-backward",
        &[("N", 4), ("P", 4), ("d", 2), ("dv", 2), ("a", 1), ("Br", 3), ("Bc", 2)],
        2 * 8 + 2 * 8 + 2 * (3 * 8 + 2 * 4),
        4 + 8 + 2 * 8 + 2 * 8,
    ),
    // O, dO, Q and L once, K and V for each of 2 blocks; then K and V once, Q, dO, L, D for each of 2.
    (
        "two-pass-backward",
        &[("N", 4), ("P", 4), ("d", 2), ("dv", 2), ("a", 1), ("Br", 2), ("b", 1), ("Bc", 2)],
        3 * 8 + 4 + 2 * 16 + 16 + 2 * (16 + 8),
        4 + 8 + 16,
    ),
    // Each word of the bias once.
    ("bias", &[("N", 4), ("P", 3), ("d", 1), ("dv", 1), ("Br", 2), ("Bc", 2)], 4 + 2 * 6 + 12, 4),
    // One word for each of 2 blocks.
    ("alibi", &[("N", 4), ("P", 3), ("d", 1), ("dv", 1), ("Br", 2)], 4 + 2 * 6 + 2, 4),
    (
        "soft-cap",
        &[("N", 4), ("P", 3), ("d", 1), ("dv", 1), ("Br", 2), ("Bc", 2)],
        4 + 2 * 6 + 2,
        4,
    ),
    ("sink", &[("N", 4), ("P", 3), ("d", 1), ("dv", 1), ("Br", 2), ("Bc", 2)], 4 + 2 * 6 + 2, 4),
    // A row and a key cost their angle's cosine and sine too: 2 + 2, and 2 + 1 + 2.
    (
        "rotary",
        &[("N", 2), ("P", 3), ("h", 1), ("dv", 1), ("Br", 1), ("Bc", 2)],
        2 * (4 + 3 * 5),
        2,
    ),
    // THEORY section 3: every word once.
    ("linear", &[("N", 4), ("P", 5), ("d", 2), ("dv", 3), ("Bc", 2), ("Br", 3)], 5 * 5 + 8, 12),
    ("linear-causal", &[("N", 5), ("d", 2), ("dv", 3), ("Br", 2)], 5 * (2 + 2 + 3), 15),
    // 2 blocks of columns, which read K and Q, by 2 of features, which read V and O; L in each of the 4;
    // O and L made 0 first and divided at the end.
    (
        "linear-blocked",
        &[
            ("N", 4),
            ("P", 5),
            ("d", 3),
            ("dv", 3),
            ("a", 2),
            ("Be", 2),
            ("Bx", 2),
            ("Bc", 2),
            ("Br", 3),
        ],
        2 * (15 + 12) + 2 * (15 + 12) + 4 * 4 + 12 + 2 * 4,
        12 + 2 * 4 + 2 * 12 + 4 * 4 + 12,
    ),
    // 12 words of W for 3 blocks of keys and 1 of queries.
    (
        "polynomial",
        &[("N", 4), ("P", 5), ("d", 2), ("dv", 1), ("g", 2), ("R", 3), ("Bc", 2), ("Br", 4)],
        4 * 12 + 10 + 5 + 8,
        4,
    ),
    // The same words of W; K, V, Q, O and L for each of 2 blocks of features; O and L as above.
    (
        "polynomial-blocked",
        &[
            ("N", 4),
            ("P", 5),
            ("d", 2),
            ("dv", 1),
            ("g", 2),
            ("R", 3),
            ("a", 4),
            ("Bx", 2),
            ("Bc", 2),
            ("Br", 4),
        ],
        4 * 12 + 2 * (10 + 5 + 8 + 4 + 4) + 8,
        8 + 2 * 8 + 4,
    ),
    // W, A and B once, examples with their labels, questions.
    (
        "in-context",
        &[("N", 2), ("P", 3), ("d", 2), ("m", 4), ("k", 3), ("Bc", 2), ("Br", 2)],
        8 + 12 + 9 + 6 + 3 + 4,
        2,
    ),
    // W and A for 2 blocks of examples and 1 of questions.
    (
        "in-context-blocked",
        &[("N", 2), ("P", 3), ("d", 2), ("m", 4), ("k", 3), ("Bc", 2), ("Br", 2), ("Bm", 3)],
        3 * (8 + 12) + 9 + 6 + 3 + 4,
        2,
    ),
    // Q; K for each of 2 blocks in both passes, V in one; W of both stages; 24 words of factors and gates of
    // the queries a stage, once; as many of the keys: 2 blocks, first stage in both passes, second in one.
    (
        "dcmha",
        &[("H", 2), ("N", 4), ("d", 2), ("dv", 3), ("F", 1), ("Br", 2), ("Bc", 3)],
        16 + 4 * 16 + 2 * 24 + 8 + 2 * 24 + 4 * 24 + 2 * 24,
        24,
    ),
    // Scores are made once, so K and the keys' factors of the first stage are read for 2 blocks only; 32 scores
    // written once, read twice; the row sums written and read.
    (
        "dcmha-scores",
        &[("H", 2), ("N", 4), ("d", 2), ("dv", 3), ("F", 1), ("Br", 2), ("Bc", 3)],
        16 + 2 * 16 + 2 * 24 + 8 + 2 * 24 + 2 * 24 + 2 * 24 + 2 * 32 + 8,
        32 + 8 + 24,
    ),
    // Q; K and V of a cluster for each of its 2 blocks of rows; the means' queries, keys and values for one
    // block of clusters and a half: keys and values twice; columns in two blocks, X and Y read for each, WX and
    // WY once. Stored: X, the means, Y, O.
    (
        "bilevel",
        &[
            ("H", 2),
            ("P", 3),
            ("L", 5),
            ("d", 2),
            ("Br", 3),
            ("Bc", 2),
            ("Bp", 2),
            ("Bk", 2),
            ("Bf", 3),
            ("Bi", 2),
        ],
        60 + 2 * 120 + 12 + 2 * 24 + 2 * (60 + 12) + 2 * 16,
        60 + 3 * 12 + 12 + 60,
    ),
];

#[test]
fn as_worked_by_hand() {
    for (name, sizes, loads, stores) in BY_HAND {
        let program = &member(name).unwrap().schedule().program;
        let it = totals(program, &bind(program, sizes));
        assert_eq!((it.loads, it.stores), (*loads, *stores), "{name}");
    }
}

#[test]
fn every_member_is_tested() {
    let names: Vec<_> = family().map(|it| it.name).collect();
    assert_eq!(names, TESTED);
    assert_eq!(names, BY_HAND.iter().map(|it| it.0).collect::<Vec<_>>());
    let folder = format!("{}/traces/family", env!("CARGO_MANIFEST_DIR"));
    let texts = std::fs::read_dir(folder).unwrap().count();
    assert_eq!(texts, names.len());
    for it in family() {
        assert!(!it.source.is_empty() && !it.about.is_empty(), "{}", it.name);
    }
}

fn some_pattern() -> Pattern {
    let band = |rows, keys: &[std::ops::Range<u64>]| Band { rows, keys: keys.to_vec() };
    let bands = vec![band(0..3, &[0..2, 4..7]), band(3..4, &[]), band(4..9, &[3..5, 5..7])];
    Pattern::new(9, 7, bands).unwrap()
}

fn pattern_task(of: &Pattern, d: u64, dv: u64) -> Task {
    let shape = Shape::new(of.rows(), of.keys(), d, dv).unwrap();
    let plain = Variant::masked(shape, Mask::Full);
    Task::Forward(Variant { keeps: Keeps::Pattern(of.clone()), scaled: true, ..plain })
}

#[test]
fn a_pattern_visits_its_blocks_only() {
    let of = some_pattern();
    let schedule = pattern("some", &of);
    let text = schedule.program.draft.to_string();
    assert!(Program::parse(&text).is_ok(), "{text}");
    let mut random = Random(5);
    for _ in 0..20 {
        let (d, dv) = (random.up_to(3), random.up_to(3));
        let sizes = [("d", d), ("dv", dv), ("Br", random.up_to(9)), ("Bc", random.up_to(7))];
        check(&schedule, &bind(&schedule.program, &sizes), &pattern_task(&of, d, dv));
    }
    // Br = 2: two blocks of rows see 5 keys, three see 4, one none; 3 + 5 rows of Q.
    let binding = bind(&schedule.program, &[("d", 2), ("dv", 1), ("Br", 2), ("Bc", 2)]);
    let it = totals(&schedule.program, &binding);
    assert_eq!((it.loads, it.stores), (8 * 2 + (2 * 5 + 3 * 4) * 3, 9));
    // The row without pairs is 0 in the reference and in the schedule.
    let row = 3..4;
    let expected = pattern_task(&of, 2, 1).exactly(Values { seed: SEED }).unwrap();
    assert_eq!(expected[row.clone()], [Value::integer(0)]);
    let outputs = exactly(&schedule.program, &binding, Values { seed: SEED }).unwrap();
    assert_eq!(outputs[row], [Some(Value::integer(0))]);
}

/// Clusters as a partitioner leaves them: the rows are gathered by a table whose words are counted.
#[test]
fn ragged_clusters_of_scattered_nodes() {
    let mut random = Random(9);
    for case in 0..24 {
        let n = 2 + random.below(8);
        let clusters = random.up_to(n);
        let partition = if case % 3 == 0 {
            Partition::ragged(n, clusters, random.below(99)).unwrap()
        } else {
            // A node for each cluster, the others anywhere.
            let drawn = |node: u64| if node < clusters { node } else { random.below(clusters) };
            let of: Vec<u64> = (0..n).map(drawn).collect();
            let mut text = format!("iobound-partition 1\nnodes {n}\nclusters {clusters}\n");
            for cluster in 0..clusters {
                let nodes = of.iter().zip(0..).filter(|it| *it.0 == cluster);
                let nodes: Vec<_> = nodes.map(|it: (_, u64)| it.1.to_string()).collect();
                text += &format!("{cluster}: {}\n", nodes.join(" "));
            }
            text.parse().unwrap()
        };
        let schedule = bilevel("some", &partition);
        assert!(Program::parse(&schedule.program.draft.to_string()).is_ok());
        // Without a table every loop is rectangular.
        assert_eq!(schedule.formula.is_some(), partition.order().is_none());
        let (heads, d) = (random.up_to(2), random.up_to(2));
        let mut sizes = vec![("H", heads), ("d", d)];
        let size = partition.sizes()[0].size;
        let most = [size, size, clusters, clusters, heads * d, size];
        for (tile, most) in ["Br", "Bc", "Bp", "Bk", "Bf", "Bi"].into_iter().zip(most) {
            sizes.push((tile, random.up_to(most)));
        }
        let mut binding = bind(&schedule.program, &sizes);
        if let Some(order) = partition.order() {
            binding = schedule.program.with_table(binding, "T", order.to_vec()).unwrap();
        }
        check(&schedule, &binding, &Task::Bilevel(Bilevel { heads, d, partition }));
    }
}

/// Three clusters of 3, 2 and 1 of 6 nodes, two heads of two words: 24 words of Q, K, V each. Br = 2 splits the
/// first cluster, so that 9 + 3 keys are met twice or once: 12 of Q, K and V, and of T 6 + 6 + 3 + 2 + 1 a head.
#[test]
fn a_table_of_nodes_is_counted() {
    let text = "iobound-partition 1\nnodes 6\nclusters 3\n0: 4\n1: 5 0..2\n2: 2 3\n";
    let schedule = bilevel("some", &text.parse().unwrap());
    let tiles = [("Br", 2), ("Bc", 2), ("Bp", 3), ("Bk", 3), ("Bf", 4), ("Bi", 3)];
    let sizes = [&[("H", 2), ("d", 2)][..], &tiles].concat();
    let it = count(&schedule.program, &bind(&schedule.program, &sizes), LIMIT).unwrap();
    let loads = |name: &str| {
        let arrays = it.by_array(&schedule.program);
        arrays.into_iter().find(|it| it.0 == name).unwrap().1.loads
    };
    // Queries: 6; keys: 3 for each of 2 blocks of the first cluster, then 2 and 1.
    assert_eq!(loads("T"), 2 * (6 + 3 + 3 + 2 + 1));
    assert_eq!([loads("Q"), loads("K"), loads("V")], [24, 36, 36]);
    assert_eq!([loads("X"), loads("Y"), loads("WX"), loads("WY")], [24, 12, 16, 16]);
}

/// The first words are those of attention inside the clusters: 4 a node and column where a cluster fits.
#[test]
fn one_cluster_is_full_attention() {
    let program = &member("bilevel").unwrap().schedule().program;
    let it = member("bilevel").unwrap();
    let (n, d) = (5, 3);
    let tiles = [("Br", 2), ("Bc", 2), ("Bp", 1), ("Bk", 1), ("Bf", 3), ("Bi", 2)];
    let sizes = [&[("H", 1), ("P", 1), ("L", n), ("d", d)][..], &tiles].concat();
    let binding = bind(program, &sizes);
    let found = count(program, &binding, LIMIT).unwrap().by_array(program);
    let words = |names: &[&str]| {
        let arrays = found.iter().filter(|it| names.contains(&it.0.as_str()));
        arrays.map(|it| it.1.loads).sum::<u128>()
    };
    let cross = &member("cross").unwrap().schedule().program;
    let sizes = [("N", n), ("P", n), ("d", d), ("dv", d), ("Br", 2), ("Bc", 2)];
    assert_eq!(words(&["Q", "K", "V"]), totals(cross, &bind(cross, &sizes)).loads);
    // With the layer as it is, O is relu(X·WX + mean(V)·WY): one cluster sees itself only.
    let task = it.task(&binding).unwrap();
    let Task::Bilevel(of) = &task else { panic!() };
    let input = |at: usize| f64::sin(1.0 + 2.7 * f64::from(u32::try_from(at).unwrap()));
    let floats = Floats { input, scale: 3_f64.sqrt().recip() };
    let found = of.outputs(&floats).unwrap();
    let shape = Shape::square(n, d).unwrap();
    let plain = Variant { scaled: true, ..Variant::masked(shape, Mask::Full) };
    let x = plain.outputs(&floats).unwrap();
    let weight = |array: usize, row: usize, f: usize| input(45 + 9 * array + 3 * row + f);
    for (i, row) in x.chunks(3).enumerate() {
        for f in 0..3 {
            let own: f64 = (0..3).map(|e| row[e] * weight(0, e, f)).sum();
            let mean = |e: usize| (0..5).map(|j| input(30 + 3 * j + e)).sum::<f64>() / 5.0;
            let all: f64 = (0..3).map(|e| mean(e) * weight(1, e, f)).sum();
            assert!((found[3 * i + f] - (own + all).max(0.0)).abs() < 1e-12, "{i} {f}");
        }
    }
}

/// A mask of all ones costs what no mask costs, words and peaks.
#[test]
fn a_mask_of_all_ones_is_no_mask() {
    let mut random = Random(3);
    for _ in 0..40 {
        let (n, d, dv) = (random.up_to(9), random.up_to(4), random.up_to(4));
        let (p, br) = (n + random.below(3), random.up_to(n));
        let bc = random.up_to(p);
        let tiles = [("Br", br), ("Bc", bc)];
        let at = |name: &str, sizes: &[(&str, u64)]| {
            let program = &member(name).unwrap().schedule().program;
            totals(program, &bind(program, &[sizes, &tiles].concat()))
        };
        let sizes = [("N", n), ("P", p), ("d", d), ("dv", dv)];
        let plain = at("cross", &sizes);
        assert_eq!(at("prefix", &[&sizes[..], &[("F", p)]].concat()), plain);
        let one = [("B", 1), ("H", 1), ("G", 1), ("Bg", 1)];
        assert_eq!(at("gqa", &[&sizes[..], &one].concat()), plain);
        let keys = std::iter::once(0..p).collect();
        let whole = Pattern::new(n, p, vec![Band { rows: 0..n, keys }]).unwrap();
        let schedule = pattern("whole", &whole);
        let sizes = [&[("d", d), ("dv", dv)][..], &tiles].concat();
        assert_eq!(totals(&schedule.program, &bind(&schedule.program, &sizes)), plain);
        if p == n {
            let document = [("N", n), ("d", d), ("dv", dv), ("L", n)];
            assert_eq!(at("documents", &document), plain);
        }
        // A window of all keys is the causal mask.
        let sizes = [("N", n), ("P", p), ("d", d), ("dv", dv)];
        let window = at("sliding", &[&sizes[..], &[("W", p + random.below(2))]].concat());
        assert_eq!(window, at("causal", &sizes));
    }
}

#[test]
fn a_causal_count_tends_to_half() {
    let of = |name: &str, n: u64| {
        let program = &member(name).unwrap().schedule().program;
        let sizes = [("N", n), ("P", n), ("d", 64), ("dv", 64), ("Br", 64), ("Bc", 64)];
        totals(program, &bind(program, &sizes)).io()
    };
    let mut last = 1.0;
    for (n, most) in [(1 << 9, 0.63), (1 << 12, 0.52), (1 << 15, 0.503)] {
        #[expect(clippy::cast_precision_loss, reason = "a ratio")]
        let ratio = of("causal", n) as f64 / of("cross", n) as f64;
        assert!(0.5 < ratio && ratio < most && ratio < last, "{n}: {ratio}");
        last = ratio;
    }
}

#[test]
fn a_wrong_mask_is_seen() {
    let check = |name: &str, from: &str, to: &str, sizes: &[(&str, u64)]| {
        let it = member(name).unwrap();
        let text = it.text.replace(from, to);
        assert_ne!(text, it.text, "{name}");
        let program = Program::parse(&text).unwrap();
        let binding = bind(&program, sizes);
        let task = it.task(&bind(&it.schedule().program, sizes)).unwrap();
        let run = run_task(&program, &binding, &task, SEED);
        assert!(!run.is_ok_and(|it| it.exact), "{name}: {to}");
        let machine = Machine::strict(Words(1 << 20));
        let mode = Mode::Values { seed: SEED };
        let seen = replay(&Problem::Task(&task), &machine, mode, Pebbles::new(&program, &binding));
        let Err(Refusal::Violation(it)) = seen else { panic!("{name}: {seen:?}") };
        assert!(matches!(it.rule, Rule::WrongValue { .. } | Rule::Undefined(_)), "{name}: {it}");
    };
    let sizes = [("N", 5), ("P", 6), ("d", 2), ("dv", 2), ("Br", 3), ("Bc", 2)];
    // Each block of queries without the key of its first; each query with a key too many.
    check("causal", "P-N+i+1 by Bc", "P-N+i by Bc", &sizes);
    check("causal", "where j+c <= P-N+i+r", "where j+c <= P-N+i+r+1", &sizes);
    let sizes = [&sizes[..], &[("W", 2)]].concat();
    check("sliding", "j+c+W > P-N+i+r", "j+c+W >= P-N+i+r", &sizes);
    check(
        "alibi",
        "x = x + slope",
        "x = x - slope",
        &[("N", 3), ("P", 3), ("d", 1), ("dv", 1), ("Br", 2)],
    );
}

/// Masked texts are in the class of the bounds, each product of the mask computed once.
#[test]
fn masked_members_are_in_the_class() {
    let mut random = Random(11);
    let seen = |schedule: &Schedule, binding: &Binding, it: &Variant| {
        let mut watch = Membership::masked(&it.shape, it.keeps.clone()).unwrap();
        let machine = Machine::strict(Words(1 << 20));
        let moves = Tee(Pebbles::new(&schedule.program, binding), |it: Move<'_>| watch.see(it));
        replay(&Problem::Task(&Task::Forward(it.clone())), &machine, Mode::Legality, moves)
            .unwrap();
        watch.class()
    };
    for name in ["cross", "causal", "sliding", "prefix", "documents", "split-k"] {
        let member = member(name).unwrap();
        for _ in 0..20 {
            let binding = draw(member, &mut random);
            let Task::Forward(it) = member.task(&binding).unwrap() else { panic!("{name}") };
            assert!(it.is_one_head());
            let class = seen(member.schedule(), &binding, &it);
            assert_eq!(class, Class::Member { recomputed: 0 }, "{name} at {:?}", binding.env);
        }
    }
    let of = some_pattern();
    let Task::Forward(it) = pattern_task(&of, 2, 2) else { panic!() };
    let schedule = pattern("some", &of);
    let binding = bind(&schedule.program, &[("d", 2), ("dv", 2), ("Br", 2), ("Bc", 3)]);
    assert_eq!(seen(&schedule, &binding, &it), Class::Member { recomputed: 0 });
    // Under a larger mask products are missing.
    let whole = Variant { keeps: Keeps::Mask(Mask::Full), ..it };
    assert!(matches!(seen(&schedule, &binding, &whole), Class::Unknown(_)));
}

/// Gradients against central differences of the loss Σ O·dO, in f64.
#[test]
fn gradients_are_slopes() {
    let shape = Shape::new(4, 5, 3, 2).unwrap();
    let (n_q, n_k, n_v, n_o) = (12, 15, 10, 8);
    let forward = Task::Forward(Variant { scaled: true, ..Variant::masked(shape, Mask::Full) });
    let scale = 3_f64.sqrt().recip();
    #[expect(clippy::cast_precision_loss, reason = "small")]
    let inputs: Vec<f64> =
        (0..n_q + n_k + n_v + n_o).map(|it| f64::sin(1.0 + 2.7 * it as f64)).collect();
    let (qkv, grad) = inputs.split_at(n_q + n_k + n_v);
    let output = |qkv: &[f64]| forward.outputs(&Floats { input: |at| qkv[at], scale }).unwrap();
    let loss = |qkv: &[f64]| output(qkv).iter().zip(grad).map(|(o, g)| o * g).sum::<f64>();
    let slope = |at: usize| {
        let moved = |by: f64| {
            let mut it = qkv.to_vec();
            it[at] += by;
            loss(&it)
        };
        (moved(1e-5) - moved(-1e-5)) / 2e-5
    };
    let slopes: Vec<f64> = (0..qkv.len()).map(slope).collect();
    assert!(slopes.iter().any(|it| it.abs() > 0.1));
    let o = output(qkv);
    let scores = |i: usize| -> Vec<f64> {
        let dot = |j: usize| (0..3).map(|l| qkv[3 * i + l] * qkv[n_q + 3 * j + l]).sum::<f64>();
        (0..5).map(|j| scale * dot(j)).collect()
    };
    let max = |i: usize| scores(i).into_iter().fold(f64::NEG_INFINITY, f64::max);
    let sum = |i: usize| scores(i).iter().map(|it| (it - max(i)).exp()).sum::<f64>();
    let log_sum: Vec<f64> = (0..4).map(|i| max(i) + sum(i).ln()).collect();
    let both: Vec<f64> = (0..4).map(sum).chain((0..4).map(max)).collect();
    for (name, statistics) in
        [("flash1-backward", &both), ("flash2-backward", &log_sum), ("two-pass-backward", &log_sum)]
    {
        let it = member(name).unwrap();
        let program = &it.schedule().program;
        let mut sizes = vec![("N", 4), ("P", 5), ("d", 3), ("dv", 2)];
        sizes.extend(program.tiles.iter().map(|it| (program.name(*it), 2)));
        let all = [qkv, &o, grad, statistics].concat();
        let found = in_floats(program, &bind(program, &sizes), |at| all[at]).unwrap();
        assert_eq!(found.len(), slopes.len());
        for (found, slope) in found.iter().zip(&slopes) {
            assert!((found.unwrap() - slope).abs() < 1e-8, "{name}: {found:?} {slope}");
        }
    }
}

#[test]
fn what_no_bound_is_about_says_why() {
    let shape = Shape::square(4, 2).unwrap();
    let plain = Variant::masked(shape, Mask::Full);
    let check = |it: Variant, expected: &str| {
        let error = claim(&Task::Forward(it)).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    };
    check(Variant { scores: Scores::Rotary, ..plain.clone() }, "turned key");
    check(Variant { keys: Keys::Shared, ..plain.clone() }, "same words");
    let none = Pattern::new(4, 4, vec![Band { rows: 0..4, keys: vec![] }]).unwrap();
    check(Variant { keeps: Keeps::Pattern(none), ..plain }, "no pair");
    let it = member("flash2-backward").unwrap();
    let program = &it.schedule().program;
    let sizes = [("N", 4), ("P", 4), ("d", 1), ("dv", 1), ("a", 1), ("Br", 1), ("Bc", 1)];
    let task = it.task(&bind(program, &sizes)).unwrap();
    let one = Attention::square(4, 1);
    assert_eq!(claim(&task), Ok((Pass::Backward, one)));
}

/// The claim of a batch with a common prefix, by hand: 3 rows, 4 + 3·2 keys, 3·6 pairs.
#[test]
fn a_common_prefix_is_one_problem() {
    let it = member("shared-prefix").unwrap();
    let sizes = [("B", 3), ("N", 1), ("F", 4), ("S", 2), ("d", 5), ("dv", 7), ("Bb", 2), ("Bc", 2)];
    let task = it.task(&bind(&it.schedule().program, &sizes)).unwrap();
    let (pass, it) = claim(&task).unwrap();
    assert_eq!(pass, Pass::Forward);
    assert_eq!([it.rows, it.keys, it.d_k, it.d_v, it.copies], [3, 10, 5, 7, 1]);
    assert_eq!(it.pairs, 18);
}

#[test]
fn tables_that_do_not_fit() {
    let it = member("paged").unwrap();
    let program = &it.schedule().program;
    let sizes = [("N", 1), ("B", 3), ("G", 4), ("W", 2), ("X", 1), ("d", 1), ("dv", 1)];
    let binding = bind(program, &sizes);
    assert_eq!(it.task(&binding), Err(NoTask::Table));
    let check = |name: &str, table: &[u64], expected: &str| {
        let error = program.with_table(binding.clone(), name, table.to_vec()).unwrap_err();
        assert_eq!(error.to_string(), expected);
    };
    check("T", &[0, 1], "table `T` has 2 entries; 3 are needed here");
    check("T", &[0, 4, 1], "entry 1 of table `T` is 4, but `K` has only 4 of these");
    check("K", &[0, 1, 2], "`K` is no input array that is loaded as an index");
    assert_eq!(
        program.with_table(binding.clone(), "U", vec![]),
        Err(BindError::NoTable("U".to_owned()))
    );
    // One page for two runs of tokens: the second load of a red word is refused by nobody here, as the
    // first was freed; and without a table nothing is played.
    let twice = program.with_table(binding.clone(), "T", vec![2, 2, 0]).unwrap();
    check_task(it, &twice);
    assert!(exactly(program, &binding, Values { seed: SEED }).is_err());
    let sizes = [("N", 1), ("B", 3), ("G", 4), ("W", 2), ("X", 3), ("d", 1), ("dv", 1)];
    let error = it.task(&bind(program, &sizes)).unwrap_err();
    assert_eq!(error, NoTask::LastPage { last: 3, tokens: 2 });
}

fn check_task(it: &Member, binding: &Binding) {
    check(it.schedule(), binding, &it.task(binding).unwrap());
}

/// The search finds what all tiles tried one by one find.
#[test]
fn the_best_tiles_are_the_best() {
    let least = |name: &str, sizes: &[(&str, u64)], fast: u64| {
        let schedule = member(name).unwrap().schedule();
        let program = &schedule.program;
        let found = choose(schedule, None, sizes, Words(fast), &Want::Best(vec![])).unwrap();
        let mut best = u128::MAX;
        let tiles: Vec<&str> = program.tiles.iter().map(|it| program.name(*it)).collect();
        for mut case in 0..8_u64.pow(u32::try_from(tiles.len()).unwrap()) {
            let mut sizes = sizes.to_vec();
            for tile in &tiles {
                sizes.push((tile, 1 + case % 8));
                case /= 8;
            }
            let Ok(binding) = program.bind(&sizes) else { continue };
            let it = totals(program, &binding);
            if it.peak <= u128::from(fast) {
                best = best.min(it.io());
            }
        }
        assert_eq!(found.totals.io(), best, "{name} M = {fast}");
    };
    let sizes = [("N", 8), ("P", 8), ("d", 2), ("dv", 2)];
    for fast in [20, 30, 40, 60] {
        least("causal", &sizes, fast);
        least("sliding", &[&sizes[..], &[("W", 3)]].concat(), fast);
        least("documents", &[("N", 8), ("d", 2), ("dv", 2), ("L", 5)], fast);
        let grouped = [&sizes[..], &[("B", 1), ("H", 2), ("G", 3)]].concat();
        least("gqa-causal", &grouped, fast);
    }
}

/// The table of the README: every member, with its closed form where it has one.
#[test]
fn the_readme_has_every_member() {
    let readme = include_str!("../traces/README.md");
    for it in family() {
        let schedule = it.schedule();
        let io = schedule.formula.as_ref().map(|it| it.io().unwrap());
        let name = |slot| schedule.program.name(slot);
        let io = io.map_or("*walked*".to_owned(), |it| it.show(&name).to_string());
        let row = readme.lines().find(|line| line.starts_with(&format!("| `{}` |", it.name)));
        let row = row.unwrap_or_else(|| panic!("no row for {}: | {io} |", it.name));
        assert!(row.ends_with(&format!("| {io} |")), "{}: {io}", it.name);
    }
}
