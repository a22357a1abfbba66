//! Families of CDAGs, by name: `matmul:2,2,2`.

mod families;

use super::{Cdag, Malformed, explicit::MAX_VERTICES};
use families::Operands;
use std::{fmt, str::FromStr};

/// A family of CDAGs.
#[derive(Debug)]
pub struct Family {
    /// Its name.
    pub name: &'static str,
    /// The names of its sizes; a `SEED` may be 0, the others not.
    pub sizes: &'static [&'static str],
    /// What it is.
    pub about: &'static str,
    /// How many vertices; `None` beyond 128 bits.
    count: fn(&[u128]) -> Option<u128>,
    make: fn(&[u64]) -> Operands,
}

/// Every family there is.
pub const FAMILIES: &[Family] = &[
    Family {
        name: "attention",
        sizes: &["N", "D"],
        about: "textbook attention, no maximum, sums as chains; 4n²d + 3nd + n² − n vertices",
        count: families::attention_count,
        make: families::attention_chain,
    },
    Family {
        name: "attention-balanced",
        sizes: &["N", "D"],
        about: "the same, sums as balanced trees",
        count: families::attention_count,
        make: families::attention_balanced,
    },
    Family {
        name: "matmul",
        sizes: &["N", "M", "K"],
        about: "an N×M matrix times an M×K one: products, and sums as chains",
        count: |it| {
            let products = product(it)?;
            let inputs = product(&it[..2])?.checked_add(product(&it[1..])?)?;
            let sums = products.checked_sub(it[0].checked_mul(it[2])?)?;
            products.checked_add(inputs)?.checked_add(sums)
        },
        make: families::matmul,
    },
    Family {
        name: "tree",
        sizes: &["LEAVES"],
        about: "a balanced binary tree that sums its leaves; 2·LEAVES − 1 vertices",
        count: |it| it[0].checked_mul(2)?.checked_sub(1),
        make: families::tree,
    },
    Family {
        name: "pyramid",
        sizes: &["BASE"],
        about: "rows of BASE, BASE − 1, … 1 vertices, each reading two neighbours of the row before",
        count: |it| Some(it[0].checked_mul(it[0].checked_add(1)?)? / 2),
        make: families::pyramid,
    },
    Family {
        name: "fft",
        sizes: &["POINTS"],
        about: "the butterfly of 2^k points: k + 1 layers, (k + 1)·2^k vertices",
        count: |it| it[0].checked_mul(u128::from(it[0].ilog2()) + 1),
        make: families::fft,
    },
    Family {
        name: "diamond",
        sizes: &["SIDE"],
        about: "a square grid, each vertex reading the one above and the one on its left",
        count: |it| it[0].checked_mul(it[0]),
        make: families::diamond,
    },
    Family {
        name: "stencil",
        sizes: &["WIDTH", "STEPS"],
        about: "a line of WIDTH words; STEPS times each word is made of itself and its neighbours",
        count: |it| it[0].checked_mul(it[1].checked_add(1)?),
        make: families::stencil,
    },
    Family {
        name: "random",
        sizes: &["LAYERS", "WIDTH", "SEED"],
        about: "LAYERS·WIDTH vertices; 1 to 3 operands, the first of the layer before, the others of any",
        count: |it| it[0].checked_mul(it[1]),
        make: families::random,
    },
];

fn product(sizes: &[u128]) -> Option<u128> {
    sizes.iter().try_fold(1u128, |product, it| product.checked_mul(*it))
}

/// A family at one size.
#[derive(Clone, Debug)]
pub struct Generator {
    family: &'static Family,
    sizes: Vec<u64>,
}

/// What names no CDAG.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadGenerator {
    /// No family has this name.
    #[error("no family of CDAGs is called {given:?}; there are {}", names())]
    UnknownFamily {
        /// The name given.
        given: String,
    },
    /// Not as many sizes as the family has.
    #[error("{found} sizes given; {family} is written {}", usage(family))]
    WrongCount {
        /// The family.
        family: &'static str,
        /// How many sizes are given.
        found: usize,
    },
    /// A size that is no number below 2⁶⁴, or 0.
    #[error(
        "{size} is {given:?}, not a whole number from {least} to 2^64 - 1; {family} is written {}",
        usage(family)
    )]
    BadSize {
        /// The family.
        family: &'static str,
        /// The size.
        size: &'static str,
        /// What is given.
        given: String,
        /// The least value there is.
        least: u64,
    },
    /// An FFT of another number of points.
    #[error("an FFT of {points} points; the number of points must be a power of two")]
    NoPowerOfTwo {
        /// The points.
        points: u64,
    },
    /// Too many vertices.
    #[error(transparent)]
    TooLarge(#[from] Malformed),
}

fn names() -> String {
    FAMILIES.iter().map(|it| it.name).collect::<Vec<_>>().join(", ")
}

fn usage(family: &str) -> String {
    let sizes = FAMILIES.iter().find(|it| it.name == family).map(|it| it.sizes.join(","));
    format!("{family}:{}", sizes.unwrap_or_default())
}

impl FromStr for Generator {
    type Err = BadGenerator;

    /// `NAME:SIZE,SIZE…`
    fn from_str(text: &str) -> Result<Self, BadGenerator> {
        let (name, rest) = text.split_once(':').unwrap_or((text, ""));
        let family = FAMILIES.iter().find(|it| it.name == name.trim());
        let given = name.to_owned();
        let family = family.ok_or(BadGenerator::UnknownFamily { given })?;
        let words: Vec<&str> = rest.split(',').map(str::trim).collect();
        let found = if rest.trim().is_empty() { 0 } else { words.len() };
        if found != family.sizes.len() {
            return Err(BadGenerator::WrongCount { family: family.name, found });
        }
        let mut sizes = vec![];
        for (size, word) in family.sizes.iter().copied().zip(words) {
            let least = u64::from(size != "SEED");
            let value = word.parse::<u64>().ok().filter(|it| *it >= least);
            let given = word.to_owned();
            let bad = BadGenerator::BadSize { family: family.name, size, given, least };
            sizes.push(value.ok_or(bad)?);
        }
        if family.name == "fft" && !sizes[0].is_power_of_two() {
            return Err(BadGenerator::NoPowerOfTwo { points: sizes[0] });
        }
        let it = Self { family, sizes };
        let n_vertices = it.count().unwrap_or(u128::MAX);
        if n_vertices > u128::from(MAX_VERTICES) {
            return Err(Malformed::TooLarge { n_vertices, limit: MAX_VERTICES }.into());
        }
        Ok(it)
    }
}

/// As it is read.
impl fmt::Display for Generator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes: Vec<String> = self.sizes.iter().map(ToString::to_string).collect();
        write!(f, "{}:{}", self.family.name, sizes.join(","))
    }
}

impl Generator {
    /// The family.
    #[must_use]
    pub fn family(&self) -> &'static Family {
        self.family
    }

    fn count(&self) -> Option<u128> {
        let sizes: Vec<u128> = self.sizes.iter().copied().map(u128::from).collect();
        (self.family.count)(&sizes)
    }

    /// How many vertices it makes.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "it was read, so it is small")]
    pub fn n_vertices(&self) -> u64 {
        self.count().and_then(|it| u64::try_from(it).ok()).expect("it was read, so it is small")
    }

    /// The CDAG; vertices read lesser ones.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "vertices read lesser ones")]
    pub fn cdag(&self) -> Cdag {
        Cdag::new((self.family.make)(&self.sizes)).expect("vertices read lesser ones")
    }
}

#[cfg(test)]
mod tests;
