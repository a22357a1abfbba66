//! The general bounds: what the checker accepts is below the optimum, whoever made it.
#![expect(clippy::unwrap_used, reason = "tests")]

mod below;
mod forged;
mod oracle;
mod proofs;
mod random;

use iobound::cdag::{Cdag, Operands};
use iobound::model::{Machine, Partial, Recompute, Words};

/// The two smallest machines that `cdag` runs on, both variants: with more, little is left to say.
pub(crate) fn machines(cdag: &Cdag) -> Vec<Machine> {
    let degree = |v| {
        let mut operands = cdag.operands(v).to_vec();
        operands.sort_unstable();
        operands.dedup();
        u64::try_from(operands.len()).unwrap()
    };
    let least = cdag.vertices().map(degree).max().unwrap_or(0) + 1;
    let one = |fast, recompute| Machine { fast: Words(fast), recompute, partial: Partial::Off };
    let both = |fast| [one(fast, Recompute::Allowed), one(fast, Recompute::Forbidden)];
    (least.max(2)..=cdag.n_vertices().clamp(least.max(2), least + 1)).flat_map(both).collect()
}
