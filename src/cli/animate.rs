//! `iobound animate`: a page that plays a small schedule, pebble by pebble.

use super::{
    Status,
    failure::{Failure, Kind},
    files,
    output::Output,
    plan,
    table::digits,
};
use iobound::{
    attention::Shape,
    cdag::Vertex,
    model::Machine,
    observe::{Tag, Tags},
    reading::{Pebbles, attention_shape, steps},
    replay::{Mode, Problem, replay},
    report::film::{self, Film, Frame, Grid},
    schedule::{Move, MoveSource},
};
use serde::Serialize;
use std::{collections::HashMap, convert::Infallible, ops::ControlFlow, path::PathBuf};

/// More moves than one looks at, and a page of a megabyte.
const MOST_MOVES: u128 = 20_000;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound animate --algorithm flash2 --n 6 --d 2 --m 40 --out flash2.html
  iobound animate --schedule mine.sched --n 4 --d 2 --m 40 --tile B=2 --out mine.html

Open the page in a browser: play, step back and forth with the arrow keys, see which words are in fast
memory. Moves are refereed before they are written. JSON: file, moves.")]
pub(super) struct Args {
    /// The page
    #[arg(long, value_name = "FILE.html")]
    out: PathBuf,
    #[command(flatten)]
    plan: plan::PlanArgs,
}

#[derive(Serialize)]
struct Document {
    file: String,
    moves: usize,
}

/// # Errors
///
/// Too many moves, not attention of one head, moves that the referee refuses, a file that cannot be written.
pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let plan = args.plan.plan()?;
    let (program, binding) = (plan.program(), &plan.choice.binding);
    let unfit = |message: String| Failure::new(Kind::Unfit, message);
    let shape = attention_shape(program, binding).ok_or_else(|| {
        unfit("only one head of attention, with all its keys, is animated".to_owned())
    })?;
    let most = |moves: u128| {
        let (moves, most) = (digits(moves), digits(MOST_MOVES));
        unfit(format!("{moves} moves, and at most {most} are animated: take smaller N and d"))
    };
    let steps = steps(program, binding);
    if steps > MOST_MOVES {
        return Err(most(steps));
    }
    let (pebbles, machine) = (Pebbles::new(program, binding), Machine::strict(plan.fast));
    let problem = Problem::Attention { shape, scaled: program.scale.is_some() };
    replay(&problem, &machine, Mode::Legality, pebbles)
        .map_err(|it| Failure::new(Kind::Refused, it))?;
    let film = film(plan.title().join("; "), plan.fast.0, &shape, pebbles)?;
    let moves = film.frames.len();
    if moves as u128 > MOST_MOVES {
        return Err(most(moves as u128));
    }
    files::write(&args.out, |file| file.write_all(film::html(&film).as_bytes()))?;
    let file = args.out.display().to_string();
    if out.is_json() {
        out.document(&Document { file, moves });
    } else {
        out.line(format_args!("{} moves, to play in a browser: {file}", digits(moves as u128)));
    }
    Ok(Status::Holds)
}

/// Where vertices are drawn: matrices of the words, of the pairs, of the accumulators.
struct Stage {
    grids: Vec<Grid>,
    /// The first cell of each grid.
    first: Vec<usize>,
}

impl Stage {
    fn new(shape: &Shape) -> Self {
        let size = |it: u64| usize::try_from(it).expect("few moves are about few words");
        let [n, keys, d, d_v] = [shape.n(), shape.keys(), shape.d(), shape.d_v()].map(size);
        let grid = |name: &str, about: &str, rows, columns, blue| Grid {
            name: name.to_owned(),
            about: about.to_owned(),
            rows,
            columns,
            blue,
        };
        let grids = vec![
            grid("Q", "queries", n, d, true),
            grid("K", "keys", keys, d, true),
            grid("V", "values", keys, d_v, true),
            grid("S", "of a row and a key: products, score, weight", n, keys, false),
            grid("O", "accumulators and outputs", n, d_v, false),
            grid("row", "maximum and sum of a row", n, 1, false),
            grid("other", "constants", 1, 1, false),
        ];
        let mut first = vec![0];
        for it in &grids {
            first.push(first[first.len() - 1] + it.rows * it.columns);
        }
        Self { grids, first }
    }

    fn cell(&self, tag: Tag) -> usize {
        let at = |grid: usize, row: u32, column: u32| {
            self.first[grid] + row as usize * self.grids[grid].columns + column as usize
        };
        let [q, k, v, s, o, rows, other] = [0, 1, 2, 3, 4, 5, 6]; // as `new` has them
        match tag {
            Tag::Query { row, word } => at(q, row, word),
            Tag::Key { key, word } => at(k, key, word),
            Tag::Value { key, word } => at(v, key, word),
            Tag::Pair { row, key, .. } => at(s, row, key),
            Tag::Place { row, word } => at(o, row, word),
            Tag::Row { row } => at(rows, row, 0),
            Tag::Constant | Tag::Other => at(other, 0, 0),
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Pebble {
    red: bool,
    blue: bool,
}

fn film(
    title: String,
    fast: u64,
    shape: &Shape,
    mut moves: impl MoveSource,
) -> Result<Film, Failure> {
    let mut tags = Tags::new(shape).map_err(|it| Failure::new(Kind::Unfit, it))?;
    let stage = Stage::new(shape);
    let mut pebbles: HashMap<Vertex, Pebble> = HashMap::new();
    let mut frames = vec![];
    let ended = moves.emit::<Infallible>(&mut |it| {
        let of = |tags: &Tags, vertex| stage.cell(tags.tag(vertex));
        let operands = match it {
            Move::Compute { operands, .. } => operands.iter().map(|it| of(&tags, *it)).collect(),
            _ => vec![],
        };
        let freed = match it {
            Move::Free(vertex) => Some(of(&tags, vertex)), // afterwards nothing is known of it
            _ => None,
        };
        tags.see(it);
        let (kind, vertex) = match it {
            Move::Load(vertex) => (film::Kind::Load, vertex),
            Move::Store(vertex, _) => (film::Kind::Store, vertex),
            Move::Compute { vertex, .. } => (film::Kind::Compute, vertex),
            Move::Free(vertex) => (film::Kind::Free, vertex),
            Move::Accumulate { .. } => return ControlFlow::Continue(()), // of another game
        };
        let cell = freed.unwrap_or_else(|| of(&tags, vertex));
        let pebble = pebbles.entry(vertex).or_default();
        let before = *pebble;
        match kind {
            film::Kind::Load | film::Kind::Compute => pebble.red = true,
            film::Kind::Store => pebble.blue = true,
            film::Kind::Free => pebble.red = false,
        }
        let red = i8::from(pebble.red) - i8::from(before.red);
        let blue = i8::from(pebble.blue) - i8::from(before.blue);
        frames.push(Frame { kind, cell, red, blue, operands });
        ControlFlow::Continue(())
    });
    ended.map_err(|it| Failure::new(Kind::Walk, it))?;
    Ok(Film { title, fast, grids: stage.grids, frames })
}
