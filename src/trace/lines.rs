//! Lines of a stream of bytes, each at most so long.

use std::io::{self, Read};

/// Bytes of a line, at most. No format needs so many.
pub(super) const LONGEST: usize = 4096;

const BUFFER: usize = 1 << 18;

/// Hands over lines without their ends.
#[derive(Debug)]
pub(super) struct Lines<R> {
    source: R,
    buffer: Vec<u8>,
    /// What is not handed over yet.
    from: usize,
    to: usize,
    ended: bool,
}

/// What comes next.
pub(super) enum Next<'a> {
    Line(&'a [u8]),
    TooLong,
    End,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, buffer: vec![0; BUFFER], from: 0, to: 0, ended: false }
    }

    #[inline]
    pub(super) fn next(&mut self) -> io::Result<Next<'_>> {
        let mut looked = 0;
        loop {
            let rest = &self.buffer[self.from..self.to];
            if let Some(n) = memchr::memchr(b'\n', &rest[looked..]) {
                let (from, to) = (self.from, self.from + looked + n);
                self.from = to + 1;
                let line = &self.buffer[from..to];
                return Ok(Next::Line(line.strip_suffix(b"\r").unwrap_or(line)));
            }
            looked = rest.len();
            if looked > LONGEST {
                return Ok(Next::TooLong);
            }
            if self.ended {
                let from = std::mem::replace(&mut self.from, self.to);
                let last = &self.buffer[from..self.to];
                return Ok(if last.is_empty() { Next::End } else { Next::Line(last) });
            }
            self.fill()?;
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.from..self.to, 0);
        (self.from, self.to) = (0, self.to - self.from);
        loop {
            match self.source.read(&mut self.buffer[self.to..]) {
                Ok(n) => {
                    self.to += n;
                    self.ended = n == 0;
                    return Ok(());
                }
                Err(it) if it.kind() == io::ErrorKind::Interrupted => {}
                Err(it) => return Err(it),
            }
        }
    }
}
