//! Writes accesses as text.

use super::Format;
use crate::access::Access;
use std::io::{self, Write};

/// Writes accesses as `din`, `lackey` or `ids`, a word as `word_bytes` bytes.
#[derive(Debug)]
pub struct TextWriter<W> {
    out: W,
    format: Format,
    word_bytes: u64,
}

impl<W: Write> TextWriter<W> {
    /// A writer; [`Format::Binary`] is written as ids.
    pub fn new(out: W, format: Format, word_bytes: u64) -> Self {
        Self { out, format, word_bytes }
    }

    /// Writes one access.
    ///
    /// # Errors
    ///
    /// The writer's.
    pub fn write(&mut self, it: Access) -> io::Result<()> {
        let (out, word, bytes) = (&mut self.out, u64::from(it.word), self.word_bytes);
        match (self.format, it.write) {
            (Format::Din, write) => writeln!(out, "{} {:x}", u8::from(write), word * bytes),
            (Format::Lackey, false) => writeln!(out, " L {:08x},{bytes}", word * bytes),
            (Format::Lackey, true) => writeln!(out, " S {:08x},{bytes}", word * bytes),
            (_, false) => writeln!(out, "{word}"),
            (_, true) => writeln!(out, "{word} w"),
        }
    }

    /// Hands the writer back.
    pub fn end(self) -> W {
        self.out
    }
}
