//! An interpreter of naga's IR: no driver, and it counts every access to storage by itself.
//!
//! The invocations of a workgroup go in lockstep, statement by statement, with a list of those that
//! are active, so a barrier has nothing to do but to see that all are there. Arithmetic is that of
//! the machine's f32, i32 (wrapping) and u32; x / 0 = x and x % 0 = 0 as in WGSL.

mod code;
mod compile;
mod execute;

use super::{DeviceError, Measured, Module, add_counters};
use crate::reading::{
    count::Traffic,
    wgsl::{Form, Kernel, Kernels, Limits},
};
use compile::compile;
use execute::{Global, Machine};

/// A schedule of any length can be interpreted; the rest is what every WebGPU device has.
pub const LIMITS: Limits = Limits { iterations: u64::MAX, buffers: 64, ..Limits::PORTABLE };

/// Runs `kernels` in order.
///
/// # Errors
///
/// [`DeviceError`]: a text is not valid WGSL, goes round its accessors, leaves its arrays, or is
/// beyond what is known here.
pub fn run(kernels: &Kernels, memory: Vec<Vec<f32>>) -> Result<Measured, DeviceError> {
    let counted = kernels.form == Form::Counted;
    let mut memory: Vec<Vec<u32>> =
        memory.into_iter().map(|it| it.into_iter().map(f32::to_bits).collect()).collect();
    let mut seen = vec![Traffic::default(); memory.len()];
    let mut counters = seen.clone();
    for kernel in &kernels.kernels {
        let slots = run_kernel(kernel, &mut memory, &mut seen)?;
        add_counters(kernel, &slots, &mut counters);
    }
    let floats = |it: Vec<u32>| it.into_iter().map(f32::from_bits).collect();
    Ok(Measured {
        memory: memory.into_iter().map(floats).collect(),
        seen: Some(seen),
        counters: counted.then_some(counters),
        time_ns: None,
    })
}

/// The counters at the end.
fn run_kernel(
    kernel: &Kernel,
    memory: &mut [Vec<u32>],
    seen: &mut [Traffic],
) -> Result<Vec<u32>, DeviceError> {
    let module = Module::parse(&kernel.text)?;
    let program = compile(&module)?;
    let mut machine = Machine::new(&module, &program, kernel.iterations)?;
    let slots = kernel.grid as usize * kernel.accesses.len();
    for global in &mut machine.globals {
        if let Global::Storage { binding, words, .. } = global {
            *words = match memory.get_mut(*binding as usize) {
                Some(it) => std::mem::take(it),
                None => vec![0; slots],
            };
        }
    }
    let mut result = Ok(());
    'all: for host in 0..kernel.host.unwrap_or(1) {
        for group in 0..kernel.grid {
            result = machine.workgroup(group, host);
            if result.is_err() {
                break 'all;
            }
        }
    }
    let mut counters = vec![];
    for global in machine.globals {
        let Global::Storage { binding, words, traffic, .. } = global else { continue };
        match memory.get_mut(binding as usize) {
            Some(it) => {
                *it = words;
                seen[binding as usize].loads += traffic.loads;
                seen[binding as usize].stores += traffic.stores;
            }
            None => counters = words,
        }
    }
    result.map(|()| counters)
}
