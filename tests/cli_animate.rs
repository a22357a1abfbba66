//! `iobound animate` as a user runs it; `tests/browser` plays the page.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use iobound::strategy::ALGORITHMS;
use serde_json::Value;
use std::{fs, path::Path};

fn animate(args: &str, file: &Path) -> (Option<i32>, String) {
    let mut command = Command::cargo_bin("iobound").unwrap();
    command.arg("animate").args(args.split(' ')).arg("--out").arg(file);
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

/// Of every algorithm: frames that end with every output blue and nothing held, and never more than M held.
#[test]
fn every_algorithm_has_a_film() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("film.html");
    for algorithm in ALGORITHMS {
        let (status, said) =
            animate(&format!("--algorithm {} --n 5 --d 2 --m 40", algorithm.name), &file);
        assert_eq!(status, Some(0), "{said}");
        let page = fs::read_to_string(&file).unwrap();
        let data =
            page.split_once("application/json\">").unwrap().1.split_once("</script>").unwrap().0;
        let film: Value = serde_json::from_str(data).unwrap();
        let grids = film["grids"].as_array().unwrap();
        let size = |it: &Value| it["rows"].as_u64().unwrap() * it["columns"].as_u64().unwrap();
        let first: u64 = grids.iter().take_while(|it| it["name"] != "O").map(size).sum();
        let outputs = first..first + 10;
        let (mut held, mut loads, mut stores, mut blue) = (0, 0, 0, [0; 10]);
        for frame in film["frames"].as_array().unwrap() {
            let frame: Vec<i64> =
                frame.as_array().unwrap().iter().map(|it| it.as_i64().unwrap()).collect();
            held += frame[2];
            assert!((0..=40).contains(&held), "{held} held");
            loads += u64::from(frame[0] == 0);
            stores += u64::from(frame[0] == 1);
            let cell = u64::try_from(frame[1]).unwrap();
            if outputs.contains(&cell) {
                blue[usize::try_from(cell - first).unwrap()] += frame[3];
            }
        }
        assert_eq!(held, 0);
        assert!(blue.iter().all(|it| *it >= 1), "{}: {blue:?}", algorithm.name);
        let mut count = Command::cargo_bin("iobound").unwrap();
        count.args(["count", "--json", "--n", "5", "--d", "2", "--m", "40", "--algorithm"]);
        let counted: Value =
            serde_json::from_slice(&count.arg(algorithm.name).output().unwrap().stdout).unwrap();
        assert_eq!(
            (counted["loads"].as_u64(), counted["stores"].as_u64()),
            (Some(loads), Some(stores))
        );
    }
}

#[test]
fn what_is_not_animated() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("film.html");
    let refused = |args: &str, file: &Path, says: &str| {
        let (status, said) = animate(args, file);
        assert_eq!(status, Some(2), "{args}: {said}");
        assert!(said.contains(says), "{args}: {said}");
        assert!(!file.exists(), "{args}");
    };
    refused(
        "--algorithm flash2 --n 64 --d 8 --m 400",
        &file,
        "at most 20,000 are animated: take smaller N and d",
    );
    refused("--algorithm flash2 --n 2^40 --d 8 --m 400", &file, "at most 20,000 are animated");
    refused("--algorithm flash2 --n 4 --d 2 --m 3", &file, "needs at least");
    let linear =
        "--schedule traces/family/linear.sched --n 4 --d 2 --m 99 --param dv=2 --param r=2";
    refused(linear, &file, "");
    refused(
        "--algorithm flash2 --n 4 --d 2 --m 40",
        &folder.path().join("no/film.html"),
        "there is no folder",
    );
}
