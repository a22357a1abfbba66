//! `iobound curve`: what caches of many sizes make of a trace or of a schedule's loops.

use super::{
    Status,
    accesses::AccessArgs,
    failure::{Failure, Kind},
    files,
    output::Output,
    sweep::memories,
    table::{Align, digits, table},
};
use iobound::{
    cache::{Policy, Row, curves},
    report::{Picture, miss_curve},
    sizes::Sizes,
};
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound curve --algorithm flash2 --n 256 --d 32 --m 8Ki --policy lru,opt --sizes 1Ki..64Ki
  iobound curve mine.din.gz --word-bytes 8 --csv
  valgrind --tool=lackey --trace-mem=yes ./kernel 2>&1 | iobound curve - --plot kernel.svg

A cache of C words is fully associative and allocates what is written; a written word is not
fetched. `opt` is Belady's optimum. With a schedule, M only chooses its tiles.

Keys in JSON, an array over policies and sizes:
  policy, size           lru, opt or fifo; words of the cache
  accesses, misses       touches; those of words that are not there
  loads                  words that come in: missed reads
  writebacks, flushed    dirty words evicted; dirty words left at the end")]
pub(super) struct Args {
    #[command(flatten)]
    source: AccessArgs,
    /// Who leaves: lru, opt, fifo
    #[arg(long, value_delimiter = ',', value_name = "NAMES", default_value = "lru,opt")]
    policy: Vec<Policy>,
    /// Words of the cache: 4096, 1Ki,4Ki or 1Ki..1Mi
    #[arg(long, value_parser = memories, default_value = "16..4Mi")]
    sizes: Sizes,
    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Draw it: FILE.svg or FILE.png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let picture = args.plot.as_deref().map(picture).transpose()?;
    let mut policies = args.policy.clone();
    policies.dedup();
    let sizes: Vec<usize> =
        args.sizes.as_slice().iter().filter_map(|it| usize::try_from(*it).ok()).collect();
    let mut given = args.source.given()?;
    let mut rows = curves(&mut given, &policies, &sizes)?;
    if args.sizes == memories("16..4Mi").expect("the default") {
        trim(&mut rows);
    }
    let title = given.title();
    if let (Some(path), Some(picture)) = (&args.plot, picture) {
        let bytes =
            miss_curve(&title, &rows, picture).map_err(|it| Failure::new(Kind::File, it))?;
        files::write(path, |to| to.write_all(&bytes))?;
    }
    if out.is_json() {
        out.document(&rows);
    } else if args.csv {
        out.text(&csv(&rows));
    } else {
        out.line(&title);
        let accesses = rows.first().map_or(0, |it| it.counts.accesses);
        out.line(format_args!("{} accesses", digits(accesses)));
        if let Some(seen) = given.seen() {
            out.line(format_args!(
                "{} different words; {} accesses across words; {} instruction fetches left out",
                digits(seen.words),
                digits(seen.across),
                digits(seen.instructions)
            ));
        }
        out.line("");
        out.text(&text(&rows));
    }
    Ok(Status::Holds)
}

fn picture(path: &std::path::Path) -> Result<Picture, Failure> {
    match path.extension().and_then(|it| it.to_str()) {
        Some("svg") => Ok(Picture::Svg),
        Some("png") => Ok(Picture::Png),
        _ => Err(Failure::arguments("a picture is FILE.svg or FILE.png").at("--plot")),
    }
}

/// Leaves out sizes, of the default ones, beyond the first from which on nothing changes.
fn trim(rows: &mut Vec<Row>) {
    let least = rows.iter().map(|it| (it.counts.misses, it.counts.io())).min();
    let all = |size| {
        let mut of_size = rows.iter().filter(|it| it.size == size);
        of_size.all(|it| Some((it.counts.misses, it.counts.io())) == least)
    };
    let enough = rows.iter().map(|it| it.size).filter(|it| all(*it)).min();
    rows.retain(|it| enough.is_none_or(|enough| it.size <= enough));
}

fn csv(rows: &[Row]) -> String {
    let mut writer = csv::Writer::from_writer(vec![]);
    let head = ["policy", "size", "accesses", "misses", "loads", "writebacks", "flushed"];
    writer.write_record(head).expect("memory takes everything");
    for Row { policy, size, counts } in rows {
        let numbers =
            [counts.accesses, counts.misses, counts.loads, counts.writebacks, counts.flushed];
        let record = [policy.to_string(), size.to_string()].into_iter();
        let record = record.chain(numbers.iter().map(ToString::to_string));
        writer.write_record(record).expect("memory takes everything");
    }
    let bytes = writer.into_inner().expect("memory takes everything");
    String::from_utf8(bytes).expect("names and digits")
}

fn text(rows: &[Row]) -> String {
    let head =
        ["policy", "words", "misses", "loads", "write-backs", "flushed", "moved", "miss rate"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    for Row { policy, size, counts } in rows {
        let numbers = [counts.misses, counts.loads, counts.writebacks, counts.flushed, counts.io()];
        let mut line = vec![policy.to_string(), digits(size)];
        line.extend(numbers.iter().map(digits));
        line.push(rate(counts.misses, counts.accesses));
        lines.push(line);
    }
    let mut columns = [Align::Right; 8];
    columns[0] = Align::Left;
    table(&columns, &lines)
}

/// In per cent, three places, rounded down.
fn rate(misses: u64, accesses: u64) -> String {
    let thousandths = u128::from(misses) * 100_000 / u128::from(accesses.max(1));
    format!("{}.{:03} %", thousandths / 1000, thousandths % 1000)
}
