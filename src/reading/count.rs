//! `count`: words moved and words held, by walking the tile loops.
//!
//! Tiles are visited and their clipped extents are used; inside a tile nothing is walked. Where only
//! places depend on the start of a tile, all full tiles of a loop cost the same: the first is counted
//! and multiplied, the last is visited too, for what lies outside an array, and so is the clipped one.

use super::WalkError;
use crate::schedule::{
    bind::Binding,
    draft::{Fill, Order},
    poly::{Atom, Poly, Slot, TooLarge, times},
    program::{
        Assign, Condition, Fast, Index, Loop, Node, Program, Range, Slow, Step, Subscript, Term,
    },
    scratch::{STEADY, element_computes, element_peak},
};
use rustc_hash::FxHashMap;

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
    /// Operations that `pebbles` computes, each a vertex; `None` if the walk was not made.
    pub computes: Option<u128>,
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

/// Iterations that `count` takes unless told otherwise: at once where full tiles cost the same, some
/// seconds where they do not.
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
    let mut costs = vec![Cost::default(); program.lines.len()];
    element_costs(&program.body, &mut costs);
    let mut same = vec![false; program.lines.len()];
    same_loops(&program.body, &mut same);
    let mut walker = Walker {
        program,
        env: binding.env.clone(),
        slow: slow_extents(program, &binding.env)?,
        costs,
        masked: FxHashMap::default(),
        live: vec![0; program.fast.len()],
        shapes: vec![vec![]; program.fast.len()],
        extents: vec![],
        held: 0,
        same,
        budget: limit,
        visits: 1,
        totals: Totals::default(),
        statements: vec![Traffic::default(); program.lines.len()],
        computes: 0,
    };
    walker.block(&program.body, 1)?;
    let Walker { mut totals, statements, computes, .. } = walker;
    for it in &statements {
        totals.loads = plus(totals.loads, it.loads)?;
        totals.stores = plus(totals.stores, it.stores)?;
    }
    Ok(Count { totals, statements, computes: Some(computes) })
}

/// The extents of every slow array, which must not be negative.
pub(super) fn slow_extents(program: &Program, env: &[i128]) -> Result<Vec<Vec<i128>>, WalkError> {
    let mut all = vec![];
    for array in &program.slow {
        let mut extents = vec![];
        for dim in &array.dims {
            let extent = dim.eval(env)?;
            if extent < 0 {
                let (line, array) = (array.line, array.name.clone());
                return Err(WalkError::Extent { line, array, extent });
            }
            extents.push(extent);
        }
        all.push(extents);
    }
    Ok(all)
}

/// a + b, at most what [`Totals::io`] can add once more.
fn plus(a: u128, b: u128) -> Result<u128, TooLarge> {
    let most = i128::MAX.unsigned_abs();
    a.checked_add(b).filter(|it| *it <= most).ok_or(TooLarge)
}

/// What one element of an assignment costs, by the number of its terms up to [`STEADY`].
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    /// Words in use, its old and its new word included.
    peaks: [u64; STEADY + 1],
    /// Operations.
    computes: [i128; STEADY + 1],
}

impl Cost {
    /// Operations of `terms` terms; from the second term on each costs the same.
    fn computes(&self, terms: i128) -> Result<i128, TooLarge> {
        let [.., before, last] = self.computes;
        match usize::try_from(terms).ok().and_then(|it| self.computes.get(it)) {
            Some(it) => Ok(*it),
            None => Ok(times(last - before, terms - STEADY as i128)? + last),
        }
    }
}

fn element_costs(nodes: &[Node], costs: &mut [Cost]) {
    for node in nodes {
        match &node.step {
            Step::Loop(it) => element_costs(&it.body, costs),
            Step::Assign(it) => {
                costs[node.id] = Cost {
                    peaks: std::array::from_fn(|terms| element_peak(it, terms)),
                    computes: std::array::from_fn(|terms| element_computes(it, terms)),
                };
            }
            _ => {}
        }
    }
}

/// What a masked statement does: a function of its extents and of where its conditions stand.
#[derive(Clone, Copy)]
struct Masked {
    computes: u128,
    /// The most words beside those held before it; `None` if it does nothing.
    most: Option<i128>,
}

struct Walker<'a> {
    program: &'a Program,
    env: Vec<i128>,
    /// Extents of each slow array.
    slow: Vec<Vec<i128>>,
    /// Of each assignment.
    costs: Vec<Cost>,
    /// Of each masked assignment seen, by its number, its extents and its conditions at the first
    /// element.
    masked: FxHashMap<(usize, Vec<i128>), Masked>,
    /// Words of each live fast array.
    live: Vec<u128>,
    /// Extents of each live fast array.
    shapes: Vec<Vec<i128>>,
    /// Extents of the indices of the assignment at hand.
    extents: Vec<i128>,
    held: u128,
    /// Of each loop: do all full tiles cost the same?
    same: Vec<bool>,
    budget: u64,
    /// Tiles that the one at hand stands for.
    visits: i128,
    totals: Totals,
    statements: Vec<Traffic>,
    computes: u128,
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

    /// Walks `nodes` once and counts their traffic `repeats` times.
    fn block(&mut self, nodes: &[Node], repeats: i128) -> Walk<()> {
        for node in nodes {
            match &node.step {
                Step::Loop(it) => self.tile_loop(node.id, it, repeats)?,
                Step::Load { fast, slow, region } => {
                    let elements = self.region(node.id, *slow, region)?;
                    let words = times(elements, i128::from(self.program.slow[slow.0].weight))?;
                    let held = times(elements, i128::from(self.program.fast[fast.0].weight))?;
                    let held = held.unsigned_abs();
                    let traffic = &mut self.statements[node.id].loads;
                    *traffic = plus(*traffic, times(words, repeats)?.unsigned_abs())?;
                    let mut shape = std::mem::take(&mut self.shapes[fast.0]);
                    shape.clear();
                    for range in region {
                        if let Range::Span { extent, .. } = range {
                            shape.push(self.eval(extent)?);
                        }
                    }
                    self.shapes[fast.0] = shape;
                    self.live[fast.0] = held;
                    self.held = plus(self.held, held)?;
                    self.hold(self.held);
                }
                Step::Store { slow, region, .. } => {
                    let elements = self.region(node.id, *slow, region)?;
                    let words = times(elements, i128::from(self.program.slow[slow.0].weight))?;
                    let traffic = &mut self.statements[node.id].stores;
                    *traffic = plus(*traffic, times(words, repeats)?.unsigned_abs())?;
                }
                Step::Assign(it) => self.assign(node.id, it, repeats)?,
                Step::Free(arrays) => {
                    for fast in arrays {
                        self.held -= std::mem::take(&mut self.live[fast.0]);
                    }
                }
            }
        }
        Ok(())
    }

    fn tile_loop(&mut self, id: usize, it: &Loop, repeats: i128) -> Walk<()> {
        let line = self.line(id);
        let (lo, hi, step) = (self.eval(&it.lo)?, self.eval(&it.hi)?, self.eval(&it.step)?);
        if hi < lo {
            return Err(WalkError::Backwards { line, lo, hi });
        }
        if step < 1 {
            return Err(WalkError::Step { line, step });
        }
        let extent = hi.checked_sub(lo).ok_or(TooLarge)?;
        let (full, rest) = (extent / step, extent % step);
        if extent > 0 && self.same[id] {
            // By 1 it is one multiplication; tiles are charged as if each were visited.
            self.spend(id, if step == 1 { 1 } else { full + i128::from(rest > 0) })?;
            let visits = self.visits;
            if full > 0 {
                self.visits = if step == 1 { visits } else { times(visits, full)? };
                self.iteration(it, (lo, step), times(full, repeats)?)?;
                // The last one too, for what lies outside an array.
                self.visits = 1;
                self.iteration(it, (hi - rest - step, step), 0)?;
            }
            self.visits = visits;
            return if rest > 0 { self.iteration(it, (hi - rest, rest), repeats) } else { Ok(()) };
        }
        self.spend(id, full + i128::from(rest > 0))?;
        let mut start = lo;
        while start < hi {
            self.iteration(it, (start, step.min(hi - start)), repeats)?;
            start = start.saturating_add(step);
        }
        Ok(())
    }

    fn spend(&mut self, id: usize, iterations: i128) -> Walk<()> {
        let iterations = times(iterations, self.visits)?;
        match u64::try_from(iterations).ok().and_then(|it| self.budget.checked_sub(it)) {
            Some(left) => self.budget = left,
            None => {
                let (line, limit) = (self.line(id), self.budget);
                return Err(WalkError::TooLong { line, iterations, limit });
            }
        }
        Ok(())
    }

    fn iteration(&mut self, it: &Loop, (start, len): (i128, i128), repeats: i128) -> Walk<()> {
        self.env[it.start.index()] = start;
        self.env[it.len.index()] = len;
        self.block(&it.body, repeats)
    }

    /// Elements of a region of `slow`, which must lie inside it.
    fn region(&self, id: usize, slow: Slow, region: &[Range]) -> Walk<i128> {
        let mut elements = 1i128;
        for (range, extent) in region.iter().zip(&self.slow[slow.0]) {
            let (lo, len) = match range {
                Range::Span { lo, extent } => (self.eval(lo)?, self.eval(extent)?),
                Range::At(at) => (self.eval(at)?, 1),
                Range::Loaded(_) => (0, 1),
            };
            let (hi, extent) = (lo.checked_add(len).ok_or(TooLarge)?, *extent);
            if lo < 0 || len < 0 || hi > extent {
                let array = self.program.slow[slow.0].name.clone();
                return Err(WalkError::Outside { line: self.line(id), array, lo, hi, extent });
            }
            elements = times(elements, len)?;
        }
        Ok(elements)
    }

    fn assign(&mut self, id: usize, it: &Assign, repeats: i128) -> Walk<()> {
        let weight = self.program.fast[it.target.0].weight;
        let mut extents = std::mem::take(&mut self.extents);
        extents.clear();
        for index in &it.indices {
            extents.push(self.extent(id, &index.extent)?);
        }
        let (left, reduced) = extents.split_at(it.n_left);
        if it.birth {
            let words = times(area(left)?, i128::from(weight))?.unsigned_abs();
            self.shapes[it.target.0].clear();
            self.shapes[it.target.0].extend_from_slice(left);
            self.live[it.target.0] = words;
            self.held = plus(self.held, words)?;
        }
        self.totals.arrays = self.totals.arrays.max(self.held);
        self.inside(id, it.target, &it.subscripts)?;
        self.reads_inside(id, &it.right)?;
        if left.contains(&0) {
            // No element, nothing is computed.
        } else if it.conditions.is_empty() {
            let (elements, terms) = (area(left)?, area(reduced)?);
            let each = self.costs[id].computes(terms)?;
            self.compute(each, elements, repeats)?;
            let terms = usize::try_from(terms).unwrap_or(STEADY).min(STEADY);
            let element = u128::from(self.costs[id].peaks[terms]) * u128::from(weight);
            self.hold(self.held - u128::from(weight) + element);
        } else {
            self.masked(id, it, (left, reduced), repeats)?;
        }
        self.extents = extents;
        Ok(())
    }

    fn compute(&mut self, each: i128, elements: i128, repeats: i128) -> Walk<()> {
        let computes = times(times(each, elements)?, repeats)?;
        self.computes = plus(self.computes, computes.unsigned_abs())?;
        Ok(())
    }

    /// Places given by slots must lie inside the fast array; indices do, the static checks saw it.
    fn inside(&self, id: usize, array: Fast, subscripts: &[Subscript]) -> Walk<()> {
        for (subscript, extent) in subscripts.iter().zip(&self.shapes[array.0]) {
            let Subscript::Place(place) = subscript else { continue };
            let lo = self.eval(place)?;
            if lo < 0 || lo >= *extent {
                let (line, extent) = (self.line(id), *extent);
                let array = self.program.fast[array.0].name.clone();
                return Err(WalkError::Outside {
                    line,
                    array,
                    lo,
                    hi: lo.saturating_add(1),
                    extent,
                });
            }
        }
        Ok(())
    }

    fn reads_inside(&self, id: usize, term: &Term) -> Walk<()> {
        match term {
            Term::Constant(_) => Ok(()),
            Term::Read(it) => self.inside(id, it.array, &it.subscripts),
            Term::Apply(_, terms) => terms.iter().try_for_each(|it| self.reads_inside(id, it)),
        }
    }

    /// Under a mask the number of terms differs from element to element: all are looked at, once for
    /// all tiles that lie alike.
    fn masked(
        &mut self,
        id: usize,
        it: &Assign,
        (left, reduced): (&[i128], &[i128]),
        repeats: i128,
    ) -> Walk<()> {
        let mut key = [left, reduced].concat();
        for index in &it.indices {
            self.env[index.slot.index()] = 0;
        }
        for condition in &it.conditions {
            key.push(self.eval(&condition.difference)?);
        }
        let key = (id, key);
        let found = if is_shifted(it) { self.masked.get(&key).copied() } else { None };
        let masked = match found {
            Some(masked) => {
                self.spend(id, 1)?;
                masked
            }
            None => {
                let masked = self.each_element(id, it, (left, reduced))?;
                self.masked.insert(key, masked);
                masked
            }
        };
        let computes = masked.computes.checked_mul(repeats.unsigned_abs()).ok_or(TooLarge)?;
        self.computes = plus(self.computes, computes)?;
        if let Some(most) = masked.most {
            let born = if it.birth { self.live[it.target.0] } else { 0 };
            self.hold((self.held - born).saturating_add_signed(most));
        }
        Ok(())
    }

    fn each_element(
        &mut self,
        id: usize,
        it: &Assign,
        (left, reduced): (&[i128], &[i128]),
    ) -> Walk<Masked> {
        // Indices that no condition mentions only repeat a term.
        let mentioned = |index: &Index| {
            it.conditions.iter().any(|condition| condition.difference.mentions(index.slot))
        };
        let (mut looked, mut again) = (vec![], 1);
        for (index, extent) in it.indices[it.n_left..].iter().zip(reduced) {
            if mentioned(index) {
                looked.push((index.slot, *extent));
            } else {
                again = times(again, *extent)?;
            }
        }
        let looked_at = looked.iter().try_fold(1, |area, it| times(area, it.1))?;
        self.spend(id, area(left)?.checked_mul(looked_at.max(1)).ok_or(TooLarge)?)?;
        let weight = i128::from(self.program.fast[it.target.0].weight);
        let mut masked = Masked { computes: 0, most: None };
        let mut before = 0;
        let mut at = vec![0; left.len()];
        loop {
            for (index, value) in it.indices.iter().zip(&at) {
                self.env[index.slot.index()] = *value;
            }
            let terms = times(self.terms(it, &looked)?, again)?;
            if it.fill != Fill::Set || terms > 0 {
                let each = self.costs[id].computes(terms)?;
                masked.computes = plus(masked.computes, each.unsigned_abs())?;
                let terms = usize::try_from(terms).unwrap_or(STEADY).min(STEADY);
                let element = times(weight, i128::from(self.costs[id].peaks[terms]))?;
                let own = if it.birth { 0 } else { weight };
                masked.most = masked.most.max(Some(before - own + element));
            }
            before += if it.birth { weight } else { 0 };
            if !advance(&mut at, left) {
                return Ok(masked);
            }
        }
    }

    /// How many terms the mask keeps for the element at hand, of those that `looked` run over.
    fn terms(&mut self, it: &Assign, looked: &[(Slot, i128)]) -> Walk<i128> {
        let extents: Vec<i128> = looked.iter().map(|it| it.1).collect();
        let mut at = vec![0; extents.len()];
        let mut terms = 0;
        if extents.contains(&0) {
            return Ok(0);
        }
        loop {
            for ((slot, _), value) in looked.iter().zip(&at) {
                self.env[slot.index()] = *value;
            }
            terms += i128::from(holds(&it.conditions, &self.env)?);
            if !advance(&mut at, &extents) {
                return Ok(terms);
            }
        }
    }

    fn hold(&mut self, words: u128) {
        self.totals.peak = self.totals.peak.max(words);
        self.totals.arrays = self.totals.arrays.max(self.held);
    }
}

/// Is each condition an index's multiple, or several, and something that no index changes? Then where
/// it holds is told by its value at the first element.
fn is_shifted(it: &Assign) -> bool {
    let alone = |slot: Slot, difference: &Poly| {
        let mut with = difference.terms().filter(|it| it.0.iter().any(|it| it.mentions(slot)));
        with.all(|it| matches!(it.0, [Atom::Slot(it)] if *it == slot))
    };
    it.conditions
        .iter()
        .all(|condition| it.indices.iter().all(|it| alone(it.slot, &condition.difference)))
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

/// The product of extents that are not negative.
fn area(extents: &[i128]) -> Result<i128, TooLarge> {
    extents.iter().try_fold(1i128, |a, b| times(a, *b))
}

fn same_loops(nodes: &[Node], same: &mut [bool]) {
    for node in nodes {
        if let Step::Loop(it) = &node.step {
            same[node.id] = same_each_time(&it.body, it.start);
            same_loops(&it.body, same);
        }
    }
}

/// Are extents, bounds and conditions in `nodes` free of `start`, and do places only grow with it?
/// Then what the first and the last iteration do is what all do.
fn same_each_time(nodes: &[Node], start: Slot) -> bool {
    let free = |it: &Poly| !it.mentions(start);
    let grows = |it: &[Subscript]| {
        it.iter().all(|it| !matches!(it, Subscript::Place(it) if !it.grows_with(start)))
    };
    nodes.iter().all(|node| match &node.step {
        Step::Loop(it) => {
            [&it.lo, &it.hi, &it.step].into_iter().all(free) && same_each_time(&it.body, start)
        }
        Step::Load { region, .. } | Step::Store { region, .. } => {
            region.iter().all(|it| match it {
                Range::Span { lo, extent } => free(extent) && lo.grows_with(start),
                Range::At(at) => at.grows_with(start),
                Range::Loaded(_) => true,
            })
        }
        Step::Assign(it) => {
            it.indices.iter().all(|it| free(&it.extent))
                && it.conditions.iter().all(|it| free(&it.difference))
                && grows(&it.subscripts)
                && reads(&it.right, &grows)
        }
        Step::Free(_) => true,
    })
}

fn reads(term: &Term, test: &impl Fn(&[Subscript]) -> bool) -> bool {
    match term {
        Term::Constant(_) => true,
        Term::Read(it) => test(&it.subscripts),
        Term::Apply(_, terms) => terms.iter().all(|it| reads(it, test)),
    }
}
