//! What every rule of the grammar leans on: the next token, lists, comments, limits.

use super::{
    draft::{Name, Place},
    lexer::Token,
    parser::{KEYWORDS, ParseError},
};

/// Deepest nesting of loops or parentheses; a text that goes deeper is refused, not recursed into.
const MAX_DEPTH: usize = 64;

/// Most operations of one statement, so that trees are no deeper than what can be recursed into.
const MAX_OPERATIONS: usize = 256;

/// Tokens, and how far they are read.
pub(super) struct Parser {
    pub(super) tokens: Vec<(Token, Place)>,
    pub(super) next: usize,
    pub(super) depth: usize,
    /// Of the statement at hand.
    pub(super) operations: usize,
}

pub(super) type Parse<T> = Result<T, ParseError>;

impl Parser {
    /// Runs `rule` one level deeper, unless that is too deep.
    pub(super) fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
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
    pub(super) fn operation(&mut self) -> Parse<()> {
        if self.operations == MAX_OPERATIONS {
            let expected = format!("at most {MAX_OPERATIONS} operations in a statement");
            return Err(ParseError::new(self.at(), &expected, "one more"));
        }
        self.operations += 1;
        self.advance();
        Ok(())
    }

    pub(super) fn list<T>(&mut self, rule: fn(&mut Self) -> Parse<T>) -> Parse<Vec<T>> {
        let mut items = vec![rule(self)?];
        while self.take(",") {
            items.push(rule(self)?);
        }
        Ok(items)
    }

    /// A list and `]`; the `[` is behind us.
    pub(super) fn bracket<T>(&mut self, rule: fn(&mut Self) -> Parse<T>) -> Parse<Vec<T>> {
        let items = self.list(rule)?;
        self.sign("]")?;
        Ok(items)
    }

    pub(super) fn name(&mut self) -> Parse<Name> {
        match self.advance() {
            (Token::Word(text), at) if !KEYWORDS.contains(&text.as_str()) => Ok(Name { text, at }),
            (Token::Word(it), at) => {
                Err(ParseError::new(at, "a name", &format!("the keyword `{it}`")))
            }
            (found, at) => Err(wrong(at, "a name", &found)),
        }
    }

    pub(super) fn int(&mut self) -> Parse<u64> {
        match self.advance() {
            (Token::Int(it), _) => Ok(it),
            (found, at) => Err(wrong(at, "an integer", &found)),
        }
    }

    pub(super) fn sign(&mut self, sign: &'static str) -> Parse<()> {
        if self.take(sign) {
            return Ok(());
        }
        Err(wrong(self.at(), &format!("`{sign}`"), self.peek()))
    }

    pub(super) fn word(&mut self, word: &str) -> Parse<()> {
        if self.take_word(word) {
            return Ok(());
        }
        Err(wrong(self.at(), &format!("`{word}`"), self.peek()))
    }

    pub(super) fn take(&mut self, sign: &'static str) -> bool {
        let taken = *self.peek() == Token::Sign(sign);
        if taken {
            self.advance();
        }
        taken
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let taken = matches!(self.peek(), Token::Word(it) if it == word);
        if taken {
            self.advance();
        }
        taken
    }

    /// Comments from here to the next token.
    pub(super) fn comments(&mut self) -> Vec<String> {
        let mut comments = vec![];
        while let (Token::Comment(it), _) = &self.tokens[self.next] {
            comments.push(it.clone());
            self.next += 1;
        }
        comments
    }

    /// A comment on the line of the token just read.
    pub(super) fn behind(&mut self) -> Option<String> {
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
    pub(super) fn ahead(&self) -> usize {
        let comment = |it: &&(Token, Place)| matches!(it.0, Token::Comment(_));
        self.next + self.tokens[self.next..].iter().take_while(comment).count()
    }

    pub(super) fn peek(&self) -> &Token {
        &self.tokens[self.ahead()].0
    }

    pub(super) fn at(&self) -> Place {
        self.tokens[self.ahead()].1
    }

    /// The next token; comments inside a statement are dropped. Never moves past the end.
    pub(super) fn advance(&mut self) -> (Token, Place) {
        let at = self.ahead();
        self.next = (at + 1).min(self.tokens.len() - 1);
        self.tokens[at].clone()
    }
}

pub(super) fn wrong(at: Place, expected: &str, found: &Token) -> ParseError {
    ParseError::new(at, expected, &found.to_string())
}
