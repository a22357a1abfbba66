//! A checked schedule: names resolved to slots and arrays, extents in normal form.
//!
//! Only the static checks make one ([`Draft::check`](super::Draft)), so a reading may rely on them:
//! every use is live, extents agree, live sets agree around loops, nothing leaks.

use super::{
    draft::{Draft, Fill, Order, Role},
    poly::{Poly, Slot},
};
use crate::op::{Constant, Op};

/// A slow array's number, in order of declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slow(pub usize);

/// A fast array's number, in order of first birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fast(pub usize);

/// A declared array in slow memory.
#[derive(Clone, Debug)]
pub struct SlowArray {
    /// Its name.
    pub name: String,
    /// The line that declares it.
    pub line: u32,
    /// Input, output or scratch.
    pub role: Role,
    /// Its extents, over the parameters.
    pub dims: Vec<Poly>,
    /// Words an element.
    pub weight: u64,
}

/// A name that lives in fast memory.
#[derive(Clone, Debug)]
pub struct FastArray {
    /// Its name.
    pub name: String,
    /// Words an element.
    pub weight: u64,
}

/// One dimension of a region of a slow array.
#[derive(Clone, Debug)]
pub enum Range {
    /// `lo .. lo + extent`; kept as a dimension of the fast array.
    Span {
        /// First index.
        lo: Poly,
        /// How many.
        extent: Poly,
    },
    /// One index; no dimension of the fast array.
    At(Poly),
    /// One index, the integer that a fast array without dimensions holds.
    Loaded(Fast),
}

/// A tile loop; its start and length are slots.
#[derive(Clone, Debug)]
pub struct Loop {
    /// Independent iterations.
    pub par: bool,
    /// Slot of the tile's start.
    pub start: Slot,
    /// Slot of the tile's length, clipped at `hi`.
    pub len: Slot,
    /// First start.
    pub lo: Poly,
    /// End.
    pub hi: Poly,
    /// From start to start.
    pub step: Poly,
    /// What is done for each tile.
    pub body: Vec<Node>,
}

/// Where an element stands in one dimension of a fast array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subscript {
    /// At an index of the assignment: its number in [`Assign::indices`].
    Index(usize),
    /// At a place given by slots.
    Place(Poly),
}

/// An element of a fast array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The array.
    pub array: Fast,
    /// One a dimension.
    pub subscripts: Vec<Subscript>,
}

/// A right side: a tree whose inner nodes are operations, each a vertex of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A constant standing alone: a vertex without operands.
    Constant(Constant),
    /// An element.
    Read(Read),
    /// An operation; a constant factor is part of it.
    Apply(Op, Vec<Self>),
}

/// `left − right` compared with 0.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Over slots and the assignment's index slots.
    pub difference: Poly,
    /// The comparison with 0.
    pub order: Order,
}

/// An index of an assignment: a slot that runs over `0..extent`.
#[derive(Clone, Debug)]
pub struct Index {
    /// Its slot.
    pub slot: Slot,
    /// Its extent.
    pub extent: Poly,
}

/// An assignment.
#[derive(Clone, Debug)]
pub struct Assign {
    /// The array it fills.
    pub target: Fast,
    /// Is the array born here? Otherwise it is updated in place.
    pub birth: bool,
    /// Set, sum or maximum.
    pub fill: Fill,
    /// The indices: those on the left in their order, then the reduced ones as they appear.
    pub indices: Vec<Index>,
    /// How many of them are on the left.
    pub n_left: usize,
    /// Where the target's element stands.
    pub subscripts: Vec<Subscript>,
    /// The target's extents.
    pub shape: Vec<Poly>,
    /// The term.
    pub right: Term,
    /// All must hold for a term to take part.
    pub conditions: Vec<Condition>,
}

/// What a statement does.
#[derive(Clone, Debug)]
pub enum Step {
    /// A loop.
    Loop(Loop),
    /// Slow to fast; the array is born.
    Load {
        /// The fast array.
        fast: Fast,
        /// The slow array.
        slow: Slow,
        /// The region, one range a dimension of the slow array.
        region: Vec<Range>,
    },
    /// Fast to slow; the array stays.
    Store {
        /// The slow array.
        slow: Slow,
        /// The region, one range a dimension of the slow array.
        region: Vec<Range>,
        /// The fast array.
        fast: Fast,
    },
    /// An assignment.
    Assign(Assign),
    /// The arrays die.
    Free(Vec<Fast>),
}

/// A statement with its place in the text.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its number in text order, from 0; see [`Program::lines`].
    pub id: usize,
    /// What it does.
    pub step: Step,
}

/// The line a statement stands on, and its text.
#[derive(Clone, Debug)]
pub struct Line {
    /// Line number, from 1.
    pub line: u32,
    /// The statement in its printed form.
    pub text: String,
    /// Depth of nesting.
    pub depth: usize,
}

/// A checked schedule.
#[derive(Clone, Debug)]
pub struct Program {
    /// The draft it was made from.
    pub draft: Draft,
    /// The name of every slot.
    pub slots: Vec<String>,
    /// Parameters, in order of declaration.
    pub params: Vec<Slot>,
    /// Tiles, in order of declaration.
    pub tiles: Vec<Slot>,
    /// The parameter under the root of `scale = 1/√d`.
    pub scale: Option<Slot>,
    /// Slow arrays.
    pub slow: Vec<SlowArray>,
    /// Fast arrays.
    pub fast: Vec<FastArray>,
    /// The schedule.
    pub body: Vec<Node>,
    /// Where each statement stands.
    pub lines: Vec<Line>,
}

impl Program {
    /// The name of `slot`.
    #[must_use]
    pub fn name(&self, slot: Slot) -> &str {
        &self.slots[slot.index()]
    }

    /// The slow arrays with `role`, in order of declaration.
    pub fn with_role(&self, role: Role) -> impl Iterator<Item = Slow> {
        (0..self.slow.len()).map(Slow).filter(move |it| self.slow[it.0].role == role)
    }

    /// Does every array hold one word an element?
    #[must_use]
    pub fn unit_weights(&self) -> bool {
        self.slow.iter().all(|it| it.weight == 1) && self.fast.iter().all(|it| it.weight == 1)
    }

    /// Is a maximum taken anywhere? Without one exp overflows on large scores.
    #[must_use]
    pub fn takes_max(&self) -> bool {
        fn term(it: &Term) -> bool {
            match it {
                Term::Apply(op, terms) => *op == Op::Max || terms.iter().any(term),
                Term::Constant(_) | Term::Read(_) => false,
            }
        }
        fn any(nodes: &[Node]) -> bool {
            nodes.iter().any(|it| match &it.step {
                Step::Loop(it) => any(&it.body),
                Step::Assign(it) => it.fill == Fill::Max || term(&it.right),
                Step::Load { .. } | Step::Store { .. } | Step::Free(_) => false,
            })
        }
        any(&self.body)
    }
}

/// Extents of a fast array that holds `region`.
#[must_use]
pub fn extents(region: &[Range]) -> Vec<Poly> {
    region
        .iter()
        .filter_map(|it| match it {
            Range::Span { extent, .. } => Some(extent.clone()),
            Range::At(_) | Range::Loaded(_) => None,
        })
        .collect()
}
