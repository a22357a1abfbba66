use super::*;
use crate::cdag::Operands;
use proptest::prelude::*;

const SMALL: &str = "%% x\n2 3 4\n0 1 1\n1 1 1\n0 1 0\n1 1 0\n2 2 0\n0 0\n0 2\n1 1\n1 2\n";

#[test]
fn reads_a_small_one() {
    let cdag = parse(SMALL).unwrap();
    assert_eq!((cdag.n_vertices(), cdag.n_edges()), (3, 2));
    assert_eq!(cdag.operands(Vertex(2)), [Vertex(0), Vertex(1)]);
}

/// Weights may be left out, for all lines of a section; a comment may end a line.
#[test]
fn reads_one_without_weights() {
    let text = "2 3 4 % sizes\n0\n1\n0\n1\n2\n0 0\n0 2\n1 1 % the other\n1 2\n";
    let cdag = parse(text).unwrap();
    assert_eq!(cdag.operands(Vertex(2)), [Vertex(0), Vertex(1)]);
}

fn check(from: &str, to: &str, line: usize, kind: Kind) {
    assert!(SMALL.contains(from));
    assert_eq!(parse(&SMALL.replacen(from, to, 1)).unwrap_err(), ParseError { line, kind });
}

#[test]
fn one_fault_each() {
    check("1 2\n", "", 11, Kind::CutShort(Section::Pins));
    check("2 3 4", "2 3", 2, Kind::Expected(Section::Header));
    check("2 3 4", "2 3 18446744073709551616", 2, Kind::Expected(Section::Header));
    check("2 2 0", "2 x 0", 7, Kind::Expected(Section::Vertices));
    check("2 2 0", "2 -2 0", 7, Kind::Expected(Section::Vertices));
    check("2 2 0", "2 2 0 0", 7, Kind::Expected(Section::Vertices));
    check("2 2 0", "2 2", 7, Kind::Mixed(Section::Vertices));
    check("1 1 1", "1", 4, Kind::Mixed(Section::Hyperedges));
    check("1 1 1", "1 1 2", 4, Kind::Weight { weight: 2 });
    check("1 1 1", "1 0 1", 4, Kind::Weight { weight: 0 });
    check("1 1 1", "1 -1 1", 4, Kind::Expected(Section::Hyperedges));
    check("1 1 1", "1 1 18446744073709551616", 4, Kind::Expected(Section::Hyperedges));
    check("1 1 1", "0 1 1", 4, Kind::Repeated { id: 0 });
    check("0 2\n", "0 3\n", 9, Kind::UnknownId { id: 3, limit: 3 });
    check("0 2\n", "2 2\n", 9, Kind::UnknownId { id: 2, limit: 2 });
    check("1 1\n1 2\n", "1 0\n1 2\n", 10, Kind::ProducedTwice { vertex: Vertex(0) });
    check("1 1\n1 2\n", "0 1\n0 2\n", 12, Kind::NoPins { hyperedge: 1 });
    check("1 2\n", "1 2\n0 0\n", 12, Kind::Trailing);
    let cycle = vec![Vertex(0), Vertex(2)];
    check("1 1\n1 2", "1 2\n1 0", 11, Kind::Malformed(Malformed::Cycle { cycle }));
    check("1 2\n", "1 1\n", 11, Kind::Malformed(Malformed::SelfLoop { vertex: Vertex(1) }));
    let cut = Kind::CutShort(Section::Header);
    assert_eq!(parse("").unwrap_err(), ParseError { line: 1, kind: cut });
}

#[test]
fn sizes_are_not_believed() {
    let error = parse("1 18446744073709551615 1\n").unwrap_err();
    let n_vertices = u128::from(u64::MAX);
    let it = Malformed::TooLarge { n_vertices, limit: MAX_VERTICES };
    assert_eq!(error, ParseError { line: 1, kind: Kind::Malformed(it) });
    let error = parse("9 3 1\n").unwrap_err();
    assert_eq!(error.kind, Kind::TooManyHyperedges { hyperedges: 9, vertices: 3 });
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "([0-9 %]{0,6}\n){0,12}") {
        let _ = parse(&text);
    }

    #[test]
    fn any_cut_is_refused(at in 0..SMALL.len() - 2) {
        prop_assert!(parse(&SMALL[..at]).is_err());
    }
}
