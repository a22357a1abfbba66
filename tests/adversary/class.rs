//! CDAGs of the class of `proofs/CLASS.md`, drawn at random: any mask, any summation trees, several
//! partial sums of one place, row statistics, scalings.

use crate::random::Random;
use iobound::cdag::{Cdag, Vertex};
use iobound::certificate::Attention;

/// What a vertex is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word of Q, K or V.
    Word,
    /// x of this pair.
    Score(usize),
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
            Self::Score(pair) | Self::Pair(pair) => Some(pair),
            _ => None,
        }
    }

    pub(crate) fn place(self) -> Option<usize> {
        match self {
            Self::Output(_, place) | Self::Place(place) => Some(place),
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
    pub(crate) attention: Attention,
}

struct Build<'a> {
    random: &'a mut Random,
    operands: Vec<Vec<Vertex>>,
    kinds: Vec<Kind>,
    at: Vec<(u64, u64)>,
}

impl Build<'_> {
    fn add(&mut self, kind: Kind, at: (u64, u64), operands: &[Vertex]) -> Vertex {
        self.operands.push(operands.to_vec());
        self.kinds.push(kind);
        self.at.push(at);
        Vertex(self.kinds.len() as u64 - 1)
    }

    fn matrix(
        &mut self,
        rows: u64,
        words: u64,
        at: impl Fn(u64) -> (u64, u64),
    ) -> Vec<Vec<Vertex>> {
        (0..rows).map(|i| (0..words).map(|_| self.add(Kind::Word, at(i), &[])).collect()).collect()
    }

    /// One vertex of all, by merging two at random, or the two newest.
    fn merge(&mut self, kind: Kind, mut all: Vec<Vertex>) -> Vertex {
        let chain = self.random.below(2) == 0;
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
}

/// At most `most` rows and keys.
pub(crate) fn member(random: &mut Random, most: u64) -> Member {
    let [rows, keys] = [(); 2].map(|()| 1 + random.below(most));
    let [d_k, d_v] = [(); 2].map(|()| 1 + random.below(3));
    let percent = [30, 60, 100][random.below(3) as usize];
    // The diagonal, so that each row and each key has a pair.
    let kept = |random: &mut Random, i: u64, j: u64| {
        i % keys == j || j % rows == i || random.below(100) < percent
    };
    let grid = (0..rows).flat_map(|i| (0..keys).map(move |j| (i, j)));
    let pairs: Vec<(u64, u64)> = grid.filter(|(i, j)| kept(random, *i, *j)).collect();
    let normalised = random.below(2) == 0;
    let (operands, kinds, at) = (vec![], vec![], vec![]);
    let mut build = Build { random, operands, kinds, at };
    let q = build.matrix(rows, d_k, |i| (i, 0));
    let k = build.matrix(keys, d_k, |j| (0, j));
    let v = build.matrix(keys, d_v, |j| (0, j));
    let mut weights = vec![];
    for (pair, &(i, j)) in pairs.iter().enumerate() {
        let (row, key) = (&q[i as usize], &k[j as usize]);
        let product = |(q, k): (&Vertex, &Vertex)| build.add(Kind::Score(pair), (i, j), &[*q, *k]);
        let products = row.iter().zip(key).map(product).collect();
        let score = build.merge(Kind::Pair(pair), products);
        weights.push(build.scaled(Kind::Pair(pair), score));
    }
    for i in 0..rows {
        let of_row: Vec<usize> = (0..pairs.len()).filter(|it| pairs[*it].0 == i).collect();
        let sum = normalised
            .then(|| build.merge(Kind::Other, of_row.iter().map(|it| weights[*it]).collect()));
        for l in 0..d_v {
            let place = (i * d_v + l) as usize;
            let mut outputs = vec![];
            for &pair in &of_row {
                let (at, word) = (pairs[pair], v[pairs[pair].1 as usize][l as usize]);
                let y = build.add(Kind::Output(pair, place), at, &[weights[pair], word]);
                outputs.push(build.scaled(Kind::Place(place), y));
            }
            let all = build.merge(Kind::Place(place), outputs);
            if let Some(sum) = sum {
                build.add(Kind::Place(place), (i, keys), &[all, sum]);
            }
        }
    }
    let Build { operands, kinds, at, .. } = build;
    let pairs = pairs.len() as u128;
    let attention = Attention { rows, keys, d_k, d_v, pairs, copies: 1 };
    Member { cdag: Cdag::new(operands).unwrap(), kinds, at, attention }
}
