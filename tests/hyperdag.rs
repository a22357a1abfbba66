//! The HyperdagDB files of `OneStopParallel`, where they are on this machine.

use iobound::cdag::{Operands, hyperdag};
use std::{env, fs, path::Path};

/// The files are no part of the project, so the test is ignored unless asked for.
#[test]
#[ignore = "needs the folder IOBOUND_HDAG, or ../shared/cases/hdag; run with --ignored"]
fn all_sixteen_read() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/hdag");
    let folder = env::var_os("IOBOUND_HDAG").map_or(beside, Into::into);
    let mut found = 0;
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|it| it == "hdag") {
            let text = fs::read_to_string(&path).expect("a file");
            let cdag = hyperdag::parse(&text).unwrap_or_else(|it| panic!("{path:?}: {it}"));
            let header = text.lines().find(|it| !it.starts_with('%')).expect("a header");
            let sizes: Vec<u64> =
                header.split(' ').map(|it| it.parse().expect("a number")).collect();
            let edges = u64::try_from(cdag.n_edges()).expect("a small file");
            // Each hyperedge has one pin that is its producer; the others are edges.
            assert_eq!((cdag.n_vertices(), edges), (sizes[1], sizes[2] - sizes[0]), "{path:?}");
            found += 1;
        }
    }
    assert_eq!(found, 16);
}
