//! Who vouches for a count.

use crate::cli::failure::{Failure, Kind};
use iobound::{
    reading::{
        Count, Totals, WalkError,
        count::{LIMIT, Traffic, count},
    },
    schedule::bind::Binding,
    strategy::Schedule,
};
use serde::Serialize;

/// Who vouches for a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::cli) enum Vouched {
    /// The tile loops were walked, and the closed form, where there is one, says the same.
    Counted,
    /// The closed form alone: the walk would take too long.
    Formula,
    /// The referee saw every move.
    Replayed,
}

impl Vouched {
    pub(in crate::cli) fn words(self) -> &'static str {
        match self {
            Self::Counted => "counted: the tile loops were walked at these sizes",
            Self::Formula => "formula: the closed form alone, because the walk would be too long",
            Self::Replayed => "replayed: the referee saw every move",
        }
    }
}

/// The words of each statement, and who vouches for them.
///
/// # Errors
///
/// Where the walk and the closed form differ, which is a bug, or neither can tell.
pub(in crate::cli) fn vouch(
    schedule: &Schedule,
    binding: &Binding,
    totals: Totals,
) -> Result<(Count, Vouched), Failure> {
    match count(&schedule.program, binding, LIMIT) {
        Ok(it) if it.totals == totals => Ok((it, Vouched::Counted)),
        Ok(it) => {
            let message = format!(
                "a bug: `{}` walked says {:?}, its closed form {totals:?}",
                schedule.name, it.totals
            );
            Err(Failure::new(Kind::Disagree, message))
        }
        Err(WalkError::TooLong { .. }) if schedule.formula.is_some() => {
            let formula = schedule.formula.as_ref();
            let words = |it: i128| u128::try_from(it).unwrap_or(0);
            let mut statements = vec![];
            for (loads, stores) in formula.iter().flat_map(|it| &it.statements) {
                let eval = |it: &iobound::schedule::poly::Poly| it.eval(&binding.env).map(words);
                let traffic = eval(loads).and_then(|it| Ok((it, eval(stores)?)));
                let (loads, stores) = traffic.map_err(WalkError::TooLarge)?;
                statements.push(Traffic { loads, stores });
            }
            Ok((Count { totals, statements, computes: None }, Vouched::Formula))
        }
        Err(it) => Err(it.into()),
    }
}
