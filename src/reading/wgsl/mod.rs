//! `wgsl`: the same loops as GPU kernels, in the WebGPU Shading Language.
//!
//! ```text
//! slow array          storage buffer, touched only by its accessors ld_X(i) and st_X(i, v)
//! fast array          a range of `fast`, the workgroup memory; elements go round the invocations
//! par for, at the top the grid, one workgroup an iteration
//! any other loop      a loop of one workgroup, in order
//! top-level statement a kernel of its own, unless fast arrays live on into the next one
//! ```
//!
//! A sequential loop at the top that would take an invocation past [`Limits::iterations`] becomes a
//! loop of the host: one dispatch an iteration. Words are f32, −∞ is the lowest finite one.

mod accessors;
mod assign;
mod interval;
mod memory;
mod refusal;
mod split;
mod statement;
mod term;
mod text;

pub use refusal::NotAKernel;

use crate::schedule::{bind::Binding, program::Program, program::Slow};
use split::{Piece, split};
use statement::Emitter;

/// What a device allows. Invocations are counted a workgroup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most invocations of a workgroup.
    pub invocations: u32,
    /// Most words (4 bytes) of workgroup memory.
    pub words: u64,
    /// Most loop iterations of one invocation, summed over all its loops; software drivers stop
    /// silently after 65,535.
    pub iterations: u64,
    /// Most words of one storage buffer.
    pub binding: u64,
    /// Most storage buffers of one kernel, that of the counters included.
    pub buffers: usize,
    /// Most workgroups of one dispatch.
    pub workgroups: u32,
}

impl Limits {
    /// What every WebGPU device has: 256 invocations, 16 KiB of workgroup memory, 128 MiB a buffer;
    /// and iterations that no driver is known to stop.
    pub const PORTABLE: Self = Self {
        invocations: 256,
        words: 4096,
        iterations: 65_535,
        binding: 1 << 25,
        buffers: 8,
        workgroups: 65_535,
    };
}

/// Does a kernel count its own accesses?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// It only computes.
    Plain,
    /// It also writes, for every workgroup and every array it touches, words loaded and stored.
    Counted,
}

/// One way of touching a slow array; a counter of the instrumented form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Words loaded from it.
    Load(Slow),
    /// Words stored to it.
    Store(Slow),
}

impl Access {
    /// The array.
    #[must_use]
    pub fn slow(self) -> Slow {
        match self {
            Self::Load(it) | Self::Store(it) => it,
        }
    }
}

/// One kernel: a module with the entry point `main`.
///
/// The slow array s is at binding s of group 0; the counters are at [`Kernel::counters_at`], with
/// counter c of workgroup w at w · `accesses.len()` + c; the index of a host loop, an i32 in a uniform
/// buffer, at [`Kernel::host_at`].
#[derive(Clone, Debug)]
pub struct Kernel {
    /// The text.
    pub text: String,
    /// Workgroups of a dispatch.
    pub grid: u32,
    /// Invocations of a workgroup.
    pub width: u32,
    /// Iterations of the loop that the host runs, each a dispatch; `None` if there is none.
    pub host: Option<u32>,
    /// Words of workgroup memory.
    pub words: u64,
    /// No invocation takes more loop iterations.
    pub iterations: u64,
    /// The accessors it has, in the order of the counters.
    pub accesses: Vec<Access>,
    /// The binding of the counters.
    pub counters_at: u32,
    /// The binding of the host loop's index.
    pub host_at: u32,
}

/// A program as kernels, to be run one after the other.
#[derive(Clone, Debug)]
pub struct Kernels {
    /// Names and extents in words of the slow arrays, in order of declaration.
    pub arrays: Vec<(String, usize)>,
    /// The kernels.
    pub kernels: Vec<Kernel>,
    /// Do they count?
    pub form: Form,
}

/// Makes the kernels of `program` at `binding`, which [`count`](super::count()) must be able to walk:
/// that no place lies outside its array is seen there.
///
/// # Errors
///
/// [`NotAKernel`]: what is in the way, with its numbers.
pub fn kernels(
    program: &Program,
    binding: &Binding,
    limits: &Limits,
    form: Form,
) -> Result<Kernels, NotAKernel> {
    if !program.unit_weights() {
        return Err(NotAKernel::Weights);
    }
    let arrays = extents(program, binding, limits)?;
    let pieces = split(&program.body);
    let n = pieces.len();
    let made = pieces.iter().enumerate().map(|(i, piece)| {
        let title = format!("kernel {} of {n}", i + 1);
        kernel(program, binding, limits, form, piece, &title)
    });
    Ok(Kernels { kernels: made.collect::<Result<_, _>>()?, arrays, form })
}

fn extents(
    program: &Program,
    binding: &Binding,
    limits: &Limits,
) -> Result<Vec<(String, usize)>, NotAKernel> {
    let all = super::count::slow_extents(program, &binding.env).map_err(NotAKernel::Walk)?;
    let words = all.iter().map(|it| it.iter().fold(1i128, |a, b| a.saturating_mul(*b)));
    let words = words.zip(&program.slow).map(|(words, array)| {
        let name = array.name.clone();
        match usize::try_from(words) {
            Ok(it) if words <= i128::from(limits.binding) => Ok((name, it)),
            _ => Err(NotAKernel::Buffer { array: name, words, most: limits.binding }),
        }
    });
    words.collect()
}

fn kernel(
    program: &Program,
    binding: &Binding,
    limits: &Limits,
    form: Form,
    piece: &Piece<'_>,
    title: &str,
) -> Result<Kernel, NotAKernel> {
    let make = |piece: &Piece<'_>| {
        // The widest statement says how many invocations there is work for.
        let widest = Emitter::new(program, binding, limits.invocations).piece(piece)?.widest;
        let width = widest.next_power_of_two().min(u64::from(limits.invocations));
        let width = u32::try_from(width).unwrap_or(limits.invocations);
        Emitter::new(program, binding, width).piece(piece)
    };
    let mut body = make(piece)?;
    if body.iterations > limits.iterations {
        let long = NotAKernel::TooLong {
            line: program.lines[piece.first().id].line,
            iterations: body.iterations,
            most: limits.iterations,
            carried: piece.carried(program),
        };
        let Piece::Group([only]) = piece else { return Err(long) };
        let Some(hosted) = Piece::hosted(only) else { return Err(long) };
        let host_body = make(&hosted)?;
        if host_body.iterations > limits.iterations {
            let carried = hosted.carried(program);
            let iterations = host_body.iterations;
            let line = program.lines[only.id].line;
            return Err(NotAKernel::TooLong { line, iterations, most: limits.iterations, carried });
        }
        body = host_body;
    }
    if body.words > limits.words {
        let (words, most) = (body.words, limits.words);
        return Err(NotAKernel::TilesTooLarge { title: title.to_owned(), words, most });
    }
    if body.grid > i128::from(limits.workgroups) {
        let line = program.lines[piece.first().id].line;
        let (workgroups, most) = (body.grid, limits.workgroups);
        return Err(NotAKernel::Grid { line, workgroups, most });
    }
    accessors::module(limits, form, title, &body)
}
