//! The general bounds: what the checker accepts is below the optimum, whoever made it.
#![expect(clippy::unwrap_used, reason = "tests")]

mod below;
mod forged;
mod oracle;
mod proofs;
mod random;
