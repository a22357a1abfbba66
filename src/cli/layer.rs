//! A layer of a model on a processor: what `plan` and `compare` are about.

use super::{
    class::Said,
    failure::Failure,
    output::{Object, Output},
    plan::{Vouched, tiles_in_words},
    point::{Place, Point, PointArgs},
    table::digits,
    variant::{Answer, Asked, VariantArgs},
};
use iobound::{attention::Mask, model::Words};
use num_traits::ToPrimitive;
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(clap::Args, Debug)]
pub(super) struct LayerArgs {
    #[command(flatten)]
    variant: VariantArgs,
    #[command(flatten)]
    point: PointArgs,
}

/// The layer, and the best schedule for it.
pub(super) struct Layer {
    pub(super) point: Point,
    pub(super) place: Place,
    pub(super) asked: Asked,
    pub(super) fast: Words,
    pub(super) answer: Answer,
}

/// The JSON keys of a layer.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    algorithm: &'a str,
    tiles: Object<'a, u64>,
    copies: u64,
    mask: String,
    n: u64,
    queries: u64,
    d: u64,
    dv: u64,
    heads: u64,
    kv_heads: u64,
    batch: u64,
    hardware: &'a str,
    level: &'a str,
    traffic: &'a str,
    m: u64,
    bytes_per_word: u64,
    peak: u128,
    io: u128,
    io_per_head: f64,
    bytes: u128,
    vouched: Vouched,
    bound: Option<Bound<'a>>,
    bound_reason: Option<&'a str>,
    gap: Option<f64>,
    #[serde(flatten)]
    class: Said,
}

#[derive(Serialize)]
struct Bound<'a> {
    id: &'a str,
    value: Box<RawValue>,
}

impl LayerArgs {
    /// Looks the names up and searches; `what` asks.
    pub(super) fn layer(&self, what: &str) -> Result<Layer, Failure> {
        let point = self.point.of_variant()?;
        let Some(place) = point.place else {
            let message =
                format!("{what} is for a processor: give --hardware; see `iobound list hardware`");
            return Err(Failure::arguments(message).at("--hardware"));
        };
        let causal = point.model.is_some_and(|it| it.causal);
        let mask = if causal { Mask::Causal } else { Mask::Full };
        let asked = Asked::new(&self.variant.or_mask(mask), &point)?;
        if asked.backward {
            let message = format!(
                "{what} is for the forward pass; `iobound best --backward` counts the other"
            );
            return Err(Failure::arguments(message).at("--backward"));
        }
        let fast = point.m()?;
        let answer = asked.answer(fast)?;
        Ok(Layer { point, place, asked, fast, answer })
    }
}

impl Layer {
    /// Query heads.
    pub(super) fn heads(&self) -> u64 {
        self.asked.kv_heads * self.asked.group
    }

    /// Words of a head in the mean.
    pub(super) fn io_per_head(&self) -> f64 {
        ratio(self.answer.io, u128::from(self.heads()) * u128::from(self.asked.batch))
    }

    /// Bytes of the best schedule.
    pub(super) fn bytes(&self) -> u128 {
        self.answer.io.saturating_mul(self.place.bytes_per_word.get().into())
    }

    pub(super) fn document(&self) -> Document<'_> {
        let Self { place, asked, fast, answer, .. } = self;
        let shape = asked.shape;
        let value =
            |it: &dyn ToString| RawValue::from_string(it.to_string()).expect("digits are JSON");
        let bound = answer.bound.as_ref();
        Document {
            algorithm: &answer.schedule.name,
            tiles: Object(&answer.choice.tiles),
            copies: answer.copies,
            mask: asked.mask.to_string(),
            n: shape.keys(),
            queries: shape.n(),
            d: shape.d(),
            dv: shape.d_v(),
            heads: self.heads(),
            kv_heads: asked.kv_heads,
            batch: asked.batch,
            hardware: place.hardware.name,
            level: place.level.name,
            traffic: place.level.traffic,
            m: fast.0,
            bytes_per_word: place.bytes_per_word.get(),
            peak: answer.choice.totals.peak,
            io: answer.io,
            io_per_head: self.io_per_head(),
            bytes: self.bytes(),
            vouched: answer.vouched,
            bound: bound.ok().map(|(id, it)| Bound { id, value: value(it) }),
            bound_reason: bound.err().map(String::as_str),
            gap: answer.gap,
            class: answer.schedule.class().into(),
        }
    }

    /// What is asked, where, and the best schedule.
    pub(super) fn say_title(&self, out: &mut Output) {
        let Self { point, place, asked, fast, answer } = self;
        let shape = asked.shape;
        let of = point.model.map_or(String::new(), |it| format!("one layer of {}: ", it.name));
        out.line(format_args!(
            "{of}{} queries, {} keys, d = {}, mask {}, {} heads on {} key heads, batch {}",
            digits(shape.n()),
            digits(shape.keys()),
            digits(shape.d()),
            asked.mask,
            self.heads(),
            asked.kv_heads,
            asked.batch
        ));
        out.line(format_args!(
            "{} {}: M = {} words of {} bytes; counted are {}",
            place.hardware.name,
            place.level.name,
            digits(fast),
            place.bytes_per_word,
            place.level.traffic
        ));
        let (name, tiles) = (&answer.schedule.name, tiles_in_words(&answer.choice.tiles));
        out.line(format_args!("best: {name}, tiles {tiles}, {} times\n", digits(answer.copies)));
    }

    /// What the numbers rest on.
    pub(super) fn say_standing(&self, out: &mut Output) {
        match &self.answer.bound {
            Ok(_) => out.line(Said::from(self.answer.schedule.class())),
            Err(why) => out.line(format_args!("no bound: {why}")),
        }
        out.line(self.answer.vouched.words());
    }
}

pub(super) fn ratio(part: u128, of: u128) -> f64 {
    part.to_f64().unwrap_or(f64::MAX) / of.to_f64().unwrap_or(f64::MAX)
}
