//! `wavefront-sum`: a chain of moments, or one chain in each part of the CDAG.
//!
//! The CDAG is cut into intervals of an order of its vertices, again and again in halves; an interval
//! is worth its best chain or what its two halves are worth. In a chain each wavefront ends before the
//! next vertex, so that they may share vertices.

use super::front::{Effort, Front, Fronts};
use super::{Maker, compulsory, wavefront};
use crate::cdag::{Operands, Vertex};
use crate::certificate::Evidence;
use crate::model::Recompute;

pub(super) const MAKER: Maker = Maker {
    id: "wavefront-sum",
    recompute: Recompute::Forbidden,
    make: |cdag, machine, effort| {
        wavefront::something_is_computed(cdag, "wavefront-sum")?;
        let mut fronts = Fronts::new(cdag, machine);
        let order = fronts.order();
        let first = order.iter().find(|it| !cdag.is_input(**it)).copied();
        let levels = u64::from(order.len().max(2).ilog2());
        let best = best(&mut fronts, &order, Effort(effort.0 / levels));
        let value = compulsory::words(cdag) + worth(&fronts, &best);
        let mut list: Vec<_> = best.into_iter().map(|it| it.wavefront).collect();
        if list.is_empty() {
            list.push(wavefront::nothing(first.as_ref()));
        }
        Ok((value, Evidence::Wavefronts(list)))
    },
};

/// In a chain at most this many candidates are tried against each other.
const MOST_LINKS: u64 = 64;

fn worth(fronts: &Fronts<'_>, list: &[Front]) -> u64 {
    list.iter().map(|it| it.loads).sum::<u64>() + fronts.stores(list)
}

/// The best found in this interval; its halves get half of its effort each.
fn best(fronts: &mut Fronts<'_>, interval: &[Vertex], effort: Effort) -> Vec<Front> {
    let walks = effort.0 / fronts.size();
    if interval.len() < 3 || walks == 0 {
        return vec![];
    }
    let whole = chain(fronts, interval, walks);
    let (left, right) = interval.split_at(interval.len() / 2);
    let mut halves = best(fronts, left, Effort(effort.0 / 2));
    halves.extend(best(fronts, right, Effort(effort.0 / 2)));
    if worth(fronts, &halves) > worth(fronts, &whole) { halves } else { whole }
}

/// The chain worth most among those of sampled vertices, by dynamic programming from its end.
fn chain(fronts: &mut Fronts<'_>, interval: &[Vertex], walks: u64) -> Vec<Front> {
    let within = fronts.marked(interval);
    let sample = fronts.sample(interval, walks.div_ceil(2));
    let mut last: Vec<Front> =
        sample.into_iter().filter_map(|it| fronts.at(it, &within, None)).collect();
    let Some(single) = last.iter().max_by_key(|it| it.worth()).cloned() else { return vec![] };
    // The most promising, in the order of the interval.
    let most = (1..=MOST_LINKS).rev().find(|it| it * it <= walks).unwrap_or(1);
    let mut ranked: Vec<u64> = last.iter().map(|it| it.loads).collect();
    ranked.sort_unstable_by_key(|it| std::cmp::Reverse(*it));
    let most = usize::try_from(most).expect("at most 64");
    let least = ranked.get(most).or(ranked.last()).copied().unwrap_or(0);
    last.retain(|it| it.loads >= least);
    thin(&mut last, most);
    let mut chains: Vec<(u64, Vec<Front>)> = vec![];
    for (i, alone) in last.iter().enumerate().rev() {
        let mut best = (alone.loads, vec![alone.clone()]);
        for (j, next) in last.iter().enumerate().skip(i + 1) {
            let (loads, rest) = &chains[last.len() - 1 - j];
            if alone.loads + loads <= best.0 {
                continue;
            }
            let until = fronts.above(next.wavefront.at);
            let link = fronts.at(alone.wavefront.at, &within, Some(&until));
            if let Some(link) = link.filter(|it| it.loads + loads > best.0) {
                best = (link.loads + loads, [&[link], &rest[..]].concat());
            }
        }
        chains.push(best);
    }
    let longest = chains.into_iter().max_by_key(|it| it.0).map_or(vec![], |it| it.1);
    if worth(fronts, &longest) > single.worth() { longest } else { vec![single] }
}

/// Keeps at most `most`, evenly spread.
fn thin(list: &mut Vec<Front>, most: usize) {
    let length = list.len();
    if length > most {
        let mut position = 0..;
        let kept = |i: usize| (i * most / length) != ((i + 1) * most / length);
        list.retain(|_| position.next().is_some_and(kept));
    }
}
