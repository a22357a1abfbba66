//! Integer expressions over sizes, in a normal form.
//!
//! A [`Poly`] is a sum of monomials over [`Atom`]s: the program's slots (parameters, tiles, loop
//! starts and lengths) and ⌈a/b⌉, ⌊a/b⌋, min, max of polynomials. Equal normal forms are equal
//! numbers, which is how the static checks compare extents, and the closed forms of `formula` are
//! polynomials too. Arithmetic is checked: [`TooLarge`], never a wrapped number.

use std::{cmp::Ordering, fmt};

/// A named integer of a program: a parameter, a tile, the start or the length of a loop's tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u32);

impl Slot {
    /// The slot's place in an environment.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The value of every slot, in slot order.
pub type Env = [i128];

/// A number passed what 128 bits hold, a division met a divisor that is not positive, or an
/// expression grew past [`MOST_ATOMS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a size passes 2^127, divides by a number that is not positive, or is too long to expand")]
pub struct TooLarge;

/// Most atoms and monomials of one expression, counted inside quotients too: products of sums grow
/// exponentially when they are expanded, and a text may nest them.
pub const MOST_ATOMS: usize = 1 << 13;

/// An indivisible factor of a monomial.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Atom {
    /// A named integer.
    Slot(Slot),
    /// ⌈a/b⌉, b > 0.
    Ceil(Poly, Poly),
    /// ⌊a/b⌋, b > 0.
    Floor(Poly, Poly),
    /// min(a, b).
    Min(Poly, Poly),
    /// max(a, b).
    Max(Poly, Poly),
}

/// A sum of monomials with integer coefficients, in normal form.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Poly {
    /// Sorted by monomial, each a sorted list of atoms; no zero coefficient.
    terms: Vec<(Vec<Atom>, i128)>,
}

impl Poly {
    /// The constant `value`.
    #[must_use]
    pub fn int(value: i128) -> Self {
        Self { terms: if value == 0 { vec![] } else { vec![(vec![], value)] } }
    }

    /// The value of `slot`.
    #[must_use]
    pub fn slot(slot: Slot) -> Self {
        Self::atom(Atom::Slot(slot))
    }

    fn atom(atom: Atom) -> Self {
        Self { terms: vec![(vec![atom], 1)] }
    }

    /// Monomials and their coefficients.
    pub fn terms(&self) -> impl Iterator<Item = (&[Atom], i128)> {
        self.terms.iter().map(|(atoms, c)| (atoms.as_slice(), *c))
    }

    /// Each monomial with its coefficient, as a polynomial.
    pub fn monomials(&self) -> impl Iterator<Item = Self> {
        self.terms.iter().map(|it| Self { terms: vec![it.clone()] })
    }

    /// The value, if no slot is in it.
    #[must_use]
    pub fn as_int(&self) -> Option<i128> {
        match self.terms.as_slice() {
            [] => Some(0),
            [(atoms, c)] if atoms.is_empty() => Some(*c),
            _ => None,
        }
    }

    /// The slot, if the polynomial is just that.
    #[inline]
    #[must_use]
    pub fn as_slot(&self) -> Option<Slot> {
        match self.terms.as_slice() {
            [(atoms, 1)] => match atoms.as_slice() {
                [Atom::Slot(slot)] => Some(*slot),
                _ => None,
            },
            _ => None,
        }
    }

    /// a + b.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if a coefficient passes 128 bits.
    pub fn add(&self, other: &Self) -> Result<Self, TooLarge> {
        if self.size().saturating_add(other.size()) > MOST_ATOMS {
            return Err(TooLarge);
        }
        let mut terms = Vec::with_capacity(self.terms.len() + other.terms.len());
        let (mut a, mut b) = (self.terms.iter().peekable(), other.terms.iter().peekable());
        loop {
            let order = match (a.peek(), b.peek()) {
                (None, None) => return Ok(Self { terms }),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(x), Some(y)) => x.0.cmp(&y.0),
            };
            match order {
                Ordering::Less => terms.extend(a.next().cloned()),
                Ordering::Greater => terms.extend(b.next().cloned()),
                Ordering::Equal => {
                    if let (Some(x), Some(y)) = (a.next(), b.next()) {
                        let sum = x.1.checked_add(y.1).ok_or(TooLarge)?;
                        if sum != 0 {
                            terms.push((x.0.clone(), sum));
                        }
                    }
                }
            }
        }
    }

    /// c·a.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if a coefficient passes 128 bits.
    pub fn scale(&self, c: i128) -> Result<Self, TooLarge> {
        if c == 0 {
            return Ok(Self::default());
        }
        let scaled = |(atoms, it): &(Vec<Atom>, i128)| {
            Ok((atoms.clone(), it.checked_mul(c).ok_or(TooLarge)?))
        };
        Ok(Self { terms: self.terms.iter().map(scaled).collect::<Result<_, _>>()? })
    }

    /// a − b.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if a coefficient passes 128 bits.
    pub fn sub(&self, other: &Self) -> Result<Self, TooLarge> {
        self.add(&other.scale(-1)?)
    }

    /// a·b.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if a coefficient passes 128 bits.
    pub fn mul(&self, other: &Self) -> Result<Self, TooLarge> {
        let expanded = self.size().saturating_mul(other.terms.len());
        let expanded = expanded.saturating_add(other.size().saturating_mul(self.terms.len()));
        if expanded > MOST_ATOMS {
            return Err(TooLarge);
        }
        let mut terms = Vec::with_capacity(self.terms.len() * other.terms.len());
        for (x, a) in &self.terms {
            for (y, b) in &other.terms {
                let mut atoms = [x.as_slice(), y.as_slice()].concat();
                atoms.sort();
                terms.push((atoms, a.checked_mul(*b).ok_or(TooLarge)?));
            }
        }
        terms.sort_by(|a, b| a.0.cmp(&b.0));
        let mut sums: Vec<(Vec<Atom>, i128)> = vec![];
        for (atoms, c) in terms {
            match sums.last_mut() {
                Some(last) if last.0 == atoms => {
                    last.1 = last.1.checked_add(c).ok_or(TooLarge)?;
                }
                _ => sums.push((atoms, c)),
            }
        }
        sums.retain(|it| it.1 != 0);
        Ok(Self { terms: sums })
    }

    /// Atoms and monomials, inside quotients too.
    fn size(&self) -> usize {
        self.terms.iter().map(|it| 1 + it.0.iter().map(Atom::size).sum::<usize>()).sum()
    }

    /// ⌈a/b⌉.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if `b` is a constant that is not positive.
    pub fn ceil(&self, b: &Self) -> Result<Self, TooLarge> {
        self.quotient(b, ceil_div, Atom::Ceil)
    }

    /// ⌊a/b⌋.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if `b` is a constant that is not positive.
    pub fn floor(&self, b: &Self) -> Result<Self, TooLarge> {
        self.quotient(b, floor_div, Atom::Floor)
    }

    fn quotient(
        &self,
        b: &Self,
        divide: fn(i128, i128) -> Result<i128, TooLarge>,
        atom: fn(Self, Self) -> Atom,
    ) -> Result<Self, TooLarge> {
        match (self.as_int(), b.as_int()) {
            (_, Some(1)) => return Ok(self.clone()),
            (Some(x), Some(y)) => return Ok(Self::int(divide(x, y)?)),
            (_, Some(y)) if y <= 0 => return Err(TooLarge),
            _ => {}
        }
        // Whole multiples of the divisor leave the quotient: ⌈(N − B)/B⌉ = ⌈N/B⌉ − 1.
        let whole = match b.terms.as_slice() {
            [(atoms, 1)] => self.terms.iter().find(|it| it.0 == *atoms).map_or(0, |it| it.1),
            _ => 0,
        };
        let rest = self.sub(&b.scale(whole)?)?;
        let quotient = if rest == Self::default() {
            Self::default()
        } else {
            Self::atom(atom(rest, b.clone()))
        };
        quotient.add(&Self::int(whole))
    }

    /// min(a, b).
    #[must_use]
    pub fn least(&self, other: &Self) -> Self {
        self.choose(other, i128::min, Atom::Min)
    }

    /// max(a, b).
    #[must_use]
    pub fn most(&self, other: &Self) -> Self {
        self.choose(other, i128::max, Atom::Max)
    }

    fn choose(&self, b: &Self, pick: fn(i128, i128) -> i128, atom: fn(Self, Self) -> Atom) -> Self {
        match (self.as_int(), b.as_int()) {
            (Some(x), Some(y)) => Self::int(pick(x, y)),
            _ if self == b => self.clone(),
            _ if self < b => Self::atom(atom(self.clone(), b.clone())),
            _ => Self::atom(atom(b.clone(), self.clone())),
        }
    }

    /// The number at `env`.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if it, or a number on the way, passes 128 bits.
    #[inline]
    pub fn eval(&self, env: &Env) -> Result<i128, TooLarge> {
        // Most sizes are a name.
        match self.as_slot() {
            Some(slot) => Ok(env[slot.index()]),
            None => self.sum(env),
        }
    }

    fn sum(&self, env: &Env) -> Result<i128, TooLarge> {
        let mut sum = 0i128;
        for (atoms, c) in &self.terms {
            let mut product = *c;
            for atom in atoms {
                let value = match atom {
                    Atom::Slot(slot) => env[slot.index()],
                    _ => atom.eval(env)?,
                };
                product = if product == 1 { value } else { times(product, value)? };
            }
            sum = sum.checked_add(product).ok_or(TooLarge)?;
        }
        Ok(sum)
    }

    /// Is `slot` in it, inside quotients too?
    #[must_use]
    pub fn mentions(&self, slot: Slot) -> bool {
        self.terms.iter().flat_map(|(atoms, _)| atoms).any(|it| it.mentions(slot))
    }

    /// The polynomial with `value` for `slot`.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if a coefficient passes 128 bits.
    pub fn replace(&self, slot: Slot, value: &Self) -> Result<Self, TooLarge> {
        if !self.mentions(slot) {
            return Ok(self.clone());
        }
        let mut sum = Self::default();
        for (atoms, c) in &self.terms {
            let mut product = Self::int(*c);
            for atom in atoms {
                product = product.mul(&atom.replace(slot, value)?)?;
            }
            sum = sum.add(&product)?;
        }
        Ok(sum)
    }

    /// Does it grow, or stay, when `slot` grows? True where that shows in its form.
    #[must_use]
    pub fn grows_with(&self, slot: Slot) -> bool {
        self.terms.iter().all(|(atoms, c)| {
            !atoms.iter().any(|it| it.mentions(slot))
                || (*c > 0 && atoms.iter().all(|it| it.grows_with(slot)))
        })
    }

    /// Prints it with the slots' names.
    #[must_use]
    pub fn show<'p, 'n>(&'p self, names: &'n dyn Fn(Slot) -> &'n str) -> Shown<'p, 'n> {
        Shown { poly: self, names }
    }
}

impl Atom {
    fn eval(&self, env: &Env) -> Result<i128, TooLarge> {
        match self {
            Self::Slot(slot) => Ok(env[slot.index()]),
            Self::Ceil(a, b) => ceil_div(a.eval(env)?, b.eval(env)?),
            Self::Floor(a, b) => floor_div(a.eval(env)?, b.eval(env)?),
            Self::Min(a, b) => Ok(a.eval(env)?.min(b.eval(env)?)),
            Self::Max(a, b) => Ok(a.eval(env)?.max(b.eval(env)?)),
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::Slot(_) => 1,
            Self::Ceil(a, b) | Self::Floor(a, b) | Self::Min(a, b) | Self::Max(a, b) => {
                1 + a.size() + b.size()
            }
        }
    }

    pub(crate) fn mentions(&self, slot: Slot) -> bool {
        match self {
            Self::Slot(it) => *it == slot,
            Self::Ceil(a, b) | Self::Floor(a, b) | Self::Min(a, b) | Self::Max(a, b) => {
                a.mentions(slot) || b.mentions(slot)
            }
        }
    }

    fn replace(&self, slot: Slot, value: &Poly) -> Result<Poly, TooLarge> {
        let both = |a: &Poly, b: &Poly| Ok((a.replace(slot, value)?, b.replace(slot, value)?));
        Ok(match self {
            Self::Slot(it) if *it == slot => value.clone(),
            Self::Slot(it) => Poly::slot(*it),
            Self::Ceil(a, b) => both(a, b).and_then(|(a, b)| a.ceil(&b))?,
            Self::Floor(a, b) => both(a, b).and_then(|(a, b)| a.floor(&b))?,
            Self::Min(a, b) => both(a, b).map(|(a, b)| a.least(&b))?,
            Self::Max(a, b) => both(a, b).map(|(a, b)| a.most(&b))?,
        })
    }

    fn grows_with(&self, slot: Slot) -> bool {
        match self {
            Self::Slot(_) => true,
            Self::Ceil(a, b) | Self::Floor(a, b) => !b.mentions(slot) && a.grows_with(slot),
            Self::Min(a, b) | Self::Max(a, b) => a.grows_with(slot) && b.grows_with(slot),
        }
    }
}

/// a·b. Numbers of 64 bits are multiplied by one instruction; only larger ones take the check of 128
/// bits, which is a call.
///
/// # Errors
///
/// [`TooLarge`] if the product passes 128 bits.
#[inline]
pub(crate) fn times(a: i128, b: i128) -> Result<i128, TooLarge> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Ok(i128::from(a).wrapping_mul(i128::from(b))),
        _ => a.checked_mul(b).ok_or(TooLarge),
    }
}

/// ⌈a/b⌉ for b > 0.
fn ceil_div(a: i128, b: i128) -> Result<i128, TooLarge> {
    floor_div(a, b).map(|it| it + i128::from(a - it * b > 0))
}

/// ⌊a/b⌋ for b > 0.
fn floor_div(a: i128, b: i128) -> Result<i128, TooLarge> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) if b > 0 => Ok(i128::from(a.div_euclid(b))),
        _ if b > 0 => Ok(a.div_euclid(b)),
        _ => Err(TooLarge),
    }
}

/// A polynomial on its way to a reader.
pub struct Shown<'p, 'n> {
    poly: &'p Poly,
    names: &'n dyn Fn(Slot) -> &'n str,
}

impl fmt::Debug for Shown<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Shown<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |poly: &Poly| poly.show(self.names).to_string();
        if self.poly.terms.is_empty() {
            return write!(f, "0");
        }
        for (i, (atoms, c)) in self.poly.terms.iter().enumerate() {
            match (i, *c < 0) {
                (0, true) => write!(f, "−")?,
                (0, false) => {}
                (_, true) => write!(f, " − ")?,
                (_, false) => write!(f, " + ")?,
            }
            let mut factors = vec![];
            if c.unsigned_abs() != 1 || atoms.is_empty() {
                factors.push(c.unsigned_abs().to_string());
            }
            for run in atoms.chunk_by(|a, b| a == b) {
                let factor = match &run[0] {
                    Atom::Slot(slot) => (self.names)(*slot).to_owned(),
                    Atom::Ceil(a, b) => format!("⌈{}/{}⌉", group(&show(a)), group(&show(b))),
                    Atom::Floor(a, b) => format!("⌊{}/{}⌋", group(&show(a)), group(&show(b))),
                    Atom::Min(a, b) => format!("min({}, {})", show(a), show(b)),
                    Atom::Max(a, b) => format!("max({}, {})", show(a), show(b)),
                };
                factors.push(factor + &superscript(run.len()));
            }
            write!(f, "{}", factors.join("·"))?;
        }
        Ok(())
    }
}

/// `²` for 2; nothing for 1.
fn superscript(exponent: usize) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    if exponent == 1 {
        return String::new();
    }
    exponent.to_string().bytes().map(|it| DIGITS[usize::from(it - b'0')]).collect()
}

fn group(text: &str) -> String {
    if text.contains(' ') || text.contains('·') { format!("({text})") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: Slot = Slot(0);
    const B: Slot = Slot(1);

    fn shown(poly: &Poly) -> String {
        poly.show(&|it| if it == N { "N" } else { "B" }).to_string()
    }

    #[test]
    fn normal_form_is_canonical() {
        let (n, b) = (Poly::slot(N), Poly::slot(B));
        let left = n.add(&b).unwrap().mul(&n.sub(&b).unwrap()).unwrap();
        let right = n.mul(&n).unwrap().sub(&b.mul(&b).unwrap()).unwrap();
        assert_eq!(left, right);
        assert_eq!(n.add(&b).unwrap().sub(&b).unwrap(), n);
    }

    #[test]
    fn prints_like_a_paper() {
        let (n, b) = (Poly::slot(N), Poly::slot(B));
        let tiles = n.ceil(&b).unwrap();
        let io = n.scale(2).unwrap().mul(&tiles).unwrap().add(&n).unwrap();
        assert_eq!(shown(&io), "N + 2·N·⌈N/B⌉");
        assert_eq!(shown(&Poly::int(3).sub(&b).unwrap()), "3 − B");
        assert_eq!(io.eval(&[10, 4]), Ok(70));
    }

    #[test]
    fn quotients_round_their_way_below_zero_too() {
        for a in -7i128..=7 {
            for b in 1i128..=4 {
                let exact = (-20..20).find(|q| q * b <= a && a < (q + 1) * b);
                assert_eq!(floor_div(a, b).ok(), exact, "{a}/{b}");
                assert_eq!(ceil_div(a, b).unwrap(), -floor_div(-a, b).unwrap());
            }
        }
        assert_eq!(floor_div(1, 0), Err(TooLarge));
    }

    #[test]
    fn replace_reaches_into_quotients() {
        let tiles = Poly::slot(N).ceil(&Poly::slot(B)).unwrap();
        let at = tiles.replace(B, &Poly::int(1)).unwrap();
        assert_eq!(at, Poly::slot(N));
        assert_eq!(Poly::int(i128::MAX).add(&Poly::int(1)), Err(TooLarge));
    }
}
