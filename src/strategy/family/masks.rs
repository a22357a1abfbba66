//! Masks, and shapes that are not square.

use super::{Default, Member, SELF, entry};
use crate::attention::{Mask, Shape, variant::Scores};

pub(super) const MEMBERS: &[Member] = &[
    entry!(
        "cross",
        "N queries against P keys, rows of V and O of another length than those of Q and K",
        "Vaswani et al. 2017, section 3.2.3; schedule of Dao 2023, Algorithm 1",
        SELF,
        |it| it.masked(Mask::Full)
    ),
    entry!(
        "causal",
        "a query sees the keys up to its own; blocks behind the diagonal are not visited",
        "Dao 2023 (FlashAttention-2), section 3.1.1",
        SELF,
        |it| it.masked(Mask::Causal)
    ),
    entry!(
        "sliding",
        "a query sees W keys, its own the last",
        "Child et al. 2019; Beltagy et al. 2020 (Longformer); Jiang et al. 2023 (Mistral 7B)",
        SELF,
        |it| it.masked(Mask::Sliding(it.of("W")))
    ),
    entry!(
        "prefix",
        "F keys that every query sees, then a causal mask",
        "Dong et al. 2019 (UniLM); Raffel et al. 2020 (T5), section 3.2",
        SELF,
        |it| it.masked(Mask::Prefix(it.of("F")))
    ),
    entry!(
        "documents",
        "documents of L tokens, the last of what is left, each by itself",
        "packed sequences: Krell et al. 2021; ragged lengths: --pattern",
        &[("dv", Default::As("d"))],
        |it| {
            let shape = Shape::new(it.of("N"), it.of("N"), it.of("d"), it.of("dv"))?;
            it.head(shape, Mask::Documents(it.of("L")), Scores::Plain)
        }
    ),
];
