//! The picture of kernel times against predicted words, on a real GPU.

use super::{
    chart::{Axis, Chart, Curve},
    draw::{self, DrawError},
    misses::Picture,
    palette::{self, Marker, Style},
};
use crate::trial::{Fit, Timed};

/// Coordinates stay below this, so that a picture's integers hold their products.
const MOST: i64 = 1 << 50;

/// Time against words with the line through them, as the bytes of a file. `about` says what ran, on
/// which device and when.
///
/// # Errors
///
/// [`DrawError`].
pub fn kernel_times(
    about: &str,
    points: &[Timed],
    fit: Option<Fit>,
    picture: Picture,
) -> Result<Vec<u8>, DrawError> {
    let chart = chart(about, points, fit);
    match picture {
        Picture::Svg => draw::svg(&chart).map(String::into_bytes),
        Picture::Png => draw::png(&chart),
    }
}

fn chart(about: &str, points: &[Timed], fit: Option<Fit>) -> Chart {
    let words = |it: &Timed| i64::try_from(it.words).unwrap_or(MOST).min(MOST);
    let time = |it: &Timed| i64::try_from(it.time_ns).unwrap_or(MOST).min(MOST);
    let most = |of: &dyn Fn(&Timed) -> i64| points.iter().map(of).max().unwrap_or(1);
    let x = Axis::linear("Predicted words, loaded and stored", WORDS, most(&words));
    let y = Axis::linear("Time in the kernels", TIMES, most(&time));
    // Points without a line between them.
    let places = points.iter().flat_map(|it| [Some((words(it), time(it))), None]);
    let measured = Curve::new("a size of the tile", palette::schedule(2), places);
    let mut groups = vec![("Measured", vec![measured])];
    if let Some(fit) = fit {
        let style = Style { marker: Marker::None, ..palette::SHAPE_ONLY };
        let ends = [0, x.to].into_iter().map(|it| Some((it, fit_at(fit, it))));
        let mut lines = vec![Curve::new(format!("{:.3e} ns a word", fit.slope), style, ends)];
        let more = [format!("{:.3e} ns at 0 words", fit.intercept), explained(fit)];
        lines.extend(more.map(|it| Curve::new(it, palette::UNSEEN, std::iter::empty())));
        groups.push(("Least squares", lines));
    }
    Chart {
        title: "Kernel time against predicted words".to_owned(),
        subtitle: about.to_owned(),
        x,
        y,
        impossible: vec![],
        areas: vec![],
        groups,
        marks: vec![],
    }
}

/// Nanoseconds on the line.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "below 2^50, or clamped"
)]
fn fit_at(fit: Fit, words: i64) -> i64 {
    (fit.intercept + fit.slope * words as f64).round().clamp(-(MOST as f64), MOST as f64) as i64
}

fn explained(fit: Fit) -> String {
    fit.r_squared.map_or_else(|| "R² has no value".to_owned(), |it| format!("R² = {it:.3}"))
}

const WORDS: &[(i64, &str)] =
    &[(1, "words"), (1000, "thousands"), (1_000_000, "millions"), (1_000_000_000, "billions")];
const TIMES: &[(i64, &str)] = &[(1, "ns"), (1000, "µs"), (1_000_000, "ms"), (1_000_000_000, "s")];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::fit;

    fn fake() -> Vec<Timed> {
        let off = [900, -400, 300, -700, 200, -100];
        let point = |(at, off): (u32, i64)| {
            let words = 70_000u128 << at;
            let time = 12_000 + i64::try_from(words).unwrap() / 40 + off * i64::from(at + 1);
            Timed { words, time_ns: u64::try_from(time).unwrap(), close: true }
        };
        (0..6).zip(off).map(point).collect()
    }

    #[test]
    fn points_and_line_are_in_the_picture() {
        let points = fake();
        let line = fit(&points);
        let chart = chart("", &points, line);
        let [(_, measured), (_, line)] = chart.groups.as_slice() else { panic!("{chart:?}") };
        let drawn: Vec<_> = measured[0].runs.iter().flatten().copied().collect();
        let given = |it: &Timed| (i64::try_from(it.words).unwrap(), it.time_ns.cast_signed());
        assert_eq!(drawn, points.iter().map(given).collect::<Vec<_>>());
        assert!(drawn.iter().all(|it| it.0 <= chart.x.to && it.1 <= chart.y.to));
        assert_eq!((line[0].runs[0][0].0, line[0].runs[0][1].0), (0, chart.x.to));
        assert!(line[2].name.starts_with("R² = 0.99"), "{}", line[2].name);
        assert!(chart.x.label.ends_with("(thousands)") && chart.y.label.ends_with("(µs)"));
    }

    #[test]
    fn a_picture_says_device_and_date() {
        let points = fake();
        let about = "flash2, N = 1,024, d = 32, Br = 4 to 128. A GPU (gpu), 2026-01-31";
        let svg = kernel_times(about, &points, fit(&points), Picture::Svg).unwrap();
        let svg = String::from_utf8(svg).unwrap();
        assert!(svg.contains(about), "{svg}");
        let png = kernel_times(about, &points, fit(&points), Picture::Png).unwrap();
        assert!(png.starts_with(b"\x89PNG"));
        if let Some(path) = std::env::var_os("IOBOUND_PICTURE") {
            std::fs::write(path, png).unwrap();
        }
        assert!(kernel_times(about, &[], None, Picture::Svg).is_ok());
    }
}
