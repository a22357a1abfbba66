//! Few queries against many keys.

use super::{Default, Member, NoTask, SELF, Sizes, entry};
use crate::{
    attention::{Mask, Shape, Task, Variant, variant::Keys},
    model::MAX_EXTENT,
};

pub(super) const MEMBERS: &[Member] = &[
    entry!(
        "split-k",
        "few queries, the keys in S independent splits, then a pass that joins them",
        "Dao et al. 2023 (Flash-Decoding); Rabe & Staats 2021",
        SELF,
        |it| it.masked(Mask::Full)
    ),
    entry!(
        "paged",
        "decoding against pages of W tokens; the page table is read from slow memory",
        "Kwon et al. 2023 (PagedAttention)",
        &[("dv", Default::As("d")), ("X", Default::As("W")), ("G", Default::As("B"))],
        |it| it.paged()
    ),
    entry!(
        "shared-prefix",
        "B sequences that begin with the same F tokens, S of their own behind",
        "Juravsky et al. 2024 (Hydragen); Ye et al. 2024 (cascade inference)",
        &[("dv", Default::As("d")), ("N", Default::Of(1))],
        |it| it.common_prefix()
    ),
];

impl Sizes<'_> {
    fn paged(&self) -> Result<Task, NoTask> {
        let (blocks, tokens, last) = (self.of("B"), self.of("W"), self.of("X"));
        if last > tokens {
            return Err(NoTask::LastPage { last, tokens });
        }
        let keys = (blocks - 1).checked_mul(tokens).and_then(|it| it.checked_add(last));
        let keys = keys.unwrap_or(MAX_EXTENT + 1);
        let shape = Shape::new(self.of("N"), keys, self.of("d"), self.of("dv"))?;
        let (_, table) = self.binding.tables.first().ok_or(NoTask::Table)?;
        let keys = Keys::Paged { table: table.clone(), tokens, pages: self.of("G") };
        Ok(Task::Forward(Variant { keys, ..Variant::masked(shape, Mask::Full) }))
    }

    fn common_prefix(&self) -> Result<Task, NoTask> {
        let shape = Shape::new(self.of("N"), self.sum("F", "S"), self.of("d"), self.of("dv"))?;
        let keys = Keys::CommonPrefix(self.of("F"));
        let batch = self.of("B");
        Ok(Task::Forward(Variant { batch, keys, ..Variant::masked(shape, Mask::Full) }))
    }
}
