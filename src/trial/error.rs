//! How far a kernel's outputs may be from attention.
//!
//! ```text
//! u = 2⁻²³, S = the largest Σ |q_e·k_e| of a row and a key, V = the largest |v|
//! |O − attention| ≤ V·u·(2·d·S + 24·S + 32·N + 16)      to first order in u
//! ```
//!
//! Of a weight exp(s − m): s is off by d·u·S, s − m is rounded (2·S·u), exp is good to 3 + 2·|s − m|
//! units in the last place (the accuracy WGSL asks for), and the factors that rescale it later telescope to
//! exponents of 2·S in all, with at most 14 roundings a tile and at most N tiles. Both sums round at
//! most N times; numerator and denominator are each off by so much.

use crate::attention::{Shape, float};

/// Units in the last place of an f32, relative.
const UNIT: f64 = 1.0 / (1u32 << 23) as f64;

/// A measured difference, and the largest that rounding explains: of attention this module's bound, of the rest
/// of the family a tolerance, for which no bound is derived.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Largest |output − reference|; infinite where an output is no number.
    pub max_abs: f64,
    /// The bound of this module.
    pub bound: f64,
}

impl Difference {
    /// Is it within the bound?
    #[must_use]
    pub fn met(&self) -> bool {
        self.max_abs <= self.bound
    }
}

/// Sets `output` against attention of `shape` in f64.
#[must_use]
pub fn difference(
    shape: Shape,
    scaled: bool,
    [q, k, v]: &[Vec<f32>; 3],
    output: &[f32],
) -> Difference {
    let wide = |it: &[f32]| it.iter().copied().map(f64::from).collect::<Vec<_>>();
    let (q, k, v) = (wide(q), wide(k), wide(v));
    let right = float::reference(shape, scaled, &q, &k, &v);
    Difference { max_abs: largest(&right, output), bound: bound(shape, scaled, &q, &k, &v) }
}

/// Largest |output − reference|; infinite where an output is missing or no number.
pub(super) fn largest(right: &[f64], output: &[f32]) -> f64 {
    let worst = |worst: f64, it: f64| if it.is_nan() { f64::INFINITY } else { worst.max(it) };
    let differences = right.iter().zip(output).map(|(a, b)| (a - f64::from(*b)).abs());
    let missing = if output.len() == right.len() { 0.0 } else { f64::INFINITY };
    differences.fold(missing, worst)
}

#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^53")]
fn bound(shape: Shape, scaled: bool, q: &[f64], k: &[f64], v: &[f64]) -> f64 {
    let width = usize::try_from(shape.d()).unwrap_or(usize::MAX).max(1);
    let (n, d) = (shape.keys() as f64, shape.d() as f64);
    let dot = |q: &[f64], k: &[f64]| q.iter().zip(k).map(|(q, k)| (q * k).abs()).sum::<f64>();
    let pairs = q.chunks(width).flat_map(|q| k.chunks(width).map(move |k| (q, k)));
    let largest = pairs.map(|(q, k)| dot(q, k)).fold(0.0, f64::max);
    let score = if scaled { largest / d.sqrt() } else { largest };
    let value = v.iter().fold(0.0_f64, |it, v| it.max(v.abs()));
    value * UNIT * (2.0 * d * score + 24.0 * score + 32.0 * n + 16.0)
}
