//! The report as one page, `index.html`: answered from the top down, plots that answer by hover, touch
//! and keyboard, tables and CSV of what is drawn. It needs nothing but itself: no network, no other file.
//!
//! The page holds [`table`]s as JSON; the scripts draw them and count nothing.

mod table;
mod tables;

use super::{
    Found, caches,
    document::{self, document},
    numbers::grouped,
    plan::{Plan, Subject, columns},
    trials::Ran,
    variants::Answered,
};
use crate::{
    bounds::{BOUNDS, Unit},
    strategy::ALGORITHMS,
    sweep::BEST,
};
use maud::{Markup, PreEscaped, html};
use serde::Serialize;
use std::collections::BTreeMap;
use table::{Axis, Plot, Table};

/// What the page starts with: the A100's own memory, and the schedule most people run.
const ALGORITHM: &str = "flash2";
const MODEL: &str = "llama-3-8b";

/// All that the scripts read.
#[derive(Serialize)]
struct Data {
    tables: BTreeMap<String, Table>,
    plots: Vec<Plot>,
    /// M that is chosen first.
    memory: String,
}

/// In the order in which they build on each other.
const SCRIPTS: [&str; 5] = [
    include_str!("texts.js"),
    include_str!("rows.js"),
    include_str!("draw.js"),
    include_str!("plot.js"),
    include_str!("page.js"),
];

const WORDS: &str = "words loaded + stored";
const MEMORY: &str = "M: words of fast memory";

/// `index.html`.
pub(super) fn html(
    plan: &Plan,
    found: &Found<'_>,
    ran: &[Ran],
    caches: &[caches::Row],
    answered: &[Answered],
) -> String {
    let body = html! {
        (introduction(plan))
        main {
            (distance())
            (tiles())
            (memory())
            (agreement(found, ran))
            (caches_section())
            (family(answered))
            (names())
        }
        (end())
        (document::data(&data(plan, found, ran, caches, answered)))
        @for it in SCRIPTS { script { (PreEscaped(it)) } }
    };
    document("What attention moves, and what it must move", include_str!("page.css"), &body)
}

fn data(
    plan: &Plan,
    found: &Found<'_>,
    ran: &[Ran],
    caches: &[caches::Row],
    answered: &[Answered],
) -> Data {
    let models = plan.shapes.iter().map(|it| (it.slug(), tables::model(plan, it, found)));
    let mut tables: BTreeMap<_, _> = models.collect();
    tables.insert("lengths".into(), tables::lengths(plan, found));
    tables.insert("run".into(), tables::trials(ran));
    tables.insert("caches".into(), tables::caches(&plan.caches, caches));
    let m = || Axis::binary("M", MEMORY);
    let words = || Axis::decimal("words", WORDS);
    let plot = |id: &str, table: Option<&str>, x, y, floor| Plot {
        id: id.to_owned(),
        table: table.map(str::to_owned),
        x,
        y,
        floor,
        diagonal: false,
    };
    let gap = Axis::decimal("gap", "gap: words moved / largest lower bound");
    let mut plots = vec![
        plot("gap", None, m(), gap, Some("1")),
        plot("tiles", None, m(), Axis::binary("size", "size of the tile"), None),
        plot("words", None, m(), words(), Some("bound")),
        plot(
            "lengths",
            Some("lengths"),
            Axis::binary("N", "N: queries, and as many keys"),
            words(),
            Some("bound"),
        ),
        Plot {
            diagonal: true,
            ..plot(
                "run",
                Some("run"),
                Axis::decimal("predicted", "words predicted"),
                Axis::decimal("counted", "words counted while it ran"),
                None,
            )
        },
        plot(
            "caches",
            Some("caches"),
            Axis::binary("M", "M: words of fast memory, or of the cache"),
            words(),
            Some("bound"),
        ),
    ];
    for it in answered {
        let (slug, asked) = (it.slug(), it.question);
        let column = asked.x.split(':').next().expect("a text has a first part");
        tables.insert(slug.clone(), tables::answered(it, column));
        plots.push(plot(
            &slug,
            Some(&slug),
            Axis::binary(column, asked.x),
            Axis::decimal("words", asked.y),
            None,
        ));
    }
    let memory = super::plan::memory(plan.lengths_level().1).0.to_string();
    Data { tables, plots, memory }
}

fn introduction(plan: &Plan) -> Markup {
    let chosen = |it: &Subject| it.slug() == MODEL;
    let algorithms = columns().filter(|it| *it != BEST);
    html! {
        header {
            h1 { "What attention moves, and what it must move" }
            p {
                "Words loaded and stored between a fast memory of M words and the memory below it, by one attention head: "
                "N queries, N keys, rows of d words, no mask, exact softmax. Words are 2 bytes. Each algorithm has the tiles "
                "that move the fewest words among all that fit. A layer moves that many times its heads and sequences."
            }
            form #choice {
                label { "Model " select #model {
                    @for it in &plan.shapes {
                        option value=(it.slug()) selected[chosen(it)] {
                            (it.name()) ": N = " (grouped(it.n)) ", d = " (it.d)
                        }
                    }
                } }
                label { "Fast memory " select #memory {} }
                label { "Your algorithm " select #algorithm {
                    @for it in algorithms { option selected[it == ALGORITHM] { (it) } }
                } }
            }
            noscript { p { "The plots of this page need JavaScript; README.md beside it holds the same numbers." } }
        }
    }
}

/// Where the scripts put a plot.
fn plot(id: &str, caption: Markup) -> Markup {
    html! { figure data-plot=(id) { figcaption { (caption) } } }
}

fn distance() -> Markup {
    html! {
        section #distance {
            h2 { "How far is my algorithm from optimal at my cache size?" }
            p .answer #answer-distance aria-live="polite" {}
            (plot("gap", html! {
                "Words each algorithm moves over the largest lower bound: nothing can be below 1, and 1 is optimal. "
                "The truth lies between the best schedule and the bound."
            }))
        }
    }
}

fn tiles() -> Markup {
    html! {
        section #which-tiles {
            h2 { "Which tiles should I use?" }
            p .answer #answer-tiles aria-live="polite" {}
            div .scroll tabindex="0" role="region" aria-label="All algorithms at the chosen memory" {
                table #here {}
            }
            (plot("tiles", html! { "The tiles of your algorithm that move the fewest words, in rows or columns." }))
        }
    }
}

fn memory() -> Markup {
    html! {
        section #more-memory {
            h2 { "What would more fast memory buy?" }
            p .answer #answer-memory aria-live="polite" {}
            (plot("words", html! {
                "No schedule can be in the shaded part, below the largest lower bound. The broad band is the best schedule."
            }))
            h3 { "And longer sequences?" }
            (plot("lengths", html! { "One head against its length, d = " (Plan::LENGTHS_D) ", at the shared memory of one A100 SM." }))
        }
    }
}

fn agreement(found: &Found<'_>, ran: &[Ran]) -> Markup {
    let trials = || ran.iter().filter_map(|it| it.trial.as_ref().ok());
    let equal = trials().filter(|it| it.equal()).count();
    let counts = || found.0.values().filter_map(|it| Some((it.io?, &it.bound.as_ref()?.value)));
    let above = counts().filter(|(io, bound)| **bound <= (*io).into()).count();
    html! {
        section #agreement {
            h2 { "Do the bounds and the run agree?" }
            p .answer {
                (equal) " of " (trials().count()) " kernels made from the schedules moved exactly the words predicted, array for array; "
                (grouped(above)) " of " (grouped(counts().count())) " counts are at or above their lower bound."
            }
            (plot("run", html! {
                "Kernels in WebGPU's shading language on the embedded interpreter, which sees every access by itself; "
                "no times, a device in software says nothing about them. On the broken line counted = predicted."
            }))
        }
    }
}

fn caches_section() -> Markup {
    html! {
        section #hardware-cache {
            h2 { "What would a cache make of it?" }
            (plot("caches", html! {
                "The same loops, loads and stores erased, shown to a cache of M words: fully associative, one word a line. "
                "LRU evicts the word touched longest ago, MIN (Bélády) the one touched again latest."
            }))
        }
    }
}

fn family(answered: &[Answered]) -> Markup {
    html! {
        section #family {
            h2 { "Masks, shared heads, decoding, backward passes, biases" }
            @for it in answered {
                h3 { (it.question.title) }
                p .answer { (it.answer) }
                (plot(&it.slug(), html! { (it.setting) }))
                (beside(&it.series.beside))
            }
        }
    }
}

/// The table of an answer, the head first.
fn beside(rows: &[Vec<String>]) -> Markup {
    let Some((head, rows)) = rows.split_first() else { return html! {} };
    html! {
        div .scroll tabindex="0" role="region" aria-label=(head[0]) {
            table {
                thead { tr { @for it in head { th scope="col" { (it) } } } }
                tbody { @for row in rows { tr { @for it in row { td { (it) } } } } }
            }
        }
    }
}

/// What the words on this page mean: algorithms and bounds.
fn names() -> Markup {
    let bounds = BOUNDS.iter().filter(|it| it.unit == Unit::Words);
    html! {
        section #names {
            h2 { "What the names mean" }
            details {
                summary { "Algorithms" }
                dl { @for it in ALGORITHMS { dt { (it.name) } dd { (it.about) " (" (it.source) ")" } } }
            }
            details {
                summary { "Lower bounds: what they assume, and who vouches for them" }
                dl { @for it in bounds { dt { (it.id) } dd { (it.assumes) ". " (it.source) ". Standing: " (it.standing) } } }
            }
        }
    }
}

fn end() -> Markup {
    html! {
        footer {
            p {
                "Made by " code { "iobound report" } ". All memories, Figure 2 of the FlashAttention paper and what partial "
                "computations save are in README.md beside this page, every number with all its digits in points.csv."
            }
        }
    }
}
