//! What `count`, `replay` and `run` are asked about: a schedule, its sizes and its tiles.

use super::{
    failure::{Failure, Kind},
    files,
    output::Object,
    point::{self, Context, Point, extent},
    table::{Align, digits, table},
};
use iobound::{
    model::Words,
    reading::{
        Count, Totals, WalkError,
        count::{LIMIT, Traffic, count},
    },
    schedule::{Program, bind::Binding, poly::Slot},
    strategy::{self, Algorithm, Choice, Ended, Max, NoChoice, Schedule, TilesFrom, Want, choose},
};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A schedule, its sizes and its tiles.
#[derive(clap::Args, Debug)]
pub(super) struct PlanArgs {
    /// An algorithm that ships; see `iobound list algorithms`
    #[arg(long, value_name = "NAME", conflicts_with = "schedule")]
    pub(super) algorithm: Option<String>,
    /// A schedule text of your own
    #[arg(long, value_name = "FILE")]
    pub(super) schedule: Option<PathBuf>,
    /// Without the running maximum: weights exp(s), one division at the end
    #[arg(long, conflicts_with = "schedule")]
    no_max: bool,
    #[command(flatten)]
    pub(super) point: point::PointArgs,
    /// A parameter of a schedule of your own that is not N or d
    #[arg(long, value_name = "NAME=VALUE", value_parser = named)]
    param: Vec<(String, u64)>,
    #[command(flatten)]
    tiles: TileArgs,
}

#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Tiles")]
struct TileArgs {
    /// The size of a tile; those not given are the best
    #[arg(long, value_name = "NAME=VALUE", value_parser = named)]
    tile: Vec<(String, u64)>,
    /// Short for `--tile Br=…`
    #[arg(long, value_name = "VALUE", value_parser = tile)]
    br: Option<u64>,
    /// Short for `--tile Bc=…`
    #[arg(long, value_name = "VALUE", value_parser = tile)]
    bc: Option<u64>,
    /// Those that move the fewest words, or those the paper prescribes (default best)
    #[arg(long, value_name = "WHICH")]
    tiles: Option<Which>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    Best,
    Paper,
}

impl TileArgs {
    /// How many are given.
    fn given(&self) -> usize {
        self.tile.len() + usize::from(self.br.is_some()) + usize::from(self.bc.is_some())
    }
}

/// A tile that no loop steps by may be 0.
fn tile(text: &str) -> Result<u64, String> {
    if text == "0" { Ok(0) } else { extent(text).map_err(|it| it.to_string()) }
}

/// `NAME=VALUE`.
pub(super) fn named(text: &str) -> Result<(String, u64), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE, as in Br=64")?;
    Ok((name.to_owned(), tile(value)?))
}

/// Where the schedule comes from.
#[derive(Debug)]
enum Source {
    Shipped(&'static Algorithm, &'static Schedule),
    File(PathBuf, Box<Schedule>),
}

/// A schedule with everything chosen.
#[derive(Debug)]
pub(super) struct Plan {
    source: Source,
    pub(super) point: Point,
    /// M.
    pub(super) fast: Words,
    pub(super) choice: Choice,
    no_max: bool,
    wanted_paper: bool,
}

impl PlanArgs {
    /// The best tiles for a schedule in a file.
    pub(super) fn of_file(path: &Path, point: &point::PointArgs, param: &[(String, u64)]) -> Self {
        Self {
            algorithm: None,
            schedule: Some(path.to_owned()),
            no_max: false,
            point: point.clone(),
            param: param.to_vec(),
            tiles: TileArgs::default(),
        }
    }

    /// Chooses.
    pub(super) fn plan(&self) -> Result<Plan, Failure> {
        let point = self.point.point()?;
        let source = self.source()?;
        let place = |it: Failure| match &source {
            Source::Shipped(..) => it,
            Source::File(path, _) => it.at(path.display()),
        };
        let schedule = source.schedule();
        let sizes = self.sizes(&point, &schedule.program)?;
        let sizes: Vec<(&str, u64)> = sizes.iter().map(|it| (it.0.as_str(), it.1)).collect();
        let fast = point.m()?;
        let given = self.given(schedule)?;
        let paper = self.tiles.tiles == Some(Which::Paper);
        let (want, tiles) = match (&source, paper) {
            (_, true) if !given.is_empty() => {
                let message = "tiles are given or the paper's, not both";
                return Err(Failure::arguments(message).at("--tiles"));
            }
            (Source::File(..), true) => {
                let message = "a schedule of your own has no paper; give --tile NAME=VALUE";
                return Err(Failure::arguments(message).at("--tiles"));
            }
            (Source::Shipped(algorithm, _), true) => {
                (Want::Paper, algorithm.paper_tiles(point.n()?, point.d()?, fast))
            }
            (_, false) => (Want::Best(given.clone()), None),
        };
        let choice = match choose(schedule, tiles, &sizes, fast, &want) {
            // Everything is given and needs more than M: say what it needs.
            Err(NoChoice::OverCapacity { .. }) => over(schedule, &sizes, given),
            it => it,
        };
        let all_given = self.tiles.given() == schedule.program.tiles.len();
        let choice = choice.map_err(|it| match it {
            NoChoice::Walk(it @ WalkError::TooLong { .. }) if !all_given => {
                let message = format!("{it}; with every --tile given nothing is searched");
                place(Failure::new(Kind::Walk, message))
            }
            it => place(it.into()),
        })?;
        Ok(Plan { source, point, fast, choice, no_max: self.no_max, wanted_paper: paper })
    }

    fn source(&self) -> Result<Source, Failure> {
        match (&self.algorithm, &self.schedule) {
            (Some(name), _) => {
                let algorithm = strategy::find(name)?;
                let max = if self.no_max { Max::Dropped } else { Max::Kept };
                let schedule = algorithm.schedule(max).ok_or_else(|| {
                    let has = strategy::ALGORITHMS.iter().filter(|it| it.no_max_text.is_some());
                    let has: Vec<_> = has.map(|it| it.name).collect();
                    let message = format!(
                        "`{name}` has no text without the maximum; {} have",
                        has.join(", ")
                    );
                    Failure::arguments(message).at("--no-max")
                })?;
                Ok(Source::Shipped(algorithm, schedule))
            }
            (None, Some(path)) => {
                let schedule = Schedule::new(path.display().to_string(), files::program(path)?);
                Ok(Source::File(path.clone(), Box::new(schedule)))
            }
            (None, None) => {
                let message = "no schedule: give --algorithm NAME or --schedule FILE";
                Err(Failure::arguments(message).at("--algorithm"))
            }
        }
    }

    /// Every parameter with its value.
    fn sizes(&self, point: &Point, program: &Program) -> Result<Vec<(String, u64)>, Failure> {
        let names: Vec<&str> = program.params.iter().map(|it| program.name(*it)).collect();
        let known = || listed(&names);
        let typed = [("N", "--n", self.point.n), ("d", "--d", self.point.d)];
        let typed = typed.iter().filter_map(|(name, option, it)| it.map(|it| (*name, *option, it)));
        let params = self.param.iter().map(|(name, value)| (name.as_str(), "--param", *value));
        let mut sizes: Vec<(String, u64)> = vec![];
        for (name, option, value) in typed.chain(params) {
            if !names.contains(&name) {
                let message = format!("no parameter `{name}` is declared; there are {}", known());
                return Err(Failure::arguments(message).at(option));
            }
            if sizes.iter().any(|it| it.0 == name) {
                return Err(Failure::arguments(format!("`{name}` is given twice")).at(option));
            }
            sizes.push((name.to_owned(), value));
        }
        for name in names {
            if sizes.iter().any(|it| it.0 == name) {
                continue;
            }
            let value = match name {
                "N" => point.n()?,
                "d" => point.d()?,
                _ => {
                    let message = format!("`{name}` is missing: give --param {name}=VALUE");
                    return Err(Failure::arguments(message).at("--param"));
                }
            };
            sizes.push((name.to_owned(), value));
        }
        Ok(sizes)
    }

    /// The tiles that were given.
    fn given(&self, schedule: &Schedule) -> Result<Vec<(String, u64)>, Failure> {
        let TileArgs { tile, br, bc, .. } = &self.tiles;
        let short = [("Br", "--br", br), ("Bc", "--bc", bc)];
        let short = short.iter().filter_map(|(name, option, it)| it.map(|it| (*name, *option, it)));
        let long = tile.iter().map(|(name, value)| (name.as_str(), "--tile", *value));
        let program = &schedule.program;
        let names: Vec<&str> = program.tiles.iter().map(|it| program.name(*it)).collect();
        let mut given: Vec<(String, u64)> = vec![];
        for (name, option, value) in long.chain(short) {
            if !names.contains(&name) {
                let has = if names.is_empty() { "none".to_owned() } else { listed(&names) };
                let message =
                    format!("`{}` declares no tile `{name}`; it has {has}", schedule.name);
                return Err(Failure::arguments(message).at(option));
            }
            if given.iter().any(|it| it.0 == name) {
                return Err(Failure::arguments(format!("`{name}` is given twice")).at(option));
            }
            given.push((name.to_owned(), value));
        }
        Ok(given)
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}

/// The choice that is none: every tile given, whatever it needs.
fn over(
    schedule: &Schedule,
    sizes: &[(&str, u64)],
    tiles: Vec<(String, u64)>,
) -> Result<Choice, NoChoice> {
    let mut all = sizes.to_vec();
    all.extend(tiles.iter().map(|it| (it.0.as_str(), it.1)));
    let binding = schedule.program.bind(&all)?;
    let totals = schedule.totals(&binding)?;
    Ok(Choice { tiles, from: TilesFrom::Given, totals, binding })
}

impl Source {
    fn schedule(&self) -> &Schedule {
        match self {
            Self::Shipped(_, it) => it,
            Self::File(_, it) => it,
        }
    }
}

/// Who vouches for a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Vouched {
    /// The tile loops were walked, and the closed form, where there is one, says the same.
    Counted,
    /// The closed form alone: the walk would take too long.
    Formula,
    /// The referee saw every move.
    Replayed,
}

impl Vouched {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Counted => "counted: the tile loops were walked at these sizes",
            Self::Formula => "formula: the closed form alone, because the walk would be too long",
            Self::Replayed => "replayed: the referee saw every move",
        }
    }
}

/// The words of each statement, and who vouches for them.
///
/// # Errors
///
/// Where the walk and the closed form differ, which is a bug, or neither can tell.
pub(super) fn vouch(
    schedule: &Schedule,
    binding: &Binding,
    totals: Totals,
) -> Result<(Count, Vouched), Failure> {
    match count(&schedule.program, binding, LIMIT) {
        Ok(it) if it.totals == totals => Ok((it, Vouched::Counted)),
        Ok(it) => {
            let message = format!(
                "a bug: `{}` walked says {:?}, its closed form {totals:?}",
                schedule.name, it.totals
            );
            Err(Failure::new(Kind::Disagree, message))
        }
        Err(WalkError::TooLong { .. }) if schedule.formula.is_some() => {
            let formula = schedule.formula.as_ref();
            let words = |it: i128| u128::try_from(it).unwrap_or(0);
            let mut statements = vec![];
            for (loads, stores) in formula.iter().flat_map(|it| &it.statements) {
                let eval = |it: &iobound::schedule::poly::Poly| it.eval(&binding.env).map(words);
                let traffic = eval(loads).and_then(|it| Ok((it, eval(stores)?)));
                let (loads, stores) = traffic.map_err(WalkError::TooLarge)?;
                statements.push(Traffic { loads, stores });
            }
            Ok((Count { totals, statements }, Vouched::Formula))
        }
        Err(it) => Err(it.into()),
    }
}

/// The keys of the contract, in its order. `None` where a file of moves does not say.
#[derive(Debug, Serialize)]
pub(super) struct Numbers<'a> {
    pub(super) algorithm: Option<String>,
    pub(super) n: Option<u64>,
    pub(super) d: Option<u64>,
    pub(super) m: u64,
    pub(super) tiles: Object<'a, u64>,
    pub(super) tiles_from: Option<&'static str>,
    pub(super) loads: Option<u128>,
    pub(super) stores: Option<u128>,
    pub(super) io: Option<u128>,
    pub(super) arrays: Option<u128>,
    pub(super) peak: Option<u128>,
    pub(super) formula: Option<String>,
    pub(super) vouched: Option<Vouched>,
}

/// What the contract does not ask for.
#[derive(Debug, Serialize)]
pub(super) struct Extras<'a> {
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
    pub(super) fn schedule(&self) -> &Schedule {
        self.source.schedule()
    }

    pub(super) fn program(&self) -> &Program {
        &self.schedule().program
    }

    /// Is the peak at most M?
    pub(super) fn fits(&self) -> bool {
        self.choice.totals.peak <= u128::from(self.fast.0)
    }

    /// Why not.
    pub(super) fn over_capacity(&self) -> Failure {
        let (name, needed) = (&self.schedule().name, self.choice.totals.peak);
        let tiles = if self.choice.tiles.is_empty() { "" } else { " with these tiles" };
        let message =
            format!("`{name}` needs {needed} words of fast memory{tiles}; M is {}", self.fast);
        Failure::new(Kind::OverCapacity, message).at("--m")
    }

    /// The name the algorithm goes by in JSON.
    pub(super) fn algorithm(&self) -> String {
        match &self.source {
            Source::Shipped(it, _) => it.name.to_owned(),
            Source::File(path, _) => stem(path),
        }
    }

    fn value(&self, slot: Slot) -> u64 {
        u64::try_from(self.choice.binding.env[slot.index()]).unwrap_or(u64::MAX)
    }

    /// The value of the parameter called `name`.
    fn param(&self, name: &str) -> Option<u64> {
        let program = self.program();
        let slot = program.params.iter().find(|it| program.name(**it) == name)?;
        Some(self.value(*slot))
    }

    /// Loads + stores as a closed form.
    pub(super) fn formula(&self) -> Option<String> {
        formula(self.schedule())
    }

    pub(super) fn numbers(&self, vouched: Vouched) -> Numbers<'_> {
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

    pub(super) fn extras(&self) -> Result<Extras<'_>, Failure> {
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
            schedule: match &self.source {
                Source::Shipped(..) => None,
                Source::File(path, _) => Some(path.display().to_string()),
            },
            params: (!others.is_empty()).then_some(others),
            paper_tiles,
            paper_peak,
            search_exhausted,
            context: self.point.context(Some(self.choice.totals.io()))?,
        })
    }

    /// The lines above the numbers: what is counted, at which sizes, with which tiles.
    pub(super) fn title(&self) -> Vec<String> {
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
    pub(super) fn table(&self, totals: &Totals, vouched: Vouched) -> Result<String, Failure> {
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
pub(super) fn formula(schedule: &Schedule) -> Option<String> {
    let io = schedule.formula.as_ref()?.io().ok()?;
    Some(io.show(&|it| schedule.program.name(it)).to_string())
}

/// `Br = 64, Bc = 32`.
pub(super) fn tiles_in_words(tiles: &[(String, u64)]) -> String {
    let each: Vec<String> =
        tiles.iter().map(|(name, it)| format!("{name} = {}", digits(it))).collect();
    if each.is_empty() { "none".to_owned() } else { each.join(", ") }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
