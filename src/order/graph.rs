//! A CDAG as walks need it: small numbers, each operand once.

use super::OrderError;
use crate::{
    cdag::{Cdag, Operands, Vertex},
    model::Words,
};
use std::sync::Arc;

/// Operands without repeats, one after the other; shared by all schedules of a search.
#[derive(Clone, Debug)]
pub(super) struct Graph<'a> {
    pub(super) cdag: &'a Cdag,
    lists: Arc<Lists>,
}

#[derive(Debug)]
struct Lists {
    /// Where the operands of a vertex start; one more at the end.
    starts: Vec<usize>,
    operands: Vec<u32>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(cdag: &'a Cdag, fast: Words) -> Result<Self, OrderError> {
        let (mut starts, mut operands) = (vec![0], vec![]);
        let mut most = (0, Vertex(0));
        let mut read_by = vec![None; cdag.topological().len()];
        for vertex in cdag.vertices() {
            let start = operands.len();
            for it in cdag.operands(vertex) {
                let it = u32::try_from(it.0).expect("at most 2^24 vertices");
                if read_by[it as usize].replace(vertex) != Some(vertex) {
                    operands.push(it);
                }
            }
            let degree = (operands.len() - start) as u64;
            most = if degree > most.0 { (degree, vertex) } else { most };
            starts.push(operands.len());
        }
        let least = Words(most.0 + 1);
        if most.0 > 0 && fast < least {
            return Err(OrderError::TooSmall { vertex: most.1, fast, least });
        }
        Ok(Self { cdag, lists: Arc::new(Lists { starts, operands }) })
    }

    pub(super) fn n_vertices(&self) -> usize {
        self.lists.starts.len() - 1
    }

    pub(super) fn n_slots(&self) -> usize {
        self.lists.operands.len()
    }

    /// What `vertex` reads, and the number of the first of these slots.
    pub(super) fn operands(&self, vertex: u32) -> (&[u32], usize) {
        let vertex = vertex as usize;
        let (start, end) = (self.lists.starts[vertex], self.lists.starts[vertex + 1]);
        (&self.lists.operands[start..end], start)
    }

    pub(super) fn is_input(&self, vertex: u32) -> bool {
        self.operands(vertex).0.is_empty()
    }

    /// The vertices of `order` that are computed, if they are all of them, each after what it reads.
    pub(super) fn order(&self, order: &[Vertex]) -> Result<Vec<u32>, OrderError> {
        let mut done = vec![false; self.n_vertices()];
        let mut computed = vec![];
        for &vertex in order {
            let known = u32::try_from(vertex.0).ok().filter(|it| (*it as usize) < done.len());
            let it = known.ok_or(OrderError::Unknown(vertex))?;
            if std::mem::replace(&mut done[it as usize], true) {
                return Err(OrderError::Repeated(vertex));
            }
            let (operands, _) = self.operands(it);
            if operands.is_empty() {
                continue;
            }
            let early = |it: &&u32| !done[**it as usize] && !self.is_input(**it);
            if let Some(&operand) = operands.iter().find(early) {
                let operand = Vertex(u64::from(operand));
                return Err(OrderError::Early { vertex, operand });
            }
            computed.push(it);
        }
        let missing = |it: &Vertex| {
            let it = u32::try_from(it.0).expect("at most 2^24 vertices");
            !done[it as usize] && !self.is_input(it)
        };
        match self.cdag.vertices().find(missing) {
            Some(it) => Err(OrderError::Missing(it)),
            None => Ok(computed),
        }
    }
}
