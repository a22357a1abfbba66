//! Evidence by a forger who knows the rules: random moments and random paths. Whatever the checker
//! says it proves must be below the optimum.

use crate::machines;
use crate::oracle::least_io;
use crate::random::{Random, every};
use iobound::cdag::{Cdag, Operands, Vertex};
use iobound::certificate::{Certificate, Claim, Evidence, Problem, Wavefront};
use iobound::check::{Reason, Subject};
use iobound::model::{Machine, Recompute};

/// Up to three moments; paths walk at random from anywhere, and a path that the checker will not have
/// is left out.
fn forged(cdag: &Cdag, machine: &Machine, random: &mut Random) -> Option<(Certificate, u64)> {
    let subject = Subject::new(cdag).unwrap();
    let computed: Vec<Vertex> = cdag.vertices().filter(|&it| !cdag.is_input(it)).collect();
    let claim = Claim {
        problem: Problem::inline(cdag),
        machine: *machine,
        bound: "wavefront-sum".to_owned(),
        value: 0_u8.into(),
    };
    let mut best = None;
    let mut fronts: Vec<Wavefront> = vec![];
    for _ in 0..=random.below(3) {
        fronts.push(Wavefront { at: *random.one_of(&computed), paths: vec![] });
        for _ in 0..12 {
            let mut path = vec![Vertex(random.below(cdag.n_vertices()))];
            for _ in 0..=random.below(3) {
                let readers: Vec<Vertex> = cdag.succs(path[path.len() - 1]).collect();
                if !readers.is_empty() {
                    path.push(*random.one_of(&readers));
                }
            }
            fronts.last_mut().unwrap().paths.push(path);
            let evidence = Evidence::Wavefronts(fronts.clone());
            let it = Certificate { claim: claim.clone(), evidence };
            match subject.check(&it).map_err(|it| it.reason) {
                Err(Reason::WrongValue { proved }) => {
                    best = Some((it, u64::try_from(proved).unwrap()));
                }
                Ok(_) => panic!("nothing is worth 0 here"),
                Err(_) => {
                    fronts.last_mut().unwrap().paths.pop();
                }
            }
        }
    }
    best
}

fn check(cdag: &Cdag, tries: u64, random: &mut Random) -> (u64, u64) {
    let (mut said, mut more) = (0, 0);
    for machine in machines(cdag).iter().filter(|it| it.recompute == Recompute::Forbidden) {
        let least = least_io(cdag, machine).unwrap();
        let ends = cdag.vertices().filter(|&it| cdag.is_input(it) != cdag.is_output(it)).count();
        for _ in 0..tries {
            let Some((certificate, proved)) = forged(cdag, machine, random) else { continue };
            assert!(proved <= least, "{least} is possible, not {proved}\n{certificate}");
            said += 1;
            more += u64::from(proved > u64::try_from(ends).unwrap());
        }
    }
    (said, more)
}

/// A segment of any length proves something true, and the longer one proves no less.
#[test]
fn no_segment_is_above_the_optimum() {
    let mut random = Random(3);
    let small = (2..=5).flat_map(every).filter(|it| it.n_edges() > 0);
    let more = (0..60).map(|i| if i % 2 == 0 { random.folded(7) } else { random.cdag(7, 40) });
    for cdag in small.chain(more.collect::<Vec<_>>()).filter(|it| it.n_edges() > 0) {
        let subject = Subject::new(&cdag).unwrap();
        for machine in machines(&cdag) {
            let least = least_io(&cdag, &machine).unwrap();
            let mut before = 0;
            for longest in [1, 2, 3, 7, u64::MAX] {
                let problem = Problem::Digest(subject.digest());
                let bound = "hong-kung".to_owned();
                let claim = Claim { problem, machine, bound, value: 0_u8.into() };
                let evidence = Evidence::Segment(longest);
                let reason = subject.check(&Certificate { claim, evidence }).unwrap_err().reason;
                let Reason::WrongValue { proved } = reason else { panic!("{reason:?}") };
                let proved = u64::try_from(proved).unwrap();
                assert!(before <= proved && proved <= least, "X = {longest}: {proved} > {least}");
                before = proved;
            }
        }
    }
}

#[test]
fn nothing_forged_is_above_the_optimum() {
    let (mut random, mut total) = (Random(2), (0, 0));
    let small = (2..=5).flat_map(every).filter(|it| it.n_edges() > 0);
    let mut cases: Vec<(Cdag, u64)> = small.map(|it| (it, 6)).collect();
    for _ in 0..30 {
        cases.push((random.folded(7), 400));
    }
    for (cdag, tries) in &cases {
        let (said, more) = check(cdag, *tries, &mut random);
        total = (total.0 + said, total.1 + more);
    }
    assert!(total.1 > 500, "{total:?}");
}
