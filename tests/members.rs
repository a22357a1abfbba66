//! Membership in the class of CDAGs that the bounds are about.
#![expect(clippy::unwrap_used, reason = "tests")]

use iobound::{
    attention::Shape,
    model::{Machine, Recompute, Words},
    observe::{Class, Membership, TooLarge},
    reading::{self, Pebbles, class, count},
    replay::{Mode, Problem, replay},
    schedule::{Program, Tee, bind::Binding},
    strategy::{ALGORITHMS, Max, Want, choose, find},
};
use proptest::{prelude::*, sample::Index, test_runner::RngSeed};

/// What the observer says of the moves, if the referee accepts all of them.
fn streamed(program: &Program, binding: &Binding, shape: Shape, mode: Mode) -> Option<Class> {
    let mut watch = Membership::new(&shape).unwrap();
    let peak = count(program, binding, 1 << 20).ok()?.totals.peak;
    let machine = Machine::strict(Words(u64::try_from(peak).unwrap()));
    let problem = Problem::Attention { shape, scaled: program.scale.is_some() };
    let moves =
        Tee(Pebbles::new(program, binding), |it: iobound::schedule::Move<'_>| watch.see(it));
    replay(&problem, &machine, mode, moves).ok()?;
    Some(watch.class())
}

const VALUES: Mode = Mode::Values { seed: 3 };

fn at(text: &str, sizes: &[(&str, u64)], mode: Mode) -> Class {
    let program = Program::parse(text).unwrap_or_else(|it| panic!("{text}: {it}"));
    let size = |name| sizes.iter().find(|it| it.0 == name).unwrap().1;
    let shape = Shape::square(size("N"), size("d")).unwrap();
    streamed(&program, &program.bind(sizes).unwrap(), shape, mode).unwrap()
}

#[test]
fn every_algorithm_computes_each_product_once() {
    for algorithm in ALGORITHMS {
        for schedule in [Max::Kept, Max::Dropped].map(|it| algorithm.schedule(it)) {
            let Some(schedule) = schedule else { continue };
            assert_eq!(class(&schedule.program), reading::Class::EachOnce, "{}", schedule.name);
            for (n, d, extra) in [(1, 1, 0), (2, 1, 0), (3, 2, 5), (5, 3, 20), (9, 2, 90)] {
                let sizes = [("N", n), ("d", d)];
                let least = schedule.totals(&schedule.least_tiles(&sizes).unwrap()).unwrap().peak;
                let fast = Words(u64::try_from(least).unwrap() + extra);
                let choice = choose(schedule, None, &sizes, fast, &Want::Best(vec![])).unwrap();
                let shape = Shape::square(n, d).unwrap();
                let class = streamed(&schedule.program, &choice.binding, shape, VALUES);
                let name = &schedule.name;
                assert_eq!(class, Some(Class::Member { recomputed: 0 }), "{name} N={n} d={d}");
            }
        }
    }
}

/// All scores are made again for each C columns of V.
const PASSES: &str = "iobound-schedule 1
param N, d;
tile a, C;
in Q[N,d], K[N,d], V[N,d];
out O[N,d];

for y, g in 0..d by C {
  for i, w in 0..N by a {
    load q = Q[i..i+w, ..];
    l[r:w] = 0;
    o[r:w,f:g] = 0;
    for j in 0..N by 1 {
      load k = K[j, ..];
      s[r] += q[r,e] * k[e];
      free k;
      s[r] = exp(s[r]);
      l[r] = l[r] + s[r];
      load v = V[j, y..y+g];
      o[r,f] += s[r] * v[f];
      free v, s;
    }
    o[r,f] = o[r,f] / l[r];
    store O[i..i+w, y..y+g] = o;
    free q, l, o;
  }
}
";

#[test]
fn scores_made_again_are_counted() {
    let sizes = |c| [("N", 5), ("d", 4), ("a", 2), ("C", c)];
    // 4 columns in one pass; in 2 passes, 5·5·4 products once more; in 4, three times more
    for (c, recomputed) in [(4, 0), (3, 100), (2, 100), (1, 300)] {
        assert_eq!(at(PASSES, &sizes(c), VALUES), Class::Member { recomputed }, "C = {c}");
    }
}

#[test]
fn what_is_not_known_has_a_reason() {
    let sizes = [("N", 2), ("d", 1), ("a", 2), ("C", 1)];
    let check = |from: &str, to: &str, expected: &str| {
        let text = PASSES.replace(from, to);
        assert_ne!(text, PASSES);
        let Class::Unknown(why) = at(&text, &sizes, Mode::Legality) else { panic!("{text}") };
        assert_eq!(why.to_string(), expected, "{text}");
    };
    // a weight of two keys is no pair vertex; golden: step and vertex
    check(
        "o[r,f] += s[r] * v[f]",
        "o[r,f] += l[r] * v[f]",
        "step 45: vertex 27 is made of an accumulator of O[0,0] and is none",
    );
    check("for j in 0", "for j in 1", "Q[0,0]·K[0,0] is never computed");
    check(
        "o[r,f] = o[r,f] / l[r]",
        "free o;\n    o[r:w,f:g] = 1",
        "O[0,0] holds no accumulator of it at the end",
    );
    check(
        "s[r] = exp(s[r])",
        "free s;\n      s[r:w] = 1",
        "O[0,0] holds no accumulator of it at the end",
    );
}

/// The class of a text, as it is printed.
fn read(text: &str) -> String {
    class(&Program::parse(text).unwrap_or_else(|it| panic!("{text}: {it}"))).to_string()
}

fn shipped(name: &str) -> &'static str {
    find(name).unwrap().text
}

#[test]
fn a_text_tells_its_class() {
    assert_eq!(read(PASSES), "each product at least once");
    let one_pass = "iobound-schedule 1
param N, d;
in Q[N,d], K[N,d], V[N,d];
out O[N,d];
load q = Q[.., ..];
load k = K[.., ..];
load v = V[.., ..];
s[r,c] += q[r,e] * k[c,e];
l[r] += s[r,c];
o[r,e] += s[r,c] * v[c,e];
o[r,e] = o[r,e] / l[r];
store O[.., ..] = o;
free q, k, v, s, l, o;
";
    assert_eq!(read(one_pass), "each product once");
    // the first two words of each pair once more, in the same sum
    let part = "load x = Q[.., 0..2];\nload y = K[.., 0..2];\ns[r,c] += x[r,e] * y[c,e];\n\
                free x, y;\ns[r,c] +=";
    assert_eq!(
        read(&one_pass.replacen("s[r,c] +=", part, 1)),
        "unknown: line 12: what is computed is not understood"
    );
    // all scores twice, in one phase
    let twice = "free s;\ns[r,c] += q[r,e] * k[c,e];\nl[r]";
    assert_eq!(read(&one_pass.replacen("l[r]", twice, 1)), "each product at least once");
}

/// Texts that are not in the class, each with one fault, and where it is seen.
#[test]
fn a_text_that_is_not_in_the_class_is_not_known() {
    let check = |name: &str, from: &str, to: &str, expected: &str| {
        let text = shipped(name).replace(from, to);
        assert_ne!(text, shipped(name));
        assert_eq!(read(&text), format!("unknown: {expected}"), "{text}");
    };
    let computed = "what is computed is not understood";
    // a tile short
    let short = "line 29: not every q·k is seen to be computed";
    check("flash2", "j, bc in 0..N by", "j, bc in 0..N-1 by", short);
    // the first key left out
    let first = "line 30: not every q·k is seen to be computed";
    check("attenio", "j in 0..N by 1", "j in 1..N by 1", first);
    // the keys of another tile than the values
    check("flash2", "K[j..j+bc, ..]", "K[0..bc, ..]", &format!("line 23: {computed}"));
    // a statistic in a weight's place
    check("flash2", "s[r,c] * v[c,e]", "t[r] * v[c,e]", &format!("line 23: {computed}"));
    // outputs of all tiles in one place
    let outputs = "line 46: which places the loops around it reach is not understood";
    check("pinned", "store O[i..i+w", "store O[0..w", outputs);
    // accumulators of two columns added
    let two = "o[r,e] = o[r,e] / l[r];\n  a[r] += o[r,e];\n  free a;";
    check("flat", "o[r,e] = o[r,e] / l[r];", two, &format!("line 29: {computed}"));
    // other words of the query than of the key
    let words = format!("line 19: {computed}");
    check("square-tiling", "K[j..j+h, x..x+z]", "K[j..j+h, 0..z]", &words);
    check(
        "flash2",
        "s[r,c] += q[r,e] * k[c,e];",
        "s[r,c] += q[r,e] * k[c,e] where c <= r;",
        "line 16: a `where`",
    );
    assert_eq!(
        read(include_str!("../traces/family/flash2-backward.sched")),
        "unknown: line 1: the arrays are not in Q[n,d], K[n',d], V[n',d'] and out O[n,d']"
    );
}

/// A text split where one of its tokens can be put in another's place.
fn tokens(text: &str) -> Vec<&str> {
    let (mut tokens, mut rest) = (vec![], text);
    while let Some(first) = rest.chars().next() {
        let word = |it: char| it.is_alphanumeric() || it == '_';
        let len = if word(first) {
            rest.find(|it| !word(it)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(len);
        tokens.push(token);
        rest = after;
    }
    tokens
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10_000,
        rng_seed: RngSeed::Fixed(18),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// What is said of a text is said of its moves: of every algorithm with a token or two in another
    /// one's place, or a line twice.
    #[test]
    fn a_text_is_judged_as_its_moves_are(
        text in 0..ALGORITHMS.len(),
        no_max in any::<bool>(),
        changes in prop::collection::vec((any::<Index>(), any::<Index>()), 1..3),
        twice in prop::option::weighted(0.2, any::<Index>()),
        (n, d) in (1..7_u64, 1..5_u64),
        tiles in prop::collection::vec(0..5_u64, 6),
    ) {
        let algorithm = &ALGORITHMS[text];
        let text = algorithm.no_max_text.filter(|_| no_max).unwrap_or(algorithm.text);
        let (head, body) = text.split_at(text.find("out O").unwrap());
        let mut tokens = tokens(body);
        let from: Vec<&str> = tokens.iter().copied().filter(|it| !it.trim().is_empty()).collect();
        for (at, token) in &changes {
            *at.get_mut(&mut tokens) = from[token.index(from.len())];
        }
        let body = tokens.concat();
        let mut lines: Vec<&str> = body.lines().collect();
        if let Some(at) = twice {
            let at = at.index(lines.len());
            lines.insert(at, lines[at]);
        }
        let text = format!("{head}{}", lines.join("\n"));
        let Ok(program) = Program::parse(&text) else { return Ok(()) };
        let said = class(&program);
        let Some(game) = said.recompute() else { return Ok(()) };
        let mut sizes = vec![("N", n), ("d", d)];
        let named = program.tiles.iter().map(|it| program.name(*it));
        sizes.extend(named.zip(tiles));
        let Ok(binding) = program.bind(&sizes) else { return Ok(()) };
        let shape = Shape::square(n, d).unwrap();
        let Some(seen) = streamed(&program, &binding, shape, Mode::Legality) else { return Ok(()) };
        let holds = match seen {
            Class::Member { recomputed } => recomputed == 0 || game == Recompute::Allowed,
            Class::Unknown(_) => false,
        };
        prop_assert!(holds, "{}: {:?} at {:?}: {}", said, seen, sizes, text);
    }
}

#[test]
fn too_many_products_are_refused() {
    let shape = Shape::square(1 << 16, 2).unwrap();
    assert_eq!(Membership::new(&shape).unwrap_err(), TooLarge::Products(1 << 33));
    let shape = Shape::square(1 << 32, 2).unwrap();
    assert_eq!(Membership::new(&shape).unwrap_err(), TooLarge::Shape);
}
