//! Lines cut at the frame and into dashes, by integers.

use super::{BOTTOM, Pixel, TOP};

/// The pieces of a line that lie between the top and the bottom of the frame.
pub(super) fn inside(line: &[Pixel]) -> Vec<Vec<Pixel>> {
    let mut pieces = vec![vec![]];
    for pair in line.windows(2) {
        let clipped = clip(pair[0], pair[1]);
        let piece: &mut Vec<Pixel> = pieces.last_mut().expect("never empty");
        match clipped {
            Some((from, to)) if piece.last() == Some(&from) => piece.push(to),
            Some((from, to)) => pieces.push(vec![from, to]),
            None => {}
        }
    }
    pieces.retain(|it| !it.is_empty());
    pieces
}

fn clip(from: Pixel, to: Pixel) -> Option<(Pixel, Pixel)> {
    let above = from.1.max(to.1) < TOP;
    if above || from.1.min(to.1) > BOTTOM {
        return None;
    }
    let bring = |it: Pixel| {
        let y = it.1.clamp(TOP, BOTTOM);
        if y == it.1 { it } else { (from.0 + part(to.0 - from.0, y - from.1, to.1 - from.1), y) }
    };
    Some((bring(from), bring(to)))
}

/// `length` · `numerator` / `denominator`, rounded; both of one sign.
fn part(length: i32, numerator: i32, denominator: i32) -> i32 {
    let (length, numerator, denominator) =
        (i64::from(length), i64::from(numerator).abs(), i64::from(denominator).abs().max(1));
    let rounded = (2 * length * numerator + denominator).div_euclid(2 * denominator);
    i32::try_from(rounded).expect("a part of a length is no longer")
}

/// A line cut into dashes: `dashes` are lengths on, off, on, …
pub(super) fn cut(line: &[Pixel], dashes: &[i32]) -> Vec<Vec<Pixel>> {
    let mut pieces = vec![];
    let mut piece: Vec<Pixel> = line.first().copied().into_iter().collect();
    let (mut dash, mut left) = (0, dashes[0]);
    for pair in line.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (i64::from(dx) * i64::from(dx) + i64::from(dy) * i64::from(dy)).isqrt();
        let length = i32::try_from(length).expect("shorter than both coordinates together");
        let mut at = 0;
        while at + left < length {
            at += left;
            let place = (from.0 + part(dx, at, length), from.1 + part(dy, at, length));
            piece.push(place);
            if dash % 2 == 0 {
                pieces.push(std::mem::take(&mut piece));
            }
            piece = vec![place];
            dash = (dash + 1) % dashes.len();
            left = dashes[dash];
        }
        left -= length - at;
        piece.push(to);
    }
    if dash % 2 == 0 && piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipped_at_the_frame() {
        let line = [(0, TOP - 100), (100, TOP + 100), (200, TOP + 100), (300, BOTTOM + 1)];
        let pieces = inside(&line);
        assert_eq!(pieces.len(), 1);
        assert_eq!(pieces[0][0], (50, TOP));
        assert_eq!(pieces[0].last().map(|it| it.1), Some(BOTTOM));
        assert_eq!(inside(&[(0, 0), (9, 0)]), Vec::<Vec<Pixel>>::new());
    }

    #[test]
    fn dashes_go_on_around_corners() {
        let pieces = cut(&[(0, 0), (5, 0), (5, 7)], &[4, 2]);
        let expected = [vec![(0, 0), (4, 0)], vec![(5, 1), (5, 5)]];
        assert_eq!(pieces, expected);
    }
}
