//! The attention family: one entry a member, its text in `traces/family/`, one file a kind.
//!
//! A member is a text, what its parameters mean ([`Task`]), and where it comes from. A parameter that
//! is not given has the value of another, or a number. Schedules for a mask in a file are made by
//! [`pattern`](super::pattern), those for a partition by [`bilevel`](super::bilevel).

mod backward;
mod bilevel;
mod composed;
mod decoding;
mod features;
mod heads;
mod masks;
mod scores;

use super::Schedule;
use crate::{
    attention::{BadShape, Mask, NoMask, Shape, Task, Variant, variant::Scores},
    schedule::{Program, bind::Binding},
};
use std::sync::LazyLock;

/// A member of the family.
#[derive(Debug)]
pub struct Member {
    /// The name it goes by everywhere.
    pub name: &'static str,
    /// What it does, in a line.
    pub about: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// The text.
    pub text: &'static str,
    /// Parameters that may be left out.
    pub defaults: &'static [(&'static str, Default)],
    task: fn(&Sizes<'_>) -> Result<Task, NoTask>,
    schedule: &'static LazyLock<Schedule>,
}

/// The value of a parameter that is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// That of another parameter.
    As(&'static str),
    /// A number.
    Of(u64),
}

/// Sizes that are those of no task.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTask {
    /// A size out of range.
    #[error(transparent)]
    Shape(#[from] BadShape),
    /// A mask that leaves a query without keys.
    #[error(transparent)]
    Mask(#[from] NoMask),
    /// No page table.
    #[error("the page table T is missing: give --table T=FILE, one page a run of W tokens")]
    Table,
    /// The last page holds more tokens than a page does.
    #[error("the last page holds X = {last} tokens, but a page holds W = {tokens}")]
    LastPage {
        /// X.
        last: u64,
        /// W.
        tokens: u64,
    },
}

/// A program's parameters.
struct Sizes<'a> {
    program: &'a Program,
    binding: &'a Binding,
}

impl Sizes<'_> {
    /// The parameter called `name`, which the text declares.
    fn of(&self, name: &str) -> u64 {
        let slot = self.program.params.iter().find(|it| self.program.name(**it) == name);
        let value = slot.map_or(1, |it| self.binding.env[it.index()]);
        u64::try_from(value).unwrap_or(u64::MAX)
    }

    fn sum(&self, a: &str, b: &str) -> u64 {
        self.of(a).saturating_add(self.of(b))
    }

    fn scaled(&self) -> bool {
        self.program.scale.is_some()
    }

    /// N queries, P keys, rows of d and dv words.
    fn shape(&self) -> Result<Shape, BadShape> {
        Shape::new(self.of("N"), self.of("P"), self.of("d"), self.of("dv"))
    }

    /// One head of [`Self::shape`] under `mask`.
    fn masked(&self, mask: Mask) -> Result<Task, NoTask> {
        self.head(self.shape()?, mask, Scores::Plain)
    }

    fn head(&self, shape: Shape, mask: Mask, scores: Scores) -> Result<Task, NoTask> {
        mask.kept(&shape)?;
        let it = Variant { scaled: self.scaled(), scores, ..Variant::masked(shape, mask) };
        Ok(Task::Forward(it))
    }
}

impl Member {
    /// Its schedule.
    #[must_use]
    pub fn schedule(&self) -> &'static Schedule {
        self.schedule
    }

    /// What it computes at `binding`.
    ///
    /// # Errors
    ///
    /// [`NoTask`]: the sizes do not go together, or a table is missing.
    pub fn task(&self, binding: &Binding) -> Result<Task, NoTask> {
        (self.task)(&Sizes { program: &self.schedule.program, binding })
    }

    /// The value of the parameter `name`, if it is not given: `of` tells those that are.
    pub fn default(&self, name: &str, of: impl Fn(&str) -> Option<u64>) -> Option<u64> {
        match self.defaults.iter().find(|it| it.0 == name)?.1 {
            Default::As(other) => of(other),
            Default::Of(value) => Some(value),
        }
    }
}

/// The kinds, in the order in which they are printed.
const KINDS: &[&[Member]] = &[
    masks::MEMBERS,
    heads::MEMBERS,
    decoding::MEMBERS,
    backward::MEMBERS,
    scores::MEMBERS,
    features::MEMBERS,
    composed::MEMBERS,
    bilevel::MEMBERS,
];

/// Every member, in the order in which they are printed.
pub fn family() -> impl Iterator<Item = &'static Member> {
    KINDS.iter().copied().flatten()
}

/// The member called `name`.
#[must_use]
pub fn member(name: &str) -> Option<&'static Member> {
    family().find(|it| it.name == name)
}

const SELF: &[(&str, Default)] = &[("P", Default::As("N")), ("dv", Default::As("d"))];

macro_rules! entry {
    ($name:literal, $about:literal, $source:literal, $defaults:expr, $task:expr) => {
        Member {
            name: $name,
            about: $about,
            source: $source,
            text: include_str!(concat!("../../../traces/family/", $name, ".sched")),
            defaults: $defaults,
            task: $task,
            schedule: {
                use $crate::{schedule::Program, strategy::Schedule};
                static SCHEDULE: std::sync::LazyLock<Schedule> = std::sync::LazyLock::new(|| {
                    let text = include_str!(concat!("../../../traces/family/", $name, ".sched"));
                    let program = Program::parse(text).expect("a test parses every text");
                    Schedule::new($name, program)
                });
                &SCHEDULE
            },
        }
    };
}
use entry;
