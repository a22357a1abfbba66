//! Accesses: which word a program touches, one after the other.
//!
//! A schedule places every word by itself. A cache is shown only the touches and decides alone; this
//! is what it is shown. Streams are handed over by internal iteration and never collected.

use std::ops::ControlFlow;

/// One touch of one word.
///
/// Words are numbered from 0 without large gaps: what is kept for a stream is as large as its
/// largest number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Access {
    /// Which word.
    pub word: u32,
    /// Is it written? A touch that reads and writes, `s += x`, is one write.
    pub write: bool,
}

impl Access {
    /// Reads `word`.
    #[must_use]
    pub const fn read(word: u32) -> Self {
        Self { word, write: false }
    }

    /// Writes `word`.
    #[must_use]
    pub const fn write(word: u32) -> Self {
        Self { word, write: true }
    }
}

/// Something that can hand over accesses one by one.
pub trait AccessSource {
    /// Why the source stopped by itself.
    type Error;

    /// Calls `sink` with each access until it breaks or the stream ends.
    ///
    /// # Errors
    ///
    /// The source's own failure; what was emitted before it stands.
    fn emit<B>(
        &mut self,
        sink: &mut impl FnMut(Access) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, Self::Error>;

    /// Calls `see` with each access.
    ///
    /// # Errors
    ///
    /// The source's own failure.
    fn each(&mut self, mut see: impl FnMut(Access)) -> Result<(), Self::Error> {
        self.emit::<std::convert::Infallible>(&mut |it| {
            see(it);
            ControlFlow::Continue(())
        })
        .map(|_| ())
    }
}

/// A slice is a source: for tests and for traces that are held anyway.
impl AccessSource for &[Access] {
    type Error = std::convert::Infallible;

    fn emit<B>(
        &mut self,
        sink: &mut impl FnMut(Access) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, Self::Error> {
        for it in *self {
            if let ControlFlow::Break(b) = sink(*it) {
                return Ok(ControlFlow::Break(b));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}
