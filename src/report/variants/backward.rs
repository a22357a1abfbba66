//! The backward pass.

use super::{D, IO, M, Question, Series, head};
use crate::model::Words;

const FORWARD: &str = "forward";
const NAMES: [&str; 3] = ["flash1-backward", "flash2-backward", "two-pass-backward"];

pub(super) const BACKWARD: Question = Question {
    id: "backward",
    title: "Which backward pass moves the fewest words?",
    x: M,
    y: IO,
    setting: |_| format!("One head, N = 8Ki, d = {D}, no mask, tiles for the fewest words."),
    series: |it| {
        let of = |m| (head(8192, 8192, D), Words(m));
        let mut series = Series::along(it.memories.clone());
        for name in NAMES {
            series = series.with(name, name, of);
        }
        series.with(FORWARD, "cross", of).bound("lower bound, backward", NAMES[1], of)
    },
    answer: |it| {
        let [first, second, passes] = NAMES;
        format!(
            "To leading order: 20 N²d²/M words for FlashAttention-1's, 16 for FlashAttention-2's, 14 for two \
             passes, against 4 forward. At M = 64Ki words FlashAttention-2's backward moves {} of the words \
             of FlashAttention-1's, the two passes with recomputation {}; it moves {} times what its forward \
             pass does. The bound holds for schedules that compute scores again, too; at M = 1Mi \
             the two passes move {} times as much.",
            it.ratio(second, first, 65536),
            it.ratio(passes, first, 65536),
            it.ratio(second, FORWARD, 65536),
            it.ratio(passes, "lower bound, backward", 1 << 20)
        )
    },
};
