//! `count`: words moved and words held, by walking the tile loops.
//!
//! Every tile is visited and its clipped extents are used; only inside a tile nothing is walked. A
//! loop by 1 whose body is the same each time is visited once and multiplied.

use super::WalkError;
use crate::schedule::{
    bind::Binding,
    draft::{Fill, Order},
    poly::{Poly, Slot, TooLarge},
    program::{Assign, Condition, Loop, Node, Program, Range, Slow, Step},
    scratch::{STEADY, element_peak},
};

/// Words that crossed between slow and fast memory, one way and the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Words loaded.
    pub loads: u128,
    /// Words stored.
    pub stores: u128,
}

/// What a schedule costs at one size. Words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Words loaded.
    pub loads: u128,
    /// Words stored.
    pub stores: u128,
    /// Most words that live arrays held at a time: what papers compare with M.
    pub arrays: u128,
    /// Most words in use at a time in the strict game, scratch of the statement included.
    pub peak: u128,
}

impl Totals {
    /// Loads + stores.
    #[must_use]
    pub fn io(&self) -> u128 {
        self.loads + self.stores
    }
}

/// Totals, and where they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The sums and the peaks.
    pub totals: Totals,
    /// Words moved by each statement, by its number.
    pub statements: Vec<Traffic>,
}

impl Count {
    /// Words moved of each slow array, in order of declaration.
    #[must_use]
    pub fn by_array(&self, program: &Program) -> Vec<(String, Traffic)> {
        let mut arrays: Vec<_> =
            program.slow.iter().map(|it| (it.name.clone(), Traffic::default())).collect();
        moved(&program.body, &mut |id, slow| {
            arrays[slow.0].1.loads += self.statements[id].loads;
            arrays[slow.0].1.stores += self.statements[id].stores;
        });
        arrays
    }
}

fn moved(nodes: &[Node], visit: &mut impl FnMut(usize, Slow)) {
    for node in nodes {
        match &node.step {
            Step::Loop(it) => moved(&it.body, visit),
            Step::Load { slow, .. } | Step::Store { slow, .. } => visit(node.id, *slow),
            Step::Assign(_) | Step::Free(_) => {}
        }
    }
}

/// Iterations that `count` walks unless told otherwise: under a second.
pub const LIMIT: u64 = 20_000_000;

/// Counts the words that `program` moves and holds at `binding`.
///
/// `limit` bounds the loop iterations walked; each loop is measured against what is left before it
/// is entered.
///
/// # Errors
///
/// [`WalkError`]: a loop that runs backwards or too long, a region outside its array.
pub fn count(program: &Program, binding: &Binding, limit: u64) -> Result<Count, WalkError> {
    let mut peaks = vec![[0; STEADY + 1]; program.lines.len()];
    element_peaks(&program.body, &mut peaks);
    let mut walker = Walker {
        program,
        env: binding.env.clone(),
        peaks,
        live: vec![0; program.fast.len()],
        held: 0,
        budget: limit,
        totals: Totals::default(),
        statements: vec![Traffic::default(); program.lines.len()],
    };
    walker.block(&program.body, 1)?;
    let Walker { mut totals, statements, .. } = walker;
    totals.loads = sum(statements.iter().map(|it| it.loads))?;
    totals.stores = sum(statements.iter().map(|it| it.stores))?;
    sum([totals.loads, totals.stores])?; // so that `Totals::io` is a number
    Ok(Count { totals, statements })
}

fn sum(words: impl IntoIterator<Item = u128>) -> Result<u128, TooLarge> {
    words.into_iter().try_fold(0u128, |sum, it| sum.checked_add(it)).ok_or(TooLarge)
}

fn element_peaks(nodes: &[Node], peaks: &mut [[u64; STEADY + 1]]) {
    for node in nodes {
        match &node.step {
            Step::Loop(it) => element_peaks(&it.body, peaks),
            Step::Assign(it) => {
                peaks[node.id] = std::array::from_fn(|terms| element_peak(it, terms));
            }
            _ => {}
        }
    }
}

struct Walker<'a> {
    program: &'a Program,
    env: Vec<i128>,
    /// Of each assignment: words in use for one element, by the number of its terms.
    peaks: Vec<[u64; STEADY + 1]>,
    /// Words of each live fast array.
    live: Vec<u128>,
    held: u128,
    budget: u64,
    totals: Totals,
    statements: Vec<Traffic>,
}

type Walk<T> = Result<T, WalkError>;

impl Walker<'_> {
    fn eval(&self, poly: &Poly) -> Walk<i128> {
        Ok(poly.eval(&self.env)?)
    }

    fn extent(&self, id: usize, extent: &Poly) -> Walk<i128> {
        let hi = self.eval(extent)?;
        if hi < 0 {
            return Err(WalkError::Backwards { line: self.line(id), lo: 0, hi });
        }
        Ok(hi)
    }

    fn line(&self, id: usize) -> u32 {
        self.program.lines[id].line
    }

    /// Walks `nodes` once and counts their traffic `times` times.
    fn block(&mut self, nodes: &[Node], times: u128) -> Walk<()> {
        for node in nodes {
            match &node.step {
                Step::Loop(it) => self.tile_loop(node.id, it, times)?,
                Step::Load { fast, slow, region } => {
                    let elements = self.region(node.id, *slow, region)?;
                    let words = product(elements, self.program.slow[slow.0].weight)?;
                    let held = product(elements, self.program.fast[fast.0].weight)?;
                    let traffic = &mut self.statements[node.id].loads;
                    *traffic = words
                        .checked_mul(times)
                        .and_then(|it| traffic.checked_add(it))
                        .ok_or(TooLarge)?;
                    self.live[fast.0] = held;
                    self.held += held;
                    self.hold(self.held);
                }
                Step::Store { slow, region, .. } => {
                    let elements = self.region(node.id, *slow, region)?;
                    let words = product(elements, self.program.slow[slow.0].weight)?;
                    let traffic = &mut self.statements[node.id].stores;
                    *traffic = words
                        .checked_mul(times)
                        .and_then(|it| traffic.checked_add(it))
                        .ok_or(TooLarge)?;
                }
                Step::Assign(it) => self.assign(node.id, it)?,
                Step::Free(arrays) => {
                    for fast in arrays {
                        self.held -= std::mem::take(&mut self.live[fast.0]);
                    }
                }
            }
        }
        Ok(())
    }

    fn tile_loop(&mut self, id: usize, it: &Loop, times: u128) -> Walk<()> {
        let line = self.line(id);
        let (lo, hi, step) = (self.eval(&it.lo)?, self.eval(&it.hi)?, self.eval(&it.step)?);
        if hi < lo {
            return Err(WalkError::Backwards { line, lo, hi });
        }
        if step < 1 {
            return Err(WalkError::Step { line, step });
        }
        let extent = hi.checked_sub(lo).ok_or(TooLarge)?;
        if step == 1 && extent > 0 && same_each_time(&it.body, it.start) {
            // The last one too, for what lies outside an array.
            let times = product(extent, 1)?.checked_mul(times).ok_or(TooLarge)?;
            self.iteration(it, (lo, 1), times)?;
            return self.iteration(it, (hi - 1, 1), 0);
        }
        let iterations = extent / step + i128::from(extent % step != 0);
        match u64::try_from(iterations).ok().and_then(|it| self.budget.checked_sub(it)) {
            Some(left) => self.budget = left,
            None => return Err(WalkError::TooLong { line, iterations, limit: self.budget }),
        }
        let mut start = lo;
        while start < hi {
            self.iteration(it, (start, step.min(hi - start)), times)?;
            start += step;
        }
        Ok(())
    }

    fn iteration(&mut self, it: &Loop, (start, len): (i128, i128), times: u128) -> Walk<()> {
        self.env[it.start.index()] = start;
        self.env[it.len.index()] = len;
        self.block(&it.body, times)
    }

    /// Elements of a region of `slow`, which must lie inside it.
    fn region(&self, id: usize, slow: Slow, region: &[Range]) -> Walk<i128> {
        let array = &self.program.slow[slow.0];
        let mut elements = 1i128;
        for (range, dim) in region.iter().zip(&array.dims) {
            let (lo, len) = match range {
                Range::Span { lo, extent } => (self.eval(lo)?, self.eval(extent)?),
                Range::At(at) => (self.eval(at)?, 1),
                Range::Loaded(_) => (0, 1),
            };
            let (hi, extent) = (lo.checked_add(len).ok_or(TooLarge)?, self.eval(dim)?);
            if lo < 0 || len < 0 || hi > extent {
                let array = array.name.clone();
                return Err(WalkError::Outside { line: self.line(id), array, lo, hi, extent });
            }
            elements = elements.checked_mul(len).ok_or(TooLarge)?;
        }
        Ok(elements)
    }

    fn assign(&mut self, id: usize, it: &Assign) -> Walk<()> {
        let weight = self.program.fast[it.target.0].weight;
        if it.birth {
            let mut elements = 1i128;
            for extent in &it.shape {
                elements = elements.checked_mul(self.extent(id, extent)?).ok_or(TooLarge)?;
            }
            self.live[it.target.0] = product(elements, weight)?;
            self.held += self.live[it.target.0];
        }
        self.totals.arrays = self.totals.arrays.max(self.held);
        let mut extents = vec![];
        for index in &it.indices {
            extents.push(self.extent(id, &index.extent)?);
        }
        if extents[..it.n_left].contains(&0) {
            return Ok(());
        }
        if !it.conditions.is_empty() {
            return self.masked(id, it, &extents);
        }
        let mut terms = 1i128;
        for extent in &extents[it.n_left..] {
            terms = terms.saturating_mul(*extent);
        }
        let terms = usize::try_from(terms).unwrap_or(STEADY).min(STEADY);
        let element = u128::from(self.peaks[id][terms]) * u128::from(weight);
        self.hold(self.held - u128::from(weight) + element);
        Ok(())
    }

    /// Under a mask the number of terms differs from element to element: all are looked at.
    fn masked(&mut self, id: usize, it: &Assign, extents: &[i128]) -> Walk<()> {
        let line = self.line(id);
        let area = extents.iter().try_fold(1i128, |a, b| a.checked_mul(*b)).ok_or(TooLarge)?;
        match u64::try_from(area).ok().and_then(|it| self.budget.checked_sub(it)) {
            Some(left) => self.budget = left,
            None => {
                return Err(WalkError::TooLong { line, iterations: area, limit: self.budget });
            }
        }
        let weight = u128::from(self.program.fast[it.target.0].weight);
        let mut before = if it.birth { self.held - self.live[it.target.0] } else { self.held };
        let (left, reduced) = extents.split_at(it.n_left);
        let mut at = vec![0; left.len()];
        loop {
            for (index, value) in it.indices.iter().zip(&at) {
                self.env[index.slot.index()] = *value;
            }
            let terms = self.terms(it, reduced)?;
            let element = weight * u128::from(self.peaks[id][terms]);
            if it.fill != Fill::Set || terms > 0 {
                let own = if it.birth { 0 } else { weight };
                self.hold(before - own + element);
            }
            before += if it.birth { weight } else { 0 };
            if !advance(&mut at, left) {
                return Ok(());
            }
        }
    }

    /// How many terms the mask keeps for the element at hand; counting stops at [`STEADY`].
    fn terms(&mut self, it: &Assign, reduced: &[i128]) -> Walk<usize> {
        let mut at = vec![0; reduced.len()];
        let mut terms = 0;
        if reduced.contains(&0) {
            return Ok(0);
        }
        loop {
            for (index, value) in it.indices[it.n_left..].iter().zip(&at) {
                self.env[index.slot.index()] = *value;
            }
            terms += usize::from(holds(&it.conditions, &self.env)?);
            if terms == STEADY || !advance(&mut at, reduced) {
                return Ok(terms);
            }
        }
    }

    fn hold(&mut self, words: u128) {
        self.totals.peak = self.totals.peak.max(words);
        self.totals.arrays = self.totals.arrays.max(self.held);
    }
}

/// Do all conditions hold at `env`?
///
/// # Errors
///
/// [`TooLarge`] if a side passes 128 bits.
pub(super) fn holds(conditions: &[Condition], env: &[i128]) -> Result<bool, TooLarge> {
    for it in conditions {
        let difference = it.difference.eval(env)?;
        let held = match it.order {
            Order::Less => difference < 0,
            Order::AtMost => difference <= 0,
            Order::Equal => difference == 0,
            Order::AtLeast => difference >= 0,
            Order::More => difference > 0,
        };
        if !held {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The next place in row-major order, if there is one.
pub(super) fn advance<T: Copy + PartialOrd + From<u8> + std::ops::AddAssign>(
    at: &mut [T],
    extents: &[T],
) -> bool {
    for (i, extent) in at.iter_mut().zip(extents).rev() {
        *i += T::from(1);
        if *i < *extent {
            return true;
        }
        *i = T::from(0);
    }
    false
}

fn product(elements: i128, weight: u64) -> Result<u128, TooLarge> {
    let elements = u128::try_from(elements).map_err(|_| TooLarge)?;
    elements.checked_mul(u128::from(weight)).ok_or(TooLarge)
}

/// Are extents, bounds and conditions in `nodes` free of `start`? Places may use it.
fn same_each_time(nodes: &[Node], start: Slot) -> bool {
    nodes.iter().all(|node| match &node.step {
        Step::Loop(it) => {
            [&it.lo, &it.hi, &it.step].iter().all(|it| !it.mentions(start))
                && same_each_time(&it.body, start)
        }
        Step::Load { region, .. } | Step::Store { region, .. } => region
            .iter()
            .all(|it| !matches!(it, Range::Span { extent, .. } if extent.mentions(start))),
        Step::Assign(it) => {
            it.indices.iter().all(|it| !it.extent.mentions(start))
                && it.shape.iter().all(|it| !it.mentions(start))
                && it.conditions.iter().all(|it| !it.difference.mentions(start))
        }
        Step::Free(_) => true,
    })
}
