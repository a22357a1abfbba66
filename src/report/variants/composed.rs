//! What heads that meet at each pair cost.

use super::{D, Question, curve, memories, times};
use crate::{model::Words, report::plan::Plan};

const N: u64 = 4096;

pub(super) fn question(plan: &Plan) -> Question {
    let mut xs = memories(plan);
    xs.dedup();
    let of = |heads: u64| {
        move |m: u64| {
            let shape = vec![("N", N), ("P", N), ("d", D), ("dv", D), ("F", 2)];
            ([shape, vec![("B", 1), ("H", heads), ("G", 1)]].concat(), Words(m))
        }
    };
    let mut curves = vec![];
    let mut sayings = vec![];
    for heads in [8, 16] {
        let fused = curve(format!("{heads} heads, fused"), "dcmha", &xs, of(heads));
        let written =
            curve(format!("{heads} heads, scores written"), "dcmha-scores", &xs, of(heads));
        let plain = curve(format!("{heads} plain heads"), "gqa", &xs, of(heads));
        let first = (0..xs.len())
            .find(|at| matches!((fused.1[*at], written.1[*at]), (Some(a), Some(b)) if a < b));
        let from = first.map_or("nowhere".to_owned(), |at| {
            format!("from M = {} words", super::grouped(xs[at]))
        });
        let last = xs.len() - 1;
        let ratio = times(fused.1[last], plain.1[last]);
        sayings.push(format!(
            "With {heads} heads the fused schedule moves fewer words than the one that writes scores {from}; \
             at the largest M drawn it moves {ratio} times what plain heads do."
        ));
        curves.extend([fused, written, plain]);
    }
    Question {
        slug: "variants-composed",
        title: "What do composable heads cost, and when is it worth writing the scores?",
        subtitle: format!(
            "N = 4Ki, d = {D}, factors of rank 2, no mask, tiles for the fewest words."
        ),
        x: "M: words of fast memory",
        y: "I/O: words loaded + stored",
        xs,
        curves,
        answer: sayings.join(" "),
    }
}
