//! The referee: moves in, [`IoCount`] or the first [`Violation`] out. Trusted.
//!
//! ```text
//! start   inputs blue, nothing red
//! load    red on a blue vertex, costs 1        store   blue on a red vertex, costs 1
//! compute red on a vertex whose operands are all red       free    takes a red pebble away
//! always  at most M red pebbles; a result has its own beside its operands'
//! end     every output blue
//! ```
//!
//! Legality is not attention: a stream that names its vertices by itself *is* the CDAG, and legality
//! alone says nothing about what it computes. So [`Mode::Values`] also holds the exact word of every
//! red or blue vertex, draws the inputs itself, and compares what the output addresses hold at the
//! end with [`crate::attention::Reference`].
//!
//! A step changes the state only after all its checks have passed. Integers only; no panic on any
//! moves. Sources: Hong & Kung 1981; for partial computations see `partial`.
#![deny(clippy::float_arithmetic, clippy::as_conversions)]

mod exact;
mod pages;
mod partial;
mod strict;
mod violation;

pub use violation::{Refusal, Rule, Unfit, Violation};

use crate::attention::{Reference, Shape, Task};
use crate::cdag::{Operands, Vertex};
use crate::model::{Machine, Partial};
use crate::schedule::{Move, MoveSource};
use crate::value::Values;
use std::{fmt, ops::ControlFlow};

/// What is to be computed.
#[derive(Clone, Copy)]
pub enum Problem<'a> {
    /// A CDAG known beforehand; its sinks are the outputs.
    Explicit(&'a dyn Operands),
    /// The stream is the CDAG: only its legality can be said.
    Stream {
        /// Vertices `0..n_inputs` are blue at the start.
        n_inputs: u64,
        /// Addresses `0..n_outputs` must have been stored to at the end.
        n_outputs: u64,
    },
    /// A stream whose inputs are Q, K, V and whose outputs are O, all row-major.
    Attention {
        /// The sizes.
        shape: Shape,
        /// Is each score multiplied by the softmax scale?
        scaled: bool,
    },
    /// A stream whose inputs and outputs are those of a member of the attention family.
    Task(&'a Task),
}

impl fmt::Debug for Problem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Explicit(cdag) => write!(f, "Explicit({} vertices)", cdag.n_vertices()),
            Self::Stream { n_inputs, n_outputs } => write!(f, "Stream({n_inputs}, {n_outputs})"),
            Self::Attention { shape, scaled } => write!(f, "Attention({shape:?}, {scaled})"),
            Self::Task(it) => write!(f, "{it:?}"),
        }
    }
}

/// How much is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The rules of the game.
    Legality,
    /// The rules, and that the outputs hold attention.
    Values {
        /// Draws the inputs.
        seed: u64,
    },
}

/// What the count vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// The moves are legal, whatever they compute.
    Legal,
    /// The moves are legal and compute attention.
    Attention {
        /// Of these sizes.
        shape: Shape,
        /// With or without the softmax scale.
        scaled: bool,
        /// On the inputs of this seed.
        seed: u64,
        /// How sure that is.
        bound: Bound,
    },
    /// The moves are legal and compute what a member of the attention family does. The error bound of
    /// that test is [`Bound::Heuristic`].
    Task {
        /// On the inputs of this seed.
        seed: u64,
    },
}

/// The standing of the exact run's error bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The scores are independent, so Schwartz–Zippel applies: at most degree/r.
    Proved,
    /// d < min(N, N'): a strong test without a proved bound.
    Heuristic,
}

/// What a legal schedule moved. Made only by [`replay`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IoCount {
    loads: u64,
    stores: u64,
    peak: u64,
    computes: u64,
    moves: u64,
    recomputed: Option<u64>,
    verified: Verified,
}

impl IoCount {
    /// Words loaded.
    #[must_use]
    pub fn loads(&self) -> u64 {
        self.loads
    }

    /// Words stored.
    #[must_use]
    pub fn stores(&self) -> u64 {
        self.stores
    }

    /// Words moved: loads and stores.
    #[must_use]
    pub fn io(&self) -> u64 {
        self.loads + self.stores
    }

    /// The most red pebbles at any time.
    #[must_use]
    pub fn peak(&self) -> u64 {
        self.peak
    }

    /// Computes and accumulates.
    #[must_use]
    pub fn computes(&self) -> u64 {
        self.computes
    }

    /// All moves.
    #[must_use]
    pub fn moves(&self) -> u64 {
        self.moves
    }

    /// Repeated computes of an explicit CDAG; for attention judged by value, products of a word of Q
    /// and the word of K with the same l that were computed before. `None` where nobody looked.
    #[must_use]
    pub fn recomputed(&self) -> Option<u64> {
        self.recomputed
    }

    /// What was judged.
    #[must_use]
    pub fn verified(&self) -> Verified {
        self.verified
    }
}

/// Vertices, addresses and products the referee keeps bits for: 2³⁶. Absent ones cost little, but a
/// file that only announces them must not exhaust memory.
pub const MAX_BITS: u64 = 1 << 36;

/// Inputs of an exact run, 2²⁶: K and V are held as words for the reference.
pub const MAX_EXACT_INPUTS: u64 = 1 << 26;

/// Plays `moves` on `machine` by the rules and counts the words moved.
///
/// # Errors
///
/// The first [`Violation`], the source's own failure, or why the problem cannot be judged at all.
pub fn replay<S: MoveSource>(
    problem: &Problem<'_>,
    machine: &Machine,
    mode: Mode,
    moves: S,
) -> Result<IoCount, Refusal<S::Error>> {
    use strict::{Explicit, Legal, Stream, Strict};
    let (n_inputs, n_outputs) = match (problem, mode) {
        (&Problem::Explicit(cdag), Mode::Legality) => {
            within("vertices", u128::from(cdag.n_vertices()), MAX_BITS)?;
            return match machine.partial {
                Partial::Off => play(Strict::new(Explicit::new(cdag), Legal, machine), moves),
                Partial::On => play(partial::Marking::new(cdag, machine), moves),
            };
        }
        (Problem::Stream { n_inputs, n_outputs }, Mode::Legality) => {
            (u128::from(*n_inputs), u128::from(*n_outputs))
        }
        (Problem::Attention { shape, .. }, _) => (shape.n_inputs(), shape.n_outputs()),
        (Problem::Task(task), _) => (task.n_inputs(), task.n_outputs()),
        (Problem::Explicit(_) | Problem::Stream { .. }, Mode::Values { .. }) => {
            return Err(Refusal::Unfit(Unfit::NoReference));
        }
    };
    if machine.partial == Partial::On {
        return Err(Refusal::Unfit(Unfit::PartialStream));
    }
    let cdag =
        Stream::new(within("inputs", n_inputs, MAX_BITS)?, within("outputs", n_outputs, MAX_BITS)?);
    match (*problem, mode) {
        (Problem::Attention { shape, scaled }, Mode::Values { seed }) => {
            within("inputs of an exact run", n_inputs, MAX_EXACT_INPUTS)?;
            let words = u128::from(shape.d()) + u128::from(shape.d_v());
            within("products", shape.pairs().saturating_mul(words), MAX_BITS)?;
            let what = exact::What::Attention { shape, scaled };
            let watch = exact::Exact::new(what, Values { seed }, machine.recompute);
            play(Strict::new(cdag, watch, machine), moves)
        }
        (Problem::Task(task), Mode::Values { seed }) => {
            within("inputs of an exact run", n_inputs, MAX_EXACT_INPUTS)?;
            let what = exact::What::Task(task);
            let watch = exact::Exact::new(what, Values { seed }, machine.recompute);
            play(Strict::new(cdag, watch, machine), moves)
        }
        _ => play(Strict::new(cdag, Legal, machine), moves),
    }
}

fn within<E>(what: &'static str, found: u128, limit: u64) -> Result<u64, Refusal<E>> {
    let fits = u64::try_from(found).ok().filter(|it| *it <= limit);
    fits.ok_or(Refusal::Unfit(Unfit::TooLarge { what, found, limit }))
}

/// A fault before its step is known; boxed so that a step without one costs a register.
#[derive(Debug)]
struct Fault {
    vertex: Option<Vertex>,
    rule: Rule,
}

impl Fault {
    #[cold]
    #[inline(never)]
    fn of(vertex: Vertex, rule: Rule) -> Box<Self> {
        Box::new(Self { vertex: Some(vertex), rule })
    }

    fn at(&self, step: u64) -> Violation {
        Violation { step, vertex: self.vertex, rule: self.rule }
    }
}

/// Why a game has no good end.
enum Ending {
    Fault(Box<Fault>),
    Unfit(Unfit),
}

/// The rules: strict, or with partial computations.
trait Game {
    /// Changes nothing if it fails.
    fn step(&mut self, it: Move<'_>) -> Result<(), Box<Fault>>;
    fn tally(&self) -> &Tally;
    /// Are the outputs there? How often was something computed again, and what is vouched for?
    fn finish(&self) -> Result<(Option<u64>, Verified), Ending>;
}

fn play<S: MoveSource>(mut game: impl Game, mut moves: S) -> Result<IoCount, Refusal<S::Error>> {
    let ended = moves.emit(&mut |it| match game.step(it) {
        Ok(()) => ControlFlow::Continue(()),
        Err(fault) => ControlFlow::Break(fault),
    });
    let n_moves = game.tally().moves();
    if let ControlFlow::Break(fault) = ended.map_err(Refusal::Source)? {
        return Err(Refusal::Violation(fault.at(n_moves + 1)));
    }
    let (recomputed, verified) = game.finish().map_err(|it| match it {
        Ending::Fault(fault) => Refusal::Violation(fault.at(n_moves + 1)),
        Ending::Unfit(unfit) => Refusal::Unfit(unfit),
    })?;
    let &Tally { loads, stores, peak, .. } = game.tally();
    let computes = game.tally().computes();
    Ok(IoCount { loads, stores, peak, computes, moves: n_moves, recomputed, verified })
}

/// The counters both games share. Few, because every move pays for them: a load or a compute adds a
/// red pebble, a free takes one away, and the rest follows.
#[derive(Debug)]
struct Tally {
    fast: u64,
    /// Red pebbles now.
    held: u64,
    peak: u64,
    loads: u64,
    stores: u64,
    frees: u64,
    /// Accumulates into a vertex that was red already.
    in_place: u64,
}

impl Tally {
    fn new(machine: &Machine) -> Self {
        let fast = machine.fast.0;
        Self { fast, held: 0, peak: 0, loads: 0, stores: 0, frees: 0, in_place: 0 }
    }

    /// Computes and accumulates.
    fn computes(&self) -> u64 {
        self.held + self.frees - self.loads + self.in_place
    }

    /// Legal moves so far.
    fn moves(&self) -> u64 {
        self.loads + self.stores + self.computes() + self.frees
    }

    /// Is there room for one more?
    #[inline]
    fn room(&self, vertex: Vertex) -> Result<(), Box<Fault>> {
        if self.held < self.fast {
            return Ok(());
        }
        let rule = Rule::OverCapacity { needed: self.held + 1, available: self.fast };
        Err(Fault::of(vertex, rule))
    }

    /// One more; the peak is taken after the change.
    #[inline]
    fn hold(&mut self) {
        self.held += 1;
        if self.held > self.peak {
            self.peak = self.held;
        }
    }

    /// One less.
    #[inline]
    fn free(&mut self) {
        self.held -= 1;
        self.frees += 1;
    }
}
