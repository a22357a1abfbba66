//! `iobound epochs`: the keys it documents, exit status and bad input.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use serde_json::Value;
use std::fs;

fn iobound(args: &str) -> (Option<i32>, String) {
    let mut command = Command::cargo_bin("iobound").unwrap();
    let output = command.args(args.split_whitespace()).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn epochs(args: &str) -> (Option<i32>, String) {
    iobound(&format!("epochs {args}"))
}

fn json(args: &str) -> (Option<i32>, Value) {
    let (status, text) = epochs(&format!("{args} --json"));
    (status, serde_json::from_str(&text).unwrap())
}

/// M holds Q, K, V and all scores: 3·6·2 loads and 6·2 stores are one epoch.
#[test]
fn all_in_one_epoch() {
    let (status, it) =
        json("--algorithm flash2 --n 6 --d 2 --m 200 --tile Br=6 --tile Bc=6 --seed 3");
    assert_eq!((status, &it["verdict"], &it["worst"]), (Some(0), &"holds".into(), &0.into()));
    assert_eq!((&it["seed"], &it["algorithm"]), (&3.into(), &"flash2".into()));
    assert_eq!((&it["vouched"], &it["io"]), (&"replayed".into(), &48.into()));
    let expected = serde_json::json!([{
        "loads": 36, "stores": 12, "finished": 36, "rows": 6, "columns": 6,
        "rank_low": 20, "rank_high": 20, "rank_proved": true, // 2·(6 + 6 − 2)
        "limit": 236, "verdict": "holds",
    }]);
    assert_eq!(it["epochs"], expected);
}

#[test]
fn every_key_is_documented() {
    let (_, help) = epochs("--help");
    let (_, it) = json("--algorithm flash2 --n 6 --d 2 --m 40");
    let (_, count) = iobound("count --algorithm flash2 --n 6 --d 2 --m 40 --json");
    let count: Value = serde_json::from_str(&count).unwrap();
    let own = it.as_object().unwrap().keys().filter(|it| count.get(it).is_none());
    let each = it["epochs"][0].as_object().unwrap().keys();
    for key in own.chain(each) {
        assert!(help.contains(key), "{key}");
    }
}

#[test]
fn as_text() {
    let (status, text) = epochs("--algorithm flash2 --n 64 --d 8 --m 300");
    assert_eq!(status, Some(0));
    for part in ["worst: 12", "all 21", "4,096", "verdict: holds"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// `flat` with one place of its text changed.
fn changed(from: &str, to: &str) -> (Option<i32>, Value) {
    let text = include_str!("../traces/flat.sched");
    assert!(text.contains(from));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changed.sched");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    json(&format!("--schedule {} --n 8 --d 2 --m 99", path.display()))
}

/// A word of Q that was changed is no longer that word.
#[test]
fn what_is_not_recognised() {
    let (status, it) =
        changed("load q = Q[i..i+w, ..];", "load q = Q[i..i+w, ..]; q[r,e] = -q[r,e];");
    assert_eq!((status, &it["error"]["kind"]), (Some(2), &"unfit".into()), "{it}");
    let message = it["error"]["message"].as_str().unwrap();
    assert!(message.contains("only 0 of 64 scores"), "{message}");
}

/// The last rows of O are never stored.
#[test]
fn what_the_referee_refuses() {
    let (status, it) = changed("in 0..N by R", "in 0..N-1 by R");
    assert_eq!((status, &it["error"]["kind"]), (Some(1), &"refused".into()), "{it}");
}

#[test]
fn bad_input_is_told() {
    for (args, status, kind) in [
        ("--algorithm flash2 --n 64 --d 8 --m 8", 2, "no-fit"),
        ("--algorithm flash2 --n 64 --d 8 --m 64 --br 9 --bc 9", 1, "over-capacity"),
        ("--algorithm flash9 --n 64 --d 8 --m 512", 2, "arguments"),
        ("--algorithm flash2 --n 64 --d 8", 2, "arguments"),
        ("--n 64 --d 8 --m 512", 2, "arguments"),
        ("--algorithm flash2 --n 128Ki --d 1 --m 512", 2, "unfit"),
    ] {
        let (code, it) = json(args);
        assert_eq!((code, &it["error"]["kind"]), (Some(status), &kind.into()), "{args}: {it}");
    }
}
