//! Every text that ships.
#![expect(clippy::unwrap_used, reason = "tests")]

use iobound::{
    reading::{
        count::{LIMIT, count},
        formula,
    },
    schedule::{Draft, KEYWORDS, Program, program::Step, scratch::element_peak},
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
    for folder in ["traces", "traces/family", "traces/drafts"] {
        for (name, text) in texts(folder) {
            let draft = Draft::parse(&text).unwrap_or_else(|it| panic!("{name}: {it}"));
            draft.check().unwrap_or_else(|it| panic!("{name}: {it}"));
            assert_eq!(draft.to_string(), text, "{name}");
        }
    }
}

/// THEORY §3, for one d and no mask: worked by hand from the loop nests.
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

#[test]
fn the_readme_has_every_closed_form() {
    let readme = include_str!("../traces/README.md");
    for (name, text) in texts("traces") {
        let program = Program::parse(&text).unwrap();
        let io = formula(&program).unwrap().io().unwrap();
        let io = io.show(&|slot| program.name(slot)).to_string();
        let row = readme.lines().find(|it| it.starts_with(&format!("| `{name}` |")));
        let row = row.unwrap_or_else(|| panic!("no row for {name}"));
        assert!(row.ends_with(&format!("| {io} |")), "{name}: {io}");
    }
}

#[test]
fn the_readme_has_the_keywords() {
    let readme = include_str!("../traces/README.md");
    assert!(readme.contains(&format!("Keywords: `{}`", KEYWORDS.join(" "))));
}

#[test]
fn the_worked_example_of_the_readme() {
    let readme = include_str!("../traces/README.md");
    let text = readme.split("```").nth(1).unwrap().trim_start();
    let program = Program::parse(text).unwrap();
    assert_eq!(program.draft.to_string(), text);
    let peaks = |n, d| {
        let binding = program.bind(&[("N", n), ("d", d)]).unwrap();
        let totals = count(&program, &binding, LIMIT).unwrap().totals;
        (totals.arrays, totals.peak)
    };
    assert_eq!(peaks(4, 3), (19, 21));
    assert_eq!(peaks(4, 1), (9, 9));
}

/// The table of the README: words of one element beyond its own, by `element_peak`.
#[test]
fn the_scratch_of_a_statement() {
    let extra = |lines: &str, terms: usize| {
        let text = format!("iobound-schedule 1\nparam N, d;\nin Q[N,d], K[d], V[N];\n{lines}\n");
        let program = Program::parse(&text).unwrap();
        let assign = program.body.iter().rev().find_map(|it| match &it.step {
            Step::Assign(it) => Some(it),
            _ => None,
        });
        element_peak(assign.unwrap(), terms) - 1
    };
    let q = "load q = Q[.., ..]; load k = K[..]; load v = V[..]; load w = V[..]; load x = V[..];";
    let f = "free q, k, v, w, x;";
    let new = format!("{q} s[r] += q[r,e] * k[e]; {f} free s;");
    assert_eq!([1, 2, 3].map(|it| extra(&new, it)), [0, 2, 2]);
    let live = format!("{q} v[r] += q[r,e]; {f}");
    assert_eq!([0, 1, 2].map(|it| extra(&live, it)), [0, 1, 1]);
    let max = format!("{q} t[r] max= q[r,e]; {f} free t;");
    assert_eq!([1, 2, 3].map(|it| extra(&max, it)), [0, 0, 1]);
    assert_eq!(extra(&format!("{q} v[r] = exp(v[r] - w[r]); {f}"), 1), 1);
    assert_eq!(extra(&format!("{q} v[r] = v[r] * w[r] + x[r]; {f}"), 1), 1);
    assert_eq!(extra(&format!("{q} v[r] = w[r]; {f}"), 1), 0);
    assert_eq!(extra(&format!("{q} v[r] += q[r,e] * k[e]; {f}"), 1), 2);
}

#[test]
fn pinned_from_no_row_to_all() {
    let text = texts("traces").into_iter().find(|it| it.0 == "pinned").unwrap().1;
    let program = Program::parse(&text).unwrap();
    for kappa in [0, 7] {
        let sizes = [("N", 7), ("d", 2), ("a", 3), ("kappa", kappa)];
        let binding = program.bind(&sizes).unwrap();
        let io = count(&program, &binding, LIMIT).unwrap().totals.io();
        // 2·N·d + 2·d·(N − κ)·T + 2·d·κ with T = 3.
        assert_eq!(io, u128::from(28 + 4 * (7 - kappa) * 3 + 4 * kappa));
    }
}
