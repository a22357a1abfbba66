//! Text to tokens, with the place of each and the comments between them.

use super::{draft::Place, parser::ParseError};

/// What the grammar distinguishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    Int(u64),
    Sign(&'static str),
    Comment(String),
    End,
}

/// Longest first, so that `+=` is not `+` and `=`.
const SIGNS: &[&str] = &[
    "..", "+=", "<=", ">=", "==", "[", "]", "{", "}", "(", ")", ",", ";", ":", "=", "+", "-", "*",
    "/", "^", "<", ">",
];

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Word(it) => write!(f, "`{it}`"),
            Self::Int(it) => write!(f, "`{it}`"),
            Self::Sign(it) => write!(f, "`{it}`"),
            Self::Comment(_) => write!(f, "a comment"),
            Self::End => write!(f, "the end of the text"),
        }
    }
}

/// All tokens of `text`, which begins on line `line`, ending with [`Token::End`].
pub(super) fn tokens(text: &str, line: u32) -> Result<Vec<(Token, Place)>, ParseError> {
    let mut tokens = vec![];
    let mut at = Place { line, column: 1 };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (token, len) = if c.is_whitespace() {
            (None, c.len_utf8())
        } else if c == '#' {
            let line = rest.split('\n').next().unwrap_or(rest);
            let comment = line[1..].strip_prefix(' ').unwrap_or(&line[1..]).trim_end();
            (Some(Token::Comment(comment.to_owned())), line.len())
        } else if c.is_ascii_digit() {
            let len = prefix(rest, |c| c.is_ascii_digit());
            let int = rest[..len].parse().map_err(|_| {
                ParseError::new(at, "an integer below 2^64", &format!("`{}`", &rest[..len]))
            })?;
            (Some(Token::Int(int)), len)
        } else if c.is_alphabetic() || c == '_' {
            let len = prefix(rest, |c| c.is_alphanumeric() || c == '_');
            (Some(Token::Word(rest[..len].to_owned())), len)
        } else if let Some(sign) = SIGNS.iter().find(|it| rest.starts_with(**it)) {
            (Some(Token::Sign(sign)), sign.len())
        } else {
            let found = format!("the character {c:?}");
            return Err(ParseError::new(at, "a name, a number or a sign", &found));
        };
        tokens.extend(token.map(|it| (it, at)));
        for c in rest[..len].chars() {
            if c == '\n' {
                at = Place { line: at.line.saturating_add(1), column: 1 };
            } else {
                at.column = at.column.saturating_add(1);
            }
        }
        rest = &rest[len..];
    }
    tokens.push((Token::End, at));
    Ok(tokens)
}

/// The bytes at the beginning of `text` whose characters all pass `keep`.
fn prefix(text: &str, keep: impl Fn(char) -> bool) -> usize {
    text.find(|c| !keep(c)).unwrap_or(text.len())
}
