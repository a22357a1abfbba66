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
    cache::{BadGeometry, Geometry, Kinds, Policy, Replacement, Row, Sets, curves},
    report::{Picture, miss_curve},
    sizes::Sizes,
    trace::Numbers,
};
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound curve --algorithm flash2 --n 256 --d 32 --m 8Ki --policy lru,opt --sizes 1Ki..64Ki
  iobound curve mine.din.gz --word-bytes 8 --csv
  iobound curve kernel.lackey.gz --sizes 8Ki --word-bytes 4 --sets 64 --ways 8 --line 16
  valgrind --tool=lackey --trace-mem=yes ./kernel 2>&1 | iobound curve - --plot kernel.svg

A cache of C words is fully associative and allocates what is written; a written word is not
fetched. `opt` is Belady's optimum, the fewest misses; `opt-words` also lets go
of clean words that are written next, so that often fewer words move. With a schedule, M only chooses its tiles.

Keys in JSON, an array over policies and sizes:
  policy, size           lru, opt, …; words of the cache
  accesses, misses       touches; those of words that are not there
  loads                  words that come in: missed reads
  writebacks, flushed    dirty words evicted; dirty words left at the end
  kinds                  of a cache of sets: misses compulsory, for want of capacity, of conflict")]
pub(super) struct Args {
    #[command(flatten)]
    source: AccessArgs,
    /// Who leaves: lru, opt, opt-words, fifo
    #[arg(long, value_delimiter = ',', value_name = "NAMES", default_value = "lru,opt")]
    policy: Vec<Policy>,
    /// Words of the cache: 4096, 1Ki,4Ki or 1Ki..1Mi (default 16..4Mi, as far as anything changes)
    #[arg(long, value_parser = memories)]
    sizes: Option<Sizes>,
    #[command(flatten)]
    sets: SetArgs,
    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Draw it: FILE.svg or FILE.png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
}

/// A cache as hardware has it, beside the others.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "A cache of sets of lines")]
struct SetArgs {
    /// How many sets; line l is in set l mod sets
    #[arg(long, value_name = "COUNT", requires = "ways")]
    sets: Option<u32>,
    /// Lines in a set
    #[arg(long, value_name = "COUNT", requires = "sets")]
    ways: Option<u32>,
    /// Words of a line: a power of two
    #[arg(long, value_name = "WORDS", default_value = "1", requires = "sets")]
    line: u32,
    /// Evict by a tree of bits, not the line touched longest ago
    #[arg(long, requires = "sets")]
    plru: bool,
    /// A line that is written and not there stays out
    #[arg(long, requires = "sets")]
    no_write_allocate: bool,
}

impl SetArgs {
    fn cache(&self) -> Result<Option<(Geometry, Sets)>, Failure> {
        let (Some(sets), Some(ways)) = (self.sets, self.ways) else { return Ok(None) };
        let replacement = if self.plru { Replacement::TreePlru } else { Replacement::Lru };
        let write_allocate = !self.no_write_allocate;
        let geometry = Geometry { line: self.line, sets, ways, replacement, write_allocate };
        let cache = Sets::new(geometry).map_err(|it| {
            let place = match it {
                BadGeometry::Sets(_) => "--sets",
                BadGeometry::Ways(..) | BadGeometry::Tree(_) => "--ways",
                BadGeometry::Line(_) => "--line",
            };
            Failure::new(Kind::Sizes, it).at(place)
        })?;
        Ok(Some((geometry, cache)))
    }
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let picture = args.plot.as_deref().map(picture).transpose()?;
    let mut policies = args.policy.clone();
    policies.dedup();
    let sizes: Vec<usize> = match &args.sizes {
        Some(it) => it.as_slice().iter().filter_map(|it| usize::try_from(*it).ok()).collect(),
        None => (4..=22).map(|it| 1 << it).collect(),
    };
    let sets = args.sets.cache()?;
    let numbers = if sets.is_some() { Numbers::Pages } else { Numbers::FirstSeen };
    let mut given = args.source.given(numbers)?;
    let mut rows = curves(&mut given, &policies, &sizes, sets)?;
    if args.sizes.is_none() {
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
                "{} accesses across words; {} instruction fetches left out",
                digits(seen.across),
                digits(seen.instructions)
            ));
        }
        out.line("");
        out.text(&text(&rows));
        for Kinds { compulsory, capacity, conflict } in rows.iter().filter_map(|it| it.kinds) {
            let kinds = [compulsory, capacity].map(digits);
            out.line(format_args!(
                "\nsets: counts are of lines; misses: {} compulsory, {} for want of room, {conflict} for want of ways",
                kinds[0], kinds[1]
            ));
        }
    }
    Ok(Status::Holds)
}

pub(super) fn picture(path: &std::path::Path) -> Result<Picture, Failure> {
    match path.extension().and_then(|it| it.to_str()) {
        Some("svg") => Ok(Picture::Svg),
        Some("png") => Ok(Picture::Png),
        _ => Err(Failure::arguments("a picture is FILE.svg or FILE.png").at("--plot")),
    }
}

/// Leaves out sizes, of the default ones, beyond the first from which on nothing changes.
fn trim(rows: &mut Vec<Row>) {
    let full = || rows.iter().filter(|it| it.policy != Policy::Sets);
    let least = full().map(|it| (it.counts.misses, it.counts.io())).min();
    let all = |size| {
        let mut of_size = full().filter(|it| it.size == size);
        of_size.all(|it| Some((it.counts.misses, it.counts.io())) == least)
    };
    let enough = full().map(|it| it.size).filter(|it| all(*it)).min();
    let keep = |it: &Row| enough.is_none_or(|enough| it.size <= enough);
    rows.retain(|it| it.policy == Policy::Sets || keep(it));
}

fn csv(rows: &[Row]) -> String {
    let mut writer = csv::Writer::from_writer(vec![]);
    let head = ["policy", "size", "accesses", "misses", "loads", "writebacks", "flushed"];
    writer.write_record(head).expect("memory takes everything");
    for Row { policy, size, counts, .. } in rows {
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
    for Row { policy, size, counts, .. } in rows {
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
