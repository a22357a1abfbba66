//! A mask given as blocks: block-sparse attention, documents of any lengths, or any other union of
//! rectangles.
//!
//! ```text
//! iobound-pattern 1
//! rows 12
//! keys 12
//! # rows: the keys they see, each range of the form from..to, the end not included
//! 0..4: 0..4
//! 4..8: 0..4 8..12
//! 8..12:
//! ```
//!
//! Every row stands in exactly one line, in ascending order; a line's ranges ascend and do not meet.
//! A row without keys has the output 0. A CSR matrix of blocks is one line a block row, with a range a
//! block; documents are one line each, with its own range.

use super::Kept;
use crate::model::MAX_EXTENT;
use std::{fmt, ops::Range, str::FromStr};

/// The first line of a file.
pub const FIRST_LINE: &str = "iobound-pattern 1";

/// Rows and the keys they see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// Rows of Q and O.
    pub rows: Range<u64>,
    /// Rows of K and V, ascending, none twice.
    pub keys: Vec<Range<u64>>,
}

/// A mask of rectangles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    rows: u64,
    keys: u64,
    bands: Vec<Band>,
}

/// Why a text is no pattern: the line, from 1, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct NotAPattern {
    /// The line.
    pub line: usize,
    /// What is wrong.
    pub what: Wrong,
}

/// What can be wrong with a line of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Another first line.
    #[error("expected `{FIRST_LINE}`, found `{0}`")]
    FirstLine(String),
    /// `rows` or `keys` is missing or no size.
    #[error("expected `{0} COUNT` with a count from 1 to 2^48, found `{1}`")]
    Size(&'static str, String),
    /// Not of the form from..to.
    #[error("expected a range FROM..TO, as in 0..4, found `{0}`")]
    Range(String),
    /// No colon.
    #[error("expected ROWS: KEYS, as in 0..4: 0..4 8..12, found `{0}`")]
    Line(String),
    /// Nothing in it.
    #[error("the range {0}..{1} is empty")]
    Empty(u64, u64),
    /// It leads outside.
    #[error("the {what} {from}..{to} lead outside: there are {most}")]
    Outside {
        /// `rows` or `keys`.
        what: &'static str,
        /// The first.
        from: u64,
        /// One past the last.
        to: u64,
        /// How many there are.
        most: u64,
    },
    /// A row or key twice, or not in order.
    #[error("the {what} {from}..{to} begin before {after}, the end of those before them: {why}")]
    Again {
        /// `rows` or `keys`.
        what: &'static str,
        /// The first.
        from: u64,
        /// One past the last.
        to: u64,
        /// Where the others end.
        after: u64,
        /// What that breaks.
        why: &'static str,
    },
    /// Rows in no line.
    #[error("rows {from}..{to} stand in no line; rows without keys need one, as in {from}..{to}:")]
    Missing {
        /// The first.
        from: u64,
        /// One past the last.
        to: u64,
    },
}

impl Pattern {
    /// A pattern of bands.
    ///
    /// # Errors
    ///
    /// [`NotAPattern`], with the number of the band, from 1, for the line.
    pub fn new(rows: u64, keys: u64, bands: Vec<Band>) -> Result<Self, NotAPattern> {
        let mut pattern = Self { rows, keys, bands: vec![] };
        for (name, size) in [("rows", rows), ("keys", keys)] {
            if !(1..=MAX_EXTENT).contains(&size) {
                return Err(NotAPattern { line: 1, what: Wrong::Size(name, size.to_string()) });
            }
        }
        let last = bands.len();
        for (band, line) in bands.into_iter().zip(1..) {
            pattern.push(band).map_err(|what| NotAPattern { line, what })?;
        }
        pattern.whole().map_err(|what| NotAPattern { line: last, what })?;
        Ok(pattern)
    }

    /// Documents of these lengths, one after the other: each row sees its own.
    ///
    /// # Errors
    ///
    /// [`NotAPattern`] if there are none or one is empty.
    pub fn documents(lengths: &[u64]) -> Result<Self, NotAPattern> {
        let mut bands = vec![];
        let mut start = 0_u64;
        for length in lengths {
            let rows = start..start.saturating_add(*length);
            start = rows.end;
            bands.push(Band { keys: vec![rows.clone()], rows });
        }
        Self::new(start, start, bands)
    }

    fn push(&mut self, band: Band) -> Result<(), Wrong> {
        let done = self.bands.last().map_or(0, |it| it.rows.end);
        let rows = &band.rows;
        inside("rows", rows, self.rows)?;
        if rows.start < done {
            let why = "each row stands in one line, in ascending order";
            return Err(again("rows", rows, done, why));
        }
        if rows.start > done {
            return Err(Wrong::Missing { from: done, to: rows.start });
        }
        let mut done = 0;
        for keys in &band.keys {
            inside("keys", keys, self.keys)?;
            if keys.start < done {
                return Err(again(
                    "keys",
                    keys,
                    done,
                    "each block stands once, in ascending order",
                ));
            }
            done = keys.end;
        }
        self.bands.push(band);
        Ok(())
    }

    /// Does every row stand in a band?
    fn whole(&self) -> Result<(), Wrong> {
        let done = self.bands.last().map_or(0, |it| it.rows.end);
        if done < self.rows {
            return Err(Wrong::Missing { from: done, to: self.rows });
        }
        Ok(())
    }

    /// N.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// N'.
    #[must_use]
    pub fn keys(&self) -> u64 {
        self.keys
    }

    /// The bands, ascending; together all rows.
    #[must_use]
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// Does query `i` see key `j`?
    #[must_use]
    pub fn keeps(&self, i: u64, j: u64) -> bool {
        let at = self.bands.partition_point(|it| it.rows.end <= i);
        self.bands.get(at).is_some_and(|it| it.keys.iter().any(|it| it.contains(&j)))
    }

    /// Rows and keys with at least one pair, and the pairs.
    #[must_use]
    pub fn kept(&self) -> Kept {
        let mut kept = Kept { rows: 0, keys: 0, pairs: 0 };
        let mut touched: Vec<&Range<u64>> = vec![];
        for band in &self.bands {
            let rows = band.rows.end - band.rows.start;
            let keys: u64 = band.keys.iter().map(|it| it.end - it.start).sum();
            kept.rows += if keys > 0 { rows } else { 0 };
            kept.pairs += u128::from(rows) * u128::from(keys);
            touched.extend(&band.keys);
        }
        touched.sort_unstable_by_key(|it| it.start);
        let mut done = 0;
        for it in touched {
            kept.keys += it.end.saturating_sub(it.start.max(done));
            done = done.max(it.end);
        }
        kept
    }
}

fn inside(what: &'static str, it: &Range<u64>, most: u64) -> Result<(), Wrong> {
    let (from, to) = (it.start, it.end);
    if from >= to {
        return Err(Wrong::Empty(from, to));
    }
    if to > most { Err(Wrong::Outside { what, from, to, most }) } else { Ok(()) }
}

fn again(what: &'static str, it: &Range<u64>, after: u64, why: &'static str) -> Wrong {
    Wrong::Again { what, from: it.start, to: it.end, after, why }
}

fn range(text: &str) -> Result<Range<u64>, Wrong> {
    let ends = text.split_once("..").and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    ends.map(|(a, b)| a..b).ok_or_else(|| Wrong::Range(text.to_owned()))
}

impl FromStr for Pattern {
    type Err = NotAPattern;

    fn from_str(text: &str) -> Result<Self, NotAPattern> {
        let plain = |it: &str| it.split('#').next().unwrap_or_default().trim().to_owned();
        let lines = text.lines().zip(1..).map(|(it, line)| (plain(it), line));
        let mut lines = lines.filter(|it| !it.0.is_empty());
        let end = text.lines().count().max(1);
        let mut next = || lines.next().unwrap_or((String::new(), end));
        let (first, line) = next();
        if first != FIRST_LINE {
            return Err(NotAPattern { line, what: Wrong::FirstLine(first) });
        }
        let mut size = |name: &'static str| {
            let (found, line) = next();
            let value = found.strip_prefix(name).and_then(|it| it.trim().parse::<u64>().ok());
            let value = value.filter(|it| (1..=MAX_EXTENT).contains(it));
            value.ok_or(NotAPattern { line, what: Wrong::Size(name, found) })
        };
        let (rows, keys) = (size("rows")?, size("keys")?);
        let mut pattern = Self { rows, keys, bands: vec![] };
        for (text, line) in lines {
            let band = text.split_once(':').ok_or_else(|| Wrong::Line(text.clone()));
            let band = band.and_then(|(rows, keys)| {
                let keys = keys.split_whitespace().map(range).collect::<Result<_, _>>()?;
                Ok(Band { rows: range(rows.trim())?, keys })
            });
            let pushed = band.and_then(|it| pattern.push(it));
            pushed.map_err(|what| NotAPattern { line, what })?;
        }
        pattern.whole().map_err(|what| NotAPattern { line: end, what })?;
        Ok(pattern)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}\nrows {}\nkeys {}", self.rows, self.keys)?;
        for Band { rows, keys } in &self.bands {
            write!(f, "{}..{}:", rows.start, rows.end)?;
            keys.iter().try_for_each(|it| write!(f, " {}..{}", it.start, it.end))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "iobound-pattern 1\nrows 6\nkeys 8\n0..2: 0..2 6..8\n2..5: 1..4\n5..6:\n";

    #[test]
    fn as_written() {
        let pattern: Pattern = TEXT.parse().unwrap();
        assert_eq!(pattern.to_string(), TEXT);
        assert!(pattern.keeps(1, 7) && pattern.keeps(2, 1) && !pattern.keeps(2, 0));
        assert!((0..8).all(|j| !pattern.keeps(5, j)));
        // 2·4 + 3·3 pairs of five rows; keys 4 and 5 are seen by none.
        assert_eq!(pattern.kept(), Kept { rows: 5, keys: 6, pairs: 17 });
        let documents = Pattern::documents(&[3, 1, 2]).unwrap();
        assert_eq!(documents.kept(), Kept { rows: 6, keys: 6, pairs: 9 + 1 + 4 });
    }

    #[test]
    fn wrong_ones() {
        let check = |from: &str, to: &str, expected: &str| {
            let error = TEXT.replacen(from, to, 1).parse::<Pattern>().unwrap_err();
            assert_eq!(error.to_string(), expected);
        };
        check(
            "pattern 1",
            "pattern 2",
            "line 1: expected `iobound-pattern 1`, found `iobound-pattern 2`",
        );
        check(
            "rows 6",
            "rows 0",
            "line 2: expected `rows COUNT` with a count from 1 to 2^48, found `rows 0`",
        );
        check("6..8", "6..9", "line 4: the keys 6..9 lead outside: there are 8");
        check(
            "0..2 6..8",
            "0..2 1..8",
            "line 4: the keys 1..8 begin before 2, the end of those before them: each block stands \
             once, in ascending order",
        );
        check(
            "2..5:",
            "1..5:",
            "line 5: the rows 1..5 begin before 2, the end of those before them: each row stands in \
             one line, in ascending order",
        );
        check(
            "2..5:",
            "3..5:",
            "line 5: rows 2..3 stand in no line; rows without keys need one, as in 2..3:",
        );
        check(
            "5..6:\n",
            "",
            "line 5: rows 5..6 stand in no line; rows without keys need one, as in 5..6:",
        );
        check("1..4", "4..4", "line 5: the range 4..4 is empty");
        check("1..4", "1-4", "line 5: expected a range FROM..TO, as in 0..4, found `1-4`");
        check("5..6:", "5..6", "line 6: expected ROWS: KEYS, as in 0..4: 0..4 8..12, found `5..6`");
        assert!("".parse::<Pattern>().is_err());
    }
}
