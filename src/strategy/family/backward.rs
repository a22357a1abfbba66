//! The backward pass.

use super::{Member, NoTask, SELF, Sizes, entry};
use crate::attention::{Gradient, Task, gradient::Statistics};

pub(super) const MEMBERS: &[Member] = &[
    entry!(
        "flash1-backward",
        "backward: keys stay, dQ is read and written once a block of keys",
        "Dao et al. 2022 (FlashAttention), Algorithm 4",
        SELF,
        |it| it.backward(Statistics::SumAndMax)
    ),
    entry!(
        "flash2-backward",
        "backward: the row sums of dO·O first, then as above",
        "Dao 2023 (FlashAttention-2), Algorithm 2",
        SELF,
        |it| it.backward(Statistics::LogSum)
    ),
    entry!(
        "two-pass-backward",
        "backward: dQ, then dK and dV; scores are made in both passes",
        "Triton tutorial 06 (fused attention); the recomputation of Dao et al. 2022, section 3.1",
        SELF,
        |it| it.backward(Statistics::LogSum)
    ),
];

impl Sizes<'_> {
    fn backward(&self, statistics: Statistics) -> Result<Task, NoTask> {
        let (shape, scaled) = (self.shape()?, self.scaled());
        Ok(Task::Backward(Gradient { shape, scaled, statistics }))
    }
}
