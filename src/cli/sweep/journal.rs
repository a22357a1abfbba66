//! The journal of a sweep: a file that only grows, a line for each answered cell.
//!
//! ```text
//! line := checksum " " point LF        checksum: CRC-32 of the point's bytes, 8 hexadecimal digits
//! ```
//!
//! A line counts if its checksum holds; what is damaged is as good as absent, since a cell is a pure function
//! and is answered again. A torn last line, which a killed process leaves, is cut off before more is written.
//! The file is locked as long as it is open, so that two processes never write to one journal.

use crate::cli::failure::{Failure, Kind};
use iobound::sweep::Point;
use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions, TryLockError},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

const CHECKSUM: usize = "01234567 ".len();

/// No point is longer: what has no end of line for so long is damage.
const LONGEST: u64 = 1 << 20;

#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    lines: Mutex<Lines>,
    /// Lines whose checksum does not hold.
    damaged: usize,
}

#[derive(Debug, Default)]
struct Lines {
    /// Bytes of whole lines.
    end: u64,
    /// Where a cell's point is, and how long. Of two with one name the first.
    points: BTreeMap<String, (u64, usize)>,
}

impl Journal {
    /// Opens or makes the file and locks it.
    ///
    /// # Errors
    ///
    /// Another process has it; or it cannot be read and written.
    pub(super) fn open(path: PathBuf) -> Result<Self, Failure> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(&path);
        let file = file.map_err(|it| failure("open", &it, &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let message =
                    "another process is at work in this folder; wait for it or use another folder";
                return Err(Failure::new(Kind::File, message).at(path.display()));
            }
            Err(TryLockError::Error(it)) => return Err(failure("lock", &it, &path)),
        }
        let (lines, damaged) = read(&file)
            .and_then(|it| file.set_len(it.0.end).map(|()| it))
            .map_err(|it| failure("read", &it, &path))?;
        Ok(Self { path, file, lines: Mutex::new(lines), damaged })
    }

    /// Forgets everything.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(super) fn clear(&mut self) -> Result<(), Failure> {
        self.file.set_len(0).map_err(|it| failure("write", &it, &self.path))?;
        (self.lines, self.damaged) = (Mutex::default(), 0);
        Ok(())
    }

    pub(super) fn damaged(&self) -> usize {
        self.damaged
    }

    /// How many cells have a point.
    pub(super) fn len(&self) -> usize {
        self.with(|it| it.points.len())
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.with(|it| it.points.contains_key(id))
    }

    /// Adds the point of a cell, as JSON.
    ///
    /// # Errors
    ///
    /// The file cannot be written; what it held before is still there.
    pub(super) fn append(&self, id: String, json: &str) -> Result<(), Failure> {
        let line = format!("{:08x} {json}\n", crc32fast::hash(json.as_bytes()));
        self.with(|lines| {
            if let Err(error) = (&self.file).write_all(line.as_bytes()) {
                // A part of the line may be there; if it cannot be cut off now, the next to open does.
                let _ = self.file.set_len(lines.end);
                return Err(failure("write", &error, &self.path));
            }
            lines.points.entry(id).or_insert((lines.end + CHECKSUM as u64, json.len()));
            lines.end += line.len() as u64;
            Ok(())
        })
    }

    /// The point of a cell, as it was added.
    ///
    /// # Errors
    ///
    /// There is none, or the file cannot be read.
    pub(super) fn point(&self, id: &str) -> Result<String, Failure> {
        self.with(|lines| {
            let &(at, length) = lines.points.get(id).ok_or_else(|| {
                Failure::new(Kind::File, format_args!("no point of {id}")).at(self.path.display())
            })?;
            let mut bytes = vec![0; length];
            let mut file = &self.file;
            file.seek(SeekFrom::Start(at))
                .and_then(|_| file.read_exact(&mut bytes))
                .and_then(|()| String::from_utf8(bytes).map_err(io::Error::other))
                .map_err(|it| failure("read", &it, &self.path))
        })
    }

    /// Waits until the disk has it.
    ///
    /// # Errors
    ///
    /// The disk has not.
    pub(super) fn sync(&self) -> Result<(), Failure> {
        self.file.sync_all().map_err(|it| failure("write", &it, &self.path))
    }

    fn with<T>(&self, what: impl FnOnce(&mut Lines) -> T) -> T {
        // Whoever panicked left the lines as they were.
        what(&mut self.lines.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn failure(what: &str, error: &io::Error, path: &Path) -> Failure {
    Failure::new(Kind::File, format_args!("cannot {what}: {error}")).at(path.display())
}

/// The whole lines, and how many of them are damaged.
fn read(file: &File) -> io::Result<(Lines, usize)> {
    let (mut reader, mut at, mut damaged) = (BufReader::new(file), 0, 0);
    let (mut lines, mut line) = (Lines::default(), vec![]);
    loop {
        line.clear();
        let length = reader.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok((lines, damaged));
        }
        let start = at;
        at += length as u64;
        let Some(line) = line.strip_suffix(b"\n") else { continue };
        lines.end = at;
        match id(line) {
            Some(id) => {
                let place = (start + CHECKSUM as u64, line.len() - CHECKSUM);
                lines.points.entry(id).or_insert(place);
            }
            None => damaged += 1,
        }
    }
}

/// The cell of a line that counts.
fn id(line: &[u8]) -> Option<String> {
    let (checksum, json) = line.split_at_checked(CHECKSUM)?;
    let holds = checksum == format!("{:08x} ", crc32fast::hash(json)).as_bytes();
    let point: Point = serde_json::from_slice(json).ok().filter(|_| holds)?;
    Some(point.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use iobound::{
        model::Words,
        sweep::{Cell, sweep},
    };
    use std::fs;

    fn points() -> Vec<(String, String)> {
        let cells: Vec<_> =
            [9, 400, 500].into_iter().flat_map(|m| Cell::all(33, 7, Words(m))).collect();
        let points = sweep(&cells, || ()).expect("bounds are below counts");
        points.into_iter().map(|it| (it.id.clone(), it.to_json())).collect()
    }

    fn ids(journal: &Journal) -> Vec<String> {
        journal.with(|it| it.points.keys().cloned().collect())
    }

    /// Whatever the byte at which a writer died, the lines before it are there, and the rest can follow.
    #[test]
    fn cut_anywhere() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal");
        let points = &points()[..4];
        let journal = Journal::open(path.clone()).expect("new");
        let mut ends = vec![0];
        for (id, json) in points {
            journal.append(id.clone(), json).expect("space");
            ends.push(journal.with(|it| it.end));
        }
        drop(journal);
        let whole = fs::read(&path).expect("it is there");
        for length in 0..=whole.len() {
            fs::write(&path, &whole[..length]).expect("space");
            let journal = Journal::open(path.clone()).expect("cut");
            let lines = ends.iter().filter(|it| **it <= length as u64).count() - 1;
            assert_eq!((journal.len(), journal.damaged()), (lines, 0), "{length}");
            for (id, json) in points {
                assert_eq!(journal.has(id), points[..lines].iter().any(|it| it.0 == *id));
                if !journal.has(id) {
                    journal.append(id.clone(), json).expect("space");
                }
                assert_eq!(journal.point(id).expect("it was added"), *json);
            }
            drop(journal);
            assert_eq!(fs::read(&path).expect("it is there"), whole, "{length}");
        }
    }

    /// A changed bit costs its own line and no other.
    #[test]
    fn damage_anywhere() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal");
        let points = &points()[..3];
        let journal = Journal::open(path.clone()).expect("new");
        points.iter().for_each(|(id, json)| journal.append(id.clone(), json).expect("space"));
        let all = ids(&journal);
        drop(journal);
        let whole = fs::read(&path).expect("it is there");
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            fs::write(&path, &bytes).expect("space");
            let journal = Journal::open(path.clone()).expect("damaged");
            // the end of a line joins it to the next, the last one's makes it torn
            let lost = all.len() - journal.len();
            let expected = if whole[at] == b'\n' && at + 1 < whole.len() { 2 } else { 1 };
            assert_eq!(lost, expected, "{at}");
            assert!(ids(&journal).iter().all(|it| all.contains(it)), "{at}");
            for (id, json) in points.iter().filter(|it| journal.has(&it.0)) {
                assert_eq!(journal.point(id).expect("it is there"), *json, "{at}");
            }
        }
    }

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal");
        let first = Journal::open(path.clone()).expect("new");
        let second = Journal::open(path.clone()).expect_err("it is locked");
        assert!(second.to_string().contains("another process is at work"), "{second}");
        drop(first);
        Journal::open(path).expect("free again");
    }

    #[test]
    fn what_is_no_journal() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal");
        let long = vec![b'x'; 3 << 20];
        for (bytes, damaged) in [(&b"hello\n\n\xff\n"[..], 3), (&long, 0), (b"00000000 {}\n", 1)] {
            fs::write(&path, bytes).expect("space");
            let journal = Journal::open(path.clone()).expect("bytes");
            assert_eq!((journal.len(), journal.damaged()), (0, damaged));
        }
        assert!(Journal::open(folder.path().to_owned()).is_err());
    }
}
