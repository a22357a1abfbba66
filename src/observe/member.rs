//! Is a schedule in the class of CDAGs that the bounds are about, `proofs/CLASS.md`?
//!
//! A stream is its own CDAG, each compute a vertex of its own. If [`Class::Member`] is said of a
//! stream that the referee accepts as attention, by value, the CDAG is in the class:
//!
//! - *The vertices.* Pair vertices of (i, j) are those tagged [`Tag::Pair`], accumulators of (i, l)
//!   those tagged [`Tag::Place`], both without what no output is made of (Lemma 1 leaves it out).
//! - *Products.* They are counted here, each at least once.
//! - *1, different vertices*: a vertex has one tag, and inputs have others.
//! - *2, paths from every x to every y of a pair*: an interval of words grows only by one that is
//!   adjacent, and a y needs the whole; so products of all l lead to its pair vertex, by pair
//!   vertices. If none is computed again they are all there are.
//! - *3, 4, operands of the same kind*: each rule of [`Tag::of`] that makes a pair vertex or an
//!   accumulator has one, but for the rules of the products.
//! - *4, paths to `O_il` and no other output*: [`Tag::Other`] makes nothing but itself, and the
//!   outputs are accumulators of their own (i, l), looked at here; so an accumulator that leads to
//!   an output goes only over accumulators of the same (i, l). One that is used for anything else
//!   is not accepted, though it could be left out.
//! - *Each output is made of all its y*: by value. `O_il` depends on every `v_jl`, and no rule
//!   takes a word of V but that of y.
//!
//! Where products are computed again, a pair has several vertices x for one l, and several y. The
//! proof of a bound that allows recomputation takes each as the product that it is: it uses of 2 only
//! that every x is computed, and 3 and 4, Lemmas 1 to 4 with them, hold as they stand.
#![deny(clippy::float_arithmetic, clippy::as_conversions)]

use super::{Product, Tag, Tags, TooLarge};
use crate::attention::{Shape, variant::Keeps};
use crate::cdag::Vertex;
use crate::schedule::{Move, Output};
use std::fmt;

/// Bits kept for products and outputs, at most.
pub const MAX_BITS: u64 = 1 << 32;

/// Is the stream's CDAG in the class? E is all pairs, or those that a mask keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// It is, if the outputs hold attention.
    Member {
        /// Products computed again, x and y together; 0 if each is computed once.
        recomputed: u64,
    },
    /// Not known.
    Unknown(Why),
}

/// The first reason for which the class is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// An accumulator is an operand of something that is none of the same (i, l).
    Leaves {
        /// The move, from 1.
        step: u64,
        /// What is made of the accumulator.
        vertex: Vertex,
        /// i.
        row: u32,
        /// l.
        word: u32,
    },
    /// At the end an output address holds something that is no accumulator of it.
    Output {
        /// i.
        row: u64,
        /// l.
        word: u64,
    },
    /// A product is never computed.
    Missing(Product),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leaves { step, vertex: Vertex(vertex), row, word } => write!(
                f,
                "step {step}: vertex {vertex} is made of an accumulator of O[{row},{word}] and is none"
            ),
            Self::Output { row, word } => {
                write!(f, "O[{row},{word}] holds no accumulator of it at the end")
            }
            Self::Missing(Product::Score { row, key, word }) => {
                write!(f, "Q[{row},{word}]·K[{key},{word}] is never computed")
            }
            Self::Missing(Product::Output { row, key, word }) => {
                write!(
                    f,
                    "no weight of row {row} and key {key} is ever multiplied by V[{key},{word}]"
                )
            }
        }
    }
}

/// Watches one stream.
#[derive(Debug)]
pub struct Membership {
    tags: Tags,
    shape: Shape,
    /// The pairs of E, if not all. Products of others lead to no output (Lemma 1 leaves them out).
    keeps: Option<Keeps>,
    scores: Bits,
    outputs: Bits,
    /// Does the address hold an accumulator of its own?
    held: Bits,
    recomputed: u64,
    step: u64,
    unknown: Option<Why>,
}

impl Membership {
    /// Nothing has moved yet.
    ///
    /// # Errors
    ///
    /// [`TooLarge`]: the shape, or its products.
    pub fn new(shape: &Shape) -> Result<Self, TooLarge> {
        let tags = Tags::new(shape)?;
        let bits = |each: u64| Bits::new(shape.pairs().saturating_mul(u128::from(each)));
        Ok(Self {
            tags,
            shape: *shape,
            keeps: None,
            scores: bits(shape.d())?,
            outputs: bits(shape.d_v())?,
            held: Bits::new(shape.n_outputs())?,
            recomputed: 0,
            step: 0,
            unknown: None,
        })
    }

    /// The same of attention in which E is what `keeps` says.
    ///
    /// # Errors
    ///
    /// [`TooLarge`]: the shape, or its products.
    pub fn masked(shape: &Shape, keeps: Keeps) -> Result<Self, TooLarge> {
        Ok(Self { keeps: Some(keeps), ..Self::new(shape)? })
    }

    /// Is the pair in E?
    fn keeps(&self, row: u64, key: u64) -> bool {
        self.keeps.as_ref().is_none_or(|it| it.sees(&self.shape, row, key))
    }

    /// Sees a move that the referee accepts.
    pub fn see(&mut self, it: Move<'_>) {
        self.step += 1;
        if let Move::Store(vertex, Some(address)) = it {
            self.store(vertex, address);
        }
        let Some((tag, product)) = self.tags.see(it) else { return };
        if let Some(product) = product {
            self.recomputed += u64::from(self.done(product));
        }
        // All else that is made of an accumulator is one of the same (i, l).
        if tag == Tag::Other
            && self.unknown.is_none()
            && let Move::Compute { vertex, operands, .. } = it
        {
            let place = operands.iter().find_map(|it| match self.tags.tag(*it) {
                Tag::Place { row, word } => Some((row, word)),
                _ => None,
            });
            let step = self.step;
            self.unknown = place.map(|(row, word)| Why::Leaves { step, vertex, row, word });
        }
    }

    /// Notes the product; was it noted before?
    fn done(&mut self, product: Product) -> bool {
        let [keys, d, d_v] = [self.shape.keys(), self.shape.d(), self.shape.d_v()];
        let (Product::Score { row, key, .. } | Product::Output { row, key, .. }) = product;
        if !self.keeps(row.into(), key.into()) {
            return false;
        }
        let at = |row: u32, key: u32, word: u32, words: u64| {
            (u64::from(row) * keys + u64::from(key)) * words + u64::from(word)
        };
        match product {
            Product::Score { row, key, word } => self.scores.set(at(row, key, word, d), true),
            Product::Output { row, key, word } => self.outputs.set(at(row, key, word, d_v), true),
        }
    }

    fn store(&mut self, vertex: Vertex, Output(address): Output) {
        let d_v = self.shape.d_v();
        let own = match self.tags.tag(vertex) {
            Tag::Place { row, word } => u64::from(row) * d_v + u64::from(word) == address,
            _ => false,
        };
        self.held.set(address, own);
    }

    /// The answer, at the end of the stream.
    #[must_use]
    pub fn class(&self) -> Class {
        let [keys, d, d_v] = [self.shape.keys(), self.shape.d(), self.shape.d_v()];
        let small = |it: u64| u32::try_from(it).unwrap_or(u32::MAX);
        let split = |at: u64, words: u64| {
            let (pair, word) = (at / words, at % words);
            (small(pair / keys), small(pair % keys), small(word))
        };
        let why = self.unknown.or_else(|| {
            // A row without pairs has outputs that are made of nothing.
            let some = |row: u64| (0..keys).any(|key| self.keeps(row, key));
            let held = self.held.first_clear(|address| some(address / d_v));
            if let Some(address) = held {
                return Some(Why::Output { row: address / d_v, word: address % d_v });
            }
            let kept = |pair: u64| self.keeps(pair / keys, pair % keys);
            if let Some(at) = self.scores.first_clear(|at| kept(at / d)) {
                let (row, key, word) = split(at, d);
                return Some(Why::Missing(Product::Score { row, key, word }));
            }
            let (row, key, word) = split(self.outputs.first_clear(|at| kept(at / d_v))?, d_v);
            Some(Why::Missing(Product::Output { row, key, word }))
        });
        why.map_or(Class::Member { recomputed: self.recomputed }, Class::Unknown)
    }
}

/// One bit for each of so many things.
#[derive(Debug)]
struct Bits {
    words: Vec<u64>,
    len: u64,
}

impl Bits {
    fn new(len: u128) -> Result<Self, TooLarge> {
        let few = u64::try_from(len).ok().filter(|it| *it <= MAX_BITS);
        let few = few.and_then(|it| Some((it, usize::try_from(it.div_ceil(64)).ok()?)));
        let (len, words) = few.ok_or(TooLarge::Products(len))?;
        Ok(Self { words: vec![0; words], len })
    }

    /// Sets a bit; what it was. Nothing is noted beyond the last.
    fn set(&mut self, at: u64, to: bool) -> bool {
        let word = usize::try_from(at / 64).ok().and_then(|it| self.words.get_mut(it));
        let (Some(word), mask) = (word, 1 << (at % 64)) else { return false };
        let was = *word & mask != 0;
        *word = if to { *word | mask } else { *word & !mask };
        was
    }

    /// The first clear bit that is wanted.
    fn first_clear(&self, wanted: impl Fn(u64) -> bool) -> Option<u64> {
        let some = |it: &(u64, &u64)| *it.1 != u64::MAX;
        let clear = |(at, word): (u64, &u64)| {
            let word = *word;
            (0..64).filter(move |bit| word & (1 << bit) == 0).map(move |bit| at * 64 + bit)
        };
        let mut clear = (0..).zip(&self.words).filter(some).flat_map(clear);
        clear.find(|at| *at < self.len && wanted(*at))
    }
}
