//! The algorithms that ship, on the CDAGs that they pebble.
//!
//! Without the maximum that is the textbook CDAG, and all share one optimum. With it, or where a sum
//! begins with a copy, it is the CDAG of the algorithm's own moves.

use crate::renamed::Renamed;
use crate::trees::Trees;
use crate::{GAMES, Layers, layers, machine, replayed};
use iobound::bounds::{Unit, bounds};
use iobound::cdag::{Cdag, Generator, Operands, Vertex, stats, textbook::textbook};
use iobound::check::Subject;
use iobound::model::{Recompute, Words};
use iobound::reading::{
    Pebbles,
    export::{Exported, export},
};
use iobound::strategy::{ALGORITHMS, Max, NoChoice, Want, choose};
use rayon::prelude::*;
use std::collections::HashMap;

fn operands(cdag: &Cdag) -> Vec<Vec<Vertex>> {
    cdag.vertices().map(|it| cdag.operands(it).to_vec()).collect()
}

/// Where the vertices of the stream are in `book`, if they are its vertices, each computed once.
fn in_book(book: &Cdag, ours: &Exported) -> Option<Vec<Option<Vertex>>> {
    let mut trees = Trees::default();
    let known: HashMap<usize, Vertex> =
        trees.of(&operands(book)).into_iter().zip(book.vertices()).collect();
    let found: Option<Vec<Vertex>> =
        trees.of(&operands(&ours.cdag)).iter().map(|it| known.get(it).copied()).collect();
    let found = found.filter(|it| it.len() == known.len())?;
    Some(
        ours.vertices.iter().map(|it| it.map(|it| found[usize::try_from(it.0).unwrap()])).collect(),
    )
}

/// What was looked at.
#[derive(Debug, Default)]
struct Tally {
    /// Schedules on the textbook CDAG.
    book: u64,
    /// Of those, how many attain its optimum.
    optimal: u64,
    /// Schedules on the CDAG of their own moves.
    own: u64,
    /// Of those, how many are set against an optimum without recomputation.
    ended: u64,
}

impl Tally {
    fn plus(self, it: &Self) -> Self {
        Self {
            book: self.book + it.book,
            optimal: self.optimal + it.optimal,
            own: self.own + it.own,
            ended: self.ended + it.ended,
        }
    }
}

/// Of the exact search on the textbook CDAG: few with N = d = 2 and recomputation end.
const BOOK: u64 = 40_000;

/// Of one on a schedule's own CDAG.
const OWN: u64 = 3000;

/// The schedule on its own CDAG, which is no textbook's.
fn alone(ours: &Exported, fast: u64, io: u64, tally: &mut Tally) {
    let subject = Subject::new(&ours.cdag).unwrap();
    tally.own += 1;
    for game in GAMES {
        let it = layers(&ours.cdag, &subject, &machine(fast, game), OWN, [io]);
        tally.ended += u64::from(it.ended && game == Recompute::Forbidden);
        if it.upper == stats(&ours.cdag).compulsory {
            return;
        }
    }
}

/// All algorithms that fit.
fn algorithms(n: u64, d: u64, fast: u64) -> Tally {
    let book = textbook(n, d).unwrap();
    let mut tally = Tally::default();
    let mut on_book = vec![];
    let forms = ALGORITHMS.iter().flat_map(|it| [(it, Max::Kept), (it, Max::Dropped)]);
    for (algorithm, max) in forms {
        let Some(schedule) = algorithm.schedule(max) else { continue };
        let want = Want::Best(vec![]);
        let choice = match choose(schedule, None, &[("N", n), ("d", d)], Words(fast), &want) {
            Ok(it) => it,
            Err(NoChoice::NoFit { .. }) => continue,
            Err(it) => panic!("{it}"),
        };
        let io = |cdag: &Cdag, vertices: &[Option<Vertex>]| {
            let moves = Pebbles::new(&schedule.program, &choice.binding);
            replayed(cdag, &machine(fast, Recompute::Forbidden), Renamed { moves, vertices })
        };
        let at = format!("{} N={n} d={d} M={fast} {:?}", schedule.name, choice.tiles);
        let ours = export(&schedule.program, &choice.binding).unwrap();
        if let Some(vertices) = in_book(&book, &ours) {
            let io = io(&book, &vertices);
            assert_eq!(u128::from(io), choice.totals.io(), "{at}");
            on_book.push(io);
        } else {
            // A sum of square tiles that begins with a tile of one weight copies it.
            let copies = choice.tiles.iter().any(|it| it.0 == "B" && it.1 == 1);
            assert!(max == Max::Kept || copies, "{at}");
            let io = io(&ours.cdag, &ours.vertices);
            assert!(u128::from(io) <= choice.totals.io(), "{at}");
            alone(&ours, fast, io, &mut tally);
        }
    }
    let subject = Subject::new(&book).unwrap();
    let [once, again] =
        GAMES.map(|it| layers(&book, &subject, &machine(fast, it), BOOK, on_book.iter().copied()));
    assert!(once.ended && (again.ended || n * d > 2) && again.lower <= once.upper);
    formulas(n, d, fast, |_| true, &again);
    tally.book = on_book.len() as u64;
    tally.optimal = on_book.iter().map(|it| u64::from(*it == once.lower)).sum();
    tally
}

/// The formulas in words are below.
fn formulas(n: u64, d: u64, fast: u64, applies: impl Fn(&str) -> bool, layers: &Layers) {
    for row in bounds(n, d, Words(fast)).unwrap() {
        if let (Unit::Words, true, Some(value)) = (row.unit, applies(row.id), &row.value) {
            assert!(*value <= layers.upper.into(), "{} {value}: N={n} d={d} M={fast}", row.id);
        }
    }
}

/// N, d, and an M in which every algorithm fits and the textbook CDAG needs its compulsory words only.
const SIZES: [(u64, u64, u64); 4] = [(1, 1, 12), (1, 2, 16), (2, 1, 16), (2, 2, 20)];

#[test]
fn what_ships() {
    let points = |&(n, d, last): &_| (3..=last).map(move |fast| (n, d, fast, fast == last));
    let points: Vec<(u64, u64, u64, bool)> = SIZES.iter().flat_map(points).collect();
    let each = points.par_iter().map(|&(n, d, fast, all)| {
        let it = algorithms(n, d, fast);
        assert!(!all || it.book + it.own == 14, "N={n} d={d} M={fast}: {it:?}");
        it
    });
    let tally = each.reduce(Tally::default, |sum, it| sum.plus(&it));
    eprintln!("{tally:?}");
    assert!(tally.book >= 170 && tally.ended >= 200, "{tally:?}");
}

/// `small-cache-mm` is about Q·Kᵀ inside any computation, so inside none too: the strict product of an
/// N×d and a d×N matrix. It is not set against partial computations: there a product may be begun with
/// one factor and ended with the other, but the proof has both in fast memory at once.
#[test]
fn the_product_alone() {
    for (n, d) in [(1, 3), (2, 1), (2, 2), (2, 3), (3, 1)] {
        let cdag = format!("matmul:{n},{d},{n}").parse::<Generator>().unwrap().cdag();
        let subject = Subject::new(&cdag).unwrap();
        for fast in stats(&cdag).least_fast..4 * d * d {
            let it = layers(&cdag, &subject, &machine(fast, Recompute::Allowed), OWN, []);
            formulas(n, d, fast, |id| id == "small-cache-mm", &it);
        }
    }
}
