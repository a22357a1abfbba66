//! What a trial is fed, ordinary and adversarial.

use crate::{attention::Shape, reading::run::uniform, value::Values};

/// A kind of inputs; where there is chance in them it comes from a seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Inputs {
    /// Uniform in (−1, 1).
    #[default]
    Uniform,
    /// Q and K eight times as large: scores far beyond what exp of an f32 can take.
    Large,
    /// All of Q and K equal: all weights 1/N.
    Equal,
    /// Rows of Q and K with one entry of 16: scores 256 or 0.
    OneHot,
    /// Uniform, and one entry of Q is no number.
    Nan,
    /// Uniform, and one entry of K is infinite.
    Infinite,
}

impl Inputs {
    /// All of them, with the names they go by.
    pub const ALL: &[(&str, Self)] = &[
        ("uniform", Self::Uniform),
        ("large", Self::Large),
        ("equal", Self::Equal),
        ("one-hot", Self::OneHot),
        ("nan", Self::Nan),
        ("infinite", Self::Infinite),
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|it| it.1 == self).map_or("", |it| it.0)
    }

    /// Have the outputs a value that a kernel must come close to? Without a maximum, exp overflows
    /// where scores are large.
    #[must_use]
    pub fn judged(self, takes_max: bool) -> bool {
        match self {
            Self::Uniform | Self::Equal => true,
            Self::Large | Self::OneHot => takes_max,
            Self::Nan | Self::Infinite => false,
        }
    }

    /// Q, K and V of `shape`, row-major one after the other.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "an f32 is what kernels compute with")]
    pub fn draw(self, shape: Shape, seed: u64) -> [Vec<f32>; 3] {
        let values = Values { seed };
        let words = |rows: u64, width: u64| usize::try_from(rows * width).unwrap_or(usize::MAX);
        let (q, k) = (words(shape.n(), shape.d()), words(shape.keys(), shape.d()));
        let v = words(shape.keys(), shape.d_v());
        let unit = |at: usize| uniform(values, at) as f32;
        let width = usize::try_from(shape.d()).unwrap_or(usize::MAX);
        let score = |at: usize| match self {
            Self::Uniform => unit(at),
            Self::Large => 8.0 * unit(at),
            Self::Equal => 0.5,
            // Row i is the unit vector i mod d.
            Self::OneHot if at / width % width == at % width => 16.0,
            Self::OneHot => 0.0,
            Self::Nan | Self::Infinite => unit(at),
        };
        let mut all = [
            (0..q).map(score).collect::<Vec<_>>(),
            (0..k).map(|it| if self == Self::OneHot { score(it) } else { score(q + it) }).collect(),
            (0..v).map(|it| unit(q + k + it)).collect(),
        ];
        match self {
            Self::Nan => all[0][0] = f32::NAN,
            Self::Infinite => all[1][0] = f32::INFINITY,
            _ => {}
        }
        all
    }
}
