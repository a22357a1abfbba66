//! One pass over a program: the tag of every array, and what each statement computes and stores.

use super::{
    cover::Places,
    facts::Facts,
    tag::{Coord, Range, Rules, Tag},
};
use crate::{
    op::Op,
    schedule::{
        draft::{Fill, Role},
        poly::{Poly, Slot},
        program::{self, Assign, Fast, Node, Program, Slow, Step, Subscript, Term},
    },
};

/// Statements looked at before a text is given up.
const MOST_STEPS: u32 = 100_000;

/// Why nothing can be said, and on which line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop(pub(super) u32, pub(super) &'static str);

/// What a statement does, in all loops around it that have been left.
#[derive(Clone, Debug)]
pub(super) struct Done {
    pub(super) line: u32,
    pub(super) what: What,
    pub(super) places: Places,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Computes x.
    Score,
    /// Computes y.
    Output,
    /// Stores to O.
    Store {
        /// Accumulators of the very address?
        certain: bool,
        /// The statement of the text's outermost level that it is part of.
        phase: usize,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Array {
    pub(super) tag: Tag,
    pub(super) shape: Vec<Poly>,
}

/// A loop by 1 that touches an array only at its own place of a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) array: Fast,
    pub(super) dim: usize,
    pub(super) start: Slot,
}

/// Passes over `program` until nothing new is stored; `words` is d.
pub(super) fn read(program: &Program, words: &Poly) -> Result<Vec<Done>, Stop> {
    let mut it = Reader::new(program, words);
    loop {
        let before = it.slow.clone();
        it.done.clear();
        it.fault = None;
        for (phase, node) in program.body.iter().enumerate() {
            it.phase = phase;
            it.block(std::slice::from_ref(node))?;
        }
        if it.slow == before {
            return it.fault.map_or(Ok(it.done), Err);
        }
    }
}

/// The state of one pass.
pub(super) struct Reader<'a> {
    program: &'a Program,
    /// d.
    words: &'a Poly,
    pub(super) facts: Facts,
    pub(super) fast: Vec<Option<Array>>,
    /// In terms of addresses.
    slow: Vec<Option<Tag>>,
    pub(super) slices: Vec<Slice>,
    pub(super) done: Vec<Done>,
    /// The first thing that is not understood.
    pub(super) fault: Option<Stop>,
    /// The statement's line, and the number of the statement of the text around it.
    pub(super) line: u32,
    phase: usize,
    steps: u32,
}

impl<'a> Reader<'a> {
    fn new(program: &'a Program, words: &'a Poly) -> Self {
        let along = |dim| Coord { base: Poly::int(0), along: Some(dim) };
        let mut slow = vec![None; program.slow.len()];
        let inputs = [
            Tag::Query { row: along(0), word: along(1) },
            Tag::Key { key: along(0), word: along(1) },
            Tag::Value { key: along(0), word: along(1) },
        ];
        for (array, tag) in program.with_role(Role::In).zip(inputs) {
            slow[array.0] = Some(tag);
        }
        Self {
            program,
            words,
            facts: Facts::new(&program.params),
            fast: vec![None; program.fast.len()],
            slow,
            slices: vec![],
            done: vec![],
            fault: None,
            line: 1,
            phase: 0,
            steps: 0,
        }
    }

    pub(super) fn blame(&mut self, why: &'static str) {
        let line = self.line;
        self.fault.get_or_insert(Stop(line, why));
    }

    pub(super) fn rules<'s>(&'s self, extents: &'s [Poly]) -> Rules<'s> {
        Rules { facts: &self.facts, d: self.words, extents }
    }

    pub(super) fn block(&mut self, nodes: &[Node]) -> Result<(), Stop> {
        for node in nodes {
            self.line = self.program.lines[node.id].line;
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return Err(Stop(self.line, "the loops are nested too deeply to be followed"));
            }
            match &node.step {
                Step::Loop(it) => self.tile_loop(it)?,
                Step::Load { fast, slow, region } => self.load(*fast, *slow, region),
                Step::Store { slow, region, fast } => self.store(*slow, region, *fast),
                Step::Assign(it) => self.assign(it),
                Step::Free(arrays) => arrays.iter().for_each(|it| self.fast[it.0] = None),
            }
        }
        Ok(())
    }

    fn load(&mut self, fast: Fast, slow: Slow, region: &[program::Range]) {
        let kept = kept(region);
        let moved = |it: &Coord| {
            let Some(dim) = it.along else { return Some(it.clone()) };
            let lo = match &region[dim] {
                program::Range::Span { lo, .. } | program::Range::At(lo) => lo,
                program::Range::Loaded(_) => return None,
            };
            Some(Coord { base: it.base.add(lo).ok()?, along: kept[dim] })
        };
        let tag = self.slow[slow.0].as_ref().map_or(Tag::Other, |it| it.map(&moved));
        if tag == Tag::Other {
            self.blame("what is loaded is not understood");
        }
        self.fast[fast.0] = Some(Array { tag, shape: program::extents(region) });
    }

    fn store(&mut self, slow: Slow, region: &[program::Range], fast: Fast) {
        let Some(array) = &self.fast[fast.0] else { return };
        let kept = kept(region);
        let moved = |it: &Coord| {
            for (dim, range) in region.iter().enumerate() {
                let base = match range {
                    program::Range::Span { lo, .. }
                        if it.along.is_some_and(|it| kept[dim] == Some(it)) =>
                    {
                        it.base.sub(lo)
                    }
                    // The address says it: it is the place.
                    program::Range::At(at) if it.along.is_none() && it.base == *at => {
                        Ok(Poly::int(0))
                    }
                    _ => continue,
                };
                return Some(Coord { base: base.ok()?, along: Some(dim) });
            }
            it.along.is_none().then(|| it.clone())
        };
        let mut tag = array.tag.map(&moved);
        let along = |dim| Coord { base: Poly::int(0), along: Some(dim) };
        if self.program.slow[slow.0].role == Role::Out {
            let certain = match &tag {
                Tag::Place { row, word, keys: Some(keys) } => {
                    (row, word) == (&along(0), &along(1)) && self.facts.some(keys)
                }
                _ => false,
            };
            let ranges = region.iter().map(|it| match it {
                program::Range::Span { lo, extent } => Range::new(lo.clone(), extent),
                program::Range::At(at) => Range::new(at.clone(), &Poly::int(1)),
                program::Range::Loaded(_) => None,
            });
            match ranges.collect() {
                Some(ranges) => {
                    let places = Places { ranges, again: false };
                    let what = What::Store { certain, phase: self.phase };
                    self.done.push(Done { line: self.line, what, places });
                }
                None => self.blame("where it is stored is not understood"),
            }
        }
        for slot in self.facts.slots() {
            tag = tag.without(slot);
        }
        let held = self.slow[slow.0].take();
        let held = held.map_or(tag.clone(), |it| self.rules(&[]).join(&it, &tag));
        self.slow[slow.0] = Some(held);
    }

    fn assign(&mut self, it: &Assign) {
        let extents: Vec<_> = it.indices.iter().map(|it| it.extent.clone()).collect();
        if !it.conditions.is_empty() {
            self.blame("a `where`");
        }
        let mut tag = self.term(&it.right, &extents);
        if let Term::Read(_) = it.right {
            tag = tag.alone(); // copied
        }
        let op = if it.fill == Fill::Max { Op::Max } else { Op::Add };
        let (reduced, one) = (it.n_left..extents.len(), matches!(tag, Tag::Score { .. }));
        if reduced.len() > 1 && !matches!(tag, Tag::Place { .. }) {
            tag = Tag::Other;
        }
        for index in reduced {
            tag = self.rules(&extents).reduced(op, &tag, index);
        }
        let target = program::Read { array: it.target, subscripts: it.subscripts.clone() };
        let old = if it.birth { None } else { Some(self.read(&target)) };
        if let (Some(old), Fill::Sum | Fill::Max) = (old, it.fill) {
            // The terms join it one by one: a part of a pair's words is none that it lacks.
            let again = one && old == tag;
            tag = if again { Tag::Other } else { self.rules(&extents).with(op, old, tag) };
        }
        if tag == Tag::Other {
            self.blame("what is computed is not understood");
        }
        self.write(it, tag, &extents);
    }

    /// The tag of a read in terms of the assignment's indices.
    fn read(&self, it: &program::Read) -> Tag {
        let Some(array) = &self.fast[it.array.0] else { return Tag::Other };
        array.tag.map(&|coord| {
            let Some(dim) = coord.along else { return Some(coord.clone()) };
            Some(match &it.subscripts[dim] {
                Subscript::Index(index) => Coord { base: coord.base.clone(), along: Some(*index) },
                Subscript::Place(place) => Coord { base: coord.base.add(place).ok()?, along: None },
            })
        })
    }

    fn term(&mut self, it: &Term, extents: &[Poly]) -> Tag {
        match it {
            Term::Constant(_) => Tag::Constant,
            Term::Read(it) => self.read(it),
            Term::Apply(op, terms) => {
                let mut tags = terms.iter().map(|it| self.term(it, extents)).collect::<Vec<_>>();
                let tag = match (op, tags.pop(), tags.pop()) {
                    (Op::Copy | Op::Negate | Op::Times(_) | Op::Call(_), Some(it), None) => {
                        it.alone()
                    }
                    (Op::Mul, Some(right), Some(left)) => self.product(left, right, extents),
                    (op, Some(right), Some(left)) => self.rules(extents).with(*op, left, right),
                    _ => Tag::Other,
                };
                if tag == Tag::Other {
                    self.blame("what is computed is not understood");
                }
                tag
            }
        }
    }

    fn product(&mut self, left: Tag, right: Tag, extents: &[Poly]) -> Tag {
        let (what, coords, tag) = match (left, right) {
            (Tag::Query { row, word }, Tag::Key { key, word: same })
            | (Tag::Key { key, word: same }, Tag::Query { row, word })
                if word == same =>
            {
                let coords = [row.clone(), key.clone(), word.clone()];
                let tag = match self.rules(extents).range(&word) {
                    Some(words) if word.along.is_none() => Tag::Pair { row, key, words },
                    Some(_) => Tag::Score { row, key, word },
                    None => Tag::Other,
                };
                (What::Score, coords, tag)
            }
            (Tag::Pair { row, key, words }, Tag::Value { key: same, word })
            | (Tag::Value { key: same, word }, Tag::Pair { row, key, words })
                if key == same && self.rules(extents).whole(&words) =>
            {
                let keys = self.rules(extents).range(&key);
                let coords = [row.clone(), key, word.clone()];
                (What::Output, coords, Tag::Place { row, word, keys })
            }
            (left, right) => return self.rules(extents).with(Op::Mul, left, right),
        };
        // Each index of the assignment moves along one of the three.
        let mut along: Vec<_> = coords.iter().filter_map(|it| it.along).collect();
        along.sort_unstable();
        if !along.into_iter().eq(0..extents.len()) {
            self.blame("which products are computed is not understood");
        }
        let ranges = coords.iter().map(|it| self.rules(extents).range(it)).collect();
        match ranges {
            Some(ranges) => {
                let places = Places { ranges, again: false };
                self.done.push(Done { line: self.line, what, places });
                tag
            }
            None => Tag::Other,
        }
    }

    /// Writes `tag`, in terms of the assignment's indices, to its target.
    fn write(&mut self, it: &Assign, tag: Tag, extents: &[Poly]) {
        let sliced = |dim: usize, place: &Poly| {
            let slot = place.as_slot()?;
            let slice = Slice { array: it.target, dim, start: slot };
            self.slices.contains(&slice).then_some(slot)
        };
        let mut whole = true;
        for (dim, subscript) in it.subscripts.iter().enumerate() {
            if let Subscript::Place(place) = subscript {
                whole &= sliced(dim, place).is_some();
            }
        }
        let tag = tag.map(&|coord| {
            for (dim, subscript) in it.subscripts.iter().enumerate() {
                match subscript {
                    Subscript::Index(index) if coord.along == Some(*index) => {
                        return Some(Coord { base: coord.base.clone(), along: Some(dim) });
                    }
                    Subscript::Place(place) if coord.along.is_none() => {
                        let Some(slot) = sliced(dim, place) else { continue };
                        let base = coord.base.sub(place).ok()?;
                        if coord.base.mentions(slot) && !base.mentions(slot) {
                            return Some(Coord { base, along: Some(dim) });
                        }
                    }
                    _ => {}
                }
            }
            coord.along.is_none().then(|| coord.clone())
        });
        let array = match self.fast[it.target.0].take() {
            Some(Array { tag: old, shape }) if !it.birth && !whole => {
                Array { tag: self.rules(extents).join(&old, &tag), shape }
            }
            _ => Array { tag, shape: it.shape.clone() },
        };
        self.fast[it.target.0] = Some(array);
    }
}

/// The dimension of the fast array that each dimension of a region becomes.
fn kept(region: &[program::Range]) -> Vec<Option<usize>> {
    let mut dims = 0..;
    let kept = |it: &program::Range| match it {
        program::Range::Span { .. } => dims.next(),
        program::Range::At(_) | program::Range::Loaded(_) => None,
    };
    region.iter().map(kept).collect()
}
