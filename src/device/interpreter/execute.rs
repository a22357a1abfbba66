//! Runs [`Code`], a workgroup at a time, in lockstep.

use super::{
    super::{DeviceError, Module},
    code::{Code, Column, Function, One, Pointer, Program, Two},
};
use crate::reading::count::Traffic;
use naga::{AddressSpace, ArraySize, TypeInner};

/// A global variable.
#[derive(Debug)]
pub(super) enum Global {
    /// A buffer, with the words that moved.
    Storage { name: String, binding: u32, words: Vec<u32>, traffic: Traffic },
    /// Shared by a workgroup.
    Workgroup { name: String, words: Vec<u32> },
    /// A word of each invocation.
    Private(Vec<u32>),
    /// The index of the host's loop.
    Uniform(u32),
}

/// A module that runs.
pub(super) struct Machine<'a> {
    program: &'a Program,
    pub(super) globals: Vec<Global>,
    frames: Vec<Frame>,
    /// Loop iterations that a workgroup may take.
    bound: u64,
    left: u64,
}

/// What a call of a function works on; no function calls itself.
#[derive(Default)]
struct Frame {
    columns: Vec<Vec<u32>>,
    locals: Vec<Vec<u32>>,
    result: Vec<u32>,
}

/// Invocations that left a loop's body.
#[derive(Default)]
struct Left {
    broken: Vec<u32>,
    continued: Vec<u32>,
}

type Run<T> = Result<T, DeviceError>;

impl<'a> Machine<'a> {
    pub(super) fn new(module: &Module, program: &'a Program, bound: u64) -> Run<Self> {
        let naga = &module.naga;
        let width = program.width;
        let mut globals = vec![];
        for (_, it) in naga.global_variables.iter() {
            let name = it.name.clone().unwrap_or_default();
            globals.push(match (&it.space, &naga.types[it.ty].inner) {
                (AddressSpace::Storage { .. }, TypeInner::Array { .. }) => {
                    let binding = it.binding.map_or(0, |it| it.binding);
                    let traffic = Traffic::default();
                    Global::Storage { name, binding, words: vec![], traffic }
                }
                (
                    AddressSpace::WorkGroup,
                    TypeInner::Array { size: ArraySize::Constant(n), .. },
                ) => Global::Workgroup { name, words: vec![0; n.get() as usize] },
                (AddressSpace::Private, TypeInner::Scalar(_)) => Global::Private(vec![0; width]),
                (AddressSpace::Uniform, TypeInner::Scalar(_)) => Global::Uniform(0),
                it => return Err(DeviceError::Unknown(format!("the variable {name}: {it:?}"))),
            });
        }
        let frames = program.functions.iter().map(|it| Frame::new(it, width)).collect();
        Ok(Self { program, globals, frames, bound, left: bound })
    }

    pub(super) fn workgroup(&mut self, group: u32, host: u32) -> Run<()> {
        for global in &mut self.globals {
            match global {
                Global::Workgroup { words, .. } | Global::Private(words) => words.fill(0),
                Global::Uniform(it) => *it = host,
                Global::Storage { .. } => {}
            }
        }
        self.left = self.bound;
        let program = self.program;
        let main = program.functions.len() - 1;
        let mut frame = std::mem::take(&mut self.frames[main]);
        let mut lanes: Vec<u32> = (0..).take(program.width).collect();
        if let Some(lane) = program.lane {
            frame.columns[lane].copy_from_slice(&lanes);
        }
        if let Some(it) = program.group {
            frame.columns[it].fill(group);
        }
        frame.begin(&program.functions[main], &lanes);
        let result =
            self.block(&program.functions[main].body, &mut frame, &mut lanes, &mut Left::default());
        self.frames[main] = frame;
        result
    }

    fn block(
        &mut self,
        code: &[Code],
        frame: &mut Frame,
        lanes: &mut Vec<u32>,
        left: &mut Left,
    ) -> Run<()> {
        for it in code {
            if lanes.is_empty() {
                return Ok(());
            }
            match it {
                Code::One { op, a, out } => frame.compute(*out, |frame, to| {
                    one(*op, lanes, &frame.columns[*a], to);
                }),
                Code::Two { op, a, b, out } => frame.compute(*out, |frame, to| {
                    two(*op, lanes, &frame.columns[*a], &frame.columns[*b], to);
                }),
                Code::Select { condition, accept, reject, out } => {
                    frame.compute(*out, |frame, to| {
                        for at in lanes.iter().map(|it| *it as usize) {
                            let chosen =
                                if frame.columns[*condition][at] != 0 { accept } else { reject };
                            to[at] = frame.columns[*chosen][at];
                        }
                    });
                }
                Code::Load { from, out } => self.load(*from, *out, frame, lanes)?,
                Code::Store { to, value } => self.store(*to, *value, frame, lanes)?,
                Code::AtomicAdd { to, value, old } => {
                    self.atomic_add(*to, *value, *old, frame, lanes)?;
                }
                Code::Call { function, arguments, out } => {
                    self.call(*function, arguments, *out, frame, lanes)?;
                }
                Code::If { condition, accept, reject } => {
                    let column = &frame.columns[*condition];
                    let held = |it: &u32| column[*it as usize] != 0;
                    let (mut yes, mut no): (Vec<u32>, Vec<u32>) =
                        lanes.iter().copied().partition(held);
                    self.block(accept, frame, &mut yes, left)?;
                    self.block(reject, frame, &mut no, left)?;
                    *lanes = merge(yes, no);
                }
                Code::Loop { body, continuing, break_if } => {
                    self.repeat((body, continuing, *break_if), frame, lanes)?;
                }
                Code::Break => left.broken.append(lanes),
                Code::Continue => left.continued.append(lanes),
                Code::Return(value) => {
                    if let Some(value) = value {
                        let (result, column) = (&mut frame.result, &frame.columns[*value]);
                        lanes.iter().for_each(|it| result[*it as usize] = column[*it as usize]);
                    }
                    lanes.clear();
                }
                Code::Barrier => {
                    let (there, all) = (lanes.len(), self.program.width);
                    if there != all {
                        return Err(DeviceError::Barrier { there, all });
                    }
                }
            }
        }
        Ok(())
    }

    fn repeat(
        &mut self,
        (body, continuing, break_if): (&[Code], &[Code], Option<Column>),
        frame: &mut Frame,
        lanes: &mut Vec<u32>,
    ) -> Run<()> {
        let mut done: Vec<u32> = vec![];
        while !lanes.is_empty() {
            let mut left = Left::default();
            self.block(body, frame, lanes, &mut left)?;
            done.append(&mut left.broken);
            if !left.continued.is_empty() {
                lanes.append(&mut left.continued);
                lanes.sort_unstable();
            }
            if lanes.is_empty() {
                break;
            }
            let Some(rest) = self.left.checked_sub(1) else {
                return Err(DeviceError::Endless { bound: self.bound });
            };
            self.left = rest;
            self.block(continuing, frame, lanes, &mut Left::default())?;
            if let Some(condition) = break_if {
                let column = &frame.columns[condition];
                lanes.retain(|it| {
                    let ends = column[*it as usize] != 0;
                    if ends {
                        done.push(*it);
                    }
                    !ends
                });
            }
        }
        done.sort_unstable();
        *lanes = done;
        Ok(())
    }

    fn call(
        &mut self,
        function: usize,
        arguments: &[Column],
        out: Option<Column>,
        frame: &mut Frame,
        lanes: &[u32],
    ) -> Run<()> {
        let program = self.program;
        let code = &program.functions[function];
        let mut inner = std::mem::take(&mut self.frames[function]);
        for (from, to) in arguments.iter().zip(&code.arguments) {
            let Some(to) = to else { continue };
            let (from, to) = (&frame.columns[*from], &mut inner.columns[*to]);
            lanes.iter().for_each(|it| to[*it as usize] = from[*it as usize]);
        }
        inner.begin(code, lanes);
        let mut inside = lanes.to_vec();
        let result = self.block(&code.body, &mut inner, &mut inside, &mut Left::default());
        if let Some(out) = out {
            let to = &mut frame.columns[out];
            lanes.iter().for_each(|it| to[*it as usize] = inner.result[*it as usize]);
        }
        self.frames[function] = inner;
        result
    }

    fn load(&mut self, from: Pointer, out: Column, frame: &mut Frame, lanes: &[u32]) -> Run<()> {
        let mut to = std::mem::take(&mut frame.columns[out]);
        match from {
            Pointer::Local(it) => {
                let from = &frame.locals[it];
                lanes.iter().for_each(|it| to[*it as usize] = from[*it as usize]);
            }
            Pointer::Word(it) => match &self.globals[it] {
                Global::Private(from) => {
                    lanes.iter().for_each(|it| to[*it as usize] = from[*it as usize]);
                }
                Global::Uniform(value) => {
                    lanes.iter().for_each(|it| to[*it as usize] = *value);
                }
                Global::Storage { name, .. } | Global::Workgroup { name, .. } => {
                    return Err(DeviceError::Unknown(format!("`{name}` as a whole")));
                }
            },
            Pointer::Element { global, index } => {
                let (name, words) = self.globals[global].array(lanes.len(), 0)?;
                let index = &frame.columns[index];
                for at in lanes.iter().map(|it| *it as usize) {
                    let Some(word) = words.get(index[at] as usize) else {
                        return Err(outside(name, index[at], words.len()));
                    };
                    to[at] = *word;
                }
            }
        }
        frame.columns[out] = to;
        Ok(())
    }

    fn store(&mut self, to: Pointer, value: Column, frame: &mut Frame, lanes: &[u32]) -> Run<()> {
        let from = &frame.columns[value];
        match to {
            Pointer::Local(it) => {
                let to = &mut frame.locals[it];
                lanes.iter().for_each(|it| to[*it as usize] = from[*it as usize]);
            }
            Pointer::Word(it) => match &mut self.globals[it] {
                Global::Private(to) => {
                    lanes.iter().for_each(|it| to[*it as usize] = from[*it as usize]);
                }
                it => return Err(DeviceError::Unknown(format!("a store to {it:?}"))),
            },
            Pointer::Element { global, index } => {
                let (name, words) = self.globals[global].array(0, lanes.len())?;
                let (index, n) = (&frame.columns[index], words.len());
                for at in lanes.iter().map(|it| *it as usize) {
                    match words.get_mut(index[at] as usize) {
                        Some(it) => *it = from[at],
                        None => return Err(outside(name, index[at], n)),
                    }
                }
            }
        }
        Ok(())
    }

    fn atomic_add(
        &mut self,
        to: Pointer,
        value: Column,
        old: Option<Column>,
        frame: &mut Frame,
        lanes: &[u32],
    ) -> Run<()> {
        let Pointer::Element { global, index } = to else {
            return Err(DeviceError::Unknown("an atomic operation on a single word".to_owned()));
        };
        let (name, words) = self.globals[global].array(lanes.len(), lanes.len())?;
        let n = words.len();
        for at in lanes.iter().map(|it| *it as usize) {
            let index = frame.columns[index][at];
            let Some(word) = words.get_mut(index as usize) else {
                return Err(outside(name, index, n));
            };
            let before = *word;
            *word = before.wrapping_add(frame.columns[value][at]);
            if let Some(old) = old {
                frame.columns[old][at] = before;
            }
        }
        Ok(())
    }
}

impl Global {
    /// Its words, so many of which are read and written.
    fn array(&mut self, loads: usize, stores: usize) -> Run<(&str, &mut [u32])> {
        match self {
            Self::Storage { name, words, traffic, .. } => {
                traffic.loads += loads as u128;
                traffic.stores += stores as u128;
                Ok((name.as_str(), words.as_mut_slice()))
            }
            Self::Workgroup { name, words } => Ok((name.as_str(), words.as_mut_slice())),
            it => Err(DeviceError::Unknown(format!("an element of {it:?}"))),
        }
    }
}

fn outside(array: &str, index: u32, words: usize) -> DeviceError {
    DeviceError::Outside { array: array.to_owned(), index: index.cast_signed(), words }
}

impl Frame {
    fn new(function: &Function, width: usize) -> Self {
        let mut columns = vec![vec![0; width]; function.columns];
        for (column, value) in &function.constants {
            columns[*column].fill(*value);
        }
        Self {
            columns,
            locals: vec![vec![0; width]; function.locals.len()],
            result: vec![0; width],
        }
    }

    /// The variables hold their first values.
    fn begin(&mut self, function: &Function, lanes: &[u32]) {
        for (local, value) in self.locals.iter_mut().zip(&function.locals) {
            lanes.iter().for_each(|it| local[*it as usize] = *value);
        }
    }

    fn compute(&mut self, out: Column, fill: impl FnOnce(&Self, &mut [u32])) {
        let mut to = std::mem::take(&mut self.columns[out]);
        fill(self, &mut to);
        self.columns[out] = to;
    }
}

/// Both sorted.
fn merge(a: Vec<u32>, b: Vec<u32>) -> Vec<u32> {
    match (a.is_empty(), b.is_empty()) {
        (_, true) => a,
        (true, _) => b,
        _ => {
            let mut all = [a, b].concat();
            all.sort_unstable();
            all
        }
    }
}

#[inline(always)]
fn map(lanes: &[u32], a: &[u32], to: &mut [u32], f: impl Fn(u32) -> u32) {
    let n = lanes.len();
    // Most often all that are active are the first ones.
    if lanes.last().is_some_and(|it| *it as usize + 1 == n) {
        to[..n].iter_mut().zip(&a[..n]).for_each(|(to, a)| *to = f(*a));
    } else {
        lanes.iter().map(|it| *it as usize).for_each(|at| to[at] = f(a[at]));
    }
}

#[inline(always)]
fn map2(lanes: &[u32], a: &[u32], b: &[u32], to: &mut [u32], f: impl Fn(u32, u32) -> u32) {
    let n = lanes.len();
    if lanes.last().is_some_and(|it| *it as usize + 1 == n) {
        let pairs = a[..n].iter().zip(&b[..n]);
        to[..n].iter_mut().zip(pairs).for_each(|(to, (a, b))| *to = f(*a, *b));
    } else {
        lanes.iter().map(|it| *it as usize).for_each(|at| to[at] = f(a[at], b[at]));
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as WGSL converts")]
#[expect(clippy::cast_precision_loss, reason = "as WGSL converts")]
fn one(op: One, lanes: &[u32], a: &[u32], to: &mut [u32]) {
    let float = |f: fn(f32) -> f32| move |it: u32| f(f32::from_bits(it)).to_bits();
    match op {
        One::Same => map(lanes, a, to, |it| it),
        One::NegateFloat => map(lanes, a, to, float(|it| -it)),
        One::NegateInt => map(lanes, a, to, u32::wrapping_neg),
        One::Not => map(lanes, a, to, |it| u32::from(it == 0)),
        One::Complement => map(lanes, a, to, |it| !it),
        One::FloatFromInt => map(lanes, a, to, |it| (it.cast_signed() as f32).to_bits()),
        One::FloatFromUint => map(lanes, a, to, |it| (it as f32).to_bits()),
        One::IntFromFloat => map(lanes, a, to, |it| (f32::from_bits(it) as i32).cast_unsigned()),
        One::UintFromFloat => map(lanes, a, to, |it| f32::from_bits(it) as u32),
        One::Exp => map(lanes, a, to, float(f32::exp)),
        One::Log => map(lanes, a, to, float(f32::ln)),
        One::Sqrt => map(lanes, a, to, float(f32::sqrt)),
        One::Tanh => map(lanes, a, to, float(f32::tanh)),
        One::AbsFloat => map(lanes, a, to, float(f32::abs)),
    }
}

fn two(op: Two, lanes: &[u32], a: &[u32], b: &[u32], to: &mut [u32]) {
    macro_rules! float {
        ($f:expr) => {
            map2(lanes, a, b, to, |a, b| {
                let f: fn(f32, f32) -> f32 = $f;
                f(f32::from_bits(a), f32::from_bits(b)).to_bits()
            })
        };
    }
    macro_rules! int {
        ($f:expr) => {
            map2(lanes, a, b, to, |a, b| {
                let f: fn(i32, i32) -> i32 = $f;
                f(a.cast_signed(), b.cast_signed()).cast_unsigned()
            })
        };
    }
    macro_rules! bits {
        ($f:expr) => {
            map2(lanes, a, b, to, $f)
        };
    }
    let f = f32::from_bits;
    let i = u32::cast_signed;
    match op {
        Two::AddFloat => float!(|a, b| a + b),
        Two::SubFloat => float!(|a, b| a - b),
        Two::MulFloat => float!(|a, b| a * b),
        Two::DivFloat => float!(|a, b| a / b),
        Two::MinFloat => float!(f32::min),
        Two::MaxFloat => float!(f32::max),
        Two::LessFloat => bits!(|a, b| (f(a) < f(b)).into()),
        Two::AtMostFloat => bits!(|a, b| (f(a) <= f(b)).into()),
        Two::EqualFloat => bits!(|a, b| (f(a) == f(b)).into()),
        Two::AddInt => bits!(u32::wrapping_add),
        Two::SubInt => bits!(u32::wrapping_sub),
        Two::MulInt => bits!(u32::wrapping_mul),
        Two::DivInt => int!(|a, b| if b == 0 { a } else { a.wrapping_div(b) }),
        Two::RemInt => int!(|a, b| if b == 0 { 0 } else { a.wrapping_rem(b) }),
        Two::MinInt => int!(i32::min),
        Two::MaxInt => int!(i32::max),
        Two::LessInt => bits!(|a, b| (i(a) < i(b)).into()),
        Two::AtMostInt => bits!(|a, b| (i(a) <= i(b)).into()),
        Two::DivUint => bits!(|a, b| a.checked_div(b).unwrap_or(a)),
        Two::RemUint => bits!(|a, b| a.checked_rem(b).unwrap_or(0)),
        Two::LessUint => bits!(|a, b| (a < b).into()),
        Two::AtMostUint => bits!(|a, b| (a <= b).into()),
        Two::MinUint => bits!(u32::min),
        Two::MaxUint => bits!(u32::max),
        Two::EqualBits => bits!(|a, b| (a == b).into()),
        Two::DifferBits => bits!(|a, b| (a != b).into()),
        Two::And => bits!(|a, b| a & b),
        Two::Or => bits!(|a, b| a | b),
        Two::Xor => bits!(|a, b| a ^ b),
    }
}
