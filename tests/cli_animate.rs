//! `iobound animate`: what the page holds is what the schedule does, and what is too large is refused.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use iobound::strategy::ALGORITHMS;
use serde_json::Value;
use std::fs;

fn json(args: &str) -> (Option<i32>, Value) {
    let mut command = Command::cargo_bin("iobound").unwrap();
    let output = command.args(args.split_whitespace()).arg("--json").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), serde_json::from_str(&text).unwrap())
}

/// The data of a page.
fn data(page: &str) -> Value {
    let begin = "<script id=\"data\" type=\"application/json\">";
    let rest = page.split_once(begin).unwrap().1;
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

/// Moves, loads, stores and the most words at a time, by the events of the page.
fn played(data: &Value) -> [u64; 4] {
    let (mut loads, mut stores, mut computes, mut held, mut peak) = (0, 0, 0, 0_u64, 0);
    let mut moves = 0;
    for event in data["events"].as_array().unwrap() {
        let kind = event[0].as_u64().unwrap();
        moves += u64::from(kind <= 3);
        match kind {
            0 => loads += 1,
            1 => stores += 1,
            2 => computes += 1,
            3 => held -= 1,
            _ => {}
        }
        held += u64::from(kind == 0 || kind == 2);
        peak = peak.max(held);
    }
    assert_eq!(held, 0, "everything is freed");
    assert_eq!(moves, 2 * (loads + computes) + stores);
    [moves, loads, stores, peak]
}

/// The events are those that the referee saw.
#[test]
fn the_page_holds_every_move_of_every_algorithm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    for algorithm in ALGORITHMS {
        let sizes = format!("--algorithm {} --n 6 --d 2 --m 60", algorithm.name);
        let (status, said) = json(&format!("animate {sizes} --out {}", path.display()));
        assert_eq!(status, Some(0), "{said}");
        let (status, seen) = json(&format!("replay {sizes}"));
        assert_eq!(status, Some(0), "{seen}");
        let expected = ["moves", "loads", "stores", "peak"].map(|it| seen[it].as_u64().unwrap());
        let page = fs::read_to_string(&path).unwrap();
        assert_eq!(played(&data(&page)), expected, "{}", algorithm.name);
        for (key, it) in ["moves", "loads", "stores", "peak"].iter().zip(expected) {
            assert_eq!(said[key], it, "{key}");
        }
        assert!(page.contains("default-src 'none'"), "it needs no network");
    }
}

#[test]
fn what_is_too_large_says_what_would_do() {
    let folder = tempfile::tempdir().unwrap();
    let out = format!("--out {}", folder.path().join("page.html").display());
    let (status, it) = json(&format!("animate --algorithm flash2 --n 4Ki --d 64 --m 4Ki {out}"));
    assert_eq!((status, &it["error"]["where"]), (Some(2), &"--n".into()), "{it}");
    let message = it["error"]["message"].as_str().unwrap();
    assert!(message.contains("at most 20,000 and 4,096"), "{message}");
    let sizes = message.rsplit_once("; ").unwrap().1.strip_suffix(" would do").unwrap();
    let (status, it) = json(&format!("animate --algorithm flash2 {sizes} --m 4Ki {out}"));
    assert_eq!(status, Some(0), "{sizes}: {it}");

    let (status, it) = json(&format!("animate --algorithm flash2 --n 6 --d 2 --m 9 {out}"));
    assert_eq!((status, &it["error"]["where"]), (Some(2), &"--m".into()), "{it}");
    let tiles = "--br 6 --bc 6";
    let (status, it) =
        json(&format!("animate --algorithm flash2 --n 6 --d 2 --m 60 {tiles} {out}"));
    assert_eq!((status, &it["error"]["kind"]), (Some(1), &"over-capacity".into()), "{it}");
}
