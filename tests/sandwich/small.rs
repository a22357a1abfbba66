//! Every CDAG of few vertices, and random ones of a few more.

use crate::random::{Random, every};
use crate::{Limits, total};
use iobound::cdag::{Cdag, Operands, Vertex};
use rustc_hash::FxHashSet;

/// All orders of `0..n`.
fn renamings(n: u64) -> Vec<Vec<u64>> {
    let Some(last) = n.checked_sub(1) else { return vec![vec![]] };
    let mut longer = vec![];
    for it in renamings(last) {
        for at in 0..=it.len() {
            longer.push(it.clone());
            longer.last_mut().unwrap().insert(at, last);
        }
    }
    longer
}

/// The edges under the renaming that makes them least, as a number: the same for isomorphic CDAGs.
fn canonical(cdag: &Cdag, renamings: &[Vec<u64>]) -> u64 {
    let index = |it: Vertex| usize::try_from(it.0).unwrap();
    let reads = |v| cdag.operands(v).iter().map(move |&u| (index(u), index(v)));
    let edges: Vec<(usize, usize)> = cdag.vertices().flat_map(reads).collect();
    let bits = |to: &Vec<u64>| {
        edges.iter().fold(0, |bits, &(u, v)| bits | 1 << (cdag.n_vertices() * to[u] + to[v]))
    };
    renamings.iter().map(bits).min().unwrap()
}

/// One CDAG of each isomorphism class.
fn classes(n: u64) -> Vec<Cdag> {
    let renamings = renamings(n);
    let mut seen = FxHashSet::default();
    every(n).filter(|it| seen.insert(canonical(it, &renamings))).collect()
}

/// How many there are: Robinson 1973, OEIS A003087.
#[test]
fn every_cdag_of_at_most_six_vertices() {
    let all: Vec<Vec<Cdag>> = (1..=6).map(classes).collect();
    let sizes: Vec<usize> = all.iter().map(Vec::len).collect();
    assert_eq!(sizes, [1, 2, 6, 31, 302, 5984]);
    let tally = total(&all.concat(), Limits { states: u64::MAX, steps: 200 });
    tally.show("every one of at most 6 vertices");
    eprintln!("{tally:?}");
    assert_eq!(tally.ended, 2 * tally.points);
    assert!(tally.searches_attain([99, 99]), "{tally:?}");
}

/// Up to three operands, near or far, now and then one twice.
fn sparse(n: u64, random: &mut Random) -> Cdag {
    let (inputs, near) = (1 + random.below(4), 2 + random.below(5));
    let reads = |v: u64| {
        let many = if v < inputs { 0 } else { 1 + random.below(3) };
        let operand = |_| {
            let reach = if random.below(4) == 0 { v } else { v.min(near) };
            Vertex(v - 1 - random.below(reach))
        };
        (0..many).map(operand).collect()
    };
    Cdag::new((0..n).map(reads).collect()).unwrap()
}

/// A quarter with many values alive at once, a quarter with any edges, half with few.
fn drawn(seed: u64) -> Cdag {
    let mut random = Random(seed);
    let n = 6 + random.below(7);
    let percent = *random.one_of(&[15, 25, 40]);
    match seed % 4 {
        0 => random.folded(n),
        1 => random.cdag(n, percent),
        _ => sparse(n, &mut random),
    }
}

#[test]
fn random_ones_of_at_most_twelve_vertices() {
    let all: Vec<Cdag> = (0..10_000).map(drawn).collect();
    let tally = total(&all, Limits { states: u64::MAX, steps: 200 });
    tally.show("10,000 random ones of 6 to 12 vertices");
    eprintln!("{tally:?}");
    assert_eq!(tally.ended, 2 * tally.points);
    assert!(tally.searches_attain([97, 91]), "{tally:?}");
}
