//! What follows from a count of a segment.

use super::ceil::{ceil_div, minus};
use num_bigint::BigUint;

/// The least number of events of which every `length` meet at most `each` of `all` things, and the
/// first `length` at most `first`.
///
/// (h − 1)·X + 1, where h is the least number of segments with `first + (h − 1)·each ≥ all`: with
/// (h − 1)·X events or fewer there would be at most h − 1 segments. For h = 1 it is 1, or 0 if
/// there is nothing to meet. See `proofs/CLASS.md`, section 4.
pub(super) fn least_events(
    all: &BigUint,
    first: &BigUint,
    each: &BigUint,
    length: &BigUint,
) -> BigUint {
    let later = ceil_div(&minus(all.clone(), first), each);
    later * length + 1_u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(all: u32, first: u32, each: u32, length: u32, expected: u32) {
        let [all, first, each, length] = [all, first, each, length].map(BigUint::from);
        assert_eq!(least_events(&all, &first, &each, &length), expected.into());
    }

    #[test]
    fn by_hand() {
        // 3 + 5 + 5 < 14: a fourth segment, so more than 3·10 events
        check(14, 3, 5, 10, 31);
        // 3 + 5 + 5 = 13: three do
        check(13, 3, 5, 10, 21);
        check(3, 3, 5, 10, 1);
        check(4, 3, 5, 10, 11);
    }
}
