//! Features without an exponential.

use super::{Default, Member, NoTask, SELF, Sizes, entry};
use crate::attention::{Linear, Shape, Task, linear::Features};

pub(super) const MEMBERS: &[Member] = &[
    entry!(
        "linear",
        "no exponential: a state of d·dv words stays, keys and then queries stream by",
        "Katharopoulos et al. 2020, equation 5",
        SELF,
        |it| it.linear(Features::Given)
    ),
    entry!(
        "linear-causal",
        "the same, causal, in chunks of Br tokens",
        "Katharopoulos et al. 2020, section 3.3; chunks: Hua et al. 2022 (FLASH), Yang et al. 2023 (GLA)",
        &[("dv", Default::As("d"))],
        |it| {
            let shape = Shape::new(it.of("N"), it.of("N"), it.of("d"), it.of("dv"))?;
            Ok(Task::Linear(Linear { shape, causal: true, features: Features::Given }))
        }
    ),
    entry!(
        "linear-blocked",
        "the same without a mask, Bx·Be words of the state at a time",
        "this project",
        SELF,
        |it| it.linear(Features::Given)
    ),
    entry!(
        "polynomial",
        "approximate: R features of degree g a token, made on chip; a state of R·dv words stays",
        "Kar & Karnick 2012; Kacham et al. 2023 (PolySketchFormer)",
        SELF,
        |it| it.polynomial()
    ),
    entry!("polynomial-blocked", "the same, Bx features at a time", "this project", SELF, |it| it
        .polynomial()),
    entry!(
        "in-context",
        "in-context learner: P labelled examples, N questions, features by m hidden units; weights stay",
        "mean-field in-context learning by an MLP and linear attention; this project's schedule",
        &[("P", Default::As("N"))],
        |it| it.in_context()
    ),
    entry!(
        "in-context-blocked",
        "the same, the weights streamed for each block of tokens",
        "this project",
        &[("P", Default::As("N"))],
        |it| it.in_context()
    ),
];

impl Sizes<'_> {
    fn linear(&self, features: Features) -> Result<Task, NoTask> {
        Ok(Task::Linear(Linear { shape: self.shape()?, causal: false, features }))
    }

    fn polynomial(&self) -> Result<Task, NoTask> {
        self.linear(Features::Polynomial { degree: self.of("g"), features: self.of("R") })
    }

    /// A label is one word: dv, which the text does not declare, is 1.
    fn in_context(&self) -> Result<Task, NoTask> {
        self.linear(Features::Network { hidden: self.of("m"), features: self.of("k") })
    }
}
