//! `iobound sweep` as a user runs it.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use iobound::sweep::from_json_lines;
use std::{collections::BTreeSet, fs};

fn iobound(args: &[&str]) -> std::process::Output {
    Command::cargo_bin("iobound").unwrap().args(args).output().unwrap()
}

#[test]
fn writes_both_files_with_the_same_cells() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("made/here");
    let sizes = ["--n", "32..64", "--d", "8", "--m", "10,400"];
    let mut args = vec!["sweep", "--algorithm", "flash2,best,flash2", "--tiles", "paper"];
    args.extend(sizes);
    args.extend(["--out", out.to_str().unwrap()]);
    let ran = iobound(&args);
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    let points = from_json_lines(&fs::read_to_string(out.join("points.jsonl")).unwrap()).unwrap();
    let ids: Vec<_> = points.iter().map(|it| it.id.as_str()).collect();
    let expected = [
        "best-paper-n32-d8-m10",
        "best-paper-n32-d8-m400",
        "best-paper-n64-d8-m10",
        "best-paper-n64-d8-m400",
        "flash2-paper-n32-d8-m10",
        "flash2-paper-n32-d8-m400",
        "flash2-paper-n64-d8-m10",
        "flash2-paper-n64-d8-m400",
    ];
    assert_eq!(ids, expected);
    assert!(points[4].io.is_none() && points[5].tiles_from.as_deref() == Some("shrunk"));
    let csv = fs::read_to_string(out.join("points.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1 + ids.len());
    let names = fs::read_dir(&out).unwrap().map(|it| it.unwrap().file_name());
    let files = ["journal", "manifest.json", "points.csv", "points.jsonl"];
    let names: BTreeSet<_> = names.collect();
    assert!(names.iter().eq(&files), "no temporary file is left: {names:?}");
}

fn refused(args: &[&str], says: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    let file = file.to_str().unwrap();
    let args: Vec<_> = args.iter().map(|it| if *it == "FILE" { file } else { it }).collect();
    let ran = iobound(&args);
    let stderr = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(2), "{args:?}: {stderr}");
    assert!(stderr.contains(says), "{args:?}: {stderr}");
    assert_eq!(fs::read_to_string(file).unwrap(), "x");
}

#[test]
fn bad_input_is_exit_2() {
    let sizes = ["sweep", "--n", "32", "--d", "8", "--m", "400", "--out", "FILE"];
    refused(&sizes, "cannot write");
    refused(&["report", "--out", "FILE"], "cannot write");
    refused(&[&sizes[..], &["--algorithm", "flash9"]].concat(), "no algorithm is called");
    refused(&["sweep", "--n", "0", "--d", "8", "--m", "9", "--out", "FILE"], "at least 1");
    refused(&["sweep", "--n", "9", "--d", "8", "--m", "2^57", "--out", "FILE"], "too large");
    let many = ["sweep", "--n", "1..1Mi:256", "--d", "1..1Mi:256", "--m", "1..1Mi:256"];
    refused(&[&many[..], &["--out", "FILE"]].concat(), "sweep them in parts");
}

/// The grid of `iobound gap`, and how far the best schedule is from the best bound on it.
#[test]
fn gaps_are_as_small_as_we_say() {
    let output = Command::cargo_bin("iobound").unwrap().args(["gap", "--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let points: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let points = points.as_array().unwrap();
    assert_eq!(points.len(), 2 * 4 * 8);
    for it in points {
        let [n, d, m] = ["n", "d", "m"].map(|key| it[key].as_u64().unwrap());
        let gap = it["gap"].as_f64().unwrap();
        let most = match () {
            () if n >= 65536 && (4 * d * d..=16 * d * d).contains(&m) => 1.05,
            () if n >= 65536 => 1.45,
            () => 1.5,
        };
        assert!((1.0..=most).contains(&gap), "{it}");
    }
}
