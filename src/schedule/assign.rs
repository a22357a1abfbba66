//! Static checks of an assignment: which indices are reduced, whether extents agree, what may be read.

use super::{
    check::{Check, Checker, fault, fits},
    draft::{self, Fill, Name, Place, Size, Unary},
    fault::{Fault, FaultKind},
    poly::{Poly, Slot},
    program::{Assign, Condition, Index, Read, Subscript, Term},
    scratch::count_reads,
};
use crate::op::{Constant, Op};

/// An index of the assignment while its extent is being found.
struct Local {
    name: Name,
    slot: Slot,
    extent: Option<Poly>,
}

impl Checker {
    pub(super) fn assign(&mut self, it: &draft::Assign) -> Check<Assign> {
        let mut locals = vec![];
        let subscripts = self.left(it, &mut locals)?;
        let n_left = locals.len();
        let right = self.term(&it.right, &mut locals)?;
        let target = self.fast(&it.target)?;
        let birth = !self.live.contains_key(&target);
        self.target(it, birth, &subscripts, &mut locals)?;
        if it.fill == Fill::Set
            && let Some(reduced) = locals.get(n_left)
        {
            return fault(reduced.name.at, FaultKind::SetReduces(reduced.name.text.clone()));
        }
        if !birth {
            check_reads(it, &right, target, &subscripts)?;
        }
        let slot = |text: &str| locals.iter().find(|it| it.name.text == text).map(|it| it.slot);
        let conditions = it
            .conditions
            .iter()
            .map(|it| {
                let (a, b) = (self.size_with(&it.left, &slot)?, self.size_with(&it.right, &slot)?);
                let difference = fits(self.place(&it.left), a.sub(&b))?;
                Ok(Condition { difference, order: it.order })
            })
            .collect::<Check<_>>()?;
        let index = |it: Local| match it.extent {
            Some(extent) => Ok(Index { slot: it.slot, extent }),
            None => fault(it.name.at, FaultKind::Unbounded(it.name.text)),
        };
        let indices = locals.into_iter().map(index).collect::<Check<Vec<_>>>()?;
        if birth {
            let shape = indices[..n_left].iter().map(|it| it.extent.clone()).collect();
            self.bear(&it.target, shape)?;
        }
        let shape = self.live[&target].shape.clone();
        let fill = it.fill;
        Ok(Assign { target, birth, fill, indices, n_left, subscripts, shape, right, conditions })
    }

    /// The indices on the left: new names become locals, all else is a place.
    fn left(&mut self, it: &draft::Assign, locals: &mut Vec<Local>) -> Check<Vec<Subscript>> {
        let mut subscripts = vec![];
        for left in &it.left {
            let subscript = match &left.index {
                Size::Name(name) if self.lookup(&name.text).is_none() => {
                    if locals.iter().any(|it: &Local| it.name.text == name.text) {
                        return fault(name.at, FaultKind::RepeatedIndex(name.text.clone()));
                    }
                    let extent = left.extent.as_ref().map(|it| self.size(it)).transpose()?;
                    let slot = self.slot(name);
                    locals.push(Local { name: name.clone(), slot, extent });
                    Subscript::Index(locals.len() - 1)
                }
                place => Subscript::Place(self.size(place)?),
            };
            subscripts.push(subscript);
        }
        Ok(subscripts)
    }

    fn target(
        &mut self,
        it: &draft::Assign,
        birth: bool,
        subscripts: &[Subscript],
        locals: &mut [Local],
    ) -> Check<()> {
        let (name, at) = (it.target.text.clone(), it.target.at);
        if birth && subscripts.iter().any(|it| matches!(it, Subscript::Place(_))) {
            return fault(at, FaultKind::PartialBirth(name));
        }
        if birth && it.fill == Fill::Set && !it.conditions.is_empty() {
            return fault(at, FaultKind::ConditionalBirth(name));
        }
        if birth { Ok(()) } else { self.shapes_agree(&it.target, subscripts, locals) }
    }

    /// The extents of `array` agree with those of the indices that run over it, or tell them.
    fn shapes_agree(
        &mut self,
        array: &Name,
        subscripts: &[Subscript],
        locals: &mut [Local],
    ) -> Check<()> {
        let fast = self.live(array)?;
        let shape = self.live[&fast].shape.clone();
        if shape.len() != subscripts.len() {
            let (dims, given) = (shape.len(), subscripts.len());
            return fault(array.at, FaultKind::Rank { array: array.text.clone(), dims, given });
        }
        for (subscript, extent) in subscripts.iter().zip(shape) {
            let Subscript::Index(i) = subscript else { continue };
            let local = &mut locals[*i];
            let one = local.extent.get_or_insert_with(|| extent.clone());
            if *one != extent {
                let kind = FaultKind::Extents {
                    index: local.name.text.clone(),
                    one: self.show(&extent),
                    other: self.show(one),
                };
                return fault(array.at, kind);
            }
        }
        Ok(())
    }

    fn term(&mut self, term: &draft::Term, locals: &mut Vec<Local>) -> Check<Term> {
        match term {
            draft::Term::Constant { value, at } => {
                self.constant(*value, *at)?;
                Ok(Term::Constant(*value))
            }
            draft::Term::Read { array, index } => self.read(array, index, locals).map(Term::Read),
            draft::Term::Unary(unary, operand) => {
                let op = match unary {
                    Unary::Call(it) => Op::Call(*it),
                    Unary::Negate => Op::Negate,
                };
                Ok(Term::Apply(op, vec![self.operand(operand, locals)?]))
            }
            draft::Term::Binary(op, a, b) => match (op, &**a, &**b) {
                (Op::Mul, draft::Term::Constant { value, at }, x)
                | (Op::Mul, x, draft::Term::Constant { value, at }) => {
                    self.constant(*value, *at)?;
                    Ok(Term::Apply(Op::Times(*value), vec![self.operand(x, locals)?]))
                }
                (op, a, b) => {
                    let operands = vec![self.operand(a, locals)?, self.operand(b, locals)?];
                    Ok(Term::Apply(*op, operands))
                }
            },
        }
    }

    fn operand(&mut self, term: &draft::Term, locals: &mut Vec<Local>) -> Check<Term> {
        match term {
            draft::Term::Constant { at, .. } => fault(*at, FaultKind::ConstantOperand),
            _ => self.term(term, locals),
        }
    }

    fn constant(&self, constant: Constant, at: Place) -> Check<()> {
        if constant == Constant::Scale && self.program.scale.is_none() {
            return fault(at, FaultKind::NoScale);
        }
        Ok(())
    }

    fn read(&mut self, array: &Name, index: &[Size], locals: &mut Vec<Local>) -> Check<Read> {
        let fast = self.live(array)?;
        let mut subscripts = vec![];
        for size in index {
            let subscript = match size {
                Size::Name(name) if self.lookup(&name.text).is_none() => {
                    let known = locals.iter().position(|it| it.name.text == name.text);
                    Subscript::Index(known.unwrap_or_else(|| {
                        let slot = self.slot(name);
                        locals.push(Local { name: name.clone(), slot, extent: None });
                        locals.len() - 1
                    }))
                }
                place => Subscript::Place(self.size(place)?),
            };
            subscripts.push(subscript);
        }
        self.shapes_agree(array, &subscripts, locals)?;
        Ok(Read { array: fast, subscripts })
    }
}

/// An update in place reads its target at the element it writes; a reduction not at all.
fn check_reads(
    it: &draft::Assign,
    right: &Term,
    target: super::program::Fast,
    subscripts: &[Subscript],
) -> Check<()> {
    let (at, name) = (it.target.at, it.target.text.clone());
    if it.fill != Fill::Set && count_reads(right, target) > 0 {
        return fault(at, FaultKind::ReducesItself(name));
    }
    if reads_elsewhere(right, target, subscripts) {
        return Err(Fault { at, kind: FaultKind::ReadsElsewhere(name) });
    }
    Ok(())
}

fn reads_elsewhere(term: &Term, target: super::program::Fast, subscripts: &[Subscript]) -> bool {
    match term {
        Term::Constant(_) => false,
        Term::Read(it) => it.array == target && it.subscripts != subscripts,
        Term::Apply(_, terms) => terms.iter().any(|it| reads_elsewhere(it, target, subscripts)),
    }
}
