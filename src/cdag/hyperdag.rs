//! `HyperdagDB` text, read and written; the format is in [`super::format`].

mod write;

pub use write::write;

use super::{Cdag, Malformed, Vertex, edges::Edges, explicit::MAX_VERTICES};
use std::fmt;

/// What is wrong, and in which line, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line; for a file cut short, one past the last.
    pub line: usize,
    /// What is wrong there.
    pub kind: Kind,
}

/// What can be wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
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
    /// The header announces more hyperedges than vertices, and each has a vertex of its own.
    TooManyHyperedges {
        /// How many hyperedges.
        hyperedges: u64,
        /// How many vertices.
        vertices: u64,
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
    /// A weight of a hyperedge that is not 1: here every value is one word.
    Weight {
        /// The weight.
        weight: u64,
    },
    /// Some lines of a section give weights, and others do not, or other ones.
    Mixed(Section),
    /// The pins form no CDAG; the line is the one that closes the cycle.
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
            Self::Hyperedges => "a hyperedge `id [comm_weight [mem_weight]]`",
            Self::Vertices => "a vertex `id [work_weight [type]]`",
            Self::Pins => "a pin `hyperedge vertex`",
        })
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.kind {
            Kind::CutShort(section) => write!(f, "the file ends before {section}"),
            Kind::Expected(section) => {
                write!(f, "expected {section}, integers from 0 to 2^64 - 1")
            }
            Kind::UnknownId { id, limit } => write!(f, "id {id}, but the ids end before {limit}"),
            Kind::TooManyHyperedges { hyperedges, vertices } => write!(
                f,
                "{hyperedges} hyperedges, but {vertices} vertices produce at most one each"
            ),
            Kind::Repeated { id } => write!(f, "id {id} is described twice"),
            Kind::ProducedTwice { vertex } => {
                write!(f, "vertex {} produces a second hyperedge", vertex.0)
            }
            Kind::NoPins { hyperedge } => write!(f, "hyperedge {hyperedge} has no pin"),
            Kind::Trailing => f.write_str("something follows the last pin"),
            Kind::Weight { weight } => {
                write!(f, "weight {weight}, but in this game every value weighs 1 word")
            }
            Kind::Mixed(section) => {
                write!(f, "not as many numbers as in the lines before: each line is {section}")
            }
            Kind::Malformed(it) => it.fmt(f),
        }
    }
}

impl std::error::Error for ParseError {}

/// The CDAG that `text` describes.
///
/// # Errors
///
/// [`ParseError`] with the line: another format, a file cut short, ids out of range, weights, a
/// cycle.
pub fn parse(text: &str) -> Result<Cdag, ParseError> {
    let mut lines = Lines { text: text.lines(), line: 0 };
    let [hyperedges, vertices, pins] = lines.exactly(Section::Header)?;
    if vertices > MAX_VERTICES {
        let n_vertices = u128::from(vertices);
        let it = Malformed::TooLarge { n_vertices, limit: MAX_VERTICES };
        return Err(lines.error(Kind::Malformed(it)));
    }
    if hyperedges > vertices {
        return Err(lines.error(Kind::TooManyHyperedges { hyperedges, vertices }));
    }
    lines.described(Section::Hyperedges, hyperedges)?;
    lines.described(Section::Vertices, vertices)?;
    let mut producers = filled(hyperedges, None);
    let mut produces = filled(vertices, false);
    let mut edges = Edges::new(produces.len());
    for _ in 0..pins {
        let [hyperedge, id] = lines.exactly(Section::Pins)?;
        let vertex = Vertex(id);
        lines.entry(&mut produces, id)?;
        match lines.entry(&mut producers, hyperedge)? {
            Some(producer) => {
                edges.room(1).map_err(|it| lines.error(Kind::Malformed(it)))?;
                edges.push(index(id), *producer, lines.line);
            }
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
    edges.finish().map_err(|(line, it)| ParseError { line, kind: Kind::Malformed(it) })
}

fn index(id: u64) -> usize {
    usize::try_from(id).expect("an id below 2^24")
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
            let line = self.text.next()?;
            let line = line.split('%').next().unwrap_or(line).trim();
            if !line.is_empty() {
                return Some(line);
            }
        }
    }

    fn numbers(&mut self, section: Section) -> Result<Vec<u64>, ParseError> {
        let line = self.next().ok_or_else(|| self.error(Kind::CutShort(section)))?;
        let words: Result<Vec<u64>, _> = line.split_whitespace().map(str::parse).collect();
        words.map_err(|_| self.error(Kind::Expected(section)))
    }

    fn exactly<const K: usize>(&mut self, section: Section) -> Result<[u64; K], ParseError> {
        let numbers = self.numbers(section)?;
        numbers.try_into().map_err(|_| self.error(Kind::Expected(section)))
    }

    /// The lines of a section that describes ids below `limit`, each once.
    fn described(&mut self, section: Section, limit: u64) -> Result<(), ParseError> {
        let mut seen = filled(limit, false);
        let mut width = None;
        for _ in 0..limit {
            let numbers = self.numbers(section)?;
            let (id, weights) = match numbers.as_slice() {
                [id, weights @ ..] if weights.len() <= 2 => (*id, weights),
                _ => return Err(self.error(Kind::Expected(section))),
            };
            if *width.get_or_insert(weights.len()) != weights.len() {
                return Err(self.error(Kind::Mixed(section)));
            }
            if std::mem::replace(self.entry(&mut seen, id)?, true) {
                return Err(self.error(Kind::Repeated { id }));
            }
            // Work is free and types are words of another game; a hyperedge's weights are words.
            let heavy = weights.iter().find(|it| section == Section::Hyperedges && **it != 1);
            if let Some(&weight) = heavy {
                return Err(self.error(Kind::Weight { weight }));
            }
        }
        Ok(())
    }

    fn entry<'b, T>(&self, list: &'b mut [T], id: u64) -> Result<&'b mut T, ParseError> {
        let limit = u64::try_from(list.len()).unwrap_or(u64::MAX);
        let entry = usize::try_from(id).ok().and_then(|it| list.get_mut(it));
        entry.ok_or_else(|| self.error(Kind::UnknownId { id, limit }))
    }

    fn error(&self, kind: Kind) -> ParseError {
        ParseError { line: self.line, kind }
    }
}

#[cfg(test)]
mod tests;
