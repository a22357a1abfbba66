//! The attention family: one entry a member, its text in `traces/family/`.
//!
//! A member is a text, what its parameters mean ([`Task`]), and where it comes from. A parameter that
//! is not given has the value of another, or a number. Schedules for a mask in a file are made by
//! [`pattern`](super::pattern), those for a partition by [`bilevel`](super::bilevel).

use super::Schedule;
use crate::{
    attention::{
        BadShape, Bilevel, Composed, Gradient, Linear, Mask, NoMask, Partition, Shape, Task,
        Variant,
        gradient::Statistics,
        linear::Features,
        variant::{Keys, Scores},
    },
    model::MAX_EXTENT,
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

    fn scores(&self, scores: Scores) -> Result<Task, NoTask> {
        self.head(self.shape()?, Mask::Full, scores)
    }

    fn grouped(&self, mask: Mask) -> Result<Task, NoTask> {
        let shape = self.shape()?;
        mask.kept(&shape)?;
        Ok(Task::Forward(Variant {
            batch: self.of("B"),
            kv_heads: self.of("H"),
            group: self.of("G"),
            scaled: self.scaled(),
            ..Variant::masked(shape, mask)
        }))
    }

    fn mla(&self) -> Result<Task, NoTask> {
        let shape = Shape::new(self.of("N"), self.of("P"), self.sum("dv", "dr"), self.of("dv"))?;
        let plain = Variant::masked(shape, Mask::Full);
        let (batch, group) = (self.of("B"), self.of("G"));
        Ok(Task::Forward(Variant { batch, group, keys: Keys::Shared, ..plain }))
    }

    fn paged(&self) -> Result<Task, NoTask> {
        let (blocks, tokens, last) = (self.of("B"), self.of("W"), self.of("X"));
        if last > tokens {
            return Err(NoTask::LastPage { last, tokens });
        }
        let keys = (blocks - 1).checked_mul(tokens).and_then(|it| it.checked_add(last));
        let keys = keys.unwrap_or(MAX_EXTENT + 1);
        let shape = Shape::new(self.of("N"), keys, self.of("d"), self.of("dv"))?;
        let (_, table) = self.binding.tables.first().ok_or(NoTask::Table)?;
        let keys = Keys::Paged { table: table.clone(), tokens, pages: self.of("G") };
        Ok(Task::Forward(Variant { keys, ..Variant::masked(shape, Mask::Full) }))
    }

    fn common_prefix(&self) -> Result<Task, NoTask> {
        let shape = Shape::new(self.of("N"), self.sum("F", "S"), self.of("d"), self.of("dv"))?;
        let keys = Keys::CommonPrefix(self.of("F"));
        let batch = self.of("B");
        Ok(Task::Forward(Variant { batch, keys, ..Variant::masked(shape, Mask::Full) }))
    }

    fn rotary(&self) -> Result<Task, NoTask> {
        let d = self.of("h").saturating_mul(2);
        let shape = Shape::new(self.of("N"), self.of("P"), d, self.of("dv"))?;
        // A query has the position of a key: there must be as many.
        Mask::Causal.kept(&shape)?;
        self.head(shape, Mask::Full, Scores::Rotary)
    }

    fn backward(&self, statistics: Statistics) -> Result<Task, NoTask> {
        let (shape, scaled) = (self.shape()?, self.scaled());
        Ok(Task::Backward(Gradient { shape, scaled, statistics }))
    }

    fn linear(&self, features: Features) -> Result<Task, NoTask> {
        Ok(Task::Linear(Linear { shape: self.shape()?, causal: false, features }))
    }

    fn polynomial(&self) -> Result<Task, NoTask> {
        self.linear(Features::Polynomial { degree: self.of("g"), features: self.of("R") })
    }

    fn composed(&self) -> Result<Task, NoTask> {
        let shape = Shape::new(self.of("N"), self.of("N"), self.of("d"), self.of("dv"))?;
        Ok(Task::Composed(Composed { shape, heads: self.of("H"), rank: self.of("F") }))
    }

    fn bilevel(&self) -> Result<Task, NoTask> {
        let (heads, d) = (self.of("H"), self.of("d"));
        let (clusters, size) = (self.of("P"), self.of("L"));
        // The nodes, and their words.
        let nodes = clusters.saturating_mul(size);
        Shape::square(nodes, heads.saturating_mul(d))?;
        Ok(Task::Bilevel(Bilevel { heads, d, partition: Partition::equal(clusters, size) }))
    }

    /// A label is one word: dv, which the text does not declare, is 1.
    fn in_context(&self) -> Result<Task, NoTask> {
        self.linear(Features::Network { hidden: self.of("m"), features: self.of("k") })
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

/// The member called `name`.
#[must_use]
pub fn member(name: &str) -> Option<&'static Member> {
    FAMILY.iter().find(|it| it.name == name)
}

const SELF: &[(&str, Default)] = &[("P", Default::As("N")), ("dv", Default::As("d"))];
const GROUPED: &[(&str, Default)] = &[
    ("P", Default::As("N")),
    ("dv", Default::As("d")),
    ("B", Default::Of(1)),
    ("H", Default::Of(1)),
    ("G", Default::Of(1)),
];

const COMPOSED: &[(&str, Default)] = &[("dv", Default::As("d")), ("F", Default::Of(2))];

macro_rules! member {
    ($name:literal, $about:literal, $source:literal, $defaults:expr, $task:expr) => {
        Member {
            name: $name,
            about: $about,
            source: $source,
            text: include_str!(concat!("../../traces/family/", $name, ".sched")),
            defaults: $defaults,
            task: $task,
            schedule: {
                static SCHEDULE: LazyLock<Schedule> = LazyLock::new(|| {
                    let text = include_str!(concat!("../../traces/family/", $name, ".sched"));
                    let program = Program::parse(text).expect("a test parses every text");
                    Schedule::new($name, program)
                });
                &SCHEDULE
            },
        }
    };
}

/// Every member, in the order in which they are printed.
pub static FAMILY: &[Member] = &[
    member!(
        "cross",
        "N queries against P keys, rows of V and O of another length than those of Q and K",
        "Vaswani et al. 2017, section 3.2.3; schedule of Dao 2023, Algorithm 1",
        SELF,
        |it| it.masked(Mask::Full)
    ),
    member!(
        "causal",
        "a query sees the keys up to its own; blocks behind the diagonal are not visited",
        "Dao 2023 (FlashAttention-2), section 3.1.1",
        SELF,
        |it| it.masked(Mask::Causal)
    ),
    member!(
        "sliding",
        "a query sees W keys, its own the last",
        "Child et al. 2019; Beltagy et al. 2020 (Longformer); Jiang et al. 2023 (Mistral 7B)",
        SELF,
        |it| it.masked(Mask::Sliding(it.of("W")))
    ),
    member!(
        "prefix",
        "F keys that every query sees, then a causal mask",
        "Dong et al. 2019 (UniLM); Raffel et al. 2020 (T5), section 3.2",
        SELF,
        |it| it.masked(Mask::Prefix(it.of("F")))
    ),
    member!(
        "documents",
        "documents of L tokens, the last of what is left, each by itself",
        "packed sequences: Krell et al. 2021; ragged lengths: --pattern",
        &[("dv", Default::As("d"))],
        |it| {
            let shape = Shape::new(it.of("N"), it.of("N"), it.of("d"), it.of("dv"))?;
            it.head(shape, Mask::Documents(it.of("L")), Scores::Plain)
        }
    ),
    member!(
        "gqa",
        "B sequences, H key heads, each shared by G query heads (G = 1: multi-head, H = 1: multi-query)",
        "Shazeer 2019 (multi-query); Ainslie et al. 2023 (grouped-query)",
        GROUPED,
        |it| it.grouped(Mask::Full)
    ),
    member!(
        "gqa-causal",
        "the same under a causal mask",
        "Ainslie et al. 2023 (grouped-query)",
        GROUPED,
        |it| it.grouped(Mask::Causal)
    ),
    member!(
        "mla",
        "multi-head latent attention, absorbed: keys and values are one stream of dv + dr words a token",
        "DeepSeek-AI 2024 (DeepSeek-V2), section 2.1: dv = 512, dr = 64",
        &[
            ("P", Default::As("N")),
            ("B", Default::Of(1)),
            ("G", Default::Of(128)),
            ("dv", Default::Of(512)),
            ("dr", Default::Of(64))
        ],
        |it| it.mla()
    ),
    member!(
        "split-k",
        "few queries, the keys in S independent splits, then a pass that joins them",
        "Dao et al. 2023 (Flash-Decoding); Rabe & Staats 2021",
        SELF,
        |it| it.masked(Mask::Full)
    ),
    member!(
        "paged",
        "decoding against pages of W tokens; the page table is read from slow memory",
        "Kwon et al. 2023 (PagedAttention)",
        &[("dv", Default::As("d")), ("X", Default::As("W")), ("G", Default::As("B"))],
        |it| it.paged()
    ),
    member!(
        "shared-prefix",
        "B sequences that begin with the same F tokens, S of their own behind",
        "Juravsky et al. 2024 (Hydragen); Ye et al. 2024 (cascade inference)",
        &[("dv", Default::As("d")), ("N", Default::Of(1))],
        |it| it.common_prefix()
    ),
    member!(
        "flash1-backward",
        "backward: keys stay, dQ is read and written once a block of keys",
        "Dao et al. 2022 (FlashAttention), Algorithm 4",
        SELF,
        |it| it.backward(Statistics::SumAndMax)
    ),
    member!(
        "flash2-backward",
        "backward: the row sums of dO·O first, then as above",
        "Dao 2023 (FlashAttention-2), Algorithm 2",
        SELF,
        |it| it.backward(Statistics::LogSum)
    ),
    member!(
        "two-pass-backward",
        "backward: dQ, then dK and dV; scores are made in both passes",
        "Triton tutorial 06 (fused attention); the recomputation of Dao et al. 2022, section 3.1",
        SELF,
        |it| it.backward(Statistics::LogSum)
    ),
    member!(
        "bias",
        "an additive bias of N·P words, read from slow memory",
        "Raffel et al. 2020 (T5); Jumper et al. 2021 (pair bias)",
        SELF,
        |it| it.scores(Scores::Bias)
    ),
    member!(
        "alibi",
        "a bias that is linear in the distance, made on chip",
        "Press et al. 2022 (ALiBi)",
        SELF,
        |it| it.scores(Scores::Alibi)
    ),
    member!(
        "soft-cap",
        "scores capped by c·tanh(s/c)",
        "Gemma Team 2024 (Gemma 2), section 2",
        SELF,
        |it| it.scores(Scores::Cap)
    ),
    member!(
        "sink",
        "a learned score without a key joins the sum of each row",
        "OpenAI 2025 (gpt-oss); a sink of 0: Miller 2023, Xiao et al. 2024 (StreamingLLM)",
        SELF,
        |it| it.scores(Scores::Sink)
    ),
    member!(
        "rotary",
        "queries and keys are turned by angles from tables",
        "Su et al. 2021 (RoFormer)",
        &[("P", Default::As("N"))],
        |it| it.rotary()
    ),
    member!(
        "linear",
        "no exponential: a state of d·dv words stays, keys and then queries stream by",
        "Katharopoulos et al. 2020, equation 5",
        SELF,
        |it| it.linear(Features::Given)
    ),
    member!(
        "linear-causal",
        "the same, causal, in chunks of Br tokens",
        "Katharopoulos et al. 2020, section 3.3; chunks: Hua et al. 2022 (FLASH), Yang et al. 2023 (GLA)",
        &[("dv", Default::As("d"))],
        |it| {
            let shape = Shape::new(it.of("N"), it.of("N"), it.of("d"), it.of("dv"))?;
            Ok(Task::Linear(Linear { shape, causal: true, features: Features::Given }))
        }
    ),
    member!(
        "linear-blocked",
        "the same without a mask, Bx·Be words of the state at a time",
        "this project",
        SELF,
        |it| it.linear(Features::Given)
    ),
    member!(
        "polynomial",
        "approximate: R features of degree g a token, made on chip; a state of R·dv words stays",
        "Kar & Karnick 2012; Kacham et al. 2023 (PolySketchFormer)",
        SELF,
        |it| it.polynomial()
    ),
    member!("polynomial-blocked", "the same, Bx features at a time", "this project", SELF, |it| it
        .polynomial()),
    member!(
        "in-context",
        "in-context learner: P labelled examples, N questions, features by m hidden units; weights stay",
        "mean-field in-context learning by an MLP and linear attention; this project's schedule",
        &[("P", Default::As("N"))],
        |it| it.in_context()
    ),
    member!(
        "in-context-blocked",
        "the same, the weights streamed for each block of tokens",
        "this project",
        &[("P", Default::As("N"))],
        |it| it.in_context()
    ),
    member!(
        "dcmha",
        "H heads mixed at each pair before and after the softmax, fused: scores are made in both passes",
        "Xiao et al. 2024 (DCMHA), rank F = 2; this project's schedule",
        COMPOSED,
        |it| it.composed()
    ),
    member!(
        "dcmha-scores",
        "the same, the mixed scores of all heads written once and read twice",
        "Xiao et al. 2024 (DCMHA); this project's schedule",
        COMPOSED,
        |it| it.composed()
    ),
    member!(
        "bilevel",
        "on a graph, P clusters of L nodes: attention in each cluster, between their means, and a layer on both",
        "Xing et al. 2024 (CoBFormer); this project's schedule; any clusters: --partition, --clusters",
        &[("H", Default::Of(1))],
        |it| it.bilevel()
    ),
];
