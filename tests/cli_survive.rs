//! Sweeps that are killed, split, damaged and run twice at once end with the same bytes.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::cargo::cargo_bin;
use std::{
    fs,
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread::sleep,
    time::Duration,
};

const RESULTS: [&str; 2] = ["points.jsonl", "points.csv"];

fn command(args: &str, folder: &Path) -> Command {
    let mut command = Command::new(cargo_bin("iobound"));
    for name in ["ID", "COUNT", "MIN", "STEP"] {
        command.env_remove(format!("SLURM_ARRAY_TASK_{name}"));
    }
    command.args(args.split(' ')).arg("--out").arg(folder);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn start(args: &str, folder: &Path) -> Child {
    command(args, folder).spawn().unwrap()
}

/// Runs it to its end; what it says on stderr.
fn run(args: &str, folder: &Path) -> String {
    ended(&command(args, folder).output().unwrap(), 0)
}

fn ended(output: &Output, status: i32) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(status), "{said}");
    said
}

fn merge(folder: &Path) -> Output {
    Command::new(cargo_bin("iobound")).arg("merge").arg(folder).output().unwrap()
}

fn results(folder: &Path) -> [Vec<u8>; 2] {
    RESULTS.map(|it| fs::read(folder.join(it)).unwrap())
}

fn length(folder: &Path) -> u64 {
    fs::metadata(folder.join("journal")).map_or(0, |it| it.len())
}

/// 2,520 cells; a second or two.
const MANY: &str = "sweep --n 1Ki..64Ki --d 32..128 --m 1Ki..1Mi:12";
/// 60 cells.
const FEW: &str = "sweep --n 33,64 --d 7 --m 20,400,5000";

#[test]
fn killed_many_times() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, killed) = (folder.path().join("whole"), folder.path().join("killed"));
    run(MANY, &whole);
    let share = length(&whole) / 24;

    let (mut kills, mut there) = (0, 0);
    loop {
        let before = length(&killed);
        let mut child = start(MANY, &killed);
        while child.try_wait().unwrap().is_none() && length(&killed) < before + share {
            sleep(Duration::from_micros(200));
        }
        child.kill().unwrap(); // SIGKILL on Unix
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            break;
        }
        kills += 1;
        // What was whole when it died is there for the next.
        assert!(length(&killed) >= before, "the journal only grows");
        let lines = fs::read(killed.join("journal")).unwrap();
        let lines = lines.iter().filter(|it| **it == b'\n').count();
        assert!(lines > there, "{lines} after {there}");
        there = lines;
    }
    assert!(kills >= 10, "{kills} kills");
    assert_eq!(results(&killed), results(&whole));

    // Killed while it writes the results, at whatever instant that is.
    for _ in 0..20 {
        for name in RESULTS {
            let _ = fs::remove_file(killed.join(name)); // of the kill before, it may not be there
        }
        let mut child = start(MANY, &killed);
        let begun = |name: &str| killed.join(format!("{name}.partial")).exists();
        while child.try_wait().unwrap().is_none() && !RESULTS.iter().any(|it| begun(it)) {
            sleep(Duration::from_micros(100));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for (name, whole) in RESULTS.into_iter().zip(results(&whole)) {
            let there = fs::read(killed.join(name)).ok();
            assert!(there.is_none_or(|it| it == whole), "a half-written {name}");
        }
    }
    let said = run(MANY, &killed);
    assert!(said.contains("note: 2520 of 2520 cells are there already"), "{said}");
    assert_eq!(results(&killed), results(&whole));
    let mut names: Vec<_> =
        fs::read_dir(&killed).unwrap().map(|it| it.unwrap().file_name()).collect();
    names.sort_unstable();
    assert_eq!(names, ["journal", "manifest.json", "points.csv", "points.jsonl"]);
}

/// One of them works, and the others say so.
#[test]
fn several_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, shared) = (folder.path().join("whole"), folder.path().join("shared"));
    let children: Vec<_> = (0..6).map(|_| start(MANY, &shared)).collect();
    let outputs: Vec<_> = children.into_iter().map(|it| it.wait_with_output().unwrap()).collect();
    let refused = outputs.iter().filter(|it| !it.status.success());
    let mut n_refused = 0;
    for output in refused {
        let said = ended(output, 2);
        assert!(said.contains("another process is at work in this folder"), "{said}");
        n_refused += 1;
    }
    assert!((1..6).contains(&n_refused), "{n_refused} refused");
    run(MANY, &whole);
    assert_eq!(results(&shared), results(&whole));
}

/// A file system that takes no more: an error, nothing lost, and it goes on when there is room.
#[cfg(unix)]
#[test]
fn a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, full) = (folder.path().join("whole"), folder.path().join("full"));
    run(FEW, &whole);
    let journal = length(&whole);
    let mut limits = 0;
    // in blocks of 512 bytes, up to what the journal needs
    for blocks in (3..).step_by(7).take_while(|it| it * 512 < journal) {
        let mut shell = Command::new("sh");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        shell.args(["-c", &script, "sh"]).arg(cargo_bin("iobound")).args(FEW.split(' '));
        let output = shell.arg("--out").arg(&full).output().unwrap();
        let said = ended(&output, 2);
        assert!(said.contains("journal: cannot write: File too large"), "{said}");
        assert!((blocks - 1) * 512 <= length(&full) + 1000, "what was written is there");
        limits += 1;
    }
    assert!(limits > 3, "{limits}");
    let said = run(FEW, &full);
    assert!(said.contains("of 60 cells are there already"), "{said}");
    assert_eq!(results(&full), results(&whole));
}

#[test]
fn a_damaged_journal() {
    let folder = tempfile::tempdir().unwrap();
    run(FEW, folder.path());
    let whole = results(folder.path());
    let path = folder.path().join("journal");
    let journal = fs::read(&path).unwrap();
    for step in [97, 1009, 5003] {
        let mut damaged = journal.clone();
        damaged.iter_mut().step_by(step).for_each(|it| *it ^= 1);
        fs::write(&path, damaged).unwrap();
        let said = run(FEW, folder.path());
        assert!(said.contains("lines of the journal are damaged and count as absent"), "{said}");
        assert_eq!(results(folder.path()), whole);
        assert!(!run(&format!("{FEW} --quiet"), folder.path()).contains("note"));
    }
}

#[test]
fn any_number_of_shards() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    run(FEW, &whole);
    for of in [1, 2, 3, 7] {
        let shared = folder.path().join(format!("{of}"));
        for index in (1..=of).rev() {
            run(&format!("{FEW} --shard {index}/{of}"), &shared);
        }
        if of > 1 {
            assert!(!shared.join("points.csv").exists());
            let merged = merge(&shared);
            ended(&merged, 0);
            let said = String::from_utf8(merged.stdout).unwrap();
            assert!(said.starts_with("60 cells, in "), "{said}");
        }
        assert_eq!(results(&shared), results(&whole), "{of} shards");
    }
    // Merged, it is a sweep like any other, and a merge that was killed goes on.
    let shared = folder.path().join("3");
    let said = run(FEW, &shared);
    assert!(said.contains("60 of 60 cells are there already"), "{said}");
    let journal = fs::read(shared.join("journal")).unwrap();
    fs::write(shared.join("journal"), &journal[..journal.len() / 2]).unwrap();
    for name in RESULTS {
        fs::remove_file(shared.join(name)).unwrap();
    }
    ended(&merge(&shared), 0);
    assert_eq!(results(&shared), results(&whole));
}

#[test]
fn a_task_of_a_job_array_is_a_shard() {
    let folder = tempfile::tempdir().unwrap();
    let task = |id: &str, more: &str| {
        let mut command = command(&format!("{FEW}{more}"), folder.path());
        command.env("SLURM_ARRAY_TASK_ID", id).env("SLURM_ARRAY_TASK_COUNT", "2");
        command.env("SLURM_ARRAY_TASK_MIN", "1").output().unwrap()
    };
    for id in ["1", "2"] {
        let said = ended(&task(id, ""), 0);
        assert!(
            said.contains(&format!("note: shard {id}/2, as SLURM_ARRAY_TASK_ID says")),
            "{said}"
        );
    }
    ended(&merge(folder.path()), 0);
    let merged = results(folder.path());
    ended(&task("2", " --shard 1/1"), 0);
    assert_eq!(results(folder.path()), merged);
    assert!(ended(&task("two", ""), 2).contains("SLURM_ARRAY_TASK_ID: \"two\" is not an integer"));
    assert!(ended(&task("3", ""), 2).contains("task 3 is not one of 2 from 1"));
}

#[test]
fn what_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |args: &str, says: &str| {
        let said = ended(&command(args, folder.path()).output().unwrap(), 2);
        assert!(said.contains(says), "{args}: {said}");
    };
    run(FEW, folder.path());
    let before = results(folder.path());
    refused("sweep --n 33 --d 7 --m 20", "holds a sweep of other sizes, algorithms or tiles");
    refused(&format!("{FEW} --tiles paper"), "of other sizes, algorithms or tiles");
    refused(&format!("{FEW} --shard 3/2"), "no shard 3 of 2; write 1/2 to 2/2");
    refused(&format!("{FEW} --shard 2"), "\"2\" is not a shard; write 2/4");
    let manifest = folder.path().join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let change = |from: &str, to: &str| {
        assert!(text.contains(from));
        fs::write(&manifest, text.replace(from, to)).unwrap();
    };
    change("iobound 0", "iobound 99");
    refused(FEW, "written by iobound 99");
    change("\"1/1\"", "\"1/2\"");
    refused(FEW, "shard 1/2 of 60 cells, not 1/1 of 60 cells");
    change("\"1/1\"", "\"9/2\"");
    refused(FEW, "manifest.json: there is no shard 9 of 2");
    change("{", "");
    refused(FEW, "manifest.json: ");
    let hash = text.split("sha256\":\"").nth(1).unwrap().split('"').next().unwrap();
    change(hash, &"0".repeat(64));
    refused(FEW, "made with other schedule texts");
    fs::remove_file(&manifest).unwrap();
    refused(FEW, "whose manifest.json is gone");
    assert_eq!(results(folder.path()), before, "nothing was written over");
    run("sweep --n 33 --d 7 --m 20 --restart", folder.path());
    assert_ne!(results(folder.path()), before);
}

/// More shards than files that may be open.
#[cfg(unix)]
#[test]
fn many_shards_and_few_files() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, shared) = (folder.path().join("whole"), folder.path().join("shared"));
    run(FEW, &whole);
    for index in 1..=40 {
        run(&format!("{FEW} --shard {index}/40"), &shared);
    }
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -n 24; exec \"$@\"", "sh"]).arg(cargo_bin("iobound"));
    ended(&shell.arg("merge").arg(&shared).output().unwrap(), 0);
    assert_eq!(results(&shared), results(&whole));
}

#[test]
fn what_cannot_be_merged() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |says: &str| {
        let said = ended(&merge(folder.path()), 2);
        assert!(said.contains(says), "{said}");
    };
    let path = |name: &str| folder.path().join(name);
    refused("has no folder of a shard");
    run(&format!("{FEW} --shard 1/3"), folder.path());
    refused("shard 2/3 is missing");
    run(&format!("{FEW} --shard 3/3"), folder.path());
    run(&format!("{FEW} --shard 2/3"), folder.path());
    // unfinished
    let journal = path("shard-2-of-3/journal");
    let whole = fs::read(&journal).unwrap();
    fs::write(&journal, &whole[..whole.len() - 1]).unwrap();
    refused("shard-2-of-3: 1 of 20 cells are missing");
    fs::write(&journal, whole).unwrap();
    // at work
    let lock = fs::File::open(&journal).unwrap();
    lock.lock().unwrap();
    refused("shard-2-of-3/journal: another process is at work");
    drop(lock);
    // several sweeps
    run(&format!("{FEW} --shard 1/2"), folder.path());
    refused("beside shard 1/2");
    fs::remove_dir_all(path("shard-1-of-2")).unwrap();
    fs::rename(path("shard-3-of-3"), path("kept")).unwrap();
    run("sweep --n 33 --d 7 --m 20 --shard 3/3", folder.path());
    refused("shard-3-of-3: holds a sweep of other sizes, algorithms or tiles");
    fs::remove_dir_all(path("shard-3-of-3")).unwrap();
    fs::create_dir(path("shard-3-of-3")).unwrap();
    refused("shard-3-of-3: holds no sweep");
    fs::remove_dir(path("shard-3-of-3")).unwrap();
    // a manifest that nobody wrote
    let manifest = fs::read_to_string(path("kept/manifest.json")).unwrap();
    let most = u64::MAX;
    fs::create_dir(path("shard-3-of-3")).unwrap();
    let forged = manifest.replace("3/3", &format!("{most}/{most}"));
    fs::write(path("shard-3-of-3/manifest.json"), forged).unwrap();
    refused(&format!("shard {most}/{most}, beside shard 1/3"));
    fs::remove_dir_all(path("shard-3-of-3")).unwrap();
    fs::rename(path("kept"), path("shard-3-of-3")).unwrap();
    // twice the same
    let twice = Command::new(cargo_bin("iobound"))
        .arg("merge")
        .arg(path("merged"))
        .args([path("shard-1-of-3"), path("shard-1-of-3")])
        .output();
    let said = ended(&twice.unwrap(), 2);
    assert!(said.contains("shard 1/3 once more"), "{said}");
    ended(&merge(folder.path()), 0);
}
