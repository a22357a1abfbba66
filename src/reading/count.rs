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
    program::{Assign, Condition, Fast, Loop, Node, Program, Range, Slow, Step, Subscript, Term},
    scratch::{STEADY, element_computes, element_peak},
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
#[non_exhaustive]
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
    walk(program, binding, limit, Wanted::All)
}

/// Words moved alone, loads and stores, if they are at most `most`: the walk passes over assignments and ends where
/// there are more.
///
/// # Errors
///
/// As [`count`], of what was walked.
pub fn words(
    program: &Program,
    binding: &Binding,
    limit: u64,
    most: u128,
) -> Result<Option<u128>, WalkError> {
    let io = walk(program, binding, limit, Wanted::Words(most))?.totals.io();
    Ok((io <= most).then_some(io))
}

/// The peak, if it is at most `most`: the walk ends where it is not, mostly soon.
///
/// # Errors
///
/// As [`count`], of what was walked.
pub fn peak(
    program: &Program,
    binding: &Binding,
    limit: u64,
    most: u128,
) -> Result<Option<u128>, WalkError> {
    let peak = walk(program, binding, limit, Wanted::Peak(most))?.totals.peak;
    Ok((peak <= most).then_some(peak))
}

/// What is asked of a walk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    All,
    /// Up to so many; assignments are passed over.
    Words(u128),
    /// Up to so much.
    Peak(u128),
}

fn walk(
    program: &Program,
    binding: &Binding,
    limit: u64,
    wanted: Wanted,
) -> Result<Count, WalkError> {
    let mut costs = vec![Cost::default(); program.lines.len()];
    element_costs(&program.body, &mut costs);
    let mut same = vec![false; program.lines.len()];
    same_loops(&program.body, &mut same);
    let mut walker = Walker {
        program,
        env: binding.env.clone(),
        slow: slow_extents(program, &binding.env)?,
        costs,
        live: vec![0; program.fast.len()],
        shapes: vec![vec![]; program.fast.len()],
        extents: vec![],
        held: 0,
        same,
        budget: limit,
        visits: 1,
        wanted,
        moved: 0,
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

struct Walker<'a> {
    program: &'a Program,
    env: Vec<i128>,
    /// Extents of each slow array.
    slow: Vec<Vec<i128>>,
    /// Of each assignment.
    costs: Vec<Cost>,
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
    wanted: Wanted,
    /// Words of all statements.
    moved: u128,
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
                    let words = times(words, repeats)?.unsigned_abs();
                    self.moved = plus(self.moved, words)?;
                    let traffic = &mut self.statements[node.id].loads;
                    *traffic = plus(*traffic, words)?;
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
                    let words = times(words, repeats)?.unsigned_abs();
                    self.moved = plus(self.moved, words)?;
                    let traffic = &mut self.statements[node.id].stores;
                    *traffic = plus(*traffic, words)?;
                }
                Step::Assign(_) if matches!(self.wanted, Wanted::Words(_)) => {}
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
        // What is known to be too much is not walked to its end.
        match self.wanted {
            Wanted::Peak(most) if self.totals.peak > most => return Ok(()),
            Wanted::Words(most) if self.moved > most => return Ok(()),
            _ => {}
        }
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

    /// Under a mask the number of terms differs from element to element. Indices that no condition
    /// mentions are not walked, and of the others one is solved for where that can be done.
    fn masked(
        &mut self,
        id: usize,
        it: &Assign,
        (left, reduced): (&[i128], &[i128]),
        repeats: i128,
    ) -> Walk<()> {
        let masked = Masked::new(it, left, reduced)?;
        let weight = i128::from(self.program.fast[it.target.0].weight);
        let born = if it.birth { self.live[it.target.0] } else { 0 };
        let (before, own) = (self.held - born, if it.birth { 0 } else { weight });
        let mut at: Vec<i128> = vec![0; masked.walked.len()];
        let extents: Vec<i128> = masked.walked.iter().map(|it| it.1).collect();
        for index in &it.indices {
            self.env[index.slot.index()] = 0;
        }
        self.spend(id, times(area(&extents)?, masked.looks)?)?;
        loop {
            let mut place = masked.last;
            for ((slot, _, stride), value) in masked.walked.iter().zip(&at) {
                self.env[slot.index()] = *value;
                place += stride * value;
            }
            for (run, terms) in self.runs(it, &masked)? {
                if it.fill == Fill::Set && terms == 0 {
                    continue;
                }
                let elements = times(run.1 - run.0, masked.often)?;
                self.compute(self.costs[id].computes(terms)?, elements, repeats)?;
                let terms = usize::try_from(terms).unwrap_or(STEADY).min(STEADY);
                let element = times(weight, i128::from(self.costs[id].peaks[terms]))?;
                let stride = masked.solved.map_or(0, |it| it.2);
                let born = if it.birth { times(weight, place + stride * (run.1 - 1))? } else { 0 };
                self.hold(before.saturating_add_signed(born - own + element));
            }
            if !advance(&mut at, &extents) {
                return Ok(());
            }
        }
    }

    /// Runs of elements along the index that is solved for, with the terms that each of them has; of one
    /// element if there is none.
    fn runs(&mut self, it: &Assign, masked: &Masked) -> Walk<Vec<((i128, i128), i128)>> {
        let Some((slot, extent, _)) = masked.solved else {
            return Ok(vec![((0, 1), times(self.terms(it, &masked.looked)?, masked.again)?)]);
        };
        let (from, to) = self.between(it, slot, extent)?;
        let runs = [((0, from), 0), ((from, to), masked.again), ((to, extent), 0)];
        Ok(runs.into_iter().filter(|it| it.0.0 < it.0.1).collect())
    }

    /// How many terms the mask keeps for the element at hand, of those that `looked` run over.
    fn terms(&mut self, it: &Assign, looked: &[(Slot, i128)]) -> Walk<i128> {
        if let [(slot, extent)] = looked
            && is_linear(it, *slot)
        {
            let (from, to) = self.between(it, *slot, *extent)?;
            return Ok(to - from);
        }
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

    /// The values of `slot` in 0..extent for which all conditions hold, each linear in it.
    fn between(&mut self, it: &Assign, slot: Slot, extent: i128) -> Walk<(i128, i128)> {
        let (mut from, mut to) = (0, extent);
        for condition in &it.conditions {
            self.env[slot.index()] = 0;
            let first = self.eval(&condition.difference)?;
            self.env[slot.index()] = 1;
            let slope = self.eval(&condition.difference)?.checked_sub(first).ok_or(TooLarge)?;
            let (least, most) = solved(first, slope, condition.order, extent)?;
            (from, to) = (from.max(least), to.min(most));
        }
        self.env[slot.index()] = 0;
        Ok((from, to.max(from)))
    }

    fn hold(&mut self, words: u128) {
        self.totals.peak = self.totals.peak.max(words);
        self.totals.arrays = self.totals.arrays.max(self.held);
    }
}

/// What of a masked assignment has to be looked at.
struct Masked {
    /// Left indices that are walked, with their extents and how far apart their elements are born.
    walked: Vec<(Slot, i128, i128)>,
    /// The left index that is solved for: the last one that conditions mention.
    solved: Option<(Slot, i128, i128)>,
    /// Reduced indices that conditions mention.
    looked: Vec<(Slot, i128)>,
    /// Terms that each of theirs stands for.
    again: i128,
    /// Elements that each stands for, and how far behind the first of them the last is born.
    often: i128,
    last: i128,
    /// Evaluations an element takes, about.
    looks: i128,
}

impl Masked {
    fn new(it: &Assign, left: &[i128], reduced: &[i128]) -> Walk<Self> {
        let mentions = |slot| it.conditions.iter().any(|it| it.difference.mentions(slot));
        let (mut looked, mut again) = (vec![], 1);
        for (index, extent) in it.indices[it.n_left..].iter().zip(reduced) {
            if *extent != 1 && mentions(index.slot) {
                looked.push((index.slot, *extent));
            } else {
                again = times(again, *extent)?;
            }
        }
        let (mut walked, mut often, mut last, mut stride) = (vec![], 1, 0, 1);
        for (index, extent) in it.indices[..it.n_left].iter().zip(left).rev() {
            if *extent != 1 && mentions(index.slot) {
                walked.insert(0, (index.slot, *extent, stride));
            } else {
                often = times(often, *extent)?;
                last += (extent - 1) * stride;
            }
            stride = times(stride, *extent)?;
        }
        let solvable =
            looked.is_empty() && walked.last().is_some_and(|(slot, ..)| is_linear(it, *slot));
        let solved = if solvable { walked.pop() } else { None };
        let looks = match looked.as_slice() {
            [] => 1,
            [(slot, _)] if is_linear(it, *slot) => 1,
            all => all.iter().try_fold(1, |area, it| times(area, it.1.max(1)))?,
        };
        Ok(Self { walked, solved, looked, again, often, last, looks })
    }
}

/// Is every condition linear in `slot`, with a factor that is a number?
fn is_linear(it: &Assign, slot: Slot) -> bool {
    let alone = |atoms: &[Atom]| matches!(atoms, [Atom::Slot(it)] if *it == slot);
    let other = |atoms: &[Atom]| !atoms.iter().any(|it| it.mentions(slot));
    let mut terms = it.conditions.iter().flat_map(|it| it.difference.terms());
    terms.all(|(atoms, _)| alone(atoms) || other(atoms))
}

/// The x in 0..extent with `first + slope·x` in this order to 0: from, and one past the last.
fn solved(first: i128, slope: i128, order: Order, extent: i128) -> Result<(i128, i128), TooLarge> {
    let all = |it: bool| if it { (0, extent) } else { (0, 0) };
    // The first x from which on first + slope·x ≥ least, if the slope is positive.
    let reaches = |first: i128, slope: i128, least: i128| {
        let missing = least.checked_sub(first).ok_or(TooLarge)?;
        let steps = missing.div_euclid(slope) + i128::from(missing.rem_euclid(slope) != 0);
        Ok::<i128, TooLarge>(steps.clamp(0, extent))
    };
    if slope < 0 {
        let (first, slope) = (first.checked_neg(), slope.checked_neg());
        let mirrored = match order {
            Order::Less => Order::More,
            Order::AtMost => Order::AtLeast,
            Order::Equal => Order::Equal,
            Order::AtLeast => Order::AtMost,
            Order::More => Order::Less,
        };
        return solved(first.ok_or(TooLarge)?, slope.ok_or(TooLarge)?, mirrored, extent);
    }
    Ok(match (slope, order) {
        (0, Order::Less) => all(first < 0),
        (0, Order::AtMost) => all(first <= 0),
        (0, Order::Equal) => all(first == 0),
        (0, Order::AtLeast) => all(first >= 0),
        (0, Order::More) => all(first > 0),
        (_, Order::Less) => (0, reaches(first, slope, 0)?),
        (_, Order::AtMost) => (0, reaches(first, slope, 1)?),
        (_, Order::Equal) => (reaches(first, slope, 0)?, reaches(first, slope, 1)?),
        (_, Order::AtLeast) => (reaches(first, slope, 0)?, extent),
        (_, Order::More) => (reaches(first, slope, 1)?, extent),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solved_as_tried() {
        use Order::{AtLeast, AtMost, Equal, Less, More};
        for order in [Less, AtMost, Equal, AtLeast, More] {
            for (first, slope) in (-9..9).flat_map(|a| (-3..=3).map(move |b| (a, b))) {
                let (from, to) = solved(first, slope, order, 5).unwrap();
                let holds = |x: i128| {
                    let it = first + slope * x;
                    match order {
                        Less => it < 0,
                        AtMost => it <= 0,
                        Equal => it == 0,
                        AtLeast => it >= 0,
                        More => it > 0,
                    }
                };
                let expected: Vec<_> = (0..5).filter(|it| holds(*it)).collect();
                let found: Vec<_> = (from..to).collect();
                assert_eq!(found, expected, "{first} + {slope}x {order:?}");
            }
        }
    }
}
