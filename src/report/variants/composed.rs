//! Heads that meet at each pair.

use super::{D, IO, M, Question, Series, from, head};
use crate::model::Words;

const HEADS: [u64; 2] = [8, 16];

fn label(heads: u64, kind: &str) -> String {
    format!("{heads} heads, {kind}")
}

pub(super) const COMPOSED: Question = Question {
    id: "composed",
    title: "What do composable heads cost, and when is it worth writing the scores?",
    x: M,
    y: IO,
    setting: |_| {
        format!("N = 4Ki, d = {D}, factors of rank 2, no mask, tiles for the fewest words.")
    },
    series: |it| {
        let of = |heads| {
            move |m| {
                let own = vec![("F", 2), ("B", 1), ("H", heads), ("G", 1)];
                ([head(4096, 4096, D), own].concat(), Words(m))
            }
        };
        HEADS.into_iter().fold(Series::along(it.memories.clone()), |series, heads| {
            series
                .with(label(heads, "fused"), "dcmha", of(heads))
                .with(label(heads, "scores written"), "dcmha-scores", of(heads))
                .with(label(heads, "plain"), "gqa", of(heads))
        })
    },
    answer: |it| {
        let each = HEADS.map(|heads| {
            let [fused, written, plain] =
                ["fused", "scores written", "plain"].map(|kind| label(heads, kind));
            format!(
                "With {heads} heads the fused schedule moves fewer words than the one that writes scores {}; \
                 at the largest M drawn it moves {} times what plain heads do.",
                from("M", it.first_below(&fused, &written)),
                it.ratio(&fused, &plain, it.last())
            )
        });
        each.join(" ")
    },
};
