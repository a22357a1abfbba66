//! Certificates a second: read, CDAG built, checked.

use divan::{Bencher, counter::ItemsCount};
use iobound::bounds::general::{Effort, make};
use iobound::cdag::{Cdag, textbook::textbook};
use iobound::certificate::{Certificate, Problem, parse};
use iobound::check::{LowerBound, Subject, check, check_attention};
use iobound::model::{Machine, Partial, Recompute, Words};

fn main() {
    divan::main();
}

const FOLDED: &[u8] = include_bytes!("../proofs/wavefront/accept/folded.cert");
const CHAIN: &[u8] = include_bytes!("../proofs/wavefront-sum/accept/chain.cert");

fn judged(text: &[u8]) -> LowerBound {
    let it = parse(text).expect("a certificate");
    let Problem::Inline(operands) = &it.claim.problem else { panic!("an inline CDAG") };
    let cdag = Cdag::new(operands.clone()).expect("a CDAG");
    check(&it, &cdag).expect("it is accepted")
}

#[divan::bench]
fn folded_of_7_vertices(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(1_u64)).bench(|| judged(FOLDED));
}

/// Attention by its sizes: text read and checked.
#[divan::bench(args = ["window/accept/causal-heads", "pair-fresh/accept/once", "pair-potential/accept/once"])]
fn by_sizes(bencher: Bencher<'_, '_>, name: &str) {
    let file = format!("{}/proofs/{name}.cert", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read(file).expect("it is there");
    bencher
        .counter(ItemsCount::new(1_u64))
        .bench(|| check_attention(&parse(&text).expect("a certificate")).expect("it is accepted"));
}

#[divan::bench]
fn chain_of_12_vertices(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(1_u64)).bench(|| judged(CHAIN));
}

/// Attention of `n` rows of 4 words in 8 words of fast memory.
fn attention(n: u64) -> (Cdag, Certificate) {
    let cdag = textbook(n, 4).expect("small");
    let (recompute, partial) = (Recompute::Forbidden, Partial::Off);
    let machine = Machine { fast: Words(8), recompute, partial };
    let problem = Problem::inline(&cdag);
    let it = make("wavefront-sum", &cdag, &machine, problem, Effort(1 << 22));
    (cdag, it.expect("it can be made"))
}

#[divan::bench(args = [2, 8])]
fn whole_text(bencher: Bencher<'_, '_>, n: u64) {
    let text = attention(n).1.to_string();
    bencher.counter(ItemsCount::new(1_u64)).bench(|| judged(text.as_bytes()));
}

/// The CDAG read once.
#[divan::bench(args = [2, 8])]
fn one_subject(bencher: Bencher<'_, '_>, n: u64) {
    let (cdag, certificate) = attention(n);
    let subject = Subject::new(&cdag).expect("it can be read");
    bencher.counter(ItemsCount::new(1_u64)).bench(|| subject.check(&certificate));
}

/// The making of one, for comparison.
#[divan::bench(args = [2, 4])]
fn made(bencher: Bencher<'_, '_>, n: u64) {
    bencher.counter(ItemsCount::new(1_u64)).bench(|| attention(n));
}
