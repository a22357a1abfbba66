//! The floors: which module may name which. The table is the architecture; the test keeps it true.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{fs, path::Path};

/// Absent on purpose: `strategy` and `reading` never see `replay`, so that nobody who makes a number
/// can see who judges it.
const FLOORS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("names", &[]),
    ("op", &[]),
    ("figure2", &[]),
    ("sizes", &["model"]),
    ("hardware", &["model", "names"]),
    ("models", &["names"]),
    ("profile", &[]),
    ("cdag", &[]),
    ("access", &[]),
    ("cache", &["access"]),
    ("trace", &["access"]),
    ("value", &["op"]),
    ("attention", &["model", "op", "value"]),
    ("schedule", &["model", "cdag", "op"]),
    ("reading", &["model", "cdag", "access", "op", "value", "attention", "schedule"]),
    ("replay", &["model", "cdag", "op", "value", "attention", "schedule"]),
    ("observe", &["model", "cdag", "op", "attention", "schedule"]),
    ("epochs", &["model", "value", "attention", "schedule", "replay", "observe"]),
    ("strategy", &["model", "attention", "schedule", "reading"]),
    // Measures, and vouches for nothing: it runs what `reading` made and knows no schedule.
    ("device", &["reading"]),
    ("trial", &["model", "value", "attention", "schedule", "reading", "strategy", "device"]),
    ("order", &["model", "cdag", "op", "schedule"]),
    // The oracle: it knows neither the referee nor anything that makes schedules or bounds.
    ("exact", &["model", "cdag", "op", "schedule"]),
    ("certificate", &["model", "cdag"]),
    ("check", &["model", "cdag", "certificate"]),
    // A closed form has no evidence to be found: its value is what `check` says.
    ("bounds", &["model", "cdag", "certificate", "check"]),
    (
        "sweep",
        &[
            "model",
            "attention",
            "schedule",
            "reading",
            "strategy",
            "certificate",
            "bounds",
            "sizes",
        ],
    ),
    (
        "report",
        &[
            "model",
            "cdag",
            "access",
            "cache",
            "attention",
            "reading",
            "bounds",
            "strategy",
            "exact",
            "hardware",
            "models",
            "figure2",
            "sizes",
            "sweep",
            "device",
            "trial",
        ],
    ),
    (
        "cli",
        &[
            "model",
            "op",
            "figure2",
            "sizes",
            "hardware",
            "models",
            "cdag",
            "value",
            "attention",
            "schedule",
            "reading",
            "replay",
            "observe",
            "epochs",
            "strategy",
            "order",
            "certificate",
            "check",
            "bounds",
            "exact",
            "sweep",
            "device",
            "trial",
            "report",
            "names",
            "profile",
            "access",
            "cache",
            "trace",
        ],
    ),
];

#[test]
fn floors_only_point_down() {
    for (i, (module, below)) in FLOORS.iter().enumerate() {
        for name in *below {
            assert!(FLOORS[..i].iter().any(|(it, _)| it == name), "{module} points up to {name}");
        }
    }
}

#[test]
fn modules_name_only_their_floors() {
    visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), None);
}

/// Nothing in the trusted base knows a float, but for the reference in f64 that judges rounding.
#[test]
fn the_trusted_base_has_no_floats() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = [
        "model.rs",
        "value.rs",
        "attention/mod.rs",
        "attention/mask.rs",
        "attention/pattern.rs",
        "attention/partition.rs",
        "attention/bilevel.rs",
        "attention/variant.rs",
        "attention/gradient.rs",
        "attention/task.rs",
    ]
    .map(|it| src.join(it))
    .to_vec();
    for trusted in ["replay", "observe", "epochs", "certificate", "check", "check/attention"] {
        files.extend(fs::read_dir(src.join(trusted)).unwrap().map(|it| it.unwrap().path()));
    }
    for file in files.into_iter().filter(|it| it.is_file()) {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.lines().filter(|it| !it.trim_start().starts_with("//"));
        for line in code {
            assert!(!line.contains("f64") && !line.contains("f32"), "{}: {line}", file.display());
        }
    }
}

fn visit(dir: &Path, module: Option<&str>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let module = module.unwrap_or(&stem);
        if path.is_dir() {
            visit(&path, Some(module));
        } else if !["lib", "main"].contains(&module) {
            check(module, &fs::read_to_string(&path).unwrap());
        }
    }
}

fn check(module: &str, text: &str) {
    let below = FLOORS.iter().find(|(it, _)| *it == module).map(|(_, below)| *below);
    let below = below.unwrap_or_else(|| panic!("{module} has no floor: add it to FLOORS"));
    let code: String = text
        .lines()
        .filter(|it| !it.trim_start().starts_with("//"))
        .flat_map(|it| [it, "\n"])
        .collect();
    for path in code.split("crate::").skip(1) {
        for name in named(path) {
            assert!(name == module || below.contains(&name), "{module} names {name:?}");
        }
    }
}

/// The modules that `path` begins with: one name, or those of a braced list.
fn named(path: &str) -> Vec<&str> {
    let word = |it: &str| it.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(it.len());
    let Some(list) = path.strip_prefix('{') else { return vec![&path[..word(path)]] };
    let (mut depth, mut names, mut fresh) = (0, vec![], true);
    for (i, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            c if fresh && c.is_alphabetic() => {
                names.push(&list[i..i + word(&list[i..])]);
                fresh = false;
            }
            _ => {}
        }
    }
    names
}

#[test]
fn a_braced_list_is_read() {
    assert_eq!(named("model::Words;"), ["model"]);
    assert_eq!(named("{\n    model::{Words, X},\n    op::Op,\n};"), ["model", "op"]);
}
