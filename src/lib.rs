//! How much slow-memory traffic attention must cause, and how far a kernel is from it.

pub mod attention;
pub mod bounds;
pub mod cdag;
pub mod certificate;
pub mod check;
pub mod device;
pub mod epochs;
pub mod exact;
pub mod figure2;
pub mod hardware;
pub mod model;
pub mod models;
mod names;
pub mod observe;
pub mod op;
pub mod order;
pub mod reading;
pub mod replay;
pub mod report;
pub mod schedule;
pub mod sizes;
pub mod strategy;
pub mod sweep;
pub mod trial;
pub mod value;
