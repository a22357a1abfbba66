//! Numbers as a report shows them, from integers alone: the same on every machine.

use num_bigint::BigUint;

/// Axis units in one doubling.
pub(super) const OCTAVE: i64 = 1 << 16;

/// log₂ in units of 2⁻¹⁶, rounded down.
///
/// # Panics
///
/// If `value` is 0.
pub(super) fn log2(value: &BigUint) -> i64 {
    let n_bits = value.bits();
    assert!(n_bits > 0, "0 has no logarithm");
    let top = if n_bits > 32 { value >> (n_bits - 32) } else { value << (32 - n_bits) };
    let mut mantissa = top.to_u64_digits()[0]; // in [2^31, 2^32), for [1, 2)
    let mut log = i64::try_from(n_bits - 1).expect("a number has fewer than 2^63 bits");
    for _ in 0..16 {
        mantissa = (mantissa * mantissa) >> 31;
        log *= 2;
        if mantissa >> 32 == 1 {
            mantissa >>= 1;
            log += 1;
        }
    }
    log
}

/// About `value`: all digits below 100,000, else three: `2.68e8`.
pub(super) fn about(value: &BigUint) -> String {
    let digits = value.to_string();
    if digits.len() <= 5 {
        return digits;
    }
    let exponent = digits.len() - 1;
    let unit = BigUint::from(10u32).pow(u32::try_from(exponent - 2).expect("few digits"));
    let rounded = (value + &unit / 2u32) / unit;
    let (digits, exponent) = match rounded.to_string() {
        it if it.len() > 3 => ("100".to_owned(), exponent + 1),
        it => (it, exponent),
    };
    format!("{}.{}e{exponent}", &digits[..1], &digits[1..])
}

/// Hundredths of a GB (10⁹ bytes), rounded: `4.06`.
pub(super) fn gigabytes(bytes: u128) -> String {
    let hundredths = (bytes + 5_000_000) / 10_000_000;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A gap to hundredths; those below 1.005 that are not 1 show as `1.00`.
pub(super) fn gap(gap: f64) -> String {
    format!("{gap:.2}")
}

/// A size with its digits in groups: `131,072`.
pub(super) fn grouped(value: impl std::fmt::Display) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A power of two the short way: `512`, `4Ki`, `2Mi`.
pub(super) fn power_of_two(exponent: u32) -> String {
    const UNITS: [&str; 6] = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];
    let unit = UNITS[usize::try_from(exponent / 10).unwrap_or(usize::MAX).min(UNITS.len() - 1)];
    format!("{}{unit}", 1u64 << (exponent % 10))
}

/// `10⁷`.
pub(super) fn power_of_ten(exponent: u32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raised = |it: char| DIGITS[it.to_digit(10).expect("a digit") as usize];
    format!("10{}", exponent.to_string().chars().map(raised).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(log2(&1u32.into()), 0);
        assert_eq!(log2(&BigUint::from(1u128 << 100)), 100 * OCTAVE);
        // log2 3 = 1.58496250072…, times 65536: 103872.1
        assert_eq!(log2(&3u32.into()), 103_872);
        // log2 10 = 3.32192809…, times 65536: 217705.8
        assert_eq!(log2(&10u32.into()), 217_705);
        let shown =
            [0u32, 99_999, 100_000, 268_435_456, 999_499, 999_500].map(|it| about(&it.into()));
        assert_eq!(shown, ["0", "99999", "1.00e5", "2.68e8", "9.99e5", "1.00e6"]);
        assert_eq!(gigabytes(4_064_280_576), "4.06");
        assert_eq!((gap(1.3333), gap(6.0)), ("1.33".to_owned(), "6.00".to_owned()));
        assert_eq!([1, 999, 1000, 131_072].map(grouped), ["1", "999", "1,000", "131,072"]);
        assert_eq!([0, 9, 12, 21, 50].map(power_of_two), ["1", "512", "4Ki", "2Mi", "1Pi"]);
        assert_eq!(power_of_ten(12), "10¹²");
    }
}
