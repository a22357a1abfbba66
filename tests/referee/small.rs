//! All move lists of a few moves on CDAGs of three vertices, against a second model of the rules.
//!
//! The second model is sets and nothing else, written from THEORY §1 and not from the referee. A list
//! with an illegal beginning is refused at that beginning, so only legal ones are made longer.

use crate::build::*;
use iobound::cdag::{Cdag, Operands, Vertex};
use iobound::model::{Machine, Partial, Recompute, Words};
use iobound::replay::{Mode, Problem, Refusal, replay};
use iobound::schedule::Move;
use std::collections::{BTreeSet, HashSet};

/// The state of the second model.
#[derive(Clone, Default)]
struct Model {
    red: HashSet<u64>,
    /// In slow memory, and as new as what is in fast memory.
    blue: HashSet<u64>,
    /// Edges, or all edges of a computed vertex in the strict game.
    marked: BTreeSet<(u64, u64)>,
    io: u64,
    peak: u64,
    recomputed: u64,
}

fn edges(cdag: &Cdag, v: u64) -> Vec<(u64, u64)> {
    cdag.operands(Vertex(v)).iter().map(|u| (u.0, v)).collect()
}

impl Model {
    fn finished(&self, cdag: &Cdag, v: u64) -> bool {
        edges(cdag, v).iter().all(|it| self.marked.contains(it))
    }

    fn begun(&self, cdag: &Cdag, v: u64) -> bool {
        edges(cdag, v).iter().any(|it| self.marked.contains(it))
    }

    /// Is there a value in `u` that can be read?
    fn readable(&self, cdag: &Cdag, u: u64) -> bool {
        self.red.contains(&u) && self.finished(cdag, u)
    }

    fn play(&mut self, cdag: &Cdag, machine: &Machine, it: Move<'_>) -> Option<()> {
        let exists = |v: Vertex| (v.0 < cdag.n_vertices()).then_some(v.0);
        let partial = machine.partial == Partial::On;
        match it {
            Move::Load(v) => {
                let v = exists(v)?;
                (self.blue.contains(&v) && self.red.insert(v)).then_some(())?;
                self.io += 1;
            }
            Move::Store(v, _) => {
                let v = exists(v)?;
                self.red.contains(&v).then_some(())?;
                self.blue.insert(v);
                self.io += 1;
            }
            Move::Free(v) => {
                let v = exists(v)?;
                let read = (0..cdag.n_vertices()).flat_map(|w| edges(cdag, w));
                let read = read.filter(|it| it.0 == v).all(|it| self.marked.contains(&it));
                let dark = !self.blue.contains(&v);
                self.red.remove(&v).then_some(())?;
                (!partial || !dark || (read && self.finished(cdag, v))).then_some(())?;
            }
            Move::Compute { vertex, .. } => {
                let v = exists(vertex)?;
                let edges = edges(cdag, v);
                let may = !edges.is_empty()
                    && edges.iter().all(|(u, _)| self.readable(cdag, *u))
                    && !(self.begun(cdag, v)
                        && (partial || machine.recompute == Recompute::Forbidden));
                (may && self.red.insert(v)).then_some(())?;
                self.recomputed += u64::from(self.begun(cdag, v));
                self.marked.extend(edges);
            }
            Move::Accumulate { vertex, from } => {
                let (v, u) = (exists(vertex)?, exists(from)?);
                let may = partial
                    && edges(cdag, v).contains(&(u, v))
                    && self.readable(cdag, u)
                    && (self.red.contains(&v) || !self.begun(cdag, v));
                (may && self.marked.insert((u, v))).then_some(())?;
                self.red.insert(v);
                self.blue.remove(&v);
            }
        }
        self.peak = self.peak.max(self.red.len() as u64);
        (self.red.len() as u64 <= machine.fast.0).then_some(())
    }

    fn ended(&self, cdag: &Cdag) -> bool {
        let mut outputs = cdag.vertices().filter(|it| cdag.is_output(*it));
        outputs.all(|it| self.blue.contains(&it.0) && self.finished(cdag, it.0))
    }
}

struct Walk<'a> {
    cdag: &'a Cdag,
    machine: Machine,
    alphabet: Vec<Move<'static>>,
    accepted: u64,
    judged: u64,
}

impl Walk<'_> {
    fn from(&mut self, moves: &mut Vec<Move<'static>>, model: &Model, left: usize) {
        let verdict =
            replay(&Problem::Explicit(self.cdag), &self.machine, Mode::Legality, &moves[..]);
        self.judged += 1;
        match verdict {
            Ok(count) => {
                assert!(model.ended(self.cdag), "accepted, but not at its end: {moves:?}");
                let found = (count.io(), count.peak(), count.recomputed());
                assert_eq!(found, (model.io, model.peak, Some(model.recomputed)), "{moves:?}");
                let is_compute =
                    |it: &&Move<'_>| matches!(it, Move::Compute { .. } | Move::Accumulate { .. });
                let n_computes = moves.iter().filter(is_compute).count() as u64;
                assert_eq!((count.moves(), count.computes()), (moves.len() as u64, n_computes));
                self.accepted += 1;
            }
            Err(Refusal::Violation(it)) => {
                let at_end = it.step == moves.len() as u64 + 1;
                assert!(at_end && !model.ended(self.cdag), "{it}: {moves:?} {:?}", self.machine);
            }
            other => panic!("{other:?}"),
        }
        if left == 0 {
            return;
        }
        for it in self.alphabet.clone() {
            let mut next = model.clone();
            moves.push(it);
            if next.play(self.cdag, &self.machine, it).is_some() {
                self.from(moves, &next, left - 1);
            } else {
                let verdict = replay(
                    &Problem::Explicit(self.cdag),
                    &self.machine,
                    Mode::Legality,
                    &moves[..],
                );
                let step = moves.len() as u64;
                let refused = matches!(verdict, Err(Refusal::Violation(it)) if it.step == step);
                assert!(refused, "{verdict:?}: {moves:?} {:?}", self.machine);
                self.judged += 1;
            }
            moves.pop();
        }
    }
}

fn walk(operands: &[&[u64]], n_moves: usize) {
    let cdag = cdag(operands);
    // One vertex more than there is.
    let vertices = 0..=cdag.n_vertices();
    let mut alphabet: Vec<_> =
        vertices.clone().flat_map(|v| [load(v), store(v), free(v), named(v)]).collect();
    alphabet.extend(vertices.clone().flat_map(|v| vertices.clone().map(move |u| accumulate(v, u))));
    for recompute in [Recompute::Allowed, Recompute::Forbidden] {
        for partial in [Partial::Off, Partial::On] {
            let mut accepted = 0;
            for fast in 0..=3 {
                let machine = Machine { fast: Words(fast), recompute, partial };
                let alphabet = alphabet.clone();
                let mut walk = Walk { cdag: &cdag, machine, alphabet, accepted: 0, judged: 0 };
                walk.from(&mut Vec::new(), &Model::blank(&cdag), n_moves);
                accepted += walk.accepted;
                assert!(walk.judged > 30);
            }
            assert!(accepted > 0, "no list of {n_moves} moves is accepted");
        }
    }
}

impl Model {
    fn blank(cdag: &Cdag) -> Self {
        let inputs = cdag.vertices().filter(|it| cdag.is_input(*it));
        Self { blue: inputs.map(|it| it.0).collect(), ..Self::default() }
    }
}

#[test]
fn a_sum() {
    walk(&[&[], &[], &[0, 1]], 5);
}

#[test]
fn a_chain() {
    walk(&[&[], &[0], &[1]], 5);
}

#[test]
fn a_fork() {
    walk(&[&[], &[0], &[0]], 5);
}

#[test]
fn a_triangle() {
    walk(&[&[], &[0], &[0, 1]], 5);
}
