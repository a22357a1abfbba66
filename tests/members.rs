//! Membership in the class of CDAGs that the bounds are about.
#![expect(clippy::unwrap_used, reason = "tests")]

use iobound::{
    attention::Shape,
    model::{Machine, Words},
    observe::{Class, Membership, Tee, TooLarge},
    reading::{Pebbles, count},
    replay::{Mode, Problem, replay},
    schedule::{Program, bind::Binding},
    strategy::{ALGORITHMS, Max, Want, choose},
};

/// What the observer says of the moves, all of which the referee accepts.
fn streamed(program: &Program, binding: &Binding, shape: Shape, mode: Mode) -> Class {
    let mut watch = Membership::new(&shape).unwrap();
    let peak = count(program, binding, 1 << 20).unwrap().totals.peak;
    let machine = Machine::strict(Words(u64::try_from(peak).unwrap()));
    let problem = Problem::Attention { shape, scaled: program.scale.is_some() };
    let moves =
        Tee(Pebbles::new(program, binding), |it: iobound::schedule::Move<'_>| watch.see(it));
    replay(&problem, &machine, mode, moves).unwrap_or_else(|it| panic!("{it:?}"));
    watch.class()
}

const VALUES: Mode = Mode::Values { seed: 3 };

fn at(text: &str, sizes: &[(&str, u64)], mode: Mode) -> Class {
    let program = Program::parse(text).unwrap_or_else(|it| panic!("{text}: {it}"));
    let size = |name| sizes.iter().find(|it| it.0 == name).unwrap().1;
    let shape = Shape::square(size("N"), size("d")).unwrap();
    streamed(&program, &program.bind(sizes).unwrap(), shape, mode)
}

#[test]
fn every_algorithm_computes_each_product_once() {
    for algorithm in ALGORITHMS {
        for schedule in [Max::Kept, Max::Dropped].map(|it| algorithm.schedule(it)) {
            let Some(schedule) = schedule else { continue };
            for (n, d, extra) in [(1, 1, 0), (2, 1, 0), (3, 2, 5), (5, 3, 20), (9, 2, 90)] {
                let sizes = [("N", n), ("d", d)];
                let least = schedule.totals(&schedule.least_tiles(&sizes).unwrap()).unwrap().peak;
                let fast = Words(u64::try_from(least).unwrap() + extra);
                let choice = choose(schedule, None, &sizes, fast, &Want::Best(vec![])).unwrap();
                let shape = Shape::square(n, d).unwrap();
                let class = streamed(&schedule.program, &choice.binding, shape, VALUES);
                let name = &schedule.name;
                assert_eq!(class, Class::Member { recomputed: 0 }, "{name} N={n} d={d}");
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

#[test]
fn too_many_products_are_refused() {
    let shape = Shape::square(1 << 16, 2).unwrap();
    assert_eq!(Membership::new(&shape).unwrap_err(), TooLarge::Products(1 << 33));
    let shape = Shape::square(1 << 32, 2).unwrap();
    assert_eq!(Membership::new(&shape).unwrap_err(), TooLarge::Shape);
}
