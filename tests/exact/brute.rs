//! The slow, obvious search: all moves from all states, no normal forms, from THEORY §1.

use iobound::cdag::{Cdag, Operands, Vertex};
use iobound::model::{Machine, Partial, Recompute};
use std::collections::{HashSet, VecDeque};

/// Red, blue and what was computed (strict: vertices, partial: edges), as bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct State {
    red: u32,
    blue: u32,
    done: u32,
}

struct Rules {
    n: usize,
    edges: Vec<(usize, usize)>,
    inputs: u32,
    outputs: u32,
    machine: Machine,
}

impl Rules {
    fn in_edges(&self, v: usize) -> u32 {
        self.edges.iter().enumerate().filter(|it| it.1.1 == v).fold(0, |m, it| m | 1 << it.0)
    }

    fn out_edges(&self, v: usize) -> u32 {
        self.edges.iter().enumerate().filter(|it| it.1.0 == v).fold(0, |m, it| m | 1 << it.0)
    }

    fn is_end(&self, it: State) -> bool {
        let finished = |v: usize| self.in_edges(v) & !it.done == 0;
        let partial = self.machine.partial == Partial::On;
        (0..self.n)
            .filter(|v| self.outputs >> v & 1 == 1)
            .all(|v| it.blue >> v & 1 == 1 && (!partial || finished(v)))
    }

    /// All moves: the state after and the cost. In PRBP a blue bit means: as new as fast memory.
    fn moves(&self, it: State, next: &mut Vec<(State, u32)>) {
        let partial = self.machine.partial == Partial::On;
        let room = u64::from(it.red.count_ones()) < self.machine.fast.0;
        for v in 0..self.n {
            let bit = 1 << v;
            let (red, blue) = (it.red & bit != 0, it.blue & bit != 0);
            let finished = |u: usize| self.in_edges(u) & !it.done == 0;
            if blue && !red && room {
                next.push((State { red: it.red | bit, ..it }, 1));
            }
            if red {
                next.push((State { blue: it.blue | bit, ..it }, 1));
                let spent = finished(v) && self.out_edges(v) & !it.done == 0;
                if !partial || blue || spent {
                    next.push((State { red: it.red & !bit, ..it }, 0));
                }
            }
            if self.inputs & bit != 0 {
                continue;
            }
            let reads = |u: usize| it.red >> u & 1 == 1;
            if partial {
                let begun = self.in_edges(v) & it.done != 0;
                for (edge, &(u, w)) in self.edges.iter().enumerate() {
                    if w == v
                        && it.done >> edge & 1 == 0
                        && reads(u)
                        && finished(u)
                        && (red || (!begun && room))
                    {
                        let done = it.done | 1 << edge;
                        next.push((State { red: it.red | bit, blue: it.blue & !bit, done }, 0));
                    }
                }
            } else {
                let again = it.done & bit != 0 && self.machine.recompute == Recompute::Forbidden;
                let ready = self.edges.iter().filter(|it| it.1 == v).all(|it| reads(it.0));
                if !red && room && ready && !again {
                    // Whether it was computed before is nobody's business where it may be again.
                    let done = match self.machine.recompute {
                        Recompute::Allowed => 0,
                        Recompute::Forbidden => it.done | bit,
                    };
                    next.push((State { red: it.red | bit, done, ..it }, 0));
                }
            }
        }
    }
}

/// The least loads + stores; `None` where no schedule exists.
pub(crate) fn least(cdag: &Cdag, machine: &Machine) -> Option<u64> {
    let mut edges = Vec::new();
    let mask = |role: &dyn Fn(Vertex) -> bool| {
        cdag.vertices().filter(|it| role(*it)).fold(0, |mask, it| mask | 1 << it.0)
    };
    for v in cdag.vertices() {
        for u in cdag.operands(v) {
            let edge = (usize::try_from(u.0).unwrap(), usize::try_from(v.0).unwrap());
            if !edges.contains(&edge) {
                edges.push(edge);
            }
        }
    }
    let (inputs, outputs) = (mask(&|v| cdag.is_input(v)), mask(&|v| cdag.is_output(v)));
    let n = usize::try_from(cdag.n_vertices()).unwrap();
    let rules = Rules { n, edges, inputs, outputs, machine: *machine };
    let start = State { red: 0, blue: inputs, done: 0 };
    let mut queue = VecDeque::from([(start, 0)]);
    let mut closed = HashSet::new();
    let mut next = Vec::new();
    while let Some((state, paid)) = queue.pop_front() {
        if !closed.insert(state) {
            continue;
        }
        if rules.is_end(state) {
            return Some(paid);
        }
        next.clear();
        rules.moves(state, &mut next);
        for &(state, cost) in next.iter().filter(|it| !closed.contains(&it.0)) {
            match cost {
                0 => queue.push_front((state, paid)),
                _ => queue.push_back((state, paid + 1)),
            }
        }
    }
    None
}
