//! `par for`: iterations must touch no common written address.

use super::{
    poly::Poly,
    program::{Loop, Node, Range, Slow, Step},
};
use std::collections::BTreeSet;

/// A slow array that is written in the loop and has a region there that is not confined, in some
/// dimension, to the iteration's own tile.
pub(super) fn shared(it: &Loop) -> Option<Slow> {
    let mut regions = vec![];
    collect(&it.body, &mut regions);
    let written: BTreeSet<Slow> = regions.iter().filter(|it| it.1).map(|it| it.0).collect();
    let own = |range: &Range| match range {
        Range::Span { lo, extent } => *lo == Poly::slot(it.start) && *extent == Poly::slot(it.len),
        Range::At(at) => *at == Poly::slot(it.start) && it.step.as_int() == Some(1),
        Range::Loaded(_) => false,
    };
    // The dimension must be the same one in every region of the array.
    written.into_iter().find(|slow| {
        let of = || regions.iter().filter(|it| it.0 == *slow).map(|it| it.2);
        let rank = of().next().map_or(0, <[Range]>::len);
        !(0..rank).any(|dim| of().all(|ranges| own(&ranges[dim])))
    })
}

type Region<'a> = (Slow, bool, &'a [Range]);

fn collect<'a>(nodes: &'a [Node], regions: &mut Vec<Region<'a>>) {
    for node in nodes {
        match &node.step {
            Step::Loop(it) => collect(&it.body, regions),
            Step::Load { slow, region, .. } => regions.push((*slow, false, region)),
            Step::Store { slow, region, .. } => regions.push((*slow, true, region)),
            Step::Assign(_) | Step::Free(_) => {}
        }
    }
}
