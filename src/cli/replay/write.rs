//! `iobound replay --write FILE`.

use crate::cli::{failure::Failure, files};
use iobound::{
    reading::Pebbles,
    schedule::{BinaryWriter, Header, Move, MoveSource, TextWriter},
};
use std::{io, ops::ControlFlow, path::Path};

/// Writes the moves whole, or nothing.
pub(super) fn write(path: &Path, header: &Header, mut moves: Pebbles<'_>) -> Result<(), Failure> {
    let mut all = |sink: &mut dyn FnMut(Move<'_>) -> io::Result<()>| {
        let ended = moves.emit(&mut |it| match sink(it) {
            Ok(()) => ControlFlow::Continue(()),
            Err(it) => ControlFlow::Break(it),
        });
        match ended.map_err(io::Error::other)? {
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
            Err(Failure::arguments(message).at("--write"))
        }
    }
}
