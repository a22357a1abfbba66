//! Expected numbers are worked by hand, or by rationals along the proofs.

use super::*;
use crate::model::{MAX_FAST, Partial, Words};
use num_rational::BigRational;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

const OF: Attention = Attention { rows: 100, keys: 50, d_k: 3, d_v: 5, pairs: 4000, copies: 2 };

fn forbidden(fast: u64) -> Machine {
    Machine { fast: Words(fast), recompute: Recompute::Forbidden, partial: Partial::Off }
}

/// The theorems about both passes.
fn all() -> impl Iterator<Item = &'static ClosedForm> {
    [Pass::Forward, Pass::Backward].into_iter().flat_map(closed_forms)
}

fn prove(id: &str, attention: &Attention, fast: u64, length: u64) -> Result<BigUint, Reason> {
    let pass = if id.starts_with("backward") { Pass::Backward } else { Pass::Forward };
    let theorem = closed_form(pass, id).unwrap();
    let evidence = if theorem.segments { Evidence::Segment(length) } else { Evidence::None };
    let bound = theorem.prove(attention, &forbidden(fast), &evidence);
    bound.map(|it| it.value).map_err(|it| it.reason)
}

#[test]
fn by_hand() {
    let check = |id, attention: &Attention, fast, length, expected: u32| {
        assert_eq!(prove(id, attention, fast, length), Ok(expected.into()), "{id}");
    };
    // (100 + 50)·8·2
    check("compulsory", &OF, 10, 0, 2400);
    // D*² = 4·3·5 = 60; M + X = 240: 240²/240 = 240; X = 200: 200²/240 < 200;
    // ⌈(8000 − 200)/240⌉ = 33
    check("window", &OF, 40, 200, 33 * 200 + 1);
    // d_v < d_k: D*² = 64; 256²/256 = 256, 216 first; ⌈(8000 − 216)/256⌉ = 31
    let turned = Attention { d_k: 5, d_v: 3, ..OF };
    check("window", &turned, 40, 216, 31 * 216 + 1);
    // D = 8; P(120) = ⌊√64000⌋ = 252, P(80) = ⌊√(512000/27)⌋ = 137;
    // ⌈(64000 − 137)/252⌉ = 254 (253.4…); 254·80 + 1 − 8000
    check("pair-fresh", &OF, 40, 80, 12_321);
    // 4D² = 256, X = M = 256: max(4·256², 4·256² + 0, 256·512)/256 = 1024; first 256;
    // ⌈7744/1024⌉ = 8
    check("pair-potential", &OF, 256, 256, 8 * 256 + 1);
    // X = 100 < M: MX/D² = 400, X²/D² + M − X = 312.25, M + X = 356; first 100; ⌈7900/400⌉ = 20
    check("pair-potential", &OF, 256, 100, 2001);
    // X = 216 > M = 40: 256²/256 = 256 = M + X; first 216; ⌈7784/256⌉ = 31
    check("pair-potential", &OF, 40, 216, 31 * 216 + 1);
    let full = Attention { pairs: 5000, ..OF };
    // 150·8 + 50·8 − 300 = 1300, twice; D = 60 > 50: 150·60 + 50·50 − 300 = 11200, twice
    check("revisit", &full, 300, 0, 2600);
    check("revisit", &Attention { d_k: 55, ..full }, 300, 0, 22_400);
    check("revisit", &full, 5000, 0, 0);
}

/// R = 11, S = 16, D = 8 items; G = (100·3 + 50·8)·2 = 1400.
#[test]
fn backward_by_hand() {
    let check = |id, attention: &Attention, fast, length, expected: u32| {
        assert_eq!(prove(id, attention, fast, length), Ok(expected.into()), "{id}");
    };
    // (100·11 + 50·16)·2
    check("backward-compulsory", &OF, 10, 0, 3800);
    // Γ = min(16, 12), D*² = 132; (528 + 528)²/528 = 2112; first 528; ⌈7472/2112⌉ = 4
    check("backward-window", &OF, 528, 528, 4 * 528 + 1);
    // d_v < d_k: Γ = 16, R = 13, D*² = 208; (832 + 832)²/832 = 3328; first 832; ⌈7168/3328⌉ = 3
    check("backward-window", &Attention { d_k: 5, d_v: 3, ..OF }, 832, 832, 3 * 832 + 1);
    // as `pair-fresh`
    check("backward-fresh", &OF, 40, 80, 12_321);
    // K = 8·25 = 200, X = M: MX/K = X²/K + M − X = M + X = 800; first 400; ⌈7600/800⌉ = 10
    check("backward-meet", &OF, 400, 400, 10 * 399 + 1 - 1400);
    let large = Attention { rows: 1000, keys: 1000, pairs: 1_000_000, copies: 1, ..OF };
    // K = 16·14 = 224, G = 11000. MX + 3·224·225/11 < 260 146, K(M + X) = 296 576 is more;
    // first K²; ⌈(224·10⁶ − 50 176)/296 576⌉ = 756 (755.1…)
    check("backward-crowd", &large, 1100, 224, 756 * 223 + 1 - 11_000);
    // MX + 3·300·301/11 = 354 627.2…, K(M + X) = 313 600; first 67 200; 631.4…
    check("backward-crowd", &large, 1100, 300, 632 * 299 + 1 - 11_000);
    // ⌊11·100/16⌋ = 68, e = 1932; 200 000 + 1 091 454.5… + 5·1932²/44 = 1 715 616.3…;
    // first 1 091 454.5… + 5·2000²/44 = 1 546 000; 129.6…
    check("backward-crowd", &large, 100, 2000, 130 * 1999 + 1 - 11_000);
}

#[test]
fn what_is_not_spoken_about() {
    let hypothesis = |id| assert!(matches!(prove(id, &OF, 10, 1), Err(Reason::Hypothesis(_))));
    hypothesis("revisit");
    hypothesis("saha-ye-pebble");
    for wrong in [
        Attention { rows: 0, ..OF },
        Attention { copies: 0, ..OF },
        Attention { d_k: MAX_EXTENT + 1, ..OF },
        Attention { pairs: 99, ..OF },
        Attention { pairs: 5001, ..OF },
    ] {
        assert_eq!(prove("window", &wrong, 10, 1), Err(Reason::BadSizes));
    }
    assert_eq!(prove("window", &OF, 10, 0), Err(Reason::EmptySegment));
    let range = Reason::FastOutOfRange { least: 1, most: MAX_FAST };
    assert_eq!(prove("window", &OF, 0, 1), Err(range.clone()));
    assert_eq!(prove("window", &OF, MAX_FAST + 1, 1), Err(range));
    for it in all() {
        let allowed = Machine::strict(Words(10));
        let evidence = if it.segments { Evidence::Segment(9) } else { Evidence::None };
        let square = Attention::square(7, 9);
        let reason = it.prove(&square, &allowed, &evidence).err().map(|it| it.reason);
        let once = it.recompute == Recompute::Forbidden;
        assert_eq!(reason == Some(Reason::RecomputationAllowed), once, "{}", it.id);
        let partial = Machine { partial: Partial::On, ..forbidden(10) };
        let refused = it.prove(&square, &partial, &evidence).unwrap_err();
        assert_eq!(refused.reason, Reason::PartialGame);
    }
}

/// The largest of everything, and lengths at the edges: no panic, and a value.
#[test]
fn the_edges() {
    let e = MAX_EXTENT;
    let most =
        Attention { rows: e, keys: e, d_k: e, d_v: e, pairs: u128::from(e).pow(2), copies: e };
    for attention in [most, Attention::square(1, 1)] {
        for fast in [1, MAX_FAST] {
            for length in [1, u64::MAX] {
                for it in all() {
                    let found = prove(it.id, &attention, fast, length);
                    let silent = [Err(Reason::Hypothesis("")), Err(Reason::OutsideRange(""))];
                    let kind = |it: &Result<_, Reason>| it.as_ref().err().map(Reason::id);
                    assert!(found.is_ok() || silent.iter().any(|it| kind(it) == kind(&found)));
                }
            }
        }
    }
}

fn ratio(p: u64, q: u64) -> BigRational {
    BigRational::new(p.into(), q.into())
}

/// The fewest events by walking over the windows.
fn walked(all: u64, first: &BigRational, each: &BigRational, length: u64) -> u64 {
    let (mut met, mut windows) = (first.clone(), 1);
    while met < ratio(all, 1) {
        met += each;
        windows += 1;
    }
    (windows - 1) * length + 1
}

/// Any sizes, any length: what a theorem proves is accepted, and one more is not.
fn attentions() -> impl Strategy<Value = Attention> {
    let extent = || (0u32..=48).prop_flat_map(|bits| 1..=1u64 << bits);
    (extent(), extent(), extent(), extent(), extent(), any::<u128>()).prop_map(
        |(rows, keys, d_k, d_v, copies, random)| {
            let (least, most) = (u128::from(rows.max(keys)), u128::from(rows) * u128::from(keys));
            let pairs = least + random % (most - least + 1);
            Attention { rows, keys, d_k, d_v, pairs, copies }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn one_more_is_refused(of in attentions(), m in 1..=MAX_FAST, length in 1u64.., which in 0..all().count()) {
        let theorem = all().nth(which).unwrap();
        let machine = forbidden(m);
        let evidence = if theorem.segments { Evidence::Segment(length) } else { Evidence::None };
        if let Ok(bound) = theorem.prove(&of, &machine, &evidence) {
            let (problem, bound_id) = (theorem.pass.of(of), theorem.id.to_owned());
            let value = bound.value.clone();
            let claim = crate::certificate::Claim { problem, machine, bound: bound_id, value };
            let mut it = Certificate { claim, evidence };
            prop_assert_eq!(check_attention(&it), Ok(bound.clone()));
            it.claim.value += 1_u8;
            let refused = check_attention(&it).unwrap_err();
            prop_assert_eq!(refused.reason, Reason::WrongValue { proved: bound.value });
        }
    }

    /// With the same segments more fast memory never raises a bound.
    #[test]
    fn monotone_in_fast(of in attentions(), m in 1..=MAX_FAST, more in 1..=MAX_FAST, length in 1u64.., which in 0..all().count()) {
        let id = all().nth(which).unwrap().id;
        let more = m.saturating_add(more).min(MAX_FAST);
        if let (Ok(here), Ok(there)) = (prove(id, &of, m, length), prove(id, &of, more, length)) {
            prop_assert!(there <= here, "{}", id);
        }
    }

    /// A window of the proof of `backward-crowd`: what is carried and what arrives, in halves of M and X.
    #[test]
    fn crowd_as_walked(
        rows in 1u64..60, keys in 1u64..60, d_k in 1u64..9, d_v in 1u64..9, m in 1u64..9000, x in 2u64..20_000
    ) {
        let (d, row) = (d_k + d_v, 2 * d_k + d_v);
        let of = Attention { rows, keys, d_k, d_v, pairs: (rows * keys).into(), copies: 1 };
        let k = 2 * d * (d + 2 * d_k);
        let (kappa, sigma) = (ratio(2 * d_k, row), ratio(row, 2 * d));
        let half = |of: u64, it: u64| ratio(of * it, 2);
        let psi = |f: &BigRational, g: &BigRational, rows: &BigRational, keys: &BigRational| {
            let one = ratio(1, 1);
            let same = f * (f + &one) + g * (g + &one);
            f * (keys + &sigma * rows) + g * (rows + &sigma * keys) + f * g + &kappa * same / ratio(2, 1)
        };
        let window = |m: u64| {
            let mut most = ratio(0, 1);
            for it in 0..81_u64 {
                let [beta, loads, carried, new] = [it % 3, it / 3 % 3, it / 9 % 3, it / 27];
                let (a, b) = (half(m, 2 - beta), half(x, 2 - loads));
                let (rows, f) = (&a * ratio(carried, 2), &b * ratio(new, 2));
                let met = psi(&f, &(&b - &f), &rows, &(&a - &rows));
                most = most.max(met / ratio(k, 1) + half(m, beta) + half(x, loads));
            }
            most
        };
        let words = walked(rows * keys, &window(0), &window(m), x - 1);
        let expected = words.saturating_sub(rows * d_k + keys * d);
        prop_assert!(prove("backward-crowd", &of, m, x).unwrap() <= expected.into());
    }

    #[test]
    fn windows_as_walked(
        rows in 1u64..60, keys in 1u64..60, d_k in 1u64..9, d_v in 1u64..9, m in 1u64..300, x in 1u64..900
    ) {
        let pairs = rows * keys;
        let of = Attention { rows, keys, d_k, d_v, pairs: pairs.into(), copies: 1 };
        let square = (d_k + d_v).pow(2);
        let star = if d_v <= d_k { square } else { 4 * d_k * d_v };
        let count = |z: u64| ratio(z * z, 4 * star).max(ratio(z, 1));
        let expected = walked(pairs, &count(x), &count(m + x), x);
        prop_assert_eq!(prove("window", &of, m, x), Ok(expected.into()));

        // All corners of the region in the proof, and the edges between them in steps.
        let growth = |a: u64, b: u64| {
            if b <= a { ratio(a * b, square) } else { ratio((a + b).pow(2), 4 * square) }
        };
        let grid = |most: u64| (0..=8).map(move |it| most * it / 8);
        let found = grid(m).flat_map(|beta| grid(x).map(move |loads| (beta, loads)));
        let each = found
            .map(|(beta, loads)| growth(m - beta, x - loads) + ratio(beta + loads, 1))
            .max()
            .unwrap();
        let first = ratio(x * x, 4 * square).max(ratio(x, 1));
        // The theorem's maximum may lie between the grid points, and then it says less.
        let expected = walked(pairs, &first, &each, x);
        let found = prove("pair-potential", &of, m, x).unwrap();
        prop_assert!(found <= expected.into());
    }
}
