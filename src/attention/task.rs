//! What a schedule of the family computes, forward or backward.

use super::{Arithmetic, Bilevel, Composed, Gradient, Linear, Variant};
use crate::op::Op;
use crate::value::{Undefined, Value, Values};

/// Inputs, outputs, and the plain computation that joins them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Outputs O.
    Forward(Variant),
    /// Outputs dQ, dK and dV.
    Backward(Gradient),
    /// Outputs O, without an exponential.
    Linear(Linear),
    /// Outputs O of heads that meet at each pair.
    Composed(Composed),
    /// Outputs O of attention in clusters and between them.
    Bilevel(Bilevel),
}

impl Task {
    /// The input arrays in their order, with their words.
    #[must_use]
    pub fn inputs(&self) -> Vec<(&'static str, u128)> {
        match self {
            Self::Forward(it) => it.inputs(),
            Self::Backward(it) => it.inputs(),
            Self::Linear(it) => it.inputs(),
            Self::Composed(it) => it.inputs(),
            Self::Bilevel(it) => it.inputs(),
        }
    }

    /// Words of all inputs.
    #[must_use]
    pub fn n_inputs(&self) -> u128 {
        self.inputs().iter().fold(0, |sum, it| sum.saturating_add(it.1))
    }

    /// Words of all outputs.
    #[must_use]
    pub fn n_outputs(&self) -> u128 {
        match self {
            Self::Forward(it) => it.n_outputs(),
            Self::Backward(it) => it.n_outputs(),
            Self::Linear(it) => it.n_outputs(),
            Self::Composed(it) => it.n_outputs(),
            Self::Bilevel(it) => it.n_outputs(),
        }
    }

    /// The integer that an input is, where it is one: it is no word drawn from a seed.
    #[must_use]
    pub fn integer(&self, address: u64) -> Option<u64> {
        match self {
            Self::Forward(it) => it.integer(address),
            Self::Bilevel(it) => it.integer(address),
            Self::Backward(_) | Self::Linear(_) | Self::Composed(_) => None,
        }
    }

    /// The outputs on the inputs of `of`, row-major.
    ///
    /// # Errors
    ///
    /// [`Undefined`] where a sum happens to be zero: another seed is needed.
    pub fn outputs<A: Arithmetic>(&self, of: &A) -> Result<Vec<A::Word>, Undefined> {
        match self {
            Self::Forward(it) => it.outputs(of),
            Self::Backward(it) => it.outputs(of),
            Self::Linear(it) => it.outputs(of),
            Self::Composed(it) => it.outputs(of),
            Self::Bilevel(it) => it.outputs(of),
        }
    }

    /// The word of an input of an exact run.
    #[must_use]
    pub fn input(&self, values: &Values, address: u64) -> Value {
        let integer = self.integer(address).and_then(|it| i64::try_from(it).ok());
        integer.map_or_else(|| values.input(address), Value::integer)
    }

    /// The outputs of an exact run.
    ///
    /// # Errors
    ///
    /// As [`Self::outputs`].
    pub fn exactly(&self, values: Values) -> Result<Vec<Value>, Undefined> {
        self.outputs(&Drawn(self, values))
    }
}

/// Words drawn from a seed, and the task's integers.
struct Drawn<'a>(&'a Task, Values);

impl Arithmetic for Drawn<'_> {
    type Word = Value;

    fn input(&self, address: u64) -> Value {
        self.0.input(&self.1, address)
    }

    fn apply(&self, op: Op, operands: &[Value]) -> Result<Value, Undefined> {
        self.1.apply(op, operands)
    }
}
