//! Claims with their evidence: what a maker of bounds hands over and `check` verifies.
//!
//! ```text
//! claim        on this problem and machine every schedule moves at least `value` words, by `bound`
//! certificate  a claim and what a checker needs to see that it holds
//! bound        a certificate that `check` has accepted
//! ```
//!
//! Everything here is plain data and nothing of it is to be believed. The text format is
//! `iobound-certificate 1`, described in `proofs/README.md`; [`parse()`] reads it and `Display`
//! writes it, and what is written is read back as the same.
#![deny(clippy::float_arithmetic, clippy::as_conversions)]

mod digest;
mod parse;
mod print;

pub use digest::Digest;
pub use parse::{Kind, MAX_DIGITS, ParseError, parse};

use crate::cdag::{Operands, Vertex};
use crate::model::Machine;
use num_bigint::BigUint;

/// A claim and its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// What is said.
    pub claim: Claim,
    /// Why it holds.
    pub evidence: Evidence,
}

/// Every schedule of `problem` on `machine` moves at least `value` words, by the theorem `bound`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What is computed.
    pub problem: Problem,
    /// M and the variant of the game.
    pub machine: Machine,
    /// The theorem's id: lower-case letters, digits and hyphens.
    pub bound: String,
    /// Loads and stores, in words.
    pub value: BigUint,
}

/// What is computed, said in one of five ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The CDAG itself: entry v lists the operands of vertex v, in their order.
    Inline(Vec<Vec<Vertex>>),
    /// The CDAG with this digest, wherever it comes from.
    Digest(Digest),
    /// The CDAG in the file of this name, seen from the folder of the certificate.
    File {
        /// A relative path of plain names, see [`is_file_name`].
        name: String,
        /// Of the CDAG in that file.
        digest: Digest,
    },
    /// Attention by its sizes: any CDAG of the class in `proofs/CLASS.md`.
    Attention(Attention),
    /// The backward pass of attention by its sizes: any CDAG of the class in
    /// `proofs/backward/README.md`.
    Backward(Attention),
}

/// Which pass of attention a theorem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pass {
    /// O from Q, K and V.
    Forward,
    /// dQ, dK and dV from Q, K, V and dO.
    Backward,
}

impl Pass {
    /// This pass of `attention`, as a certificate names it.
    #[must_use]
    pub fn of(self, attention: Attention) -> Problem {
        match self {
            Self::Forward => Problem::Attention(attention),
            Self::Backward => Problem::Backward(attention),
        }
    }
}

/// Independent attentions of one shape, which share nothing but fast memory.
///
/// In the backward pass a row of dO is as wide as one of O, and each gradient as its matrix.
///
/// Rows and keys are those with at least one pair. Grouped queries, g of them for each key head, are
/// g times the rows and pairs of one head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attention {
    /// N: rows of Q and O of one copy.
    pub rows: u64,
    /// N': rows of K and V of one copy.
    pub keys: u64,
    /// Words in a row of Q and K.
    pub d_k: u64,
    /// Words in a row of V and O.
    pub d_v: u64,
    /// |E|: pairs of a row and a key that the mask keeps, of one copy.
    pub pairs: u128,
    /// Batch times heads, or times key heads.
    pub copies: u64,
}

impl Attention {
    /// One head of self-attention, no mask.
    #[must_use]
    pub fn square(n: u64, d: u64) -> Self {
        let pairs = u128::from(n) * u128::from(n);
        Self { rows: n, keys: n, d_k: d, d_v: d, pairs, copies: 1 }
    }
}

impl Problem {
    /// `cdag`, written out.
    #[must_use]
    pub fn inline(cdag: &dyn Operands) -> Self {
        let vertices = (0..cdag.n_vertices()).map(Vertex);
        Self::Inline(vertices.map(|it| cdag.operands(it).to_vec()).collect())
    }
}

/// What a checker needs to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The problem is enough.
    None,
    /// Moments of the schedule and the values that are alive then.
    Wavefronts(Vec<Wavefront>),
    /// The length of the segments into which the theorem cuts a schedule.
    Segment(u64),
}

/// The moment at which `at` is computed, and paths from what is computed by then to what is not.
///
/// Of a path all vertices but the last are its *body*; the last may belong to several paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wavefront {
    /// The vertex just computed.
    pub at: Vertex,
    /// Each from `at` or an ancestor of it to a descendant of it.
    pub paths: Vec<Vec<Vertex>>,
}

/// Is `name` a relative path of plain names: letters, digits, `_`, `-`, `.`, separated by `/`?
#[must_use]
pub fn is_file_name(name: &str) -> bool {
    let plain = |it: char| it.is_ascii_alphanumeric() || "._-".contains(it);
    name.len() <= 200
        && name.split('/').all(|it| !it.is_empty() && !it.starts_with('.') && it.chars().all(plain))
}

/// Can `id` be the id of a theorem?
#[must_use]
pub fn is_bound_id(id: &str) -> bool {
    let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    (1..=60).contains(&id.len()) && id.chars().all(plain)
}

#[cfg(test)]
mod tests;
