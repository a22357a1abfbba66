//! A CDAG as `HyperdagDB` text.

use crate::cdag::{Cdag, Operands, Vertex};
use std::io::{self, Write};

/// Writes `cdag`; [`super::parse`] reads the same one, operands in the same order.
///
/// A vertex that is read has a hyperedge; all weights are 1. Producers come first among the pins,
/// then the readers in their order, each with its operands in theirs: grouped by hyperedge, as other
/// tools write them, the order of operands would be lost. The format asks for neither.
///
/// # Errors
///
/// Where it cannot be written.
pub fn write(cdag: &Cdag, mut text: impl Write) -> io::Result<()> {
    let producers: Vec<Vertex> = cdag.vertices().filter(|it| !cdag.is_output(*it)).collect();
    let mut hyperedge = vec![0; cdag.vertices().count()];
    for (id, producer) in producers.iter().enumerate() {
        hyperedge[index(*producer)] = id;
    }
    writeln!(text, "%% HyperdagDB text, written by iobound")?;
    let pins = producers.len() + cdag.n_edges();
    writeln!(text, "{} {} {pins}", producers.len(), cdag.n_vertices())?;
    writeln!(text, "% hyperedges: id comm_weight mem_weight")?;
    for id in 0..producers.len() {
        writeln!(text, "{id} 1 1")?;
    }
    writeln!(text, "% vertices: id work_weight type")?;
    for vertex in cdag.vertices() {
        writeln!(text, "{} 1 0", vertex.0)?;
    }
    writeln!(text, "% pins: hyperedge vertex")?;
    for (id, producer) in producers.iter().enumerate() {
        writeln!(text, "{id} {}", producer.0)?;
    }
    for reader in cdag.vertices() {
        for operand in cdag.operands(reader) {
            writeln!(text, "{} {}", hyperedge[index(*operand)], reader.0)?;
        }
    }
    text.flush()
}

fn index(vertex: Vertex) -> usize {
    usize::try_from(vertex.0).expect("a vertex of an explicit CDAG")
}
