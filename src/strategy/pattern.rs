//! A schedule for a mask in a file.
//!
//! The language has no lists of indices, and does not need them: a schedule is data, so the text is
//! made from the pattern, a band of rows a loop nest, a block of keys a loop (FlashAttention's
//! Proposition 4, zero blocks are not visited). The pattern is then part of the schedule, and costs no
//! words; that of a kernel that reads it would be two words a block.

use super::Schedule;
use crate::{
    attention::{Pattern, pattern::Band},
    schedule::{Program, build::Build},
};
use std::ops::Range;

/// FlashAttention-2 over the blocks of `pattern`. Parameters d and dv; tiles Br and Bc.
///
/// # Panics
///
/// Never: a test makes one of every kind of line.
#[must_use]
pub fn pattern(name: impl Into<String>, pattern: &Pattern) -> Schedule {
    let (rows, keys) = (pattern.rows().to_string(), pattern.keys().to_string());
    let mut text = Build::new().param("d").param("dv").tile("Br");
    // A tile that no loop steps by is refused: there is none where no row sees a key.
    if pattern.bands().iter().any(|it| !it.keys.is_empty()) {
        text = text.tile("Bc");
    }
    text = text.scale("d");
    text = text.header(&format!("in Q[{rows},d], K[{keys},d], V[{keys},dv]"));
    text = text.output("O", [&rows, "dv"]);
    for band in pattern.bands() {
        text = rows_of(text, band);
    }
    let draft = text.draft().expect("every line is in the grammar");
    let program: Program = draft.check().expect("every line is sound");
    Schedule::new(name, program)
}

fn rows_of(text: Build, Band { rows, keys }: &Band) -> Build {
    let Range { start, end } = rows;
    text.tile_for("i", "br", &start.to_string(), &end.to_string(), "Br", |mut b| {
        let store = ["i..i+br", ".."];
        b = b.assign("o[r:br,e:dv] = 0");
        if keys.is_empty() {
            // Every pair of the row is dropped: 0.
            return b.store("O", store, "o").free(["o"]);
        }
        b = b.load("q", "Q", store).assign("m[r:br] = -inf").assign("l[r:br] = 0");
        for Range { start, end } in keys {
            b = b.tile_for("j", "bc", &start.to_string(), &end.to_string(), "Bc", |b| {
                b.load("k", "K", ["j..j+bc", ".."])
                    .load("v", "V", ["j..j+bc", ".."])
                    .assign("s[r,c] += q[r,e] * k[c,e]")
                    .assign("t[r] max= s[r,c]")
                    .assign("t[r] = max(m[r], t[r])")
                    .assign("m[r] = exp(scale * (m[r] - t[r]))")
                    .assign("s[r,c] = exp(scale * (s[r,c] - t[r]))")
                    .assign("l[r] = l[r] * m[r]")
                    .assign("l[r] += s[r,c]")
                    .assign("o[r,e] = o[r,e] * m[r]")
                    .assign("o[r,e] += s[r,c] * v[c,e]")
                    .assign("m[r] = t[r]")
                    .free(["k", "v", "s", "t"])
            });
        }
        b.assign("o[r,e] = o[r,e] / l[r]").store("O", store, "o").free(["q", "m", "l", "o"])
    })
}
