//! Masks: which pairs of a query and a key are kept, as far as bounds need to know.

use super::Shape;
use std::fmt;
use std::str::FromStr;

/// Which score pairs (i, j) are kept; |E| of them.
///
/// With more keys than queries the last query stands beside the last key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mask {
    /// All.
    #[default]
    Full,
    /// Keys up to the query's own.
    Causal,
    /// The query's own key and those before it, W in all.
    Sliding(u64),
    /// The first F keys, and those up to the query's own (a prefix that sees itself).
    Prefix(u64),
    /// Documents of L keys, the last of what is left: keys of the query's own document.
    Documents(u64),
    /// Any mask that keeps this many pairs, at least one in each row and of each key.
    Pairs(u128),
}

/// What a mask leaves of a shape: rows and keys with at least one pair, and the pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kept {
    /// Rows of Q and O.
    pub rows: u64,
    /// Rows of K and V.
    pub keys: u64,
    /// |E|.
    pub pairs: u128,
}

/// A mask that this shape cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoMask {
    /// Some queries would have no key.
    #[error("{mask} needs at least as many keys as queries; there are {keys} and {n}")]
    TooFewKeys {
        /// The mask.
        mask: Mask,
        /// N.
        n: u64,
        /// N'.
        keys: u64,
    },
    /// More pairs than there are, or too few for every row and key to have one.
    #[error("{pairs} pairs: they must lie between {least} and {most}")]
    Pairs {
        /// Those asked for.
        pairs: u128,
        /// max(N, N').
        least: u128,
        /// N·N'.
        most: u128,
    },
}

impl Mask {
    /// Does query `i` see key `j`? `None` of a mask that only tells how many pairs it keeps.
    #[must_use]
    pub fn keeps(self, shape: &Shape, i: u64, j: u64) -> Option<bool> {
        // The last query stands beside the last key. None stands before the first, by `kept`.
        let own = (i + shape.keys()).saturating_sub(shape.n());
        Some(match self {
            Self::Full => true,
            Self::Causal => j <= own,
            Self::Sliding(width) => j <= own && own - j < width.max(1),
            Self::Prefix(first) => j < first || j <= own,
            Self::Documents(length) => j / length.max(1) == own / length.max(1),
            Self::Pairs(_) => return None,
        })
    }

    /// What is kept of `shape`.
    ///
    /// # Errors
    ///
    /// [`NoMask`].
    pub fn kept(self, shape: &Shape) -> Result<Kept, NoMask> {
        let (n, keys) = (shape.n(), shape.keys());
        let all = Kept { rows: n, keys, pairs: shape.pairs() };
        let width = match self {
            Self::Full => return Ok(all),
            Self::Pairs(pairs) => {
                let (least, most) = (u128::from(n.max(keys)), shape.pairs());
                return if (least..=most).contains(&pairs) {
                    Ok(Kept { pairs, ..all })
                } else {
                    Err(NoMask::Pairs { pairs, least, most })
                };
            }
            Self::Causal | Self::Prefix(_) | Self::Documents(_) => keys,
            Self::Sliding(width) => width.clamp(1, keys),
        };
        let Some(before) = keys.checked_sub(n) else {
            return Err(NoMask::TooFewKeys { mask: self, n, keys });
        };
        match self {
            Self::Prefix(first) => {
                // Query i has max(F, before + 1 + i) keys: causal, and a triangle filled up.
                let causal = Self::Causal.kept(shape)?;
                let more = u128::from(first.min(keys).saturating_sub(before + 1));
                return Ok(Kept { pairs: causal.pairs + more * (more + 1) / 2, ..causal });
            }
            Self::Documents(length) => {
                // Those of the keys that have a query: before.., document by document.
                let length = length.clamp(1, keys);
                let whole = |document: u64| u128::from(length.min(keys - document * length));
                let (first, last) = (before / length, (keys - 1) / length);
                let asked = u128::from(((first + 1) * length).min(keys) - before);
                let mut pairs = asked * whole(first);
                if last > first {
                    let between = u128::from(last - first - 1) * u128::from(length).pow(2);
                    pairs += between + whole(last).pow(2);
                }
                return Ok(Kept { keys: keys - first * length, pairs, ..all });
            }
            _ => {}
        }
        // Query i has min(W, before + 1 + i) keys: those with fewer than W are a triangle cut off.
        let short = u128::from(width.saturating_sub(before + 1).min(n));
        let missing = short * u128::from(width - before.min(width)) - short * (short + 1) / 2;
        let pairs = u128::from(n) * u128::from(width) - missing;
        Ok(Kept { keys: keys.min(width.saturating_add(n - 1)), pairs, ..all })
    }
}

impl fmt::Display for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("full"),
            Self::Causal => f.write_str("causal"),
            Self::Sliding(width) => write!(f, "sliding:{width}"),
            Self::Prefix(first) => write!(f, "prefix:{first}"),
            Self::Documents(length) => write!(f, "documents:{length}"),
            Self::Pairs(pairs) => write!(f, "pairs:{pairs}"),
        }
    }
}

/// Not the name of a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a mask is `full`, `causal`, `sliding:WIDTH`, `prefix:KEYS`, `documents:LENGTH` or \
     `pairs:COUNT`, with a number of at least 1"
)]
pub struct NotAMask;

impl FromStr for Mask {
    type Err = NotAMask;

    fn from_str(text: &str) -> Result<Self, NotAMask> {
        let number = |it: &str| it.parse::<u128>().ok().filter(|it| *it > 0);
        let size = |it: &str| number(it).and_then(|it| u64::try_from(it).ok());
        match text.split_once(':') {
            None if text == "full" => Ok(Self::Full),
            None if text == "causal" => Ok(Self::Causal),
            Some(("sliding", it)) => size(it).map(Self::Sliding).ok_or(NotAMask),
            Some(("prefix", it)) => size(it).map(Self::Prefix).ok_or(NotAMask),
            Some(("documents", it)) => size(it).map(Self::Documents).ok_or(NotAMask),
            Some(("pairs", pairs)) => number(pairs).map(Self::Pairs).ok_or(NotAMask),
            _ => Err(NotAMask),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair looked at.
    fn slowly(shape: &Shape, kept: impl Fn(u64, u64) -> bool) -> Kept {
        let (n, keys) = (shape.n(), shape.keys());
        let pairs = (0..n).flat_map(|i| (0..keys).map(move |j| (i, j)));
        let pairs: Vec<_> = pairs.filter(|(i, j)| kept(*i, *j)).collect();
        let touched = |j: &u64| pairs.iter().any(|it| it.1 == *j);
        let touched = (0..keys).filter(touched).count() as u64;
        Kept { rows: n, keys: touched, pairs: pairs.len() as u128 }
    }

    #[test]
    fn as_counted_one_by_one() {
        for n in 1..7 {
            for keys in n..10 {
                let (shape, before) = (Shape::new(n, keys, 2, 3).unwrap(), keys - n);
                let check = |mask: Mask, kept: &dyn Fn(u64, u64) -> bool| {
                    let expected = slowly(&shape, kept);
                    assert_eq!(mask.kept(&shape).unwrap(), expected, "{n} {keys} {mask}");
                    let told = slowly(&shape, |i, j| mask.keeps(&shape, i, j).unwrap());
                    assert_eq!(told, expected, "{n} {keys} {mask}");
                };
                let causal = |i, j| j <= i + before;
                check(Mask::Full, &|_, _| true);
                check(Mask::Causal, &causal);
                for size in 1..12 {
                    check(Mask::Sliding(size), &|i, j| causal(i, j) && i + before - j < size);
                    check(Mask::Prefix(size), &|i, j| causal(i, j) || j < size);
                    let document = |at: u64| at / size;
                    check(Mask::Documents(size), &|i, j| document(i + before) == document(j));
                }
            }
        }
    }

    #[test]
    fn as_written() {
        for text in ["full", "causal", "sliding:7", "prefix:2", "documents:3", "pairs:12"] {
            assert_eq!(text.parse::<Mask>().unwrap().to_string(), text);
        }
        for text in ["", "sliding", "sliding:0", "sliding:-1", "pairs:x", "causal:3", "prefix:0"] {
            assert_eq!(text.parse::<Mask>(), Err(NotAMask), "{text}");
        }
    }

    #[test]
    fn impossible_ones() {
        let shape = Shape::new(3, 2, 1, 1).unwrap();
        assert!(matches!(Mask::Causal.kept(&shape), Err(NoMask::TooFewKeys { .. })));
        for pairs in [2, 7] {
            assert!(matches!(Mask::Pairs(pairs).kept(&shape), Err(NoMask::Pairs { .. })));
        }
        assert_eq!(Mask::Pairs(6).kept(&shape).unwrap(), Mask::Full.kept(&shape).unwrap());
    }
}
