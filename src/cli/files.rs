//! Files in and out.

use super::failure::{Failure, Kind};
use iobound::{
    attention::{Partition, Pattern, partition::NotAPartition, pattern::NotAPattern},
    schedule::Program,
};
use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

/// Bytes a file may have, 2³⁰: a device that never ends is refused.
const MOST: u64 = 1 << 30;

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    String::from_utf8(bytes(path)?).map_err(|it| {
        let message = format!("byte {}: not UTF-8 text", it.utf8_error().valid_up_to());
        Failure::new(Kind::Parse, message).at(path.display())
    })
}

/// The bytes of a file: a schedule text, a CDAG, a certificate.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let cannot = |it: io::Error| Failure::new(Kind::File, it).at(path.display());
    let mut bytes = Vec::new();
    File::open(path).and_then(|it| it.take(MOST + 1).read_to_end(&mut bytes)).map_err(cannot)?;
    if u64::try_from(bytes.len()).is_ok_and(|it| it > MOST) {
        let message = format!("more than {MOST} bytes");
        return Err(Failure::new(Kind::File, message).at(path.display()));
    }
    Ok(bytes)
}

/// The schedule in a file.
pub(super) fn program(path: &Path) -> Result<Program, Failure> {
    Program::parse(&read(path)?).map_err(|it| Failure::of_text(&it, path.display()))
}

/// The mask in a file.
pub(super) fn pattern(path: &Path) -> Result<Pattern, Failure> {
    read(path)?.parse().map_err(|it: NotAPattern| {
        let at = format!("{}:{}", path.display(), it.line);
        Failure::new(Kind::Parse, it.what).at(at)
    })
}

/// The clusters in a file.
pub(super) fn partition(path: &Path) -> Result<Partition, Failure> {
    read(path)?.parse().map_err(|it: NotAPartition| {
        let at = format!("{}:{}", path.display(), it.line);
        Failure::new(Kind::Parse, it.what).at(at)
    })
}

/// The integers in a file, with blanks or line ends between.
pub(super) fn integers(path: &Path) -> Result<Vec<u64>, Failure> {
    let text = read(path)?;
    let numbered = text.lines().zip(1..);
    let words = numbered.flat_map(|(it, line)| it.split_whitespace().map(move |it| (it, line)));
    words
        .map(|(it, line)| {
            let message = format!("expected an integer from 0, found `{it}`");
            let at = format!("{}:{line}", path.display());
            it.parse().map_err(|_| Failure::new(Kind::Parse, message).at(at))
        })
        .collect()
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
