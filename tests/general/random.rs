//! Small CDAGs: all of them, or some drawn at random.

use iobound::cdag::{Cdag, Vertex};

/// A stream of numbers that is the same on every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (it ^ (it >> 31)) % limit
    }

    pub(crate) fn one_of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let length = u64::try_from(list.len()).unwrap();
        &list[usize::try_from(self.below(length)).unwrap()]
    }

    /// `n` vertices, each pair an edge with `percent`, upwards.
    pub(crate) fn cdag(&mut self, n: u64, percent: u64) -> Cdag {
        let operands = |v| (0..v).filter(|_| self.below(100) < percent).map(Vertex).collect();
        Cdag::new((0..n).map(operands).collect()).unwrap()
    }

    /// `n` vertices: inputs, values of one or two earlier ones, and then values of the one before and
    /// an early one. Many values are alive at once, and little memory computes them.
    pub(crate) fn folded(&mut self, n: u64) -> Cdag {
        let inputs = 1 + self.below(2);
        let fold = n / 2 + self.below(2);
        let mut operands = vec![];
        for v in 0..n {
            operands.push(if v < inputs {
                vec![]
            } else if v < fold {
                (0..=self.below(4) / 3).map(|_| Vertex(v - 1 - self.below(2).min(v - 1))).collect()
            } else {
                vec![Vertex(v - 1), Vertex(self.below(fold))]
            });
        }
        Cdag::new(operands).unwrap()
    }
}

/// Every CDAG of `n` vertices whose numbers are a topological order, so each up to isomorphism.
pub(crate) fn every(n: u64) -> impl Iterator<Item = Cdag> {
    let pairs: Vec<(u64, u64)> = (0..n).flat_map(|v| (0..v).map(move |u| (u, v))).collect();
    (0_u64..1 << pairs.len()).map(move |edges| {
        let of =
            |v| pairs.iter().enumerate().filter(move |(i, it)| it.1 == v && edges >> i & 1 == 1);
        let operands = (0..n).map(|v| of(v).map(|(_, it)| Vertex(it.0)).collect()).collect();
        Cdag::new(operands).unwrap()
    })
}
