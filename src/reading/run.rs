//! `run`: the numbers a program computes, in f64 and exactly.
//!
//! The exact run ([`crate::value`]) shows equality with attention in exact arithmetic and is blind to
//! rounding; the f64 run, with large scores too, sees a maximum that is wrong or missing.

use super::{
    WalkError,
    execute::{Meaning, Stopped, execute},
};
use crate::{
    attention::{
        Reference, Shape, Task,
        float::{self, Floats},
    },
    op::Op,
    schedule::{bind::Binding, draft::Role, poly::TooLarge, program::Program},
    value::{Undefined, Value, Values},
};
use std::convert::Infallible;

/// How a program's outputs compare with attention.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// Are all outputs equal to attention in exact arithmetic?
    pub exact: bool,
    /// Are the scores independent (d ≥ N), so that a wrong program passes with probability at most
    /// degree/r? Elsewhere the test is strong and its bound heuristic.
    pub proved: bool,
    /// Largest |output − reference| in f64, inputs uniform in (−1, 1).
    pub max_abs_error: f64,
    /// The same with Q and K 64 times as large: scores far beyond what exp can take without a maximum.
    pub max_abs_error_large: f64,
    /// What the inputs were drawn from.
    pub seed: u64,
}

/// Why a program could not be run to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// It cannot be walked at these sizes.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// An operation met a word that is undefined for it in the exact run.
    #[error("the exact run: {0}")]
    Undefined(#[from] Undefined),
}

/// Runs `program`, which claims to be attention of `shape` (inputs Q, K, V, output O), both ways.
///
/// # Errors
///
/// [`RunError`]: the program cannot be walked, or meets an undefined word.
pub fn run(
    program: &Program,
    binding: &Binding,
    shape: Shape,
    seed: u64,
) -> Result<Outcome, RunError> {
    let values = Values { seed };
    let scaled = program.scale.is_some();
    let outputs = exactly(program, binding, values)?;
    let reference = Reference::new(shape, scaled, values);
    let mut exact = u128::try_from(outputs.len()) == Ok(shape.n_outputs());
    let width = usize::try_from(shape.d_v()).unwrap_or(usize::MAX);
    for (i, row) in (0..shape.n()).zip(outputs.chunks(width)) {
        let right = reference.row(i)?;
        exact &= row.iter().zip(&right).all(|(it, right)| it.is_some_and(|it| it.agrees(*right)));
    }
    Ok(Outcome {
        exact,
        proved: shape.independent_scores(),
        max_abs_error: float_error(program, binding, shape, values, 1.0)?,
        max_abs_error_large: float_error(program, binding, shape, values, 64.0)?,
        seed,
    })
}

/// Runs `program`, which claims to compute `task`, both ways.
///
/// # Errors
///
/// [`RunError`]: the program cannot be walked, or meets an undefined word.
pub fn run_task(
    program: &Program,
    binding: &Binding,
    task: &Task,
    seed: u64,
) -> Result<Outcome, RunError> {
    let values = Values { seed };
    let outputs = exactly(program, binding, values)?;
    let expected = task.exactly(values)?;
    let agree = |(it, right): (&Option<Value>, &Value)| it.is_some_and(|it| it.agrees(*right));
    let exact = outputs.len() == expected.len() && outputs.iter().zip(&expected).all(agree);
    let input = |address: usize| uniform(values, address);
    let outputs = in_floats(program, binding, input)?;
    let expected = reference(program, binding, task, input)?;
    let max_abs_error = largest_error(&outputs, &expected);
    // The reference has no maximum: it says nothing of large scores.
    Ok(Outcome { exact, proved: false, max_abs_error, max_abs_error_large: f64::NAN, seed })
}

/// What `task` says in f64 that the outputs of `program` hold, the input at address i being `input(i)`.
///
/// # Errors
///
/// [`Undefined`] where a sum happens to be zero.
pub fn reference(
    program: &Program,
    binding: &Binding,
    task: &Task,
    input: impl Fn(usize) -> f64,
) -> Result<Vec<f64>, Undefined> {
    task.outputs(&Floats { input, scale: scale(program, binding) })
}

/// What `scale` stands for.
#[expect(clippy::cast_precision_loss, reason = "a size is far below 2^53")]
fn scale(program: &Program, binding: &Binding) -> f64 {
    program.scale.map_or(1.0, |it| (binding.env[it.index()] as f64).sqrt().recip())
}

/// What the outputs hold in exact arithmetic.
///
/// # Errors
///
/// [`RunError`]: the program cannot be walked, or meets an undefined word.
pub fn exactly(
    program: &Program,
    binding: &Binding,
    values: Values,
) -> Result<Vec<Option<Value>>, RunError> {
    let tables = tables(program, binding)?;
    execute(program, binding, &mut Exact { values, tables }).map_err(|it| match it {
        Stopped::Walk(it) => it.into(),
        Stopped::Meaning(it) => it.into(),
    })
}

/// What the outputs hold in f64, the input at address i being `input(i)`.
///
/// # Errors
///
/// [`WalkError`]: the program cannot be walked.
pub fn in_floats(
    program: &Program,
    binding: &Binding,
    input: impl Fn(usize) -> f64,
) -> Result<Vec<Option<f64>>, WalkError> {
    let scale = scale(program, binding);
    execute(program, binding, &mut InFloats(Floats { input, scale })).map_err(|it| match it {
        Stopped::Walk(it) => it,
        Stopped::Meaning(it) => match it {},
    })
}

fn float_error(
    program: &Program,
    binding: &Binding,
    shape: Shape,
    values: Values,
    large: f64,
) -> Result<f64, WalkError> {
    let inputs = usize::try_from(shape.n_inputs()).unwrap_or(usize::MAX);
    let q = usize::try_from(shape.n() * shape.d()).unwrap_or(usize::MAX);
    let k = q + usize::try_from(shape.keys() * shape.d()).unwrap_or(usize::MAX);
    let input = |address: usize| {
        let unit = uniform(values, address);
        if address < k { large * unit } else { unit }
    };
    let outputs = in_floats(program, binding, input)?;
    let all: Vec<f64> = (0..inputs).map(input).collect();
    let right = float::reference(shape, program.scale.is_some(), &all[..q], &all[q..k], &all[k..]);
    Ok(largest_error(&outputs, &right))
}

fn largest_error(outputs: &[Option<f64>], right: &[f64]) -> f64 {
    let error =
        |(it, right): (&Option<f64>, &f64)| it.map_or(f64::INFINITY, |it| (it - right).abs());
    let worst = |worst: f64, it: f64| if it.is_nan() { f64::INFINITY } else { worst.max(it) };
    outputs.iter().zip(right).map(error).fold(0.0, worst)
}

/// A number in (−1, 1) for the input at `address`, from its residue.
#[expect(clippy::cast_precision_loss, reason = "53 bits of the residue are enough")]
#[must_use]
pub fn uniform(values: Values, address: usize) -> f64 {
    match values.input(address as u64) {
        Value::Number { p, .. } => (p >> 9) as f64 / (1u64 << 53) as f64 - 1.0,
        Value::Log { .. } | Value::NegInf => 0.0,
    }
}

struct Exact {
    values: Values,
    /// Inputs that are integers: where each table begins, and what it holds.
    tables: Vec<(usize, Vec<u64>)>,
}

impl Meaning for Exact {
    type Word = Value;
    type Stop = Undefined;

    fn input(&mut self, address: usize) -> Value {
        let entry = |(base, it): &(usize, Vec<u64>)| it.get(address.checked_sub(*base)?).copied();
        let entry = self.tables.iter().find_map(entry).and_then(|it| i64::try_from(it).ok());
        entry.map_or_else(|| self.values.input(address as u64), Value::integer)
    }

    fn load(&mut self, _: Value) -> Result<(), Undefined> {
        Ok(())
    }

    fn store(&mut self, _: Value, _: Option<usize>) -> Result<(), Undefined> {
        Ok(())
    }

    fn compute(&mut self, op: Op, operands: &[Value]) -> Result<Value, Undefined> {
        self.values.apply(op, operands)
    }

    fn free(&mut self, _: Value) -> Result<(), Undefined> {
        Ok(())
    }
}

/// Where each table of the binding begins among the inputs.
fn tables(program: &Program, binding: &Binding) -> Result<Vec<(usize, Vec<u64>)>, WalkError> {
    let (mut base, mut tables) = (0_usize, vec![]);
    for slow in program.with_role(Role::In) {
        if let Some((_, entries)) = binding.tables.iter().find(|it| it.0 == slow) {
            tables.push((base, entries.clone()));
        }
        let mut words = 1_usize;
        for dim in &program.slow[slow.0].dims {
            let extent = usize::try_from(dim.eval(&binding.env)?).map_err(|_| TooLarge)?;
            words = words.checked_mul(extent).ok_or(TooLarge)?;
        }
        base = base.checked_add(words).ok_or(TooLarge)?;
    }
    Ok(tables)
}

struct InFloats<F>(Floats<F>);

impl<F: Fn(usize) -> f64> Meaning for InFloats<F> {
    type Word = f64;
    type Stop = Infallible;

    fn input(&mut self, address: usize) -> f64 {
        (self.0.input)(address)
    }

    fn load(&mut self, _: f64) -> Result<(), Infallible> {
        Ok(())
    }

    fn store(&mut self, _: f64, _: Option<usize>) -> Result<(), Infallible> {
        Ok(())
    }

    fn compute(&mut self, op: Op, operands: &[f64]) -> Result<f64, Infallible> {
        Ok(float::apply(op, operands, self.0.scale))
    }

    fn free(&mut self, _: f64) -> Result<(), Infallible> {
        Ok(())
    }
}
