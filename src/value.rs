//! The exact word: what a vertex holds, in arithmetic where equal means equal.
//!
//! ```text
//! r = 4611686018427385619 = 2⁶² − 2285    prime
//! p = 2r + 1              = 2⁶³ − 4569    prime
//! g = 4                                   of order r modulo p
//! number    (x mod r, x mod p)            + − × on both residues, / on those that are not zero
//! exp x     (undefined,  g^(x mod r))     so exp(x + y) = exp(x)·exp(y), and exp(x + r) = exp(x)
//! m + log l (m mod r, l mod p)            exp of it is g^m·l
//! −∞        a symbol                      −∞ − x = −∞, exp(−∞) = 0, max(−∞, x) = x
//! ```
//!
//! An undefined residue is a type error for whoever needs it, never a number. max, √, tanh, `ReLU` and
//! GELU are *uninterpreted*: a keyed hash of the argument's residue modulo p, both residues of the
//! result defined. Of max only max(x, y) = max(y, x), max(x, x) = x and max(−∞, x) = x are known, so
//! equality holds for every function with these laws, and nothing is said about numerical stability.
//!
//! Two polynomial expressions of degree D that differ as expressions agree at a random point with
//! probability at most D/r (Schwartz–Zippel).

use crate::op::{Constant, Function, Op};
use std::{fmt, sync::LazyLock};

/// The modulus of exponents, a prime.
pub const R: u64 = ModR::MODULUS;

/// The modulus of numbers, the prime 2r + 1.
pub const P: u64 = ModP::MODULUS;

/// The base of exp, of order r modulo p.
pub const G: u64 = 4;

/// What a word holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number by its two residues.
    Number {
        /// Modulo r; undefined after an exponential.
        r: Option<u64>,
        /// Modulo p.
        p: u64,
    },
    /// m + log l, in the log domain.
    Log {
        /// m modulo r.
        r: u64,
        /// l modulo p, not zero.
        p: u64,
    },
    /// −∞.
    NegInf,
}

/// Why an operation has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Undefined {
    /// The operation is not named.
    Opaque,
    /// Another number of operands than the operation takes.
    OperandCount,
    /// The residue modulo r is needed (by exp, or beside a log) and is undefined.
    Residue,
    /// A division by zero, or the logarithm of zero.
    Zero,
    /// −∞ where only −∞ − x, exp, max and a positive multiple are defined.
    Infinite,
    /// A log-domain word where only + − exp and max are defined.
    LogDomain,
}

impl std::error::Error for Undefined {}

impl fmt::Display for Undefined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Opaque => "the operation is not named",
            Self::OperandCount => "the operation takes another number of operands",
            Self::Residue => "an exponential stands where only a plain number has an exact value",
            Self::Zero => "division by zero or logarithm of zero",
            Self::Infinite => "-inf has no value under this operation",
            Self::LogDomain => "a log-domain word has no value under this operation",
        })
    }
}

/// Residues modulo 2^BITS − GAP. Values are below the modulus.
pub(crate) struct Mod<const BITS: u32, const GAP: u64>;

type ModR = Mod<62, 2285>;
pub(crate) type ModP = Mod<63, 4569>;

impl<const BITS: u32, const GAP: u64> Mod<BITS, GAP> {
    const MODULUS: u64 = (1 << BITS) - GAP;

    /// Folds 2^BITS ≡ GAP twice: any `x` becomes less than 2^BITS + 2²⁹, so one subtraction is left.
    #[inline]
    fn reduce(x: u128) -> u64 {
        let fold =
            |x: u128| (x >> BITS).wrapping_mul(u128::from(GAP)).wrapping_add(x & ((1 << BITS) - 1));
        #[expect(clippy::cast_possible_truncation, reason = "below 2^64, see above")]
        let x = fold(fold(x)) as u64;
        if x >= Self::MODULUS { x - Self::MODULUS } else { x }
    }

    #[inline]
    fn add(x: u64, y: u64) -> u64 {
        let sum = x + y;
        if sum >= Self::MODULUS { sum - Self::MODULUS } else { sum }
    }

    #[inline]
    fn negate(x: u64) -> u64 {
        if x == 0 { 0 } else { Self::MODULUS - x }
    }

    #[inline]
    pub(crate) fn sub(x: u64, y: u64) -> u64 {
        Self::add(x, Self::negate(y))
    }

    #[inline]
    pub(crate) fn mul(x: u64, y: u64) -> u64 {
        Self::reduce(u128::from(x).wrapping_mul(u128::from(y)))
    }

    fn power(base: u64, mut exponent: u64) -> u64 {
        let (mut square, mut power) = (base, 1);
        while exponent > 0 {
            if exponent & 1 == 1 {
                power = Self::mul(power, square);
            }
            square = Self::mul(square, square);
            exponent >>= 1;
        }
        power
    }

    /// 1/x, `None` for zero.
    pub(crate) fn inverse(x: u64) -> Option<u64> {
        (x != 0).then(|| Self::power(x, Self::MODULUS - 2))
    }

    fn integer(int: i64) -> u64 {
        let size = Self::reduce(u128::from(int.unsigned_abs()));
        if int < 0 { Self::negate(size) } else { size }
    }
}

/// `POWERS[i][b]` = g^(b·256^i).
static POWERS: LazyLock<[[u64; 256]; 8]> = LazyLock::new(|| {
    let mut base = G;
    std::array::from_fn(|_| {
        let mut powers = [1; 256];
        for b in 1..256 {
            powers[b] = ModP::mul(powers[b - 1], base);
        }
        base = ModP::mul(powers[255], base);
        powers
    })
});

/// g^x modulo p.
#[inline]
fn exp(x: u64) -> u64 {
    let bytes = x.to_le_bytes();
    POWERS.iter().zip(bytes).fold(1, |power, (row, byte)| ModP::mul(power, row[usize::from(byte)]))
}

/// The finaliser of `SplitMix64` (Steele, Lea & Flood 2014), a permutation of 64-bit words.
fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Value {
    /// An integer as a word.
    #[must_use]
    pub fn integer(int: i64) -> Self {
        Self::Number { r: Some(ModR::integer(int)), p: ModP::integer(int) }
    }

    /// Do the two agree in every residue both define?
    #[must_use]
    pub fn agrees(self, other: Self) -> bool {
        match (self, other) {
            (Self::Number { r: x, p }, Self::Number { r: y, p: q }) => {
                p == q && (x.is_none() || y.is_none() || x == y)
            }
            (Self::Log { .. }, Self::Log { .. }) => self.exp() == other.exp(),
            _ => self == other,
        }
    }

    fn negate(self) -> Result<Self, Undefined> {
        match self {
            Self::Number { r, p } => {
                Ok(Self::Number { r: r.map(ModR::negate), p: ModP::negate(p) })
            }
            Self::Log { r, p } => {
                let p = ModP::inverse(p).ok_or(Undefined::Zero)?;
                Ok(Self::Log { r: ModR::negate(r), p })
            }
            Self::NegInf => Err(Undefined::Infinite),
        }
    }

    #[inline]
    fn add(self, other: Self) -> Result<Self, Undefined> {
        match (self, other) {
            (Self::Number { r: x, p }, Self::Number { r: y, p: q }) => {
                Ok(Self::Number { r: both(x, y, ModR::add), p: ModP::add(p, q) })
            }
            (Self::Number { r: x, .. }, Self::Log { r, p })
            | (Self::Log { r, p }, Self::Number { r: x, .. }) => {
                Ok(Self::Log { r: ModR::add(x.ok_or(Undefined::Residue)?, r), p })
            }
            (Self::Log { r, p }, Self::Log { r: s, p: q }) => {
                Ok(Self::Log { r: ModR::add(r, s), p: ModP::mul(p, q) })
            }
            (Self::NegInf, _) | (_, Self::NegInf) => Ok(Self::NegInf),
        }
    }

    #[inline]
    fn sub(self, other: Self) -> Result<Self, Undefined> {
        if let (Self::Number { r: x, p }, Self::Number { r: y, p: q }) = (self, other) {
            return Ok(Self::Number { r: both(x, y, ModR::sub), p: ModP::sub(p, q) });
        }
        self.add(other.negate()?)
    }

    #[inline]
    fn mul(self, other: Self) -> Result<Self, Undefined> {
        let ((x, p), (y, q)) = (self.number()?, other.number()?);
        Ok(Self::Number { r: both(x, y, ModR::mul), p: ModP::mul(p, q) })
    }

    /// A divisor that is zero modulo r alone leaves that residue undefined.
    fn div(self, other: Self) -> Result<Self, Undefined> {
        let ((x, p), (y, q)) = (self.number()?, other.number()?);
        let q = ModP::inverse(q).ok_or(Undefined::Zero)?;
        let r = both(x, y.and_then(ModR::inverse), ModR::mul);
        Ok(Self::Number { r, p: ModP::mul(p, q) })
    }

    fn exp(self) -> Result<Self, Undefined> {
        let p = match self {
            Self::Number { r, .. } => exp(r.ok_or(Undefined::Residue)?),
            Self::Log { r, p } => ModP::mul(exp(r), p),
            Self::NegInf => 0,
        };
        Ok(Self::Number { r: None, p })
    }

    fn log(self) -> Result<Self, Undefined> {
        match self.number()? {
            (_, 0) => Err(Undefined::Zero),
            (_, p) => Ok(Self::Log { r: 0, p }),
        }
    }

    #[inline]
    fn number(self) -> Result<(Option<u64>, u64), Undefined> {
        match self {
            Self::Number { r, p } => Ok((r, p)),
            Self::Log { .. } => Err(Undefined::LogDomain),
            Self::NegInf => Err(Undefined::Infinite),
        }
    }

    /// What a hash of this word reads: the same for equal words, however they were computed.
    fn digest(self) -> Result<(u64, u64), Undefined> {
        match self {
            Self::Number { p, .. } => Ok((0, p)),
            Self::Log { r, p } => Ok((1, ModP::mul(exp(r), p))),
            Self::NegInf => Err(Undefined::Infinite),
        }
    }
}

#[inline]
fn both(x: Option<u64>, y: Option<u64>, f: fn(u64, u64) -> u64) -> Option<u64> {
    Some(f(x?, y?))
}

/// The inputs, the scale and the uninterpreted functions of one exact run, all drawn from a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Values {
    /// Two runs with the same seed hold the same words.
    pub seed: u64,
}

impl Values {
    /// The word that input `index` starts with.
    #[must_use]
    pub fn input(&self, index: u64) -> Value {
        self.hash(1, &[index])
    }

    /// The word of a constant; the scale is one random number, known to schedule and reference.
    #[must_use]
    pub fn constant(&self, constant: Constant) -> Value {
        match constant {
            Constant::Int(int) => Value::integer(int),
            Constant::NegInf => Value::NegInf,
            Constant::Scale => self.hash(2, &[]),
        }
    }

    /// What `op` makes of `operands`.
    ///
    /// # Errors
    ///
    /// [`Undefined`] where the exact value does not exist.
    #[inline]
    pub fn apply(&self, op: Op, operands: &[Value]) -> Result<Value, Undefined> {
        match (op, operands) {
            (Op::Opaque, _) => Err(Undefined::Opaque),
            (Op::Constant(constant), []) => Ok(self.constant(constant)),
            (Op::Copy, &[x]) => Ok(x),
            (Op::Negate, &[x]) => x.negate(),
            (Op::Times(constant), &[x]) => self.times(constant, x),
            (Op::Call(function), &[x]) => self.call(function, x),
            (Op::Add, &[x, y]) => x.add(y),
            (Op::Sub, &[x, y]) => x.sub(y),
            (Op::Mul, &[x, y]) => x.mul(y),
            (Op::Div, &[x, y]) => x.div(y),
            (Op::Max, &[x, y]) => self.max(x, y),
            _ => Err(Undefined::OperandCount),
        }
    }

    /// The scale is positive, and so is a positive integer: both leave −∞ as it is.
    fn times(&self, constant: Constant, x: Value) -> Result<Value, Undefined> {
        match (constant, x) {
            (Constant::Scale | Constant::Int(1..), Value::NegInf) => Ok(Value::NegInf),
            _ => self.constant(constant).mul(x),
        }
    }

    fn call(&self, function: Function, x: Value) -> Result<Value, Undefined> {
        let tag = match function {
            Function::Exp => return x.exp(),
            Function::Log => return x.log(),
            Function::Sqrt => 3,
            Function::Tanh => 4,
            Function::Relu => 5,
            Function::Gelu => 6,
        };
        let (kind, residue) = x.digest()?;
        Ok(self.hash(tag, &[kind, residue]))
    }

    fn max(&self, x: Value, y: Value) -> Result<Value, Undefined> {
        match (x, y) {
            (Value::NegInf, it) | (it, Value::NegInf) => Ok(it),
            _ if x.agrees(y) => Ok(x),
            _ => {
                let (x, y) = (x.digest()?, y.digest()?);
                let ((a, b), (c, d)) = (x.min(y), x.max(y));
                Ok(self.hash(7, &[a, b, c, d]))
            }
        }
    }

    /// A keyed hash: the words are absorbed one by one, then 128 bits are drawn for each residue.
    fn hash(&self, tag: u64, words: &[u64]) -> Value {
        let key = mix(self.seed ^ mix(tag.wrapping_mul(GOLDEN)));
        let state = words.iter().fold(key, |state, &it| mix(state.wrapping_add(GOLDEN) ^ it));
        let draw = |i: u64| u128::from(mix(state.wrapping_add(GOLDEN.wrapping_mul(i))));
        Value::Number {
            r: Some(ModR::reduce((draw(1) << 64) | draw(2))),
            p: ModP::reduce((draw(3) << 64) | draw(4)),
        }
    }
}

#[cfg(test)]
mod tests;
