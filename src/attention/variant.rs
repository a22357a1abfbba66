//! A member of the attention family, and what it computes.
//!
//! ```text
//! x_ij = c·Σ_l q_il k_jl                     l < d;  c = the scale if scaled, else 1
//! s_ij = what the member makes of x_ij       a bias, a cap, …: [`Scores`]
//! a_ij = exp(s_ij), 0 where the mask drops the pair
//! O_ie = Σ_j a_ij v_je / (Σ_j a_ij + sink)   e < d_v;  0 where every pair of the row is dropped
//! ```
//!
//! for each sequence of a batch and each query head; `group` query heads share the keys of one key
//! head. Inputs are numbered array by array in the order of [`Variant::inputs`], row-major; outputs
//! as O[batch, key heads, group, N, `d_v`]. This is a definition, so it is plain on purpose: no maximum,
//! no tiles, one pair after the other.

use super::{Kept, Mask, NoMask, Pattern, Shape};
use crate::op::{Constant, Function, Op};
use crate::value::{Undefined, Value, Values};

/// Words, and what operations make of them: exact ones ([`Values`]) or floats.
pub trait Arithmetic {
    /// A word.
    type Word: Copy;
    /// The word of an input.
    fn input(&self, address: u64) -> Self::Word;
    /// What `op` makes of `operands`.
    ///
    /// # Errors
    ///
    /// [`Undefined`] where it has no value.
    fn apply(&self, op: Op, operands: &[Self::Word]) -> Result<Self::Word, Undefined>;
}

impl Arithmetic for Values {
    type Word = Value;

    fn input(&self, address: u64) -> Value {
        Self::input(self, address)
    }

    fn apply(&self, op: Op, operands: &[Value]) -> Result<Value, Undefined> {
        Self::apply(self, op, operands)
    }
}

/// Which pairs a member keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// Those of a mask with a name, not [`Mask::Pairs`].
    Mask(Mask),
    /// Those of a pattern.
    Pattern(Pattern),
}

/// Where keys and values stand in slow memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keys {
    /// K and V, for each sequence and key head.
    Own,
    /// C: the values are the first `d_v` words of the keys.
    Shared,
    /// T, K and V: token j is row j mod `tokens` of page `table[j / tokens]`; one sequence and key head.
    Paged {
        /// The page of each run of tokens.
        table: Vec<u64>,
        /// Tokens a page holds.
        tokens: u64,
        /// Pages there are.
        pages: u64,
    },
    /// K0 and V0, the first keys of all sequences, then K1 and V1, each sequence's own; one key head.
    CommonPrefix(u64),
}

/// What happens between the product and the exponential.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scores {
    /// Nothing.
    #[default]
    Plain,
    /// + `A_ij`; A[N,N'] is read from slow memory, one for all heads.
    Bias,
    /// + slope·(j − position of i); a slope for each query head.
    Alibi,
    /// cap·tanh(x/cap).
    Cap,
    /// exp(sink) joins the sum of each row, but no value; a sink for each query head.
    Sink,
    /// Words l and l + d/2 of the query at position p and of key p are turned by the angle with cosine
    /// `C_pl` and sine `S_pl`, of tables [N', d/2]; d is even.
    Rotary,
}

/// A member of the family at one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// One query head: N, N', d and `d_v`.
    pub shape: Shape,
    /// Sequences.
    pub batch: u64,
    /// Key heads.
    pub kv_heads: u64,
    /// Query heads that share one.
    pub group: u64,
    /// The mask.
    pub keeps: Keeps,
    /// Is each score multiplied by the softmax scale?
    pub scaled: bool,
    /// Where the keys stand.
    pub keys: Keys,
    /// What is done to a score.
    pub scores: Scores,
}

impl Keeps {
    /// Does query `i` see key `j`?
    #[must_use]
    pub fn sees(&self, shape: &Shape, i: u64, j: u64) -> bool {
        match self {
            Self::Mask(mask) => mask.keeps(shape, i, j).unwrap_or(false),
            Self::Pattern(it) => it.keeps(i, j),
        }
    }
}

impl Variant {
    /// One head under `mask`.
    #[must_use]
    pub fn masked(shape: Shape, mask: Mask) -> Self {
        let keeps = Keeps::Mask(mask);
        let (keys, scores) = (Keys::Own, Scores::Plain);
        Self { shape, batch: 1, kv_heads: 1, group: 1, keeps, scaled: false, keys, scores }
    }

    /// Is it one head with inputs Q, K and V and nothing else?
    #[must_use]
    pub fn is_one_head(&self) -> bool {
        let one = self.batch == 1 && self.kv_heads == 1 && self.group == 1;
        one && self.keys == Keys::Own && self.scores == Scores::Plain
    }

    fn area(sizes: &[u64]) -> u128 {
        sizes.iter().fold(1, |area, it| area.saturating_mul(u128::from(*it)))
    }

    /// The input arrays in their order, with their words.
    #[must_use]
    pub fn inputs(&self) -> Vec<(&'static str, u128)> {
        let (n, keys, d, d_v) = (self.shape.n, self.shape.keys, self.shape.d, self.shape.d_v);
        let (batch, heads, group) = (self.batch, self.kv_heads, self.group);
        let area = Self::area;
        let mut all = vec![("Q", area(&[batch, heads, group, n, d]))];
        match &self.keys {
            Keys::Own => {
                all.push(("K", area(&[batch, heads, keys, d])));
                all.push(("V", area(&[batch, heads, keys, d_v])));
            }
            Keys::Shared => all.push(("C", area(&[batch, heads, keys, d]))),
            Keys::Paged { table, tokens, pages } => {
                all.push(("T", table.len().try_into().unwrap_or(u128::MAX)));
                all.push(("K", area(&[*pages, *tokens, d])));
                all.push(("V", area(&[*pages, *tokens, d_v])));
            }
            Keys::CommonPrefix(first) => {
                let own = keys.saturating_sub(*first);
                all.push(("K0", area(&[*first, d])));
                all.push(("V0", area(&[*first, d_v])));
                all.push(("K1", area(&[batch, own, d])));
                all.push(("V1", area(&[batch, own, d_v])));
            }
        }
        match self.scores {
            Scores::Plain => {}
            Scores::Bias => all.push(("A", area(&[n, keys]))),
            Scores::Alibi => all.push(("Slope", area(&[heads, group]))),
            Scores::Cap => all.push(("Cap", 1)),
            Scores::Sink => all.push(("Sink", area(&[heads, group]))),
            Scores::Rotary => {
                all.push(("Cos", area(&[keys, d / 2])));
                all.push(("Sin", area(&[keys, d / 2])));
            }
        }
        all
    }

    /// Words of O.
    #[must_use]
    pub fn n_outputs(&self) -> u128 {
        Self::area(&[self.batch, self.kv_heads, self.group, self.shape.n, self.shape.d_v])
    }

    /// The rows, keys and pairs of one key head: all query heads of the group.
    ///
    /// # Errors
    ///
    /// [`NoMask`].
    pub fn kept(&self) -> Result<Kept, NoMask> {
        let one = match &self.keeps {
            Keeps::Mask(mask) => mask.kept(&self.shape)?,
            Keeps::Pattern(it) => it.kept(),
        };
        let rows = one.rows.saturating_mul(self.group);
        Ok(Kept { rows, pairs: one.pairs * u128::from(self.group), ..one })
    }

    /// Does query `i` see key `j`?
    #[must_use]
    pub fn sees(&self, i: u64, j: u64) -> bool {
        self.keeps.sees(&self.shape, i, j)
    }

    /// The integer that an input is, where it is one: a page table's.
    #[must_use]
    pub fn integer(&self, address: u64) -> Option<u64> {
        let Keys::Paged { table, .. } = &self.keys else { return None };
        let at = address.checked_sub(self.shape.n * self.shape.d)?;
        usize::try_from(at).ok().and_then(|it| table.get(it)).copied()
    }

    /// O on the inputs of `of`.
    ///
    /// # Errors
    ///
    /// [`Undefined`] if the weights of a row happen to sum to zero: another seed is needed.
    pub fn outputs<A: Arithmetic>(&self, of: &A) -> Result<Vec<A::Word>, Undefined> {
        let mut base = 0_u64;
        let mut bases = vec![];
        for (name, words) in self.inputs() {
            bases.push((name, base));
            base = base.saturating_add(u64::try_from(words).unwrap_or(u64::MAX));
        }
        let arrays = Arrays { variant: self, of, bases };
        let mut outputs = vec![];
        for sequence in 0..self.batch {
            for head in 0..self.kv_heads {
                for member in 0..self.group {
                    for row in 0..self.shape.n {
                        outputs.extend(arrays.row(&Row { sequence, head, member, row })?);
                    }
                }
            }
        }
        Ok(outputs)
    }
}

/// Which row of O.
struct Row {
    sequence: u64,
    head: u64,
    member: u64,
    row: u64,
}

/// The inputs by name.
struct Arrays<'a, A> {
    variant: &'a Variant,
    of: &'a A,
    bases: Vec<(&'static str, u64)>,
}

impl<A: Arithmetic> Arrays<'_, A> {
    /// Words `at..at + n` of an array that the variant has; none of one it has not.
    fn words(&self, name: &str, at: u64, n: u64) -> Vec<A::Word> {
        let base = self.bases.iter().find(|it| it.0 == name).map(|it| it.1 + at);
        base.map_or(vec![], |base| (base..base + n).map(|it| self.of.input(it)).collect())
    }

    /// Key `j` and its values.
    fn key(&self, it: &Row, j: u64) -> (Vec<A::Word>, Vec<A::Word>) {
        let Variant { shape, kv_heads, keys, .. } = self.variant;
        let (d, d_v) = (shape.d, shape.d_v);
        let own = (it.sequence * kv_heads + it.head) * shape.keys + j;
        match keys {
            Keys::Own => (self.words("K", own * d, d), self.words("V", own * d_v, d_v)),
            Keys::Shared => (self.words("C", own * d, d), self.words("C", own * d, d_v)),
            Keys::Paged { table, tokens, .. } => {
                let page = usize::try_from(j / tokens).ok().and_then(|it| table.get(it));
                let at = page.copied().unwrap_or(0) * tokens + j % tokens;
                (self.words("K", at * d, d), self.words("V", at * d_v, d_v))
            }
            Keys::CommonPrefix(first) if j < *first => {
                (self.words("K0", j * d, d), self.words("V0", j * d_v, d_v))
            }
            Keys::CommonPrefix(first) => {
                let at = it.sequence * (shape.keys - first) + j - first;
                (self.words("K1", at * d, d), self.words("V1", at * d_v, d_v))
            }
        }
    }

    /// The words of a query or key at `position`, turned if they are to be.
    fn turned(&self, words: Vec<A::Word>, position: u64) -> Result<Vec<A::Word>, Undefined> {
        if self.variant.scores != Scores::Rotary {
            return Ok(words);
        }
        let half = self.variant.shape.d / 2;
        let (cos, sin) =
            (self.words("Cos", position * half, half), self.words("Sin", position * half, half));
        let (x, y) = words.split_at(cos.len());
        let turn = |x: &[A::Word], y: &[A::Word], op: Op| {
            let mut turned = vec![];
            for ((x, y), (cos, sin)) in x.iter().zip(y).zip(cos.iter().zip(&sin)) {
                let x = self.of.apply(Op::Mul, &[*x, *cos])?;
                let y = self.of.apply(Op::Mul, &[*y, *sin])?;
                turned.push(self.of.apply(op, &[x, y])?);
            }
            Ok::<_, Undefined>(turned)
        };
        // (x·cos − y·sin, y·cos + x·sin)
        let mut both = turn(x, y, Op::Sub)?;
        both.extend(turn(y, x, Op::Add)?);
        Ok(both)
    }

    fn score(&self, it: &Row, q: &[A::Word], k: &[A::Word], j: u64) -> Result<A::Word, Undefined> {
        let apply = |op, operands: &[A::Word]| self.of.apply(op, operands);
        let Variant { shape, group, scaled, scores, .. } = self.variant;
        let mut score = apply(Op::Constant(Constant::Int(0)), &[])?;
        for (q, k) in q.iter().zip(k) {
            score = apply(Op::Add, &[score, apply(Op::Mul, &[*q, *k])?])?;
        }
        if *scaled {
            score = apply(Op::Times(Constant::Scale), &[score])?;
        }
        let query_head = it.head * group + it.member;
        match scores {
            Scores::Plain | Scores::Sink | Scores::Rotary => Ok(score),
            Scores::Bias => {
                let bias = self.words("A", it.row * shape.keys + j, 1);
                apply(Op::Add, &[score, bias[0]])
            }
            Scores::Alibi => {
                let slope = self.words("Slope", query_head, 1);
                let away = i64::try_from(j).ok().zip(i64::try_from(self.position(it.row)).ok());
                let away = away.map_or(0, |(j, own)| j - own);
                let bias = apply(Op::Times(Constant::Int(away)), &slope)?;
                apply(Op::Add, &[score, bias])
            }
            Scores::Cap => {
                let cap = self.words("Cap", 0, 1)[0];
                let tanh = apply(Op::Call(Function::Tanh), &[apply(Op::Div, &[score, cap])?])?;
                apply(Op::Mul, &[cap, tanh])
            }
        }
    }

    /// The key beside which a query stands.
    fn position(&self, row: u64) -> u64 {
        (row + self.variant.shape.keys).saturating_sub(self.variant.shape.n)
    }

    fn row(&self, it: &Row) -> Result<Vec<A::Word>, Undefined> {
        let apply = |op, operands: &[A::Word]| self.of.apply(op, operands);
        let exp = |word| apply(Op::Call(Function::Exp), &[word]);
        let Variant { shape, kv_heads, group, scores, .. } = self.variant;
        let zero = apply(Op::Constant(Constant::Int(0)), &[])?;
        let query_head = it.head * group + it.member;
        let number = (it.sequence * kv_heads * group + query_head) * shape.n + it.row;
        let q = self.turned(self.words("Q", number * shape.d, shape.d), self.position(it.row))?;
        let mut sum = zero;
        let mut o = self.words("Q", 0, 0);
        o.extend((0..shape.d_v).map(|_| zero));
        let mut none = true;
        for j in (0..shape.keys).filter(|j| self.variant.sees(it.row, *j)) {
            none = false;
            let (k, v) = self.key(it, j);
            let weight = exp(self.score(it, &q, &self.turned(k, j)?, j)?)?;
            sum = apply(Op::Add, &[sum, weight])?;
            for (o, v) in o.iter_mut().zip(v) {
                *o = apply(Op::Add, &[*o, apply(Op::Mul, &[weight, v])?])?;
            }
        }
        if none {
            return Ok(o);
        }
        if *scores == Scores::Sink {
            let sink = self.words("Sink", query_head, 1);
            sum = apply(Op::Add, &[sum, exp(sink[0])?])?;
        }
        o.into_iter().map(|o| apply(Op::Div, &[o, sum])).collect()
    }
}
