//! The one way a schedule text looks: `iobound fmt`. `parse ∘ print` is the identity on drafts.

use super::{
    draft::{
        Action, Array, Assign, Block, Comments, Condition, Declaration, Draft, Fill, Left, Loop,
        Name, Order, Role, Size, Slice, Statement, Term, Unary,
    },
    expression::function_name,
    parser::FIRST_LINE,
};
use crate::op::{Constant, Op};
use std::fmt::{self, Display, Formatter, Write};

impl Display for Draft {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        for header in &self.headers {
            line(f, 0, &header.comments, &header.declaration.to_string())?;
        }
        if !self.headers.is_empty() && !self.body.statements.is_empty() {
            writeln!(f)?;
        }
        block(f, 0, &self.body)
    }
}

/// A line with the comments that belong to it.
fn line(f: &mut Formatter<'_>, depth: usize, comments: &Comments, text: &str) -> fmt::Result {
    above(f, depth, &comments.above)?;
    write!(f, "{:1$}{text}", "", 2 * depth)?;
    match &comments.behind {
        Some(it) => writeln!(f, "  {}", comment(it)),
        None => writeln!(f),
    }
}

fn above(f: &mut Formatter<'_>, depth: usize, comments: &[String]) -> fmt::Result {
    comments.iter().try_for_each(|it| writeln!(f, "{:1$}{2}", "", 2 * depth, comment(it)))
}

fn comment(text: &str) -> String {
    if text.is_empty() { "#".to_owned() } else { format!("# {text}") }
}

fn block(f: &mut Formatter<'_>, depth: usize, block: &Block) -> fmt::Result {
    for statement in &block.statements {
        line(f, depth, &statement.comments, &statement.first_line())?;
        if let Action::For(it) = &statement.action {
            self::block(f, depth + 1, &it.body)?;
            writeln!(f, "{:1$}}}", "", 2 * depth)?;
        }
    }
    above(f, depth, &block.end)
}

impl Statement {
    /// The statement as one line; of a loop, its head.
    #[must_use]
    pub fn first_line(&self) -> String {
        self.action.to_string()
    }
}

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Display for Action {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::For(it) => write!(f, "{it}"),
            Self::Load { fast, slow, slices } => write!(f, "load {fast} = {slow}{};", list(slices)),
            Self::Store { slow, slices, fast } => {
                write!(f, "store {slow}{} = {fast};", list(slices))
            }
            Self::Assign(it) => write!(f, "{it};"),
            Self::Free(names) => write!(f, "free {};", commas(names)),
        }
    }
}

impl Display for Loop {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { par, start, len, lo, hi, step, .. } = self;
        let par = if *par { "par " } else { "" };
        let len = len.as_ref().map(|it| format!(", {it}")).unwrap_or_default();
        write!(f, "{par}for {start}{len} in {lo}..{hi} by {step} {{")
    }
}

impl Display for Assign {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let fill = match self.fill {
            Fill::Set => "=",
            Fill::Sum => "+=",
            Fill::Max => "max=",
        };
        write!(f, "{}{} {fill} {}", self.target, list(&self.left), self.right)?;
        for (i, it) in self.conditions.iter().enumerate() {
            write!(f, " {} {it}", if i == 0 { "where" } else { "and" })?;
        }
        Ok(())
    }
}

impl Display for Left {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.extent {
            Some(it) => write!(f, "{}:{it}", self.index),
            None => write!(f, "{}", self.index),
        }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let order = match self.order {
            Order::Less => "<",
            Order::AtMost => "<=",
            Order::Equal => "==",
            Order::AtLeast => ">=",
            Order::More => ">",
        };
        write!(f, "{} {order} {}", self.left, self.right)
    }
}

impl Display for Slice {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => write!(f, ".."),
            Self::At(it) => write!(f, "{it}"),
            Self::Range(a, b) => write!(f, "{a}..{b}"),
        }
    }
}

impl Display for Declaration {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Param(names) => write!(f, "param {};", commas(names)),
            Self::Tile(names) => write!(f, "tile {};", commas(names)),
            Self::Scale(name) => write!(f, "const scale = 1/sqrt({name});"),
            Self::Arrays(role, arrays) => {
                let role = match role {
                    Role::In => "in",
                    Role::Out => "out",
                    Role::Scratch => "scratch",
                };
                write!(f, "{role} {};", commas(arrays))
            }
        }
    }
}

impl Display for Array {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if let Some(dims) = &self.dims {
            write!(f, "[{}]", dims.iter().map(Size::to_string).collect::<Vec<_>>().join(","))?;
        }
        if self.weight == 1 { Ok(()) } else { write!(f, " : {}", self.weight) }
    }
}

/// `[a, b]`; nothing for an array without dimensions.
fn list(items: &[impl Display]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let items: Vec<_> = items.iter().map(ToString::to_string).collect();
    let blank = if items.iter().any(|it| it.contains("..")) { ", " } else { "," };
    format!("[{}]", items.join(blank))
}

fn commas(items: &[impl Display]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Display for Size {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        size(f, self, 0)
    }
}

/// `level` is how tightly the surroundings bind: 0 not, 1 a sum's right side, 2 a product.
fn size(f: &mut Formatter<'_>, it: &Size, level: u8) -> fmt::Result {
    let (own, a, sign, b) = match it {
        Size::Int(it) => return write!(f, "{it}"),
        Size::Name(it) => return write!(f, "{it}"),
        Size::Ceil(a, b) => return write!(f, "ceil({a}/{b})"),
        Size::Floor(a, b) => return write!(f, "floor({a}/{b})"),
        Size::Min(a, b) => return write!(f, "min({a}, {b})"),
        Size::Max(a, b) => return write!(f, "max({a}, {b})"),
        Size::Add(a, b) => (0, a, '+', b),
        Size::Sub(a, b) => (0, a, '-', b),
        Size::Mul(a, b) => (2, a, '*', b),
    };
    let parens = own < level;
    if parens {
        f.write_char('(')?;
    }
    size(f, a, own)?;
    f.write_char(sign)?;
    size(f, b, own + 1)?;
    if parens { f.write_char(')') } else { Ok(()) }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        term(f, self, 0)
    }
}

/// `level`: 0 free, 1 right of a sum, 2 in a product, 3 right of a product or under a minus.
fn term(f: &mut Formatter<'_>, it: &Term, level: u8) -> fmt::Result {
    let (own, a, sign, b) = match it {
        Term::Constant { value, .. } => return write!(f, "{}", constant(*value)),
        Term::Read { array, index } => return write!(f, "{array}{}", list(index)),
        Term::Unary(Unary::Call(it), a) => return write!(f, "{}({a})", function_name(*it)),
        Term::Unary(Unary::Negate, a) => {
            f.write_char('-')?;
            return match **a {
                // `-3` and `-inf` would read back as constants.
                Term::Constant { .. } => write!(f, "({a})"),
                _ => term(f, a, 3),
            };
        }
        Term::Binary(Op::Max, a, b) => return write!(f, "max({a}, {b})"),
        Term::Binary(op, a, b) => match op {
            Op::Sub => (0, a, " - ", b),
            Op::Mul => (2, a, " * ", b),
            Op::Div => (2, a, " / ", b),
            _ => (0, a, " + ", b),
        },
    };
    let parens = own < level;
    if parens {
        f.write_char('(')?;
    }
    term(f, a, own)?;
    f.write_str(sign)?;
    term(f, b, own + 1)?;
    if parens { f.write_char(')') } else { Ok(()) }
}

fn constant(it: Constant) -> String {
    match it {
        Constant::Int(it) => it.to_string(),
        Constant::NegInf => "-inf".to_owned(),
        Constant::Scale => "scale".to_owned(),
    }
}
