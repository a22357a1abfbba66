use super::*;
use crate::cdag::{Operands, random::SplitMix};
use proptest::prelude::*;

fn operands(text: &str) -> Vec<Vec<u64>> {
    let cdag = parse(text).unwrap_or_else(|it| panic!("{it}")).cdag;
    cdag.vertices().map(|v| cdag.operands(v).iter().map(|it| it.0).collect()).collect()
}

#[test]
fn the_subset() {
    assert_eq!(operands("digraph { 0 -> 2; 1 -> 2 }"), [vec![], vec![], vec![0, 1]]);
    assert_eq!(operands("DiGraph g{2;1->2->0 1->0[x=1,y=\"]\"]}"), [vec![2, 1], vec![], vec![1]]);
    let text = "# line\n/* a\n -> */ strict digraph \"g h\" { // c\n rankdir = LR; node [shape=box]\n\
                edge [style=dotted][color=red]; subgraph cluster_0 { label=<a<b>>; 0; 1 }\n\
                { rank=same; 2 3 }\n 0:out:s -> {2, 3}\n 0 -> 2; 1 -> subgraph { 2; 3; } }\n";
    assert_eq!(operands(text), [vec![], vec![], vec![0, 1], vec![0, 1]]);
    assert_eq!(operands("digraph{}").len(), 0);
    let twice = "digraph { 0 -> 1; 0 -> 1 }";
    assert_eq!(operands(twice)[1], [0, 0]);
    assert_eq!(operands(&format!("strict {twice}"))[1], [0]);
}

#[test]
fn ids_are_numbers_or_names() {
    let named = parse("digraph { b -> \"a \\\"\\n\"; 7 -> b }").unwrap();
    assert_eq!(named.names().unwrap(), ["b", "a \"\\n", "7"]);
    assert_eq!(named.cdag.operands(Vertex(0)), [Vertex(2)]);
    assert!(parse("digraph { 2 -> 1 -> 0 }").unwrap().names().is_none());
    // 0 is missing, 01 is no numeral of ours, 1.0 is none either.
    for it in ["digraph { 1 -> 2 }", "digraph { 0 -> 01 }", "digraph { 0; 1.0 }"] {
        assert!(parse(it).unwrap().names().is_some(), "{it}");
    }
}

/// As `OneStopParallel` writes it.
#[test]
fn weights_of_one_word() {
    let text = "digraph G {\n0 [work_weight=\"5\";comm_weight=\"1\";mem_weight=\"1\";type=\"0\";]\n\
                1 [work_weight=\"5\";comm_weight=\"1\";mem_weight=\"1\";]\n0->1\n}\n";
    assert_eq!(operands(text), [vec![], vec![0]]);
}

#[track_caller]
fn check(text: &str, line: usize, kind: Kind) {
    assert_eq!(parse(text).unwrap_err(), ParseError { line, kind });
}

#[test]
fn one_fault_each() {
    check("graph { a -- b }", 1, Kind::Undirected);
    check("digraph {\n a -- b }", 2, Kind::Undirected);
    check("", 1, Kind::CutShort("`digraph`"));
    check("digraph { a ->\n", 2, Kind::CutShort("a vertex or `{`"));
    check("digraph { a\n", 2, Kind::CutShort("a statement or `}`"));
    check("digraph { a }\n}", 2, Kind::Trailing);
    check("digraph { \n/* a }", 2, Kind::Unterminated("a comment"));
    check("digraph { \"a }", 1, Kind::Unterminated("a quoted name"));
    check("digraph { a [x=<b] }", 1, Kind::Unterminated("HTML"));
    check("digraph { a\n & b }", 2, Kind::Character('&'));
    check("digraph { 1a }", 1, Kind::Numeral);
    check("digraph { - }", 1, Kind::Numeral);
    let word = |it: &str| Kind::Expected { what: "`digraph`", found: format!("{it:?}") };
    check("\nhello", 2, word("hello"));
    check(
        "digraph { a:b:c:d }",
        1,
        Kind::Expected { what: "a statement or `}`", found: "`:`".to_owned() },
    );
    let weight = |it: &str| Kind::Weight { weight: it.to_owned() };
    check("digraph { a\n[mem_weight=2] }", 2, weight("2"));
    check("digraph { a [comm_weight=-1] }", 1, weight("-1"));
    check("digraph { a [mem_weight=\"1e99\"] }", 1, weight("1e99"));
    check("digraph { node [mem_weight=0] a }", 1, weight("0"));
    check("digraph { a -> b [comm_weight=3] }", 1, weight("3"));
    let text = "digraph { a [mem_weight=1]\n a -> b }";
    check(text, 2, Kind::Mixed { name: "b".to_owned() });
    let text = "digraph {\n a -> b [comm_weight=1]\n\n b -> c }";
    check(text, 4, Kind::MixedEdges);
    check("digraph {\na\n->\na }", 4, Kind::SelfLoop { name: "a".to_owned() });
    let malformed = Malformed::SelfLoop { vertex: Vertex(0) };
    check("digraph {\n0\n->\n0 }", 4, Kind::Malformed(malformed));
    let names = ["c", "a", "b"].map(str::to_owned).to_vec();
    check("digraph {\n c->a a->b\n b->c }", 3, Kind::Cycle { names });
    let cycle = vec![Vertex(0), Vertex(1), Vertex(2)];
    let text = "digraph { 0\n 1->2\n 2->0\n 0->1\n 3 -> 0 }";
    check(text, 4, Kind::Malformed(Malformed::Cycle { cycle }));
    for it in ["{a b} -> c", "a -> {b -> c}", "\"a\" + \"b\"", "<a> -> b", "subgraph { a } -> b"] {
        let error = parse(&format!("digraph {{ {it} }}")).unwrap_err();
        assert!(matches!(error.kind, Kind::Unsupported(_)), "{error}");
    }
}

#[test]
fn messages() {
    let said = |it: &str| parse(it).unwrap_err().to_string();
    assert_eq!(said("digraph {\n a -> -> b }"), "line 2: expected a vertex or `{`, found `->`");
    assert_eq!(said("digraph { a -> a }"), "line 1: vertex \"a\" reads itself");
}

/// A set of sets is no way to fill the memory.
#[test]
fn products_of_sets_end() {
    let set: String = (0..10_000).map(|it| format!("v{it} ")).collect();
    let text = format!("digraph {{ a -> {{ {set} }} -> {{ {} }} }}", set.replace('v', "w"));
    let kind = Kind::Malformed(Malformed::TooManyEdges { limit: 1 << 26 });
    assert_eq!(parse(&text).unwrap_err().kind, kind);
}

/// Deep nesting is no recursion.
#[test]
fn nesting_is_flat() {
    let (open, close) = ("{".repeat(200_000), "}".repeat(200_000));
    assert_eq!(operands(&format!("digraph {open} 0 -> 1 {close}")), [vec![], vec![0]]);
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "[ -~\n]{0,80}|digraph \\{([ab{}\\[\\];=,<>\"#/*:0-9\n-]|->){0,40}") {
        let _ = parse(&text);
    }

    #[test]
    fn any_words_are_answered(seed in any::<u64>()) {
        const WORDS: &[&str] = &["a", "b", "->", "{", "}", "[", "]", "=", ";", ",", "subgraph",
            "node", "\"x\\\"", "<b>", ":", "1", "\n", "strict", "mem_weight", "digraph"];
        let mut random = SplitMix::new(seed);
        let mut text = "digraph {".to_owned();
        for _ in 0..random.below(40) {
            let at = usize::try_from(random.below(WORDS.len() as u64)).unwrap();
            text.push_str(WORDS[at]);
            text.push(' ');
        }
        let _ = parse(&text);
    }

    #[test]
    fn any_names_come_back(names in prop::collection::hash_set("[a-z0-9\\\\\" \n{}é]{0,4}", 1..6)) {
        let names: Vec<String> = names.into_iter().collect();
        let operands = (0..names.len() as u64).map(|it| (0..it).map(Vertex).collect()).collect();
        let cdag = super::super::Cdag::new(operands).unwrap();
        let labelled = Labelled::new(cdag, names.clone()).unwrap();
        let mut text = vec![];
        write(&labelled, &mut text).unwrap();
        let back = parse(std::str::from_utf8(&text).unwrap()).unwrap();
        for v in back.cdag.vertices() {
            prop_assert_eq!(back.cdag.operands(v), labelled.cdag.operands(v));
        }
        if let Some(back) = back.names() {
            prop_assert_eq!(back, names);
        }
    }
}
