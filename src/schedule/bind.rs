//! Sizes for a program's parameters and tiles.

use super::{
    poly::Slot,
    program::{Loop, Node, Program, Step},
};
use crate::model::MAX_EXTENT;

/// A value for every slot that is not a loop's; loop slots hold 0 until a reading walks them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// In slot order.
    pub env: Vec<i128>,
}

/// Sizes that a program cannot be given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    /// No parameter or tile has this name.
    #[error("the schedule declares no `{name}`; it has {known}")]
    Unknown {
        /// The name given.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A parameter or tile without a value.
    #[error("`{0}` needs a value")]
    Missing(String),
    /// Zero, where at least one is needed.
    #[error("`{0}` is 0; it must be at least 1")]
    Zero(String),
    /// Beyond what the program accepts.
    #[error("`{name}` is {value}; at most {} = 2^48 is accepted", MAX_EXTENT)]
    TooLarge {
        /// The name.
        name: String,
        /// The value given.
        value: u64,
    },
    /// A tile that is larger than everything it steps over.
    #[error("tile `{name}` is {value}, larger than the {most} it steps over")]
    TileTooLarge {
        /// The tile.
        name: String,
        /// The value given.
        value: u64,
        /// The largest end of a loop that steps by it.
        most: i128,
    },
}

impl Program {
    /// Gives every parameter and tile its value. A tile that no loop steps by may be 0.
    ///
    /// # Errors
    ///
    /// [`BindError`], with the name and what would work.
    pub fn bind(&self, sizes: &[(&str, u64)]) -> Result<Binding, BindError> {
        let mut env = vec![0; self.slots.len()];
        let named = || self.params.iter().chain(&self.tiles).copied();
        if let Some((name, _)) =
            sizes.iter().find(|(name, _)| !named().any(|it| self.name(it) == *name))
        {
            let known: Vec<_> = named().map(|it| format!("`{}`", self.name(it))).collect();
            let (name, known) = ((*name).to_owned(), known.join(", "));
            return Err(BindError::Unknown { name, known });
        }
        for slot in named() {
            let name = self.name(slot).to_owned();
            let value = sizes.iter().rev().find(|it| it.0 == name).map(|it| it.1);
            let value = value.ok_or_else(|| BindError::Missing(name.clone()))?;
            if value == 0 && (self.params.contains(&slot) || self.steps_by(slot)) {
                return Err(BindError::Zero(name));
            }
            if value > MAX_EXTENT {
                return Err(BindError::TooLarge { name, value });
            }
            env[slot.index()] = i128::from(value);
        }
        for tile in &self.tiles {
            let most = self.most_stepped(*tile, &env);
            let value = env[tile.index()];
            if let Some(most) = most.filter(|it| value > *it) {
                let name = self.name(*tile).to_owned();
                let value = u64::try_from(value).unwrap_or(u64::MAX);
                return Err(BindError::TileTooLarge { name, value, most });
            }
        }
        Ok(Binding { env })
    }

    /// Does a loop step by `tile`?
    #[must_use]
    pub fn steps_by(&self, tile: Slot) -> bool {
        let mut found = false;
        loops(&self.body, &mut |it| found |= it.step.as_slot() == Some(tile));
        found
    }

    /// The largest end of a loop that steps by `tile`, of those that parameters and tiles tell.
    #[must_use]
    pub fn most_stepped(&self, tile: Slot, env: &[i128]) -> Option<i128> {
        let mut most = None;
        self.each_stepped(tile, &mut |it| most = most.max(it.hi.eval(env).ok()));
        most
    }

    /// The extents that loops step over by `tile`, of those that parameters and tiles tell.
    #[must_use]
    pub fn stepped(&self, tile: Slot, env: &[i128]) -> Vec<i128> {
        let mut extents = vec![];
        self.each_stepped(tile, &mut |it| {
            extents.extend(it.hi.sub(&it.lo).and_then(|it| it.eval(env)).ok());
        });
        extents
    }

    fn each_stepped(&self, tile: Slot, visit: &mut impl FnMut(&Loop)) {
        let named: Vec<Slot> = self.params.iter().chain(&self.tiles).copied().collect();
        let slots = (0..self.slots.len()).filter_map(|it| u32::try_from(it).ok()).map(Slot);
        let walked: Vec<Slot> = slots.filter(|it| !named.contains(it)).collect();
        loops(&self.body, &mut |it| {
            let foreign = walked.iter().any(|slot| it.hi.mentions(*slot) || it.lo.mentions(*slot));
            if it.step.as_slot() == Some(tile) && !foreign {
                visit(it);
            }
        });
    }
}

fn loops(nodes: &[Node], visit: &mut impl FnMut(&Loop)) {
    for node in nodes {
        if let Step::Loop(it) = &node.step {
            visit(it);
            loops(&it.body, visit);
        }
    }
}
