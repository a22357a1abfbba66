//! Why a referee says no: every rule of the game, each with its numbers.

use crate::cdag::Vertex;
use crate::value::Undefined;
use std::fmt;

/// The first broken rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which move, counted from 1; one past the last where something is missing at the end.
    pub step: u64,
    /// The vertex the move is about, or the one an output address holds.
    pub vertex: Option<Vertex>,
    /// What it breaks.
    pub rule: Rule,
}

/// A rule, broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The vertex does not exist, or not yet.
    UnknownVertex {
        /// Vertices are below this.
        n_vertices: u64,
    },
    /// A load needs a blue pebble.
    LoadNotBlue,
    /// A load of what is in fast memory already.
    LoadOfRed,
    /// A store needs a red pebble.
    StoreNotRed,
    /// Only a red pebble can be freed.
    FreeNotRed,
    /// A compute reads fast memory only.
    OperandNotRed {
        /// The operand.
        operand: Vertex,
    },
    /// Inputs are given, not computed.
    ComputeOfInput,
    /// The vertex holds a red pebble already.
    ComputeOfRed,
    /// One pebble more than fast memory has words.
    OverCapacity {
        /// Words needed.
        needed: u64,
        /// M.
        available: u64,
    },
    /// The vertex, or the product q·k, was computed before and may not be again.
    Recomputed,
    /// An output vertex has no blue pebble at the end.
    OutputNotBlue,
    /// An output address was never stored to.
    OutputMissing {
        /// The address.
        address: u64,
    },
    /// A stream numbers its computes one after the other.
    OutOfOrder {
        /// The number the compute must have.
        expected: u64,
    },
    /// `accumulate` belongs to the game with partial computations.
    AccumulateInStrict,
    /// The operation takes another number of operands.
    OperandCount {
        /// How many it takes.
        needed: u64,
        /// How many there are.
        given: u64,
    },
    /// The operands are not those of the CDAG, in its order.
    WrongOperands,
    /// An unnamed operation has no value.
    OpaqueOp,
    /// The operation has no exact value here.
    Undefined(Undefined),
    /// The output address holds something else than attention.
    WrongValue {
        /// The address.
        address: u64,
    },
    /// The output address does not exist.
    OutputOutOfRange {
        /// The address.
        address: u64,
        /// Addresses are below this.
        n_outputs: u64,
    },
    /// The accumulator does not read that vertex.
    NoSuchEdge {
        /// What it was to read.
        from: Vertex,
    },
    /// Every edge from that vertex is marked.
    EdgeMarked {
        /// The vertex read.
        from: Vertex,
    },
    /// The operand still waits for in-edges of its own.
    UnfinishedOperand {
        /// The operand.
        operand: Vertex,
    },
    /// The accumulator was begun and is in slow memory only.
    AccumulatorNotRed,
    /// A value newer than its slow copy is freed while it is unfinished or still to be read.
    FreeOfDark {
        /// In-edges that are not marked.
        unfinished: u64,
        /// Out-edges that are not marked.
        unread: u64,
    },
    /// An output was stored before its last in-edge was marked.
    OutputUnfinished,
}

impl Rule {
    /// The name in JSON.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::UnknownVertex { .. } => "unknown-vertex",
            Self::LoadNotBlue => "load-not-blue",
            Self::LoadOfRed => "load-of-red",
            Self::StoreNotRed => "store-not-red",
            Self::FreeNotRed => "free-not-red",
            Self::OperandNotRed { .. } => "operand-not-red",
            Self::ComputeOfInput => "compute-of-input",
            Self::ComputeOfRed => "compute-of-red",
            Self::OverCapacity { .. } => "over-capacity",
            Self::Recomputed => "recomputed",
            Self::OutputNotBlue => "output-not-blue",
            Self::OutputMissing { .. } => "output-missing",
            Self::OutOfOrder { .. } => "out-of-order",
            Self::AccumulateInStrict => "accumulate-in-strict",
            Self::OperandCount { .. } => "operand-count",
            Self::WrongOperands => "wrong-operands",
            Self::OpaqueOp => "opaque-op",
            Self::Undefined(_) => "undefined",
            Self::WrongValue { .. } => "wrong-value",
            Self::OutputOutOfRange { .. } => "output-out-of-range",
            Self::NoSuchEdge { .. } => "no-such-edge",
            Self::EdgeMarked { .. } => "edge-marked",
            Self::UnfinishedOperand { .. } => "unfinished-operand",
            Self::AccumulatorNotRed => "accumulator-not-red",
            Self::FreeOfDark { .. } => "free-of-dark",
            Self::OutputUnfinished => "output-unfinished",
        }
    }

    /// How much of it was needed, where the rule counts something.
    #[must_use]
    pub fn needed(&self) -> Option<u64> {
        match *self {
            Self::OverCapacity { needed, .. } | Self::OperandCount { needed, .. } => Some(needed),
            _ => None,
        }
    }

    /// How much of it there was, where the rule counts something.
    #[must_use]
    pub fn available(&self) -> Option<u64> {
        match *self {
            Self::OverCapacity { available: it, .. } | Self::OperandCount { given: it, .. } => {
                Some(it)
            }
            _ => None,
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownVertex { n_vertices } => {
                write!(f, "the vertex does not exist: there are {n_vertices} so far")
            }
            Self::LoadNotBlue => f.write_str("load of a vertex that is not in slow memory"),
            Self::LoadOfRed => f.write_str("load of a vertex that is in fast memory already"),
            Self::StoreNotRed => f.write_str("store of a vertex that is not in fast memory"),
            Self::FreeNotRed => f.write_str("free of a vertex that is not in fast memory"),
            Self::OperandNotRed { operand } => {
                write!(f, "operand {} is not in fast memory", operand.0)
            }
            Self::ComputeOfInput => f.write_str("compute of an input"),
            Self::ComputeOfRed => f.write_str("compute of a vertex that is in fast memory already"),
            Self::OverCapacity { needed, available } => {
                write!(f, "{needed} words needed, fast memory has {available}")
            }
            Self::Recomputed => f.write_str("computed before, and recomputation is forbidden"),
            Self::OutputNotBlue => f.write_str("an output that is not in slow memory at the end"),
            Self::OutputMissing { address } => {
                write!(f, "output address {address} is never stored to")
            }
            Self::OutOfOrder { expected } => {
                write!(f, "computes of a stream are numbered in order: expected {expected}")
            }
            Self::AccumulateInStrict => {
                f.write_str("accumulate belongs to the game with partial computations")
            }
            Self::OperandCount { needed, given } => {
                write!(f, "the operation takes {needed} operands, not {given}")
            }
            Self::WrongOperands => f.write_str("the operands are not those of the cdag"),
            Self::OpaqueOp => f.write_str("an operation without a name has no value"),
            Self::Undefined(it) => write!(f, "no exact value: {it}"),
            Self::WrongValue { address } => {
                write!(f, "output address {address} does not hold attention")
            }
            Self::OutputOutOfRange { address, n_outputs } => {
                write!(f, "output address {address}, but there are {n_outputs} outputs")
            }
            Self::NoSuchEdge { from } => write!(f, "it does not read vertex {}", from.0),
            Self::EdgeMarked { from } => write!(f, "its edges from {} are marked", from.0),
            Self::UnfinishedOperand { operand } => {
                write!(f, "operand {} waits for in-edges of its own", operand.0)
            }
            Self::AccumulatorNotRed => f.write_str("the accumulator is in slow memory only"),
            Self::FreeOfDark { unfinished, unread } => write!(
                f,
                "free of an unsaved value with {unfinished} in-edges and {unread} out-edges to mark"
            ),
            Self::OutputUnfinished => f.write_str("an output with in-edges that are not marked"),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "move {}", self.step)?;
        if let Some(vertex) = self.vertex {
            write!(f, ", vertex {}", vertex.0)?;
        }
        write!(f, ": {}", self.rule)
    }
}

impl std::error::Error for Violation {}

/// A problem that cannot be judged in this game or mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// More than the referee keeps books for.
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much.
        found: u128,
        /// How much is kept.
        limit: u64,
    },
    /// Only attention has values to compare with.
    NoReference,
    /// Partial computations mark the edges of an explicit CDAG; a stream has none beforehand.
    PartialStream,
    /// The reference divides by zero with this seed.
    UnluckySeed {
        /// The seed.
        seed: u64,
    },
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { what, found, limit } => {
                write!(f, "{found} {what}, but the referee keeps books for at most {limit}")
            }
            Self::NoReference => f.write_str("only attention has values to compare with"),
            Self::PartialStream => {
                f.write_str("partial computations need a cdag that is given beforehand")
            }
            Self::UnluckySeed { seed } => {
                write!(f, "with seed {seed} the reference divides by zero; take another")
            }
        }
    }
}

/// Why there is no count. Only the last says that the schedule is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal<E> {
    /// The problem cannot be judged.
    Unfit(Unfit),
    /// The moves stopped by themselves.
    Source(E),
    /// The schedule breaks a rule.
    Violation(Violation),
}

impl<E: fmt::Display> fmt::Display for Refusal<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfit(it) => it.fmt(f),
            Self::Source(it) => it.fmt(f),
            Self::Violation(it) => it.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for Refusal<E> {}
