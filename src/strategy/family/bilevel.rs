//! Clusters of a graph.

use super::{Default, Member, NoTask, Sizes, entry};
use crate::attention::{Bilevel, Partition, Shape, Task};

pub(super) const MEMBERS: &[Member] = &[entry!(
    "bilevel",
    "on a graph, P clusters of L nodes: attention in each cluster, between their means, and a layer on both",
    "Xing et al. 2024 (CoBFormer); this project's schedule; any clusters: --partition, --clusters",
    &[("H", Default::Of(1))],
    |it| it.bilevel()
)];

impl Sizes<'_> {
    fn bilevel(&self) -> Result<Task, NoTask> {
        let (heads, d) = (self.of("H"), self.of("d"));
        let (clusters, size) = (self.of("P"), self.of("L"));
        // The nodes, and their words.
        let nodes = clusters.saturating_mul(size);
        Shape::square(nodes, heads.saturating_mul(d))?;
        Ok(Task::Bilevel(Bilevel { heads, d, partition: Partition::equal(clusters, size) }))
    }
}
