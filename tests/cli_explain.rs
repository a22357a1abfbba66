//! `iobound explain`: the words of each statement, and bad input.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use iobound::strategy::{ALGORITHMS, family};
use serde_json::Value;

fn iobound(args: &str) -> (Option<i32>, String) {
    let mut command = Command::cargo_bin("iobound").unwrap();
    let output = command.args(args.split_whitespace()).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn json(args: &str) -> (Option<i32>, Value) {
    let (status, text) = iobound(&format!("{args} --json"));
    (status, serde_json::from_str(&text).unwrap())
}

/// N = 6 in tiles of 3 rows and 2 keys, d = 2: Q once, K and V twice, O once.
#[test]
fn words_stand_beside_their_statements() {
    let args = "explain --algorithm flash2 --n 6 --d 2 --m 200 --br 3 --bc 2";
    let (status, text) = iobound(args);
    assert_eq!(status, Some(0));
    let words = |what: &str| -> Vec<String> {
        let line = text.lines().find(|it| it.trim_start().starts_with(what)).unwrap();
        let rest = line.split_once(';').unwrap().1;
        rest.split_whitespace().take(3).map(str::to_owned).collect()
    };
    assert_eq!(words("load q ="), ["12", "0", "16.7%"], "{text}");
    assert_eq!(words("load k ="), ["24", "0", "33.3%"], "{text}");
    assert_eq!(words("load v ="), ["24", "0", "33.3%"], "{text}");
    assert_eq!(words("store O"), ["0", "12", "16.7%"], "{text}");
    assert!(text.contains("72 words = 60 loads + 12 stores"), "{text}");
}

/// Statement by statement the words are all that move, of every text that ships.
#[test]
fn statements_add_up() {
    let shipped = ALGORITHMS.iter().map(|it| it.name);
    for name in shipped.chain(family().iter().map(|it| it.name)) {
        let (status, it) = json(&format!("explain --algorithm {name} --n 16 --d 4 --m 64Ki"));
        assert_eq!(status, Some(0), "{name}: {it}");
        let sum = |key: &str| -> u64 {
            let all = it["statements"].as_array().unwrap().iter();
            all.map(|it| it[key].as_u64().unwrap()).sum()
        };
        assert_eq!(
            (it["loads"].as_u64(), it["stores"].as_u64()),
            (Some(sum("loads")), Some(sum("stores"))),
            "{name}"
        );
    }
}

#[test]
fn what_cannot_be_judged_is_2() {
    for args in ["explain --n 6 --d 2 --m 99", "explain --algorithm flash9 --n 6 --d 2 --m 99"] {
        let (status, it) = json(args);
        assert_eq!(status, Some(2), "{args}");
        assert!(it["error"]["message"].is_string(), "{it}");
    }
}
