//! Orders to begin with, by name.

use crate::cdag::{Cdag, Operands, Vertex, random::SplitMix};
use std::{cmp::Reverse, collections::BinaryHeap};

/// Makes an order of all vertices.
pub type Maker = fn(&Cdag) -> Vec<Vertex>;

/// The orders that need no file.
pub const STARTS: &[(&str, Maker)] =
    &[("topological", topological), ("depth-first", depth_first), ("breadth-first", breadth_first)];

/// The least topological order: `0..n` where every vertex reads lesser ones, as in what
/// [`crate::cdag::Generator`] makes.
#[must_use]
pub fn topological(cdag: &Cdag) -> Vec<Vertex> {
    cdag.topological().to_vec()
}

/// Output by output, each after all it needs, operands from first to last.
#[must_use]
pub fn depth_first(cdag: &Cdag) -> Vec<Vertex> {
    let mut seen = vec![false; cdag.topological().len()];
    let mut order = Vec::with_capacity(seen.len());
    for output in cdag.vertices().filter(|it| cdag.is_output(*it)) {
        let mut path = vec![(output, 0)];
        seen[index(output)] = true;
        while let Some((vertex, at)) = path.last_mut() {
            match cdag.operands(*vertex).get(*at) {
                Some(&operand) => {
                    *at += 1;
                    if !std::mem::replace(&mut seen[index(operand)], true) {
                        path.push((operand, 0));
                    }
                }
                None => {
                    order.push(*vertex);
                    path.pop();
                }
            }
        }
    }
    order
}

/// Layer by layer; the layer of a vertex is the longest path that leads to it.
#[must_use]
pub fn breadth_first(cdag: &Cdag) -> Vec<Vertex> {
    let mut layer = vec![0u64; cdag.topological().len()];
    for &vertex in cdag.topological() {
        let below = cdag.operands(vertex).iter().map(|it| layer[index(*it)] + 1).max();
        layer[index(vertex)] = below.unwrap_or(0);
    }
    let mut order = topological(cdag);
    order.sort_by_key(|it| (layer[index(*it)], *it));
    order
}

/// One of all topological orders: of those that could come next, the one that drew least.
pub(super) fn random(cdag: &Cdag, random: &mut SplitMix) -> Vec<Vertex> {
    let mut missing: Vec<usize> = cdag.vertices().map(|it| cdag.operands(it).len()).collect();
    let mut ready = BinaryHeap::new();
    for it in cdag.vertices().filter(|it| cdag.is_input(*it)) {
        ready.push(Reverse((random.draw(), it)));
    }
    let mut order = Vec::with_capacity(missing.len());
    while let Some(Reverse((_, vertex))) = ready.pop() {
        order.push(vertex);
        for reader in cdag.succs(vertex) {
            missing[index(reader)] -= 1;
            if missing[index(reader)] == 0 {
                ready.push(Reverse((random.draw(), reader)));
            }
        }
    }
    order
}

fn index(vertex: Vertex) -> usize {
    usize::try_from(vertex.0).expect("a vertex of an explicit CDAG")
}
