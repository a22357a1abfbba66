//! Where the schedule of a plan comes from.

use super::{
    super::{
        failure::Failure,
        files,
        point::{Point, extent},
    },
    PlanArgs,
};
use iobound::{
    attention::{Partition, Pattern},
    strategy::{self, Algorithm, Max, Member, Schedule},
};
use std::path::{Path, PathBuf};

/// How many clusters, and what ragged ones are drawn from.
pub(super) type Clusters = (u64, Option<u64>);

/// `COUNT` or `COUNT:SEED`.
pub(super) fn clusters(text: &str) -> Result<Clusters, String> {
    let (count, seed) = text.split_once(':').map_or((text, None), |it| (it.0, Some(it.1)));
    let seed = seed.map(|it| it.parse().map_err(|_| format!("expected a seed, found `{it}`")));
    Ok((extent(count).map_err(|it| it.to_string())?, seed.transpose()?))
}

/// Where the schedule comes from.
#[derive(Debug)]
pub(super) enum Source {
    Shipped(&'static Algorithm, &'static Schedule),
    Member(&'static Member),
    Pattern(PathBuf, Box<Schedule>, Pattern),
    /// Bi-level attention, and the file of the clusters if there is one.
    Partition(Option<PathBuf>, Box<Schedule>, Partition),
    File(PathBuf, Box<Schedule>),
}

impl Source {
    pub(super) fn schedule(&self) -> &Schedule {
        match self {
            Self::Shipped(_, it) => it,
            Self::Member(it) => it.schedule(),
            Self::File(_, it) | Self::Pattern(_, it, _) | Self::Partition(_, it, _) => it,
        }
    }

    /// The file that it was made from.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::Shipped(..) | Self::Member(_) => None,
            Self::File(path, _) | Self::Pattern(path, ..) => Some(path),
            Self::Partition(path, ..) => path.as_deref(),
        }
    }

    /// The value of a parameter that is not given, where it has one.
    pub(super) fn default(
        &self,
        name: &str,
        sizes: &[(String, u64)],
        point: &Point,
    ) -> Option<u64> {
        let given = |name: &str| match name {
            "N" => point.n,
            "d" => point.d,
            _ => sizes.iter().find(|it| it.0 == name).map(|it| it.1),
        };
        match self {
            Self::Member(it) => it.default(name, given),
            Self::Pattern(..) if name == "dv" => point.d,
            Self::Partition(..) if name == "H" => Some(1),
            _ => None,
        }
    }
}

impl PlanArgs {
    /// What is asked for.
    pub(super) fn source(&self) -> Result<Source, Failure> {
        match (&self.algorithm, &self.schedule) {
            (Some(name), _) if strategy::member(name).is_some() => {
                if self.no_max {
                    let message = format!("`{name}` has no text without the maximum");
                    return Err(Failure::arguments(message).at("--no-max"));
                }
                Ok(strategy::member(name).map(Source::Member).expect("it was found"))
            }
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
            (None, None) if self.pattern.is_some() => {
                let path = self.pattern.as_deref().expect("it is there");
                let pattern = files::pattern(path)?;
                let schedule = strategy::pattern(path.display().to_string(), &pattern);
                Ok(Source::Pattern(path.to_owned(), Box::new(schedule), pattern))
            }
            (None, None) if self.partition.is_some() => {
                let path = self.partition.as_deref().expect("it is there");
                let partition = files::partition(path)?;
                let schedule = strategy::bilevel(path.display().to_string(), &partition);
                Ok(Source::Partition(Some(path.to_owned()), Box::new(schedule), partition))
            }
            (None, None) if self.clusters.is_some() => {
                let (clusters, seed) = self.clusters.expect("it is there");
                let nodes = self.point.point()?.n()?;
                let partition = match seed {
                    None => Partition::balanced(nodes, clusters),
                    Some(seed) => Partition::ragged(nodes, clusters, seed),
                };
                let partition = partition.map_err(|it| Failure::arguments(it).at("--clusters"))?;
                let schedule = strategy::bilevel("bilevel", &partition);
                Ok(Source::Partition(None, Box::new(schedule), partition))
            }
            (None, None) => {
                let message = "no schedule: give --algorithm NAME or --schedule FILE";
                Err(Failure::arguments(message).at("--algorithm"))
            }
        }
    }
}
