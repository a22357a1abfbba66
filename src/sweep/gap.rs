//! Upper over lower.

use crate::{
    bounds::{Row, Unit},
    reading::Class,
};
use num_bigint::BigUint;
use num_traits::{ToPrimitive, Zero};

/// A schedule moves fewer words than a bound says any schedule must: one of the two is wrong, and
/// nothing may be printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bound `{id}` says at least {lower} words, but a schedule moves {upper}")]
pub struct LowerExceedsUpper {
    /// The bound.
    pub id: &'static str,
    /// Its value.
    pub lower: BigUint,
    /// Words moved.
    pub upper: u128,
}

const MILLION: u64 = 1_000_000;

/// `io` over the value of `bound`, to the nearest millionth; the same on every machine. The schedule
/// is of `class`, and the bound one that [`bounds::best`](crate::bounds::best) finds for
/// [`Class::recompute`].
///
/// `None` where there is nothing to compare with: a schedule whose class is not known, a bound outside
/// its range, a vacuous one, one in bits.
///
/// # Errors
///
/// [`LowerExceedsUpper`] if the bound is larger than `io`.
pub fn gap(io: u128, class: &Class, bound: &Row) -> Result<Option<f64>, LowerExceedsUpper> {
    let fits = class.recompute().is_some() && bound.unit == Unit::Words;
    let Some(lower) = bound.value.as_ref().filter(|_| fits) else {
        return Ok(None);
    };
    let upper = BigUint::from(io);
    if *lower > upper {
        return Err(LowerExceedsUpper { id: bound.id, lower: lower.clone(), upper: io });
    }
    if lower.is_zero() {
        return Ok(None);
    }
    let millionths = (upper * (2 * MILLION) + lower) / (lower * 2u32);
    // Both are integers that f64 holds, so the quotient is rounded once.
    let gap = millionths.to_f64().map(|it| it / 1e6);
    Ok(gap)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bounds::Standing;

    fn row(value: Option<u64>, unit: Unit) -> Row {
        let value = value.map(BigUint::from);
        Row { id: "fake", value, unit, assumes: "", source: "", standing: Standing::OwnProof }
    }

    #[test]
    fn by_hand() {
        assert_eq!(gap(30, &Class::EachOnce, &row(Some(20), Unit::Words)), Ok(Some(1.5)));
        assert_eq!(gap(20, &Class::EachOnce, &row(Some(20), Unit::Words)), Ok(Some(1.0)));
        assert_eq!(gap(2, &Class::EachOnce, &row(Some(3 - 2), Unit::Words)), Ok(Some(2.0)));
        // 5/3 = 1.6666…, nearest millionth
        assert_eq!(gap(5, &Class::EachOnce, &row(Some(3), Unit::Words)), Ok(Some(1.666667)));
        // 340282366920938463463374607431768211455/2^64 is 2^64 to the nearest f64
        let largest = gap(u128::MAX, &Class::EachOnce, &row(Some(1 << 63), Unit::Words));
        assert_eq!(largest, Ok(Some(36_893_488_147_419_103_232.0)));
    }

    #[test]
    fn nothing_to_compare_with_is_no_gap() {
        assert_eq!(gap(30, &Class::EachOnce, &row(None, Unit::Words)), Ok(None));
        assert_eq!(gap(30, &Class::EachOnce, &row(Some(0), Unit::Words)), Ok(None));
        assert_eq!(gap(30, &Class::EachOnce, &row(Some(40), Unit::Bits)), Ok(None));
        // even a bound above the count says nothing of a schedule that it may not be about
        let unknown = Class::Unknown { line: 7, why: "a `where`" };
        assert_eq!(gap(30, &unknown, &row(Some(40), Unit::Words)), Ok(None));
    }

    #[test]
    fn a_bound_above_a_count_is_refused() {
        let error = gap(19, &Class::EachOnce, &row(Some(20), Unit::Words)).expect_err("19 < 20");
        assert_eq!(error, LowerExceedsUpper { id: "fake", lower: 20u32.into(), upper: 19 });
        assert_eq!(
            error.to_string(),
            "the bound `fake` says at least 20 words, but a schedule moves 19"
        );
    }
}
