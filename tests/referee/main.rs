//! The referee: one reject case a rule, all small move lists against a second model, values, and random moves.

mod build;
mod random;
mod rules;
mod small;
mod values;
