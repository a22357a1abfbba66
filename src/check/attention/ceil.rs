//! Rounding up, exactly.

use num_bigint::BigUint;

/// ⌈p / q⌉.
pub(super) fn ceil_div(p: &BigUint, q: &BigUint) -> BigUint {
    (p + q - 1u32) / q
}

/// ⌈√x⌉.
pub(super) fn ceil_sqrt(x: &BigUint) -> BigUint {
    let floor = x.sqrt();
    if &floor * &floor == *x { floor } else { floor + 1u32 }
}

/// max(0, a − b): a negative lower bound says nothing, and 0 says as much.
pub(super) fn minus(a: BigUint, b: &BigUint) -> BigUint {
    if a > *b { a - b } else { BigUint::ZERO }
}
