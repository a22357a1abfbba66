//! CDAGs of the class of `proofs/backward/README.md`, drawn at random: any mask, any summation trees,
//! row statistics, weights and scores scaled or not.

use crate::random::Random;
use iobound::cdag::{Cdag, Vertex};
use iobound::certificate::Attention;

/// A row item or a key item: a word, or a place in which a gradient is accumulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// Of a row; otherwise of a key.
    pub(crate) row: bool,
    /// Which row or key.
    pub(crate) of: usize,
    /// A word; otherwise a place.
    pub(crate) word: bool,
}

/// What a vertex is; items and pairs by their index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// q, do, k or v.
    Word(usize),
    /// x of this pair.
    Operand(usize),
    /// Another pair vertex.
    Pair(usize),
    /// y of this pair and of this place.
    Output(usize, usize),
    /// Another accumulator of this place.
    Place(usize),
    /// A row statistic.
    Other,
}

impl Kind {
    pub(crate) fn pair(self) -> Option<usize> {
        match self {
            Self::Operand(pair) | Self::Pair(pair) => Some(pair),
            _ => None,
        }
    }

    pub(crate) fn place(self) -> Option<usize> {
        match self {
            Self::Output(_, place) | Self::Place(place) => Some(place),
            _ => None,
        }
    }

    /// The pair of which it is a product.
    pub(crate) fn product(self) -> Option<usize> {
        match self {
            Self::Operand(pair) | Self::Output(pair, _) => Some(pair),
            _ => None,
        }
    }
}

/// A CDAG, what its vertices are, and where in the grid of rows and keys they stand.
pub(crate) struct Member {
    pub(crate) cdag: Cdag,
    pub(crate) kinds: Vec<Kind>,
    /// The last row and the last key that a vertex needs; for orders that go along the grid.
    pub(crate) at: Vec<(u64, u64)>,
    pub(crate) items: Vec<Item>,
    /// Row and key of each pair.
    pub(crate) pairs: Vec<(usize, usize)>,
    pub(crate) attention: Attention,
}

struct Build<'a> {
    random: &'a mut Random,
    operands: Vec<Vec<Vertex>>,
    kinds: Vec<Kind>,
    at: Vec<(u64, u64)>,
    items: Vec<Item>,
    /// Every sum is a chain, in the order of the pairs; otherwise some are.
    chains: bool,
}

impl Build<'_> {
    fn add(&mut self, kind: Kind, at: (u64, u64), operands: &[Vertex]) -> Vertex {
        self.operands.push(operands.to_vec());
        self.kinds.push(kind);
        self.at.push(at);
        Vertex(self.kinds.len() as u64 - 1)
    }

    /// The words of all rows, or of all keys.
    fn matrix(&mut self, row: bool, n: usize, words: u64) -> Vec<Vec<Vertex>> {
        let mut word = |of: usize| {
            self.items.push(Item { row, of, word: true });
            let at = if row { (of as u64, 0) } else { (0, of as u64) };
            self.add(Kind::Word(self.items.len() - 1), at, &[])
        };
        (0..n).map(|of| (0..words).map(|_| word(of)).collect()).collect()
    }

    /// One vertex of all, by merging two at random, or the two newest.
    fn merge(&mut self, kind: Kind, mut all: Vec<Vertex>) -> Vertex {
        let chain = self.chains || self.random.below(2) == 0;
        while all.len() > 1 {
            let mut take = |random: &mut Random| {
                let place = if chain { 0 } else { random.below(all.len() as u64) as usize };
                all.remove(place)
            };
            let (left, right) = (take(self.random), take(self.random));
            let [a, b] = [left, right].map(|it| self.at[it.0 as usize]);
            let sum = self.add(kind, (a.0.max(b.0), a.1.max(b.1)), &[left, right]);
            all.insert(0, sum);
        }
        all[0]
    }

    fn scaled(&mut self, kind: Kind, it: Vertex) -> Vertex {
        let at = self.at[it.0 as usize];
        if self.random.below(3) == 0 { self.add(kind, at, &[it]) } else { it }
    }

    /// Σ of left·right over the words, for a pair.
    fn dot(&mut self, pair: usize, at: (u64, u64), left: &[Vertex], right: &[Vertex]) -> Vertex {
        let product = |(l, r): (&Vertex, &Vertex)| self.add(Kind::Operand(pair), at, &[*l, *r]);
        let products = left.iter().zip(right).map(product).collect();
        let sum = self.merge(Kind::Pair(pair), products);
        self.scaled(Kind::Pair(pair), sum)
    }

    /// A new place of this row or key: Σ of a vertex of the pair and a word.
    fn gradient(&mut self, row: bool, of: usize, all: &[(usize, (u64, u64), Vertex, Vertex)]) {
        self.items.push(Item { row, of, word: false });
        let place = self.items.len() - 1;
        let mut outputs = vec![];
        for &(pair, at, weight, word) in all {
            let y = self.add(Kind::Output(pair, place), at, &[weight, word]);
            outputs.push(self.scaled(Kind::Place(place), y));
        }
        self.merge(Kind::Place(place), outputs);
    }
}

/// At most `most` rows and keys, rows of at most `wide` words.
pub(crate) fn member(random: &mut Random, most: u64, wide: u64) -> Member {
    let [rows, keys] = [(); 2].map(|()| 1 + random.below(most));
    let [d_k, d_v] = [(); 2].map(|()| 1 + random.below(wide));
    let percent = [30, 60, 100][random.below(3) as usize];
    // The diagonal, so that each row and each key has a pair.
    let kept = |random: &mut Random, i: u64, j: u64| {
        i % keys == j || j % rows == i || random.below(100) < percent
    };
    let grid = (0..rows).flat_map(|i| (0..keys).map(move |j| (i, j)));
    let grid: Vec<(u64, u64)> = grid.filter(|(i, j)| kept(random, *i, *j)).collect();
    let pairs: Vec<_> = grid.iter().map(|it| (it.0 as usize, it.1 as usize)).collect();
    let [normalised, row_sums] = [(); 2].map(|()| random.below(3) == 0);
    let chains = random.below(2) == 0;
    let mut build =
        Build { random, operands: vec![], kinds: vec![], at: vec![], items: vec![], chains };
    let [n, n_keys] = [rows, keys].map(|it| it as usize);
    let q = build.matrix(true, n, d_k);
    let d_o = build.matrix(true, n, d_v);
    let k = build.matrix(false, n_keys, d_k);
    let v = build.matrix(false, n_keys, d_v);
    let of_row = |i: usize| (0..pairs.len()).filter(|it| pairs[*it].0 == i).collect();
    let of_row: Vec<Vec<usize>> = (0..n).map(of_row).collect();
    let at: Vec<_> = pairs.iter().map(|it| (it.0 as u64, it.1 as u64)).collect();
    let mut weights = vec![];
    for (pair, &(i, j)) in pairs.iter().enumerate() {
        weights.push(build.dot(pair, at[pair], &q[i], &k[j]));
    }
    if normalised {
        for list in &of_row {
            let sum = build.merge(Kind::Other, list.iter().map(|it| weights[*it]).collect());
            for &it in list {
                weights[it] = build.add(Kind::Pair(it), at[it], &[weights[it], sum]);
            }
        }
    }
    let mut scores = vec![];
    for (pair, &(i, j)) in pairs.iter().enumerate() {
        let dp = build.dot(pair, at[pair], &d_o[i], &v[j]);
        scores.push(build.add(Kind::Pair(pair), at[pair], &[weights[pair], dp]));
    }
    if row_sums {
        for list in &of_row {
            let sum = build.merge(Kind::Other, list.iter().map(|it| scores[*it]).collect());
            for &it in list {
                scores[it] = build.add(Kind::Pair(it), at[it], &[scores[it], sum]);
            }
        }
    }
    for (i, list) in of_row.iter().enumerate() {
        (0..d_k as usize).for_each(|l| {
            let part = |it: &usize| (*it, at[*it], scores[*it], k[pairs[*it].1][l]);
            build.gradient(true, i, &list.iter().map(part).collect::<Vec<_>>());
        });
    }
    for j in 0..n_keys {
        let list: Vec<usize> = (0..pairs.len()).filter(|it| pairs[*it].1 == j).collect();
        for (vertices, words, width) in [(&scores, &q, d_k), (&weights, &d_o, d_v)] {
            (0..width as usize).for_each(|l| {
                let part = |it: &usize| (*it, at[*it], vertices[*it], words[pairs[*it].0][l]);
                build.gradient(false, j, &list.iter().map(part).collect::<Vec<_>>());
            });
        }
    }
    let Build { operands, kinds, at, items, .. } = build;
    let attention = Attention { rows, keys, d_k, d_v, pairs: pairs.len() as u128, copies: 1 };
    Member { cdag: Cdag::new(operands).unwrap(), kinds, at, items, pairs, attention }
}
