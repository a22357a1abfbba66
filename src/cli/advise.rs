//! `iobound plan`: for a person with a kernel, what a model's attention must move on a processor.

use super::{
    Status,
    failure::Failure,
    layer::{self, Layer, LayerArgs, ratio},
    output::Output,
    point::Place,
    table::{Align, digits, numbers, table, wrap},
    variant::Asked,
};
use iobound::{
    attention::Mask,
    hardware::Level,
    model::Words,
    strategy::{KERNELS, KERNELS_SOURCE, KERNELS_TRAFFIC, Kernel},
};
use serde::Serialize;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound plan --model Llama-3-8B --hardware H100
  iobound plan --model 'GPT-2 medium' --hardware A100 --level L2
  iobound plan --n 16Ki --d 128 --heads 32 --kv-heads 8 --mask causal --hardware H100 --json

The mask is the model's unless --mask is given. Words and bytes are those of all heads of one layer.

JSON keys: algorithm, tiles, copies (how often it runs a layer), mask, n, queries, d, dv, heads,
kv_heads, batch, hardware, level, traffic (what is counted), m, bytes_per_word, peak (words in use
at most), io (words), io_per_head, bytes, bytes_all_layers (null without --model), vouched, bound {id, value},
bound_reason, gap (io over bound; null where the class is not known), class, class_reason, time {traffic, bytes, memory_ms, compute_ms, limit}, kernels
[{name, br, bc, io, over_best, peak, fits, over}] and kernels_source. What is not known is null.")]
pub(super) struct Args {
    #[command(flatten)]
    layer: LayerArgs,
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    layer: layer::Document<'a>,
    bytes_all_layers: Option<u128>,
    time: Time,
    kernels: &'a [Usual],
    kernels_source: &'a str,
}

/// The roofline: how long a layer keeps main memory busy, and how long the arithmetic.
#[derive(Serialize)]
struct Time {
    /// Between main memory and the last level.
    traffic: &'static str,
    bytes: u128,
    memory_ms: Option<f64>,
    compute_ms: Option<f64>,
    limit: Option<&'static str>,
}

/// What a kernel's tiles move.
#[derive(Serialize)]
struct Usual {
    name: &'static str,
    br: u64,
    bc: u64,
    io: u128,
    /// `null` where the tiles do not fit: what needs more fast memory is no match for the best.
    over_best: Option<f64>,
    peak: u128,
    fits: bool,
    /// Words beyond M.
    over: u128,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let layer = args.layer.layer("a plan")?;
    let Layer { point, place, asked, answer, .. } = &layer;
    let time = time(&layer)?;
    let kernels = match place.level.traffic == KERNELS_TRAFFIC {
        true => usual(asked, layer.fast, answer.io)?,
        false => vec![],
    };
    let bytes = layer.bytes();
    let layers = point.model.map(|it| it.layers);
    if out.is_json() {
        out.document(&Document {
            layer: layer.document(),
            bytes_all_layers: layers.map(|it| bytes.saturating_mul(it.into())),
            time,
            kernels: &kernels,
            kernels_source: KERNELS_SOURCE,
        });
        return Ok(Status::Holds);
    }
    layer.say_title(out);
    let cells = |name: &str, value: String, unit: &str| vec![name.into(), value, unit.into()];
    let mut rows = vec![
        cells("io", digits(answer.io), place.level.traffic),
        cells("a head", digits(layer.io_per_head().round()), "words"),
        cells("a layer", digits(bytes), "bytes"),
    ];
    if let Some(it) = layers {
        let all = bytes.saturating_mul(it.into());
        rows.push(cells(&format!("{it} layers"), digits(all), "bytes"));
    }
    if let Ok((id, it)) = &answer.bound {
        rows.push(cells("bound", digits(it), &format!("words at least: {id}")));
    }
    if let Some(it) = answer.gap {
        rows.push(cells("gap", format!("{it:.3}"), "times the bound"));
    }
    rows.push(cells("peak", digits(answer.choice.totals.peak), "words in use at a time, at most"));
    out.text(&numbers(&rows));
    layer.say_standing(out);
    say_time(&time, place, out);
    say_kernels(&kernels, out);
    Ok(Status::Holds)
}

/// The times that the processor's table allows to say.
fn time(layer: &Layer) -> Result<Time, Failure> {
    let Layer { place, asked, fast, answer, .. } = layer;
    let last: &Level = place.hardware.levels.last().expect("every processor has a level");
    let words = last.words(place.bytes_per_word);
    let io = match last == place.level && *fast == words {
        true => answer.io,
        false => asked.answer(words)?.io,
    };
    let bytes = io.saturating_mul(place.bytes_per_word.get().into());
    let kept = asked.mask.kept(&asked.shape).expect("it was looked at");
    let heads = u128::from(asked.kv_heads) * u128::from(asked.group) * u128::from(asked.batch);
    let depth = u128::from(asked.shape.d()) + u128::from(asked.shape.d_v());
    // Two products for each kept pair, of d and of d_v terms.
    let operations = (2 * depth).saturating_mul(kept.pairs).saturating_mul(heads);
    let ms = |work: u128, rate: u64| 1e3 * ratio(work, rate.into());
    let memory_ms = place.hardware.bandwidth.map(|it| ms(bytes, it));
    let compute_ms = place.hardware.flops.map(|it| ms(operations, it));
    let limit = memory_ms.zip(compute_ms).map(|it| if it.0 > it.1 { "memory" } else { "compute" });
    Ok(Time { traffic: last.traffic, bytes, memory_ms, compute_ms, limit })
}

/// The kernels for this head dimension and mask.
fn usual(asked: &Asked, fast: Words, best: u128) -> Result<Vec<Usual>, Failure> {
    let causal = asked.mask == Mask::Causal;
    let meant = |it: &&Kernel| it.d == asked.shape.d() && it.causal.is_none_or(|it| it == causal);
    let count = |it: &Kernel| {
        let (io, peak) = asked.tiled(it.br, it.bc)?;
        let over = peak.saturating_sub(fast.0.into());
        let (fits, Kernel { name, br, bc, .. }) = (over == 0, *it);
        let over_best = fits.then(|| ratio(io, best));
        Ok(Usual { name, br, bc, io, over_best, peak, fits, over })
    };
    KERNELS.iter().filter(meant).map(count).collect()
}

fn say_time(time: &Time, place: &Place, out: &mut Output) {
    let hardware = place.hardware;
    let mut rows = vec![];
    if let Some((rate, ms)) = hardware.bandwidth.zip(time.memory_ms) {
        let (rate, bytes) = (digits(rate / 1_000_000_000), digits(time.bytes));
        let what = format!("ms for {bytes} bytes at {rate} GB/s ({}, best schedule)", time.traffic);
        rows.push(vec!["memory".to_owned(), format!("{ms:.3}"), what]);
    }
    if let Some((rate, ms)) = hardware.flops.zip(time.compute_ms) {
        let what =
            format!("ms of the two products at {} GFLOP/s, dense", digits(rate / 1_000_000_000));
        rows.push(vec!["compute".to_owned(), format!("{ms:.3}"), what]);
    }
    if rows.is_empty() {
        return;
    }
    out.line("\nrates of the processor, each kept busy alone");
    out.text(&numbers(&rows));
    if let Some(it) = time.limit {
        out.line(format_args!(
            "{it} bound by these two; other levels' bandwidths are not in the table"
        ));
    }
}

fn say_kernels(kernels: &[Usual], out: &mut Output) {
    if kernels.is_empty() {
        out.line(format_args!(
            "\nno tiles of kernels are known for this head dimension and level; they are about \
             {KERNELS_TRAFFIC}"
        ));
        return;
    }
    let head = ["usual tiles", "Br×Bc", "io", "of best", "peak", ""];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for it in kernels {
        rows.push(vec![
            it.name.to_owned(),
            format!("{}×{}", it.br, it.bc),
            digits(it.io),
            it.over_best.map_or(String::new(), |it| format!("{it:.2}×")),
            digits(it.peak),
            if it.fits { "fits".to_owned() } else { format!("{} words over M", digits(it.over)) },
        ]);
    }
    use Align::{Left, Right};
    out.line("");
    out.text(&table(&[Left, Right, Right, Right, Right, Left], &rows));
    let about = "each head by itself; every word in use counts towards the peak, also those that a \
                 kernel keeps in registers";
    out.text(&wrap(&format!("({KERNELS_SOURCE}; {about})"), "", 96));
}
