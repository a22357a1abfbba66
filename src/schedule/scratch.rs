//! The scratch rule: how many words one element of an assignment needs while it is computed.
//!
//! Strict game: every operation puts its result beside its operands. An expression is evaluated left
//! to right, operands before operations; an intermediate result is freed by the operation that reads
//! it; the old word of an element updated in place is freed by the last operation that reads it, and
//! beforehand if none does. A sum starts with its first term; later terms cost an addition beside
//! the old sum. One plain word alone is copied; two plain words that start a sum are added at once.

use super::{
    draft::Fill,
    program::{Assign, Fast, Term},
};

/// Reductions of this many terms and more need the same scratch.
pub const STEADY: usize = 3;

/// Most words in use for one element, its old and its new word included, when `terms` terms are
/// reduced into it (1 for a plain `=`).
#[must_use]
pub fn element_peak(assign: &Assign, terms: usize) -> u64 {
    let mut held = Held::default();
    match assign.fill {
        Fill::Set => {
            let reads = count_reads(&assign.right, assign.target);
            let mut old = Old { array: assign.target, left: reads };
            held.add(u64::from(!assign.birth && reads > 0));
            held.top(&assign.right, &mut old);
        }
        Fill::Sum | Fill::Max => held.reduce(assign, terms.min(STEADY)),
    }
    held.peak
}

/// Operations computed for one element when `terms` terms are reduced into it (1 for a plain `=`).
#[must_use]
pub fn element_computes(assign: &Assign, terms: usize) -> i128 {
    let each = operations(&assign.right);
    match (assign.fill, terms) {
        // A word alone is copied, be it the only term of a new sum.
        (Fill::Set, _) => each.max(1),
        (_, 0) => i128::from(assign.birth),
        (_, 1) if assign.birth => each.max(1),
        (_, terms) => (0..terms).map(|_| each + 1).sum::<i128>() - i128::from(assign.birth),
    }
}

/// Inner nodes and constants that stand alone: each is a vertex.
fn operations(term: &Term) -> i128 {
    match term {
        Term::Constant(_) => 1,
        Term::Read(_) => 0,
        Term::Apply(_, terms) => 1 + terms.iter().map(operations).sum::<i128>(),
    }
}

/// How often `term` reads `array`.
#[must_use]
pub fn count_reads(term: &Term, array: Fast) -> usize {
    match term {
        Term::Constant(_) => 0,
        Term::Read(it) => usize::from(it.array == array),
        Term::Apply(_, terms) => terms.iter().map(|it| count_reads(it, array)).sum(),
    }
}

/// The old word of the element, and how many reads of it are still to come.
struct Old {
    array: Fast,
    left: usize,
}

#[derive(Default)]
struct Held {
    now: u64,
    peak: u64,
}

impl Held {
    fn add(&mut self, words: u64) {
        self.now += words;
        self.peak = self.peak.max(self.now);
    }

    /// Evaluates a whole right side into a word of its own.
    fn top(&mut self, term: &Term, old: &mut Old) {
        match term {
            Term::Apply(..) => {
                self.term(term, old);
            }
            Term::Constant(_) => self.add(1),
            Term::Read(it) => {
                self.add(1);
                self.now -= u64::from(it.array == old.array);
            }
        }
    }

    /// Evaluates `term`; the words that its reader frees afterwards.
    fn term(&mut self, term: &Term, old: &mut Old) -> u64 {
        match term {
            Term::Constant(_) => {
                self.add(1);
                1
            }
            Term::Read(it) if it.array == old.array && old.left > 0 => {
                old.left -= 1;
                u64::from(old.left == 0)
            }
            Term::Read(_) => 0,
            Term::Apply(_, operands) => {
                let freed: u64 = operands.iter().map(|it| self.term(it, old)).sum();
                self.add(1);
                self.now -= freed;
                1
            }
        }
    }

    fn reduce(&mut self, assign: &Assign, terms: usize) {
        let plain = matches!(assign.right, Term::Read(_));
        // The term of a reduction never reads its target.
        let mut old = Old { array: assign.target, left: 0 };
        self.add(u64::from(!assign.birth));
        for i in 0..terms {
            let first = assign.birth && i == 0;
            match (first, plain) {
                (true, true) => self.add(u64::from(terms == 1)),
                (true, false) => self.top(&assign.right, &mut old),
                (false, true) => {
                    self.add(1);
                    self.now = 1;
                }
                (false, false) => {
                    self.top(&assign.right, &mut old);
                    self.add(1);
                    self.now = 1;
                }
            }
        }
        if assign.birth && terms == 0 {
            self.add(1);
        }
    }
}
