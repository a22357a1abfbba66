//! Every text that ships.
#![expect(clippy::unwrap_used, reason = "tests")]

use iobound::{
    reading::formula,
    schedule::{Draft, Program},
};
use std::{fs, path::PathBuf};

fn texts(folder: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut texts: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.extension().is_some_and(|it| it == "sched"))
        .map(|it| {
            (it.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(it).unwrap())
        })
        .collect();
    texts.sort();
    texts
}

#[test]
fn every_text_is_checked_and_printed_as_it_stands() {
    for folder in ["traces", "traces/drafts"] {
        for (name, text) in texts(folder) {
            let draft = Draft::parse(&text).unwrap_or_else(|it| panic!("{name}: {it}"));
            draft.check().unwrap_or_else(|it| panic!("{name}: {it}"));
            assert_eq!(draft.to_string(), text, "{name}");
        }
    }
}

/// THEORY §3, for d_k = d_v = d and no mask: worked by hand from the loop nests.
#[test]
fn closed_forms_are_those_of_the_papers() {
    let expected = [
        ("attenio", "2·N·d + 2·N·d·⌈N/a⌉"),
        ("attenio-no-max", "2·N·d + 2·N·d·⌈N/a⌉"),
        // Algorithm 1, and N·d + 2·N for the initial O, ℓ and m.
        ("flash1", "2·N + 3·N·d + 3·N·d·⌈N/Bc⌉ + 4·N·⌈N/Bc⌉"),
        ("flash2", "2·N·d + 2·N·d·⌈N/Br⌉"),
        ("flash2-no-max", "2·N·d + 2·N·d·⌈N/Br⌉"),
        ("flat", "2·N·d + 2·N·d·⌈N/R⌉"),
        ("hybrid", "4·N + N² + N²·⌈d/C⌉ + 2·N·d + N·d·⌈N/a⌉ + N·d·⌈N/R⌉"),
        // 2·N·d + 2·d·(N − κ)·T + 2·d·κ
        ("pinned", "2·N·d + 2·N·d·⌈N/a⌉ + 2·d·kappa − 2·d·kappa·⌈N/a⌉"),
        ("row-wise", "2·N·d + 2·N·d·⌈N/a⌉"),
        ("row-wise-no-max", "2·N·d + 2·N·d·⌈N/a⌉"),
        // The maximum costs 2·N more: it is stored and loaded too.
        ("square-tiling", "4·N + N² + N²·⌈d/B⌉ + N·d + 3·N·d·⌈N/B⌉"),
        // 4·N²·d/B + N² + N·d + 2·N where B divides N and d.
        ("square-tiling-no-max", "2·N + N² + N²·⌈d/B⌉ + N·d + 3·N·d·⌈N/B⌉"),
        // 4·N² + 4·N·d where R1 = R3 = N.
        ("standard", "4·N² + 2·N·d + N·d·⌈N/R1⌉ + N·d·⌈N/R3⌉"),
        ("standard-no-max", "2·N + 4·N² + 2·N·d + N·d·⌈N/R1⌉ + N·d·⌈N/R3⌉"),
    ];
    let texts = texts("traces");
    assert_eq!(texts.len(), expected.len());
    for ((name, text), (expected_name, expected)) in texts.iter().zip(expected) {
        assert_eq!(name, expected_name);
        let program = Program::parse(text).unwrap();
        let io = formula(&program).unwrap().io().unwrap();
        assert_eq!(io.show(&|slot| program.name(slot)).to_string(), expected, "{name}");
    }
}
