//! The words of DOT.

use super::{Kind, ParseError};
use std::{borrow::Cow, fmt};

/// A word of DOT, or one of its signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name, a numeral or a quoted text; only a bare name can be a keyword.
    Id {
        text: Cow<'a, str>,
        bare: bool,
    },
    /// Text between `<` and `>`.
    Html,
    Arrow,
    Sign(char),
}

impl Token<'_> {
    /// Is it this keyword? Upper and lower case are the same.
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Id { text, bare: true } if text.eq_ignore_ascii_case(keyword))
    }

    pub(super) fn is_keyword(&self) -> bool {
        ["node", "edge", "graph", "digraph", "subgraph", "strict"].iter().any(|it| self.is(it))
    }
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id { text, .. } => write!(f, "{text:?}"),
            Self::Html => f.write_str("HTML"),
            Self::Arrow => f.write_str("`->`"),
            Self::Sign(it) => write!(f, "`{it}`"),
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Lexer<'a> {
    rest: &'a str,
    pub(super) line: usize,
    line_start: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text, line: 1, line_start: true }
    }

    pub(super) fn error(&self, kind: Kind) -> ParseError {
        ParseError { line: self.line, kind }
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.line += taken.bytes().filter(|it| *it == b'\n').count();
        self.line_start = if taken.is_empty() { self.line_start } else { taken.ends_with('\n') };
        self.rest = rest;
        taken
    }

    /// Takes everything up to and with `end`, whose beginning `start` is there.
    fn comment(&mut self, start: &str, end: &str) -> Result<(), ParseError> {
        let found = self.rest[start.len()..].find(end);
        let length = found.ok_or_else(|| self.error(Kind::Unterminated("a comment")))?;
        self.take(start.len() + length + end.len());
        Ok(())
    }

    fn blank(&mut self) -> Result<(), ParseError> {
        loop {
            let spaces = self.rest.len() - self.rest.trim_start().len();
            if spaces > 0 {
                self.take(spaces);
            } else if self.rest.starts_with("/*") {
                self.comment("/*", "*/")?;
            } else if self.rest.starts_with("//") || (self.line_start && self.rest.starts_with('#'))
            {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.take(end);
            } else {
                return Ok(());
            }
        }
    }

    pub(super) fn next(&mut self) -> Result<Option<Token<'a>>, ParseError> {
        self.blank()?;
        let Some(first) = self.rest.chars().next() else { return Ok(None) };
        let token = match first {
            '{' | '}' | '[' | ']' | ';' | ',' | '=' | ':' | '+' => {
                self.take(1);
                Token::Sign(first)
            }
            '-' if self.rest.starts_with("->") => {
                self.take(2);
                Token::Arrow
            }
            '-' if self.rest.starts_with("--") => return Err(self.error(Kind::Undirected)),
            '"' => Token::Id { text: self.quoted()?, bare: false },
            '<' => {
                let length = html(self.rest);
                let length = length.ok_or_else(|| self.error(Kind::Unterminated("HTML")))?;
                self.take(length);
                Token::Html
            }
            '-' | '.' | '0'..='9' => Token::Id { text: self.numeral()?.into(), bare: false },
            _ if is_name(first) => {
                let end = self.rest.find(|it| !is_name(it)).unwrap_or(self.rest.len());
                Token::Id { text: self.take(end).into(), bare: true }
            }
            _ => return Err(self.error(Kind::Character(first))),
        };
        Ok(Some(token))
    }

    fn numeral(&mut self) -> Result<&'a str, ParseError> {
        let sign = usize::from(self.rest.starts_with('-'));
        let numeral = |it: char| it.is_ascii_digit() || it == '.';
        let end = self.rest[sign..].find(|it| !numeral(it)).map_or(self.rest.len(), |it| it + sign);
        let text = &self.rest[..end];
        let digits = text.bytes().any(|it| it.is_ascii_digit());
        let points = text.bytes().filter(|it| *it == b'.').count();
        let next = self.rest[end..].chars().next();
        if !digits || points > 1 || next.is_some_and(is_name) {
            return Err(self.error(Kind::Numeral));
        }
        Ok(self.take(end))
    }

    /// In quotes only `\"` is an escape, and a backslash joins two lines; others are kept.
    fn quoted(&mut self) -> Result<Cow<'a, str>, ParseError> {
        let mut backslash = false;
        let end = self.rest.bytes().skip(1).position(|it| {
            let ends = it == b'"' && !backslash;
            backslash = it == b'\\' && !backslash;
            ends
        });
        let end = end.ok_or_else(|| self.error(Kind::Unterminated("a quoted name")))?;
        let text = &self.take(end + 2)[1..=end];
        if !text.contains('\\') {
            return Ok(text.into());
        }
        let (mut plain, mut chars) = (String::new(), text.chars().peekable());
        while let Some(it) = chars.next() {
            match (it, chars.peek()) {
                ('\\', Some('"')) => {}
                ('\\', Some('\n')) => {
                    chars.next();
                }
                ('\\', Some('\\')) => {
                    chars.next();
                    plain.push_str("\\\\");
                }
                _ => plain.push(it),
            }
        }
        Ok(plain.into())
    }
}

fn is_name(it: char) -> bool {
    it.is_ascii_alphanumeric() || it == '_' || !it.is_ascii()
}

/// The length of the text from `<` to the `>` that closes it.
fn html(text: &str) -> Option<usize> {
    let mut depth = 0u64;
    for (at, it) in text.bytes().enumerate() {
        match it {
            b'<' => depth += 1,
            b'>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}
