//! Which charts there are.

use super::{
    Found,
    chart::{At, Axis, Chart, Curve, Mark},
    numbers::log2,
    palette,
    plan::{Plan, Subject, default_level, memory},
};
use crate::{
    bounds::{self, BOUNDS, Row, Unit},
    hardware::{self, Hardware, Level},
    model::Words,
    strategy::ALGORITHMS,
    sweep::{BEST, Point},
};
use num_bigint::BigUint;

const SCHEDULES: &str = "Schedules (no curve: nothing fits)";
const LOWER: &str = "Lower bounds";
const MEMORY: &str = "M: words of fast memory";

/// Every chart with the name of its file.
pub(super) fn all(plan: &Plan, found: &Found<'_>) -> Vec<(String, Chart)> {
    let against_m =
        plan.shapes.iter().map(|it| (format!("io-{}", it.slug()), io_against_m(plan, it, found)));
    let mut charts: Vec<_> = against_m.collect();
    charts.push(("gap".to_owned(), gap(plan, found)));
    charts.push(("io-against-n".to_owned(), io_against_n(plan, found)));
    charts
}

/// N, d and M, and where that is on the x axis.
struct Place {
    x: i64,
    n: u64,
    d: u64,
    m: Words,
}

impl Place {
    fn bounds(&self) -> Vec<Row> {
        bounds::bounds(self.n, self.d, self.m).expect("a plan's sizes are in range")
    }

    fn point<'a>(&self, algorithm: &str, found: &Found<'a>) -> &'a Point {
        found.at(algorithm, self.n, self.d, self.m)
    }
}

fn best_bound(rows: &[Row]) -> &BigUint {
    let bound = bounds::best_of(rows).and_then(|it| it.value.as_ref());
    bound.expect("`compulsory` always has a value")
}

fn io_against_m(plan: &Plan, shape: &Subject, found: &Found<'_>) -> Chart {
    let Subject { n, d, .. } = *shape;
    let place = |m: Words| Place { x: log2(&m.0.into()), n, d, m };
    let places: Vec<_> = plan.memories(shape).into_iter().map(place).collect();
    let (first, last) = (places[0].m.0, places[places.len() - 1].m.0);
    let mut marks = vec![Mark { at: log2(&(d * d).into()), label: "M = d²".into(), light: false }];
    marks.push(Mark { at: log2(&(n * d).into()), label: "M = N·d".into(), light: false });
    marks.extend(levels().filter(|it| (first..=last).contains(&memory(it.1).0)).map(level_mark));
    Chart {
        title: format!("One attention head against fast memory: {}", shape.name()),
        subtitle: format!(
            "N = {n}, d = {d}, no mask. Words loaded + stored, tiles for the fewest. Processors' memories at 2 bytes a word."
        ),
        marks,
        ..io(places, Axis::binary(MEMORY, first, last), found)
    }
}

fn io_against_n(plan: &Plan, found: &Found<'_>) -> Chart {
    let (hardware, level) = plan.lengths_level();
    let (m, d) = (memory(level), Plan::LENGTHS_D);
    let place = |n: &u64| Place { x: log2(&(*n).into()), n: *n, d, m };
    let places: Vec<_> = plan.lengths.iter().map(place).collect();
    let (first, last) = (places[0].n, places[places.len() - 1].n);
    let subtitle = format!(
        "d = {d}, M = {m} words: {} {} at 2 bytes a word; {}. No mask, tiles for the fewest words.",
        hardware.name, level.name, level.traffic
    );
    Chart {
        title: "One attention head against its length".to_owned(),
        subtitle,
        ..io(places, Axis::binary("N: queries, and as many keys", first, last), found)
    }
}

/// Words moved and bounds at `places`; title and marks are the caller's.
fn io(places: Vec<Place>, x: Axis, found: &Found<'_>) -> Chart {
    let at = |place: &Place, value: &BigUint| (place.x, log2(value));
    let words = |place: &Place, name: &str| {
        let io = place.point(name, found).io?;
        Some(at(place, &io.into()))
    };
    let best = Curve::new("best of all", palette::BEST, places.iter().map(|it| words(it, BEST)));
    let schedules = ALGORITHMS.iter().enumerate().map(|(index, it)| {
        let style = palette::schedule(index);
        Curve::new(it.name, style, places.iter().map(|place| words(place, it.name)))
    });
    let rows: Vec<Vec<Row>> = places.iter().map(Place::bounds).collect();
    let best_bounds: Vec<&BigUint> = rows.iter().map(|it| best_bound(it)).collect();
    let impossible: Vec<At> =
        places.iter().zip(&best_bounds).map(|(place, value)| at(place, value)).collect();
    let in_words = BOUNDS.iter().enumerate().filter(|it| it.1.unit == Unit::Words);
    let lower = in_words.map(|(index, bound)| {
        let value = |(place, rows): (&Place, &Vec<Row>)| {
            let value = rows[index].value.as_ref().filter(|it| it.bits() > 0)?;
            Some(at(place, value))
        };
        Curve::new(bound.id, palette::bound(index), places.iter().zip(&rows).map(value))
    });
    let largest = impossible.iter().copied().map(Some);
    let largest = Curve::new("the largest of them", palette::BEST_BOUND, largest);
    let theta = Curve::new(
        "Θ(min(N²d/√M, N²d²/M)), no constant",
        palette::SHAPE_ONLY,
        places.iter().map(|it| Some((it.x, theta(it)))),
    );
    let least = best_bounds.into_iter().min().expect("a plan has sizes");
    // Bounds that stay below the picture are left out.
    let lowest = log2(least);
    let reaches = |it: &Curve| it.runs.iter().flatten().any(|it| it.1 >= lowest);
    let lower: Vec<_> = lower.filter(reaches).collect();
    let best_words = places.iter().filter_map(|it| it.point(BEST, found).io).max();
    let moved = places.iter().flat_map(|place| {
        ALGORITHMS.iter().filter_map(|it| place.point(it.name, found).io).map(BigUint::from)
    });
    // One algorithm far above the others leaves the picture, rather than squeeze it.
    let most = moved.max().unwrap_or_else(|| least.clone());
    let most = most.min(BigUint::from(best_words.unwrap_or(u128::MAX)) * 16u32);
    Chart {
        title: String::new(),
        subtitle: String::new(),
        x,
        y: Axis::decimal("I/O: words loaded + stored", least, &most),
        impossible,
        areas: vec![],
        groups: vec![
            (SCHEDULES, std::iter::once(best).chain(schedules).collect()),
            (LOWER, lower.into_iter().chain([largest]).collect()),
            ("Shape only: its height says nothing", vec![theta]),
        ],
        marks: vec![],
    }
}

/// log₂ of min(N²d/√M, N²d²/M).
fn theta(Place { n, d, m, .. }: &Place) -> i64 {
    let [n, d, m] = [*n, *d, m.0].map(|it| log2(&it.into()));
    (2 * n + d - m / 2).min(2 * n + 2 * d - m)
}

fn gap(plan: &Plan, found: &Found<'_>) -> Chart {
    let mut most = 2000;
    let mut curves = vec![];
    for (index, shape) in plan.shapes.iter().enumerate() {
        let Subject { n, d, .. } = *shape;
        let places = plan.memories(shape).into_iter().map(|m| {
            let gap = found.at(BEST, n, d, m).gap?;
            Some((log2(&m.0.into()), thousandths(gap)))
        });
        let places: Vec<_> = places.collect();
        most = places.iter().flatten().map(|it| it.1).chain([most]).max().expect("not empty");
        let name = format!("{}: N = {n}, d = {d}", shape.models[0].name);
        curves.push(Curve::new(name, palette::shape(index), places.into_iter()));
    }
    let all = plan.shapes.iter().flat_map(|it| plan.memories(it)).map(|it| it.0);
    let (first, last) = (all.clone().min().unwrap_or(1), all.max().unwrap_or(1));
    Chart {
        title: "How far the best schedule is from the best bound".to_owned(),
        subtitle: "Words the best schedule moves, over the largest lower bound in words. \
                   1 would be optimal. Memories at 2 bytes a word."
            .to_owned(),
        x: Axis::binary(MEMORY, first, last),
        y: Axis::ratio("gap: best schedule / best bound", most / 1000 + 1),
        impossible: vec![],
        areas: vec![],
        groups: vec![("One head of", curves)],
        marks: levels().map(level_mark).collect(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a gap that is drawn is small")]
fn thousandths(gap: f64) -> i64 {
    (gap * 1000.0).round() as i64
}

/// The memories marked in the charts: far enough apart to be labelled.
fn levels() -> impl Iterator<Item = (&'static Hardware, &'static Level)> {
    let names = [
        ("Apple M2", None),
        ("MI300X", None),
        ("A100", None),
        ("H100 SXM", None),
        ("EPYC 9654", None),
        ("MI300X", Some("L2")),
        ("A100", Some("L2")),
    ];
    names.into_iter().map(|(name, level)| {
        let hardware = hardware::find(name).expect("it is in the table");
        let level = level.map_or_else(
            || default_level(hardware),
            |it| hardware.level(Some(it)).expect("it is in the table"),
        );
        (hardware, level)
    })
}

fn level_mark((hardware, level): (&Hardware, &Level)) -> Mark {
    let kib = level.bytes / 1024;
    let size = if kib >= 1024 { format!("{} MiB", kib / 1024) } else { format!("{kib} KiB") };
    Mark {
        at: log2(&memory(level).0.into()),
        label: format!("{} {}, {size}", hardware.name, level.name),
        light: true,
    }
}
