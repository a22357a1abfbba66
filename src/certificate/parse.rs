//! Reading a certificate: fixed fields in a fixed order, nothing guessed, nothing left over.

use super::{
    Attention, Certificate, Claim, Digest, Evidence, Problem, Wavefront, is_bound_id, is_file_name,
};
use crate::cdag::Vertex;
use crate::model::{Machine, Partial, Recompute, Words};
use num_bigint::BigUint;
use std::fmt;
use std::str::FromStr;

/// Digits a value may have: more than any bound needs (N²d² ≤ 2¹⁹² has 58).
pub const MAX_DIGITS: usize = 80;

/// What is wrong, and in which line, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line; for a text cut short, one past the last.
    pub line: usize,
    /// What is wrong there.
    pub kind: Kind,
}

/// What can be wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The first line is not `iobound-certificate` and a version.
    NotACertificate,
    /// Another version than 1.
    UnknownVersion,
    /// Bytes that are not UTF-8.
    NotText,
    /// The text ends where this field must follow.
    CutShort(&'static str),
    /// Another field stands where this one must.
    MissingField(&'static str),
    /// A field that was there already.
    DuplicateField(&'static str),
    /// A field that the format does not have.
    UnknownField,
    /// The field's values are not what it takes.
    BadValue(&'static str),
    /// A number with too many digits, a leading zero or something that is no digit.
    BadNumber,
    /// Something follows `end`.
    Trailing,
}

impl Kind {
    /// Its name, as in the names of the files under `proofs/*/reject/`.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::NotACertificate => "not-a-certificate",
            Self::UnknownVersion => "unknown-version",
            Self::NotText => "not-text",
            Self::CutShort(_) => "cut-short",
            Self::MissingField(_) => "missing-field",
            Self::DuplicateField(_) => "duplicate-field",
            Self::UnknownField => "unknown-field",
            Self::BadValue(_) => "bad-value",
            Self::BadNumber => "bad-number",
            Self::Trailing => "trailing",
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match self.kind {
            Kind::NotACertificate => f.write_str("expected the line `iobound-certificate 1`"),
            Kind::UnknownVersion => f.write_str("only version 1 is known"),
            Kind::NotText => f.write_str("not UTF-8 text"),
            Kind::CutShort(field) => write!(f, "the text ends before `{field}`"),
            Kind::MissingField(field) => write!(f, "expected the field `{field}`"),
            Kind::DuplicateField(field) => write!(f, "the field `{field}` was given before"),
            Kind::UnknownField => f.write_str("no such field"),
            Kind::BadValue(takes) => write!(f, "expected `{takes}`"),
            Kind::BadNumber => {
                f.write_str("a number has only digits, not too many, and no leading zero")
            }
            Kind::Trailing => f.write_str("something follows `end`"),
        }
    }
}

impl std::error::Error for ParseError {}

/// What a problem's field takes.
const PROBLEM: Kind = Kind::BadValue(
    "problem inline N|digest SHA|file NAME SHA|attention[-backward] N N' DK DV PAIRS COPIES",
);

/// The fields, in the order in which they must stand.
const FIELDS: &[&str] = &[
    "iobound-certificate",
    "problem",
    "reads",
    "fast",
    "recompute",
    "partial",
    "bound",
    "value",
    "evidence",
    "wavefront",
    "path",
    "end",
];

/// The certificate that `text` holds. Blank lines and lines that begin with `#` say nothing.
///
/// Memory is in proportion to the text, whatever sizes it announces.
///
/// # Errors
///
/// [`ParseError`] with the line.
pub fn parse(text: &[u8]) -> Result<Certificate, ParseError> {
    let text = std::str::from_utf8(text).map_err(|it| {
        let before = text.iter().take(it.valid_up_to());
        ParseError { line: 1 + before.filter(|it| **it == b'\n').count(), kind: Kind::NotText }
    })?;
    let mut lines = Lines { lines: text.lines(), line: 0 };
    match lines.next().and_then(|it| it.strip_prefix("iobound-certificate ")) {
        None => return Err(lines.error(Kind::NotACertificate)),
        Some("1") => {}
        Some(_) => return Err(lines.error(Kind::UnknownVersion)),
    }
    let problem = lines.problem()?;
    let fast = lines.field("fast")?;
    let fast = Words(lines.number(fast)?);
    let recompute = match lines.field("recompute")? {
        "allowed" => Recompute::Allowed,
        "forbidden" => Recompute::Forbidden,
        _ => return Err(lines.error(Kind::BadValue("recompute allowed|forbidden"))),
    };
    let partial = match lines.field("partial")? {
        "off" => Partial::Off,
        "on" => Partial::On,
        _ => return Err(lines.error(Kind::BadValue("partial off|on"))),
    };
    let bound = lines.field("bound")?.to_owned();
    if !is_bound_id(&bound) {
        return Err(lines.error(Kind::BadValue("bound ID")));
    }
    let value = lines.field("value")?;
    let value = lines.value(value)?;
    let evidence = lines.evidence()?;
    if !lines.field("end")?.is_empty() {
        return Err(lines.error(Kind::BadValue("end")));
    }
    if lines.next().is_some() {
        return Err(lines.error(Kind::Trailing));
    }
    let machine = Machine { fast, recompute, partial };
    Ok(Certificate { claim: Claim { problem, machine, bound, value }, evidence })
}

struct Lines<'a> {
    lines: std::str::Lines<'a>,
    line: usize,
}

impl<'a> Lines<'a> {
    /// The next line that says something.
    fn next(&mut self) -> Option<&'a str> {
        loop {
            self.line += 1;
            let line = self.lines.next()?;
            if !line.is_empty() && !line.starts_with('#') {
                return Some(line);
            }
        }
    }

    /// What the next line, which must be the field `name`, says after it; nothing if that is all.
    fn field(&mut self, name: &'static str) -> Result<&'a str, ParseError> {
        let line = self.next().ok_or_else(|| self.error(Kind::CutShort(name)))?;
        let (found, rest) = line.split_once(' ').unwrap_or((line, ""));
        if found == name {
            return Ok(rest);
        }
        let place = |it| FIELDS.iter().position(|known| *known == it);
        Err(self.error(match place(found) {
            None => Kind::UnknownField,
            Some(it) if Some(it) < place(name) => Kind::DuplicateField(FIELDS[it]),
            Some(_) => Kind::MissingField(name),
        }))
    }

    fn problem(&mut self) -> Result<Problem, ParseError> {
        let given = self.field("problem")?;
        let digest = |it| Digest::parse(it).ok_or(Kind::BadValue("SHA-256, 64 digits 0-9a-f"));
        let words: Vec<&str> = given.split(' ').collect();
        match words[..] {
            ["inline", n] => {
                let n: u64 = self.number(n)?;
                let mut operands = vec![];
                for _ in 0..n {
                    let reads = self.field("reads")?;
                    operands.push(self.vertices(reads)?);
                }
                Ok(Problem::Inline(operands))
            }
            ["digest", it] => digest(it).map(Problem::Digest).map_err(|it| self.error(it)),
            ["file", name, it] if is_file_name(name) => {
                let digest = digest(it).map_err(|it| self.error(it))?;
                Ok(Problem::File { name: name.to_owned(), digest })
            }
            ["attention", ref sizes @ ..] => self.attention(sizes).map(Problem::Attention),
            ["attention-backward", ref sizes @ ..] => self.attention(sizes).map(Problem::Backward),
            _ => Err(self.error(PROBLEM)),
        }
    }

    /// Six sizes.
    fn attention(&self, sizes: &[&str]) -> Result<Attention, ParseError> {
        let [rows, keys, d_k, d_v, pairs, copies] = sizes[..] else {
            return Err(self.error(PROBLEM));
        };
        Ok(Attention {
            rows: self.number(rows)?,
            keys: self.number(keys)?,
            d_k: self.number(d_k)?,
            d_v: self.number(d_v)?,
            pairs: self.number(pairs)?,
            copies: self.number(copies)?,
        })
    }

    fn evidence(&mut self) -> Result<Evidence, ParseError> {
        let given = self.field("evidence")?;
        if given == "none" {
            return Ok(Evidence::None);
        }
        if let Some(length) = given.strip_prefix("segment ") {
            return self.number(length).map(Evidence::Segment);
        }
        let Some(n) = given.strip_prefix("wavefronts ") else {
            return Err(self.error(Kind::BadValue("evidence none|segment X|wavefronts N")));
        };
        let mut fronts = vec![];
        for _ in 0..self.number::<u64>(n)? {
            let given = self.field("wavefront")?;
            let Some((at, n_paths)) = given.split_once(' ') else {
                return Err(self.error(Kind::BadValue("wavefront VERTEX PATHS")));
            };
            let (at, n_paths) = (Vertex(self.number(at)?), self.number::<u64>(n_paths)?);
            let mut paths = vec![];
            for _ in 0..n_paths {
                let path = self.field("path")?;
                paths.push(self.vertices(path)?);
            }
            fronts.push(Wavefront { at, paths });
        }
        Ok(Evidence::Wavefronts(fronts))
    }

    fn vertices(&self, given: &str) -> Result<Vec<Vertex>, ParseError> {
        if given.is_empty() {
            return Ok(vec![]);
        }
        given.split(' ').map(|it| self.number(it).map(Vertex)).collect()
    }

    /// A number that fits into `T`.
    fn number<T: FromStr>(&self, given: &str) -> Result<T, ParseError> {
        let number = digits(given, 39).and_then(|it| it.parse().ok());
        number.ok_or_else(|| self.error(Kind::BadNumber))
    }

    fn value(&self, given: &str) -> Result<BigUint, ParseError> {
        let value = digits(given, MAX_DIGITS).and_then(|it| it.parse().ok());
        value.ok_or_else(|| self.error(Kind::BadNumber))
    }

    fn error(&self, kind: Kind) -> ParseError {
        ParseError { line: self.line, kind }
    }
}

/// `given` if it is written as a number of at most `most` digits.
fn digits(given: &str, most: usize) -> Option<&str> {
    let plain = given.bytes().take(most).all(|it| it.is_ascii_digit());
    let leading = given.len() > 1 && given.starts_with('0');
    (!given.is_empty() && given.len() <= most && plain && !leading).then_some(given)
}
