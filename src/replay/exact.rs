//! The words of a stream that claims to be attention.
//!
//! Held: the word of every vertex that is red or blue, inputs apart, which are drawn at their load.
//! A word that is an input, or an input times a constant, keeps that input's number as its tag, so
//! that products `q_il·k_jl` are recognised, whatever vertex they are.

use super::pages::Pages;
use super::strict::Watch;
use super::{Bound, Ending, Fault, Reference, Rule, Shape, Task, Unfit, Values, Verified};
use crate::cdag::Vertex;
use crate::model::Recompute;
use crate::schedule::{Op, Output};
use crate::value::{Undefined, Value};
use rustc_hash::FxHashMap;

#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    value: Value,
    /// The input it is a multiple of.
    tag: Option<u64>,
}

/// Vertices whose words are kept in an array, as a shift.
const RECENT_SHIFT: u64 = 8;
const RECENT: usize = 1 << RECENT_SHIFT;

/// The words of red and blue vertices: the newest ones in an array, as most are read and freed soon
/// after they are made; those that outlive its turn in a map.
struct Words {
    front: u64,
    recent: [Option<Word>; RECENT],
    older: FxHashMap<u64, Word>,
}

/// The place in the array.
#[inline]
fn place(number: u64) -> usize {
    let [low, ..] = number.to_le_bytes();
    usize::from(low)
}

impl Words {
    fn new() -> Self {
        Self { front: 0, recent: [None; RECENT], older: FxHashMap::default() }
    }

    #[inline]
    fn get(&self, number: u64) -> Option<&Word> {
        if number >> RECENT_SHIFT == self.front {
            self.recent[place(number)].as_ref()
        } else {
            self.older.get(&number)
        }
    }

    #[inline]
    fn insert(&mut self, number: u64, word: Word) {
        if number >> RECENT_SHIFT > self.front {
            let start = self.front << RECENT_SHIFT;
            for (number, word) in (start..).zip(&mut self.recent) {
                self.older.extend(word.take().map(|it| (number, it)));
            }
            self.front = number >> RECENT_SHIFT;
        }
        if number >> RECENT_SHIFT == self.front {
            self.recent[place(number)] = Some(word);
        } else {
            self.older.insert(number, word);
        }
    }

    #[inline]
    fn remove(&mut self, number: u64) {
        if number >> RECENT_SHIFT == self.front {
            self.recent[place(number)] = None;
        } else {
            self.older.remove(&number);
        }
    }
}

/// A word and the number of the product (i, j, l) it is, if it is one.
pub(super) struct Made {
    word: Word,
    product: Option<u64>,
}

/// What the stream claims to compute.
#[derive(Clone, Copy)]
pub(super) enum What<'a> {
    Attention { shape: Shape, scaled: bool },
    Task(&'a Task),
}

pub(super) struct Exact<'a> {
    what: What<'a>,
    values: Values,
    recompute: Recompute,
    words: Words,
    /// What each output address holds.
    outputs: FxHashMap<u64, (Vertex, Value)>,
    products: Pages,
    recomputed: u64,
}

impl<'a> Exact<'a> {
    pub(super) fn new(what: What<'a>, values: Values, recompute: Recompute) -> Self {
        let (words, outputs) = (Words::new(), FxHashMap::default());
        let products = Pages::new();
        Self { what, values, recompute, words, outputs, products, recomputed: 0 }
    }

    /// The word of a red vertex. Every red vertex has one; were it missing, the schedule would be
    /// refused, not the referee.
    #[inline]
    fn word(&self, vertex: Vertex) -> Result<&Word, Rule> {
        self.words.get(vertex.0).ok_or(Rule::Undefined(Undefined::Residue))
    }

    /// The number of `q_il·k_jl` among the N·N'·d products.
    fn product(&self, x: &Word, y: &Word) -> Option<u64> {
        let (q, k) = (x.tag?, y.tag?);
        let What::Attention { shape, .. } = self.what else { return None };
        let (q, k) = (q.min(k), q.max(k));
        let (d, keys) = (shape.d(), shape.keys());
        let start = shape.n() * d;
        if q >= start || k < start || k - start >= keys * d {
            return None;
        }
        let k = k - start;
        (q % d == k % d).then(|| (q / d * keys + k / d) * d + q % d)
    }
}

impl Watch for Exact<'_> {
    type Made = Made;

    fn loaded(&mut self, vertex: Vertex, input: bool) {
        if input {
            let value = match self.what {
                What::Attention { .. } => self.values.input(vertex.0),
                What::Task(task) => task.input(&self.values, vertex.0),
            };
            let word = Word { value, tag: Some(vertex.0) };
            self.words.insert(vertex.0, word);
        }
    }

    #[inline]
    fn judge(&self, op: &Op, operands: &[Vertex]) -> Result<Made, Rule> {
        let (mut tag, mut product) = (None, None);
        let value = match *operands {
            _ if *op == Op::Opaque => return Err(Rule::OpaqueOp),
            [] => self.values.apply(*op, &[]),
            [x] => {
                let x = self.word(x)?;
                if let Op::Copy | Op::Negate | Op::Times(_) = *op {
                    tag = x.tag;
                }
                self.values.apply(*op, &[x.value])
            }
            [x, y] => {
                let (x, y) = (self.word(x)?, self.word(y)?);
                if *op == Op::Mul {
                    product = self.product(x, y);
                }
                self.values.apply(*op, &[x.value, y.value])
            }
            _ => Err(Undefined::OperandCount),
        };
        let word = Word { value: value.map_err(Rule::Undefined)?, tag };
        let again = product.is_some_and(|it| self.products.contains(it));
        if again && self.recompute == Recompute::Forbidden {
            return Err(Rule::Recomputed);
        }
        Ok(Made { word, product })
    }

    #[inline]
    fn made(&mut self, vertex: Vertex, made: Made) {
        self.words.insert(vertex.0, made.word);
        if let Some(product) = made.product {
            self.recomputed += u64::from(self.products.contains(product));
            self.products.insert(product);
        }
    }

    fn stored(&mut self, vertex: Vertex, output: Option<Output>) {
        if let (Some(Output(address)), Some(word)) = (output, self.words.get(vertex.0)) {
            self.outputs.insert(address, (vertex, word.value));
        }
    }

    #[inline]
    fn freed(&mut self, vertex: Vertex, stored: &Pages) {
        if !stored.contains(vertex.0) {
            self.words.remove(vertex.0);
        }
    }

    fn recomputed(&self) -> Option<u64> {
        matches!(self.what, What::Attention { .. }).then_some(self.recomputed)
    }

    fn finish(&self) -> Result<Verified, Ending> {
        let seed = self.values.seed;
        let unlucky = |_| Ending::Unfit(Unfit::UnluckySeed { seed });
        let (shape, scaled) = match self.what {
            What::Attention { shape, scaled } => (shape, scaled),
            What::Task(task) => {
                let expected = task.exactly(self.values).map_err(unlucky)?;
                self.hold(expected, &mut (0..))?;
                return Ok(Verified::Task { seed });
            }
        };
        let reference = Reference::new(shape, scaled, self.values);
        let mut addresses = 0..;
        for i in 0..shape.n() {
            self.hold(reference.row(i).map_err(unlucky)?, &mut addresses)?;
        }
        let bound = if shape.independent_scores() { Bound::Proved } else { Bound::Heuristic };
        Ok(Verified::Attention { shape, scaled, seed, bound })
    }
}

impl Exact<'_> {
    /// Do the next addresses hold the words expected there?
    fn hold(
        &self,
        expected: Vec<Value>,
        addresses: &mut impl Iterator<Item = u64>,
    ) -> Result<(), Ending> {
        for (expected, address) in expected.into_iter().zip(addresses) {
            let (vertex, rule) = match self.outputs.get(&address) {
                Some((_, held)) if held.agrees(expected) => continue,
                Some((vertex, _)) => (Some(*vertex), Rule::WrongValue { address }),
                None => (None, Rule::OutputMissing { address }),
            };
            return Err(Ending::Fault(Box::new(Fault { vertex, rule })));
        }
        Ok(())
    }
}
