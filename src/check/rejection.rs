//! Why a certificate is not accepted, and where in it.

use crate::cdag::Vertex;
use num_bigint::BigUint;
use std::fmt;

/// The first step that fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Where.
    pub place: Place,
    /// Why.
    pub reason: Reason,
}

/// A part of a certificate; counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The CDAG that it is set against.
    Cdag,
    /// The claim.
    Claim,
    /// The evidence as a whole.
    Evidence,
    /// A wavefront.
    Wavefront(usize),
    /// A path of a wavefront.
    Path {
        /// Of this wavefront.
        wavefront: usize,
        /// The path.
        path: usize,
    },
}

impl Place {
    pub(super) fn because(self, reason: Reason) -> Rejection {
        Rejection { place: self, reason }
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The CDAG has more vertices or edges than the checker looks at, or the evidence takes too many
    /// steps.
    TooLarge,
    /// A vertex that the CDAG does not have.
    UnknownVertex(Vertex),
    /// The CDAG's inputs or outputs are not its sources and sinks.
    OddEnds(Vertex),
    /// The claim is about another CDAG, or another kind of problem.
    OtherProblem,
    /// No theorem has this id.
    UnknownBound,
    /// The theorem says nothing of partial computations.
    PartialGame,
    /// The theorem holds only where each vertex is computed once.
    RecomputationAllowed,
    /// M is too small for any schedule, or larger than the program accepts.
    FastOutOfRange {
        /// A vertex and its operands.
        least: u64,
        /// The limit.
        most: u64,
    },
    /// A size of attention that is 0 or beyond 2⁴⁸, or fewer pairs than rows or keys, or more than all.
    BadSizes,
    /// The theorem is only about attention of which this holds.
    Hypothesis(&'static str),
    /// The theorem was proved only where this holds.
    OutsideRange(&'static str),
    /// Evidence of another kind than the theorem asks for, or another number of wavefronts.
    WrongEvidence,
    /// Segments of length 0.
    EmptySegment,
    /// An input is never computed.
    AtInput,
    /// A path has no edge.
    ShortPath,
    /// Of two vertices that follow each other on a path the second does not read the first.
    NoEdge {
        /// The first.
        from: Vertex,
        /// The second.
        to: Vertex,
    },
    /// A path starts at a vertex that need not be computed yet.
    StartNotAbove,
    /// A path ends at a vertex that may be computed already.
    EndNotBelow,
    /// A vertex is in the body of two paths of one wavefront.
    SharedVertex(Vertex),
    /// A vertex is in the bodies of paths of two wavefronts, and the first of these paths does not
    /// end before the second wavefront.
    Overlap(Vertex),
    /// The value is not the one that the evidence proves.
    WrongValue {
        /// The value that it proves.
        proved: BigUint,
    },
}

impl Reason {
    /// Its name, as in the names of the files under `proofs/*/reject/`.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::UnknownVertex(_) => "unknown-vertex",
            Self::OddEnds(_) => "odd-ends",
            Self::OtherProblem => "other-problem",
            Self::UnknownBound => "unknown-bound",
            Self::PartialGame => "partial-game",
            Self::RecomputationAllowed => "recomputation-allowed",
            Self::FastOutOfRange { .. } => "fast-out-of-range",
            Self::BadSizes => "bad-sizes",
            Self::Hypothesis(_) => "hypothesis",
            Self::OutsideRange(_) => "outside-range",
            Self::WrongEvidence => "wrong-evidence",
            Self::EmptySegment => "empty-segment",
            Self::AtInput => "at-input",
            Self::ShortPath => "short-path",
            Self::NoEdge { .. } => "no-edge",
            Self::StartNotAbove => "start-not-above",
            Self::EndNotBelow => "end-not-below",
            Self::SharedVertex(_) => "shared-vertex",
            Self::Overlap(_) => "overlap",
            Self::WrongValue { .. } => "wrong-value",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cdag => f.write_str("the CDAG"),
            Self::Claim => f.write_str("the claim"),
            Self::Evidence => f.write_str("the evidence"),
            Self::Wavefront(it) => write!(f, "wavefront {it}"),
            Self::Path { wavefront, path } => write!(f, "wavefront {wavefront}, path {path}"),
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        match &self.reason {
            Reason::TooLarge => f.write_str("too large to be checked"),
            Reason::UnknownVertex(it) => write!(f, "there is no vertex {}", it.0),
            Reason::OddEnds(it) => {
                write!(f, "vertex {} is marked input or output but is no source or sink", it.0)
            }
            Reason::OtherProblem => f.write_str("it is about another problem"),
            Reason::UnknownBound => f.write_str("no bound has this id"),
            Reason::PartialGame => f.write_str("the bound is about the strict game"),
            Reason::RecomputationAllowed => {
                f.write_str("the bound holds only where recomputation is forbidden")
            }
            Reason::FastOutOfRange { least, most } => {
                write!(f, "M must lie between {least} and {most}")
            }
            Reason::BadSizes => f.write_str(
                "sizes lie between 1 and 2^48, pairs between the larger of rows and keys and their product",
            ),
            Reason::Hypothesis(it) => write!(f, "the bound is only about attention with: {it}"),
            Reason::OutsideRange(it) => write!(f, "the bound was proved only for {it}"),
            Reason::WrongEvidence => f.write_str("not the evidence that this bound takes"),
            Reason::EmptySegment => f.write_str("a segment is not empty"),
            Reason::AtInput => f.write_str("an input is never computed"),
            Reason::ShortPath => f.write_str("a path has at least two vertices"),
            Reason::NoEdge { from, to } => write!(f, "vertex {} does not read {}", to.0, from.0),
            Reason::StartNotAbove => {
                f.write_str("it starts neither at the wavefront's vertex nor at an ancestor of it")
            }
            Reason::EndNotBelow => {
                f.write_str("it does not end at a descendant of the wavefront's vertex")
            }
            Reason::SharedVertex(it) => {
                write!(f, "vertex {} is on another path of this wavefront", it.0)
            }
            Reason::Overlap(it) => write!(
                f,
                "vertex {} is on a path of an earlier wavefront that does not end above this one",
                it.0
            ),
            Reason::WrongValue { proved } => write!(f, "the evidence proves {proved}"),
        }
    }
}

impl std::error::Error for Rejection {}
