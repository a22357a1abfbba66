//! What a bound says about a member of the attention family: the sizes that its theorems know.

use crate::{
    attention::{
        Gradient, Kept, NoMask, Task,
        variant::{Keys, Scores},
    },
    bounds::{self, OutOfRange},
    certificate::{Attention, Pass},
    model::{Recompute, Words},
};
use num_bigint::BigUint;

/// Why no bound is set against a task.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotJudged {
    /// The theorems do not speak about it.
    #[error("{0}")]
    Outside(&'static str),
    /// The mask and the sizes do not go together.
    #[error(transparent)]
    Mask(#[from] NoMask),
    /// M is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
}

/// The pass, and the attention of `proofs/CLASS.md` or of `proofs/backward/README.md` that `task` is: rows,
/// keys and pairs that the mask keeps, and copies that share nothing.
///
/// # Errors
///
/// [`NotJudged`], with the reason.
pub fn claim(task: &Task) -> Result<(Pass, Attention), NotJudged> {
    let outside = |why| Err(NotJudged::Outside(why));
    let it = match task {
        Task::Forward(it) => it,
        Task::Composed(_) => {
            return outside("heads meet at each pair; the bounds are about heads by themselves");
        }
        Task::Bilevel(_) => {
            return outside(
                "rows inside a cluster are no outputs, another layer reads them; the bounds are about \
                 attention whose rows are stored",
            );
        }
        Task::Linear(_) => {
            return outside("no pair has an exponential; the bounds are about attention that has");
        }
        Task::Backward(Gradient { shape, .. }) => {
            let (rows, keys, pairs) = (shape.n(), shape.keys(), shape.pairs());
            let (d_k, d_v) = (shape.d(), shape.d_v());
            return Ok((Pass::Backward, Attention { rows, keys, d_k, d_v, pairs, copies: 1 }));
        }
    };
    let forward = |it| Ok((Pass::Forward, it));
    if it.scores == Scores::Rotary {
        return outside("a turned key is computed; the bounds are about keys that are inputs");
    }
    let Kept { rows, keys, pairs } = it.kept()?;
    let shape = it.shape;
    let (d_k, d_v) = (shape.d(), shape.d_v());
    let all = u64::saturating_mul;
    match it.keys {
        _ if pairs == 0 => outside("the mask keeps no pair"),
        Keys::Shared => {
            outside("keys and values are the same words; the bounds are about different ones")
        }
        // One problem: the rows of all sequences meet the prefix, and each its own keys.
        Keys::CommonPrefix(first) => forward(Attention {
            rows: all(it.batch, rows),
            keys: all(it.batch, keys - first).saturating_add(first),
            d_k,
            d_v,
            pairs: pairs * u128::from(it.batch),
            copies: 1,
        }),
        Keys::Own | Keys::Paged { .. } => {
            forward(Attention { rows, keys, d_k, d_v, pairs, copies: all(it.batch, it.kv_heads) })
        }
    }
}

/// The theorem with the largest bound on `copies` of `task` that share nothing, for M = `fast`, and its
/// value in words.
///
/// It holds for schedules of the class; of the forward pass for those that compute each product once,
/// of the backward pass for all, as two passes compute scores twice. That a schedule is one of these is a
/// matter of its own.
///
/// # Errors
///
/// [`NotJudged`], with the reason.
pub fn bound_of(
    task: &Task,
    copies: u64,
    fast: Words,
) -> Result<(&'static str, BigUint), NotJudged> {
    let (pass, one) = claim(task)?;
    let recompute = match pass {
        Pass::Forward => Recompute::Forbidden,
        Pass::Backward => Recompute::Allowed,
    };
    let all = Attention { copies: one.copies.saturating_mul(copies), ..one };
    let bound = bounds::best_for(pass, &all, fast, recompute)?;
    let bound = bound.ok_or(NotJudged::Outside("a size is beyond what the bounds know"))?;
    Ok((bound.id(), bound.value().clone()))
}
