//! The class of a schedule, as text and as JSON.

use iobound::{observe, reading};
use serde::Serialize;
use std::fmt;

/// Is the schedule in the class of CDAGs that the bounds are about, and does it compute again?
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Said {
    /// `each product once`, `each product at least once` or `unknown`; `null` if nobody looked.
    class: Option<&'static str>,
    /// Why it is not known.
    class_reason: Option<String>,
}

const ONCE: &str = "each product once";
const AGAIN: &str = "each product at least once";

impl Said {
    pub(super) fn unknown(why: impl ToString) -> Self {
        Self { class: Some("unknown"), class_reason: Some(why.to_string()) }
    }

    /// Is each product known to be computed once?
    pub(super) fn is_once(&self) -> bool {
        self.class == Some(ONCE)
    }

    fn known(class: &'static str) -> Self {
        Self { class: Some(class), class_reason: None }
    }
}

/// What the text tells.
impl From<&reading::Class> for Said {
    fn from(it: &reading::Class) -> Self {
        match it {
            reading::Class::EachOnce => Self::known(ONCE),
            reading::Class::AtLeastOnce => Self::known(AGAIN),
            reading::Class::Unknown { line, why } => {
                Self::unknown(format_args!("line {line}: {why}"))
            }
        }
    }
}

/// What the moves tell.
impl From<observe::Class> for Said {
    fn from(it: observe::Class) -> Self {
        match it {
            observe::Class::Member { recomputed: 0 } => Self::known(ONCE),
            observe::Class::Member { .. } => Self::known(AGAIN),
            observe::Class::Unknown(why) => Self::unknown(why),
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.class, &self.class_reason) {
            (Some(class), None) => write!(f, "class: {class}"),
            (Some(class), Some(why)) => write!(f, "class: {class}: {why}"),
            (None, _) => f.write_str("class: not looked at"),
        }
    }
}
