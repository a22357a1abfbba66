//! Automorphisms of the CDAG: states that one of them maps to each other cost the same to finish.
//!
//! An automorphism renames vertices so that edges stay edges. It takes schedules to schedules of the
//! same cost, the start to the start and goals to goals. A state may therefore be replaced by any of
//! its images; the search keeps the least of those under a set of automorphisms. The set need not be
//! the whole group for that to be sound: then only fewer states coincide.
//!
//! *Twins* have the same operands and the same readers; exchanging them is an automorphism, so a set of
//! k of them alone gives k! of them. Each automorphism is one that keeps the order of twins, after
//! some exchange of twins: it takes twins to twins, and they can be put in order before. So twins are
//! sorted, and only automorphisms that keep their order are listed.

use super::graph::{Graph, bits};

/// Automorphisms kept. Every new state is tried under each.
const MAX_MEMBERS: usize = 512;

/// Partial maps tried while they are sought, lest a search for symmetry be the search.
const MAX_TRIES: usize = 200_000;

/// Automorphisms of a CDAG.
#[derive(Debug)]
pub(super) struct Symmetry {
    /// Those that keep the order of twins, the identity first.
    pub(super) members: Vec<Member>,
    /// Sets of twins, as masks.
    pub(super) twins: Vec<u64>,
}

/// One automorphism.
#[derive(Debug)]
pub(super) struct Member {
    /// Where it takes each vertex.
    pub(super) to: Vec<u8>,
    /// The image of each value of each four bits of a mask.
    images: Vec<[u64; 16]>,
}

impl Member {
    fn new(to: Vec<u8>) -> Self {
        let image = |start: usize, value: u64| {
            let moved = bits(value).filter_map(|bit| to.get(start + bit));
            moved.fold(0, |mask, it| mask | 1 << it)
        };
        let images = (0..to.len().div_ceil(4))
            .map(|it| std::array::from_fn(|value| image(4 * it, value as u64)))
            .collect();
        Self { to, images }
    }

    pub(super) fn apply(&self, mut mask: u64) -> u64 {
        let mut image = 0;
        for table in &self.images {
            if mask == 0 {
                break;
            }
            image |= table[(mask & 15) as usize];
            mask >>= 4;
        }
        image
    }
}

impl Symmetry {
    /// Nothing but the identity.
    pub(super) fn none() -> Self {
        Self { members: vec![], twins: vec![] }
    }

    /// Automorphisms of `graph`: all, or the first that are found.
    pub(super) fn of(graph: &Graph) -> Self {
        let mut maps = Vec::new();
        let (order, colours) = (connected(graph), colours(graph));
        let alike = |v: usize, w: &usize| {
            (graph.preds[v], graph.succs[v]) == (graph.preds[*w], graph.succs[*w])
        };
        let twins_of = |v| (0..graph.n_vertices).filter(|w| alike(v, w)).fold(0, |m, w| m | 1 << w);
        let twins: Vec<u64> = (0..graph.n_vertices).map(twins_of).collect();
        let to = vec![None; graph.n_vertices];
        let mut seek = Seek { graph, order, colours, twins: &twins, to, tries: 0 };
        seek.go(0, 0, &mut maps);
        let mut several: Vec<u64> =
            twins.iter().copied().filter(|it| it.count_ones() > 1).collect();
        several.sort_unstable();
        several.dedup();
        Self { members: maps.into_iter().map(Member::new).collect(), twins: several }
    }
}

/// Vertices so that each has, where it can, a neighbour before it.
fn connected(graph: &Graph) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    let mut left = graph.all();
    let mut next = 0;
    while left != 0 {
        let start = left.trailing_zeros() as usize;
        left &= !(1 << start);
        order.push(start);
        while next < order.len() {
            let near = (graph.preds[order[next]] | graph.succs[order[next]]) & left;
            left &= !near;
            order.extend(bits(near));
            next += 1;
        }
    }
    order
}

/// Colours that automorphisms keep: refined by the colours of operands and readers until stable.
fn colours(graph: &Graph) -> Vec<usize> {
    let n = graph.n_vertices;
    let mut colours = vec![0; n];
    for _ in 0..n {
        let of = |mask: u64| {
            let mut list: Vec<usize> = bits(mask).map(|it| colours[it]).collect();
            list.sort_unstable();
            list
        };
        let kinds: Vec<_> =
            (0..n).map(|v| (colours[v], of(graph.preds[v]), of(graph.succs[v]))).collect();
        let mut sorted: Vec<_> = kinds.iter().collect();
        sorted.sort_unstable();
        sorted.dedup();
        let rank = |it: &_| sorted.binary_search(&it).expect("it is one of them");
        let refined: Vec<usize> = kinds.iter().map(rank).collect();
        if refined == colours {
            break;
        }
        colours = refined;
    }
    colours
}

/// Backtracking over images, vertex by vertex.
struct Seek<'g> {
    graph: &'g Graph,
    order: Vec<usize>,
    colours: Vec<usize>,
    twins: &'g [u64],
    to: Vec<Option<usize>>,
    tries: usize,
}

impl Seek<'_> {
    fn go(&mut self, depth: usize, used: u64, found: &mut Vec<Vec<u8>>) {
        let Some(&v) = self.order.get(depth) else {
            let narrow = |it: &Option<usize>| u8::try_from(it.expect("all are mapped"));
            found.push(self.to.iter().map(|it| narrow(it).expect("at most 64")).collect());
            return;
        };
        // v itself first, so that the identity is the first one found.
        let others = bits(self.graph.all() & !used & !(1 << v));
        let images = (used >> v & 1 == 0).then_some(v).into_iter().chain(others);
        for w in images {
            self.tries += 1;
            if found.len() >= MAX_MEMBERS || self.tries > MAX_TRIES {
                return;
            }
            if self.fits(v, w, used) {
                self.to[v] = Some(w);
                self.go(depth + 1, used | 1 << w, found);
                self.to[v] = None;
            }
        }
    }

    /// Are the edges between v and mapped vertices those between w and their images, and the order of
    /// twins kept?
    fn fits(&self, v: usize, w: usize, used: u64) -> bool {
        let image =
            |mask: u64| bits(mask).filter_map(|it| self.to[it]).fold(0, |m, it| m | 1 << it);
        self.colours[v] == self.colours[w]
            && image(self.graph.preds[v]) == self.graph.preds[w] & used
            && image(self.graph.succs[v]) == self.graph.succs[w] & used
            && bits(self.twins[v]).all(|twin| self.to[twin].is_none_or(|it| (twin < v) == (it < w)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdag::{Cdag, Vertex};
    use crate::model::{Machine, Words};

    fn symmetry(operands: &[&[u64]]) -> Symmetry {
        let vertices = |it: &&[u64]| it.iter().copied().map(Vertex).collect();
        let cdag = Cdag::new(operands.iter().map(vertices).collect()).unwrap();
        Symmetry::of(&Graph::new(&cdag, &Machine::strict(Words(9))).unwrap())
    }

    #[test]
    fn twins_are_not_listed() {
        let sum = symmetry(&[&[], &[], &[], &[0, 1, 2]]);
        assert_eq!((sum.members.len(), sum.twins), (1, vec![0b111]));
    }

    /// Two trees side by side: their leaves are twins, and the trees can be exchanged.
    #[test]
    fn equal_halves() {
        let trees = symmetry(&[&[], &[], &[], &[], &[0, 1], &[2, 3]]);
        assert_eq!((trees.members.len(), trees.twins.len()), (2, 2));
        let lopsided = symmetry(&[&[], &[], &[], &[], &[0, 1], &[2, 3], &[5]]);
        assert_eq!(lopsided.members.len(), 1);
        assert_eq!(trees.members[1].apply(0b1), 0b100);
    }
}
