//! What Coq proves is what `check` accepts: `proofs/coq/grid.txt` holds values computed in Coq.

use iobound::{
    certificate::{Attention, Evidence, Pass},
    check::{Standing, attention::closed_form},
    model::{Machine, Words},
};
use std::collections::BTreeMap;

const GRID: &str = include_str!("../proofs/coq/grid.txt");

#[test]
fn check_accepts_what_coq_proves() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for line in GRID.lines() {
        let (id, numbers) = line.split_once(' ').unwrap();
        let numbers: Vec<u64> = numbers.split(' ').map(|it| it.parse().unwrap()).collect();
        let [rows, keys, d_k, d_v, pairs, fast, length, value] = numbers[..] else {
            panic!("{line}")
        };
        let attention = Attention { rows, keys, d_k, d_v, pairs: pairs.into(), copies: 1 };
        let evidence = if length == 0 { Evidence::None } else { Evidence::Segment(length) };
        let theorem = closed_form(Pass::Forward, id).unwrap();
        let recompute = theorem.recompute;
        let machine = Machine { recompute, ..Machine::strict(Words(fast)) };
        assert_eq!(theorem.standing, Standing::Coq, "{id}");
        let bound = theorem.prove(&attention, &machine, &evidence).unwrap();
        assert_eq!(*bound.value(), value.into(), "{line}");
        *seen.entry(id).or_default() += 1;
    }
    assert_eq!(seen.len(), 4);
    assert!(seen.values().all(|it| *it >= 12), "{seen:?}");
}
