//! A schedule text as its author wrote it: names, comments and places, nothing checked.
//!
//! [`Draft`] is what the parser makes and the printer prints; `parse ∘ print` is the identity on it.
//! [`Draft::check`] turns it into a [`Program`](super::Program).

use crate::op::{Constant, Function, Op};

/// Where something stands in a text. Two drafts that differ only in places are equal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its text.
    pub text: String,
    /// Its place.
    pub at: Place,
}

impl Name {
    /// A name that stands nowhere: for builders.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), at: Place::default() }
    }
}

/// An integer expression: a bound, an extent, an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Size {
    /// A literal.
    Int(u64),
    /// A parameter, tile, loop variable, length or index.
    Name(Name),
    /// a + b.
    Add(Box<Self>, Box<Self>),
    /// a − b.
    Sub(Box<Self>, Box<Self>),
    /// a·b.
    Mul(Box<Self>, Box<Self>),
    /// ⌈a/b⌉.
    Ceil(Box<Self>, Box<Self>),
    /// ⌊a/b⌋.
    Floor(Box<Self>, Box<Self>),
    /// min(a, b).
    Min(Box<Self>, Box<Self>),
    /// max(a, b).
    Max(Box<Self>, Box<Self>),
}

/// One dimension of a slice of a slow array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slice {
    /// `..`: the whole dimension.
    All,
    /// `i`: one index; the dimension disappears.
    At(Size),
    /// `a..b`: from a up to but not including b.
    Range(Size, Size),
}

/// The right side of an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A constant.
    Constant {
        /// Which.
        value: Constant,
        /// Where it stands.
        at: Place,
    },
    /// An element of a fast array.
    Read {
        /// The array.
        array: Name,
        /// One index a dimension.
        index: Vec<Size>,
    },
    /// f(x), −x.
    Unary(Unary, Box<Self>),
    /// x ∘ y with ∘ one of + − × / max.
    Binary(Op, Box<Self>, Box<Self>),
}

/// An operation of one operand, as a text writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// f(x).
    Call(Function),
    /// −x.
    Negate,
}

/// One index on the left of an assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// A new index name, or a place given by loop variables.
    pub index: Size,
    /// Its extent where the right side does not tell it: `r:br`.
    pub extent: Option<Size>,
}

/// How an assignment fills its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// `=`.
    Set,
    /// `+=`.
    Sum,
    /// `max=`.
    Max,
}

/// How two sizes compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
    /// `==`.
    Equal,
    /// `>=`.
    AtLeast,
    /// `>`.
    More,
}

/// One condition of a `where`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Left side.
    pub left: Size,
    /// The comparison.
    pub order: Order,
    /// Right side.
    pub right: Size,
}

/// The tile loop `for i, br in lo..hi by step`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loop {
    /// Do iterations touch no common written address?
    pub par: bool,
    /// The start of the tile.
    pub start: Name,
    /// The length of the tile, clipped at `hi`.
    pub len: Option<Name>,
    /// First start.
    pub lo: Size,
    /// End.
    pub hi: Size,
    /// From start to start.
    pub step: Size,
    /// What is done for each tile.
    pub body: Block,
}

/// `s[r,c] += q[r,e]*k[c,e] where …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assign {
    /// The fast array that is filled.
    pub target: Name,
    /// Its indices.
    pub left: Vec<Left>,
    /// `=`, `+=` or `max=`.
    pub fill: Fill,
    /// The term.
    pub right: Term,
    /// All must hold for a term to take part.
    pub conditions: Vec<Condition>,
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A loop.
    For(Loop),
    /// `load fast = slow[…]`.
    Load {
        /// The fast array that is born.
        fast: Name,
        /// The slow array read.
        slow: Name,
        /// One slice a dimension.
        slices: Vec<Slice>,
    },
    /// `store slow[…] = fast`.
    Store {
        /// The slow array written.
        slow: Name,
        /// One slice a dimension.
        slices: Vec<Slice>,
        /// The fast array that is copied out; it stays live.
        fast: Name,
    },
    /// An assignment.
    Assign(Assign),
    /// `free a, b`.
    Free(Vec<Name>),
}

/// Comments that belong to a line: those on lines of their own above it, and the one behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comments {
    /// Above, without `#` and the blank after it.
    pub above: Vec<String>,
    /// Behind.
    pub behind: Option<String>,
}

/// A statement, its place and its comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Where it begins.
    pub at: Place,
    /// Its comments; for a loop, those of its first line.
    pub comments: Comments,
    /// What it does.
    pub action: Action,
}

/// Statements in order, and comments after the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The statements.
    pub statements: Vec<Statement>,
    /// Comments before the closing brace or the end of the text.
    pub end: Vec<String>,
}

/// What an array of the header is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Starts in slow memory.
    In,
    /// Must end in slow memory.
    Out,
    /// Slow memory that nobody asks for afterwards.
    Scratch,
}

/// `Q[N,d] : 1`; without dimensions it gives a fast array its weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Array {
    /// Its name.
    pub name: Name,
    /// Its extents; `None` for the weight of a fast array.
    pub dims: Option<Vec<Size>>,
    /// Words an element.
    pub weight: u64,
}

/// One line of the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declaration {
    /// `param N, d;`
    Param(Vec<Name>),
    /// `tile Br, Bc;`
    Tile(Vec<Name>),
    /// `const scale = 1/sqrt(d);`
    Scale(Name),
    /// `in …;`, `out …;`, `scratch …;`
    Arrays(Role, Vec<Array>),
}

/// A header line with its comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Where it begins.
    pub at: Place,
    /// Its comments.
    pub comments: Comments,
    /// What it declares.
    pub declaration: Declaration,
}

/// A whole schedule text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Parameters, tiles and slow arrays.
    pub headers: Vec<Header>,
    /// The schedule.
    pub body: Block,
}
