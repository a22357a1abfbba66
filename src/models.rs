//! Attention shapes of published models: one head, and how many of them there are.

use crate::names;

pub use crate::names::UnknownName;

/// The attention of one layer of a model.
///
/// `n` and `d` describe one head; a layer has `heads` of them for each sequence of the batch. With
/// grouped queries `heads / kv_heads` query heads read the same keys and values; one head alone, as
/// counted here, does not show that saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Model {
    /// The name `--model` takes.
    pub name: &'static str,
    /// N: the longest sequence it was made for, or the one the note names.
    pub n: u64,
    /// d: the head dimension; where `d_k` and `d_v` differ, the smaller (see the note).
    pub d: u64,
    /// Query heads a layer.
    pub heads: u64,
    /// Key/value heads a layer.
    pub kv_heads: u64,
    /// Layers with this attention.
    pub layers: u64,
    /// Does a query see only earlier keys? (The counts without a mask are for the full square.)
    pub causal: bool,
    /// What a reader could get wrong; may be empty.
    pub note: &'static str,
    /// Where the numbers come from.
    pub source: &'static str,
}

const LLAMA_3: &str = "Grattafiori et al. 2024, The Llama 3 Herd of Models, Table 3";

/// Every model the program knows.
pub const MODELS: &[Model] = &[
    Model {
        name: "BERT-large",
        n: 512,
        d: 64,
        heads: 16,
        kv_heads: 16,
        layers: 24,
        causal: false,
        note: "",
        source: "Devlin et al. 2019, section 3",
    },
    Model {
        name: "GPT-2 medium",
        n: 1024,
        d: 64,
        heads: 16,
        kv_heads: 16,
        layers: 24,
        causal: true,
        note: "the shape of Figure 2 of the FlashAttention paper",
        source: "Radford et al. 2019, Table 2, and the released configuration",
    },
    Model {
        name: "GPT-2 XL",
        n: 1024,
        d: 64,
        heads: 25,
        kv_heads: 25,
        layers: 48,
        causal: true,
        note: "",
        source: "Radford et al. 2019, Table 2, and the released configuration",
    },
    Model {
        name: "GPT-3 175B",
        n: 2048,
        d: 128,
        heads: 96,
        kv_heads: 96,
        layers: 96,
        causal: true,
        note: "half of the layers use a locally banded mask",
        source: "Brown et al. 2020, Table 2.1",
    },
    Model {
        name: "ViT-L/16",
        n: 197,
        d: 64,
        heads: 16,
        kv_heads: 16,
        layers: 24,
        causal: false,
        note: "images of 224 x 224: 14 x 14 patches and one class token",
        source: "Dosovitskiy et al. 2021, Table 1",
    },
    Model {
        name: "Whisper large encoder",
        n: 1500,
        d: 64,
        heads: 20,
        kv_heads: 20,
        layers: 32,
        causal: false,
        note: "30 seconds of sound",
        source: "Radford et al. 2022, Table 1, and the released configuration",
    },
    Model {
        name: "Llama-2-7B",
        n: 4096,
        d: 128,
        heads: 32,
        kv_heads: 32,
        layers: 32,
        causal: true,
        note: "",
        source: "Touvron et al. 2023, Llama 2, and the released configuration",
    },
    Model {
        name: "Llama-3-8B",
        n: 8192,
        d: 128,
        heads: 32,
        kv_heads: 8,
        layers: 32,
        causal: true,
        note: "4 query heads share a key/value head",
        source: LLAMA_3,
    },
    Model {
        name: "Llama-3-70B",
        n: 8192,
        d: 128,
        heads: 64,
        kv_heads: 8,
        layers: 80,
        causal: true,
        note: "8 query heads share a key/value head",
        source: LLAMA_3,
    },
    Model {
        name: "Llama-3.1-405B",
        n: 131_072,
        d: 128,
        heads: 128,
        kv_heads: 8,
        layers: 126,
        causal: true,
        note: "16 query heads share a key/value head",
        source: LLAMA_3,
    },
    Model {
        name: "DeepSeek-V2",
        n: 131_072,
        d: 128,
        heads: 128,
        kv_heads: 128,
        layers: 60,
        causal: true,
        note: "d_k = 192 (128, and 64 rotary ones shared by all heads), d_v = 128; d = 128 here, so bounds hold and counts are too low; keys and values come from 512 + 64 compressed words a token",
        source: "DeepSeek-AI 2024, DeepSeek-V2, section 3.1.2",
    },
];

/// The model of that name; case and punctuation do not matter, a unique beginning is enough.
///
/// # Errors
///
/// [`UnknownName`], with the names there are.
pub fn find(name: &str) -> Result<&'static Model, UnknownName> {
    names::find("model", MODELS, |it| it.name, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_is_found_by_its_name_and_adds_up() {
        for model in MODELS {
            assert_eq!(find(model.name), Ok(model));
            assert_eq!(model.heads % model.kv_heads, 0, "{}", model.name);
            assert!(!model.source.is_empty());
        }
    }

    #[test]
    fn as_typed() {
        assert_eq!(find("vit-l").expect("known").n, 197);
        assert_eq!(find("llama-3-8b").expect("known").kv_heads, 8);
        assert_eq!(find("gpt2 medium").expect("known").d, 64);
        let error = find("gpt-2").expect_err("two of them");
        assert_eq!(
            error.to_string(),
            "no model is called \"gpt-2\"; known: GPT-2 medium, GPT-2 XL"
        );
    }
}
