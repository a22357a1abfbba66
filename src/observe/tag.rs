//! What a vertex of a stream is, by local rules.

use crate::op::Op;

/// What a word holds. Rows, keys and words are counted from 0.
///
/// The rules look at an operation and the tags of its operands, nothing else. What they do not know
/// is [`Tag::Other`]: the answer may be that a schedule's class is not known, never that it is in a
/// class in which it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// A constant.
    Constant,
    /// The input `q_il`.
    Query {
        /// i.
        row: u32,
        /// l.
        word: u32,
    },
    /// The input `k_jl`.
    Key {
        /// j.
        key: u32,
        /// l.
        word: u32,
    },
    /// The input `v_jl`.
    Value {
        /// j.
        key: u32,
        /// l.
        word: u32,
    },
    /// A pair vertex of (i, j): one product `q_il·k_jl` for each l in `from..to` leads to it.
    Pair {
        /// i.
        row: u32,
        /// j.
        key: u32,
        /// The first l.
        from: u32,
        /// One past the last.
        to: u32,
    },
    /// A statistic of row i: whatever is made of its pair vertices of several keys.
    Row {
        /// i.
        row: u32,
    },
    /// An accumulator of (i, l).
    Place {
        /// i.
        row: u32,
        /// l.
        word: u32,
    },
    /// Anything else.
    Other,
}

/// A product that the class names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// x: `q_il·k_jl`.
    Score {
        /// i.
        row: u32,
        /// j.
        key: u32,
        /// l.
        word: u32,
    },
    /// y: a pair vertex of (i, j), made of all its x, times `v_jl`.
    Output {
        /// i.
        row: u32,
        /// j.
        key: u32,
        /// l.
        word: u32,
    },
}

impl Tag {
    /// The tag of the result, and the product if it is one; `d` is how many x a pair has.
    #[must_use]
    pub fn of(op: Op, operands: &[Self], d: u32) -> (Self, Option<Product>) {
        let plain = |tag| (tag, None);
        match (op, operands) {
            (Op::Constant(_), _) => plain(Self::Constant),
            (Op::Copy | Op::Negate | Op::Times(_) | Op::Call(_), [it]) => plain(it.alone()),
            (Op::Mul, &[Self::Query { row, word }, Self::Key { key, word: same }])
            | (Op::Mul, &[Self::Key { key, word: same }, Self::Query { row, word }])
                if word == same =>
            {
                let pair = Self::Pair { row, key, from: word, to: word + 1 };
                (pair, Some(Product::Score { row, key, word }))
            }
            (Op::Mul, &[Self::Pair { row, key, from: 0, to }, Self::Value { key: same, word }])
            | (Op::Mul, &[Self::Value { key: same, word }, Self::Pair { row, key, from: 0, to }])
                if key == same && to == d =>
            {
                (Self::Place { row, word }, Some(Product::Output { row, key, word }))
            }
            (Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Max, &[left, right]) => {
                plain(left.with(op, right))
            }
            _ => plain(Self::Other),
        }
    }

    /// Under a function of one word. A word of Q, K or V is then no longer that word.
    fn alone(self) -> Self {
        match self {
            Self::Query { .. } | Self::Key { .. } | Self::Value { .. } => Self::Other,
            it => it,
        }
    }

    fn with(self, op: Op, other: Self) -> Self {
        let gathers = matches!(op, Op::Add | Op::Max);
        match (self, other) {
            (Self::Constant, it) | (it, Self::Constant) => it.alone(),
            (Self::Pair { row, key, from, to }, Self::Pair { row: i, key: j, from: a, to: b }) => {
                match (row == i, key == j) {
                    (true, true) if (from, to) == (a, b) => self,
                    (true, true) if op == Op::Add && to == a => {
                        Self::Pair { row, key, from, to: b }
                    }
                    (true, true) if op == Op::Add && b == from => {
                        Self::Pair { row, key, from: a, to }
                    }
                    (true, false) => Self::Row { row },
                    _ => Self::Other,
                }
            }
            (Self::Pair { row, .. }, Self::Row { row: i })
            | (Self::Row { row: i }, Self::Pair { row, .. })
                if row == i =>
            {
                match (gathers, self) {
                    (true, _) => Self::Row { row },
                    (false, Self::Pair { .. }) => self,
                    (false, _) => other,
                }
            }
            (Self::Row { row }, Self::Row { row: i }) if row == i => self,
            (Self::Place { row, word }, Self::Place { row: i, word: l })
                if (row, word) == (i, l) =>
            {
                self
            }
            (Self::Place { row, .. }, Self::Row { row: i } | Self::Pair { row: i, .. })
                if row == i =>
            {
                self
            }
            (Self::Row { row: i } | Self::Pair { row: i, .. }, Self::Place { row, .. })
                if row == i =>
            {
                other
            }
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Function;

    const D: u32 = 3;
    const ALL: Tag = Tag::Pair { row: 1, key: 2, from: 0, to: D };
    const ROW: Tag = Tag::Row { row: 1 };
    const PLACE: Tag = Tag::Place { row: 1, word: 4 };

    fn pair(key: u32, from: u32, to: u32) -> Tag {
        Tag::Pair { row: 1, key, from, to }
    }

    fn check(op: Op, operands: &[Tag], expected: Tag) {
        assert_eq!(Tag::of(op, operands, D), (expected, None), "{op} {operands:?}");
    }

    #[test]
    fn products() {
        let (q, k) = (Tag::Query { row: 1, word: 2 }, Tag::Key { key: 5, word: 2 });
        let score = Some(Product::Score { row: 1, key: 5, word: 2 });
        assert_eq!(Tag::of(Op::Mul, &[q, k], D), (pair(5, 2, 3), score));
        assert_eq!(Tag::of(Op::Mul, &[k, q], D), (pair(5, 2, 3), score));
        check(Op::Mul, &[q, Tag::Key { key: 5, word: 1 }], Tag::Other);
        check(Op::Add, &[q, k], Tag::Other);
        let v = Tag::Value { key: 2, word: 4 };
        let output = Some(Product::Output { row: 1, key: 2, word: 4 });
        assert_eq!(Tag::of(Op::Mul, &[ALL, v], D), (PLACE, output));
        check(Op::Mul, &[pair(2, 0, 2), v], Tag::Other); // a product is missing
        check(Op::Mul, &[pair(3, 0, 3), v], Tag::Other); // another key's
        check(Op::Call(Function::Exp), &[v], Tag::Other);
    }

    #[test]
    fn pairs_and_rows() {
        check(Op::Add, &[pair(2, 0, 1), pair(2, 1, 3)], ALL);
        check(Op::Add, &[pair(2, 1, 3), pair(2, 0, 1)], ALL);
        check(Op::Add, &[pair(2, 0, 1), pair(2, 2, 3)], Tag::Other); // with a hole
        check(Op::Mul, &[pair(2, 0, 1), pair(2, 1, 3)], Tag::Other);
        check(Op::Add, &[Tag::Constant, ALL], ALL);
        check(Op::Call(Function::Exp), &[ALL], ALL);
        check(Op::Max, &[ALL, pair(7, 0, 3)], ROW);
        check(Op::Mul, &[ALL, pair(7, 0, 3)], ROW);
        check(Op::Max, &[ROW, ALL], ROW);
        check(Op::Sub, &[ALL, ROW], ALL);
        check(Op::Div, &[ALL, ROW], ALL);
        check(Op::Sub, &[ALL, Tag::Row { row: 2 }], Tag::Other);
        check(Op::Sub, &[ROW, ROW], ROW);
    }

    #[test]
    fn places() {
        check(Op::Add, &[PLACE, PLACE], PLACE);
        check(Op::Mul, &[ROW, PLACE], PLACE);
        check(Op::Div, &[PLACE, ROW], PLACE);
        check(Op::Div, &[PLACE, ALL], PLACE); // N = 1: the sum is the weight
        check(Op::Add, &[PLACE, Tag::Place { row: 1, word: 5 }], Tag::Other);
        check(Op::Mul, &[PLACE, Tag::Row { row: 2 }], Tag::Other);
        check(Op::Opaque, &[PLACE], Tag::Other);
    }
}
