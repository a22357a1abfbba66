//! The combinatorial part of sections 5 and 6 alone: items come and go as they like.

use crate::account::{Here, Story};
use crate::class::Item;
use crate::random::Random;
use rayon::prelude::*;

/// Chances in 100, for words and for places: that an absent one arrives, that one stays.
struct Habits {
    arrives: [u64; 2],
    stays: [u64; 2],
}

/// Rows and keys whose words and places have habits of their own.
fn story(random: &mut Random) -> Story {
    let [n_rows, n_keys] = [(); 2].map(|()| 1 + random.below(6) as usize);
    let [d_k, d_v] = [(); 2].map(|()| 1 + random.below(3));
    let windows = 1 + random.below(10) as usize;
    let habit = |random: &mut Random| {
        let mut chance = || [5, 20, 50, 90][random.below(4) as usize];
        Habits { arrives: [chance(), chance()], stays: [chance(), chance()] }
    };
    let habits = [habit(random), habit(random)];
    // All words of a row or key come and go together, or each by itself.
    let together = random.below(3) > 0;
    let (mut items, mut here) = (vec![], vec![]);
    for row in [true, false] {
        let [n, n_places] =
            if row { [n_rows, d_k as usize] } else { [n_keys, (d_k + d_v) as usize] };
        for of in 0..n {
            for word in [true, false] {
                let habits = &habits[usize::from(row)];
                let kind = usize::from(word);
                let mut life = vec![];
                for item in 0..if word { (d_k + d_v) as usize } else { n_places } {
                    if item == 0 || !together {
                        life = lived(random, windows, habits.arrives[kind], habits.stays[kind]);
                    }
                    items.push(Item { row, of, word });
                    here.push(life.clone());
                }
            }
        }
    }
    let mut good = vec![];
    for row in 0..n_rows {
        for key in 0..n_keys {
            let all = |window: &usize| {
                items.iter().zip(&here).all(|(it, here)| {
                    it.of != if it.row { row } else { key } || here[*window] != Here::Absent
                })
            };
            let met: Vec<usize> = (0..windows).filter(all).collect();
            if !met.is_empty() {
                good.push((row, key, *random.one_of(&met)));
            }
        }
    }
    Story { d_k: d_k as i64, d_v: d_v as i64, items, here, good }
}

fn lived(random: &mut Random, windows: usize, arrives: u64, stays: u64) -> Vec<Here> {
    let mut here = vec![];
    for window in 0..windows {
        let was = window > 0 && here[window - 1] != Here::Absent;
        let chance = random.below(100);
        here.push(match was {
            true if chance < stays => Here::Carried,
            _ if random.below(100) < arrives => Here::Arrives,
            _ => Here::Absent,
        });
    }
    here
}

#[test]
fn good_pairs_are_paid_for() {
    let one = |seed: u64| {
        let story = story(&mut Random(seed));
        let account = story.account();
        assert!(account.holds(), "seed {seed}: {account:?}");
        u64::from(account.needs_the_crowd())
    };
    let odd: u64 = (0..40_000).into_par_iter().map(one).sum();
    assert!(odd > 1000, "section 6 was tried {odd} times only");
}

/// The places of some rows wait for the words of some keys: the case in which section 5 is sharp.
#[test]
fn places_that_wait() {
    let (d_k, d_v) = (2_i64, 2_i64);
    for rows in 1..=12 {
        for keys in 1..=12 {
            // Window 0: the places of the rows; 1: those of the keys; 2: the words of the keys; then
            // the words of a row each.
            let windows = 3 + rows;
            let (mut items, mut here) = (vec![], vec![]);
            let mut add = |it: Item, n: i64, from: usize, until: usize| {
                let life = (0..windows).map(|window| match window {
                    _ if window == from => Here::Arrives,
                    _ if from < window && window <= until => Here::Carried,
                    _ => Here::Absent,
                });
                let life: Vec<_> = life.collect();
                for _ in 0..n {
                    items.push(it);
                    here.push(life.clone());
                }
            };
            for of in 0..rows {
                add(Item { row: true, of, word: false }, d_k, 0, 3 + of);
                add(Item { row: true, of, word: true }, d_k + d_v, 3 + of, 3 + of);
            }
            for of in 0..keys {
                add(Item { row: false, of, word: false }, d_k + d_v, 1, windows);
                add(Item { row: false, of, word: true }, d_k + d_v, 2, windows);
            }
            let good = (0..rows).flat_map(|i| (0..keys).map(move |j| (i, j, 3 + i))).collect();
            let account = Story { d_k, d_v, items, here, good }.account();
            assert!(account.holds() && account.least == account.each[0], "{account:?}");
            // Without those that crowd each other it would not be enough.
            assert_eq!(account.meet, account.each[0] * account.n_good);
        }
    }
}
