//! `iobound best` of a variant: heads, batch, mask, queries, backward.

use super::{
    Status,
    class::Said,
    failure::{Failure, Kind},
    output::{Object, Output},
    plan::{Vouched, formula, tiles_in_words, vouch},
    point::{self, Point, extent},
    table::{Align, digits, table},
};
use iobound::{
    attention::{Gradient, Mask, Shape, Task, Variant, gradient::Statistics},
    model::{Recompute, Words},
    strategy::{self, Choice, Max, NoChoice, Schedule, Want, choose, member},
    sweep::bound_of,
};
use num_bigint::BigUint;
use num_traits::ToPrimitive;
use serde::Serialize;
use serde_json::value::RawValue;

/// What is asked beside N, d and M. Any of these, and words are those of all heads and sequences.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Variants (words of all heads and sequences)")]
pub(super) struct VariantArgs {
    /// full, causal, sliding:WIDTH, prefix:KEYS or documents:LENGTH
    #[arg(long, value_parser = point::mask)]
    mask: Option<Mask>,
    /// Query heads (default 1, or the model's)
    #[arg(long, value_name = "COUNT", value_parser = extent)]
    heads: Option<u64>,
    /// Key heads, each shared by as many query heads (default as many as query heads, or the model's)
    #[arg(long, value_name = "COUNT", value_parser = extent)]
    kv_heads: Option<u64>,
    /// Words in a row of V and O (default d)
    #[arg(long, value_name = "D", value_parser = extent)]
    dv: Option<u64>,
    /// Queries, beside the last of the N keys (default N)
    #[arg(long, value_name = "COUNT", value_parser = extent)]
    queries: Option<u64>,
    /// The backward pass
    #[arg(long)]
    backward: bool,
}

impl VariantArgs {
    /// The same, with this mask where none was given; the backward passes have none.
    pub(super) fn or_mask(&self, mask: Mask) -> Self {
        let mask = self.mask.or((!self.backward).then_some(mask));
        Self { mask, ..self.clone() }
    }

    pub(super) fn is_given(&self) -> bool {
        let sizes = [self.heads, self.kv_heads, self.dv, self.queries];
        self.backward || self.mask.is_some() || sizes.iter().any(Option::is_some)
    }
}

/// A schedule that computes the variant, or one of equal copies of it.
struct Candidate {
    schedule: &'static Schedule,
    choice: Choice,
    /// How often it runs.
    copies: u64,
}

impl Candidate {
    fn io(&self) -> Option<u128> {
        self.choice.totals.io().checked_mul(self.copies.into())
    }
}

/// The best schedule of a variant.
pub(super) struct Answer {
    pub(super) schedule: &'static Schedule,
    pub(super) choice: Choice,
    /// How often it runs.
    pub(super) copies: u64,
    /// Words of all heads and sequences.
    pub(super) io: u128,
    pub(super) vouched: Vouched,
    /// The largest lower bound, or why there is none.
    pub(super) bound: Result<(&'static str, BigUint), String>,
    pub(super) gap: Option<f64>,
}

fn many() -> Failure {
    Failure::new(Kind::Sizes, "the words of all heads pass 128 bits")
}

/// A member, the parameters that not all have, and how often it runs; `None` beyond 64 bits.
type Runs = (&'static str, Vec<(&'static str, u64)>, Option<u64>);

/// The variant asked for.
pub(super) struct Asked {
    pub(super) shape: Shape,
    pub(super) mask: Mask,
    pub(super) batch: u64,
    pub(super) kv_heads: u64,
    pub(super) group: u64,
    pub(super) backward: bool,
}

impl Asked {
    pub(super) fn new(args: &VariantArgs, point: &Point) -> Result<Self, Failure> {
        let (n, d) = (point.n()?, point.d()?);
        let heads = args.heads.or(point.model.map(|it| it.heads)).unwrap_or(1);
        let kv_heads = match (args.kv_heads, args.heads, point.model) {
            (Some(it), ..) => it,
            (None, None, Some(model)) => model.kv_heads,
            _ => heads,
        };
        if !heads.is_multiple_of(kv_heads) {
            let message =
                format!("{kv_heads} key heads do not divide {heads} query heads into equal groups");
            return Err(Failure::arguments(message).at("--kv-heads"));
        }
        let shape = Shape::new(args.queries.unwrap_or(n), n, d, args.dv.unwrap_or(d))?;
        let mask = args.mask.unwrap_or_default();
        mask.kept(&shape).map_err(|it| Failure::arguments(it).at("--mask"))?;
        let (group, batch) = (heads / kv_heads, point.batch);
        let it = Self { shape, mask, batch, kv_heads, group, backward: args.backward };
        it.refuse()?;
        Ok(it)
    }

    /// What no schedule does.
    fn refuse(&self) -> Result<(), Failure> {
        let refuse = |message: &str, at: &str| Err(Failure::arguments(message).at(at));
        match self.mask {
            Mask::Pairs(_) => {
                let message = "a number of pairs is no mask to schedule; `count --pattern FILE` \
                               takes one in a file";
                refuse(message, "--mask")
            }
            Mask::Documents(_) if self.shape.n() != self.shape.keys() => {
                refuse("documents need as many queries as keys", "--queries")
            }
            Mask::Full if self.backward && self.group > 1 => {
                refuse("the backward passes have no shared keys", "--kv-heads")
            }
            Mask::Full => Ok(()),
            _ if self.backward => refuse("the backward passes have no mask", "--mask"),
            _ => Ok(()),
        }
    }

    /// Everything, for the bound.
    fn task(&self) -> Task {
        let &Self { shape, mask, batch, kv_heads, group, backward } = self;
        if backward {
            let statistics = Statistics::LogSum;
            return Task::Backward(Gradient { shape, scaled: true, statistics });
        }
        Task::Forward(Variant { batch, kv_heads, group, ..Variant::masked(shape, mask) })
    }

    /// Copies of [`Self::task`]: the backward pass is one of a head.
    fn shared_nothing(&self) -> u64 {
        let heads = self.kv_heads.saturating_mul(self.group).saturating_mul(self.batch);
        if self.backward { heads } else { 1 }
    }

    /// The members that compute it.
    fn members(&self) -> Vec<Runs> {
        let heads = self.kv_heads.checked_mul(self.group);
        let each = heads.and_then(|it| it.checked_mul(self.batch));
        let one = |name, own: &[(&'static str, u64)]| (name, own.to_vec(), each);
        if self.backward {
            return ["flash1-backward", "flash2-backward", "two-pass-backward"]
                .map(|it| one(it, &[]))
                .to_vec();
        }
        let grouped = [("B", self.batch), ("H", self.kv_heads), ("G", self.group)];
        let mut all = match self.mask {
            Mask::Full | Mask::Pairs(_) => vec![one("cross", &[])],
            Mask::Causal => vec![one("causal", &[])],
            Mask::Sliding(it) => vec![one("sliding", &[("W", it)])],
            Mask::Prefix(it) => vec![one("prefix", &[("F", it)])],
            Mask::Documents(it) => vec![one("documents", &[("L", it)])],
        };
        if self.group > 1 {
            match self.mask {
                Mask::Full => all.push(("gqa", grouped.to_vec(), Some(1))),
                Mask::Causal => all.push(("gqa-causal", grouped.to_vec(), Some(1))),
                _ => {}
            }
        }
        all
    }

    /// Every parameter of `schedule`, with `own`.
    fn sizes<'a>(&self, schedule: &Schedule, own: Vec<(&'a str, u64)>) -> Vec<(&'a str, u64)> {
        let program = &schedule.program;
        let declared = |name: &str| program.params.iter().any(|it| program.name(*it) == name);
        let it = &self.shape;
        let mut sizes = vec![("N", it.n()), ("P", it.keys()), ("d", it.d()), ("dv", it.d_v())];
        sizes.retain(|it| declared(it.0));
        sizes.extend(own);
        sizes
    }

    /// Words of all heads and the peak where each head runs by itself with blocks of `br` queries and
    /// `bc` keys, whatever M is.
    pub(super) fn tiled(&self, br: u64, bc: u64) -> Result<(u128, u128), Failure> {
        let (name, own, copies) = self.members().swap_remove(0);
        let schedule = member(name).expect("it is in the list").schedule();
        let mut sizes = self.sizes(schedule, own);
        sizes.extend([("Br", br.min(self.shape.n())), ("Bc", bc.min(self.shape.keys()))]);
        let binding = schedule.program.bind(&sizes).map_err(NoChoice::from)?;
        let totals = schedule.totals(&binding).map_err(NoChoice::from)?;
        let io = copies.and_then(|it| totals.io().checked_mul(it.into())).ok_or_else(many)?;
        Ok((io, totals.peak))
    }

    /// The schedule that moves the fewest words, and the bound beside it.
    pub(super) fn answer(&self, fast: Words) -> Result<Answer, Failure> {
        let found = self.candidates(fast)?.into_iter().filter_map(|it| Some((it.io()?, it)));
        let best = found.min_by_key(|it| it.0);
        let (io, Candidate { schedule, choice, copies }) = best.ok_or_else(many)?;
        let (_, vouched) = vouch(schedule, &choice.binding, choice.totals)?;
        let bound = bound_of(&self.task(), self.shared_nothing(), fast);
        let gap = match &bound {
            // A bound of these stands for products computed once.
            Ok((id, value)) if schedule.class().recompute() == Some(Recompute::Forbidden) => {
                gap(io, id, value)?
            }
            _ => None,
        };
        let bound = bound.map_err(|it| it.to_string());
        Ok(Answer { schedule, choice, copies, io, vouched, bound, gap })
    }

    /// All that fit, or why none does.
    fn candidates(&self, fast: Words) -> Result<Vec<Candidate>, Failure> {
        let (n, keys) = (self.shape.n(), self.shape.keys());
        let (d, dv) = (self.shape.d(), self.shape.d_v());
        let (mut found, mut closest) = (vec![], None);
        let mut add = |schedule, chosen: Result<Choice, NoChoice>, copies| match chosen {
            Ok(choice) => {
                found.push(Candidate { schedule, choice, copies });
                Ok(())
            }
            Err(it @ NoChoice::NoFit { least, .. }) => {
                if closest.as_ref().is_none_or(|(other, _)| least < *other) {
                    closest = Some((least, it));
                }
                Ok(())
            }
            Err(it) => Err(Failure::from(it)),
        };
        for (name, own, copies) in self.members() {
            let schedule = member(name).expect("it is in the list").schedule();
            let sizes = self.sizes(schedule, own);
            let chosen = choose(schedule, None, &sizes, fast, &Want::Best(vec![]));
            add(schedule, chosen, copies.ok_or_else(many)?)?;
        }
        if !self.backward && self.mask == Mask::Full && n == keys && d == dv {
            let copies = self.kv_heads.checked_mul(self.group);
            let copies = copies.and_then(|it| it.checked_mul(self.batch)).ok_or_else(many)?;
            if let Ok((algorithm, choice)) = strategy::best(n, d, fast, Max::Kept) {
                let schedule = algorithm.schedule(Max::Kept).expect("it was chosen");
                add(schedule, Ok(choice), copies)?;
            }
        }
        match closest {
            Some((_, it)) if found.is_empty() => Err(it.into()),
            _ => Ok(found),
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    algorithm: &'a str,
    tiles: Object<'a, u64>,
    copies: u64,
    io: u128,
    peak: u128,
    vouched: Vouched,
    bound: Option<Bound>,
    /// Why there is none.
    bound_reason: Option<String>,
    gap: Option<f64>,
    #[serde(flatten)]
    class: Said,
    n: u64,
    queries: u64,
    d: u64,
    dv: u64,
    m: u64,
    mask: String,
    heads: u64,
    kv_heads: u64,
    batch: u64,
    backward: bool,
    formula: Option<String>,
}

#[derive(Serialize)]
struct Bound {
    id: &'static str,
    value: Box<RawValue>,
}

/// The schedule that moves the fewest words, and the bound beside it.
pub(super) fn best(
    args: &VariantArgs,
    point: &point::PointArgs,
    out: &mut Output,
) -> Result<Status, Failure> {
    let point = point.of_variant()?;
    let (asked, fast) = (Asked::new(args, &point)?, point.m()?);
    let Answer { schedule, choice, copies, io, vouched, bound, gap } = asked.answer(fast)?;
    let class = schedule.class();
    let heads = asked.kv_heads * asked.group;
    let (shape, batch) = (asked.shape, asked.batch);
    if out.is_json() {
        let (found, reason) = match bound {
            Ok((id, value)) => {
                let value = RawValue::from_string(value.to_string()).expect("digits are JSON");
                (Some(Bound { id, value }), None)
            }
            Err(it) => (None, Some(it)),
        };
        out.document(&Document {
            algorithm: &schedule.name,
            tiles: Object(&choice.tiles),
            copies,
            io,
            peak: choice.totals.peak,
            vouched,
            bound: found,
            bound_reason: reason,
            gap,
            class: class.into(),
            n: shape.keys(),
            queries: shape.n(),
            d: shape.d(),
            dv: shape.d_v(),
            m: fast.0,
            mask: asked.mask.to_string(),
            heads,
            kv_heads: asked.kv_heads,
            batch,
            backward: asked.backward,
            formula: formula(schedule),
        });
        return Ok(Status::Holds);
    }
    let pass = if asked.backward { ", backward" } else { "" };
    out.line(format_args!(
        "{} queries, {} keys, rows of {} and {} words, mask {}, {heads} heads on {} key heads, batch \
         {batch}{pass}; M = {} words",
        digits(shape.n()),
        digits(shape.keys()),
        digits(shape.d()),
        digits(shape.d_v()),
        asked.mask,
        asked.kv_heads,
        digits(fast)
    ));
    let (tiles, name) = (tiles_in_words(&choice.tiles), &schedule.name);
    out.line(format_args!("{name}, tiles {tiles}, {} times", digits(copies)));
    if asked.group > 1 && copies > 1 {
        out.line(
            "(each head reads its keys by itself: no schedule here shares them under this mask)",
        );
    }
    out.line("");
    let cells = |name: &str, value: String, unit: &str| vec![name.into(), value, unit.into()];
    let mut rows = vec![cells("io", digits(io), point.traffic())];
    if let Ok((id, value)) = &bound {
        rows.push(cells("bound", digits(value), &format!("words at least: {id}")));
    }
    if let Some(gap) = gap {
        rows.push(cells("gap", format!("{gap:.3}"), "times the bound"));
    }
    rows.push(cells("peak", digits(choice.totals.peak), "words in use at a time, at most"));
    out.text(&table(&[Align::Left, Align::Right, Align::Left], &rows));
    if let Some(it) = formula(schedule) {
        let each = if copies > 1 { " each" } else { "" };
        out.line(format_args!("io{each} = {it}"));
    }
    match &bound {
        Ok(_) => out.line(Said::from(class)),
        Err(why) => out.line(format_args!("no bound: {why}")),
    }
    out.line(vouched.words());
    Ok(Status::Holds)
}

/// `io` over the bound; a bound above it is a fault of the program.
fn gap(io: u128, id: &str, bound: &BigUint) -> Result<Option<f64>, Failure> {
    let io = BigUint::from(io);
    if *bound > io {
        let message =
            format!("a bug: the bound `{id}` says at least {bound}, a schedule moves {io}");
        return Err(Failure::new(Kind::Disagree, message));
    }
    Ok((io * 1_000_000_u32 / bound.max(&BigUint::from(1_u8))).to_f64().map(|it| it / 1e6))
}
