//! CDAGs that are none, and machines that fit none: what the command line says, and where.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use serde_json::Value;
use std::{fs, path::Path};

/// Every command that reads a CDAG, as it is called about a file that follows.
const COMMANDS: &[&str] = &[
    "cdag",
    "optimal --m 4",
    "order --m 4",
    "prove --bound all --m 4 --out .",
    "check x.cert --cdag",
];

/// A file's name and text, the line that is at fault, and what is said of it.
const FAULTS: &[(&str, &str, usize, &str)] = &[
    // Cycles and self-loops.
    (
        "cycle.hdag",
        "2 2 4\n0\n1\n0\n1\n0 0\n0 1\n1 1\n1 0\n",
        9,
        "the graph has a cycle: 0 -> 1 -> 0",
    ),
    (
        "cycle.dot",
        "digraph {\n a -> b\n b -> c\n c -> a\n}",
        4,
        "the graph has a cycle: a -> b -> c -> a",
    ),
    ("numbers.dot", "digraph {\n 1 -> 0\n 0 -> 1\n}", 3, "the graph has a cycle: 0 -> 1 -> 0"),
    ("cycle.json", JSON_CYCLE, 3, "the graph has a cycle: 0 -> 1 -> 0"),
    ("self.hdag", "1 1 2\n0\n0\n0 0\n0 0\n", 5, "vertex 0 reads itself"),
    ("self.gv", "digraph {\n a -> a\n}", 2, "vertex \"a\" reads itself"),
    ("self.json", JSON_SELF, 3, "vertex 1 reads itself"),
    // Ids that nothing announces.
    ("vertex.hdag", "1 2 2\n0\n0\n1\n0 0\n0 7\n", 6, "id 7, but the ids end before 2"),
    ("hyperedge.hdag", "1 2 2\n0\n0\n1\n0 0\n5 1\n", 6, "id 5, but the ids end before 1"),
    ("unknown.json", JSON_UNKNOWN, 3, "vertex 1 reads 7, which does not exist"),
    // Headers that announce more than there is, or than there can be.
    ("large.hdag", "1 4294967297 2\n", 1, "4294967297 vertices, but an explicit CDAG holds"),
    ("larger.hdag", "1 1000000000000 2\n", 1, "1000000000000 vertices, but an explicit CDAG"),
    (
        "hyperedges.hdag",
        "1000000000000 3 2\n",
        1,
        "1000000000000 hyperedges, but 3 vertices produce at most one each",
    ),
    (
        "pins.hdag",
        "1 2 1000000000000\n0\n0\n1\n0 0\n0 1\n",
        7,
        "the file ends before a pin `hyperedge vertex`",
    ),
    ("large.json", JSON_LARGE, 2, "1000000000000 vertices, but an explicit CDAG holds at most"),
    ("count.json", JSON_COUNT, 2, "3 vertices announced, 1 lists of operands found"),
    ("negative.json", JSON_NEGATIVE, 2, "`vertices` is no number from 0 to 2^64 - 1"),
    // Files cut short.
    ("empty.hdag", "", 1, "the file ends before the header `hyperedges vertices pins`"),
    ("vertices.hdag", "% x\n1 2 2\n0 1 1\n0 1 0\n", 5, "the file ends before a vertex"),
    ("cut.hdag", "1 2 2\n0\n0\n1\n0 0\n", 6, "the file ends before a pin `hyperedge vertex`"),
    ("empty.dot", "", 1, "the text ends before `digraph`"),
    ("cut.dot", "digraph {\n a ->", 2, "the text ends before a vertex or `{`"),
    ("open.dot", "digraph {\n a -> b\n", 3, "the text ends before a statement or `}`"),
    ("empty.json", "", 1, "the text ends before the JSON does"),
    ("cut.json", JSON_CUT, 3, "the text ends before the JSON does"),
    // Weights: negative, huge, other than one word, and on some only.
    ("negative.hdag", "1 2 2\n0 -1\n0\n1\n0 0\n0 1\n", 2, "expected a hyperedge `id [comm_weight"),
    ("fraction.hdag", "1 2 2\n0 1.5\n0\n1\n0 0\n0 1\n", 2, "expected a hyperedge `id [comm_weig"),
    (
        "huge.hdag",
        "1 2 2\n0\n0 18446744073709551616\n1 1\n0 0\n0 1\n",
        3,
        "expected a vertex `id [work_weight [type]]`, integers from 0 to 2^64 - 1",
    ),
    (
        "heavy.hdag",
        "1 2 2\n0 4000000000\n0\n1\n0 0\n0 1\n",
        2,
        "weight 4000000000, but in this game every value weighs 1 word",
    ),
    (
        "mixed.hdag",
        "2 3 4\n0 1\n1\n0\n1\n2\n0 0\n0 2\n1 1\n1 2\n",
        3,
        "not as many numbers as in the lines before: each line is a hyperedge",
    ),
    (
        "negative.dot",
        "digraph {\n a [mem_weight=-1]\n a -> b\n}",
        2,
        "weight \"-1\", but in this game every value weighs 1 word",
    ),
    ("huge.dot", "digraph {\n a -> b [comm_weight=1e99]\n}", 2, "neither a number nor a name"),
    ("heavy.dot", "digraph {\n a -> b [comm_weight=7]\n}", 2, "weight \"7\", but in this game"),
    (
        "mixed.dot",
        "digraph {\n a [mem_weight=1]\n a -> b\n}",
        3,
        "vertex \"b\" has no weight, and others have one",
    ),
    (
        "edges.dot",
        "digraph {\n a -> b [comm_weight=1]\n b -> c\n}",
        3,
        "an edge has no weight, and others have one",
    ),
    ("weights.json", JSON_WEIGHTS, 4, "unknown field `weights`, expected one of `format`"),
    // Other graphs, other texts.
    ("graph.dot", "graph {\n a -- b\n}", 1, "the graph is undirected; a CDAG is a `digraph`"),
    ("line.dot", "digraph {\n a -- b\n}", 2, "the graph is undirected; a CDAG is a `digraph`"),
    ("words.dot", "\nhello", 2, "expected `digraph`, found \"hello\""),
    ("list.json", "\n[1, 2]", 2, "expected an object with the keys `format`, `vertices` and"),
    ("operands.json", JSON_OPERANDS, 3, "the operands of vertex 1 are no list of numbers"),
    ("words.txt", "hello", 1, "not a CDAG: neither HyperdagDB text, nor DOT, nor JSON"),
];

const JSON_CYCLE: &str =
    "{\"format\":\"iobound-cdag 1\",\"vertices\":2,\"operands\":[\n[1],\n[0]]}";
const JSON_SELF: &str = "{\"format\":\"iobound-cdag 1\",\"vertices\":2,\"operands\":[\n[],\n[1]]}";
const JSON_UNKNOWN: &str =
    "{\"format\":\"iobound-cdag 1\",\"vertices\":2,\"operands\":[\n[],\n[7]]}";
const JSON_LARGE: &str =
    "{\"format\":\"iobound-cdag 1\",\n\"vertices\":1000000000000,\"operands\":[]}";
const JSON_COUNT: &str = "{\"format\":\"iobound-cdag 1\",\n\"vertices\":3,\"operands\":[[]]}";
const JSON_NEGATIVE: &str = "{\"format\":\"iobound-cdag 1\",\n\"vertices\":-2,\"operands\":[]}";
const JSON_CUT: &str = "{\"format\":\"iobound-cdag 1\",\"vertices\":2,\"operands\":[\n[],\n";
const JSON_WEIGHTS: &str = "{\"format\":\"iobound-cdag 1\",\"vertices\":2,\"operands\":[\n[],\n[0]],\n\
                            \"weights\":[1,-1]}";
const JSON_OPERANDS: &str =
    "{\"format\":\"iobound-cdag 1\",\"vertices\":2,\"operands\":[\n[],\n[-1]]}";

fn iobound(folder: &Path, args: &str) -> (Option<i32>, Value) {
    let mut command = Command::cargo_bin("iobound").unwrap();
    let command = command.current_dir(folder).args(args.split_whitespace()).arg("--json");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked"), "{args}: {said}");
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn every_fault_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    for (file, text, line, message) in FAULTS {
        fs::write(folder.path().join(file), text).unwrap();
        for command in COMMANDS {
            let (status, it) = iobound(folder.path(), &format!("{command} {file}"));
            let error = &it["error"];
            assert_eq!(status, Some(2), "{command} {file}: {it}");
            assert_eq!((&error["kind"], &error["where"]), (&"parse".into(), &place(file, *line)));
            let said = error["message"].as_str().unwrap();
            assert!(said.starts_with(message), "{file}: {said:?}, not {message:?}");
        }
    }
}

fn place(file: &str, line: usize) -> Value {
    format!("{file}:{line}").into()
}

/// A vertex with three operands needs four words.
#[test]
fn too_little_memory_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x.dot"), "digraph { a -> d; b -> d; c -> d }").unwrap();
    for command in ["optimal", "order", "prove --bound all --out ."] {
        let (status, it) = iobound(folder.path(), &format!("{command} x.dot --m 3"));
        let error = &it["error"];
        assert_eq!(status, Some(2), "{command}: {it}");
        assert_eq!((&error["kind"], &error["where"]), (&"no-fit".into(), &"--m".into()), "{it}");
        let said = error["message"].as_str().unwrap();
        assert!(said.starts_with("M = 3 ") && said.contains('4'), "{command}: {said}");
        assert_eq!(iobound(folder.path(), &format!("{command} x.dot --m 4")).0, Some(0));
    }
    for m in ["0", "99999999999999999999", "x"] {
        for command in ["optimal", "order", "prove --bound all --out ."] {
            let (status, it) = iobound(folder.path(), &format!("{command} x.dot --m {m}"));
            assert_eq!((status, &it["error"]["kind"]), (Some(2), &"arguments".into()), "{it}");
        }
    }
}

/// Nothing to compute is no fault, but of it there is no moment to speak.
#[test]
fn nothing_to_compute() {
    let folder = tempfile::tempdir().unwrap();
    for text in ["digraph {}", "digraph { a; b }"] {
        fs::write(folder.path().join("x.dot"), text).unwrap();
        for command in ["cdag", "optimal --m 1", "order --m 1", "prove --bound all --m 1 --out ."] {
            let (status, it) = iobound(folder.path(), &format!("{command} x.dot"));
            assert_eq!(status, Some(0), "{command} {text}: {it}");
        }
        let (status, it) =
            iobound(folder.path(), "prove --bound wavefront x.dot --m 1 --out x.cert");
        assert_eq!((status, &it["error"]["where"]), (Some(2), &"--bound".into()), "{it}");
        assert_eq!(it["error"]["message"], "wavefront says nothing where nothing is computed");
    }
}
