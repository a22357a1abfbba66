//! The CDAG that a command is about: in a file, or of a family.

use super::{
    failure::{Failure, Kind},
    files,
};
use iobound::{
    cdag::{Generator, Labelled, format},
    schedule::Named,
};
use std::path::{Path, PathBuf};

/// A file or a family.
#[derive(clap::Args, Debug)]
pub(super) struct ProblemArgs {
    /// A CDAG: HyperdagDB text (.hdag), DOT (.dot, .gv) or JSON (.json)
    #[arg(value_name = "FILE", conflicts_with = "generate")]
    pub(super) file: Option<PathBuf>,
    /// A CDAG of a family, as matmul:2,2,2; see `iobound list families`
    #[arg(long, value_name = "NAME:SIZES")]
    pub(super) generate: Option<String>,
}

impl ProblemArgs {
    /// Is a file or a family given?
    pub(super) fn is_given(&self) -> bool {
        self.file.is_some() || self.generate.is_some()
    }

    /// The CDAG, and what it is called in a file of moves; `None` if none is asked for.
    pub(super) fn problem(&self) -> Result<Option<(Labelled, Named)>, Failure> {
        if let Some(path) = &self.file {
            let name = path.display().to_string();
            return Ok(Some((read(path)?, Named::Cdag(name))));
        }
        let Some(name) = &self.generate else { return Ok(None) };
        let it = generator(name).map_err(|it| it.at("--generate"))?;
        Ok(Some((it.cdag().into(), Named::Family(it.to_string()))))
    }
}

impl ProblemArgs {
    /// As [`Self::problem`], where a command cannot do without.
    pub(super) fn needed(&self) -> Result<(Labelled, Named), Failure> {
        let missing = || Failure::arguments("a CDAG is missing: give FILE or --generate");
        self.problem()?.ok_or_else(missing)
    }
}

/// The problem as a file of moves names it: a header's file is looked up beside the moves.
pub(super) fn in_header(named: Named) -> Named {
    match named {
        Named::Cdag(it) => {
            Named::Cdag(std::path::absolute(&it).map_or(it, |it| it.display().to_string()))
        }
        it => it,
    }
}

/// The family and sizes called `name`.
pub(super) fn generator(name: &str) -> Result<Generator, Failure> {
    name.parse().map_err(|it| Failure::new(Kind::Arguments, it))
}

/// The CDAG in a file.
pub(super) fn read(path: &Path) -> Result<Labelled, Failure> {
    format::read(&files::bytes(path, &files::CDAG)?, Some(path)).map_err(|it| {
        let said = it.to_string();
        let message = said.split_once(": ").map_or(said.as_str(), |it| it.1);
        let at = format!("{}:{}", path.display(), it.line());
        Failure::new(Kind::Parse, message).at(at)
    })
}
