//! DOT, read and written; the subset is in [`super::format`].
//!
//! A parser of our own: `graphviz-rust` and `dot-parser` say where a text is no DOT, but not in which
//! line an edge stands that makes the graph no CDAG.

mod error;
mod lexer;
mod write;

pub use error::{Kind, ParseError};
pub use write::write;

use super::{Labelled, Malformed, Vertex, edges::Edges, explicit::MAX_VERTICES};
use lexer::{Lexer, Token};
use rustc_hash::FxHashMap;

/// The CDAG that `text` describes.
///
/// Vertices whose ids are `0`, `1`, … `n-1`, in any order, have these numbers and no names. Others are
/// numbered in the order in which they appear, and their ids are their names.
///
/// # Errors
///
/// [`ParseError`] with the line: no DOT, DOT outside the subset, undirected, weights, a cycle.
pub fn parse(text: &str) -> Result<Labelled, ParseError> {
    let mut reading = Reading { lexer: Lexer::new(text), ..Reading::default() };
    reading.advance()?;
    reading.graph()?;
    reading.finish()
}

#[derive(Debug, Default)]
struct Reading<'a> {
    lexer: Lexer<'a>,
    next: Option<Token<'a>>,
    strict: bool,
    ids: FxHashMap<String, usize>,
    /// By vertex: where it appears first, and whether it has a weight.
    seen: Vec<(usize, bool)>,
    edges: Edges,
    /// `node [mem_weight=1]` gives all a weight.
    weighted: bool,
    /// The same of `edge [comm_weight=1]`; else whether some edges have one, and the line of the
    /// first that has none.
    edges_weighted: EdgeWeights,
}

#[derive(Debug, Default)]
struct EdgeWeights {
    all: bool,
    some: bool,
    without: Option<usize>,
}

impl<'a> Reading<'a> {
    fn advance(&mut self) -> Result<Option<Token<'a>>, ParseError> {
        let next = self.lexer.next()?;
        Ok(std::mem::replace(&mut self.next, next))
    }

    fn at(&self, sign: char) -> bool {
        self.next == Some(Token::Sign(sign))
    }

    /// Takes the sign if it is there.
    fn took(&mut self, sign: char) -> Result<bool, ParseError> {
        let there = self.at(sign);
        if there {
            self.advance()?;
        }
        Ok(there)
    }

    fn is(&self, keyword: &str) -> bool {
        self.next.as_ref().is_some_and(|it| it.is(keyword))
    }

    fn expected(&self, what: &'static str) -> ParseError {
        self.lexer.error(match &self.next {
            Some(it) => Kind::Expected { what, found: it.to_string() },
            None => Kind::CutShort(what),
        })
    }

    fn unsupported<T>(&self, what: &'static str) -> Result<T, ParseError> {
        Err(self.lexer.error(Kind::Unsupported(what)))
    }

    fn id(&mut self, what: &'static str) -> Result<String, ParseError> {
        match &self.next {
            Some(Token::Id { .. }) if !self.next.as_ref().is_some_and(Token::is_keyword) => {}
            Some(Token::Html) => return self.unsupported("HTML cannot name a vertex here"),
            _ => return Err(self.expected(what)),
        }
        let Some(Token::Id { text, .. }) = self.advance()? else { return Err(self.expected(what)) };
        if self.at('+') {
            return self.unsupported("quoted texts are not joined with `+` here");
        }
        Ok(text.into_owned())
    }

    fn graph(&mut self) -> Result<(), ParseError> {
        if self.is("strict") {
            self.strict = true;
            self.advance()?;
        }
        if self.is("graph") {
            return Err(self.lexer.error(Kind::Undirected));
        }
        if !self.is("digraph") {
            return Err(self.expected("`digraph`"));
        }
        self.advance()?;
        if !self.at('{') {
            self.id("a name or `{`")?;
        }
        if !self.took('{')? {
            return Err(self.expected("`{`"));
        }
        let mut depth = 1u64;
        while depth > 0 {
            if self.took('}')? {
                depth -= 1;
                if self.next == Some(Token::Arrow) {
                    return self.unsupported("edges from a subgraph; write a set after `->` only");
                }
            } else if self.at('{') || self.is("subgraph") {
                self.open()?;
                depth += 1;
            } else if !self.took(';')? {
                self.statement()?;
            }
        }
        match self.next {
            Some(_) => Err(self.lexer.error(Kind::Trailing)),
            None => Ok(()),
        }
    }

    /// `[subgraph [ID]] {`
    fn open(&mut self) -> Result<(), ParseError> {
        if self.is("subgraph") {
            self.advance()?;
            if !self.at('{') {
                self.id("a name or `{`")?;
            }
        }
        if self.took('{')? { Ok(()) } else { Err(self.expected("`{`")) }
    }

    fn statement(&mut self) -> Result<(), ParseError> {
        let (default, edge) = (self.is("node"), self.is("edge"));
        if default || edge || self.is("graph") {
            self.advance()?;
            if !self.at('[') {
                return Err(self.expected("`[`"));
            }
            let weighted = self.attributes()?;
            self.weighted |= weighted && default;
            self.edges_weighted.all |= weighted && edge;
            return Ok(());
        }
        let line = self.lexer.line;
        let name = self.id("a statement or `}`")?;
        if self.took('=')? {
            if self.next == Some(Token::Html) {
                self.advance()?;
                return Ok(());
            }
            return self.id("a value").map(|_| ());
        }
        let first = self.vertex(name, line)?;
        let mut last = vec![first];
        let mut chain = false;
        while self.next == Some(Token::Arrow) {
            self.advance()?;
            chain = true;
            last = self.edges_to(&last)?;
        }
        let weighted = self.attributes()?;
        self.seen[first].1 |= weighted && !chain;
        if chain {
            self.edges_weighted.some |= weighted;
            if !weighted {
                self.edges_weighted.without.get_or_insert(line);
            }
        }
        Ok(())
    }

    /// The edges from `from` to what stands here.
    fn edges_to(&mut self, from: &[usize]) -> Result<Vec<usize>, ParseError> {
        let mut to = vec![];
        let line = self.lexer.line;
        if self.at('{') || self.is("subgraph") {
            self.open()?;
            while !self.took('}')? {
                let line = self.lexer.line;
                let name = self.id("a vertex or `}`")?;
                to.push(self.vertex(name, line)?);
                if self.next == Some(Token::Arrow) || self.at('[') || self.at('=') || self.at('{') {
                    return self.unsupported("a set after `->` holds vertices only");
                }
                let _ = self.took(';')? || self.took(',')?;
            }
        } else {
            let name = self.id("a vertex or `{`")?;
            to.push(self.vertex(name, line)?);
        }
        let room = self.edges.room(from.len().saturating_mul(to.len()));
        room.map_err(|it| self.lexer.error(Kind::Malformed(it)))?;
        for &operand in from {
            for &reader in &to {
                self.edges.push(reader, Vertex(operand as u64), line);
            }
        }
        Ok(to)
    }

    /// The vertex of that name, with its port.
    fn vertex(&mut self, name: String, line: usize) -> Result<usize, ParseError> {
        let mut ports = 0;
        while ports < 2 && self.took(':')? {
            self.id("a port")?;
            ports += 1;
        }
        let fresh = self.seen.len();
        let vertex = *self.ids.entry(name).or_insert(fresh);
        if vertex == fresh {
            if fresh as u64 >= MAX_VERTICES {
                let n_vertices = u128::from(MAX_VERTICES) + 1;
                let it = Malformed::TooLarge { n_vertices, limit: MAX_VERTICES };
                return Err(self.lexer.error(Kind::Malformed(it)));
            }
            self.seen.push((line, false));
            self.edges.grow();
        }
        Ok(vertex)
    }

    /// Any number of attribute lists; is there a weight among them?
    fn attributes(&mut self) -> Result<bool, ParseError> {
        let mut weighted = false;
        while self.took('[')? {
            while !self.took(']')? {
                let name = self.id("an attribute or `]`")?;
                if self.took('=')? {
                    if self.next == Some(Token::Html) {
                        self.advance()?;
                    } else {
                        let line = self.lexer.line;
                        let weight = self.id("a value")?;
                        let counts = name == "mem_weight" || name == "comm_weight";
                        if counts && weight != "1" {
                            return Err(ParseError { line, kind: Kind::Weight { weight } });
                        }
                        weighted |= counts;
                    }
                }
                let _ = self.took(';')? || self.took(',')?;
            }
        }
        Ok(weighted)
    }

    fn finish(mut self) -> Result<Labelled, ParseError> {
        let mut names = vec![String::new(); self.ids.len()];
        for (name, vertex) in self.ids {
            names[vertex] = name;
        }
        if self.seen.iter().any(|it| it.1) && !self.weighted {
            let without = self.seen.iter().zip(&names).find(|it| !it.0.1);
            if let Some((&(line, _), name)) = without {
                return Err(ParseError { line, kind: Kind::Mixed { name: name.clone() } });
            }
        }
        let EdgeWeights { all, some, without } = self.edges_weighted;
        if let Some(line) = without.filter(|_| some && !all) {
            return Err(ParseError { line, kind: Kind::MixedEdges });
        }
        if self.strict {
            self.edges.merge();
        }
        let numbers = numbers(&names);
        if let Some(it) = &numbers {
            self.edges.rename(it);
        }
        let name = |it: &Vertex| {
            let index = usize::try_from(it.0).ok();
            index.and_then(|it| names.get(it)).cloned().unwrap_or_default()
        };
        let cdag = self.edges.finish().map_err(|(line, it)| {
            let kind = match it {
                Malformed::SelfLoop { vertex } if numbers.is_none() => {
                    Kind::SelfLoop { name: name(&vertex) }
                }
                Malformed::Cycle { cycle } if numbers.is_none() => {
                    Kind::Cycle { names: cycle.iter().map(name).collect() }
                }
                it => Kind::Malformed(it),
            };
            ParseError { line, kind }
        })?;
        match numbers {
            Some(_) => Ok(cdag.into()),
            None => Ok(Labelled::new(cdag, names).expect("every id is one vertex")),
        }
    }
}

/// The names as numbers, if they are those below their count; each name is there once.
fn numbers(names: &[String]) -> Option<Vec<usize>> {
    let number = |it: &String| {
        let number: usize = it.parse().ok()?;
        (number < names.len() && number.to_string() == *it).then_some(number)
    };
    names.iter().map(number).collect()
}

#[cfg(test)]
mod tests;
