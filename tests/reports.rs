//! `reports/` is what `iobound report` would write now.
//!
//! A whole sweep takes too long here (`iobound report --check` makes it), so the points of the folder are
//! taken as they are, a sample of them is asked anew, and every text and picture is made from them.

use iobound::{
    report::{self, Plan},
    sweep::{Cell, from_json_lines, sweep},
};
use std::{fs, path::Path};

/// One cell in so many is asked anew.
const EVERY: usize = 41;

#[test]
fn reports_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports");
    let points = from_json_lines(&fs::read_to_string(folder.join("points.jsonl")).unwrap());
    let (plan, points) = (Plan::shipped(), points.unwrap());
    let cells = plan.cells();
    let ids = |it: &[Cell]| it.iter().map(Cell::id).collect::<Vec<_>>();
    assert_eq!(points.iter().map(|it| it.id.clone()).collect::<Vec<_>>(), ids(&cells));

    let sample: Vec<_> = cells.iter().copied().step_by(EVERY).collect();
    let there: Vec<_> = points.iter().step_by(EVERY).cloned().collect();
    assert_eq!(sweep(&sample, || ()).unwrap(), there);

    for file in report::files(&plan, &points).unwrap() {
        let bytes = fs::read(folder.join(&file.name)).unwrap();
        let same = !file.reproducible || bytes == file.bytes;
        assert!(same, "reports/{} is old: run `cargo run --release -- report`", file.name);
    }
}
