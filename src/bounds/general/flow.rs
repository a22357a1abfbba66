//! The most paths with disjoint bodies, by augmenting paths.
//!
//! Every vertex is an arc of capacity 1, from its *in* node 2v to its *out* node 2v + 1.

use crate::cdag::{Cdag, Operands, Vertex};

/// The flow network of one CDAG, to be used for many wavefronts.
#[derive(Debug)]
pub(super) struct Network {
    arcs: Vec<Arc>,
    /// For each node the arcs out of it; arc `i ^ 1` is the reverse of arc i.
    out: Vec<Vec<usize>>,
    /// For each vertex the arcs in → out, source → in, out → target.
    of: Vec<[usize; 3]>,
    source: usize,
    target: usize,
    /// Nodes seen in the search of this number.
    seen: Vec<u32>,
    search: u32,
}

#[derive(Debug)]
struct Arc {
    to: usize,
    free: bool,
}

/// Where paths may start, run and end.
#[derive(Debug)]
pub(super) struct Between<'a> {
    /// Paths start here…
    pub(super) starts: &'a [bool],
    /// …have their bodies here, outside `ends`…
    pub(super) within: &'a [bool],
    /// …and end here.
    pub(super) ends: &'a [bool],
}

impl Network {
    pub(super) fn new(cdag: &Cdag) -> Self {
        let n = cdag.vertices().count();
        let (source, target) = (2 * n, 2 * n + 1);
        let mut it = Self {
            arcs: vec![],
            out: vec![vec![]; 2 * n + 2],
            of: vec![],
            source,
            target,
            seen: vec![0; 2 * n + 2],
            search: 0,
        };
        for v in 0..n {
            let arcs = [it.arc(2 * v, 2 * v + 1), it.arc(source, 2 * v), it.arc(2 * v + 1, target)];
            it.of.push(arcs);
        }
        for v in cdag.vertices() {
            let mut operands = cdag.operands(v).to_vec();
            operands.sort_unstable();
            operands.dedup();
            for operand in operands {
                it.arc(2 * index(operand) + 1, 2 * index(v));
            }
        }
        it
    }

    fn arc(&mut self, from: usize, to: usize) -> usize {
        let arc = self.arcs.len();
        self.arcs.extend([Arc { to, free: false }, Arc { to: from, free: false }]);
        self.out[from].push(arc);
        self.out[to].push(arc + 1);
        arc
    }

    /// The most such paths; of these as many as possible start at a vertex that is no input.
    ///
    /// First only those starts are open, then all: a path found later may turn others aside but takes
    /// no start away.
    pub(super) fn paths(&mut self, cdag: &Cdag, between: &Between<'_>) -> Vec<Vec<Vertex>> {
        for (i, arc) in self.arcs.iter_mut().enumerate() {
            arc.free = i % 2 == 0;
        }
        let Between { starts, within, ends } = between;
        for (v, &[through, _, end]) in self.of.iter().enumerate() {
            self.arcs[through].free = within[v] && !ends[v];
            self.arcs[end].free = within[v] && cdag.succs(vertex(v)).any(|it| ends[index(it)]);
        }
        for inputs_too in [false, true] {
            for (v, &[_, start, _]) in self.of.iter().enumerate() {
                let open = starts[v] && (inputs_too || !cdag.is_input(vertex(v)));
                let used = self.arcs[start + 1].free;
                self.arcs[start].free = open && !used;
            }
            while self.augment() {}
        }
        let started = self.of.iter().enumerate().filter(|(_, it)| self.arcs[it[1] + 1].free);
        let paths = started.map(|(v, _)| self.path_from(cdag, v, ends));
        paths.map(|it| shortened(it, starts)).collect()
    }

    /// One more path, if there is one.
    fn augment(&mut self) -> bool {
        self.search += 1;
        let mut trail: Vec<(usize, usize)> = vec![(self.source, 0)];
        let mut taken: Vec<usize> = vec![];
        while let Some((node, next)) = trail.last_mut() {
            let Some(&arc) = self.out[*node].get(*next) else {
                trail.pop();
                taken.pop();
                continue;
            };
            *next += 1;
            let Arc { to, free } = self.arcs[arc];
            if !free || self.seen[to] == self.search {
                continue;
            }
            self.seen[to] = self.search;
            taken.push(arc);
            if to == self.target {
                for it in taken {
                    self.arcs[it].free = false;
                    self.arcs[it ^ 1].free = true;
                }
                return true;
            }
            trail.push((to, 0));
        }
        false
    }

    /// Follows the flow from the vertex `v` to an end.
    fn path_from(&self, cdag: &Cdag, mut v: usize, ends: &[bool]) -> Vec<Vertex> {
        let mut path = vec![vertex(v)];
        while !self.arcs[self.of[v][2] + 1].free {
            let out = &self.out[2 * v + 1];
            let used = out.iter().find(|&&it| it % 2 == 0 && self.arcs[it ^ 1].free);
            v = self.arcs[*used.expect("what flows in flows out")].to / 2;
            path.push(vertex(v));
        }
        let end = cdag.succs(vertex(v)).filter(|it| ends[index(*it)]).min();
        path.push(end.expect("only such vertices are joined to the target"));
        path
    }
}

/// The end of `path` from the last place where it could have started.
fn shortened(mut path: Vec<Vertex>, starts: &[bool]) -> Vec<Vertex> {
    let start = path.iter().rposition(|it| starts[index(*it)]);
    path.drain(..start.expect("it starts at a start"));
    path
}

pub(super) fn index(vertex: Vertex) -> usize {
    usize::try_from(vertex.0).expect("a vertex of a CDAG in memory")
}

pub(super) fn vertex(index: usize) -> Vertex {
    Vertex(u64::try_from(index).expect("an index fits in 64 bits"))
}
