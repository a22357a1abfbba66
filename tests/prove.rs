//! `iobound prove` and `iobound check` from outside.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use serde_json::{Value, json};
use std::{fs, path::Path};

fn iobound(args: &[&str]) -> (i32, Value) {
    let output = Command::cargo_bin("iobound").unwrap().args(args).arg("--json").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), serde_json::from_str(&text).unwrap())
}

#[test]
fn what_is_proved_is_accepted() {
    let dir = tempfile::tempdir().unwrap();
    let (out, family) = (dir.path().to_str().unwrap(), "attention:2,1");
    let args = ["prove", "--bound", "all", "--generate", family, "--m", "3", "--out", out];
    let (code, made) = iobound(&args);
    let ids: Vec<&str> =
        made.as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!((code, ids), (0, vec!["compulsory", "hong-kung", "wavefront", "wavefront-sum"]));
    for it in made.as_array().unwrap() {
        let file = it["file"].as_str().unwrap();
        let (code, judged) = iobound(&["check", file]);
        let (id, value) = (&it["id"], &it["value"]);
        let standing = if id == "compulsory" || id == "hong-kung" { "Coq" } else { "own proof" };
        let expected = json!([{
            "file": file, "accepted": true, "id": id, "value": value, "standing": standing,
            "reason": null,
        }]);
        assert_eq!((code, judged), (0, expected));
        let (code, judged) = iobound(&["check", file, "--generate", "attention:2,2"]);
        assert_eq!((code, &judged[0]["accepted"]), (1, &json!(false)));
        assert_eq!(judged[0]["reason"], "the claim: it is about another problem");
    }
    let (code, made) = iobound(&[&args[..], &["--recompute"]].concat());
    assert_eq!((code, made.as_array().unwrap().len()), (0, 2));
}

#[test]
fn by_digest() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x.cert");
    let file = file.to_str().unwrap();
    let family = ["--generate", "attention:2,1"];
    let args = ["prove", "--bound", "wavefront", "--m", "4", "--digest", "--out", file];
    assert_eq!(iobound(&[&args[..], &family].concat()).0, 0);
    assert!(fs::read_to_string(file).unwrap().contains("problem digest "));
    assert_eq!(iobound(&["check", file]).0, 2);
    assert_eq!(iobound(&[&["check", file][..], &family].concat()).0, 0);
}

#[test]
fn what_is_wrong_and_what_cannot_be_judged() {
    let proofs = Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs");
    let file = |name: &str| proofs.join(name).to_str().unwrap().to_owned();
    let wrong = file("wavefront/reject/wrong-value.one-high.cert");
    let unread = file("compulsory/reject/cut-short.end.cert");
    let right = file("wavefront/accept/folded.cert");
    let code = |files: &[&String]| {
        let files: Vec<&str> = files.iter().map(|it| it.as_str()).collect();
        iobound(&[&["check"][..], &files].concat())
    };
    assert_eq!(code(&[&right]).0, 0);
    let (status, judged) = code(&[&right, &wrong]);
    assert_eq!((status, judged.as_array().unwrap().len()), (1, 2));
    assert_eq!(judged[1]["reason"], "the claim: the evidence proves 5");
    assert_eq!(code(&[&right, &wrong, &unread]).0, 2);
    assert_eq!(code(&[&file("nowhere.cert")]).0, 2);
    let tail = ["--generate", "attention:2,1", "--out", "/nowhere/x.cert"];
    let refused = |args: &[&str]| iobound(&[&["prove"][..], args, &tail].concat()).0;
    assert_eq!(refused(&["--bound", "spectral", "--m", "4"]), 2);
    assert_eq!(refused(&["--bound", "wavefront", "--m", "4", "--recompute"]), 2);
    assert_eq!(refused(&["--bound", "wavefront", "--m", "2"]), 2);
    assert_eq!(refused(&["--bound", "wavefront", "--m", "4"]), 2);
}

#[test]
fn the_backward_pass() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().to_str().unwrap();
    let sizes = ["--n", "64Ki", "--d", "64", "--m", "256Ki", "--out", out];
    let all = [&["prove", "--backward", "--bound", "all"][..], &sizes].concat();
    let (code, made) = iobound(&all);
    let ids = |made: &Value| -> Vec<String> {
        made.as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
    };
    let allowed = ["backward-compulsory", "backward-window"];
    let once = ["backward-fresh", "backward-meet", "backward-crowd"];
    assert_eq!(
        (code, ids(&made)),
        (0, [&allowed[..], &once[..]].concat().iter().map(|it| (*it).to_owned()).collect())
    );
    for it in made.as_array().unwrap() {
        let (code, judged) = iobound(&["check", it["file"].as_str().unwrap()]);
        assert_eq!((code, &judged[0]["value"]), (0, &it["value"]));
    }
    let (code, made) = iobound(&[&all[..], &["--recompute"]].concat());
    assert_eq!((code, ids(&made)), (0, allowed.map(str::to_owned).to_vec()));
    let refused = |id| iobound(&[&["prove", "--bound", id][..], &sizes].concat()).0;
    assert_eq!(refused("backward-crowd"), 2);
}
