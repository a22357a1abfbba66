//! What the interpreter runs: naga's IR with types and pointers resolved.
//!
//! A value is a column of 32-bit words, one an invocation; columns are numbered.

/// A column of the frame at hand.
pub(super) type Column = usize;

/// One operand, one result.
#[derive(Clone, Copy, Debug)]
pub(super) enum One {
    /// The bits as they are: u32 and i32 into each other, bit casts.
    Same,
    NegateFloat,
    NegateInt,
    Not,
    Complement,
    FloatFromInt,
    FloatFromUint,
    IntFromFloat,
    UintFromFloat,
    Exp,
    Log,
    Sqrt,
    Tanh,
    AbsFloat,
}

/// Two operands, one result.
#[derive(Clone, Copy, Debug)]
pub(super) enum Two {
    AddFloat,
    SubFloat,
    MulFloat,
    DivFloat,
    MinFloat,
    MaxFloat,
    LessFloat,
    AtMostFloat,
    EqualFloat,
    AddInt,
    SubInt,
    MulInt,
    DivInt,
    RemInt,
    MinInt,
    MaxInt,
    LessInt,
    AtMostInt,
    DivUint,
    RemUint,
    LessUint,
    AtMostUint,
    MinUint,
    MaxUint,
    EqualBits,
    DifferBits,
    And,
    Or,
    Xor,
}

/// Where a word is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pointer {
    /// A variable of the function.
    Local(usize),
    /// A global that is one word: private to each invocation, or uniform.
    Word(usize),
    /// An element of a global array.
    Element { global: usize, index: Column },
}

/// A statement or an expression.
#[derive(Debug)]
pub(super) enum Code {
    One { op: One, a: Column, out: Column },
    Two { op: Two, a: Column, b: Column, out: Column },
    Select { condition: Column, accept: Column, reject: Column, out: Column },
    Load { from: Pointer, out: Column },
    Store { to: Pointer, value: Column },
    AtomicAdd { to: Pointer, value: Column, old: Option<Column> },
    Call { function: usize, arguments: Vec<Column>, out: Option<Column> },
    If { condition: Column, accept: Vec<Self>, reject: Vec<Self> },
    Loop { body: Vec<Self>, continuing: Vec<Self>, break_if: Option<Column> },
    Break,
    Continue,
    Return(Option<Column>),
    Barrier,
}

/// A function.
#[derive(Debug, Default)]
pub(super) struct Function {
    pub(super) body: Vec<Code>,
    pub(super) columns: usize,
    /// Columns that never change.
    pub(super) constants: Vec<(Column, u32)>,
    /// The columns of the arguments.
    pub(super) arguments: Vec<Option<Column>>,
    /// First values of its variables.
    pub(super) locals: Vec<u32>,
}

/// A module; the entry point is the last function.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) functions: Vec<Function>,
    /// Columns of the entry point: the invocation's number, the workgroup's.
    pub(super) lane: Option<Column>,
    pub(super) group: Option<Column>,
    pub(super) width: usize,
}
