//! The bounds, notes and symmetries lose nothing: the search with them and without a beam's upper number
//! against the search that knows none of them. (With an upper number at the optimum, which the beam finds
//! for most tiny CDAGs, a bound that is too high would go unseen.) Normal forms: `tests/exact`.

use super::game::{Game, Log, State, Turn};
use super::graph::Graph;
use super::symmetry::Symmetry;
use super::{Ended, Limits, again::Again, one_shot::OneShot, partial::Marking, search};
use crate::cdag::{Cdag, Vertex};
use crate::model::{Machine, Partial, Recompute, Words};

/// The same game for a search that knows nothing.
struct Blind<G>(G);

impl<G: Game> Game for Blind<G> {
    fn start(&self, log: &mut impl Log) -> (State, u32) {
        let (mut state, cost) = self.0.start(log);
        self.forget(&mut state);
        (state, cost)
    }

    fn is_goal(&self, state: &State) -> bool {
        self.0.is_goal(state)
    }

    fn at_least(&self, _: &State) -> u32 {
        0
    }

    fn turns(&self, state: &State, visit: &mut impl FnMut(Turn)) {
        self.0.turns(state, visit);
    }

    fn play(&self, state: &State, turn: Turn, log: &mut impl Log) -> (State, u32) {
        let (mut state, cost) = self.0.play(state, turn, log);
        self.forget(&mut state);
        (state, cost)
    }

    fn layout(&self) -> [(u32, u32); 4] {
        let mut layout = self.0.layout();
        if G::NOTED {
            layout[3] = (0, 0);
        }
        layout
    }
}

impl<G: Game> Blind<G> {
    fn forget(&self, state: &mut State) {
        if G::NOTED {
            state[3] = 0;
        }
    }
}

fn least<G: Game>(game: &G, symmetry: &Symmetry) -> (u32, u32) {
    let found = search::best(game, symmetry, &Limits::default(), None);
    assert_eq!(found.ended, Ended::Exhausted);
    (found.lower, found.upper.expect("every fitting CDAG has a schedule").cost)
}

/// All games, with this M.
fn check(cdag: &Cdag, fast: u64) {
    let graph = |partial| {
        let machine = Machine { fast: Words(fast), recompute: Recompute::Forbidden, partial };
        Graph::new(cdag, &machine).unwrap()
    };
    let strict = graph(Partial::Off);
    let symmetry = Symmetry::of(&strict);
    let none = Symmetry::none();
    let say = || format!("{cdag:?} M = {fast}");
    let (least_one_shot, cost) = least(&OneShot { graph: &strict }, &symmetry);
    assert_eq!(least(&Blind(OneShot { graph: &strict }), &none).0, least_one_shot, "{}", say());
    assert_eq!(cost, least_one_shot);
    let (least_again, cost) = least(&Again::new(&strict), &symmetry);
    assert_eq!(least(&Blind(Again::new(&strict)), &none).0, least_again, "{}", say());
    assert_eq!(cost, least_again);
    if cdag.n_edges() <= 12 {
        let graph = graph(Partial::On);
        let (least_partial, cost) = least(&Marking::new(&graph).unwrap(), &none);
        let blind = Blind(Marking::new(&graph).unwrap());
        assert_eq!(least(&blind, &none).0, least_partial, "{}", say());
        assert_eq!(cost, least_partial);
    }
}

fn cdag(operands: &[Vec<u64>]) -> Cdag {
    let vertices = |it: &Vec<u64>| it.iter().copied().map(Vertex).collect();
    Cdag::new(operands.iter().map(vertices).collect()).unwrap()
}

#[test]
fn all_with_four_vertices() {
    for code in 0_u32..1 << 6 {
        let reads = |u: u32, v: u32| code >> (v * (v - 1) / 2 + u) & 1 == 1;
        let operands = |v| (0..v).filter(|u| reads(*u, v)).map(u64::from).collect();
        let cdag = cdag(&(0..4).map(operands).collect::<Vec<_>>());
        (4..=5).for_each(|fast| check(&cdag, fast));
    }
}

/// One or two operands each, so M = 3 will do.
#[test]
fn random_and_sparse() {
    let mut state = 1_u64;
    let mut next = |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for case in 0..300 {
        let n = 7 + case % 5;
        let sources = 2 + next(3);
        let operands = (0..n).map(|v| match v {
            _ if v < sources => vec![],
            v => [v.min(4), v].map(|near| v - 1 - next(near)).to_vec(),
        });
        let cdag = cdag(&operands.collect::<Vec<_>>());
        (3..=4).for_each(|fast| check(&cdag, fast));
    }
}

/// Symmetric ones: four points of the FFT, with twins and without.
#[test]
fn symmetric() {
    let layer = |start: u64, bit: u64| (0..4).map(move |i| vec![start + i, start + (i ^ bit)]);
    let inputs = || std::iter::repeat_n(vec![], 4);
    let fft: Vec<_> = inputs().chain(layer(0, 1)).chain(layer(4, 2)).collect();
    let copied: Vec<_> = fft.iter().cloned().chain((8..12).map(|it| vec![it])).collect();
    (3..=5).for_each(|fast| check(&cdag(&fft), fast));
    check(&cdag(&copied), 3);
}

/// s → a, b;  a → t;  b → w. Nothing red, a and b blue and not owed: one load of s makes both anew, so
/// a way from a and one from b must not both count it.
#[test]
fn ways_share_no_load() {
    let cdag = cdag(&[vec![], vec![0], vec![0], vec![1], vec![2]]);
    let graph = Graph::new(&cdag, &Machine::strict(Words(3))).unwrap();
    let game = Again::new(&graph);
    assert_eq!(game.at_least(&[0, 0b110, 0, 0]), 1 + 2);
    assert_eq!(game.at_least(&[0, 0b110, 0, 0b110]), 2 + 2);
}
