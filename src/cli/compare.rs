//! `iobound compare`: how far a measured kernel is from the best schedule and from the bound.

use super::{
    Status,
    failure::{Failure, Kind},
    files,
    layer::{self, Layer, LayerArgs, ratio},
    output::{Output, say},
    point::extent,
    table::{digits, numbers, wrap},
};
use iobound::{
    certificate::Pass,
    check::attention::closed_form,
    profile::{self, COUNTERS, Counter, Measured, NotAProfile},
};
use num_bigint::BigUint;
use num_traits::ToPrimitive;
use serde::Serialize;
use std::path::Path;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound compare --measured 1.5GB --model Llama-3-8B --hardware H100 --level L2
  iobound compare --measured 160MiB --n 4Ki --d 64 --heads 16 --hardware A100 --level L2 --json

Which memory a number is about: DRAM traffic has the L2 for fast memory (--level L2), L2 traffic the
shared memory of an SM (--level shared), where it is the sum over all SMs. Measured and compared is
one layer, all heads and sequences; --layers says how many were measured.

A file is what Nsight Compute exports, of `ncu --csv` or `ncu --csv --page raw`. Read are
  --level L2       dram__bytes_read.sum + dram__bytes_write.sum
  --level shared   lts__t_sectors_op_read.sum + lts__t_sectors_op_write.sum, sectors of 32 bytes
summed over the launches of all kernels whose names contain --kernel; prefixes are powers of 1000,
and what the profiler rounded counts in the kernel's favour.

Exit status 1: fewer bytes than the bound, so that one of the assumptions named is false.

JSON keys: measured {bytes, rounding (bytes that printed digits hide), source, metrics, layers,
kernels [{name, launches, bytes}]}, over_best (measured over the best schedule), over_bound,
bound_bytes, finding (assumptions of which one is false, or null), and those of `iobound plan` but
for its time, kernels and layers. Here too what is not known is null.")]
pub(super) struct Args {
    /// Bytes, as 1.5GB or 800MiB, or a profiler's CSV file
    #[arg(long, value_name = "BYTES|FILE.csv")]
    measured: String,
    /// Only kernels whose names contain this
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    kernel: String,
    /// How many layers were measured
    #[arg(long, value_name = "COUNT", value_parser = extent, default_value = "1")]
    layers: u64,
    #[command(flatten)]
    layer: LayerArgs,
}

#[derive(Serialize)]
struct Document<'a> {
    measured: Said<'a>,
    over_best: f64,
    over_bound: Option<f64>,
    bound_bytes: Option<String>,
    finding: Option<&'a [String]>,
    #[serde(flatten)]
    layer: layer::Document<'a>,
}

#[derive(Serialize)]
struct Said<'a> {
    bytes: u128,
    rounding: u128,
    source: &'a str,
    metrics: Option<[&'a str; 2]>,
    layers: u64,
    kernels: Vec<Kernel<'a>>,
}

#[derive(Serialize)]
struct Kernel<'a> {
    name: &'a str,
    launches: u64,
    bytes: u128,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let layer = args.layer.layer("a comparison")?;
    let (measured, counter) = measured(args, layer.place.level.traffic)?;
    let best = layer.bytes().saturating_mul(args.layers.into());
    let word = layer.place.bytes_per_word.get();
    let bound = layer.answer.bound.as_ref().ok();
    let bound = bound.map(|(id, it)| (*id, it * word * args.layers));
    let over_best = ratio(measured.bytes, best);
    let over_bound = bound.as_ref().and_then(|(_, it)| Some(ratio(measured.bytes, it.to_u128()?)));
    let most = BigUint::from(measured.bytes) + measured.rounding;
    let below = bound.as_ref().is_some_and(|(_, it)| most < *it);
    let finding = below.then(|| assumptions(&layer, args.layers));
    let status = if below { Status::Wrong } else { Status::Holds };
    if out.is_json() {
        let kernels = measured.kernels.iter();
        out.document(&Document {
            measured: Said {
                bytes: measured.bytes,
                rounding: measured.rounding,
                source: &args.measured,
                metrics: counter.map(|it| it.metrics),
                layers: args.layers,
                kernels: kernels
                    .map(|it| Kernel { name: &it.name, launches: it.launches, bytes: it.bytes })
                    .collect(),
            },
            over_best,
            over_bound,
            bound_bytes: bound.map(|it| it.1.to_string()),
            finding: finding.as_deref(),
            layer: layer.document(),
        });
        return Ok(status);
    }
    layer.say_title(out);
    let cells = |name: &str, value: String, what: &str| vec![name.into(), value, what.into()];
    let what = counter.map_or("bytes, as typed in".to_owned(), |it| {
        format!("bytes, {} read and written: {}", it.name, it.metrics.join(" + "))
    });
    let mut rows = vec![cells("measured", digits(measured.bytes), &what)];
    if measured.rounding > 0 {
        let what = "bytes more or fewer: the profiler printed rounded numbers";
        rows.push(cells("rounding", digits(measured.rounding), what));
    }
    let of = match args.layers {
        1 => String::new(),
        it => format!(" of {} layers", digits(it)),
    };
    rows.push(cells("best", digits(best), &format!("bytes{of} by the best schedule that ships")));
    if let Some((id, it)) = &bound {
        rows.push(cells("bound", digits(it), &format!("bytes{of} at least: {id}")));
    }
    rows.push(cells("of best", format!("{over_best:.3}"), "measured over best"));
    if let Some(it) = over_bound {
        rows.push(cells("of bound", format!("{it:.3}"), "measured over bound"));
    }
    out.text(&numbers(&rows));
    for it in &measured.kernels {
        let (launches, bytes) = (digits(it.launches), digits(it.bytes));
        out.line(format_args!("launched {launches} times, {bytes} bytes: {}", it.name));
    }
    layer.say_standing(out);
    if let Some(all) = &finding {
        say("fewer bytes were measured than the bound allows");
        out.line("\nbelow the bound, so one of these is false:");
        for it in all {
            out.text(&wrap(&format!("- {it}"), "  ", 94));
        }
    }
    Ok(status)
}

/// The bytes that are compared, and how they were counted; typed in, nobody says how.
fn measured(args: &Args, traffic: &str) -> Result<(Measured, Option<&'static Counter>), Failure> {
    let text = &args.measured;
    let typed = text.starts_with(|it: char| it.is_ascii_digit()) && !text.ends_with(".csv");
    if typed {
        if !args.kernel.is_empty() {
            let message = "kernels are told apart in a profiler's file, not in typed bytes";
            return Err(Failure::arguments(message).at("--kernel"));
        }
        let wrong = |it| Failure::arguments(it).at("--measured");
        let bytes = profile::bytes(text).map_err(wrong)?;
        return Ok((Measured { bytes, rounding: 0, kernels: vec![] }, None));
    }
    let counter = profile::counter(traffic).ok_or_else(|| {
        let known: Vec<&str> = COUNTERS.iter().flat_map(|it| it.traffic).copied().collect();
        let message = format!(
            "no metric is known for {traffic}; known: {}; or type the bytes in",
            known.join(", ")
        );
        Failure::arguments(message).at("--level")
    })?;
    let wrong = |it: NotAProfile| {
        let at = it.line.map_or_else(|| text.clone(), |line| format!("{text}:{line}"));
        Failure::new(Kind::Parse, it).at(at)
    };
    let it = profile::read(&files::read(Path::new(text), &files::PROFILE)?, counter, &args.kernel)
        .map_err(wrong)?;
    Ok((it, Some(counter)))
}

/// What a number below the bound puts in doubt.
fn assumptions(layer: &Layer, layers: u64) -> Vec<String> {
    let Layer { place, asked, fast, answer, .. } = layer;
    let mut all = vec![format!(
        "the sizes: {} queries, {} keys, mask {}, {} heads, batch {}, layers {layers}; a kernel that does \
         less moves less (--n, --mask, --heads, --batch, --layers)",
        digits(asked.shape.n()),
        digits(asked.shape.keys()),
        asked.mask,
        layer.heads(),
        asked.batch
    )];
    all.push(format!(
        "a word is {} bytes; smaller types move fewer bytes (--bytes-per-word)",
        place.bytes_per_word
    ));
    all.push(
        "fast memory begins empty and ends stored: what an earlier kernel left there was not loaded, what is \
         still to be written back was not counted (a profiler may flush it: `ncu --cache-control all`)"
            .to_owned(),
    );
    if let Some(it) = answer.bound.as_ref().ok().and_then(|it| closed_form(Pass::Forward, it.0)) {
        all.push(format!("what the bound `{}` is about: {}", it.id, it.assumes));
        // It is the one that holds for every M.
        if it.id != "compulsory" {
            all.push(format!(
                "M is {} words; a kernel that also keeps words elsewhere, as in registers or in the shared \
                 memory of other SMs, has more (--m)",
                digits(fast)
            ));
        }
    }
    all.push(
        "all of the traffic was counted: other kernels, atomics and reductions have metrics of their own"
            .to_owned(),
    );
    all
}
