//! Bytes made from other bytes: what a careless editor, a broken disk or an enemy makes of a file.

use std::ops::Range;

/// No case is longer.
pub(crate) const LONGEST: usize = 1 << 16;

/// `SplitMix64`: the same numbers on every machine.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `n`, which is not 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }

    pub(crate) fn one_of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    fn range(&mut self, len: usize) -> Range<usize> {
        let from = self.below(len + 1);
        // Short ones are as likely as long ones.
        let most = (len - from).min(1 << self.below(12));
        from..from + self.below(most + 1)
    }
}

/// Numbers at which something ends.
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "3",
    "00",
    "255",
    "256",
    "65535",
    "65536",
    "16777216",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "281474976710656",
    "281474976710657",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "1000000000000000000000000000000",
    "1e9",
    "0.5",
    "0x10",
    "2^64",
    "4Ki",
    "",
];

/// What opens, and what closes it.
const NESTS: &[(&str, &str)] = &[
    ("(", ")"),
    ("[", "]"),
    ("{", "}"),
    ("{\"a\":", "}"),
    ("exp(", ")"),
    ("-", ""),
    ("max(0,", ")"),
    ("for i in 0..1 by 1 {", "}"),
    ("par for i, b in 0..N by B {\n", "}\n"),
    ("subgraph {", "}"),
    ("a -> {", "}"),
    ("\"", "\""),
    ("/*", "*/"),
    ("#", "\n"),
    ("1+", ""),
    ("N*", ""),
    (",", ""),
];

const BYTES: &[u8] = b"\0\x01\x07\x08\x7f\x80\x89\xff\n\r\t #:;,.-_()[]{}\"=+*/^<>09aNw";

/// A case made from `seed`, with pieces of `other`.
pub(crate) fn mutated(seed: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut it = seed.to_vec();
    for _ in 0..1 << random.below(4) {
        once(&mut it, other, random);
        it.truncate(LONGEST);
    }
    it
}

fn once(it: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = random.below(it.len() + 1);
    match random.below(12) {
        0 if at < it.len() => it[at] ^= 1 << random.below(8),
        1 if at < it.len() => it[at] = *random.one_of(BYTES),
        2 => it.insert(at, *random.one_of(BYTES)),
        3 => it.truncate(at),
        4 => drop(it.drain(random.range(it.len()))),
        5 => {
            let again = it[random.range(it.len())].repeat(1 << random.below(10));
            insert(it, at, &again[..again.len().min(LONGEST)]);
        }
        6 => {
            let other = &other[random.range(other.len())];
            insert(it, at, other);
        }
        7 => {
            it.truncate(at);
            it.extend(&other[random.below(other.len() + 1)..]);
        }
        8 | 9 => number(it, random),
        10 => {
            let (open, close) = random.one_of(NESTS);
            let deep = 1 << random.below(14);
            let text = open.repeat(deep) + &close.repeat(deep);
            insert(it, at, &text.as_bytes()[..text.len().min(LONGEST)]);
        }
        _ => lines(it, random),
    }
}

fn insert(it: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    drop(it.splice(at..at, bytes.iter().copied()));
}

/// A number in the text becomes another one.
fn number(it: &mut Vec<u8>, random: &mut Random) {
    let digit = |at: usize| it.get(at).is_some_and(u8::is_ascii_digit);
    let begins = |at: &usize| digit(*at) && (*at == 0 || !digit(at - 1));
    let starts: Vec<_> = (0..it.len()).filter(begins).collect();
    if starts.is_empty() {
        return;
    }
    let start = *random.one_of(&starts);
    let end = (start..it.len()).find(|at| !digit(*at)).unwrap_or(it.len());
    drop(it.splice(start..end, random.one_of(NUMBERS).bytes()));
}

/// A line goes, comes twice, or changes places with another.
fn lines(it: &mut Vec<u8>, random: &mut Random) {
    let mut lines: Vec<_> = it.split_inclusive(|it| *it == b'\n').collect();
    if lines.is_empty() {
        return;
    }
    let (a, b) = (random.below(lines.len()), random.below(lines.len()));
    match random.below(3) {
        0 => drop(lines.remove(a)),
        1 => lines.insert(b, lines[a]),
        _ => lines.swap(a, b),
    }
    *it = lines.concat();
}
