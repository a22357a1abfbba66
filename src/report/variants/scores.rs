//! What is done to scores before the softmax.

use super::{D, IO, M, Question, Series, head};
use crate::model::Words;

const PLAIN: &str = "plain";
const NAMES: [&str; 5] = ["bias", "rotary", "alibi", "soft-cap", "sink"];

pub(super) const SCORES: Question = Question {
    id: "scores",
    title: "What does a bias cost, and what positions made on chip?",
    x: M,
    y: IO,
    setting: |_| format!("One head, N = 8Ki, d = {D}, no mask, tiles for the fewest words."),
    series: |it| {
        let of = |m| ([head(8192, 8192, D), vec![("h", D / 2)]].concat(), Words(m));
        let mut series = Series::along(it.memories.clone()).with(PLAIN, "cross", of);
        for name in NAMES {
            series = series.with(name, name, of);
        }
        series
    },
    answer: |it| {
        let more = |name, m| it.ratio(name, PLAIN, m);
        format!(
            "A bias read from slow memory costs N² words whatever M is: {} times plain attention at M = 64Ki, \
             {} times at M = 1Mi. Made on chip (ALiBi) it costs {} times plain attention at 64Ki, a cap {}, a \
             sink {}. Rotary tables cost {} times: a key's angles come with it each time it is read; keys turned \
             once before they are stored would save that.",
            more("bias", 1 << 16),
            more("bias", 1 << 20),
            more("alibi", 1 << 16),
            more("soft-cap", 1 << 16),
            more("sink", 1 << 16),
            more("rotary", 1 << 16)
        )
    },
};
