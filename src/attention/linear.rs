//! Attention without an exponential: pairs weigh as products of features.
//!
//! ```text
//! w_ij = φ(q_i)·φ(k_j)                 0 where the mask drops the pair
//! O_ie = Σ_j w_ij v_je / Σ_j w_ij      e < d_v
//! ```
//!
//! for [`Features::Given`] and [`Features::Polynomial`]; for [`Features::Network`], in-context learning,
//!
//! ```text
//! O_i = Σ_j v_j φ(k_j)ᵀ B φ(q_i)       φ(x) = Σ_u A_u relu(W_u·x)
//! ```
//!
//! where k are the examples, v their labels and q the questions; the factors 1/n and 1/m of the mean field
//! are in A and B. Inputs are numbered in the order of [`Linear::inputs`], row-major. A schedule sums the
//! products φ(k)v first; this is the definition, one pair after the other.
//! Source: Katharopoulos et al. 2020, equations 4 and 5; Kar & Karnick 2012 (products of projections).

use super::{Shape, variant::Arithmetic};
use crate::op::{Constant, Function, Op};
use crate::value::Undefined;

/// What is made of the d words of a query or key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Features {
    /// Nothing: they are the features.
    Given,
    /// `φ_x` is the product over t of `W_tx`·k: `features` products of `degree` projections. Rows of W
    /// with a single 1 give monomials, and with a word 1 in each key those of lower degree too.
    Polynomial {
        /// g: factors of a feature.
        degree: u64,
        /// R: features of a token.
        features: u64,
    },
    /// One hidden layer, `d_v` = 1.
    Network {
        /// m: hidden units.
        hidden: u64,
        /// k: features of a token.
        features: u64,
    },
}

/// Linear attention at one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linear {
    /// N, N', words of a query or key, words of a value.
    pub shape: Shape,
    /// Does a query see the keys up to its own only? Then there are as many keys as queries.
    pub causal: bool,
    /// φ.
    pub features: Features,
}

impl Linear {
    /// The input arrays in their order, with their words.
    #[must_use]
    pub fn inputs(&self) -> Vec<(&'static str, u128)> {
        let Shape { n, keys, d, d_v } = self.shape;
        let area = |sizes: &[u64]| {
            sizes.iter().fold(1, |area: u128, it| area.saturating_mul(u128::from(*it)))
        };
        let mut all =
            vec![("Q", area(&[n, d])), ("K", area(&[keys, d])), ("V", area(&[keys, d_v]))];
        match self.features {
            Features::Given => {}
            Features::Polynomial { degree, features } => {
                all.push(("W", area(&[degree, features, d])));
            }
            Features::Network { hidden, features } => all.extend([
                ("W", area(&[hidden, d])),
                ("A", area(&[hidden, features])),
                ("B", area(&[features, features])),
            ]),
        }
        all
    }

    /// Words of O.
    #[must_use]
    pub fn n_outputs(&self) -> u128 {
        self.shape.n_outputs()
    }

    /// O on the inputs of `of`.
    ///
    /// # Errors
    ///
    /// [`Undefined`] if the weights of a row happen to sum to zero: another seed is needed.
    pub fn outputs<A: Arithmetic>(&self, of: &A) -> Result<Vec<A::Word>, Undefined> {
        let Shape { n, keys, d, d_v } = self.shape;
        let on = On { of, zero: of.apply(Op::Constant(Constant::Int(0)), &[])? };
        let (k, v, w) = (n * d, (n + keys) * d, (n + keys) * d + keys * d_v);
        let mut questions = vec![];
        for i in 0..n {
            let q = self.features(&on, on.row(0, i, d), w)?;
            questions.push(self.mixed(&on, q, w)?);
        }
        let mut seen = vec![];
        for j in 0..keys {
            seen.push((self.features(&on, on.row(k, j, d), w)?, on.row(v, j, d_v)));
        }
        let mut outputs = vec![];
        for (i, q) in questions.iter().enumerate() {
            let mut sum = on.zero;
            let mut o: Vec<A::Word> = (0..d_v).map(|_| on.zero).collect();
            for (k, v) in seen.iter().take(if self.causal { i + 1 } else { seen.len() }) {
                let weight = on.dot(q, k)?;
                sum = of.apply(Op::Add, &[sum, weight])?;
                for (o, v) in o.iter_mut().zip(v) {
                    *o = of.apply(Op::Add, &[*o, of.apply(Op::Mul, &[weight, *v])?])?;
                }
            }
            for o in o {
                outputs.push(match self.features {
                    Features::Network { .. } => o,
                    _ => of.apply(Op::Div, &[o, sum])?,
                });
            }
        }
        Ok(outputs)
    }

    /// φ of the words `x`; W begins at address `w`, A behind it.
    fn features<A: Arithmetic>(
        &self,
        on: &On<'_, A>,
        x: Vec<A::Word>,
        w: u64,
    ) -> Result<Vec<A::Word>, Undefined> {
        let d = self.shape.d;
        match self.features {
            Features::Given => Ok(x),
            Features::Polynomial { degree, features } => (0..features)
                .map(|feature| {
                    let one = on.of.apply(Op::Constant(Constant::Int(1)), &[])?;
                    (0..degree).try_fold(one, |product, t| {
                        let factor = on.dot(&x, &on.row(w, t * features + feature, d))?;
                        on.of.apply(Op::Mul, &[product, factor])
                    })
                })
                .collect(),
            Features::Network { hidden, features } => {
                let mut sums: Vec<A::Word> = (0..features).map(|_| on.zero).collect();
                for unit in 0..hidden {
                    let sum = on.dot(&x, &on.row(w, unit, d))?;
                    let active = on.of.apply(Op::Call(Function::Relu), &[sum])?;
                    for (sum, a) in sums.iter_mut().zip(on.row(w + hidden * d, unit, features)) {
                        let term = on.of.apply(Op::Mul, &[active, a])?;
                        *sum = on.of.apply(Op::Add, &[*sum, term])?;
                    }
                }
                Ok(sums)
            }
        }
    }

    /// B φ(q) in a network, φ(q) otherwise.
    fn mixed<A: Arithmetic>(
        &self,
        on: &On<'_, A>,
        q: Vec<A::Word>,
        w: u64,
    ) -> Result<Vec<A::Word>, Undefined> {
        let Features::Network { hidden, features } = self.features else { return Ok(q) };
        let b = w + hidden * (self.shape.d + features);
        (0..features).map(|row| on.dot(&on.row(b, row, features), &q)).collect()
    }
}

/// The arithmetic, and its zero.
struct On<'a, A: Arithmetic> {
    of: &'a A,
    zero: A::Word,
}

impl<A: Arithmetic> On<'_, A> {
    fn row(&self, base: u64, row: u64, words: u64) -> Vec<A::Word> {
        let at = base + row * words;
        (at..at + words).map(|it| self.of.input(it)).collect()
    }

    fn dot(&self, x: &[A::Word], y: &[A::Word]) -> Result<A::Word, Undefined> {
        x.iter().zip(y).try_fold(self.zero, |sum, (x, y)| {
            self.of.apply(Op::Add, &[sum, self.of.apply(Op::Mul, &[*x, *y])?])
        })
    }
}
