//! Nodes in clusters, as a graph partitioner leaves them.
//!
//! ```text
//! iobound-partition 1
//! nodes 6
//! clusters 2
//! # a line a cluster, in any order: its number from 0 and its nodes, alone or as ranges from..to, the end not included
//! 0: 0..2 5
//! 1: 2..5
//! ```
//!
//! Every node stands in exactly one cluster, and no cluster is empty. A schedule takes the largest
//! clusters first, equal ones by number: that is the order of [`Partition::node`], and where it is not
//! the nodes' own, a table of it is read from slow memory.

use std::{collections::BTreeMap, fmt, ops::Range, str::FromStr};

/// The first line of a file.
pub const FIRST_LINE: &str = "iobound-partition 1";

/// Nodes that a file may have, 2²⁴: they are listed in memory.
pub const MOST: u64 = 1 << 24;

/// As many clusters of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Equal {
    /// Clusters.
    pub clusters: u64,
    /// Nodes of each.
    pub size: u64,
}

/// A partition of the nodes 0, 1, ….
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// By size, the largest first.
    sizes: Vec<Equal>,
    /// The nodes, cluster by cluster; `None` if that is their own order.
    order: Option<Vec<u64>>,
}

/// Why a text is no partition: the line, from 1, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct NotAPartition {
    /// The line.
    pub line: usize,
    /// What is wrong.
    pub what: Wrong,
}

/// What can be wrong with a line of a partition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Another first line.
    #[error("expected `{FIRST_LINE}`, found `{0}`")]
    FirstLine(String),
    /// `nodes` or `clusters` is missing or no size.
    #[error("expected `{0} COUNT` with a count from 1 to {1}, found `{2}`")]
    Size(&'static str, u64, String),
    /// No colon.
    #[error("expected CLUSTER: NODES, as in 3: 0..4 9, found `{0}`")]
    Line(String),
    /// No number or range.
    #[error("expected a node or a range FROM..TO, as in 9 or 0..4, found `{0}`")]
    Nodes(String),
    /// Beyond the last cluster.
    #[error("cluster {0} is out of range: there are {1}, numbered from 0")]
    Cluster(u64, u64),
    /// A cluster twice.
    #[error("cluster {0} already stands in line {1}")]
    Again(u64, usize),
    /// A cluster without nodes.
    #[error("cluster {0} is empty: each needs a node, as their mean is taken")]
    Empty(u64),
    /// Beyond the last node.
    #[error("node {0} is out of range: there are {1}, numbered from 0")]
    Node(u64, u64),
    /// A node twice.
    #[error("node {node} already stands in cluster {cluster}")]
    Repeated {
        /// The node.
        node: u64,
        /// Where it stands.
        cluster: u64,
    },
    /// A cluster without a line.
    #[error("cluster {0} has no line; there are {1} clusters, numbered from 0")]
    NoLine(u64, u64),
    /// Nodes in no cluster.
    #[error("node {first} stands in no cluster ({missing} of {nodes} nodes are missing)")]
    Missing {
        /// The first.
        first: u64,
        /// How many.
        missing: u64,
        /// How many nodes there are.
        nodes: u64,
    },
}

/// More clusters than nodes, or none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{nodes} nodes do not make {clusters} clusters: each needs a node, and there is at least one"
)]
pub struct TooMany {
    /// Nodes.
    pub nodes: u64,
    /// Clusters.
    pub clusters: u64,
}

impl Partition {
    /// `clusters` of `size` nodes each, at least one, nodes in order.
    #[must_use]
    pub fn equal(clusters: u64, size: u64) -> Self {
        Self { sizes: vec![Equal { clusters, size }], order: None }
    }

    /// Sizes that differ by at most 1, nodes in order.
    ///
    /// # Errors
    ///
    /// [`TooMany`].
    pub fn balanced(nodes: u64, clusters: u64) -> Result<Self, TooMany> {
        if !(1..=nodes).contains(&clusters) {
            return Err(TooMany { nodes, clusters });
        }
        let (size, larger) = (nodes / clusters, nodes % clusters);
        let sizes = [(larger, size + 1), (clusters - larger, size)];
        let sizes = sizes.map(|(clusters, size)| Equal { clusters, size });
        Ok(Self { sizes: sizes.into_iter().filter(|it| it.clusters > 0).collect(), order: None })
    }

    /// A node for each cluster, each other node to a cluster drawn from `seed`; the same on every machine.
    /// The clusters are then numbered by size and the nodes by cluster.
    ///
    /// # Errors
    ///
    /// [`TooMany`]; more than [`MOST`] nodes are too many as well.
    pub fn ragged(nodes: u64, clusters: u64, seed: u64) -> Result<Self, TooMany> {
        if !(1..=nodes.min(MOST)).contains(&clusters) || nodes > MOST {
            return Err(TooMany { nodes, clusters });
        }
        let mut sizes: BTreeMap<u64, u64> = BTreeMap::new();
        let mut state = seed;
        for _ in clusters..nodes {
            // SplitMix64.
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            *sizes.entry((z ^ (z >> 31)) % clusters).or_default() += 1;
        }
        let sizes = (0..clusters).map(|it| 1 + sizes.get(&it).unwrap_or(&0));
        Ok(Self { sizes: runs(sizes), order: None })
    }

    /// How many nodes.
    #[must_use]
    pub fn nodes(&self) -> u64 {
        self.sizes.iter().fold(0, |sum, it| sum.saturating_add(it.clusters.saturating_mul(it.size)))
    }

    /// How many clusters.
    #[must_use]
    pub fn n_clusters(&self) -> u64 {
        self.sizes.iter().map(|it| it.clusters).sum()
    }

    /// The sizes, the largest first, none twice.
    #[must_use]
    pub fn sizes(&self) -> &[Equal] {
        &self.sizes
    }

    /// The nodes, cluster by cluster; `None` if that is their own order.
    #[must_use]
    pub fn order(&self) -> Option<&[u64]> {
        self.order.as_deref()
    }

    /// The node at `place` of the order.
    #[must_use]
    pub fn node(&self, place: u64) -> u64 {
        let Some(order) = &self.order else { return place };
        usize::try_from(place).ok().and_then(|it| order.get(it)).copied().unwrap_or(place)
    }

    /// The places of each cluster, in order.
    pub fn clusters(&self) -> impl Iterator<Item = Range<u64>> + '_ {
        let sizes = self.sizes.iter().flat_map(|it| (0..it.clusters).map(|_| it.size));
        sizes.scan(0, |start, size| {
            *start += size;
            Some(*start - size..*start)
        })
    }

    fn new(mut clusters: Vec<Vec<u64>>) -> Self {
        clusters.sort_by_key(|it| std::cmp::Reverse(it.len()));
        let sizes = runs(clusters.iter().map(|it| it.len().try_into().unwrap_or(u64::MAX)));
        let order = clusters.concat();
        let own = order.iter().zip(0..).all(|(node, place)| *node == place);
        Self { sizes, order: (!own).then_some(order) }
    }
}

/// How often each size occurs.
fn runs(sizes: impl Iterator<Item = u64>) -> Vec<Equal> {
    let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
    for size in sizes {
        *counts.entry(size).or_default() += 1;
    }
    counts.into_iter().rev().map(|(size, clusters)| Equal { clusters, size }).collect()
}

/// A file's lines, as far as they are read.
struct Lines {
    nodes: u64,
    clusters: u64,
    /// Each cluster's line and nodes.
    read: BTreeMap<u64, (usize, Vec<u64>)>,
    /// The cluster of each node.
    of: BTreeMap<u64, u64>,
}

impl Lines {
    fn push(&mut self, text: &str, line: usize) -> Result<(), Wrong> {
        let wrong = || Wrong::Line(text.to_owned());
        let (cluster, nodes) = text.split_once(':').ok_or_else(wrong)?;
        let cluster = cluster.trim().parse::<u64>().map_err(|_| wrong())?;
        if cluster >= self.clusters {
            return Err(Wrong::Cluster(cluster, self.clusters));
        }
        if let Some((line, _)) = self.read.get(&cluster) {
            return Err(Wrong::Again(cluster, *line));
        }
        let mut all = vec![];
        for word in nodes.split_whitespace() {
            let Range { start, end } = range(word)?;
            // The last one first: a range is not walked before it is known to lie inside.
            if end > self.nodes {
                return Err(Wrong::Node(end - 1, self.nodes));
            }
            for node in start..end {
                if let Some(cluster) = self.of.insert(node, cluster) {
                    return Err(Wrong::Repeated { node, cluster });
                }
                all.push(node);
            }
        }
        if all.is_empty() {
            return Err(Wrong::Empty(cluster));
        }
        self.read.insert(cluster, (line, all));
        Ok(())
    }

    fn whole(self) -> Result<Partition, Wrong> {
        let Self { nodes, clusters, read, of } = self;
        if let Some(it) = (0..clusters).find(|it| !read.contains_key(it)) {
            return Err(Wrong::NoLine(it, clusters));
        }
        if let Some(first) = (0..nodes).find(|it| !of.contains_key(it)) {
            let found = u64::try_from(of.len()).unwrap_or(nodes);
            return Err(Wrong::Missing { first, missing: nodes - found, nodes });
        }
        Ok(Partition::new(read.into_values().map(|it| it.1).collect()))
    }
}

/// `NODE` or `FROM..TO`, not empty.
fn range(text: &str) -> Result<Range<u64>, Wrong> {
    let range = match text.split_once("..") {
        None => text.parse::<u64>().ok().and_then(|it| Some(it..it.checked_add(1)?)),
        Some((from, to)) => from.parse().ok().zip(to.parse().ok()).map(|(from, to)| from..to),
    };
    range.filter(|it| !it.is_empty()).ok_or_else(|| Wrong::Nodes(text.to_owned()))
}

impl FromStr for Partition {
    type Err = NotAPartition;

    fn from_str(text: &str) -> Result<Self, NotAPartition> {
        let plain = |it: &str| it.split('#').next().unwrap_or_default().trim().to_owned();
        let lines = text.lines().zip(1..).map(|(it, line)| (plain(it), line));
        let mut lines = lines.filter(|it| !it.0.is_empty());
        let end = text.lines().count().max(1);
        let mut next = || lines.next().unwrap_or((String::new(), end));
        let (first, line) = next();
        if first != FIRST_LINE {
            return Err(NotAPartition { line, what: Wrong::FirstLine(first) });
        }
        let mut size = |name: &'static str, most: u64| {
            let (found, line) = next();
            let value = found.strip_prefix(name).and_then(|it| it.trim().parse::<u64>().ok());
            let value = value.filter(|it| (1..=most).contains(it));
            value.ok_or(NotAPartition { line, what: Wrong::Size(name, most, found) })
        };
        let nodes = size("nodes", MOST)?;
        let clusters = size("clusters", nodes)?;
        let mut read = Lines { nodes, clusters, read: BTreeMap::new(), of: BTreeMap::new() };
        for (text, line) in lines {
            read.push(&text, line).map_err(|what| NotAPartition { line, what })?;
        }
        read.whole().map_err(|what| NotAPartition { line: end, what })
    }
}

/// A file of it; clusters are numbered in their order.
impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (nodes, clusters) = (self.nodes(), self.n_clusters());
        writeln!(f, "{FIRST_LINE}\nnodes {nodes}\nclusters {clusters}")?;
        for (places, cluster) in self.clusters().zip(0..) {
            write!(f, "{cluster}:")?;
            match &self.order {
                None => write!(f, " {}..{}", places.start, places.end)?,
                Some(_) => places.map(|it| self.node(it)).try_for_each(|it| write!(f, " {it}"))?,
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "iobound-partition 1\nnodes 6\nclusters 3\n0: 4\n1: 5 0..2\n2: 2 3\n";

    #[test]
    fn as_written() {
        let it: Partition = TEXT.parse().unwrap();
        assert_eq!((it.nodes(), it.n_clusters()), (6, 3));
        // The largest first: cluster 1, then 2, then 0.
        assert_eq!(it.order(), Some(&[5, 0, 1, 2, 3, 4][..]));
        assert_eq!(it.clusters().collect::<Vec<_>>(), [0..3, 3..5, 5..6]);
        let again: Partition = it.to_string().parse().unwrap();
        assert_eq!(again, it);
        // In its own order there is nothing to look up.
        let it: Partition = TEXT
            .replace("4\n", "5\n")
            .replace("5 0..2", "0..2 2")
            .replace("2: 2 3", "2: 3..5")
            .parse()
            .unwrap();
        assert_eq!(it.order(), None);
    }

    #[test]
    fn generated() {
        let sizes = |it: &Partition| it.clusters().map(|it| it.end - it.start).collect::<Vec<_>>();
        assert_eq!(sizes(&Partition::balanced(7, 3).unwrap()), [3, 2, 2]);
        assert_eq!(Partition::balanced(6, 3).unwrap(), Partition::equal(3, 2));
        let ragged = Partition::ragged(100, 7, 1).unwrap();
        assert_eq!((ragged.nodes(), ragged.n_clusters()), (100, 7));
        assert!(sizes(&ragged).is_sorted_by(|a, b| a >= b) && ragged.sizes().len() > 2);
        assert_eq!(ragged, Partition::ragged(100, 7, 1).unwrap());
        assert_ne!(ragged, Partition::ragged(100, 7, 2).unwrap());
        assert_eq!(ragged.to_string().parse(), Ok(ragged));
        for wrong in
            [Partition::balanced(3, 4), Partition::ragged(3, 4, 1), Partition::balanced(3, 0)]
        {
            assert!(wrong.unwrap_err().to_string().starts_with("3 nodes do not make"));
        }
    }

    #[test]
    fn wrong_ones() {
        let check = |from: &str, to: &str, expected: &str| {
            let text = TEXT.replacen(from, to, 1);
            assert_ne!(text, TEXT);
            assert_eq!(text.parse::<Partition>().unwrap_err().to_string(), expected);
        };
        check(
            "partition 1",
            "pattern 1",
            "line 1: expected `iobound-partition 1`, found `iobound-pattern 1`",
        );
        check(
            "nodes 6",
            "nodes 0",
            "line 2: expected `nodes COUNT` with a count from 1 to 16777216, found `nodes 0`",
        );
        check(
            "clusters 3",
            "clusters 7",
            "line 3: expected `clusters COUNT` with a count from 1 to 6, found `clusters 7`",
        );
        check(
            "2: 2 3",
            "3: 2 3",
            "line 6: cluster 3 is out of range: there are 3, numbered from 0",
        );
        check("2: 2 3", "0: 2 3", "line 6: cluster 0 already stands in line 4");
        check(
            "2: 2 3",
            "2:",
            "line 6: cluster 2 is empty: each needs a node, as their mean is taken",
        );
        check(
            "2: 2 3\n",
            "",
            "line 5: cluster 2 has no line; there are 3 clusters, numbered from 0",
        );
        check("2: 2 3", "2: 2 3 1", "line 6: node 1 already stands in cluster 1");
        check("2: 2 3", "2: 2 3 3", "line 6: node 3 already stands in cluster 2");
        check("2: 2 3", "2: 3", "line 6: node 2 stands in no cluster (1 of 6 nodes are missing)");
        check(
            "nodes 6",
            "nodes 8",
            "line 6: node 6 stands in no cluster (2 of 8 nodes are missing)",
        );
        check("2: 2 3", "2: 2..9", "line 6: node 8 is out of range: there are 6, numbered from 0");
        check("nodes 6", "nodes 5", "line 5: node 5 is out of range: there are 5, numbered from 0");
        check(
            "0..2",
            "2..0",
            "line 5: expected a node or a range FROM..TO, as in 9 or 0..4, found `2..0`",
        );
        check("2: 2 3", "2 3", "line 6: expected CLUSTER: NODES, as in 3: 0..4 9, found `2 3`");
        assert!("".parse::<Partition>().is_err());
    }
}
