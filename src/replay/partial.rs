//! The game with partial computations (PRBP), on an explicit CDAG.
//!
//! ```text
//! states      none · blue · light red (equal to its slow copy) · dark red (newer, or no slow copy)
//! load v      blue → light                    costs 1
//! store v     dark → light                    costs 1 (so does a light one stored again)
//! accumulate  marks an edge u → v: u red and finished, v red or not begun; v becomes dark
//! free v      light → blue;  dark → none, if v is finished and all its out-edges are marked
//! end         every output blue or light, and finished
//! ```
//!
//! A vertex is finished when all its in-edges are marked. Each edge is marked once, so the game is
//! one-shot whatever the machine says of recomputation. A compute marks all in-edges of a vertex
//! that was not begun: the same as its accumulates in a row, all operands red.
//!
//! Source: Papp, Sobczyk & Yzelman 2025. Ours: a dark pebble must be finished to be freed, outputs
//! included, lest a half-done sum be thrown away and begun again in its middle.

use super::strict::named;
use super::{Ending, Fault, Game, Rule, Tally, Verified};
use crate::cdag::{Operands, Vertex};
use crate::model::Machine;
use crate::schedule::{Move, Op, Output};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pebble {
    None,
    Blue,
    Light,
    Dark,
}

impl Pebble {
    fn is_red(self) -> bool {
        matches!(self, Self::Light | Self::Dark)
    }
}

#[derive(Clone, Debug)]
struct State {
    pebble: Pebble,
    /// Which in-edges are marked, in the order of the operands.
    marked: Vec<bool>,
    /// Out-edges that are not marked.
    unread: u64,
}

impl State {
    fn unfinished(&self) -> u64 {
        self.marked.iter().map(|it| u64::from(!it)).sum()
    }

    fn begun(&self) -> bool {
        self.marked.contains(&true)
    }
}

/// The state of a game with partial computations.
pub(super) struct Marking<'c> {
    cdag: &'c dyn Operands,
    states: Vec<State>,
    tally: Tally,
}

impl<'c> Marking<'c> {
    pub(super) fn new(cdag: &'c dyn Operands, machine: &Machine) -> Self {
        let vertices = || (0..cdag.n_vertices()).map(Vertex);
        let begin = |v: Vertex| {
            let pebble = if cdag.is_input(v) { Pebble::Blue } else { Pebble::None };
            State { pebble, marked: vec![false; cdag.operands(v).len()], unread: 0 }
        };
        let mut states: Vec<State> = vertices().map(begin).collect();
        for operand in vertices().flat_map(|it| cdag.operands(it)) {
            if let Some(state) = entry(&mut states, *operand) {
                state.unread += 1;
            }
        }
        Self { cdag, states, tally: Tally::new(machine) }
    }

    fn state(&self, vertex: Vertex) -> Result<&State, Box<Fault>> {
        let state = usize::try_from(vertex.0).ok().and_then(|it| self.states.get(it));
        let n_vertices = self.cdag.n_vertices();
        state.ok_or_else(|| Fault::of(vertex, Rule::UnknownVertex { n_vertices }))
    }

    /// Changes the pebble and the books that go with it; all checks have passed.
    fn set(&mut self, vertex: Vertex, pebble: Pebble) {
        let Some(state) = entry(&mut self.states, vertex) else { return };
        match (state.pebble.is_red(), pebble.is_red()) {
            (false, true) => self.tally.hold(),
            (true, false) => self.tally.free(),
            _ => {}
        }
        state.pebble = pebble;
    }

    fn mark(&mut self, vertex: Vertex, edge: usize, from: Vertex) {
        let state = entry(&mut self.states, vertex);
        if let Some(mark) = state.and_then(|it| it.marked.get_mut(edge)) {
            *mark = true;
        }
        if let Some(state) = entry(&mut self.states, from) {
            state.unread -= 1;
        }
    }

    fn load(&mut self, vertex: Vertex) -> Result<(), Box<Fault>> {
        match self.state(vertex)?.pebble {
            Pebble::Blue => self.tally.room(vertex)?,
            Pebble::None => return Err(Fault::of(vertex, Rule::LoadNotBlue)),
            Pebble::Light | Pebble::Dark => return Err(Fault::of(vertex, Rule::LoadOfRed)),
        }
        self.set(vertex, Pebble::Light);
        self.tally.loads += 1;
        Ok(())
    }

    fn store(&mut self, vertex: Vertex, output: Option<Output>) -> Result<(), Box<Fault>> {
        if !self.state(vertex)?.pebble.is_red() {
            return Err(Fault::of(vertex, Rule::StoreNotRed));
        }
        if let Some(Output(address)) = output {
            return Err(Fault::of(vertex, Rule::OutputOutOfRange { address, n_outputs: 0 }));
        }
        self.set(vertex, Pebble::Light);
        self.tally.stores += 1;
        Ok(())
    }

    fn free(&mut self, vertex: Vertex) -> Result<(), Box<Fault>> {
        let state = self.state(vertex)?;
        let (unfinished, unread) = (state.unfinished(), state.unread);
        let left = match state.pebble {
            Pebble::Light => Pebble::Blue,
            Pebble::Dark if unfinished == 0 && unread == 0 => Pebble::None,
            Pebble::Dark => return Err(Fault::of(vertex, Rule::FreeOfDark { unfinished, unread })),
            _ => return Err(Fault::of(vertex, Rule::FreeNotRed)),
        };
        self.set(vertex, left);
        Ok(())
    }

    fn readable(&self, vertex: Vertex, operand: Vertex) -> Result<(), Box<Fault>> {
        let state = self.state(operand)?;
        if !state.pebble.is_red() {
            return Err(Fault::of(vertex, Rule::OperandNotRed { operand }));
        }
        if state.unfinished() > 0 {
            return Err(Fault::of(vertex, Rule::UnfinishedOperand { operand }));
        }
        Ok(())
    }

    fn accumulate(&mut self, vertex: Vertex, from: Vertex) -> Result<(), Box<Fault>> {
        let state = self.state(vertex)?;
        self.state(from)?;
        if self.cdag.is_input(vertex) {
            return Err(Fault::of(vertex, Rule::ComputeOfInput));
        }
        let mut edges = self.cdag.operands(vertex).iter().zip(&state.marked).enumerate();
        let edge = match edges.clone().find(|(_, it)| it == &(&from, &false)) {
            Some((edge, _)) => edge,
            None if edges.any(|(_, (it, _))| *it == from) => {
                return Err(Fault::of(vertex, Rule::EdgeMarked { from }));
            }
            None => return Err(Fault::of(vertex, Rule::NoSuchEdge { from })),
        };
        self.readable(vertex, from)?;
        match state.pebble {
            Pebble::Light | Pebble::Dark => {}
            Pebble::None if !state.begun() => self.tally.room(vertex)?,
            Pebble::None | Pebble::Blue => {
                return Err(Fault::of(vertex, Rule::AccumulatorNotRed));
            }
        }
        self.tally.in_place += u64::from(state.pebble.is_red());
        self.mark(vertex, edge, from);
        self.set(vertex, Pebble::Dark);
        Ok(())
    }

    fn compute(&mut self, vertex: Vertex, op: &Op, given: &[Vertex]) -> Result<(), Box<Fault>> {
        let operands = named(self.cdag, vertex, op, given).map_err(|it| Fault::of(vertex, it))?;
        for &operand in operands {
            self.readable(vertex, operand)?;
        }
        let state = self.state(vertex)?;
        if state.pebble.is_red() {
            return Err(Fault::of(vertex, Rule::ComputeOfRed));
        }
        if state.begun() {
            return Err(Fault::of(vertex, Rule::Recomputed));
        }
        self.tally.room(vertex)?;
        for (edge, &operand) in operands.iter().enumerate() {
            self.mark(vertex, edge, operand);
        }
        self.set(vertex, Pebble::Dark);
        Ok(())
    }
}

fn entry(states: &mut [State], vertex: Vertex) -> Option<&mut State> {
    usize::try_from(vertex.0).ok().and_then(|it| states.get_mut(it))
}

impl Game for Marking<'_> {
    fn step(&mut self, it: Move<'_>) -> Result<(), Box<Fault>> {
        match it {
            Move::Load(vertex) => self.load(vertex),
            Move::Store(vertex, output) => self.store(vertex, output),
            Move::Compute { vertex, ref op, operands } => self.compute(vertex, op, operands),
            Move::Free(vertex) => self.free(vertex),
            Move::Accumulate { vertex, from } => self.accumulate(vertex, from),
        }
    }

    fn tally(&self) -> &Tally {
        &self.tally
    }

    fn finish(&self) -> Result<(Option<u64>, Verified), Ending> {
        for (vertex, state) in (0..).map(Vertex).zip(&self.states) {
            if !self.cdag.is_output(vertex) {
                continue;
            }
            let rule = match state.pebble {
                Pebble::None | Pebble::Dark => Rule::OutputNotBlue,
                Pebble::Blue | Pebble::Light if state.unfinished() > 0 => Rule::OutputUnfinished,
                Pebble::Blue | Pebble::Light => continue,
            };
            return Err(Ending::Fault(Fault::of(vertex, rule)));
        }
        Ok((Some(0), Verified::Legal))
    }
}
