//! Every certificate under `proofs/`: those in `accept/` are accepted, those in `reject/` refused for
//! the reason that is their name, `<reason>.<case>.cert`.

use iobound::cdag::Cdag;
use iobound::certificate::{Certificate, Problem, parse};
use iobound::check::{
    ClosedForm, LowerBound, Reason, Rejection, THEOREMS,
    attention::{BACKWARD_FORMS, CLOSED_FORMS},
    check, check_attention,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

fn proofs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("proofs")
}

/// The certificates in the folders of this name, of all bounds.
fn certificates(folder: &str) -> Vec<PathBuf> {
    let mut files = vec![];
    for bound in fs::read_dir(proofs()).unwrap() {
        let Ok(list) = fs::read_dir(bound.unwrap().path().join(folder)) else { continue };
        files.extend(list.map(|it| it.unwrap().path()));
    }
    files.sort();
    files
}

/// The theorems about attention by its sizes, both passes.
fn closed_forms() -> impl Iterator<Item = &'static ClosedForm> {
    CLOSED_FORMS.iter().chain(BACKWARD_FORMS)
}

fn judged(it: &Certificate) -> Result<LowerBound, Rejection> {
    if let Problem::Attention(_) | Problem::Backward(_) = it.claim.problem {
        return check_attention(it);
    }
    let Problem::Inline(operands) = &it.claim.problem else {
        // Set against a CDAG that it is not about.
        return check(it, &Cdag::new(vec![]).unwrap());
    };
    check(it, &Cdag::new(operands.clone()).unwrap())
}

#[test]
fn those_to_accept() {
    let mut accepted = vec![];
    for file in &certificates("accept") {
        let it = parse(&fs::read(file).unwrap()).unwrap_or_else(|it| panic!("{file:?}: {it}"));
        let bound = judged(&it).unwrap_or_else(|it| panic!("{file:?}: {it}"));
        let folder = file.parent().unwrap().parent().unwrap();
        let proof = closed_forms().find(|it| it.id == bound.id()).map(|it| it.proof);
        assert!(folder.ends_with(proof.unwrap_or(bound.id())), "{file:?}");
        accepted.push(bound.id());
    }
    let of_cdags = THEOREMS.iter().map(|it| (it.id, it.id));
    for (id, proof) in of_cdags.chain(closed_forms().map(|it| (it.id, it.proof))) {
        assert!(proofs().join(proof).join("README.md").exists(), "{id}");
        assert!(accepted.contains(&id), "{id}");
    }
}

#[test]
fn those_to_reject() {
    let mut reasons = vec![];
    for file in certificates("reject") {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let found = match parse(&fs::read(&file).unwrap()) {
            Err(it) => it.kind.id(),
            Ok(it) => judged(&it).map_or_else(|it| it.reason.id(), |_| "accepted"),
        };
        assert_eq!(name.split('.').next(), Some(found), "{file:?}");
        reasons.push(found);
    }
    for it in every_reason() {
        assert!(reasons.contains(&it) || !in_a_file(it), "no certificate is refused for {it}");
    }
}

/// These are the fault of the CDAG, or take more than a small file.
fn in_a_file(reason: &str) -> bool {
    !["too-large", "odd-ends"].contains(&reason)
}

/// One of each; a new variant does not compile before it is here.
fn every_reason() -> Vec<&'static str> {
    use iobound::cdag::Vertex;
    let v = Vertex(0);
    let list = [
        Reason::TooLarge,
        Reason::UnknownVertex(v),
        Reason::OddEnds(v),
        Reason::OtherProblem,
        Reason::UnknownBound,
        Reason::PartialGame,
        Reason::RecomputationAllowed,
        Reason::FastOutOfRange { least: 0, most: 0 },
        Reason::BadSizes,
        Reason::Hypothesis(""),
        Reason::OutsideRange(""),
        Reason::WrongEvidence,
        Reason::EmptySegment,
        Reason::AtInput,
        Reason::ShortPath,
        Reason::NoEdge { from: v, to: v },
        Reason::StartNotAbove,
        Reason::EndNotBelow,
        Reason::SharedVertex(v),
        Reason::Overlap(v),
        Reason::WrongValue { proved: 0_u8.into() },
    ];
    for it in &list {
        match it {
            Reason::TooLarge
            | Reason::UnknownVertex(_)
            | Reason::OddEnds(_)
            | Reason::OtherProblem
            | Reason::UnknownBound
            | Reason::PartialGame
            | Reason::RecomputationAllowed
            | Reason::FastOutOfRange { .. }
            | Reason::BadSizes
            | Reason::Hypothesis(_)
            | Reason::OutsideRange(_)
            | Reason::WrongEvidence
            | Reason::EmptySegment
            | Reason::AtInput
            | Reason::ShortPath
            | Reason::NoEdge { .. }
            | Reason::StartNotAbove
            | Reason::EndNotBelow
            | Reason::SharedVertex(_)
            | Reason::Overlap(_)
            | Reason::WrongValue { .. } => {}
        }
    }
    list.iter().map(Reason::id).collect()
}
