//! Heads that meet at each pair.

use super::{Default, Member, NoTask, Sizes, entry};
use crate::attention::{Composed, Shape, Task};

const COMPOSED: &[(&str, Default)] = &[("dv", Default::As("d")), ("F", Default::Of(2))];

pub(super) const MEMBERS: &[Member] = &[
    entry!(
        "dcmha",
        "H heads mixed at each pair before and after the softmax, fused: scores are made in both passes",
        "Xiao et al. 2024 (DCMHA), rank F = 2; this project's schedule",
        COMPOSED,
        |it| it.composed()
    ),
    entry!(
        "dcmha-scores",
        "the same, the mixed scores of all heads written once and read twice",
        "Xiao et al. 2024 (DCMHA); this project's schedule",
        COMPOSED,
        |it| it.composed()
    ),
];

impl Sizes<'_> {
    fn composed(&self) -> Result<Task, NoTask> {
        let shape = Shape::new(self.of("N"), self.of("N"), self.of("d"), self.of("dv"))?;
        Ok(Task::Composed(Composed { shape, heads: self.of("H"), rank: self.of("F") }))
    }
}
