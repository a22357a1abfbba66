//! The picture of fast memory over time.

use super::{
    chart::{Area, At, Axis, Chart, Curve},
    draw::{self, DrawError},
    misses::Picture,
    palette::{self, BEST_BOUND, SHAPE_ONLY},
};
use crate::{model::Words, reading::Timeline};

/// Words in fast memory against moves, by array, with M as a line; the bytes of a file.
///
/// # Errors
///
/// [`DrawError`].
pub fn held_over_time(
    title: &str,
    timeline: &Timeline,
    fast: Words,
    picture: Picture,
) -> Result<Vec<u8>, DrawError> {
    let chart = chart(title, timeline, fast);
    match picture {
        Picture::Svg => draw::svg(&chart).map(String::into_bytes),
        Picture::Png => draw::png(&chart),
    }
}

/// Coordinates stay below this, so that a picture's integers hold their products.
const MOST: u64 = 1 << 50;

fn place(it: u64) -> i64 {
    it.min(MOST).cast_signed()
}

fn chart(title: &str, timeline: &Timeline, fast: Words) -> Chart {
    let Timeline { arrays, moves, each, columns } = timeline;
    let peak = columns.iter().map(|it| it.held).max().unwrap_or(0);
    let x = Axis::linear("Time", MOVES, place(*moves));
    let y = Axis::linear("In fast memory", WORDS, place(fast.0.max(peak)));
    let end = |column: usize| place((each * (column as u64 + 1)).min(*moves));
    let line = |below: &dyn Fn(usize) -> u64| {
        let mut line: Vec<At> = vec![];
        for column in 0..columns.len() {
            let (height, start) = (place(below(column)), place(each * column as u64));
            if line.last().is_none_or(|it| it.1 != height) {
                line.push((start, height));
            } else {
                line.pop();
            }
            line.push((end(column), height));
        }
        line
    };
    let mut areas = vec![];
    for (array, name) in arrays.iter().enumerate() {
        let most = columns.iter().map(|it| it.by_array[array]).max().unwrap_or(0);
        if most == 0 {
            continue;
        }
        let below = |column: usize| columns[column].by_array[..=array].iter().sum();
        let color = palette::area(areas.len());
        areas.push(Area { name: format!("{name}, at most {most}"), color, top: line(&below) });
    }
    let level = |it: u64| [0, x.to].into_iter().map(move |at| Some((at, place(it))));
    let curves = vec![
        Curve::new(format!("M = {}", fast.0), BEST_BOUND, level(fast.0)),
        Curve::new(format!("most at a time, {peak}"), SHAPE_ONLY, level(peak)),
    ];
    let each = match each {
        1 => "after every move".to_owned(),
        it => format!("the fullest of every {it} moves"),
    };
    Chart {
        title: "Words in fast memory over time".to_owned(),
        subtitle: format!("{title}; {each}"),
        x,
        y,
        impossible: vec![],
        areas,
        groups: vec![("Fast memory", curves)],
        marks: vec![],
    }
}

const MOVES: &[(i64, &str)] = &[
    (1, "moves"),
    (1000, "thousands of moves"),
    (1_000_000, "millions of moves"),
    (1_000_000_000, "billions of moves"),
];
const WORDS: &[(i64, &str)] =
    &[(1, "words"), (1_000_000, "millions of words"), (1_000_000_000, "billions of words")];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::timeline::Column;

    /// Two moves a column, the last of one: areas stand on each other and are steps.
    #[test]
    fn areas_are_stacked_steps() {
        let column = |a, b| Column { held: a + b, by_array: vec![a, b, 0] };
        let timeline = Timeline {
            arrays: ["q", "k", "in flight"].map(str::to_owned).to_vec(),
            moves: 5,
            each: 2,
            columns: vec![column(1, 0), column(1, 2), column(1, 2)],
        };
        let chart = chart("", &timeline, Words(8));
        let tops: Vec<&[At]> = chart.areas.iter().map(|it| it.top.as_slice()).collect();
        assert_eq!(tops, [&[(0, 1), (5, 1)][..], &[(0, 1), (2, 1), (2, 3), (5, 3)]]);
        assert_eq!(chart.areas[1].name, "k, at most 2");
    }
}
