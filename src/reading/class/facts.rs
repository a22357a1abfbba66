//! What is known of sizes: parameters are at least 1, tiles at least 0, and a loop's tile lies
//! between the loop's ends.

use super::tag::Range;
use crate::schedule::{
    poly::{Atom, Poly, Slot},
    program::Loop,
};

#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// At least 1.
    params: Vec<Slot>,
    /// From the outside in: start, length, first start, end.
    loops: Vec<(Slot, Slot, Poly, Poly)>,
}

impl Facts {
    pub(super) fn new(params: &[Slot]) -> Self {
        Self { params: params.to_vec(), loops: vec![] }
    }

    pub(super) fn enter(&mut self, it: &Loop) {
        self.loops.push((it.start, it.len, it.lo.clone(), it.hi.clone()));
    }

    /// The starts and lengths of the loops around.
    pub(super) fn slots(&self) -> impl Iterator<Item = Slot> {
        self.loops.iter().flat_map(|it| [it.0, it.1])
    }

    /// Is something in the range, whatever the sizes?
    pub(super) fn some(&self, it: &Range) -> bool {
        it.hi.sub(&it.lo).and_then(|it| it.sub(&Poly::int(1))).is_ok_and(|it| self.positive(&it))
    }

    /// Does `a` lie in `b`, whatever the sizes?
    pub(super) fn inside(&self, a: &Range, b: &Range) -> bool {
        let least = |a: &Poly, b: &Poly| b.sub(a).is_ok_and(|it| self.positive(&it));
        least(&b.lo, &a.lo) && least(&a.hi, &b.hi)
    }

    /// Is it 0 or more, whatever the sizes? True where that shows.
    fn positive(&self, it: &Poly) -> bool {
        let mut least = it.clone();
        for it in self.loops.iter().rev() {
            match below(&least, it) {
                Some(lower) => least = lower,
                None => return false,
            }
        }
        // Least where every parameter is 1 and every tile 0.
        let mut sum = 0;
        for (atoms, c) in least.terms() {
            let slots = atoms.iter().map(|it| match it {
                Atom::Slot(slot) => Some(self.params.contains(slot)),
                _ => None,
            });
            let Some(slots) = slots.collect::<Option<Vec<_>>>() else { return false };
            if c < 0 && !slots.is_empty() {
                return false;
            }
            if slots.iter().all(|it| *it) {
                sum += c;
            }
        }
        sum >= 0
    }
}

/// What `it`, linear in a loop's start and length, is at least; from lo ≤ start, 1 ≤ len and
/// start + len ≤ hi.
fn below(it: &Poly, (start, len, lo, hi): &(Slot, Slot, Poly, Poly)) -> Option<Poly> {
    let (a, b) = (factor(it, *start), factor(it, *len));
    let rest = it.sub(&Poly::slot(*start).scale(a).ok()?).ok()?;
    let rest = rest.sub(&Poly::slot(*len).scale(b).ok()?).ok()?;
    let (end, lens) = if a < 0 { (hi, b.checked_sub(a)?) } else { (lo, b) };
    if lens < 0 || rest.mentions(*start) || rest.mentions(*len) {
        return None;
    }
    rest.add(&end.scale(a).ok()?).ok()?.add(&Poly::int(lens)).ok()
}

/// The factor of `slot` where it stands alone.
fn factor(it: &Poly, slot: Slot) -> i128 {
    let alone = |atoms: &[Atom]| matches!(atoms, [Atom::Slot(it)] if *it == slot);
    it.terms().find(|it| alone(it.0)).map_or(0, |it| it.1)
}
