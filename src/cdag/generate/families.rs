//! How the families are made. Vertices are numbered as they are made, inputs first.

use crate::cdag::{
    Vertex,
    random::SplitMix,
    textbook::{Growing, Summation, grow},
};

/// What each vertex reads.
pub(super) type Operands = Vec<Vec<Vertex>>;

/// 4n²d + 3nd + n² − n.
pub(super) fn attention_count(sizes: &[u128]) -> Option<u128> {
    let (n, d) = (sizes[0], sizes[1]);
    let (pairs, words) = (n.checked_mul(n)?, n.checked_mul(d)?);
    let triples = pairs.checked_mul(d)?;
    let sum = triples.checked_mul(4)?.checked_add(words.checked_mul(3)?)?.checked_add(pairs)?;
    sum.checked_sub(n)
}

pub(super) fn attention_chain(sizes: &[u64]) -> Operands {
    grow(sizes[0], sizes[1], Summation::Chain)
}

pub(super) fn attention_balanced(sizes: &[u64]) -> Operands {
    grow(sizes[0], sizes[1], Summation::Balanced)
}

/// Cᵢₗ = ((aᵢ₀·b₀ₗ + aᵢ₁·b₁ₗ) + …): A, then B, row-major, then row by row of C.
pub(super) fn matmul(sizes: &[u64]) -> Operands {
    let (n, m, k) = (sizes[0], sizes[1], sizes[2]);
    let (a, b) = (|i, j| Vertex(i * m + j), |j, l| Vertex(n * m + j * k + l));
    let mut growing = Growing::inputs(n * m + m * k, Summation::Chain);
    for i in 0..n {
        for l in 0..k {
            growing.sum_of((0..m).map(|j| vec![a(i, j), b(j, l)]).collect());
        }
    }
    growing.operands
}

pub(super) fn tree(sizes: &[u64]) -> Operands {
    let mut growing = Growing::inputs(sizes[0], Summation::Balanced);
    let leaves: Vec<Vertex> = (0..sizes[0]).map(Vertex).collect();
    growing.sum(&leaves);
    growing.operands
}

pub(super) fn pyramid(sizes: &[u64]) -> Operands {
    let base = sizes[0];
    let mut growing = Growing::inputs(base, Summation::Chain);
    let mut start = 0;
    for width in (1..=base).rev() {
        for i in 1..width {
            growing.push(vec![Vertex(start + i - 1), Vertex(start + i)]);
        }
        start += width;
    }
    growing.operands
}

/// Layer l + 1: i reads i and i xor 2^l of layer l.
pub(super) fn fft(sizes: &[u64]) -> Operands {
    let points = sizes[0];
    let mut growing = Growing::inputs(points, Summation::Chain);
    for layer in 0..u64::from(points.ilog2()) {
        for i in 0..points {
            let at = |i| Vertex(layer * points + i);
            growing.push(vec![at(i), at(i ^ (1 << layer))]);
        }
    }
    growing.operands
}

/// Row by row; the corner is the one input, the opposite corner the one output.
pub(super) fn diamond(sizes: &[u64]) -> Operands {
    let side = sizes[0];
    let mut growing = Growing::inputs(0, Summation::Chain);
    for i in 0..side {
        for j in 0..side {
            let above = i.checked_sub(1).map(|i| Vertex(i * side + j));
            let left = j.checked_sub(1).map(|j| Vertex(i * side + j));
            growing.push(above.into_iter().chain(left).collect());
        }
    }
    growing.operands
}

/// Neighbours that are not there are not read.
pub(super) fn stencil(sizes: &[u64]) -> Operands {
    let (width, steps) = (sizes[0], sizes[1]);
    let mut growing = Growing::inputs(width, Summation::Chain);
    for step in 0..steps {
        for i in 0..width {
            let near = i.saturating_sub(1)..(i + 2).min(width);
            growing.push(near.map(|i| Vertex(step * width + i)).collect());
        }
    }
    growing.operands
}

/// By [`SplitMix`] alone, so that a name means the same CDAG everywhere. A vertex draws its number of
/// operands, 1 to 3, at most as many as WIDTH; then one of the layer before; then of all layers
/// before, drawing again what it has.
pub(super) fn random(sizes: &[u64]) -> Operands {
    let (layers, width, mut random) = (sizes[0], sizes[1], SplitMix::new(sizes[2]));
    let mut growing = Growing::inputs(width, Summation::Chain);
    for layer in 1..layers {
        let first = layer * width;
        for _ in 0..width {
            let wanted = 1 + random.below(3.min(width));
            let mut operands = vec![Vertex(first - width + random.below(width))];
            while (operands.len() as u64) < wanted {
                let it = Vertex(random.below(first));
                if !operands.contains(&it) {
                    operands.push(it);
                }
            }
            growing.push(operands);
        }
    }
    growing.operands
}
