//! The runs, exact and in f64, of every shipped text; and what they are there to catch.
#![expect(clippy::unwrap_used, reason = "tests")]

use iobound::{
    attention::Shape,
    model::Words,
    reading::{
        run,
        run::{Outcome, RunError},
    },
    schedule::Program,
    strategy::{ALGORITHMS, Max, Want, choose, find},
};

#[test]
fn every_algorithm_is_attention() {
    for algorithm in ALGORITHMS {
        for max in [Max::Kept, Max::Dropped] {
            let Some(schedule) = algorithm.schedule(max) else { continue };
            // (3, 4) and (5, 8) have d ≥ N, so that their exact bound is proved.
            for (n, d, m) in [(1, 1, 60), (3, 4, 60), (5, 8, 200), (17, 3, 90), (33, 16, 600)] {
                let sizes = [("N", n), ("d", d)];
                let want = Want::Best(vec![]);
                let choice = choose(schedule, None, &sizes, Words(m), &want).unwrap();
                let shape = Shape::square(n, d).unwrap();
                let outcome = run(&schedule.program, &choice.binding, shape, 11).unwrap();
                let at = format!("{} N={n} d={d}: {outcome:?}", schedule.name);
                assert!(outcome.exact && outcome.proved == (d >= n), "{at}");
                assert!(outcome.max_abs_error < 1e-12, "{at}");
                // Without the maximum large scores overflow, and that must show.
                let stable = outcome.max_abs_error_large < 1e-9;
                assert!(stable == (max == Max::Kept) || n < 5, "{at}");
            }
        }
    }
}

/// Runs flash2 with one part of its text replaced.
fn try_changed(from: &str, to: &str) -> Result<Outcome, RunError> {
    let text = find("flash2").unwrap().text;
    assert!(text.contains(from), "{from}");
    let program = Program::parse(&text.replacen(from, to, 1)).unwrap();
    let binding = program.bind(&[("N", 12), ("d", 4), ("Br", 5), ("Bc", 3)]).unwrap();
    run(&program, &binding, Shape::square(12, 4).unwrap(), 3)
}

fn changed(from: &str, to: &str) -> Outcome {
    try_changed(from, to).unwrap()
}

#[test]
fn a_wrong_text_is_caught() {
    assert!(changed("o[r,e] * m[r];", "o[r,e] * m[r];").exact);
    // The rescaling of the sum left out.
    assert!(!changed("l[r] = l[r] * m[r];", "l[r] = l[r];").exact);
    // A block of keys skipped.
    assert!(!changed("j, bc in 0..N by Bc", "j, bc in Bc..N by Bc").exact);
    // Weights multiplied by keys.
    assert!(!changed("s[r,c] * v[c,e]", "s[r,c] * k[c,e]").exact);
}

#[test]
fn a_wrong_maximum_is_exact_and_caught_by_large_scores() {
    // −∞ − (−∞) is no number.
    let undefined = try_changed("t[r] = max(m[r], t[r]);", "t[r] = m[r] - m[r];");
    assert!(matches!(undefined, Err(RunError::Undefined(_))), "{undefined:?}");
    let zero = changed("t[r] = max(m[r], t[r]);", "t[r] = 0;");
    assert!(zero.exact, "any number serves as the maximum in exact arithmetic");
    assert!(zero.max_abs_error < 1e-12 && zero.max_abs_error_large > 1e-9);
}
