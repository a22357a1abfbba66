//! Files that are too large, never end or are none: refused with their place, soon, in little memory.
//!
//! Through the command line, each under a limit of memory: `ulimit -v`, where there is a shell that has it.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

/// Address space of a run in KiB, 1 GiB: the program itself takes little of it.
const MOST_KIB: u64 = 1 << 20;

/// Seconds of processor time; the runs take less than one.
const MOST_SECONDS: u64 = 20;

const GIB: u64 = 1 << 30;

/// Runs in `folder`; `args` has no blanks to quote.
fn iobound(folder: &Path, args: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_iobound");
    let line = format!("ulimit -v {MOST_KIB}; ulimit -t {MOST_SECONDS}; exec {program} {args}");
    Command::new("sh").args(["-c", &line]).current_dir(folder).output().unwrap()
}

/// Exit status 2, and this is said.
#[track_caller]
fn refused(folder: &Path, args: &str, says: &str) {
    let it = iobound(folder, args);
    let said = String::from_utf8([it.stdout, it.stderr].concat()).unwrap();
    assert_eq!(it.status.code(), Some(2), "{args}: {said}");
    assert!(said.contains(says), "{args}: {said:?}, not {says:?}");
}

/// A file of 1 GiB that begins with `text`; the rest is a hole, and reads as zeros.
fn sparse(folder: &Path, name: &str, text: &str) {
    let mut file = File::create(folder.join(name)).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.set_len(GIB).unwrap();
}

/// Every command that reads a file whole, or as it comes.
const READERS: &[&str] = &[
    "lint",
    "fmt",
    "count --n 9 --d 4 --m 99 --schedule",
    "count --d 4 --m 99 --pattern",
    "count --d 4 --m 99 --param H=1 --partition",
    "check",
    "cdag",
    "optimal --m 9",
    "order --m 9 --generate tree:4 --order",
    "replay",
    "curve",
];

#[test]
fn what_never_ends_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for command in READERS {
        // A CDAG may have 1 GiB, which does not fit here.
        if !["cdag", "optimal --m 9"].contains(command) {
            refused(folder.path(), &format!("{command} /dev/zero"), "/dev/zero");
        }
    }
}

#[test]
fn a_folder_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    for command in READERS {
        refused(folder.path(), &format!("{command} ."), "Is a directory");
        refused(folder.path(), &format!("{command} ./absent"), "No such file");
    }
}

#[test]
fn a_gibibyte_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    sparse(folder, "loops.sched", "iobound-schedule 1\nparam N;\n");
    refused(folder, "lint loops.sched", "more than 1048576 bytes, too long for a schedule");
    sparse(folder, "paths.cert", "iobound-certificate 1\n");
    refused(folder, "check paths.cert", "more than 134217728 bytes, too long for a certificate");
    sparse(folder, "all.pattern", "iobound-pattern 1\n");
    refused(folder, "count --d 4 --m 99 --pattern all.pattern", "too long for a pattern");
    sparse(folder, "all.partition", "iobound-partition 1\n");
    refused(folder, "count --d 4 --m 99 --partition all.partition", "too long for a partition");
    // These are read as they come.
    sparse(folder, "x.moves", "iobound-moves 1\nproblem attention 2 1\nfast 9\n");
    refused(folder, "replay x.moves", "x.moves:4: not a line of text of at most 65536 bytes");
    sparse(folder, "x.ids", "17\n");
    refused(folder, "curve x.ids", "x.ids:2: a line of more than 4096 bytes; this is no trace");
}

#[test]
fn nests_and_lists_without_end_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let write = |name: &str, head: &str, again: &str, bytes: usize| {
        let text = head.to_owned() + &again.repeat((bytes - head.len()) / again.len());
        fs::write(folder.join(name), text).unwrap();
    };
    let (megabyte, head) = (1 << 20, "iobound-schedule 1\nparam N;\n");
    write("nest.sched", head, "for i in 0..N by 1 {", megabyte);
    refused(folder, "lint nest.sched", "nest.sched:3:1270: expected at most 64 levels of nesting");
    write("born.sched", head, "{", megabyte);
    refused(folder, "lint born.sched", "born.sched:3:1: expected a statement");
    let head = "{\"format\":\"iobound-cdag 1\",\"vertices\":1,\"operands\":[";
    write("nest.json", head, "[", 32 * megabyte);
    refused(folder, "cdag nest.json", "nest.json:1: ");
    write("lists.json", head, "[],", 64 * megabyte);
    refused(folder, "cdag lists.json", "lists.json:1: more than 16777216 vertices");
    write(
        "x.cert",
        "iobound-certificate 1\nproblem inline 18446744073709551615\n",
        "reads\n",
        megabyte,
    );
    refused(folder, "check x.cert", "the text ends before `reads`");
    fs::write(folder.join("x.hdag"), "0 16777216 0\n").unwrap();
    refused(folder, "cdag x.hdag", "x.hdag:2: the file ends before a vertex");
    let set: String = (0..10_000).map(|it| format!("v{it} ")).collect();
    let text = format!("digraph {{ a -> {{ {set} }} -> {{ {} }} }}", set.replace('v', "w"));
    fs::write(folder.join("x.dot"), text).unwrap();
    refused(folder, "cdag x.dot", "x.dot:1: more than 67108864 edges");
    let ranges: String = (0..9000).map(|it| format!(" {}..{}", 2 * it, 2 * it + 1)).collect();
    let text = format!("iobound-pattern 1\nrows 1\nkeys 18000\n0..1:{ranges}\n");
    fs::write(folder.join("x.pattern"), text).unwrap();
    let says = "x.pattern:4: more than 8192 lines of rows and ranges of keys";
    refused(folder, "count --d 4 --m 99 --pattern x.pattern", says);
}

/// Exit status 0, with `text` in the file.
#[track_caller]
fn taken(file: &str, text: &str, args: &str) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(file), text).unwrap();
    let it = iobound(folder.path(), args);
    assert_eq!(it.status.code(), Some(0), "{}", String::from_utf8_lossy(&it.stderr));
}

/// Sixty bytes that speak of 2^24 nodes: 64 MiB for their clusters, 128 for the cluster's list.
#[test]
fn a_few_bytes_are_many_nodes() {
    let text = "iobound-partition 1\nnodes 16777216\nclusters 1\n0: 0..16777216\n";
    taken("x", text, "count --partition x --d 16 --param H=1 --m 32Ki");
}

/// Words of a trace that are far apart: each takes a page of 256 bytes.
#[test]
fn words_far_apart() {
    let words: String = (0..300_000_u64).map(|it| format!("{}\n", it << 20)).collect();
    taken("x.ids", &words, "curve x.ids --policy lru --sizes 1Ki");
}

/// A pipe has no length and ends.
#[test]
fn a_pipe_that_ends() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for (command, file) in [
        ("lint", "traces/flash2.sched"),
        ("check", "proofs/window/accept/ragged.cert"),
        ("replay", "traces/attention-2-1.moves"),
    ] {
        let program = env!("CARGO_BIN_EXE_iobound");
        let child = Command::new(program)
            .arg(command)
            .arg(&pipe)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let text = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        fs::write(&pipe, text).unwrap();
        let it = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&it.stderr);
        assert_eq!(it.status.code(), Some(0), "{command}: {said}");
    }
}
