//! A CDAG from a file or a family.

use super::{
    failure::{Failure, Kind},
    files,
};
use iobound::cdag::{Cdag, hyperdag, textbook::textbook};
use std::path::{Path, PathBuf};

// To be replaced by the readers and families of `cdag` when they are merged.
#[derive(clap::Args, Debug)]
pub(super) struct ProblemArgs {
    /// A CDAG in HyperdagDB text
    #[arg(required_unless_present = "generate", conflicts_with = "generate")]
    file: Option<PathBuf>,
    /// A family and its sizes: attention:N,D
    #[arg(long, value_name = "NAME:SIZES")]
    generate: Option<String>,
}

impl ProblemArgs {
    pub(super) fn cdag(&self) -> Result<Cdag, Failure> {
        match (&self.file, &self.generate) {
            (Some(file), _) => read(file),
            (None, Some(name)) => generate(name),
            (None, None) => Err(Failure::arguments("a file or --generate is needed")),
        }
    }
}

/// The CDAG in a file.
pub(super) fn read(file: &Path) -> Result<Cdag, Failure> {
    let parsed = hyperdag::parse(&files::read(file)?);
    parsed.map_err(|it| Failure::new(Kind::Parse, it).at(file.display()))
}

/// The CDAG of a family.
pub(super) fn generate(name: &str) -> Result<Cdag, Failure> {
    let sizes = name.strip_prefix("attention:").and_then(|it| it.split_once(','));
    let sizes = sizes.and_then(|(n, d)| Some((n.parse().ok()?, d.parse().ok()?)));
    let (n, d) =
        sizes.ok_or_else(|| Failure::arguments("expected attention:N,D").at("--generate"))?;
    textbook(n, d).map_err(|it| Failure::new(Kind::Sizes, it).at("--generate"))
}
