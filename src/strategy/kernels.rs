//! Tiles of kernels that people run.

/// Blocks of queries and keys that a kernel uses at one head dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kernel {
    /// The kernel.
    pub name: &'static str,
    /// Words in a row.
    pub d: u64,
    /// Only with this (`true`) or without (`false`) a causal mask; `None` with both.
    pub causal: Option<bool>,
    /// Queries in a block.
    pub br: u64,
    /// Keys in a block.
    pub bc: u64,
}

/// Where [`KERNELS`] comes from.
pub const KERNELS_SOURCE: &str = "tiles of flash-attention's csrc/flash_attn/src/flash_fwd_launch_template.h (commit \
                                  01afd16) and hopper/tile_size.h (commit 07602ad): 16 bits a word, forward, no \
                                  dropout, no window; other versions have others";

/// What their tiles are about: they stand in the shared memory and the registers of an SM.
pub const KERNELS_TRAFFIC: &str = "words between L2 and one SM";

/// Every kernel the program knows.
pub const KERNELS: &[Kernel] = &[
    Kernel { name: "FlashAttention-2", d: 32, causal: None, br: 128, bc: 128 },
    Kernel { name: "FlashAttention-2", d: 64, causal: None, br: 128, bc: 128 },
    Kernel { name: "FlashAttention-2", d: 96, causal: None, br: 128, bc: 64 },
    Kernel { name: "FlashAttention-2", d: 128, causal: None, br: 128, bc: 64 },
    Kernel {
        name: "FlashAttention-2, sm86 and sm89",
        d: 128,
        causal: Some(false),
        br: 128,
        bc: 32,
    },
    Kernel { name: "FlashAttention-2, sm86 and sm89", d: 128, causal: Some(true), br: 64, bc: 64 },
    Kernel { name: "FlashAttention-2", d: 192, causal: None, br: 128, bc: 64 },
    Kernel { name: "FlashAttention-2, A100", d: 256, causal: None, br: 128, bc: 64 },
    Kernel { name: "FlashAttention-2, H100", d: 256, causal: None, br: 64, bc: 64 },
    Kernel { name: "FlashAttention-3", d: 64, causal: Some(false), br: 192, bc: 192 },
    Kernel { name: "FlashAttention-3", d: 64, causal: Some(true), br: 192, bc: 128 },
    Kernel { name: "FlashAttention-3", d: 96, causal: None, br: 192, bc: 144 },
    Kernel { name: "FlashAttention-3", d: 128, causal: Some(false), br: 128, bc: 176 },
    Kernel { name: "FlashAttention-3", d: 128, causal: Some(true), br: 128, bc: 128 },
    Kernel { name: "FlashAttention-3", d: 192, causal: None, br: 128, bc: 112 },
    Kernel { name: "FlashAttention-3", d: 256, causal: None, br: 128, bc: 80 },
];
