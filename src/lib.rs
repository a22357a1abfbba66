//! How much slow-memory traffic attention must cause, and how far a kernel is from it.

pub mod bounds;
pub mod cdag;
pub mod model;
pub mod schedule;
pub mod sizes;
