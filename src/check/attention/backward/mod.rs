//! The backward pass of attention: dQ, dK and dV from Q, K, V and dO.
//!
//! Row items q, do and dq (D + `d_k` of a row), key items k, v, dk and dv (2D of a key), D = `d_k` +
//! `d_v`. The class of CDAGs and all proofs: `proofs/backward/README.md`.

mod compulsory;
mod crowd;
mod fresh;
mod meet;
mod window;

use super::ClosedForm;

/// Every theorem about the backward pass, in the order in which they are printed.
pub const BACKWARD_FORMS: &[ClosedForm] =
    &[compulsory::THEOREM, window::THEOREM, fresh::THEOREM, meet::THEOREM, crowd::THEOREM];
