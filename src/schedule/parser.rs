//! The grammar of `traces/README.md`, by recursive descent.

use super::{
    draft::{
        Action, Array, Assign, Block, Comments, Condition, Declaration, Draft, Fill, Header, Left,
        Loop, Name, Order, Place, Role, Size, Slice, Statement, Term, Unary,
    },
    lexer::{Token, tokens},
};
use crate::op::{Constant, Function, Op};

/// The first line of every text.
pub(super) const FIRST_LINE: &str = "iobound-schedule 1";

/// Names that the language keeps for itself.
pub const KEYWORDS: &[&str] = &[
    "param", "tile", "const", "in", "out", "scratch", "par", "for", "by", "load", "store", "free",
    "where", "and", "min", "max", "ceil", "floor", "inf", "scale", "exp", "log", "sqrt", "tanh",
    "relu", "gelu",
];

const FUNCTIONS: &[(&str, Function)] = &[
    ("exp", Function::Exp),
    ("log", Function::Log),
    ("sqrt", Function::Sqrt),
    ("tanh", Function::Tanh),
    ("relu", Function::Relu),
    ("gelu", Function::Gelu),
];

/// The name a text calls `function` by.
#[must_use]
pub(super) fn function_name(function: Function) -> &'static str {
    FUNCTIONS.iter().find(|it| it.1 == function).map_or("exp", |it| it.0)
}

/// Deepest nesting of loops or parentheses; a text that goes deeper is refused, not recursed into.
const MAX_DEPTH: usize = 64;

/// Most operations of one statement, so that trees are no deeper than what can be recursed into.
const MAX_OPERATIONS: usize = 256;

/// The text is not in the grammar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: expected {expected}, found {found}")]
pub struct ParseError {
    /// Where.
    pub at: Place,
    /// What would have been right.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl ParseError {
    pub(super) fn new(at: Place, expected: &str, found: &str) -> Self {
        Self { at, expected: expected.to_owned(), found: found.to_owned() }
    }
}

impl Draft {
    /// Reads a schedule text.
    ///
    /// # Errors
    ///
    /// [`ParseError`] with line, column, what was expected and what stands there.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        if first.trim_end() != FIRST_LINE {
            let found = format!("{:?}", first.chars().take(40).collect::<String>());
            let at = Place { line: 1, column: 1 };
            return Err(ParseError::new(at, &format!("the first line `{FIRST_LINE}`"), &found));
        }
        let tokens = tokens(rest, 2)?;
        Parser { tokens, next: 0, depth: 0, operations: 0 }.draft()
    }
}

struct Parser {
    tokens: Vec<(Token, Place)>,
    next: usize,
    depth: usize,
    /// Of the statement at hand.
    operations: usize,
}

type Parse<T> = Result<T, ParseError>;

type MakeSize = fn(Box<Size>, Box<Size>) -> Size;

impl Parser {
    fn draft(mut self) -> Parse<Draft> {
        let mut headers = vec![];
        loop {
            let above = self.comments();
            let at = self.at();
            let Some(declaration) = self.declaration()? else {
                let body = self.block(above, &Token::End)?;
                return Ok(Draft { headers, body });
            };
            let comments = Comments { above, behind: self.behind() };
            headers.push(Header { at, comments, declaration });
        }
    }

    fn declaration(&mut self) -> Parse<Option<Declaration>> {
        self.operations = 0;
        let Token::Word(word) = self.peek() else { return Ok(None) };
        let role = match word.as_str() {
            "param" | "tile" | "const" => None,
            "in" => Some(Role::In),
            "out" => Some(Role::Out),
            "scratch" => Some(Role::Scratch),
            _ => return Ok(None),
        };
        let word = word.clone();
        self.advance();
        let declaration = match (word.as_str(), role) {
            (_, Some(role)) => Declaration::Arrays(role, self.list(Self::array)?),
            ("param", _) => Declaration::Param(self.list(Self::name)?),
            ("tile", _) => Declaration::Tile(self.list(Self::name)?),
            _ => {
                self.word("scale")?;
                self.sign("=")?;
                match self.advance() {
                    (Token::Int(1), _) => {}
                    (found, at) => return Err(wrong(at, "`1/sqrt(…)`", &found)),
                }
                self.sign("/")?;
                self.word("sqrt")?;
                self.sign("(")?;
                let name = self.name()?;
                self.sign(")")?;
                Declaration::Scale(name)
            }
        };
        self.sign(";")?;
        Ok(Some(declaration))
    }

    fn array(&mut self) -> Parse<Array> {
        let name = self.name()?;
        let dims = if self.take("[") { Some(self.bracket(Self::size)?) } else { None };
        let weight = if self.take(":") { self.int()? } else { 1 };
        Ok(Array { name, dims, weight })
    }

    /// Statements up to `end`, which is consumed; `above` stands before the first.
    fn block(&mut self, mut above: Vec<String>, end: &Token) -> Parse<Block> {
        let mut statements = vec![];
        loop {
            if self.peek() == end {
                self.advance();
                return Ok(Block { statements, end: above });
            }
            let at = self.at();
            let mut comments = Comments { above, behind: None };
            let action = self.action(&mut comments)?;
            if comments.behind.is_none() {
                comments.behind = self.behind();
            }
            statements.push(Statement { at, comments, action });
            above = self.comments();
        }
    }

    fn action(&mut self, comments: &mut Comments) -> Parse<Action> {
        self.operations = 0;
        let (token, at) = (self.peek().clone(), self.at());
        let Token::Word(word) = &token else {
            return Err(wrong(at, "a statement (for, load, store, free or an assignment)", &token));
        };
        let action = match word.as_str() {
            "par" | "for" => return self.nested(|it| it.tile_loop(comments)).map(Action::For),
            "load" => {
                self.advance();
                let fast = self.name()?;
                self.sign("=")?;
                let slow = self.name()?;
                Action::Load { fast, slow, slices: self.slices()? }
            }
            "store" => {
                self.advance();
                let slow = self.name()?;
                let slices = self.slices()?;
                self.sign("=")?;
                Action::Store { slow, slices, fast: self.name()? }
            }
            "free" => {
                self.advance();
                Action::Free(self.list(Self::name)?)
            }
            it if KEYWORDS.contains(&it) => {
                return Err(wrong(at, "a statement; declarations stand before it", &token));
            }
            _ => Action::Assign(self.assign()?),
        };
        self.sign(";")?;
        Ok(action)
    }

    fn tile_loop(&mut self, comments: &mut Comments) -> Parse<Loop> {
        let par = self.take_word("par");
        self.word("for")?;
        let start = self.name()?;
        let len = if self.take(",") { Some(self.name()?) } else { None };
        self.word("in")?;
        let lo = self.size()?;
        self.sign("..")?;
        let hi = self.size()?;
        self.word("by")?;
        let step = self.size()?;
        self.sign("{")?;
        comments.behind = self.behind();
        let above = self.comments();
        let body = self.block(above, &Token::Sign("}"))?;
        Ok(Loop { par, start, len, lo, hi, step, body })
    }

    fn assign(&mut self) -> Parse<Assign> {
        let target = self.name()?;
        let left = if self.take("[") { self.bracket(Self::left)? } else { vec![] };
        let fill = match self.advance() {
            (Token::Sign("="), _) => Fill::Set,
            (Token::Sign("+="), _) => Fill::Sum,
            (Token::Word(it), _) if it == "max" => {
                self.sign("=")?;
                Fill::Max
            }
            (found, at) => return Err(wrong(at, "`=`, `+=` or `max=`", &found)),
        };
        let right = self.term()?;
        let mut conditions = vec![];
        if self.take_word("where") {
            conditions.push(self.condition()?);
            while self.take_word("and") {
                conditions.push(self.condition()?);
            }
        }
        Ok(Assign { target, left, fill, right, conditions })
    }

    fn left(&mut self) -> Parse<Left> {
        let index = self.size()?;
        let extent = if self.take(":") { Some(self.size()?) } else { None };
        Ok(Left { index, extent })
    }

    fn condition(&mut self) -> Parse<Condition> {
        let left = self.size()?;
        let order = match self.advance() {
            (Token::Sign("<"), _) => Order::Less,
            (Token::Sign("<="), _) => Order::AtMost,
            (Token::Sign("=="), _) => Order::Equal,
            (Token::Sign(">="), _) => Order::AtLeast,
            (Token::Sign(">"), _) => Order::More,
            (found, at) => return Err(wrong(at, "`<`, `<=`, `==`, `>=` or `>`", &found)),
        };
        Ok(Condition { left, order, right: self.size()? })
    }

    fn slices(&mut self) -> Parse<Vec<Slice>> {
        if self.take("[") { self.bracket(Self::slice) } else { Ok(vec![]) }
    }

    fn slice(&mut self) -> Parse<Slice> {
        if self.take("..") {
            return Ok(Slice::All);
        }
        let lo = self.size()?;
        Ok(if self.take("..") { Slice::Range(lo, self.size()?) } else { Slice::At(lo) })
    }

    fn size(&mut self) -> Parse<Size> {
        let mut sum = self.size_product()?;
        loop {
            let make = match self.peek() {
                Token::Sign("+") => Size::Add,
                Token::Sign("-") => Size::Sub,
                _ => return Ok(sum),
            };
            self.operation()?;
            sum = make(Box::new(sum), Box::new(self.size_product()?));
        }
    }

    fn size_product(&mut self) -> Parse<Size> {
        let mut product = self.nested(Self::size_factor)?;
        while *self.peek() == Token::Sign("*") {
            self.operation()?;
            product = Size::Mul(Box::new(product), Box::new(self.nested(Self::size_factor)?));
        }
        Ok(product)
    }

    fn size_factor(&mut self) -> Parse<Size> {
        match self.advance() {
            (Token::Int(it), at) => self.power(it, at).map(Size::Int),
            (Token::Sign("("), _) => {
                let size = self.size()?;
                self.sign(")")?;
                Ok(size)
            }
            (Token::Word(it), at) => {
                let (make, between): (MakeSize, _) = match it.as_str() {
                    "ceil" => (Size::Ceil, "/"),
                    "floor" => (Size::Floor, "/"),
                    "min" => (Size::Min, ","),
                    "max" => (Size::Max, ","),
                    it if KEYWORDS.contains(&it) => {
                        return Err(ParseError::new(at, "a size", &format!("`{it}`")));
                    }
                    _ => return Ok(Size::Name(Name { text: it, at })),
                };
                self.sign("(")?;
                let a = self.size()?;
                self.sign(between)?;
                let b = self.size()?;
                self.sign(")")?;
                Ok(make(Box::new(a), Box::new(b)))
            }
            (found, at) => Err(wrong(at, "a size", &found)),
        }
    }

    /// `2^60` after its base.
    fn power(&mut self, base: u64, at: Place) -> Parse<u64> {
        if !self.take("^") {
            return Ok(base);
        }
        let exponent = self.int()?;
        let power = u32::try_from(exponent).ok().and_then(|it| base.checked_pow(it));
        power.ok_or_else(|| {
            ParseError::new(at, "an integer below 2^64", &format!("`{base}^{exponent}`"))
        })
    }

    fn term(&mut self) -> Parse<Term> {
        let mut sum = self.product()?;
        loop {
            let op = match self.peek() {
                Token::Sign("+") => Op::Add,
                Token::Sign("-") => Op::Sub,
                _ => return Ok(sum),
            };
            self.operation()?;
            sum = Term::Binary(op, Box::new(sum), Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Parse<Term> {
        let mut product = self.nested(Self::factor)?;
        loop {
            let op = match self.peek() {
                Token::Sign("*") => Op::Mul,
                Token::Sign("/") => Op::Div,
                _ => return Ok(product),
            };
            self.operation()?;
            product = Term::Binary(op, Box::new(product), Box::new(self.nested(Self::factor)?));
        }
    }

    fn factor(&mut self) -> Parse<Term> {
        match self.advance() {
            (Token::Int(it), at) => self.constant(it, at, 1),
            (Token::Sign("-"), at) => match self.peek().clone() {
                Token::Word(it) if it == "inf" => {
                    self.advance();
                    Ok(Term::Constant { value: Constant::NegInf, at })
                }
                Token::Int(it) => {
                    self.advance();
                    self.constant(it, at, -1)
                }
                _ => Ok(Term::Unary(Unary::Negate, Box::new(self.nested(Self::factor)?))),
            },
            (Token::Sign("("), _) => {
                let term = self.term()?;
                self.sign(")")?;
                Ok(term)
            }
            (Token::Word(it), at) => self.word_factor(it, at),
            (found, at) => Err(wrong(at, "a term", &found)),
        }
    }

    fn constant(&mut self, base: u64, at: Place, sign: i64) -> Parse<Term> {
        let value = self.power(base, at)?;
        let value = i128::from(value) * i128::from(sign);
        i64::try_from(value)
            .map(|it| Term::Constant { value: Constant::Int(it), at })
            .map_err(|_| ParseError::new(at, "a constant below 2^63", &format!("`{value}`")))
    }

    fn word_factor(&mut self, word: String, at: Place) -> Parse<Term> {
        if word == "scale" {
            return Ok(Term::Constant { value: Constant::Scale, at });
        }
        if let Some((_, function)) = FUNCTIONS.iter().find(|it| it.0 == word) {
            self.sign("(")?;
            let term = self.term()?;
            self.sign(")")?;
            return Ok(Term::Unary(Unary::Call(*function), Box::new(term)));
        }
        if word == "max" {
            self.sign("(")?;
            let a = self.term()?;
            self.sign(",")?;
            let b = self.term()?;
            self.sign(")")?;
            return Ok(Term::Binary(Op::Max, Box::new(a), Box::new(b)));
        }
        if KEYWORDS.contains(&word.as_str()) {
            return Err(ParseError::new(at, "a term", &format!("`{word}`")));
        }
        let index = if self.take("[") { self.bracket(Self::size)? } else { vec![] };
        Ok(Term::Read { array: Name { text: word, at }, index })
    }

    // What every rule leans on.

    /// Runs `rule` one level deeper, unless that is too deep.
    fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth == MAX_DEPTH {
            let expected = format!("at most {MAX_DEPTH} levels of nesting");
            return Err(ParseError::new(self.at(), &expected, "one more"));
        }
        self.depth += 1;
        let result = rule(self);
        self.depth -= 1;
        result
    }

    /// Takes the sign of an operation, unless there were too many.
    fn operation(&mut self) -> Parse<()> {
        if self.operations == MAX_OPERATIONS {
            let expected = format!("at most {MAX_OPERATIONS} operations in a statement");
            return Err(ParseError::new(self.at(), &expected, "one more"));
        }
        self.operations += 1;
        self.advance();
        Ok(())
    }

    fn list<T>(&mut self, rule: fn(&mut Self) -> Parse<T>) -> Parse<Vec<T>> {
        let mut items = vec![rule(self)?];
        while self.take(",") {
            items.push(rule(self)?);
        }
        Ok(items)
    }

    /// A list and `]`; the `[` is behind us.
    fn bracket<T>(&mut self, rule: fn(&mut Self) -> Parse<T>) -> Parse<Vec<T>> {
        let items = self.list(rule)?;
        self.sign("]")?;
        Ok(items)
    }

    fn name(&mut self) -> Parse<Name> {
        match self.advance() {
            (Token::Word(text), at) if !KEYWORDS.contains(&text.as_str()) => Ok(Name { text, at }),
            (Token::Word(it), at) => {
                Err(ParseError::new(at, "a name", &format!("the keyword `{it}`")))
            }
            (found, at) => Err(wrong(at, "a name", &found)),
        }
    }

    fn int(&mut self) -> Parse<u64> {
        match self.advance() {
            (Token::Int(it), _) => Ok(it),
            (found, at) => Err(wrong(at, "an integer", &found)),
        }
    }

    fn sign(&mut self, sign: &'static str) -> Parse<()> {
        if self.take(sign) {
            return Ok(());
        }
        Err(wrong(self.at(), &format!("`{sign}`"), self.peek()))
    }

    fn word(&mut self, word: &str) -> Parse<()> {
        if self.take_word(word) {
            return Ok(());
        }
        Err(wrong(self.at(), &format!("`{word}`"), self.peek()))
    }

    fn take(&mut self, sign: &'static str) -> bool {
        let taken = *self.peek() == Token::Sign(sign);
        if taken {
            self.advance();
        }
        taken
    }

    fn take_word(&mut self, word: &str) -> bool {
        let taken = matches!(self.peek(), Token::Word(it) if it == word);
        if taken {
            self.advance();
        }
        taken
    }

    /// Comments from here to the next token.
    fn comments(&mut self) -> Vec<String> {
        let mut comments = vec![];
        while let (Token::Comment(it), _) = &self.tokens[self.next] {
            comments.push(it.clone());
            self.next += 1;
        }
        comments
    }

    /// A comment on the line of the token just read.
    fn behind(&mut self) -> Option<String> {
        let line = self.tokens[self.next.saturating_sub(1)].1.line;
        match &self.tokens[self.next] {
            (Token::Comment(it), at) if at.line == line => {
                self.next += 1;
                Some(it.clone())
            }
            _ => None,
        }
    }

    /// Index of the next token that is no comment. The last token is [`Token::End`].
    fn ahead(&self) -> usize {
        let comment = |it: &&(Token, Place)| matches!(it.0, Token::Comment(_));
        self.next + self.tokens[self.next..].iter().take_while(comment).count()
    }

    fn peek(&self) -> &Token {
        &self.tokens[self.ahead()].0
    }

    fn at(&self) -> Place {
        self.tokens[self.ahead()].1
    }

    /// The next token; comments inside a statement are dropped. Never moves past the end.
    fn advance(&mut self) -> (Token, Place) {
        let at = self.ahead();
        self.next = (at + 1).min(self.tokens.len() - 1);
        self.tokens[at].clone()
    }
}

fn wrong(at: Place, expected: &str, found: &Token) -> ParseError {
    ParseError::new(at, expected, &found.to_string())
}
