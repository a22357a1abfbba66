//! `iobound curve` and `iobound trace`.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use serde_json::Value;
use std::{fs, path::Path};

fn iobound(dir: &Path, args: &str) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("iobound").unwrap();
    let it = command.current_dir(dir).args(args.split_whitespace()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (it.status.code(), text(it.stdout), text(it.stderr))
}

fn json(dir: &Path, args: &str) -> Value {
    let (status, out, error) = iobound(dir, args);
    assert_eq!(status, Some(0), "{args}: {error}");
    serde_json::from_str(&out).unwrap()
}

const FLASH2: &str = "--algorithm flash2 --n 16 --d 4 --m 128";

/// A schedule's loops, and the same loops through a file of every format, make the same curve.
#[test]
fn through_files() {
    let dir = tempfile::tempdir().unwrap();
    let at = |source: &str| {
        json(
            dir.path(),
            &format!("curve {source} --policy lru,opt,fifo --sizes 1,64,100,500 --json"),
        )
    };
    let direct = at(FLASH2);
    assert_eq!(direct.as_array().unwrap().len(), 12);
    assert_eq!(direct[3]["misses"], 320, "Q, K, V and what is made: {direct}");
    for (format, name) in
        [("din", "a.din"), ("lackey", "a.lackey.gz"), ("ids", "a.ids.zst"), ("binary", "a.trace")]
    {
        let wrote =
            json(dir.path(), &format!("trace {FLASH2} --format {format} --out {name} --json"));
        assert_eq!(wrote["accesses"], direct[0]["accesses"], "{format}");
        assert_eq!(at(name), direct, "{format}");
    }
    // What was written is read and written again.
    json(dir.path(), "trace a.trace --format ids --out b.ids.zst --json");
    assert_eq!(at("b.ids.zst"), direct);
    let (status, csv, _) = iobound(dir.path(), "curve a.trace --policy opt --sizes 64 --csv");
    assert_eq!(status, Some(0));
    let row = &direct[5];
    let of = |key: &str| row[key].to_string();
    assert_eq!((row["policy"].as_str(), row["size"].as_u64()), (Some("opt"), Some(64)));
    let numbers = ["accesses", "misses", "loads", "writebacks", "flushed"].map(of).join(",");
    let head = "policy,size,accesses,misses,loads,writebacks,flushed";
    assert_eq!(csv, format!("{head}\nopt,64,{numbers}\n"));
}

#[test]
fn pictures_and_text() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a.svg", "a.png"] {
        let (status, out, error) = iobound(dir.path(), &format!("curve {FLASH2} --plot {name}"));
        assert_eq!(status, Some(0), "{error}");
        assert!(out.contains("12,128 accesses") && out.contains("miss rate"), "{out}");
        assert!(fs::metadata(dir.path().join(name)).unwrap().len() > 1000);
    }
}

/// A program under valgrind, recorded once: `traces/recorded`.
#[test]
fn recorded() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("traces/recorded");
    let args =
        "curve kernel.lackey.zst --policy lru,opt --sizes 64 --word-bytes 64 --sets 16 --ways 4";
    let rows = json(&dir, &format!("{args} --json"));
    let of = |i: usize, key: &str| rows[i][key].as_u64().unwrap();
    assert!(of(1, "misses") < of(0, "misses"), "Bélády is better: {rows}");
    assert_eq!(rows[2]["policy"], "sets");
    let kinds = &rows[2]["kinds"];
    let kind = |key: &str| kinds[key].as_i64().unwrap();
    let all = kind("compulsory") + kind("capacity") + kind("conflict");
    assert_eq!(all, rows[2]["misses"].as_i64().unwrap());
    assert_eq!(kind("compulsory") + kind("capacity"), rows[0]["misses"].as_i64().unwrap());
    let (status, text, _) = iobound(&dir, args);
    assert_eq!(status, Some(0));
    assert!(text.contains("23 accesses across words; 0 instruction fetches left out"), "{text}");
}

#[test]
fn bad_input() {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("bad.din", "0 10\n7 10\n"),
        ("high.lackey", " L fffffffffffffffe,4\n"),
        ("wide.lackey", " L 2,4\n"),
        ("words.txt", "hello\n"),
        ("cut.gz", "\u{1f}"),
    ] {
        fs::write(dir.path().join(name), text).unwrap();
    }
    fs::write(dir.path().join("cut.gz"), [0x1f, 0x8b, 8, 0]).unwrap();
    for (args, says) in [
        ("curve bad.din", "bad.din:2: expected `label address`"),
        ("curve high.lackey", "high.lackey:1: 4 bytes from address 0xfffffffffffffffe on pass"),
        (
            "curve wide.lackey --across refuse",
            "wide.lackey:1: 4 bytes from address 0x2 on lie in 2",
        ),
        ("curve words.txt", "words.txt:1: neither din, lackey, ids nor a binary trace"),
        ("curve cut.gz", "cut.gz:1: the file is cut short"),
        ("curve none.din", "none.din: No such file"),
        ("curve bad.din --sizes 0", "a size must be at least 1"),
        ("curve bad.din --word-bytes 0", "number would be zero"),
        ("curve bad.din --policy best", "no policy `best`; there are lru, opt, opt-words and fifo"),
        ("curve bad.din --plot a.gif", "a picture is FILE.svg or FILE.png"),
        ("curve bad.din --algorithm flash2", "cannot be used with"),
        ("curve bad.din --sets 0 --ways 1", "--sets: 0 sets; a cache has 1 to 2^26"),
        ("curve bad.din --sets 2 --ways 3 --plru", "--ways: 3 ways; a tree of bits needs a power"),
        (
            "curve bad.din --sets 2 --ways 2 --line 3",
            "--line: a line of 3 words; it must be a power",
        ),
        ("curve bad.din --sets 2", "--ways"),
        ("curve", "no schedule: give --algorithm NAME or --schedule FILE"),
        ("trace bad.din --format ids --out x.ids", "bad.din:2: expected `label address`"),
        ("trace wide.lackey --format elf --out x", "no format `elf`; there are din, lackey, ids"),
        ("trace wide.lackey --format ids --out - --json", "the trace or the JSON document"),
        ("trace wide.lackey --format ids --out no/x", "there is no folder no"),
    ] {
        let (status, _, error) = iobound(dir.path(), args);
        assert_eq!(status, Some(2), "{args}: {error}");
        assert!(error.contains(says), "{args}: {error}");
    }
    assert!(!dir.path().join("x.ids").exists(), "nothing is left of a trace that stopped");
    fs::write(dir.path().join("empty"), "").unwrap();
    let rows = json(dir.path(), "curve empty --sizes 4 --policy lru --json");
    assert_eq!(rows[0]["misses"], 0);
}
