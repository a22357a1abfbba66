//! Where accesses come from: a trace, or a schedule's loops.

use super::{
    failure::{Failure, Kind},
    plan::{Plan, PlanArgs},
};
use iobound::{
    access::{Access, AccessSource},
    reading::{Accesses, Moves, WalkError},
    trace::{Across, Format, Granularity, Numbers, Reader, Seen, TraceError},
};
use std::{
    fs::File,
    io::{self, Read},
    num::NonZeroU64,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

#[derive(clap::Args, Debug)]
pub(super) struct AccessArgs {
    /// A trace: din, lackey, ids or binary, plain, gzip or zstd; `-` for stdin
    #[arg(value_name = "FILE", conflicts_with_all = [
        "algorithm", "schedule", "no_max", "n", "d", "m", "model", "param", "tile", "br", "bc", "tiles",
        "loops",
    ])]
    file: Option<PathBuf>,
    /// The trace's format, where its first lines do not tell
    #[arg(long, value_name = "NAME")]
    from: Option<Format>,
    /// Bytes of a word
    #[arg(long, value_name = "BYTES", default_value = "4")]
    word_bytes: NonZeroU64,
    /// What becomes of an access whose bytes lie in several words
    #[arg(long, default_value = "split")]
    across: AcrossArg,
    /// A schedule's loops without its loads and stores, or with its tiles copied
    #[arg(long, default_value = "plain")]
    loops: Loops,
    #[command(flatten)]
    plan: PlanArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum AcrossArg {
    /// It touches each of them
    Split,
    /// It is an error
    Refuse,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Loops {
    /// A loaded tile is the slow array itself
    Plain,
    /// A load reads slow words and writes fast ones
    Copied,
}

/// A trace that is read, or a schedule with everything chosen.
#[derive(Debug)]
pub(super) enum Given {
    Trace(String, Box<Reader<Box<dyn Read>>>),
    Loops(Box<Plan>, Moves),
}

impl AccessArgs {
    pub(super) fn given(&self, numbers: Numbers) -> Result<Given, Failure> {
        if let Some(path) = &self.file {
            return self.trace(path, numbers);
        }
        let moves = match self.loops {
            Loops::Plain => Moves::Erased,
            Loops::Copied => Moves::Copied,
        };
        let plan = self.plan.plan()?;
        if !plan.fits() {
            return Err(plan.over_capacity());
        }
        Ok(Given::Loops(Box::new(plan), moves))
    }

    fn trace(&self, path: &Path, numbers: Numbers) -> Result<Given, Failure> {
        let cannot = |it: io::Error| Failure::new(Kind::File, it).at(path.display());
        let across = match self.across {
            AcrossArg::Split => Across::Split,
            AcrossArg::Refuse => Across::Refuse,
        };
        let granularity = Granularity { word_bytes: self.word_bytes, across, numbers };
        let name = path.display().to_string();
        let reader = if path == Path::new("-") {
            Reader::new(io::stdin(), self.from, granularity)
        } else {
            Reader::new(File::open(path).map_err(cannot)?, self.from, granularity)
        };
        let reader = reader.map_err(|it| wrong(&name, &it))?;
        Ok(Given::Trace(name, Box::new(reader)))
    }

    pub(super) fn word_bytes(&self) -> u64 {
        self.word_bytes.get()
    }
}

fn wrong(name: &str, error: &TraceError) -> Failure {
    let TraceError { unit, number, fault } = error;
    let place = match *unit {
        "line" => format!("{name}:{number}"),
        unit => format!("{name}: {unit} {number}"),
    };
    Failure::new(Kind::Parse, fault).at(place)
}

impl Given {
    /// What it is, in a line.
    pub(super) fn title(&self) -> String {
        match self {
            Self::Trace(name, reader) => match reader.format() {
                Some(format) => format!("{name} ({format})"),
                None => format!("{name} (empty)"),
            },
            Self::Loops(plan, moves) => {
                let how = match moves {
                    Moves::Erased => "plain loops",
                    Moves::Copied => "tiles copied",
                };
                let tiles = plan.choice.tiles.iter().map(|(name, it)| format!(" {name}={it}"));
                let sizes = [("N", plan.point.n), ("d", plan.point.d)];
                let sizes = sizes.iter().filter_map(|it| Some(format!(", {} = {}", it.0, it.1?)));
                let (sizes, tiles): (String, String) = (sizes.collect(), tiles.collect());
                format!("{}{sizes}, tiles{tiles} ({how})", plan.algorithm())
            }
        }
    }

    /// What a trace held beside accesses.
    pub(super) fn seen(&self) -> Option<Seen> {
        match self {
            Self::Trace(_, reader) => Some(reader.seen()),
            Self::Loops(..) => None,
        }
    }
}

impl AccessSource for Given {
    type Error = Failure;

    fn emit<B>(
        &mut self,
        sink: &mut impl FnMut(Access) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, Failure> {
        match self {
            Self::Trace(name, reader) => reader.emit(sink).map_err(|it| wrong(name, &it)),
            Self::Loops(plan, moves) => {
                let binding = &plan.choice.binding;
                let walked = Accesses::new(plan.program(), binding, *moves).emit(sink);
                walked.map_err(|it: WalkError| it.into())
            }
        }
    }
}
