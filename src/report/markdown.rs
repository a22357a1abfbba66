//! The written report.

use super::{
    Found, caches,
    numbers::{about, gap, gigabytes, grouped},
    partial,
    plan::{Plan, Subject, columns, memory},
    trials::{self, Ran},
};
use crate::{
    bounds::BOUNDS,
    figure2,
    hardware::{Hardware, Level},
    strategy::ALGORITHMS,
    sweep::{BEST, Point, Vouched, WALK_LIMIT},
};
use std::fmt::Write;

/// `reports/README.md`.
pub(super) fn readme(
    plan: &Plan,
    found: &Found<'_>,
    ran: &[Ran],
    caches: &[caches::Row],
) -> String {
    let mut text = String::from(INTRODUCTION);
    let limit = grouped(WALK_LIMIT);
    let (counted, all) = vouched(found);
    let _ = writeln!(
        text,
        "\n{counted} of the {all} counts here are *counted* (every tile walked at this size, at most \
         {limit} iterations, and equal to the closed form); the others are the closed form alone, \
         which tests hold equal to the count and to the strict referee at smaller sizes."
    );
    text += "\n## Words moved, and the best bound\n";
    let levels: Vec<_> = plan
        .hardware
        .iter()
        .flat_map(|it| it.levels.iter().map(move |level| (*it, level)))
        .collect();
    for shape in &plan.shapes {
        table(&mut text, shape, &levels, found);
    }
    memories(&mut text, &levels);
    text += "\n## Plots\n";
    for shape in &plan.shapes {
        let (name, slug) = (shape.name(), shape.slug());
        let _ = writeln!(text, "\n![I/O against M: {name}](io-{slug}.svg)");
    }
    text += "\n![Gap against M](gap.svg)\n\n![I/O against N](io-against-n.svg)\n";
    text +=
        "\nMasks, shared heads, decoding, backward passes, biases: [variants.md](variants.md).\n";
    figure_2(&mut text);
    text += &trials::section(ran);
    text += &caches::section(&plan.caches, caches);
    text += &partial::section(&plan.partial);
    algorithms_and_bounds(&mut text);
    text += FILES;
    text
}

const INTRODUCTION: &str = "# What attention moves, and what it must move

Made by `iobound report`; do not edit. `iobound report --check` says whether it is up to date.

**What is counted.** Words loaded and stored between a fast memory of M words and the memory below it, by
one attention head: N queries, N keys, rows of d words, no mask, exact softmax with a running
maximum. A layer moves that many words times its heads and sequences; heads that share keys can do better, and
a causal mask needs as little as half. Words are 2 bytes, so M is half the bytes of the memory; 4-byte accumulators
would need more room.

**What M is.** The capacity of one level of one processor, as its vendor prints it. I/O is what crosses to the level
below *that one*, which the table of memories names. It is not in general traffic of the main memory.

**Schedules.** Each algorithm has the tiles that move the fewest words among all that fit M (scratch
included), not those of its paper. \"M ≥ x\": nothing fits, x words would be the least.

**Bounds.** The largest of the lower bounds in words; what each assumes and who vouches for it is listed at the end. *Gap* is best schedule over best bound: the truth lies
between, so 1 would be optimal and anything above leaves room for a better schedule or a better bound.
";

const FILES: &str = "
## Files

`points.jsonl` and `points.csv` hold every number behind the tables and plots with all its digits: one cell a line,
absent numbers `null` or empty. Each plot is there as SVG and as PNG.
";

fn vouched(found: &Found<'_>) -> (usize, usize) {
    let counts = || found.0.values().filter_map(|it| it.vouched);
    (counts().filter(|it| *it == Vouched::Counted).count(), counts().count())
}

fn table(text: &mut String, shape: &Subject, levels: &[(&Hardware, &Level)], found: &Found<'_>) {
    let Subject { n, d, .. } = *shape;
    let _ = writeln!(text, "\n### {}: N = {n}, d = {d}\n", shape.name());
    for model in &shape.models {
        let (heads, layers) = (model.heads, model.layers);
        let note = if model.note.is_empty() { String::new() } else { format!("; {}", model.note) };
        let name = model.name;
        let _ = writeln!(text, "- {name}: {heads} heads a layer, {layers} layers{note}.");
    }
    let names: Vec<_> = ALGORITHMS.iter().map(|it| it.name).collect();
    let _ = writeln!(
        text,
        "\n| memory | M | {} | best | which is | best bound | by | gap |\n|---|---:|{}---:|---|---:|---|---:|",
        names.join(" | "),
        "---:|".repeat(names.len())
    );
    for (hardware, level) in levels {
        let m = memory(level);
        let best = found.at(BEST, n, d, m);
        let cells: Vec<_> = columns().map(|it| words(found.at(it, n, d, m))).collect();
        let (bound, by) = match &best.bound {
            Some(it) => (about(&it.value), it.id.as_str()),
            None => (String::new(), ""),
        };
        let _ = writeln!(
            text,
            "| {} {} | {} | {} | {} | {bound} | {by} | {} |",
            hardware.name,
            level.name,
            grouped(m.0),
            cells.join(" | "),
            best.schedule.as_deref().unwrap_or_default(),
            best.gap.map(gap).unwrap_or_default(),
        );
    }
}

fn words(point: &Point) -> String {
    match (point.io, point.least_m) {
        (Some(io), _) => about(&io.into()),
        (None, Some(least)) => format!("M ≥ {}", about(&least.into())),
        (None, None) => "-".to_owned(),
    }
}

fn memories(text: &mut String, levels: &[(&Hardware, &Level)]) {
    *text += "\n### Memories\n\n| memory | KiB | shared by | what is counted | source |\n\
              |---|---:|---|---|---|\n";
    for (hardware, Level { name, bytes, shared_by, traffic, source }) in levels {
        let kib = grouped(bytes / 1024);
        let hardware = hardware.name;
        let _ =
            writeln!(text, "| {hardware} {name} | {kib} | {shared_by} | {traffic} | {source} |");
    }
}

fn figure_2(text: &mut String) {
    let figure2::Setting { n, d, heads, batch, fast, .. } = figure2::SETTING;
    let _ = writeln!(
        text,
        "\n## Figure 2 of the FlashAttention paper\n\n\
         Dao et al. 2022, Figure 2: GPT-2 medium, N = {n}, d = {d}, {heads} heads, batch {batch}, 2-byte words, \
         on an A100; GB (10⁹ bytes) read and written. Ours are words of the paper's algorithms with its tiles for \
         M = {} words; the range is without and with the writes that only initialise an output.\n\n\
         | what | paper, GB | ours, GB | |\n|---|---:|---:|---|",
        grouped(fast)
    );
    for figure2::Row { what, paper, ours, note } in figure2::rows() {
        let paper = paper.map_or_else(
            || "drawn".to_owned(),
            |it| gigabytes(it).trim_end_matches('0').to_owned(),
        );
        let (low, high) = (gigabytes(ours.low), gigabytes(ours.high));
        let ours = if low == high { low } else { format!("{low} to {high}") };
        let _ = writeln!(text, "| {what} | {paper} | {ours} | {note} |");
    }
    *text += FIGURE_2_HONESTLY;
}

const FIGURE_2_HONESTLY: &str = "
FlashAttention's number reproduces. Standard attention's does not: the algorithms as printed give five eighths of it,
and we can only guess which further passes over the N² scores were measured. The figure's GFLOPs are not compared:
they count operations, not words.
";

fn algorithms_and_bounds(text: &mut String) {
    *text += "\n## Algorithms\n\n| name | what it does | source |\n|---|---|---|\n";
    for it in ALGORITHMS {
        let _ = writeln!(text, "| {} | {} | {} |", it.name, it.about, it.source);
    }
    *text += "\n## Bounds\n\n| id | in | formula and assumptions | source | standing |\n\
              |---|---|---|---|---|\n";
    for it in BOUNDS {
        let (unit, assumes, source) = (it.unit, it.assumes, it.source);
        let _ = writeln!(text, "| {} | {unit} | {assumes} | {source} | {} |", it.id, it.standing);
    }
}
