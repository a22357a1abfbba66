//! A CDAG whose vertices may have names.

use super::{Cdag, Operands, Vertex};
use std::fmt;

/// What a file holds: a CDAG, and names for its vertices where it gives any.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// The graph.
    pub cdag: Cdag,
    names: Option<Vec<String>>,
}

/// Names that do not name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadNames {
    /// Not one name a vertex.
    Count {
        /// Vertices.
        n_vertices: u64,
        /// Names.
        n_names: usize,
    },
    /// Two vertices have the same name.
    Repeated {
        /// The second of them.
        vertex: Vertex,
        /// The name.
        name: String,
    },
}

impl fmt::Display for BadNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count { n_vertices, n_names } => {
                write!(f, "{n_names} names for {n_vertices} vertices")
            }
            Self::Repeated { vertex, name } => {
                write!(f, "vertex {} is called {name:?}, as another one is", vertex.0)
            }
        }
    }
}

impl std::error::Error for BadNames {}

impl From<Cdag> for Labelled {
    fn from(cdag: Cdag) -> Self {
        Self { cdag, names: None }
    }
}

impl Labelled {
    /// Vertex `v` is called `names[v]`.
    ///
    /// # Errors
    ///
    /// [`BadNames`] unless every vertex has a name of its own.
    pub fn new(cdag: Cdag, names: Vec<String>) -> Result<Self, BadNames> {
        let (n_vertices, n_names) = (cdag.n_vertices(), names.len());
        if u64::try_from(n_names).ok() != Some(n_vertices) {
            return Err(BadNames::Count { n_vertices, n_names });
        }
        let mut seen = rustc_hash::FxHashSet::default();
        for (vertex, name) in cdag.vertices().zip(&names) {
            if !seen.insert(name) {
                return Err(BadNames::Repeated { vertex, name: name.clone() });
            }
        }
        Ok(Self { cdag, names: Some(names) })
    }

    /// Names in the order of the vertices, if there are any.
    #[must_use]
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }
}
