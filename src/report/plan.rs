//! What a report asks.

use super::{caches::Loops, partial, trials};
use crate::{
    hardware::{HARDWARE, Hardware, Level},
    model::Words,
    models::{self, Model},
    sizes::Sizes,
    strategy::ALGORITHMS,
    sweep::{BEST, Cell},
    trial::{self, Tiling},
};
use std::{collections::BTreeSet, num::NonZeroU64};

/// Shapes, memories and lengths.
#[derive(Clone, Debug)]
pub struct Plan {
    /// One plot each, and a part of the table.
    pub shapes: Vec<Subject>,
    /// Columns of the table.
    pub hardware: Vec<&'static Hardware>,
    /// Sizes M a doubling, along the curves.
    pub per_octave: u32,
    /// Sequence lengths of the plot against N, with d = [`Plan::LENGTHS_D`].
    pub lengths: Vec<u64>,
    /// Tiny CDAGs, by family and sizes, whose optimum with and without partial computations is told.
    pub partial: Vec<&'static str>,
    /// The loops that caches are shown.
    pub caches: Loops,
    /// What kernels are made for and run, all texts in each.
    pub trials: Vec<trial::Cell>,
}

/// One head of one or more models of equal shape.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The models, the first giving the name.
    pub models: Vec<&'static Model>,
    /// N.
    pub n: u64,
    /// d.
    pub d: u64,
}

/// Words are of 16 bits, as in FlashAttention's measurements.
pub(super) const BYTES_PER_WORD: NonZeroU64 = NonZeroU64::new(2).expect("2 is not 0");

impl Subject {
    fn new(names: &[&str]) -> Self {
        let find = |it: &&str| models::find(it).expect("a test makes every plan");
        let models: Vec<_> = names.iter().map(find).collect();
        Self { n: models[0].n, d: models[0].d, models }
    }

    /// `Llama-3-8B, Llama-3-70B`.
    #[must_use]
    pub fn name(&self) -> String {
        self.models.iter().map(|it| it.name).collect::<Vec<_>>().join(", ")
    }

    /// The first model's name as part of a file's name.
    #[must_use]
    pub fn slug(&self) -> String {
        let keep =
            |it: char| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' };
        self.models[0].name.chars().map(keep).collect()
    }

    /// M from d²/16 to 4Nd words.
    fn memories(&self, per_octave: u32) -> Vec<Words> {
        let (from, to) = ((self.d * self.d / 16).max(1), 4 * self.n * self.d);
        let octaves = (to / from).ilog2();
        let range = format!("{from}..{to}:{}", octaves * per_octave + 1);
        let sizes: Sizes = range.parse().expect("a plan's range is one");
        sizes.as_slice().iter().map(|it| Words(*it)).collect()
    }
}

impl Plan {
    /// d of the plot against N: the head dimension of most recent models.
    pub const LENGTHS_D: u64 = 128;

    /// The report that ships.
    #[must_use]
    pub fn shipped() -> Self {
        let shapes = [
            &["ViT-L/16"][..],
            &["GPT-2 medium", "GPT-2 XL"],
            &["GPT-3 175B"],
            &["Llama-3-8B", "Llama-3-70B"],
            &["Llama-3.1-405B"],
        ];
        Self {
            shapes: shapes.into_iter().map(Subject::new).collect(),
            hardware: HARDWARE.iter().collect(),
            per_octave: 4,
            lengths: (10..=17).map(|it| 1 << it).collect(),
            partial: partial::FAMILIES.to_vec(),
            caches: Loops { algorithm: "flash2", n: 128, d: 16, from: 7, to: 12 },
            trials: trials::CELLS.to_vec(),
        }
    }

    /// A quick one, for tests.
    #[must_use]
    pub fn small() -> Self {
        Self {
            shapes: vec![Subject::new(&["ViT-L/16"])],
            per_octave: 1,
            lengths: vec![256, 512, 1024],
            partial: vec!["fft:4"],
            caches: Loops { algorithm: "flash2", n: 16, d: 4, from: 6, to: 8 },
            trials: vec![trial::Cell { n: 10, d: 3, tiling: Tiling::Same(4) }],
            ..Self::shipped()
        }
    }

    /// Every question, each once.
    #[must_use]
    pub fn cells(&self) -> Vec<Cell> {
        let mut asked = BTreeSet::new();
        for shape in &self.shapes {
            let memories = shape.memories(self.per_octave);
            let levels = self.hardware.iter().flat_map(|it| it.levels).map(memory);
            let memories = memories.into_iter().chain(levels);
            asked.extend(memories.map(|m| (shape.d, shape.n, m)));
        }
        let (_, level) = self.lengths_level();
        asked.extend(self.lengths.iter().map(|n| (Self::LENGTHS_D, *n, memory(level))));
        asked.into_iter().flat_map(|(d, n, m)| Cell::all(n, d, m)).collect()
    }

    /// Along the curves of `shape`: M, ascending.
    pub(super) fn memories(&self, shape: &Subject) -> Vec<Words> {
        shape.memories(self.per_octave)
    }

    /// The memory of the plot against N.
    pub(super) fn lengths_level(&self) -> (&'static Hardware, &'static Level) {
        let hardware = crate::hardware::find("A100").expect("it is in the table");
        (hardware, default_level(hardware))
    }
}

/// M of a level.
pub(super) fn memory(level: &Level) -> Words {
    level.words(BYTES_PER_WORD)
}

/// The level meant when none is named.
pub(super) fn default_level(hardware: &Hardware) -> &'static Level {
    hardware.level(None).expect("every processor has its default level")
}

/// The algorithms in the order of the list, then [`BEST`].
pub(super) fn columns() -> impl Iterator<Item = &'static str> {
    ALGORITHMS.iter().map(|it| it.name).chain([BEST])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_drawn_together_have_one_shape() {
        for shape in Plan::shipped().shapes {
            assert!(shape.models.iter().all(|it| (it.n, it.d) == (shape.n, shape.d)));
        }
    }

    #[test]
    fn no_cell_twice_and_the_range_covers_d_squared_to_beyond_nd() {
        let plan = Plan::shipped();
        let cells = plan.cells();
        assert_eq!(cells.iter().collect::<std::collections::HashSet<_>>().len(), cells.len());
        for shape in &plan.shapes {
            let memories = plan.memories(shape);
            assert_eq!(memories.first(), Some(&Words(shape.d * shape.d / 16)));
            assert_eq!(memories.last(), Some(&Words(4 * shape.n * shape.d)));
        }
    }
}
