//! Sizes of real fast memories.
//!
//! M of a processor is not one number: each level of its memories has a size, somebody it is shared
//! by, and a level below, and the I/O counted with that size is what crosses to that level below.
//! An output names it ([`Level::traffic`]). 1 KiB = 1024 bytes; the vendors write KB and MB for KiB
//! and MiB of on-chip memory, and GB/s for 10⁹ bytes a second.

use std::num::NonZeroU64;

use crate::model::Words;
use crate::names;

pub use crate::names::UnknownName;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
const GIGA: u64 = 1_000_000_000;

const A100_PAPER: &str = "NVIDIA A100 Tensor Core GPU Architecture (whitepaper), 2020";
const H100_PAPER: &str = "NVIDIA H100 Tensor Core GPU Architecture (whitepaper), 2022";
const ADA_PAPER: &str = "NVIDIA Ada GPU Architecture (whitepaper), 2022";
const CUDA_GUIDE: &str =
    "NVIDIA CUDA C++ Programming Guide, technical specifications per compute capability";
const CDNA3_PAPER: &str = "AMD CDNA 3 Architecture (white paper), 2023";
const METAL_TABLES: &str = "Apple, Metal Feature Set Tables";
const INTEL_MANUAL: &str = "Intel 64 and IA-32 Architectures Optimization Reference Manual";
const EPYC_BRIEF: &str = "AMD, 4th Gen EPYC Processor Architecture (white paper), 2023";

/// A processor and the levels of its memories, smallest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hardware {
    /// The name `--hardware` takes.
    pub name: &'static str,
    /// Its main memory, below all levels.
    pub memory: &'static str,
    /// The document the line on main memory comes from.
    pub memory_source: &'static str,
    /// Bytes a second of main memory, below the last level; `None` where the source names none.
    pub bandwidth: Option<u64>,
    /// Dense 16-bit matrix operations a second, as the vendor states them; a product and a sum are two.
    pub flops: Option<u64>,
    /// Name of the level meant when none is given.
    pub default_level: &'static str,
    /// The levels, smallest first.
    pub levels: &'static [Level],
}

/// One level of on-chip memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Level {
    /// The name `--level` takes.
    pub name: &'static str,
    /// Capacity of one instance.
    pub bytes: u64,
    /// Who shares one instance.
    pub shared_by: &'static str,
    /// What is counted when M is this level's size.
    pub traffic: &'static str,
    /// The document the size comes from.
    pub source: &'static str,
}

/// Every processor the program knows.
pub const HARDWARE: &[Hardware] = &[
    Hardware {
        name: "V100",
        memory: "HBM2 at 900 GB/s",
        memory_source: "NVIDIA Tesla V100 GPU Architecture (whitepaper), 2017",
        bandwidth: Some(900 * GIGA),
        flops: Some(125_000 * GIGA),
        default_level: "shared",
        levels: &[
            Level {
                name: "shared",
                bytes: 96 * KIB,
                shared_by: "one SM",
                traffic: "words between L2 and one SM",
                source: CUDA_GUIDE,
            },
            Level {
                name: "L2",
                bytes: 6 * MIB,
                shared_by: "all 80 SMs",
                traffic: "words between HBM and L2",
                source: "NVIDIA Tesla V100 GPU Architecture (whitepaper), 2017",
            },
        ],
    },
    Hardware {
        name: "A100",
        memory: "40 GB HBM2 at 1555 GB/s, or 80 GB HBM2e at 2039 GB/s (SXM)",
        memory_source: "NVIDIA A100 Tensor Core GPU (data sheet), 2021",
        bandwidth: Some(2039 * GIGA),
        flops: Some(312_000 * GIGA),
        default_level: "shared",
        levels: &[
            Level {
                name: "shared",
                bytes: 164 * KIB,
                shared_by: "one SM (one thread block: 163 KiB)",
                traffic: "words between L2 and one SM",
                source: CUDA_GUIDE,
            },
            Level {
                name: "L1+shared",
                bytes: 192 * KIB,
                shared_by: "one SM",
                traffic: "words between L2 and one SM",
                source: A100_PAPER,
            },
            Level {
                name: "registers",
                bytes: 256 * KIB,
                shared_by: "one SM",
                traffic: "words between L1/shared memory and the registers of one SM",
                source: A100_PAPER,
            },
            Level {
                name: "L2",
                bytes: 40 * MIB,
                shared_by: "all 108 SMs",
                traffic: "words between HBM and L2",
                source: A100_PAPER,
            },
        ],
    },
    Hardware {
        name: "H100 SXM",
        memory: "80 GB HBM3 at 3.35 TB/s",
        memory_source: "NVIDIA H100 Tensor Core GPU (data sheet), 2023",
        bandwidth: Some(3350 * GIGA),
        flops: Some(989_400 * GIGA),
        default_level: "shared",
        levels: &[
            Level {
                name: "shared",
                bytes: 228 * KIB,
                shared_by: "one SM (one thread block: 227 KiB)",
                traffic: "words between L2 and one SM",
                source: CUDA_GUIDE,
            },
            Level {
                name: "L1+shared",
                bytes: 256 * KIB,
                shared_by: "one SM",
                traffic: "words between L2 and one SM",
                source: H100_PAPER,
            },
            Level {
                name: "registers",
                bytes: 256 * KIB,
                shared_by: "one SM",
                traffic: "words between L1/shared memory and the registers of one SM",
                source: H100_PAPER,
            },
            Level {
                name: "L2",
                bytes: 50 * MIB,
                shared_by: "all 132 SMs",
                traffic: "words between HBM and L2",
                source: H100_PAPER,
            },
        ],
    },
    Hardware {
        name: "RTX 4090",
        memory: "24 GB GDDR6X at 1008 GB/s",
        memory_source: ADA_PAPER,
        bandwidth: Some(1008 * GIGA),
        flops: Some(165_200 * GIGA),
        default_level: "shared",
        levels: &[
            Level {
                name: "shared",
                bytes: 100 * KIB,
                shared_by: "one SM (one thread block: 99 KiB)",
                traffic: "words between L2 and one SM",
                source: CUDA_GUIDE,
            },
            Level {
                name: "L1+shared",
                bytes: 128 * KIB,
                shared_by: "one SM",
                traffic: "words between L2 and one SM",
                source: ADA_PAPER,
            },
            Level {
                name: "registers",
                bytes: 256 * KIB,
                shared_by: "one SM",
                traffic: "words between L1/shared memory and the registers of one SM",
                source: ADA_PAPER,
            },
            Level {
                name: "L2",
                bytes: 72 * MIB,
                shared_by: "all 128 SMs",
                traffic: "words between GDDR6X and L2",
                source: ADA_PAPER,
            },
        ],
    },
    Hardware {
        name: "MI300X",
        memory: "192 GB HBM3 at 5.3 TB/s",
        memory_source: CDNA3_PAPER,
        bandwidth: Some(5300 * GIGA),
        flops: Some(1_307_400 * GIGA),
        default_level: "LDS",
        levels: &[
            Level {
                name: "LDS",
                bytes: 64 * KIB,
                shared_by: "one CU",
                traffic: "words between the L2 of an XCD and one CU",
                source: CDNA3_PAPER,
            },
            Level {
                name: "L2",
                bytes: 4 * MIB,
                shared_by: "the 38 CUs of one XCD",
                traffic: "words between Infinity Cache and one XCD",
                source: CDNA3_PAPER,
            },
            Level {
                name: "Infinity Cache",
                bytes: 256 * MIB,
                shared_by: "all 8 XCDs",
                traffic: "words between HBM and Infinity Cache",
                source: CDNA3_PAPER,
            },
        ],
    },
    Hardware {
        name: "Apple M2",
        memory: "unified LPDDR5 at 100 GB/s",
        memory_source: "Apple unveils M2 (press release), 2022",
        bandwidth: Some(100 * GIGA),
        flops: None,
        default_level: "threadgroup",
        // Apple does not publish the sizes of the GPU's caches, so none is listed.
        levels: &[Level {
            name: "threadgroup",
            bytes: 32 * KIB,
            shared_by: "one threadgroup of the GPU",
            traffic: "words between the GPU's caches and one threadgroup",
            source: METAL_TABLES,
        }],
    },
    Hardware {
        name: "x86 server core (Xeon Platinum 8480+)",
        memory: "8 channels of DDR5-4800",
        memory_source: "Intel product specifications, Xeon Platinum 8480+",
        bandwidth: None,
        flops: None,
        default_level: "L2",
        levels: &[
            Level {
                name: "L1d",
                bytes: 48 * KIB,
                shared_by: "one core",
                traffic: "words between L2 and L1 of one core",
                source: INTEL_MANUAL,
            },
            Level {
                name: "L2",
                bytes: 2 * MIB,
                shared_by: "one core",
                traffic: "words between L3 and L2 of one core",
                source: INTEL_MANUAL,
            },
            Level {
                name: "L3",
                bytes: 105 * MIB,
                shared_by: "all 56 cores",
                traffic: "words between DRAM and L3 (not inclusive: L2 holds other words)",
                source: "Intel product specifications, Xeon Platinum 8480+",
            },
        ],
    },
    Hardware {
        name: "EPYC 9654 core",
        memory: "12 channels of DDR5-4800",
        memory_source: EPYC_BRIEF,
        bandwidth: None,
        flops: None,
        default_level: "L2",
        levels: &[
            Level {
                name: "L1d",
                bytes: 32 * KIB,
                shared_by: "one core",
                traffic: "words between L2 and L1 of one core",
                source: EPYC_BRIEF,
            },
            Level {
                name: "L2",
                bytes: MIB,
                shared_by: "one core",
                traffic: "words between L3 and L2 of one core",
                source: EPYC_BRIEF,
            },
            Level {
                name: "L3",
                bytes: 32 * MIB,
                shared_by: "the 8 cores of one die",
                traffic: "words between DRAM and the L3 of one die",
                source: EPYC_BRIEF,
            },
        ],
    },
];

/// The processor of that name; case and punctuation do not matter, a unique beginning is enough.
///
/// # Errors
///
/// [`UnknownName`], with the names there are.
pub fn find(name: &str) -> Result<&'static Hardware, UnknownName> {
    names::find("hardware", HARDWARE, |it| it.name, name)
}

impl Hardware {
    /// The level of that name, or the default one.
    ///
    /// # Errors
    ///
    /// [`UnknownName`], with the names of the levels of this processor.
    pub fn level(&self, name: Option<&str>) -> Result<&'static Level, UnknownName> {
        names::find("level", self.levels, |it| it.name, name.unwrap_or(self.default_level))
    }
}

impl Level {
    /// M: how many words of `bytes_per_word` bytes fit, rounded down.
    #[must_use]
    pub fn words(&self, bytes_per_word: NonZeroU64) -> Words {
        Words(self.bytes / bytes_per_word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_processor_has_its_default_level_and_distinct_names() {
        for hardware in HARDWARE {
            assert_eq!(find(hardware.name), Ok(hardware));
            let level = hardware.level(None).expect("the default level exists");
            assert_eq!(level.name, hardware.default_level);
            for level in hardware.levels {
                assert_eq!(hardware.level(Some(level.name)), Ok(level), "{}", hardware.name);
            }
            assert!(hardware.levels.is_sorted_by_key(|it| it.bytes), "{}", hardware.name);
        }
    }

    #[test]
    fn as_typed() {
        assert_eq!(find("rtx4090").expect("known").name, "RTX 4090");
        assert_eq!(find("h100").expect("known").name, "H100 SXM");
        assert!(find("x86").is_ok());
        let error = find("TPU").expect_err("not in the table");
        assert_eq!(
            error.to_string(),
            "no hardware is called \"TPU\"; known: V100, A100, H100 SXM, RTX 4090, MI300X, Apple M2, \
             x86 server core (Xeon Platinum 8480+), EPYC 9654 core"
        );
        let error = find("A100").expect("known").level(Some("L3")).expect_err("no L3");
        assert_eq!(
            error.to_string(),
            "no level is called \"L3\"; known: shared, L1+shared, registers, L2"
        );
    }

    #[test]
    fn words_of_the_flash_attention_paper() {
        // 192 KiB of 2-byte words: 196608/2
        let level = find("A100").expect("known").level(Some("L1+shared")).expect("known");
        let two = NonZeroU64::new(2).expect("2 is not 0");
        assert_eq!(level.words(two), Words(98304));
    }
}
