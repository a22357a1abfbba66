//! What caches make of the shipped schedules.
#![expect(clippy::unwrap_used, reason = "tests")]

use iobound::{
    access::{Access, AccessSource},
    cache::{Fifo, Lru, Min, Stack, simulate},
    model::Words,
    reading::{Accesses, Moves, count},
    schedule::{Program, bind::Binding, poly::Poly},
    strategy::{ALGORITHMS, Choice, Max, Schedule, Want, choose},
};

fn of(program: &Program, binding: &Binding, moves: Moves) -> Vec<Access> {
    let mut all = vec![];
    Accesses::new(program, binding, moves).each(|it| all.push(it)).unwrap();
    all
}

/// Two rows of two words, their product, by hand.
#[test]
fn by_hand() {
    let text = "iobound-schedule 1\nparam d;\nin A[d], B[d];\nout C[1];\n\nload a = A[..];\n\
                load b = B[..];\nc[r:1] += a[e] * b[e];\nc[r] = exp(c[r]);\nstore C[..] = c;\nfree a, b, c;\n";
    let program = Program::parse(text).unwrap();
    let binding = program.bind(&[("d", 2)]).unwrap();
    let (r, w) = (Access::read, Access::write);
    // A is 0, 1; B is 2, 3; C is 4; then, in the order they are born, a, b, c or only c.
    assert_eq!(
        of(&program, &binding, Moves::Erased),
        [r(0), r(2), w(5), r(1), r(3), w(5), w(5), r(5), w(4)]
    );
    assert_eq!(
        of(&program, &binding, Moves::Copied),
        [
            r(0),
            w(5),
            r(1),
            w(6),
            r(2),
            w(7),
            r(3),
            w(8), // loads
            r(5),
            r(7),
            w(9),
            r(6),
            r(8),
            w(9),
            w(9),
            r(9),
            w(4),
        ]
    );
}

/// Every text that ships with its best tiles.
fn each_shipped(n: u64, d: u64, m: u64, mut see: impl FnMut(&Schedule, &Choice)) {
    let mut seen = 0;
    for algorithm in ALGORITHMS {
        for max in [Max::Kept, Max::Dropped] {
            let Some(schedule) = algorithm.schedule(max) else { continue };
            let want = Want::Best(vec![]);
            let sizes = [("N", n), ("d", d)];
            if let Ok(choice) = choose(schedule, None, &sizes, Words(m), &want) {
                see(schedule, &choice);
                seen += 1;
            }
        }
    }
    assert!(seen >= 10, "only {seen} texts fit");
}

/// Where tiles are copied, the slow words read and written are the schedule's loads and stores.
#[test]
fn copies_are_the_moves() {
    each_shipped(12, 3, 80, |schedule, choice| {
        let (program, binding) = (&schedule.program, &choice.binding);
        let extent = |it: &Poly| u32::try_from(it.eval(&binding.env).unwrap()).unwrap();
        let slow: u32 =
            program.slow.iter().map(|it| it.dims.iter().map(extent).product::<u32>()).sum();
        let [mut loads, mut stores] = [0u128; 2];
        for it in of(program, binding, Moves::Copied).iter().filter(|it| it.word < slow) {
            *if it.write { &mut stores } else { &mut loads } += 1;
        }
        let totals = count(program, binding, 1 << 20).unwrap().totals;
        assert_eq!([loads, stores], [totals.loads, totals.stores], "{}", schedule.name);
    });
}

/// One pass and one cache agree on real loops, and nobody beats MIN.
#[test]
fn policies_on_the_shipped_loops() {
    each_shipped(16, 4, 100, |schedule, choice| {
        let all = of(&schedule.program, &choice.binding, Moves::Erased);
        let mut stack = Stack::new();
        all.iter().for_each(|it| {
            stack.touch(*it);
        });
        let curve = stack.curve();
        for size in [1, 2, 7, 30, 100, 150, curve.words(), 10_000] {
            let Ok(lru) = simulate(all.as_slice(), Lru::new(size));
            let Ok(fifo) = simulate(all.as_slice(), Fifo::new(size));
            let Ok(min) = simulate(all.as_slice(), Min::new(size));
            let name = &schedule.name;
            assert_eq!(curve.at(size), lru, "{name}, C = {size}");
            assert!(min.misses <= lru.misses.min(fifo.misses), "{name}, C = {size}");
        }
        let all = curve.at(10_000);
        assert_eq!(all.misses, curve.words() as u64);
        assert_eq!((all.loads, all.writebacks, all.flushed > 0), (3 * 16 * 4, 0, true));
    });
}
