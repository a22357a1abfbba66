//! Does kernel time follow the predicted words? Points of one schedule, and the line through them.

use super::{Fed, TrialError, kernels, try_kernels};
use crate::{
    device::Device,
    reading::{
        count::{LIMIT, count},
        wgsl::Form,
    },
    schedule::{bind::Binding, program::Program},
};

/// A schedule at one size of a tile, timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timed {
    /// Words that `count` predicts, loads and stores of all arrays.
    pub words: u128,
    /// Nanoseconds in its plain kernels; the least of several runs.
    pub time_ns: u64,
    /// Were the outputs of every run close to their reference, where they are judged?
    pub close: bool,
}

/// Times the plain kernels of `program`, the least of `runs`; `None` if the device tells no time, as
/// only a real GPU does.
///
/// # Errors
///
/// [`TrialError`]: no prediction, no kernel, or no result.
pub fn timed(
    program: &Program,
    binding: &Binding,
    device: &Device,
    (fed, seed): (Fed<'_>, u64),
    runs: u32,
) -> Result<Option<Timed>, TrialError> {
    let words = count(program, binding, LIMIT)?.totals.io();
    let made = kernels(program, binding, &device.limits(), Form::Plain)?;
    let (mut least, mut close) = (None, true);
    for _ in 0..runs {
        let it = try_kernels(program, binding, &made, device, fed, seed)?;
        let Some(time_ns) = it.time_ns else { return Ok(None) };
        least = Some(least.map_or(time_ns, |least: u64| least.min(time_ns)));
        close &= it.close();
    }
    Ok(least.map(|time_ns| Timed { words, time_ns, close }))
}

/// time ≈ `intercept` + `slope` · words, by least squares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Nanoseconds a word.
    pub slope: f64,
    /// Nanoseconds at 0 words.
    pub intercept: f64,
    /// The part of the times' variance that the line explains, R²; `None` if all times are equal.
    pub r_squared: Option<f64>,
}

/// The line through `points`; `None` unless there are two with different words.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "words and times that were run are below 2^53")]
pub fn fit(points: &[Timed]) -> Option<Fit> {
    let n = points.len() as f64;
    let places = || points.iter().map(|it| (it.words as f64, it.time_ns as f64));
    let (x, y) = places().fold((0.0, 0.0), |sum, it| (sum.0 + it.0 / n, sum.1 + it.1 / n));
    let sum = |of: fn(f64, f64) -> f64| places().map(|it| of(it.0 - x, it.1 - y)).sum::<f64>();
    let (xx, xy, yy) = (sum(|x, _| x * x), sum(|x, y| x * y), sum(|_, y| y * y));
    let first = points.first()?;
    if points.iter().all(|it| it.words == first.words) {
        return None;
    }
    let same_times = points.iter().all(|it| it.time_ns == first.time_ns);
    let slope = xy / xx;
    let r_squared = (!same_times).then(|| xy * xy / (xx * yy));
    Some(Fit { slope, intercept: y - slope * x, r_squared })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(of: &[(u128, u64)]) -> Vec<Timed> {
        of.iter().map(|&(words, time_ns)| Timed { words, time_ns, close: true }).collect()
    }

    #[test]
    fn points_on_a_line_are_explained_whole() {
        let it = fit(&points(&[(100, 350), (200, 650), (500, 1550)])).unwrap();
        assert!((it.slope - 3.0).abs() < 1e-12 && (it.intercept - 50.0).abs() < 1e-9, "{it:?}");
        assert!((it.r_squared.unwrap() - 1.0).abs() < 1e-12, "{it:?}");
    }

    /// By hand: x̄ = 2, ȳ = 2, Σ(x−x̄)(y−ȳ) = 1, Σ(x−x̄)² = 2, Σ(y−ȳ)² = 2.
    #[test]
    fn points_beside_a_line_are_explained_in_part() {
        let it = fit(&points(&[(1, 1), (2, 3), (3, 2)])).unwrap();
        assert!((it.slope - 0.5).abs() < 1e-12 && (it.intercept - 1.0).abs() < 1e-12, "{it:?}");
        assert!((it.r_squared.unwrap() - 0.25).abs() < 1e-12, "{it:?}");
    }

    #[test]
    fn where_there_is_no_line_none_is_drawn() {
        assert_eq!(fit(&[]), None);
        assert_eq!(fit(&points(&[(7, 1)])), None);
        assert_eq!(fit(&points(&[(7, 1), (7, 2)])), None);
        let flat = fit(&points(&[(1, 5), (9, 5)])).unwrap();
        assert_eq!(flat, Fit { slope: 0.0, intercept: 5.0, r_squared: None });
    }

    /// An interpreter's time would say nothing, so it tells none.
    #[test]
    fn software_is_not_timed() {
        let schedule = crate::strategy::find("flash2").unwrap();
        let schedule = schedule.schedule(crate::strategy::Max::Kept).unwrap();
        let cell = super::super::Cell { n: 8, d: 2, tiling: super::super::Tiling::Same(2) };
        let binding = cell.binding(schedule).unwrap();
        let fed = (crate::trial::Inputs::Uniform.into(), 1);
        let it = timed(&schedule.program, &binding, &Device::Interpreter, fed, 2).unwrap();
        assert_eq!(it, None);
    }
}
