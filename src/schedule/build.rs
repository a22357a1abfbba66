//! Schedules from Rust, without a text.
//!
//! [`Build`] takes names, sizes, slices and assignments as the short strings of the language, reads
//! each line by the grammar, and makes the [`Draft`] that the text would have made: the checks are the
//! same afterwards. Places are those of the printed draft.
//!
//! ```
//! use iobound::schedule::{Draft, build::Build};
//!
//! let flash2 = Build::new()
//!     .param("N").param("d").tile("Br").tile("Bc")
//!     .input("Q", ["N", "d"]).input("K", ["N", "d"]).input("V", ["N", "d"])
//!     .output("O", ["N", "d"])
//!     .par_for("i", "br", "0", "N", "Br", |b| {
//!         b.load("q", "Q", ["i..i+br", ".."])
//!             .assign("m[r:br] = -inf").assign("l[r:br] = 0").assign("o[r:br,e:d] = 0")
//!             .tile_for("j", "bc", "0", "N", "Bc", |b| {
//!                 b.load("k", "K", ["j..j+bc", ".."]).load("v", "V", ["j..j+bc", ".."])
//!                     .assign("s[r,c] += q[r,e] * k[c,e]")
//!                     .assign("t[r] max= s[r,c]")
//!                     .assign("t[r] = max(m[r], t[r])")
//!                     .assign("m[r] = exp(m[r] - t[r])")
//!                     .assign("s[r,c] = exp(s[r,c] - t[r])")
//!                     .assign("l[r] = l[r] * m[r]")
//!                     .assign("l[r] += s[r,c]")
//!                     .assign("o[r,e] = o[r,e] * m[r]")
//!                     .assign("o[r,e] += s[r,c] * v[c,e]")
//!                     .assign("m[r] = t[r]")
//!                     .free(["k", "v", "s", "t"])
//!             })
//!             .assign("o[r,e] = o[r,e] / l[r]")
//!             .store("O", ["i..i+br", ".."], "o")
//!             .free(["q", "m", "l", "o"])
//!     })
//!     .draft()?;
//!
//! let text = include_str!("../../traces/flash2.sched");
//! let same = |it: &Draft| it.to_string().lines().filter(|it| !it.starts_with('#'))
//!     .map(|it| it.split("  #").next().unwrap_or("").to_owned()).collect::<Vec<_>>();
//! let mut parsed = same(&Draft::parse(text)?);
//! // One declaration a line here, several there.
//! assert_eq!(same(&flash2)[9..], parsed.split_off(5));
//! flash2.check()?;
//! # Ok::<(), iobound::schedule::TextError>(())
//! ```

use super::{
    draft::{Action, Block, Draft},
    parser::{FIRST_LINE, ParseError},
};
use std::fmt::Display;

/// A draft in the making; the first line that is not in the grammar is kept for the end.
#[derive(Clone, Debug, Default)]
pub struct Build {
    draft: Draft,
    error: Option<ParseError>,
}

impl Build {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The draft.
    ///
    /// # Errors
    ///
    /// The first [`ParseError`]; its place is inside the line that the call stands for.
    pub fn draft(self) -> Result<Draft, ParseError> {
        // Read back for its places, and for what no line alone shows: how deep the loops go.
        self.error.map_or_else(|| Draft::parse(&self.draft.to_string()), Err)
    }

    /// `param name;`
    #[must_use]
    pub fn param(self, name: &str) -> Self {
        self.header(&format!("param {name}"))
    }

    /// `tile name;`
    #[must_use]
    pub fn tile(self, name: &str) -> Self {
        self.header(&format!("tile {name}"))
    }

    /// `const scale = 1/sqrt(name);`
    #[must_use]
    pub fn scale(self, name: &str) -> Self {
        self.header(&format!("const scale = 1/sqrt({name})"))
    }

    /// `in name[dims];`
    #[must_use]
    pub fn input<const N: usize>(self, name: &str, dims: [&str; N]) -> Self {
        self.header(&format!("in {name}{}", list(dims)))
    }

    /// `out name[dims];`
    #[must_use]
    pub fn output<const N: usize>(self, name: &str, dims: [&str; N]) -> Self {
        self.header(&format!("out {name}{}", list(dims)))
    }

    /// `scratch name[dims];`
    #[must_use]
    pub fn scratch<const N: usize>(self, name: &str, dims: [&str; N]) -> Self {
        self.header(&format!("scratch {name}{}", list(dims)))
    }

    /// One declaration as a text without its semicolon: `scratch acc : 2`.
    #[must_use]
    pub fn header(mut self, text: &str) -> Self {
        match one(format!("{text};"), "one declaration", |it| &mut it.headers) {
            Ok(it) => self.draft.headers.push(it),
            Err(it) => _ = self.error.get_or_insert(it),
        }
        self
    }

    /// `for start, len in lo..hi by step { body }`; an empty `len` is none.
    #[must_use]
    pub fn tile_for(
        self,
        start: &str,
        len: &str,
        lo: &str,
        hi: &str,
        step: &str,
        body: impl FnOnce(Self) -> Self,
    ) -> Self {
        let comma = if len.is_empty() { "" } else { ", " };
        let head = format!("for {start}{comma}{len} in {lo}..{hi} by {step}");
        self.tile_loop(&head, body)
    }

    /// As [`Self::tile_for`]; iterations touch no common written address.
    #[must_use]
    pub fn par_for(
        self,
        start: &str,
        len: &str,
        lo: &str,
        hi: &str,
        step: &str,
        body: impl FnOnce(Self) -> Self,
    ) -> Self {
        let comma = if len.is_empty() { "" } else { ", " };
        let head = format!("par for {start}{comma}{len} in {lo}..{hi} by {step}");
        self.tile_loop(&head, body)
    }

    /// `load fast = slow[slices];`
    #[must_use]
    pub fn load<const N: usize>(self, fast: &str, slow: &str, slices: [&str; N]) -> Self {
        self.assign(&format!("load {fast} = {slow}{}", list(slices)))
    }

    /// `store slow[slices] = fast;`
    #[must_use]
    pub fn store<const N: usize>(self, slow: &str, slices: [&str; N], fast: &str) -> Self {
        self.assign(&format!("store {slow}{} = {fast}", list(slices)))
    }

    /// `free names;`
    #[must_use]
    pub fn free<const N: usize>(self, names: [&str; N]) -> Self {
        self.assign(&format!("free {}", names.join(", ")))
    }

    /// `s[r,c] += q[r,e]*k[c,e] where …`, or any other statement of one line, without its semicolon.
    #[must_use]
    pub fn assign(self, text: &str) -> Self {
        self.statement(format!("{text};"), None)
    }

    fn tile_loop(mut self, head: &str, body: impl FnOnce(Self) -> Self) -> Self {
        let Self { draft, error } = body(Self::new());
        let declared = draft.headers.first().map(|it| {
            ParseError::new(it.at, "a statement in a loop", &format!("`{}`", it.declaration))
        });
        self.error = self.error.or(error).or(declared);
        self.statement(format!("{head} {{}}"), Some(draft.body))
    }

    fn statement(mut self, text: String, body: Option<Block>) -> Self {
        match one(text, "one statement", |it| &mut it.body.statements) {
            Ok(mut it) => {
                if let (Action::For(it), Some(body)) = (&mut it.action, body) {
                    it.body = body;
                }
                self.draft.body.statements.push(it);
            }
            Err(it) => _ = self.error.get_or_insert(it),
        }
        self
    }
}

/// `[a, b]`; nothing for an array without dimensions.
fn list<const N: usize>(items: [impl Display; N]) -> String {
    let items: Vec<_> = items.iter().map(ToString::to_string).collect();
    if N == 0 { String::new() } else { format!("[{}]", items.join(", ")) }
}

/// The only thing that `text` says.
fn one<T>(
    text: String,
    expected: &str,
    part: fn(&mut Draft) -> &mut Vec<T>,
) -> Result<T, ParseError> {
    let parsed = Draft::parse(&format!("{FIRST_LINE}\n{text}")).and_then(|mut draft| {
        let n = draft.headers.len() + draft.body.statements.len();
        let it = part(&mut draft).pop().filter(|_| n == 1);
        it.ok_or_else(|| ParseError::new(Default::default(), expected, &format!("`{text}`")))
    });
    parsed.map_err(|mut it| {
        it.at.line = 1;
        it
    })
}
