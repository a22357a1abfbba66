//! Checks certificates of lower bounds on attention.
//!
//! `cargo run --example check -- proofs/window/accept/*.cert`
#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use iobound::{certificate::parse, check::check_attention};
use std::{env, error::Error, fs, process::ExitCode};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut refused = false;
    for path in env::args().skip(1) {
        match check_attention(&parse(&fs::read(&path)?)?) {
            Ok(it) => println!("{path}: at least {} words, by {}", it.value(), it.id()),
            Err(why) => {
                println!("{path}: refused, {why}");
                refused = true;
            }
        }
    }
    Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
