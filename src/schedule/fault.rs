//! What can be wrong with a text that is in the grammar.

use super::draft::Place;

/// A well-formed text that makes no sense, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {kind}")]
pub struct Fault {
    /// Where.
    pub at: Place,
    /// What.
    pub kind: FaultKind,
}

/// The static checks, one variant each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum FaultKind {
    #[error("`{0}` is already declared")]
    Redeclared(String),
    #[error("no {what} is called `{name}` here")]
    Unknown { name: String, what: &'static str },
    #[error("`{array}` has {dims} dimensions, not {given}")]
    Rank { array: String, dims: usize, given: usize },
    #[error("`{0}` is used but not live: load or assign it first")]
    NotLive(String),
    #[error("`{0}` is live already: free it before it is born again")]
    AlreadyLive(String),
    #[error("index `{index}` runs over {one} here and over {other} there")]
    Extents { index: String, one: String, other: String },
    #[error("shapes differ: `{array}` is {shape}, the region is {region}")]
    Shapes { array: String, shape: String, region: String },
    #[error("nothing tells the extent of index `{0}`: write `{0}:extent` on the left")]
    Unbounded(String),
    #[error("index `{0}` stands twice on the left")]
    RepeatedIndex(String),
    #[error("`=` reduces nothing: index `{0}` is not on the left")]
    SetReduces(String),
    #[error("`{0}` is born whole: its indices must all be new names")]
    PartialBirth(String),
    #[error("`{0}` is not live, so `where` would leave elements without a value")]
    ConditionalBirth(String),
    #[error("the term of a reduction may not read its target `{0}`")]
    ReducesItself(String),
    #[error("an update in place reads `{0}` at the element it writes, and nowhere else")]
    ReadsElsewhere(String),
    #[error("a constant stands alone or is a factor `c * x`; it has no word to be an operand")]
    ConstantOperand,
    #[error("`scale` is used without `const scale = 1/sqrt(…);` in the header")]
    NoScale,
    #[error("`{0}` is an input and is never written")]
    StoresInput(String),
    #[error("`{0}` is read before anything is stored to it")]
    ReadBeforeWrite(String),
    #[error("the output `{0}` is never stored")]
    NeverStored(String),
    #[error("tile `{0}` is declared and not used")]
    UnusedTile(String),
    #[error("`{array}` was born at depth {born}; `free` must stand at that depth, not {here}")]
    FreeDepth { array: String, born: usize, here: usize },
    #[error("`{0}` is born in the loop and still live at its end: free it")]
    BornInLoop(String),
    #[error("`{0}` is still live at the end: free it")]
    Leak(String),
    #[error(
        "iterations of `par for` may touch the same address of `{array}`: every region of it in \
         the loop needs a dimension that is exactly the tile of `{start}`"
    )]
    ParShares { array: String, start: String },
    #[error("a loaded index is one integer: `{0}` has dimensions")]
    LoadedRank(String),
    #[error("words an element: at least 1")]
    ZeroWeight,
    #[error("`{0}` needs extents that name parameters only")]
    Extent(String),
    #[error("a size is too large")]
    TooLarge,
    #[error("more than {0} names of one sort")]
    TooMany(usize),
}
