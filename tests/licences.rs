//! What this crate is built of: under which licences, from where, and that nothing here goes round the compiler's checks.
#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

/// Licences that a package may be under; each is one that some package leaves no way round.
const ALLOWED: &[&str] =
    &["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "Unicode-3.0", "Zlib"];

/// Packages of which there are several versions, and how many: others ask for them.
const SEVERAL: &[(&str, usize)] = &[
    ("bit-set", 2),
    ("bit-vec", 2),
    ("bitflags", 2),
    ("foldhash", 2),
    ("hashbrown", 3),
    ("miniz_oxide", 2),
    ("rustc-hash", 2),
    ("syn", 2),
];

/// Every package of the graph, on any platform, tests included.
fn packages() -> Vec<Value> {
    let args = ["metadata", "--locked", "--format-version", "1"];
    let cargo = Command::new(env!("CARGO")).args(args).current_dir(root()).output().unwrap();
    assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
    let metadata: Value = serde_json::from_slice(&cargo.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The choices of a licence expression, each a set of licences that hold together; `/` is an old `OR`.
fn choices(expression: &str) -> Vec<BTreeSet<String>> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words: Vec<String> = spaced.split_whitespace().map(str::to_owned).collect();
    words.reverse();
    let it = either(&mut words);
    assert!(words.is_empty(), "{expression}");
    it
}

fn either(words: &mut Vec<String>) -> Vec<BTreeSet<String>> {
    let mut all = both(words);
    while words.last().is_some_and(|it| it == "OR") {
        words.pop();
        all.extend(both(words));
    }
    all
}

fn both(words: &mut Vec<String>) -> Vec<BTreeSet<String>> {
    let mut all = one(words);
    while words.last().is_some_and(|it| it == "AND") {
        words.pop();
        let others = one(words);
        all = all.iter().flat_map(|it| others.iter().map(move |other| it | other)).collect();
    }
    all
}

fn one(words: &mut Vec<String>) -> Vec<BTreeSet<String>> {
    let mut it = words.pop().unwrap();
    if it == "(" {
        let inner = either(words);
        assert_eq!(words.pop().as_deref(), Some(")"));
        return inner;
    }
    if words.last().is_some_and(|it| it == "WITH") {
        words.pop();
        it = format!("{it} WITH {}", words.pop().unwrap());
    }
    vec![BTreeSet::from([it])]
}

#[test]
fn expressions_are_understood() {
    let set = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect::<BTreeSet<_>>();
    let expected = [set(&["A", "C"]), set(&["B", "C"]), set(&["D WITH E"])];
    assert_eq!(choices("(A OR B) AND C OR D WITH E"), expected);
    assert_eq!(choices("A/B"), choices("A OR B"));
}

#[test]
fn every_licence_is_allowed() {
    let allowed = |it: &BTreeSet<String>| it.iter().all(|it| ALLOWED.contains(&it.as_str()));
    let mut needed = BTreeSet::new();
    for it in packages() {
        let (name, licence) = (&it["name"], it["license"].as_str().unwrap_or("none"));
        let mut good = choices(licence).into_iter().filter(allowed);
        let first = good.next().unwrap_or_else(|| panic!("{name} is under {licence}"));
        needed.extend(good.fold(first, |common, it| &common & &it));
    }
    assert_eq!(needed.iter().collect::<Vec<_>>(), ALLOWED, "an allowed licence that nobody needs");
}

#[test]
fn every_package_comes_from_the_registry() {
    for it in packages() {
        let registry = it["source"].as_str().is_some_and(|it| it.starts_with("registry+"));
        assert!(
            registry || it["name"] == env!("CARGO_PKG_NAME"),
            "{}: {}",
            it["name"],
            it["source"]
        );
    }
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let (packages, sums) =
        (lock.matches("[[package]]").count(), lock.matches("\nchecksum = ").count());
    assert_eq!(sums, packages - 1, "all but this one have a checksum");
}

#[test]
fn several_versions_are_known() {
    let mut versions: BTreeMap<String, usize> = BTreeMap::new();
    for it in packages() {
        *versions.entry(it["name"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    let several: Vec<_> = versions.iter().filter(|it| *it.1 > 1).collect();
    let several: Vec<_> = several.iter().map(|it| (it.0.as_str(), *it.1)).collect();
    assert_eq!(several, SEVERAL);
}

/// The lint forbids it in all that is compiled; this looks at all that there is.
#[test]
fn nothing_goes_round_the_checks() {
    let word = concat!("un", "safe");
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains(&format!("\n{word}_code = \"forbid\"\n")));
    let mut folders: Vec<_> =
        ["src", "tests", "benches", "examples"].iter().map(|it| root().join(it)).collect();
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for it in fs::read_dir(folder).unwrap() {
            let path = it.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let mut words = text.split(|it: char| !it.is_alphanumeric() && !"_-".contains(it));
                let found = words.any(|it| it == word);
                assert!(!found, "{}", path.display());
                files += 1;
            }
        }
    }
    assert!(files > 300, "{files} files");
}
