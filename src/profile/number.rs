//! Bytes as people type them and profilers print them, exactly.

/// Bytes, and by how many they may be wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    /// Rounded down.
    pub bytes: u128,
    /// Half of the last digit that was printed; 0 where whole bytes were.
    pub rounding: u128,
}

/// Units of bytes: those of 1000 and those of 1024.
const UNITS: [(&str, u64); 11] = [
    ("B", 1),
    ("kB", 1_000),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
    ("", 1),
];

/// Bytes as they are typed: `1.5GB`, `800MiB`, `1048576`. What is typed is taken as it stands.
///
/// # Errors
///
/// What was expected.
pub fn bytes(text: &str) -> Result<u128, String> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','));
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let unit = unit.trim_start();
    let expected = || {
        format!(
            "{text:?} is no number of bytes; write 1048576, 1.5GB (also kB, MB, TB: powers of 1000) or \
             800MiB (also KiB, GiB, TiB)"
        )
    };
    let each = UNITS.iter().find(|it| it.0 == unit).ok_or_else(expected)?.1;
    let it = scaled(number, each).ok_or_else(expected)?;
    if it.bytes == 0 { Err(format!("{text:?}: nothing was moved")) } else { Ok(it.bytes) }
}

/// A profiler's number, in `unit` with a prefix that is a power of 1000, where `unit` is `each` bytes.
pub(super) fn measured(number: &str, unit: &str, base: &str, each: u64) -> Option<Bytes> {
    let prefix = unit.strip_suffix(base)?;
    let power = ["", "K", "M", "G", "T"].iter().position(|it| *it == prefix)?;
    let power = u32::try_from(power).ok()?;
    let whole = power == 0 && !number.contains('.');
    let it = scaled(number, each.checked_mul(1000_u64.checked_pow(power)?)?)?;
    Some(if whole { Bytes { rounding: 0, ..it } } else { it })
}

/// Most bytes, 2⁸⁰: the sum of as many launches as a file has lines is in 128 bits.
const MOST: u128 = 1 << 80;

/// `number` of `each` bytes.
fn scaled(number: &str, each: u64) -> Option<Bytes> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let whole = ungrouped(whole)?;
    let ends_in_point = number.ends_with('.');
    if ends_in_point || !part.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let digits: u128 = format!("{whole}{part}").parse().ok()?;
    let parts = 10_u128.checked_pow(u32::try_from(part.len()).ok()?)?;
    let bytes = digits.checked_mul(each.into())? / parts;
    let rounding = u128::from(each).div_ceil(parts.checked_mul(2)?);
    (bytes <= MOST).then_some(Bytes { bytes, rounding })
}

/// `1,234,567` as `1234567`; commas that do not stand between threes are no number of ours.
fn ungrouped(text: &str) -> Option<String> {
    let mut groups = text.split(',');
    let first = groups.next()?;
    let digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    let grouped = text.contains(',');
    let right = !first.is_empty() && digits(first) && (!grouped || first.len() <= 3);
    let mut all = first.to_owned();
    for it in groups {
        if it.len() != 3 || !digits(it) {
            return None;
        }
        all.push_str(it);
    }
    right.then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed() {
        for (text, expected) in [
            ("1048576", 1_048_576),
            ("1,048,576", 1_048_576),
            ("1.5GB", 1_500_000_000),
            ("800MiB", 800 << 20),
            ("2 kB", 2_000),
            ("0.5KiB", 512),
        ] {
            assert_eq!(bytes(text), Ok(expected), "{text}");
        }
        for text in ["", "GB", "1.5.2GB", "1,5GB", "1.", "-4", "4 gigabytes", "0", "1,0000"] {
            assert!(bytes(text).is_err(), "{text}");
        }
        let long = "9".repeat(60);
        assert!(bytes(&long).is_err());
    }

    #[test]
    fn printed_digits_are_the_error() {
        let read = |number, unit| measured(number, unit, "byte", 1);
        assert_eq!(read("4,194,304", "byte"), Some(Bytes { bytes: 4_194_304, rounding: 0 }));
        assert_eq!(read("4.19", "Mbyte"), Some(Bytes { bytes: 4_190_000, rounding: 5_000 }));
        assert_eq!(read("7", "Kbyte"), Some(Bytes { bytes: 7_000, rounding: 500 }));
        assert_eq!(measured("10", "sector", "sector", 32), Some(Bytes { bytes: 320, rounding: 0 }));
        for (number, unit) in [("4", "Mbit"), ("4", "mbyte"), ("n/a", "byte"), ("1.234,5", "byte")]
        {
            assert_eq!(read(number, unit), None, "{number} {unit}");
        }
    }
}
