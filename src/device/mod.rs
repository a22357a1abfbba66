//! Devices that run kernels and count what they touch: measurements, never proofs.
//!
//! The [`interpreter`] needs no driver and counts every access to a storage buffer by itself; a real
//! or software [`adapter`] runs the same text, and the kernels in their instrumented form count.

pub mod adapter;
pub mod interpreter;
mod module;

pub use adapter::Adapter;
pub use module::{Module, check_accessors};

use crate::reading::{
    count::Traffic,
    wgsl::{Access, Kernel, Kernels, Limits},
};

/// What sort of device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The interpreter that is part of this program.
    Interpreter,
    /// A driver that computes on the processor: its times say nothing.
    Software,
    /// A GPU.
    Gpu,
}

impl Kind {
    /// The word that is printed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Interpreter => "interpreter",
            Self::Software => "software",
            Self::Gpu => "gpu",
        }
    }
}

/// What a run left, and what it counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The slow arrays at the end, in order of declaration.
    pub memory: Vec<Vec<f32>>,
    /// Words of each slow array that the device itself saw moving; only the interpreter sees.
    pub seen: Option<Vec<Traffic>>,
    /// Words of each slow array by the kernels' own counters, if they have them.
    pub counters: Option<Vec<Traffic>>,
    /// Nanoseconds in the kernels, from timestamps; only of a real GPU.
    pub time_ns: Option<u64>,
}

/// Why a device gave no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// There is none.
    #[error(
        "no Vulkan, Metal or DX12 adapter was found; --device interpreter needs none (on Debian \
         the packages libvulkan1 and mesa-vulkan-drivers bring a software one)"
    )]
    NoAdapter,
    /// It would not start.
    #[error("{adapter}: the device cannot be opened: {reason}")]
    Open {
        /// Its name.
        adapter: String,
        /// What it said.
        reason: String,
    },
    /// A text that is no WGSL.
    #[error("the kernel is not valid WGSL: {0}")]
    Text(String),
    /// A storage buffer named outside its accessors.
    #[error("the kernel touches `{variable}` in `{function}`, outside its accessors")]
    Bypassed {
        /// The storage variable.
        variable: String,
        /// The function.
        function: String,
    },
    /// WGSL that the interpreter does not know.
    #[error("the interpreter does not know this WGSL: {0}")]
    Unknown(String),
    /// A place outside an array.
    #[error("the kernel touches `{array}` at {index}, outside its {words} words")]
    Outside {
        /// The variable.
        array: String,
        /// The index, as an i32.
        index: i32,
        /// Its words.
        words: usize,
    },
    /// A barrier that not all invocations reach together.
    #[error("{there} of {all} invocations reach a barrier together")]
    Barrier {
        /// Those that reach it.
        there: usize,
        /// All of the workgroup.
        all: usize,
    },
    /// More iterations than the static bound.
    #[error("a workgroup takes more than the {bound} loop iterations that the schedule allows")]
    Endless {
        /// The bound.
        bound: u64,
    },
    /// Out of memory, lost, or a refused command.
    #[error("{adapter}: {reason}")]
    Failed {
        /// Its name.
        adapter: String,
        /// What it said.
        reason: String,
    },
    /// The watchdog.
    #[error("{adapter}: no answer after {seconds} s; given up")]
    Hung {
        /// Its name.
        adapter: String,
        /// How long.
        seconds: u64,
    },
}

/// A device.
#[derive(Debug)]
pub enum Device {
    /// The embedded one.
    Interpreter,
    /// A driver's.
    Adapter(Adapter),
}

impl Device {
    /// What to call it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Interpreter => "naga interpreter",
            Self::Adapter(it) => it.name(),
        }
    }

    /// What sort it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Interpreter => Kind::Interpreter,
            Self::Adapter(it) => it.kind(),
        }
    }

    /// What kernels may ask of it.
    #[must_use]
    pub fn limits(&self) -> Limits {
        match self {
            Self::Interpreter => interpreter::LIMITS,
            Self::Adapter(it) => it.limits(),
        }
    }

    /// Runs `kernels` in order. `memory` is what the slow arrays hold at first, in order of declaration.
    ///
    /// # Errors
    ///
    /// [`DeviceError`]: the text is wrong, or the device fails.
    pub fn run(&self, kernels: &Kernels, memory: Vec<Vec<f32>>) -> Result<Measured, DeviceError> {
        match self {
            Self::Interpreter => interpreter::run(kernels, memory),
            Self::Adapter(it) => it.run(kernels, memory),
        }
    }
}

/// Adds the counters of a kernel, every workgroup's slots, to `sums`.
fn add_counters(kernel: &Kernel, slots: &[u32], sums: &mut [Traffic]) {
    let n = kernel.accesses.len().max(1);
    for (slot, words) in slots.iter().enumerate() {
        let Some(access) = kernel.accesses.get(slot % n) else { continue };
        let words = u128::from(*words);
        match access {
            Access::Load(it) => sums[it.0].loads += words,
            Access::Store(it) => sums[it.0].stores += words,
        }
    }
}
