use super::*;
use crate::cdag::{
    Operands as _, Vertex,
    stats::{Stats, stats},
    textbook::textbook,
};

fn made(name: &str) -> (Cdag, Stats) {
    let generator: Generator = name.parse().unwrap();
    assert_eq!(generator.to_string(), name);
    let cdag = generator.cdag();
    assert_eq!(cdag.n_vertices(), generator.n_vertices(), "{name}");
    assert!(cdag.vertices().eq(cdag.topological().iter().copied()), "{name}");
    let stats = stats(&cdag);
    (cdag, stats)
}

/// vertices, inputs, outputs, edges, in-degree, depth, width; by hand.
#[track_caller]
fn check(name: &str, expected: [u64; 7]) {
    let (_, it) = made(name);
    let found =
        [it.vertices, it.inputs, it.outputs, it.edges, it.max_in_degree, it.depth, it.max_width];
    assert_eq!(found, expected, "{name}");
}

#[test]
fn sizes() {
    check("attention:2,1", [24, 6, 2, 32, 2, 5, 6]);
    check("matmul:2,2,2", [20, 8, 4, 24, 2, 2, 8]);
    check("matmul:1,3,2", [9 + 6 + 4, 9, 2, 20, 2, 3, 9]);
    check("tree:8", [15, 8, 1, 14, 2, 3, 8]);
    check("tree:5", [9, 5, 1, 8, 2, 3, 5]);
    check("tree:1", [1, 1, 1, 0, 0, 0, 1]);
    check("pyramid:4", [10, 4, 1, 12, 2, 3, 4]);
    check("fft:8", [32, 8, 8, 48, 2, 3, 8]);
    check("fft:1", [1, 1, 1, 0, 0, 0, 1]);
    check("diamond:3", [9, 1, 1, 12, 2, 4, 3]);
    check("stencil:5,4", [25, 5, 5, 4 * 13, 3, 4, 5]);
    check("stencil:1,2", [3, 1, 1, 2, 1, 2, 1]);
}

#[test]
fn attention_is_the_textbook() {
    for (n, d) in [(1, 1), (2, 1), (3, 2), (4, 3)] {
        let (cdag, chain) = made(&format!("attention:{n},{d}"));
        let book = textbook(n, d).unwrap();
        assert!(cdag.vertices().all(|v| cdag.operands(v) == book.operands(v)));
        let (_, balanced) = made(&format!("attention-balanced:{n},{d}"));
        assert_eq!((balanced.vertices, balanced.edges), (chain.vertices, chain.edges));
        assert!(balanced.depth <= chain.depth);
    }
    // 8 products: a chain of 7 sums, or a tree of 3 layers, twice on the longest path.
    assert_eq!(made("attention:8,8").1.depth - made("attention-balanced:8,8").1.depth, 8);
}

#[test]
fn random_ones_are_always_the_same() {
    let operands = |name| {
        let (cdag, _) = made(name);
        cdag.vertices().map(|v| cdag.operands(v).to_vec()).collect::<Vec<_>>()
    };
    let it = operands("random:3,4,0");
    assert_eq!(it, operands("random:3,4,0"));
    assert_ne!(it, operands("random:3,4,1"));
    // A golden test: what the numbers of SplitMix gave when this was written.
    assert_eq!(it[4..6], GOLDEN.map(|it| it.iter().copied().map(Vertex).collect::<Vec<_>>()));
    made("random:1,5,7");
    made("random:9,1,18446744073709551615");
}

const GOLDEN: [&[u64]; 2] = [&[0, 3], &[3, 2]];

#[test]
fn what_names_nothing() {
    let error = |it: &str| it.parse::<Generator>().unwrap_err();
    assert_eq!(error("tre:3"), BadGenerator::UnknownFamily { given: "tre".to_owned() });
    assert_eq!(error("fft"), BadGenerator::WrongCount { family: "fft", found: 0 });
    assert_eq!(error("tree:1,2"), BadGenerator::WrongCount { family: "tree", found: 2 });
    assert_eq!(error("fft:6"), BadGenerator::NoPowerOfTwo { points: 6 });
    for it in ["tree:0", "tree:-1", "tree:x", "tree:1.5", "tree:18446744073709551616"] {
        assert!(matches!(error(it), BadGenerator::BadSize { .. }), "{it}");
    }
    let most = u64::MAX;
    for it in [
        format!("attention:{most},{most}"),
        format!("matmul:{most},{most},{most}"),
        format!("tree:{most}"),
        format!("pyramid:{most}"),
        format!("fft:{}", 1u64 << 63),
        format!("diamond:{most}"),
        format!("stencil:{most},{most}"),
        format!("random:{most},{most},1"),
        "tree:8388609".to_owned(),
    ] {
        assert!(matches!(error(&it), BadGenerator::TooLarge(_)), "{it}");
    }
    let said = error("matmul:2,2").to_string();
    assert_eq!(said, "2 sizes given; matmul is written matmul:N,M,K");
    let said = error("stencil:2,0").to_string();
    let whole = "STEPS is \"0\", not a whole number from 1 to 2^64 - 1; stencil is written ";
    assert_eq!(said, format!("{whole}stencil:WIDTH,STEPS"));
}
