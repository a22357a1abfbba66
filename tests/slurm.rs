//! `scripts/sweep.sbatch` on a Slurm of one node. Ignored where Slurm is not installed; `scripts/test` says where.

use assert_cmd::{Command, cargo::cargo_bin};
use std::fs;

const SIZES: [&str; 6] = ["--n", "1Ki..8Ki", "--d", "64,128", "--m", "4Ki..64Ki"];

#[test]
#[ignore = "needs Slurm and root"]
fn an_array_of_four_makes_what_one_process_makes() {
    let folder = tempfile::tempdir().unwrap();
    let root = env!("CARGO_MANIFEST_DIR");
    let iobound = cargo_bin("iobound");
    let ran = Command::new(format!("{root}/scripts/one-node-slurm"))
        .current_dir(&folder)
        .env("IOBOUND", &iobound)
        .args(["sbatch", "--wait", &format!("{root}/scripts/sweep.sbatch"), "--out", "shards"])
        .args(SIZES)
        .timeout(std::time::Duration::from_secs(120))
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));

    let run = |args: &[&str]| {
        let ran = Command::new(&iobound).current_dir(&folder).args(args).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    };
    for shard in 1..=4 {
        assert!(folder.path().join(format!("shards/shard-{shard}-of-4/points.jsonl")).exists());
    }
    run(&["merge", "shards"]);
    run(&[&["sweep", "--out", "whole"], &SIZES[..]].concat());
    for name in ["points.jsonl", "points.csv"] {
        let bytes = |from: &str| fs::read(folder.path().join(from).join(name)).unwrap();
        let whole = bytes("whole");
        assert!(whole.len() > 10_000 && bytes("shards") == whole, "{name}");
    }
}
