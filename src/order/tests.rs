use super::*;
use crate::cdag::{Generator, Labelled};
use std::collections::BTreeSet;

fn cdag(operands: &[&[u64]]) -> Cdag {
    let operands = operands.iter().map(|it| it.iter().copied().map(Vertex).collect());
    Cdag::new(operands.collect()).unwrap()
}

fn vertices(it: &[u64]) -> Vec<Vertex> {
    it.iter().copied().map(Vertex).collect()
}

fn made(name: &str) -> Cdag {
    name.parse::<Generator>().unwrap().cdag()
}

fn moves(placed: &Placed<'_>) -> Vec<String> {
    let mut said = vec![];
    let mut source = placed;
    let flow = source.emit::<()>(&mut |it| {
        said.push(match it {
            Move::Load(v) => format!("load {}", v.0),
            Move::Store(v, _) => format!("store {}", v.0),
            Move::Compute { vertex, .. } => format!("compute {}", vertex.0),
            Move::Free(v) => format!("free {}", v.0),
            Move::Accumulate { .. } => unreachable!("the game is strict"),
        });
        ControlFlow::Continue(())
    });
    assert!(flow.is_ok_and(|it| it.is_continue()));
    said
}

#[test]
fn a_sum() {
    let cdag = cdag(&[&[], &[], &[0, 1], &[]]);
    for evict in [Evict::Belady, Evict::Lru] {
        let placed = place(&cdag, &vertices(&[2]), Words(3), evict).unwrap();
        assert_eq!((placed.loads(), placed.stores(), placed.io()), (2, 1, 3));
        let expected = ["load 0", "load 1", "compute 2", "free 0", "free 1", "store 2", "free 2"];
        assert_eq!(moves(&placed), expected);
    }
}

/// x = f(a), g(b), h(a), k(x) with M = 3: at g(b) one of a and x must go. x is used later, but must be
/// stored first; a is only loaded again. Bélády's own rule takes x.
#[test]
fn a_store_is_weighed() {
    let cdag = cdag(&[&[], &[], &[0], &[1], &[0], &[2]]);
    let placed = place(&cdag, &vertices(&[2, 3, 4, 5]), Words(3), Evict::Belady).unwrap();
    assert_eq!((placed.loads(), placed.stores()), (3, 3));
    let graph = Graph::new(&cdag, Words(3)).unwrap();
    let own = Rule::Weighed { weight: 1 };
    let own = walk::traffic(&graph, &[2, 3, 4, 5], Words(3), own, u64::MAX).unwrap();
    assert_eq!((own.loads, own.stores), (3, 4));
    assert_eq!(walk::traffic(&graph, &[2, 3, 4, 5], Words(3), Rule::Lru, 5), None);
}

/// With M large every order moves the compulsory words only.
#[test]
fn enough_memory() {
    for name in ["attention:3,2", "matmul:2,3,2", "fft:8", "pyramid:5", "random:5,6,3", "tree:1"] {
        let cdag = made(name);
        for (_, start) in starts::STARTS {
            for evict in [Evict::Belady, Evict::Lru] {
                let placed = place(&cdag, &start(&cdag), Words(1000), evict).unwrap();
                assert_eq!(placed.io(), compulsory(&cdag), "{name}");
            }
        }
    }
}

#[test]
fn what_is_no_order() {
    let cdag = cdag(&[&[], &[0], &[1, 0], &[]]);
    let error =
        |order: &[u64], fast| place(&cdag, &vertices(order), Words(fast), Evict::Lru).unwrap_err();
    let least = Words(3);
    assert_eq!(
        error(&[1, 2], 2),
        OrderError::TooSmall { vertex: Vertex(2), fast: Words(2), least }
    );
    assert_eq!(error(&[1, 4], 3), OrderError::Unknown(Vertex(4)));
    assert_eq!(error(&[1, 1 << 32], 3), OrderError::Unknown(Vertex(1 << 32)));
    assert_eq!(error(&[1, 2, 1], 3), OrderError::Repeated(Vertex(1)));
    assert_eq!(error(&[3, 3], 3), OrderError::Repeated(Vertex(3)));
    assert_eq!(error(&[0, 1], 3), OrderError::Missing(Vertex(2)));
    let early = OrderError::Early { vertex: Vertex(2), operand: Vertex(1) };
    assert_eq!(error(&[2, 1], 3), early);
    assert!(place(&cdag, &vertices(&[1, 0, 2]), Words(3), Evict::Lru).is_ok());
    let alone = self::cdag(&[&[], &[]]);
    assert_eq!(place(&alone, &[], Words(0), Evict::Belady).unwrap().io(), 0);
}

#[test]
fn starts_are_orders() {
    for name in ["attention:3,2", "fft:16", "random:6,7,1", "diamond:4"] {
        let cdag = made(name);
        let graph = Graph::new(&cdag, Words(9)).unwrap();
        let mut random = crate::cdag::random::SplitMix::new(5);
        let mut orders: Vec<Vec<Vertex>> = starts::STARTS.iter().map(|it| it.1(&cdag)).collect();
        orders.push(starts::random(&cdag, &mut random));
        for order in orders {
            assert!(graph.order(&order).is_ok(), "{name}");
            assert_eq!(order.iter().collect::<BTreeSet<_>>().len() as u64, cdag.n_vertices());
        }
    }
    let tree = made("tree:4");
    assert_eq!(starts::depth_first(&tree), vertices(&[0, 1, 4, 2, 3, 5, 6]));
}

/// A tree of 8 leaves needs 4 words of partial results at once, and one more for the result (Paterson
/// & Hewitt 1970, pebbling trees): then only the 9 compulsory words move.
#[test]
fn the_search_finds_what_is_known() {
    let tree = made("tree:8");
    let bad = starts::breadth_first(&tree);
    assert!(place(&tree, &bad, Words(5), Evict::Belady).unwrap().io() > 9);
    let found = search(&tree, Words(5), Evict::Belady, Limits::default()).unwrap();
    assert_eq!((found.best.io(), found.ended), (9, Ended::Compulsory));
    let chain = cdag(&[&[], &[0], &[1], &[2]]);
    let found = search(&chain, Words(2), Evict::Lru, Limits::default()).unwrap();
    assert_eq!((found.best.io(), found.steps), (2, 0));
}

/// The same seed, the same answer; never worse than the orders it starts from.
#[test]
fn the_search_is_deterministic() {
    let cdag = made("random:6,6,2");
    let limits = Limits { steps: 3000, seed: 9 };
    let run = || search(&cdag, Words(5), Evict::Belady, limits).unwrap();
    let (one, two) = (run(), run());
    assert!(one.best.order().eq(two.best.order()));
    assert!(one.restarts > 0);
    for (_, start) in starts::STARTS {
        let placed = place(&cdag, &start(&cdag), Words(5), Evict::Belady).unwrap();
        assert!(one.best.io() <= placed.io());
    }
}

#[test]
fn orders_in_files() {
    let plain = Labelled::from(cdag(&[&[], &[0], &[1]]));
    let order = text::parse("# all\n0 1 # one\n\n2", &plain).unwrap();
    assert_eq!(order, vertices(&[0, 1, 2]));
    let error = text::parse("0\n1 3", &plain).unwrap_err();
    assert_eq!((error.line, error.word.as_str()), (2, "3"));
    let names = ["x", "2", "y"].map(str::to_owned).to_vec();
    let named = Labelled::new(plain.cdag.clone(), names).unwrap();
    assert_eq!(text::parse("x,2 y", &named).unwrap(), vertices(&[0, 1, 2]));
    assert!(text::parse("0", &named).is_err());
}

#[test]
fn evictions_have_names() {
    assert_eq!(("belady".parse(), "lru".parse()), (Ok(Evict::Belady), Ok(Evict::Lru)));
    assert!("fifo".parse::<Evict>().is_err());
}
