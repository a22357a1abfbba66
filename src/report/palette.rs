//! How curves look. Colour is never alone: each has its own marker or its own dashes, and neighbours
//! differ in luminance, so that a grey print can be read.

/// Red, green, blue.
pub(super) type Rgb = (u8, u8, u8);

/// What sits on a curve's points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    None,
    Circle,
    Square,
    Triangle,
    Diamond,
    Cross,
    Plus,
}

/// The look of a curve.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) color: Rgb,
    pub(super) width: u32,
    /// Pixels on, pixels off, and so on; empty: solid.
    pub(super) dashes: &'static [i32],
    pub(super) marker: Marker,
    pub(super) filled: bool,
}

const SCHEDULES: &[(Rgb, Marker, bool)] = &[
    ((110, 110, 110), Marker::Square, false),
    ((213, 94, 0), Marker::Triangle, true),
    ((0, 90, 180), Marker::Circle, true),
    ((70, 165, 225), Marker::Diamond, false),
    ((0, 135, 95), Marker::Plus, true),
    ((205, 110, 165), Marker::Cross, true),
    ((225, 150, 0), Marker::Square, true),
    ((120, 60, 160), Marker::Triangle, false),
    ((120, 20, 30), Marker::Diamond, true),
    ((30, 60, 60), Marker::Circle, false),
];

const BOUNDS: &[(Rgb, &[i32])] = &[
    ((90, 90, 90), &[2, 5]),
    ((150, 60, 0), &[12, 4]),
    ((0, 110, 90), &[12, 4, 2, 4]),
    ((20, 20, 130), &[6, 3]),
    ((190, 80, 130), &[4, 4]),
    ((150, 110, 0), &[8, 3, 2, 3, 2, 3]),
    ((0, 130, 170), &[16, 5]),
    ((160, 0, 0), &[3, 3]),
    ((60, 110, 30), &[2, 3]),
    ((110, 70, 170), &[10, 6]),
    ((120, 120, 60), &[5, 2, 2, 2]),
    ((90, 40, 60), &[14, 3, 4, 3]),
];

const SHAPES: &[(Rgb, Marker, &[i32])] = &[
    ((0, 0, 0), Marker::Circle, &[]),
    ((0, 90, 180), Marker::Square, &[]),
    ((213, 94, 0), Marker::Triangle, &[]),
    ((0, 135, 95), Marker::Diamond, &[]),
    ((200, 110, 165), Marker::Cross, &[]),
    ((120, 60, 160), Marker::Plus, &[]),
];

/// The schedule that is `index`-th in its list.
pub(super) fn schedule(index: usize) -> Style {
    let (color, marker, filled) = SCHEDULES[index % SCHEDULES.len()];
    Style { color, width: 2, dashes: &[], marker, filled }
}

const AREAS: &[Rgb] = &[
    (120, 170, 220),
    (245, 190, 120),
    (130, 195, 150),
    (200, 150, 200),
    (240, 225, 130),
    (170, 120, 90),
    (90, 120, 160),
    (225, 140, 140),
    (150, 210, 215),
    (160, 160, 90),
    (190, 190, 190),
    (110, 150, 110),
];

/// The area that is `index`-th from below.
pub(super) fn area(index: usize) -> Rgb {
    AREAS[index % AREAS.len()]
}

/// The best schedule: a broad band under the others.
pub(super) const BEST: Style =
    Style { color: (255, 214, 90), width: 11, dashes: &[], marker: Marker::None, filled: true };

/// The bound that is `index`-th in its list.
pub(super) fn bound(index: usize) -> Style {
    let (color, dashes) = BOUNDS[index % BOUNDS.len()];
    Style { color, width: 2, dashes, marker: Marker::None, filled: true }
}

/// The largest of the bounds.
pub(super) const BEST_BOUND: Style =
    Style { color: (0, 0, 0), width: 3, dashes: &[], marker: Marker::None, filled: true };

/// A curve that is only a shape.
pub(super) const SHAPE_ONLY: Style =
    Style { color: (0, 0, 0), width: 1, dashes: &[7, 7], marker: Marker::None, filled: true };

/// No line: a legend's entry that is only words.
pub(super) const UNSEEN: Style =
    Style { color: (255, 255, 255), width: 1, dashes: &[], marker: Marker::None, filled: true };

/// One of several shapes.
pub(super) fn shape(index: usize) -> Style {
    let (color, marker, dashes) = SHAPES[index % SHAPES.len()];
    Style { color, width: 2, dashes, marker, filled: index.is_multiple_of(2) }
}
