//! The page of the attention family: questions as data, each with its answer in numbers and a plot.
//!
//! Which questions speak of a member is read off the curves that are drawn; a member without one fails
//! a test. A question is one constant, and one line in [`QUESTIONS`].

mod backward;
mod bilevel;
mod composed;
mod decoding;
mod features;
mod heads;
mod masks;
mod scores;
mod series;

use self::series::{At, Curve, Series, Setting, from, head, powers, up_to, words};
use super::{
    chart::{self, Axis, Chart},
    numbers::{about, grouped, log2},
    palette::{self, Style},
    plan::Plan,
};
use crate::strategy::family;
use num_bigint::BigUint;
use std::fmt::Write;

/// A question.
pub(super) struct Question {
    /// The end of its files' names.
    id: &'static str,
    pub(super) title: &'static str,
    pub(super) x: &'static str,
    pub(super) y: &'static str,
    /// What is held fixed.
    setting: fn(&Setting) -> String,
    series: fn(&Setting) -> Series,
    /// The answer, from the numbers.
    answer: fn(&Series) -> String,
}

/// All questions, in the order in which they are printed.
const QUESTIONS: &[Question] = &[
    masks::WINDOWS,
    masks::DOCUMENTS,
    masks::PREFIX,
    heads::SHARED,
    heads::LATENTS,
    decoding::QUERIES,
    decoding::SPLITS,
    decoding::PREFIXES,
    backward::BACKWARD,
    scores::SCORES,
    features::LENGTHS,
    features::STATE,
    features::POLYNOMIAL,
    features::LEARNER,
    composed::COMPOSED,
    bilevel::CLUSTERS,
];

const D: u64 = Plan::LENGTHS_D;
const IO: &str = "I/O: words loaded + stored";
const M: &str = "M: words of fast memory";
const N_KEYS: &str = "N: queries, and as many keys";

/// A question with what answers it.
pub(super) struct Answered {
    pub(super) question: &'static Question,
    pub(super) setting: String,
    pub(super) series: Series,
    pub(super) answer: String,
}

/// Every question, asked.
pub(super) fn answered(plan: &Plan) -> Vec<Answered> {
    let setting = Setting::of(plan);
    let ask = |question: &'static Question| {
        let series = (question.series)(&setting);
        let answer = (question.answer)(&series);
        Answered { question, setting: (question.setting)(&setting), series, answer }
    };
    QUESTIONS.iter().map(ask).collect()
}

impl Answered {
    /// The name of its files.
    pub(super) fn slug(&self) -> String {
        format!("variants-{}", self.question.id)
    }

    fn draws(&self, member: &str) -> bool {
        self.series.curves.iter().any(|it| it.member == Some(member))
    }

    /// Its curves, and how they look.
    pub(super) fn styled(&self) -> impl Iterator<Item = (&Curve, Style)> {
        let (mut schedules, mut bounds) = (1.., 0..);
        self.series.curves.iter().map(move |it| {
            let style = match it.member {
                Some(_) => schedules.next().map(palette::schedule),
                None => bounds.next().map(palette::bound),
            };
            (it, style.expect("a range without an end"))
        })
    }

    pub(super) fn chart(&self) -> Chart {
        let Series { xs, curves, .. } = &self.series;
        let all = || curves.iter().flat_map(|it| it.found.iter().flatten().filter(|it| **it > 0));
        let big = |it: Option<&u128>| BigUint::from(it.copied().unwrap_or(1));
        let (least, most) = (big(all().min()), big(all().max()));
        let (mut schedules, mut bounds) = (vec![], vec![]);
        for (curve, style) in self.styled() {
            let places = xs.iter().zip(&curve.found).map(|(x, words)| {
                let words = words.filter(|it| *it > 0)?;
                Some((log2(&(*x).into()), log2(&words.into())))
            });
            let list = if curve.member.is_none() { &mut bounds } else { &mut schedules };
            list.push(chart::Curve::new(curve.label.clone(), style, places));
        }
        let mut groups = vec![("Schedules", schedules), ("Lower bounds", bounds)];
        groups.retain(|it| !it.1.is_empty());
        Chart {
            title: self.question.title.to_owned(),
            subtitle: self.setting.clone(),
            x: Axis::binary(self.question.x, xs[0], self.series.last()),
            y: Axis::decimal(self.question.y, &least, &most),
            impossible: vec![],
            areas: vec![],
            groups,
            marks: vec![],
        }
    }

    fn write(&self, text: &mut String) {
        let Self { question: Question { title, x, .. }, setting, answer, series, .. } = self;
        let slug = self.slug();
        let _ = write!(text, "\n## {title}\n\n{answer}\n\n{setting}\n\n![{title}]({slug}.svg)\n");
        for (at, row) in series.beside.iter().enumerate() {
            let rule = if at == 0 {
                format!("|---|{}\n", "---:|".repeat(row.len() - 1))
            } else {
                String::new()
            };
            let _ =
                write!(text, "{}| {} |\n{rule}", if at == 0 { "\n" } else { "" }, row.join(" | "));
        }
        let _ = write!(text, "\n| {x} |");
        for it in &series.curves {
            let _ = write!(text, " {} |", it.label);
        }
        let _ = writeln!(text, "\n|---:|{}", "---:|".repeat(series.curves.len()));
        for (at, x) in series.xs.iter().enumerate() {
            let _ = write!(text, "| {} |", grouped(*x));
            for it in &series.curves {
                let cell = it.found[at].map_or("-".to_owned(), |it| about(&it.into()));
                let _ = write!(text, " {cell} |");
            }
            text.push('\n');
        }
    }
}

/// `variants.md`.
pub(super) fn page(answered: &[Answered]) -> String {
    let mut text = String::from(
        "# The attention family: one question each\n\n\
         Made by `iobound report`; do not edit. Words loaded and stored, each schedule with the tiles that move \
         the fewest. Where each one comes from: `iobound list variants`, [traces/README.md](../traces/README.md).\n\n\
         | member | what it does | questions |\n|---|---|---|\n",
    );
    for member in family() {
        let of = answered.iter().filter(|it| it.draws(member.name));
        let links = of.map(|it| format!("[{}](#{})", it.question.id, anchor(it.question.title)));
        let links = links.collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "| `{}` | {} | {links} |", member.name, member.about);
    }
    for it in answered {
        it.write(&mut text);
    }
    text
}

/// What a heading is called in a link, as forges make it.
fn anchor(title: &str) -> String {
    let kept = title.chars().filter(|it| it.is_alphanumeric() || " -".contains(*it));
    kept.flat_map(char::to_lowercase).map(|it| if it == ' ' { '-' } else { it }).collect()
}

/// a/b with two places.
fn times(a: u128, b: u128) -> String {
    let hundredths = (a * 100 + b / 2) / b;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The files that the page needs.
#[cfg(test)]
pub(super) fn slugs() -> impl Iterator<Item = String> {
    QUESTIONS.iter().map(|it| format!("variants-{}", it.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each member has a question that draws it, and each curve a place where it fits.
    #[test]
    fn every_member_has_a_question() {
        let answered = answered(&Plan::small());
        for member in family() {
            assert!(answered.iter().any(|it| it.draws(member.name)), "{}", member.name);
        }
        for it in &answered {
            for curve in &it.series.curves {
                let (id, label) = (it.question.id, &curve.label);
                assert!(curve.found.iter().any(Option::is_some), "{id}: nothing in {label}");
            }
        }
    }

    #[test]
    fn anchors_as_forges_make_them() {
        assert_eq!(anchor("Which backward, and why?"), "which-backward-and-why");
    }
}
