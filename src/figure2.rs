//! Figure 2 of the FlashAttention paper beside our counts.
//!
//! Dao, Fu, Ermon, Rudra & Ré 2022, Figure 2: GPT-2 medium, N = 1024, d = 64, 16 heads, batch 64, 16-bit
//! words, on an A100; reads and writes of HBM, forward and backward. Ours are words of the algorithms
//! as the paper prints them, counted a tile at a time; `low` leaves out writes that only
//! initialise an output (O, ℓ, m; dQ, dK, dV) and `high` counts them. GB is 10⁹ bytes.

/// The setting of the figure.
pub const SETTING: Setting = Setting {
    n: 1024,
    d: 64,
    heads: 16,
    batch: 64,
    bytes_per_word: 2,
    // 192 KB of combined L1 and shared memory of one SM, in 2-byte words
    fast: 98_304,
};

/// The block sizes along the axis of the figure's middle part.
pub const BLOCK_SIZES: &[u32] = &[64, 128, 256, 512];

/// A head's shape, how many heads there are, and the fast memory the paper's tiles are made for.
///
/// Fields are `u32`, so that no count of words overflows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// N.
    pub n: u32,
    /// d.
    pub d: u32,
    /// Heads a layer.
    pub heads: u32,
    /// Sequences.
    pub batch: u32,
    /// Size of a word.
    pub bytes_per_word: u32,
    /// M, in words.
    pub fast: u32,
}

/// A count with and without the writes that only initialise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Without.
    pub low: u128,
    /// With.
    pub high: u128,
}

/// One line of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which algorithm, which passes.
    pub what: String,
    /// The number printed in the paper, in bytes; it has one decimal of a GB. `None`: only drawn.
    pub paper: Option<u128>,
    /// Our count, in bytes.
    pub ours: Range,
    /// How the two compare, in a sentence.
    pub note: &'static str,
}

impl Setting {
    /// Words a head of Algorithms 0 and 3 (standard forward and backward), each matrix streamed once a
    /// use: 12Nd + 11N².
    #[must_use]
    pub fn standard_words(&self) -> u128 {
        let Sizes { n, d } = self.sizes();
        12 * n * d + 11 * n * n
    }

    /// Words a head that would give the paper's number for standard attention: 12Nd + 18N². A fit,
    /// not a count: seven more passes over N² words.
    #[must_use]
    pub fn standard_words_fitted(&self) -> u128 {
        let Sizes { n, d } = self.sizes();
        12 * n * d + 18 * n * n
    }

    /// `B_c` = ⌈M/4d⌉, as Algorithm 1 sets it, but no more than N.
    #[must_use]
    pub fn paper_block(&self) -> u32 {
        u32::try_from(u64::from(self.fast).div_ceil(4 * u64::from(self.d)))
            .unwrap_or(u32::MAX)
            .min(self.n)
    }

    /// Words a head of Algorithm 1: 2Nd + `T_c`(3Nd + 4N); with the initial O, ℓ and m, Nd + 2N more.
    ///
    /// `block` is `B_c`, the keys of a block.
    ///
    /// # Panics
    ///
    /// If `block` is 0.
    #[must_use]
    pub fn flash_forward_words(&self, block: u32) -> Range {
        let Sizes { n, d } = self.sizes();
        let low = 2 * n * d + self.blocks(block) * (3 * n * d + 4 * n);
        Range { low, high: low + n * d + 2 * n }
    }

    /// Words a head of Algorithm 4: 4Nd + `T_c`(5Nd + 2N); with dQ, dK and dV set to zero first, 3Nd more.
    ///
    /// # Panics
    ///
    /// If `block` is 0.
    #[must_use]
    pub fn flash_backward_words(&self, block: u32) -> Range {
        let Sizes { n, d } = self.sizes();
        let low = 4 * n * d + self.blocks(block) * (5 * n * d + 2 * n);
        Range { low, high: low + 3 * n * d }
    }

    /// Bytes of all heads and sequences for so many words a head; `None` beyond u128.
    #[must_use]
    pub fn bytes(&self, words: u128) -> Option<u128> {
        let heads = u128::from(self.heads) * u128::from(self.batch);
        words.checked_mul(heads * u128::from(self.bytes_per_word))
    }

    /// `T_c`.
    fn blocks(&self, block: u32) -> u128 {
        u128::from(self.n.div_ceil(block))
    }

    fn sizes(&self) -> Sizes {
        Sizes { n: self.n.into(), d: self.d.into() }
    }
}

struct Sizes {
    n: u128,
    d: u128,
}

/// The figure's two numbers beside ours, then its middle part.
#[must_use]
#[expect(clippy::missing_panics_doc, reason = "the setting is a constant, and a test calls this")]
pub fn rows() -> Vec<Row> {
    let bytes = |words| SETTING.bytes(words).expect("the counts of one figure are small");
    let bytes = |words: Range| Range { low: bytes(words.low), high: bytes(words.high) };
    let exactly = |words| bytes(Range { low: words, high: words });
    let block = SETTING.paper_block();
    let forward = SETTING.flash_forward_words(block);
    let backward = SETTING.flash_backward_words(block);
    let both = Range { low: forward.low + backward.low, high: forward.high + backward.high };
    let mut rows = vec![
        Row {
            what: "standard, forward + backward (Algorithms 0 and 3)".to_owned(),
            paper: Some(40_300_000_000),
            ours: exactly(SETTING.standard_words()),
            note: "does not reproduce: the algorithms as printed move 12Nd + 11N^2 words a head",
        },
        Row {
            what: "standard, forward + backward (12Nd + 18N^2)".to_owned(),
            paper: Some(40_300_000_000),
            ours: exactly(SETTING.standard_words_fitted()),
            note: "a fit, not a count: seven more passes over N^2 words, as masking, dropout and scaling would make",
        },
        Row {
            what: format!("FlashAttention, forward + backward (Bc = {block})"),
            paper: Some(4_400_000_000),
            ours: bytes(both),
            note: "reproduces: the paper's number lies between the counts without and with the initial writes",
        },
    ];
    rows.extend(BLOCK_SIZES.iter().map(|&block| Row {
        what: format!("FlashAttention, forward (Bc = {block})"),
        paper: None,
        ours: bytes(SETTING.flash_forward_words(block)),
        note: "drawn without numbers on an axis from 2 to 6 GB; our counts run from 1.1 to 7.0 GB, so the outer ones would not fit on it",
    }));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 16·64 heads of 2-byte words: 2048 bytes for each word of one head.
    const BYTES: u128 = 2048;

    #[test]
    fn by_hand() {
        // 12·65536 + 11·1048576 = 786432 + 11534336
        assert_eq!(SETTING.standard_words(), 12_320_768);
        // 786432 + 18874368
        assert_eq!(SETTING.standard_words_fitted(), 19_660_800);
        // 98304/256
        assert_eq!(SETTING.paper_block(), 384);
        // T_c = 3: 131072 + 3·(196608 + 4096), and 65536 + 2048 more
        assert_eq!(SETTING.flash_forward_words(384), Range { low: 733_184, high: 800_768 });
        // 262144 + 3·(327680 + 2048), and 196608 more
        assert_eq!(SETTING.flash_backward_words(384), Range { low: 1_251_328, high: 1_447_936 });
    }

    #[test]
    fn gigabytes() {
        let ours: Vec<_> = rows().iter().map(|it| it.ours).collect();
        let exactly = |words| Range { low: words * BYTES, high: words * BYTES };
        assert_eq!(ours[0], exactly(12_320_768)); // 25.2 GB
        assert_eq!(ours[1], exactly(19_660_800)); // 40.3 GB
        // 1984512 and 2248704 words: 4.06 and 4.61 GB
        assert_eq!(ours[2], Range { low: 4_064_280_576, high: 4_605_345_792 });
        // T_c = 16: 131072 + 16·200704 = 3342336 words, 6.85 GB
        assert_eq!(ours[3], Range { low: 3_342_336 * BYTES, high: 3_409_920 * BYTES });
        // T_c = 2: 532480 words, 1.09 GB
        assert_eq!(ours[6], Range { low: 532_480 * BYTES, high: 600_064 * BYTES });
    }

    /// The notes say what reproduces; this is what they mean by it.
    #[test]
    fn notes_are_true() {
        for row in rows() {
            let Some(paper) = row.paper else { continue };
            // rounded to 0.1 GB: anything within 50 MB was printed as this
            let (low, high) = (paper - 50_000_000, paper + 50_000_000);
            let reproduces = row.ours.low <= high && low <= row.ours.high;
            assert_eq!(reproduces, !row.note.starts_with("does not reproduce"), "{}", row.what);
        }
    }

    #[test]
    fn the_largest_setting_does_not_overflow() {
        let most = u32::MAX;
        let all = Setting {
            n: most,
            d: most,
            heads: most,
            batch: most,
            bytes_per_word: most,
            fast: most,
        };
        // 2^99 words, 2^96 bytes for each: refused, not wrapped
        assert_eq!(all.bytes(all.flash_backward_words(1).high), None);
        assert_eq!(all.paper_block(), 1);
    }
}
