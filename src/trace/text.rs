//! One line of each text format.

use super::{Format, read::TraceFault};

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Nothing,
    Instruction,
    /// Bytes from an address on; the number of a word if there are none.
    Touch {
        address: u64,
        bytes: u64,
        write: bool,
    },
}

#[inline]
pub(super) fn read(format: Format, line: &[u8]) -> Result<Line, TraceFault> {
    let wrong = |expected| TraceFault::Expected { expected, found: shown(line) };
    match format {
        Format::Din => din(line).ok_or_else(|| wrong(DIN)),
        Format::Lackey => lackey(line).ok_or_else(|| wrong(LACKEY)),
        Format::Ids | Format::Binary => ids(line).ok_or_else(|| wrong(IDS)),
    }
}

const DIN: &str = "`label address`: 0, 1 or 2 and a hexadecimal number below 2^64";
const LACKEY: &str = "` L address,size`, ` S …`, ` M …` or `I  …`, the address hexadecimal";
const IDS: &str = "a word's number below 2^64, and ` w` if it is written";

/// Does the format write lines like this one?
pub(super) fn is(format: Format, line: &[u8]) -> bool {
    matches!(read(format, line), Ok(it) if it != Line::Nothing)
}

fn din(line: &[u8]) -> Option<Line> {
    let line = line.trim_ascii();
    let [label, blank, rest @ ..] = line else { return line.is_empty().then_some(Line::Nothing) };
    if !blank.is_ascii_whitespace() {
        return None;
    }
    // Some writers add a size, which no cache of words needs.
    let rest = rest.trim_ascii_start();
    let end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
    let address = number(rest[..end].strip_prefix(b"0x").unwrap_or(&rest[..end]), 16)?;
    let touch = |write| Line::Touch { address, bytes: 1, write };
    match label {
        b'0' | b'r' => Some(touch(false)),
        b'1' | b'w' => Some(touch(true)),
        b'2' | b'i' => Some(Line::Instruction),
        _ => None,
    }
}

fn lackey(line: &[u8]) -> Option<Line> {
    if line.starts_with(b"=") || line.trim_ascii().is_empty() {
        return Some(Line::Nothing);
    }
    let (kind, rest) = line.trim_ascii_start().split_first()?;
    let rest = rest.trim_ascii();
    let comma = memchr::memchr(b',', rest)?;
    let address = number(&rest[..comma], 16)?;
    let bytes = number(&rest[comma + 1..], 10).filter(|it| *it > 0)?;
    let touch = |write| Line::Touch { address, bytes, write };
    match kind {
        b'I' => Some(Line::Instruction),
        b'L' => Some(touch(false)),
        b'S' | b'M' => Some(touch(true)),
        _ => None,
    }
}

fn ids(line: &[u8]) -> Option<Line> {
    let line = line.trim_ascii();
    if line.is_empty() || line.starts_with(b"#") {
        return Some(Line::Nothing);
    }
    let (write, digits) = match line {
        [rest @ .., b'w'] => (true, rest.trim_ascii_end()),
        [rest @ .., b'r'] => (false, rest.trim_ascii_end()),
        digits => (false, digits),
    };
    Some(Line::Touch { address: number(digits, 10)?, bytes: 0, write })
}

/// Digits and nothing else, below 2^64.
#[inline]
fn number(digits: &[u8], radix: u64) -> Option<u64> {
    if digits.is_empty() || digits.len() > 20 {
        return None;
    }
    let mut sum = 0u64;
    for it in digits {
        let digit = match it {
            b'0'..=b'9' => it - b'0',
            b'a'..=b'f' if radix == 16 => it - b'a' + 10,
            b'A'..=b'F' if radix == 16 => it - b'A' + 10,
            _ => return None,
        };
        sum = sum.checked_mul(radix)?.checked_add(u64::from(digit))?;
    }
    Some(sum)
}

fn shown(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(&line[..line.len().min(40)]);
    text.chars().map(|it| if it.is_control() { '\u{fffd}' } else { it }).collect()
}
