//! Nothing that is fed to the language makes it panic, hang or grow without end.

use crate::any_text::{LIMIT, read};
use iobound::{
    reading::{WalkError, count::count, formula::formula, pebbles::Pebbles},
    schedule::{KEYWORDS, MoveSource, Program},
};
use proptest::{collection::vec, prelude::*};
use std::ops::ControlFlow;

fn token() -> impl Strategy<Value = String> {
    let signs = [
        "..", "+=", "<=", ">=", "==", "[", "]", "{", "}", "(", ")", ",", ";", ":", "=", "+", "-",
        "*", "/", "^", "<", ">", "max=", "\n", "#", "# c\n", "0", "1", "2", "9", "N", "d", "B",
        "Q", "O", "q", "s", "r", "i", "b", "j", "e", "é", "\u{0}", "\t",
    ];
    prop::sample::select([KEYWORDS, &signs].concat()).prop_map(str::to_owned)
}

fn shipped() -> impl Strategy<Value = String> {
    let mut texts = vec![];
    for folder in ["traces", "traces/family", "traces/drafts"] {
        let folder = format!("{}/{folder}", env!("CARGO_MANIFEST_DIR"));
        for it in std::fs::read_dir(folder).unwrap() {
            let path = it.unwrap().path();
            if path.extension().is_some_and(|it| it == "sched") {
                texts.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    texts.sort();
    prop::sample::select(texts)
}

/// A text as pieces: words, signs and the blanks between them.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = vec![];
    for c in text.chars() {
        let word = |c: char| c.is_alphanumeric();
        match pieces.last_mut() {
            Some(last) if word(c) && last.chars().all(word) => last.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}

/// Where, and what happens there.
#[derive(Clone, Debug)]
enum Edit {
    Delete(usize),
    Insert(usize, String),
    Replace(usize, String),
    Swap(usize, usize),
    /// A statement of one line taken out or said twice.
    Line(usize, bool),
}

fn edit() -> impl Strategy<Value = Edit> {
    let place = || any::<usize>();
    prop_oneof![
        place().prop_map(Edit::Delete),
        (place(), token()).prop_map(|(at, it)| Edit::Insert(at, it)),
        (place(), token()).prop_map(|(at, it)| Edit::Replace(at, it)),
        (place(), place()).prop_map(|(a, b)| Edit::Swap(a, b)),
        (place(), any::<bool>()).prop_map(|(at, twice)| Edit::Line(at, twice)),
    ]
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut pieces = pieces(text);
    for edit in edits {
        let n = pieces.len();
        match edit {
            Edit::Delete(at) => _ = pieces.remove(at % n),
            Edit::Insert(at, it) => pieces.insert(at % n, it.clone()),
            Edit::Replace(at, it) => pieces[at % n].clone_from(it),
            Edit::Swap(a, b) => pieces.swap(a % n, b % n),
            Edit::Line(at, twice) => {
                let text = pieces.concat();
                let mut lines: Vec<_> = text.lines().collect();
                let at = at % lines.len();
                if *twice {
                    lines.insert(at, lines[at]);
                } else {
                    lines.remove(at);
                }
                pieces = self::pieces(&lines.join("\n"));
                pieces.push("\n".to_owned());
            }
        }
    }
    pieces.concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        _ = read(&text);
        _ = read(&format!("iobound-schedule 1\n{text}"));
    }

    #[test]
    fn random_letters(text in "\\PC{0,60}") {
        _ = read(&format!("iobound-schedule 1\n{text}"));
    }

    #[test]
    fn random_tokens(tokens in vec(token(), 0..60)) {
        _ = read(&format!("iobound-schedule 1\n{}", tokens.join(" ")));
    }

    #[test]
    fn shipped_texts_with_edits(text in shipped(), edits in vec(edit(), 1..4)) {
        _ = read(&edited(&text, &edits));
    }
}

fn program(text: &str) -> Program {
    Program::parse(&format!("iobound-schedule 1\nparam N;\nin Q[N];\n{text}\n")).unwrap()
}

fn walked(text: &str) -> Result<u128, WalkError> {
    let program = program(text);
    let binding = program.bind(&[("N", 5)]).unwrap();
    count(&program, &binding, 1000).map(|it| it.totals.loads)
}

#[test]
fn iterations_are_counted_before_they_are_walked() {
    let long = Err(WalkError::TooLong { line: 4, iterations: 1 << 60, limit: 1000 });
    assert_eq!(walked("for i in 0..2^61 by 2 {}"), long);
    assert_eq!(walked("for i in 0..2^60 by 1 { for j in 0..min(i, N) by 1 {} }"), long);
    // The same each time: multiplied, not walked; 2^60 loads of one word.
    assert_eq!(walked("for i in 0..2^60 by 1 { load q = Q[0]; free q; }"), Ok(1 << 60));
    // Beyond the array at the last one.
    let text = "for i in 0..2^60 by 1 { load q = Q[i]; free q; }";
    assert!(matches!(walked(text), Err(WalkError::Outside { hi, .. }) if hi == 1 << 60));
    // In the middle, where the first and the last would not tell.
    let text = "for i in 0..N by 1 { load q = Q[i*(N-i)]; free q; }";
    assert!(matches!(walked(text), Err(WalkError::Outside { lo: 6, .. })), "{:?}", walked(text));

    let program = program("for i in 0..2^60 by 1 {}");
    let binding = program.bind(&[("N", 5)]).unwrap();
    let stopped = Pebbles::new(&program, &binding).emit(&mut |_| ControlFlow::<()>::Continue(()));
    assert!(matches!(stopped, Err(WalkError::TooLong { line: 4, .. })), "{stopped:?}");
}

#[test]
fn loops_in_loops_are_limited_together() {
    let heads: String = (0..60).map(|i| format!("for i{i} in 0..1 by 1 {{")).collect();
    let text = heads + &"}".repeat(60);
    assert!(matches!(walked(&text), Err(WalkError::TooLong { .. })));
}

#[test]
fn sizes_that_pass_what_can_be_held() {
    // 2^48 × 2^48 words and more, born or loaded, added up or multiplied.
    let text = "iobound-schedule 1
param N;
in Q[N,N,N];
out O[N];
for i in 0..N by 1 {
  load a = Q[.., .., 0];
  s[r:N,c:N] = 0;
  free a, s;
}
o[r:N] = 0;
store O[..] = o;
free o;
";
    let program = Program::parse(text).unwrap();
    let binding = program.bind(&[("N", 1 << 40)]).unwrap();
    // 2^120 words loaded; 2^80 held twice.
    let totals = count(&program, &binding, LIMIT).unwrap().totals;
    assert_eq!((totals.loads, totals.arrays), (1 << 120, 1 << 81));
    assert_eq!(formula(&program).unwrap().eval(&binding), Ok(totals));
    let binding = program.bind(&[("N", 1 << 48)]).unwrap();
    assert!(matches!(count(&program, &binding, LIMIT), Err(WalkError::TooLarge(_))));
    assert!(formula(&program).unwrap().eval(&binding).is_err());
    for n in [1 << 48, 1 << 40, 1 << 12] {
        let binding = program.bind(&[("N", n)]).unwrap();
        let stopped = Pebbles::new(&program, &binding).emit(&mut |_| ControlFlow::Break(()));
        let large = matches!(stopped, Err(WalkError::Memory { .. } | WalkError::TooLarge(_)));
        assert!(large, "{stopped:?}");
    }
}

/// Slow arrays are held from the start, so it is their sum that counts.
#[test]
fn many_slow_arrays_are_large_together() {
    let play = |arrays: &str| {
        let program = program(&format!("in {arrays};"));
        let binding = program.bind(&[("N", 5)]).unwrap();
        Pebbles::new(&program, &binding).emit(&mut |_| ControlFlow::<()>::Continue(()))
    };
    assert!(play("A[2^20]").is_ok());
    let words = 1 << 28;
    assert_eq!(play("A[2^20], B[2^28]"), Err(WalkError::Memory { array: "B".to_owned(), words }));
}

#[test]
fn extents_below_zero() {
    let refused = |text: &str, n: u64| {
        let program = Program::parse(&format!("iobound-schedule 1\nparam N;\n{text}")).unwrap();
        let binding = program.bind(&[("N", n)]).unwrap();
        let counted = count(&program, &binding, LIMIT).map(|it| it.totals);
        let told = formula(&program).map(|it| it.eval(&binding));
        let mut pebbles = Pebbles::new(&program, &binding);
        let played = pebbles.emit(&mut |_| ControlFlow::<()>::Continue(()));
        assert_eq!(counted.is_ok(), played.is_ok(), "{text}: {counted:?} but {played:?}");
        match told {
            Ok(Ok(told)) => assert_eq!(counted, Ok(told), "{text}"),
            _ => assert!(counted.is_err(), "{text}"),
        }
        counted.is_err()
    };
    for text in [
        "in Q[N-2];",
        "in Q[N-2,N-2];",
        "s[r:N-2] = 0; free s;",
        "in Q[N]; load q = Q[2..N]; free q;",
        "for i in 2..N by 1 {}",
        "in Q[N]; load q = Q[floor(N/2)-1]; free q;",
        "s[r:N] = 0; s[1] = 0; free s;",
    ] {
        assert!(refused(text, 1), "{text}");
        assert!(!refused(text, 2), "{text}");
        assert!(!refused(text, 5), "{text}");
    }
}
