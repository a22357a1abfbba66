//! The schedule language: what it refuses and how it says so, and that nothing makes it panic.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../shared/any_text.rs"]
mod any_text;
mod drafts;
mod faults;
mod noise;
mod parse_errors;
