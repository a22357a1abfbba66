//! What the help shows runs; shells and `man` take what is made for them.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::cargo::cargo_bin;
use std::{
    env, fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Output},
};

/// Examples that are not run, and why.
const NOT_RUN: &[(&str, &str)] = &[
    ("--sweep Br=4..32", "times kernels, which a device in software does not"),
    ("iobound report", "its own tests write and compare it"),
    ("iobound man | man", "there may be no reader of manual pages"),
    ("~/", "writes to the home folder"),
    ("--steps 100000", "takes a minute in a debug build"),
    ("--mib 2048", "may take as much memory"),
    ("plan --n 16Ki", "takes half a minute in a debug build"),
];

fn shell(folder: &Path, line: &str) -> Output {
    let binary = cargo_bin("iobound");
    let mut path = binary.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(env::var_os("PATH").unwrap());
    Command::new("sh").args(["-c", line]).env("PATH", path).current_dir(folder).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

fn commands(folder: &Path) -> Vec<String> {
    let help = said(&shell(folder, "iobound --help"));
    let commands = help.split_once("Commands:\n").unwrap().1.split("\n\n").next().unwrap();
    let names = commands.lines().filter(|it| it.starts_with("  ") && !it.starts_with("   "));
    let names = names.map(|it| it.split_whitespace().next().unwrap().to_owned());
    names.filter(|it| it != "help").collect()
}

/// A folder with what the examples name.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["proofs", "traces"] {
        symlink(root.join(name), at(name)).unwrap();
    }
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let text = readme.split_once("```text\n").unwrap().1.split("```").next().unwrap();
    fs::write(at("mine.sched"), text).unwrap();
    fs::write(at("mine.dot"), "digraph { a -> c; b -> c; c -> d; a -> d }\n").unwrap();
    fs::write(at("mine.order"), "c\nd\n").unwrap();
    let made = "iobound cdag --generate fft:4 --to hdag --out mine.hdag
        iobound cdag --generate fft:8 --to hdag --out fft.hdag
        iobound trace --algorithm flash2 --n 16 --d 4 --m 200 --format din --out mine.din.gz
        iobound trace --algorithm flash2 --n 16 --d 4 --m 200 --format lackey --out kernel.lackey.gz
        cp kernel.lackey.gz recorded.lackey.gz
        iobound sweep --n 32,64 --d 8 --m 400 --out big --shard 1/2
        iobound sweep --n 32,64 --d 8 --m 400 --out big --shard 2/2";
    for line in made.lines() {
        let output = shell(folder.path(), line);
        assert!(output.status.success(), "{line}: {}", said(&output));
    }
    folder
}

#[test]
fn every_command_has_examples_and_they_run() {
    let folder = folder();
    let (mut run, mut skipped) = (0, vec![false; NOT_RUN.len()]);
    for command in commands(folder.path()) {
        let help = said(&shell(folder.path(), &format!("iobound {command} --help")));
        let examples = help.lines().filter_map(|it| it.strip_prefix("  iobound "));
        let examples: Vec<_> = examples.collect();
        assert!(!examples.is_empty(), "{command} --help has no example");
        for example in examples {
            // a comment after three blanks
            let line = format!("iobound {}", example.split("   ").next().unwrap());
            if let Some(at) = NOT_RUN.iter().position(|it| line.contains(it.0)) {
                skipped[at] = true;
                continue;
            }
            let output = shell(folder.path(), &line);
            assert!(output.status.success(), "{line}: {}", said(&output));
            run += 1;
        }
    }
    assert!(run > 50, "{run} examples");
    assert!(skipped.iter().all(|it| *it), "what is not run is there: {skipped:?}");
}

#[test]
fn shells_take_the_completions() {
    let folder = tempfile::tempdir().unwrap();
    let completed = "source <(iobound completions bash); COMP_WORDS=(iobound swe); COMP_CWORD=1
        _iobound iobound swe iobound; echo ${COMPREPLY[@]}
        COMP_WORDS=(iobound replay --mod); COMP_CWORD=2; _iobound iobound --mod replay; echo ${COMPREPLY[@]}";
    let output = Command::new("bash")
        .args(["-c", completed])
        .env(
            "PATH",
            format!(
                "{}:{}",
                cargo_bin("iobound").parent().unwrap().display(),
                env::var("PATH").unwrap()
            ),
        )
        .output()
        .unwrap();
    assert_eq!(said(&output), "sweep\n--mode --model\n");
    for name in ["zsh", "fish", "elvish", "powershell"] {
        let script = said(&shell(folder.path(), &format!("iobound completions {name}")));
        assert!(script.contains("iobound") && script.contains("kv-heads"), "{name}: {script}");
    }
    assert_eq!(shell(folder.path(), "iobound completions cmd").status.code(), Some(2));
}

#[test]
fn every_command_has_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let output = shell(folder.path(), "iobound man --out pages");
    assert!(output.status.success(), "{}", said(&output));
    for command in commands(folder.path()) {
        let page =
            fs::read_to_string(folder.path().join(format!("pages/iobound-{command}.1"))).unwrap();
        assert!(page.contains(".SH NAME") && page.contains(".SH NOTES"), "{page}");
        let examples = page.lines().filter(|it| it.starts_with("    iobound")).count();
        assert!(examples > 0, "{page}");
    }
    let first = fs::read_to_string(folder.path().join("pages/iobound.1")).unwrap();
    assert_eq!(said(&shell(folder.path(), "iobound man")), first);
}
