//! naga's IR to [`Code`].

use super::{
    super::{DeviceError, Module},
    code::{Code, Column, Function, One, Pointer, Program, Two},
};
use naga::{
    AtomicFunction, BinaryOperator, Block, BuiltIn, Expression, Handle, Literal, MathFunction,
    ScalarKind, Statement, TypeInner, UnaryOperator, valid::FunctionInfo,
};

type Compiled<T> = Result<T, DeviceError>;

fn unknown<T>(what: impl std::fmt::Debug) -> Compiled<T> {
    Err(DeviceError::Unknown(format!("{what:?}")))
}

/// Resolves everything that can be before it runs.
pub(super) fn compile(module: &Module) -> Compiled<Program> {
    let naga = &module.naga;
    let [entry] = naga.entry_points.as_slice() else {
        return unknown("a module without one entry point");
    };
    let mut functions = vec![];
    for (handle, function) in naga.functions.iter() {
        functions.push(Compiler::new(module, function, &module.info[handle]).function()?);
    }
    let info = module.info.get_entry_point(0);
    let mut compiler = Compiler::new(module, &entry.function, info);
    let main = compiler.function()?;
    functions.push(main);
    let [x, 1, 1] = entry.workgroup_size else { return unknown(entry.workgroup_size) };
    let Compiler { lane, group, .. } = compiler;
    Ok(Program { functions, lane, group, width: x as usize })
}

struct Compiler<'a> {
    module: &'a Module,
    function: &'a naga::Function,
    info: &'a FunctionInfo,
    lane: Option<Column>,
    group: Option<Column>,
    /// Indices that are constants, each in a column behind those of the expressions.
    fixed: Vec<u32>,
}

impl<'a> Compiler<'a> {
    fn new(module: &'a Module, function: &'a naga::Function, info: &'a FunctionInfo) -> Self {
        Self { module, function, info, lane: None, group: None, fixed: vec![] }
    }

    fn function(&mut self) -> Compiled<Function> {
        let function = self.function;
        let mut made = Function {
            columns: function.expressions.len(),
            arguments: vec![None; function.arguments.len()],
            ..Function::default()
        };
        for (_, local) in function.local_variables.iter() {
            let first = local.init.map_or(Ok(0), |it| self.constant(it, &function.expressions));
            made.locals.push(first?);
        }
        for (handle, expression) in function.expressions.iter() {
            match expression {
                Expression::Literal(_) | Expression::Constant(_) | Expression::ZeroValue(_) => {
                    if let Ok(value) = self.constant(handle, &function.expressions) {
                        made.constants.push((handle.index(), value));
                    }
                }
                Expression::FunctionArgument(at) => self.argument(handle, *at, &mut made),
                Expression::AccessIndex { base, index: 0 } if self.is_group(*base) => {
                    self.group = Some(handle.index());
                }
                _ => {}
            }
        }
        made.body = self.block(&function.body)?;
        let fixed = self.fixed.iter().zip(made.columns..);
        made.constants.extend(fixed.map(|(index, column)| (column, *index)));
        made.columns += self.fixed.len();
        Ok(made)
    }

    fn argument(&mut self, handle: Handle<Expression>, at: u32, made: &mut Function) {
        made.arguments[at as usize] = Some(handle.index());
        let binding = &self.function.arguments[at as usize].binding;
        if matches!(binding, Some(naga::Binding::BuiltIn(BuiltIn::LocalInvocationIndex))) {
            self.lane = Some(handle.index());
        }
    }

    fn is_group(&self, base: Handle<Expression>) -> bool {
        let Expression::FunctionArgument(at) = self.function.expressions[base] else {
            return false;
        };
        let binding = &self.function.arguments[at as usize].binding;
        matches!(binding, Some(naga::Binding::BuiltIn(BuiltIn::WorkGroupId)))
    }

    fn constant(
        &self,
        handle: Handle<Expression>,
        arena: &naga::Arena<Expression>,
    ) -> Compiled<u32> {
        match &arena[handle] {
            Expression::Literal(Literal::F32(it)) => Ok(it.to_bits()),
            Expression::Literal(Literal::U32(it)) => Ok(*it),
            Expression::Literal(Literal::I32(it)) => Ok(it.cast_unsigned()),
            Expression::Literal(Literal::Bool(it)) => Ok((*it).into()),
            Expression::Constant(it) => {
                let naga = &self.module.naga;
                self.constant(naga.constants[*it].init, &naga.global_expressions)
            }
            Expression::ZeroValue(_) => Ok(0),
            it => unknown(it),
        }
    }

    fn kind(&self, handle: Handle<Expression>) -> Compiled<ScalarKind> {
        match self.info[handle].ty.inner_with(&self.module.naga.types) {
            TypeInner::Scalar(it) if it.width == 4 || it.kind == ScalarKind::Bool => Ok(it.kind),
            it => unknown(it),
        }
    }

    fn block(&mut self, block: &Block) -> Compiled<Vec<Code>> {
        let mut code = vec![];
        for statement in block.iter() {
            self.statement(statement, &mut code)?;
        }
        Ok(code)
    }

    fn statement(&mut self, statement: &Statement, code: &mut Vec<Code>) -> Compiled<()> {
        match statement {
            Statement::Emit(range) => {
                for handle in range.clone() {
                    code.extend(self.expression(handle)?);
                }
            }
            Statement::Block(it) => code.extend(self.block(it)?),
            Statement::If { condition, accept, reject } => {
                let (accept, reject) = (self.block(accept)?, self.block(reject)?);
                code.push(Code::If { condition: condition.index(), accept, reject });
            }
            Statement::Loop { body, continuing, break_if } => {
                let (body, continuing) = (self.block(body)?, self.block(continuing)?);
                code.push(Code::Loop { body, continuing, break_if: break_if.map(Handle::index) });
            }
            Statement::Break => code.push(Code::Break),
            Statement::Continue => code.push(Code::Continue),
            Statement::Return { value } => code.push(Code::Return(value.map(Handle::index))),
            Statement::ControlBarrier(_) => code.push(Code::Barrier),
            Statement::Store { pointer, value } => {
                let to = self.pointer(*pointer)?;
                code.push(Code::Store { to, value: value.index() });
            }
            Statement::Atomic { pointer, fun: AtomicFunction::Add, value, result } => {
                let (to, old) = (self.pointer(*pointer)?, result.map(Handle::index));
                code.push(Code::AtomicAdd { to, value: value.index(), old });
            }
            Statement::Call { function, arguments, result } => code.push(Code::Call {
                function: function.index(),
                arguments: arguments.iter().map(|it| it.index()).collect(),
                out: result.map(Handle::index),
            }),
            it => return unknown(it),
        }
        Ok(())
    }

    /// Pointers cost nothing until they are used.
    fn expression(&mut self, handle: Handle<Expression>) -> Compiled<Option<Code>> {
        let out = handle.index();
        Ok(Some(match &self.function.expressions[handle] {
            Expression::Access { .. } | Expression::AccessIndex { .. } => return Ok(None),
            Expression::Load { pointer } => Code::Load { from: self.pointer(*pointer)?, out },
            Expression::Unary { op, expr } => {
                let op = match (op, self.kind(*expr)?) {
                    (UnaryOperator::Negate, ScalarKind::Float) => One::NegateFloat,
                    (UnaryOperator::Negate, _) => One::NegateInt,
                    (UnaryOperator::LogicalNot, _) => One::Not,
                    (UnaryOperator::BitwiseNot, _) => One::Complement,
                };
                Code::One { op, a: expr.index(), out }
            }
            Expression::Binary { op, left, right } => {
                let (left, right) = (*left, *right);
                let (op, swapped) = binary(*op, self.kind(left)?)?;
                let (a, b) = if swapped { (right, left) } else { (left, right) };
                Code::Two { op, a: a.index(), b: b.index(), out }
            }
            Expression::Select { condition, accept, reject } => Code::Select {
                condition: condition.index(),
                accept: accept.index(),
                reject: reject.index(),
                out,
            },
            Expression::Math { fun, arg, arg1, .. } => self.math(*fun, *arg, *arg1, out)?,
            Expression::As { expr, kind, convert } => {
                let from = self.kind(*expr)?;
                let op = match (from, kind, convert) {
                    (_, _, None) => One::Same,
                    (ScalarKind::Sint, ScalarKind::Float, _) => One::FloatFromInt,
                    (ScalarKind::Uint | ScalarKind::Bool, ScalarKind::Float, _) => {
                        One::FloatFromUint
                    }
                    (ScalarKind::Float, ScalarKind::Sint, _) => One::IntFromFloat,
                    (ScalarKind::Float, ScalarKind::Uint, _) => One::UintFromFloat,
                    (_, ScalarKind::Sint | ScalarKind::Uint, _) => One::Same,
                    (a, b, _) if a == *b => One::Same,
                    it => return unknown(it),
                };
                Code::One { op, a: expr.index(), out }
            }
            it => return unknown(it),
        }))
    }

    fn math(
        &self,
        fun: MathFunction,
        arg: Handle<Expression>,
        arg1: Option<Handle<Expression>>,
        out: Column,
    ) -> Compiled<Code> {
        let a = arg.index();
        let one = |op| Ok(Code::One { op, a, out });
        let two = |op| match arg1 {
            Some(b) => Ok(Code::Two { op, a, b: b.index(), out }),
            None => unknown(fun),
        };
        match (fun, self.kind(arg)?) {
            (MathFunction::Exp, _) => one(One::Exp),
            (MathFunction::Log, _) => one(One::Log),
            (MathFunction::Sqrt, _) => one(One::Sqrt),
            (MathFunction::Tanh, _) => one(One::Tanh),
            (MathFunction::Abs, ScalarKind::Float) => one(One::AbsFloat),
            (MathFunction::Min, ScalarKind::Float) => two(Two::MinFloat),
            (MathFunction::Max, ScalarKind::Float) => two(Two::MaxFloat),
            (MathFunction::Min, ScalarKind::Sint) => two(Two::MinInt),
            (MathFunction::Max, ScalarKind::Sint) => two(Two::MaxInt),
            (MathFunction::Min, ScalarKind::Uint) => two(Two::MinUint),
            (MathFunction::Max, ScalarKind::Uint) => two(Two::MaxUint),
            it => unknown(it),
        }
    }

    fn pointer(&mut self, handle: Handle<Expression>) -> Compiled<Pointer> {
        let expressions = &self.function.expressions;
        match &expressions[handle] {
            Expression::LocalVariable(it) => Ok(Pointer::Local(it.index())),
            Expression::GlobalVariable(it) => Ok(Pointer::Word(it.index())),
            Expression::Access { base, index } => match &expressions[*base] {
                Expression::GlobalVariable(it) => {
                    Ok(Pointer::Element { global: it.index(), index: index.index() })
                }
                it => unknown(it),
            },
            Expression::AccessIndex { base, index } => match &expressions[*base] {
                Expression::GlobalVariable(it) => {
                    self.fixed.push(*index);
                    let index = expressions.len() + self.fixed.len() - 1;
                    Ok(Pointer::Element { global: it.index(), index })
                }
                it => unknown(it),
            },
            it => unknown(it),
        }
    }
}

/// The operation, and whether its operands change places.
fn binary(op: BinaryOperator, kind: ScalarKind) -> Compiled<(Two, bool)> {
    use BinaryOperator as Op;
    use ScalarKind::{Bool, Float, Sint, Uint};
    Ok(match (op, kind) {
        (Op::Add, Float) => (Two::AddFloat, false),
        (Op::Subtract, Float) => (Two::SubFloat, false),
        (Op::Multiply, Float) => (Two::MulFloat, false),
        (Op::Divide, Float) => (Two::DivFloat, false),
        (Op::Equal, Float) => (Two::EqualFloat, false),
        (Op::Less, Float) => (Two::LessFloat, false),
        (Op::LessEqual, Float) => (Two::AtMostFloat, false),
        (Op::Greater, Float) => (Two::LessFloat, true),
        (Op::GreaterEqual, Float) => (Two::AtMostFloat, true),
        (Op::Add, Sint | Uint) => (Two::AddInt, false),
        (Op::Subtract, Sint | Uint) => (Two::SubInt, false),
        (Op::Multiply, Sint | Uint) => (Two::MulInt, false),
        (Op::Divide, Sint) => (Two::DivInt, false),
        (Op::Modulo, Sint) => (Two::RemInt, false),
        (Op::Divide, Uint) => (Two::DivUint, false),
        (Op::Modulo, Uint) => (Two::RemUint, false),
        (Op::Less, Sint) => (Two::LessInt, false),
        (Op::LessEqual, Sint) => (Two::AtMostInt, false),
        (Op::Greater, Sint) => (Two::LessInt, true),
        (Op::GreaterEqual, Sint) => (Two::AtMostInt, true),
        (Op::Less, Uint) => (Two::LessUint, false),
        (Op::LessEqual, Uint) => (Two::AtMostUint, false),
        (Op::Greater, Uint) => (Two::LessUint, true),
        (Op::GreaterEqual, Uint) => (Two::AtMostUint, true),
        (Op::Equal, Sint | Uint | Bool) => (Two::EqualBits, false),
        (Op::NotEqual, Sint | Uint | Bool) => (Two::DifferBits, false),
        (Op::And | Op::LogicalAnd, Sint | Uint | Bool) => (Two::And, false),
        (Op::InclusiveOr | Op::LogicalOr, Sint | Uint | Bool) => (Two::Or, false),
        (Op::ExclusiveOr, Sint | Uint | Bool) => (Two::Xor, false),
        it => return unknown(it),
    })
}
