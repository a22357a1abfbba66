//! A stub, until `run` is merged.

use crate::{
    attention::Shape,
    schedule::{bind::Binding, program::Program},
};

/// What a run found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Do all outputs hold attention, exactly?
    pub exact: bool,
    /// Is the error bound of that proved?
    pub proved: bool,
    /// In f64, on ordinary inputs.
    pub max_abs_error: f64,
    /// In f64, on inputs with large scores.
    pub max_abs_error_large: f64,
    /// Drew the inputs.
    pub seed: u64,
}

/// Why there is no outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// Not built yet.
    #[error("`run` is not built yet")]
    Stub,
}

/// Runs nothing yet.
///
/// # Errors
///
/// Always.
pub fn run(_: &Program, _: &Binding, _: Shape, _: u64) -> Result<Outcome, RunError> {
    Err(RunError::Stub)
}
