//! What `iobound gpu` prints.

use super::{
    Args, Tried,
    experiment::{Found, rows},
};
use crate::cli::{
    output::{Object, Output},
    plan::Plan,
    point::Point,
    table::{Align, digits, table},
};
use iobound::{
    device::{Device, Kind},
    reading::wgsl::Kernels,
    trial::{Line, Trial},
};
use serde::Serialize;

#[derive(Clone, Copy, Serialize)]
struct Twice {
    predicted: u128,
    counted: u128,
}

#[derive(Serialize)]
struct Moved {
    loads: Twice,
    stores: Twice,
}

impl From<&Line> for Moved {
    fn from(it: &Line) -> Self {
        let Line { predicted, counted, .. } = it;
        Self {
            loads: Twice { predicted: predicted.loads, counted: counted.loads },
            stores: Twice { predicted: predicted.stores, counted: counted.stores },
        }
    }
}

#[derive(Serialize)]
struct Run<'a> {
    algorithm: &'a str,
    n: u64,
    d: u64,
    m: u64,
    tiles: Object<'a, u64>,
    inputs: &'static str,
    seed: u64,
    device: &'a str,
    kind: &'static str,
    arrays: Object<'a, Moved>,
    equal: bool,
    /// `null` where no output is judged, or where it is no number.
    max_abs_error: Option<f64>,
    error_bound: Option<f64>,
    /// Only of a real GPU.
    #[serde(skip_serializing_if = "Option::is_none")]
    time_ns: Option<u64>,
}

#[derive(Serialize)]
struct Excluded<'a> {
    algorithm: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct All<'a> {
    device: &'a str,
    kind: &'static str,
    runs: Vec<Run<'a>>,
    excluded: Vec<Excluded<'a>>,
    equal: bool,
}

fn arrays(trial: &Trial) -> Vec<(String, Moved)> {
    trial.lines.iter().map(|it| (it.array.clone(), it.into())).collect()
}

fn run<'a>(
    args: &Args,
    (n, d, m): (u64, u64, u64),
    (algorithm, tiles): (&'a str, &'a [(String, u64)]),
    device: &'a Device,
    trial: &Trial,
    arrays: &'a [(String, Moved)],
) -> Run<'a> {
    Run {
        algorithm,
        n,
        d,
        m,
        tiles: Object(tiles),
        inputs: args.inputs.name(),
        seed: args.seed,
        device: device.name(),
        kind: device.kind().word(),
        arrays: Object(arrays),
        equal: trial.equal(),
        max_abs_error: trial.difference.map(|it| it.max_abs),
        error_bound: trial.difference.map(|it| it.bound),
        time_ns: trial.time_ns,
    }
}

fn sizes(point: &Point) -> (u64, u64, u64) {
    (point.n().unwrap_or(0), point.d().unwrap_or(0), point.m().map_or(0, |it| it.0))
}

pub(super) fn one(args: &Args, plan: &Plan, device: &Device, trial: &Trial, out: &mut Output) {
    if out.is_json() {
        let (algorithm, arrays) = (plan.algorithm(), arrays(trial));
        let of = (algorithm.as_str(), plan.choice.tiles.as_slice());
        out.document(&run(args, sizes(&plan.point), of, device, trial, &arrays));
        return;
    }
    for line in plan.title() {
        out.line(line);
    }
    out.line(format_args!("device: {} ({})\n", device.name(), device.kind().word()));
    let head = ["loads predicted", "counted", "stores predicted", "counted", "array"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for it in &trial.lines {
        let numbers =
            [it.predicted.loads, it.counted.loads, it.predicted.stores, it.counted.stores];
        let mut row: Vec<String> = numbers.map(digits).to_vec();
        row.push(it.array.clone());
        rows.push(row);
    }
    let right = Align::Right;
    out.text(&table(&[right, right, right, right, Align::Left], &rows));
    let (predicted, counted) = trial.io();
    let equal = if trial.equal() { "equal, word for word" } else { "NOT EQUAL" };
    let words = format!("{} words predicted, {} counted", digits(predicted), digits(counted));
    out.line(format_args!("\n{words}: {equal}"));
    out.line(judged(args, trial));
    out.line(match (device.kind(), trial.time_ns) {
        (Kind::Gpu, Some(it)) => format!("time: {} ns in the kernels", digits(it)),
        (Kind::Gpu, None) => "time: this device has no timestamps".to_owned(),
        (Kind::Interpreter | Kind::Software, _) => {
            "time: not told; a device in software says nothing about it".to_owned()
        }
    });
}

fn judged(args: &Args, trial: &Trial) -> String {
    match trial.difference {
        Some(it) => format!(
            "outputs: largest difference to the reference in f64 {:.1e}; rounding may make it {:.1e}",
            it.max_abs, it.bound
        ),
        None => format!("outputs: not judged with {} inputs here", args.inputs.name()),
    }
}

pub(super) fn all(args: &Args, point: &Point, device: &Device, tried: &[Tried], out: &mut Output) {
    let ran = || tried.iter().filter_map(|it| it.trial.as_ref().ok().map(|trial| (it, trial)));
    let excluded = || {
        tried.iter().filter_map(|it| {
            let reason = it.trial.as_ref().err()?;
            Some(Excluded { algorithm: &it.name, reason })
        })
    };
    if out.is_json() {
        let moved: Vec<_> = ran().map(|it| arrays(it.1)).collect();
        let runs = ran().zip(&moved).map(|((it, trial), arrays)| {
            run(args, sizes(point), (&it.name, &it.tiles), device, trial, arrays)
        });
        out.document(&All {
            device: device.name(),
            kind: device.kind().word(),
            runs: runs.collect(),
            excluded: excluded().collect(),
            equal: ran().all(|it| it.1.equal()),
        });
        return;
    }
    out.line(point.title());
    out.line(format_args!("device: {} ({})\n", device.name(), device.kind().word()));
    let head = ["algorithm", "predicted", "counted", "", "error", "bound", "tiles"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (it, trial) in ran() {
        let (predicted, counted) = trial.io();
        let equal = if trial.equal() { "equal" } else { "NOT EQUAL" };
        let number = |of: Option<f64>| of.map_or_else(|| "–".to_owned(), |it| format!("{it:.1e}"));
        let tiles: Vec<_> = it.tiles.iter().map(|(name, it)| format!("{name} = {it}")).collect();
        rows.push(vec![
            it.name.clone(),
            digits(predicted),
            digits(counted),
            equal.to_owned(),
            number(trial.difference.map(|it| it.max_abs)),
            number(trial.difference.map(|it| it.bound)),
            tiles.join(", "),
        ]);
    }
    let (left, right) = (Align::Left, Align::Right);
    out.text(&table(&[left, right, right, left, right, right, left], &rows));
    for it in excluded() {
        out.line(format_args!("no run of {}: {}", it.algorithm, it.reason));
    }
}

#[derive(Serialize)]
struct KernelText<'a> {
    grid: u32,
    invocations: u32,
    dispatches: u32,
    words: u64,
    iterations: u64,
    wgsl: &'a str,
}

/// The kernels' texts.
pub(super) fn text(kernels: &Kernels, out: &mut Output) {
    #[derive(Serialize)]
    struct Document<'a> {
        kernels: Vec<KernelText<'a>>,
    }
    let kernel = kernels.kernels.iter().map(|it| KernelText {
        grid: it.grid,
        invocations: it.width,
        dispatches: it.host.unwrap_or(1),
        words: it.words,
        iterations: it.iterations,
        wgsl: &it.text,
    });
    if out.is_json() {
        out.document(&Document { kernels: kernel.collect() });
    } else {
        let texts: Vec<&str> = kernels.kernels.iter().map(|it| it.text.as_str()).collect();
        out.text(&texts.join("\n"));
    }
}

#[derive(Serialize)]
struct TimedPoint<'a> {
    size: u64,
    tiles: Object<'a, u64>,
    words: u128,
    time_ns: u64,
}

#[derive(Serialize)]
struct NotRun<'a> {
    size: u64,
    reason: &'a str,
}

/// Times against words. Without a line through the points its keys are `null`.
#[derive(Serialize)]
struct Experiment<'a> {
    algorithm: String,
    n: Option<u64>,
    d: Option<u64>,
    m: u64,
    device: &'a str,
    kind: &'static str,
    date: &'a str,
    tile: &'a str,
    points: Vec<TimedPoint<'a>>,
    excluded: Vec<NotRun<'a>>,
    /// Nanoseconds a word.
    slope: Option<f64>,
    /// Nanoseconds.
    intercept: Option<f64>,
    r_squared: Option<f64>,
}

/// What an experiment found.
pub(super) fn experiment(
    plan: &Plan,
    tile: &str,
    device: &Device,
    found: &Found,
    out: &mut Output,
) {
    let Found { points, excluded, fit, date } = found;
    if out.is_json() {
        let points = points.iter().map(|it| TimedPoint {
            size: it.size,
            tiles: Object(&it.tiles),
            words: it.timed.words,
            time_ns: it.timed.time_ns,
        });
        out.document(&Experiment {
            algorithm: plan.algorithm(),
            n: plan.param("N"),
            d: plan.param("d"),
            m: plan.fast.0,
            device: device.name(),
            kind: device.kind().word(),
            date,
            tile,
            points: points.collect(),
            excluded: excluded
                .iter()
                .map(|(size, reason)| NotRun { size: *size, reason })
                .collect(),
            slope: fit.map(|it| it.slope),
            intercept: fit.map(|it| it.intercept),
            r_squared: fit.and_then(|it| it.r_squared),
        });
        return;
    }
    out.line(&plan.title()[0]);
    out.line(format_args!("device: {} ({}), {date}\n", device.name(), device.kind().word()));
    out.text(&table(&[Align::Right, Align::Right, Align::Left], &rows(found)));
    for (size, reason) in excluded {
        out.line(format_args!("no run with {tile} = {size}: {reason}"));
    }
    out.line(match fit {
        Some(it) => {
            let explained = it.r_squared.map_or_else(String::new, |it| format!(", R² = {it:.4}"));
            format!("\ntime ≈ {:.3e} ns + {:.3e} ns · words{explained}", it.intercept, it.slope)
        }
        None => "\nno line: it takes two sizes that move different words".to_owned(),
    });
}
