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

#[test]
fn print_formulas() {
    for (name, text) in texts("traces") {
        let program = Program::parse(&text).unwrap();
        match formula(&program) {
            Ok(it) => println!("{name}: {}", it.io().unwrap().show(&|s| program.name(s))),
            Err(it) => println!("{name}: {it}"),
        }
    }
}
