//! Sizes for a program's parameters and tiles.

use super::{
    draft::Role,
    poly::Slot,
    program::{Fast, Loop, Node, Program, Range, Slow, Step},
};
use crate::model::MAX_EXTENT;

/// A value for every slot that is not a loop's; loop slots hold 0 until a reading walks them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// In slot order.
    pub env: Vec<i128>,
    /// The integers of input arrays that are loaded as indices: what each array holds, row-major.
    pub tables: Vec<(Slow, Vec<u64>)>,
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
    /// Not an input whose words are used as indices.
    #[error("`{0}` is no input array that is loaded as an index")]
    NoTable(String),
    /// Another number of entries than the array has words.
    #[error("table `{name}` has {given} entries; {words} are needed here")]
    TableLength {
        /// The array.
        name: String,
        /// Entries given.
        given: usize,
        /// Words of the array.
        words: i128,
    },
    /// An entry that leads outside an array.
    #[error("entry {at} of table `{name}` is {value}, but `{array}` has only {extent} of these")]
    TableOutside {
        /// The table.
        name: String,
        /// The entry, from 0.
        at: usize,
        /// Its value.
        value: u64,
        /// The array that it indexes.
        array: String,
        /// How many places that has.
        extent: i128,
    },
}

impl Binding {
    /// The integer at `address` of `slow`, if that is a table.
    #[must_use]
    pub fn entry(&self, slow: Slow, address: usize) -> Option<u64> {
        self.tables.iter().find(|it| it.0 == slow).and_then(|it| it.1.get(address)).copied()
    }
}

impl Program {
    /// Gives the input array `name`, whose words are loaded as indices, its integers.
    ///
    /// # Errors
    ///
    /// [`BindError`]: it is no such array, has another length, or an entry leads outside.
    pub fn with_table(
        &self,
        mut binding: Binding,
        name: &str,
        entries: Vec<u64>,
    ) -> Result<Binding, BindError> {
        let table = self.with_role(Role::In).find(|it| self.slow[it.0].name == name);
        let no_table = || BindError::NoTable(name.to_owned());
        let table = table.ok_or_else(no_table)?;
        let mut uses = vec![];
        self.indexed_by(table, &self.body, &mut vec![], &mut uses);
        if uses.is_empty() {
            return Err(no_table());
        }
        let dims = self.slow[table.0].dims.iter();
        let words = dims.map(|it| it.eval(&binding.env).unwrap_or(i128::MAX));
        let words = words.fold(1i128, i128::saturating_mul);
        if i128::try_from(entries.len()) != Ok(words) {
            let (name, given) = (name.to_owned(), entries.len());
            return Err(BindError::TableLength { name, given, words });
        }
        for (array, dim) in uses {
            let of = &self.slow[array.0];
            let extent = of.dims[dim].eval(&binding.env).unwrap_or(0);
            let outside = |it: &u64| i128::from(*it) >= extent;
            if let Some(at) = entries.iter().position(outside) {
                let (name, array) = (name.to_owned(), of.name.clone());
                return Err(BindError::TableOutside {
                    name,
                    at,
                    value: entries[at],
                    array,
                    extent,
                });
            }
        }
        binding.tables.retain(|it| it.0 != table);
        binding.tables.push((table, entries));
        Ok(binding)
    }

    /// The arrays and dimensions that words of `table` index.
    fn indexed_by(
        &self,
        table: Slow,
        nodes: &[Node],
        held: &mut Vec<Fast>,
        uses: &mut Vec<(Slow, usize)>,
    ) {
        for node in nodes {
            match &node.step {
                Step::Loop(it) => self.indexed_by(table, &it.body, held, uses),
                Step::Load { slow, region, .. } | Step::Store { slow, region, .. } => {
                    for (dim, it) in region.iter().enumerate() {
                        if matches!(it, Range::Loaded(fast) if held.contains(fast)) {
                            uses.push((*slow, dim));
                        }
                    }
                    if let Step::Load { fast, slow, .. } = &node.step {
                        held.retain(|it| it != fast);
                        held.extend((*slow == table).then_some(*fast));
                    }
                }
                Step::Assign(_) | Step::Free(_) => {}
            }
        }
    }

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
        Ok(Binding { env, tables: vec![] })
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
