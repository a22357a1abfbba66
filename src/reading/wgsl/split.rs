//! Which statements at the top make a kernel together.

use crate::schedule::program::{Fast, Loop, Node, Program, Step};
use std::collections::BTreeSet;

/// A part of a program that is one kernel.
#[derive(Clone, Copy, Debug)]
pub(super) enum Piece<'a> {
    /// A `par for` at the top: one workgroup an iteration.
    Grid(&'a Node, &'a Loop),
    /// Statements in order, by one workgroup.
    Group(&'a [Node]),
    /// One iteration of a sequential loop, by one workgroup; the host runs the loop.
    Host(&'a Node, &'a Loop),
}

impl<'a> Piece<'a> {
    pub(super) fn first(&self) -> &'a Node {
        match self {
            Self::Grid(node, _) | Self::Host(node, _) => node,
            Self::Group(nodes) => &nodes[0],
        }
    }

    /// The piece that is left for the device if the host runs this loop.
    pub(super) fn hosted(node: &'a Node) -> Option<Self> {
        match &node.step {
            Step::Loop(it) => Some(Self::Host(node, it)),
            _ => None,
        }
    }

    /// Fast arrays that live when the first loop inside is entered.
    pub(super) fn carried(&self, program: &Program) -> Vec<String> {
        let nodes = match self {
            Self::Grid(_, it) | Self::Host(_, it) => it.body.as_slice(),
            Self::Group(nodes) => nodes,
        };
        let mut live = BTreeSet::new();
        for node in nodes {
            if let Step::Loop(_) = node.step
                && !live.is_empty()
            {
                break;
            }
            lives(node, &mut live);
        }
        live.into_iter().map(|it: Fast| program.fast[it.0].name.clone()).collect()
    }
}

/// Pieces in order: a `par for` that no fast array lives across is a grid; otherwise a piece ends
/// where nothing is live.
pub(super) fn split(body: &[Node]) -> Vec<Piece<'_>> {
    let mut pieces = vec![];
    let mut live = BTreeSet::new();
    let mut first = 0;
    for (i, node) in body.iter().enumerate() {
        lives(node, &mut live);
        if !live.is_empty() {
            continue;
        }
        pieces.push(match &node.step {
            Step::Loop(it) if it.par && first == i => Piece::Grid(node, it),
            _ => Piece::Group(&body[first..=i]),
        });
        first = i + 1;
    }
    pieces
}

/// What is live after `node`; a loop leaves what it found.
fn lives(node: &Node, live: &mut BTreeSet<Fast>) {
    match &node.step {
        Step::Load { fast, .. } => {
            live.insert(*fast);
        }
        Step::Assign(it) => {
            live.insert(it.target);
        }
        Step::Free(arrays) => live.retain(|it| !arrays.contains(it)),
        Step::Loop(_) | Step::Store { .. } => {}
    }
}
