//! Terms as WGSL's f32 expressions.

use crate::{
    op::{Constant, Function, Op},
    schedule::program::Term,
};

/// `term`, its reads being `reads` from left to right.
pub(super) fn term(it: &Term, reads: &mut impl Iterator<Item = String>) -> String {
    match it {
        Term::Constant(it) => constant(*it),
        Term::Read(_) => reads.next().unwrap_or_default(),
        Term::Apply(op, terms) => {
            let operands: Vec<String> = terms.iter().map(|it| term(it, reads)).collect();
            apply(*op, &operands)
        }
    }
}

fn apply(op: Op, operands: &[String]) -> String {
    let joined = |sign: &str| format!("({})", operands.join(sign));
    let called = |name: &str| format!("{name}({})", operands.join(", "));
    match op {
        Op::Opaque | Op::Copy => operands.concat(),
        Op::Constant(it) => constant(it),
        Op::Negate => format!("(-{})", operands.concat()),
        Op::Times(it) => format!("({} * {})", constant(it), operands.concat()),
        Op::Call(Function::Relu) => format!("max({}, 0.0)", operands.concat()),
        Op::Call(it) => called(function(it)),
        Op::Add => joined(" + "),
        Op::Sub => joined(" - "),
        Op::Mul => joined(" * "),
        Op::Div => joined(" / "),
        Op::Max => called("max"),
    }
}

pub(super) fn constant(constant: Constant) -> String {
    match constant {
        Constant::Int(it) => format!("f32({it}.0)"),
        Constant::NegInf => "LOWEST".to_owned(),
        Constant::Scale => "SCALE".to_owned(),
    }
}

fn function(function: Function) -> &'static str {
    match function {
        Function::Exp => "exp",
        Function::Log => "log",
        Function::Sqrt => "sqrt",
        Function::Tanh => "tanh",
        Function::Relu => "max",
        Function::Gelu => "gelu",
    }
}
