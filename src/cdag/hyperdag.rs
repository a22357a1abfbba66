//! Reading a CDAG from `HyperdagDB` text, as `OneStopParallel` writes it.
//!
//! ```text
//! % comment
//! hyperedges vertices pins
//! id comm_weight mem_weight        one line a hyperedge
//! id work_weight type              one line a vertex
//! hyperedge vertex                 one line a pin
//! ```
//!
//! The first pin of a hyperedge is the vertex that produces the value, the others read it, in the
//! order of the file; a sink has no hyperedge. Weights and types must be numbers and are not kept:
//! here every value is one word.

use super::{Cdag, Malformed, Vertex, explicit::MAX_VERTICES};
use std::fmt;

/// What is wrong, and in which line, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line; for a file cut short, one past the last.
    pub line: usize,
    /// What is wrong there.
    pub kind: Kind,
}

/// What can be wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The file ends where a line of this sort must follow.
    CutShort(Section),
    /// The line is not the numbers, below 2⁶⁴, that this section asks for.
    Expected(Section),
    /// An id of a hyperedge or a vertex that the header does not announce.
    UnknownId {
        /// The id.
        id: u64,
        /// Ids are below this.
        limit: u64,
    },
    /// A hyperedge or a vertex is described twice.
    Repeated {
        /// Its id.
        id: u64,
    },
    /// Two hyperedges are produced by the same vertex.
    ProducedTwice {
        /// The vertex.
        vertex: Vertex,
    },
    /// A hyperedge has no pin.
    NoPins {
        /// The hyperedge.
        hyperedge: u64,
    },
    /// Something follows the last pin.
    Trailing,
    /// The pins form no CDAG; the line is the last one.
    Malformed(Malformed),
}

/// The parts of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The three sizes.
    Header,
    /// The hyperedges.
    Hyperedges,
    /// The vertices.
    Vertices,
    /// The pins.
    Pins,
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "the header `hyperedges vertices pins`",
            Self::Hyperedges => "a hyperedge `id comm_weight mem_weight`",
            Self::Vertices => "a vertex `id work_weight type`",
            Self::Pins => "a pin `hyperedge vertex`",
        })
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match self.kind {
            Kind::CutShort(section) => write!(f, "the file ends before {section}"),
            Kind::Expected(section) => write!(f, "expected {section}"),
            Kind::UnknownId { id, limit } => write!(f, "id {id}, but the ids end before {limit}"),
            Kind::Repeated { id } => write!(f, "id {id} is described twice"),
            Kind::ProducedTwice { vertex } => {
                write!(f, "vertex {} produces a second hyperedge", vertex.0)
            }
            Kind::NoPins { hyperedge } => write!(f, "hyperedge {hyperedge} has no pin"),
            Kind::Trailing => f.write_str("something follows the last pin"),
            Kind::Malformed(it) => it.fmt(f),
        }
    }
}

impl std::error::Error for ParseError {}

/// The CDAG that `text` describes.
///
/// # Errors
///
/// [`ParseError`] with the line: another format, a file cut short, ids out of range, a cycle.
pub fn parse(text: &str) -> Result<Cdag, ParseError> {
    let mut lines = Lines { text: text.lines(), line: 0 };
    let [hyperedges, vertices, pins] = lines.numbers(Section::Header)?;
    if vertices > MAX_VERTICES {
        let n_vertices = u128::from(vertices);
        let it = Malformed::TooLarge { n_vertices, limit: MAX_VERTICES };
        return Err(lines.error(Kind::Malformed(it)));
    }
    if hyperedges > vertices {
        return Err(lines.error(Kind::UnknownId { id: hyperedges, limit: vertices + 1 }));
    }
    for (section, limit) in [(Section::Hyperedges, hyperedges), (Section::Vertices, vertices)] {
        let mut seen = filled(limit, false);
        for _ in 0..limit {
            let [id, _, _] = lines.numbers(section)?;
            if std::mem::replace(lines.entry(&mut seen, id)?, true) {
                return Err(lines.error(Kind::Repeated { id }));
            }
        }
    }
    let mut producers = filled(hyperedges, None);
    let mut produces = filled(vertices, false);
    let mut operands = filled(vertices, Vec::new());
    for _ in 0..pins {
        let [hyperedge, id] = lines.numbers(Section::Pins)?;
        let vertex = Vertex(id);
        lines.entry(&mut produces, id)?;
        match lines.entry(&mut producers, hyperedge)? {
            Some(producer) => lines.entry(&mut operands, id)?.push(*producer),
            producer => {
                *producer = Some(vertex);
                if std::mem::replace(lines.entry(&mut produces, id)?, true) {
                    return Err(lines.error(Kind::ProducedTwice { vertex }));
                }
            }
        }
    }
    if lines.next().is_some() {
        return Err(lines.error(Kind::Trailing));
    }
    for (hyperedge, producer) in (0..).zip(&producers) {
        if producer.is_none() {
            return Err(lines.error(Kind::NoPins { hyperedge }));
        }
    }
    Cdag::new(operands).map_err(|it| lines.error(Kind::Malformed(it)))
}

fn filled<T: Clone>(length: u64, with: T) -> Vec<T> {
    (0..length).map(|_| with.clone()).collect()
}

struct Lines<'a> {
    text: std::str::Lines<'a>,
    line: usize,
}

impl<'a> Lines<'a> {
    /// The next line that says something; `line` is its number, or one past the last.
    fn next(&mut self) -> Option<&'a str> {
        loop {
            self.line += 1;
            let line = self.text.next()?.trim();
            if !line.is_empty() && !line.starts_with('%') {
                return Some(line);
            }
        }
    }

    fn numbers<const K: usize>(&mut self, section: Section) -> Result<[u64; K], ParseError> {
        let line = self.next().ok_or(self.error(Kind::CutShort(section)))?;
        let words: Result<Vec<u64>, _> = line.split_whitespace().map(str::parse).collect();
        let numbers = words.ok().and_then(|it| it.try_into().ok());
        numbers.ok_or(self.error(Kind::Expected(section)))
    }

    fn entry<'b, T>(&self, list: &'b mut [T], id: u64) -> Result<&'b mut T, ParseError> {
        let limit = u64::try_from(list.len()).unwrap_or(u64::MAX);
        let entry = usize::try_from(id).ok().and_then(|it| list.get_mut(it));
        entry.ok_or(self.error(Kind::UnknownId { id, limit }))
    }

    fn error(&self, kind: Kind) -> ParseError {
        ParseError { line: self.line, kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdag::Operands;
    use proptest::prelude::*;

    const SMALL: &str = "%% x\n2 3 4\n0 1 1\n1 1 1\n0 1 0\n1 1 0\n2 2 0\n0 0\n0 2\n1 1\n1 2\n";

    #[test]
    fn reads_a_small_one() {
        let cdag = parse(SMALL).unwrap();
        assert_eq!((cdag.n_vertices(), cdag.n_edges()), (3, 2));
        assert_eq!(cdag.operands(Vertex(2)), [Vertex(0), Vertex(1)]);
    }

    fn check(from: &str, to: &str, line: usize, kind: Kind) {
        assert!(SMALL.contains(from));
        assert_eq!(parse(&SMALL.replacen(from, to, 1)).unwrap_err(), ParseError { line, kind });
    }

    #[test]
    fn one_fault_each() {
        check("1 2\n", "", 11, Kind::CutShort(Section::Pins));
        check("2 3 4", "2 3", 2, Kind::Expected(Section::Header));
        check("2 3 4", "2 3 18446744073709551616", 2, Kind::Expected(Section::Header));
        check("2 2 0", "2 x 0", 7, Kind::Expected(Section::Vertices));
        check("1 1 1", "0 1 1", 4, Kind::Repeated { id: 0 });
        check("0 2\n", "0 3\n", 9, Kind::UnknownId { id: 3, limit: 3 });
        check("0 2\n", "2 2\n", 9, Kind::UnknownId { id: 2, limit: 2 });
        check("1 1\n1 2\n", "1 0\n1 2\n", 10, Kind::ProducedTwice { vertex: Vertex(0) });
        check("1 1\n1 2\n", "0 1\n0 2\n", 12, Kind::NoPins { hyperedge: 1 });
        check("1 2\n", "1 2\n0 0\n", 12, Kind::Trailing);
        check("1 1\n1 2", "1 2\n1 0", 12, Kind::Malformed(Malformed::Cycle { vertex: Vertex(2) }));
        let cut = Kind::CutShort(Section::Header);
        assert_eq!(parse("").unwrap_err(), ParseError { line: 1, kind: cut });
    }

    #[test]
    fn sizes_are_not_believed() {
        let error = parse("1 18446744073709551615 1\n").unwrap_err();
        let n_vertices = u128::from(u64::MAX);
        let it = Malformed::TooLarge { n_vertices, limit: MAX_VERTICES };
        assert_eq!(error, ParseError { line: 1, kind: Kind::Malformed(it) });
        let error = parse("9 3 1\n").unwrap_err();
        assert_eq!(error.kind, Kind::UnknownId { id: 9, limit: 4 });
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "([0-9 %]{0,6}\n){0,12}") {
            let _ = parse(&text);
        }

        #[test]
        fn any_cut_is_refused(at in 0..SMALL.len() - 2) {
            prop_assert!(parse(&SMALL[..at]).is_err());
        }
    }
}
