//! The strict game: one set of rules for explicit CDAGs and streams, with or without values.

use super::pages::Pages;
use super::{Ending, Fault, Game, Rule, Tally, Verified};
use crate::cdag::{Operands, Vertex};
use crate::model::{Machine, Recompute};
use crate::schedule::{Move, Op, Output};

/// What is known of the CDAG.
pub(super) trait Known {
    /// Is a vertex that may be computed never red? The next one of a stream is not.
    const FRESH: bool;
    /// Vertices exist below this.
    fn n_vertices(&self) -> u64;
    fn n_outputs(&self) -> u64;
    fn is_input(&self, vertex: Vertex) -> bool;
    /// What `vertex` reads, if it may be computed at all.
    fn operands<'a>(
        &'a self,
        vertex: Vertex,
        op: &Op,
        given: &'a [Vertex],
    ) -> Result<&'a [Vertex], Rule>;
    /// Was it computed before? A stream cannot say.
    fn computed(&self, vertex: Vertex) -> bool;
    fn set_computed(&mut self, vertex: Vertex);
    /// How many computes were repeats.
    fn recomputed(&self) -> Option<u64>;
    /// An output that is not blue or not stored to, given the blue vertices and the addresses.
    fn missing(&self, stored: &Pages, addresses: &Pages) -> Option<Fault>;
}

/// What watches the words.
pub(super) trait Watch {
    /// What a compute makes, between its check and its doing.
    type Made;
    fn loaded(&mut self, vertex: Vertex, input: bool);
    fn judge(&self, op: &Op, operands: &[Vertex]) -> Result<Self::Made, Rule>;
    fn made(&mut self, vertex: Vertex, made: Self::Made);
    fn stored(&mut self, vertex: Vertex, output: Option<Output>);
    /// `stored`: the vertices that can still be loaded, inputs apart.
    fn freed(&mut self, vertex: Vertex, stored: &Pages);
    fn recomputed(&self) -> Option<u64>;
    fn finish(&self) -> Result<Verified, Ending>;
}

/// Nobody watches: legality only.
pub(super) struct Legal;

impl Watch for Legal {
    type Made = ();
    #[inline]
    fn loaded(&mut self, _: Vertex, _: bool) {}
    #[inline]
    fn judge(&self, _: &Op, _: &[Vertex]) -> Result<(), Rule> {
        Ok(())
    }
    #[inline]
    fn made(&mut self, _: Vertex, (): ()) {}
    #[inline]
    fn stored(&mut self, _: Vertex, _: Option<Output>) {}
    #[inline]
    fn freed(&mut self, _: Vertex, _: &Pages) {}
    fn recomputed(&self) -> Option<u64> {
        None
    }
    fn finish(&self) -> Result<Verified, Ending> {
        Ok(Verified::Legal)
    }
}

/// The stream is the CDAG: every compute makes the next vertex.
pub(super) struct Stream {
    n_inputs: u64,
    n_outputs: u64,
    next: u64,
}

impl Stream {
    pub(super) fn new(n_inputs: u64, n_outputs: u64) -> Self {
        Self { n_inputs, n_outputs, next: n_inputs }
    }
}

impl Known for Stream {
    const FRESH: bool = true;

    #[inline]
    fn n_vertices(&self) -> u64 {
        self.next
    }

    #[inline]
    fn n_outputs(&self) -> u64 {
        self.n_outputs
    }

    #[inline]
    fn is_input(&self, vertex: Vertex) -> bool {
        vertex.0 < self.n_inputs
    }

    #[inline]
    fn operands<'a>(
        &'a self,
        vertex: Vertex,
        op: &Op,
        given: &'a [Vertex],
    ) -> Result<&'a [Vertex], Rule> {
        if vertex.0 == self.next {
            count(op, given)?;
            Ok(given)
        } else if self.is_input(vertex) {
            Err(Rule::ComputeOfInput)
        } else {
            Err(Rule::OutOfOrder { expected: self.next })
        }
    }

    #[inline]
    fn computed(&self, _: Vertex) -> bool {
        false
    }

    #[inline]
    fn set_computed(&mut self, _: Vertex) {
        self.next += 1;
    }

    fn recomputed(&self) -> Option<u64> {
        None
    }

    fn missing(&self, _: &Pages, addresses: &Pages) -> Option<Fault> {
        let address = (0..self.n_outputs).find(|&it| !addresses.contains(it))?;
        Some(Fault { vertex: None, rule: Rule::OutputMissing { address } })
    }
}

/// A CDAG from elsewhere.
pub(super) struct Explicit<'c> {
    cdag: &'c dyn Operands,
    computed: Pages,
    recomputed: u64,
}

impl<'c> Explicit<'c> {
    pub(super) fn new(cdag: &'c dyn Operands) -> Self {
        Self { cdag, computed: Pages::new(), recomputed: 0 }
    }
}

/// The operands `cdag` names for `vertex`; a move may repeat them, in their order, or leave them out.
pub(super) fn named<'c>(
    cdag: &'c dyn Operands,
    vertex: Vertex,
    op: &Op,
    given: &[Vertex],
) -> Result<&'c [Vertex], Rule> {
    if vertex.0 >= cdag.n_vertices() {
        return Err(Rule::UnknownVertex { n_vertices: cdag.n_vertices() });
    }
    if cdag.is_input(vertex) {
        return Err(Rule::ComputeOfInput);
    }
    let operands = cdag.operands(vertex);
    if !given.is_empty() && given != operands {
        return Err(Rule::WrongOperands);
    }
    count(op, operands)?;
    Ok(operands)
}

/// Does `op` take that many?
#[inline]
fn count(op: &Op, operands: &[Vertex]) -> Result<(), Rule> {
    match op.arity() {
        Some(arity) if arity != operands.len() => Err(miscount(arity, operands.len())),
        _ => Ok(()),
    }
}

#[cold]
fn miscount(needed: usize, given: usize) -> Rule {
    let wide = |it: usize| u64::try_from(it).unwrap_or(u64::MAX);
    Rule::OperandCount { needed: wide(needed), given: wide(given) }
}

impl Known for Explicit<'_> {
    const FRESH: bool = false;

    fn n_vertices(&self) -> u64 {
        self.cdag.n_vertices()
    }

    fn n_outputs(&self) -> u64 {
        0
    }

    fn is_input(&self, vertex: Vertex) -> bool {
        vertex.0 < self.cdag.n_vertices() && self.cdag.is_input(vertex)
    }

    fn operands<'a>(
        &'a self,
        vertex: Vertex,
        op: &Op,
        given: &'a [Vertex],
    ) -> Result<&'a [Vertex], Rule> {
        named(self.cdag, vertex, op, given)
    }

    fn computed(&self, vertex: Vertex) -> bool {
        self.computed.contains(vertex.0)
    }

    fn set_computed(&mut self, vertex: Vertex) {
        self.recomputed += u64::from(self.computed.contains(vertex.0));
        self.computed.insert(vertex.0);
    }

    fn recomputed(&self) -> Option<u64> {
        Some(self.recomputed)
    }

    fn missing(&self, stored: &Pages, _: &Pages) -> Option<Fault> {
        let needed = |&v: &Vertex| self.cdag.is_output(v) && !self.cdag.is_input(v);
        let mut outputs = (0..self.cdag.n_vertices()).map(Vertex).filter(needed);
        let vertex = outputs.find(|it| !stored.contains(it.0))?;
        Some(Fault { vertex: Some(vertex), rule: Rule::OutputNotBlue })
    }
}

/// The state of a strict game.
pub(super) struct Strict<K, W> {
    cdag: K,
    watch: W,
    recompute: Recompute,
    tally: Tally,
    red: Pages,
    /// Blue by a store; inputs are blue anyway.
    stored: Pages,
    /// Output addresses stored to.
    addresses: Pages,
}

impl<K: Known, W: Watch> Strict<K, W> {
    pub(super) fn new(cdag: K, watch: W, machine: &Machine) -> Self {
        let (red, stored, addresses) = (Pages::new(), Pages::new(), Pages::new());
        let (recompute, tally) = (machine.recompute, Tally::new(machine));
        Self { cdag, watch, recompute, tally, red, stored, addresses }
    }

    /// The fault of a vertex that lacks a pebble: perhaps it does not even exist.
    #[cold]
    #[inline(never)]
    fn lacks(&self, vertex: Vertex, rule: Rule) -> Box<Fault> {
        let n_vertices = self.cdag.n_vertices();
        let unknown = vertex.0 >= n_vertices;
        Fault::of(vertex, if unknown { Rule::UnknownVertex { n_vertices } } else { rule })
    }

    fn load(&mut self, vertex: Vertex) -> Result<(), Box<Fault>> {
        let input = self.cdag.is_input(vertex);
        if !input && !self.stored.contains(vertex.0) {
            return Err(self.lacks(vertex, Rule::LoadNotBlue));
        }
        if self.red.contains(vertex.0) {
            return Err(Fault::of(vertex, Rule::LoadOfRed));
        }
        self.tally.room(vertex)?;
        self.red.insert(vertex.0);
        self.tally.hold();
        self.tally.loads += 1;
        self.watch.loaded(vertex, input);
        Ok(())
    }

    fn store(&mut self, vertex: Vertex, output: Option<Output>) -> Result<(), Box<Fault>> {
        if !self.red.contains(vertex.0) {
            return Err(self.lacks(vertex, Rule::StoreNotRed));
        }
        if let Some(Output(address)) = output {
            let n_outputs = self.cdag.n_outputs();
            if address >= n_outputs {
                return Err(Fault::of(vertex, Rule::OutputOutOfRange { address, n_outputs }));
            }
            self.addresses.insert(address);
        }
        self.stored.insert(vertex.0);
        self.tally.stores += 1;
        self.watch.stored(vertex, output);
        Ok(())
    }

    #[inline(never)]
    fn rarer(&mut self, it: Move<'_>) -> Result<(), Box<Fault>> {
        match it {
            Move::Load(vertex) => self.load(vertex),
            Move::Store(vertex, output) => self.store(vertex, output),
            Move::Compute { vertex, ref op, operands } => self.compute(vertex, op, operands),
            Move::Free(vertex) => self.free(vertex),
            Move::Accumulate { vertex, .. } => Err(Fault::of(vertex, Rule::AccumulateInStrict)),
        }
    }

    #[inline(never)]
    fn compute_two(
        &mut self,
        vertex: Vertex,
        op: &Op,
        x: Vertex,
        y: Vertex,
    ) -> Result<(), Box<Fault>> {
        self.compute(vertex, op, &[x, y])
    }

    #[inline(always)]
    fn compute(&mut self, vertex: Vertex, op: &Op, given: &[Vertex]) -> Result<(), Box<Fault>> {
        let operands = match self.cdag.operands(vertex, op, given) {
            Ok(operands) => operands,
            Err(rule) => return Err(Fault::of(vertex, rule)),
        };
        for &operand in operands {
            if !self.red.contains(operand.0) {
                return Err(self.operand_not_red(vertex, operand));
            }
        }
        if !K::FRESH && self.red.contains(vertex.0) {
            return Err(Fault::of(vertex, Rule::ComputeOfRed));
        }
        if self.recompute == Recompute::Forbidden && self.cdag.computed(vertex) {
            return Err(Fault::of(vertex, Rule::Recomputed));
        }
        let made = match self.watch.judge(op, operands) {
            Ok(made) => made,
            Err(rule) => return Err(Fault::of(vertex, rule)),
        };
        self.tally.room(vertex)?;
        self.tally.hold();
        self.red.insert(vertex.0);
        self.cdag.set_computed(vertex);
        self.watch.made(vertex, made);
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn operand_not_red(&self, vertex: Vertex, operand: Vertex) -> Box<Fault> {
        let n_vertices = self.cdag.n_vertices();
        if operand.0 >= n_vertices {
            return Fault::of(operand, Rule::UnknownVertex { n_vertices });
        }
        Fault::of(vertex, Rule::OperandNotRed { operand })
    }

    #[inline(never)]
    fn free(&mut self, vertex: Vertex) -> Result<(), Box<Fault>> {
        if !self.red.remove(vertex.0) {
            return Err(self.lacks(vertex, Rule::FreeNotRed));
        }
        self.tally.free();
        self.watch.freed(vertex, &self.stored);
        Ok(())
    }
}

impl<K: Known, W: Watch> Game for Strict<K, W> {
    /// Small, so that it is inlined where the moves are made and the kind of move is known; what it
    /// calls is not.
    #[inline(always)]
    fn step(&mut self, it: Move<'_>) -> Result<(), Box<Fault>> {
        match it {
            Move::Compute { vertex, ref op, operands: &[x, y] } => {
                self.compute_two(vertex, op, x, y)
            }
            Move::Free(vertex) => self.free(vertex),
            _ => self.rarer(it),
        }
    }

    fn tally(&self) -> &Tally {
        &self.tally
    }

    fn finish(&self) -> Result<(Option<u64>, Verified), Ending> {
        if let Some(fault) = self.cdag.missing(&self.stored, &self.addresses) {
            return Err(Ending::Fault(Box::new(fault)));
        }
        let recomputed = self.cdag.recomputed().or(self.watch.recomputed());
        Ok((recomputed, self.watch.finish()?))
    }
}
