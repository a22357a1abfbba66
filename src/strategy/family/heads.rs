//! Heads that share keys.

use super::{Default, Member, NoTask, Sizes, entry};
use crate::attention::{Mask, Shape, Task, Variant, variant::Keys};

const GROUPED: &[(&str, Default)] = &[
    ("P", Default::As("N")),
    ("dv", Default::As("d")),
    ("B", Default::Of(1)),
    ("H", Default::Of(1)),
    ("G", Default::Of(1)),
];

pub(super) const MEMBERS: &[Member] = &[
    entry!(
        "gqa",
        "B sequences, H key heads, each shared by G query heads (G = 1: multi-head, H = 1: multi-query)",
        "Shazeer 2019 (multi-query); Ainslie et al. 2023 (grouped-query)",
        GROUPED,
        |it| it.grouped(Mask::Full)
    ),
    entry!(
        "gqa-causal",
        "the same under a causal mask",
        "Ainslie et al. 2023 (grouped-query)",
        GROUPED,
        |it| it.grouped(Mask::Causal)
    ),
    entry!(
        "mla",
        "multi-head latent attention, absorbed: keys and values are one stream of dv + dr words a token",
        "DeepSeek-AI 2024 (DeepSeek-V2), section 2.1: dv = 512, dr = 64",
        &[
            ("P", Default::As("N")),
            ("B", Default::Of(1)),
            ("G", Default::Of(128)),
            ("dv", Default::Of(512)),
            ("dr", Default::Of(64))
        ],
        |it| it.mla()
    ),
];

impl Sizes<'_> {
    fn grouped(&self, mask: Mask) -> Result<Task, NoTask> {
        let shape = self.shape()?;
        mask.kept(&shape)?;
        Ok(Task::Forward(Variant {
            batch: self.of("B"),
            kv_heads: self.of("H"),
            group: self.of("G"),
            scaled: self.scaled(),
            ..Variant::masked(shape, mask)
        }))
    }

    fn mla(&self) -> Result<Task, NoTask> {
        let shape = Shape::new(self.of("N"), self.of("P"), self.sum("dv", "dr"), self.of("dv"))?;
        let plain = Variant::masked(shape, Mask::Full);
        let (batch, group) = (self.of("B"), self.of("G"));
        Ok(Task::Forward(Variant { batch, group, keys: Keys::Shared, ..plain }))
    }
}
