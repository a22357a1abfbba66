//! What Coq proves is what `check` accepts: `proofs/coq/grid.txt` holds values computed in Coq; and what Coq judges
//! in `proofs/coq/Written*.v` is what the program replays.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use iobound::{
    certificate::{Attention, Evidence, Pass},
    check::{Standing, attention::closed_form},
    model::{Machine, Words},
};
use num_bigint::BigUint;
use std::{collections::BTreeMap, fs, path::Path, process::Output};

const GRID: &str = include_str!("../proofs/coq/grid.txt");

#[test]
fn check_accepts_what_coq_proves() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for line in GRID.lines() {
        let (id, numbers) = line.split_once(' ').unwrap();
        let numbers: Vec<u64> = numbers.split(' ').map(|it| it.parse().unwrap()).collect();
        let [rows, keys, d_k, d_v, pairs, fast, length, value] = numbers[..] else {
            panic!("{line}")
        };
        let attention = Attention { rows, keys, d_k, d_v, pairs: pairs.into(), copies: 1 };
        let evidence = if length == 0 { Evidence::None } else { Evidence::Segment(length) };
        let theorem = closed_form(Pass::Forward, id).unwrap();
        let recompute = theorem.recompute;
        let machine = Machine { recompute, ..Machine::strict(Words(fast)) };
        assert_eq!(theorem.standing, Standing::Coq, "{id}");
        let bound = theorem.prove(&attention, &machine, &evidence).unwrap();
        assert_eq!(*bound.value(), value.into(), "{line}");
        *seen.entry(id).or_default() += 1;
    }
    assert_eq!(seen.len(), 4);
    assert!(seen.values().all(|it| *it >= 12), "{seen:?}");
}

/// The values of Saha and Ye's theorem 2 are the least T for which the inequalities in `SahaYe.v` hold.
#[test]
fn check_accepts_what_saha_ye_v_says() {
    for (id, of_m, of_d2) in [("saha-ye-pebble-amgm", 1u32, 4u32), ("saha-ye-pebble", 4, 4)] {
        let theorem = closed_form(Pass::Forward, id).unwrap();
        assert_eq!(theorem.standing, Standing::Coq);
        let mut beyond_0 = 0;
        for (n, d, m) in sizes() {
            let attention = Attention {
                rows: n,
                keys: n,
                d_k: d,
                d_v: d,
                pairs: u128::from(n) * u128::from(n),
                copies: 1,
            };
            let bound =
                theorem.prove(&attention, &Machine::strict(Words(m)), &Evidence::None).unwrap();
            let [n, d, m] = [n, d, m].map(BigUint::from);
            // e d^2 <= factor (T + M), with factor = M + 4 d^2 or 4 (M + d^2)
            let factor = &m * BigUint::from(of_m) + &d * &d * BigUint::from(of_d2);
            let holds = |t: &BigUint| &n * &n * &d * &d <= &factor * (t + &m);
            let value = bound.value();
            assert!(holds(value), "{id} {n} {d} {m}");
            if *value > BigUint::ZERO {
                beyond_0 += 1;
                assert!(!holds(&(value - 1u32)), "{id} {n} {d} {m}: not the least");
            }
        }
        assert!(beyond_0 > 100, "{beyond_0}");
    }
}

fn sizes() -> impl Iterator<Item = (u64, u64, u64)> {
    let n = [1, 2, 7, 100, 1000, 1 << 20, 1 << 40];
    let d = [1, 3, 64, 128, 1000];
    let m = [1, 2, 10, 333, 4096, 83_968, 1 << 30];
    n.into_iter()
        .flat_map(move |n| d.into_iter().flat_map(move |d| m.into_iter().map(move |m| (n, d, m))))
}

fn write(args: &str, file: &Path) -> Output {
    let mut command = Command::cargo_bin("iobound").unwrap();
    command.arg("replay").args(args.split(' ')).arg("--write").arg(file).output().unwrap()
}

/// With `IOBOUND_WRITE` set the files are written anew.
#[test]
fn coq_judges_what_is_replayed() {
    let schedules = [
        ("WrittenFlash2.v", "--algorithm flash2 --n 3 --d 2 --m 40 --tile Br=2 --tile Bc=2"),
        ("WrittenRowWise.v", "--algorithm row-wise --no-max --n 3 --d 2 --m 18"),
        ("WrittenStandard.v", "--algorithm standard --n 3 --d 2 --m 16"),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, args) in schedules {
        let file = folder.path().join(name);
        let written = write(args, &file);
        assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
        let text = fs::read_to_string(file).unwrap();
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs/coq").join(name);
        if std::env::var_os("IOBOUND_WRITE").is_some() {
            fs::write(&kept, &text).unwrap();
        }
        assert!(fs::read_to_string(kept).unwrap() == text, "{name}");
    }
}

#[test]
fn what_is_not_written_for_coq() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("it.v");
    let refused = |args: &str, says: &str| {
        let output = write(args, &file);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args}: {said}");
        assert!(said.contains(says), "{args}: {said}");
        assert!(!file.exists(), "{args}");
    };
    let not_judged = "only attention that is judged by value, in the class";
    refused("--algorithm flash2 --n 3 --d 2 --m 40 --mode legality", not_judged);
    refused(
        "--algorithm flash2 --n 16 --d 4 --m 90",
        "Coq is given at most 1000: take smaller N and d",
    );
}

/// The tables that follow the Coq files name what is there.
#[test]
fn the_written_proofs_name_lemmas_that_exist() {
    let proofs = Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs");
    let mut named = 0;
    let pages = ["CLASS.md", "compulsory/README.md", "window/README.md", "pair-fresh/README.md"];
    for page in pages.into_iter().chain([
        "pair-potential/README.md",
        "hong-kung/README.md",
        "saha-ye/README.md",
    ]) {
        let text = fs::read_to_string(proofs.join(page)).unwrap();
        let Some((_, table)) = text.split_once("## Step by step in Coq\n") else { continue };
        let quoted = |it: &str| -> Vec<String> {
            it.split('`').skip(1).step_by(2).map(str::to_owned).collect()
        };
        for row in table.lines().skip(3).take_while(|it| it.starts_with('|')) {
            let [_, _, files, lemmas, _] = row.split('|').collect::<Vec<_>>()[..] else {
                panic!("{page}: {row}")
            };
            let read = |it: &String| fs::read_to_string(proofs.join("coq").join(it)).unwrap();
            let texts: String = quoted(files).iter().map(read).collect();
            for lemma in quoted(lemmas) {
                let kinds = ["Lemma", "Theorem", "Definition", "Fixpoint", "Record"];
                let there = kinds.iter().any(|it| {
                    texts.lines().any(|line| {
                        let name = line.strip_prefix(it).and_then(|it| it.strip_prefix(' '));
                        name.is_some_and(|it| it.split([' ', ':']).next() == Some(&lemma))
                    })
                });
                assert!(there, "{page}: {lemma} is not in {files}");
                named += 1;
            }
        }
    }
    assert!(named > 60, "{named}");
}
