//! What a plan costs, as JSON and as text.

use super::{Plan, Vouched};
use crate::cli::{
    failure::Failure,
    output::Object,
    point::Context,
    table::{Align, digits, table},
};
use iobound::{
    reading::{Totals, count::Traffic},
    schedule::poly::Slot,
    strategy::{Choice, Ended, Schedule, TilesFrom},
};
use serde::Serialize;

/// Words that crossed.
#[derive(Clone, Copy, Default, Serialize)]
pub(in crate::cli) struct Moved {
    pub(in crate::cli) loads: u128,
    pub(in crate::cli) stores: u128,
}

impl From<Traffic> for Moved {
    fn from(it: Traffic) -> Self {
        Self { loads: it.loads, stores: it.stores }
    }
}

/// The keys of the contract, in its order. `None` where a file of moves does not say.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Numbers<'a> {
    pub(in crate::cli) algorithm: Option<String>,
    pub(in crate::cli) n: Option<u64>,
    pub(in crate::cli) d: Option<u64>,
    pub(in crate::cli) m: u64,
    pub(in crate::cli) tiles: Object<'a, u64>,
    pub(in crate::cli) tiles_from: Option<&'static str>,
    pub(in crate::cli) loads: Option<u128>,
    pub(in crate::cli) stores: Option<u128>,
    pub(in crate::cli) io: Option<u128>,
    pub(in crate::cli) arrays: Option<u128>,
    pub(in crate::cli) peak: Option<u128>,
    pub(in crate::cli) formula: Option<String>,
    pub(in crate::cli) vouched: Option<Vouched>,
}

/// What the contract does not ask for.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Extras<'a> {
    fits: bool,
    no_max: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<serde_json::Map<String, serde_json::Value>>,
    /// The paper's tiles, where they had to shrink.
    #[serde(skip_serializing_if = "Option::is_none")]
    paper_tiles: Option<Object<'a, u64>>,
    /// What they would need.
    #[serde(skip_serializing_if = "Option::is_none")]
    paper_peak: Option<u128>,
    /// Did the tile search look at every candidate?
    #[serde(skip_serializing_if = "Option::is_none")]
    search_exhausted: Option<bool>,
    #[serde(flatten)]
    context: Context,
}

impl Plan {
    pub(in crate::cli) fn numbers(&self, vouched: Vouched) -> Numbers<'_> {
        let Choice { tiles, from, totals, .. } = &self.choice;
        Numbers {
            algorithm: Some(self.algorithm()),
            n: self.param("N"),
            d: self.param("d"),
            m: self.fast.0,
            tiles: Object(tiles),
            tiles_from: Some(from.word()),
            loads: Some(totals.loads),
            stores: Some(totals.stores),
            io: Some(totals.io()),
            arrays: Some(totals.arrays),
            peak: Some(totals.peak),
            formula: self.formula(),
            vouched: Some(vouched),
        }
    }

    pub(in crate::cli) fn extras(&self) -> Result<Extras<'_>, Failure> {
        let program = self.program();
        let params = program.params.iter().map(|it| (program.name(*it), self.value(*it)));
        let others: serde_json::Map<_, _> = params
            .filter(|(name, _)| !["N", "d"].contains(name))
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        let (paper_tiles, paper_peak) = match &self.choice.from {
            TilesFrom::Shrunk { paper, needed } => (Some(Object(paper)), Some(*needed)),
            _ => (None, None),
        };
        let search_exhausted = match self.choice.from {
            TilesFrom::Best(ended) => Some(ended == Ended::Exhausted),
            _ => None,
        };
        Ok(Extras {
            fits: self.fits(),
            no_max: self.no_max,
            schedule: self.source.file().map(|it| it.display().to_string()),
            params: (!others.is_empty()).then_some(others),
            paper_tiles,
            paper_peak,
            search_exhausted,
            context: self.point.context(Some(self.choice.totals.io()))?,
        })
    }

    /// The lines above the numbers: what is counted, at which sizes, with which tiles.
    pub(in crate::cli) fn title(&self) -> Vec<String> {
        let program = self.program();
        let value = |it: &Slot| format!("{} = {}", program.name(*it), digits(self.value(*it)));
        let params: Vec<String> = program.params.iter().map(value).collect();
        let (sizes, fast) = (params.join(", "), digits(self.fast));
        let mut lines = vec![format!("{}: {sizes}, M = {fast} words", self.schedule().name)];
        lines.extend(self.point.about());
        lines.push(format!(
            "tiles: {} ({})",
            tiles_in_words(&self.choice.tiles),
            self.tiles_from()
        ));
        if let TilesFrom::Shrunk { paper, needed } = &self.choice.from {
            let (tiles, needed) = (tiles_in_words(paper), digits(needed));
            lines.push(format!(
                "the paper's {tiles} need {needed} words; the largest that fit are used"
            ));
        }
        lines
    }

    fn tiles_from(&self) -> &'static str {
        match self.choice.from {
            TilesFrom::Best(_) if self.wanted_paper => "best: the paper prescribes none",
            TilesFrom::Best(Ended::Exhausted) => "best: nothing that fits moves fewer words",
            TilesFrom::Best(Ended::Sampled) => "best of a sample: too many to look at all",
            TilesFrom::Given if self.choice.tiles.is_empty() => "it has none",
            TilesFrom::Given => "given; any that were not are the best beside them",
            TilesFrom::Paper => "the paper's",
            TilesFrom::Shrunk { .. } => "the paper's, shrunk",
        }
    }

    /// The numbers as text.
    pub(in crate::cli) fn table(
        &self,
        totals: &Totals,
        vouched: Vouched,
    ) -> Result<String, Failure> {
        let traffic = self.point.traffic();
        let row =
            |name: &str, value: String, unit: &str| vec![name.to_owned(), value, unit.to_owned()];
        let io = totals.io();
        let mut rows = vec![
            row("loads", digits(totals.loads), "words"),
            row("stores", digits(totals.stores), "words"),
            row("io", digits(io), traffic),
            row("arrays", digits(totals.arrays), "words of live arrays at a time, at most"),
            row("peak", digits(totals.peak), "words in use at a time, at most, scratch included"),
        ];
        if !self.fits() {
            rows.push(row("M", digits(self.fast), "words of fast memory: not enough"));
        }
        let mut text = table(&[Align::Left, Align::Right, Align::Left], &rows);
        if let Some(it) = self.point.all_heads(io)? {
            text += &format!("{it}\n");
        }
        if let Some(it) = self.formula() {
            text += &format!("io = {it}\n");
        }
        text += &format!("{}\n", vouched.words());
        Ok(text)
    }
}

/// Loads + stores of `schedule` as a closed form.
pub(in crate::cli) fn formula(schedule: &Schedule) -> Option<String> {
    let io = schedule.formula.as_ref()?.io().ok()?;
    Some(io.show(&|it| schedule.program.name(it)).to_string())
}

/// `Br = 64, Bc = 32`.
pub(in crate::cli) fn tiles_in_words(tiles: &[(String, u64)]) -> String {
    let each: Vec<String> =
        tiles.iter().map(|(name, it)| format!("{name} = {}", digits(it))).collect();
    if each.is_empty() { "none".to_owned() } else { each.join(", ") }
}
