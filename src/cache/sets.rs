//! Caches as hardware has them: lines, in sets.

use super::{Cache, Counts};
use crate::access::Access;

/// How a cache is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Words of a line: a power of two.
    pub line: u32,
    /// Sets. Line l is in set l mod sets.
    pub sets: u32,
    /// Lines in a set.
    pub ways: u32,
    /// Which line of a set leaves.
    pub replacement: Replacement,
    /// Does a line that is written to and not there come in? If not, the word goes past the cache.
    pub write_allocate: bool,
}

impl Geometry {
    /// Lines in all.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.sets as usize * self.ways as usize
    }
}

/// Which line of a set leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// The one touched longest ago.
    Lru,
    /// The one that a binary tree of bits points to, each bit away from the half touched last.
    TreePlru,
}

/// A geometry that no cache has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadGeometry {
    /// Of 0 sets, or too many.
    #[error("{0} sets; a cache has 1 to 2^26")]
    Sets(u32),
    /// Of 0 ways, or too many.
    #[error("{0} ways; a set has 1 to 2^26 lines, and {sets} sets of them too many", sets = .1)]
    Ways(u32, u32),
    /// Not a power of two.
    #[error("a line of {0} words; it must be a power of two")]
    Line(u32),
    /// A tree needs 1, 2, 4, … 64 leaves.
    #[error("{0} ways; a tree of bits needs a power of two up to 64")]
    Tree(u32),
}

/// A set-associative cache. Its unit is the line: so are loads and write-backs, and a word that goes
/// past the cache counts as the write-back of one.
#[derive(Debug)]
pub struct Sets {
    geometry: Geometry,
    shift: u32,
    /// Of each set its lines: in LRU order, or by way.
    lines: Vec<Line>,
    /// Of each set the bits of its tree; bit 1 is the root, 2i and 2i + 1 are below i.
    trees: Vec<u64>,
    counts: Counts,
    dirty: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    number: u32,
    dirty: bool,
}

const FREE: Line = Line { number: u32::MAX, dirty: false };
const MOST_LINES: u64 = 1 << 26;

impl Sets {
    /// An empty cache.
    ///
    /// # Errors
    ///
    /// [`BadGeometry`].
    pub fn new(geometry: Geometry) -> Result<Self, BadGeometry> {
        let Geometry { line, sets, ways, replacement, .. } = geometry;
        if !line.is_power_of_two() {
            return Err(BadGeometry::Line(line));
        }
        if !(1..=MOST_LINES).contains(&u64::from(sets)) {
            return Err(BadGeometry::Sets(sets));
        }
        if ways == 0 || u64::from(ways) * u64::from(sets) > MOST_LINES {
            return Err(BadGeometry::Ways(ways, sets));
        }
        let tree = replacement == Replacement::TreePlru;
        if tree && !(ways.is_power_of_two() && ways <= 64) {
            return Err(BadGeometry::Tree(ways));
        }
        Ok(Self {
            geometry,
            shift: line.trailing_zeros(),
            lines: vec![FREE; geometry.lines()],
            trees: vec![0; if tree { sets as usize } else { 0 }],
            counts: Counts::default(),
            dirty: 0,
        })
    }

    /// The way to use next, and the tree's bits turned away from `way` if there is one.
    fn point(tree: &mut u64, ways: u32, way: Option<u32>) -> u32 {
        let (mut at, mut half, mut found) = (1u32, ways / 2, 0);
        while half > 0 {
            let right = way.map_or(*tree >> at & 1 == 1, |it| it & half != 0);
            if way.is_some() {
                *tree = if right { *tree & !(1 << at) } else { *tree | 1 << at };
            }
            found |= if right { half } else { 0 };
            at = 2 * at + u32::from(right);
            half /= 2;
        }
        found
    }

    fn leaves(&mut self, out: Line) {
        let dirty = u64::from(out.dirty);
        self.counts.writebacks += dirty;
        self.dirty -= dirty;
    }
}

impl Cache for Sets {
    fn touch(&mut self, it: Access) -> bool {
        let Geometry { line, sets, ways, write_allocate, .. } = self.geometry;
        self.counts.accesses += 1;
        let number = it.word >> self.shift;
        let set = (number % sets) as usize;
        let all = set * ways as usize..(set + 1) * ways as usize;
        let found = self.lines[all.clone()].iter().position(|it| it.number == number);
        if found.is_none() {
            self.counts.misses += 1;
            if it.write && !write_allocate {
                self.counts.writebacks += 1;
                return false;
            }
            // A word that is written whole is not fetched.
            self.counts.loads += u64::from(!it.write || line > 1);
        }
        let way = if self.trees.is_empty() {
            let from = found.unwrap_or(ways as usize - 1);
            let lines = &mut self.lines[all.clone()];
            lines[..=from].rotate_right(1);
            0
        } else {
            let lines = || (0u32..).zip(&self.lines[all.clone()]);
            let way = lines().find(|(_, it)| it.number == number);
            let way = way.or_else(|| lines().find(|(_, it)| **it == FREE)).map(|it| it.0);
            let tree = &mut self.trees[set];
            let way = way.unwrap_or_else(|| Self::point(tree, ways, None));
            Self::point(tree, ways, Some(way));
            way as usize
        };
        let at = all.start + way;
        if found.is_none() {
            let out = std::mem::replace(&mut self.lines[at], Line { number, dirty: false });
            self.leaves(out);
        }
        if it.write && !self.lines[at].dirty {
            self.lines[at].dirty = true;
            self.dirty += 1;
        }
        found.is_some()
    }

    fn counts(&self) -> Counts {
        Counts { flushed: self.dirty, ..self.counts }
    }
}
