//! What is done to scores before the softmax.

use super::{Default, Member, NoTask, SELF, Sizes, entry};
use crate::attention::{Mask, Shape, Task, variant::Scores};

pub(super) const MEMBERS: &[Member] = &[
    entry!(
        "bias",
        "an additive bias of N·P words, read from slow memory",
        "Raffel et al. 2020 (T5); Jumper et al. 2021 (pair bias)",
        SELF,
        |it| it.scores(Scores::Bias)
    ),
    entry!(
        "alibi",
        "a bias that is linear in the distance, made on chip",
        "Press et al. 2022 (ALiBi)",
        SELF,
        |it| it.scores(Scores::Alibi)
    ),
    entry!(
        "soft-cap",
        "scores capped by c·tanh(s/c)",
        "Gemma Team 2024 (Gemma 2), section 2",
        SELF,
        |it| it.scores(Scores::Cap)
    ),
    entry!(
        "sink",
        "a learned score without a key joins the sum of each row",
        "OpenAI 2025 (gpt-oss); a sink of 0: Miller 2023, Xiao et al. 2024 (StreamingLLM)",
        SELF,
        |it| it.scores(Scores::Sink)
    ),
    entry!(
        "rotary",
        "queries and keys are turned by angles from tables",
        "Su et al. 2021 (RoFormer)",
        &[("P", Default::As("N"))],
        |it| it.rotary()
    ),
];

impl Sizes<'_> {
    fn scores(&self, scores: Scores) -> Result<Task, NoTask> {
        self.head(self.shape()?, Mask::Full, scores)
    }

    fn rotary(&self) -> Result<Task, NoTask> {
        let d = self.of("h").saturating_mul(2);
        let shape = Shape::new(self.of("N"), self.of("P"), d, self.of("dv"))?;
        // A query has the position of a key: there must be as many.
        Mask::Causal.kept(&shape)?;
        self.head(shape, Mask::Full, Scores::Rotary)
    }
}
