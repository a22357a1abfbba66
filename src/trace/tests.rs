use super::*;
use crate::access::{Access, AccessSource};
use proptest::prelude::*;
use std::io::{Cursor, Write};

const SPLIT: Granularity = Granularity {
    word_bytes: NonZeroU64::new(4).expect("4 is not 0"),
    across: Across::Split,
    numbers: Numbers::FirstSeen,
};

fn read(bytes: &[u8], granularity: Granularity) -> Result<(Vec<Access>, Seen), TraceError> {
    let mut reader = Reader::new(Cursor::new(bytes.to_vec()), None, granularity)?;
    let mut all = vec![];
    reader.each(|it| all.push(it))?;
    Ok((all, reader.seen()))
}

fn words(text: &str) -> Vec<Access> {
    read(text.as_bytes(), SPLIT).unwrap_or_else(|it| panic!("{it}")).0
}

const R: fn(u32) -> Access = Access::read;
const W: fn(u32) -> Access = Access::write;

#[test]
fn formats() {
    assert_eq!(words("0 1000\n1 1003\n2 4\n0 0xFFFFFFFFFFFFFFFF\r\n"), [R(0), W(0), R(1)]);
    assert_eq!(words("r 1000\nw 1004 4"), [R(0), W(1)]);
    let lackey = "==7== Lackey\nI  04001000,3\n L 1ffe,4\n S 2000,8\n M 2004,4\n";
    // 1ffe..2002 lies in words 7ff and 800, 2000..2008 in 800 and 801.
    assert_eq!(words(lackey), [R(0), R(1), W(1), W(2), W(2)]);
    let seen = read(lackey.as_bytes(), SPLIT).expect("a trace").1;
    assert_eq!(seen, Seen { instructions: 1, across: 2 });
    assert_eq!(words("# mine\n7\n9 w\n7\n9 r"), [R(0), W(1), R(0), R(1)]);
    assert_eq!(words(""), []);
    assert_eq!(words(" \n\n"), []);
}

#[test]
fn numbers() {
    let pages = Granularity { numbers: Numbers::Pages, ..SPLIT };
    // Words 0x400, 0x401; 2^40 + 5 in the second page that is seen; the first page again.
    let text = " L 1000,4\n L 1004,4\n S 40000000014,4\n L 1000,4\n";
    let (all, _) = read(text.as_bytes(), pages).expect("a trace");
    assert_eq!(all, [R(0x400), R(0x401), W(16384 + 5), R(0x400)]);
}

#[test]
fn faults() {
    let refuse = Granularity { across: Across::Refuse, ..SPLIT };
    let mut gzip = flate2::write::GzEncoder::new(vec![], flate2::Compression::default());
    gzip.write_all(&b"0 1000\n".repeat(1000)).expect("memory");
    let gzip = gzip.finish().expect("memory");
    let mut binary = BinaryWriter::new(vec![]).expect("memory");
    binary.write(R(5)).expect("memory");
    let binary = binary.end().expect("memory");
    let mut twice = binary.clone();
    twice.extend(b"x");
    for (bytes, granularity, says) in [
        (&b"0 1000\n3 1000\n"[..], SPLIT, "line 2: expected `label address`"),
        (b"0 1000\n0 10000000000000000\n", SPLIT, "line 2: expected `label address`"),
        (b" L 1000,4\n L 1000\n", SPLIT, "line 2: expected ` L address,size`"),
        (b" L 1000,0\n L 1000,4\n", SPLIT, "line 1: expected ` L address,size`"),
        (b"1\n2\n\nx\n", SPLIT, "line 4: expected a word's number"),
        (
            b" L ffffffffffffffff,2\n",
            SPLIT,
            "line 1: 2 bytes from address 0xffffffffffffffff on pass",
        ),
        (b" L 2,4\n", refuse, "line 1: 4 bytes from address 0x2 on lie in 2 words of 4 bytes"),
        (b" L 0,4000000\n", SPLIT, "line 1: an access of 1000000 words; at most 65536"),
        (b"hello\n", SPLIT, "line 1: neither din, lackey, ids nor a binary trace"),
        (&gzip[..gzip.len() / 2], SPLIT, "line 1: the file is cut short"),
        (&binary[..binary.len() - 1], SPLIT, "access 2: the file is cut short"),
        (&twice, SPLIT, "access 2: not what a binary trace holds here"),
    ] {
        let error = read(bytes, granularity).expect_err("refused").to_string();
        assert!(error.starts_with(says), "{error}");
    }
    let mut long = b"1\n".to_vec();
    long.resize(1 << 20, b'1');
    let error = read(&long, SPLIT).expect_err("refused").to_string();
    assert_eq!(error, "line 2: a line of more than 4096 bytes; this is no trace");
}

fn written(format: Format, touches: &[Access]) -> Vec<u8> {
    let each = |write: &mut dyn FnMut(Access) -> std::io::Result<()>| {
        touches.iter().for_each(|it| write(*it).expect("memory"));
    };
    if format == Format::Binary {
        let mut writer = BinaryWriter::new(vec![]).expect("memory");
        each(&mut |it| writer.write(it));
        return writer.end().expect("memory");
    }
    let mut writer = TextWriter::new(vec![], format, 4);
    each(&mut |it| writer.write(it));
    writer.end()
}

proptest! {
    /// What is written is read again, up to the names of words.
    #[test]
    fn round_trip(
        touches in prop::collection::vec((prop_oneof![0..50u32, 0..1u32 << 27], any::<bool>()), 1..80)
    ) {
        let touches: Vec<Access> =
            touches.into_iter().map(|(word, write)| Access { word, write }).collect();
        let mut numbers = vec![];
        let named: Vec<Access> = touches.iter().map(|it| {
            let known = numbers.iter().position(|word| *word == it.word);
            let word = known.unwrap_or_else(|| {
                numbers.push(it.word);
                numbers.len() - 1
            });
            Access { word: u32::try_from(word).expect("few"), write: it.write }
        }).collect();
        for format in Format::ALL {
            let plain = written(format, &touches);
            let mut gzip = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
            gzip.write_all(&plain).expect("memory");
            let zstd = zstd::encode_all(plain.as_slice(), 1).expect("memory");
            for bytes in [plain, gzip.finish().expect("memory"), zstd] {
                let (all, _) = read(&bytes, SPLIT).expect("what was written");
                prop_assert_eq!(&all, &named, "{}", format);
            }
        }
    }

    /// Any bytes end in an answer.
    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300), magic in any::<bool>()) {
        let mut all = if magic { binary::MAGIC.to_vec() } else { vec![] };
        all.extend(bytes);
        let _ = read(&all, SPLIT);
    }
}
