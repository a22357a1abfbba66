//! What a stream of moves computes, beyond its legality: an observer tags each vertex by local
//! rules as a pair vertex, a row statistic or an accumulator of attention. Trusted.
//!
//! It looks at the same moves as the referee and judges nothing that the referee judges. Memory
//! follows the words that are red or blue. No panic on moves that a referee accepts.
#![deny(clippy::float_arithmetic, clippy::as_conversions)]

pub mod member;
mod tag;

pub use member::{Class, Membership};
pub use tag::{Product, Tag};

use crate::attention::Shape;
use crate::cdag::Vertex;
use crate::schedule::Move;

/// Vertices a page holds tags for.
const PAGE: u64 = 1 << 10;

/// The tags of all vertices that are red or blue.
///
/// Vertices are numbered as a stream numbers them: Q, K and V, row-major, then each compute.
#[derive(Debug)]
pub struct Tags {
    n_queries: u64,
    n_keys: u64,
    n_inputs: u64,
    d: u32,
    d_v: u32,
    /// By the vertex's number over [`PAGE`]; absent where nothing is red or blue.
    pages: Vec<Option<Box<Page>>>,
    /// What a page that became empty leaves for the next.
    #[expect(clippy::vec_box, reason = "a page goes back and forth as it is")]
    spare: Vec<Box<Page>>,
    operands: Vec<Tag>,
}

#[derive(Debug)]
struct Page {
    tags: Vec<Tag>,
    /// Bit 0: red. Bit 1: blue.
    pebbles: Vec<u8>,
    held: u64,
}

const RED: u8 = 1;
const BLUE: u8 = 2;

/// Attention of this shape is too large to be observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TooLarge {
    /// Rows, keys or words in a row.
    #[error("only attention with fewer than 2^32 rows, keys and words in a row can be observed")]
    Shape,
    /// So many products of one kind, or outputs.
    #[error("{0} products or outputs are to be told apart; at most {max} = 2^32 are", max = member::MAX_BITS)]
    Products(u128),
}

impl Tags {
    /// Nothing is computed yet.
    ///
    /// # Errors
    ///
    /// [`TooLarge`].
    pub fn new(shape: &Shape) -> Result<Self, TooLarge> {
        let small = |size: u64| u32::try_from(size).map_err(|_| TooLarge::Shape);
        let (n, keys, d, d_v) =
            (small(shape.n())?, small(shape.keys())?, small(shape.d())?, small(shape.d_v())?);
        let n_queries = u64::from(n) * u64::from(d);
        let n_keys = u64::from(keys) * u64::from(d);
        let n_inputs = u64::try_from(shape.n_inputs()).map_err(|_| TooLarge::Shape)?;
        let (pages, spare, operands) = (vec![], vec![], vec![]);
        Ok(Self { n_queries, n_keys, n_inputs, d, d_v, pages, spare, operands })
    }

    /// The tag of a vertex that is red or blue; [`Tag::Other`] of any other.
    #[must_use]
    pub fn tag(&self, Vertex(number): Vertex) -> Tag {
        if number < self.n_inputs {
            return self.input(number);
        }
        let (page, slot) = place(number);
        let page = self.pages.get(page).and_then(Option::as_ref);
        page.and_then(|it| it.tags.get(slot)).copied().unwrap_or(Tag::Other)
    }

    fn input(&self, number: u64) -> Tag {
        let split = |number: u64, words: u32| {
            let (row, word) = (number / u64::from(words), number % u64::from(words));
            (u32::try_from(row).unwrap_or(u32::MAX), u32::try_from(word).unwrap_or(u32::MAX))
        };
        if number < self.n_queries {
            let (row, word) = split(number, self.d);
            return Tag::Query { row, word };
        }
        let number = number - self.n_queries;
        if number < self.n_keys {
            let (key, word) = split(number, self.d);
            return Tag::Key { key, word };
        }
        let (key, word) = split(number - self.n_keys, self.d_v);
        Tag::Value { key, word }
    }

    /// Sees a move that the referee accepts; of a compute the tag of its result and the product that
    /// it is, if it is one.
    pub fn see(&mut self, it: Move<'_>) -> Option<(Tag, Option<Product>)> {
        match it {
            Move::Compute { vertex, op, operands } => {
                let mut tags = std::mem::take(&mut self.operands);
                tags.clear();
                tags.extend(operands.iter().map(|it| self.tag(*it)));
                let (tag, product) = Tag::of(op, &tags, self.d);
                self.operands = tags;
                self.hold(vertex, tag);
                return Some((tag, product));
            }
            Move::Load(vertex) => self.change(vertex, |it| it | RED),
            Move::Store(vertex, _) => self.change(vertex, |it| it | BLUE),
            Move::Free(vertex) => self.change(vertex, |it| it & !RED),
            // Only games on an explicit CDAG have it.
            Move::Accumulate { .. } => {}
        }
        None
    }

    fn hold(&mut self, Vertex(number): Vertex, tag: Tag) {
        let (page, slot) = place(number);
        if page >= self.pages.len() {
            self.pages.resize_with(page + 1, || None);
        }
        let spare = &mut self.spare;
        let page = self.pages[page].get_or_insert_with(|| spare.pop().unwrap_or_default());
        page.held += u64::from(page.pebbles[slot] == 0);
        page.tags[slot] = tag;
        page.pebbles[slot] = RED;
    }

    fn change(&mut self, Vertex(number): Vertex, to: impl Fn(u8) -> u8) {
        let (at, slot) = place(number);
        let Some(entry) = self.pages.get_mut(at) else { return };
        let Some(page) = entry else { return };
        let (before, after) = (page.pebbles[slot], to(page.pebbles[slot]));
        // Inputs are never held.
        if before == 0 {
            return;
        }
        page.pebbles[slot] = after;
        if after == 0 {
            page.tags[slot] = Tag::Other;
            page.held -= 1;
            if page.held == 0 {
                self.spare.extend(entry.take());
            }
        }
    }
}

impl Default for Page {
    fn default() -> Self {
        let size = usize::try_from(PAGE).unwrap_or(0);
        Self { tags: vec![Tag::Other; size], pebbles: vec![0; size], held: 0 }
    }
}

/// The page and the place in it.
fn place(number: u64) -> (usize, usize) {
    let page = usize::try_from(number / PAGE).unwrap_or(usize::MAX);
    (page, usize::try_from(number % PAGE).unwrap_or(0))
}
