//! Static checks: a [`Draft`] becomes a [`Program`] or a [`Fault`], before anything runs.

use super::{
    draft::{self, Action, Block, Draft, Name, Place, Role, Size, Slice},
    fault::{Fault, FaultKind},
    par,
    poly::{Poly, Slot, TooLarge},
    program::{Fast, Line, Loop, Node, Program, Range, Slow, Step, extents},
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
    pub(super) depth: usize,
    pub(super) at: Place,
}

pub(super) struct Checker {
    pub(super) program: Program,
    /// Parameters, tiles, and the loop variables around the statement.
    pub(super) scope: Vec<(String, Slot)>,
    pub(super) live: BTreeMap<Fast, Live>,
    pub(super) stored: BTreeSet<Slow>,
    pub(super) weights: BTreeMap<String, u64>,
    pub(super) tiles: Vec<Name>,
    pub(super) outputs: Vec<Name>,
    pub(super) used: BTreeSet<Slot>,
    pub(super) depth: usize,
    /// Where the statement or header line at hand begins.
    pub(super) at: Place,
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
