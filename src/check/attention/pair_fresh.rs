use super::ceil::{ceil_sqrt, minus};
use super::segments::least_events;
use super::{ClosedForm, Pass, Sizes, Standing, Unit};
use crate::check::Reason;
use crate::model::Recompute;
use num_bigint::BigUint;

/// Windows of Y events, a pair that comes to life being one too, and all products in one of them.
///
/// Claim: T ≥ (h − 1)·Y + 1 − |E|·copies, with h the least number of windows with
/// P(Y) + (h − 1)·P(M + Y) ≥ D·|E|·copies; P(Z), the most products that Z words, places and pairs allow, is
/// (Z/3)^{3/2} for Z ≤ 3D², else D·(√(D² + Z) − D)². With Y = 2M this is more than
/// 2D|E|/√M − |E| − 2M, with Y = M + M²/D² more than D²|E|/M − M − M²/D².
/// Assumes: the class of `proofs/CLASS.md`, each product computed once, any mask. Evidence: Y.
/// Proof: `proofs/pair-fresh/README.md`.
pub(super) const THEOREM: ClosedForm = ClosedForm {
    id: "pair-fresh",
    pass: Pass::Forward,
    unit: Unit::Words,
    recompute: Recompute::Forbidden,
    standing: Standing::Coq,
    assumes: "about 2DE/sqrt(M) - E for M <= D^2, D^2 E/M above, D = d_k + d_v: standard products, any order and summation trees, any mask of E pairs, each product computed once",
    source: "new; Loomis & Whitney 1949",
    proof: "pair-fresh",
    segments: true,
    value,
};

pub(super) fn value(sizes: &Sizes, y: &BigUint) -> Result<BigUint, Reason> {
    let (d, pairs) = (sizes.both(), sizes.all_pairs());
    let each = products(&d, &(&sizes.m + y));
    let events = least_events(&(&d * &pairs), &products(&d, y), &each, y);
    Ok(minus(events, &pairs))
}

/// ⌊P(Z)⌋, or 1 where that is 0: more is allowed, and no division by zero.
fn products(d: &BigUint, z: &BigUint) -> BigUint {
    let square = d * d;
    let most = if *z <= &square * 3_u8 {
        (z.pow(3) / 27_u8).sqrt()
    } else {
        // D(2D² + Z) − 2D²√(D² + Z)
        let root = ceil_sqrt(&(&square * &square * 4_u8 * (&square + z)));
        minus(d * (&square * 2_u8 + z), &root)
    };
    most.max(1_u8.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_by_hand() {
        let check = |d: u32, z: u32, expected: u32| {
            assert_eq!(products(&d.into(), &z.into()), expected.into(), "{d} {z}");
        };
        check(10, 27, 27); // 9·3
        check(10, 28, 28); // (28/3)^1.5 = 28.51…
        check(10, 300, 1000); // both forms: 100·10
        check(10, 2, 1); // 0.54…
        check(2, 12, 8); // at 3D²: 4·2, and 2(√16 − 2)² = 8
        check(2, 60, 72); // 2(√64 − 2)²
        check(2, 61, 73); // 2(√65 − 2)² = 73.50…
    }
}
