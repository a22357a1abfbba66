//! One wavefront: which paths there are and what they are worth.

use super::flow::{Between, Network, index, vertex};
use crate::cdag::{Cdag, Operands, Vertex};
use crate::certificate::Wavefront;
use crate::model::Machine;

/// How long to look: vertices and edges looked at, roughly; wavefronts of large CDAGs are sampled so
/// that it is not much exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort(pub u64);

impl Default for Effort {
    /// Some seconds.
    fn default() -> Self {
        Self(1 << 26)
    }
}

/// The wavefronts of a CDAG on a machine.
#[derive(Debug)]
pub(super) struct Fronts<'c> {
    pub(super) cdag: &'c Cdag,
    fast: u64,
    network: Network,
}

/// A wavefront and what it adds to the compulsory words.
#[derive(Clone, Debug)]
pub(super) struct Front {
    pub(super) wavefront: Wavefront,
    pub(super) loads: u64,
    pub(super) stores: u64,
}

impl Front {
    pub(super) fn worth(&self) -> u64 {
        self.loads + self.stores
    }
}

impl<'c> Fronts<'c> {
    pub(super) fn new(cdag: &'c Cdag, machine: &Machine) -> Self {
        Self { cdag, fast: machine.fast.0, network: Network::new(cdag) }
    }

    /// Vertices and edges.
    pub(super) fn size(&self) -> u64 {
        let edges = u64::try_from(self.cdag.n_edges()).expect("a count of edges in memory");
        (self.cdag.n_vertices() + edges).max(1)
    }

    /// The best wavefront at `at` with bodies `within`, all of it before `until` if that is given.
    ///
    /// `None` if `at` is an input or the wavefront is worth nothing.
    pub(super) fn at(
        &mut self,
        at: Vertex,
        within: &[bool],
        until: Option<&[bool]>,
    ) -> Option<Front> {
        if self.cdag.is_input(at) {
            return None;
        }
        let above = self.above(at);
        let mut below = self.below(at);
        below[index(at)] = false;
        let mut within = within.to_vec();
        if let Some(until) = until {
            below.iter_mut().zip(until).for_each(|(it, until)| *it &= until);
            // Below `at` and not before `until`: no body either.
            let late = self.below(at);
            for (v, it) in within.iter_mut().enumerate() {
                *it &= above[v] || (until[v] && !late[v]);
            }
            within[index(at)] = until[index(at)];
        }
        let between = Between { starts: &above, within: &within, ends: &below };
        let paths = self.network.paths(self.cdag, &between);
        let computed = paths.iter().filter(|it| !self.cdag.is_input(it[0])).count();
        let capacity = self.capacity(at, &above);
        let over =
            |count: usize| u64::try_from(count).expect("a count of paths").saturating_sub(capacity);
        let (loads, stores) = (over(paths.len()), over(computed));
        (loads > 0).then_some(Front { wavefront: Wavefront { at, paths }, loads, stores })
    }

    /// M less the operands of `at` that are of no more use.
    fn capacity(&self, at: Vertex, above: &[bool]) -> u64 {
        let mut dead = self.cdag.operands(at).to_vec();
        dead.sort_unstable();
        dead.dedup();
        dead.retain(|&it| self.cdag.succs(it).all(|reader| above[index(reader)]));
        self.fast.saturating_sub(u64::try_from(dead.len()).expect("a count of operands"))
    }

    /// `from` and its ancestors.
    pub(super) fn above(&self, from: Vertex) -> Vec<bool> {
        self.reached(from, |it, todo| todo.extend_from_slice(self.cdag.operands(it)))
    }

    /// `from` and its descendants.
    fn below(&self, from: Vertex) -> Vec<bool> {
        self.reached(from, |it, todo| todo.extend(self.cdag.succs(it)))
    }

    fn reached(&self, from: Vertex, next: impl Fn(Vertex, &mut Vec<Vertex>)) -> Vec<bool> {
        let mut seen = vec![false; index(Vertex(self.cdag.n_vertices()))];
        let mut todo = vec![from];
        while let Some(it) = todo.pop() {
            if !std::mem::replace(&mut seen[index(it)], true) {
                next(it, &mut todo);
            }
        }
        seen
    }

    /// At most `most` of `among` that are no inputs, evenly spread.
    pub(super) fn sample(&self, among: &[Vertex], most: u64) -> Vec<Vertex> {
        let computed: Vec<Vertex> =
            among.iter().copied().filter(|&it| !self.cdag.is_input(it)).collect();
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        if computed.len() <= most {
            return computed;
        }
        (0..most).map(|it| computed[it * computed.len() / most]).collect()
    }

    /// The stores that the checker counts for these wavefronts, in this order: a path counts if no
    /// vertex of its body was in a wavefront counted before.
    pub(super) fn stores(&self, fronts: &[Front]) -> u64 {
        let mut stored = vec![false; index(Vertex(self.cdag.n_vertices()))];
        let mut stores = 0;
        for front in fronts {
            let bodies = front.wavefront.paths.iter().map(|it| &it[..it.len() - 1]);
            let fresh: Vec<&[Vertex]> = bodies
                .filter(|it| !self.cdag.is_input(it[0]) && it.iter().all(|&v| !stored[index(v)]))
                .collect();
            let above = self.above(front.wavefront.at);
            let capacity = self.capacity(front.wavefront.at, &above);
            let n_fresh = u64::try_from(fresh.len()).expect("a count of paths");
            if n_fresh > capacity {
                stores += n_fresh - capacity;
                fresh.into_iter().flatten().for_each(|&v| stored[index(v)] = true);
            }
        }
        stores
    }

    /// Which vertices are in `list`.
    pub(super) fn marked(&self, list: &[Vertex]) -> Vec<bool> {
        let mut marked = vec![false; index(Vertex(self.cdag.n_vertices()))];
        list.iter().for_each(|&it| marked[index(it)] = true);
        marked
    }

    /// Every vertex, each after all it reads, along the depth of the CDAG rather than its breadth.
    pub(super) fn order(&self) -> Vec<Vertex> {
        let mut seen = vec![false; index(Vertex(self.cdag.n_vertices()))];
        let mut order = vec![];
        for v in self.cdag.vertices().filter(|&it| self.cdag.is_output(it)) {
            let mut trail = vec![(v, 0)];
            while let Some((at, next)) = trail.last_mut() {
                if let Some(&operand) = self.cdag.operands(*at).get(*next) {
                    *next += 1;
                    if !seen[index(operand)] {
                        trail.push((operand, 0));
                    }
                    continue;
                }
                if !std::mem::replace(&mut seen[index(*at)], true) {
                    order.push(vertex(index(*at)));
                }
                trail.pop();
            }
        }
        order
    }
}
