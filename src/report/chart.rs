//! A chart as data: what is drawn, in the units of its axes.

use super::numbers::{OCTAVE, log2, power_of_ten, power_of_two};
use super::palette::{Rgb, Style};
use num_bigint::BigUint;

/// A chart.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) title: String,
    /// What is measured, under which assumptions; one line.
    pub(super) subtitle: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
    /// Below this line no schedule can be: shaded.
    pub(super) impossible: Vec<At>,
    /// Areas that stand on each other, the lowest first.
    pub(super) areas: Vec<Area>,
    /// Headings and curves, in the order of the legend; later ones are drawn above.
    pub(super) groups: Vec<(&'static str, Vec<Curve>)>,
    pub(super) marks: Vec<Mark>,
}

/// A place, in the units of the axes.
pub(super) type At = (i64, i64);

/// A curve; where it has no value it is interrupted.
#[derive(Debug)]
pub(super) struct Curve {
    pub(super) name: String,
    pub(super) style: Style,
    pub(super) runs: Vec<Vec<At>>,
}

/// What lies between the area below it, or the axis, and its top.
#[derive(Debug)]
pub(super) struct Area {
    pub(super) name: String,
    pub(super) color: Rgb,
    pub(super) top: Vec<At>,
}

/// A vertical line at a place of the x axis.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) at: i64,
    pub(super) label: String,
    /// Light ones are labelled inside, upright.
    pub(super) light: bool,
}

/// An axis.
#[derive(Debug)]
pub(super) struct Axis {
    pub(super) label: String,
    pub(super) from: i64,
    pub(super) to: i64,
    /// Places of grid lines, with a label or without.
    pub(super) ticks: Vec<(i64, String)>,
}

impl Curve {
    /// A curve through `places`, interrupted where there is none.
    pub(super) fn new(
        name: impl Into<String>,
        style: Style,
        places: impl Iterator<Item = Option<At>>,
    ) -> Self {
        let mut runs = vec![vec![]];
        for place in places {
            match place {
                Some(it) => runs.last_mut().expect("never empty").push(it),
                None => runs.push(vec![]),
            }
        }
        runs.retain(|it| !it.is_empty());
        Self { name: name.into(), style, runs }
    }
}

impl Axis {
    /// Logarithmic, from `from` to `to`, with powers of two: `4Ki`.
    pub(super) fn binary(label: impl Into<String>, from: u64, to: u64) -> Self {
        let (from, to) = (log2(&from.into()), log2(&to.into()));
        let every = if to - from > 9 * OCTAVE { 2 } else { 1 };
        let first = (from + OCTAVE - 1) / OCTAVE;
        let tick = |it: i64| {
            let exponent = u32::try_from(it).expect("sizes are at least 1");
            let label = if it % every == 0 { power_of_two(exponent) } else { String::new() };
            (it * OCTAVE, label)
        };
        Self { label: label.into(), from, to, ticks: (first..=to / OCTAVE).map(tick).collect() }
    }

    /// Logarithmic, from a little below `from` to a little above `to`, with powers of ten.
    pub(super) fn decimal(label: impl Into<String>, from: &BigUint, to: &BigUint) -> Self {
        let (from, to) = (log2(from) - OCTAVE / 4, log2(to) + OCTAVE / 4);
        let few = to - from < 14 * OCTAVE;
        let mut ticks = vec![];
        for exponent in 0.. {
            let power = BigUint::from(10u32).pow(exponent);
            if log2(&power) > to {
                break;
            }
            for digit in [1u32, 2, 5] {
                let label = match digit {
                    1 => power_of_ten(exponent),
                    _ if few => format!("{digit}·{}", power_of_ten(exponent)),
                    _ => String::new(),
                };
                ticks.push((log2(&(&power * digit)), label));
            }
        }
        ticks.retain(|it| (from..=to).contains(&it.0));
        Self { label: label.into(), from, to, ticks }
    }

    /// Linear, from 0 to a little above `to`, in steps of 1, 2 or 5 times a power of ten; labelled in
    /// the largest of `units` (how much, its name; ascending) that a step holds.
    pub(super) fn linear(label: &str, units: &[(i64, &str)], to: i64) -> Self {
        let to = to.max(1) + to.max(20) / 20;
        let steps = (0..18).flat_map(|it| [1, 2, 5].map(|digit| digit * 10_i64.pow(it)));
        let step = steps.into_iter().find(|it| to / it <= 8).unwrap_or(to);
        let (unit, name) = *units.iter().rfind(|it| it.0 <= step).unwrap_or(&(1, ""));
        let ticks = (0..=to / step).map(|it| (it * step, (it * step / unit).to_string()));
        Self { label: format!("{label} ({name})"), from: 0, to, ticks: ticks.collect() }
    }

    /// Linear, in thousandths, from 1 to `to` (a whole number).
    pub(super) fn ratio(label: impl Into<String>, to: i64) -> Self {
        let tick = |it: i64| {
            let label = if it % 2 == 0 { (it / 2).to_string() } else { String::new() };
            (it * 500, label)
        };
        let ticks = (2..=2 * to).map(tick).collect();
        Self { label: label.into(), from: 950, to: 1000 * to, ticks }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_axis_has_round_steps() {
        let units = [(1, "ns"), (1000, "µs")];
        let labels = |to: i64| {
            let it = Axis::linear("time", &units, to);
            assert!(it.from == 0 && it.to > to && it.ticks.len() <= 9, "{it:?}");
            let labels = it.ticks.iter().map(|it| it.1.as_str()).collect::<Vec<_>>().join(" ");
            format!("{}: {labels}", it.label)
        };
        assert_eq!(labels(0), "time (ns): 0 1 2");
        assert_eq!(labels(7), "time (ns): 0 1 2 3 4 5 6 7 8");
        assert_eq!(labels(2000), "time (ns): 0 500 1000 1500 2000");
        assert_eq!(labels(7400), "time (µs): 0 1 2 3 4 5 6 7");
    }
}
