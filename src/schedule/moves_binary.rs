//! Moves in binary, for schedules too long to read; version 1.
//!
//! ```text
//! file    magic, version, header as text (its length, then the two lines), moves, 0, how many
//! move    one byte kind + 8·operation, then what the kind has
//! numbers 7 bits a byte, low bits first, the high bit says that more follow
//! vertex  next − v, folded to a number: 0, −1, 1, −2, …; next is one past the last vertex computed
//! ```
//!
//! Whatever a [`Move`] can hold reads back, wrong operand counts too: refusing is the referee's.

use super::header::Header;
use super::moves::{Constant, Function, Move, MoveSource, Op, Output};
use crate::cdag::Vertex;
use std::io::{self, BufRead, Write};
use std::{fmt, ops::ControlFlow};

/// The first bytes of every file; the first is no text.
const MAGIC: &[u8; 8] = b"\x89iobmv\r\n";

const VERSION: u8 = 1;

/// Bytes a header may have.
const MAX_HEADER: u64 = 1 << 16;

/// Operands a move may have; a line of text holds no more.
const MAX_OPERANDS: u64 = 1 << 15;

/// Why a binary of moves ends early.
#[derive(Debug)]
pub enum ReadError {
    /// It could not be read.
    Io(io::Error),
    /// It was read and is no binary of moves.
    Parse(ParseError),
}

/// What is wrong, and after how many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Bytes read so far.
    pub offset: u64,
    /// What is wrong there.
    pub kind: Kind,
}

/// What can be wrong with a binary of moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Another format.
    Foreign,
    /// A version this program does not know.
    Version(u8),
    /// The header is too long or says nothing known.
    BadHeader,
    /// No move begins with that byte.
    BadMove(u8),
    /// A number of 2⁶⁴ or more.
    BadNumber,
    /// A compute of more operands than a move may have.
    TooManyOperands(u64),
    /// The number of moves announced at the end is not the number read.
    WrongCount {
        /// What the end says.
        announced: u64,
        /// How many there were.
        found: u64,
    },
    /// The file ends before its end mark.
    CutShort,
    /// Something follows the end mark.
    Trailing,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: ", self.offset)?;
        match self.kind {
            Kind::Foreign => f.write_str("not a binary file of moves"),
            Kind::Version(it) => write!(f, "version {it}, but only version {VERSION} is known"),
            Kind::BadHeader => f.write_str("the header names no problem and machine"),
            Kind::BadMove(it) => write!(f, "no move begins with {it:#04x}"),
            Kind::TooManyOperands(it) => write!(f, "{it} operands, at most {MAX_OPERANDS}"),
            Kind::BadNumber => f.write_str("a number of 64 bits was expected"),
            Kind::WrongCount { announced, found } => {
                write!(f, "{announced} moves announced, {found} found")
            }
            Kind::CutShort => f.write_str("the file ends before its end mark"),
            Kind::Trailing => f.write_str("something follows the end mark"),
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

const END: u8 = 0;
const LOAD: u8 = 1;
const STORE: u8 = 2;
const STORE_AS: u8 = 3;
const COMPUTE: u8 = 4;
const FREE: u8 = 5;
const ACCUMULATE: u8 = 6;

/// An operation by its place; the integer of `const:` and `times:` is written apart.
const OPS: &[Op] = &[
    Op::Opaque,
    Op::Constant(Constant::Int(0)),
    Op::Constant(Constant::NegInf),
    Op::Constant(Constant::Scale),
    Op::Copy,
    Op::Negate,
    Op::Times(Constant::Int(0)),
    Op::Times(Constant::NegInf),
    Op::Times(Constant::Scale),
    Op::Call(Function::Exp),
    Op::Call(Function::Log),
    Op::Call(Function::Sqrt),
    Op::Call(Function::Tanh),
    Op::Call(Function::Relu),
    Op::Call(Function::Gelu),
    Op::Add,
    Op::Sub,
    Op::Mul,
    Op::Div,
    Op::Max,
];

/// 0, −1, 1, −2, … become 0, 1, 2, 3, …
fn fold(x: i64) -> u64 {
    ((x << 1) ^ (x >> 63)).cast_unsigned()
}

fn unfold(x: u64) -> i64 {
    (x >> 1).cast_signed() ^ -(x & 1).cast_signed()
}

/// A binary of moves, read as it goes.
#[derive(Debug)]
pub struct BinaryMoves<R> {
    bytes: Bytes<R>,
    header: Header,
}

#[derive(Debug)]
struct Bytes<R> {
    bytes: R,
    offset: u64,
    /// One past the last vertex computed.
    next: u64,
}

impl<R: BufRead> Bytes<R> {
    fn byte(&mut self) -> Result<Option<u8>, ReadError> {
        loop {
            match self.bytes.fill_buf() {
                Ok(buffer) => {
                    let byte = buffer.first().copied();
                    if byte.is_some() {
                        self.bytes.consume(1);
                        self.offset += 1;
                    }
                    return Ok(byte);
                }
                Err(it) if it.kind() == io::ErrorKind::Interrupted => {}
                Err(it) => return Err(ReadError::Io(it)),
            }
        }
    }

    fn needed(&mut self) -> Result<u8, ReadError> {
        self.byte()?.ok_or_else(|| self.error(Kind::CutShort))
    }

    fn number(&mut self) -> Result<u64, ReadError> {
        let mut number: u64 = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.needed()?;
            let bits = u64::from(byte & 0x7f);
            if (bits << shift) >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(self.error(Kind::BadNumber))
    }

    fn vertex(&mut self) -> Result<Vertex, ReadError> {
        let distance = unfold(self.number()?);
        Ok(Vertex(self.next.wrapping_sub(distance.cast_unsigned())))
    }

    fn op(&mut self, first: u8) -> Result<Op, ReadError> {
        let unknown = || self.error(Kind::BadMove(first));
        match OPS.get(usize::from(first >> 3)).copied().ok_or_else(unknown)? {
            Op::Constant(Constant::Int(_)) => {
                Ok(Op::Constant(Constant::Int(unfold(self.number()?))))
            }
            Op::Times(Constant::Int(_)) => Ok(Op::Times(Constant::Int(unfold(self.number()?)))),
            op => Ok(op),
        }
    }

    fn error(&self, kind: Kind) -> ReadError {
        ReadError::Parse(ParseError { offset: self.offset, kind })
    }
}

impl<R: BufRead> BinaryMoves<R> {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// [`ReadError`] with the byte offset.
    pub fn open(bytes: R) -> Result<Self, ReadError> {
        let mut bytes = Bytes { bytes, offset: 0, next: 0 };
        for expected in MAGIC {
            if bytes.byte()? != Some(*expected) {
                return Err(bytes.error(Kind::Foreign));
            }
        }
        match bytes.needed()? {
            VERSION => {}
            other => return Err(bytes.error(Kind::Version(other))),
        }
        let length = bytes.number()?;
        if length > MAX_HEADER {
            return Err(bytes.error(Kind::BadHeader));
        }
        let mut text = Vec::new();
        for _ in 0..length {
            text.push(bytes.needed()?);
        }
        let text = String::from_utf8(text).ok();
        let lines = text.as_deref().and_then(|it| it.split_once('\n'));
        let header = lines.and_then(|(problem, fast)| Header::parse(problem, fast));
        let header = header.ok_or_else(|| bytes.error(Kind::BadHeader))?;
        Ok(Self { bytes, header })
    }

    /// Does a file that begins so claim to be one of these? A text of moves does not.
    #[must_use]
    pub fn claims(beginning: &[u8]) -> bool {
        beginning.starts_with(MAGIC)
    }

    /// What the moves are about.
    pub fn header(&self) -> &Header {
        &self.header
    }
}

impl<R: BufRead> MoveSource for BinaryMoves<R> {
    type Error = ReadError;

    fn emit<B>(
        &mut self,
        sink: &mut impl FnMut(Move<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, ReadError> {
        let bytes = &mut self.bytes;
        let mut operands = Vec::new();
        let mut found = 0;
        loop {
            let first = bytes.needed()?;
            let it = match (first & 7, first >> 3) {
                (END, 0) => break,
                (LOAD, 0) => Move::Load(bytes.vertex()?),
                (FREE, 0) => Move::Free(bytes.vertex()?),
                (STORE, 0) => Move::Store(bytes.vertex()?, None),
                (STORE_AS, 0) => {
                    let vertex = bytes.vertex()?;
                    Move::Store(vertex, Some(Output(bytes.number()?)))
                }
                (ACCUMULATE, 0) => {
                    let vertex = bytes.vertex()?;
                    Move::Accumulate { vertex, from: bytes.vertex()? }
                }
                (COMPUTE, _) => {
                    let op = bytes.op(first)?;
                    let vertex = bytes.vertex()?;
                    operands.clear();
                    let n_operands = bytes.number()?;
                    if n_operands > MAX_OPERANDS {
                        return Err(bytes.error(Kind::TooManyOperands(n_operands)));
                    }
                    for _ in 0..n_operands {
                        operands.push(bytes.vertex()?);
                    }
                    bytes.next = vertex.0.wrapping_add(1);
                    Move::Compute { vertex, op, operands: &operands }
                }
                _ => return Err(bytes.error(Kind::BadMove(first))),
            };
            found += 1;
            if let ControlFlow::Break(it) = sink(it) {
                return Ok(ControlFlow::Break(it));
            }
        }
        let announced = bytes.number()?;
        if announced != found {
            return Err(bytes.error(Kind::WrongCount { announced, found }));
        }
        match bytes.byte()? {
            Some(_) => Err(bytes.error(Kind::Trailing)),
            None => Ok(ControlFlow::Continue(())),
        }
    }
}

/// Writes moves in binary.
#[derive(Debug)]
pub struct BinaryWriter<W> {
    bytes: W,
    next: u64,
    n_moves: u64,
}

impl<W: Write> BinaryWriter<W> {
    /// Writes the header.
    ///
    /// # Errors
    ///
    /// Where it cannot be written, or names a file that would not read back.
    pub fn new(bytes: W, header: &Header) -> io::Result<Self> {
        let header = header.checked()?;
        let mut writer = Self { bytes, next: 0, n_moves: 0 };
        writer.bytes.write_all(MAGIC)?;
        writer.byte(VERSION)?;
        writer.length(header.len())?;
        writer.bytes.write_all(header.as_bytes())?;
        Ok(writer)
    }

    /// Writes one move.
    ///
    /// # Errors
    ///
    /// Where it cannot be written, or has too many operands to be read.
    pub fn write(&mut self, it: Move<'_>) -> io::Result<()> {
        self.n_moves += 1;
        match it {
            Move::Load(v) => self.kind(LOAD, v),
            Move::Free(v) => self.kind(FREE, v),
            Move::Store(v, None) => self.kind(STORE, v),
            Move::Store(v, Some(Output(address))) => {
                self.kind(STORE_AS, v)?;
                self.number(address)
            }
            Move::Accumulate { vertex, from } => {
                self.kind(ACCUMULATE, vertex)?;
                self.vertex(from)
            }
            Move::Compute { vertex, op, operands } => {
                if u64::try_from(operands.len()).map_or(true, |it| it > MAX_OPERANDS) {
                    return Err(io::Error::new(io::ErrorKind::InvalidInput, "too many operands"));
                }
                let (plain, int) = match op {
                    Op::Constant(Constant::Int(int)) => (Op::Constant(Constant::Int(0)), Some(int)),
                    Op::Times(Constant::Int(int)) => (Op::Times(Constant::Int(0)), Some(int)),
                    op => (op, None),
                };
                let place = OPS.iter().position(|it| *it == plain).unwrap_or(OPS.len());
                let place = u8::try_from(place).unwrap_or(u8::MAX >> 3);
                self.byte(COMPUTE | (place << 3))?;
                if let Some(int) = int {
                    self.number(fold(int))?;
                }
                self.vertex(vertex)?;
                self.length(operands.len())?;
                for &operand in operands {
                    self.vertex(operand)?;
                }
                self.next = vertex.0.wrapping_add(1);
                Ok(())
            }
        }
    }

    /// Writes the end mark, without which the file counts as cut short.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.byte(END)?;
        self.number(self.n_moves)?;
        self.bytes.flush()?;
        Ok(self.bytes)
    }

    fn kind(&mut self, kind: u8, vertex: Vertex) -> io::Result<()> {
        self.byte(kind)?;
        self.vertex(vertex)
    }

    fn vertex(&mut self, vertex: Vertex) -> io::Result<()> {
        self.number(fold(self.next.wrapping_sub(vertex.0).cast_signed()))
    }

    fn length(&mut self, length: usize) -> io::Result<()> {
        self.number(u64::try_from(length).unwrap_or(u64::MAX))
    }

    fn number(&mut self, mut number: u64) -> io::Result<()> {
        while number >= 0x80 {
            let [low, ..] = number.to_le_bytes();
            self.byte(low | 0x80)?;
            number >>= 7;
        }
        let [low, ..] = number.to_le_bytes();
        self.byte(low)
    }

    fn byte(&mut self, byte: u8) -> io::Result<()> {
        self.bytes.write_all(&[byte])
    }
}
