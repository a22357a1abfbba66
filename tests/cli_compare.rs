//! `iobound compare`: numbers worked by hand, a profiler's two forms, a finding, refusals.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use serde_json::{Value, json};
use std::fs;

/// 512 rows of 64 words, 16 heads: Q, K, V and O once are 4,194,304 bytes.
const BERT: &str = "--model bert-large --hardware a100";
const LONG: &str = include_str!("profiles/long.csv");
const WIDE: &str = include_str!("profiles/wide.csv");

fn compare(args: &str) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("iobound").unwrap();
    let output = command.arg("compare").args(args.split_whitespace()).output().unwrap();
    let text = |it: Vec<u8>| String::from_utf8(it).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn json_of(args: &str) -> (Option<i32>, Value) {
    let (status, text, _) = compare(&format!("{BERT} {args} --json"));
    (status, serde_json::from_str(&text).unwrap())
}

#[test]
fn typed_bytes() {
    let (status, it) = json_of("--measured 8MiB --level l2");
    assert_eq!(status, Some(0));
    assert_eq!((&it["over_best"], &it["over_bound"]), (&json!(2.0), &json!(2.0)));
    assert_eq!((&it["bound_bytes"], &it["finding"]), (&json!("4194304"), &Value::Null));
    assert_eq!(it["traffic"], "words between HBM and L2");
    let (status, it) = json_of("--measured 8MiB --level l2 --layers 2");
    assert_eq!((status, &it["over_best"]), (Some(0), &json!(1.0)));
}

#[test]
fn fewer_bytes_than_the_bound_are_a_finding() {
    let (status, it) = json_of("--measured 4MB --level l2");
    assert_eq!(status, Some(1));
    let all = it["finding"].as_array().unwrap();
    assert!(all.iter().any(|it| it.as_str().unwrap().contains("2 bytes")), "{all:?}");
    let (status, text, said) = compare(&format!("{BERT} --measured 4MB --level l2"));
    assert_eq!(status, Some(1));
    assert!(text.contains("--cache-control all") && text.contains("`compulsory`"), "{text}");
    assert!(said.contains("fewer bytes were measured"), "{said}");
}

/// Blocks of 128 queries: L2 reads Q once, K and V 4 times, 32,768 words a head and array.
#[test]
fn each_level_has_its_metrics() {
    let file = "--measured tests/profiles/long.csv --kernel flash_fwd";
    let (status, it) = json_of(&format!("{file} --level l2"));
    assert_eq!((status, &it["measured"]["bytes"]), (Some(0), &json!(4_194_304)));
    assert_eq!(it["over_bound"], 1.0);
    let (status, it) = json_of(&format!("{file} --level shared"));
    let sectors = 16 * 32_768 * 10 / 16;
    assert_eq!((status, &it["measured"]["bytes"]), (Some(0), &json!(32 * sectors)));
    assert_eq!(
        (&it["over_best"], &it["traffic"]),
        (&json!(2.5), &json!("words between L2 and one SM"))
    );
    assert_eq!(it["measured"]["metrics"][0], "lts__t_sectors_op_read.sum");
}

#[test]
fn kernels_are_added_up_unless_one_is_asked_for() {
    let (_, it) = json_of("--measured tests/profiles/long.csv --level l2");
    assert_eq!(it["measured"]["bytes"], 4_194_304 + 1_048_576);
    let kernels = it["measured"]["kernels"].as_array().unwrap();
    let launches: Vec<&Value> = kernels.iter().map(|it| &it["launches"]).collect();
    assert_eq!(launches, [1, 1]);
}

/// 3.15 Mbyte ± 5,000 and 1048.58 Kbyte ± 5. What was rounded away may be what is missing to the bound.
#[test]
fn rounded_numbers_say_by_how_much() {
    let (status, it) = json_of("--measured tests/profiles/wide.csv --level l2 --kernel flash_fwd");
    assert_eq!(status, Some(0));
    assert_eq!(it["measured"]["bytes"], 4_198_580);
    assert_eq!(it["measured"]["rounding"], 5_005);
    let folder = tempfile::tempdir().unwrap();
    for (read, status) in [("3.15", 0), ("3.145", 1), ("3.1", 0)] {
        let path = folder.path().join(format!("{read}.csv"));
        fs::write(&path, WIDE.replace("3.15", read)).unwrap();
        let args = format!("--measured {} --level l2 --kernel flash_fwd", path.display());
        assert_eq!(json_of(&args).0, Some(status), "{read}");
    }
}

#[test]
fn refusals_say_where_and_what_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.csv");
    let check = |text: String, more: &str, expected: &[&str]| {
        fs::write(&path, text).unwrap();
        let args = format!("{BERT} --level l2 --measured {} {more}", path.display());
        let (status, _, said) = compare(&args);
        assert_eq!(status, Some(2), "{said}");
        for it in expected {
            assert!(said.contains(it), "{it:?} is not in {said}");
        }
    };
    let long = |from: &str, to: &str| LONG.replace(from, to);
    let wide = |from: &str, to: &str| WIDE.replace(from, to);
    check(String::new(), "", &["no header", "Kernel Name", "dram__bytes_read.sum"]);
    check(long("Metric Value", "Value"), "", &["mine.csv:6", "Metric Value", "is missing"]);
    check(long("\"1,048,576\"", "\"1.048,5\""), "", &["mine.csv:8", "Metric Value", "1.048,5"]);
    check(long("\"byte\"", "\"bit\""), "", &["mine.csv:7", "known", "Kbyte"]);
    check(long("dram__bytes_write", "dram__bytes_wrote"), "", &["has no dram__bytes_write.sum"]);
    check(long("dram__", "gram__"), "", &["mine.csv:6", "no row has dram__bytes_read.sum"]);
    check(LONG.into(), "--kernel flash_bwd", &["flash_bwd", "known", "elementwise_kernel"]);
    let twice = LONG.replace(
        "\"Memory Workload Analysis\",\"dram__bytes_read.sum\",\"byte\",\"3,145,728\"",
        "\"Memory Workload Analysis\",\"dram__bytes_read.sum\",\"byte\",\"3,145,729\"",
    );
    check(twice, "", &["mine.csv:11", "two values"]);
    check(
        wide("dram__bytes_read", "dram__bytes_rate"),
        "",
        &["mine.csv:3", "dram__bytes_read.sum", "dram__bytes_rate.sum"],
    );
    check(wide("\"3.15\"", "\"n/a\""), "", &["mine.csv:5", "dram__bytes_read.sum", "n/a"]);
    check(wide("3.15\",\"1048.58\"", "3.15\""), "", &["mine.csv:5", "14 cells"]);

    for (args, place) in [
        ("--measured 4Mb --model bert-large --hardware a100", "--measured"),
        ("--measured 4MB --model bert-large", "--hardware"),
        ("--measured 4MB --kernel f --model bert-large --hardware a100", "--kernel"),
        ("--measured none.csv --model bert-large --hardware a100", "none.csv"),
        ("--measured tests/profiles/long.csv --model bert-large --hardware mi300x", "--level"),
        ("--measured 4MB --backward --model bert-large --hardware a100", "--backward"),
    ] {
        let (status, _, said) = compare(args);
        assert_eq!(status, Some(2), "{args}");
        assert!(said.contains(place), "{args}: {said}");
    }
}

#[test]
fn every_key_is_documented() {
    let mut command = Command::cargo_bin("iobound").unwrap();
    let plan = command.args(["plan", "--help"]).output().unwrap().stdout;
    let (_, own, _) = compare("--help");
    let help = own + &String::from_utf8(plan).unwrap();
    let (_, it) = json_of("--measured tests/profiles/long.csv");
    for object in [&it, &it["measured"], &it["measured"]["kernels"][0]] {
        for key in object.as_object().unwrap().keys() {
            assert!(help.contains(key.as_str()), "{key} is not in the help");
        }
    }
}
