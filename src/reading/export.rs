//! `export`: the CDAG that a program's strict moves compute.
//!
//! The game on an explicit CDAG makes every sink an output and every source an input, so three things
//! of the stream have no place in it, and are left out: constants, which are part of an operation and
//! cost no word; results that no output needs; and what an address held before its last store. Every
//! schedule of the program remains one of the CDAG, without the moves of what is left out, and moves
//! no more words.

use super::{Pebbles, WalkError};
use crate::{
    cdag::{Cdag, Malformed, Vertex},
    op::Op,
    schedule::{Move, MoveSource, bind::Binding, draft::Role, program::Program},
};
use std::ops::ControlFlow;

/// Vertices a program may compute, inputs included, and addresses it may have: 2²⁰.
pub const EXPORT_LIMIT: u64 = 1 << 20;

/// Why a program has no CDAG, or none that can be held.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// It cannot be walked.
    #[error(transparent)]
    Walk(#[from] WalkError),
    /// Too many vertices or addresses.
    #[error("more than {} = 2^20 {what}; take smaller sizes", EXPORT_LIMIT)]
    TooLarge {
        /// Vertices, or output addresses.
        what: &'static str,
    },
    /// An output address that nothing is stored to.
    #[error("nothing is stored to output address {address}")]
    Unstored {
        /// The address.
        address: usize,
    },
    /// A CDAG's outputs are its sinks, and this one is read.
    #[error("what output address {address} holds is also read; in a CDAG nobody reads an output")]
    Read {
        /// The address.
        address: usize,
    },
    /// Two addresses hold the same vertex, which a CDAG stores once.
    #[error("output address {address} holds the same vertex as another one")]
    Shared {
        /// The second address.
        address: usize,
    },
    /// An output that no input went into.
    #[error("output address {address} holds a constant")]
    Constant {
        /// The address.
        address: usize,
    },
    /// The vertices form no CDAG.
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

/// A program's CDAG, and where the vertices of its stream are in it.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The CDAG: first all inputs, as in the stream, then what is computed, in the stream's order.
    pub cdag: Cdag,
    /// By the number in the stream; `None` for what is left out.
    pub vertices: Vec<Option<Vertex>>,
}

/// A vertex of the stream.
enum Kind {
    Input,
    Constant,
    Computed(Vec<usize>),
}

/// The CDAG of `program` at `binding`.
///
/// # Errors
///
/// [`ExportError`]: it is too large, cannot be walked, or its outputs are not what sinks can be.
pub fn export(program: &Program, binding: &Binding) -> Result<Exported, ExportError> {
    let mut pebbles = Pebbles::new(program, binding);
    let words = |role, what| {
        let words = pebbles.words(role).map_err(WalkError::from)?;
        let fits = usize::try_from(words).ok().filter(|_| words <= EXPORT_LIMIT);
        fits.ok_or(ExportError::TooLarge { what })
    };
    let n_inputs = words(Role::In, "vertices")?;
    let mut holds: Vec<Option<usize>> = vec![None; words(Role::Out, "output addresses")?];
    let mut kinds: Vec<Kind> = (0..n_inputs).map(|_| Kind::Input).collect();
    let flow = pebbles.emit(&mut |it| {
        match it {
            Move::Compute { op, operands, .. } => {
                if kinds.len() as u64 >= EXPORT_LIMIT {
                    return ControlFlow::Break(ExportError::TooLarge { what: "vertices" });
                }
                kinds.push(computed(&kinds, op, operands));
            }
            Move::Store(vertex, Some(output)) => holds[small(output.0)] = Some(small(vertex.0)),
            _ => {}
        }
        ControlFlow::Continue(())
    })?;
    if let ControlFlow::Break(it) = flow {
        return Err(it);
    }
    let needed = needed(&kinds, &holds)?;
    let mut vertices = vec![None; kinds.len()];
    let mut operands: Vec<Vec<Vertex>> = vec![];
    for (at, kind) in kinds.into_iter().enumerate() {
        let reads = match kind {
            Kind::Input => vec![],
            Kind::Computed(it) if needed[at] => it.iter().filter_map(|it| vertices[*it]).collect(),
            Kind::Constant | Kind::Computed(_) => continue,
        };
        vertices[at] = Some(Vertex(operands.len() as u64));
        operands.push(reads);
    }
    Ok(Exported { cdag: Cdag::new(operands)?, vertices })
}

fn small(number: u64) -> usize {
    usize::try_from(number).expect("a number of something that is held")
}

/// What an operation makes: of constants alone, a constant.
fn computed(kinds: &[Kind], op: Op, operands: &[Vertex]) -> Kind {
    let operands = operands.iter().map(|it| small(it.0));
    let words: Vec<usize> = operands.filter(|it| !matches!(kinds[*it], Kind::Constant)).collect();
    if words.is_empty() || matches!(op, Op::Constant(_)) {
        return Kind::Constant;
    }
    Kind::Computed(words)
}

/// Which vertices an output needs; outputs themselves must not be read by those.
fn needed(kinds: &[Kind], holds: &[Option<usize>]) -> Result<Vec<bool>, ExportError> {
    let mut output = vec![None; kinds.len()];
    let mut needed = vec![false; kinds.len()];
    for (address, held) in holds.iter().enumerate() {
        let vertex = held.ok_or(ExportError::Unstored { address })?;
        if matches!(kinds[vertex], Kind::Constant) {
            return Err(ExportError::Constant { address });
        }
        if output[vertex].replace(address).is_some() {
            return Err(ExportError::Shared { address });
        }
        needed[vertex] = true;
    }
    for (at, kind) in kinds.iter().enumerate().rev() {
        let Kind::Computed(operands) = kind else { continue };
        if !needed[at] {
            continue;
        }
        for &it in operands {
            if let Some(address) = output[it] {
                return Err(ExportError::Read { address });
            }
            needed[it] = true;
        }
    }
    Ok(needed)
}
