//! The parsers, and what must hold of their answers.

use crate::any_text;
use iobound::{
    access::AccessSource,
    attention::{Mask, Partition, Pattern, Shape},
    cdag::{Cdag, Generator, Labelled, Operands, dot, format, hyperdag, json},
    certificate::{self, Problem},
    check::{check, check_attention},
    op::Op,
    order,
    replay::{self, Mode, Refusal, replay},
    schedule::{BinaryMoves, BinaryWriter, Header, Move, MoveSource, Named, TextMoves, TextWriter},
    sizes::{Sizes, size},
    strategy,
    sweep::{from_json_lines, to_csv, to_json_lines},
    trace::{Across, Format, Granularity, Numbers, Reader},
};
use std::{
    fmt::{Debug, Display},
    io::Cursor,
    num::NonZeroU64,
    ops::ControlFlow,
    path::Path,
};

/// A parser.
pub(crate) struct Target {
    /// Of its folder in the corpus.
    pub(crate) name: &'static str,
    /// Folders with other cases, and how the names of those end.
    pub(crate) seeds: &'static [(&'static str, &'static str)],
    /// What it says of a case, numbers aside; panics where it is not as it must be.
    pub(crate) answer: fn(&[u8]) -> String,
}

pub(crate) const SCHEDULE: Target = Target {
    name: "schedule",
    seeds: &[("traces", ".sched"), ("traces/family", ".sched"), ("traces/drafts", ".sched")],
    answer: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        said(any_text::read(&text), text.as_bytes())
    },
};

/// Files of moves: what is read is written and read again the same, and goes to the referee.
macro_rules! moves {
    ($name:literal, $seeds:expr, $Moves:ident, $Writer:ident) => {
        Target {
            name: $name,
            seeds: $seeds,
            answer: |bytes| {
                let open = |bytes: &[u8]| $Moves::open(Cursor::new(bytes.to_vec()));
                let header = match open(bytes) {
                    Ok(it) => it.header().clone(),
                    Err(it) => return said(Err::<(), _>(it), bytes),
                };
                let mut writer = $Writer::new(vec![], &header).unwrap();
                let read = played(open(bytes).unwrap(), |it| writer.write(it).unwrap());
                if let Ok(moves) = &read {
                    let written = open(&writer.finish().unwrap()).unwrap();
                    assert_eq!(written.header(), &header);
                    assert_eq!(&played(written, |_| ()).unwrap(), moves);
                }
                format!("{} {}", said(read, bytes), judged(&header, open(bytes).unwrap()))
            },
        }
    };
}

pub(crate) const MOVES_TEXT: Target =
    moves!("moves-text", &[("traces", ".moves")], TextMoves, TextWriter);
pub(crate) const MOVES_BINARY: Target = moves!("moves-binary", &[], BinaryMoves, BinaryWriter);

/// All moves, as they look.
fn played<S: MoveSource>(
    mut source: S,
    mut see: impl FnMut(Move<'_>),
) -> Result<Vec<String>, S::Error> {
    let mut moves = vec![];
    let _ = source.emit(&mut |it| {
        moves.push(format!("{it:?}"));
        see(it);
        ControlFlow::<()>::Continue(())
    })?;
    Ok(moves)
}

/// What the referee says, who panics at nothing.
fn judged(header: &Header, moves: impl MoveSource) -> String {
    let problem = match &header.problem {
        Named::Attention { n, d, scaled } => match Shape::square(*n, *d) {
            Ok(shape) => replay::Problem::Attention { shape, scaled: *scaled },
            Err(it) => return without_digits(&it),
        },
        Named::Inline { inputs, outputs } => {
            replay::Problem::Stream { n_inputs: *inputs, n_outputs: *outputs }
        }
        Named::Cdag(_) | Named::Generate { .. } | Named::Family(_) => return String::new(),
    };
    let small =
        matches!(header.problem, Named::Attention { n, d, .. } if n.saturating_mul(d) < 1_000);
    let mode = if small { Mode::Values { seed: 1 } } else { Mode::Legality };
    match replay(&problem, &header.machine, mode, moves) {
        Ok(it) => without_digits(&format!("{it:?}")),
        Err(Refusal::Violation(it)) => without_digits(&it),
        Err(Refusal::Unfit(it)) => without_digits(&it),
        Err(Refusal::Source(_)) => "source".to_owned(),
    }
}

pub(crate) const CERTIFICATE: Target = Target {
    name: "certificate",
    seeds: &[
        ("proofs/compulsory/accept", ".cert"),
        ("proofs/hong-kung/accept", ".cert"),
        ("proofs/wavefront/accept", ".cert"),
        ("proofs/wavefront-sum/accept", ".cert"),
        ("proofs/window/accept", ".cert"),
        ("proofs/pair-fresh/accept", ".cert"),
        ("proofs/pair-potential/accept", ".cert"),
        ("proofs/revisit/accept", ".cert"),
        ("proofs/saha-ye/accept", ".cert"),
        ("proofs/backward/accept", ".cert"),
    ],
    answer: |bytes| {
        let read = certificate::parse(bytes);
        let Ok(it) = &read else { return said(read, bytes) };
        assert_eq!(certificate::parse(it.to_string().as_bytes()).as_ref(), Ok(it));
        let verdict = match &it.claim.problem {
            Problem::Attention(_) | Problem::Backward(_) => check_attention(it),
            Problem::Inline(operands) => match Cdag::new(operands.clone()) {
                Ok(cdag) => check(it, &cdag),
                Err(it) => return without_digits(&it),
            },
            Problem::Digest(_) | Problem::File { .. } => return "elsewhere".to_owned(),
        };
        match verdict {
            Ok(bound) => bound.id().to_owned(),
            Err(rejection) => without_digits(&format!("{} {rejection}", it.claim.bound)),
        }
    },
};

/// A CDAG in one format, written in each, and read again the same.
fn same_again(it: &Labelled) {
    let reads = |it: &Cdag| it.vertices().map(|v| it.operands(v).to_vec()).collect::<Vec<_>>();
    for (format, name, _) in format::FORMATS {
        let mut text = vec![];
        format::write(it, *format, &mut text).unwrap();
        let file = format!("x.{name}");
        let again = format::read(&text, Some(Path::new(&file))).unwrap();
        assert_eq!(reads(&again.cdag), reads(&it.cdag), "{name}");
        if *format != format::Format::Hyperdag {
            assert_eq!(again.names(), it.names(), "{name}");
        }
    }
}

fn cdag(bytes: &[u8], read: impl Fn(&str) -> Result<Labelled, String>) -> String {
    let text = String::from_utf8_lossy(bytes);
    let it = read(&text);
    it.iter().for_each(same_again);
    said(it.map(drop), text.as_bytes())
}

pub(crate) const HYPERDAG: Target = Target {
    name: "hyperdag",
    seeds: &[],
    answer: |it| cdag(it, |it| hyperdag::parse(it).map(Into::into).map_err(|it| it.to_string())),
};

pub(crate) const DOT: Target = Target {
    name: "dot",
    seeds: &[],
    answer: |it| cdag(it, |it| dot::parse(it).map_err(|it| it.to_string())),
};

pub(crate) const JSON: Target = Target {
    name: "json",
    seeds: &[],
    answer: |it| cdag(it, |it| json::parse(it).map_err(|it| it.to_string())),
};

pub(crate) const PATTERN: Target = Target {
    name: "pattern",
    seeds: &[],
    answer: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let read = text.parse::<Pattern>();
        if let Ok(it) = &read {
            assert_eq!(it.to_string().parse().as_ref(), Ok(it));
            let kept = it.kept();
            assert!(kept.rows <= it.rows() && kept.keys <= it.keys());
            if it.bands().iter().map(|it| 1 + it.keys.len()).sum::<usize>() < 100 {
                any_text::read(&strategy::pattern("x", it).program.draft.to_string()).unwrap();
            }
        }
        said(read, text.as_bytes())
    },
};

pub(crate) const PARTITION: Target = Target {
    name: "partition",
    seeds: &[],
    answer: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let read = text.parse::<Partition>();
        if let Ok(it) = &read {
            assert_eq!(it.clusters().map(|it| it.end - it.start).sum::<u64>(), it.nodes());
            if it.nodes() < 10_000 {
                assert_eq!(it.to_string().parse().as_ref(), Ok(it));
                any_text::read(&strategy::bilevel("x", it).program.draft.to_string()).unwrap();
            }
        }
        said(read, text.as_bytes())
    },
};

/// Touches that are looked at: a line of a few bytes can be 2^16 of them.
const TOUCHES: usize = 1 << 20;

pub(crate) const TRACE: Target = Target {
    name: "trace",
    seeds: &[],
    answer: |bytes| {
        let mut all = String::new();
        for numbers in [Numbers::FirstSeen, Numbers::Pages] {
            for format in [None, Some(Format::Din), Some(Format::Ids)] {
                let across = if format.is_none() { Across::Split } else { Across::Refuse };
                let word_bytes = NonZeroU64::new(4).unwrap();
                let granularity = Granularity { word_bytes, across, numbers };
                let mut left = TOUCHES;
                let read = Reader::new(Cursor::new(bytes.to_vec()), format, granularity);
                let read = read.and_then(|mut it| {
                    let _ = it.emit(&mut |_| {
                        left -= 1;
                        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                    })?;
                    Ok(it.seen())
                });
                // Of a packed one the place is in what was packed.
                let text = bytes.iter().all(u8::is_ascii);
                let plain = text && !bytes.starts_with(b"iobound-trace");
                all +=
                    &if plain { said(read, bytes) } else { without_digits(&format!("{read:?}")) };
            }
        }
        all
    },
};

pub(crate) const SIZES: Target = Target {
    name: "sizes",
    seeds: &[],
    answer: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_end();
        let mut all = String::new();
        for max in [1, u64::MAX] {
            let read = Sizes::parse(text, max);
            if let Ok(it) = &read {
                assert!(it.as_slice().is_sorted_by(|a, b| a < b));
                assert!(it.as_slice().iter().all(|it| (1..=max).contains(it)));
                let list: Vec<_> = it.as_slice().iter().map(u64::to_string).collect();
                assert_eq!(Sizes::parse(&list.join(","), max).as_ref(), Ok(it));
            }
            all += &(said(read, text.as_bytes()) + &said(size(text, max), text.as_bytes()));
        }
        all
    },
};

/// Short names on the command line and in headers: families, masks, operations.
pub(crate) const NAMES: Target = Target {
    name: "names",
    seeds: &[],
    answer: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_end();
        let (family, mask, op) =
            (text.parse::<Generator>(), text.parse::<Mask>(), text.parse::<Op>());
        if let Ok(it) = &family {
            assert_eq!(it.to_string().parse::<Generator>().unwrap().to_string(), it.to_string());
            if it.n_vertices() < 1 << 16 {
                assert_eq!(it.cdag().n_vertices(), it.n_vertices());
            }
        }
        assert!(mask.iter().all(|it| it.to_string().parse() == Ok(*it)));
        assert!(op.iter().all(|it| it.to_string().parse() == Ok(*it)));
        without_digits(&format!("{family:?} {mask:?} {op:?}"))
    },
};

pub(crate) const ORDER: Target = Target {
    name: "order",
    seeds: &[],
    answer: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let cdag = "matmul:2,2,2".parse::<Generator>().unwrap().cdag();
        said(order::text::parse(&text, &cdag.into()), text.as_bytes())
    },
};

pub(crate) const POINTS: Target = Target {
    name: "points",
    seeds: &[],
    answer: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let read = from_json_lines(&text);
        if let Ok(it) = &read {
            assert_eq!(from_json_lines(&to_json_lines(it)).as_ref().unwrap(), it);
            assert!(to_csv(it).lines().count() > it.len());
        }
        said(read, text.as_bytes())
    },
};

/// What was said, after a look at the place that an error names.
fn said<T: Debug, E: Display>(read: Result<T, E>, bytes: &[u8]) -> String {
    let Err(error) = read else { return "read".to_owned() };
    let text = error.to_string();
    let lines = bytes.split(|it| *it == b'\n').count() + 1;
    let mut words = text.split([' ', ':', ',']);
    let most = match words.next() {
        Some("line" | "access") => lines,
        Some("byte" | "column") => bytes.len() + 1,
        _ => panic!("no place is named: {text}"),
    };
    let place: usize = words.next().unwrap().parse().unwrap_or_else(|_| panic!("{text}"));
    assert!(place <= most, "not in the text, which ends at {most}: {text}");
    without_digits(&text)
}

/// The message without numbers and what it quotes of this very case: what is new is then new of its kind.
fn without_digits(text: &impl Display) -> String {
    let text = text.to_string();
    let before = text.split(['`', '"']).next().unwrap_or_default();
    let after = text[before.len()..].rsplit(['`', '"']).next().unwrap_or_default();
    let kept = before.chars().chain(after.chars());
    kept.filter(|it| it.is_ascii_alphabetic() || *it == ' ').take(120).collect()
}
