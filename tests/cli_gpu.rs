//! `iobound gpu` as a user runs it. No driver is needed, nor used.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use serde_json::Value;
use std::process::Output;

/// `iobound gpu` with `args`, words between blanks; the Vulkan loader finds no driver.
fn gpu(args: &str) -> Output {
    let mut command = Command::cargo_bin("iobound").unwrap();
    command.env("VK_DRIVER_FILES", "/nonexistent").env("VK_ICD_FILENAMES", "/nonexistent");
    command.arg("gpu").args(args.split_whitespace()).output().unwrap()
}

/// On the interpreter: the JSON document, and the exit status.
fn json(args: &str) -> (Value, Option<i32>) {
    let ran = gpu(&format!("{args} --device interpreter --json"));
    let document = serde_json::from_slice(&ran.stdout).unwrap_or(Value::Null);
    (document, ran.status.code())
}

/// Exit 2, nothing but JSON on stdout, and a message that contains all of `says`.
fn refused(args: &str, says: &[&str]) {
    let ran = gpu(args);
    let stderr = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(2), "{args}: {stderr}");
    assert!(ran.stdout.is_empty(), "{args}");
    says.iter().for_each(|it| assert!(stderr.contains(it), "{args}: {stderr}"));
}

/// Words are as predicted in every array; there is no time.
fn holds(run: &Value) {
    assert_eq!(run["equal"], true, "{run}");
    for (name, it) in run["arrays"].as_object().unwrap() {
        for moved in ["loads", "stores"] {
            let [predicted, counted] =
                ["predicted", "counted"].map(|key| it[moved][key].as_u64().unwrap());
            assert_eq!(predicted, counted, "{name}: {run}");
        }
    }
    assert!(run.get("time_ns").is_none(), "{run}");
}

#[test]
fn says_what_was_predicted_and_what_was_counted() {
    let (run, status) = json("--algorithm flash2 --n 16 --d 4 --m 512 --br 4 --bc 8");
    assert_eq!(status, Some(0), "{run}");
    holds(&run);
    assert_eq!(run["kind"], "interpreter");
    assert_eq!(run["device"], "naga interpreter");
    assert_eq!(run["tiles"], serde_json::json!({ "Br": 4, "Bc": 8 }));
    let names: Vec<_> = run["arrays"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["Q", "K", "V", "O"]);
    // Q and O once; K and V once for each of 16/4 blocks of rows.
    let io = |array: &str, moved: &str| run["arrays"][array][moved]["counted"].as_u64().unwrap();
    assert_eq!([io("Q", "loads"), io("K", "loads"), io("V", "loads")], [64, 256, 256]);
    assert_eq!([io("O", "loads"), io("O", "stores")], [0, 64]);
    let [error, bound] = ["max_abs_error", "error_bound"].map(|it| run[it].as_f64().unwrap());
    assert!(error <= bound && bound < 1e-3, "{run}");
    let text = gpu("--algorithm flash2 --n 16 --d 4 --m 512 --device interpreter");
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("equal, word for word"), "{text}");
    assert!(text.contains("a device in software says nothing about it"), "{text}");
}

/// One row, and sizes that no tile and no workgroup divides.
#[test]
fn ragged_sizes_run() {
    for sizes in ["--n 1 --d 1 --m 64", "--n 1 --d 7 --m 99", "--n 17 --d 5 --m 300 --br 4 --bc 3"]
    {
        let (run, status) = json(&format!("--algorithm flash2 {sizes}"));
        assert_eq!(status, Some(0), "{sizes}: {run}");
        holds(&run);
    }
}

#[test]
fn all_runs_every_algorithm() {
    let (all, status) = json("--all --n 9 --d 3 --m 256");
    assert_eq!(status, Some(0), "{all}");
    assert_eq!((&all["equal"], &all["kind"]), (&Value::Bool(true), &"interpreter".into()));
    assert_eq!(all["excluded"], serde_json::json!([]));
    let runs = all["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 14);
    for run in runs {
        holds(run);
        let [error, bound] = ["max_abs_error", "error_bound"].map(|it| run[it].as_f64().unwrap());
        assert!(error <= bound, "{run}");
    }
    // Some have no tiles that fit; if none has, nothing was judged.
    let (some, status) = json("--all --n 9 --d 3 --m 12");
    assert_eq!(status, Some(0), "{some}");
    let n_out = some["excluded"].as_array().unwrap().len();
    assert!(n_out > 0 && n_out + some["runs"].as_array().unwrap().len() == 14, "{some}");
    let (none, status) = json("--all --n 9 --d 3 --m 2");
    assert_eq!((status, none["runs"].as_array().unwrap().len()), (Some(2), 0));
}

/// Words do not depend on the inputs; what exp makes of nan and infinity is not judged.
#[test]
fn inputs_that_are_no_numbers_move_the_same_words() {
    let run = |kind: &str| {
        let (run, status) =
            json(&format!("--algorithm flash2 --n 10 --d 3 --m 99 --inputs {kind} --seed 7"));
        assert_eq!(status, Some(0), "{kind}: {run}");
        holds(&run);
        run
    };
    let plain = run("uniform");
    for kind in ["nan", "infinite"] {
        let run = run(kind);
        assert_eq!(run["arrays"], plain["arrays"]);
        assert_eq!((&run["max_abs_error"], &run["error_bound"]), (&Value::Null, &Value::Null));
    }
    for kind in ["large", "equal", "one-hot"] {
        assert!(run(kind)["max_abs_error"].is_f64(), "{kind}");
    }
    refused("--algorithm flash2 --n 4 --d 2 --m 99 --inputs odd", &["one-hot, nan, infinite"]);
}

#[test]
fn the_kernels_are_printed() {
    let (counted, status) = json("--algorithm flash1 --n 8 --d 3 --m 99 --emit-wgsl counted");
    assert_eq!(status, Some(0));
    let (plain, _) = json("--algorithm flash1 --n 8 --d 3 --m 99 --emit-wgsl");
    for (made, counts) in [(&counted, true), (&plain, false)] {
        let kernels = made["kernels"].as_array().unwrap();
        assert!(!kernels.is_empty());
        for it in kernels {
            let text = it["wgsl"].as_str().unwrap();
            assert!(text.contains("@compute"), "{text}");
            assert_eq!(text.contains("var<storage, read_write> counters"), counts, "{text}");
            let numbers = ["grid", "invocations", "dispatches", "words", "iterations"];
            numbers.iter().for_each(|key| assert!(it[key].is_u64(), "{key}: {it}"));
        }
    }
    let text = gpu("--algorithm flash1 --n 8 --d 3 --m 99 --emit-wgsl");
    let first = plain["kernels"][0]["wgsl"].as_str().unwrap();
    assert!(String::from_utf8(text.stdout).unwrap().starts_with(first));
}

#[test]
fn what_cannot_run_is_exit_2() {
    let large = "--algorithm flash2 --n 512 --d 64 --m 64Ki --br 64 --bc 64";
    let says = ["words of workgroup memory; the device has 4096", "use smaller tiles"];
    refused(&format!("{large} --device interpreter"), &says);
    // Its only loop is sequential, and two tiles live across it: neither grid nor host can run it.
    let carried = "--algorithm pinned --n 512 --d 64 --m 512 --emit-wgsl";
    let says = ["trusted with 65535", "the host cannot run the loop because `x`, `y` live across"];
    refused(carried, &says);
    refused("--n 8 --d 3 --m 256", &["no schedule: give --algorithm"]);
    refused("--algorithm flash2 --d 3 --m 256", &["--n"]);
    refused("--algorithm flash2 --n 0 --d 3 --m 256", &["--n"]);
    refused("--algorithm flash2 --n 8 --d 3 --m 256 --device cuda", &["auto, interpreter, wgpu"]);
    refused("--all --n 8 --d 3 --m 256 --br 2", &["each algorithm takes its best tiles"]);
    refused("--all --algorithm flash2 --n 8 --d 3 --m 256", &["cannot be used with"]);
    let failed = json(large).0;
    assert_eq!(failed["error"]["kind"], "unfit", "{failed}");
    // Tiles beyond M are refused before any device is asked, like everywhere.
    let over = gpu("--algorithm flash2 --n 64 --d 16 --m 64 --br 8 --bc 8 --device interpreter");
    assert_eq!(over.status.code(), Some(1));
}

/// Metal and DX12 have no loader whose drivers can be hidden.
#[cfg(target_os = "linux")]
#[test]
fn without_an_adapter_wgpu_is_refused_and_auto_interprets() {
    let sizes = "--algorithm flash2 --n 8 --d 3 --m 256";
    refused(&format!("{sizes} --device wgpu"), &["adapter was found", "--device interpreter"]);
    let auto = gpu(&format!("{sizes} --json"));
    assert_eq!(auto.status.code(), Some(0), "{}", String::from_utf8_lossy(&auto.stderr));
    let run: Value = serde_json::from_slice(&auto.stdout).unwrap();
    assert_eq!(run["kind"], "interpreter");
    holds(&run);
}

#[test]
fn times_need_a_gpu() {
    let swept = "--algorithm flash2 --n 64 --d 16 --m 1Ki --bc 8 --sweep Br=4..16";
    let says = ["--sweep", "naga interpreter", "a device in software says nothing about time"];
    refused(&format!("{swept} --device interpreter"), &says);
    let sizes = "--algorithm flash2 --n 64 --d 16 --m 1Ki --sweep";
    refused(&format!("{sizes} Br"), &["TILE=SIZES", "Br=4..64"]);
    refused(&format!("{sizes} Bq=4 --device interpreter"), &["Bq"]);
    refused(&format!("{swept} --plot times.pdf"), &["--plot", "FILE.svg"]);
    refused("--all --n 64 --d 16 --m 1Ki --sweep Br=4", &["--all", "--sweep"]);
}
