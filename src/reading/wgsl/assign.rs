//! Assignments as WGSL: one element an invocation, its sum in a register.

use super::{
    interval::Interval,
    memory::{Touch, What, Whose},
    statement::{Emit, Emitter, area, element, whose},
    term,
};
use crate::{
    op::{Constant, Op},
    schedule::{
        draft::{Fill, Order},
        poly::{Poly, Slot},
        program::{Assign, Condition, Read, Subscript, Term},
    },
};

/// Terms of a reduction in one iteration: fewer iterations, and little more text.
const UNROLL: u64 = 4;

/// Where a word that is read stands: a start, and what the reduced indices add.
struct Address {
    start: Poly,
    moved: Poly,
}

impl Emitter<'_> {
    pub(super) fn assign(&mut self, it: &Assign) -> Emit<()> {
        let left: Vec<Poly> = it.indices[..it.n_left].iter().map(|it| it.extent.clone()).collect();
        if it.birth {
            self.bear(it.target, left.clone())?;
        }
        let mut reads = vec![];
        collect(&it.right, &mut reads);
        let target = Read { array: it.target, subscripts: it.subscripts.clone() };
        let mut touches = vec![self.touched(&target, &left, true)];
        touches.extend(reads.iter().map(|it| self.touched(it, &left, false)));
        self.touch(touches);

        let x = self.each(&left)?;
        let names: Vec<Slot> = it.indices[..it.n_left].iter().map(|it| it.slot).collect();
        let own = |read: &Read| self.own(read, &left);
        if !reads.iter().chain([&&target]).all(|it| own(it)) || !it.conditions.is_empty() {
            self.indices(x, &left, &names)?;
        }
        let reduced: Vec<Slot> = it.indices[it.n_left..].iter().map(|it| it.slot).collect();
        for index in &it.indices[it.n_left..] {
            let extent = self.most(&index.extent)?;
            self.env[index.slot.index()] = Interval { lo: 0, hi: i128::from(extent.max(1)) - 1 };
        }
        let there = self.address_of(it, &target, &left, x, &[])?;
        let there = element(0, self.int(&there.start)?);
        let addresses = reads.iter().map(|read| self.address_of(it, read, &left, x, &reduced));
        let addresses = addresses.collect::<Emit<Vec<_>>>()?;
        let inside = if it.fill == Fill::Set {
            let value = self.value(it, &addresses, None)?;
            self.under(&it.conditions, format!("{there} = {value};"))?;
            0
        } else {
            self.reduce(it, &there, addresses)?
        };
        self.end_each(&left, inside)
    }

    /// Does the invocation of element x read element x?
    fn own(&self, read: &Read, left: &[Poly]) -> bool {
        let place = self.memory.place(read.array);
        let in_order = |(at, it): (usize, &Subscript)| *it == Subscript::Index(at);
        place.shape == left && read.subscripts.iter().enumerate().all(in_order)
    }

    fn touched(&self, read: &Read, left: &[Poly], writes: bool) -> Touch {
        let words = self.memory.place(read.array).words.clone();
        let alone = left.is_empty() || self.own(read, left);
        Touch {
            what: What::Fast(words),
            writes,
            whose: if alone { whose(left) } else { Whose::Anyone },
        }
    }

    fn address_of(
        &self,
        it: &Assign,
        read: &Read,
        left: &[Poly],
        x: Slot,
        reduced: &[Slot],
    ) -> Emit<Address> {
        let place = self.memory.place(read.array);
        let mut start = Poly::int(i128::from(place.words.start));
        let mut moved = Poly::int(0);
        if self.own(read, left) {
            let x = if left.is_empty() { Poly::int(0) } else { Poly::slot(x) };
            return Ok(Address { start: start.add(&x)?, moved });
        }
        for (at, subscript) in read.subscripts.iter().enumerate() {
            let stride = area(&place.shape[at + 1..])?;
            let slot = match subscript {
                Subscript::Place(place) => {
                    start = start.add(&place.mul(&stride)?)?;
                    continue;
                }
                Subscript::Index(at) => it.indices[*at].slot,
            };
            let step = Poly::slot(slot).mul(&stride)?;
            if reduced.contains(&slot) {
                moved = moved.add(&step)?;
            } else {
                start = start.add(&step)?;
            }
        }
        Ok(Address { start, moved })
    }

    /// The right side, a reduced index being that much further.
    fn value(&self, it: &Assign, all: &[Address], further: Option<(Slot, u64)>) -> Emit<String> {
        let mut reads = vec![];
        for Address { start, moved } in all {
            let moved = match further {
                None => moved.clone(),
                Some((slot, by)) => {
                    moved.replace(slot, &Poly::slot(slot).add(&Poly::int(by.into()))?)?
                }
            };
            reads.push(element(0, self.int(&start.add(&moved)?)?));
        }
        Ok(term::term(&it.right, &mut reads.into_iter()))
    }

    /// `line` where all conditions hold.
    fn under(&mut self, conditions: &[Condition], line: String) -> Emit<()> {
        for it in conditions {
            let order = match it.order {
                Order::Less => "<",
                Order::AtMost => "<=",
                Order::Equal => "==",
                Order::AtLeast => ">=",
                Order::More => ">",
            };
            let difference = self.int(&it.difference)?;
            self.out.open(format_args!("if ({difference} {order} 0)"));
        }
        self.out.line(line);
        conditions.iter().for_each(|_| self.out.close());
        Ok(())
    }

    /// A sum or a maximum over the reduced indices; the iterations it takes at most.
    fn reduce(&mut self, it: &Assign, there: &str, mut all: Vec<Address>) -> Emit<u64> {
        let op = if it.fill == Fill::Max { Op::Max } else { Op::Add };
        let empty = if op == Op::Max { Constant::NegInf } else { Constant::Int(0) };
        let first = if it.birth { term::constant(empty) } else { there.to_owned() };
        self.out.line(format_args!("var sum: f32 = {first};"));
        let reduced = &it.indices[it.n_left..];
        for address in &mut all {
            if address.moved != Poly::int(0) {
                let within = Interval::of(&address.start, &self.env)?;
                let start = self.int(&address.start)?;
                let name = self.fresh("at", within)?;
                self.out.line(format_args!("let {}: i32 = {start};", self.names[name.index()]));
                address.start = Poly::slot(name);
            }
        }
        let add = |value: String| match op {
            Op::Max => format!("sum = max(sum, {value});"),
            _ => format!("sum = sum + {value};"),
        };
        let mut counts = vec![];
        for (at, index) in reduced.iter().enumerate() {
            let (e, extent) = (self.name(index.slot).to_owned(), self.int(&index.extent)?);
            let most = self.most(&index.extent)?;
            let last = at + 1 == reduced.len();
            if !last || most < UNROLL || !it.conditions.is_empty() {
                self.out.open(format_args!("for (var {e}: i32 = 0; {e} < {extent}; {e} += 1)"));
                counts.push(most);
                continue;
            }
            self.out.line(format_args!("var {e}: i32 = 0;"));
            let ahead = UNROLL - 1;
            self.out.open(format_args!("for (; {e} + {ahead} < {extent}; {e} += {UNROLL})"));
            for by in 0..UNROLL {
                let value = self.value(it, &all, Some((index.slot, by)))?;
                self.out.line(add(value));
            }
            self.out.close();
            self.out.open(format_args!("for (; {e} < {extent}; {e} += 1)"));
            counts.push(most / UNROLL + ahead);
        }
        let value = self.value(it, &all, None)?;
        self.under(&it.conditions, add(value))?;
        reduced.iter().for_each(|_| self.out.close());
        self.out.line(format_args!("{there} = sum;"));
        // Each iteration of an outer loop runs the inner ones.
        Ok(counts.iter().rev().fold(0, |inside: u64, n| n.saturating_mul(inside.saturating_add(1))))
    }
}

fn collect<'a>(term: &'a Term, reads: &mut Vec<&'a Read>) {
    match term {
        Term::Constant(_) => {}
        Term::Read(it) => reads.push(it),
        Term::Apply(_, terms) => terms.iter().for_each(|it| collect(it, reads)),
    }
}
