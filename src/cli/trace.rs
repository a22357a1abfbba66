//! `iobound trace`: a schedule's accesses, or a trace, written in a format that other tools read.

use super::{
    Status,
    accesses::{AccessArgs, Given},
    failure::{Failure, Kind},
    files,
    output::Output,
    table::digits,
};
use iobound::{
    access::{Access, AccessSource},
    trace::{BinaryWriter, Format, Numbers, TextWriter},
};
use std::{
    io::{self, Write},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound trace --algorithm flash2 --n 64 --d 8 --m 512 --format din --out flash2.din
  iobound trace recorded.lackey.gz --format binary --out recorded.trace.zst
  iobound trace --schedule mine.sched --n 64 --d 8 --m 512 --format ids --out -

The words of a trace are numbered anew, in the order in which they are first touched. Files that end
in .gz or .zst are compressed.")]
pub(super) struct Args {
    #[command(flatten)]
    source: AccessArgs,
    /// din, lackey, ids or binary
    #[arg(long, value_name = "NAME")]
    format: Format,
    /// The file to write; `-` for stdout
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(serde::Serialize)]
struct Document {
    file: String,
    format: &'static str,
    accesses: u64,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let mut given = args.source.given(Numbers::FirstSeen)?;
    let word_bytes = args.source.word_bytes();
    if args.out == Path::new("-") {
        if out.is_json() {
            let message = "stdout takes the trace or the JSON document, not both";
            return Err(Failure::arguments(message).at("--out"));
        }
        let stdout = io::BufWriter::new(io::stdout().lock());
        return match write(&mut given, args.format, word_bytes, stdout) {
            Err(Stop::Write(it)) if it.kind() == io::ErrorKind::BrokenPipe => Ok(Status::Holds),
            Err(it) => Err(it.failure(&args.out)),
            Ok((_, mut stdout)) => {
                stdout.flush().map_err(|it| Stop::Write(it).failure(&args.out))?;
                Ok(Status::Holds)
            }
        };
    }
    let mut accesses = 0;
    let mut stopped = None;
    let extension = args.out.extension().and_then(|it| it.to_str());
    files::write(&args.out, |to| {
        let written = match extension {
            Some("gz") => {
                let gzip = flate2::write::GzEncoder::new(to, flate2::Compression::default());
                write(&mut given, args.format, word_bytes, gzip).and_then(|(n, it)| {
                    accesses = n;
                    it.finish().map(drop).map_err(Stop::Write)
                })
            }
            Some("zst") => zstd::stream::write::Encoder::new(to, 0)
                .map_err(Stop::Write)
                .and_then(|zstd| write(&mut given, args.format, word_bytes, zstd))
                .and_then(|(n, it)| {
                    accesses = n;
                    it.finish().map(drop).map_err(Stop::Write)
                }),
            _ => write(&mut given, args.format, word_bytes, to).map(|(n, _)| accesses = n),
        };
        match written {
            Ok(()) => Ok(()),
            Err(Stop::Write(it)) => Err(it),
            Err(Stop::Source(it)) => {
                stopped = Some(it);
                Err(io::Error::other("the source stopped"))
            }
        }
    })
    .map_err(|it| stopped.take().unwrap_or(it))?;
    let file = args.out.display().to_string();
    if out.is_json() {
        out.document(&Document { file, format: args.format.name(), accesses });
    } else {
        out.line(format_args!("{file}: {} accesses as {}", digits(accesses), args.format));
    }
    Ok(Status::Holds)
}

/// Why writing stopped.
enum Stop {
    Source(Failure),
    Write(io::Error),
}

impl Stop {
    fn failure(self, path: &Path) -> Failure {
        match self {
            Self::Source(it) => it,
            Self::Write(it) => Failure::new(Kind::File, it).at(path.display()),
        }
    }
}

/// How many accesses were written, and where to.
fn write<W: Write>(
    given: &mut Given,
    format: Format,
    word_bytes: u64,
    to: W,
) -> Result<(u64, W), Stop> {
    let mut n = 0;
    if format == Format::Binary {
        let mut writer = BinaryWriter::new(to).map_err(Stop::Write)?;
        each(given, &mut n, |it| writer.write(it))?;
        return Ok((n, writer.end().map_err(Stop::Write)?));
    }
    let mut writer = TextWriter::new(to, format, word_bytes);
    each(given, &mut n, |it| writer.write(it))?;
    Ok((n, writer.end()))
}

fn each(
    given: &mut Given,
    n: &mut u64,
    mut write: impl FnMut(Access) -> io::Result<()>,
) -> Result<(), Stop> {
    let ended = given.emit(&mut |it| match write(it) {
        Ok(()) => {
            *n += 1;
            ControlFlow::Continue(())
        }
        Err(it) => ControlFlow::Break(it),
    });
    match ended.map_err(Stop::Source)? {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(it) => Err(Stop::Write(it)),
    }
}
