//! What a trial is fed, and what its outputs are judged by.

use super::{Difference, Inputs, TrialError, difference, error::largest};
use crate::{
    attention::Task,
    reading::{
        attention_shape,
        run::{reference, uniform},
        wgsl::Kernels,
    },
    schedule::{bind::Binding, draft::Role, program::Program},
    value::Values,
};

/// What an output of a task may be off by, relative to the largest one and to 1. No bound is derived for
/// these computations: this is some hundred roundings of an f32.
const TOLERANCE: f64 = 1e-4;

/// What a schedule is fed and judged by.
#[derive(Clone, Copy, Debug)]
pub enum Fed<'a> {
    /// It is attention: Q, K and V of a kind.
    Attention(Inputs),
    /// It computes this: inputs uniform in (−1, 1).
    Task(&'a Task),
}

impl From<Inputs> for Fed<'_> {
    fn from(it: Inputs) -> Self {
        Self::Attention(it)
    }
}

impl<'a> From<&'a Task> for Fed<'a> {
    fn from(it: &'a Task) -> Self {
        Self::Task(it)
    }
}

impl Fed<'_> {
    /// The inputs, an array each, in order of declaration.
    #[expect(clippy::cast_possible_truncation, reason = "an f32 is what kernels compute with")]
    pub(super) fn draw(
        self,
        program: &Program,
        binding: &Binding,
        kernels: &Kernels,
        seed: u64,
    ) -> Result<Vec<Vec<f32>>, TrialError> {
        match self {
            Self::Attention(it) => {
                let shape = attention_shape(program, binding).ok_or(TrialError::NotAttention)?;
                Ok(it.draw(shape, seed).into())
            }
            Self::Task(_) => {
                let mut all = (0..).map(|at| uniform(Values { seed }, at) as f32);
                let inputs = program.with_role(Role::In).map(|it| kernels.arrays[it.0].1);
                Ok(inputs.map(|words| all.by_ref().take(words).collect()).collect())
            }
        }
    }

    /// How far `outputs` are from the reference; `None` where they are not judged.
    pub(super) fn judge(
        self,
        program: &Program,
        binding: &Binding,
        drawn: &[Vec<f32>],
        outputs: &[f32],
    ) -> Result<Option<Difference>, TrialError> {
        match self {
            Self::Attention(it) if !it.judged(program.takes_max()) => Ok(None),
            Self::Attention(_) => {
                let shape = attention_shape(program, binding).ok_or(TrialError::NotAttention)?;
                let drawn = drawn.try_into().map_err(|_| TrialError::NotAttention)?;
                Ok(Some(difference(shape, program.scale.is_some(), drawn, outputs)))
            }
            Self::Task(task) => {
                let drawn = drawn.concat();
                let right = reference(program, binding, task, |at| f64::from(drawn[at]))?;
                Ok(Some(tolerated(&right, outputs)))
            }
        }
    }
}

fn tolerated(right: &[f64], outputs: &[f32]) -> Difference {
    let greatest = right.iter().fold(1.0_f64, |it, word| it.max(word.abs()));
    Difference { max_abs: largest(right, outputs), bound: TOLERANCE * greatest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_or_no_number_is_far() {
        assert!(tolerated(&[1.0, 2.0], &[1.0, 2.0]).met());
        assert!(tolerated(&[1.0, 2000.0], &[1.1, 2000.0]).met());
        assert!(!tolerated(&[1.0, 2.0], &[1.0, 2.01]).met());
        assert!(!tolerated(&[1.0, 2.0], &[1.0]).met());
        assert!(!tolerated(&[1.0], &[f32::NAN]).met());
    }
}
