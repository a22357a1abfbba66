//! `iobound replay --write FILE`.

use crate::cli::{failure::Failure, files};
use iobound::schedule::{BinaryWriter, Header, Move, MoveSource, TextWriter};
use std::{io, ops::ControlFlow, path::Path};

/// Writes the moves whole, or nothing; `option` is the one that names the file.
pub(in crate::cli) fn write(
    path: &Path,
    option: &str,
    header: &Header,
    mut moves: impl MoveSource,
) -> Result<(), Failure> {
    let mut all = |sink: &mut dyn FnMut(Move<'_>) -> io::Result<()>| {
        let ended = moves.emit(&mut |it| match sink(it) {
            Ok(()) => ControlFlow::Continue(()),
            Err(it) => ControlFlow::Break(it),
        });
        match ended.map_err(|it| io::Error::other(it.to_string()))? {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(it) => Err(it),
        }
    };
    match path.extension().and_then(|it| it.to_str()) {
        Some("moves") => files::write(path, |file| {
            let mut writer = TextWriter::new(file, header)?;
            all(&mut |it| writer.write(it))?;
            writer.finish().map(drop)
        }),
        Some("bin") => files::write(path, |file| {
            let mut writer = BinaryWriter::new(file, header)?;
            all(&mut |it| writer.write(it))?;
            writer.finish().map(drop)
        }),
        _ => {
            let message = "the name ends in .moves (text) or .bin (binary)";
            Err(Failure::arguments(message).at(option))
        }
    }
}
