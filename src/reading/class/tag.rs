//! What the elements of an array are: the rules of `observe::Tag` with sizes in place of numbers.

use super::facts::Facts;
use crate::{
    op::Op,
    schedule::poly::{Poly, Slot},
};

/// `base`, or `base` plus an index: a dimension of an array, an index of an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Coord {
    pub(super) base: Poly,
    pub(super) along: Option<usize>,
}

/// `lo..hi`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) lo: Poly,
    pub(super) hi: Poly,
}

/// What every element of an array is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Constant,
    Query {
        row: Coord,
        word: Coord,
    },
    Key {
        key: Coord,
        word: Coord,
    },
    Value {
        key: Coord,
        word: Coord,
    },
    /// One x, not summed yet: `word` runs along an index.
    Score {
        row: Coord,
        key: Coord,
        word: Coord,
    },
    /// The x of `words`, summed; a constant if there are none.
    Pair {
        row: Coord,
        key: Coord,
        words: Range,
    },
    /// A statistic of the row. Of keys that are told: a constant if there are none, the whole pair
    /// vertex of the key or a statistic if there is one, else a statistic. Otherwise a constant, a
    /// whole pair vertex or a statistic.
    Row {
        row: Coord,
        keys: Option<Range>,
    },
    /// An accumulator. If its keys may be none or are not told, perhaps only a constant, a whole pair
    /// vertex or a statistic of its row.
    Place {
        row: Coord,
        word: Coord,
        keys: Option<Range>,
    },
    Other,
}

impl Range {
    pub(super) fn new(lo: Poly, extent: &Poly) -> Option<Self> {
        let hi = lo.add(extent).ok()?;
        Some(Self { lo, hi })
    }

    pub(super) fn mentions(&self, slot: Slot) -> bool {
        self.lo.mentions(slot) || self.hi.mentions(slot)
    }

    pub(super) fn replace(&self, slot: Slot, value: &Poly) -> Option<Self> {
        let (lo, hi) = (self.lo.replace(slot, value).ok()?, self.hi.replace(slot, value).ok()?);
        Some(Self { lo, hi })
    }
}

impl Tag {
    /// Under a function of one word.
    pub(super) fn alone(self) -> Self {
        match self {
            Self::Query { .. } | Self::Key { .. } | Self::Value { .. } => Self::Other,
            it => it,
        }
    }

    /// Every coordinate changed; `Other` if one cannot be.
    pub(super) fn map(&self, of: &dyn Fn(&Coord) -> Option<Coord>) -> Self {
        let mapped = || {
            Some(match self {
                Self::Constant | Self::Other => self.clone(),
                Self::Query { row, word } => Self::Query { row: of(row)?, word: of(word)? },
                Self::Key { key, word } => Self::Key { key: of(key)?, word: of(word)? },
                Self::Value { key, word } => Self::Value { key: of(key)?, word: of(word)? },
                Self::Score { row, key, word } => {
                    Self::Score { row: of(row)?, key: of(key)?, word: of(word)? }
                }
                Self::Pair { row, key, words } => {
                    Self::Pair { row: of(row)?, key: of(key)?, words: words.clone() }
                }
                Self::Row { row, keys } => Self::Row { row: of(row)?, keys: keys.clone() },
                Self::Place { row, word, keys } => {
                    Self::Place { row: of(row)?, word: of(word)?, keys: keys.clone() }
                }
            })
        };
        mapped().unwrap_or(Self::Other)
    }

    /// With `value` for `slot`.
    pub(super) fn replace(&self, slot: Slot, value: &Poly) -> Self {
        let coord = |it: &Coord| {
            let base = it.base.replace(slot, value).ok()?;
            Some(Coord { base, along: it.along })
        };
        let range = |it: &Range| it.replace(slot, value);
        match self.map(&coord) {
            Self::Pair { row, key, words } => match range(&words) {
                Some(words) => Self::Pair { row, key, words },
                None => Self::Other,
            },
            Self::Row { row, keys } => Self::Row { row, keys: keys.as_ref().and_then(range) },
            Self::Place { row, word, keys } => {
                Self::Place { row, word, keys: keys.as_ref().and_then(range) }
            }
            it => it,
        }
    }

    /// What is still known of it where `slot` is not.
    pub(super) fn without(self, slot: Slot) -> Self {
        let fixed = |it: &Coord| (!it.base.mentions(slot)).then(|| it.clone());
        let told = |keys: Option<Range>| keys.filter(|it| !it.mentions(slot));
        match self.map(&fixed) {
            Self::Pair { words, .. } if words.mentions(slot) => Self::Other,
            Self::Row { row, keys } => Self::Row { row, keys: told(keys) },
            Self::Place { row, word, keys } => Self::Place { row, word, keys: told(keys) },
            it => it,
        }
    }

    /// A constant where the range is empty: the range.
    pub(super) fn told(&self) -> Option<&Range> {
        match self {
            Self::Pair { words, .. } => Some(words),
            Self::Row { keys, .. } | Self::Place { keys, .. } => keys.as_ref(),
            _ => None,
        }
    }
}

/// The rules: what is known of sizes, how many words a row of Q has, and the extents of the indices
/// that coordinates run along.
pub(super) struct Rules<'a> {
    pub(super) facts: &'a Facts,
    pub(super) d: &'a Poly,
    pub(super) extents: &'a [Poly],
}

impl Rules<'_> {
    /// The places of a coordinate.
    pub(super) fn range(&self, it: &Coord) -> Option<Range> {
        let one = Poly::int(1);
        let extent = it.along.map_or(Some(&one), |along| self.extents.get(along))?;
        Range::new(it.base.clone(), extent)
    }

    pub(super) fn whole(&self, words: &Range) -> bool {
        words.lo == Poly::int(0) && words.hi == *self.d
    }

    /// A statistic, or a whole pair vertex as one.
    fn row(&self, it: &Tag) -> Option<(Coord, Option<Range>)> {
        match it {
            Tag::Row { row, keys } => Some((row.clone(), keys.clone())),
            Tag::Pair { row, key, words } if self.whole(words) => {
                let keys = if key.along.is_none() { self.range(key) } else { None };
                Some((row.clone(), keys))
            }
            _ => None,
        }
    }

    /// The keys of a maximum or sum: together if they are adjacent, else those of one that has some.
    fn gathered(&self, a: Option<Range>, b: Option<Range>) -> Option<Range> {
        if let (Some(a), Some(b)) = (&a, &b) {
            for (a, b) in [(a, b), (b, a)] {
                if a.hi == b.lo {
                    return Some(Range { lo: a.lo.clone(), hi: b.hi.clone() });
                }
            }
        }
        b.filter(|it| self.facts.some(it)).or_else(|| a.filter(|it| self.facts.some(it)))
    }

    /// The keys that hold of both: of more keys more is known.
    fn fewer(&self, a: Option<Range>, b: Option<Range>) -> Option<Range> {
        let (a, b) = (a?, b?);
        let inside = |a: &Range, b: &Range| self.facts.some(a) && self.facts.inside(a, b);
        if a == b || inside(&a, &b) { Some(a) } else { Some(b).filter(|it| inside(it, &a)) }
    }

    /// An operation of two words that is no product.
    pub(super) fn with(&self, op: Op, left: Tag, right: Tag) -> Tag {
        let gathers = matches!(op, Op::Add | Op::Max);
        if !gathers && !matches!(op, Op::Sub | Op::Mul | Op::Div) {
            return Tag::Other;
        }
        match (&left, &right) {
            (Tag::Constant, _) => return right.alone(),
            (_, Tag::Constant) => return left.alone(),
            (Tag::Pair { row, key, words }, Tag::Pair { row: i, key: j, words: more })
                if (row, key) == (i, j) =>
            {
                if words == more && self.whole(words) {
                    return left;
                }
                if op == Op::Add && words.hi == more.lo {
                    let words = Range { lo: words.lo.clone(), hi: more.hi.clone() };
                    return Tag::Pair { row: row.clone(), key: key.clone(), words };
                }
                return Tag::Other;
            }
            (pair @ Tag::Pair { row, key, words }, Tag::Row { row: i, keys })
            | (Tag::Row { row: i, keys }, pair @ Tag::Pair { row, key, words })
                if row == i && self.whole(words) && !gathers =>
            {
                // Of its own key alone, or of several.
                let own = self.range(key).zip(keys.as_ref());
                if own.is_some_and(|(own, keys)| self.facts.inside(&own, keys)) {
                    return pair.clone();
                }
            }
            (Tag::Place { row, word, keys }, Tag::Place { row: i, word: l, keys: more })
                if (row, word) == (i, l) =>
            {
                let keys = self.gathered(keys.clone(), more.clone());
                return Tag::Place { row: row.clone(), word: word.clone(), keys };
            }
            (place @ Tag::Place { row, .. }, other) | (other, place @ Tag::Place { row, .. }) => {
                let same = self.row(other).is_some_and(|it| it.0 == *row);
                return if same { place.clone() } else { Tag::Other };
            }
            _ => {}
        }
        match (self.row(&left), self.row(&right)) {
            (Some((row, a)), Some((i, b))) if row == i => {
                let keys = if gathers { self.gathered(a, b) } else { self.fewer(a, b) };
                Tag::Row { row, keys }
            }
            _ => Tag::Other,
        }
    }

    /// Of all terms along `index`, reduced by `op`.
    pub(super) fn reduced(&self, op: Op, term: &Tag, index: usize) -> Tag {
        let is = |it: &Coord| it.along == Some(index);
        match term {
            Tag::Constant => Tag::Constant,
            Tag::Score { row, key, word } if op == Op::Add && is(word) && !is(row) && !is(key) => {
                let (row, key) = (row.clone(), key.clone());
                self.range(word).map_or(Tag::Other, |words| Tag::Pair { row, key, words })
            }
            Tag::Pair { row, key, words } if self.whole(words) && is(key) && !is(row) => {
                Tag::Row { row: row.clone(), keys: self.range(key) }
            }
            Tag::Place { row, word, .. } if !is(row) && !is(word) => term.clone(),
            _ => Tag::Other,
        }
    }

    /// What is known of something that is one or the other.
    pub(super) fn join(&self, a: &Tag, b: &Tag) -> Tag {
        match (a, b) {
            _ if a == b => a.clone(),
            (Tag::Constant, Tag::Place { row, word, .. })
            | (Tag::Place { row, word, .. }, Tag::Constant) => {
                Tag::Place { row: row.clone(), word: word.clone(), keys: None }
            }
            (Tag::Place { row, word, keys }, Tag::Place { row: i, word: l, keys: more })
                if (row, word) == (i, l) =>
            {
                let keys = self.fewer(keys.clone(), more.clone());
                Tag::Place { row: row.clone(), word: word.clone(), keys }
            }
            (Tag::Place { row, word, .. }, other) | (other, Tag::Place { row, word, .. })
                if self.row(other).is_some_and(|it| it.0 == *row) =>
            {
                Tag::Place { row: row.clone(), word: word.clone(), keys: None }
            }
            (Tag::Constant, it) | (it, Tag::Constant) => match self.row(it) {
                Some((row, _)) => Tag::Row { row, keys: None },
                None => Tag::Other,
            },
            _ => match (self.row(a), self.row(b)) {
                (Some((row, a)), Some((i, b))) if row == i => {
                    Tag::Row { row, keys: self.fewer(a, b) }
                }
                _ => Tag::Other,
            },
        }
    }

    /// Is all that is `a` also `b`?
    pub(super) fn within(&self, a: &Tag, b: &Tag) -> bool {
        let nothing = b.told().is_some_and(|it| it.lo == it.hi);
        *a == Tag::Constant && nothing || self.join(a, b) == *b
    }

    /// A guess of what holds before each iteration of a loop from `lo`, at `start`, of what is
    /// `before` before the first and `after` behind it.
    pub(super) fn guess(&self, before: &Tag, after: &Tag, lo: &Poly, start: &Poly) -> Option<Tag> {
        let (kind, from) = match before {
            Tag::Constant => (after, lo.clone()),
            Tag::Pair { key, words, .. } if self.whole(words) => {
                (after, self.range(key).filter(|it| it.hi == *lo)?.lo)
            }
            it => (before, it.told().filter(|it| it.hi == *lo)?.lo.clone()),
        };
        let done = Range { lo: from, hi: start.clone() };
        Some(match kind {
            Tag::Pair { row, key, words } if !self.whole(words) => {
                Tag::Pair { row: row.clone(), key: key.clone(), words: done }
            }
            Tag::Place { row, word, .. } => {
                Tag::Place { row: row.clone(), word: word.clone(), keys: Some(done) }
            }
            it => Tag::Row { row: self.row(it)?.0, keys: Some(done) },
        })
    }
}
