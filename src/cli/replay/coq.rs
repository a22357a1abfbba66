//! `iobound replay --write FILE.v`: a schedule as a Coq term, to be judged by `proofs/coq/`.
//!
//! What is written is the CDAG of the moves (`Table.v`) with what each vertex is said to be, the moves themselves
//! (`Played.v`), and the claims that Coq is to compute: the CDAG is in the class of the theorems, the moves are a
//! pebbling of so many words. Nothing here is trusted.

use crate::cli::{
    failure::{Failure, Kind},
    files,
};
use iobound::{
    attention::Shape,
    cdag::Vertex,
    model::Words,
    observe::{Product, Tag, Tags},
    schedule::{Move, MoveSource, Output},
};
use std::{
    convert::Infallible,
    fmt::{Display, Write as _},
    io,
    ops::ControlFlow,
    path::Path,
};

/// Coq looks at every pair of vertices: so many take it a minute.
const MOST_VERTICES: usize = 1_000;

/// A computed vertex.
struct Computed {
    operands: Vec<Vertex>,
    tag: Tag,
    /// The pair that it multiplies by a word of V.
    weighs: Option<(u32, u32)>,
}

/// Writes attention of `shape`, played by `moves` with `fast` words; `title` says what it is.
///
/// # Errors
///
/// Too many vertices, or the file cannot be written.
pub(super) fn write(
    path: &Path,
    title: &str,
    shape: &Shape,
    fast: Words,
    mut moves: impl MoveSource,
) -> Result<(), Failure> {
    let mut term = Term::new(shape)?;
    let ended = moves.emit::<Infallible>(&mut |it| {
        term.see(it);
        ControlFlow::Continue(())
    });
    ended.map_err(|it| Failure::new(Kind::Walk, it))?;
    if term.computed.len() > MOST_VERTICES {
        let message = format!(
            "{} vertices are computed; Coq is given at most {MOST_VERTICES}: take smaller N and d",
            term.computed.len()
        );
        return Err(Failure::new(Kind::Unfit, message).at("--write"));
    }
    let text = term.text(title, fast);
    files::write(path, |file| io::Write::write_all(file, text.as_bytes()))
}

struct Term<'a> {
    shape: &'a Shape,
    tags: Tags,
    computed: Vec<Computed>,
    results: Vec<Option<Vertex>>,
    moves: Vec<String>,
    words: u64,
}

impl<'a> Term<'a> {
    fn new(shape: &'a Shape) -> Result<Self, Failure> {
        let unfit = |it: &dyn Display| Failure::new(Kind::Unfit, it).at("--write");
        let tags = Tags::new(shape).map_err(|it| unfit(&it))?;
        let outputs = usize::try_from(shape.n_outputs()).map_err(|it| unfit(&it))?;
        if outputs > MOST_VERTICES {
            return Err(unfit(&"more outputs than Coq is given vertices"));
        }
        let results = vec![None; outputs];
        Ok(Self { shape, tags, computed: vec![], results, moves: vec![], words: 0 })
    }

    fn see(&mut self, it: Move<'_>) {
        let seen = self.tags.see(it);
        if self.computed.len() > MOST_VERTICES {
            return; // it will be refused
        }
        let (name, vertex) = match it {
            Move::Load(vertex) => ("Load", vertex),
            Move::Store(vertex, _) => ("Store", vertex),
            Move::Compute { vertex, .. } => ("Compute", vertex),
            Move::Free(vertex) => ("Free", vertex),
            Move::Accumulate { .. } => return, // of another game
        };
        let said = self.name(vertex);
        self.moves.push(format!("{name} ({said})"));
        match it {
            Move::Load(_) => self.words += 1,
            Move::Store(_, address) => {
                self.words += 1;
                let at = address.and_then(|Output(it)| usize::try_from(it).ok());
                if let Some(result) = at.and_then(|it| self.results.get_mut(it)) {
                    *result = Some(vertex);
                }
            }
            Move::Compute { operands, .. } => {
                let (tag, product) = seen.unwrap_or((Tag::Other, None));
                let weighs = match product {
                    Some(Product::Output { row, key, .. }) => Some((row, key)),
                    _ => None,
                };
                self.computed.push(Computed { operands: operands.to_vec(), tag, weighs });
            }
            _ => {}
        }
    }

    /// Its place among the computed vertices.
    fn place(&self, Vertex(number): Vertex) -> Option<usize> {
        let first = u64::try_from(self.shape.n_inputs()).ok()?;
        number.checked_sub(first).and_then(|it| usize::try_from(it).ok())
    }

    fn name(&self, vertex: Vertex) -> String {
        match (self.tags.tag(vertex), self.place(vertex)) {
            (_, Some(place)) => format!("Co {place}"),
            (Tag::Query { row, word }, _) => format!("Qu {row} {word}"),
            (Tag::Key { key, word }, _) => format!("Ke {key} {word}"),
            (Tag::Value { key, word }, _) => format!("Va {key} {word}"),
            _ => unreachable!("an input is a word of Q, K or V"),
        }
    }

    /// Which pair vertices lead over such to a product with V. Others are statistics' own copies, which the class
    /// leaves out (Lemma 1).
    fn led(&self) -> Vec<bool> {
        let mut led = vec![false; self.computed.len()];
        for (at, it) in self.computed.iter().enumerate().rev() {
            let pair = match it.tag {
                Tag::Pair { row, key, .. } if led[at] => Some((row, key)),
                _ => it.weighs,
            };
            for operand in it.operands.iter().filter_map(|it| self.place(*it)) {
                if let Tag::Pair { row, key, .. } = self.computed[operand].tag {
                    led[operand] |= pair == Some((row, key));
                }
            }
        }
        led
    }

    fn text(&self, title: &str, fast: Words) -> String {
        let vertex = |(it, led): (&Computed, bool)| {
            let operands: Vec<_> = it.operands.iter().map(|it| self.name(*it)).collect();
            let tag = match it.tag {
                Tag::Pair { row, key, .. } if led => format!("PairOf {row} {key}"),
                Tag::Place { row, word } => format!("PlaceOf {row} {word}"),
                _ => "Other".to_owned(),
            };
            format!("([:: {}], {tag})", operands.join("; ")).replace("[:: ]", "[::]")
        };
        let vertices = self.computed.iter().zip(self.led()).map(vertex);
        let results = self.results.iter().map(|it| {
            let place = it.and_then(|it| self.place(it)).unwrap_or(self.computed.len());
            place.to_string()
        });
        let Self { shape, words, .. } = self;
        let [rows, keys, d, d_v] = [shape.n(), shape.keys(), shape.d(), shape.d_v()];
        let mut text = format!(
            "(* {title}\n\n   Written by `iobound replay --write`. Operands and kind of each computed vertex; the \
             vertex of each output; the\n   moves; and what Coq computes of them. *)\n\n\
             From mathcomp Require Import all_ssreflect.\n\
             From IoBound Require Import Game Class Table Played.\n\n\
             Definition fast := {}.\n\nDefinition written : table := Table {rows} {keys} {d} {d_v}\n",
            fast.0
        );
        list(&mut text, vertices);
        list(&mut text, results);
        text.truncate(text.trim_end().len());
        text += ".\n\nDefinition moves : seq (move ref) :=\n";
        list(&mut text, self.moves.iter().cloned());
        text.truncate(text.trim_end().len());
        write!(
            text,
            ".

(* The CDAG is in the class of the theorems. *)
Lemma in_the_class : in_class written. Proof. by vm_compute. Qed.

Definition attention_written := table_attention in_the_class.

(* The moves are a pebbling of it that computes nothing twice. *)
Lemma played : plays written fast moves. Proof. by vm_compute. Qed.
Lemma moved : (cost moves == {words}) && computes_once moves. Proof. by vm_compute. Qed.

Theorem pebbling_written : exists2 ms : seq (move (vertex (table_cdag written))),
  pebbling fast ms & cost ms = {words} /\\ computes_once ms.
Proof. exact: played_once played moved. Qed.

(* No pebbling moves fewer than the compulsory words, with or without recomputation. *)
Theorem least_written M (ms : seq (move (vertex (table_cdag written)))) : pebbling M ms ->
  {compulsory} <= cost ms.
Proof. exact: (table_compulsory in_the_class isT). Qed.
",
            compulsory = (rows + keys) * (d + d_v)
        )
        .expect("a string takes everything");
        text
    }
}

/// `  [:: a; b;` … over lines, and `]`.
fn list(text: &mut String, items: impl Iterator<Item = String>) {
    const WIDTH: usize = 116;
    let mut line = String::from("  [::");
    for (at, item) in items.enumerate() {
        if at > 0 {
            line.push(';');
        }
        if line.len() + item.len() > WIDTH {
            *text += &line;
            text.push('\n');
            line = String::from("   ");
        }
        line.push(' ');
        line += &item;
    }
    *text += &line;
    *text += "]\n";
}
