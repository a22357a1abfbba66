//! Whatever bytes a parser is given, it answers: no panic, no hang, no memory out of proportion; an
//! error names its place, and what parses prints and parses again the same.
//!
//! Cases are the files of `corpus/` and those that the repository has anyway, as they are and then
//! changed: a fixed number of times from a fixed seed, or, with `IOBOUND_FUZZ_SECONDS=600`, for so
//! long from the seed `IOBOUND_FUZZ_SEED`. A finding is cut down and written to `target/fuzz/`; once it is
//! understood it belongs into `corpus/`, where it stays a case.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../shared/any_text.rs"]
mod any_text;
mod mutate;
mod targets;

use mutate::{Random, mutated};
use std::{
    collections::BTreeSet,
    env, fs,
    io::Write,
    panic::{catch_unwind, set_hook, take_hook},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};
use targets::Target;

/// Changed cases of each parser in an ordinary run.
const CASES: usize = 3_000;

/// No case takes so much of a processor; most take less than a millisecond.
const LONGEST: Duration = Duration::from_secs(20);

/// No case, of at most 64 KiB, takes so much memory.
const MOST_KIB: u64 = 512 << 10;

/// Cases that are changed further, because what was said of them was new.
const POOL: usize = 500;

macro_rules! tests {
    ($($test:ident $target:ident)*) => {$(
        #[test]
        fn $test() {
            fuzz(&targets::$target);
        }
    )*};
}

tests! {
    schedules SCHEDULE
    moves_in_text MOVES_TEXT
    moves_in_binary MOVES_BINARY
    certificates CERTIFICATE
    hyperdags HYPERDAG
    dot DOT
    json JSON
    patterns PATTERN
    partitions PARTITION
    traces TRACE
    sizes SIZES
    names NAMES
    orders ORDER
    points POINTS
}

fn fuzz(target: &'static Target) {
    let mut pool = begin_with(target);
    let corpus = pool.len();
    assert_ne!(corpus, 0, "no corpus of {}", target.name);
    let watched = watch(target);
    let mut said = BTreeSet::new();
    let mut try_one = |case: Vec<u8>| {
        *watched.lock().unwrap() = Some((busy(), case.clone()));
        let before = peak_kib();
        let answer = catch_unwind(|| (target.answer)(&case));
        let grown = peak_kib().saturating_sub(before);
        if answer.is_err() || grown > MOST_KIB {
            let path = keep(target, &if answer.is_err() { cut_down(target, case) } else { case });
            panic!("{}: see {}; peak memory grew by {grown} KiB", target.name, path.display());
        }
        said.insert(answer.unwrap()).then_some(case)
    };
    for case in pool.clone() {
        try_one(case);
    }
    let number = |name| env::var(name).ok().map(|it| it.parse::<u64>().expect("a number"));
    let seconds = number("IOBOUND_FUZZ_SECONDS").map(Duration::from_secs);
    let mut random = Random(number("IOBOUND_FUZZ_SEED").unwrap_or(1));
    let begin = Instant::now();
    let mut cases = 0;
    while seconds.map_or(cases < CASES, |it| begin.elapsed() < it) {
        // What there was to begin with is changed as often as what came of it.
        let of = [corpus, pool.len()][random.below(2)];
        let (seed, other) = (random.below(of), random.below(pool.len()));
        let case = mutated(&pool[seed], &pool[other], &mut random);
        cases += 1;
        pool.extend(try_one(case).filter(|_| pool.len() < POOL));
    }
    *watched.lock().unwrap() = None;
    eprintln!("{}: {cases} cases, {} answers", target.name, said.len());
}

/// What there is to begin with.
fn begin_with(target: &Target) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = format!("tests/fuzz/corpus/{}", target.name);
    let mut files: Vec<PathBuf> = vec![];
    for (folder, ending) in target.seeds.iter().chain(&[(own.as_str(), "")]) {
        for it in fs::read_dir(root.join(folder)).into_iter().flatten() {
            let path = it.unwrap().path();
            let name = path.to_str().unwrap();
            if path.is_file() && name.ends_with(ending) {
                files.push(path);
            }
        }
    }
    files.sort();
    files.iter().map(|it| fs::read(it).unwrap()).collect()
}

/// The case at hand, and how busy the process was before.
type Watched = Arc<Mutex<Option<(Duration, Vec<u8>)>>>;

/// A case that takes too long ends the process: nothing else would.
fn watch(target: &'static Target) -> Watched {
    let watched = Watched::default();
    let at_hand = Arc::clone(&watched);
    thread::spawn(move || {
        loop {
            thread::sleep(Duration::from_secs(1));
            let slow = at_hand.lock().unwrap().clone().filter(|it| busy() - it.0 > LONGEST);
            if let Some((_, case)) = slow {
                let path = keep(target, &case);
                // Past what a test captures.
                let _ = writeln!(
                    std::io::stderr(),
                    "{}: more than {LONGEST:?}, see {}",
                    target.name,
                    path.display()
                );
                std::process::exit(1);
            }
        }
    });
    watched
}

/// A shorter case that fails as well.
fn cut_down(target: &Target, mut case: Vec<u8>) -> Vec<u8> {
    let hook = take_hook();
    set_hook(Box::new(|_| ()));
    let mut length = case.len() / 2;
    while length > 0 {
        let mut at = 0;
        while at + length <= case.len() {
            let shorter = [&case[..at], &case[at + length..]].concat();
            if catch_unwind(|| (target.answer)(&shorter)).is_err() {
                case = shorter;
            } else {
                at += length;
            }
        }
        length /= 2;
    }
    set_hook(hook);
    case
}

/// Writes a finding.
fn keep(target: &Target, case: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fuzz").join(target.name);
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{}.case", fs::read_dir(&folder).unwrap().count()));
    fs::write(&path, case).unwrap();
    path
}

/// The most memory this process has had; 0 where the system does not say.
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
    let kib = line.and_then(|it| it.split_whitespace().next());
    kib.map_or(0, |it| it.parse().unwrap())
}

/// Time of a processor that this process has had, whatever else the machine does; 0 where the system does not say.
fn busy() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name, which may hold blanks: user and system time are the fields 14 and 15, in hundredths.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11);
    let ticks = fields.take(2).map(|it| it.parse::<u64>().unwrap()).sum::<u64>();
    Duration::from_millis(10 * ticks)
}
