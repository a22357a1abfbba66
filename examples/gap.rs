//! How far is each algorithm from the largest lower bound, at one size of fast memory?
//!
//! `cargo run --example gap -- 4096 128 83968`
#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use iobound::{
    model::Words,
    sweep::{Cell, sweep},
};
use std::{env, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<u64> = env::args().skip(1).map(|it| it.parse()).collect::<Result<_, _>>()?;
    let [n, d, m] = given.as_slice() else {
        return Err("expected N, d and M, as in `4096 128 83968`".into());
    };
    let cells: Vec<Cell> = Cell::all(*n, *d, Words(*m)).collect();
    for point in sweep(&cells, || ())? {
        match (point.io, point.bound, point.gap) {
            (Some(io), Some(bound), Some(gap)) => {
                println!("{:16} {io:>20} words, {gap:.3} of {}", point.algorithm, bound.id);
            }
            (Some(io), ..) => println!("{:16} {io:>20} words", point.algorithm),
            (None, ..) => println!("{:16} {}", point.algorithm, point.note.unwrap_or_default()),
        }
    }
    Ok(())
}
