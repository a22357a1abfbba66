//! How much slow-memory traffic attention must cause, and how far a kernel is from it.

pub mod cdag;
pub mod model;
pub mod op;
pub mod reading;
pub mod schedule;
