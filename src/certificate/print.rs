//! Writing a certificate, one field a line.

use super::{Attention, Certificate, Evidence, Problem};
use crate::cdag::Vertex;
use crate::model::{Partial, Recompute};
use std::fmt;

impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claim = &self.claim;
        writeln!(f, "iobound-certificate 1")?;
        match &claim.problem {
            Problem::Inline(operands) => {
                writeln!(f, "problem inline {}", operands.len())?;
                operands.iter().try_for_each(|it| vertices(f, "reads", it))?;
            }
            Problem::Digest(digest) => writeln!(f, "problem digest {digest}")?,
            Problem::File { name, digest } => writeln!(f, "problem file {name} {digest}")?,
            Problem::Attention(it) => sizes(f, "attention", it)?,
            Problem::Backward(it) => sizes(f, "attention-backward", it)?,
        }
        let machine = &claim.machine;
        writeln!(f, "fast {}", machine.fast)?;
        writeln!(f, "recompute {}", recompute(machine.recompute))?;
        writeln!(f, "partial {}", partial(machine.partial))?;
        writeln!(f, "bound {}", claim.bound)?;
        writeln!(f, "value {}", claim.value)?;
        match &self.evidence {
            Evidence::None => writeln!(f, "evidence none")?,
            Evidence::Segment(length) => writeln!(f, "evidence segment {length}")?,
            Evidence::Wavefronts(fronts) => {
                writeln!(f, "evidence wavefronts {}", fronts.len())?;
                for it in fronts {
                    writeln!(f, "wavefront {} {}", it.at.0, it.paths.len())?;
                    it.paths.iter().try_for_each(|it| vertices(f, "path", it))?;
                }
            }
        }
        writeln!(f, "end")
    }
}

fn sizes(f: &mut fmt::Formatter<'_>, name: &str, it: &Attention) -> fmt::Result {
    let Attention { rows, keys, d_k, d_v, pairs, copies } = it;
    writeln!(f, "problem {name} {rows} {keys} {d_k} {d_v} {pairs} {copies}")
}

fn recompute(it: Recompute) -> &'static str {
    match it {
        Recompute::Allowed => "allowed",
        Recompute::Forbidden => "forbidden",
    }
}

fn partial(it: Partial) -> &'static str {
    match it {
        Partial::Off => "off",
        Partial::On => "on",
    }
}

fn vertices(f: &mut fmt::Formatter<'_>, field: &str, list: &[Vertex]) -> fmt::Result {
    f.write_str(field)?;
    list.iter().try_for_each(|it| write!(f, " {}", it.0))?;
    writeln!(f)
}
