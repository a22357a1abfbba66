//! `iobound plan`: sizes worked by hand, the keys it documents, refusals.
#![expect(clippy::unwrap_used, reason = "tests")]

use assert_cmd::Command;
use serde_json::Value;

fn plan(args: &str) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("iobound").unwrap();
    let output = command.arg("plan").args(args.split_whitespace()).output().unwrap();
    let text = |it: Vec<u8>| String::from_utf8(it).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn json(args: &str) -> Value {
    let (status, text, said) = plan(&format!("{args} --json"));
    assert_eq!(status, Some(0), "{said}");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_layer_of_bert_on_an_a100() {
    let it = json("--model bert-large --hardware a100");
    // Q, K, V and O of 512 rows of 64 words, once, for 16 heads; 2 bytes a word, 24 layers.
    assert_eq!(it["io"], 4 * 512 * 64 * 16);
    assert_eq!(it["io_per_head"], 131_072.0);
    assert_eq!((&it["bytes"], &it["bytes_all_layers"]), (&4_194_304.into(), &100_663_296.into()));
    assert_eq!(it["bound"], serde_json::json!({"id": "compulsory", "value": 2_097_152}));
    assert_eq!((&it["gap"], &it["traffic"]), (&1.0.into(), &"words between L2 and one SM".into()));
    let ms = |key: &str| it["time"][key].as_f64().unwrap();
    // 4·512²·64·16 = 2³⁰ operations at 312 TFLOP/s; 4,194,304 bytes at 2,039 GB/s.
    assert!((ms("compute_ms") - 0.003_441).abs() < 1e-6, "{it}");
    assert!((ms("memory_ms") - 0.002_057).abs() < 1e-6, "{it}");
    assert_eq!(it["time"]["limit"], "compute");
    // Blocks of 128 queries: Q and O once, K and V 4 times. 192: 3 times.
    let io = |i: usize| it["kernels"][i]["io"].as_u64().unwrap();
    assert_eq!((io(0), io(1)), (16 * 10 * 32_768, 16 * 8 * 32_768));
    assert_eq!(it["kernels"][0]["over_best"], 2.5);
}

#[test]
fn tiles_that_do_not_fit_say_by_how_much() {
    // Q, o: 2·128·64; K, V: 2·128·64; s: 128²; m, l, t: 3·128; 2 words of scratch: 49,538.
    let args = "--n 256 --d 64 --hardware a100 --m 12000";
    let kernel = &json(args)["kernels"][0];
    assert_eq!((&kernel["peak"], &kernel["over"]), (&49_538.into(), &37_538.into()));
    assert_eq!((&kernel["fits"], &kernel["over_best"]), (&false.into(), &Value::Null));
    let (_, text, _) = plan(args);
    assert!(text.contains("37,538 words over M"), "{text}");
}

#[test]
fn the_mask_is_the_models_and_what_is_unknown_is_not_said() {
    let causal = json("--model gpt2-medium --n 256 --hardware a100");
    assert_eq!(causal["mask"], "causal");
    let full = json("--model gpt2-medium --n 256 --hardware a100 --mask full");
    assert_eq!(full["mask"], "full");
    // The core's table names neither rate, and kernels' tiles are about a GPU's SM.
    let (status, text, _) = plan("--model bert-large --hardware x86");
    assert_eq!(status, Some(0));
    assert!(!text.contains("GB/s") && !text.contains("FlashAttention-2"), "{text}");
    assert!(text.contains("words between L3 and L2 of one core"), "{text}");
}

#[test]
fn every_key_is_documented() {
    let (_, help, _) = plan("--help");
    let it = json("--n 64 --d 64 --hardware h100");
    let inner = [&it["time"], &it["kernels"][0]];
    for object in [&it].into_iter().chain(inner) {
        for key in object.as_object().unwrap().keys() {
            assert!(help.contains(key.as_str()), "{key} is not in the help");
        }
    }
}

#[test]
fn refusals() {
    for (args, place) in [
        ("--model bert-large", "--hardware"),
        ("--model bert-large --hardware a100 --backward", "--backward"),
        ("--hardware a100 --d 64", "--n"),
        ("--hardware a100 --n 64 --d 64 --heads 3 --kv-heads 2", "--kv-heads"),
    ] {
        let (status, _, said) = plan(args);
        assert_eq!(status, Some(2), "{args}");
        assert!(said.contains(place), "{said}");
    }
}
