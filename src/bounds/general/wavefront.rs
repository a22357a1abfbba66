//! `wavefront`: the moment at which most values are alive.

use super::front::Fronts;
use super::{CannotMake, Maker, compulsory};
use crate::cdag::{Cdag, Vertex};
use crate::certificate::{Evidence, Wavefront};
use crate::model::Recompute;

pub(super) const MAKER: Maker = Maker {
    id: "wavefront",
    recompute: Recompute::Forbidden,
    make: |cdag, machine, effort| {
        something_is_computed(cdag, "wavefront")?;
        let mut fronts = Fronts::new(cdag, machine);
        let everywhere = vec![true; cdag.vertices().count()];
        let order = fronts.order();
        let candidates = fronts.sample(&order, (effort.0 / fronts.size()).max(16));
        let best = candidates.iter().filter_map(|&it| fronts.at(it, &everywhere, None));
        let best = best.max_by_key(|it| (it.worth(), std::cmp::Reverse(it.wavefront.at)));
        let words = compulsory::words(cdag);
        let (value, front) = match best {
            Some(it) => (words + it.worth(), it.wavefront),
            None => (words, nothing(candidates.first())),
        };
        Ok((value, Evidence::Wavefronts(vec![front])))
    },
};

/// Where nothing is computed there is no wavefront.
pub(super) fn something_is_computed(cdag: &Cdag, id: &'static str) -> Result<(), CannotMake> {
    if cdag.n_edges() == 0 { Err(CannotMake::NothingComputed { id }) } else { Ok(()) }
}

/// A wavefront that says nothing.
pub(super) fn nothing(at: Option<&Vertex>) -> Wavefront {
    let at = at.expect("something is computed");
    Wavefront { at: *at, paths: vec![] }
}
