//! What the README shows is what the program does.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use iobound::sweep::{BEST, from_json_lines};
use std::{fs, path::Path};

/// The fenced block of `readme` after `fence`.
fn block<'a>(readme: &'a str, fence: &str) -> &'a str {
    let rest = readme.split_once(&format!("```{fence}\n")).unwrap().1;
    rest.split_once("```").unwrap().0
}

fn iobound(folder: &Path, args: &str) -> (Option<i32>, String) {
    let mut command = Command::cargo_bin("iobound").unwrap();
    let output = command.current_dir(folder).args(args.split_whitespace()).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_schedule_of_the_readme_is_judged_as_it_says() {
    let readme = include_str!("../README.md");
    let folder = tempfile::tempdir().unwrap();
    let text = block(readme, "text");
    fs::write(folder.path().join("mine.sched"), text).unwrap();
    let (command, expected) = block(readme, "console").split_once('\n').unwrap();
    let (status, output) = iobound(folder.path(), command.strip_prefix("$ iobound ").unwrap());
    assert_eq!((status, output.trim_end()), (Some(0), expected.trim_end()));

    let wrong = text.replace("l[r] + s[r]", "s[r]");
    assert_ne!(wrong, text);
    fs::write(folder.path().join("mine.sched"), wrong).unwrap();
    let (status, output) =
        iobound(folder.path(), "replay --schedule mine.sched --n 16 --d 4 --m 99");
    assert_eq!(status, Some(1));
    assert!(output.contains("refused") && output.contains("does not hold attention"), "{output}");
}

#[test]
fn the_commands_of_the_readme_run() {
    let commands = ["## Questions", "## Long sweeps", "## Any CDAG"].map(run_all);
    assert_eq!(commands, [16, 3, 6]);
}

/// Runs a walk: each `text NAME` block is a file of that name, each `console` block holds commands and all that
/// they print.
fn walk(text: &str) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let mut tried = 0;
    for (fence, block) in blocks(text) {
        if let Some(name) = fence.strip_prefix("text ") {
            fs::write(folder.path().join(name), block).unwrap();
        }
        if fence != "console" {
            continue;
        }
        for command in block.split("$ iobound ").skip(1) {
            let (args, expected) = command.split_once('\n').unwrap();
            let (status, output) = iobound(folder.path(), args);
            assert_eq!(status, Some(0), "{args}");
            assert_eq!(output.trim_end(), expected.trim_end(), "{args}");
            tried += 1;
        }
    }
    tried
}

/// What stands between fences, with what the first fence says.
fn blocks(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("```").skip(1).step_by(2).map(|it| it.split_once('\n').unwrap())
}

#[test]
fn the_walks_print_what_they_show() {
    assert_eq!(walk(include_str!("../docs/own-schedule.md")), 6);
    assert_eq!(walk(include_str!("../docs/llama-3-h100.md")), 6);
}

/// How many commands the first block after `heading` has; each ends with status 0.
fn run_all(heading: &str) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let commands = block(include_str!("../README.md").split_once(heading).unwrap().1, "sh");
    let mut tried = 0;
    for line in commands.lines() {
        let args = line.split_once('#').map_or(line, |it| it.0).trim();
        let (status, output) = iobound(folder.path(), args.strip_prefix("iobound ").unwrap());
        assert_eq!(status, Some(0), "{args}: {output}");
        tried += 1;
    }
    tried
}

#[test]
fn the_gaps_are_as_the_readme_says() {
    let points = from_json_lines(include_str!("../reports/points.jsonl")).unwrap();
    let small = points.iter().filter(|it| it.algorithm == BEST && it.m <= it.n * it.d / 2);
    let gaps: Vec<f64> = small.filter_map(|it| it.gap).collect();
    let (low, high) =
        gaps.iter().fold((f64::MAX, 0.0_f64), |it, gap| (it.0.min(*gap), it.1.max(*gap)));
    let said = format!("the gap to\n  the best schedule is {low:.1} to {high:.1} where M ≤ N·d/2");
    assert!(include_str!("../README.md").contains(&said), "{said}");
}
