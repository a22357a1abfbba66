//! Dynamically composable attention: heads meet at each pair, before the softmax and after it.
//!
//! ```text
//! a_h  = q_hi·k_hj                                 the scores of all heads at a pair (i, j)
//! b    = C(a)                                      with the factors of the first stage
//! p_h  = exp(b_h) / Σ_j exp(b_h)
//! O_hi = Σ_j C(p)_h v_hj                           with the factors of the second
//!
//! C(a)_h = a_h + Σ_g W_gh a_g + Σ_f q2_ifh Σ_g q1_ifg a_g + Σ_f k2_jfh Σ_g k1_jfg a_g
//!        + gq_ih a_h + gk_jh a_h                   f < rank (2 in the paper)
//! ```
//!
//! Inputs are numbered in the order of [`Composed::inputs`], row-major; outputs as O[heads, N, `d_v`].
//! Factors and gates are inputs: what makes them from a token is not part of it.
//! Source: Xiao et al. 2024 (DCMHA).

use super::{Shape, variant::Arithmetic};
use crate::op::{Constant, Function, Op};
use crate::value::Undefined;

/// Composable attention at one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Composed {
    /// One head, as many keys as queries.
    pub shape: Shape,
    /// H: heads.
    pub heads: u64,
    /// F: rank of the factors.
    pub rank: u64,
}

impl Composed {
    /// The input arrays in their order, with their words: Q, K, V, then those of each stage.
    #[must_use]
    pub fn inputs(&self) -> Vec<(&'static str, u128)> {
        let Shape { n, d, d_v, .. } = self.shape;
        let [n, d, d_v, heads, rank] = [n, d, d_v, self.heads, self.rank].map(u128::from);
        let each = heads.saturating_mul(n);
        let mut all = vec![("Q", d), ("K", d), ("V", d_v)];
        for it in &mut all {
            it.1 = each.saturating_mul(it.1);
        }
        let (factor, mixed) = (each.saturating_mul(rank), heads.saturating_mul(heads));
        for [w, q1, q2, gq, k1, k2, gk] in [
            ["W", "Q1", "Q2", "GQ", "K1", "K2", "GK"],
            ["Wp", "Q1p", "Q2p", "GQp", "K1p", "K2p", "GKp"],
        ] {
            all.extend([(w, mixed), (q1, factor), (q2, factor), (gq, each)]);
            all.extend([(k1, factor), (k2, factor), (gk, each)]);
        }
        all
    }

    /// Words of O.
    #[must_use]
    pub fn n_outputs(&self) -> u128 {
        self.shape.n_outputs().saturating_mul(self.heads.into())
    }

    /// O on the inputs of `of`.
    ///
    /// # Errors
    ///
    /// [`Undefined`] if the weights of a row happen to sum to zero: another seed is needed.
    pub fn outputs<A: Arithmetic>(&self, of: &A) -> Result<Vec<A::Word>, Undefined> {
        let Shape { n, d, d_v, .. } = self.shape;
        let heads = self.heads;
        let on = On { composed: self, of };
        let (k, v) = (heads * n * d, 2 * heads * n * d);
        let first = v + heads * n * d_v;
        let second = first + heads * heads + n * heads * (4 * self.rank + 2);
        let zero = of.apply(Op::Constant(Constant::Int(0)), &[])?;
        let mut rows = vec![];
        for i in 0..n {
            let mut weights = vec![];
            let mut sums: Vec<A::Word> = (0..heads).map(|_| zero).collect();
            for j in 0..n {
                let mut scores = vec![];
                for head in 0..heads {
                    let (q, k) = ((head * n + i) * d, k + (head * n + j) * d);
                    scores.push(on.sum(zero, (0..d).map(|l| (q + l, of.input(k + l))))?);
                }
                let mut mixed = on.compose(&scores, first, i, j)?;
                for (weight, sum) in mixed.iter_mut().zip(&mut sums) {
                    *weight = of.apply(Op::Call(Function::Exp), &[*weight])?;
                    *sum = of.apply(Op::Add, &[*sum, *weight])?;
                }
                weights.push(mixed);
            }
            let mut o: Vec<A::Word> = (0..heads * d_v).map(|_| zero).collect();
            for (j, mut weights) in (0..n).zip(weights) {
                for (weight, sum) in weights.iter_mut().zip(&sums) {
                    *weight = of.apply(Op::Div, &[*weight, *sum])?;
                }
                let weights = on.compose(&weights, second, i, j)?;
                let places = (0..heads).flat_map(|head| (0..d_v).map(move |e| (head, e)));
                for ((head, e), o) in places.zip(&mut o) {
                    let weight = weights.iter().zip(0..).find(|it| it.1 == head);
                    let term = weight.map(|it| (v + (head * n + j) * d_v + e, *it.0));
                    *o = on.sum(*o, term)?;
                }
            }
            rows.push(o);
        }
        let per_head = usize::try_from(d_v).unwrap_or(usize::MAX);
        let mut outputs = vec![];
        for head in 0..heads {
            let head = usize::try_from(head).unwrap_or(usize::MAX);
            for row in &rows {
                outputs.extend(row.chunks(per_head).nth(head).unwrap_or(&[]));
            }
        }
        Ok(outputs)
    }
}

/// The inputs.
struct On<'a, A> {
    composed: &'a Composed,
    of: &'a A,
}

impl<A: Arithmetic> On<'_, A> {
    /// `from` and the products of inputs with words.
    fn sum(
        &self,
        from: A::Word,
        terms: impl IntoIterator<Item = (u64, A::Word)>,
    ) -> Result<A::Word, Undefined> {
        terms.into_iter().try_fold(from, |sum, (at, word)| {
            let term = self.of.apply(Op::Mul, &[self.of.input(at), word])?;
            self.of.apply(Op::Add, &[sum, term])
        })
    }

    /// C of the words `a` of the heads at (i, j), by the factors that begin at address `base`.
    fn compose(&self, a: &[A::Word], base: u64, i: u64, j: u64) -> Result<Vec<A::Word>, Undefined> {
        let (n, heads, rank) = (self.composed.shape.n, self.composed.heads, self.composed.rank);
        let factor = n * rank * heads;
        let queries = base + heads * heads;
        let keys = queries + 2 * factor + n * heads;
        let zero = self.of.apply(Op::Constant(Constant::Int(0)), &[])?;
        let mut mixed = vec![];
        for (h, own) in (0..heads).zip(a) {
            let column = a.iter().zip(0..).map(|(a, g)| (base + g * heads + h, *a));
            let mut sum = self.sum(*own, column)?;
            for (side, token) in [(queries, i), (keys, j)] {
                for f in 0..rank {
                    let row = side + (token * rank + f) * heads;
                    let inner = self.sum(zero, a.iter().zip(0..).map(|(a, g)| (row + g, *a)))?;
                    sum = self.sum(sum, [(row + factor + h, inner)])?;
                }
                sum = self.sum(sum, [(side + 2 * factor + token * heads + h, *own)])?;
            }
            mixed.push(sum);
        }
        Ok(mixed)
    }
}
