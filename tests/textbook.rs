//! Without the maximum, schedules pebble the textbook CDAG of THEORY §1 vertex for vertex.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "shared/trees.rs"]
mod trees;

use iobound::{
    cdag::{Operands, Vertex, textbook::textbook},
    model::Words,
    reading::Pebbles,
    schedule::{Move, MoveSource},
    strategy::{ALGORITHMS, Max, Want, choose},
};
use std::{convert::Infallible, ops::ControlFlow};
use trees::Trees;

#[test]
fn no_max_schedules_pebble_the_textbook_cdag() {
    let mut tried = 0;
    for algorithm in ALGORITHMS {
        let Some(schedule) = algorithm.schedule(Max::Dropped) else { continue };
        for (n, d, extra) in [(1, 1, 0), (2, 1, 9), (2, 2, 40), (3, 2, 9), (5, 4, 30), (7, 3, 200)]
        {
            let sizes = [("N", n), ("d", d)];
            let least = schedule.totals(&schedule.least_tiles(&sizes).unwrap()).unwrap().peak;
            let fast = Words(u64::try_from(least).unwrap() + extra);
            let choice = choose(schedule, None, &sizes, fast, &Want::Best(vec![])).unwrap();
            let one = choice.tiles.iter().any(|it| it.0 == "B" && it.1 == 1);
            if algorithm.name == "square-tiling" && one {
                // A sum that starts with a tile of one weight copies it.
                continue;
            }
            let mut vertices = vec![vec![]; usize::try_from(3 * n * d).unwrap()];
            let mut moves = Pebbles::new(&schedule.program, &choice.binding);
            let flow = moves.emit::<Infallible>(&mut |it| {
                if let Move::Compute { operands, .. } = it {
                    vertices.push(operands.to_vec());
                }
                ControlFlow::Continue(())
            });
            assert!(flow.unwrap().is_continue());
            let book = textbook(n, d).unwrap();
            let book: Vec<Vec<Vertex>> =
                (0..book.n_vertices()).map(|it| book.operands(Vertex(it)).to_vec()).collect();
            let mut numbers = Trees::default();
            let (mut ours, mut theirs) = (numbers.of(&vertices), numbers.of(&book));
            ours.sort_unstable();
            theirs.sort_unstable();
            assert_eq!(ours, theirs, "{} N={n} d={d} {:?}", schedule.name, choice.tiles);
            tried += 1;
        }
    }
    assert!(tried >= 28);
}

#[test]
fn the_textbook_of_two_tokens_has_24_vertices() {
    // 6 inputs, 4 products, 4 weights, 2 row sums, 4 products, 2 sums, 2 quotients.
    assert_eq!(textbook(2, 1).unwrap().n_vertices(), 24);
}
