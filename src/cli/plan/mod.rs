//! What `count`, `replay` and `run` are asked about: a schedule, its sizes and its tiles.

mod numbers;
mod source;
mod vouch;

pub(super) use self::{
    numbers::{Extras, Moved, Numbers, formula, tiles_in_words},
    vouch::{Vouched, vouch},
};

use self::source::{Clusters, Source, clusters};
use super::{
    failure::{Failure, Kind},
    files,
    output::say,
    point::{self, Point, extent},
};
use iobound::{
    attention::{Bilevel, Mask, Shape, Task, Variant, variant::Keeps},
    model::Words,
    reading::{Count, WalkError},
    schedule::{Program, poly::Slot},
    strategy::{Choice, NoChoice, Schedule, TilesFrom, Want, choose},
};
use std::path::{Path, PathBuf};

/// A schedule, its sizes and its tiles.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct PlanArgs {
    /// An algorithm that ships; see `iobound list algorithms`
    #[arg(long, value_name = "NAME", conflicts_with = "schedule")]
    pub(super) algorithm: Option<String>,
    /// A schedule text of your own
    #[arg(long, value_name = "FILE")]
    pub(super) schedule: Option<PathBuf>,
    /// Attention under the mask in a file, see `traces/README.md`; N and N' are the file's
    #[arg(long, value_name = "FILE", conflicts_with_all = ["schedule", "algorithm", "no_max", "n"])]
    pattern: Option<PathBuf>,
    /// Bi-level attention on the clusters in a file, see `traces/README.md`; the nodes are the file's
    #[arg(long, value_name = "FILE", conflicts_with_all = ["schedule", "algorithm", "pattern", "no_max", "n"])]
    partition: Option<PathBuf>,
    /// Bi-level attention on N nodes in equal clusters, or with :SEED in ragged ones
    #[arg(long, value_name = "COUNT[:SEED]", value_parser = clusters,
        conflicts_with_all = ["schedule", "algorithm", "pattern", "partition", "no_max"])]
    clusters: Option<Clusters>,
    /// The integers of an array that is loaded as an index, one after the other in a file
    #[arg(long, value_name = "NAME=FILE", value_parser = table_file)]
    table: Vec<(String, PathBuf)>,
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

/// `NAME=FILE`.
fn table_file(text: &str) -> Result<(String, PathBuf), String> {
    let (name, file) = text.split_once('=').ok_or("expected NAME=FILE, as in T=pages.txt")?;
    Ok((name.to_owned(), file.into()))
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
            pattern: None,
            partition: None,
            clusters: None,
            table: vec![],
            point: point.clone(),
            param: param.to_vec(),
            tiles: TileArgs::default(),
        }
    }

    /// The best tiles for a schedule: the text in a file if it is called so, else what ships.
    pub(super) fn of(name: &str, point: &point::PointArgs, param: &[(String, u64)]) -> Self {
        let path = Path::new(name);
        let file = Self::of_file(path, point, param);
        if path.extension().is_some_and(|it| it == "sched") {
            file
        } else {
            Self { algorithm: Some(name.to_owned()), schedule: None, ..file }
        }
    }

    /// Does its schedule declare this tile?
    pub(super) fn has_tile(&self, name: &str) -> Result<bool, Failure> {
        let source = self.source()?;
        let program = &source.schedule().program;
        Ok(program.tiles.iter().any(|it| program.name(*it) == name))
    }

    /// The same, and a tile of this size.
    pub(super) fn with_tile(&self, name: &str, size: u64) -> Self {
        let mut more = self.clone();
        more.tiles.tile.push((name.to_owned(), size));
        more
    }

    /// Chooses.
    pub(super) fn plan(&self) -> Result<Plan, Failure> {
        let point = self.point.point()?;
        let source = self.source()?;
        let place = |it: Failure| match source.file() {
            Some(path) => it.at(path.display()),
            None => it,
        };
        let schedule = source.schedule();
        let sizes = self.sizes(&point, &source)?;
        let sizes: Vec<(&str, u64)> = sizes.iter().map(|it| (it.0.as_str(), it.1)).collect();
        let fast = point.m()?;
        let given = self.given(schedule)?;
        let paper = self.tiles.tiles == Some(Which::Paper);
        let (want, tiles) = match (&source, paper) {
            (_, true) if !given.is_empty() => {
                let message = "tiles are given or the paper's, not both";
                return Err(Failure::arguments(message).at("--tiles"));
            }
            (Source::Member(_), true) => {
                let message = "the family's members have no tiles of a paper";
                return Err(Failure::arguments(message).at("--tiles"));
            }
            (Source::File(..) | Source::Pattern(..) | Source::Partition(..), true) => {
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
        let mut choice = choice.map_err(|it| match it {
            NoChoice::Walk(it @ WalkError::TooLong { .. }) if !all_given => {
                let message = format!("{it}; with every --tile given nothing is searched");
                place(Failure::new(Kind::Walk, message))
            }
            it => place(it.into()),
        })?;
        for (name, path) in &self.table {
            let entries = files::integers(path)?;
            let bound = schedule.program.with_table(choice.binding, name, entries);
            choice.binding = bound.map_err(|it| Failure::from(it).at(path.display()))?;
        }
        if let Source::Partition(_, _, partition) = &source
            && let Some(order) = partition.order()
        {
            let bound = schedule.program.with_table(choice.binding, "T", order.to_vec());
            choice.binding = bound.expect("it lists the nodes");
        }
        Ok(Plan { source, point, fast, choice, no_max: self.no_max, wanted_paper: paper })
    }

    /// Are tiles given?
    pub(super) fn tiled(&self) -> bool {
        self.tiles.given() > 0 || self.tiles.tiles.is_some()
    }

    /// Every parameter with its value.
    fn sizes(&self, point: &Point, source: &Source) -> Result<Vec<(String, u64)>, Failure> {
        let program = &source.schedule().program;
        let names: Vec<&str> = program.params.iter().map(|it| program.name(*it)).collect();
        let known = || listed(&names);
        // The nodes of generated clusters are part of the text.
        let n = self.point.n.filter(|_| self.clusters.is_none());
        let typed = [("N", "--n", n), ("d", "--d", self.point.d)];
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
                "N" if point.n.is_some() => point.n()?,
                "d" => point.d()?,
                _ if let Some(it) = source.default(name, &sizes, point) => it,
                "N" => point.n()?,
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

impl Plan {
    pub(super) fn schedule(&self) -> &Schedule {
        self.source.schedule()
    }

    pub(super) fn program(&self) -> &Program {
        &self.schedule().program
    }

    /// What a member of the family computes; `None` of other schedules.
    pub(super) fn task(&self) -> Result<Option<Task>, Failure> {
        let wrong = |it: &dyn std::fmt::Display| Failure::new(Kind::Sizes, it);
        match &self.source {
            Source::Member(it) => it.task(&self.choice.binding).map(Some).map_err(|it| wrong(&it)),
            Source::Pattern(_, _, pattern) => {
                let (d, dv) = (self.param("d").unwrap_or(1), self.param("dv").unwrap_or(1));
                let shape = Shape::new(pattern.rows(), pattern.keys(), d, dv);
                let shape = shape.map_err(|it| wrong(&it))?;
                let plain = Variant::masked(shape, Mask::Full);
                let keeps = Keeps::Pattern(pattern.clone());
                Ok(Some(Task::Forward(Variant { keeps, scaled: true, ..plain })))
            }
            Source::Partition(_, _, partition) => {
                let (heads, d) = (self.param("H").unwrap_or(1), self.param("d").unwrap_or(1));
                let words = Shape::square(partition.nodes(), heads.saturating_mul(d));
                words.map_err(|it| wrong(&it))?;
                Ok(Some(Task::Bilevel(Bilevel { heads, d, partition: partition.clone() })))
            }
            Source::Shipped(..) | Source::File(..) => Ok(None),
        }
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

    /// What is wrong, said on stderr, where the peak is more than M.
    pub(super) fn excess(&self) -> Option<Failure> {
        (!self.fits()).then(|| self.over_capacity()).inspect(|it| say(it))
    }

    /// The words of each statement, and who vouches for them.
    ///
    /// # Errors
    ///
    /// As [`vouch`].
    pub(super) fn count(&self) -> Result<(Count, Vouched), Failure> {
        vouch(self.schedule(), &self.choice.binding, self.choice.totals)
    }

    /// The name the algorithm goes by in JSON.
    pub(super) fn algorithm(&self) -> String {
        match &self.source {
            Source::Shipped(it, _) => it.name.to_owned(),
            Source::Member(it) => it.name.to_owned(),
            Source::File(..) | Source::Pattern(..) | Source::Partition(..) => {
                self.source.file().map_or_else(|| self.schedule().name.clone(), stem)
            }
        }
    }

    fn value(&self, slot: Slot) -> u64 {
        u64::try_from(self.choice.binding.env[slot.index()]).unwrap_or(u64::MAX)
    }

    /// The value of the parameter called `name`.
    pub(super) fn param(&self, name: &str) -> Option<u64> {
        let program = self.program();
        let slot = program.params.iter().find(|it| program.name(**it) == name)?;
        Some(self.value(*slot))
    }

    /// Loads + stores as a closed form.
    pub(super) fn formula(&self) -> Option<String> {
        formula(self.schedule())
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
