//! `formula`: the same words as a closed form.
//!
//! The words of a statement are a polynomial in the lengths of the tiles around it. Summed over the
//! tile loop `for i, b in lo..hi by B`, with E = hi − lo and T = ⌈E/B⌉,
//!
//! - a term without b is multiplied by T,
//! - a term c·b telescopes to c·E, whatever the last tile's length,
//! - any other term f(b) is (T − 1)·f(B) + f(E − (T − 1)·B).
//!
//! Peaks are the largest at full tiles, b = min(B, E), because no extent shrinks when a tile grows.
//! There is no closed form where a bound depends on a loop's start (triangular loops), under a mask,
//! or with a loaded index.

use super::count::Totals;
use crate::schedule::{
    bind::Binding,
    poly::{Atom, Env, Poly, TooLarge},
    program::{Assign, Fast, Loop, Node, Program, Range, Slow, Step, Subscript, Term, extents},
    scratch::{STEADY, element_peak},
};

/// Why a program has no closed form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: no closed form, because {why}")]
pub struct NoFormula {
    /// The statement's line.
    pub line: u32,
    /// The reason.
    pub why: &'static str,
}

/// Why a closed form does not hold at some sizes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotHere {
    /// A loop would run backwards or a region leave its array, as far as the closed form can tell.
    #[error("line {line}: {what} is {value} here; the closed form needs it to be at least 0")]
    Negative {
        /// The statement's line.
        line: u32,
        /// What must not be negative.
        what: String,
        /// Its value.
        value: i128,
    },
    /// A number passed 128 bits.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}

/// A closed form of what a program moves and holds, for every size.
#[derive(Clone, Debug)]
pub struct Formula {
    /// Words loaded.
    pub loads: Poly,
    /// Words stored.
    pub stores: Poly,
    /// Words moved by each statement, by its number: (loads, stores).
    pub statements: Vec<(Poly, Poly)>,
    levels: Vec<Level>,
    requires: Vec<Requirement>,
}

/// Words held at one statement, at full tiles.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Level {
    /// It runs if all of these are positive: the extents of the loops around it.
    guards: Vec<Poly>,
    /// Words of live arrays once it is done.
    arrays: Poly,
    element: Option<Element>,
}

/// The extra words of an assignment's element.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Element {
    /// Number of elements; none needs no scratch.
    elements: Poly,
    /// Number of terms reduced into each.
    terms: Poly,
    weight: i128,
    peaks: [u64; STEADY + 1],
}

#[derive(Clone, Debug)]
struct Requirement {
    line: u32,
    value: Poly,
    what: String,
}

impl Formula {
    /// Loads + stores.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if a coefficient passes 128 bits.
    pub fn io(&self) -> Result<Poly, TooLarge> {
        self.loads.add(&self.stores)
    }

    /// Polynomials that meet: each monomial of the I/O alone, and all that one level of fast memory
    /// adds up. Slots that share none of these can be chosen apart.
    #[must_use]
    pub fn meetings(&self) -> Vec<Vec<Poly>> {
        let io = self.loads.monomials().chain(self.stores.monomials()).map(|it| vec![it]);
        let levels = self.levels.iter().map(|it| {
            let element = it.element.iter().flat_map(|it| [it.elements.clone(), it.terms.clone()]);
            element.chain([it.arrays.clone()]).chain(it.guards.iter().cloned()).collect()
        });
        io.chain(levels).collect()
    }

    /// The numbers at `binding`.
    ///
    /// # Errors
    ///
    /// [`NotHere`]: the sizes are outside what the closed form holds for, or too large.
    pub fn eval(&self, binding: &Binding) -> Result<Totals, NotHere> {
        let env = &binding.env;
        for it in &self.requires {
            let value = it.value.eval(env)?;
            if value < 0 {
                return Err(NotHere::Negative { line: it.line, what: it.what.clone(), value });
            }
        }
        let (arrays, peak) = self.peaks(env)?;
        Ok(Totals {
            loads: words(self.loads.eval(env)?)?,
            stores: words(self.stores.eval(env)?)?,
            arrays: words(arrays)?,
            peak: words(peak)?,
        })
    }

    fn peaks(&self, env: &Env) -> Result<(i128, i128), TooLarge> {
        let (mut arrays, mut peak) = (0, 0);
        'levels: for level in &self.levels {
            for it in &level.guards {
                if it.eval(env)? <= 0 {
                    continue 'levels;
                }
            }
            let held = level.arrays.eval(env)?;
            arrays = arrays.max(held);
            let extra = level.element.as_ref().map_or(Ok(0), |it| it.extra(env))?;
            peak = peak.max(held.checked_add(extra).ok_or(TooLarge)?);
        }
        Ok((arrays, peak))
    }
}

impl Element {
    fn extra(&self, env: &Env) -> Result<i128, TooLarge> {
        if self.elements.eval(env)? == 0 {
            return Ok(0);
        }
        let terms = usize::try_from(self.terms.eval(env)?).unwrap_or(STEADY).min(STEADY);
        let peak = i128::from(self.peaks[terms]) - 1;
        peak.checked_mul(self.weight).ok_or(TooLarge)
    }
}

fn words(value: i128) -> Result<u128, TooLarge> {
    u128::try_from(value).map_err(|_| TooLarge)
}

/// The closed form of `program`.
///
/// # Errors
///
/// [`NoFormula`] with the line and the reason.
pub fn formula(program: &Program) -> Result<Formula, NoFormula> {
    let zero = (Poly::default(), Poly::default());
    let mut maker = Maker {
        program,
        around: vec![],
        live: vec![Poly::default(); program.fast.len()],
        shapes: vec![vec![]; program.fast.len()],
        formula: Formula {
            loads: Poly::default(),
            stores: Poly::default(),
            statements: vec![zero; program.lines.len()],
            levels: vec![],
            requires: vec![],
        },
    };
    for array in &program.slow {
        for dim in &array.dims {
            let what = format!("the extent {} of `{}`", maker.show(dim), array.name);
            maker.requirement(array.line, dim.clone(), what);
        }
    }
    maker.block(&program.body)?;
    let Maker { mut formula, .. } = maker;
    for (loads, stores) in &formula.statements {
        let add = |a: &Poly, b: &Poly| a.add(b).map_err(|it| large(0, it));
        formula.loads = add(&formula.loads, loads)?;
        formula.stores = add(&formula.stores, stores)?;
    }
    prune(&mut formula.levels);
    Ok(formula)
}

struct Maker<'a> {
    program: &'a Program,
    around: Vec<&'a Loop>,
    live: Vec<Poly>,
    /// Extents of each live fast array.
    shapes: Vec<Vec<Poly>>,
    formula: Formula,
}

type Make<T> = Result<T, NoFormula>;

fn large(line: u32, _: TooLarge) -> NoFormula {
    NoFormula { line, why: "a coefficient passes 128 bits" }
}

impl<'a> Maker<'a> {
    fn line(&self, id: usize) -> u32 {
        self.program.lines[id].line
    }

    fn no<T>(&self, id: usize, why: &'static str) -> Make<T> {
        Err(NoFormula { line: self.line(id), why })
    }

    fn fits<T>(&self, id: usize, result: Result<T, TooLarge>) -> Make<T> {
        result.map_err(|it| large(self.line(id), it))
    }

    fn block(&mut self, nodes: &'a [Node]) -> Make<()> {
        for node in nodes {
            let id = node.id;
            match &node.step {
                Step::Loop(it) => self.tile_loop(id, it)?,
                Step::Load { fast, slow, region } => {
                    let elements = self.elements(id, *slow, region)?;
                    let weight = i128::from(self.program.fast[fast.0].weight);
                    self.live[fast.0] = self.fits(id, elements.scale(weight))?;
                    self.shapes[fast.0] = extents(region);
                    self.formula.statements[id].0 = self.moved(id, *slow, &elements)?;
                    self.level(id, None)?;
                }
                Step::Store { slow, region, .. } => {
                    let elements = self.elements(id, *slow, region)?;
                    self.formula.statements[id].1 = self.moved(id, *slow, &elements)?;
                }
                Step::Assign(it) => self.assign(id, it)?,
                Step::Free(arrays) => {
                    arrays.iter().for_each(|it| self.live[it.0] = Poly::default());
                }
            }
        }
        Ok(())
    }

    fn tile_loop(&mut self, id: usize, it: &'a Loop) -> Make<()> {
        let extent = self.fits(id, it.hi.sub(&it.lo))?;
        let starts = |poly: &Poly| self.around.iter().any(|it| poly.mentions(it.start));
        if [&it.lo, &it.hi, &it.step].iter().any(|it| starts(it)) {
            return self.no(id, "its bounds depend on the start of another loop");
        }
        let lengths = |poly: &Poly| self.around.iter().any(|it| poly.mentions(it.len));
        if lengths(&it.step) {
            return self.no(id, "its step depends on the length of a tile");
        }
        if !self.around.iter().all(|it| extent.grows_with(it.len)) {
            return self.no(id, "its extent shrinks when a tile grows");
        }
        let what = format!("the extent {} of the loop", self.show(&extent));
        self.require(id, extent, what)?;
        let what = format!("one less than the step {}", self.show(&it.step));
        let room = self.fits(id, it.step.sub(&Poly::int(1)))?;
        self.require(id, room, what)?;
        self.around.push(it);
        self.block(&it.body)?;
        self.around.pop();
        Ok(())
    }

    fn show(&self, poly: &Poly) -> String {
        poly.show(&|slot| self.program.name(slot)).to_string()
    }

    /// `value` must not be negative, in any iteration.
    fn require(&mut self, id: usize, value: Poly, what: String) -> Make<()> {
        let changes = |it: &&Loop| value.mentions(it.len) || value.mentions(it.start);
        if self.around.iter().any(changes) && !self.natural(&value) {
            return self.no(id, "what must not be negative might be at a clipped tile");
        }
        self.requirement(self.line(id), value, what);
        Ok(())
    }

    fn requirement(&mut self, line: u32, value: Poly, what: String) {
        if !self.natural(&value) {
            self.formula.requires.push(Requirement { line, value, what });
        }
    }

    /// Is `value` never negative, whatever the sizes? Slots are at least 0, parameters at least 1.
    fn natural(&self, value: &Poly) -> bool {
        let slots = |atoms: &[Atom]| atoms.iter().all(|it| matches!(it, Atom::Slot(_)));
        let positive = |atoms: &[Atom]| {
            atoms.iter().all(|it| matches!(it, Atom::Slot(it) if self.program.params.contains(it)))
        };
        let mut least = 0i128;
        for (atoms, c) in value.terms() {
            match c {
                _ if atoms.is_empty() => least = least.saturating_add(c),
                1.. if positive(atoms) => least = least.saturating_add(c),
                0.. if slots(atoms) => {}
                _ => return false,
            }
        }
        least >= 0
    }

    /// Places given by slots must lie inside the fast array.
    fn inside(&mut self, id: usize, array: Fast, subscripts: &[Subscript]) -> Make<()> {
        let shape = self.shapes[array.0].clone();
        for (subscript, extent) in subscripts.iter().zip(shape) {
            let Subscript::Place(place) = subscript else { continue };
            let name = &self.program.fast[array.0].name;
            let what = format!("the place {} in `{name}`", self.show(place));
            let (mut last, mut first) = (place.clone(), place.clone());
            for it in self.around.iter().rev() {
                if !last.grows_with(it.start) {
                    return self.no(id, "a place falls when a loop advances");
                }
                let len =
                    if it.step.as_int() == Some(1) { Poly::int(1) } else { Poly::slot(it.len) };
                let end = self.fits(id, it.hi.sub(&len))?;
                last = self.fits(id, last.replace(it.start, &end))?;
                first = self.fits(id, first.replace(it.start, &it.lo))?;
            }
            let room = self.fits(id, extent.sub(&last).and_then(|it| it.sub(&Poly::int(1))))?;
            self.require(id, first, what.clone())?;
            self.require(id, room, format!("the room beyond {what}"))?;
        }
        Ok(())
    }

    fn reads_inside(&mut self, id: usize, term: &Term) -> Make<()> {
        match term {
            Term::Constant(_) => Ok(()),
            Term::Read(it) => self.inside(id, it.array, &it.subscripts),
            Term::Apply(_, terms) => terms.iter().try_for_each(|it| self.reads_inside(id, it)),
        }
    }

    /// Elements of a region, and the requirement that it lies inside its array.
    fn elements(&mut self, id: usize, slow: Slow, region: &[Range]) -> Make<Poly> {
        let array = &self.program.slow[slow.0];
        let mut elements = Poly::int(1);
        for (range, dim) in region.iter().zip(&array.dims) {
            let (lo, len) = match range {
                Range::Span { lo, extent } => (lo.clone(), extent.clone()),
                Range::At(at) => (at.clone(), Poly::int(1)),
                Range::Loaded(_) => return self.no(id, "an index is loaded"),
            };
            if self.around.iter().any(|it| len.mentions(it.start)) {
                return self.no(id, "a region's extent depends on the start of a loop");
            }
            let last = self.fits(id, lo.add(&len))?;
            let last = self.latest(id, last)?;
            let room = self.fits(id, dim.sub(&last))?;
            let what = format!("the room of `{}` beyond {}", array.name, self.show(&last));
            self.require(id, room, what)?;
            let first = self.earliest(id, lo)?;
            let what = format!("the first index {} of `{}`", self.show(&first), array.name);
            self.require(id, first, what)?;
            let what = format!("the extent {} of a region of `{}`", self.show(&len), array.name);
            self.require(id, len.clone(), what)?;
            elements = self.fits(id, elements.mul(&len))?;
        }
        Ok(elements)
    }

    /// The largest value over all iterations: a start is at most hi − len, a length at most its full
    /// one.
    fn latest(&self, id: usize, mut poly: Poly) -> Make<Poly> {
        for it in self.around.iter().rev() {
            let unit = it.step.as_int() == Some(1);
            let len = if unit { Poly::int(1) } else { Poly::slot(it.len) };
            let start = self.fits(id, it.hi.sub(&len))?;
            if !poly.grows_with(it.start) {
                return self.no(id, "a place falls when a loop advances");
            }
            poly = self.fits(id, poly.replace(it.start, &start))?;
        }
        self.full(id, poly)
    }

    fn earliest(&self, id: usize, mut poly: Poly) -> Make<Poly> {
        for it in self.around.iter().rev() {
            if !poly.grows_with(it.start) {
                return self.no(id, "a place falls when a loop advances");
            }
            poly = self.fits(id, poly.replace(it.start, &it.lo))?;
            if poly.mentions(it.len) {
                return self.no(id, "a place depends on the length of a tile");
            }
        }
        Ok(poly)
    }

    /// `poly` with every tile around the statement full.
    fn full(&self, id: usize, poly: Poly) -> Make<Poly> {
        if self.around.iter().any(|it| !poly.grows_with(it.len)) {
            return self.no(id, "an extent shrinks when a tile grows");
        }
        self.fits(id, full(&self.around, poly))
    }

    /// Words that a statement moves, summed over the loops around it.
    fn moved(&self, id: usize, slow: Slow, elements: &Poly) -> Make<Poly> {
        let weight = i128::from(self.program.slow[slow.0].weight);
        let mut words = self.fits(id, elements.scale(weight))?;
        for it in self.around.iter().rev() {
            words = self.fits(id, sum_over(it, &words))?;
        }
        Ok(words)
    }

    fn assign(&mut self, id: usize, it: &Assign) -> Make<()> {
        if !it.conditions.is_empty() {
            return self.no(id, "`where` makes elements differ");
        }
        let weight = i128::from(self.program.fast[it.target.0].weight);
        let mut shape = Poly::int(1);
        for extent in &it.shape {
            shape = self.fits(id, shape.mul(extent))?;
        }
        if it.birth {
            self.live[it.target.0] = self.fits(id, shape.scale(weight))?;
            self.shapes[it.target.0].clone_from(&it.shape);
            for extent in &it.shape {
                let name = &self.program.fast[it.target.0].name;
                let what = format!("the extent {} of `{name}`", self.show(extent));
                self.require(id, extent.clone(), what)?;
            }
        }
        self.inside(id, it.target, &it.subscripts)?;
        self.reads_inside(id, &it.right)?;
        let (mut elements, mut terms) = (Poly::int(1), Poly::int(1));
        for (i, index) in it.indices.iter().enumerate() {
            let product = if i < it.n_left { &mut elements } else { &mut terms };
            *product = self.fits(id, product.mul(&index.extent))?;
        }
        let all = self.fits(id, elements.mul(&terms))?;
        if self.around.iter().any(|it| all.mentions(it.start)) {
            return self.no(id, "an extent depends on the start of a loop");
        }
        let elements = self.full(id, elements)?;
        let terms = self.full(id, terms)?;
        let peaks = std::array::from_fn(|terms| element_peak(it, terms));
        self.level(id, Some(Element { elements, terms, weight, peaks }))
    }

    fn level(&mut self, id: usize, element: Option<Element>) -> Make<()> {
        let mut arrays = Poly::default();
        for it in &self.live {
            arrays = self.fits(id, arrays.add(it))?;
        }
        let arrays = self.full(id, arrays)?;
        let mut guards = vec![];
        for (i, it) in self.around.iter().enumerate() {
            let extent = self.fits(id, it.hi.sub(&it.lo))?;
            let guard = self.fits(id, full(&self.around[..i], extent))?;
            if guard.as_int().is_none_or(|it| it <= 0) && !guards.contains(&guard) {
                guards.push(guard);
            }
        }
        self.formula.levels.push(Level { guards, arrays, element });
        Ok(())
    }
}

/// `poly` at full tiles, b = min(B, hi − lo), of the loops `around` it, outermost first.
fn full(around: &[&Loop], mut poly: Poly) -> Result<Poly, TooLarge> {
    for it in around.iter().rev() {
        let len = match it.step.as_int() {
            Some(1) => Poly::int(1),
            _ => it.step.least(&it.hi.sub(&it.lo)?),
        };
        poly = poly.replace(it.len, &len)?;
    }
    Ok(poly)
}

/// Σ over the iterations of `it` of `words`, a polynomial in the length of its tile.
fn sum_over(it: &Loop, words: &Poly) -> Result<Poly, TooLarge> {
    let extent = it.hi.sub(&it.lo)?;
    let trips = extent.ceil(&it.step)?;
    if it.step.as_int() == Some(1) {
        return words.replace(it.len, &Poly::int(1))?.mul(&extent);
    }
    let (mut constant, mut linear, mut other) = (Poly::default(), Poly::default(), Poly::default());
    for term in words.monomials() {
        let factor = term.replace(it.len, &Poly::int(1))?;
        if !term.mentions(it.len) {
            constant = constant.add(&term)?;
        } else if factor.mul(&Poly::slot(it.len))? == term {
            linear = linear.add(&factor)?;
        } else {
            other = other.add(&term)?;
        }
    }
    let mut sum = constant.mul(&trips)?.add(&linear.mul(&extent)?)?;
    if other != Poly::default() {
        let before = trips.sub(&Poly::int(1))?;
        let last = extent.sub(&before.mul(&it.step)?)?;
        sum = sum.add(&before.mul(&other.replace(it.len, &it.step)?)?)?;
        sum = sum.add(&other.replace(it.len, &last)?)?;
    }
    Ok(sum)
}

/// Drops levels that another one never falls below.
fn prune(levels: &mut Vec<Level>) {
    let mut kept: Vec<Level> = vec![];
    for level in levels.drain(..) {
        if !kept.iter().any(|it| covers(it, &level)) {
            kept.retain(|it| !covers(&level, it));
            kept.push(level);
        }
    }
    *levels = kept;
}

/// Does `a` run whenever `b` runs, and hold at least as much?
fn covers(a: &Level, b: &Level) -> bool {
    let runs = a.guards.iter().all(|it| b.guards.contains(it));
    let holds = a.arrays.sub(&b.arrays).is_ok_and(|it| it.terms().all(|(_, c)| c > 0));
    let scratch = match (&a.element, &b.element) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(a), Some(b)) => {
            a.elements == b.elements
                && a.weight >= b.weight
                && (a.terms == b.terms && a.peaks.iter().zip(&b.peaks).all(|(x, y)| x >= y)
                    || a.peaks.iter().min() >= b.peaks.iter().max())
        }
    };
    runs && holds && scratch
}
