//! One text for each static check, and where it says the fault is.

use iobound::schedule::{Draft, Fault, FaultKind, Program};
use std::collections::BTreeSet;

/// Lines 1 to 6 of each case; its own statements begin on line 7.
const HEADER: &str = "iobound-schedule 1
param N, d;
tile B;
in Q[N,d], K[N,d], T[N];
out O[N,d];
scratch S[N,N];
";

/// A schedule that is fine, for line 8 and after.
const FINE: &str = "
for u, z in 0..N by B {
  load xx = Q[u..u+z, ..];
  store O[u..u+z, ..] = xx;
  free xx;
}
";

/// Which kind it is. A new kind is a compile error here and then a case that is missing.
fn number(kind: &FaultKind) -> usize {
    match kind {
        FaultKind::Redeclared(_) => 0,
        FaultKind::Unknown { .. } => 1,
        FaultKind::Rank { .. } => 2,
        FaultKind::NotLive(_) => 3,
        FaultKind::AlreadyLive(_) => 4,
        FaultKind::Extents { .. } => 5,
        FaultKind::Shapes { .. } => 6,
        FaultKind::Unbounded(_) => 7,
        FaultKind::RepeatedIndex(_) => 8,
        FaultKind::SetReduces(_) => 9,
        FaultKind::PartialBirth(_) => 10,
        FaultKind::ConditionalBirth(_) => 11,
        FaultKind::ReducesItself(_) => 12,
        FaultKind::ReadsElsewhere(_) => 13,
        FaultKind::ConstantOperand => 14,
        FaultKind::NoScale => 15,
        FaultKind::StoresInput(_) => 16,
        FaultKind::ReadBeforeWrite(_) => 17,
        FaultKind::NeverStored(_) => 18,
        FaultKind::UnusedTile(_) => 19,
        FaultKind::FreeDepth { .. } => 20,
        FaultKind::BornInLoop(_) => 21,
        FaultKind::Leak(_) => 22,
        FaultKind::ParShares { .. } => 23,
        FaultKind::LoadedRank(_) => 24,
        FaultKind::ZeroWeight => 25,
        FaultKind::Extent(_) => 26,
        FaultKind::TooLarge => 27,
        FaultKind::TooMany(_) => 28,
    }
}

/// One more than the last number above.
const N_KINDS: usize = 29;

/// Statements from line 7, then what is said.
const STATEMENTS: &[(&str, &str)] = &[
    ("for i in 0..N by 1 { for i in 0..N by 1 {} }", "7:26 `i` is already declared"),
    ("load K = Q[.., ..];", "7:6 `K` is already declared"),
    ("for K in 0..N by 1 {}", "7:5 `K` is already declared"),
    ("load q = X[.., ..];", "7:10 no slow array is called `X` here"),
    ("for i in 0..M by 1 {}", "7:13 no size is called `M` here"),
    ("s[r:N] = 0; s[r] = 1 where r < x; free s;", "7:32 no size is called `x` here"),
    ("load q = Q[..];", "7:10 `Q` has 2 dimensions, not 1"),
    ("load q = Q[.., ..]; s[r] += q[r]; free q, s;", "7:29 `q` has 2 dimensions, not 1"),
    ("s[r:N] = 0; s = 0; free s;", "7:13 `s` has 1 dimensions, not 0"),
    ("s[r:N] += q[r];", "7:11 `q` is used but not live: load or assign it first"),
    ("store O[.., ..] = o;", "7:19 `o` is used but not live: load or assign it first"),
    ("load q = Q[.., ..]; free q, q;", "7:29 `q` is used but not live: load or assign it first"),
    ("load q = Q[b, ..];", "7:12 `b` is used but not live: load or assign it first"),
    (
        "load q = Q[.., ..]; load q = K[.., ..];",
        "7:26 `q` is live already: free it before it is born again",
    ),
    (
        "load q = Q[.., ..]; load k = K[0..B, ..]; s[r] += q[r,e] * k[r,e];",
        "7:60 index `r` runs over B here and over N there",
    ),
    ("load q = Q[.., ..]; s[r:d] += q[r,e];", "7:31 index `r` runs over N here and over d there"),
    (
        "load q = Q[.., ..]; store O[0..B, ..] = q;",
        "7:41 shapes differ: `q` is [N, d], the region is [B, d]",
    ),
    ("s[r] = 0;", "7:3 nothing tells the extent of index `r`: write `r:extent` on the left"),
    ("s[r:N,r:N] = 0;", "7:7 index `r` stands twice on the left"),
    (
        "load q = Q[.., ..]; s[r] = q[r,e];",
        "7:32 `=` reduces nothing: index `e` is not on the left",
    ),
    ("s[0] = 0;", "7:1 `s` is born whole: its indices must all be new names"),
    (
        "s[r:N] = 0 where r < 2;",
        "7:1 `s` is not live, so `where` would leave elements without a value",
    ),
    (
        "s[r:N] = 0; s[r] += s[r]; free s;",
        "7:13 the term of a reduction may not read its target `s`",
    ),
    (
        "s[r:N] = 0; s[r] = s[0] + s[r]; free s;",
        "7:13 an update in place reads `s` at the element it writes, and nowhere else",
    ),
    (
        "s[r:N] = 0; s[r] = s[r] + 1; free s;",
        "7:27 a constant stands alone or is a factor `c * x`; it has no word to be an operand",
    ),
    (
        "s = 2 * 3;",
        "7:9 a constant stands alone or is a factor `c * x`; it has no word to be an operand",
    ),
    (
        "s[r:N] = 0; s[r] = scale * s[r]; free s;",
        "7:20 `scale` is used without `const scale = 1/sqrt(…);` in the header",
    ),
    ("load q = Q[.., ..]; store K[.., ..] = q;", "7:27 `K` is an input and is never written"),
    ("load s = S[.., ..];", "7:10 `S` is read before anything is stored to it"),
    (
        "s = 0; for i in 0..N by 1 { free s; }",
        "7:34 `s` was born at depth 0; `free` must stand at that depth, not 1",
    ),
    (
        "for i in 0..N by 1 { s = 0; }",
        "7:22 `s` is born in the loop and still live at its end: free it",
    ),
    ("s = 0;", "7:1 `s` is still live at the end: free it"),
    (
        "par for i, b in 0..N by B { load q = Q[0..B, ..]; store O[0..B, ..] = q; free q; }",
        "7:9 iterations of `par for` may touch the same address of `O`: every region of it in the \
         loop needs a dimension that is exactly the tile of `i`",
    ),
    (
        "load t = T[..]; load q = Q[t, ..];",
        "7:28 a loaded index is one integer: `t` has dimensions",
    ),
    ("for i in 0..2^63*2^63*2^63 by 1 {}", "7:1 a size is too large"),
    ("s[r:N] = 0; s[r] = 1 where r < N*2^63*2^63*2^63;", "7:32 a size is too large"),
    ("for i in 0..ceil(N/0) by 1 {}", "7:18 a size is too large"),
];

/// Whole texts after the first line, so that they begin on line 2.
const TEXTS: &[(&str, &str)] = &[
    ("param N, N;", "2:10 `N` is already declared"),
    ("param N; in Q[N], Q[N];", "2:19 `Q` is already declared"),
    ("param N; in N[N];", "2:13 `N` is already declared"),
    ("in N[3]; param N;", "2:16 `N` is already declared"),
    ("const scale = 1/sqrt(d);", "2:22 no parameter is called `d` here"),
    ("param N; in Q[N] : 0;", "2:13 words an element: at least 1"),
    ("in q;", "2:4 `q` has 1 dimensions, not 0"),
    ("tile B; in Q[B];", "2:12 `Q` needs extents that name parameters only"),
    ("param N; out O[N]; s = 0; free s;", "2:14 the output `O` is never stored"),
    ("param N;\ntile B;\ns = 0; free s;", "3:6 tile `B` is declared and not used"),
    ("in Q[2^63*2^63*2^63];", "2:1 a size is too large"),
];

fn fault(text: &str) -> Fault {
    let draft = Draft::parse(text).unwrap_or_else(|it| panic!("{it}: {text}"));
    draft.check().expect_err(text)
}

#[test]
fn every_fault_has_its_words_and_its_place() {
    let mut seen = BTreeSet::new();
    let statements = STATEMENTS.iter().map(|it| (format!("{HEADER}{}{FINE}", it.0), it.1));
    let texts = TEXTS.iter().map(|it| (format!("iobound-schedule 1\n{}\n", it.0), it.1));
    let names: Vec<_> = (1000..=1000 + 4096).map(|it| it.to_string()).collect();
    let many = format!("iobound-schedule 1\nparam a{};\n", names.join(", a"));
    let many = (many, "2:28679 more than 4096 names of one sort");
    for (text, expected) in statements.chain(texts).chain([many]) {
        let found = fault(&text);
        let said = format!("{}:{} {}", found.at.line, found.at.column, found.kind);
        assert_eq!(said, expected, "{text}");
        seen.insert(number(&found.kind));
    }
    let missing: Vec<_> = (0..N_KINDS).filter(|it| !seen.contains(it)).collect();
    assert_eq!(missing, [] as [usize; 0], "kinds without a case");
}

#[test]
fn the_frame_of_the_cases_is_fine() {
    Program::parse(&format!("{HEADER}{FINE}")).unwrap();
}

#[test]
fn a_product_of_sums_is_not_expanded_without_end() {
    let factors = vec!["(N+d)"; 100].join("*");
    let text = format!("{HEADER}for i in 0..{factors} by 1 {{}}{FINE}");
    assert_eq!(fault(&text).kind, FaultKind::TooLarge);
    // Each level multiplies the one inside, a quotient that cannot be taken apart.
    let mut size = "N".to_owned();
    for _ in 0..20 {
        size = format!("ceil(({size}+1)*(N+1)*(d+1)*(N+d)/B)");
    }
    let text = format!("{HEADER}for i in 0..{size} by 1 {{}}{FINE}");
    assert_eq!(fault(&text).kind, FaultKind::TooLarge);
}
