//! The least I/O of a tiny CDAG, as slow and plain as can be: every state, nearest first.

use iobound::cdag::{Cdag, Operands, Vertex};
use iobound::model::{Machine, Recompute};
use rustc_hash::FxHashSet;
use std::collections::VecDeque;

/// Loads and stores of the best schedule; `None` if there is none.
///
/// A state is three sets: red, blue, computed.
pub(crate) fn least_io(cdag: &Cdag, machine: &Machine) -> Option<u64> {
    let bit = |v: Vertex| 1_u32 << v.0;
    let set = |list: Vec<Vertex>| list.into_iter().fold(0, |set, it| set | bit(it));
    let operands: Vec<u32> = cdag.vertices().map(|it| set(cdag.operands(it).to_vec())).collect();
    let inputs = set(cdag.vertices().filter(|&it| cdag.is_input(it)).collect());
    let outputs = set(cdag.vertices().filter(|&it| cdag.is_output(it)).collect());
    let once = machine.recompute == Recompute::Forbidden;
    let fast = u32::try_from(machine.fast.0).unwrap();
    let mut seen = FxHashSet::default();
    let mut todo = VecDeque::from([((0, inputs, 0), 0)]);
    while let Some((state, io)) = todo.pop_front() {
        if !seen.insert(state) {
            continue;
        }
        let (red, blue, done) = state;
        if outputs & !blue == 0 {
            return Some(io);
        }
        for (v, operands) in operands.iter().enumerate() {
            let it = 1_u32 << v;
            if red & it != 0 {
                todo.push_front(((red & !it, blue, done), io));
                if blue & it == 0 {
                    todo.push_back(((red, blue | it, done), io + 1));
                }
                continue;
            }
            if red.count_ones() >= fast {
                continue;
            }
            if blue & it != 0 {
                todo.push_back(((red | it, blue, done), io + 1));
            }
            let may = inputs & it == 0 && !(once && done & it != 0);
            if may && operands & !red == 0 {
                todo.push_front(((red | it, blue, if once { done | it } else { 0 }), io));
            }
        }
    }
    None
}

#[test]
fn by_hand() {
    use iobound::model::{Partial, Words};
    let cdag = |lists: &[&[u64]]| {
        Cdag::new(lists.iter().map(|it| it.iter().copied().map(Vertex).collect()).collect())
            .unwrap()
    };
    let io = |cdag: &Cdag, fast, recompute| {
        least_io(cdag, &Machine { fast: Words(fast), recompute, partial: Partial::Off })
    };
    let sum = cdag(&[&[], &[], &[0, 1]]);
    assert_eq!(io(&sum, 2, Recompute::Allowed), None);
    assert_eq!(io(&sum, 3, Recompute::Allowed), Some(3));
    assert_eq!(io(&cdag(&[&[], &[]]), 1, Recompute::Allowed), Some(0));
    // A chain 0 → 3, read again from its end. In three words vertex 4 can only be computed with 0 and
    // 1 in slow memory: 0 is loaded twice, 1 is stored and loaded, or made again from 0.
    let folded = cdag(&[&[], &[0], &[1], &[2], &[3, 2], &[4, 1], &[5, 0]]);
    assert_eq!(io(&folded, 3, Recompute::Forbidden), Some(5));
    assert_eq!(io(&folded, 3, Recompute::Allowed), Some(4));
    assert_eq!(io(&folded, 5, Recompute::Forbidden), Some(2));
    // Folded twice, as in `proofs/wavefront-sum/accept/chain.cert`: 0 is loaded and 1 is loaded once
    // more, but 1 is not stored again. So 7 is attained, and a store counted twice would be wrong.
    let twice: [&[u64]; 12] =
        [&[], &[0], &[1], &[2], &[3, 2], &[4, 1], &[5, 0], &[6], &[7], &[8, 7], &[9, 1], &[10, 0]];
    assert_eq!(io(&cdag(&twice), 3, Recompute::Forbidden), Some(7));
}
