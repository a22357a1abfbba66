//! The families that `cdag::generate` makes, where the exact search ends.

use crate::{Limits, tally::Tally, total};
use iobound::cdag::Generator;

const FAMILIES: &[(&str, &[&str])] = &[
    ("tree", &["2", "3", "4", "6", "8", "11", "16"]),
    ("pyramid", &["2", "3", "4", "5", "6"]),
    ("diamond", &["2", "3", "4", "5"]),
    ("stencil", &["2,3", "3,2", "3,3", "4,2", "5,2"]),
    ("fft", &["2", "4", "8"]),
    ("matmul", &["1,2,2", "2,1,2", "2,2,1", "1,3,2", "2,2,2"]),
    ("attention", &["1,1", "1,2", "1,3", "2,1"]),
    ("attention-balanced", &["1,3", "1,4", "2,1"]),
    ("random", &["3,3,1", "3,3,2", "3,4,3", "4,3,4", "4,4,5", "4,4,6", "5,3,7", "5,4,8"]),
];

#[test]
fn families() {
    let mut all = Tally::default();
    for (family, sizes) in FAMILIES {
        let made = |it| format!("{family}:{it}").parse::<Generator>().unwrap().cdag();
        let cdags: Vec<_> = sizes.iter().map(made).collect();
        let tally = total(&cdags, Limits { states: 100_000, steps: 2000 });
        tally.show(family);
        all += &tally;
    }
    all.show("all families");
    eprintln!("{all:?}");
    // With recomputation a large diamond does not end.
    assert!(all.known == all.points && all.ended + 2 >= 2 * all.points, "{all:?}");
    assert!(all.searches_attain([93, 85]), "{all:?}");
}
