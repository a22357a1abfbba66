//! The JSON of a CDAG, read and written; the format is in [`super::format`].

use super::{BadNames, Cdag, Labelled, Malformed, Operands, Vertex, edges::Edges};
use crate::cdag::explicit::MAX_VERTICES;
use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{
    fmt,
    io::{self, Write},
};

/// What `format` says.
pub const FORMAT: &str = "iobound-cdag 1";

/// What is wrong, and in which line, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line.
    pub line: usize,
    /// What is wrong there.
    pub kind: Kind,
}

/// What can be wrong with the JSON of a CDAG.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The text ends before the JSON does.
    CutShort,
    /// JSON, but no object.
    NoObject,
    /// No JSON, or not with these keys and types; in the words of the JSON reader.
    Json(String),
    /// Another format, or another version.
    Foreign(String),
    /// `vertices` is no number below 2⁶⁴.
    BadCount,
    /// `operands` does not have one list a vertex.
    WrongCount {
        /// What `vertices` says.
        announced: u64,
        /// How many lists there are.
        found: u64,
    },
    /// What a vertex reads is no list of numbers from 0 to 2⁶⁴ − 1.
    BadOperands {
        /// The vertex.
        vertex: Vertex,
    },
    /// Names that do not name.
    BadNames(BadNames),
    /// The operands form no CDAG; the line is the one that closes the cycle.
    Malformed(Malformed),
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.kind {
            Kind::CutShort => f.write_str("the text ends before the JSON does"),
            Kind::NoObject => {
                f.write_str("expected an object with the keys `format`, `vertices` and `operands`")
            }
            Kind::Json(it) => f.write_str(it),
            Kind::Foreign(it) => write!(f, "the format is {it:?}, expected {FORMAT:?}"),
            Kind::BadCount => f.write_str("`vertices` is no number from 0 to 2^64 - 1"),
            Kind::WrongCount { announced, found } => {
                write!(f, "{announced} vertices announced, {found} lists of operands found")
            }
            Kind::BadOperands { vertex } => {
                write!(f, "the operands of vertex {} are no list of numbers", vertex.0)
            }
            Kind::BadNames(it) => it.fmt(f),
            Kind::Malformed(it) => it.fmt(f),
        }
    }
}

impl std::error::Error for ParseError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    #[serde(borrow)]
    format: &'a RawValue,
    #[serde(borrow)]
    vertices: &'a RawValue,
    #[serde(borrow, deserialize_with = "at_most_a_vertex_each")]
    operands: Vec<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "names")]
    names: Option<Vec<&'a RawValue>>,
}

/// A list that ends before it is longer than any CDAG has vertices: `[],` has three bytes, and takes sixteen.
struct AtMostAVertexEach;

impl<'de> Visitor<'de> for AtMostAVertexEach {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = vec![];
        while let Some(it) = list.next_element()? {
            if values.len() as u64 == MAX_VERTICES {
                let said = format!("more than {MAX_VERTICES} vertices");
                return Err(A::Error::custom(said));
            }
            values.push(it);
        }
        Ok(values)
    }
}

fn at_most_a_vertex_each<'de, D: Deserializer<'de>>(it: D) -> Result<Vec<&'de RawValue>, D::Error> {
    it.deserialize_seq(AtMostAVertexEach)
}

fn names<'de, D: Deserializer<'de>>(it: D) -> Result<Option<Vec<&'de RawValue>>, D::Error> {
    at_most_a_vertex_each(it).map(Some)
}

/// The line of each value, counted on from the one before.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, at: 0, line: 1 }
    }

    /// The line of `value`, which is a piece of the text and not before the one asked for last.
    fn line(&mut self, value: &RawValue) -> usize {
        let at = value.get().as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        let between = self.text.as_bytes().get(self.at..at).unwrap_or(&[]);
        self.line += between.iter().filter(|it| **it == b'\n').count();
        self.at = self.at.max(at);
        self.line
    }
}

/// The CDAG that `text` describes.
///
/// # Errors
///
/// [`ParseError`] with the line: other JSON, wrong counts, unknown vertices, a cycle.
pub fn parse(text: &str) -> Result<Labelled, ParseError> {
    let error = |line, kind| Err(ParseError { line, kind });
    let line = |value| Lines::of(text).line(value);
    // The JSON reader would take a list for an object without keys.
    let before = text.len() - text.trim_start().len();
    if text[before..].starts_with(|it| it != '{') {
        let line = 1 + text[..before].bytes().filter(|it| *it == b'\n').count();
        return error(line, Kind::NoObject);
    }
    let it: Document<'_> = serde_json::from_str(text).map_err(|it| {
        if it.is_eof() {
            return ParseError { line: it.line().max(1), kind: Kind::CutShort };
        }
        let said = it.to_string();
        let said = said.split(" at line ").next().unwrap_or(&said);
        ParseError { line: it.line().max(1), kind: Kind::Json(said.to_owned()) }
    })?;
    match serde_json::from_str::<String>(it.format.get()) {
        Ok(format) if format == FORMAT => {}
        _ => return error(line(it.format), Kind::Foreign(it.format.get().to_owned())),
    }
    let Ok(announced) = it.vertices.get().parse::<u64>() else {
        return error(line(it.vertices), Kind::BadCount);
    };
    if announced > MAX_VERTICES {
        let too_large =
            Malformed::TooLarge { n_vertices: u128::from(announced), limit: MAX_VERTICES };
        return error(line(it.vertices), Kind::Malformed(too_large));
    }
    let found = it.operands.len() as u64;
    if found != announced {
        return error(line(it.vertices), Kind::WrongCount { announced, found });
    }
    let mut edges = Edges::new(it.operands.len());
    let mut lines = Lines::of(text);
    for (reader, list) in it.operands.iter().enumerate() {
        let line = lines.line(list);
        let Ok(list) = serde_json::from_str::<Vec<u64>>(list.get()) else {
            return error(line, Kind::BadOperands { vertex: Vertex(reader as u64) });
        };
        if let Err(it) = edges.room(list.len()) {
            return error(line, Kind::Malformed(it));
        }
        for operand in list {
            edges.push(reader, Vertex(operand), line);
        }
    }
    let cdag = edges.finish();
    let cdag = cdag.map_err(|(line, it)| ParseError { line, kind: Kind::Malformed(it) })?;
    let Some(list) = it.names else { return Ok(cdag.into()) };
    let mut lines = Lines::of(text);
    let mut names = vec![];
    for it in &list {
        let line = lines.line(it);
        match serde_json::from_str::<String>(it.get()) {
            Ok(name) => names.push(name),
            Err(_) => return error(line, Kind::Json("a name is a string".to_owned())),
        }
    }
    Labelled::new(cdag, names).map_err(|it| {
        let culprit = match &it {
            BadNames::Count { .. } => list.last(),
            BadNames::Repeated { vertex, .. } => {
                usize::try_from(vertex.0).ok().and_then(|it| list.get(it))
            }
        };
        let line = culprit.map_or(1, |it| line(it));
        ParseError { line, kind: Kind::BadNames(it) }
    })
}

/// Writes a CDAG, one line a vertex; [`parse`] reads the same one, names included.
///
/// # Errors
///
/// Where it cannot be written.
pub fn write(labelled: &Labelled, mut text: impl Write) -> io::Result<()> {
    let cdag: &Cdag = &labelled.cdag;
    write!(text, "{{\"format\":\"{FORMAT}\",\"vertices\":{},\"operands\":[", cdag.n_vertices())?;
    for vertex in cdag.vertices() {
        let operands: Vec<String> =
            cdag.operands(vertex).iter().map(|it| it.0.to_string()).collect();
        let comma = if vertex.0 == 0 { "" } else { "," };
        write!(text, "{comma}\n[{}]", operands.join(","))?;
    }
    if let Some(names) = labelled.names() {
        write!(text, "],\n\"names\":[")?;
        for (i, name) in names.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            write!(text, "{comma}\n{}", serde_json::to_string(name)?)?;
        }
    }
    writeln!(text, "]}}")?;
    text.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SMALL: &str = "{\"format\":\"iobound-cdag 1\",\n\"vertices\":3,\n\"operands\":[\n[],\n\
                         [],\n[0,1]],\n\"names\":[\n\"x\",\n\"y\",\n\"x+y\"]}\n";

    #[test]
    fn reads_a_small_one() {
        let it = parse(SMALL).unwrap();
        assert_eq!(it.cdag.operands(Vertex(2)), [Vertex(0), Vertex(1)]);
        assert_eq!(it.names().unwrap(), ["x", "y", "x+y"]);
        let mut text = vec![];
        write(&it, &mut text).unwrap();
        let golden = "{\"format\":\"iobound-cdag 1\",\"vertices\":3,\"operands\":[\n[],\n[],\n[0,1]],\
                      \n\"names\":[\n\"x\",\n\"y\",\n\"x+y\"]}\n";
        assert_eq!(String::from_utf8(text).unwrap(), golden);
    }

    #[track_caller]
    fn check(from: &str, to: &str, line: usize, kind: Kind) {
        assert!(SMALL.contains(from));
        assert_eq!(parse(&SMALL.replacen(from, to, 1)).unwrap_err(), ParseError { line, kind });
    }

    #[test]
    fn one_fault_each() {
        check("cdag 1", "cdag 2", 1, Kind::Foreign("\"iobound-cdag 2\"".to_owned()));
        check("\"iobound-cdag 1\"", "7", 1, Kind::Foreign("7".to_owned()));
        check(":3", ":-3", 2, Kind::BadCount);
        check(":3", ":2", 2, Kind::WrongCount { announced: 2, found: 3 });
        let n_vertices = 1 << 32;
        let large = Malformed::TooLarge { n_vertices, limit: MAX_VERTICES };
        check(":3", ":4294967296", 2, Kind::Malformed(large));
        check("[0,1]", "[0,-1]", 6, Kind::BadOperands { vertex: Vertex(2) });
        check("[],\n[],", "[],\n{},", 5, Kind::BadOperands { vertex: Vertex(1) });
        let unknown = Malformed::UnknownOperand { vertex: Vertex(2), operand: Vertex(9) };
        check("[0,1]", "[0,9]", 6, Kind::Malformed(unknown));
        let own = Malformed::SelfLoop { vertex: Vertex(2) };
        check("[0,1]", "[0,2]", 6, Kind::Malformed(own));
        let cycle = Malformed::Cycle { cycle: vec![Vertex(0), Vertex(2)] };
        check("[\n[]", "[\n[2]", 6, Kind::Malformed(cycle));
        check(
            "\"y\"",
            "\"x\"",
            9,
            Kind::BadNames(BadNames::Repeated { vertex: Vertex(1), name: "x".to_owned() }),
        );
        check(",\n\"y\"", "", 9, Kind::BadNames(BadNames::Count { n_vertices: 3, n_names: 2 }));
        check("]}\n", "]", 10, Kind::CutShort);
        check("{\"format\"", "\n[\"format\"", 2, Kind::NoObject);
        check("\"y\"", "1", 9, Kind::Json("a name is a string".to_owned()));
        for (from, to) in [
            ("\"names\"", "\"weights\""),
            ("\"vertices\":3,", ""),
            ("}\n", "} {"),
            ("\"operands\":[", "\"operands\":7,\"x\":["),
        ] {
            let error = parse(&SMALL.replacen(from, to, 1)).unwrap_err();
            assert!(matches!(error.kind, Kind::Json(_)), "{error}");
        }
    }

    proptest! {
        #[test]
        fn any_cut_is_refused(at in 0..SMALL.len() - 2) {
            prop_assert!(parse(&SMALL[..at]).is_err());
        }

        #[test]
        fn any_change_is_answered(at in 0..SMALL.len(), with in "[-0-9\\[\\]{},\":x]{0,3}") {
            let _ = parse(&format!("{}{with}{}", &SMALL[..at], &SMALL[at + 1..]));
        }
    }
}
