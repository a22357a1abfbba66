//! Attention by its sizes, for a bound: heads, mask and grouped queries.

use super::{
    failure::Failure,
    point::{extent, mask},
};
use iobound::{
    attention::{Kept, Mask, Shape},
    certificate::Attention,
};

/// N and d are enough: self-attention, one head, no mask.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Attention by its sizes")]
pub(super) struct HeadsArgs {
    /// N: rows of Q and O
    #[arg(long, value_name = "N", value_parser = extent, requires = "d")]
    n: Option<u64>,
    /// Words in a row of Q and K
    #[arg(long, value_name = "D", value_parser = extent, requires = "n")]
    d: Option<u64>,
    /// N': rows of K and V (default N)
    #[arg(long, value_name = "N", value_parser = extent, requires = "n")]
    keys: Option<u64>,
    /// Words in a row of V and O (default d)
    #[arg(long, value_name = "D", value_parser = extent, requires = "n")]
    dv: Option<u64>,
    /// full, causal, sliding:WIDTH, or pairs:COUNT for any other mask
    #[arg(long, default_value_t, value_parser = mask, requires = "n")]
    mask: Mask,
    /// Query heads that share the keys of one (grouped queries)
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = extent, requires = "n")]
    group: u64,
    /// Batch times key heads: copies that share nothing but fast memory
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = extent, requires = "n")]
    copies: u64,
}

impl HeadsArgs {
    /// `None` if no sizes were given.
    pub(super) fn attention(&self) -> Result<Option<Attention>, Failure> {
        let (Some(n), Some(d)) = (self.n, self.d) else { return Ok(None) };
        let (keys, d_v) = (self.keys.unwrap_or(n), self.dv.unwrap_or(d));
        let shape = Shape::new(n, keys, d, d_v)?;
        let Kept { rows, keys, pairs } =
            self.mask.kept(&shape).map_err(|it| Failure::arguments(it).at("--mask"))?;
        let (rows, pairs) = rows
            .checked_mul(self.group)
            .zip(pairs.checked_mul(self.group.into()))
            .ok_or_else(|| Failure::arguments("too many rows").at("--group"))?;
        Ok(Some(Attention { rows, keys, d_k: d, d_v, pairs, copies: self.copies }))
    }
}
