//! Attention, and what it computes.
//!
//! ```text
//! s_ij = c·Σ_l q_il k_jl      l < d;   c = the scale if scaled, else 1
//! a_ij = exp(s_ij)
//! O_ie = Σ_j a_ij v_je / Σ_j a_ij      e < d_v
//! ```
//!
//! The inputs are numbered Q, then K, then V, each row-major; the outputs are O, row-major. This is
//! the definition a referee compares with, so it is plain on purpose: no maximum, no tiles.

pub mod bilevel;
pub mod composed;
pub mod float;
pub mod gradient;
pub mod linear;
mod mask;
pub mod partition;
pub mod pattern;
mod task;
pub mod variant;

pub use bilevel::Bilevel;
pub use composed::Composed;
pub use gradient::Gradient;
pub use linear::Linear;
pub use mask::{Kept, Mask, NoMask, NotAMask};
pub use partition::Partition;
pub use pattern::Pattern;
pub use task::Task;
pub use variant::{Arithmetic, Variant};

use crate::model::MAX_EXTENT;
use crate::op::{Constant, Function, Op};
use crate::value::{Undefined, Value, Values};
use std::fmt;

/// The sizes of one attention head; each is at least 1 and at most 2⁴⁸.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    n: u64,
    keys: u64,
    d: u64,
    d_v: u64,
}

/// A size that no shape has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadShape {
    /// Which size: `n`, `keys`, `d` or `d_v`.
    pub name: &'static str,
    /// Its value.
    pub size: u64,
}

impl fmt::Display for BadShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}, but must be between 1 and {MAX_EXTENT}", self.name, self.size)
    }
}

impl std::error::Error for BadShape {}

impl Shape {
    /// `n` queries, `keys` keys (N' of the papers), rows of `d` words in Q and K and `d_v` in V and O.
    ///
    /// # Errors
    ///
    /// [`BadShape`] if a size is 0 or beyond 2⁴⁸.
    pub fn new(n: u64, keys: u64, d: u64, d_v: u64) -> Result<Self, BadShape> {
        for (name, size) in [("n", n), ("keys", keys), ("d", d), ("d_v", d_v)] {
            if !(1..=MAX_EXTENT).contains(&size) {
                return Err(BadShape { name, size });
            }
        }
        Ok(Self { n, keys, d, d_v })
    }

    /// Self-attention: as many keys as queries, all rows of `d` words.
    ///
    /// # Errors
    ///
    /// [`BadShape`] if a size is 0 or beyond 2⁴⁸.
    pub fn square(n: u64, d: u64) -> Result<Self, BadShape> {
        Self::new(n, n, d, d)
    }

    /// N: rows of Q and O.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// N': rows of K and V.
    #[must_use]
    pub fn keys(&self) -> u64 {
        self.keys
    }

    /// d: words in a row of Q and K.
    #[must_use]
    pub fn d(&self) -> u64 {
        self.d
    }

    /// `d_v`: words in a row of V and O.
    #[must_use]
    pub fn d_v(&self) -> u64 {
        self.d_v
    }

    /// Words of Q, K and V together; they are the vertices `0..n_inputs`.
    #[must_use]
    pub fn n_inputs(&self) -> u128 {
        area(self.n, self.d) + area(self.keys, self.d) + area(self.keys, self.d_v)
    }

    /// Words of O.
    #[must_use]
    pub fn n_outputs(&self) -> u128 {
        area(self.n, self.d_v)
    }

    /// |E|: the score pairs (i, j); without a mask all of them.
    #[must_use]
    pub fn pairs(&self) -> u128 {
        area(self.n, self.keys)
    }

    /// Can the scores take any values at all, so that the exact run's error bound is proved?
    ///
    /// With d ≥ min(N, N') the map (Q, K) ↦ `QKᵀ` reaches every N × N' matrix.
    #[must_use]
    pub fn independent_scores(&self) -> bool {
        self.d >= self.n.min(self.keys)
    }
}

fn area(rows: u64, words: u64) -> u128 {
    u128::from(rows) * u128::from(words)
}

/// O on the inputs of an exact run, row by row.
///
/// Memory is K and V; time is N·N'·(d + `d_v`). The caller looks at the sizes first.
#[derive(Debug)]
pub struct Reference {
    shape: Shape,
    values: Values,
    scaled: bool,
    /// Row j: the d words of K, then the `d_v` words of V.
    rows: Vec<(Vec<Value>, Vec<Value>)>,
}

impl Reference {
    /// Draws K and V; `scaled` multiplies each score by the softmax scale.
    ///
    /// # Panics
    ///
    /// If the inputs cannot be numbered in 64 bits; [`Shape::n_inputs`] says so beforehand.
    #[must_use]
    pub fn new(shape: Shape, scaled: bool, values: Values) -> Self {
        let (n, keys, d, d_v) = (shape.n, shape.keys, shape.d, shape.d_v);
        let (k, v) = (n * d, (n + keys) * d);
        let row = |start: u64, words: u64, j: u64| {
            (0..words).map(|l| values.input(start + j * words + l)).collect()
        };
        let rows = (0..keys).map(|j| (row(k, d, j), row(v, d_v, j))).collect();
        Self { shape, values, scaled, rows }
    }

    /// Row `i` of O, `d_v` words.
    ///
    /// # Errors
    ///
    /// [`Undefined`] if the weights of the row happen to sum to zero: another seed is needed.
    pub fn row(&self, i: u64) -> Result<Vec<Value>, Undefined> {
        let apply = |op, operands: &[Value]| self.values.apply(op, operands);
        let d = self.shape.d;
        let q: Vec<Value> = (0..d).map(|l| self.values.input(i * d + l)).collect();
        let mut sum = Value::integer(0);
        let mut o: Vec<Value> = (0..self.shape.d_v).map(|_| Value::integer(0)).collect();
        for (k, v) in &self.rows {
            let mut score = Value::integer(0);
            for (&q, &k) in q.iter().zip(k) {
                score = apply(Op::Add, &[score, apply(Op::Mul, &[q, k])?])?;
            }
            if self.scaled {
                score = apply(Op::Times(Constant::Scale), &[score])?;
            }
            let weight = apply(Op::Call(Function::Exp), &[score])?;
            sum = apply(Op::Add, &[sum, weight])?;
            for (o, &v) in o.iter_mut().zip(v) {
                *o = apply(Op::Add, &[*o, apply(Op::Mul, &[weight, v])?])?;
            }
        }
        let inverse = apply(Op::Div, &[Value::integer(1), sum])?;
        o.into_iter().map(|o| apply(Op::Mul, &[o, inverse])).collect()
    }
}

/// All of O, row-major.
///
/// # Errors
///
/// As [`Reference::row`].
///
/// # Panics
///
/// As [`Reference::new`].
pub fn reference(shape: Shape, scaled: bool, values: Values) -> Result<Vec<Value>, Undefined> {
    let reference = Reference::new(shape, scaled, values);
    let mut o = Vec::new();
    for i in 0..shape.n {
        o.extend(reference.row(i)?);
    }
    Ok(o)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let shape = Shape::new(2, 3, 4, 5).unwrap();
        assert_eq!((shape.n_inputs(), shape.n_outputs(), shape.pairs()), (8 + 12 + 15, 10, 6));
        assert!(shape.independent_scores());
        assert!(!Shape::square(5, 4).unwrap().independent_scores());
        assert_eq!(Shape::square(0, 4), Err(BadShape { name: "n", size: 0 }));
        let d = MAX_EXTENT + 1;
        assert_eq!(Shape::square(1, d), Err(BadShape { name: "d", size: d }));
        let most = Shape::square(MAX_EXTENT, MAX_EXTENT).unwrap();
        assert_eq!(most.n_inputs(), 3 << 96);
    }

    /// N = 1: the weights cancel and O = V; and a closed form for N = 1, N' = 2, d = 1.
    #[test]
    fn by_hand() {
        let values = Values { seed: 3 };
        let o = reference(Shape::square(1, 2).unwrap(), true, values).unwrap();
        assert!(o[0].agrees(values.input(4)) && o[1].agrees(values.input(5)));

        let o = reference(Shape::new(1, 2, 1, 1).unwrap(), false, values).unwrap();
        let apply = |op, x, y| values.apply(op, &[x, y]).unwrap();
        let [q, k0, k1, v0, v1] = std::array::from_fn(|i| values.input(i as u64));
        // a0/(a0 + a1)·v0 + … = (v0 + e·v1)/(1 + e), e = exp(q·(k1 − k0))
        let s = apply(Op::Mul, q, apply(Op::Sub, k1, k0));
        let e = values.apply(Op::Call(Function::Exp), &[s]).unwrap();
        let up = apply(Op::Add, v0, apply(Op::Mul, e, v1));
        let expected = apply(Op::Div, up, apply(Op::Add, Value::integer(1), e));
        assert!(o[0].agrees(expected));
    }

    #[test]
    fn the_scale_matters() {
        let (shape, values) = (Shape::square(2, 1).unwrap(), Values { seed: 3 });
        let [plain, scaled] = [false, true].map(|it| reference(shape, it, values).unwrap());
        assert!(!plain[0].agrees(scaled[0]));
    }
}
