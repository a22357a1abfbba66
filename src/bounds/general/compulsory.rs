//! `compulsory`: inputs that are read, outputs that are computed.

use super::Maker;
use crate::cdag::{Cdag, Operands};
use crate::certificate::Evidence;
use crate::model::Recompute;

pub(super) const MAKER: Maker = Maker {
    id: "compulsory",
    recompute: Recompute::Allowed,
    make: |cdag, _, _| Ok((words(cdag), Evidence::None)),
};

/// One word for each vertex that is input or output but not both.
pub(super) fn words(cdag: &Cdag) -> u64 {
    let ends = cdag.vertices().filter(|&it| cdag.is_input(it) != cdag.is_output(it));
    ends.map(|_| 1).sum()
}
