//! Sets of lines against cachegrind, on the accesses that lackey records of the same program.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::cargo::cargo_bin;
use std::{
    path::Path,
    process::{Command, Output},
};

fn run(command: &mut Command) -> Output {
    let it = command.output().unwrap();
    assert!(it.status.success(), "{command:?}: {}", String::from_utf8_lossy(&it.stderr));
    it
}

fn valgrind(dir: &Path, args: &[&str]) -> String {
    let mut command = Command::new("valgrind");
    let it = run(command.current_dir(dir).args(args).arg("./kernel"));
    String::from_utf8(it.stderr).unwrap()
}

/// The number after `label` in what cachegrind says.
fn number(said: &str, label: &str) -> i64 {
    let line = said.lines().find(|it| it.contains(label)).unwrap_or_else(|| panic!("{said}"));
    let number = line.split_once(label).unwrap().1.trim_start();
    let number = number.split_whitespace().next().unwrap().replace(',', "");
    number.parse().unwrap()
}

/// The first data cache of cachegrind is sets of lines under LRU, allocating writes. An access across two
/// lines is one miss for it and up to two for us; nothing else differs.
#[test]
#[ignore = "needs valgrind and a C compiler; scripts/test runs it where they are"]
fn cachegrind_counts_the_same_misses() {
    let dir = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("traces/recorded/kernel.c");
    let mut cc = Command::new("cc");
    run(cc.current_dir(&dir).args(["-O1", "-static", "-o", "kernel"]).arg(&source).arg("-lm"));
    valgrind(dir.path(), &["--tool=lackey", "--trace-mem=yes", "--log-file=lackey"]);
    for (sets, ways) in [(32, 4), (16, 2), (64, 8), (1, 8), (128, 1)] {
        let d1 = format!("--D1={},{ways},64", 64 * sets * ways);
        let said = valgrind(
            dir.path(),
            &["--tool=cachegrind", "--cache-sim=yes", "--cachegrind-out-file=out", &d1],
        );
        let mut iobound = Command::new(cargo_bin!("iobound"));
        let args = ["curve", "lackey", "--policy", "lru", "--sizes", "1", "--word-bytes", "64"];
        iobound.current_dir(&dir).args(args);
        iobound.args(["--sets", &sets.to_string(), "--ways", &ways.to_string()]);
        let text = String::from_utf8(run(&mut iobound).stdout).unwrap();
        let json = String::from_utf8(run(iobound.arg("--json")).stdout).unwrap();
        let rows: serde_json::Value = serde_json::from_str(&json).unwrap();
        let of = |key: &str| rows[1][key].as_i64().unwrap();
        let across = text.lines().find(|it| it.contains("accesses across")).unwrap();
        let across: i64 = across.split_whitespace().next().unwrap().parse().unwrap();
        assert_eq!(of("accesses") - across, number(&said, "D   refs:"), "{sets} x {ways}");
        let more = of("misses") - number(&said, "D1  misses:");
        assert!((0..=across).contains(&more), "{sets} x {ways}: {more} more, {across} across");
        assert!(across < 100);
    }
}
