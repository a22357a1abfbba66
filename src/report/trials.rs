//! Prediction and run: kernels made from the schedules, on the interpreter, beside their counts.

use super::{
    chart::{Axis, Chart, Curve},
    numbers::{grouped, log2},
    palette::{self, Marker, Style},
};
use crate::{
    device::Device,
    model::Words,
    strategy::{ALGORITHMS, Algorithm, Max, Schedule},
    trial::{Cell, Inputs, Tiling, Trial, shipped, trial},
};
use num_bigint::BigUint;
use rayon::prelude::*;
use std::fmt::Write;

/// Draws the inputs.
const SEED: u64 = 1;

/// The cells that ship: small, so that a report stays quick; 7 divides neither 64 nor 100.
pub(super) const CELLS: &[Cell] = &[
    Cell { n: 64, d: 16, tiling: Tiling::Best(Words(1024)) },
    Cell { n: 64, d: 16, tiling: Tiling::Same(7) },
    Cell { n: 100, d: 16, tiling: Tiling::Best(Words(4096)) },
];

/// A schedule in a cell, run; or why not.
pub(super) struct Ran {
    pub(super) schedule: &'static Schedule,
    pub(super) cell: Cell,
    pub(super) trial: Result<Trial, String>,
}

impl Ran {
    /// Is it a text of `algorithm`?
    pub(super) fn is(&self, algorithm: &Algorithm) -> bool {
        let texts = [Max::Kept, Max::Dropped].map(|it| algorithm.schedule(it));
        texts.iter().flatten().any(|it| it.name == self.schedule.name)
    }
}

/// Runs every text that ships in every cell.
pub(super) fn run(cells: &[Cell]) -> Vec<Ran> {
    let all: Vec<_> = cells.iter().flat_map(|cell| shipped().map(move |it| (it, *cell))).collect();
    let one = |(schedule, cell): &(&'static Schedule, Cell)| {
        let program = &schedule.program;
        let ran = cell.binding(schedule).map_err(|it| it.to_string()).and_then(|binding| {
            let device = Device::Interpreter;
            let it = trial(program, &binding, &device, Inputs::Uniform, SEED);
            it.map_err(|it| it.to_string())
        });
        Ran { schedule, cell: *cell, trial: ran }
    };
    all.par_iter().map(one).collect()
}

const INTRODUCTION: &str = "
## Prediction and run

*Predicted* is `count`. *Counted* are the words that a GPU kernel, generated from the same text, touched in its storage
buffers while it computed attention: here on the embedded interpreter of WebGPU's shading language, which sees every access
by itself and needs no driver. `iobound gpu` does it on a GPU, where counters in the kernels say the same. Workgroup memory
is the fast memory, 16 KiB of it, so M ≤ 4,096 words in these runs. *Outputs* are f32, against attention in f64: within what
rounding explains, or not. There is no time here, nor a plot of times against words: a device in software says nothing about time.

![Words counted against words predicted](prediction-and-run.svg)

| schedule | N | d | tiles | loads predicted | counted | stores predicted | counted | | outputs |
|---|---:|---:|---|---:|---:|---:|---:|---|---|
";

/// The section.
pub(super) fn section(all: &[Ran]) -> String {
    let mut text = INTRODUCTION.to_owned();
    let mut excluded = String::new();
    for Ran { schedule, cell, trial } in all {
        let Cell { n, d, tiling } = cell;
        let name = &schedule.name;
        let trial = match trial {
            Ok(it) => it,
            Err(why) => {
                let _ = writeln!(excluded, "- {name}, N = {n}, d = {d}, {tiling}: {why}");
                continue;
            }
        };
        let sum =
            |of: fn(&crate::trial::Line) -> u128| grouped(trial.lines.iter().map(of).sum::<u128>());
        let equal = if trial.equal() { "equal" } else { "**not equal**" };
        let close = match trial.difference {
            Some(it) if it.met() => "within",
            Some(_) => "**off**",
            None => "not judged",
        };
        let _ = writeln!(
            text,
            "| {name} | {n} | {d} | {tiling} | {} | {} | {} | {} | {equal} | {close} |",
            sum(|it| it.predicted.loads),
            sum(|it| it.counted.loads),
            sum(|it| it.predicted.stores),
            sum(|it| it.counted.stores),
        );
    }
    if !excluded.is_empty() {
        let _ = write!(text, "\nBeyond a limit of these runs:\n\n{excluded}");
    }
    text
}

/// Counted against predicted; `None` if nothing ran.
pub(super) fn chart(all: &[Ran]) -> Option<Chart> {
    let ran = || all.iter().filter_map(|it| Some((it, it.trial.as_ref().ok()?)));
    let words: Vec<BigUint> =
        ran().flat_map(|it| [it.1.io().0, it.1.io().1]).map(BigUint::from).collect();
    let (least, most) = (words.iter().min()?, words.iter().max()?);
    let axis = |label: &str| Axis::decimal(label, least, most);
    let (x, y) = (axis("predicted: words loaded + stored"), axis("counted while it ran"));
    let diagonal = [(x.from, y.from), (x.to, y.to)].map(Some).into_iter();
    let style = Style { marker: Marker::None, ..palette::SHAPE_ONLY };
    let equal = Curve::new("counted = predicted", style, diagonal);
    let curves = ALGORITHMS.iter().enumerate().filter_map(|(index, algorithm)| {
        let place = |it: u128| log2(&BigUint::from(it));
        // Points without a line between them.
        let points = ran().filter(|it| it.0.is(algorithm)).flat_map(|it| {
            let (predicted, counted) = it.1.io();
            [Some((place(predicted), place(counted))), None]
        });
        let curve = Curve::new(algorithm.name, palette::schedule(index), points);
        (!curve.runs.is_empty()).then_some(curve)
    });
    Some(Chart {
        title: "Prediction and run".to_owned(),
        subtitle: "Words that kernels made from the schedules moved, against words that the schedules say. \
                   Interpreter, M at most 4,096 words."
            .to_owned(),
        x,
        y,
        impossible: vec![],
        areas: vec![],
        groups: vec![("Schedules, with and without maximum", curves.collect()), ("Equal", vec![equal])],
        marks: vec![],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_on_the_diagonal() {
        let ran = run(&[Cell { n: 10, d: 3, tiling: Tiling::Same(4) }]);
        assert_eq!(ran.len(), 14);
        let chart = chart(&ran).expect("all ran");
        let points = chart.groups[0].1.iter().flat_map(|it| it.runs.iter().flatten());
        assert_eq!(points.clone().count(), 14);
        assert!(points.clone().all(|it| it.0 == it.1));
        let text = section(&ran);
        assert_eq!(text.matches("| equal | within |").count(), 14, "{text}");
    }
}
