//! What one compute does: its operation, by a name that files use too.

use std::{fmt, str::FromStr};

/// A constant that is part of an operation and costs no word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Constant {
    /// An integer.
    Int(i64),
    /// −∞, with exp(−∞ − x) = 0.
    NegInf,
    /// The softmax scale, by convention 1/√d.
    Scale,
}

/// A function of one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// eˣ.
    Exp,
    /// ln x, a log-domain word.
    Log,
    /// √x.
    Sqrt,
    /// tanh x.
    Tanh,
    /// max(0, x).
    Relu,
    /// GELU.
    Gelu,
}

/// What a compute does with its operands, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// The operation is not named: only legality can be judged. Any number of operands.
    Opaque,
    /// A constant; no operand.
    Constant(Constant),
    /// x.
    Copy,
    /// −x.
    Negate,
    /// c·x.
    Times(Constant),
    /// f(x).
    Call(Function),
    /// x + y.
    Add,
    /// x − y.
    Sub,
    /// x·y.
    Mul,
    /// x / y.
    Div,
    /// max(x, y).
    Max,
}

/// The operations that carry no constant, by name: the one list that printing and reading share.
const NAMED: &[(&str, Op)] = &[
    ("opaque", Op::Opaque),
    ("copy", Op::Copy),
    ("negate", Op::Negate),
    ("exp", Op::Call(Function::Exp)),
    ("log", Op::Call(Function::Log)),
    ("sqrt", Op::Call(Function::Sqrt)),
    ("tanh", Op::Call(Function::Tanh)),
    ("relu", Op::Call(Function::Relu)),
    ("gelu", Op::Call(Function::Gelu)),
    ("add", Op::Add),
    ("sub", Op::Sub),
    ("mul", Op::Mul),
    ("div", Op::Div),
    ("max", Op::Max),
];

impl Op {
    /// How many operands it takes; `None` for [`Op::Opaque`], which takes any number.
    #[inline]
    #[must_use]
    pub fn arity(self) -> Option<usize> {
        match self {
            Self::Opaque => None,
            Self::Constant(_) => Some(0),
            Self::Copy | Self::Negate | Self::Times(_) | Self::Call(_) => Some(1),
            Self::Add | Self::Sub | Self::Mul | Self::Div | Self::Max => Some(2),
        }
    }
}

impl fmt::Display for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(int) => write!(f, "{int}"),
            Self::NegInf => f.write_str("-inf"),
            Self::Scale => f.write_str("scale"),
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(constant) => write!(f, "const:{constant}"),
            Self::Times(constant) => write!(f, "times:{constant}"),
            _ => match NAMED.iter().find(|(_, op)| op == self) {
                Some((name, _)) => f.write_str(name),
                None => Err(fmt::Error),
            },
        }
    }
}

/// No operation has that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownOp;

impl FromStr for Constant {
    type Err = UnknownOp;

    fn from_str(text: &str) -> Result<Self, UnknownOp> {
        match text {
            "-inf" => Ok(Self::NegInf),
            "scale" => Ok(Self::Scale),
            _ => text.parse().map(Self::Int).map_err(|_| UnknownOp),
        }
    }
}

impl FromStr for Op {
    type Err = UnknownOp;

    fn from_str(text: &str) -> Result<Self, UnknownOp> {
        match text.split_once(':') {
            Some(("const", constant)) => Ok(Self::Constant(constant.parse()?)),
            Some(("times", constant)) => Ok(Self::Times(constant.parse()?)),
            Some(_) => Err(UnknownOp),
            None => NAMED.iter().find(|it| it.0 == text).map(|it| it.1).ok_or(UnknownOp),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        let constants = [Constant::Int(-3), Constant::Int(0), Constant::NegInf, Constant::Scale];
        let ops = NAMED.iter().map(|it| it.1);
        let ops = ops.chain(constants.map(Op::Constant)).chain(constants.map(Op::Times));
        for op in ops {
            assert_eq!(op.to_string().parse(), Ok(op));
        }
        assert_eq!("plus".parse::<Op>(), Err(UnknownOp));
        assert_eq!("const:1.5".parse::<Op>(), Err(UnknownOp));
        assert_eq!("pi:1".parse::<Op>(), Err(UnknownOp));
    }
}
