//! Attention in f64, stable for large scores. Not trusted: it judges rounding, never legality.

use super::{Arithmetic, Shape};
use crate::op::{Constant, Function, Op};
use crate::value::Undefined;

/// O = softmax(c·Q·Kᵀ)·V with c = 1/√d if `scaled`, else 1; all arrays row-major.
///
/// # Panics
///
/// If `q`, `k` or `v` is shorter than its shape says.
#[must_use]
pub fn reference(shape: Shape, scaled: bool, q: &[f64], k: &[f64], v: &[f64]) -> Vec<f64> {
    let size = |it: u64| usize::try_from(it).expect("the arrays are in memory");
    let (n, keys) = (size(shape.n()), size(shape.keys()));
    let (d, d_v) = (size(shape.d()), size(shape.d_v()));
    let width = f64::from(u32::try_from(d).expect("a row in memory is shorter than 2^32"));
    let scale = if scaled { width.sqrt().recip() } else { 1.0 };
    let mut o = vec![0.0; n * d_v];
    for i in 0..n {
        let q = &q[i * d..][..d];
        let score = |j: usize| {
            let k = &k[j * d..][..d];
            scale * q.iter().zip(k).map(|(q, k)| q * k).sum::<f64>()
        };
        let scores: Vec<f64> = (0..keys).map(score).collect();
        let row_max = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = scores.iter().map(|s| f64::exp(s - row_max)).collect();
        let row_sum: f64 = weights.iter().sum();
        for (j, weight) in weights.iter().enumerate() {
            for (o, v) in o[i * d_v..][..d_v].iter_mut().zip(&v[j * d_v..][..d_v]) {
                *o += weight / row_sum * v;
            }
        }
    }
    o
}

/// Words in f64: the input at an address, and the softmax scale.
#[derive(Clone, Copy, Debug)]
pub struct Floats<F> {
    /// The word of an input.
    pub input: F,
    /// What `scale` stands for.
    pub scale: f64,
}

impl<F: Fn(usize) -> f64> Arithmetic for Floats<F> {
    type Word = f64;

    fn input(&self, address: u64) -> f64 {
        usize::try_from(address).map_or(f64::NAN, &self.input)
    }

    fn apply(&self, op: Op, operands: &[f64]) -> Result<f64, Undefined> {
        Ok(apply(op, operands, self.scale))
    }
}

/// What `op` makes of `operands`; no number where there is none.
#[must_use]
pub fn apply(op: Op, operands: &[f64], scale: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "constants are small")]
    let constant = |it: Constant| match it {
        Constant::Int(it) => it as f64,
        Constant::NegInf => f64::NEG_INFINITY,
        Constant::Scale => scale,
    };
    match (op, operands) {
        (Op::Constant(it), []) => constant(it),
        (Op::Copy, [x]) => *x,
        (Op::Negate, [x]) => -x,
        (Op::Times(it), [x]) => constant(it) * x,
        (Op::Call(it), [x]) => call(it, *x),
        (Op::Add, [x, y]) => x + y,
        (Op::Sub, [x, y]) => x - y,
        (Op::Mul, [x, y]) => x * y,
        (Op::Div, [x, y]) => x / y,
        (Op::Max, [x, y]) => x.max(*y),
        // Not an operation of the language.
        _ => f64::NAN,
    }
}

fn call(function: Function, x: f64) -> f64 {
    match function {
        Function::Exp => x.exp(),
        Function::Log => x.ln(),
        Function::Sqrt => x.sqrt(),
        Function::Tanh => x.tanh(),
        Function::Relu => x.max(0.0),
        // The tanh form of Hendrycks & Gimpel 2016.
        Function::Gelu => {
            let inner = std::f64::consts::FRAC_2_PI.sqrt() * (x + 0.044_715 * x * x * x);
            0.5 * x * (1.0 + inner.tanh())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_scores_do_not_overflow() {
        let shape = Shape::new(1, 2, 4, 1).unwrap();
        let k = [1e3, 0.0, 0.0, 0.0, 1e3, 0.0, 0.0, 0.0];
        let o = reference(shape, true, &[1e3, 0.0, 0.0, 0.0], &k, &[1.0, 3.0]);
        assert_eq!(o, [2.0]);
        let o = reference(shape, true, &[2.0, 0.0, 0.0, 0.0], &k, &[1.0, 3.0]);
        assert_eq!(o, [2.0]);
        // Scores 0 and ln 3: weights 1/4 and 3/4; scaled by 1/√4 the difference would be halved.
        let k = [0.0, 0.0, 0.0, 0.0, 3.0_f64.ln(), 0.0, 0.0, 0.0];
        let o = reference(shape, false, &[1.0, 0.0, 0.0, 0.0], &k, &[4.0, 8.0]);
        assert!((o[0] - 7.0).abs() < 1e-12);
    }
}
