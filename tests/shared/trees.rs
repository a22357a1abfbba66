//! Vertices by what they compute.

use iobound::cdag::Vertex;
use std::collections::HashMap;

/// Numbers computations: two vertices get the same number if they are the same operation tree over
/// the same inputs.
#[derive(Default)]
pub(crate) struct Trees(HashMap<Vec<usize>, usize>);

impl Trees {
    fn number(&mut self, operands: Vec<usize>) -> usize {
        let next = self.0.len();
        *self.0.entry(operands).or_insert(next)
    }

    /// The numbers of all vertices, which read `operands`.
    pub(crate) fn of(&mut self, operands: &[Vec<Vertex>]) -> Vec<usize> {
        let mut numbers: Vec<usize> = vec![];
        for (id, operands) in operands.iter().enumerate() {
            // An input is the tree of its own name.
            let key = match operands.as_slice() {
                [] => vec![usize::MAX, id],
                it => it.iter().map(|it| numbers[usize::try_from(it.0).unwrap()]).collect(),
            };
            numbers.push(self.number(key));
        }
        numbers
    }
}
