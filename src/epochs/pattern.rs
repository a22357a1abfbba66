//! A set of entries of `QKᵀ`, as a graph.

/// A bipartite graph: its vertices are rows of Q and rows of K, its edges entries of `QKᵀ`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The vertices below are rows of Q (rows of the matrix), the others rows of K (its columns).
    n_rows: usize,
    /// By vertex, ascending: the other ends of its entries.
    ends: Vec<Vec<usize>>,
}

impl Pattern {
    /// The entries (i, j), numbered without gaps; the same entry twice counts once.
    #[must_use]
    pub fn new(mut entries: Vec<(u32, u32)>) -> Self {
        entries.sort_unstable();
        entries.dedup();
        let numbers = |of: fn(&(u32, u32)) -> u32| {
            let mut all: Vec<u32> = entries.iter().map(of).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let (rows, columns) = (numbers(|it| it.0), numbers(|it| it.1));
        let mut ends = vec![vec![]; rows.len() + columns.len()];
        for (i, j) in entries {
            let row = rows.partition_point(|it| *it < i);
            let column = rows.len() + columns.partition_point(|it| *it < j);
            ends[row].push(column);
            ends[column].push(row);
        }
        Self { n_rows: rows.len(), ends }
    }

    /// |I|.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// |J|.
    #[must_use]
    pub fn n_columns(&self) -> usize {
        self.ends.len() - self.n_rows
    }

    /// |Ω|.
    #[must_use]
    pub fn n_entries(&self) -> usize {
        self.ends[..self.n_rows].iter().map(Vec::len).sum()
    }

    pub(super) fn n_vertices(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn is_row(&self, vertex: usize) -> bool {
        vertex < self.n_rows
    }

    pub(super) fn ends(&self, vertex: usize) -> &[usize] {
        &self.ends[vertex]
    }

    /// The entries between vertices that `kept` names, numbered anew.
    pub(super) fn within(&self, kept: &[bool]) -> Self {
        let mut next = 0;
        let number = |it: &bool| {
            next += usize::from(*it);
            it.then(|| next - 1)
        };
        let numbers: Vec<Option<usize>> = kept.iter().map(number).collect();
        let ends = self.ends.iter().zip(kept).filter(|it| *it.1);
        Self {
            n_rows: numbers[..self.n_rows].iter().flatten().count(),
            ends: ends.map(|(it, _)| it.iter().filter_map(|it| numbers[*it]).collect()).collect(),
        }
    }

    /// Takes the entries away that lie between vertices of `body`; the vertices stay.
    pub(super) fn take(&mut self, body: &[bool]) {
        for (vertex, ends) in self.ends.iter_mut().enumerate() {
            ends.retain(|it| !(body[vertex] && body[*it]));
        }
    }

    /// The connected parts.
    pub(super) fn parts(&self) -> Vec<Self> {
        let mut seen = vec![false; self.ends.len()];
        let mut parts = vec![];
        for start in 0..self.ends.len() {
            if seen[start] {
                continue;
            }
            let (mut part, mut open) = (vec![false; self.ends.len()], vec![start]);
            while let Some(vertex) = open.pop() {
                if !part[vertex] {
                    (part[vertex], seen[vertex]) = (true, true);
                    open.extend(&self.ends[vertex]);
                }
            }
            parts.push(self.within(&part));
        }
        parts
    }
}
