//! Clusters of a graph: how many for the fewest words, and how many for the least arithmetic.

use super::{Question, Series, Setting, about, grouped, times, words};
use crate::{
    attention::Partition,
    model::Words,
    strategy::{Want, bilevel, choose},
};

/// A graph, and how it was split.
struct Graph {
    name: &'static str,
    nodes: u64,
    heads: u64,
    d: u64,
    /// The clusters its authors chose.
    clusters: u64,
}

/// Xing et al. 2024: clusters, heads, and the width heads·d.
const GRAPHS: [Graph; 4] = [
    Graph { name: "Cora", nodes: 2_708, heads: 4, d: 16, clusters: 112 },
    Graph { name: "PubMed", nodes: 19_717, heads: 1, d: 64, clusters: 224 },
    Graph { name: "ogbn-arxiv", nodes: 169_343, heads: 4, d: 64, clusters: 2_048 },
    Graph { name: "ogbn-products", nodes: 2_449_029, heads: 4, d: 64, clusters: 8_192 },
];

/// The most clusters that are tried, 2¹⁶.
const OCTAVES: u32 = 16;

impl Graph {
    fn width(&self) -> u64 {
        self.heads * self.d
    }

    /// Words of bi-level attention on equal clusters; `None` where there are too many or nothing fits.
    fn words(&self, clusters: u64, fast: Words) -> Option<u128> {
        let partition = Partition::balanced(self.nodes, clusters).ok()?;
        let schedule = bilevel("bilevel", &partition);
        let sizes = [("H", self.heads), ("d", self.d)];
        let choice = choose(&schedule, None, &sizes, fast, &Want::Best(vec![])).ok()?;
        Some(choice.totals.io())
    }

    /// Words of attention of all nodes to all, in all heads.
    fn full(&self, fast: Words) -> Option<u128> {
        let (n, d) = (self.nodes, self.d);
        let one = words("cross", &[("N", n), ("P", n), ("d", d), ("dv", d)], fast)?;
        one.checked_mul(self.heads.into())
    }

    /// Multiply–adds of the scores and the weighted sums, inside the clusters and between them.
    fn multiplied(&self, clusters: u64) -> Option<u128> {
        let partition = Partition::balanced(self.nodes, clusters).ok()?;
        let square = |it: u64| u128::from(it).pow(2);
        let inside = partition.sizes().iter().map(|it| u128::from(it.clusters) * square(it.size));
        Some(2 * u128::from(self.width()) * (inside.sum::<u128>() + square(clusters)))
    }
}

/// The clusters for which `of` is least; the fewest of equals.
fn least(tried: &[u64], of: impl Fn(u64) -> Option<u128>) -> Option<(u64, u128)> {
    let found = tried.iter().filter_map(|it| Some((*it, of(*it)?)));
    found.min_by_key(|it| (it.1, it.0))
}

/// Up to four numbers of clusters an octave, powers of two among them.
fn tried(per_octave: u32) -> Vec<u64> {
    let steps: &[u64] = if per_octave < 4 { &[1024] } else { &[1024, 1218, 1448, 1722] };
    let of = |octave: u32| steps.iter().map(move |it| (it << octave) >> 10);
    let mut all: Vec<u64> = (0..OCTAVES).flat_map(of).chain([1 << OCTAVES]).collect();
    all.dedup();
    all
}

/// Words for each million of full attention.
fn share(words: Option<u128>, full: Option<u128>) -> Option<u128> {
    Some(words? * 1_000_000 / full.filter(|it| *it > 0)?)
}

const HEAD: [&str; 11] = [
    "graph",
    "nodes",
    "heads × d",
    "words of full attention",
    "P of its authors",
    "words",
    "P for the fewest words",
    "words",
    "P for the least arithmetic",
    "words",
    "arithmetic at the P for the fewest words",
];

/// Shares of full attention, with the best P of each graph beside them.
fn series(setting: &Setting) -> Series {
    let Setting { fast, per_octave, .. } = *setting;
    let tried = tried(per_octave);
    let mut series = Series::along((0..=OCTAVES).map(|it| 1 << it).collect());
    series.beside.push(HEAD.map(str::to_owned).to_vec());
    for graph in &GRAPHS {
        let full = graph.full(fast);
        let found: Vec<_> = tried.iter().map(|it| graph.words(*it, fast)).collect();
        let moved = |clusters: u64| match tried.binary_search(&clusters) {
            Ok(at) => found[at],
            Err(_) => graph.words(clusters, fast),
        };
        let said = |words: Option<u128>| words.map_or("-".to_owned(), |it| about(&it.into()));
        let (fit, _) = least(&tried, moved).unwrap_or((1, 0));
        let (arithmetic, fewest) = least(&tried, |it| graph.multiplied(it)).unwrap_or((1, 0));
        let mut row = vec![
            graph.name.to_owned(),
            grouped(graph.nodes),
            format!("{} × {}", graph.heads, graph.d),
            said(full),
        ];
        for clusters in [graph.clusters, fit, arithmetic] {
            row.extend([grouped(clusters), said(moved(clusters))]);
        }
        let more = graph.multiplied(fit).filter(|_| fewest > 0);
        row.push(
            more.map_or("-".to_owned(), |it| format!("{} times the least", times(it, fewest))),
        );
        series.beside.push(row);
        series = series.push(graph.name, Some("bilevel"), |it| share(moved(it), full));
    }
    series
}

pub(super) const CLUSTERS: Question = Question {
    id: "bilevel",
    title: "With how many clusters does bi-level attention move the fewest words?",
    x: "P: clusters",
    y: "words for each million of full attention",
    setting: |it| format!("All heads, equal clusters, {}, tiles for the fewest words.", it.place),
    series,
    answer: |_| {
        "Words fall until a cluster's rows of one head fit: from there on all inside the clusters is moved once, and \
         more clusters only add words between them. Arithmetic falls further, to P = (n²/2)^(1/3). Full attention has \
         no layer behind it, so one cluster is more than full attention; both P are the best of up to four an octave."
            .to_owned()
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The least arithmetic lies at (n²/2)^(1/3), as far as the steps tell.
    #[test]
    fn arithmetic_is_least_where_it_is_said() {
        for graph in &GRAPHS {
            let (clusters, _) = least(&tried(4), |it| graph.multiplied(it)).unwrap();
            let cube = 2 * u128::from(clusters).pow(3);
            let square = u128::from(graph.nodes).pow(2);
            assert!(cube < 2 * square && square < 2 * cube, "{}: {clusters}", graph.name);
        }
    }
}
