//! The compact format.

use crate::access::Access;
use std::io::{self, Read, Write};

/// The first bytes.
pub(super) const MAGIC: &[u8] = b"iobound-trace 1\n";

/// Writes accesses as `iobound-trace 1`.
///
/// After the first line, for each access the number 2z + w + 1, seven bits a byte, the lowest first, the
/// top bit set on all but the last byte. w is 1 for a write; z is the word's number less the one
/// before, Δ, without sign: 2Δ, or −2Δ − 1 if that is negative. Then a byte 0 and the count of
/// accesses, eight bytes, the lowest first.
#[derive(Debug)]
pub struct BinaryWriter<W> {
    out: W,
    last: i64,
    count: u64,
}

impl<W: Write> BinaryWriter<W> {
    /// Writes the first line.
    ///
    /// # Errors
    ///
    /// The writer's.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(MAGIC)?;
        Ok(Self { out, last: 0, count: 0 })
    }

    /// Writes one access.
    ///
    /// # Errors
    ///
    /// The writer's.
    pub fn write(&mut self, it: Access) -> io::Result<()> {
        let word = i64::from(it.word);
        let delta = word - self.last;
        self.last = word;
        self.count += 1;
        let z = (delta << 1) ^ (delta >> 63);
        let mut left = (z.unsigned_abs() << 1 | u64::from(it.write)) + 1;
        let mut bytes = [0u8; 10];
        let mut n = 0;
        loop {
            let low = left.to_le_bytes()[0] & 0x7f;
            left >>= 7;
            bytes[n] = if left == 0 { low } else { low | 0x80 };
            n += 1;
            if left == 0 {
                return self.out.write_all(&bytes[..n]);
            }
        }
    }

    /// Writes the end; hands the writer back.
    ///
    /// # Errors
    ///
    /// The writer's.
    pub fn end(mut self) -> io::Result<W> {
        self.out.write_all(&[0])?;
        self.out.write_all(&self.count.to_le_bytes())?;
        Ok(self.out)
    }
}

/// What comes next of a binary trace.
pub(super) enum Item {
    Touch {
        word: u64,
        write: bool,
    },
    End,
    /// More than 2^32 words, or not as many accesses as the end says.
    Wrong,
}

/// Reads what [`BinaryWriter`] wrote, after the first line.
#[derive(Debug)]
pub(super) struct Items<R> {
    bytes: io::Bytes<io::BufReader<R>>,
    last: i64,
    count: u64,
}

impl<R: Read> Items<R> {
    pub(super) fn new(source: R) -> Self {
        let bytes = io::BufReader::with_capacity(1 << 18, source).bytes();
        Self { bytes, last: 0, count: 0 }
    }

    fn byte(&mut self) -> io::Result<u8> {
        self.bytes.next().unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()))
    }

    pub(super) fn next(&mut self) -> io::Result<Item> {
        let (mut code, mut shift) = (0u64, 0);
        loop {
            let byte = self.byte()?;
            if shift > 35 {
                return Ok(Item::Wrong);
            }
            code |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let Some(code) = code.checked_sub(1) else { return self.end() };
        let z = i64::try_from(code >> 1).unwrap_or(i64::MAX);
        self.last += (z >> 1) ^ -(z & 1);
        self.count += 1;
        let word = u64::try_from(self.last);
        Ok(word.map_or(Item::Wrong, |word| Item::Touch { word, write: code & 1 == 1 }))
    }

    fn end(&mut self) -> io::Result<Item> {
        let mut count = [0; 8];
        for it in &mut count {
            *it = self.byte()?;
        }
        let right = u64::from_le_bytes(count) == self.count && self.bytes.next().is_none();
        Ok(if right { Item::End } else { Item::Wrong })
    }
}
