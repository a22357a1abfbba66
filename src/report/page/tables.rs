//! Every table of the page, from what the report found.

use super::table::{Curve, Row, Table, text};
use crate::{
    model::Words,
    report::{
        Found,
        caches::{self, Loops},
        palette,
        plan::{BYTES_PER_WORD, Plan, Subject, columns, memory},
        trials::Ran,
        variants::Answered,
    },
    strategy::ALGORITHMS,
    sweep::{BEST, Point, Vouched, tiles},
};
use std::collections::BTreeMap;

/// One head of a model at every M: those of the curves, and the processors' memories.
pub(super) fn model(plan: &Plan, shape: &Subject, found: &Found<'_>) -> Table {
    let memories = plan.memories(shape);
    let to = memories.iter().map(|it| it.0).max();
    let mut names: BTreeMap<Words, Vec<String>> =
        memories.into_iter().map(|it| (it, vec![])).collect();
    for hardware in &plan.hardware {
        for level in hardware.levels {
            let name = format!("{} {}", hardware.name, level.name);
            names.entry(memory(level)).or_default().push(name);
        }
    }
    let places: Vec<_> = names
        .into_iter()
        .map(|(m, names)| (vec![m.0.to_string(), names.join(", ")], shape.n, m))
        .collect();
    let fixed = vec![("N", shape.n.to_string()), ("d", shape.d.to_string())];
    Table { to, ..algorithms(fixed, &["M", "memory"], places, shape.d, found) }
}

/// One head of each length, at one M.
pub(super) fn lengths(plan: &Plan, found: &Found<'_>) -> Table {
    let (hardware, level) = plan.lengths_level();
    let (m, d) = (memory(level), Plan::LENGTHS_D);
    let name = format!("{} {}", hardware.name, level.name);
    let fixed = vec![("d", d.to_string()), ("M", m.0.to_string()), ("memory", name)];
    let places = plan.lengths.iter().map(|n| (vec![n.to_string()], *n, m)).collect();
    algorithms(fixed, &["N"], places, d, found)
}

/// Every algorithm at places of one d: the first columns of each, its N and its M.
fn algorithms(
    fixed: Vec<(&'static str, String)>,
    columns_of_place: &[&'static str],
    places: Vec<(Vec<String>, u64, Words)>,
    d: u64,
    found: &Found<'_>,
) -> Table {
    let curves = columns().enumerate().map(|(index, name)| {
        let style = if name == BEST { palette::BEST } else { palette::schedule(index) };
        let row = |(at, (_, n, m)): (usize, &(_, u64, Words))| point(at, found.at(name, *n, d, *m));
        let rows = places.iter().enumerate().map(row).collect();
        Curve { name: name.to_owned(), look: style.into(), rows }
    });
    // The band of the best lies under the others.
    let mut curves: Vec<_> = curves.collect();
    curves.rotate_right(1);
    let place = [columns_of_place, &["bound", "bound by"]].concat();
    let places = places.iter().map(|(values, n, m)| {
        let bound = found.at(BEST, *n, d, *m).bound.as_ref();
        let bound = [text(bound.map(|it| &it.value)), text(bound.map(|it| &it.id))];
        values.iter().cloned().chain(bound).collect()
    });
    let own = vec!["tiles", "words", "bytes", "gap", "made by", "is", "needs M"];
    Table { key: "algorithm", fixed, place, places: places.collect(), own, curves, to: None }
}

fn point(place: usize, it: &Point) -> Row {
    let is = it.schedule.as_deref().filter(|_| it.algorithm == BEST);
    let values = vec![
        tiles(&it.tiles),
        text(it.io),
        text(it.io.map(|it| it * u128::from(BYTES_PER_WORD.get()))),
        text(it.gap),
        text(it.vouched.map(Vouched::word)),
        text(is),
        text(it.least_m),
    ];
    Row::new(place, values)
}

/// Prediction and run: a place each run.
pub(super) fn trials(all: &[Ran]) -> Table {
    let mut places = vec![];
    let mut curves: Vec<_> = ALGORITHMS
        .iter()
        .enumerate()
        .map(|(index, it)| {
            let look = palette::schedule(index).into();
            Curve { name: it.name.to_owned(), look, rows: vec![] }
        })
        .collect();
    for ran in all {
        let Ran { schedule, cell, trial } = ran;
        let (Ok(trial), Some(index)) = (trial, ALGORITHMS.iter().position(|it| ran.is(it))) else {
            continue;
        };
        let (predicted, counted) = trial.io();
        let outputs = match trial.difference {
            Some(it) if it.met() => "within rounding",
            Some(_) => "off",
            None => "not judged",
        };
        let values = vec![
            schedule.name.clone(),
            cell.n.to_string(),
            cell.d.to_string(),
            cell.tiling.to_string(),
            predicted.to_string(),
            counted.to_string(),
            if trial.equal() { "yes" } else { "no" }.to_owned(),
            outputs.to_owned(),
        ];
        curves[index].rows.push(Row::new(places.len(), vec![]));
        places.push(values);
    }
    curves.retain(|it| !it.rows.is_empty());
    let place = vec!["schedule", "N", "d", "tiles", "predicted", "counted", "equal", "outputs"];
    Table { key: "algorithm", fixed: vec![], place, places, own: vec![], curves, to: None }
}

/// The schedule, and caches on its loops.
pub(super) fn caches(loops: &Loops, rows: &[caches::Row]) -> Table {
    let place =
        |it: &caches::Row| vec![it.fast.to_string(), it.tiles.clone(), it.bound.to_string()];
    type Words = fn(&caches::Row) -> u64;
    let words: [(&str, _, Words); 3] = [
        ("schedule", palette::BEST, |it| it.explicit),
        ("LRU", palette::schedule(1), |it| it.lru),
        ("MIN", palette::schedule(2), |it| it.min),
    ];
    let curves = words.map(|(name, style, of)| {
        let row = |(at, it): (usize, &caches::Row)| Row::new(at, vec![of(it).to_string()]);
        let rows = rows.iter().enumerate().map(row).collect();
        Curve { name: name.to_owned(), look: style.into(), rows }
    });
    let Loops { algorithm, n, d, .. } = loops;
    let fixed = [("algorithm", algorithm.to_string()), ("N", n.to_string()), ("d", d.to_string())];
    Table {
        key: "who places",
        fixed: fixed.to_vec(),
        place: vec!["M", "tiles", "bound"],
        places: rows.iter().map(place).collect(),
        own: vec!["words"],
        curves: curves.into(),
        to: None,
    }
}

/// A question about the family; its x axis is the column `x`.
pub(super) fn answered(it: &Answered, x: &'static str) -> Table {
    let curves = it.styled().map(|(curve, style)| {
        let row = |(at, words): (usize, &Option<u128>)| Row::new(at, vec![text(*words)]);
        let rows = curve.found.iter().enumerate().map(row).collect();
        Curve { name: curve.label.clone(), look: style.into(), rows }
    });
    Table {
        key: "schedule",
        fixed: vec![],
        place: vec![x],
        places: it.series.xs.iter().map(|it| vec![it.to_string()]).collect(),
        own: vec!["words"],
        curves: curves.collect(),
        to: None,
    }
}
