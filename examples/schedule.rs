//! A schedule of your own: what it moves, whether it is legal, and whether it is attention.
//!
//! `cargo run --example schedule -- traces/flash2.sched N=48 d=4 Br=8 Bc=8`
#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use iobound::{
    attention::Shape,
    model::{Machine, Words},
    reading::{
        Pebbles,
        count::{LIMIT, count},
    },
    replay::{Mode, Problem, replay},
    schedule::Program,
};
use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let path =
        args.next().ok_or("expected a schedule and its sizes, as in `mine.sched N=48 d=4`")?;
    let given: Vec<String> = args.collect();
    let mut sizes: Vec<(&str, u64)> = vec![];
    for it in &given {
        let (name, value) = it.split_once('=').ok_or("a size is NAME=VALUE")?;
        sizes.push((name, value.parse()?));
    }
    let size = |name: &str| {
        let found = sizes.iter().find(|it| it.0 == name).map(|it| it.1);
        found.ok_or_else(|| format!("{name} is not given"))
    };

    let program = Program::parse(&fs::read_to_string(path)?)?;
    let binding = program.bind(&sizes)?;
    let totals = count(&program, &binding, LIMIT)?.totals;
    println!("{} words loaded, {} stored, {} held", totals.loads, totals.stores, totals.peak);

    let problem =
        Problem::Attention { shape: Shape::square(size("N")?, size("d")?)?, scaled: false };
    let machine = Machine::strict(Words(u64::try_from(totals.peak)?));
    let moves = Pebbles::new(&program, &binding);
    let seen = replay(&problem, &machine, Mode::Values { seed: 1 }, moves)?;
    println!("the referee saw {} words in {} moves; it is attention", seen.io(), seen.moves());
    Ok(())
}
