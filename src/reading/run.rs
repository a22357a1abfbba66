//! `run`: the numbers a program computes, in f64 and exactly.
//!
//! The exact run ([`crate::value`]) shows equality with attention in exact arithmetic and is blind to
//! rounding; the f64 run, with large scores too, sees a maximum that is wrong or missing.

use super::{
    WalkError,
    execute::{Meaning, Stopped, execute},
};
use crate::{
    attention::{Reference, Shape, float},
    op::{Constant, Function, Op},
    schedule::{bind::Binding, program::Program},
    value::{Undefined, Value, Values},
};
use std::convert::Infallible;

/// How a program's outputs compare with attention.
#[derive(Clone, Copy, Debug, PartialEq)]
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
    execute(program, binding, &mut Exact(values)).map_err(|it| match it {
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
    #[expect(clippy::cast_precision_loss, reason = "a size is far below 2^53")]
    let scale = program.scale.map_or(1.0, |it| (binding.env[it.index()] as f64).sqrt().recip());
    execute(program, binding, &mut Floats { input, scale }).map_err(|it| match it {
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
    let error =
        |(it, right): (Option<f64>, &f64)| it.map_or(f64::INFINITY, |it| (it - right).abs());
    let worst = |worst: f64, it: f64| if it.is_nan() { f64::INFINITY } else { worst.max(it) };
    Ok(outputs.into_iter().zip(&right).map(error).fold(0.0, worst))
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

struct Exact(Values);

impl Meaning for Exact {
    type Word = Value;
    type Stop = Undefined;

    fn input(&mut self, address: usize) -> Value {
        self.0.input(address as u64)
    }

    fn load(&mut self, _: Value) -> Result<(), Undefined> {
        Ok(())
    }

    fn store(&mut self, _: Value, _: Option<usize>) -> Result<(), Undefined> {
        Ok(())
    }

    fn compute(&mut self, op: Op, operands: &[Value]) -> Result<Value, Undefined> {
        self.0.apply(op, operands)
    }

    fn free(&mut self, _: Value) -> Result<(), Undefined> {
        Ok(())
    }
}

struct Floats<F> {
    input: F,
    scale: f64,
}

impl<F: Fn(usize) -> f64> Floats<F> {
    #[expect(clippy::cast_precision_loss, reason = "constants are small")]
    fn constant(&self, constant: Constant) -> f64 {
        match constant {
            Constant::Int(it) => it as f64,
            Constant::NegInf => f64::NEG_INFINITY,
            Constant::Scale => self.scale,
        }
    }
}

impl<F: Fn(usize) -> f64> Meaning for Floats<F> {
    type Word = f64;
    type Stop = Infallible;

    fn input(&mut self, address: usize) -> f64 {
        (self.input)(address)
    }

    fn load(&mut self, _: f64) -> Result<(), Infallible> {
        Ok(())
    }

    fn store(&mut self, _: f64, _: Option<usize>) -> Result<(), Infallible> {
        Ok(())
    }

    fn compute(&mut self, op: Op, operands: &[f64]) -> Result<f64, Infallible> {
        Ok(match (op, operands) {
            (Op::Constant(it), []) => self.constant(it),
            (Op::Copy, [x]) => *x,
            (Op::Negate, [x]) => -x,
            (Op::Times(it), [x]) => self.constant(it) * x,
            (Op::Call(it), [x]) => call(it, *x),
            (Op::Add, [x, y]) => x + y,
            (Op::Sub, [x, y]) => x - y,
            (Op::Mul, [x, y]) => x * y,
            (Op::Div, [x, y]) => x / y,
            (Op::Max, [x, y]) => x.max(*y),
            // Not an operation of the language.
            _ => f64::NAN,
        })
    }

    fn free(&mut self, _: f64) -> Result<(), Infallible> {
        Ok(())
    }
}

fn call(function: Function, x: f64) -> f64 {
    match function {
        Function::Exp => x.exp(),
        Function::Log => x.ln(),
        Function::Sqrt => x.sqrt(),
        Function::Tanh => x.tanh(),
        Function::Relu => x.max(0.0),
        // The tanh form of Hendrycks & Gimpel 2016.
        Function::Gelu => {
            let inner = std::f64::consts::FRAC_2_PI.sqrt() * (x + 0.044_715 * x * x * x);
            0.5 * x * (1.0 + inner.tanh())
        }
    }
}
