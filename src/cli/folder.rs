//! Files that appear whole or not at all, and a progress bar.

use super::failure::{Failure, Kind};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    fs,
    io::{self, IsTerminal, Write},
    path::Path,
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

/// A temporary file is private; a report is not.
#[cfg(unix)]
fn readable(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &fs::File) -> io::Result<()> {
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

/// A bar on a terminal, nothing elsewhere.
pub(super) fn progress(n_cells: usize) -> ProgressBar {
    let target = if io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} cells, {eta} left");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(u64::try_from(n_cells).ok(), target).with_style(style)
}
