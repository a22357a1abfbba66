//! CDAGs of known families, tiny ones.
#![allow(dead_code, reason = "tests and benches use different ones")]

use iobound::cdag::{Cdag, Vertex};

/// From the operands of each vertex.
pub(crate) fn cdag(operands: &[Vec<u64>]) -> Cdag {
    let vertices = |it: &Vec<u64>| it.iter().copied().map(Vertex).collect();
    Cdag::new(operands.iter().map(vertices).collect()).expect("a case is a CDAG")
}

/// The product of two n×n matrices: 2n² inputs, n³ products, n²(n − 1) sums, in chains.
pub(crate) fn matrix_product(n: u64) -> Cdag {
    let mut operands = vec![vec![]; 2 * usize::try_from(n * n).expect("it is small")];
    for i in 0..n {
        for j in 0..n {
            let mut sum = None;
            for k in 0..n {
                operands.push(vec![i * n + k, n * n + k * n + j]);
                let product = operands.len() as u64 - 1;
                sum = Some(sum.map_or(product, |sum| {
                    operands.push(vec![sum, product]);
                    operands.len() as u64 - 1
                }));
            }
        }
    }
    cdag(&operands)
}

/// The FFT of 2^levels points: levels + 1 layers, each vertex but the inputs reading two.
pub(crate) fn fft(levels: u32) -> Cdag {
    let n = 1_u64 << levels;
    let mut operands = vec![vec![]; usize::try_from(n).expect("it is small")];
    for level in 0..levels {
        let start = u64::from(level) * n;
        operands.extend((0..n).map(|i| vec![start + i, start + (i ^ 1 << level)]));
    }
    cdag(&operands)
}

/// A full binary tree with 2^levels leaves.
pub(crate) fn tree(levels: u32) -> Cdag {
    let mut operands = vec![vec![]; 1 << levels];
    let mut read = 0;
    while operands.len() < (2 << levels) - 1 {
        operands.push(vec![read, read + 1]);
        read += 2;
    }
    cdag(&operands)
}

/// A pyramid: `base` inputs, each layer one less, each vertex reading two neighbours.
pub(crate) fn pyramid(base: u64) -> Cdag {
    let mut operands = vec![vec![]; usize::try_from(base).expect("it is small")];
    let (mut start, mut len) = (0, base);
    while len > 1 {
        operands.extend((start..start + len - 1).map(|it| vec![it, it + 1]));
        (start, len) = (start + len, len - 1);
    }
    cdag(&operands)
}

/// One input and a chain of `n` vertices after it.
pub(crate) fn chain(n: u64) -> Cdag {
    cdag(&(0..=n).map(|it| it.checked_sub(1).into_iter().collect()).collect::<Vec<_>>())
}

/// `n` inputs and one vertex that reads them all.
pub(crate) fn sum(n: u64) -> Cdag {
    let mut operands: Vec<Vec<u64>> = (0..n).map(|_| vec![]).collect();
    operands.push((0..n).collect());
    cdag(&operands)
}
