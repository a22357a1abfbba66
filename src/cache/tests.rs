use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Touches, written `r3 w3`.
fn stream(text: &str) -> Vec<Access> {
    let word = |it: &str| it[1..].parse().expect("a number");
    text.split_whitespace()
        .map(|it| Access { word: word(it), write: it.starts_with('w') })
        .collect()
}

fn counts([accesses, misses, loads, writebacks, flushed]: [u64; 5]) -> Counts {
    Counts { accesses, misses, loads, writebacks, flushed }
}

fn of(text: &str, cache: impl Cache) -> Counts {
    let Ok(it) = simulate(stream(text).as_slice(), cache);
    it
}

/// Who leaves a slow and obvious cache.
#[derive(Clone, Copy, Debug)]
enum Rule {
    Lru,
    Fifo,
    Min,
}

/// A list of words, looked through from its beginning at every touch.
fn slow(rule: Rule, size: usize, touches: &[Access]) -> Counts {
    let mut it = Counts::default();
    let mut held: Vec<(u32, bool)> = vec![]; // the oldest first
    for (now, touch) in touches.iter().enumerate() {
        it.accesses += 1;
        let found = held.iter().position(|it| it.0 == touch.word);
        if found.is_none() {
            it.misses += 1;
            it.loads += u64::from(!touch.write);
            if size == 0 {
                it.writebacks += u64::from(touch.write);
                continue;
            }
        }
        if found.is_none() && held.len() == size {
            let next = |word: u32| touches[now..].iter().position(|it| it.word == word);
            let out = match rule {
                Rule::Lru | Rule::Fifo => 0,
                // Among words that are never touched again a clean one, then the oldest.
                Rule::Min => (0..held.len())
                    .max_by_key(|i| {
                        let (word, dirty) = held[*i];
                        (next(word).unwrap_or(usize::MAX), !dirty, usize::MAX - i)
                    })
                    .expect("it is full"),
            };
            it.writebacks += u64::from(held.remove(out).1);
        }
        match (found, rule) {
            (Some(at), Rule::Fifo) => held[at].1 |= touch.write,
            (Some(at), _) => {
                let dirty = held.remove(at).1;
                held.push((touch.word, dirty | touch.write));
            }
            (None, _) => held.push((touch.word, touch.write)),
        }
    }
    it.flushed = held.iter().filter(|it| it.1).count() as u64;
    it
}

/// a b c a b d with two words, by hand.
#[test]
fn by_hand() {
    const TEXT: &str = "r0 w1 r2 r0 r1 r3";
    // LRU: 2 evicts 0, 0 evicts dirty 1, 1 evicts 2, 3 evicts 0.
    assert_eq!(of(TEXT, Lru::new(2)), counts([6, 6, 5, 1, 0]));
    // FIFO: the same here.
    assert_eq!(of(TEXT, Fifo::new(2)), counts([6, 6, 5, 1, 0]));
    // MIN: 2 evicts 1, which is used later than 0; 0 hits; 1 and 3 miss.
    assert_eq!(of(TEXT, Min::new(2)), counts([6, 5, 4, 1, 0]));
    // FIFO differs from LRU where a touch renews: r0 r1 r0 r2 r0.
    assert_eq!(of("r0 r1 r0 r2 r0", Lru::new(2)).misses, 3);
    assert_eq!(of("r0 r1 r0 r2 r0", Fifo::new(2)).misses, 4);
    // Nothing fits: every touch moves.
    for it in
        [of("r0 w0 r0", Lru::new(0)), of("r0 w0 r0", Fifo::new(0)), of("r0 w0 r0", Min::new(0))]
    {
        assert_eq!(it, counts([3, 3, 2, 1, 0]));
    }
}

/// Sizes at which FIFO misses more with more room (Bélády, Nelson and Shedler 1969).
#[test]
fn fifo_is_no_stack() {
    const TEXT: &str = "r1 r2 r3 r4 r1 r2 r5 r1 r2 r3 r4 r5";
    assert_eq!(of(TEXT, Fifo::new(3)).misses, 9);
    assert_eq!(of(TEXT, Fifo::new(4)).misses, 10);
}

/// Two lines that meet in one set, and a tree that differs from LRU.
#[test]
fn sets_by_hand() {
    let geometry =
        Geometry { line: 2, sets: 2, ways: 1, replacement: Replacement::Lru, write_allocate: true };
    // Words 0, 1 are line 0, words 4, 5 line 2: both in set 0.
    let it = of("r0 r1 w4 r0 r2", Sets::new(geometry).expect("a cache"));
    assert_eq!(it, counts([5, 4, 4, 1, 0]));
    let past = Geometry { write_allocate: false, ..geometry };
    let it = of("r0 r1 w4 r0 r2", Sets::new(past).expect("a cache"));
    assert_eq!(it, counts([5, 3, 2, 1, 0]));
    // After 0 1 2 3 0 the bits point to 2, and LRU evicts 1.
    let tree =
        Geometry { line: 1, sets: 1, ways: 4, replacement: Replacement::TreePlru, ..geometry };
    let text = "r0 r1 r2 r3 r0 r4 r1";
    assert_eq!(of(text, Sets::new(tree).expect("a cache")).misses, 5);
    assert_eq!(of(text, Lru::new(4)).misses, 6);
    for (bad, says) in [
        (Geometry { line: 3, ..geometry }, "a line of 3 words; it must be a power of two"),
        (Geometry { line: 0, ..geometry }, "a line of 0 words; it must be a power of two"),
        (Geometry { sets: 0, ..geometry }, "0 sets; a cache has 1 to 2^26"),
        (Geometry { ways: 0, ..geometry }, "0 ways; a set has 1 to 2^26 lines, and 2 sets"),
        (Geometry { ways: 3, ..tree }, "3 ways; a tree of bits needs a power of two up to 64"),
    ] {
        assert!(Sets::new(bad).expect_err("refused").to_string().starts_with(says), "{bad:?}");
    }
}

/// Streams with runs, loops and jumps.
fn streams() -> impl Strategy<Value = Vec<Access>> {
    let piece = (0..40u32, 1..12u32, 1..4u32, any::<bool>());
    prop::collection::vec(piece, 1..40).prop_map(|pieces| {
        let mut all = vec![];
        for (start, len, times, writes) in pieces {
            for round in 0..times {
                all.extend(
                    (start..start + len)
                        .map(|word| Access { word, write: writes && (word + round) % 3 == 0 }),
                );
            }
        }
        all
    })
}

fn fully(ways: u32) -> Geometry {
    let replacement = Replacement::Lru;
    Geometry { line: 1, sets: 1, ways, replacement, write_allocate: true }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn as_the_slow_ones(touches in streams(), size in 0..60usize) {
        let source = touches.as_slice();
        let (Ok(lru), Ok(fifo), Ok(min)) = (
            simulate(source, Lru::new(size)),
            simulate(source, Fifo::new(size)),
            simulate(source, Min::new(size)),
        );
        prop_assert_eq!(lru, slow(Rule::Lru, size, source));
        prop_assert_eq!(fifo, slow(Rule::Fifo, size, source));
        prop_assert_eq!(min, slow(Rule::Min, size, source));
        prop_assert!(min.misses <= lru.misses.min(fifo.misses));
        if size > 0 {
            let sets = Sets::new(fully(u32::try_from(size).expect("small"))).expect("a cache");
            let Ok(sets) = simulate(source, sets);
            prop_assert_eq!(sets, lru);
        }
    }

    /// Each set is an LRU cache of its own lines.
    #[test]
    fn sets_are_caches(touches in streams(), line in 0..3u32, sets in 1..6u32, ways in 1..5u32) {
        let geometry = Geometry { line: 1 << line, sets, ..fully(ways) };
        let Ok(all) = simulate(touches.as_slice(), Sets::new(geometry).expect("a cache"));
        let lines = touches.iter().map(|it| Access { word: it.word >> line, ..*it });
        let mut sum = Counts::default();
        for set in 0..sets {
            let own: Vec<Access> = lines.clone().filter(|it| it.word % sets == set).collect();
            let Ok(it) = simulate(own.as_slice(), Lru::new(ways as usize));
            sum.accesses += it.accesses;
            sum.misses += it.misses;
            sum.writebacks += it.writebacks;
            sum.flushed += it.flushed;
            // A line of one word that is written need not be fetched.
            sum.loads += if line == 0 { it.loads } else { it.misses };
        }
        prop_assert_eq!(all, sum);
    }

    #[test]
    fn one_pass_for_all_sizes(touches in streams()) {
        let mut stack = Stack::new();
        for it in &touches {
            stack.touch(*it);
        }
        let curve = stack.curve();
        let mut words = BTreeMap::new();
        touches.iter().for_each(|it| *words.entry(it.word).or_insert(0) += 1);
        prop_assert_eq!(curve.words(), words.len());
        for size in 0..=curve.words() + 2 {
            let Ok(one) = simulate(touches.as_slice(), Lru::new(size));
            prop_assert_eq!(curve.at(size), one, "C = {}", size);
        }
    }
}

/// Streams long enough that slots are moved together many times.
#[test]
fn slots_are_moved_together() {
    let mut state = 1u64;
    let touches: Vec<Access> = (0..300_000u64)
        .map(|_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let r = state >> 33;
            let word = if r.is_multiple_of(8) { r / 8 % 9000 } else { r / 8 % 70 };
            Access { word: u32::try_from(word).expect("small"), write: r.is_multiple_of(5) }
        })
        .collect();
    let mut stack = Stack::new();
    touches.iter().for_each(|it| {
        stack.touch(*it);
    });
    let curve = stack.curve();
    for size in [1, 2, 50, 69, 70, 71, 500, 5000, 8999, 9000] {
        let Ok(lru) = simulate(touches.as_slice(), Lru::new(size));
        assert_eq!(curve.at(size), lru, "C = {size}");
    }
    // MIN against the slow one, on a part that still crosses a border of slots.
    let part = &touches[..40_000];
    let Ok(min) = simulate(part, Min::new(60));
    assert_eq!(min, slow(Rule::Min, 60, part));
}

/// The fewest words that any cache of `size` moves, by trying everything: what is held and which of it is
/// dirty.
fn least_moved(size: usize, touches: &[Access]) -> u64 {
    type Held = Vec<(u32, bool)>;
    let mut states = BTreeMap::from([(Held::new(), 0u64)]);
    for it in touches {
        let mut next: BTreeMap<Held, u64> = BTreeMap::new();
        let mut reach = |mut held: Held, moved: u64| {
            held.sort_unstable();
            let best = next.entry(held).or_insert(moved);
            *best = moved.min(*best);
        };
        for (held, moved) in states {
            if let Some(at) = held.iter().position(|word| word.0 == it.word) {
                let mut held = held;
                held[at].1 |= it.write;
                reach(held, moved);
                continue;
            }
            let moved = moved + u64::from(!it.write);
            let outs = if held.len() < size { vec![None] } else { (0..size).map(Some).collect() };
            for out in outs {
                let mut held = held.clone();
                let back = out.is_some_and(|at| held.remove(at).1);
                held.push((it.word, it.write));
                reach(held, moved + u64::from(back));
            }
        }
        states = next;
    }
    let flushed = |held: &Held| held.iter().filter(|it| it.1).count() as u64;
    states.iter().map(|(held, moved)| moved + flushed(held)).min().unwrap_or_default()
}

proptest! {
    #[test]
    fn nothing_moves_less_than_the_least(
        touches in prop::collection::vec((0..6u32, any::<bool>()), 1..24), size in 1..4usize
    ) {
        let touches: Vec<Access> =
            touches.into_iter().map(|(word, write)| Access { word, write }).collect();
        let least = least_moved(size, &touches);
        let Ok(min) = simulate(touches.as_slice(), Min::new(size));
        let Ok(by_words) = simulate(touches.as_slice(), Min::by_words(size));
        let Ok(lru) = simulate(touches.as_slice(), Lru::new(size));
        prop_assert!(least <= min.io().min(by_words.io()).min(lru.io()));
    }
}

/// A clean word that is written next: MIN keeps it for the hit, and another word is loaded again.
#[test]
fn by_words_lets_go() {
    const TEXT: &str = "r0 r1 r2 w0 r1";
    let (min, by_words) = (of(TEXT, Min::new(2)), of(TEXT, Min::by_words(2)));
    assert_eq!((min.misses, min.io()), (4, 5));
    assert_eq!((by_words.misses, by_words.io()), (4, 4));
    assert_eq!(least_moved(2, &stream(TEXT)), 4);
}
