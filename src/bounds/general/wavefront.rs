//! `wavefront`: the moment at which most values are alive.

use super::front::Fronts;
use super::{Maker, compulsory};
use crate::cdag::Vertex;
use crate::certificate::{Evidence, Wavefront};
use crate::model::Recompute;

pub(super) const MAKER: Maker = Maker {
    id: "wavefront",
    recompute: Recompute::Forbidden,
    make: |cdag, machine, effort| {
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
        (value, Evidence::Wavefronts(vec![front]))
    },
};

/// A wavefront that says nothing. Where nothing is computed there is not even that, and the checker
/// refuses what we say.
pub(super) fn nothing(at: Option<&Vertex>) -> Wavefront {
    Wavefront { at: at.copied().unwrap_or(Vertex(0)), paths: vec![] }
}
