use super::*;
use proptest::{collection::vec, prelude::*};

const SMALL: &str = "\
iobound-certificate 1
# two inputs and their sum
problem inline 3
reads
reads
reads 0 1
fast 3
recompute forbidden
partial off
bound wavefront
value 3
evidence wavefronts 1
wavefront 2 1
path 0 2
end
";

#[test]
fn reads_a_small_one() {
    let it = parse(SMALL.as_bytes()).unwrap();
    let operands = vec![vec![], vec![], vec![Vertex(0), Vertex(1)]];
    assert_eq!(it.claim.problem, Problem::Inline(operands));
    assert_eq!((it.claim.machine.fast.0, it.claim.value), (3, 3_u8.into()));
    let paths = vec![vec![Vertex(0), Vertex(2)]];
    assert_eq!(it.evidence, Evidence::Wavefronts(vec![Wavefront { at: Vertex(2), paths }]));
}

fn check(from: &str, to: &str, line: usize, kind: Kind) {
    assert!(SMALL.contains(from), "{from}");
    let text = SMALL.replacen(from, to, 1);
    assert_eq!(parse(text.as_bytes()).unwrap_err(), ParseError { line, kind }, "{text}");
}

#[test]
fn one_fault_each() {
    check("certificate 1", "certificate 2", 1, Kind::UnknownVersion);
    check("certificate 1", "certificate", 1, Kind::NotACertificate);
    check("end\n", "", 15, Kind::CutShort("end"));
    check("end\n", "end\nend\n", 16, Kind::Trailing);
    check("end\n", "end \nend\n", 16, Kind::Trailing);
    check("end\n", "end 1\n", 15, Kind::BadValue("end"));
    check("fast 3\n", "", 7, Kind::MissingField("fast"));
    check("fast 3\n", "fast 3\nfast 3\n", 8, Kind::DuplicateField("fast"));
    check("reads 0 1\n", "reads 0 1\nreads\n", 7, Kind::DuplicateField("reads"));
    check("reads 0 1\n", "", 6, Kind::MissingField("reads"));
    check("fast 3\n", "fast 3\nspeed 3\n", 8, Kind::UnknownField);
    check("fast 3", "fast +3", 7, Kind::BadNumber);
    check("fast 3", "fast 03", 7, Kind::BadNumber);
    check("fast 3", "fast", 7, Kind::BadNumber);
    check("fast 3", "fast 3 3", 7, Kind::BadNumber);
    check("fast 3", "fast 18446744073709551616", 7, Kind::BadNumber);
    check("value 3", &format!("value {}", "9".repeat(100_000)), 11, Kind::BadNumber);
    check("value 3", "value -3", 11, Kind::BadNumber);
    check("reads 0 1", "reads 0  1", 6, Kind::BadNumber);
    check("off", "perhaps", 9, Kind::BadValue("partial off|on"));
    check("forbidden", "Forbidden", 8, Kind::BadValue("recompute allowed|forbidden"));
    check("bound wavefront", "bound Wavefront", 10, Kind::BadValue("bound ID"));
    let takes = "evidence none|segment X|wavefronts N";
    check("wavefronts 1", "hearsay", 12, Kind::BadValue(takes));
    check("wavefronts 1", "wavefronts 18446744073709551615", 15, Kind::MissingField("wavefront"));
    check("wavefront 2 1", "wavefront 2", 13, Kind::BadValue("wavefront VERTEX PATHS"));
    let takes =
        "problem inline N|digest SHA|file NAME SHA|attention[-backward] N N' DK DV PAIRS COPIES";
    check("inline 3", "file ../x 00", 3, Kind::BadValue(takes));
    check("inline 3", "digest 00", 3, Kind::BadValue("SHA-256, 64 digits 0-9a-f"));
    assert_eq!(parse(b"").unwrap_err(), ParseError { line: 1, kind: Kind::NotACertificate });
    assert_eq!(parse(b"\n\xff").unwrap_err(), ParseError { line: 2, kind: Kind::NotText });
}

#[test]
fn a_value_of_eighty_digits_is_kept() {
    let value = "9".repeat(MAX_DIGITS);
    let text = SMALL.replacen("value 3", &format!("value {value}"), 1);
    assert_eq!(parse(text.as_bytes()).unwrap().claim.value.to_string(), value);
}

fn vertices() -> impl Strategy<Value = Vec<Vertex>> {
    vec(any::<u64>().prop_map(Vertex), 0..4)
}

fn certificates() -> impl Strategy<Value = Certificate> {
    use crate::model::{Machine, Partial, Recompute, Words};
    let digest = || any::<[u8; 32]>().prop_map(Digest);
    let problem = prop_oneof![
        vec(vertices(), 0..5).prop_map(Problem::Inline),
        digest().prop_map(Problem::Digest),
        ("[a-z]{1,4}(/[A-Z0-9_][a-z.-]{0,3}){0,2}", digest())
            .prop_map(|(name, digest)| Problem::File { name, digest }),
        (any::<[u64; 5]>(), any::<u128>(), any::<bool>()).prop_map(|(sizes, pairs, forward)| {
            let [rows, keys, d_k, d_v, copies] = sizes;
            let pass = if forward { Pass::Forward } else { Pass::Backward };
            pass.of(Attention { rows, keys, d_k, d_v, pairs, copies })
        }),
    ];
    let front = (any::<u64>(), vec(vertices(), 0..4))
        .prop_map(|(at, paths)| Wavefront { at: Vertex(at), paths });
    let evidence = prop_oneof![
        Just(Evidence::None),
        vec(front, 0..4).prop_map(Evidence::Wavefronts),
        any::<u64>().prop_map(Evidence::Segment),
    ];
    let machine =
        (any::<u64>(), any::<bool>(), any::<bool>()).prop_map(|(m, again, edges)| Machine {
            fast: Words(m),
            recompute: if again { Recompute::Allowed } else { Recompute::Forbidden },
            partial: if edges { Partial::On } else { Partial::Off },
        });
    (problem, machine, "[a-z0-9-]{1,9}", any::<u128>(), evidence).prop_map(
        |(problem, machine, bound, value, evidence)| Certificate {
            claim: Claim { problem, machine, bound, value: value.into() },
            evidence,
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(it in certificates()) {
        let text = it.to_string();
        prop_assert_eq!(parse(text.as_bytes()).unwrap(), it);
    }

    #[test]
    fn any_bytes_are_answered(bytes in vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn any_change_is_answered(at in 0..SMALL.len(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = SMALL.as_bytes().to_vec();
        bytes[at] = byte;
        if cut {
            bytes.truncate(at);
        }
        if let Ok(it) = parse(&bytes) {
            prop_assert_eq!(parse(it.to_string().as_bytes()).unwrap(), it);
        }
    }
}
