//! A good schedule, fast: the upper number that a search starts from.
//!
//! Turn by turn, only the most promising states are kept. Nothing is proved by that.

use super::game::{Game, State, Step, Turn};
use super::least::Least;
use super::search::Upper;
use super::symmetry::Symmetry;
use rustc_hash::FxHashMap;

#[derive(Clone, Copy)]
struct Node {
    state: State,
    paid: u32,
    /// Of the layer before: which one, and what was done there.
    parent: usize,
    turn: Turn,
}

/// A cheap schedule of `game`, if one is found within `turns` turns, `width` states kept after each.
pub(super) fn schedule<G: Game>(
    game: &G,
    symmetry: &Symmetry,
    turns: usize,
    width: usize,
) -> Option<Upper> {
    let (state, paid) = game.start(&mut ());
    let turn = Turn { what: 0, stored: 0, dropped: 0 };
    let mut layers = vec![vec![Node { state, paid, parent: 0, turn }]];
    let mut best: Option<(u32, usize, usize)> = game.is_goal(&state).then_some((paid, 0, 0));
    let mut images = Least::new(symmetry);
    let mut seen = FxHashMap::default();
    for depth in 0..turns {
        let mut next: Vec<(u32, u32, Node)> = Vec::new();
        for (parent, node) in layers[depth].iter().enumerate() {
            game.turns(&node.state, &mut |turn| {
                let (state, cost) = game.play(&node.state, turn, &mut ());
                let paid = node.paid + cost;
                let rest = game.at_least(&state);
                if best.is_some_and(|it| paid + rest >= it.0) {
                    return;
                }
                let price = seen.entry(images.image(&state)).or_insert(u32::MAX);
                if paid < *price {
                    *price = paid;
                    next.push((paid + rest, rest, Node { state, paid, parent, turn }));
                }
            });
        }
        next.sort_by_key(|it| (it.0, it.1));
        next.truncate(width);
        let layer: Vec<Node> = next.into_iter().map(|it| it.2).collect();
        for (index, node) in layer.iter().enumerate() {
            if game.is_goal(&node.state) && best.is_none_or(|it| node.paid < it.0) {
                best = Some((node.paid, depth + 1, index));
            }
        }
        if layer.is_empty() {
            break;
        }
        layers.push(layer);
    }
    best.map(|(cost, depth, index)| Upper { cost, steps: way(game, &layers, depth, index) })
}

fn way<G: Game>(game: &G, layers: &[Vec<Node>], depth: usize, mut index: usize) -> Vec<Step> {
    let mut nodes = Vec::new();
    for layer in layers[1..=depth].iter().rev() {
        nodes.push(layer[index]);
        index = layer[index].parent;
    }
    let mut steps = Vec::new();
    let (mut state, _) = game.start(&mut steps);
    for node in nodes.iter().rev() {
        (state, _) = game.play(&state, node.turn, &mut steps);
    }
    steps
}
