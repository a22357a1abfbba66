//! Why a command has no answer.

use super::Status;
use iobound::{
    attention::BadShape,
    bounds::OutOfRange,
    hardware::UnknownName,
    reading::WalkError,
    schedule::{TextError, bind::BindError},
    strategy::{NoChoice, UnknownAlgorithm},
    sweep::{LowerExceedsUpper, SweepError},
};
use serde::{Serialize, Serializer, ser::SerializeStruct};
use std::fmt;

/// What sort of thing went wrong: `kind` in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Arguments that are missing, unknown or contradict each other.
    Arguments,
    /// Sizes or tiles out of range.
    Sizes,
    /// A file that cannot be read or written.
    File,
    /// A file that is not in its format.
    Parse,
    /// A schedule text that makes no sense.
    Schedule,
    /// No tiles fit.
    NoFit,
    /// Tiles that were given, or a schedule without tiles, need more than M.
    OverCapacity,
    /// A schedule that cannot be walked at these sizes.
    Walk,
    /// A problem that the referee cannot judge.
    Unfit,
    /// A device that is missing, fails or does not answer.
    Device,
    /// Moves that the referee refuses.
    Refused,
    /// Two readings that must agree do not: a bug of this program.
    Disagree,
}

impl Kind {
    fn id(self) -> &'static str {
        match self {
            Self::Arguments => "arguments",
            Self::Sizes => "sizes",
            Self::File => "file",
            Self::Parse => "parse",
            Self::Schedule => "schedule",
            Self::NoFit => "no-fit",
            Self::OverCapacity => "over-capacity",
            Self::Walk => "walk",
            Self::Unfit => "unfit",
            Self::Device => "device",
            Self::Refused => "refused",
            Self::Disagree => "disagree",
        }
    }

    fn status(self) -> Status {
        match self {
            Self::OverCapacity | Self::Refused | Self::Disagree => Status::Wrong,
            Self::Arguments
            | Self::Sizes
            | Self::File
            | Self::Parse
            | Self::Schedule
            | Self::NoFit
            | Self::Walk
            | Self::Device
            | Self::Unfit => Status::Unjudged,
        }
    }
}

/// What went wrong, in words, and where.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    kind: Kind,
    message: String,
    place: Option<String>,
}

impl Failure {
    pub(super) fn new(kind: Kind, message: impl fmt::Display) -> Self {
        Self { kind, message: message.to_string(), place: None }
    }

    pub(super) fn arguments(message: impl fmt::Display) -> Self {
        Self::new(Kind::Arguments, message)
    }

    /// It went wrong there: an argument, a file, a place in a file.
    pub(super) fn at(mut self, place: impl fmt::Display) -> Self {
        self.place.get_or_insert_with(|| place.to_string());
        self
    }

    pub(super) fn status(&self) -> Status {
        self.kind.status()
    }

    /// A text that cannot be read as a schedule; its place is `file:line:column`.
    pub(super) fn of_text(error: &TextError, file: impl fmt::Display) -> Self {
        let (kind, at) = match error {
            TextError::Parse(it) => (Kind::Parse, it.at),
            TextError::Fault(it) => (Kind::Schedule, it.at),
        };
        let message = match error {
            TextError::Parse(it) => format!("expected {}, found {}", it.expected, it.found),
            TextError::Fault(it) => it.kind.to_string(),
        };
        Self::new(kind, message).at(format_args!("{file}:{}:{}", at.line, at.column))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl Serialize for Failure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("error", 3)?;
        object.serialize_field("kind", self.kind.id())?;
        object.serialize_field("message", &self.message)?;
        object.serialize_field("where", &self.place)?;
        object.end()
    }
}

impl From<BindError> for Failure {
    fn from(it: BindError) -> Self {
        Self::new(Kind::Sizes, it)
    }
}

impl From<BadShape> for Failure {
    fn from(it: BadShape) -> Self {
        Self::new(Kind::Sizes, it)
    }
}

impl From<OutOfRange> for Failure {
    fn from(it: OutOfRange) -> Self {
        Self::new(Kind::Sizes, it)
    }
}

impl From<WalkError> for Failure {
    fn from(it: WalkError) -> Self {
        let kind = match it {
            WalkError::TooLarge(_) => Kind::Sizes,
            _ => Kind::Walk,
        };
        Self::new(kind, it)
    }
}

impl From<NoChoice> for Failure {
    fn from(it: NoChoice) -> Self {
        match it {
            NoChoice::Bind(it) => it.into(),
            NoChoice::Walk(it) => it.into(),
            NoChoice::NoFit { .. } => Self::new(Kind::NoFit, it).at("--m"),
            NoChoice::OverCapacity { .. } => Self::new(Kind::OverCapacity, it),
        }
    }
}

impl From<UnknownAlgorithm> for Failure {
    fn from(it: UnknownAlgorithm) -> Self {
        Self::arguments(it).at("--algorithm")
    }
}

impl From<UnknownName> for Failure {
    fn from(it: UnknownName) -> Self {
        let place = format!("--{}", it.what);
        Self::arguments(it).at(place)
    }
}

impl From<LowerExceedsUpper> for Failure {
    fn from(it: LowerExceedsUpper) -> Self {
        Self::new(Kind::Disagree, it)
    }
}

impl From<SweepError> for Failure {
    fn from(it: SweepError) -> Self {
        match it {
            SweepError::OutOfRange(it) => it.into(),
            it => Self::new(Kind::Disagree, it),
        }
    }
}
