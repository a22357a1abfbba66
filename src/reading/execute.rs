//! Executes a program element by element, whatever a word *means*.
//!
//! The meaning of a word is a [`Meaning`]: a vertex number (`pebbles`), a real number or an exact
//! value (`run`). The order of everything is fixed here: statements in order; the left indices of an
//! assignment outermost in their order, the reduced ones inside as they appear; operands left to
//! right; words freed by the rule of [`scratch`](crate::schedule::scratch).

use super::{
    WalkError,
    count::{advance, holds, slow_extents},
};
use crate::{
    op::{Constant, Op},
    schedule::{
        bind::Binding,
        draft::{Fill, Role},
        poly::{Poly, TooLarge},
        program::{Assign, Fast, Loop, Node, Program, Range, Slow, Step, Subscript, Term},
        scratch::count_reads,
    },
};

/// What a word is, and what happens when it moves.
pub trait Meaning {
    /// A word in fast or slow memory.
    type Word: Copy;
    /// Why the meaning wants to stop.
    type Stop;

    /// The word at `address` of the inputs, row-major over the `in` arrays in their order.
    fn input(&mut self, address: usize) -> Self::Word;
    /// A slow word becomes a fast one.
    ///
    /// # Errors
    ///
    /// The meaning stops.
    fn load(&mut self, word: Self::Word) -> Result<(), Self::Stop>;
    /// A fast word is copied out; `output` is its address if that is a declared output.
    ///
    /// # Errors
    ///
    /// The meaning stops.
    fn store(&mut self, word: Self::Word, output: Option<usize>) -> Result<(), Self::Stop>;
    /// A new fast word.
    ///
    /// # Errors
    ///
    /// The meaning stops.
    fn compute(&mut self, op: Op, operands: &[Self::Word]) -> Result<Self::Word, Self::Stop>;
    /// A fast word dies.
    ///
    /// # Errors
    ///
    /// The meaning stops.
    fn free(&mut self, word: Self::Word) -> Result<(), Self::Stop>;

    /// The statement, or loop, with this id is next.
    ///
    /// # Errors
    ///
    /// The meaning stops.
    fn statement(&mut self, _id: usize) -> Result<(), Self::Stop> {
        Ok(())
    }
    /// Fast array `array` begins, with these extents.
    ///
    /// # Errors
    ///
    /// The meaning stops.
    fn born(&mut self, _array: usize, _extents: &[usize]) -> Result<(), Self::Stop> {
        Ok(())
    }
    /// The element at `at` of fast array `array`, row-major, is made next; `old` is what it holds.
    ///
    /// # Errors
    ///
    /// The meaning stops.
    fn begin(
        &mut self,
        _array: usize,
        _at: usize,
        _old: Option<Self::Word>,
    ) -> Result<(), Self::Stop> {
        Ok(())
    }
    /// The sum, or maximum, so far of a reduction; what to go on with.
    ///
    /// # Errors
    ///
    /// The meaning stops.
    fn summed(&mut self, word: Self::Word) -> Result<Self::Word, Self::Stop> {
        Ok(word)
    }
    /// The element that was begun is made: what to put there.
    ///
    /// # Errors
    ///
    /// The meaning stops.
    fn made(&mut self, word: Self::Word) -> Result<Self::Word, Self::Stop> {
        Ok(word)
    }
    /// After a load, to the element at `at` of fast array `array`: what to put there.
    ///
    /// # Errors
    ///
    /// The meaning stops.
    fn loaded(
        &mut self,
        word: Self::Word,
        _array: usize,
        _at: usize,
    ) -> Result<Self::Word, Self::Stop> {
        Ok(word)
    }
    /// After a store, to `address` of slow array `array`: what to put there.
    ///
    /// # Errors
    ///
    /// The meaning stops.
    fn stored(
        &mut self,
        word: Self::Word,
        _array: usize,
        _address: usize,
    ) -> Result<Self::Word, Self::Stop> {
        Ok(word)
    }
}

/// How an execution ended before its time.
#[derive(Debug)]
pub enum Stopped<S> {
    /// The program cannot be read at these sizes.
    Walk(WalkError),
    /// The meaning stopped.
    Meaning(S),
}

impl<S> From<WalkError> for Stopped<S> {
    fn from(it: WalkError) -> Self {
        Self::Walk(it)
    }
}

/// Runs `program` at `binding`; what the outputs hold at the end, `None` where nothing was stored.
///
/// # Errors
///
/// [`Stopped`]: the program cannot be walked, or the meaning stops.
pub fn execute<M: Meaning>(
    program: &Program,
    binding: &Binding,
    meaning: &mut M,
) -> Result<Vec<Option<M::Word>>, Stopped<M::Stop>> {
    if !program.unit_weights() {
        return Err(WalkError::Weights.into());
    }
    let mut machine = Execution {
        program,
        env: binding.env.clone(),
        slow: vec![],
        fast: program.fast.iter().map(|_| Tile::default()).collect(),
        indices: vec![None; program.fast.len()],
        binding,
        iterations: MOST_ITERATIONS,
        meaning,
    };
    machine.lay_out()?;
    machine.block(&program.body)?;
    let slow = machine.slow.into_iter();
    Ok(slow.filter(|it| it.output.is_some()).flat_map(|it| it.words).collect())
}

struct Memory<W> {
    extents: Vec<usize>,
    words: Vec<Option<W>>,
    /// First output address, if these are outputs.
    output: Option<usize>,
}

struct Tile<W> {
    extents: Vec<usize>,
    words: Vec<W>,
}

impl<W> Default for Tile<W> {
    fn default() -> Self {
        Self { extents: vec![], words: vec![] }
    }
}

struct Execution<'a, M: Meaning> {
    program: &'a Program,
    env: Vec<i128>,
    slow: Vec<Memory<M::Word>>,
    fast: Vec<Tile<M::Word>>,
    /// The integer that a fast array without dimensions was loaded with.
    indices: Vec<Option<u64>>,
    binding: &'a Binding,
    /// Loop iterations that are left.
    iterations: u64,
    meaning: &'a mut M,
}

type Run<T, M> = Result<T, Stopped<<M as Meaning>::Stop>>;

/// An operand: a word of an array, or an intermediate one that its reader frees.
#[derive(Clone, Copy)]
struct Operand<W> {
    word: W,
    free: bool,
}

/// Where a read stands for the element at hand, and how far each index moves it.
struct Cursor {
    array: usize,
    at: usize,
    strides: Vec<usize>,
}

/// Most words of one fast array, and of all slow ones together: those are held from the start.
const MOST_WORDS: usize = 1 << 28;

/// Most loop iterations of one execution: an hour and more of them, or seconds of empty ones.
const MOST_ITERATIONS: u64 = 1 << 34;

/// Words of an array, if they can be held and every stride fits, also beside an extent of 0.
fn words(extents: &[i128]) -> Option<usize> {
    let strides = extents.iter().try_fold(1i128, |a, b| a.checked_mul((*b).max(1)))?;
    let strides = usize::try_from(strides).ok().filter(|it| *it <= MOST_WORDS)?;
    Some(if extents.contains(&0) { 0 } else { strides })
}

impl<M: Meaning> Execution<'_, M> {
    fn stop<T>(result: Result<T, M::Stop>) -> Run<T, M> {
        result.map_err(Stopped::Meaning)
    }

    fn eval(&self, poly: &Poly) -> Run<i128, M> {
        Ok(poly.eval(&self.env).map_err(WalkError::from)?)
    }

    fn line(&self, id: usize) -> u32 {
        self.program.lines[id].line
    }

    fn lay_out(&mut self) -> Run<(), M> {
        let (mut inputs, mut outputs, mut room) = (0, 0, MOST_WORDS);
        let all = slow_extents(self.program, &self.env)?;
        for (array, extents) in self.program.slow.iter().zip(all) {
            let large = || {
                let words = extents.iter().fold(1i128, |a, b| a.saturating_mul(*b));
                WalkError::Memory { array: array.name.clone(), words }
            };
            let n = words(&extents).filter(|it| *it <= room).ok_or_else(large)?;
            room -= n;
            let mut words = Vec::new();
            words.try_reserve_exact(n).map_err(|_| large())?;
            let extents = extents.iter().filter_map(|it| usize::try_from(*it).ok()).collect();
            let mut memory = Memory { extents, words, output: None };
            match array.role {
                Role::In => {
                    memory
                        .words
                        .extend((inputs..inputs + n).map(|it| Some(self.meaning.input(it))));
                    inputs += n;
                }
                Role::Out => {
                    memory.words.resize(n, None);
                    memory.output = Some(outputs);
                    outputs += n;
                }
                Role::Scratch => memory.words.resize(n, None),
            }
            self.slow.push(memory);
        }
        Ok(())
    }

    fn block(&mut self, nodes: &[Node]) -> Run<(), M> {
        for node in nodes {
            Self::stop(self.meaning.statement(node.id))?;
            match &node.step {
                Step::Loop(it) => self.tile_loop(node.id, it)?,
                Step::Load { fast, slow, region } => self.load(node.id, *fast, *slow, region)?,
                Step::Store { slow, region, fast } => self.store(node.id, *slow, region, *fast)?,
                Step::Assign(it) => self.assign(node.id, it)?,
                Step::Free(arrays) => {
                    for fast in arrays {
                        let tile = std::mem::take(&mut self.fast[fast.0]);
                        for word in tile.words {
                            Self::stop(self.meaning.free(word))?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn tile_loop(&mut self, id: usize, it: &Loop) -> Run<(), M> {
        let line = self.line(id);
        let (lo, hi, step) = (self.eval(&it.lo)?, self.eval(&it.hi)?, self.eval(&it.step)?);
        if hi < lo {
            return Err(WalkError::Backwards { line, lo, hi }.into());
        }
        if step < 1 {
            return Err(WalkError::Step { line, step }.into());
        }
        let extent = hi.checked_sub(lo).ok_or(WalkError::TooLarge(TooLarge))?;
        let iterations = extent / step + i128::from(extent % step != 0);
        let left = u64::try_from(iterations).ok().and_then(|it| self.iterations.checked_sub(it));
        let long = WalkError::TooLong { line, iterations, limit: self.iterations };
        self.iterations = left.ok_or(long)?;
        let mut start = lo;
        while start < hi {
            self.env[it.start.index()] = start;
            self.env[it.len.index()] = step.min(hi - start);
            self.block(&it.body)?;
            start = start.saturating_add(step);
        }
        Ok(())
    }

    /// First index and extent of a region in each dimension, and the extents of its fast array.
    #[expect(clippy::type_complexity, reason = "two lists of numbers")]
    fn region(
        &self,
        id: usize,
        slow: Slow,
        region: &[Range],
    ) -> Run<(Vec<(usize, usize)>, Vec<usize>), M> {
        let line = self.line(id);
        let memory = &self.slow[slow.0];
        let (mut ranges, mut extents) = (vec![], vec![]);
        for (range, dim) in region.iter().zip(&memory.extents) {
            let (lo, len) = match range {
                Range::Span { lo, extent } => (self.eval(lo)?, self.eval(extent)?),
                Range::At(at) => (self.eval(at)?, 1),
                Range::Loaded(fast) => {
                    let index = self.indices[fast.0].ok_or(WalkError::Loaded { line })?;
                    (i128::from(index), 1)
                }
            };
            let inside = usize::try_from(lo).ok().zip(usize::try_from(len).ok());
            let inside = inside.filter(|it| it.0.checked_add(it.1).is_some_and(|it| it <= *dim));
            let Some((first, n)) = inside else {
                let array = self.program.slow[slow.0].name.clone();
                let extent = i128::try_from(*dim).unwrap_or(i128::MAX);
                let hi = lo.saturating_add(len);
                return Err(WalkError::Outside { line, array, lo, hi, extent }.into());
            };
            ranges.push((first, n));
            if matches!(range, Range::Span { .. }) {
                extents.push(n);
            }
        }
        Ok((ranges, extents))
    }

    fn load(&mut self, id: usize, fast: Fast, slow: Slow, region: &[Range]) -> Run<(), M> {
        let (ranges, extents) = self.region(id, slow, region)?;
        let mut words = std::mem::take(&mut self.fast[fast.0].words);
        let line = self.line(id);
        let mut index = None;
        let (memory, meaning) = (&self.slow[slow.0], &mut *self.meaning);
        let name = &self.program.slow[slow.0].name;
        Self::stop(meaning.born(fast.0, &extents))?;
        each_address(&memory.extents, &ranges, |address| -> Run<(), M> {
            let Some(word) = memory.words[address] else {
                let array = name.clone();
                return Err(WalkError::Unwritten { line, array, address }.into());
            };
            Self::stop(meaning.load(word))?;
            words.push(Self::stop(meaning.loaded(word, fast.0, words.len()))?);
            index = self.binding.entry(slow, address);
            Ok(())
        })?;
        self.indices[fast.0] = index;
        self.fast[fast.0] = Tile { extents, words };
        Ok(())
    }

    fn store(&mut self, id: usize, slow: Slow, region: &[Range], fast: Fast) -> Run<(), M> {
        let (ranges, _) = self.region(id, slow, region)?;
        let (memory, meaning) = (&mut self.slow[slow.0], &mut *self.meaning);
        let mut words = self.fast[fast.0].words.iter();
        let (extents, stored, output) = (&memory.extents, &mut memory.words, memory.output);
        each_address(extents, &ranges, |address| -> Run<(), M> {
            let word = *words.next().expect("the region has the tile's shape");
            Self::stop(meaning.store(word, output.map(|it| it + address)))?;
            stored[address] = Some(Self::stop(meaning.stored(word, slow.0, address))?);
            Ok(())
        })
    }

    fn cursor(
        &self,
        id: usize,
        array: Fast,
        subscripts: &[Subscript],
        extents: &[usize],
        n_indices: usize,
    ) -> Run<Cursor, M> {
        let mut cursor = Cursor { array: array.0, at: 0, strides: vec![0; n_indices] };
        let mut stride = 1;
        for (subscript, extent) in subscripts.iter().zip(extents).rev() {
            match subscript {
                Subscript::Index(i) => cursor.strides[*i] = stride,
                Subscript::Place(poly) => {
                    let lo = self.eval(poly)?;
                    let Some(at) = usize::try_from(lo).ok().filter(|it| it < extent) else {
                        let (line, array) =
                            (self.line(id), self.program.fast[array.0].name.clone());
                        let extent = i128::try_from(*extent).unwrap_or(i128::MAX);
                        let hi = lo.saturating_add(1);
                        return Err(WalkError::Outside { line, array, lo, hi, extent }.into());
                    };
                    cursor.at += at * stride;
                }
            }
            stride *= extent;
        }
        Ok(cursor)
    }

    fn cursors(&self, id: usize, term: &Term, n: usize, all: &mut Vec<Cursor>) -> Run<(), M> {
        match term {
            Term::Constant(_) => {}
            Term::Read(it) => {
                let extents = &self.fast[it.array.0].extents;
                all.push(self.cursor(id, it.array, &it.subscripts, extents, n)?);
            }
            Term::Apply(_, terms) => {
                for it in terms {
                    self.cursors(id, it, n, all)?;
                }
            }
        }
        Ok(())
    }

    fn assign(&mut self, id: usize, it: &Assign) -> Run<(), M> {
        let mut all = vec![];
        for index in &it.indices {
            let hi = self.eval(&index.extent)?;
            if hi < 0 {
                return Err(WalkError::Backwards { line: self.line(id), lo: 0, hi }.into());
            }
            all.push(hi);
        }
        // The left indices are the target's shape or run over parts of it; the reduced ones run over
        // arrays that are held.
        let Some(size) = words(&all[..it.n_left]) else {
            let words = all[..it.n_left].iter().fold(1i128, |a, b| a.saturating_mul(*b));
            let array = self.program.fast[it.target.0].name.clone();
            return Err(WalkError::Memory { array, words }.into());
        };
        let extents: Vec<usize> = all.iter().filter_map(|it| usize::try_from(*it).ok()).collect();
        let n = it.indices.len();
        self.indices[it.target.0] = None;
        if it.birth {
            let words = Vec::with_capacity(size);
            Self::stop(self.meaning.born(it.target.0, &extents[..it.n_left]))?;
            self.fast[it.target.0] = Tile { extents: extents[..it.n_left].to_vec(), words };
        }
        let shape = self.fast[it.target.0].extents.clone();
        let target = self.cursor(id, it.target, &it.subscripts, &shape, n)?;
        let mut reads = vec![];
        self.cursors(id, &it.right, n, &mut reads)?;
        let (left, reduced) = extents.split_at(it.n_left);
        if left.contains(&0) {
            return Ok(());
        }
        let mut at = vec![0; it.n_left];
        let offsets = reads.iter().map(|it| it.at).collect();
        let mut element = Element { it, target: target.at, offsets, reads: &reads, reduced };
        loop {
            if !it.conditions.is_empty() {
                for (index, value) in it.indices.iter().zip(&at) {
                    self.env[index.slot.index()] = i128::try_from(*value).unwrap_or(i128::MAX);
                }
            }
            match it.fill {
                Fill::Set => self.set(&element)?,
                Fill::Sum => self.reduce(&element, Op::Add)?,
                Fill::Max => self.reduce(&element, Op::Max)?,
            }
            if !element.advance(&mut at, left, &target.strides) {
                return Ok(());
            }
        }
    }

    /// What the element holds, unless it is being born.
    fn begin(&mut self, element: &Element<'_>) -> Run<Option<M::Word>, M> {
        let array = element.it.target.0;
        let words = &self.fast[array].words;
        let (at, old) = match element.it.birth {
            true => (words.len(), None),
            false => (element.target, Some(words[element.target])),
        };
        Self::stop(self.meaning.begin(array, at, old))?;
        Ok(old)
    }

    fn put(&mut self, element: &Element<'_>, word: M::Word) -> Run<(), M> {
        let word = Self::stop(self.meaning.made(word))?;
        let words = &mut self.fast[element.it.target.0].words;
        if element.it.birth {
            words.push(word);
        } else {
            words[element.target] = word;
        }
        Ok(())
    }

    fn set(&mut self, element: &Element<'_>) -> Run<(), M> {
        let it = element.it;
        if !holds(&it.conditions, &self.env).map_err(WalkError::from)? {
            return Ok(());
        }
        let old = self.begin(element)?;
        let mut reads_left = count_reads(&it.right, it.target);
        if let Some(old) = old.filter(|_| reads_left == 0) {
            Self::stop(self.meaning.free(old))?;
        }
        let word = match &it.right {
            Term::Apply(..) => {
                let mut next = 0;
                let (offsets, reads) = (&element.offsets, element.reads);
                self.term(&it.right, it.target, &mut reads_left, offsets, reads, &mut next)?.word
            }
            Term::Constant(it) => Self::stop(self.meaning.compute(Op::Constant(*it), &[]))?,
            Term::Read(read) => {
                let word = self.fast[read.array.0].words[element.offsets[0]];
                let copy = Self::stop(self.meaning.compute(Op::Copy, &[word]))?;
                if read.array == it.target {
                    Self::stop(self.meaning.free(word))?;
                }
                copy
            }
        };
        self.put(element, word)
    }

    /// Evaluates a term at the element whose reads stand at `offsets`.
    fn term(
        &mut self,
        term: &Term,
        target: Fast,
        reads_left: &mut usize,
        offsets: &[usize],
        reads: &[Cursor],
        next: &mut usize,
    ) -> Run<Operand<M::Word>, M> {
        match term {
            Term::Constant(it) => {
                let word = Self::stop(self.meaning.compute(Op::Constant(*it), &[]))?;
                Ok(Operand { word, free: true })
            }
            Term::Read(it) => {
                let word = self.fast[reads[*next].array].words[offsets[*next]];
                *next += 1;
                let own = it.array == target && *reads_left > 0;
                *reads_left -= usize::from(own);
                Ok(Operand { word, free: own && *reads_left == 0 })
            }
            Term::Apply(op, terms) => {
                let mut operands = [None; 2];
                for (slot, it) in operands.iter_mut().zip(terms) {
                    *slot = Some(self.term(it, target, reads_left, offsets, reads, next)?);
                }
                let word = match operands {
                    [Some(a), Some(b)] => self.meaning.compute(*op, &[a.word, b.word]),
                    [Some(a), None] => self.meaning.compute(*op, &[a.word]),
                    _ => self.meaning.compute(*op, &[]),
                };
                let word = Self::stop(word)?;
                for it in operands.into_iter().flatten().filter(|it| it.free) {
                    Self::stop(self.meaning.free(it.word))?;
                }
                Ok(Operand { word, free: true })
            }
        }
    }

    fn reduce(&mut self, element: &Element<'_>, op: Op) -> Run<(), M> {
        let it = element.it;
        let mut sum = self.begin(element)?.map(|word| Operand { word, free: true });
        if !element.reduced.contains(&0) {
            match (element.reduced, &it.right) {
                ([n], Term::Apply(product, terms)) if it.conditions.is_empty() => {
                    match terms.as_slice() {
                        [Term::Read(_), Term::Read(_)] => {
                            sum = Some(self.dot(element, (op, *product), *n, sum)?);
                        }
                        _ => sum = self.terms(element, op, sum)?,
                    }
                }
                _ => sum = self.terms(element, op, sum)?,
            }
        }
        let word = match sum {
            Some(sum) if sum.free => sum.word,
            Some(plain) => Self::stop(self.meaning.compute(Op::Copy, &[plain.word]))?,
            None => {
                let empty = if op == Op::Max { Constant::NegInf } else { Constant::Int(0) };
                Self::stop(self.meaning.compute(Op::Constant(empty), &[]))?
            }
        };
        self.put(element, word)
    }

    /// Σ x∘y over one index.
    #[inline(always)]
    fn dot(
        &mut self,
        element: &Element<'_>,
        (op, product): (Op, Op),
        n: usize,
        sum: Option<Operand<M::Word>>,
    ) -> Run<Operand<M::Word>, M> {
        let index = element.it.n_left;
        let [x, y] = element.reads else { unreachable!("two reads") };
        let xs = (self.fast[x.array].words.as_slice(), element.offsets[0], x.strides[index]);
        let ys = (self.fast[y.array].words.as_slice(), element.offsets[1], y.strides[index]);
        let sum = sum.map(|it| it.word);
        // The product of matrices has a loop of its own, in which both operations are known, so that
        // what a sink asks of them is answered when it is compiled.
        let word = match (op, product) {
            (Op::Add, Op::Mul) => dot(self.meaning, Op::Add, Op::Mul, xs, ys, n, sum),
            _ => dot(self.meaning, op, product, xs, ys, n, sum),
        };
        Ok(Operand { word: Self::stop(word)?, free: true })
    }

    /// Any term, any number of reduced indices, any mask.
    fn terms(
        &mut self,
        element: &Element<'_>,
        op: Op,
        mut sum: Option<Operand<M::Word>>,
    ) -> Run<Option<Operand<M::Word>>, M> {
        let it = element.it;
        let mut at = vec![0; element.reduced.len()];
        let mut offsets = element.offsets.clone();
        loop {
            for (index, value) in it.indices[it.n_left..].iter().zip(&at) {
                self.env[index.slot.index()] = i128::try_from(*value).unwrap_or(i128::MAX);
            }
            if holds(&it.conditions, &self.env).map_err(WalkError::from)? {
                for ((offset, base), read) in
                    offsets.iter_mut().zip(&element.offsets).zip(element.reads)
                {
                    *offset = base + moved(&read.strides[it.n_left..], &at);
                }
                let mut none = 0;
                let reads = element.reads;
                let term = self.term(&it.right, it.target, &mut none, &offsets, reads, &mut 0)?;
                let mut next = match sum {
                    None => term,
                    Some(old) => {
                        let word = self.meaning.compute(op, &[old.word, term.word]);
                        let word = Self::stop(word)?;
                        for it in [old, term].into_iter().filter(|it| it.free) {
                            Self::stop(self.meaning.free(it.word))?;
                        }
                        Operand { word, free: true }
                    }
                };
                next.word = Self::stop(self.meaning.summed(next.word))?;
                sum = Some(next);
            }
            if !advance(&mut at, element.reduced) {
                return Ok(sum);
            }
        }
    }
}

/// Words, where the first one stands and how far it is to the next.
type Strided<'a, W> = (&'a [W], usize, usize);

/// n > 0 terms x∘y reduced by `op`: the loop that takes the time.
#[inline(always)]
fn dot<M: Meaning>(
    meaning: &mut M,
    op: Op,
    product: Op,
    (xs, mut i, dx): Strided<'_, M::Word>,
    (ys, mut j, dy): Strided<'_, M::Word>,
    n: usize,
    sum: Option<M::Word>,
) -> Result<M::Word, M::Stop> {
    let (mut sum, mut left) = match sum {
        Some(sum) => (sum, n),
        None => {
            let first = meaning.compute(product, &[xs[i], ys[j]])?;
            (i, j) = (i + dx, j + dy);
            (meaning.summed(first)?, n - 1)
        }
    };
    while left > 0 {
        let term = meaning.compute(product, &[xs[i], ys[j]])?;
        let next = meaning.compute(op, &[sum, term])?;
        meaning.free(sum)?;
        meaning.free(term)?;
        sum = meaning.summed(next)?;
        (i, j) = (i + dx, j + dy);
        left -= 1;
    }
    Ok(sum)
}

/// One element of an assignment.
struct Element<'a> {
    it: &'a Assign,
    /// Where the target stands, if it is not being born.
    target: usize,
    /// Where each read stands at the first term.
    offsets: Vec<usize>,
    reads: &'a [Cursor],
    /// Extents of the reduced indices.
    reduced: &'a [usize],
}

impl Element<'_> {
    /// The next element in row-major order, if there is one.
    fn advance(&mut self, at: &mut [usize], left: &[usize], strides: &[usize]) -> bool {
        for i in (0..at.len()).rev() {
            if at[i] + 1 < left[i] {
                at[i] += 1;
                self.target += strides[i];
                for (offset, read) in self.offsets.iter_mut().zip(self.reads) {
                    *offset += read.strides[i];
                }
                return true;
            }
            self.target -= at[i] * strides[i];
            for (offset, read) in self.offsets.iter_mut().zip(self.reads) {
                *offset -= at[i] * read.strides[i];
            }
            at[i] = 0;
        }
        false
    }
}

fn moved(strides: &[usize], at: &[usize]) -> usize {
    strides.iter().zip(at).map(|(stride, at)| stride * at).sum()
}

/// Row-major addresses of a region.
fn each_address<E>(
    extents: &[usize],
    ranges: &[(usize, usize)],
    mut visit: impl FnMut(usize) -> Result<(), E>,
) -> Result<(), E> {
    if ranges.iter().any(|it| it.1 == 0) {
        return Ok(());
    }
    let counts: Vec<usize> = ranges.iter().map(|it| it.1).collect();
    let mut at = vec![0; ranges.len()];
    loop {
        let place = ranges.iter().zip(&at).map(|(range, at)| range.0 + at);
        visit(place.zip(extents).fold(0, |address, (i, extent)| address * extent + i))?;
        if !advance(&mut at, &counts) {
            return Ok(());
        }
    }
}
