//! A member of the family beside its reference.

use super::{Difference, Line, Trial, TrialError, form};
use crate::{
    attention::Task,
    device::Device,
    reading::{
        count::{LIMIT, count},
        run::{reference, uniform},
        wgsl::{Kernels, kernels},
    },
    schedule::{bind::Binding, draft::Role, program::Program},
    value::Values,
};

/// What an output may be off by, relative to the largest one and to 1. No bound is derived for these
/// computations: this is some hundred roundings of an f32.
const TOLERANCE: f64 = 1e-4;

/// Runs `program`, which computes `task`, on `device`, inputs uniform in (−1, 1).
///
/// # Errors
///
/// [`TrialError`]: no prediction, no kernel, or no result.
pub fn trial_task(
    program: &Program,
    binding: &Binding,
    task: &Task,
    device: &Device,
    seed: u64,
) -> Result<Trial, TrialError> {
    let kernels = kernels(program, binding, &device.limits(), form(device))?;
    let predicted = count(program, binding, LIMIT)?.by_array(program);
    let drawn = draw(program, &kernels, seed);
    let input = |at: usize| f64::from(drawn[at]);
    let right = reference(program, binding, task, input)?;
    let measured = device.run(&kernels, memory(program, &kernels, &drawn))?;
    let counted = measured.counters.or(measured.seen).unwrap_or_default();
    let lines = predicted.into_iter().zip(counted);
    let lines = lines.map(|((array, predicted), counted)| Line { array, predicted, counted });
    let outputs = program.with_role(Role::Out).filter_map(|it| measured.memory.get(it.0)).flatten();
    let outputs: Vec<f64> = outputs.copied().map(f64::from).collect();
    let difference = Some(difference(&right, &outputs));
    Ok(Trial { lines: lines.collect(), difference, time_ns: measured.time_ns })
}

fn difference(right: &[f64], outputs: &[f64]) -> Difference {
    let missing = if outputs.len() == right.len() { 0.0 } else { f64::INFINITY };
    let worst = |worst: f64, it: f64| if it.is_nan() { f64::INFINITY } else { worst.max(it) };
    let max_abs = right.iter().zip(outputs).map(|(a, b)| (a - b).abs()).fold(missing, worst);
    let largest = right.iter().fold(1.0_f64, |it, word| it.max(word.abs()));
    Difference { max_abs, bound: TOLERANCE * largest }
}

/// The inputs, one array after the other in order of declaration.
#[expect(clippy::cast_possible_truncation, reason = "an f32 is what kernels compute with")]
fn draw(program: &Program, kernels: &Kernels, seed: u64) -> Vec<f32> {
    let words = program.with_role(Role::In).map(|it| kernels.arrays[it.0].1).sum();
    (0..words).map(|at| uniform(Values { seed }, at) as f32).collect()
}

/// The slow arrays before the first kernel: inputs as drawn, all else 0.
fn memory(program: &Program, kernels: &Kernels, mut drawn: &[f32]) -> Vec<Vec<f32>> {
    let mut memory: Vec<Vec<f32>> = kernels.arrays.iter().map(|it| vec![0.0; it.1]).collect();
    for slow in program.with_role(Role::In) {
        let (mine, rest) = drawn.split_at(memory[slow.0].len());
        memory[slow.0].copy_from_slice(mine);
        drawn = rest;
    }
    memory
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_or_no_number_is_far() {
        assert!(difference(&[1.0, 2.0], &[1.0, 2.0]).met());
        assert!(difference(&[1.0, 2000.0], &[1.1, 2000.0]).met());
        assert!(!difference(&[1.0, 2.0], &[1.0, 2.01]).met());
        assert!(!difference(&[1.0, 2.0], &[1.0]).met());
        assert!(!difference(&[1.0], &[f64::NAN]).met());
    }
}
