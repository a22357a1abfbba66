//! Bi-level attention on a graph: inside clusters of nodes, between the clusters, and both joined.
//!
//! ```text
//! X_hi = softmax_j(c·q_hi·k_hj) v_hj            nodes j of the cluster of i
//! q_hp = Σ_i q_hi / |p|                         nodes i of cluster p; likewise k_hp and v_hp
//! Y_hp = softmax_r(c·q_hp·k_hr) v_hr            all clusters r
//! O_if = relu(Σ_ge X_gie WX_gef + Σ_ge Y_gpe WY_gef)    p the cluster of i, f < heads·d
//! ```
//!
//! with c = 1/√d. What makes q, k and v from a node's row is no part of it; as that is linear, the means
//! are what it makes of the mean row, with one set of weights for nodes and clusters. Inputs are numbered in the order of [`Bilevel::inputs`], row-major,
//! rows of Q, K and V by node; outputs are O[nodes, heads·d], in the order of the partition: row i is the
//! node `partition.node(i)`. No cluster is empty, so every row has a pair.
//! Source: Xing et al. 2024 (`CoBFormer`), where clusters are padded to the largest: here they are not.

use super::{Partition, variant::Arithmetic};
use crate::op::{Constant, Function, Op};
use crate::value::Undefined;

/// Bi-level attention at one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bilevel {
    /// H: heads.
    pub heads: u64,
    /// Words of a query, key or value of one head.
    pub d: u64,
    /// The clusters.
    pub partition: Partition,
}

/// A query, a key and a value.
type Token<W> = [Vec<W>; 3];

impl Bilevel {
    /// The input arrays in their order, with their words; T, the nodes in the order of the partition,
    /// where that is not their own.
    #[must_use]
    pub fn inputs(&self) -> Vec<(&'static str, u128)> {
        let [nodes, heads, d] = [self.partition.nodes(), self.heads, self.d].map(u128::from);
        let width = heads.saturating_mul(d);
        let (rows, weights) = (nodes.saturating_mul(width), width.saturating_mul(width));
        let mut all = vec![("Q", rows), ("K", rows), ("V", rows)];
        if self.partition.order().is_some() {
            all.push(("T", nodes));
        }
        all.extend([("WX", weights), ("WY", weights)]);
        all
    }

    /// Words of O.
    #[must_use]
    pub fn n_outputs(&self) -> u128 {
        self.inputs()[0].1
    }

    /// The integer that an input is, where it is one: a node of T.
    #[must_use]
    pub fn integer(&self, address: u64) -> Option<u64> {
        let at = address.checked_sub(self.rows().checked_mul(3)?)?;
        usize::try_from(at).ok().and_then(|it| self.partition.order()?.get(it)).copied()
    }

    /// Words of Q.
    fn rows(&self) -> u64 {
        [self.heads, self.d].into_iter().fold(self.partition.nodes(), u64::saturating_mul)
    }

    /// O on the inputs of `of`.
    ///
    /// # Errors
    ///
    /// [`Undefined`] if the weights of a row happen to sum to zero: another seed is needed.
    pub fn outputs<A: Arithmetic>(&self, of: &A) -> Result<Vec<A::Word>, Undefined> {
        let clusters: Vec<_> = self.partition.clusters().collect();
        let zero = of.apply(Op::Constant(Constant::Int(0)), &[])?;
        // The words of all heads, one head after the other: of each node, and of each cluster.
        let mut x: Vec<Vec<A::Word>> = (0..self.partition.nodes()).map(|_| vec![]).collect();
        let mut y: Vec<Vec<A::Word>> = clusters.iter().map(|_| vec![]).collect();
        for head in 0..self.heads {
            let mut means = vec![];
            let mut rows = x.iter_mut();
            for cluster in &clusters {
                let tokens: Vec<_> = cluster.clone().map(|it| self.token(of, head, it)).collect();
                for (token, row) in tokens.iter().zip(&mut rows) {
                    row.extend(attend(of, &token[0], &tokens)?);
                }
                means.push(mean(of, &tokens)?);
            }
            for (token, row) in means.iter().zip(&mut y) {
                row.extend(attend(of, &token[0], &means)?);
            }
        }
        let width = self.heads * self.d;
        let weights = self.inputs().iter().rev().skip(2).map(|it| it.1).sum::<u128>();
        let wx = u64::try_from(weights).unwrap_or(u64::MAX);
        let mut outputs = vec![];
        let mut rows = x.iter();
        for (cluster, y) in clusters.iter().zip(&y) {
            for x in rows.by_ref().take(cluster.clone().count()) {
                for f in 0..width {
                    let words = x.iter().chain(y).zip(0..);
                    let sum = words.into_iter().try_fold(zero, |sum, (word, row)| {
                        let weight = of.input(wx + row * width + f);
                        of.apply(Op::Add, &[sum, of.apply(Op::Mul, &[*word, weight])?])
                    })?;
                    outputs.push(of.apply(Op::Call(Function::Relu), &[sum])?);
                }
            }
        }
        Ok(outputs)
    }

    /// The token of the node that stands at `place`.
    fn token<A: Arithmetic>(&self, of: &A, head: u64, place: u64) -> Token<A::Word> {
        let nodes = self.partition.nodes();
        [0, 1, 2].map(|array| {
            let row = (array * self.heads + head) * nodes + self.partition.node(place);
            (row * self.d..(row + 1) * self.d).map(|it| of.input(it)).collect()
        })
    }
}

/// The row of a query that sees all `tokens`.
fn attend<A: Arithmetic>(
    of: &A,
    q: &[A::Word],
    tokens: &[Token<A::Word>],
) -> Result<Vec<A::Word>, Undefined> {
    let zero = of.apply(Op::Constant(Constant::Int(0)), &[])?;
    let mut sum = zero;
    let mut o: Vec<A::Word> = q.iter().map(|_| zero).collect();
    for [_, k, v] in tokens {
        let score = q.iter().zip(k).try_fold(zero, |score, (q, k)| {
            of.apply(Op::Add, &[score, of.apply(Op::Mul, &[*q, *k])?])
        })?;
        let score = of.apply(Op::Times(Constant::Scale), &[score])?;
        let weight = of.apply(Op::Call(Function::Exp), &[score])?;
        sum = of.apply(Op::Add, &[sum, weight])?;
        for (o, v) in o.iter_mut().zip(v) {
            *o = of.apply(Op::Add, &[*o, of.apply(Op::Mul, &[weight, *v])?])?;
        }
    }
    o.into_iter().map(|o| of.apply(Op::Div, &[o, sum])).collect()
}

/// The mean of `tokens`, of which there is at least one.
fn mean<A: Arithmetic>(of: &A, tokens: &[Token<A::Word>]) -> Result<Token<A::Word>, Undefined> {
    let zero = of.apply(Op::Constant(Constant::Int(0)), &[])?;
    let size = i64::try_from(tokens.len()).unwrap_or(i64::MAX);
    let size = of.apply(Op::Constant(Constant::Int(size)), &[])?;
    let mut all = [vec![], vec![], vec![]];
    for (array, mean) in all.iter_mut().enumerate() {
        for e in 0..tokens.first().map_or(0, |it| it[array].len()) {
            let mut sum = zero;
            for token in tokens {
                sum = of.apply(Op::Add, &[sum, token[array][e]])?;
            }
            mean.push(of.apply(Op::Div, &[sum, size])?);
        }
    }
    Ok(all)
}
