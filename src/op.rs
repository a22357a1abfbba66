//! The operations a vertex can be computed by.

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
