//! The grammar of `traces/README.md`, by recursive descent: header lines and statements.

use super::{
    draft::{
        Action, Array, Assign, Block, Comments, Condition, Declaration, Draft, Fill, Header, Left,
        Loop, Order, Place, Role, Slice, Statement,
    },
    lexer::{Token, tokens},
    tokens::{Parse, Parser, wrong},
};

/// The first line of every text.
pub(super) const FIRST_LINE: &str = "iobound-schedule 1";

/// Bytes of a text, at most: 2²⁰. The largest that ships has 3 thousand.
pub const MAX_TEXT: usize = 1 << 20;

/// Names that the language keeps for itself.
pub const KEYWORDS: &[&str] = &[
    "param", "tile", "const", "in", "out", "scratch", "par", "for", "by", "load", "store", "free",
    "where", "and", "min", "max", "ceil", "floor", "inf", "scale", "exp", "log", "sqrt", "tanh",
    "relu", "gelu",
];

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
        if text.len() > MAX_TEXT {
            let at = Place { line: 1, column: 1 };
            let (most, found) = (format!("at most {MAX_TEXT} bytes"), text.len().to_string());
            return Err(ParseError::new(at, &most, &found));
        }
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
}
