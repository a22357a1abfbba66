//! The tile search: least I/O among all tiles that fit.
//!
//! The peak never shrinks when a tile grows and, where there is a closed form, I/O never grows, so a tile that stands alone is the
//! largest that fits, and of the sizes that cost the same the smallest. Tiles that share memory or
//! words are searched together: one of them over the breakpoints of ⌈N/B⌉, for each of which the
//! other is the largest that fits. Tiles that cost no words stay at their least. Phases whose tiles
//! never meet are searched apart, because words add up and the peak is a maximum.

use super::{NoChoice, Schedule, least};
use crate::{
    model::Words,
    reading::{
        WalkError,
        count::{LIMIT, peak, words},
    },
    schedule::{
        bind::Binding,
        poly::{Poly, Slot},
        program::{Loop, Node, Range, Step},
    },
};

/// Did the search look at every candidate?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing that fits costs less.
    Exhausted,
    /// There were more breakpoints than 4096; a geometric sample of them was looked at.
    Sampled,
}

/// Most breakpoints looked at for one tile.
const MOST: usize = 4096;

/// Sets every tile of `binding` that is not `fixed`; the others keep their value.
///
/// # Errors
///
/// [`NoChoice::NoFit`] if the least tiles do not fit, with the least M that works.
pub fn search(
    schedule: &Schedule,
    binding: &mut Binding,
    fixed: &[Slot],
    fast: Words,
) -> Result<Ended, NoChoice> {
    let program = &schedule.program;
    let needed = schedule.totals(binding)?.peak;
    if needed > u128::from(fast.0) {
        let name = schedule.name.clone();
        return Err(NoChoice::NoFit { name, least: needed, fast });
    }
    let free: Vec<Slot> = program.tiles.iter().copied().filter(|it| !fixed.contains(it)).collect();
    let mut search = Search { schedule, fast, binding, ended: Ended::Exhausted };
    for group in groups(schedule, &free) {
        let costs = |it: &Slot| schedule.costs(*it);
        let mut tiles: Vec<Slot> = group.into_iter().filter(costs).collect();
        // A tile that no loop steps by has no breakpoints: it comes last.
        tiles.sort_by_key(|it| (least(program, *it) == 0, search.most(*it)));
        search.group(&tiles)?;
    }
    Ok(search.ended)
}

impl Schedule {
    /// Can `tile` change the words moved?
    fn costs(&self, tile: Slot) -> bool {
        match &self.formula {
            Some(it) => it.loads.mentions(tile) || it.stores.mentions(tile),
            None => !telescopes(&self.program.body, tile),
        }
    }
}

/// Is `tile` only stepped by in loops that share their words out: each region inside has the loop's tile
/// as one of its extents, and nothing else inside depends on the loop? Then it costs no words.
fn telescopes(nodes: &[Node], tile: Slot) -> bool {
    let free = |it: &Poly| !it.mentions(tile);
    nodes.iter().all(|node| match &node.step {
        Step::Loop(it) if it.step.as_slot() == Some(tile) => {
            free(&it.lo) && free(&it.hi) && it.body.iter().all(|node| shares(&node.step, it))
        }
        Step::Loop(it) => {
            [&it.lo, &it.hi, &it.step].into_iter().all(free) && telescopes(&it.body, tile)
        }
        Step::Load { region, .. } | Step::Store { region, .. } => {
            region.iter().all(|it| match it {
                Range::Span { lo, extent } => free(lo) && free(extent),
                Range::At(at) => free(at),
                Range::Loaded(_) => true,
            })
        }
        Step::Assign(_) | Step::Free(_) => true,
    })
}

fn shares(step: &Step, it: &Loop) -> bool {
    let (Step::Load { region, .. } | Step::Store { region, .. }) = step else {
        return !matches!(step, Step::Loop(_));
    };
    let mut own = 0;
    for range in region {
        let Range::Span { extent, .. } = range else { continue };
        if extent.as_slot() == Some(it.len) {
            own += 1;
        } else if extent.mentions(it.len) || extent.mentions(it.start) {
            return false;
        }
    }
    own == 1
}

/// `tiles` in groups that never meet in a monomial or in fast memory; one group without a closed
/// form.
fn groups(schedule: &Schedule, tiles: &[Slot]) -> Vec<Vec<Slot>> {
    let Some(formula) = &schedule.formula else { return vec![tiles.to_vec()] };
    let mut groups: Vec<Vec<Slot>> = tiles.iter().map(|it| vec![*it]).collect();
    for meeting in formula.meetings() {
        let meets =
            |group: &Vec<Slot>| group.iter().any(|it| meeting.iter().any(|p| p.mentions(*it)));
        let (together, mut apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(meets);
        if !together.is_empty() {
            apart.push(together.concat());
        }
        groups = apart;
    }
    groups
}

struct Search<'a> {
    schedule: &'a Schedule,
    fast: Words,
    binding: &'a mut Binding,
    ended: Ended,
}

type Find<T> = Result<T, NoChoice>;

impl Search<'_> {
    fn set(&mut self, tile: Slot, value: u64) {
        self.binding.env[tile.index()] = i128::from(value);
    }

    /// The peak with `tile` at `value`, if that fits. One that leads outside an array does not.
    fn fits(&mut self, tile: Slot, value: u64) -> Find<Option<u128>> {
        self.set(tile, value);
        let most = self.fast.0.into();
        let peak = match self.schedule.formula {
            Some(_) => self.schedule.totals(self.binding).map(|it| Some(it.peak)),
            None => peak(&self.schedule.program, self.binding, LIMIT, most),
        };
        match peak {
            Ok(peak) => Ok(peak.filter(|it| *it <= most)),
            Err(WalkError::Backwards { .. } | WalkError::Outside { .. }) => Ok(None),
            Err(it) => Err(it.into()),
        }
    }

    fn io(&self) -> Find<u128> {
        Ok(self.io_up_to(u128::MAX)?.expect("all are at most that"))
    }

    /// Words moved, if they are at most `most`.
    fn io_up_to(&self, most: u128) -> Find<Option<u128>> {
        match self.schedule.formula {
            Some(_) => {
                let io = self.schedule.totals(self.binding)?.io();
                Ok(Some(io).filter(|it| *it <= most))
            }
            None => Ok(words(&self.schedule.program, self.binding, LIMIT, most)?),
        }
    }

    /// The largest useful value of `tile`.
    fn most(&self, tile: Slot) -> u64 {
        let program = &self.schedule.program;
        let most = program.most_stepped(tile, &self.binding.env).unwrap_or_else(|| {
            program.params.iter().map(|it| self.binding.env[it.index()]).max().unwrap_or(1)
        });
        u64::try_from(most).unwrap_or(1).max(1)
    }

    /// Sets `tiles` for the least I/O, the others being as they are.
    fn group(&mut self, tiles: &[Slot]) -> Find<()> {
        match tiles {
            [] => Ok(()),
            [tile] if self.schedule.formula.is_none() => self.walked(*tile),
            [tile] => self.alone(*tile),
            [first, rest @ ..] => {
                let at_least = least(&self.schedule.program, *first);
                let mut best: Option<(u128, Vec<u64>)> = None;
                for value in self.breakpoints(*first) {
                    for tile in rest {
                        let value = least(&self.schedule.program, *tile);
                        self.set(*tile, value);
                    }
                    if value < at_least || self.fits(*first, value)?.is_none() {
                        break;
                    }
                    self.group(rest)?;
                    let io = self.io()?;
                    if best.as_ref().is_none_or(|it| io < it.0) {
                        best = Some((io, self.values(tiles)));
                    }
                }
                let (_, values) = best.expect("the least tiles fit");
                tiles.iter().zip(values).for_each(|(tile, value)| self.set(*tile, value));
                Ok(())
            }
        }
    }

    fn values(&self, tiles: &[Slot]) -> Vec<u64> {
        let value = |it: &Slot| u64::try_from(self.binding.env[it.index()]).unwrap_or(0);
        tiles.iter().map(value).collect()
    }

    /// The largest `tile` that fits; `at_least` does. Looked for where the line through the last two peaks that fit
    /// reaches M, and in the middle of what is left: where the peak is a line, that is the place.
    fn largest(&mut self, tile: Slot, at_least: u64) -> Find<u64> {
        let (mut fits, mut over) = (at_least, self.most(tile) + 1);
        let mut next = over - 1;
        let mut last: Option<(u64, u128)> = None;
        let mut guessed = false;
        while over - fits > 1 {
            let value = next.clamp(fits + 1, over - 1);
            let Some(peak) = self.fits(tile, value)? else {
                over = value;
                (next, guessed) = (fits + (over - fits) / 2, false);
                continue;
            };
            let room = u128::from(self.fast.0) - peak;
            let rise = last.filter(|it| it.1 < peak && !guessed);
            let guess = rise.map(|(before, below)| {
                let more = room * u128::from(value - before) / (peak - below);
                value.saturating_add(u64::try_from(more).unwrap_or(u64::MAX))
            });
            (fits, last, guessed) = (value, Some((value, peak)), guess.is_some());
            next = guess.unwrap_or(fits + (over - fits) / 2);
        }
        Ok(fits)
    }

    /// The largest `tile` that fits, then the smallest that costs the same.
    fn alone(&mut self, tile: Slot) -> Find<()> {
        let at_least = least(&self.schedule.program, tile);
        let fits = self.largest(tile, at_least)?;
        self.set(tile, fits);
        let io = self.io()?;
        let (mut dearer, mut same) = (at_least.saturating_sub(1), fits);
        while same - dearer > 1 {
            let value = dearer + (same - dearer) / 2;
            self.set(tile, value);
            if self.io()? == io { same = value } else { dearer = value }
        }
        if at_least == 0 && same == 1 {
            self.set(tile, 0);
            same = if self.io()? == io { 0 } else { 1 };
        }
        self.set(tile, same);
        Ok(())
    }

    /// The same without a closed form. Behind a mask a larger tile may cost more: of as many tiles the
    /// smallest ones reach least far into what the mask drops. So all breakpoints that fit are tried, and
    /// the largest tile that fits.
    fn walked(&mut self, tile: Slot) -> Find<()> {
        let at_least = least(&self.schedule.program, tile);
        let fits = self.largest(tile, at_least)?;
        // What costs no words need not be walked in small steps.
        let free: Vec<Slot> = self.schedule.program.tiles.clone();
        let free: Vec<Slot> = free.into_iter().filter(|it| !self.schedule.costs(*it)).collect();
        let steps: Vec<u64> = self.values(&free);
        for it in &free {
            let most = self.most(*it);
            self.set(*it, most);
        }
        // The large ones first: they mostly cost less, and the others are soon known to cost more.
        let mut best = (u128::MAX, fits);
        let points = self.breakpoints(tile).into_iter().rev();
        for value in [fits].into_iter().chain(points.filter(|it| (at_least..fits).contains(it))) {
            self.set(tile, value);
            if let Some(io) = self.io_up_to(best.0)? {
                best = (io, value);
            }
        }
        free.iter().zip(steps).for_each(|(it, step)| self.set(*it, step));
        self.set(tile, best.1);
        Ok(())
    }

    /// The least value of `tile` for every number of tiles, ascending.
    fn breakpoints(&mut self, tile: Slot) -> Vec<u64> {
        let program = &self.schedule.program;
        let mut extents = program.stepped(tile, &self.binding.env);
        if extents.is_empty() {
            // Every loop that steps by it has ends that move: what they move between are parameters.
            extents.extend(program.params.iter().map(|it| self.binding.env[it.index()]));
        }
        let mut points = vec![1];
        for extent in extents.iter().filter_map(|it| u64::try_from(*it).ok()) {
            let root = extent.isqrt();
            if root > MOST as u64 {
                self.ended = Ended::Sampled;
            }
            let top = root.min(MOST as u64);
            points.extend(1..=top);
            points.extend((1..=top).map(|tiles| extent.div_ceil(tiles)));
            // Between the two, where there are too many, 64 a doubling.
            let mut point = top;
            while point < extent / top.max(1) {
                point += (point / 64).max(1);
                points.push(extent.div_ceil(extent.div_ceil(point)));
            }
        }
        points.sort_unstable();
        points.dedup();
        points
    }
}
