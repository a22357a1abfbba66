//! Words along an axis: what the schedules of a question move, and what no schedule can be below.

use crate::{
    model::Words,
    report::{
        numbers::grouped,
        plan::{Plan, memory},
    },
    strategy::{Want, choose, member},
    sweep::bound_of,
};

/// Sizes by their names; a text takes those that it declares.
pub(super) type Sizes = Vec<(&'static str, u64)>;

/// Sizes and M at a place of the axis.
pub(super) type At = (Sizes, Words);

/// What questions hold fixed, and the lengths and memories of those that do not.
pub(super) struct Setting {
    /// M, where it is not the axis.
    pub(super) fast: Words,
    /// It in words, with the memory that has it.
    pub(super) place: String,
    /// Sequence lengths.
    pub(super) lengths: Vec<u64>,
    /// M from 4Ki to 1Mi words.
    pub(super) memories: Vec<u64>,
    /// Places from one power of two to the next, in a sweep.
    pub(super) per_octave: u32,
}

impl Setting {
    pub(super) fn of(plan: &Plan) -> Self {
        let (hardware, level) = plan.lengths_level();
        let fast = memory(level);
        let place = format!("M = {} words ({} {})", grouped(fast.0), hardware.name, level.name);
        let each = u64::from(plan.per_octave.min(2));
        let mut memories: Vec<_> = (0..=8 * each).map(|it| 4096 << (it / each)).collect();
        memories.dedup();
        Self { fast, place, lengths: plan.lengths.clone(), memories, per_octave: plan.per_octave }
    }

    /// So many tokens, or the longest of [`Self::lengths`] if that is fewer.
    pub(super) fn tokens(&self, n: u64) -> u64 {
        self.lengths.iter().copied().max().map_or(n, |it| n.min(it))
    }

    /// Lengths at which a mask is walked quickly.
    pub(super) fn short(&self) -> Vec<u64> {
        self.lengths.iter().copied().filter(|it| *it <= 1 << 13).collect()
    }
}

/// One head: `n` queries and `keys` keys, rows of `d` words.
pub(super) fn head(n: u64, keys: u64, d: u64) -> Sizes {
    vec![("N", n), ("P", keys), ("d", d), ("dv", d)]
}

/// Powers of two from `from` on.
pub(super) fn up_to(from: u64, to: u64) -> Vec<u64> {
    std::iter::successors(Some(from), |it| Some(2 * it)).take_while(|it| *it <= to).collect()
}

/// Powers of two.
pub(super) fn powers(exponents: std::ops::RangeInclusive<u32>) -> Vec<u64> {
    exponents.map(|it| 1 << it).collect()
}

/// Words of one member along the axis; `None` where nothing fits.
pub(in crate::report) struct Curve {
    pub(in crate::report) label: String,
    /// The member; none of a lower bound.
    pub(in crate::report) member: Option<&'static str>,
    pub(in crate::report) found: Vec<Option<u128>>,
}

/// The curves of a question.
pub(in crate::report) struct Series {
    pub(in crate::report) xs: Vec<u64>,
    pub(in crate::report) curves: Vec<Curve>,
    /// A table of its own, the head first; empty where the curves say all.
    pub(in crate::report) beside: Vec<Vec<String>>,
}

impl Series {
    pub(super) fn along(xs: Vec<u64>) -> Self {
        Self { xs, curves: vec![], beside: vec![] }
    }

    /// Besides, the words that `name` moves with the tiles that move the fewest.
    pub(super) fn with(
        self,
        label: impl Into<String>,
        name: &'static str,
        of: impl Fn(u64) -> At,
    ) -> Self {
        self.push(label, Some(name), |x| {
            let (sizes, fast) = of(x);
            words(name, &sizes, fast)
        })
    }

    /// Besides, the best lower bound on what `name` computes.
    pub(super) fn bound(
        self,
        label: impl Into<String>,
        name: &'static str,
        of: impl Fn(u64) -> At,
    ) -> Self {
        self.push(label, None, |x| {
            let (sizes, fast) = of(x);
            bound(name, &sizes, fast)
        })
    }

    /// Besides, what `at` says along the axis.
    pub(super) fn push(
        mut self,
        label: impl Into<String>,
        member: Option<&'static str>,
        at: impl Fn(u64) -> Option<u128>,
    ) -> Self {
        let found = self.xs.iter().map(|x| at(*x)).collect();
        self.curves.push(Curve { label: label.into(), member, found });
        self
    }

    /// What the curve called `label` says at `x`.
    pub(super) fn at(&self, label: &str, x: u64) -> Option<u128> {
        let curve = self.curves.iter().find(|it| it.label == label)?;
        curve.found[self.xs.iter().position(|it| *it == x)?]
    }

    /// The same for people.
    pub(super) fn said(&self, label: &str, x: u64) -> String {
        self.at(label, x).map_or("-".to_owned(), grouped)
    }

    /// Curve `a` over curve `b` at `x`, with two places.
    pub(super) fn ratio(&self, a: &str, b: &str, x: u64) -> String {
        let (a, b) = (self.at(a, x), self.at(b, x));
        let (Some(a), Some(b)) = (a, b.filter(|it| *it > 0)) else { return "-".to_owned() };
        let hundredths = (a * 100 + b / 2) / b;
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    }

    /// The first place drawn where curve `a` is below curve `b`.
    pub(super) fn first_below(&self, a: &str, b: &str) -> Option<u64> {
        let below =
            |x: &u64| matches!((self.at(a, *x), self.at(b, *x)), (Some(a), Some(b)) if a < b);
        self.xs.iter().copied().find(below)
    }

    /// The last place drawn.
    pub(super) fn last(&self) -> u64 {
        self.xs.last().copied().unwrap_or(1)
    }
}

/// `from N = 4,096`, or `nowhere`.
pub(super) fn from(name: &str, x: Option<u64>) -> String {
    x.map_or("nowhere".to_owned(), |it| format!("from {name} = {}", grouped(it)))
}

/// Words that `name` moves with the tiles that move the fewest.
pub(super) fn words(name: &str, sizes: &[(&str, u64)], fast: Words) -> Option<u128> {
    let schedule = member(name)?.schedule();
    let choice = choose(schedule, None, &declared(name, sizes)?, fast, &Want::Best(vec![])).ok()?;
    Some(choice.totals.io())
}

/// Words that every schedule moves, of those that the theorem is about.
fn bound(name: &str, sizes: &[(&str, u64)], fast: Words) -> Option<u128> {
    let it = member(name)?;
    let binding = it.schedule().least_tiles(&declared(name, sizes)?).ok()?;
    let (_, value) = bound_of(&it.task(&binding).ok()?, 1, fast).ok()?;
    u128::try_from(value).ok()
}

/// Those of `sizes` that the text of `name` declares.
fn declared<'a>(name: &str, sizes: &[(&'a str, u64)]) -> Option<Vec<(&'a str, u64)>> {
    let program = &member(name)?.schedule().program;
    let has = |it: &&(&str, u64)| program.params.iter().any(|slot| program.name(*slot) == it.0);
    Some(sizes.iter().filter(has).copied().collect())
}
