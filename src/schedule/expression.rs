//! The grammar of sizes and terms.

use super::{
    draft::{Name, Place, Size, Term, Unary},
    lexer::Token,
    parser::{KEYWORDS, ParseError},
    tokens::{Parse, Parser, wrong},
};
use crate::op::{Constant, Function, Op};

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

type MakeSize = fn(Box<Size>, Box<Size>) -> Size;

impl Parser {
    pub(super) fn size(&mut self) -> Parse<Size> {
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

    pub(super) fn term(&mut self) -> Parse<Term> {
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
}
