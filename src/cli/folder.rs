//! Files that appear whole or not at all.

use super::failure::{Failure, Kind};
use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Writes `bytes` to `name` in `folder`, by way of a temporary file beside it.
///
/// # Errors
///
/// The folder or the file cannot be written; then `name` is as it was.
pub(super) fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let path = folder.join(name);
    let written = || {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        readable(file.as_file())?;
        file.persist(&path)?;
        Ok::<_, io::Error>(())
    };
    written().map_err(|it| failure(&it, &path))
}

/// The same for a folder that is this process's alone: the file beside it has a name of its own, and is written
/// over by who comes after one that was killed. Gives the path.
///
/// # Errors
///
/// The file cannot be written, or `fill` says so; then `name` is as it was.
pub(super) fn replace(
    folder: &Path,
    name: &str,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<PathBuf, Failure> {
    let (path, partial) = (folder.join(name), folder.join(format!("{name}.partial")));
    let written = || {
        let mut file = BufWriter::new(File::create(&partial)?);
        fill(&mut file)?;
        file.into_inner()?.sync_all()?;
        fs::rename(&partial, &path)
    };
    written().map_err(|it| {
        let _ = fs::remove_file(&partial); // room for others; it is worth nothing
        failure(&it, &path)
    })?;
    Ok(path)
}

/// A temporary file is private; a report is not.
#[cfg(unix)]
fn readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &File) -> io::Result<()> {
    Ok(())
}

/// Makes `folder`, and tells before any work whether it can be written.
///
/// # Errors
///
/// It cannot.
pub(super) fn make(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder)
        .and_then(|()| tempfile::NamedTempFile::new_in(folder).map(drop))
        .map_err(|it| failure(&it, folder))
}

fn failure(error: &io::Error, path: &Path) -> Failure {
    Failure::new(Kind::File, format_args!("cannot write: {error}")).at(path.display())
}
