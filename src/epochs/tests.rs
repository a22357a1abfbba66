use super::*;
use crate::value::ModP;
use proptest::prelude::*;

const VALUES: Values = Values { seed: 5 };

/// The rank of the dense Jacobian at another point, by Gauss's textbook method: nothing is peeled,
/// nothing is known of bodies.
fn dense(pattern: &Pattern, d: usize) -> usize {
    let width = d * pattern.n_vertices();
    let point: Vec<u64> =
        (0..).take(width).map(|it| eliminate::residue(Values { seed: 6 }, it)).collect();
    let mut rows = vec![];
    for row in 0..pattern.n_rows() {
        for &column in pattern.ends(row) {
            let mut words = vec![0; width];
            for l in 0..d {
                words[row * d + l] = point[column * d + l];
                words[column * d + l] = point[row * d + l];
            }
            rows.push(words);
        }
    }
    let mut rank = 0;
    for at in 0..width {
        let Some(found) = (rank..rows.len()).find(|it| rows[*it][at] != 0) else { continue };
        rows.swap(rank, found);
        let (above, below) = rows.split_at_mut(rank + 1);
        let pivot = &above[rank];
        let inverse = ModP::inverse(pivot[at]).unwrap();
        for row in below {
            let factor = ModP::mul(row[at], inverse);
            for (x, y) in row.iter_mut().zip(pivot) {
                *x = ModP::sub(*x, ModP::mul(factor, *y));
            }
        }
        rank += 1;
    }
    rank
}

/// `rows` × `columns`, from the two corners on.
fn block(rows: (u32, u32), columns: (u32, u32)) -> Vec<(u32, u32)> {
    (rows.0..rows.1).flat_map(|i| (columns.0..columns.1).map(move |j| (i, j))).collect()
}

/// The rank is `expected`, and proved.
fn check(entries: Vec<(u32, u32)>, d: usize, expected: usize) {
    let pattern = Pattern::new(entries);
    assert_eq!(dense(&pattern, d), expected);
    let known = Rank { low: expected, high: expected, proved: true };
    assert_eq!(rank(&pattern, d, VALUES), known, "{pattern:?}");
}

#[test]
fn blocks() {
    check(vec![], 2, 0);
    check(block((0, 2), (0, 9)), 2, 18); // two rows: they peel off by columns
    check(block((0, 3), (5, 9)), 2, 2 * (3 + 4 - 2));
    check(block((0, 7), (0, 5)), 1, 7 + 5 - 1);
    check(block((0, 7), (0, 5)), 4, 4 * (7 + 5 - 4));
}

#[test]
fn several_blocks() {
    let both = |x: Vec<_>, y: Vec<_>| [x, y].concat();
    let one = 2 * (4 + 5 - 2);
    // Apart; with one column in common, with d, with more, where they are one body.
    check(both(block((0, 4), (0, 5)), block((4, 8), (5, 10))), 2, 2 * one);
    check(both(block((0, 4), (0, 5)), block((4, 8), (4, 9))), 2, 2 * one);
    check(both(block((0, 4), (0, 5)), block((4, 8), (3, 8))), 2, 2 * one);
    check(both(block((0, 4), (0, 5)), block((4, 8), (2, 7))), 2, 2 * (8 + 7 - 2));
    // A row that hangs on a block, and one that peels off.
    check(both(block((0, 4), (0, 5)), block((4, 5), (0, 3))), 2, one + 2);
    check(both(block((0, 4), (0, 5)), block((4, 5), (0, 1))), 2, one + 1);
}

/// A circulant has no block at all, so it takes elimination. 9 + 9 − 1 would be the most for d = 1,
/// where any connected pattern is rigid.
#[test]
fn without_blocks() {
    let circulant: Vec<_> = (0..9).flat_map(|i| [0, 1, 3].map(|by| (i, (i + by) % 9))).collect();
    let pattern = Pattern::new(circulant);
    for d in 1..=4 {
        let known = rank(&pattern, d, VALUES);
        assert_eq!((known.low, known.high), (dense(&pattern, d), dense(&pattern, d)), "d = {d}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(11),
        ..ProptestConfig::default()
    })]

    /// Peeled, known and eliminated, against dense elimination: random entries and random blocks.
    #[test]
    fn as_dense_elimination_says(
        entries in proptest::collection::vec((0..9_u32, 0..9_u32), 0..60),
        blocks in proptest::collection::vec((0..5_u32, 1..6_u32, 0..5_u32, 1..6_u32), 0..3),
        d in 1..=4_usize,
    ) {
        let blocks = blocks.into_iter().flat_map(|(i, m, j, n)| block((i, i + m), (j, j + n)));
        let pattern = Pattern::new(entries.into_iter().chain(blocks).collect());
        let (known, expected) = (rank(&pattern, d, VALUES), dense(&pattern, d));
        prop_assert_eq!((known.low, known.high), (expected, expected));
        for part in peel::peel(&pattern, d).1.parts() {
            let (known, expected) = (bodies::bodies(&part, d), dense(&part, d));
            prop_assert!(known.low <= expected && expected <= known.high, "{:?} {}", known, expected);
            prop_assert_eq!(eliminate::eliminate(&part, d, usize::MAX, VALUES), (expected, true));
        }
    }
}

/// Where elimination would take too long, it stops, with a rank that is still none too high.
#[test]
fn elimination_ends() {
    let d = 24;
    let pattern = Pattern::new(block((0, 60), (0, 60)));
    let (found, whole) = eliminate::eliminate(&pattern, d, usize::MAX, VALUES);
    assert!(!whole && found < d * (60 + 60 - d), "{found} {whole}");
}
