//! Bi-level attention on the clusters of a partition.
//!
//! As for a [pattern](super::pattern), the partition is part of the schedule: a loop nest for each size of
//! cluster, and not for each cluster, as the largest come first. The sizes cost no words; what a kernel
//! that reads them pays is a word a cluster. Where that is not the order of the nodes, rows of Q, K and V
//! are gathered one by one, by a table of nodes that is read from slow memory, its words counted; all that
//! the schedule writes stands in the order of the clusters. `traces/family/bilevel.sched` is the same with
//! equal clusters of any number and size.

use super::Schedule;
use crate::{
    attention::Partition,
    schedule::{Program, build::Build},
};

const MEANS: [&str; 3] = ["qp", "kp", "vp"];

/// Clusters of one size, as sizes of the language.
struct Equal {
    /// How many.
    clusters: String,
    /// Nodes of each.
    size: String,
    /// The number of cluster p of these among all.
    number: String,
    /// Its first node.
    at: String,
}

/// What the lines of a text depend on.
struct Clusters {
    nodes: String,
    clusters: String,
    equal: Vec<Equal>,
    /// Is there a table of nodes?
    table: bool,
}

impl Clusters {
    fn of(partition: &Partition) -> Self {
        let (mut number, mut at) = (0, 0);
        let mut equal = vec![];
        for it in partition.sizes() {
            let behind = |first: u64| if first == 0 { String::new() } else { format!("{first}+") };
            equal.push(Equal {
                clusters: it.clusters.to_string(),
                size: it.size.to_string(),
                number: format!("{}p", behind(number)),
                at: format!("{}p*{}", behind(at), it.size),
            });
            number += it.clusters;
            at += it.clusters * it.size;
        }
        let (nodes, clusters) = (partition.nodes().to_string(), partition.n_clusters().to_string());
        Self { nodes, clusters, equal, table: partition.order().is_some() }
    }

    fn text(&self, text: Build) -> Build {
        let Self { nodes, clusters, .. } = self;
        let mut text =
            text.tile("Br").tile("Bc").tile("Bp").tile("Bk").tile("Bf").tile("Bi").scale("d");
        for array in ["Q", "K", "V"] {
            text = text.input(array, ["H", nodes, "d"]);
        }
        if self.table {
            text = text.input("T", [nodes]);
        }
        text = text.input("WX", ["H", "d", "H*d"]).input("WY", ["H", "d", "H*d"]);
        text = text.output("O", [nodes, "H*d"]).scratch("X", ["H", nodes, "d"]);
        for array in ["QP", "KP", "VP", "Y"] {
            text = text.scratch(array, ["H", clusters, "d"]);
        }
        text.par_for("h", "", "0", "H", "1", |text| {
            self.equal.iter().fold(text, |text, it| self.inside(text, it))
        })
        .par_for("h", "", "0", "H", "1", |text| {
            text.tile_for("a", "ba", "0", clusters, "Bp", |text| self.between(text))
        })
        .par_for("f", "bf", "0", "H*d", "Bf", |text| {
            let text = text.load("w", "WX", ["..", "..", "f..f+bf"]);
            let text = text.load("u", "WY", ["..", "..", "f..f+bf"]);
            self.equal.iter().fold(text, joined).free(["w", "u"])
        })
    }

    /// Attention inside clusters of one size, and their means.
    fn inside(&self, text: Build, it: &Equal) -> Build {
        let Equal { clusters, size, number, at } = it;
        let first = format!("min(Br, {size})");
        text.tile_for("p", "", "0", clusters, "1", |text| {
            let mut text = text.assign("n = 0");
            for mean in MEANS {
                text = text.assign(&format!("{mean}[e:d] = 0"));
            }
            text = self.rows(text, it, at, &first, true);
            text = text.tile_for("i", "br", &first, size, "Br", |text| {
                self.rows(text, it, &format!("{at}+i"), "br", false)
            });
            for mean in MEANS {
                text = text.assign(&format!("{mean}[e] = {mean}[e] / n"));
            }
            for (mean, array) in MEANS.into_iter().zip(["QP", "KP", "VP"]) {
                text = text.store(array, ["h", number, ".."], mean);
            }
            text.free(["n", "qp", "kp", "vp"])
        })
    }

    /// `rows` queries from the node at `at` on; the first of a cluster see its keys for the means.
    fn rows(&self, text: Build, it: &Equal, at: &str, rows: &str, first: bool) -> Build {
        let text = self.load(text, &[("q", "Q")], at, rows).assign("qp[e] += q[r,e]");
        let text = born(text, rows).tile_for("j", "bc", "0", &it.size, "Bc", |text| {
            let at = format!("{}+j", it.at);
            let mut text = self.load(text, &[("k", "K"), ("v", "V")], &at, "bc");
            if first {
                text = text.assign("kp[e] += k[c,e]").assign("vp[e] += v[c,e]");
                text = text.assign("one[c:bc] = 1").assign("n += one[c]").free(["one"]);
            }
            meet(text)
        });
        done(text, "X", &format!("{at}..{at}+{rows}"))
    }

    /// `rows` rows of the arrays from the node at `at` on, each `(fast, slow)`.
    fn load(&self, mut text: Build, arrays: &[(&str, &str)], at: &str, rows: &str) -> Build {
        if !self.table {
            let place = format!("{at}..{at}+{rows}");
            return arrays
                .iter()
                .fold(text, |text, (fast, slow)| text.load(fast, slow, ["h", &place, ".."]));
        }
        for (fast, _) in arrays {
            text = text.assign(&format!("{fast}[r:{rows},e:d] = 0"));
        }
        text.tile_for("g", "", "0", rows, "1", |text| {
            let text = text.load("node", "T", [&format!("{at}+g")]);
            let text = arrays.iter().fold(text, |text, (fast, slow)| {
                text.load("y", slow, ["h", "node", ".."])
                    .assign(&format!("{fast}[g,e] = y[e]"))
                    .free(["y"])
            });
            text.free(["node"])
        })
    }

    /// Attention of a block of clusters to all.
    fn between(&self, text: Build) -> Build {
        let text = born(text.load("q", "QP", ["h", "a..a+ba", ".."]), "ba");
        let text = text.tile_for("b", "bb", "0", &self.clusters, "Bk", |text| {
            meet(text.load("k", "KP", ["h", "b..b+bb", ".."]).load(
                "v",
                "VP",
                ["h", "b..b+bb", ".."],
            ))
        });
        done(text, "Y", "a..a+ba")
    }
}

/// FlashAttention-2: the statistics and rows of a block of queries.
fn born(text: Build, rows: &str) -> Build {
    text.assign(&format!("m[r:{rows}] = -inf"))
        .assign(&format!("l[r:{rows}] = 0"))
        .assign(&format!("o[r:{rows},e:d] = 0"))
}

/// A block of queries meets a block of keys.
fn meet(text: Build) -> Build {
    text.assign("s[r,c] += q[r,e] * k[c,e]")
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
}

/// A block of rows is finished.
fn done(text: Build, array: &str, place: &str) -> Build {
    text.assign("o[r,e] = o[r,e] / l[r]")
        .store(array, ["h", place, ".."], "o")
        .free(["q", "m", "l", "o"])
}

/// relu([X, Y]W) of clusters of one size, some columns of W.
fn joined(text: Build, Equal { clusters, size, number, at }: &Equal) -> Build {
    text.tile_for("p", "", "0", clusters, "1", |text| {
        text.load("y", "Y", ["..", number, ".."])
            .assign("z[t] += y[g,e] * u[g,e,t]")
            .free(["y"])
            .tile_for("i", "bi", "0", size, "Bi", |text| {
                let place = format!("{at}+i..{at}+i+bi");
                text.load("x", "X", ["..", &place, ".."])
                    .assign("o[r,t] += x[g,r,e] * w[g,e,t]")
                    .assign("o[r,t] = relu(o[r,t] + z[t])")
                    .store("O", [&place, "f..f+bf"], "o")
                    .free(["x", "o"])
            })
            .free(["z"])
    })
}

/// Bi-level attention on the clusters of `partition`. Parameters H and d; tiles Br and Bc inside the
/// clusters, Bp and Bk between them, Bf columns and Bi nodes in the layer behind.
///
/// # Panics
///
/// Never: a test makes one of every kind of line.
#[must_use]
pub fn bilevel(name: impl Into<String>, partition: &Partition) -> Schedule {
    let text = Clusters::of(partition).text(Build::new().param("H").param("d"));
    let draft = text.draft().expect("every line is in the grammar");
    let program: Program = draft.check().expect("every line is sound");
    Schedule::new(name, program)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{schedule::Draft, strategy::member};

    /// The text that ships is that of equal clusters, comments and declarations apart.
    #[test]
    fn the_member_is_made_by_the_same_lines() {
        let word = str::to_owned;
        let (clusters, size) = (word("P"), word("L"));
        let equal = vec![Equal { clusters, size, number: word("p"), at: word("p*L") }];
        let it = Clusters { nodes: word("P*L"), clusters: word("P"), equal, table: false };
        let made = it.text(Build::new().param("H").param("P").param("L").param("d"));
        let body = |it: &Draft| {
            let text = it.to_string();
            let lines = text.lines().map(|it| it.split('#').next().unwrap_or("").trim_end());
            let lines: Vec<_> = lines.filter(|it| !it.is_empty()).map(str::to_owned).collect();
            let first = lines.iter().position(|it| it.starts_with("par for")).unwrap();
            lines[first..].to_vec()
        };
        let shipped = Draft::parse(member("bilevel").unwrap().text).unwrap();
        assert_eq!(body(&made.draft().unwrap()), body(&shipped));
    }
}
