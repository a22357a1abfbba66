//! How much slow-memory traffic attention must cause, and how far a kernel is from it.

pub mod attention;
pub mod cdag;
pub mod model;
pub mod op;
pub mod replay;
pub mod schedule;
pub mod value;
