//! Is a program in the class of CDAGs that the bounds are about, at all sizes at which it can be
//! walked? Decided from the text.
//!
//! Every array gets one `Tag` for all its elements, a symbolic form of `observe::Tag`: *element
//! (r, c) of s is the pair vertex of row i + r and key j + c, all words summed*. Assignments apply the
//! rules of the observer to them. A loop needs a tag that holds before each of its iterations: it is
//! guessed from the first one (*the sum over keys 0..j*) and then checked, or else weakened. Where a
//! loop by 1 touches an array only at its own place of one dimension, each iteration sees its slice
//! alone, and the tag is that of all slices. What a slow array holds is everything that is stored to
//! it anywhere; an address is never loaded before something is stored there, that is a rule.
//!
//! Each statement that makes products makes a box of them, rows × keys × words; a loop lines its
//! boxes up in one dimension. All boxes together must make up all products: then each is computed,
//! and once if none is left over and no loop repeats any. The same goes for the outputs: what is
//! stored after everything else must be accumulators, everywhere.
//!
//! Said is what `observe` would say of the moves at any size; that they compute
//! attention is judged by value, at sizes that replay. What is not understood is [`Class::Unknown`].

mod cover;
mod facts;
mod loops;
mod reader;
mod tag;

use self::{
    cover::{Cover, cover},
    reader::{Done, Stop, What, read},
    tag::Range,
};
use crate::{
    model::Recompute,
    schedule::{Program, draft::Role, poly::Poly},
};
use std::fmt;

/// What is known of a program's CDAG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    /// In the class, each product computed once.
    EachOnce,
    /// In the class, each product computed, some perhaps again.
    AtLeastOnce,
    /// Not known.
    Unknown {
        /// A line of the text.
        line: u32,
        /// What is not understood there.
        why: &'static str,
    },
}

impl Class {
    /// The variant of the game whose bounds hold for it.
    #[must_use]
    pub fn recompute(&self) -> Option<Recompute> {
        match self {
            Self::EachOnce => Some(Recompute::Forbidden),
            Self::AtLeastOnce => Some(Recompute::Allowed),
            Self::Unknown { .. } => None,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EachOnce => f.write_str("each product once"),
            Self::AtLeastOnce => f.write_str("each product at least once"),
            Self::Unknown { line, why } => write!(f, "unknown: line {line}: {why}"),
        }
    }
}

/// The class of `program`, without a mask.
#[must_use]
pub fn class(program: &Program) -> Class {
    let decided = Sizes::of(program).and_then(|sizes| decide(&read(program, &sizes.d)?, &sizes));
    decided.unwrap_or_else(|Stop(line, why)| Class::Unknown { line, why })
}

/// N, N', d and `d_v`.
struct Sizes {
    n: Poly,
    keys: Poly,
    d: Poly,
    d_v: Poly,
}

impl Sizes {
    fn of(program: &Program) -> Result<Self, Stop> {
        let no = Stop(1, "the arrays are not in Q[n,d], K[n',d], V[n',d'] and out O[n,d']");
        let named = |role, names: &[&str]| -> Option<Vec<[Poly; 2]>> {
            let arrays = program.with_role(role).map(|it| &program.slow[it.0]);
            let arrays: Vec<_> = arrays.collect();
            if arrays.len() != names.len() || arrays.iter().zip(names).any(|(a, b)| a.name != *b) {
                return None;
            }
            arrays.iter().map(|it| it.dims.clone().try_into().ok()).collect()
        };
        let inputs = named(Role::In, &["Q", "K", "V"]);
        let output = named(Role::Out, &["O"]);
        let (Some([q, k, v]), Some([o])) = (inputs.as_deref(), output.as_deref()) else {
            return Err(no);
        };
        if !program.unit_weights() {
            return Err(Stop(1, "not every word counts one"));
        }
        if q[1] != k[1] || k[0] != v[0] || *o != [q[0].clone(), v[1].clone()] {
            return Err(no);
        }
        let [n, d] = q.clone();
        let [keys, d_v] = v.clone();
        Ok(Self { n, keys, d, d_v })
    }
}

/// All that is done together.
fn decide(done: &[Done], Sizes { n, keys, d, d_v }: &Sizes) -> Result<Class, Stop> {
    let covered = |of: &dyn Fn(What) -> bool, sizes: &[&Poly]| {
        let all: Vec<_> =
            sizes.iter().map(|it| Range { lo: Poly::int(0), hi: (*it).clone() }).collect();
        let places = done.iter().filter(|it| of(it.what)).map(|it| it.places.clone());
        cover(places.collect(), &all)
    };
    let unseen = |why| Stop(done.last().map_or(1, |it| it.line), why);
    let scores = covered(&|it| it == What::Score, &[n, keys, d]);
    if scores == Cover::Unknown {
        return Err(unseen("not every q·k is seen to be computed"));
    }
    let outputs = covered(&|it| it == What::Output, &[n, keys, d_v]);
    if outputs == Cover::Unknown {
        return Err(unseen("not every weight·v is seen to be computed"));
    }
    // In statements of the text's outermost level after the last that may store anything else.
    let doubt = done.iter().filter_map(|it| match it.what {
        What::Store { certain: false, phase } => Some(phase),
        _ => None,
    });
    let doubt = doubt.max();
    let last = |it| matches!(it, What::Store { phase, .. } if doubt.is_none_or(|it| phase > it));
    if covered(&last, &[n, d_v]) == Cover::Unknown {
        return Err(unseen("not every word of O is seen to be an accumulator at the end"));
    }
    let once = [scores, outputs] == [Cover::Once; 2];
    Ok(if once { Class::EachOnce } else { Class::AtLeastOnce })
}
