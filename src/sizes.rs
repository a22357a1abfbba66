//! Sizes as people write them: `4096`, `4Ki`, `2^20`, `64,128`, `1Ki..1Mi`, `100..1000:4`.
//!
//! ```text
//! sizes := item ("," item)*
//! item  := size | size ".." size | size ".." size ":" count
//! size  := digits | digits ("Ki" | "Mi" | "Gi" | "Ti" | "Pi") | digits "^" digits
//! ```
//!
//! `a..b` is a, 2a, 4a, … as long as they are below b, and b. `a..b:count` is `count` values, a and b
//! among them, each a fixed ratio above the last and rounded to the nearest integer.
//! A list comes out ascending and without repetition. No floats: the values are exact on every machine.

use std::fmt;
use std::str::FromStr;

use num_bigint::BigUint;

use crate::model::MAX_FAST;

/// Most values `a..b:count` may ask for; the exact roots of longer ranges take seconds.
pub const MAX_COUNT: u32 = 256;

/// Most sizes a list may have, those that come twice included.
pub const MAX_SIZES: usize = 1024;

/// One or more sizes, ascending, each at least 1.
///
/// `FromStr` admits sizes up to [`MAX_FAST`]; [`Sizes::parse`] takes the limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizes(Vec<u64>);

/// What is wrong with a size, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {kind}")]
pub struct SizeError {
    /// Where the part that is wrong begins: bytes from the start of the text, from 1.
    pub column: usize,
    /// What is wrong with it.
    pub kind: SizeErrorKind,
}

/// What is wrong with a size.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SizeErrorKind {
    /// A size was expected and there is nothing.
    Missing,
    /// Not a size.
    NotASize(String),
    /// The size is 0.
    Zero,
    /// The size exceeds the limit.
    TooLarge {
        /// The size as written.
        given: String,
        /// The limit.
        max: u64,
    },
    /// A range whose end is below its start.
    Backwards {
        /// Its start.
        from: u64,
        /// Its end.
        to: u64,
    },
    /// The count of a range is not an integer between 2 and [`MAX_COUNT`] (or 1, if its ends are equal).
    Count(String),
    /// More than [`MAX_SIZES`].
    TooMany,
    /// Several sizes where one was expected.
    Several,
}

impl fmt::Display for SizeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("expected a size such as 4096, 4Ki or 2^12"),
            Self::NotASize(text) => {
                write!(f, "{text:?} is not a size; write 4096, 4Ki (also Mi, Gi, Ti, Pi) or 2^12")
            }
            Self::Zero => f.write_str("a size must be at least 1"),
            Self::TooLarge { given, max } => {
                write!(f, "{given} is too large; the largest size here is {max}")
            }
            Self::Backwards { from, to } => {
                write!(f, "the range ends below its start; write {to}..{from}")
            }
            Self::Count(text) => write!(
                f,
                "{text:?} is not a number of values; write an integer from 2 to {MAX_COUNT}, as in 1Ki..1Mi:11"
            ),
            Self::TooMany => write!(f, "more than {MAX_SIZES} sizes"),
            Self::Several => f.write_str("one size is expected here, not a list or a range"),
        }
    }
}

impl FromStr for Sizes {
    type Err = SizeError;

    fn from_str(text: &str) -> Result<Self, SizeError> {
        Self::parse(text, MAX_FAST)
    }
}

impl Sizes {
    /// Reads sizes of at most `max`.
    ///
    /// # Errors
    ///
    /// [`SizeError`] at the first part that is wrong.
    pub fn parse(text: &str, max: u64) -> Result<Self, SizeError> {
        let mut sizes = Vec::new();
        for item in (Part { text, at: 0 }).split(",") {
            item.values(max, &mut sizes)?;
            if sizes.len() > MAX_SIZES {
                return Err(item.error(SizeErrorKind::TooMany));
            }
        }
        sizes.sort_unstable();
        sizes.dedup();
        Ok(Self(sizes))
    }

    /// The sizes, ascending; at least one.
    #[must_use]
    pub fn as_slice(&self) -> &[u64] {
        &self.0
    }
}

/// Reads one size of at most `max`, refusing lists and ranges.
///
/// # Errors
///
/// [`SizeError`] at the part that is wrong.
pub fn size(text: &str, max: u64) -> Result<u64, SizeError> {
    for separator in [",", ".."] {
        if let Some(at) = text.find(separator) {
            return Err(SizeError { column: at + 1, kind: SizeErrorKind::Several });
        }
    }
    Part { text, at: 0 }.size(max)
}

/// A piece of the text and where it begins.
#[derive(Clone, Copy)]
struct Part<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Part<'a> {
    fn split(self, separator: &'static str) -> impl Iterator<Item = Self> {
        let mut at = self.at;
        self.text.split(separator).map(move |text| {
            let part = Self { text, at };
            at += text.len() + separator.len();
            part
        })
    }

    fn split_once(self, separator: &str) -> Option<(Self, Self)> {
        let (left, right) = self.text.split_once(separator)?;
        let at = self.at + left.len() + separator.len();
        Some((Self { text: left, at: self.at }, Part::<'a> { text: right, at }))
    }

    fn error(self, kind: SizeErrorKind) -> SizeError {
        SizeError { column: self.at + 1, kind }
    }

    fn values(self, max: u64, sizes: &mut Vec<u64>) -> Result<(), SizeError> {
        let Some((from, rest)) = self.split_once("..") else {
            sizes.push(self.size(max)?);
            return Ok(());
        };
        let (to, count) = match rest.split_once(":") {
            Some((to, count)) => (to, Some(count)),
            None => (rest, None),
        };
        let (a, b) = (from.size(max)?, to.size(max)?);
        if b < a {
            return Err(self.error(SizeErrorKind::Backwards { from: a, to: b }));
        }
        match count {
            None => doubling(a, b, sizes),
            Some(count) => {
                let n = count.number().filter(|n| (1..=MAX_COUNT).contains(n));
                match n {
                    Some(1) if a == b => sizes.push(a),
                    Some(n @ 2..) => sizes.extend((0..n).map(|i| geometric(a, b, i, n - 1))),
                    _ => return Err(count.error(SizeErrorKind::Count(count.text.to_owned()))),
                }
            }
        }
        Ok(())
    }

    fn size(self, max: u64) -> Result<u64, SizeError> {
        let not_a_size = || self.error(SizeErrorKind::NotASize(self.text.to_owned()));
        if self.text.is_empty() {
            return Err(self.error(SizeErrorKind::Missing));
        }
        let digits =
            self.text.len() - self.text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, suffix) = self.text.split_at(digits);
        if number.is_empty() {
            return Err(not_a_size());
        }
        let number: Option<u64> = number.parse().ok(); // fails only by overflow
        let value = match suffix {
            "" => number,
            "Ki" => scaled(number, 10),
            "Mi" => scaled(number, 20),
            "Gi" => scaled(number, 30),
            "Ti" => scaled(number, 40),
            "Pi" => scaled(number, 50),
            _ => {
                let power =
                    suffix.strip_prefix('^').filter(|it| is_digits(it)).ok_or_else(not_a_size)?;
                number.zip(power.parse().ok()).and_then(|(base, power)| base.checked_pow(power))
            }
        };
        match value {
            Some(0) => Err(self.error(SizeErrorKind::Zero)),
            Some(value) if value <= max => Ok(value),
            _ => Err(self.error(SizeErrorKind::TooLarge { given: self.text.to_owned(), max })),
        }
    }

    fn number(self) -> Option<u32> {
        is_digits(self.text).then(|| self.text.parse().ok())?
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

fn scaled(number: Option<u64>, bits: u32) -> Option<u64> {
    number?.checked_mul(1 << bits)
}

fn doubling(a: u64, b: u64, sizes: &mut Vec<u64>) {
    let doubled = std::iter::successors(Some(a), |it| it.checked_mul(2));
    sizes.extend(doubled.take_while(|it| *it < b));
    sizes.push(b);
}

/// The integer nearest to x = a·(b/a)^(i/n): ⌊(⌊2x⌋ + 1)/2⌋, where 2x is the n-th root of
/// 2ⁿ·aⁿ⁻ⁱ·bⁱ. (Never halfway: the n-th power of an odd 2x would be odd.)
fn geometric(a: u64, b: u64, i: u32, n: u32) -> u64 {
    let common = gcd(i, n);
    let (i, n) = (i / common, n / common);
    let power = (BigUint::from(a).pow(n - i) * BigUint::from(b).pow(i)) << n;
    let nearest = (power.nth_root(n) + 1u32) >> 1u32;
    u64::try_from(nearest).expect("between a and b")
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn check(text: &str, expected: &[u64]) {
        let sizes: Sizes = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(sizes.as_slice(), expected, "{text}");
    }

    fn refused(text: &str, message: &str) {
        let error = Sizes::parse(text, 1 << 48).expect_err(text);
        assert_eq!(error.to_string(), message, "{text}");
    }

    #[test]
    fn single_sizes() {
        check("4096", &[4096]);
        check("4Ki", &[4096]);
        check("1Mi", &[1 << 20]);
        check("2Gi", &[1 << 31]);
        check("3Ti", &[3 << 40]);
        check("64Pi", &[1 << 56]);
        check("2^20", &[1 << 20]);
        check("10^3", &[1000]);
        check("007", &[7]);
    }

    #[test]
    fn lists_end() {
        let many = |n| vec!["7"; n].join(",");
        check(&many(1024), &[7]);
        refused(&many(1025), "column 2049: more than 1024 sizes");
        refused(&["1..2^48:256"; 5].join(","), "column 49: more than 1024 sizes");
    }

    #[test]
    fn lists_are_ascending_and_distinct() {
        check("512,64,8,64", &[8, 64, 512]);
        check("1Ki,2^10,1000..1024", &[1000, 1024]);
    }

    #[test]
    fn ranges() {
        check("100..1000", &[100, 200, 400, 800, 1000]);
        check("64..512", &[64, 128, 256, 512]);
        check("7..7", &[7]);
        check("5..6", &[5, 6]);
        // ratio 10^(1/3) = 2.1544…: 215.44, 464.16
        check("100..1000:4", &[100, 215, 464, 1000]);
        check("1Ki..1Mi:11", &[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024].map(|it| it << 10));
        check("9..9:1", &[9]);
        check("9..9:5", &[9]);
        // 2^(i/9): 1.08, 1.17, 1.26, 1.36, 1.47, 1.59, … of 1: rounds to 1 or 2
        check("1..2:10", &[1, 2]);
        // √2 = 1.414…, √(2·4) = 2.83
        check("1..4:5", &[1, 2, 3, 4]);
        check("1..64Pi:2", &[1, 1 << 56]);
    }

    #[test]
    fn geometric_values_round_to_nearest() {
        // √(2·8) = 4
        check("2..8:3", &[2, 4, 8]);
        // √(1·6) = 2.449…
        check("1..6:3", &[1, 2, 6]);
        // √(6·7) = 6.48…
        check("6..7:3", &[6, 7]);
        // √(1·7) = 2.645…
        check("1..7:3", &[1, 3, 7]);
    }

    #[test]
    fn the_longest_range() {
        let sizes: Sizes = "1..64Pi:256".parse().expect("a range");
        // ratio 2^(56/255) = 1.16…: the first values repeat, so fewer than 256 are left
        assert_eq!(sizes.as_slice().last(), Some(&(1 << 56)));
        assert!((240..256).contains(&sizes.as_slice().len()));
    }

    #[test]
    fn refusals_say_where() {
        refused("", "column 1: expected a size such as 4096, 4Ki or 2^12");
        refused("1,,2", "column 3: expected a size such as 4096, 4Ki or 2^12");
        refused("64..", "column 5: expected a size such as 4096, 4Ki or 2^12");
        refused("0", "column 1: a size must be at least 1");
        refused("8,0Ki", "column 3: a size must be at least 1");
        refused(
            "2^48,2^49",
            "column 6: 2^49 is too large; the largest size here is 281474976710656",
        );
        refused("2^64", "column 1: 2^64 is too large; the largest size here is 281474976710656");
        refused(
            "99999999999999999999999",
            "column 1: 99999999999999999999999 is too large; the largest size here is 281474976710656",
        );
        let not = |text: &str, column| {
            format!(
                "column {column}: {text:?} is not a size; write 4096, 4Ki (also Mi, Gi, Ti, Pi) or 2^12"
            )
        };
        refused("4k", &not("4k", 1));
        refused("4KiB", &not("4KiB", 1));
        refused("-4", &not("-4", 1));
        refused("+4", &not("+4", 1));
        refused("1.5", &not("1.5", 1));
        refused("1...4", &not(".4", 4));
        refused("8, 9", &not(" 9", 3));
        refused("2^", &not("2^", 1));
        refused("2^+3", &not("2^+3", 1));
        refused("8:3", &not("8:3", 1));
        refused("é", &not("é", 1));
        refused("1,8..4", "column 3: the range ends below its start; write 4..8");
        let count = |text: &str, column| {
            format!(
                "column {column}: {text:?} is not a number of values; write an integer from 2 to 256, as in 1Ki..1Mi:11"
            )
        };
        refused("1..8:1", &count("1", 6));
        refused("1..8:0", &count("0", 6));
        refused("1..8:", &count("", 6));
        refused("1..8:x", &count("x", 6));
        refused("1..8:257", &count("257", 6));
        refused("1..8:3:4", &count("3:4", 6));
        refused("1..8:99999999999", &count("99999999999", 6));
    }

    #[test]
    fn one_size() {
        assert_eq!(size("4Ki", 1 << 48), Ok(4096));
        let several = |column| Err(SizeError { column, kind: SizeErrorKind::Several });
        assert_eq!(size("4,5", 1 << 48), several(2));
        assert_eq!(size("16..32", 1 << 48), several(3));
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(2024), ..ProptestConfig::default() })]

        #[test]
        fn no_text_panics(text in ".{0,12}", digits in "[0-9KMi^.,:]{0,16}") {
            let _ = text.parse::<Sizes>();
            let _ = digits.parse::<Sizes>();
            let _ = size(&digits, 1);
        }

        /// v is nearest to x = a^((n−i)/n)·b^(i/n): 2v − 1 ≤ 2x < 2v + 1, compared as n-th powers.
        #[test]
        fn geometric_values_are_nearest(a in 1..1u64 << 56, b in 1..1u64 << 56, n in 1..40u32, i in 0..40u32) {
            let (a, b, i) = (a.min(b), a.max(b), i % (n + 1));
            let v = BigUint::from(geometric(a, b, i, n));
            let power = (BigUint::from(a).pow(n - i) * BigUint::from(b).pow(i)) << n;
            prop_assert!((2u32 * &v - 1u32).pow(n) <= power);
            prop_assert!(power < (2u32 * &v + 1u32).pow(n));
        }

        #[test]
        fn ends_are_included(a in 1..1u64 << 56, b in 1..1u64 << 56, count in 2..60u32) {
            let (a, b) = (a.min(b), a.max(b));
            for text in [format!("{a}..{b}"), format!("{a}..{b}:{count}")] {
                let sizes: Sizes = text.parse().expect("a range");
                prop_assert_eq!(sizes.as_slice().first(), Some(&a));
                prop_assert_eq!(sizes.as_slice().last(), Some(&b));
                prop_assert!(sizes.as_slice().is_sorted_by(|x, y| x < y));
            }
        }
    }
}
