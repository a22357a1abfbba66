//! Static checks of names: what is declared, what a name means where it stands, what is live.

use super::{
    check::{Check, Checker, Live, fault, fits},
    draft::{self, Declaration, Name, Place, Role, Size},
    fault::{Fault, FaultKind},
    poly::{Poly, Slot},
    program::{Fast, FastArray, Slow, SlowArray},
};

/// Names of one sort, at most: of sizes in scope, of slow arrays, of fast arrays. They are looked up one by one.
const MAX_NAMES: usize = 1 << 12;

/// Is there room for a name beside `n` others?
fn room(at: Place, n: usize) -> Check<()> {
    if n < MAX_NAMES { Ok(()) } else { fault(at, FaultKind::TooMany(MAX_NAMES)) }
}

impl Checker {
    /// A new slot; in scope under its name if it has one.
    pub(super) fn slot(&mut self, name: &Name) -> Slot {
        let slot = Slot(u32::try_from(self.program.slots.len()).expect("fewer slots than 2^32"));
        self.program.slots.push(name.text.clone());
        slot
    }

    pub(super) fn declare(&mut self, declaration: &Declaration) -> Check<()> {
        match declaration {
            Declaration::Param(names) => {
                for name in names {
                    let slot = self.enter(name)?;
                    self.program.params.push(slot);
                }
            }
            Declaration::Tile(names) => {
                for name in names {
                    let slot = self.enter(name)?;
                    self.program.tiles.push(slot);
                    self.tiles.push(name.clone());
                }
            }
            Declaration::Scale(name) => {
                let slot = self.lookup(&name.text).filter(|it| self.program.params.contains(it));
                let unknown = FaultKind::Unknown { name: name.text.clone(), what: "parameter" };
                self.program.scale = Some(slot.ok_or(Fault { at: name.at, kind: unknown })?);
            }
            Declaration::Arrays(role, arrays) => {
                for array in arrays {
                    self.declare_array(*role, array)?;
                }
            }
        }
        Ok(())
    }

    fn declare_array(&mut self, role: Role, array: &draft::Array) -> Check<()> {
        let (name, at) = (array.name.text.clone(), array.name.at);
        let taken = self.slow(&name).is_some() || self.lookup(&name).is_some();
        if taken || self.weights.contains_key(&name) {
            return fault(at, FaultKind::Redeclared(name));
        }
        if array.weight == 0 {
            return fault(at, FaultKind::ZeroWeight);
        }
        let Some(dims) = &array.dims else {
            if role != Role::Scratch {
                return fault(at, FaultKind::Rank { array: name, dims: 1, given: 0 });
            }
            self.weights.insert(name, array.weight);
            return Ok(());
        };
        room(at, self.program.slow.len())?;
        let dims = dims.iter().map(|it| self.size(it)).collect::<Check<Vec<_>>>()?;
        let tiles = &self.program.tiles;
        if dims.iter().any(|it| tiles.iter().any(|tile| it.mentions(*tile))) {
            return fault(at, FaultKind::Extent(name));
        }
        if role == Role::Out {
            self.outputs.push(array.name.clone());
        }
        self.program.slow.push(SlowArray { name, line: at.line, role, dims, weight: array.weight });
        Ok(())
    }

    pub(super) fn enter(&mut self, name: &Name) -> Check<Slot> {
        let live = |it: &Fast| self.program.fast[it.0].name == name.text;
        let taken = self.lookup(&name.text).is_some() || self.slow(&name.text).is_some();
        if taken || self.live.keys().any(live) {
            return fault(name.at, FaultKind::Redeclared(name.text.clone()));
        }
        room(name.at, self.scope.len())?;
        let slot = self.slot(name);
        self.scope.push((name.text.clone(), slot));
        Ok(slot)
    }

    pub(super) fn lookup(&self, name: &str) -> Option<Slot> {
        self.scope.iter().rev().find(|it| it.0 == name).map(|it| it.1)
    }

    pub(super) fn slow(&self, name: &str) -> Option<Slow> {
        self.program.slow.iter().position(|it| it.name == name).map(Slow)
    }

    pub(super) fn known_slow(&self, name: &Name) -> Check<Slow> {
        let unknown = FaultKind::Unknown { name: name.text.clone(), what: "slow array" };
        self.slow(&name.text).ok_or(Fault { at: name.at, kind: unknown })
    }

    /// The fast array called `name`, made known if it is new.
    pub(super) fn fast(&mut self, name: &Name) -> Check<Fast> {
        if self.slow(&name.text).is_some() || self.lookup(&name.text).is_some() {
            return fault(name.at, FaultKind::Redeclared(name.text.clone()));
        }
        let known = self.program.fast.iter().position(|it| it.name == name.text);
        if let Some(it) = known {
            return Ok(Fast(it));
        }
        room(name.at, self.program.fast.len())?;
        let weight = self.weights.get(&name.text).copied().unwrap_or(1);
        self.program.fast.push(FastArray { name: name.text.clone(), weight });
        Ok(Fast(self.program.fast.len() - 1))
    }

    pub(super) fn live(&mut self, name: &Name) -> Check<Fast> {
        let fast = self.fast(name)?;
        if self.live.contains_key(&fast) {
            return Ok(fast);
        }
        fault(name.at, FaultKind::NotLive(name.text.clone()))
    }

    pub(super) fn bear(&mut self, name: &Name, shape: Vec<Poly>) -> Check<Fast> {
        let fast = self.fast(name)?;
        let live = Live { shape, depth: self.depth, at: name.at };
        if self.live.insert(fast, live).is_some() {
            return fault(name.at, FaultKind::AlreadyLive(name.text.clone()));
        }
        Ok(fast)
    }

    /// A size in normal form; every name in it must be a slot in scope.
    pub(super) fn size(&mut self, size: &Size) -> Check<Poly> {
        self.size_with(size, &|_| None)
    }

    /// As [`Self::size`], with more names than the scope has.
    pub(super) fn size_with(
        &mut self,
        size: &Size,
        more: &dyn Fn(&str) -> Option<Slot>,
    ) -> Check<Poly> {
        let at = self.place(size);
        match size {
            Size::Int(it) => Ok(Poly::int(i128::from(*it))),
            Size::Name(name) => {
                let slot = self.lookup(&name.text).or_else(|| more(&name.text));
                let unknown = FaultKind::Unknown { name: name.text.clone(), what: "size" };
                let slot = slot.ok_or(Fault { at: name.at, kind: unknown })?;
                self.used.insert(slot);
                Ok(Poly::slot(slot))
            }
            Size::Add(a, b)
            | Size::Sub(a, b)
            | Size::Mul(a, b)
            | Size::Ceil(a, b)
            | Size::Floor(a, b)
            | Size::Min(a, b)
            | Size::Max(a, b) => {
                let (x, y) = (self.size_with(a, more)?, self.size_with(b, more)?);
                fits(
                    at,
                    match size {
                        Size::Add(..) => x.add(&y),
                        Size::Sub(..) => x.sub(&y),
                        Size::Mul(..) => x.mul(&y),
                        Size::Ceil(..) => x.ceil(&y),
                        Size::Floor(..) => x.floor(&y),
                        Size::Min(..) => Ok(x.least(&y)),
                        _ => Ok(x.most(&y)),
                    },
                )
            }
        }
    }

    /// A place for messages about `size`: its first name, or else where the statement begins.
    pub(super) fn place(&self, size: &Size) -> Place {
        first_name(size).map_or(self.at, |it| it.at)
    }

    pub(super) fn show(&self, poly: &Poly) -> String {
        poly.show(&|slot| self.program.name(slot)).to_string()
    }
}

fn first_name(size: &Size) -> Option<&Name> {
    match size {
        Size::Int(_) => None,
        Size::Name(name) => Some(name),
        Size::Add(a, b)
        | Size::Sub(a, b)
        | Size::Mul(a, b)
        | Size::Ceil(a, b)
        | Size::Floor(a, b)
        | Size::Min(a, b)
        | Size::Max(a, b) => first_name(a).or_else(|| first_name(b)),
    }
}
