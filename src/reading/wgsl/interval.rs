//! Intervals that sizes lie in, over all iterations of the loops around a statement.

use crate::schedule::poly::{Atom, Poly, TooLarge};

/// Both ends are included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Interval {
    pub(super) lo: i128,
    pub(super) hi: i128,
}

impl Interval {
    pub(super) fn point(at: i128) -> Self {
        Self { lo: at, hi: at }
    }

    pub(super) fn of(poly: &Poly, env: &[Self]) -> Result<Self, TooLarge> {
        let mut sum = Self::point(0);
        for (atoms, c) in poly.terms() {
            let mut product = Self::point(c);
            for atom in atoms {
                product = product.times(Self::of_atom(atom, env)?)?;
            }
            let add = |a: i128, b: i128| a.checked_add(b).ok_or(TooLarge);
            sum = Self { lo: add(sum.lo, product.lo)?, hi: add(sum.hi, product.hi)? };
        }
        Ok(sum)
    }

    fn of_atom(atom: &Atom, env: &[Self]) -> Result<Self, TooLarge> {
        let both = |a: &Poly, b: &Poly| Ok::<_, TooLarge>((Self::of(a, env)?, Self::of(b, env)?));
        Ok(match atom {
            Atom::Slot(slot) => env[slot.index()],
            Atom::Ceil(a, b) => {
                let (a, b) = both(a, b)?;
                a.quotient(b, |a, b| -(-a).div_euclid(b))?
            }
            Atom::Floor(a, b) => {
                let (a, b) = both(a, b)?;
                a.quotient(b, i128::div_euclid)?
            }
            Atom::Min(a, b) => {
                let (a, b) = both(a, b)?;
                Self { lo: a.lo.min(b.lo), hi: a.hi.min(b.hi) }
            }
            Atom::Max(a, b) => {
                let (a, b) = both(a, b)?;
                Self { lo: a.lo.max(b.lo), hi: a.hi.max(b.hi) }
            }
        })
    }

    fn times(self, other: Self) -> Result<Self, TooLarge> {
        let mut ends = [0; 4];
        let pairs = [self.lo, self.hi].map(|a| [other.lo, other.hi].map(|b| (a, b)));
        for (end, (a, b)) in ends.iter_mut().zip(pairs.into_iter().flatten()) {
            *end = a.checked_mul(b).ok_or(TooLarge)?;
        }
        Ok(Self::hull(ends))
    }

    /// `self / by`, rounded by `divide`, which grows with its first operand.
    fn quotient(self, by: Self, divide: fn(i128, i128) -> i128) -> Result<Self, TooLarge> {
        if by.lo < 1 || self.lo == i128::MIN {
            return Err(TooLarge);
        }
        let all = [self.lo, self.hi].map(|a| [by.lo, by.hi].map(|b| divide(a, b)));
        Ok(Self::hull([all[0][0], all[0][1], all[1][0], all[1][1]]))
    }

    fn hull(ends: [i128; 4]) -> Self {
        let (lo, hi) = ends.iter().fold((ends[0], ends[0]), |it, x| (it.0.min(*x), it.1.max(*x)));
        Self { lo, hi }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::poly::Slot;

    /// Every number that a polynomial takes lies in its interval.
    #[test]
    fn holds_every_value() {
        let (n, i) = (Poly::slot(Slot(0)), Poly::slot(Slot(1)));
        let rest = n.sub(&i).unwrap();
        let polys = [
            rest.mul(&i).unwrap(),
            rest.ceil(&Poly::int(3)).unwrap(),
            i.sub(&n).unwrap().floor(&Poly::int(2)).unwrap(),
            rest.least(&Poly::int(4)),
            i.most(&Poly::int(2)).scale(-3).unwrap(),
        ];
        for poly in polys {
            let env = [Interval { lo: 5, hi: 7 }, Interval { lo: 0, hi: 6 }];
            let interval = Interval::of(&poly, &env).unwrap();
            let mut seen = vec![];
            for n in 5..=7 {
                seen.extend((0..=6).map(|i| poly.eval(&[n, i]).unwrap()));
            }
            assert!(seen.iter().all(|it| (interval.lo..=interval.hi).contains(it)), "{interval:?}");
        }
    }
}
