//! Reads a trace in any format.

use super::{
    Across, Format, Granularity,
    binary::{Item, Items, MAGIC},
    lines::{LONGEST, Lines, Next},
    numbering::{MOST_WORDS, Numbering},
    text::{self, Line},
};
use crate::access::{Access, AccessSource};
use std::{
    io::{self, Read},
    ops::ControlFlow,
};

/// Why a trace cannot be read further.
#[derive(Debug, thiserror::Error)]
#[error("{unit} {number}: {fault}")]
pub struct TraceError {
    /// `line`, or `access` of a binary trace.
    pub unit: &'static str,
    /// Which, from 1.
    pub number: u64,
    /// What is wrong there.
    pub fault: TraceFault,
}

/// What is wrong with a line of a trace.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TraceFault {
    /// Not a line of the format.
    #[error("expected {expected}, found `{found}`")]
    Expected {
        /// What such a line looks like.
        expected: &'static str,
        /// How it begins.
        found: String,
    },
    /// A line of more than 4096 bytes.
    #[error("a line of more than {LONGEST} bytes; this is no trace")]
    LongLine,
    /// The bytes of an access pass the last address.
    #[error("{bytes} bytes from address {address:#x} on pass 2^64 - 1")]
    Beyond {
        /// Where they begin.
        address: u64,
        /// How many.
        bytes: u64,
    },
    /// The bytes of an access lie in several words, and that was not wanted.
    #[error(
        "{bytes} bytes from address {address:#x} on lie in {words} words of {word_bytes} bytes"
    )]
    Across {
        /// Where they begin.
        address: u64,
        /// How many.
        bytes: u64,
        /// Words they lie in.
        words: u64,
        /// Bytes of a word.
        word_bytes: u64,
    },
    /// One access of so many words is a mistake.
    #[error("an access of {0} words; at most 65536")]
    Wide(u64),
    /// More words than can be told apart.
    #[error("more than {MOST_WORDS} different words, or words too far apart")]
    Words,
    /// A binary trace that is none.
    #[error("not what a binary trace holds here, or not as many accesses as its end says")]
    Binary,
    /// The format cannot be told.
    #[error("neither din, lackey, ids nor a binary trace: say which with --format")]
    Unknown,
    /// The file cannot be read, or ends within a compressed block.
    #[error("{}", cut(.0))]
    Io(#[from] io::Error),
}

fn cut(it: &io::Error) -> String {
    match it.kind() {
        io::ErrorKind::UnexpectedEof => "the file is cut short".to_owned(),
        _ => format!("cannot be read: {it}"),
    }
}

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Seen {
    /// Instruction fetches left out.
    pub instructions: u64,
    /// Accesses across words.
    pub across: u64,
}

/// A trace, as a source of accesses; it is used up when it was read.
pub struct Reader<R> {
    source: Option<io::Chain<io::Cursor<Vec<u8>>, R>>,
    format: Option<Format>,
    granularity: Granularity,
    seen: Seen,
}

impl<R> std::fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("format", &self.format).field("seen", &self.seen).finish()
    }
}

/// Bytes by which the format is told.
const BEGINNING: usize = 1 << 16;

impl Reader<Box<dyn Read>> {
    /// A plain, gzip or zstd file; of a format that is not given the first bytes tell.
    ///
    /// # Errors
    ///
    /// [`TraceError`] at line 0 if the beginning cannot be read.
    pub fn new(
        file: impl Read + 'static,
        format: Option<Format>,
        granularity: Granularity,
    ) -> Result<Self, TraceError> {
        let plain = decompressed(file).map_err(at_first)?;
        let (beginning, plain) = beginning(plain, BEGINNING).map_err(at_first)?;
        let format = format.or_else(|| told(&beginning));
        if format.is_none() && !beginning.trim_ascii().is_empty() {
            return Err(at_first(TraceFault::Unknown));
        }
        let source = Some(io::Cursor::new(beginning).chain(plain));
        Ok(Self { source, format, granularity, seen: Seen::default() })
    }
}

fn at_first(fault: impl Into<TraceFault>) -> TraceError {
    TraceError { unit: "line", number: 1, fault: fault.into() }
}

/// Up to `most` bytes, and the rest.
fn beginning<R: Read>(mut source: R, most: usize) -> io::Result<(Vec<u8>, R)> {
    let mut first = vec![];
    (&mut source).take(most as u64).read_to_end(&mut first)?;
    Ok((first, source))
}

fn decompressed(file: impl Read + 'static) -> io::Result<Box<dyn Read>> {
    let (first, rest) = beginning(file, 4)?;
    let kind = first.clone();
    let whole = io::Cursor::new(first).chain(rest);
    Ok(match kind.as_slice() {
        [0x1f, 0x8b, ..] => Box::new(flate2::read::MultiGzDecoder::new(whole)),
        [0x28, 0xb5, 0x2f, 0xfd] => Box::new(zstd::stream::read::Decoder::new(whole)?),
        _ => Box::new(whole),
    })
}

/// The format of the first line that says something.
fn told(beginning: &[u8]) -> Option<Format> {
    if beginning.starts_with(MAGIC) {
        return Some(Format::Binary);
    }
    // What is lackey's is nobody else's; a din line has two numbers, of ids one.
    let texts = [Format::Lackey, Format::Din, Format::Ids];
    let mut lines = beginning.split(|it| *it == b'\n');
    lines.find_map(|line| texts.into_iter().find(|it| text::is(*it, line)))
}

impl<R> Reader<R> {
    /// What was read so far.
    #[must_use]
    pub fn seen(&self) -> Seen {
        self.seen
    }

    /// The format, if the file is not empty.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        self.format
    }

    /// First word and how many, of bytes from an address on.
    #[inline]
    fn words(&mut self, address: u64, bytes: u64) -> Result<(u64, u64), TraceFault> {
        if bytes == 0 {
            return Ok((address, 1));
        }
        let beyond = TraceFault::Beyond { address, bytes };
        let last = address.checked_add(bytes - 1).ok_or(beyond)?;
        let word_bytes = self.granularity.word_bytes.get();
        let (first, last) = (address / word_bytes, last / word_bytes);
        let words = last - first + 1;
        if words > 1 {
            self.seen.across += 1;
            if self.granularity.across == Across::Refuse {
                return Err(TraceFault::Across { address, bytes, words, word_bytes });
            }
            if words > 1 << 16 {
                return Err(TraceFault::Wide(words));
            }
        }
        Ok((first, words))
    }

    #[inline]
    fn touch<B>(
        &mut self,
        numbering: &mut Numbering,
        (first, words): (u64, u64),
        write: bool,
        sink: &mut impl FnMut(Access) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, TraceFault> {
        for address in first..=first + (words - 1) {
            let word = numbering.number(address).ok_or(TraceFault::Words)?;
            if let ControlFlow::Break(b) = sink(Access { word, write }) {
                return Ok(ControlFlow::Break(b));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// How far it was read, and why not further.
type At<T> = Result<T, (u64, TraceFault)>;

impl<R: Read> Reader<R> {
    fn text<B>(
        &mut self,
        format: Format,
        source: impl Read,
        sink: &mut impl FnMut(Access) -> ControlFlow<B>,
    ) -> At<ControlFlow<B>> {
        let (mut lines, mut numbering) =
            (Lines::new(source), Numbering::new(self.granularity.numbers));
        for number in 1.. {
            let at = |fault| (number, fault);
            let line = match lines.next().map_err(|it| at(it.into()))? {
                Next::Line(it) => text::read(format, it).map_err(at)?,
                Next::TooLong => return Err(at(TraceFault::LongLine)),
                Next::End => break,
            };
            let (words, write) = match line {
                Line::Nothing => continue,
                Line::Instruction => {
                    self.seen.instructions += 1;
                    continue;
                }
                Line::Touch { address, bytes, write } => {
                    (self.words(address, bytes).map_err(at)?, write)
                }
            };
            if let it @ ControlFlow::Break(_) =
                self.touch(&mut numbering, words, write, sink).map_err(at)?
            {
                return Ok(it);
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn binary<B>(
        &mut self,
        mut source: impl Read,
        sink: &mut impl FnMut(Access) -> ControlFlow<B>,
    ) -> At<ControlFlow<B>> {
        let mut magic = [0; MAGIC.len()];
        source.read_exact(&mut magic).map_err(|it| (0, it.into()))?;
        if magic != MAGIC {
            return Err((0, TraceFault::Binary));
        }
        let (mut items, mut numbering) =
            (Items::new(source), Numbering::new(self.granularity.numbers));
        for number in 1.. {
            let at = |fault| (number, fault);
            let (word, write) = match items.next().map_err(|it| at(it.into()))? {
                Item::Touch { word, write } => (word, write),
                Item::Wrong => return Err(at(TraceFault::Binary)),
                Item::End => break,
            };
            if let it @ ControlFlow::Break(_) =
                self.touch(&mut numbering, (word, 1), write, sink).map_err(at)?
            {
                return Ok(it);
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl<R: Read> AccessSource for Reader<R> {
    type Error = TraceError;

    fn emit<B>(
        &mut self,
        sink: &mut impl FnMut(Access) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, TraceError> {
        let (Some(source), Some(format)) = (self.source.take(), self.format) else {
            return Ok(ControlFlow::Continue(()));
        };
        let (unit, read) = match format {
            Format::Binary => ("access", self.binary(source, sink)),
            text => ("line", self.text(text, source, sink)),
        };
        read.map_err(|(number, fault)| TraceError { unit, number, fault })
    }
}
