//! The backward pass of attention, without a mask.
//!
//! ```text
//! P_ij  = exp(c·Σ_l q_il k_jl − L_i)      or  exp(c·Σ_l q_il k_jl − M_i)/L_i
//! D_i   = Σ_e O_ie dO_ie
//! dS_ij = P_ij (Σ_e dO_ie v_je − D_i)
//! dQ_i  = c Σ_j dS_ij k_j      dK_j = c Σ_i dS_ij q_i      dV_j = Σ_i P_ij dO_i
//! ```
//!
//! Inputs are Q, K, V, O, dO, L and, in the second form, M, each row-major; outputs dQ, dK, dV. These
//! are the gradients of Σ O·dO if O and the statistics are those of the forward pass; as functions of
//! all inputs they are what a schedule is compared with.
//! Source: Dao et al. 2022, Algorithm 4 and appendix B.2; Dao 2023, Algorithm 2.

use super::{Shape, variant::Arithmetic};
use crate::op::{Constant, Function, Op};
use crate::value::Undefined;

/// Which statistics the forward pass left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistics {
    /// L: the logarithm of the sum of exponentials, one word a row (FlashAttention-2).
    LogSum,
    /// L and M: the sum and the maximum (FlashAttention-1).
    SumAndMax,
}

/// A backward pass at one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gradient {
    /// One head.
    pub shape: Shape,
    /// Is each score multiplied by the softmax scale?
    pub scaled: bool,
    /// What is known of each row.
    pub statistics: Statistics,
}

impl Gradient {
    /// The input arrays in their order, with their words.
    #[must_use]
    pub fn inputs(&self) -> Vec<(&'static str, u128)> {
        let Shape { n, keys, d, d_v } = self.shape;
        let [n, keys, d, d_v] = [n, keys, d, d_v].map(u128::from);
        let mut all = vec![("Q", n * d), ("K", keys * d), ("V", keys * d_v)];
        all.extend([("O", n * d_v), ("dO", n * d_v), ("L", n)]);
        if self.statistics == Statistics::SumAndMax {
            all.push(("M", n));
        }
        all
    }

    /// Words of dQ, dK and dV.
    #[must_use]
    pub fn n_outputs(&self) -> u128 {
        self.shape.n_inputs()
    }

    /// dQ, dK and dV on the inputs of `of`.
    ///
    /// # Errors
    ///
    /// [`Undefined`] if a row's sum happens to be zero: another seed is needed.
    pub fn outputs<A: Arithmetic>(&self, of: &A) -> Result<Vec<A::Word>, Undefined> {
        let (n, keys, d, d_v) = (self.shape.n, self.shape.keys, self.shape.d, self.shape.d_v);
        let mut base = 0;
        let mut array = |rows: u64, words: u64| {
            let start = base;
            base += rows * words;
            move |row: u64| -> Vec<A::Word> {
                let at = start + row * words;
                (at..at + words).map(|it| of.input(it)).collect()
            }
        };
        let (q, k, v) = (array(n, d), array(keys, d), array(keys, d_v));
        let (o, grad, sum, max) = (array(n, d_v), array(n, d_v), array(n, 1), array(n, 1));
        let zero = of.apply(Op::Constant(Constant::Int(0)), &[])?;
        let matrix = |rows: u64, words: u64| -> Vec<Vec<A::Word>> {
            (0..rows).map(|_| (0..words).map(|_| zero).collect()).collect()
        };
        let dot = |x: &[A::Word], y: &[A::Word]| {
            x.iter().zip(y).try_fold(zero, |sum, (x, y)| {
                of.apply(Op::Add, &[sum, of.apply(Op::Mul, &[*x, *y])?])
            })
        };
        let scale = |word| match self.scaled {
            true => of.apply(Op::Times(Constant::Scale), &[word]),
            false => Ok(word),
        };
        let add = |to: &mut [A::Word], factor: A::Word, row: &[A::Word]| {
            for (to, it) in to.iter_mut().zip(row) {
                *to = of.apply(Op::Add, &[*to, of.apply(Op::Mul, &[factor, *it])?])?;
            }
            Ok(())
        };
        let (mut d_q, mut d_k, mut d_v_) = (matrix(n, d), matrix(keys, d), matrix(keys, d_v));
        for (i, d_q) in (0..n).zip(&mut d_q) {
            let (q, grad, sum) = (q(i), grad(i), sum(i));
            let delta = dot(&o(i), &grad)?;
            for ((j, d_k), d_v) in (0..keys).zip(&mut d_k).zip(&mut d_v_) {
                let (k, v) = (k(j), v(j));
                let score = scale(dot(&q, &k)?)?;
                let exp = |from| {
                    let score = of.apply(Op::Sub, &[score, from])?;
                    of.apply(Op::Call(Function::Exp), &[score])
                };
                let p = match self.statistics {
                    Statistics::LogSum => exp(sum[0])?,
                    Statistics::SumAndMax => of.apply(Op::Div, &[exp(max(i)[0])?, sum[0]])?,
                };
                add(d_v, p, &grad)?;
                let difference = of.apply(Op::Sub, &[dot(&grad, &v)?, delta])?;
                let d_s = scale(of.apply(Op::Mul, &[p, difference])?)?;
                add(d_q, d_s, &k)?;
                add(d_k, d_s, &q)?;
            }
        }
        Ok([d_q, d_k, d_v_].concat().concat())
    }
}
