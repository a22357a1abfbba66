//! Computation DAGs: the values of a computation and which of them each one reads.

pub mod dot;
mod edges;
pub mod explicit;
pub mod format;
pub mod generate;
pub mod hyperdag;
pub mod json;
pub mod labelled;
pub mod random;
pub mod stats;
pub mod textbook;

pub use explicit::{Cdag, Malformed};
pub use format::Format;
pub use generate::Generator;
pub use labelled::{BadNames, Labelled};
pub use stats::{Stats, stats};

/// A value of the computation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vertex(pub u64);

/// What a referee needs to know of an explicit CDAG, without petgraph.
pub trait Operands {
    /// Vertices are `0..n_vertices`.
    fn n_vertices(&self) -> u64;
    /// The operands of `vertex`, in the order of its operation; empty for an input.
    fn operands(&self, vertex: Vertex) -> &[Vertex];
    /// Does `vertex` start in slow memory? A vertex without operands does.
    fn is_input(&self, vertex: Vertex) -> bool {
        self.operands(vertex).is_empty()
    }
    /// Must `vertex` end in slow memory? A vertex nobody reads must.
    fn is_output(&self, vertex: Vertex) -> bool;
}
