//! Prediction and run: what a schedule should move, and what a kernel made from it did move.

mod cell;
mod error;
mod experiment;
mod fed;
mod inputs;

pub use cell::{Cell, Tiling, shipped};
pub use error::{Difference, difference};
pub use experiment::{Fit, Timed, fit, timed};
pub use fed::Fed;
pub use inputs::Inputs;

use crate::{
    device::{Device, DeviceError},
    reading::{
        WalkError,
        count::{LIMIT, Traffic, count},
        wgsl::{Form, Kernels, NotAKernel, kernels},
    },
    schedule::{bind::Binding, draft::Role, program::Program},
    value::Undefined,
};

/// A slow array's words, twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The array.
    pub array: String,
    /// What `count` says.
    pub predicted: Traffic,
    /// What the device counted.
    pub counted: Traffic,
}

/// One run beside its prediction.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// One for each slow array, in order of declaration.
    pub lines: Vec<Line>,
    /// How far the outputs are from attention; `None` where they are not judged: the schedule is not
    /// attention, or the inputs leave nothing to compare with.
    pub difference: Option<Difference>,
    /// Nanoseconds in the kernels; only of a real GPU.
    pub time_ns: Option<u64>,
}

impl Trial {
    /// Are all words as predicted?
    #[must_use]
    pub fn equal(&self) -> bool {
        self.lines.iter().all(|it| it.predicted == it.counted)
    }

    /// Are the outputs within the bound, where they are judged?
    #[must_use]
    pub fn close(&self) -> bool {
        self.difference.as_ref().is_none_or(Difference::met)
    }

    /// Words predicted and counted, loads and stores of all arrays.
    #[must_use]
    pub fn io(&self) -> (u128, u128) {
        let sum = |of: fn(&Line) -> Traffic| {
            self.lines.iter().map(of).map(|it| it.loads + it.stores).sum()
        };
        (sum(|it| it.predicted), sum(|it| it.counted))
    }
}

/// Why there is no trial.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrialError {
    /// It cannot be counted.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// It is no kernel.
    #[error(transparent)]
    NotAKernel(#[from] NotAKernel),
    /// The device gave no result.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The reference divides by a sum that is zero.
    #[error("the reference of the outputs: {0}; another --seed is needed")]
    Undefined(#[from] Undefined),
    /// Only attention can be fed.
    #[error(
        "only attention can be run: inputs Q[N,d], K[N,d], V[N,d] and output O[N,d], in this order"
    )]
    NotAttention,
}

/// The form whose counts a device gives: an interpreter sees every access to the plain form.
#[must_use]
pub fn form(device: &Device) -> Form {
    match device {
        Device::Interpreter => Form::Plain,
        Device::Adapter(_) => Form::Counted,
    }
}

/// Runs `program` at `binding` on `device` and sets what was counted beside what was predicted.
///
/// # Errors
///
/// [`TrialError`]: no prediction, no kernel, or no result.
pub fn trial<'a>(
    program: &Program,
    binding: &Binding,
    device: &Device,
    fed: impl Into<Fed<'a>>,
    seed: u64,
) -> Result<Trial, TrialError> {
    let made = kernels(program, binding, &device.limits(), form(device))?;
    try_kernels(program, binding, &made, device, fed, seed)
}

/// The same with kernels that are there already.
///
/// # Errors
///
/// [`TrialError`]: no prediction, or no result.
pub fn try_kernels<'a>(
    program: &Program,
    binding: &Binding,
    kernels: &Kernels,
    device: &Device,
    fed: impl Into<Fed<'a>>,
    seed: u64,
) -> Result<Trial, TrialError> {
    let fed = fed.into();
    let drawn = fed.draw(program, binding, kernels, seed)?;
    let predicted = count(program, binding, LIMIT)?.by_array(program);
    let measured = device.run(kernels, memory(program, kernels, &drawn))?;
    let counted = measured.counters.or(measured.seen).unwrap_or_default();
    let lines = predicted.into_iter().zip(counted);
    let lines = lines.map(|((array, predicted), counted)| Line { array, predicted, counted });
    let outputs = program.with_role(Role::Out).filter_map(|it| measured.memory.get(it.0));
    let outputs: Vec<f32> = outputs.flatten().copied().collect();
    let difference = fed.judge(program, binding, &drawn, &outputs)?;
    Ok(Trial { lines: lines.collect(), difference, time_ns: measured.time_ns })
}

/// The slow arrays before the first kernel: inputs as drawn, all else 0.
fn memory(program: &Program, kernels: &Kernels, drawn: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let mut memory: Vec<Vec<f32>> = kernels.arrays.iter().map(|it| vec![0.0; it.1]).collect();
    for (slow, words) in program.with_role(Role::In).zip(drawn) {
        memory[slow.0].clone_from(words);
    }
    memory
}
