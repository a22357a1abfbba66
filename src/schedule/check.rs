//! Static checks: a [`Draft`] becomes a [`Program`] or a [`Fault`], before anything runs.

use super::{
    draft::{self, Action, Block, Declaration, Draft, Name, Place, Role, Size, Slice},
    fault::{Fault, FaultKind},
    par,
    poly::{Poly, Slot, TooLarge},
    program::{Fast, FastArray, Line, Loop, Node, Program, Range, Slow, SlowArray, Step, extents},
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) type Check<T> = Result<T, Fault>;

impl Draft {
    /// Resolves names and checks that every use is live, shapes agree and nothing leaks.
    ///
    /// # Errors
    ///
    /// The first [`Fault`] in text order, with its place.
    pub fn check(&self) -> Result<Program, Fault> {
        let mut checker = Checker::new(self);
        for header in &self.headers {
            checker.at = header.at;
            checker.declare(&header.declaration)?;
        }
        checker.program.body = checker.block(&self.body)?;
        checker.finish()
    }
}

impl Program {
    /// Reads and checks a text.
    ///
    /// # Errors
    ///
    /// [`TextError`]: not in the grammar, or a static check failed.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        Ok(Draft::parse(text)?.check()?)
    }
}

/// Why a text is no program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// It is not in the grammar.
    #[error(transparent)]
    Parse(#[from] super::ParseError),
    /// It is, and makes no sense.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A live fast array.
pub(super) struct Live {
    pub(super) shape: Vec<Poly>,
    depth: usize,
    at: Place,
}

pub(super) struct Checker {
    pub(super) program: Program,
    /// Parameters, tiles, and the loop variables around the statement.
    scope: Vec<(String, Slot)>,
    pub(super) live: BTreeMap<Fast, Live>,
    stored: BTreeSet<Slow>,
    weights: BTreeMap<String, u64>,
    tiles: Vec<Name>,
    outputs: Vec<Name>,
    used: BTreeSet<Slot>,
    depth: usize,
    /// Where the statement or header line at hand begins.
    at: Place,
}

pub(super) fn fault<T>(at: Place, kind: FaultKind) -> Check<T> {
    Err(Fault { at, kind })
}

pub(super) fn fits<T>(at: Place, result: Result<T, TooLarge>) -> Check<T> {
    result.map_err(|TooLarge| Fault { at, kind: FaultKind::TooLarge })
}

impl Checker {
    fn new(draft: &Draft) -> Self {
        let program = Program {
            draft: draft.clone(),
            slots: vec![],
            params: vec![],
            tiles: vec![],
            scale: None,
            slow: vec![],
            fast: vec![],
            body: vec![],
            lines: vec![],
        };
        Self {
            program,
            scope: vec![],
            live: BTreeMap::new(),
            stored: BTreeSet::new(),
            weights: BTreeMap::new(),
            tiles: vec![],
            outputs: vec![],
            used: BTreeSet::new(),
            depth: 0,
            at: Place::default(),
        }
    }

    /// A new slot; in scope under its name if it has one.
    pub(super) fn slot(&mut self, name: &Name) -> Slot {
        let slot = Slot(u32::try_from(self.program.slots.len()).expect("fewer slots than 2^32"));
        self.program.slots.push(name.text.clone());
        slot
    }

    fn declare(&mut self, declaration: &Declaration) -> Check<()> {
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

    fn enter(&mut self, name: &Name) -> Check<Slot> {
        let live = |it: &Fast| self.program.fast[it.0].name == name.text;
        let taken = self.lookup(&name.text).is_some() || self.slow(&name.text).is_some();
        if taken || self.live.keys().any(live) {
            return fault(name.at, FaultKind::Redeclared(name.text.clone()));
        }
        let slot = self.slot(name);
        self.scope.push((name.text.clone(), slot));
        Ok(slot)
    }

    pub(super) fn lookup(&self, name: &str) -> Option<Slot> {
        self.scope.iter().rev().find(|it| it.0 == name).map(|it| it.1)
    }

    fn slow(&self, name: &str) -> Option<Slow> {
        self.program.slow.iter().position(|it| it.name == name).map(Slow)
    }

    fn known_slow(&self, name: &Name) -> Check<Slow> {
        let unknown = FaultKind::Unknown { name: name.text.clone(), what: "slow array" };
        self.slow(&name.text).ok_or(Fault { at: name.at, kind: unknown })
    }

    /// The fast array called `name`, made known if it is new.
    pub(super) fn fast(&mut self, name: &Name) -> Check<Fast> {
        if self.slow(&name.text).is_some() || self.lookup(&name.text).is_some() {
            return fault(name.at, FaultKind::Redeclared(name.text.clone()));
        }
        let known = self.program.fast.iter().position(|it| it.name == name.text);
        Ok(Fast(known.unwrap_or_else(|| {
            let weight = self.weights.get(&name.text).copied().unwrap_or(1);
            self.program.fast.push(FastArray { name: name.text.clone(), weight });
            self.program.fast.len() - 1
        })))
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

    fn show_shape(&self, shape: &[Poly]) -> String {
        let dims: Vec<_> = shape.iter().map(|it| self.show(it)).collect();
        format!("[{}]", dims.join(", "))
    }

    fn block(&mut self, block: &Block) -> Check<Vec<Node>> {
        let mut nodes = vec![];
        for statement in &block.statements {
            self.at = statement.at;
            let id = self.program.lines.len();
            self.program.lines.push(Line {
                line: statement.at.line,
                text: statement.first_line(),
                depth: self.depth,
            });
            let step = match &statement.action {
                Action::For(it) => Step::Loop(self.tile_loop(it)?),
                Action::Load { fast, slow, slices } => self.load(fast, slow, slices)?,
                Action::Store { slow, slices, fast } => self.store(slow, slices, fast)?,
                Action::Assign(it) => Step::Assign(self.assign(it)?),
                Action::Free(names) => Step::Free(self.free(names)?),
            };
            nodes.push(Node { id, step });
        }
        Ok(nodes)
    }

    fn tile_loop(&mut self, it: &draft::Loop) -> Check<Loop> {
        let (lo, hi, step) = (self.size(&it.lo)?, self.size(&it.hi)?, self.size(&it.step)?);
        let outer = self.scope.len();
        let start = self.enter(&it.start)?;
        let len = match &it.len {
            Some(name) => self.enter(name)?,
            None => self.slot(&Name::new(format!("|{}|", it.start.text))),
        };
        let before: BTreeSet<Fast> = self.live.keys().copied().collect();
        self.depth += 1;
        let body = self.block(&it.body)?;
        self.depth -= 1;
        self.scope.truncate(outer);
        if let Some((fast, live)) = self.live.iter().find(|it| !before.contains(it.0)) {
            let name = self.program.fast[fast.0].name.clone();
            return fault(live.at, FaultKind::BornInLoop(name));
        }
        let it_loop = Loop { par: it.par, start, len, lo, hi, step, body };
        if it.par
            && let Some(shared) = par::shared(&it_loop)
        {
            let array = self.program.slow[shared.0].name.clone();
            let kind = FaultKind::ParShares { array, start: it.start.text.clone() };
            return fault(it.start.at, kind);
        }
        Ok(it_loop)
    }

    fn load(&mut self, fast: &Name, slow: &Name, slices: &[Slice]) -> Check<Step> {
        let (id, region) = self.region(slow, slices)?;
        if self.program.slow[id.0].role != Role::In && !self.stored.contains(&id) {
            return fault(slow.at, FaultKind::ReadBeforeWrite(slow.text.clone()));
        }
        let fast = self.bear(fast, extents(&region))?;
        Ok(Step::Load { fast, slow: id, region })
    }

    fn store(&mut self, slow: &Name, slices: &[Slice], fast: &Name) -> Check<Step> {
        let (id, region) = self.region(slow, slices)?;
        if self.program.slow[id.0].role == Role::In {
            return fault(slow.at, FaultKind::StoresInput(slow.text.clone()));
        }
        let source = self.live(fast)?;
        let (shape, extents) = (&self.live[&source].shape, extents(&region));
        if *shape != extents {
            let (shape, region) = (self.show_shape(shape), self.show_shape(&extents));
            let kind = FaultKind::Shapes { array: fast.text.clone(), shape, region };
            return fault(fast.at, kind);
        }
        self.stored.insert(id);
        Ok(Step::Store { slow: id, region, fast: source })
    }

    fn region(&mut self, slow: &Name, slices: &[Slice]) -> Check<(Slow, Vec<Range>)> {
        let id = self.known_slow(slow)?;
        let dims = self.program.slow[id.0].dims.clone();
        if dims.len() != slices.len() {
            let given = slices.len();
            let kind = FaultKind::Rank { array: slow.text.clone(), dims: dims.len(), given };
            return fault(slow.at, kind);
        }
        let range = |(slice, dim): (&Slice, &Poly)| match slice {
            Slice::All => Ok(Range::Span { lo: Poly::int(0), extent: dim.clone() }),
            Slice::At(Size::Name(name)) if self.lookup(&name.text).is_none() => {
                let fast = self.live(name)?;
                if self.live[&fast].shape.is_empty() {
                    return Ok(Range::Loaded(fast));
                }
                fault(name.at, FaultKind::LoadedRank(name.text.clone()))
            }
            Slice::At(it) => self.size(it).map(Range::At),
            Slice::Range(a, b) => {
                let (lo, hi) = (self.size(a)?, self.size(b)?);
                let extent = fits(slow.at, hi.sub(&lo))?;
                Ok(Range::Span { lo, extent })
            }
        };
        Ok((id, slices.iter().zip(&dims).map(range).collect::<Check<_>>()?))
    }

    fn free(&mut self, names: &[Name]) -> Check<Vec<Fast>> {
        let mut freed = vec![];
        for name in names {
            let fast = self.live(name)?;
            let (born, here) = (self.live[&fast].depth, self.depth);
            if born != here {
                let kind = FaultKind::FreeDepth { array: name.text.clone(), born, here };
                return fault(name.at, kind);
            }
            self.live.remove(&fast);
            freed.push(fast);
        }
        Ok(freed)
    }

    fn finish(self) -> Check<Program> {
        if let Some((fast, live)) = self.live.iter().next() {
            let name = self.program.fast[fast.0].name.clone();
            return fault(live.at, FaultKind::Leak(name));
        }
        if let Some(it) = self
            .tiles
            .iter()
            .find(|it| self.lookup(&it.text).is_none_or(|slot| !self.used.contains(&slot)))
        {
            return fault(it.at, FaultKind::UnusedTile(it.text.clone()));
        }
        let stored = |it: &&Name| self.slow(&it.text).is_some_and(|id| self.stored.contains(&id));
        if let Some(it) = self.outputs.iter().find(|it| !stored(it)) {
            return fault(it.at, FaultKind::NeverStored(it.text.clone()));
        }
        Ok(self.program)
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
