//! Statements as WGSL, with what they need: workgroup memory, iterations, barriers.

use super::{
    Access, NotAKernel,
    interval::Interval,
    memory::{Barrier, Memory, Pending, Touch, What, Whose},
    split::Piece,
    text::{self, Text, beyond_32_bits, integer},
};
use crate::schedule::{
    bind::Binding,
    poly::{Poly, Slot},
    program::{Fast, Loop, Node, Program, Range, Slow, Step, extents},
};
use std::collections::BTreeSet;

/// The body of a kernel.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) text: String,
    /// Constants for the sizes.
    pub(super) sizes: Vec<(String, i128)>,
    /// 1/√ of this, if the schedule scales.
    pub(super) scale: Option<i128>,
    pub(super) grid: i128,
    pub(super) host: Option<i128>,
    /// Invocations of a workgroup.
    pub(super) width: u32,
    /// Words of workgroup memory.
    pub(super) words: u64,
    /// A bound on the loop iterations of one invocation.
    pub(super) iterations: u64,
    /// Elements of the largest statement.
    pub(super) widest: u64,
    pub(super) accesses: BTreeSet<Access>,
    /// Names of the slow arrays.
    pub(super) arrays: Vec<String>,
}

/// Writes one kernel.
#[derive(Debug)]
pub(super) struct Emitter<'a> {
    pub(super) program: &'a Program,
    binding: &'a Binding,
    width: u32,
    /// WGSL's names of the slots, those of the program first.
    pub(super) names: Vec<String>,
    /// Where the slots lie.
    pub(super) env: Vec<Interval>,
    pub(super) memory: Memory,
    pub(super) pending: Pending,
    pub(super) out: Text,
    pub(super) iterations: u64,
    widest: u64,
    accesses: BTreeSet<Access>,
    /// The line at hand.
    line: u32,
}

pub(super) type Emit<T> = Result<T, NotAKernel>;

impl<'a> Emitter<'a> {
    pub(super) fn new(program: &'a Program, binding: &'a Binding, width: u32) -> Self {
        let names = program.slots.iter().enumerate();
        Self {
            program,
            binding,
            width,
            names: names.map(|(slot, it)| text::name(it, slot)).collect(),
            env: binding.env.iter().map(|it| Interval::point(*it)).collect(),
            memory: Memory::default(),
            pending: Pending::default(),
            out: Text::inside(1),
            iterations: 0,
            widest: 1,
            accesses: BTreeSet::new(),
            line: 1,
        }
    }

    pub(super) fn piece(mut self, piece: &Piece<'_>) -> Emit<Body> {
        let (mut grid, mut host) = (1, None);
        match piece {
            Piece::Grid(node, it) => {
                self.at(node);
                grid = self.first(it, "group")?;
                self.block(&it.body)?;
            }
            Piece::Host(node, it) => {
                self.at(node);
                host = Some(self.first(it, "host")?);
                self.block(&it.body)?;
            }
            Piece::Group(nodes) => self.block(nodes)?,
        }
        let program = self.program;
        let sizes = program.params.iter().chain(&program.tiles);
        let size = |it: &Slot| (self.names[it.index()].clone(), self.binding.env[it.index()]);
        Ok(Body {
            text: self.out.text,
            sizes: sizes.map(size).collect(),
            scale: program.scale.map(|it| self.binding.env[it.index()]),
            grid,
            host,
            width: self.width,
            words: self.memory.most,
            iterations: self.iterations,
            widest: self.widest,
            accesses: self.accesses,
            arrays: program.slow.iter().map(|it| it.name.clone()).collect(),
        })
    }

    fn at(&mut self, node: &Node) {
        self.line = self.program.lines[node.id].line;
    }

    /// A name of our own.
    pub(super) fn fresh(&mut self, name: &str, within: Interval) -> Emit<Slot> {
        let slot = u32::try_from(self.names.len());
        let slot = slot.map_err(|_| NotAKernel::Integer { line: self.line, value: i128::MAX })?;
        self.names.push(text::name(name, self.names.len()));
        self.env.push(within);
        Ok(Slot(slot))
    }

    pub(super) fn name(&self, slot: Slot) -> &str {
        &self.names[slot.index()]
    }

    /// `poly` in WGSL, once it is known to fit an i32.
    pub(super) fn int(&self, poly: &Poly) -> Emit<String> {
        match beyond_32_bits(poly, &self.env) {
            Some(value) => Err(NotAKernel::Integer { line: self.line, value }),
            None => Ok(integer(poly, &self.names)),
        }
    }

    /// The most that `poly` can be, at least 0.
    pub(super) fn most(&self, poly: &Poly) -> Emit<u64> {
        let value = Interval::of(poly, &self.env)?.hi.max(0);
        u64::try_from(value).map_err(|_| NotAKernel::Integer { line: self.line, value })
    }

    /// Where a loop's start and length lie, and how many iterations it has at most.
    fn enter(&mut self, it: &Loop) -> Emit<i128> {
        let [lo, hi, step] = [&it.lo, &it.hi, &it.step].map(|it| Interval::of(it, &self.env));
        let (lo, hi, step) = (lo?, hi?, step?);
        let by = step.lo.max(1);
        let trips = (hi.hi - lo.lo + by - 1).div_euclid(by).max(0);
        let known = lo.lo == lo.hi && hi.lo == hi.hi && step.lo == step.hi;
        let last = if known { lo.lo + (trips - 1).max(0) * by } else { hi.hi - 1 };
        self.env[it.start.index()] = Interval { lo: lo.lo, hi: last.max(lo.lo) };
        let least = if known { by.min(hi.hi - last) } else { 1 };
        let most = step.hi.min(hi.hi - lo.lo).max(1);
        self.env[it.len.index()] = Interval { lo: least.clamp(1, most), hi: most };
        Ok(trips)
    }

    /// The loop variables from a number that is the same in the whole workgroup.
    fn first(&mut self, it: &Loop, number: &str) -> Emit<i128> {
        let (lo, step) = (self.int(&it.lo)?, self.int(&it.step)?);
        let trips = self.enter(it)?;
        let start = self.name(it.start);
        let line = format!("let {start}: i32 = {lo} + {number} * ({step});");
        self.out.line(line);
        self.length(it)?;
        Ok(trips)
    }

    fn length(&mut self, it: &Loop) -> Emit<()> {
        let rest = it.hi.sub(&Poly::slot(it.start))?;
        let (step, rest) = (self.int(&it.step)?, self.int(&rest)?);
        let line = format!("let {}: i32 = min({step}, {rest});", self.name(it.len));
        self.out.line(line);
        Ok(())
    }

    fn block(&mut self, nodes: &[Node]) -> Emit<()> {
        for node in nodes {
            self.at(node);
            let text = &self.program.lines[node.id].text;
            if !matches!(node.step, Step::Free(_)) {
                self.out.line(format_args!("// {text}"));
            }
            match &node.step {
                Step::Loop(it) => self.tile_loop(it)?,
                Step::Load { fast, slow, region } => {
                    self.bear(*fast, extents(region))?;
                    self.copy(*slow, region, *fast, true)?;
                }
                Step::Store { slow, region, fast } => self.copy(*slow, region, *fast, false)?,
                Step::Assign(it) => self.assign(it)?,
                Step::Free(arrays) => arrays.iter().for_each(|it| self.memory.free(*it)),
            }
        }
        Ok(())
    }

    pub(super) fn bear(&mut self, fast: Fast, shape: Vec<Poly>) -> Emit<()> {
        let words = self.most(&area(&shape)?)?;
        self.memory.bear(fast, words, shape);
        Ok(())
    }

    fn tile_loop(&mut self, it: &Loop) -> Emit<()> {
        let [lo, hi, step] = [&it.lo, &it.hi, &it.step].map(|it| self.int(it));
        let (lo, hi, step) = (lo?, hi?, step?);
        let trips = u64::try_from(self.enter(it)?).unwrap_or(u64::MAX);
        let i = self.name(it.start).to_owned();
        self.out.open(format_args!("for (var {i}: i32 = {lo}; {i} < {hi}; {i} += {step})"));
        self.length(it)?;
        let (before, outside) = (self.pending.clone(), self.iterations);
        // What the last iteration touched meets what the first statement touches.
        self.barrier(Barrier { slow: true });
        self.pending = Pending::default();
        self.iterations = 0;
        self.block(&it.body)?;
        self.out.close();
        // There may have been no iteration.
        self.pending.join(before);
        self.iterations = outside.saturating_add(trips.saturating_mul(1 + self.iterations));
        Ok(())
    }

    /// Adds what the next statement touches, behind a barrier if there must be one.
    pub(super) fn touch(&mut self, touches: Vec<Touch>) {
        if let Some(barrier) = self.pending.next(touches) {
            self.barrier(barrier);
        }
    }

    fn barrier(&mut self, barrier: Barrier) {
        self.out.line("workgroupBarrier();");
        if barrier.slow {
            self.out.line("storageBarrier();");
        }
    }

    /// Opens a block that is run for each of the elements of `shape`, and names the element's number.
    pub(super) fn each(&mut self, shape: &[Poly]) -> Emit<Slot> {
        let all = area(shape)?;
        let (words, most) = (self.int(&all)?, self.most(&all)?);
        self.widest = self.widest.max(most);
        let last = i128::from(most.max(1)) - 1;
        let x = self.fresh("x", Interval { lo: 0, hi: last })?;
        let (name, width) = (self.name(x).to_owned(), self.width);
        if most <= u64::from(width) {
            self.out.open(format_args!("if (lane < {words})"));
            self.out.line(format_args!("let {name}: i32 = lane;"));
        } else {
            let head = format!("for (var {name}: i32 = lane; {name} < {words}; {name} += {width})");
            self.out.open(head);
        }
        Ok(x)
    }

    /// Closes it; `inside` are the iterations of one element.
    pub(super) fn end_each(&mut self, shape: &[Poly], inside: u64) -> Emit<()> {
        self.out.close();
        let most = self.most(&area(shape)?)?;
        let rounds = most.div_ceil(self.width.into());
        let each = if most <= u64::from(self.width) { inside } else { inside.saturating_add(1) };
        self.iterations = self.iterations.saturating_add(rounds.saturating_mul(each));
        Ok(())
    }

    /// Names for the indices of element `x` of `shape`, row-major.
    pub(super) fn indices(&mut self, x: Slot, shape: &[Poly], names: &[Slot]) -> Emit<()> {
        for (at, name) in names.iter().enumerate() {
            let extent = self.most(&shape[at])?;
            self.env[name.index()] = Interval { lo: 0, hi: i128::from(extent.max(1)) - 1 };
            let mut value = self.name(x).to_owned();
            if at + 1 < names.len() {
                value = format!("{value} / ({})", self.int(&area(&shape[at + 1..])?)?);
            }
            if at > 0 {
                value = format!("({value}) % ({})", self.int(&shape[at])?);
            }
            let line = format!("let {}: i32 = {value};", self.name(*name));
            self.out.line(line);
        }
        Ok(())
    }

    /// Moves a tile: a load, or a store.
    fn copy(&mut self, slow: Slow, region: &[Range], fast: Fast, load: bool) -> Emit<()> {
        let place = self.memory.place(fast).clone();
        self.touch(vec![
            Touch { what: What::Slow(slow), writes: !load, whose: Whose::Anyone },
            Touch {
                what: What::Fast(place.words.clone()),
                writes: load,
                whose: whose(&place.shape),
            },
        ]);
        let x = self.each(&place.shape)?;
        let address = self.address(slow, region, x, &place.shape)?;
        let array = &self.program.slow[slow.0].name;
        let there = element(place.words.start, self.name(x));
        let line = if load {
            format!("{there} = ld_{array}({address});")
        } else {
            format!("st_{array}({address}, {there});")
        };
        self.out.line(line);
        self.accesses.insert(if load { Access::Load(slow) } else { Access::Store(slow) });
        self.end_each(&place.shape, 0)
    }

    /// The address of element `x` of a region.
    fn address(&mut self, slow: Slow, region: &[Range], x: Slot, shape: &[Poly]) -> Emit<String> {
        let dims = &self.program.slow[slow.0].dims;
        let whole = |(range, dim): (&Range, &Poly)| match range {
            Range::Span { lo, extent } => *lo == Poly::int(0) && extent == dim,
            Range::At(_) | Range::Loaded(_) => false,
        };
        let spans = |it: &&Range| matches!(it, Range::Span { .. });
        let first = region.iter().position(|it| spans(&it)).map_or(region.len(), |it| it + 1);
        // One run of words if every dimension below the first that spans is whole.
        let run = region[first..].iter().zip(&dims[first..]).all(whole);
        let names: Vec<Slot> = if run {
            vec![]
        } else {
            let fresh = shape.iter().map(|_| self.fresh("y", Interval::point(0)));
            fresh.collect::<Emit<_>>()?
        };
        self.indices(x, shape, &names)?;
        let mut names = names.iter();
        let mut address = if run && !shape.is_empty() { Poly::slot(x) } else { Poly::int(0) };
        for (at, range) in region.iter().enumerate() {
            let place = match range {
                Range::Span { lo, .. } => match names.next() {
                    Some(name) => lo.add(&Poly::slot(*name))?,
                    None => lo.clone(),
                },
                Range::At(at) => at.clone(),
                Range::Loaded(_) => return Err(NotAKernel::Loaded { line: self.line }),
            };
            address = address.add(&place.mul(&area(&dims[at + 1..])?)?)?;
        }
        self.int(&address)
    }
}

/// The product of extents.
pub(super) fn area(shape: &[Poly]) -> Emit<Poly> {
    Ok(shape.iter().try_fold(Poly::int(1), |a, b| a.mul(b))?)
}

/// Which invocations [`Emitter::each`] gives the elements of `shape` to.
pub(super) fn whose(shape: &[Poly]) -> Whose {
    if shape.is_empty() { Whose::First } else { Whose::Own(shape.to_vec()) }
}

/// A word of workgroup memory.
pub(super) fn element(start: u64, at: impl std::fmt::Display) -> String {
    if start == 0 { format!("fast[{at}]") } else { format!("fast[{start} + {at}]") }
}
