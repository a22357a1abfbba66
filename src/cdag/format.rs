#![doc = include_str!("FORMATS.md")]

use super::{Labelled, dot, hyperdag, json};
use std::{
    fmt,
    io::{self, Write},
    path::Path,
    str::FromStr,
};

/// A format of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `HyperdagDB` text.
    Hyperdag,
    /// DOT, a subset.
    Dot,
    /// Our JSON.
    Json,
}

/// Every format, its name and the endings of its files.
pub const FORMATS: &[(Format, &str, &[&str])] = &[
    (Format::Hyperdag, "hdag", &["hdag", "hyperdag"]),
    (Format::Dot, "dot", &["dot", "gv"]),
    (Format::Json, "json", &["json"]),
];

/// No format has that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no format is called {0:?}; there are hdag, dot and json")]
pub struct UnknownFormat(pub String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        let found = FORMATS.iter().find(|it| it.1 == text);
        found.map(|it| it.0).ok_or_else(|| UnknownFormat(text.to_owned()))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let it = FORMATS.iter().find(|it| it.0 == *self);
        f.write_str(it.map_or("", |it| it.1))
    }
}

impl Format {
    /// By the ending of the file's name.
    #[must_use]
    pub fn of_name(file: &Path) -> Option<Self> {
        let ending = file.extension()?.to_str()?;
        FORMATS
            .iter()
            .find(|it| it.2.iter().any(|it| ending.eq_ignore_ascii_case(it)))
            .map(|it| it.0)
    }

    /// By how the text begins.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let text = text.trim_start();
        let word = text.find(|it: char| !it.is_ascii_alphanumeric()).unwrap_or(text.len());
        let keyword = ["strict", "digraph", "graph"];
        match text.chars().next()? {
            '{' => Some(Self::Json),
            '%' | '0'..='9' => Some(Self::Hyperdag),
            '/' | '#' => Some(Self::Dot),
            _ if keyword.iter().any(|it| text[..word].eq_ignore_ascii_case(it)) => Some(Self::Dot),
            _ => None,
        }
    }
}

/// Why there is no CDAG in a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Not UTF-8.
    #[error("line {line}: byte {byte} is not UTF-8 text")]
    NotText {
        /// The line.
        line: usize,
        /// The first byte that is none, counted from 0.
        byte: usize,
    },
    /// Neither the name nor the text tells.
    #[error("line 1: not a CDAG: neither HyperdagDB text, nor DOT, nor JSON")]
    UnknownFormat,
    /// `HyperdagDB` text with a fault.
    #[error(transparent)]
    Hyperdag(#[from] hyperdag::ParseError),
    /// DOT with a fault.
    #[error(transparent)]
    Dot(#[from] dot::ParseError),
    /// JSON with a fault.
    #[error(transparent)]
    Json(#[from] json::ParseError),
}

impl ReadError {
    /// The line of the fault, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        match self {
            Self::NotText { line, .. } => *line,
            Self::UnknownFormat => 1,
            Self::Hyperdag(it) => it.line,
            Self::Dot(it) => it.line,
            Self::Json(it) => it.line,
        }
    }
}

/// The CDAG in `bytes`, in the format that the file's name tells, or else the text.
///
/// # Errors
///
/// [`ReadError`] with the line.
pub fn read(bytes: &[u8], file: Option<&Path>) -> Result<Labelled, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|it| {
        let byte = it.valid_up_to();
        let line = 1 + bytes[..byte].iter().filter(|it| **it == b'\n').count();
        ReadError::NotText { line, byte }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let format = file.and_then(Format::of_name).or_else(|| Format::of_text(text));
    match format.ok_or(ReadError::UnknownFormat)? {
        Format::Hyperdag => Ok(hyperdag::parse(text)?.into()),
        Format::Dot => Ok(dot::parse(text)?),
        Format::Json => Ok(json::parse(text)?),
    }
}

/// Writes a CDAG; only DOT and JSON keep names.
///
/// # Errors
///
/// Where it cannot be written.
pub fn write(labelled: &Labelled, format: Format, text: impl Write) -> io::Result<()> {
    match format {
        Format::Hyperdag => hyperdag::write(&labelled.cdag, text),
        Format::Dot => dot::write(labelled, text),
        Format::Json => json::write(labelled, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formats_are_told_apart() {
        let name = |it: &str| Format::of_name(Path::new(it));
        assert_eq!(name("a/b.HDAG"), Some(Format::Hyperdag));
        assert_eq!((name("x.gv"), name("x.json")), (Some(Format::Dot), Some(Format::Json)));
        assert_eq!((name("x.txt"), name("dot")), (None, None));
        assert_eq!(Format::of_text("% x\n1 2 3"), Some(Format::Hyperdag));
        assert_eq!(Format::of_text("\n31 40 76"), Some(Format::Hyperdag));
        assert_eq!(Format::of_text("Strict digraph {}"), Some(Format::Dot));
        assert_eq!(Format::of_text("digraph{}"), Some(Format::Dot));
        assert_eq!(Format::of_text(" {}"), Some(Format::Json));
        assert_eq!((Format::of_text("digraphs {}"), Format::of_text("")), (None, None));
        for (format, name, _) in FORMATS {
            assert_eq!((name.parse(), format.to_string()), (Ok(*format), (*name).to_owned()));
        }
    }

    #[test]
    fn errors_have_their_line() {
        let error = |bytes: &[u8], file: &str| read(bytes, Some(Path::new(file))).unwrap_err();
        assert_eq!(error(b"digraph {\n\xff", "x.dot"), ReadError::NotText { line: 2, byte: 10 });
        assert_eq!(error(b"hello", "x"), ReadError::UnknownFormat);
        // The name counts more than the text.
        assert!(matches!(error(b"{}", "x.hdag"), ReadError::Hyperdag(_)));
        assert_eq!(error(b"digraph {\n a -> a }", "x").line(), 2);
        let said = error(b"digraph {\n b; a -> a }", "x").to_string();
        assert_eq!(said, "line 2: vertex \"a\" reads itself");
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            for it in ["x.hdag", "x.dot", "x.json", "x"] {
                let _ = read(&bytes, Some(Path::new(it)));
            }
        }
    }
}
