//! The page of the attention family: a question each, its answer in numbers, and a plot.

mod composed;

use super::{
    chart::{Axis, Chart, Curve},
    numbers::{about, grouped, log2},
    palette,
    plan::{Plan, memory},
};
use crate::{
    model::Words,
    strategy::{Want, choose, member},
};
use num_bigint::BigUint;
use std::fmt::Write;

/// A question, with the words that answer it.
pub(super) struct Question {
    /// The name of its files.
    pub(super) slug: &'static str,
    title: &'static str,
    /// What is held fixed.
    subtitle: String,
    x: &'static str,
    y: &'static str,
    xs: Vec<u64>,
    curves: Vec<(String, Vec<Option<u128>>)>,
    answer: String,
}

type Sizes<'a> = Vec<(&'a str, u64)>;

/// Words that `name` moves at `sizes` with the tiles that move the fewest; `None` where nothing fits.
fn words(name: &str, sizes: &[(&str, u64)], fast: Words) -> Option<u128> {
    let schedule = member(name)?.schedule();
    let program = &schedule.program;
    let declared = |it: &str| program.params.iter().any(|slot| program.name(*slot) == it);
    let sizes: Vec<_> = sizes.iter().copied().filter(|it| declared(it.0)).collect();
    let choice = choose(schedule, None, &sizes, fast, &Want::Best(vec![])).ok()?;
    Some(choice.totals.io())
}

/// The same along `xs`, the sizes at each given by `sizes`.
fn curve<'a>(
    label: impl Into<String>,
    name: &str,
    xs: &[u64],
    of: impl Fn(u64) -> (Sizes<'a>, Words),
) -> (String, Vec<Option<u128>>) {
    let at = |x: &u64| {
        let (sizes, fast) = of(*x);
        words(name, &sizes, fast)
    };
    (label.into(), xs.iter().map(at).collect())
}

/// a/b as a decimal with two places.
fn times(a: Option<u128>, b: Option<u128>) -> String {
    let (Some(a), Some(b)) = (a, b.filter(|it| *it > 0)) else { return "-".to_owned() };
    let hundredths = (a * 100 + b / 2) / b;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

const D: u64 = Plan::LENGTHS_D;

/// All questions, in the order in which they are printed.
pub(super) fn questions(plan: &Plan) -> Vec<Question> {
    let (hardware, level) = plan.lengths_level();
    let fast = memory(level);
    let place = format!("M = {} words ({} {})", grouped(fast.0), hardware.name, level.name);
    let few = plan.lengths.iter().copied().filter(|it| *it <= 1 << 13).collect();
    vec![
        masks(few, fast, &place),
        heads(plan, fast, &place),
        splits(fast, &place),
        prefixes(fast, &place),
        backward(plan),
        scores(plan),
        composed::question(plan),
    ]
}

fn masks(xs: Vec<u64>, fast: Words, place: &str) -> Question {
    let square = |n: u64| vec![("N", n), ("P", n), ("d", D), ("dv", D)];
    let windows = [256, 1024, 4096];
    let mut curves = vec![
        curve("full", "cross", &xs, |n| (square(n), fast)),
        curve("causal", "causal", &xs, |n| (square(n), fast)),
        curve("documents of 1Ki", "documents", &xs, |n| {
            ([square(n), vec![("L", 1024)]].concat(), fast)
        }),
    ];
    for window in windows {
        curves.push(curve(format!("window of {window}"), "sliding", &xs, |n| {
            ([square(n), vec![("W", window)]].concat(), fast)
        }));
    }
    let mut answer = String::from("Fewer words than full attention, of the lengths drawn: ");
    let (full, causal) = (&curves[0].1, &curves[1].1);
    let sayings = windows.iter().zip(&curves[3..]).map(|(window, (_, found))| {
        let first = |than: &Vec<Option<u128>>| {
            let less = xs.iter().zip(found.iter().zip(than)).find(|(_, (a, b))| a < b);
            less.map_or("nowhere".to_owned(), |it| format!("from N = {}", grouped(*it.0)))
        };
        let window = grouped(*window);
        format!("a window of {window} {} (than causal attention {})", first(full), first(causal))
    });
    answer += &sayings.collect::<Vec<_>>().join(", ");
    let last = |it: &(String, Vec<Option<u128>>)| it.1.last().copied().flatten();
    let _ = write!(
        answer,
        ". At N = {} causal attention moves {} of the words of full attention, the windows {}.",
        grouped(xs.last().copied().unwrap_or(0)),
        times(last(&curves[1]), last(&curves[0])),
        curves[3..]
            .iter()
            .map(|it| times(last(it), last(&curves[0])))
            .collect::<Vec<_>>()
            .join(", ")
    );
    Question {
        slug: "variants-masks",
        title: "From which length does a sliding window beat full attention in words?",
        subtitle: format!("One head, d = {D}, {place}, tiles for the fewest words."),
        x: "N: queries, and as many keys",
        y: "I/O: words loaded + stored",
        xs,
        curves,
        answer,
    }
}

fn heads(plan: &Plan, fast: Words, place: &str) -> Question {
    let xs: Vec<u64> = (0..=5).map(|it| 1 << it).collect();
    let keys = plan.lengths.iter().copied().max().unwrap_or(1).min(2048);
    let at = |queries: u64| {
        move |heads: u64| {
            let shape = vec![("N", queries), ("P", keys), ("d", D), ("dv", D)];
            ([shape, vec![("B", 1), ("H", heads), ("G", 32 / heads)]].concat(), fast)
        }
    };
    let latent = |_| {
        let latent = vec![("B", 1), ("G", 32), ("N", 1), ("P", keys), ("dv", 512), ("dr", 64)];
        (latent, fast)
    };
    let curves = vec![
        curve("all tokens at once", "gqa", &xs, at(keys)),
        curve("one token", "gqa", &xs, at(1)),
        curve("one token, latent (512 + 64)", "mla", &xs, latent),
    ];
    let ends = |it: usize| times(curves[it].1[0], curves[it].1[5]);
    let answer = format!(
        "One key head for 32 query heads moves {} of the words of 32 key heads when one token is \
         decoded, and {} when all {} tokens are computed at once: then the rows of queries that fit, \
         not the heads that share, decide how often keys are read. Latent attention moves {} of the \
         words of 32 key heads at one token.",
        ends(1),
        ends(0),
        grouped(keys),
        times(curves[2].1[5], curves[1].1[5])
    );
    Question {
        slug: "variants-heads",
        title: "What do shared keys save?",
        subtitle: format!(
            "32 query heads, {} keys, d = {D}, {place}; words of all heads.",
            grouped(keys)
        ),
        x: "key heads",
        y: "I/O: words loaded + stored",
        xs,
        curves,
        answer,
    }
}

fn splits(fast: Words, place: &str) -> Question {
    let xs: Vec<u64> = (0..=10).map(|it| 1 << it).collect();
    let keys = 65536;
    let one = vec![("N", 1), ("P", keys), ("d", D), ("dv", D)];
    let plain = words("cross", &one, fast).unwrap_or(0);
    let split =
        curve("split-K", "split-k", &xs, |s| ([one.clone(), vec![("S", s)]].concat(), fast));
    let paged = |tokens: u64| {
        let sizes = vec![("B", keys / tokens), ("G", keys / tokens), ("W", tokens), ("X", tokens)];
        let name = format!("a page table, {tokens} tokens a page");
        curve(name, "paged", &xs, |_| ([one.clone(), sizes.clone()].concat(), fast))
    };
    let mut curves = vec![split, paged(16), paged(64)];
    for words in curves.iter_mut().flat_map(|it| &mut it.1) {
        *words = words.map(|it| it.saturating_sub(plain));
    }
    let said = |curve: usize, at: usize| {
        let words = curves[curve].1[at].and_then(|it| u64::try_from(it).ok());
        words.map_or("-".to_owned(), grouped)
    };
    let answer = format!(
        "The plain pass moves {} words, nearly all of them keys and values. 64 splits add {}, 1,024 \
         splits {}: the unfinished row and its two statistics are stored and loaded, and the query is \
         loaded again. Pages of 16 tokens add {}, a word each.",
        u64::try_from(plain).map_or("-".to_owned(), grouped),
        said(0, 6),
        said(0, 10),
        said(1, 0)
    );
    Question {
        slug: "variants-splits",
        title: "What do splits and pages add to decoding?",
        subtitle: format!("One query, 64Ki keys, d = {D}, {place}."),
        x: "S: splits",
        y: "words more than the plain pass",
        xs,
        curves,
        answer,
    }
}

fn prefixes(fast: Words, place: &str) -> Question {
    let xs: Vec<u64> = (0..=8).map(|it| 1 << it).collect();
    let (first, own) = (4096, 256);
    let shared =
        |b: u64| (vec![("B", b), ("N", 1), ("F", first), ("S", own), ("d", D), ("dv", D)], fast);
    let apart = |b: u64| {
        let heads = vec![("B", b), ("H", 1), ("G", 1), ("N", 1)];
        ([heads, vec![("P", first + own), ("d", D), ("dv", D)]].concat(), fast)
    };
    let curves = vec![
        curve("prefix read once for a tile of sequences", "shared-prefix", &xs, shared),
        curve("each sequence by itself", "gqa", &xs, apart),
    ];
    let ratio = |at: usize| times(curves[1].1[at], curves[0].1[at]);
    let answer = format!(
        "With 16 sequences the shared prefix saves a factor of {}, with 256 one of {}; the most it can \
         be is (4,096 + 256)/256 = 17.",
        ratio(4),
        ratio(8)
    );
    Question {
        slug: "variants-prefix",
        title: "What does a prefix that all sequences share save?",
        subtitle: format!("One query a sequence, 4Ki common keys, 256 own ones, d = {D}, {place}."),
        x: "B: sequences",
        y: "I/O: words loaded + stored",
        xs,
        curves,
        answer,
    }
}

/// M from 4Ki to 1Mi words.
fn memories(plan: &Plan) -> Vec<u64> {
    (0..=8 * plan.per_octave.min(2)).map(|it| 4096 << (it / plan.per_octave.min(2))).collect()
}

fn backward(plan: &Plan) -> Question {
    let mut xs = memories(plan);
    xs.dedup();
    let of = |m: u64| (vec![("N", 8192), ("P", 8192), ("d", D), ("dv", D)], Words(m));
    let names = ["flash1-backward", "flash2-backward", "two-pass-backward"];
    let mut curves: Vec<_> = names.iter().map(|it| curve(*it, it, &xs, of)).collect();
    curves.push(curve("forward", "cross", &xs, of));
    let at = xs.iter().position(|it| *it == 65536).unwrap_or(0);
    let value = |it: usize| curves[it].1[at];
    let answer = format!(
        "To leading order: 20 N²d²/M words for FlashAttention-1's, 16 for \
         FlashAttention-2's, 14 for two passes, against 4 forward. At M = 64Ki words FlashAttention-2's backward moves {} of the words of FlashAttention-1's, the \
         two passes with recomputation {}; it moves {} times what its forward pass does.",
        times(value(1), value(0)),
        times(value(2), value(0)),
        times(value(1), value(3))
    );
    Question {
        slug: "variants-backward",
        title: "Which backward pass moves the fewest words?",
        subtitle: format!("One head, N = 8Ki, d = {D}, no mask, tiles for the fewest words."),
        x: "M: words of fast memory",
        y: "I/O: words loaded + stored",
        xs,
        curves,
        answer,
    }
}

fn scores(plan: &Plan) -> Question {
    let mut xs = memories(plan);
    xs.dedup();
    let of = |m: u64| {
        let shape = vec![("N", 8192), ("P", 8192), ("d", D), ("dv", D), ("h", D / 2)];
        (shape, Words(m))
    };
    let names = ["cross", "bias", "rotary", "alibi", "soft-cap", "sink"];
    let curves: Vec<_> = names.iter().map(|it| curve(*it, it, &xs, of)).collect();
    let at = xs.iter().position(|it| *it == 65536).unwrap_or(0);
    let last = xs.len() - 1;
    let more = |it: usize, at: usize| times(curves[it].1[at], curves[0].1[at]);
    let answer = format!(
        "A bias read from slow memory costs N² words whatever M is: {} times plain attention at M = 64Ki, \
         {} times at M = 1Mi. Made on chip (ALiBi) it costs {} times plain attention at 64Ki. Rotary \
         tables cost {} times: a key's angles come with it each time it is read; keys turned once \
         before they are stored would save that.",
        more(1, at),
        more(1, last),
        more(3, at),
        more(2, at)
    );
    Question {
        slug: "variants-scores",
        title: "What does a bias cost, and what positions made on chip?",
        subtitle: format!("One head, N = 8Ki, d = {D}, no mask, tiles for the fewest words."),
        x: "M: words of fast memory",
        y: "I/O: words loaded + stored",
        xs,
        curves,
        answer,
    }
}

impl Question {
    pub(super) fn chart(&self) -> Chart {
        let all = || self.curves.iter().flat_map(|it| it.1.iter().flatten());
        let big = |it: Option<&u128>| BigUint::from(it.copied().unwrap_or(1));
        let (least, most) = (big(all().min()), big(all().max()));
        let curves = self.curves.iter().enumerate().map(|(index, (name, found))| {
            let at = |(x, words): (&u64, &Option<u128>)| {
                words.map(|it| (log2(&(*x).into()), log2(&it.into())))
            };
            let style = palette::schedule(index + 1);
            Curve::new(name.clone(), style, self.xs.iter().zip(found).map(at))
        });
        let (first, last) = (self.xs[0], self.xs[self.xs.len() - 1]);
        Chart {
            title: self.title.to_owned(),
            subtitle: self.subtitle.clone(),
            x: Axis::binary(self.x, first, last),
            y: Axis::decimal(self.y, &least, &most),
            impossible: vec![],
            groups: vec![("Schedules", curves.collect())],
            marks: vec![],
        }
    }
}

/// `variants.md`.
pub(super) fn page(questions: &[Question]) -> String {
    let mut text = String::from(
        "# The attention family: one question each\n\n\
         Made by `iobound report`; do not edit. Words loaded and stored, each schedule with the tiles that move \
         the fewest. What each one does and where it comes from: `iobound list variants`, \
         [traces/README.md](../traces/README.md).\n",
    );
    for it in questions {
        let Question { slug, title, subtitle, x, xs, curves, answer, .. } = it;
        let _ = write!(
            text,
            "\n## {title}\n\n{answer}\n\n{subtitle}\n\n![{title}]({slug}.svg)\n\n| {x} |"
        );
        for (name, _) in curves {
            let _ = write!(text, " {name} |");
        }
        let _ = writeln!(text, "\n|---:|{}", "---:|".repeat(curves.len()));
        for (at, x) in xs.iter().enumerate() {
            let _ = write!(text, "| {} |", grouped(*x));
            for (_, found) in curves {
                let cell = found[at].map_or("-".to_owned(), |it| about(&it.into()));
                let _ = write!(text, " {cell} |");
            }
            text.push('\n');
        }
    }
    text
}
