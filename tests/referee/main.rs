//! The referee: one reject case a rule, all small move lists against a second model, and values.

mod build;
mod rules;
mod small;
mod values;
