//! `steps`: about how long an element-by-element reading takes, told before it begins.

use crate::schedule::{
    bind::Binding,
    poly::Poly,
    program::{Node, Program, Range, Step},
};

/// About how many iterations, words moved and terms an execution of `program` goes through.
///
/// Every loop is taken to be the same each time: once as it is in the first iterations of the loops
/// around it, once as it is in the last, and the longer of the two is told. Saturates at 2¹²⁸ − 1.
#[must_use]
pub fn steps(program: &Program, binding: &Binding) -> u128 {
    let at = |last| block(&program.body, &mut binding.env.clone(), last);
    at(false).max(at(true))
}

fn block(nodes: &[Node], env: &mut [i128], last: bool) -> u128 {
    nodes.iter().fold(0, |sum, it| sum.saturating_add(step(&it.step, env, last)))
}

fn step(step: &Step, env: &mut [i128], last: bool) -> u128 {
    // What cannot be evaluated is refused when it is walked.
    let value = |it: &Poly, env: &[i128]| it.eval(env).unwrap_or(0);
    let area = |extents: &mut dyn Iterator<Item = &Poly>, env: &[i128]| {
        extents.fold(1u128, |area, it| area.saturating_mul(size(value(it, env))))
    };
    match step {
        Step::Loop(it) => {
            let (lo, hi, by) = (value(&it.lo, env), value(&it.hi, env), value(&it.step, env));
            let extent = hi.saturating_sub(lo).max(0);
            if by < 1 || extent == 0 {
                return 1;
            }
            let iterations = extent / by + i128::from(extent % by != 0);
            let start = if last { lo + (iterations - 1) * by } else { lo };
            env[it.start.index()] = start;
            env[it.len.index()] = by.min(extent);
            let inside = block(&it.body, env, last).saturating_add(1);
            size(iterations).saturating_mul(inside)
        }
        Step::Load { region, .. } | Step::Store { region, .. } => {
            let mut extents = region.iter().filter_map(|it| match it {
                Range::Span { extent, .. } => Some(extent),
                Range::At(_) | Range::Loaded(_) => None,
            });
            area(&mut extents, env)
        }
        Step::Assign(it) => area(&mut it.indices.iter().map(|it| &it.extent), env),
        Step::Free(_) => 1,
    }
}

fn size(value: i128) -> u128 {
    u128::try_from(value).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: u128) {
        let text = format!(
            "iobound-schedule 1\nparam N;\nin Q[N];\nout O[N];\n{body}\nload q = Q[..];\n\
             store O[..] = q;\nfree q;\n"
        );
        let program = Program::parse(&text).unwrap_or_else(|it| panic!("{text}: {it}"));
        let binding = program.bind(&[("N", 10)]).unwrap();
        // The last three statements: 10 + 10 + 1.
        assert_eq!(steps(&program, &binding), expected + 21, "{body}");
    }

    #[test]
    fn by_hand() {
        check("", 0);
        // 10 iterations: itself, one element set, one free
        check("for i in 0..N by 1 { x = 0; free x; }", 10 * 3);
        // the last iteration of the outer loop has 10 inside
        check("for i in 0..N by 1 { for j in 0..i+1 by 1 { x = 0; free x; } }", 10 * (1 + 10 * 3));
        check("for i in 0..1152921504606846976 by 1 { x = 0; free x; }", 3 << 60);
    }
}
