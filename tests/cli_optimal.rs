//! `iobound optimal`: the contract's keys, limits and bad input.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use serde_json::Value;

fn optimal(args: &str) -> (Option<i32>, Value) {
    let mut command = Command::cargo_bin("iobound").unwrap();
    let output =
        command.arg("optimal").args(args.split_whitespace()).arg("--json").output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn the_matrix_product_by_memory() {
    for (m, io) in [(3, 25), (4, 17), (5, 14), (6, 13), (7, 12), (8, 12)] {
        for variant in ["", "--recompute"] {
            let (status, it) = optimal(&format!("--generate matmul:2,2,2 --m {m} {variant}"));
            assert_eq!(status, Some(0));
            assert_eq!(
                (&it["io"], &it["lower"], &it["ended"]),
                (&io.into(), &io.into(), &"exhausted".into())
            );
            assert_eq!(it["loads"].as_u64().unwrap() + it["stores"].as_u64().unwrap(), io);
        }
    }
}

#[test]
fn a_limit_ends_with_an_interval() {
    let (status, it) = optimal("--generate fft:8 --m 4 --recompute --states 10");
    assert_eq!((status, &it["ended"]), (Some(0), &"node-limit".into()));
    assert!(it["lower"].as_u64() < it["io"].as_u64());
}

#[test]
fn too_little_memory_ends_with_an_interval() {
    for args in [
        "--generate matmul:3,3,3 --m 4 --mib 4",
        "--generate fft:8 --m 4 --recompute --mib 1",
        "--generate tree:16 --m 3 --partial --mib 1",
    ] {
        let (status, it) = optimal(args);
        assert_eq!((status, &it["ended"]), (Some(0), &"memory-limit".into()), "{args}: {it}");
        assert!(it["lower"].as_u64() < it["io"].as_u64(), "{args}: {it}");
    }
}

#[test]
fn bad_input_is_told() {
    for args in [
        "--m 4",
        "--generate matmul:2,2,2 --m 2",
        "--generate fft:16 --m 8",
        "--generate x:1 --m 3",
    ] {
        let (status, it) = optimal(args);
        assert_eq!(status, Some(2), "{args}");
        assert!(it["error"]["message"].is_string(), "{args}: {it}");
    }
}
