//! What a command says, kept until it is over.
//!
//! Kept, so that a reader who hangs up changes neither the exit status nor, on stdout, the one JSON
//! document into half of one.

use super::{Status, failure::Failure};
use serde::{Serialize, Serializer, ser::SerializeMap};
use std::{
    fmt::{Display, Write as _},
    io::{self, Write},
};

/// Text or one JSON document, for stdout.
#[derive(Debug)]
pub(super) struct Output {
    json: bool,
    quiet: bool,
    text: String,
}

impl Output {
    pub(super) fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet, text: String::new() }
    }

    /// Is nothing to be said on stderr but what went wrong?
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// On stderr, now: what one should know while it runs.
    pub(super) fn note(&self, text: impl Display) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "note: {text}"); // or nobody reads it
        }
    }

    /// Is one JSON document wanted instead of text?
    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// A line of text.
    pub(super) fn line(&mut self, text: impl Display) {
        writeln!(self.text, "{text}").expect("a string takes everything");
    }

    /// Text that ends its own lines.
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A text for another program; in JSON the value of `key`.
    pub(super) fn script(&mut self, key: &str, text: &str) {
        if self.json {
            self.document(&serde_json::json!({ key: text }));
        } else {
            self.text(text);
        }
    }

    /// The JSON document.
    pub(super) fn document(&mut self, document: &impl Serialize) {
        self.text = serde_json::to_string(document).expect("plain data, with strings for keys");
        self.text.push('\n');
    }

    /// Says on stderr what went wrong, and in the JSON document.
    pub(super) fn fail(&mut self, failure: &Failure) -> Status {
        say(failure);
        if self.json {
            self.error(failure);
        }
        failure.status()
    }

    /// The JSON document of a failure.
    pub(super) fn error(&mut self, failure: &Failure) {
        #[derive(Serialize)]
        struct Document<'a> {
            error: &'a Failure,
        }
        self.document(&Document { error: failure });
    }

    /// Prints everything; the status is `status` unless stdout cannot take it.
    pub(super) fn print(self, status: Status) -> Status {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(self.text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(it) if it.kind() != io::ErrorKind::BrokenPipe => {
                say(format_args!("cannot write to stdout: {it}"));
                Status::Unjudged
            }
            _ => status,
        }
    }
}

/// A message on stderr.
pub(super) fn say(message: impl Display) {
    let _ = writeln!(io::stderr(), "error: {message}"); // where else could one complain?
}

/// Names and values as a JSON object, in their order.
#[derive(Debug)]
pub(super) struct Object<'a, T>(pub(super) &'a [(String, T)]);

impl<T: Serialize> Serialize for Object<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
