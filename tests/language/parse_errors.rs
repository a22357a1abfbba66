//! What the parser says, word for word.

use iobound::schedule::{Draft, KEYWORDS, MAX_TEXT, ParseError, draft::Place};

/// `text` after the first line, so its own first line is line 2.
fn error(text: &str) -> ParseError {
    Draft::parse(&format!("iobound-schedule 1\n{text}")).expect_err(text)
}

fn check(text: &str, expected: &str) {
    assert_eq!(error(text).to_string(), expected, "{text}");
}

#[test]
fn the_first_line() {
    let said = |text| Draft::parse(text).expect_err("another first line").to_string();
    let expected = "line 1, column 1: expected the first line `iobound-schedule 1`, found";
    assert_eq!(said(""), format!("{expected} \"\""));
    assert_eq!(said("iobound-schedule 2\nparam N;"), format!("{expected} \"iobound-schedule 2\""));
    assert_eq!(said("param N;\n"), format!("{expected} \"param N;\""));
    assert!(Draft::parse("iobound-schedule 1").is_ok());
    assert!(Draft::parse("iobound-schedule 1\r\nparam N;\r\n").is_ok());
    let long = format!("iobound-schedule 1\n{}", "#".repeat(MAX_TEXT));
    assert_eq!(said(&long), "line 1, column 1: expected at most 1048576 bytes, found 1048595");
    assert!(Draft::parse(&long[..MAX_TEXT]).is_ok());
}

#[test]
fn headers() {
    check("param N", "line 2, column 8: expected `;`, found the end of the text");
    check("param ;", "line 2, column 7: expected a name, found `;`");
    check("tile for;", "line 2, column 6: expected a name, found the keyword `for`");
    check("const scale = 2;", "line 2, column 15: expected `1/sqrt(…)`, found `2`");
    check("const c = 2;", "line 2, column 7: expected `scale`, found `c`");
    check("in Q[];", "line 2, column 6: expected a size, found `]`");
    check("in Q[N,d;", "line 2, column 9: expected `]`, found `;`");
    check("in Q[N] : x;", "line 2, column 11: expected an integer, found `x`");
    check(
        "free q;\nparam N;",
        "line 3, column 1: expected a statement; declarations stand before it, found `param`",
    );
}

#[test]
fn statements() {
    let statement = "a statement (for, load, store, free or an assignment)";
    check("7;", &format!("line 2, column 1: expected {statement}, found `7`"));
    check("}", &format!("line 2, column 1: expected {statement}, found `}}`"));
    check("load q Q;", "line 2, column 8: expected `=`, found `Q`");
    check("load q = Q[0..];", "line 2, column 15: expected a size, found `]`");
    check("store O[..];", "line 2, column 12: expected `=`, found `;`");
    check("par i in 0..N by B {}", "line 2, column 5: expected `for`, found `i`");
    check("for i in 0 by B {}", "line 2, column 12: expected `..`, found `by`");
    check("for i in 0..N {}", "line 2, column 15: expected `by`, found `{`");
    check(
        "for i in 0..N by B {\n  free q;\n",
        &format!("line 4, column 1: expected {statement}, found the end of the text"),
    );
    check("s[r] - 1;", "line 2, column 6: expected `=`, `+=` or `max=`, found `-`");
    check("s[r] max 1;", "line 2, column 10: expected `=`, found `1`");
    check("s = 1 where 2;", "line 2, column 14: expected `<`, `<=`, `==`, `>=` or `>`, found `;`");
    check("s = ;", "line 2, column 5: expected a term, found `;`");
    check("s = by;", "line 2, column 5: expected a term, found `by`");
    check("s = max(a);", "line 2, column 10: expected `,`, found `)`");
    check("s = exp a;", "line 2, column 9: expected `(`, found `a`");
    check("s[ceil(N*B)] = 0;", "line 2, column 11: expected `/`, found `)`");
    check("s[exp] = 0;", "line 2, column 3: expected a size, found `exp`");
}

#[test]
fn letters_and_numbers() {
    check(
        "s = q $ k;",
        "line 2, column 7: expected a name, a number or a sign, found the character '$'",
    );
    check(
        "s = é;\n  ü = ?;",
        "line 3, column 7: expected a name, a number or a sign, found the character '?'",
    );
    let large = "18446744073709551616";
    check(
        &format!("s = {large};"),
        &format!("line 2, column 5: expected an integer below 2^64, found `{large}`"),
    );
    check(
        "for i in 0..2^64 by 1 {}",
        "line 2, column 13: expected an integer below 2^64, found `2^64`",
    );
    check(
        "s = 2^63;",
        "line 2, column 5: expected a constant below 2^63, found `9223372036854775808`",
    );
    assert!(Draft::parse("iobound-schedule 1\ns = -2^63;\n").is_ok());
}

#[test]
fn the_error_is_data_too() {
    let found = error("\n  load q Q;");
    assert_eq!((found.expected.as_str(), found.found.as_str()), ("`=`", "`Q`"));
    let Place { line, column } = found.at;
    assert_eq!((line, column), (3, 10));
}

#[test]
fn keywords_are_no_names() {
    for word in KEYWORDS {
        let said = error(&format!("param {word};")).to_string();
        assert_eq!(said, format!("line 2, column 7: expected a name, found the keyword `{word}`"));
    }
}

#[test]
fn what_is_too_deep_is_refused() {
    let deep = |n: usize| {
        Draft::parse(&format!("iobound-schedule 1\ns = {}x{};\n", "(".repeat(n), ")".repeat(n)))
    };
    assert!(deep(60).is_ok());
    let said = deep(100_000).expect_err("too deep").to_string();
    assert_eq!(said, "line 2, column 69: expected at most 64 levels of nesting, found one more");

    let loops = |n: usize| {
        let text = "for i in 0..1 by 1 {\n".repeat(n) + &"}\n".repeat(n);
        Draft::parse(&format!("iobound-schedule 1\n{text}"))
    };
    assert!(loops(60).is_ok());
    let said = loops(40_000).expect_err("too deep").to_string();
    assert_eq!(said, "line 65, column 10: expected at most 64 levels of nesting, found one more");

    // A sum leans to the left: as deep as it is long.
    for sign in ["+", "-", "*", "/"] {
        let long = |n: usize| {
            Draft::parse(&format!("iobound-schedule 1\ns = x{};\n", format!("{sign}x").repeat(n)))
        };
        assert!(long(256).is_ok());
        let said = long(100_000).expect_err("too long").to_string();
        assert_eq!(
            said,
            "line 2, column 518: expected at most 256 operations in a statement, found one more"
        );
    }
    for sign in ["+", "-", "*"] {
        let size = format!("{sign}1").repeat(100_000);
        check(
            &format!("for i in 0..1{size} by 1 {{}}"),
            "line 2, column 526: expected at most 256 operations in a statement, found one more",
        );
    }
}
