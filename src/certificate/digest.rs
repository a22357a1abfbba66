//! The name of a CDAG: SHA-256 of its operand lists.

use crate::cdag::{Operands, Vertex};
use std::fmt;

/// SHA-256 (FIPS 180-4) of the CDAG as numbers of 64 bits, most significant byte first: how many
/// vertices, then for each vertex how many operands and which.
///
/// The order of the operands and repeats count: two CDAGs have one digest iff they are written the
/// same.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of `cdag`.
    #[must_use]
    pub fn of(cdag: &dyn Operands) -> Self {
        let mut hash = Sha256::new();
        hash.number(cdag.n_vertices());
        for vertex in (0..cdag.n_vertices()).map(Vertex) {
            let operands = cdag.operands(vertex);
            hash.number(u64::try_from(operands.len()).unwrap_or(u64::MAX));
            operands.iter().for_each(|it| hash.number(it.0));
        }
        Self(hash.finish())
    }

    /// 64 lower-case hexadecimal digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        let mut bytes = [0; 32];
        if digits.len() != 64 {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            for &digit in pair {
                let value = match digit {
                    b'0'..=b'9' => digit - b'0',
                    b'a'..=b'f' => digit - b'a' + 10,
                    _ => return None,
                };
                *byte = (*byte << 4) | value;
            }
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|it| write!(f, "{it:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

const START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

#[rustfmt::skip]
const ROUNDS: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];

/// Fed with numbers of eight bytes, so a block of 64 is always filled exactly.
struct Sha256 {
    state: [u32; 8],
    block: [u32; 16],
    /// Words of the block that are filled; even.
    filled: usize,
    bits: u64,
}

impl Sha256 {
    fn new() -> Self {
        Self { state: START, block: [0; 16], filled: 0, bits: 0 }
    }

    fn number(&mut self, number: u64) {
        self.bits = self.bits.wrapping_add(64);
        self.push(number);
    }

    fn push(&mut self, number: u64) {
        let bytes = number.to_be_bytes();
        for half in bytes.chunks_exact(4) {
            let word = half.iter().fold(0, |word: u32, &it| (word << 8) | u32::from(it));
            self.block[self.filled] = word;
            self.filled += 1;
        }
        if self.filled == self.block.len() {
            self.compress();
            self.filled = 0;
        }
    }

    fn finish(mut self) -> [u8; 32] {
        let bits = self.bits;
        self.push(1 << 63);
        while self.filled != 14 {
            self.push(0);
        }
        self.push(bits);
        let mut bytes = [0; 32];
        for (place, byte) in bytes.iter_mut().zip(self.state.iter().flat_map(|it| it.to_be_bytes()))
        {
            *place = byte;
        }
        bytes
    }

    fn compress(&mut self) {
        let mut w = [0_u32; 64];
        w[..16].copy_from_slice(&self.block);
        for i in 16..64 {
            let (a, b) = (w[i - 15], w[i - 2]);
            let s0 = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
            let s1 = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
            w[i] = w[i - 16].wrapping_add(s0).wrapping_add(w[i - 7]).wrapping_add(s1);
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = self.state;
        for (k, w) in ROUNDS.iter().zip(w) {
            let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let chosen = (e & f) ^ (!e & g);
            let t1 = h.wrapping_add(s1).wrapping_add(chosen).wrapping_add(*k).wrapping_add(w);
            let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let t2 = s0.wrapping_add((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e) = (g, f, e, d.wrapping_add(t1));
            (d, c, b, a) = (c, b, a, t1.wrapping_add(t2));
        }
        for (old, new) in self.state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *old = old.wrapping_add(new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(numbers: &[u64], expected: &str) {
        let mut hash = Sha256::new();
        numbers.iter().for_each(|&it| hash.number(it));
        assert_eq!(Digest(hash.finish()).to_string(), expected);
    }

    // Expected: `printf … | sha256sum` of coreutils; the empty text is also in FIPS 180-4's tests.
    #[test]
    fn as_coreutils_says() {
        check(&[], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        check(
            &[0x6162_6364_6566_6768],
            "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
        );
        check(
            &[0x6162_6364_6566_6768; 7],
            "8a261744ce595c50431d19c6d4f68ed24995ed11f7e1d88fe353608f0655ee53",
        );
        check(
            &[0x6162_6364_6566_6768; 20],
            "e86fdd59642912b4c8eb454c6235aedd875e8877b93bda203afed522596cc459",
        );
    }
}
