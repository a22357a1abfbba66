//! Draws a chart: one function for SVG and PNG.

mod path;

use super::chart::{At, Axis, Chart, Curve, Mark};
use super::palette::{Marker, Rgb, Style};
use path::{cut, inside};
use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};
use std::sync::LazyLock;

const SIZE: (u32, u32) = (1240, 760);
const LEFT: i32 = 105;
const RIGHT: i32 = 880;
const TOP: i32 = 100;
const BOTTOM: i32 = 690;
const LEGEND: i32 = RIGHT + 25;

/// A picture could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("cannot draw {title:?}: {reason}")]
pub struct DrawError {
    title: String,
    reason: String,
}

/// The font that ships, so that a bare machine can draw. SVG viewers use their own sans-serif.
static FONT: LazyLock<bool> = LazyLock::new(|| {
    let bytes = include_bytes!("../../assets/fonts/DejaVuSans.ttf");
    plotters::style::register_font("sans-serif", FontStyle::Normal, bytes).is_ok()
});

/// The chart as SVG.
pub(super) fn svg(chart: &Chart) -> Result<String, DrawError> {
    let mut text = String::new();
    draw(chart, SVGBackend::with_string(&mut text, SIZE))?;
    Ok(text)
}

/// The chart as PNG.
pub(super) fn png(chart: &Chart) -> Result<Vec<u8>, DrawError> {
    let mut pixels = vec![255; SIZE.0 as usize * SIZE.1 as usize * 3];
    draw(chart, BitMapBackend::with_buffer(&mut pixels, SIZE))?;
    let mut bytes = vec![];
    let mut encoder = png::Encoder::new(&mut bytes, SIZE.0, SIZE.1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Best);
    encoder.set_filter(png::FilterType::NoFilter); // smallest for flat colours
    let written = encoder.write_header().and_then(|mut it| it.write_image_data(&pixels));
    written.map_err(|it| error(chart, it))?;
    Ok(bytes)
}

fn error(chart: &Chart, reason: impl ToString) -> DrawError {
    DrawError { title: chart.title.clone(), reason: reason.to_string() }
}

fn draw<B: DrawingBackend>(chart: &Chart, backend: B) -> Result<(), DrawError> {
    if !*FONT {
        return Err(error(chart, "the font that ships is damaged"));
    }
    let canvas = Canvas { area: backend.into_drawing_area(), chart };
    canvas.draw().map_err(|it| error(chart, it))
}

struct Canvas<'a, B: DrawingBackend> {
    area: DrawingArea<B, Shift>,
    chart: &'a Chart,
}

type Drawn<B> = Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;
type Pixel = (i32, i32);

const SMALL: f64 = 15.5;
const PLAIN: f64 = 17.36;
const LARGE: f64 = 24.8;
const INK: Rgb = (20, 20, 20);
const QUIET: Rgb = (110, 110, 110);
const GRID: Rgb = (226, 226, 226);
const SHADE: Rgb = (240, 240, 240);

impl<B: DrawingBackend> Canvas<'_, B> {
    fn draw(&self) -> Drawn<B> {
        self.area.fill(&WHITE)?;
        self.below(&self.chart.impossible, SHADE)?;
        for it in self.chart.areas.iter().rev() {
            self.below(&it.top, it.color)?;
            self.line(&it.top.iter().map(|it| self.pixel(*it)).collect::<Vec<_>>(), INK, 1)?;
        }
        self.grid()?;
        let Chart { marks, groups, .. } = self.chart;
        for mark in marks {
            self.mark(mark)?;
        }
        for (_, curves) in groups.iter().rev() {
            for (index, curve) in curves.iter().enumerate() {
                self.curve(curve, index)?;
            }
        }
        self.frame()?;
        self.legend()?;
        self.area.present()
    }

    fn x(&self, at: i64) -> i32 {
        scale(at, &self.chart.x, LEFT, RIGHT)
    }

    fn y(&self, at: i64) -> i32 {
        scale(at, &self.chart.y, BOTTOM, TOP)
    }

    fn pixel(&self, at: At) -> Pixel {
        (self.x(at.0), self.y(at.1))
    }

    /// What lies below a line.
    fn below(&self, line: &[At], ink: Rgb) -> Drawn<B> {
        let line: Vec<Pixel> = line.iter().map(|it| self.pixel(*it)).collect();
        let (Some(first), Some(last)) = (line.first(), line.last()) else { return Ok(()) };
        let ends = [(last.0, BOTTOM), (first.0, BOTTOM)];
        let outline: Vec<Pixel> =
            line.iter().map(|it| (it.0, it.1.clamp(TOP, BOTTOM))).chain(ends).collect();
        self.area.draw(&Polygon::new(outline, color(ink).filled()))
    }

    fn grid(&self) -> Drawn<B> {
        for (at, label) in &self.chart.x.ticks {
            let x = self.x(*at);
            self.line(&[(x, TOP), (x, BOTTOM)], GRID, 1)?;
            self.text(label, (x, BOTTOM + 8), SMALL, INK, HPos::Center, VPos::Top)?;
        }
        for (at, label) in &self.chart.y.ticks {
            let y = self.y(*at);
            self.line(&[(LEFT, y), (RIGHT, y)], GRID, 1)?;
            self.text(label, (LEFT - 8, y), SMALL, INK, HPos::Right, VPos::Center)?;
        }
        Ok(())
    }

    fn mark(&self, mark: &Mark) -> Drawn<B> {
        let x = self.x(mark.at);
        if mark.light {
            self.line(&[(x, TOP), (x, BOTTOM)], (190, 205, 220), 1)?;
            let place = (x + 14, TOP + 6);
            let font = ("sans-serif", 13.64).into_font().transform(FontTransform::Rotate90);
            return self.write(&mark.label, place, font, (90, 110, 130), HPos::Left, VPos::Top);
        }
        self.dashed(&[(x, TOP), (x, BOTTOM)], &[3, 4], INK, 1)?;
        self.text(&mark.label, (x, TOP - 5), SMALL, INK, HPos::Center, VPos::Bottom)
    }

    fn curve(&self, curve: &Curve, index: usize) -> Drawn<B> {
        let Style { color, width, dashes, marker, filled } = curve.style;
        for run in &curve.runs {
            let pixels: Vec<Pixel> = run.iter().map(|it| self.pixel(*it)).collect();
            for piece in inside(&pixels) {
                self.dashed(&piece, dashes, color, width)?;
            }
        }
        // Spread out, so that curves that coincide show all their markers.
        let places: Vec<Pixel> = curve.runs.iter().flatten().map(|it| self.pixel(*it)).collect();
        // Points without a line are all there is: every one is shown.
        let lone = curve.runs.iter().all(|it| it.len() == 1);
        let every = if lone { 1 } else { (places.len() / 9).max(1) };
        let shown = places.iter().skip(index % every.max(1)).step_by(every);
        for place in shown.filter(|it| (TOP..=BOTTOM).contains(&it.1)) {
            self.marker(*place, marker, color, filled)?;
        }
        Ok(())
    }

    fn frame(&self) -> Drawn<B> {
        let Chart { title, subtitle, x, y, .. } = self.chart;
        let corners = [(LEFT, TOP), (RIGHT, TOP), (RIGHT, BOTTOM), (LEFT, BOTTOM), (LEFT, TOP)];
        self.line(&corners, INK, 1)?;
        self.text(title, (LEFT, 14), LARGE, INK, HPos::Left, VPos::Top)?;
        self.text(subtitle, (LEFT, 48), SMALL, QUIET, HPos::Left, VPos::Top)?;
        let middle = ((LEFT + RIGHT) / 2, BOTTOM + 34);
        self.text(&x.label, middle, PLAIN, INK, HPos::Center, VPos::Top)?;
        let font = ("sans-serif", PLAIN).into_font().transform(FontTransform::Rotate270);
        self.write(&y.label, (14, (TOP + BOTTOM) / 2), font, INK, HPos::Center, VPos::Top)
    }

    fn legend(&self) -> Drawn<B> {
        let mut y = TOP + 8;
        for (heading, curves) in &self.chart.groups {
            self.text(heading, (LEGEND, y), SMALL, QUIET, HPos::Left, VPos::Center)?;
            y += 24;
            for Curve { name, style, .. } in curves {
                let Style { color, width, dashes, marker, filled } = *style;
                self.dashed(&[(LEGEND, y), (LEGEND + 44, y)], dashes, color, width)?;
                self.marker((LEGEND + 22, y), marker, color, filled)?;
                self.text(name, (LEGEND + 54, y), SMALL, INK, HPos::Left, VPos::Center)?;
                y += 23;
            }
            y += 10;
        }
        // As they stand: the lowest last.
        for it in self.chart.areas.iter().rev() {
            self.filled(it.color, &it.name, y)?;
            y += 23;
        }
        if self.chart.impossible.is_empty() {
            return Ok(());
        }
        self.filled(SHADE, "below a bound: no schedule it holds for", y)
    }

    /// An entry of the legend.
    fn filled(&self, ink: Rgb, says: &str, y: i32) -> Drawn<B> {
        let corners = [(LEGEND, y - 8), (LEGEND + 44, y + 8)];
        self.area.draw(&Rectangle::new(corners, color(ink).filled()))?;
        self.text(says, (LEGEND + 54, y), SMALL, INK, HPos::Left, VPos::Center)
    }

    fn text(&self, text: &str, at: Pixel, size: f64, ink: Rgb, h: HPos, v: VPos) -> Drawn<B> {
        self.write(text, at, ("sans-serif", size).into_font(), ink, h, v)
    }

    fn write(
        &self,
        text: &str,
        at: Pixel,
        font: FontDesc<'_>,
        ink: Rgb,
        h: HPos,
        v: VPos,
    ) -> Drawn<B> {
        if text.is_empty() {
            return Ok(());
        }
        let ink = color(ink);
        let style = TextStyle::from(font).color(&ink).pos(Pos::new(h, v));
        self.area.draw(&Text::new(text.to_owned(), at, style))
    }

    fn line(&self, pixels: &[Pixel], ink: Rgb, width: u32) -> Drawn<B> {
        self.area.draw(&PathElement::new(pixels.to_vec(), color(ink).stroke_width(width)))
    }

    fn dashed(&self, pixels: &[Pixel], dashes: &[i32], ink: Rgb, width: u32) -> Drawn<B> {
        if dashes.is_empty() {
            return self.line(pixels, ink, width);
        }
        cut(pixels, dashes).iter().try_for_each(|it| self.line(it, ink, width))
    }

    fn marker(&self, (x, y): Pixel, marker: Marker, ink: Rgb, filled: bool) -> Drawn<B> {
        let outline: &[Pixel] = match marker {
            Marker::None => return Ok(()),
            Marker::Cross => {
                self.line(&[(x - 4, y - 4), (x + 4, y + 4)], ink, 2)?;
                return self.line(&[(x - 4, y + 4), (x + 4, y - 4)], ink, 2);
            }
            Marker::Plus => {
                self.line(&[(x - 6, y), (x + 6, y)], ink, 2)?;
                return self.line(&[(x, y - 6), (x, y + 6)], ink, 2);
            }
            Marker::Circle => {
                &[(-2, -5), (2, -5), (5, -2), (5, 2), (2, 5), (-2, 5), (-5, 2), (-5, -2)]
            }
            Marker::Square => &[(-4, -4), (4, -4), (4, 4), (-4, 4)],
            Marker::Triangle => &[(0, -6), (6, 4), (-6, 4)],
            Marker::Diamond => &[(0, -6), (6, 0), (0, 6), (-6, 0)],
        };
        let mut outline: Vec<Pixel> = outline.iter().map(|it| (x + it.0, y + it.1)).collect();
        let inside = if filled { color(ink) } else { WHITE };
        self.area.draw(&Polygon::new(outline.clone(), inside.filled()))?;
        outline.push(outline[0]);
        self.line(&outline, ink, 2)
    }
}

fn color((red, green, blue): Rgb) -> RGBColor {
    RGBColor(red, green, blue)
}

/// `at` on `axis` as a pixel between `from` and `to`; far outside, a pixel far outside.
fn scale(at: i64, axis: &Axis, from: i32, to: i32) -> i32 {
    let range = axis.to - axis.from;
    let at = (at - axis.from).clamp(-4 * range, 4 * range);
    let offset = i64::from(to - from) * at;
    let pixel = i64::from(from) + (2 * offset + range).div_euclid(2 * range);
    i32::try_from(pixel).expect("it was clamped to a few pictures' width")
}
