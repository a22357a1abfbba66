//! The report: tables and plots of points, as the contents of files.
//!
//! Pure functions: the same plan and the same points give the same bytes, on every machine for text and
//! SVG. Coordinates, logarithms and roundings are integers; there is no clock in it.

pub mod animation;
mod caches;
mod chart;
mod document;
mod draw;
mod markdown;
mod misses;
mod numbers;
mod page;
mod palette;
mod partial;
mod plan;
mod plots;
mod terminal;
mod timeline;
mod times;
mod trials;
mod variants;

pub use caches::Loops;
pub use draw::DrawError;
pub use misses::{Picture, miss_curve};
pub use plan::{Plan, Subject};
pub use terminal::table as terminal;
pub use timeline::held_over_time;
pub use times::kernel_times;

use crate::sweep::{self, Cell, Point};
use std::collections::HashMap;

/// A file of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name in the report's folder.
    pub name: String,
    /// Its contents.
    pub bytes: Vec<u8>,
    /// Is it the same on every machine? Text and SVG are; a PNG's pixels may differ by rounding.
    pub reproducible: bool,
}

/// Every file of the report that `plan` asks and `points` answer.
///
/// # Errors
///
/// [`DrawError`] if a picture cannot be drawn.
///
/// # Panics
///
/// If `points` lacks one of `plan`'s cells.
pub fn files(plan: &Plan, points: &[Point]) -> Result<Vec<File>, DrawError> {
    let found = Found::new(points);
    let ran = trials::run(&plan.trials);
    let text = |name: &str, text: String| File {
        name: name.to_owned(),
        bytes: text.into_bytes(),
        reproducible: true,
    };
    let caches = caches::rows(&plan.caches);
    let mut files = vec![
        text("README.md", markdown::readme(plan, &found, &ran, &caches)),
        text("points.jsonl", sweep::to_json_lines(points)),
        text("points.csv", sweep::to_csv(points)),
    ];
    let of_caches = ("caches".to_owned(), caches::chart(&plan.caches, &caches));
    let trials = trials::chart(&ran).map(|it| ("prediction-and-run".to_owned(), it));
    let answered = variants::answered(plan);
    files.push(text("variants.md", variants::page(&answered)));
    files.push(text("index.html", page::html(plan, &found, &ran, &caches, &answered)));
    let variants = answered.iter().map(|it| (it.slug(), it.chart()));
    let more = trials.into_iter().chain([of_caches]).chain(variants);
    for (name, chart) in plots::all(plan, &found).into_iter().chain(more) {
        files.push(text(&format!("{name}.svg"), draw::svg(&chart)?));
        let (name, bytes) = (format!("{name}.png"), draw::png(&chart)?);
        files.push(File { name, bytes, reproducible: false });
    }
    Ok(files)
}

/// Points by the id of their cell.
struct Found<'a>(HashMap<&'a str, &'a Point>);

impl<'a> Found<'a> {
    fn new(points: &'a [Point]) -> Self {
        Self(points.iter().map(|it| (it.id.as_str(), it)).collect())
    }

    /// The point of `algorithm` at a size that the plan asks.
    fn at(&self, algorithm: &str, n: u64, d: u64, m: crate::model::Words) -> &'a Point {
        let cell = Cell::new(algorithm, n, d, m).expect("names come from the list");
        self.0[cell.id().as_str()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Byte for byte, from the sweep on.
    #[test]
    fn twice_the_same() {
        let plan = Plan::small();
        let make = || {
            let points = sweep::sweep(&plan.cells(), || ()).expect("bounds are below counts");
            (files(&plan, &points).expect("it can be drawn"), terminal(&plan, &points))
        };
        let (first, second) = (make(), make());
        assert!(first == second, "a report made twice differs");
        let names: Vec<_> = first.0.iter().map(|it| it.name.as_str()).collect();
        let expected = [
            "README.md",
            "points.jsonl",
            "points.csv",
            "variants.md",
            "index.html",
            "io-vit-l-16.svg",
            "io-vit-l-16.png",
            "gap.svg",
            "gap.png",
            "io-against-n.svg",
            "io-against-n.png",
            "prediction-and-run.svg",
            "prediction-and-run.png",
            "caches.svg",
            "caches.png",
        ];
        let mut expected = expected.map(str::to_owned).to_vec();
        let variants = variants::slugs();
        expected.extend(variants.flat_map(|it| ["svg", "png"].map(|end| format!("{it}.{end}"))));
        assert_eq!(names, expected);
        assert!(first.1.lines().all(|it| it.chars().count() <= 80), "{}", first.1);
    }
}
