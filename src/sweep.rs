//! Where upper meets lower.

use num_bigint::BigUint;
use num_traits::ToPrimitive;

/// A lower bound above a schedule's I/O: one of the two is wrong, and no number is given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a bug: a schedule moves {io} words and a lower bound says {bound}")]
pub struct LowerExceedsUpper {
    /// The schedule's words.
    pub io: u128,
    /// The bound.
    pub bound: BigUint,
}

/// io / bound; `None` where the bound is 0.
///
/// # Errors
///
/// [`LowerExceedsUpper`].
pub fn gap(io: u128, bound: &BigUint) -> Result<Option<f64>, LowerExceedsUpper> {
    if *bound > BigUint::from(io) {
        return Err(LowerExceedsUpper { io, bound: bound.clone() });
    }
    let (Some(upper), Some(lower)) = (io.to_f64(), bound.to_f64()) else { return Ok(None) };
    Ok((lower > 0.0).then_some(upper / lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_meets_lower() {
        assert_eq!(gap(6, &4u32.into()), Ok(Some(1.5)));
        assert_eq!(gap(6, &0u32.into()), Ok(None));
        assert!(gap(6, &7u32.into()).is_err());
    }
}
