//! `iobound explain` and `iobound diff`: the words of each statement and of each array, and bad input.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use iobound::{
    model::Words,
    reading::{
        count,
        count::LIMIT,
        timeline,
        timeline::{COLUMNS, NoTimeline},
    },
    strategy::{ALGORITHMS, Max, Want, choose, family},
};
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
    let mut looked_at = 0;
    for name in shipped.chain(family().map(|it| it.name)) {
        let (status, it) = json(&format!("explain --algorithm {name} --n 16 --d 4 --m 64Ki"));
        if status == Some(2) {
            // A parameter or a table of its own is missing.
            assert!(family().any(|it| it.name == name), "{name}: {it}");
            continue;
        }
        assert_eq!(status, Some(0), "{name}: {it}");
        looked_at += 1;
        let sum = |key: &str| -> u64 {
            let all = it["statements"].as_array().unwrap().iter();
            all.map(|it| it[key].as_u64().unwrap()).sum()
        };
        for key in ["loads", "stores"] {
            assert_eq!(it[key].as_u64(), Some(sum(key)), "{name}: {key}");
        }
    }
    assert!(looked_at > ALGORITHMS.len(), "{looked_at}");
}

#[test]
fn what_cannot_be_judged_is_2() {
    for args in [
        "explain --n 6 --d 2 --m 99",
        "explain --algorithm flash9 --n 6 --d 2 --m 99",
        "diff flash2 flash9 --n 6 --d 2 --m 99",
        "diff flash2 absent.sched --n 6 --d 2 --m 99",
        "diff flash2 flash1 --n 6 --d 2 --m 99 --tile X=3",
        "diff flash2 standard --n 6 --d 2 --m 1",
    ] {
        let (status, it) = json(args);
        assert_eq!(status, Some(2), "{args}");
        assert!(it["error"]["message"].is_string(), "{it}");
    }
}

/// Queries that stay load K and V once a block of 3 rows; with blocks of 2 rows once more.
#[test]
fn a_difference_by_array() {
    let folder = tempfile::tempdir().unwrap();
    let mine = folder.path().join("mine.sched");
    let text = include_str!("../traces/flash2.sched").replace("K[", "KEYS[");
    std::fs::write(&mine, text).unwrap();
    let args =
        format!("diff {} flash2 --n 6 --d 2 --m 200 --tile Br=3 --tile Bc=2", mine.display());
    let (status, it) = json(&args);
    assert_eq!(status, Some(0), "{it}");
    assert_eq!(it["io"], serde_json::json!({"a": 72, "b": 72, "change": 0}));
    let moved = |loads: u64| serde_json::json!({"loads": loads, "stores": 0});
    assert_eq!(
        it["arrays_moved"]["KEYS"],
        serde_json::json!({"a": moved(24), "b": moved(0), "change": -24})
    );
    assert_eq!(
        it["arrays_moved"]["K"],
        serde_json::json!({"a": moved(0), "b": moved(24), "change": 24})
    );
    assert_eq!(
        it["arrays_moved"]["V"],
        serde_json::json!({"a": moved(24), "b": moved(24), "change": 0})
    );
}

/// What the two say alone is what they say side by side.
#[test]
fn a_difference_is_of_the_counts() {
    let at = "--n 64 --d 8 --m 400";
    let (status, it) = json(&format!("diff flash1 flash2 {at}"));
    assert_eq!(status, Some(0));
    let io = |name: &str| json(&format!("count --algorithm {name} {at}")).1["io"].as_i64().unwrap();
    let (a, b) = (io("flash1"), io("flash2"));
    assert!(a > b);
    assert_eq!(it["io"], serde_json::json!({"a": a, "b": b, "change": b - a}));
    let (_, text) = iobound(&format!("diff flash1 flash2 {at}"));
    assert!(text.lines().any(|it| it.starts_with("total")), "{text}");
}

/// The timeline walks every move: its count of them and its peak are those of `count` and `replay`.
#[test]
fn the_timeline_is_of_all_moves() {
    for algorithm in ALGORITHMS {
        let Some(schedule) = algorithm.schedule(Max::Kept) else { continue };
        let (n, d) = (9, 3);
        let want = Want::Best(vec![]);
        let choice = choose(schedule, None, &[("N", n), ("d", d)], Words(90), &want).unwrap();
        let count = count(&schedule.program, &choice.binding, LIMIT).unwrap();
        // Every word that is loaded or computed is freed.
        let made = count.totals.loads + count.computes.unwrap();
        let moves = u64::try_from(2 * made + count.totals.stores).unwrap();
        let it = timeline(&schedule.program, &choice.binding, moves).unwrap();
        assert_eq!(it.moves, moves, "{}", schedule.name);
        let peak = it.columns.iter().map(|it| it.held).max().unwrap();
        assert_eq!(u128::from(peak), count.totals.peak, "{}", schedule.name);
        assert!(it.columns.iter().all(|it| it.held == it.by_array.iter().sum::<u64>()));
        assert!(it.each.is_power_of_two() && it.columns.len() <= COLUMNS);
        assert_eq!(it.columns.len() as u64, moves.div_ceil(it.each), "{}", schedule.name);
        assert!(it.each > 1 || it.columns.last().unwrap().held == 0, "{}", schedule.name);
        let short = timeline(&schedule.program, &choice.binding, moves - 1);
        assert_eq!(short, Err(NoTimeline::TooLong(moves - 1)), "{}", schedule.name);
    }
}

#[test]
fn a_picture_of_the_timeline() {
    let folder = tempfile::tempdir().unwrap();
    let sizes = "--algorithm flash2 --n 6 --d 2 --m 200 --br 3 --bc 2";
    let path = folder.path().join("it.svg");
    let (status, _) = iobound(&format!("explain {sizes} --plot {}", path.display()));
    assert_eq!(status, Some(0));
    let svg = std::fs::read_to_string(&path).unwrap();
    // K's and V's tiles of 2 rows of 2 words.
    for text in ["Words in fast memory over time", "M = 200", "k, at most 4", "v, at most 4"] {
        assert!(svg.contains(text), "{text}");
    }
    let path = folder.path().join("it.png");
    iobound(&format!("explain {sizes} --plot {}", path.display()));
    assert!(std::fs::read(&path).unwrap().starts_with(b"\x89PNG"));

    let (status, _) = iobound(&format!("explain {sizes} --plot it.gif"));
    assert_eq!(status, Some(2));
    let (status, text) =
        json("explain --algorithm flash2 --n 8Ki --d 128 --m 82Ki --plot none.svg");
    assert_eq!(status, Some(2));
    assert_eq!(text["error"]["where"], "--plot", "{text}");
}
