//! The CDAG of attention as the textbook writes it, without a maximum.
//!
//! ```text
//! x_ijl = q_il·k_jl      s_ij = ((x_ij0 + x_ij1) + …)      a_ij = exp(s_ij)
//! ℓ_i = ((a_i0 + a_i1) + …)   y_ijl = a_ij·v_jl   z_il = ((y_i0l + y_i1l) + …)   O_il = z_il/ℓ_i
//! ```
//!
//! Sums are chains whose first term is itself the first partial sum: a sum of one term has no
//! vertex of its own. The inputs come first (Q, K, V, row-major), then row by row of the scores.
//!
//! Source: Saha & Ye 2024, §2.4, which leaves the order of every summation free; the chain is ours,
//! and so is the balanced tree that the family `attention-balanced` puts in its place.

use super::{Cdag, Malformed, Vertex, explicit::MAX_VERTICES};

/// The textbook CDAG of self-attention with `n` rows of `d` words; `d_k` = `d_v` = `d`.
///
/// 3nd inputs and n²(2d − 1) + n² + n(n − 1) + n²d + n(n − 1)d + nd other vertices.
///
/// # Errors
///
/// [`Malformed::TooLarge`] beyond 2²⁴ vertices.
pub fn textbook(n: u64, d: u64) -> Result<Cdag, Malformed> {
    let n_vertices = n_vertices(n, d);
    if n_vertices.is_none_or(|it| it > u128::from(MAX_VERTICES)) {
        let n_vertices = n_vertices.unwrap_or(u128::MAX);
        return Err(Malformed::TooLarge { n_vertices, limit: MAX_VERTICES });
    }
    Cdag::new(grow(n, d, Summation::Chain))
}

/// In which order a sum adds its terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Summation {
    /// ((x₀ + x₁) + x₂) + …; each term is made just before it is added.
    Chain,
    /// The first half, rounded up, and the second one, both balanced; all terms are made first.
    Balanced,
}

/// What each vertex of attention reads.
pub(super) fn grow(n: u64, d: u64, summation: Summation) -> Vec<Vec<Vertex>> {
    let (q, k, v) = (0, n * d, 2 * n * d);
    let at = |start: u64, row: u64, l: u64| Vertex(start + row * d + l);
    let mut growing = Growing::inputs(3 * n * d, summation);
    for i in 0..n {
        let mut weights = Vec::new();
        for j in 0..n {
            let products = (0..d).map(|l| vec![at(q, i, l), at(k, j, l)]).collect();
            let score = growing.sum_of(products);
            weights.extend(score.map(|it| growing.push(vec![it])));
        }
        let row_sum = growing.sum(&weights);
        for l in 0..d {
            let pairs = (0..n).zip(&weights);
            let sum = growing.sum_of(pairs.map(|(j, &a)| vec![a, at(v, j, l)]).collect());
            if let (Some(sum), Some(row_sum)) = (sum, row_sum) {
                growing.push(vec![sum, row_sum]);
            }
        }
    }
    growing.operands
}

fn n_vertices(n: u64, d: u64) -> Option<u128> {
    let (n, d) = (u128::from(n), u128::from(d));
    let pairs = n.checked_mul(n)?;
    let triples = pairs.checked_mul(d)?;
    // 4n²d + 3nd + n² − n: the closed form of the sum above, for d ≥ 1.
    triples.checked_mul(4)?.checked_add(n.checked_mul(d)?.checked_mul(3)?)?.checked_add(pairs)
}

/// Operands, vertex by vertex.
pub(super) struct Growing {
    pub(super) operands: Vec<Vec<Vertex>>,
    summation: Summation,
}

impl Growing {
    /// `n_inputs` vertices that read nothing.
    pub(super) fn inputs(n_inputs: u64, summation: Summation) -> Self {
        Self { operands: (0..n_inputs).map(|_| Vec::new()).collect(), summation }
    }

    pub(super) fn push(&mut self, operands: Vec<Vertex>) -> Vertex {
        let vertex = u64::try_from(self.operands.len()).expect("a length fits in 64 bits");
        self.operands.push(operands);
        Vertex(vertex)
    }

    /// One vertex a term, and the partial sums.
    pub(super) fn sum_of(&mut self, terms: Vec<Vec<Vertex>>) -> Option<Vertex> {
        if self.summation == Summation::Balanced {
            let terms: Vec<Vertex> = terms.into_iter().map(|it| self.push(it)).collect();
            return self.sum(&terms);
        }
        let mut sum = None;
        for term in terms {
            let term = self.push(term);
            sum = Some(match sum {
                None => term,
                Some(sum) => self.push(vec![sum, term]),
            });
        }
        sum
    }

    /// The partial sums of vertices that are there.
    pub(super) fn sum(&mut self, terms: &[Vertex]) -> Option<Vertex> {
        match (self.summation, terms) {
            (_, []) => None,
            (_, [one]) => Some(*one),
            (Summation::Chain, [first, rest @ ..]) => {
                Some(rest.iter().fold(*first, |sum, &term| self.push(vec![sum, term])))
            }
            (Summation::Balanced, _) => {
                let (left, right) = terms.split_at(terms.len().div_ceil(2));
                let (left, right) = (self.sum(left)?, self.sum(right)?);
                Some(self.push(vec![left, right]))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdag::Operands;

    /// n = 2, d = 1, by hand: 6 inputs, 4 products that are scores, 4 weights, 2 row sums,
    /// 4 products with V, 2 sums, 2 divisions.
    #[test]
    fn the_smallest_has_24_vertices() {
        assert_eq!(textbook(2, 1).unwrap().n_vertices(), 24);
    }

    #[test]
    fn counts() {
        for (n, d) in [(1, 1), (1, 3), (2, 2), (3, 1), (4, 3)] {
            let cdag = textbook(n, d).unwrap();
            let scores = n * n * (2 * d - 1) + n * n;
            let sums = n * (n - 1) + n * n * d + n * (n - 1) * d;
            assert_eq!(cdag.n_vertices(), 3 * n * d + scores + sums + n * d, "{n} {d}");
            let count =
                |role: &dyn Fn(Vertex) -> bool| cdag.vertices().filter(|&v| role(v)).count();
            assert_eq!(count(&|v| cdag.is_input(v)) as u64, 3 * n * d);
            assert_eq!(count(&|v| cdag.is_output(v)) as u64, n * d);
            let edges: usize = cdag.vertices().map(|v| cdag.operands(v).len()).sum();
            assert_eq!(edges as u64, 2 * (cdag.n_vertices() - 3 * n * d) - n * n);
        }
    }

    #[test]
    fn sizes_out_of_range() {
        assert!(matches!(textbook(1 << 48, 1 << 48), Err(Malformed::TooLarge { .. })));
        assert!(matches!(textbook(u64::MAX, u64::MAX), Err(Malformed::TooLarge { .. })));
        assert_eq!(textbook(0, 3).unwrap().n_vertices(), 0);
        assert_eq!(
            textbook(1 << 20, 0).unwrap_err(),
            Malformed::TooLarge { n_vertices: 1 << 40, limit: MAX_VERTICES }
        );
    }
}
