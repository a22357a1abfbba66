//! The picture of miss curves.

use super::{
    chart::{Axis, Chart, Curve},
    draw::{self, DrawError},
    numbers::log2,
    palette,
};
use crate::cache::{Policy, Row};
use num_bigint::BigUint;

/// What a picture is drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Lines and letters.
    Svg,
    /// Pixels.
    Png,
}

/// Words that move against the size of the cache, a curve a policy, as the bytes of a file.
///
/// # Errors
///
/// [`DrawError`].
pub fn miss_curve(title: &str, rows: &[Row], picture: Picture) -> Result<Vec<u8>, DrawError> {
    let chart = chart(title, rows);
    match picture {
        Picture::Svg => draw::svg(&chart).map(String::into_bytes),
        Picture::Png => draw::png(&chart),
    }
}

fn chart(title: &str, rows: &[Row]) -> Chart {
    let moved = |it: &Row| BigUint::from(it.counts.io().max(1));
    let sizes = || rows.iter().map(|it| it.size as u64);
    let (first, last) = (sizes().min().unwrap_or(1), sizes().max().unwrap_or(2));
    let least = rows.iter().map(moved).min().unwrap_or_else(|| 1u32.into());
    let most = rows.iter().map(moved).max().unwrap_or_else(|| 2u32.into());
    let curves = Policy::ALL.iter().enumerate().filter_map(|(index, policy)| {
        let own = rows.iter().filter(|it| it.policy == *policy);
        let places = own.map(|it| Some((log2(&(it.size as u64).into()), log2(&moved(it)))));
        let curve = Curve::new(policy.name(), palette::schedule(index + 1), places);
        (!curve.runs.is_empty()).then_some(curve)
    });
    Chart {
        title: "What a cache makes of it".to_owned(),
        subtitle: title.to_owned(),
        x: Axis::binary("Words of the cache, fully associative", first, last.max(first + 1)),
        y: Axis::decimal("Words loaded, written back and flushed", &least, &most),
        impossible: vec![],
        areas: vec![],
        groups: vec![("Policies", curves.collect())],
        marks: vec![],
    }
}
