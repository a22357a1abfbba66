//! `wavefront` and `wavefront-sum`: values that are alive at once do not all fit.
//!
//! ```text
//! A(x)  x and its ancestors            computed (or inputs loaded before) when x has been computed
//! D(x)  the descendants of x           not yet computed then
//! dead  operands of x all of whose readers are in A(x)    red then, and of no more use
//! K(x)  M − |dead(x)|                  words for values of use
//! body  all vertices of a path but the last
//! ```
//!
//! W paths from A(x) to D(x) with disjoint bodies hold W values, one a body, that are there when x has
//! been computed and are read later; W − K of them are not red and must be loaded again, and if they
//! are no inputs, stored before. Proofs: `proofs/wavefront/README.md` and
//! `proofs/wavefront-sum/README.md`.

use super::{Least, Place, Reason, Rejection, Standing, Subject, Theorem, compulsory};
use crate::cdag::Vertex;
use crate::certificate::{Evidence, Wavefront};
use crate::model::{Machine, Recompute};

/// One moment of the schedule.
///
/// Claim: loads ≥ inputs read + max(0, W − K(x)), stores ≥ outputs computed + max(0, W' − K(x)), where
/// W' of the W paths start at a vertex that is no input.
/// Assumes: strict game, recomputation forbidden. Evidence: one wavefront.
/// Source: the idea is Elango et al. 2014; the statement and its proof are ours.
pub(super) const ONE: Theorem = Theorem {
    id: "wavefront",
    recompute: Recompute::Forbidden,
    standing: Standing::OwnProof,
    prove: |subject, machine, evidence| match evidence {
        Evidence::Wavefronts(it) if it.len() == 1 => prove(subject, machine, it),
        _ => Err(Place::Evidence.because(Reason::WrongEvidence)),
    },
};

/// Several moments, whose loads and stores are different ones.
///
/// Claim: the excesses of [`ONE`] add up, loads if paths with a common vertex in their bodies are apart
/// in time, stores over the paths whose bodies have no vertex in common.
/// Assumes: strict game, recomputation forbidden. Evidence: wavefronts, in an order of their moments
/// wherever two have a vertex in common.
pub(super) const SUM: Theorem = Theorem {
    id: "wavefront-sum",
    recompute: Recompute::Forbidden,
    standing: Standing::OwnProof,
    prove: |subject, machine, evidence| match evidence {
        Evidence::Wavefronts(it) if !it.is_empty() => prove(subject, machine, it),
        _ => Err(Place::Evidence.because(Reason::WrongEvidence)),
    },
};

/// Steps of walking the CDAG that evidence may ask for.
const MOST_STEPS: usize = 1 << 32;

fn prove(subject: &Subject, machine: &Machine, fronts: &[Wavefront]) -> Result<Least, Rejection> {
    if fronts.len().saturating_mul(subject.size()) > MOST_STEPS {
        return Err(Place::Evidence.because(Reason::TooLarge));
    }
    let mut least = compulsory::count(subject);
    let mut bodies = Bodies::new(subject.n_vertices());
    for (number, front) in (1..).zip(fronts) {
        let at = subject.index(front.at).map_err(|it| Place::Wavefront(number).because(it))?;
        if subject.is_input(at) {
            return Err(Place::Wavefront(number).because(Reason::AtInput));
        }
        let moment = Moment { at, above: subject.above(at), below: subject.below(at) };
        let (mut alive, mut to_store) = (0_u64, vec![]);
        for (path, vertices) in (1..).zip(&front.paths) {
            let place = Place::Path { wavefront: number, path };
            let vertices = moment.path(subject, vertices).map_err(|it| place.because(it))?;
            let computed = !subject.is_input(vertices[0]);
            let path = bodies.add(number, &moment, vertices).map_err(|it| place.because(it))?;
            alive += 1;
            if computed && !bodies.may_be_stored(path) {
                to_store.push(path);
            }
        }
        let capacity = machine.fast.0.saturating_sub(moment.dead(subject));
        least.loads += alive.saturating_sub(capacity);
        let n_to_store = u64::try_from(to_store.len()).unwrap_or(0);
        if n_to_store > capacity {
            least.stores += n_to_store - capacity;
            to_store.into_iter().for_each(|it| bodies.set_stored(it));
        }
    }
    Ok(least)
}

/// Just after `at` has been computed.
struct Moment {
    at: usize,
    /// A(at).
    above: Vec<bool>,
    /// D(at), and `at`.
    below: Vec<bool>,
}

impl Moment {
    /// The indices of a path from A to D of at least one edge.
    fn path(&self, subject: &Subject, path: &[Vertex]) -> Result<Vec<usize>, Reason> {
        let vertices: Result<Vec<usize>, Reason> =
            path.iter().map(|&it| subject.index(it)).collect();
        let vertices = vertices?;
        let [first, .., last] = vertices[..] else { return Err(Reason::ShortPath) };
        for (step, edge) in vertices.iter().zip(&vertices[1..]).zip(path.windows(2)) {
            if !subject.operands(*step.1).contains(step.0) {
                return Err(Reason::NoEdge { from: edge[0], to: edge[1] });
            }
        }
        if !self.above[first] {
            return Err(Reason::StartNotAbove);
        }
        if !self.below[last] || last == self.at {
            return Err(Reason::EndNotBelow);
        }
        Ok(vertices)
    }

    /// Operands of `at` all of whose readers are in A.
    fn dead(&self, subject: &Subject) -> u64 {
        let mut operands = subject.operands(self.at).to_vec();
        operands.sort_unstable();
        operands.dedup();
        operands.retain(|&it| subject.readers(it).iter().all(|&reader| self.above[reader]));
        u64::try_from(operands.len()).unwrap_or(u64::MAX)
    }
}

/// The bodies of the paths so far.
struct Bodies {
    /// For each vertex the last path with it in its body.
    last: Vec<Option<usize>>,
    paths: Vec<Path>,
    /// Vertices whose store may have been counted.
    stored: Vec<bool>,
}

struct Path {
    wavefront: usize,
    vertices: Vec<usize>,
    /// The last wavefront found to come after the whole path.
    before: usize,
}

impl Path {
    fn body(&self) -> &[usize] {
        self.vertices.split_last().map_or(&[], |(_, body)| body)
    }
}

impl Bodies {
    fn new(n_vertices: usize) -> Self {
        Self { last: vec![None; n_vertices], paths: vec![], stored: vec![false; n_vertices] }
    }

    /// Adds a path of wavefront `number`, at `moment`, and says which it is.
    ///
    /// It may share a vertex of its body with a path of an earlier wavefront if all of that path, but
    /// for its start, is in A: then the load counted for that path was over before this moment.
    fn add(
        &mut self,
        number: usize,
        moment: &Moment,
        vertices: Vec<usize>,
    ) -> Result<usize, Reason> {
        let index = self.paths.len();
        let path = Path { wavefront: number, vertices, before: 0 };
        for &vertex in path.body() {
            let name = Vertex(u64::try_from(vertex).unwrap_or(u64::MAX));
            if let Some(last) = self.last[vertex] {
                // `last == index`: the path itself, twice through one vertex.
                let Some(other) = self.paths.get_mut(last).filter(|it| it.wavefront != number)
                else {
                    return Err(Reason::SharedVertex(name));
                };
                if other.before != number && !other.vertices[1..].iter().all(|&it| moment.above[it])
                {
                    return Err(Reason::Overlap(name));
                }
                other.before = number;
            }
            self.last[vertex] = Some(index);
        }
        self.paths.push(path);
        Ok(index)
    }

    fn may_be_stored(&self, path: usize) -> bool {
        self.paths[path].body().iter().any(|&it| self.stored[it])
    }

    fn set_stored(&mut self, path: usize) {
        for &it in self.paths[path].body() {
            self.stored[it] = true;
        }
    }
}
