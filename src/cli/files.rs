//! Files in and out.

use super::failure::{Failure, Kind};
use iobound::{
    attention::{Partition, Pattern, partition::NotAPartition, pattern::NotAPattern},
    schedule::{MAX_TEXT, Program},
};
use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

/// What a file is read as, and the bytes it may have: what is larger, or never ends, is refused before it fills
/// the memory. Moves and traces are not here, they are read as they come.
pub(super) struct Sort(&'static str, u64);

pub(super) const SCHEDULE: Sort = Sort("schedule", MAX_TEXT as u64);
/// 2¹³ ranges of numbers below 2⁴⁸, and comments.
pub(super) const PATTERN: Sort = Sort("pattern", 1 << 20);
/// 2²⁴ nodes, each a number and a blank.
pub(super) const PARTITION: Sort = Sort("partition", 1 << 28);
pub(super) const INTEGERS: Sort = Sort("list of integers", 1 << 28);
/// What a profiler says of a million launches.
pub(super) const PROFILE: Sort = Sort("profile", 1 << 28);
/// A sweep's: two million sizes.
pub(super) const MANIFEST: Sort = Sort("manifest", 1 << 26);
pub(super) const ORDER: Sort = Sort("order", 1 << 28);
/// 2²⁴ vertices and 2²⁶ edges.
pub(super) const CDAG: Sort = Sort("CDAG", 1 << 30);
/// Each path of a wavefront is a list: memory is ten times the text.
pub(super) const CERTIFICATE: Sort = Sort("certificate", 1 << 27);

/// The text of a file.
pub(super) fn read(path: &Path, sort: &Sort) -> Result<String, Failure> {
    String::from_utf8(bytes(path, sort)?).map_err(|it| {
        let message = format!("byte {}: not UTF-8 text", it.utf8_error().valid_up_to());
        Failure::new(Kind::Parse, message).at(path.display())
    })
}

/// The bytes of a file.
pub(super) fn bytes(path: &Path, Sort(name, most): &Sort) -> Result<Vec<u8>, Failure> {
    let cannot = |it: io::Error| Failure::new(Kind::File, it).at(path.display());
    let file = File::open(path).map_err(cannot)?;
    let mut bytes = Vec::new();
    // A device and a pipe have no length.
    let mut length = file.metadata().map_err(cannot)?.len();
    if length <= *most {
        length = file
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(cannot)?
            .try_into()
            .unwrap_or(u64::MAX);
    }
    if length > *most {
        let message = format!("more than {most} bytes, too long for a {name}");
        return Err(Failure::new(Kind::File, message).at(path.display()));
    }
    Ok(bytes)
}

/// The schedule in a file.
pub(super) fn program(path: &Path) -> Result<Program, Failure> {
    Program::parse(&read(path, &SCHEDULE)?).map_err(|it| Failure::of_text(&it, path.display()))
}

/// The mask in a file.
pub(super) fn pattern(path: &Path) -> Result<Pattern, Failure> {
    let text = read(path, &PATTERN)?;
    text.parse().map_err(|it: NotAPattern| in_line(path, it.line, it.what))
}

/// The clusters in a file.
pub(super) fn partition(path: &Path) -> Result<Partition, Failure> {
    let text = read(path, &PARTITION)?;
    text.parse().map_err(|it: NotAPartition| in_line(path, it.line, it.what))
}

/// The integers in a file, with blanks or line ends between.
pub(super) fn integers(path: &Path) -> Result<Vec<u64>, Failure> {
    let text = read(path, &INTEGERS)?;
    let numbered = text.lines().zip(1..);
    let words = numbered.flat_map(|(it, line)| it.split_whitespace().map(move |it| (it, line)));
    words
        .map(|(it, line)| {
            let message = format!("expected an integer from 0, found `{it}`");
            it.parse().map_err(|_| in_line(path, line, message))
        })
        .collect()
}

fn in_line(path: &Path, line: usize, what: impl std::fmt::Display) -> Failure {
    Failure::new(Kind::Parse, what).at(format_args!("{}:{line}", path.display()))
}

/// Writes a file whole, or leaves what was there.
pub(super) fn write<E>(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), Failure>
where
    E: std::fmt::Display,
{
    let cannot = |it: &dyn std::fmt::Display| Failure::new(Kind::File, it).at(path.display());
    let dir = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !dir.is_dir() {
        return Err(cannot(&format_args!("there is no folder {}", dir.display())));
    }
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::{fs, os::unix::fs::PermissionsExt};
        // As a new file would have them (the umask is applied), or as the old one has them.
        let old = fs::metadata(path).map(|it| it.permissions());
        builder.permissions(old.unwrap_or_else(|_| fs::Permissions::from_mode(0o666)));
    }
    let file = builder.tempfile_in(dir).map_err(|it| cannot(&it))?;
    let mut writer = io::BufWriter::new(file);
    fill(&mut writer).map_err(|it| cannot(&it))?;
    let file = writer.into_inner().map_err(|it| cannot(it.error()))?;
    file.persist(path).map_err(|it| cannot(&it.error))?;
    Ok(())
}
