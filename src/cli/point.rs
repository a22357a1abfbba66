//! N, d and M: typed in, or those of a model and a processor.

use super::{
    failure::{Failure, Kind},
    table::digits,
};
use iobound::{
    attention::{Mask, NotAMask},
    hardware::{self, Hardware, Level},
    model::{MAX_EXTENT, MAX_FAST, Words},
    models::{self, Model},
    sizes::{SizeErrorKind, size},
};
use serde::Serialize;
use std::num::NonZeroU64;

/// N, d and M. What is typed in wins over what `--model` and `--hardware` say.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Sizes")]
pub(super) struct PointArgs {
    /// N: rows of Q, K, V and O
    #[arg(long, value_name = "N", value_parser = extent)]
    pub(super) n: Option<u64>,
    /// d: words in a row
    #[arg(long, value_name = "D", value_parser = extent)]
    pub(super) d: Option<u64>,
    /// M: words of fast memory
    #[arg(long, value_name = "M", value_parser = fast)]
    pub(super) m: Option<u64>,
    /// Take N and d from a model; see `iobound list models`
    #[arg(long, value_name = "NAME")]
    pub(super) model: Option<String>,
    /// How many sequences go through the model at a time (default 1)
    #[arg(long, value_name = "COUNT", value_parser = extent)]
    pub(super) batch: Option<u64>,
    /// Take M from a processor; see `iobound list hardware`
    #[arg(long, value_name = "NAME")]
    pub(super) hardware: Option<String>,
    /// Which of its memories
    #[arg(long, value_name = "NAME", requires = "hardware")]
    pub(super) level: Option<String>,
    /// How many bytes of it a word takes (default 2)
    #[arg(long, value_name = "BYTES", requires = "hardware")]
    pub(super) bytes_per_word: Option<NonZeroU64>,
}

/// One N, d or tile.
pub(super) fn extent(text: &str) -> Result<u64, NotASize> {
    size(text, MAX_EXTENT).map_err(|it| NotASize(it.kind))
}

/// A mask; its number may be written like any other size, as in `sliding:1Ki`.
pub(super) fn mask(text: &str) -> Result<Mask, NotAMask> {
    let number = |it: &str| size(it, MAX_FAST).ok().map(|it| it.to_string());
    match text.split_once(':') {
        Some((kind, it)) => {
            let number = number(it).unwrap_or_else(|| it.to_owned());
            format!("{kind}:{number}").parse()
        }
        None => text.parse(),
    }
}

pub(super) fn fast(text: &str) -> Result<u64, NotASize> {
    size(text, MAX_FAST).map_err(|it| NotASize(it.kind))
}

/// What is wrong with the one size of an argument; where goes without saying.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct NotASize(SizeErrorKind);

/// A memory of a processor, and how it is read as words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) hardware: &'static Hardware,
    pub(super) level: &'static Level,
    pub(super) bytes_per_word: NonZeroU64,
}

/// Sizes as far as they are known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) n: Option<u64>,
    pub(super) d: Option<u64>,
    m: Option<Words>,
    given_m: bool,
    pub(super) place: Option<Place>,
    pub(super) model: Option<&'static Model>,
    pub(super) batch: u64,
}

impl PointArgs {
    /// Looks the names up. A batch is a batch of a model.
    pub(super) fn point(&self) -> Result<Point, Failure> {
        if self.batch.is_some() && self.model.is_none() {
            return Err(Failure::arguments("a batch needs --model here").at("--batch"));
        }
        self.of_variant()
    }

    /// Looks the names up, where a batch may stand alone.
    pub(super) fn of_variant(&self) -> Result<Point, Failure> {
        let model = self.model.as_deref().map(models::find).transpose()?;
        let place = match &self.hardware {
            None => None,
            Some(name) => {
                let hardware = hardware::find(name)?;
                let level = hardware.level(self.level.as_deref())?;
                let two = const { NonZeroU64::new(2).expect("2 is not 0") };
                let bytes_per_word = self.bytes_per_word.unwrap_or(two);
                Some(Place { hardware, level, bytes_per_word })
            }
        };
        let m = self.m.map(Words).or(place.map(|it| it.level.words(it.bytes_per_word)));
        if m == Some(Words(0)) {
            let message = "not one word fits into this memory";
            return Err(Failure::new(Kind::Sizes, message).at("--bytes-per-word"));
        }
        Ok(Point {
            n: self.n.or(model.map(|it| it.n)),
            d: self.d.or(model.map(|it| it.d)),
            m,
            given_m: self.m.is_some(),
            place,
            model,
            batch: self.batch.unwrap_or(1),
        })
    }
}

/// What is missing, and both ways to say it.
fn missing(what: &str, option: &str, other: &str) -> Failure {
    Failure::arguments(format_args!("{what} is missing: give {option} or {other}")).at(option)
}

impl Point {
    pub(super) fn n(&self) -> Result<u64, Failure> {
        self.n.ok_or_else(|| missing("N", "--n", "--model"))
    }

    pub(super) fn d(&self) -> Result<u64, Failure> {
        self.d.ok_or_else(|| missing("d", "--d", "--model"))
    }

    pub(super) fn m(&self) -> Result<Words, Failure> {
        self.m.ok_or_else(|| missing("M", "--m", "--hardware"))
    }

    /// M, as far as it is known.
    pub(super) fn m_if_any(&self) -> Option<Words> {
        self.m
    }

    /// `N = 1,024, d = 64, M = 512 words`.
    pub(super) fn title(&self) -> String {
        let mut parts = vec![];
        parts.extend(self.n.map(|it| format!("N = {}", digits(it))));
        parts.extend(self.d.map(|it| format!("d = {}", digits(it))));
        parts.extend(self.m.map(|it| format!("M = {} words", digits(it))));
        parts.join(", ")
    }

    /// What the words counted are: `words between L2 and one SM`.
    pub(super) fn traffic(&self) -> &'static str {
        self.place.map_or("words", |it| it.level.traffic)
    }

    /// Lines about the model and the memory.
    pub(super) fn about(&self) -> Vec<String> {
        let mut lines = vec![];
        if let Some(it) = self.model {
            let note = if it.note.is_empty() { String::new() } else { format!("; {}", it.note) };
            let causal = if it.causal { " (causal; counted here without a mask)" } else { "" };
            lines.push(format!("one head of one layer of {}{causal}{note}", it.name));
        }
        if let Some(Place { hardware, level, bytes_per_word }) = self.place {
            let kib = digits(level.bytes / 1024);
            let of = format!("{} {}", hardware.name, level.name);
            lines.push(if self.given_m {
                format!("M was given; {of} has {kib} KiB")
            } else {
                format!(
                    "M is {of}: {kib} KiB for {}, {bytes_per_word} bytes a word",
                    level.shared_by
                )
            });
        }
        lines
    }

    /// `io` words of one head, times heads and batch.
    pub(super) fn all_heads(&self, io: u128) -> Result<Option<AllHeads>, Failure> {
        let Some(model) = self.model else { return Ok(None) };
        let (heads, batch) = (model.heads, self.batch);
        let io = io.checked_mul(u128::from(heads)).and_then(|it| it.checked_mul(batch.into()));
        let io = io.ok_or_else(|| {
            Failure::new(Kind::Sizes, "the words of all heads pass 128 bits").at("--batch")
        })?;
        Ok(Some(AllHeads { heads, batch, io_all_heads: io }))
    }

    /// The JSON keys that say where the sizes come from.
    pub(super) fn context(&self, io: Option<u128>) -> Result<Context, Failure> {
        Ok(Context {
            model: self.model.map(|it| it.name),
            all_heads: io.map_or(Ok(None), |it| self.all_heads(it))?,
            hardware: self.place.map(|it| it.hardware.name),
            level: self.place.map(|it| it.level.name),
            bytes_per_word: self.place.map(|it| it.bytes_per_word.get()),
            traffic: self.traffic(),
        })
    }
}

/// The I/O of a layer.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct AllHeads {
    heads: u64,
    batch: u64,
    io_all_heads: u128,
}

impl std::fmt::Display for AllHeads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { heads, batch, io_all_heads } = self;
        write!(f, "× {heads} heads × batch {batch} = {} words a layer", digits(io_all_heads))
    }
}

/// Where the sizes come from, in JSON.
#[derive(Debug, Serialize)]
pub(super) struct Context {
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'static str>,
    #[serde(flatten)]
    all_heads: Option<AllHeads>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hardware: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes_per_word: Option<u64>,
    traffic: &'static str,
}
