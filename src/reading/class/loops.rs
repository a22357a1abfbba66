//! Loops: what holds before each of their iterations, and what all of them touch.

use super::{
    cover::tile,
    facts::Facts,
    reader::{Done, Reader, Slice, Stop},
    tag::{Rules, Tag},
};
use crate::schedule::{
    poly::Poly,
    program::{Fast, Loop, Node, Step, Subscript, Term},
};

impl Reader<'_> {
    /// Finds what holds before each iteration and goes on with what holds after the last.
    pub(super) fn tile_loop(&mut self, it: &Loop) -> Result<(), Stop> {
        let Ok(next) = Poly::slot(it.start).add(&tile(it)) else {
            return Err(Stop(self.line, "a size is too large"));
        };
        let (mark, blamed, slices) = (self.done.len(), self.fault, self.slices.len());
        self.slices.extend(self.sliced(it));
        let sliced: Vec<Fast> = self.slices[slices..].iter().map(|it| it.array).collect();
        let around = self.facts.clone();
        self.facts.enter(it);
        let before = self.fast.clone();
        let mut head = before.clone();
        let after = loop {
            self.done.truncate(mark);
            self.fault = blamed;
            self.fast.clone_from(&head);
            self.block(&it.body)?;
            let mut after = std::mem::take(&mut self.fast);
            let mut holds = true;
            for (fast, (head, after)) in head.iter_mut().zip(&mut after).enumerate() {
                let (Some(head), Some(after)) = (head, after) else { continue };
                after.tag = after.tag.replace(it.len, &tile(it));
                let expected = head.tag.replace(it.start, &next);
                if !sliced.contains(&Fast(fast))
                    && !self.rules(&[]).within(&after.tag, &expected)
                    && let Some(before) = &before[fast]
                {
                    holds = false;
                    head.tag = self.weaker(it, &around, &before.tag, &head.tag, &after.tag);
                }
            }
            if holds {
                break after;
            }
        };
        self.facts = around;
        self.slices.truncate(slices);
        self.fast = head;
        for (fast, after) in after.into_iter().enumerate() {
            let Some(array) = &mut self.fast[fast] else { continue };
            array.tag = match after {
                Some(own) if sliced.contains(&Fast(fast)) => {
                    own.tag.without(it.start).without(it.len)
                }
                _ => array.tag.replace(it.start, &it.hi).without(it.len),
            };
        }
        for Done { line, what, places } in self.done.split_off(mark) {
            match places.over(it, &self.facts) {
                Some(places) => self.done.push(Done { line, what, places }),
                None => {
                    self.line = line;
                    self.blame("which places the loops around it reach is not understood");
                }
            }
        }
        Ok(())
    }

    /// What holds before each iteration, if `head` does not hold after the first: a guess, if `head`
    /// is what is `before` the loop, or else less than `head`. Before the loop it holds in any case.
    fn weaker(&self, it: &Loop, around: &Facts, before: &Tag, head: &Tag, after: &Tag) -> Tag {
        let rules = self.rules(&[]);
        let holds = |head: &Tag| {
            let rules = Rules { facts: around, ..self.rules(&[]) };
            rules.within(before, &head.replace(it.start, &it.lo))
        };
        let guess = || rules.guess(before, after, &it.lo, &Poly::slot(it.start));
        let less = rules.join(head, after).without(it.start).without(it.len);
        let guess = (head == before).then(guess).flatten();
        guess.into_iter().chain([less]).find(holds).unwrap_or(Tag::Other)
    }

    /// Arrays that the loop changes, and touches only at its own place of one dimension.
    fn sliced(&self, it: &Loop) -> Vec<Slice> {
        if it.step.as_int() != Some(1) || it.lo != Poly::int(0) {
            return vec![];
        }
        let mut touched = vec![];
        touches(&it.body, &mut touched);
        let own =
            |at: &Subscript| matches!(at, Subscript::Place(p) if p.as_slot() == Some(it.start));
        let slice = |array: usize| {
            let shape = &self.fast[array].as_ref()?.shape;
            let of = || touched.iter().filter(|it| it.array.0 == array);
            let dim = (0..shape.len()).find(|dim| {
                shape[*dim] == it.hi && of().all(|it| it.at.is_some_and(|at| own(&at[*dim])))
            })?;
            of().any(|it| it.written).then_some(Slice { array: Fast(array), dim, start: it.start })
        };
        (0..self.fast.len()).filter_map(slice).collect()
    }
}

/// An access to a fast array: the whole, or an element.
struct Touch<'a> {
    array: Fast,
    at: Option<&'a [Subscript]>,
    written: bool,
}

fn touches<'a>(nodes: &'a [Node], touched: &mut Vec<Touch<'a>>) {
    fn reads<'a>(it: &'a Term, touched: &mut Vec<Touch<'a>>) {
        match it {
            Term::Constant(_) => {}
            Term::Read(it) => {
                let at = Some(it.subscripts.as_slice());
                touched.push(Touch { array: it.array, at, written: false });
            }
            Term::Apply(_, terms) => terms.iter().for_each(|it| reads(it, touched)),
        }
    }
    for node in nodes {
        match &node.step {
            Step::Loop(it) => touches(&it.body, touched),
            Step::Load { fast: array, .. } | Step::Store { fast: array, .. } => {
                touched.push(Touch { array: *array, at: None, written: false });
            }
            Step::Assign(it) => {
                let at = Some(it.subscripts.as_slice());
                touched.push(Touch { array: it.target, at, written: true });
                reads(&it.right, touched);
            }
            Step::Free(_) => {}
        }
    }
}
