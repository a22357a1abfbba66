//! The command line's contract: names, JSON keys and their order, exit codes, bad input.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use serde_json::Value;
use std::{fs, path::Path};

/// What a command said.
struct Said {
    code: i32,
    stdout: String,
    stderr: String,
}

fn iobound(line: &str) -> Said {
    said(&line.split_whitespace().collect::<Vec<_>>())
}

fn said(args: &[&str]) -> Said {
    let output = Command::cargo_bin("iobound").unwrap().args(args).output().unwrap();
    let text = |it: Vec<u8>| String::from_utf8(it).unwrap();
    Said {
        code: output.status.code().expect("not killed by a signal"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

impl Said {
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|it| panic!("{it}: {}", self.stdout))
    }

    fn is(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
        self
    }
}

/// The first keys of an object, in their order, whatever follows.
fn begins_with(object: &Value, keys: &[&str]) {
    let found: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(found[..keys.len()], *keys);
}

const COUNT: [&str; 13] = [
    "algorithm",
    "n",
    "d",
    "m",
    "tiles",
    "tiles_from",
    "loads",
    "stores",
    "io",
    "arrays",
    "peak",
    "formula",
    "vouched",
];

const SMALL: &str = "--algorithm flash2 --n 8 --d 2 --m 40";

#[test]
fn count_keys_and_numbers() {
    let json = iobound(&format!("count {SMALL} --br 4 --bc 1 --json")).is(0).json();
    begins_with(&json, &COUNT);
    assert_eq!(json["tiles"].to_string(), r#"{"Br":4,"Bc":1}"#);
    // Q once; K and V for each of 2 blocks of 4 queries; O once: 16 + 2·32 + 16
    assert_eq!((json["loads"].as_u64(), json["stores"].as_u64()), (Some(80), Some(16)));
    assert_eq!(json["io"], 96);
    assert_eq!(json["formula"], "2·N·d + 2·N·d·⌈N/Br⌉");
    assert_eq!((&json["tiles_from"], &json["vouched"]), (&"given".into(), &"counted".into()));
}

#[test]
fn tiles_come_from_four_places() {
    let from = |line: &str| iobound(&format!("count {line} --json")).is(0).json();
    assert_eq!(from(SMALL)["tiles_from"], "best");
    assert_eq!(from(&format!("{SMALL} --br 2"))["tiles_from"], "given");
    let flash1 = "--algorithm flash1 --n 256 --d 64 --tiles paper --m";
    assert_eq!(from(&format!("{flash1} 48Ki"))["tiles_from"], "paper");
    let shrunk = from(&format!("{flash1} 16Ki"));
    assert_eq!(shrunk["tiles_from"], "shrunk");
    assert_eq!(shrunk["paper_tiles"].to_string(), r#"{"Bc":64,"Br":64}"#);
    assert!(shrunk["paper_peak"].as_u64() > Some(16384));
}

#[test]
fn counts_have_all_digits() {
    let said = iobound("count --algorithm flash2 --n 2^48 --d 64 --m 1Mi --json").is(0);
    // 2·N·d·(1 + ⌈N/Br⌉), Br = 7942: by hand from the closed form
    assert!(said.stdout.contains(r#""io":1276908184604296674065514496,"#), "{}", said.stdout);
    assert!(said.stdout.contains(r#""vouched":"formula""#));
}

#[test]
fn over_capacity_prints_what_it_needs() {
    let said = iobound("count --algorithm flash2 --n 8 --d 2 --m 20 --br 8 --bc 8 --json").is(1);
    let json = said.json();
    begins_with(&json, &COUNT);
    assert_eq!((&json["peak"], &json["fits"]), (&154.into(), &false.into()));
    assert_eq!(json["error"]["kind"], "over-capacity");
    assert!(said.stderr.contains("needs 154 words"));
}

#[test]
fn replay_keys_and_verdicts() {
    let json = iobound(&format!("replay {SMALL} --json")).is(0).json();
    let keys = ["moves", "computes", "recomputed", "verdict", "violation"];
    let keys: Vec<&str> = COUNT.into_iter().chain(keys).collect();
    begins_with(&json, &keys);
    assert_eq!((&json["verdict"], &json["violation"]), (&"attention".into(), &Value::Null));
    let json = iobound(&format!("replay {SMALL} --mode legality --json")).is(0).json();
    assert_eq!(json["verdict"], "legal");
    let line = "replay --algorithm flash2 --n 8 --d 2 --m 20 --br 8 --bc 8 --json";
    let json = iobound(line).is(1).json();
    begins_with(&json, &keys);
    assert_eq!(
        json["violation"].to_string(),
        r#"{"step":21,"rule":"over-capacity","vertex":52,"needed":21,"available":20}"#
    );
}

#[test]
fn replay_files() {
    let json = iobound("replay traces/textbook-2-1.moves --json").is(0).json();
    assert_eq!((&json["io"], &json["verdict"]), (&12.into(), &"legal".into()));
    let json = iobound("replay traces/attention-2-1.moves --json").is(0).json();
    assert_eq!(json["verdict"], "attention");
    let json = iobound("replay traces/textbook-2-1.moves --m 4 --json").is(1).json();
    assert_eq!(json["violation"]["needed"], 5);

    let dir = tempfile::tempdir().unwrap();
    for name in ["a.moves", "a.bin"] {
        let path = dir.path().join(name);
        let path = path.to_str().unwrap();
        iobound(&format!("replay {SMALL} --write {path}")).is(0);
        let json = iobound(&format!("replay {path} --json")).is(0).json();
        assert_eq!((&json["io"], &json["verdict"]), (&96.into(), &"attention".into()));
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        let said = iobound(&format!("replay {path} --json")).is(2);
        assert_eq!(said.json()["error"]["kind"], "parse", "{}", said.stdout);
    }
    let said = iobound(&format!("replay {SMALL} --write {}/x/a.moves", dir.path().display()));
    said.is(2);
}

#[test]
fn a_cdag_in_a_file_beside_the_moves() {
    let dir = tempfile::tempdir().unwrap();
    // vertices 0, 1 → 2
    let cdag = "2 3 4\n0 1 1\n1 1 1\n0 1 0\n1 1 0\n2 1 0\n0 0\n0 2\n1 1\n1 2\n";
    fs::write(dir.path().join("small.hdag"), cdag).unwrap();
    let moves = "iobound-moves 1\nproblem cdag small.hdag\nfast 3\nload 0\nload 1\ncompute 2\n\
                 store 2\nend 4\n";
    let path = dir.path().join("a.moves");
    fs::write(&path, moves).unwrap();
    let line = format!("replay {} --json", path.display());
    let json = iobound(&line).is(0).json();
    assert_eq!(
        (&json["io"], &json["peak"], &json["verdict"]),
        (&3.into(), &3.into(), &"legal".into())
    );
    fs::remove_file(dir.path().join("small.hdag")).unwrap();
    assert_eq!(iobound(&line).is(2).json()["error"]["kind"], "file");
}

#[test]
fn the_class_is_said_with_its_reason() {
    let class = |line: &str| {
        let json = iobound(&format!("{line} --json")).is(0).json();
        let json = json.pointer("/files/0").cloned().unwrap_or(json);
        (json["class"].clone(), json["class_reason"].clone())
    };
    let once = (Value::from("each product once"), Value::Null);
    assert_eq!(class(&format!("replay {SMALL}")), once);
    assert_eq!(class("replay traces/attention-2-1.moves"), once);
    assert_eq!(class("lint traces/flash1.sched"), once);
    assert_eq!(class("best --n 64 --d 8 --m 512"), once);
    // nobody looked
    assert_eq!(class(&format!("replay {SMALL} --mode legality")), (Value::Null, Value::Null));
    let masked = class("lint traces/family/causal.sched");
    assert_eq!(masked, ("unknown".into(), "line 35: a `where`".into()));
}

#[test]
fn run_keys() {
    let json = iobound(&format!("run {SMALL} --json")).is(0).json();
    for key in ["exact", "exact_bound", "max_abs_error", "seed"] {
        assert!(json.get(key).is_some(), "{key}: {json}");
    }
    assert_eq!((&json["exact"], &json["exact_bound"]), (&true.into(), &"heuristic".into()));
    iobound(&format!("run {SMALL} --no-max --json")).is(0);
}

#[test]
fn bounds_one_row_an_id() {
    let json = iobound("bounds --n 4Ki --d 128 --m 64Ki --json").is(0).json();
    let rows = json.as_array().unwrap();
    assert_eq!(rows.len(), 12);
    for row in rows {
        begins_with(row, &["id", "value", "unit", "assumes", "source", "standing"]);
    }
    // 4·N·d
    assert_eq!((&rows[0]["id"], &rows[0]["value"]), (&"compulsory".into(), &2_097_152.into()));
    let said = iobound("bounds --n 2^48 --d 2^48 --m 1 --json").is(0);
    // 4·2^96
    assert!(said.stdout.contains(r#""value":316912650057057350374175801344,"#));
}

#[test]
fn best_keys_and_gap() {
    let json = iobound("best --n 64 --d 8 --m 512 --json").is(0).json();
    let keys = [
        "algorithm",
        "tiles",
        "loads",
        "stores",
        "io",
        "arrays",
        "peak",
        "vouched",
        "bound",
        "gap",
    ];
    begins_with(&json, &keys);
    begins_with(&json["bound"], &["id", "value"]);
    let number = |it: &Value| it.as_f64().unwrap();
    let gap = number(&json["io"]) / number(&json["bound"]["value"]);
    assert!((number(&json["gap"]) - gap).abs() < 1e-12);
}

#[test]
fn models_and_hardware_are_defaults() {
    let line = ["count", "--algorithm", "flash2", "--model", "GPT-2 medium", "--hardware", "A100"];
    let text = said(&line).is(0).stdout;
    for expected in [
        "N = 1,024, d = 64, M = 83,968 words", // 164 KiB / 2 bytes
        "words between L2 and one SM",
        "× 16 heads × batch 1",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let json = said(&[&line[..], &["--n", "2Ki", "--m", "4Ki", "--json"]].concat()).is(0).json();
    assert_eq!((&json["n"], &json["d"], &json["m"]), (&2048.into(), &64.into(), &4096.into()));
    let json = said(&[&line[..], &["--level", "L2", "--bytes-per-word", "4", "--json"]].concat());
    assert_eq!(json.is(0).json()["m"], 10 << 20); // 40 MiB / 4
}

#[test]
fn the_initial_stores_of_flash1_stand_apart() {
    let text = iobound("count --algorithm flash1 --n 8 --d 2 --m 100 --br 2 --bc 2").is(0).stdout;
    let initial: Vec<&str> =
        text.lines().filter(|it| it.contains("par for i, br in 0..N by Br")).collect();
    // N·d + 2·N
    assert_eq!(initial, ["    0      32    11  par for i, br in 0..N by Br {"]);
}

#[test]
fn golden_text() {
    let text = iobound(&format!("count {SMALL} --br 4 --bc 1")).is(0).stdout;
    insta::assert_snapshot!(text, @r"
    flash2: N = 8, d = 2, M = 40 words
    tiles: Br = 4, Bc = 1 (given; any that were not are the best beside them)

    loads   80  words
    stores  16  words
    io      96  words
    arrays  36  words of live arrays at a time, at most
    peak    38  words in use at a time, at most, scratch included
    io = 2·N·d + 2·N·d·⌈N/Br⌉
    counted: the tile loops were walked at these sizes

    loads  stores  array
       16       0  Q
       32       0  K
       32       0  V
        0      16  O

    loads  stores  statement
       80      16     8  par for i, br in 0..N by Br {
       16       0     9    load q = Q[i..i+br, ..];
       64       0    13    for j, bc in 0..N by Bc {
       32       0    14      load k = K[j..j+bc, ..];
       32       0    15      load v = V[j..j+bc, ..];
        0      16    29    store O[i..i+br, ..] = o;
    ");
}

#[test]
fn list_names_everything() {
    let json = iobound("list --json").is(0).json();
    begins_with(&json, &["algorithms", "hardware", "models", "bounds"]);
    let names: Vec<&Value> =
        json["algorithms"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(names.len(), 9);
    assert!(names.contains(&&Value::from("square-tiling")));
    let json = iobound("list hardware --json").is(0).json();
    begins_with(&json[0], &["name", "memory", "memory_source", "default_level", "levels"]);
    iobound("list").is(0);
    iobound("list algorithm").is(2);
}

#[test]
fn variants_by_name() {
    let json = iobound("list variants --json").is(0).json();
    begins_with(&json[0], &["name", "about", "source", "params", "tiles", "formula"]);
    assert!(json.as_array().unwrap().iter().all(|it| it["source"].as_str().unwrap().len() > 5));
    let causal = "--algorithm causal --n 24 --d 3 --param P=30 --m 200";
    for command in ["count", "replay", "run"] {
        iobound(&format!("{command} {causal}")).is(0);
    }
    let json = iobound(&format!("replay {causal} --json")).is(0).json();
    assert_eq!(
        (&json["verdict"], &json["class"]),
        (&"attention".into(), &"each product once".into())
    );
    assert_eq!(json["vouched"], "replayed");
    iobound("run --algorithm flash2-backward --n 8 --d 2 --m 90").is(0);
    iobound("count --algorithm mla --n 1 --param P=4Ki --m 64Ki").is(0);
}

#[test]
fn the_best_of_a_variant() {
    let io = |options: &str| {
        let json = iobound(&format!("best --n 64 --d 4 --m 200 {options} --json")).is(0).json();
        begins_with(&json, &["algorithm", "tiles", "copies", "io", "peak", "vouched", "bound"]);
        json["io"].as_u64().unwrap()
    };
    let one = io("--mask full");
    assert!(one <= io("--mask prefix:64")); // other schedules compete where there is no mask
    assert_eq!(6 * one, io("--heads 3 --batch 2"));
    assert!(io("--mask causal") < one);
    assert!(io("--mask sliding:4") < io("--mask causal"));
    assert!(io("--mask documents:8") < one);
    assert_eq!(io("--mask prefix:1Ki"), io("--mask prefix:1024"));
    for wrong in ["sliding:0", "sliding:1Qi", "sliding:", "window:1Ki", "causal:1Ki"] {
        let it = iobound(&format!("best --n 64 --d 4 --m 200 --mask {wrong}")).is(2);
        assert!(it.stderr.contains("sliding:WIDTH"), "{wrong}: {}", it.stderr);
    }
    assert!(io("--heads 4 --kv-heads 1 --queries 1") < 4 * io("--queries 1"));
    assert!(io("--backward") > one);
    assert!(io("--dv 8") > one);
    let json = iobound("best --n 64 --d 4 --m 200 --backward --json").is(0).json();
    assert_eq!((&json["bound"]["id"], &json["gap"]), (&"backward-window".into(), &Value::Null));
    assert!(json["bound"]["value"].as_u64().unwrap() <= json["io"].as_u64().unwrap());
    let json = iobound("best --n 64 --d 4 --m 200 --dv 3 --json").is(0).json();
    assert!(json["gap"].as_f64().unwrap() >= 1.0);
    let json = iobound("best --n 64 --d 4 --m 200 --mask causal --json").is(0).json();
    assert_eq!((&json["gap"], &json["class"]), (&Value::Null, &"unknown".into()));
    assert!(json["bound"]["value"].as_u64().unwrap() <= json["io"].as_u64().unwrap());
    iobound("best --model llama-3-8b --mask causal --queries 1 --m 82Ki").is(0);
    let best = "best --n 64 --d 4 --m 200";
    bad(&format!("{best} --heads 8 --kv-heads 3"), "arguments", "3 key heads do not divide 8");
    bad(&format!("{best} --mask causal --queries 65"), "arguments", "at least as many keys");
    bad(&format!("{best} --mask pairs:64"), "arguments", "no mask to schedule");
    bad(&format!("{best} --mask causal --backward"), "arguments", "have no mask");
    bad(&format!("{best} --heads 4 --kv-heads 2 --backward"), "arguments", "no shared keys");
    bad(&format!("{best} --batch 2"), "arguments", "a batch needs --model");
    bad("best --n 64 --d 4 --m 3 --mask causal", "no-fit", "needs at least");
}

#[test]
fn patterns_and_tables_from_files() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let good = file("good.txt", "iobound-pattern 1\nrows 6\nkeys 4\n0..4: 0..2\n4..6:\n");
    for command in ["count", "replay", "run"] {
        iobound(&format!("{command} --pattern {good} --d 2 --m 64")).is(0);
    }
    let twice = file("twice.txt", "iobound-pattern 1\nrows 6\nkeys 4\n0..6: 0..2 1..3\n");
    bad(&format!("count --pattern {twice} --d 2 --m 64"), "parse", "each block stands once");
    let outside = file("outside.txt", "iobound-pattern 1\nrows 6\nkeys 4\n0..6: 2..5\n");
    bad(&format!("count --pattern {outside} --d 2 --m 64"), "parse", "lead outside: there are 4");
    let paged = "run --algorithm paged --n 1 --param B=3 --param W=2 --d 2 --m 64";
    bad(paged, "sizes", "give --table T=FILE");
    iobound(&format!("{paged} --table T={}", file("pages.txt", "2 0\n1\n"))).is(0);
    let wrong = file("wrong.txt", "2 0 7");
    bad(&format!("{paged} --table T={wrong}"), "sizes", "entry 2 of table `T` is 7");
    let word = file("word.txt", "2 0\nx");
    bad(&format!("{paged} --table T={word}"), "parse", "found `x`");
}

#[test]
fn clusters_from_files_and_made() {
    let dir = tempfile::tempdir().unwrap();
    let file = |text: &str| {
        let path = dir.path().join("some.part");
        let text = format!("iobound-partition 1\nnodes 5\nclusters 2\n{text}");
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    for command in ["count", "replay", "run"] {
        let scattered = file("0: 4 1\n1: 0 2 3\n");
        let partition = format!("--partition {scattered} --d 2 --param H=2");
        iobound(&format!("{command} {partition} --m 64")).is(0);
        for clusters in ["2", "2:7"] {
            iobound(&format!("{command} --clusters {clusters} --n 5 --d 2 --m 64")).is(0);
        }
        iobound(&format!("{command} --algorithm bilevel --param P=2 --param L=3 --d 2 --m 64"))
            .is(0);
    }
    let wrong = |text: &str, line: usize, message: &str| {
        let path = file(text);
        let command = format!("count --partition {path} --d 2 --m 64");
        bad(&command, "parse", message);
        let place = iobound(&format!("{command} --json")).is(2).json()["error"]["where"].clone();
        assert_eq!(place, format!("{path}:{line}"));
    };
    wrong("0: 4 1\n1: 0 2\n", 5, "node 3 stands in no cluster");
    wrong("0: 4 1\n1: 0 2 3 1\n", 5, "node 1 already stands in cluster 0");
    wrong("0: 4 1\n1: 0 2 3 5\n", 5, "node 5 is out of range");
    wrong("0: 4 1\n2: 0 2 3\n", 5, "cluster 2 is out of range");
    wrong("0:\n1: 0..5\n", 4, "cluster 0 is empty");
    let some = "--n 5 --d 2 --m 64";
    bad(&format!("count --clusters 6 {some}"), "arguments", "5 nodes do not make 6 clusters");
    bad("count --clusters 2 --d 2 --m 64", "arguments", "--n");
    bad(&format!("count --clusters 2 {some} --table T=none"), "file", "No such file");
}

fn bad(line: &str, kind: &str, message: &str) {
    let said = iobound(&format!("{line} --json")).is(2);
    let json = said.json();
    begins_with(&json, &["error"]);
    begins_with(&json["error"], &["kind", "message", "where"]);
    assert_eq!(json["error"]["kind"], kind, "{line}: {json}");
    let said_message = json["error"]["message"].as_str().unwrap();
    assert!(said_message.contains(message), "{line}: {said_message}");
    assert!(said.stderr.contains(message), "{line}: {}", said.stderr);
    let text = iobound(line).is(2);
    assert_eq!(text.stdout, "", "{line}");
}

#[test]
fn bad_sizes() {
    let flash2 = "count --algorithm flash2";
    for (sizes, message) in [
        ("--n 0 --d 8 --m 100", "at least 1"),
        ("--n 8 --d 0 --m 100", "at least 1"),
        ("--n 8 --d 8 --m 0", "at least 1"),
        ("--n 2^49 --d 8 --m 100", "281474976710656"),
        ("--n 8 --d 99999999999999999999999 --m 100", "281474976710656"),
        ("--n 8 --d 8 --m 2^57", "72057594037927936"),
        ("--n 4,5 --d 8 --m 100", "one size is expected"),
        ("--n -4 --d 8 --m 100", "-4"),
        ("--n 64 --d 8 --m 2Ki --tile Br", "NAME=VALUE"),
        ("--d 8 --m 100", "give --n or --model"),
        ("--n 8 --m 100", "give --d or --model"),
        ("--n 8 --d 8", "give --m or --hardware"),
        ("--n 8 --d 8 --hardware TPU", "known: V100"),
        ("--n 8 --d 8 --hardware A100 --level L9", "known: shared"),
        ("--n 8 --d 8 --m 9 --level L2", "--hardware"),
        ("--model T5 --m 9", "known: BERT-large"),
        ("--n 8 --d 8 --m 99 --tiles paper --br 4", "not both"),
        ("--n 8 --d 8 --m 99 --br 4 --tile Br=2", "twice"),
        ("--n 8 --d 8 --m 99 --tile a=4", "it has `Br`, `Bc`"),
        ("--n 8 --d 8 --m 99 --param N=4", "twice"),
        ("--n 8 --d 8 --m 99 --param X=4", "there are `N`, `d`"),
    ] {
        bad(&format!("{flash2} {sizes}"), "arguments", message);
    }
    for (sizes, message) in [
        ("--n 2^48 --d 2^48 --m 2^56", "2^127"),
        ("--n 64 --d 8 --m 2Ki --br 65", "larger than the 64"),
        ("--n 64 --d 8 --m 2Ki --br 0 --bc 1", "at least 1"),
        ("--n 8 --d 8 --hardware A100 --bytes-per-word 999999999", "not one word"),
    ] {
        bad(&format!("{flash2} {sizes}"), "sizes", message);
    }
    bad("count --algorithm attenio --n 64 --d 8 --m 8", "no-fit", "at least 30 words");
    iobound("count --algorithm attenio --n 64 --d 8 --m 30 --json").is(0);
    bad("count --algorithm attenio --n 64 --d 8 --m 800 --br 2", "arguments", "it has `a`");
    bad("count --algorithm flash3 --n 64 --d 8 --m 800", "arguments", "there are standard, flash1");
    bad("count --algorithm flat --no-max --n 64 --d 8 --m 800", "arguments", "square-tiling have");
    bad("count --n 64 --d 8 --m 800", "arguments", "give --algorithm NAME or --schedule FILE");
    bad("best --n 64 --d 8 --m 1", "no-fit", "needs at least");
    bad("replay --algorithm flash2 --n 1Mi --d 128 --m 1Mi", "walk", "steps");
    bad("replay traces/none.moves", "file", "No such file");
    bad("replay traces/flash2.sched", "parse", "iobound-moves 1");
    bad("nonsense", "arguments", "nonsense");
    bad("count --nonsense", "arguments", "--nonsense");
}

const HEAD: &str = "iobound-schedule 1\nparam N, d;\nin Q[N,d];\nout O[N,d];\n";
const COPY: &str = "load q = Q[..,..];\nstore O[..,..] = q;\nfree q;\n";

fn file(dir: &Path, name: &str, bytes: &[u8]) -> String {
    let path = dir.join(name);
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn bad_texts() {
    let dir = tempfile::tempdir().unwrap();
    // Xorshift: bytes that mean nothing.
    let mut x = 88_172_645_463_325_252_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        x.to_le_bytes()[0]
    })
    .take(500)
    .collect();
    let text = |body: &str| format!("{HEAD}{body}").into_bytes();
    for (name, bytes, kind, message) in [
        ("noise", noise, "parse", "not UTF-8"),
        ("empty", vec![], "parse", "first line"),
        ("index", text("load q = Q[z..z+1,..];\n"), "schedule", "`z`"),
        ("unlive", text("store O[..,..] = q;\n"), "schedule", "`q`"),
        ("double", text(&format!("{COPY}free q;\n")), "schedule", "`q` is used but not live"),
        ("grammar", text("load q Q[..,..];\n"), "parse", "expected"),
        (
            "outside",
            text(&format!("load p = Q[0..1,d..d+1];\nfree p;\n{COPY}")),
            "walk",
            "touched at",
        ),
    ] {
        let path = file(dir.path(), name, &bytes);
        for command in ["count", "replay"] {
            bad(&format!("{command} --schedule {path} --n 4 --d 2 --m 99"), kind, message);
        }
        let said = iobound(&format!("lint {path} --n 4 --d 2 --m 99 --json")).is(2);
        assert_eq!(said.json()["error"]["kind"], kind);
    }
    bad(
        &format!("count --schedule {}/none --n 4 --d 2 --m 9", dir.path().display()),
        "file",
        "No such",
    );
}

#[test]
fn loops_that_never_end_are_counted_before_they_are_walked() {
    let dir = tempfile::tempdir().unwrap();
    let long = |by, body: &str| {
        let text = format!("{HEAD}for i, b in 0..1152921504606846976 by {by} {{\n{body}}}\n{COPY}");
        file(dir.path(), "long.sched", text.as_bytes())
    };
    let sizes = "--n 4 --d 2 --m 99";
    // The same each time: counted at once, 2^60 + 8 words loaded.
    let path = long(1, "load x = Q[0,0];\nfree x;\n");
    let json = iobound(&format!("count --schedule {path} {sizes} --json")).is(0).json();
    assert_eq!(json["loads"], (1_u64 << 60) + 8);
    bad(&format!("replay --schedule {path} {sizes}"), "walk", "steps");
    // Without a closed form (a mask) and by 3: too many to walk.
    let path = long(3, "x[r:b] = 0;\nx[r] = x[r] where r < 1;\nfree x;\n");
    bad(&format!("count --schedule {path} {sizes}"), "walk", "iterations");
    // More words than 128 bits.
    let path = long(
        1,
        "for j in 0..1152921504606846976 by 1 { for k in 0..1152921504606846976 by 1 {\n\
         load x = Q[0,0];\nfree x;\n} }\n",
    );
    bad(&format!("count --schedule {path} {sizes}"), "sizes", "2^127");
}

#[test]
fn schedules_of_ones_own() {
    let dir = tempfile::tempdir().unwrap();
    let copy = file(dir.path(), "copy.sched", format!("{HEAD}{COPY}").as_bytes());
    let json = iobound(&format!("replay --schedule {copy} --n 4 --d 2 --m 8 --json")).is(0).json();
    assert_eq!((&json["algorithm"], &json["verdict"]), (&"copy".into(), &"legal".into()));
    // Without tiles, over M: a well-formed schedule that is wrong.
    iobound(&format!("count --schedule {copy} --n 4 --d 2 --m 7 --json")).is(1);
    iobound(&format!("lint {copy} --n 4 --d 2 --m 7")).is(1);
    bad(&format!("run --schedule {copy} --n 4 --d 2 --m 8"), "unfit", "only attention");
    // Copies Q, and claims to be attention.
    let wrong = "iobound-schedule 1\nparam N, d;\nin Q[N,d], K[N,d], V[N,d];\nout O[N,d];\n";
    let wrong = file(dir.path(), "wrong.sched", format!("{wrong}{COPY}").as_bytes());
    let json = iobound(&format!("replay --schedule {wrong} --n 4 --d 2 --m 8 --json")).is(1).json();
    assert_eq!(json["violation"]["rule"], "wrong-value");
    let other = "iobound-schedule 1\nparam P;\ntile B;\nin Q[P];\nout O[P];\n\nfor i, b in 0..P by B \
                 {\n  load q = Q[i..i+b];\n  store O[i..i+b] = q;\n  free q;\n}\n";
    let other = file(dir.path(), "other.sched", other.as_bytes());
    let json = iobound(&format!("count --schedule {other} --param P=10 --m 4 --json")).is(0).json();
    assert_eq!(
        (&json["n"], &json["io"], &json["params"]["P"]),
        (&Value::Null, &20.into(), &10.into())
    );
    bad(&format!("count --schedule {other} --m 4"), "arguments", "give --param P=VALUE");
    bad(&format!("count --schedule {other} --n 4 --param P=3 --m 4"), "arguments", "there are `P`");
}

#[test]
fn fmt_prints_checks_and_writes() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(dir.path(), "a.sched", format!("{HEAD}{COPY}").as_bytes());
    let printed = iobound(&format!("fmt {path}")).is(0).stdout;
    assert!(printed.contains("load q = Q[.., ..];"));
    iobound(&format!("fmt {path} --check")).is(1);
    iobound(&format!("fmt {path} --write")).is(0);
    assert_eq!(fs::read_to_string(&path).unwrap(), printed);
    iobound(&format!("fmt {path} --check")).is(0);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing half-written is left");
    fs::write(&path, "iobound-schedule 1\nload;").unwrap();
    let said = iobound(&format!("fmt {path} --write --json")).is(2);
    assert_eq!(said.json()["error"]["where"], format!("{path}:2:5"));
}

#[test]
fn lint_says_line_and_column() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(dir.path(), "a.sched", format!("{HEAD}{COPY}free q;\n").as_bytes());
    let said = iobound(&format!("lint {path} traces/flash2.sched")).is(2);
    assert!(
        said.stderr.contains(&format!("{path}:8:6: `q` is used but not live")),
        "{}",
        said.stderr
    );
    assert_eq!(said.stdout, "traces/flash2.sched: sound; class: each product once\n");
    iobound("lint traces/flash2.sched --n 64 --d 8 --m 512").is(0);
}

#[test]
fn help_and_version_are_answers() {
    for line in ["--help", "--version", "count --help", "replay -h", "help lint"] {
        let said = iobound(line).is(0);
        assert!(!said.stdout.is_empty() && said.stderr.is_empty(), "{line}");
    }
    iobound("").is(2);
}

#[test]
fn a_cdag_goes_from_format_to_format() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| dir.path().join(name).display().to_string();
    let made = file("made.hdag");
    said(&["cdag", "--generate", "matmul:2,2,2", "--to", "hdag", "--out", &made]).is(0);
    let dot = said(&["cdag", &made, "--to", "dot"]).is(0).stdout;
    fs::write(file("made.dot"), dot).unwrap();
    let json = said(&["cdag", &file("made.dot"), "--to", "json", "--json"]).is(0).json();
    begins_with(&json, &["format", "vertices", "operands"]);
    assert_eq!(json["vertices"], 20);
    let stats = said(&["cdag", &made, "--stats", "--json"]).is(0).json();
    let keys = ["vertices", "inputs", "outputs", "isolated", "edges", "max_in_degree"];
    begins_with(&stats, &keys);
    assert_eq!((&stats["least_fast"], &stats["compulsory"]), (&3.into(), &12.into()));
    let exported = iobound("cdag --algorithm standard --no-max --n 2 --d 1 --m 30 --json").is(0);
    assert_eq!(exported.json()["vertices"], 24);
    iobound("cdag").is(2);
    iobound("cdag --generate fft:8 --algorithm flash2 --n 2 --d 1 --m 30").is(2);
    iobound("cdag --generate fft:8 --to dot --json").is(2);
    let said = iobound("cdag --generate fft:7 --json").is(2).json();
    assert_eq!(said["error"]["where"], "--generate");
}

#[test]
fn an_order_is_scheduled_and_replayed() {
    let dir = tempfile::tempdir().unwrap();
    let moves = dir.path().join("x.moves").display().to_string();
    let line = format!("order --generate fft:8 --m 6 --moves {moves} --json");
    let order = iobound(&line).is(0).json();
    begins_with(&order, &["m", "order", "evict", "loads", "stores", "io", "compulsory", "peak"]);
    let replayed = iobound(&format!("replay {moves} --json")).is(0).json();
    assert_eq!((&replayed["io"], &replayed["verdict"]), (&order["io"], &"legal".into()));
    let found = iobound("order --generate fft:8 --m 6 --order search --json").is(0).json();
    assert!(found["io"].as_u64() <= order["io"].as_u64());
    assert_eq!(found["ended"], "steps");
    let small = iobound("order --generate fft:8 --m 2 --json").is(2).json();
    assert_eq!(small["error"]["where"], "--m");
    let file = dir.path().join("x.order").display().to_string();
    fs::write(&file, "2\n3 4\n").unwrap();
    iobound(&format!("order --generate tree:2 --m 3 --order {file}")).is(2);
    fs::write(&file, "1 0\n2").unwrap();
    assert!(
        iobound(&format!("order --generate tree:2 --m 3 --order {file}"))
            .is(0)
            .stdout
            .contains("io")
    );
}
