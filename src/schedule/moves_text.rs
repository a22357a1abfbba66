//! Moves as text, for schedules small enough to read: `*.moves`, version 1.
//!
//! ```text
//! iobound-moves 1
//! problem attention 2 1                 see `Header`
//! fast 8
//! load 3                                # a comment
//! compute 24 = add 20 23                the operation and its operands, in order
//! compute 24                            where an explicit CDAG names them
//! accumulate 5 from 2
//! store 7
//! store 7 as 0                          to output address 0
//! free 3
//! end 8                                 how many moves there were: a file cut short has no such line
//! ```
//!
//! Operations: `opaque`, `copy`, `negate`, `exp`, `log`, `sqrt`, `tanh`, `relu`, `gelu`, `add`,
//! `sub`, `mul`, `div`, `max`, and with a constant (an integer, `-inf` or `scale`) `const:0`,
//! `times:scale`. Empty lines and what follows `#` are skipped, before the header too; the name of a
//! CDAG's file therefore has no `#`.

use super::header::{Header, Named, machine};
use super::moves::{Move, MoveSource, Op, Output};
use crate::cdag::Vertex;
use std::io::{self, BufRead, Read, Write};
use std::{fmt, ops::ControlFlow};

/// The first line of every file.
const FIRST: &str = "iobound-moves 1";

/// Bytes a line may have.
const MAX_LINE: u64 = 1 << 16;

/// Why a text of moves ends early.
#[derive(Debug)]
pub enum ReadError {
    /// It could not be read.
    Io(io::Error),
    /// It was read and is no text of moves.
    Parse(ParseError),
}

/// What is wrong, and in which line, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line; for a file cut short, its last one if that is cut, else one past it.
    pub line: u64,
    /// What is wrong there.
    pub kind: Kind,
}

/// What can be wrong with a text of moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Another format, or another version.
    Foreign,
    /// No problem by that name, or its sizes are no numbers below 2⁶⁴.
    BadProblem,
    /// Not `fast M [one-shot] [partial]`.
    BadMachine,
    /// Not a move: an unknown word, a number missing, too large or too many.
    BadMove,
    /// An operation nobody knows.
    UnknownOp,
    /// The number of moves announced at the end is not the number read.
    WrongCount {
        /// What the last line says.
        announced: u64,
        /// How many there were.
        found: u64,
    },
    /// The file ends before its last line.
    CutShort,
    /// Something follows the last line.
    Trailing,
    /// Not UTF-8, or longer than a line can be.
    NotText,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match self.kind {
            Kind::Foreign => write!(f, "expected `{FIRST}`"),
            Kind::BadProblem => f.write_str(
                "expected `problem cdag FILE`, `problem generate FAMILY:SIZES`, \
                 `problem generate attention N D`, `problem inline inputs K outputs L` or `problem attention N D [scaled]`",
            ),
            Kind::BadMachine => f.write_str("expected `fast M [one-shot] [partial]`"),
            Kind::BadMove => f.write_str(
                "expected `load V`, `store V [as ADDRESS]`, `compute V [= OP V...]`, `free V`, \
                 `accumulate V from V` or `end COUNT`",
            ),
            Kind::UnknownOp => f.write_str("unknown operation"),
            Kind::WrongCount { announced, found } => {
                write!(f, "{announced} moves announced, {found} found")
            }
            Kind::CutShort => f.write_str("the file ends before `end COUNT`"),
            Kind::Trailing => f.write_str("something follows `end COUNT`"),
            Kind::NotText => write!(f, "not a line of text of at most {MAX_LINE} bytes"),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(it) => it.fmt(f),
            Self::Parse(it) => it.fmt(f),
        }
    }
}

impl std::error::Error for ParseError {}
impl std::error::Error for ReadError {}

/// A text of moves, read line by line.
#[derive(Debug)]
pub struct TextMoves<R> {
    lines: Lines<R>,
    header: Header,
}

impl<R: BufRead> TextMoves<R> {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// [`ReadError`] with the line.
    pub fn open(text: R) -> Result<Self, ReadError> {
        let mut lines = Lines { text, line: 0, buffer: Vec::new() };
        if lines.next()?.map(words_of).is_none_or(|it| it != words_of(FIRST)) {
            return Err(lines.error(Kind::Foreign));
        }
        let problem = lines.next()?.and_then(Named::parse);
        let problem = problem.ok_or_else(|| lines.error(Kind::BadProblem))?;
        let machine = lines.next()?.and_then(machine);
        let machine = machine.ok_or_else(|| lines.error(Kind::BadMachine))?;
        Ok(Self { lines, header: Header { problem, machine } })
    }

    /// What the moves are about.
    pub fn header(&self) -> &Header {
        &self.header
    }
}

fn words_of(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

#[derive(Debug)]
struct Lines<R> {
    text: R,
    line: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// The next line that says something, without its comment.
    fn next(&mut self) -> Result<Option<&str>, ReadError> {
        loop {
            self.line += 1;
            self.buffer.clear();
            let mut line = self.text.by_ref().take(MAX_LINE + 1);
            if line.read_until(b'\n', &mut self.buffer).map_err(ReadError::Io)? == 0 {
                return Ok(None);
            }
            let length = u64::try_from(self.buffer.len()).unwrap_or(u64::MAX);
            let text = std::str::from_utf8(&self.buffer).ok().filter(|_| length <= MAX_LINE);
            let said = |it: &str| !it.split('#').next().unwrap_or("").trim().is_empty();
            match text.map(said) {
                None => return Err(self.error(Kind::NotText)),
                Some(true) => break,
                Some(false) => {}
            }
        }
        let text = std::str::from_utf8(&self.buffer).unwrap_or("");
        Ok(text.split('#').next().map(str::trim))
    }

    /// Does the last line read lack its line break? Then a move in it may have lost digits.
    fn is_cut(&self) -> bool {
        !self.buffer.ends_with(b"\n")
    }

    fn error(&self, kind: Kind) -> ReadError {
        ReadError::Parse(ParseError { line: self.line, kind })
    }
}

/// A line is a move or the end.
enum Line<'a> {
    Move(Move<'a>),
    End(u64),
}

fn parse<'a>(line: &str, operands: &'a mut Vec<Vertex>) -> Result<Line<'a>, Kind> {
    let number = |it: &str| it.parse::<u64>().map_err(|_| Kind::BadMove);
    let vertex = |it: &str| number(it).map(Vertex);
    operands.clear();
    let mut words = line.split_whitespace();
    let (Some(verb), Some(first)) = (words.next(), words.next()) else {
        return Err(Kind::BadMove);
    };
    let first = number(first)?;
    let v = Vertex(first);
    let it = match (verb, words.next(), words.next()) {
        ("load", None, None) => Move::Load(v),
        ("free", None, None) => Move::Free(v),
        ("store", None, None) => Move::Store(v, None),
        ("store", Some("as"), Some(address)) => Move::Store(v, Some(Output(number(address)?))),
        ("accumulate", Some("from"), Some(from)) => {
            Move::Accumulate { vertex: v, from: vertex(from)? }
        }
        ("compute", None, None) => Move::Compute { vertex: v, op: Op::Opaque, operands },
        ("compute", Some("="), Some(op)) => {
            let op = op.parse().map_err(|_| Kind::UnknownOp)?;
            for word in words.by_ref() {
                operands.push(vertex(word)?);
            }
            Move::Compute { vertex: v, op, operands }
        }
        ("end", None, None) => return Ok(Line::End(first)),
        _ => return Err(Kind::BadMove),
    };
    if words.next().is_some() {
        return Err(Kind::BadMove);
    }
    Ok(Line::Move(it))
}

impl<R: BufRead> MoveSource for TextMoves<R> {
    type Error = ReadError;

    fn emit<B>(
        &mut self,
        sink: &mut impl FnMut(Move<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, ReadError> {
        let mut operands = Vec::new();
        let mut found = 0;
        loop {
            let line = match self.lines.next()? {
                Some(line) => parse(line, &mut operands),
                None => Err(Kind::CutShort),
            };
            match line.map_err(|it| self.lines.error(it))? {
                Line::Move(_) if self.lines.is_cut() => {
                    return Err(self.lines.error(Kind::CutShort));
                }
                Line::Move(it) => {
                    found += 1;
                    if let ControlFlow::Break(it) = sink(it) {
                        return Ok(ControlFlow::Break(it));
                    }
                }
                Line::End(announced) if announced != found => {
                    return Err(self.lines.error(Kind::WrongCount { announced, found }));
                }
                Line::End(_) => break,
            }
        }
        match self.lines.next()? {
            Some(_) => Err(self.lines.error(Kind::Trailing)),
            None => Ok(ControlFlow::Continue(())),
        }
    }
}

/// Writes moves as text.
#[derive(Debug)]
pub struct TextWriter<W> {
    text: W,
    n_moves: u64,
}

impl<W: Write> TextWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    ///
    /// Where it cannot be written, or names a file that would not read back.
    pub fn new(mut text: W, header: &Header) -> io::Result<Self> {
        writeln!(text, "{FIRST}\n{}", header.checked()?)?;
        Ok(Self { text, n_moves: 0 })
    }

    /// Writes one move.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn write(&mut self, it: Move<'_>) -> io::Result<()> {
        self.n_moves += 1;
        match it {
            Move::Load(v) => writeln!(self.text, "load {}", v.0),
            Move::Free(v) => writeln!(self.text, "free {}", v.0),
            Move::Store(v, None) => writeln!(self.text, "store {}", v.0),
            Move::Store(v, Some(Output(address))) => {
                writeln!(self.text, "store {} as {address}", v.0)
            }
            Move::Accumulate { vertex, from } => {
                writeln!(self.text, "accumulate {} from {}", vertex.0, from.0)
            }
            Move::Compute { vertex, op: Op::Opaque, operands: [] } => {
                writeln!(self.text, "compute {}", vertex.0)
            }
            Move::Compute { vertex, op, operands } => {
                write!(self.text, "compute {} = {op}", vertex.0)?;
                for operand in operands {
                    write!(self.text, " {}", operand.0)?;
                }
                writeln!(self.text)
            }
        }
    }

    /// Writes the last line, without which the text counts as cut short.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        writeln!(self.text, "end {}", self.n_moves)?;
        self.text.flush()?;
        Ok(self.text)
    }
}
