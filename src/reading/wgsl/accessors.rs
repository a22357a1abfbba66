//! The module around a kernel's body: constants, buffers, accessors, counters.

use super::{Access, Form, Kernel, Limits, NotAKernel, statement::Body, text::Text};
use crate::schedule::program::Slow;
use std::collections::BTreeSet;

/// −∞: the lowest finite f32, which exp takes to 0 from any score.
const LOWEST: &str = "-3.4028234e38";

/// ⌈a/b⌉ and ⌊a/b⌋ for b > 0, and GELU in its tanh form; each only where a body calls it.
const HELPERS: &[(&str, &str)] = &[
    (
        "floor_div(",
        "fn floor_div(a: i32, b: i32) -> i32 {\n  return (a - (((a % b) + b) % b)) / b;\n}",
    ),
    (
        "ceil_div(",
        "fn ceil_div(a: i32, b: i32) -> i32 {\n  return (a + (((-a % b) + b) % b)) / b;\n}",
    ),
    (
        "gelu(",
        "fn gelu(x: f32) -> f32 {\n  \
         return 0.5 * x * (1.0 + tanh(0.7978845608 * (x + 0.044715 * x * x * x)));\n}",
    ),
];

/// The kernel of a body.
pub(super) fn module(
    limits: &Limits,
    form: Form,
    title: &str,
    body: &Body,
) -> Result<Kernel, NotAKernel> {
    let counted = form == Form::Counted;
    let arrays = body.arrays.as_slice();
    let slows: BTreeSet<Slow> = body.accesses.iter().map(|it| it.slow()).collect();
    let needed = slows.len() + usize::from(counted);
    if needed > limits.buffers {
        return Err(NotAKernel::Buffers { title: title.to_owned(), needed, most: limits.buffers });
    }
    // No invocation touches more than one word of an array an iteration or, outside loops, a statement.
    let words = u128::from(body.iterations) + body.text.lines().count() as u128;
    let words = words * u128::from(body.width) * body.host.unwrap_or(1).unsigned_abs();
    if counted && words > u128::from(u32::MAX) {
        return Err(NotAKernel::Counter { title: title.to_owned(), words });
    }
    let counters_at = u32::try_from(arrays.len()).unwrap_or(u32::MAX);
    let host_at = counters_at + 1;
    let accesses: Vec<Access> = body.accesses.iter().copied().collect();
    let mut out = Text::default();
    out.line(format_args!(
        "// {title}: {} workgroups of {} invocations, {} words of workgroup memory each",
        body.grid, body.width, body.words
    ));
    for (name, value) in &body.sizes {
        out.line(format_args!("const {name}: i32 = {value};"));
    }
    out.line(format_args!("const LOWEST: f32 = {LOWEST};"));
    if let Some(d) = body.scale {
        #[expect(clippy::cast_precision_loss, reason = "a size is far below 2^53")]
        let scale = (d as f64).sqrt().recip();
        out.line(format_args!("const SCALE: f32 = {scale:?};"));
    }
    for slow in slows {
        let (at, name) = (slow.0, &arrays[slow.0]);
        let mode = if accesses.contains(&Access::Store(slow)) { "read_write" } else { "read" };
        out.line(format_args!(
            "@group(0) @binding({at}) var<storage, {mode}> slow_{name}: array<f32>;"
        ));
    }
    if counted {
        out.line(format_args!(
            "@group(0) @binding({counters_at}) var<storage, read_write> counters: \
             array<atomic<u32>>;"
        ));
    }
    if body.host.is_some() {
        out.line(format_args!("@group(0) @binding({host_at}) var<uniform> host: i32;"));
    }
    out.line(format_args!("var<workgroup> fast: array<f32, {}>;", body.words.max(1)));
    for access in &accesses {
        accessor(&mut out, *access, arrays, counted);
    }
    if counted {
        // No array is called 0.
        out.open("fn st_0(i: i32, n: u32)");
        out.line("atomicAdd(&counters[i], n);");
        out.close();
    }
    for (call, text) in HELPERS {
        if body.text.contains(call) {
            out.line(text);
        }
    }
    out.line(format_args!("@compute @workgroup_size({})", body.width));
    out.open(
        "fn main(@builtin(local_invocation_index) lane_u: u32, \
         @builtin(workgroup_id) group_u: vec3<u32>)",
    );
    out.line("let lane: i32 = i32(lane_u);");
    out.line("let group: i32 = i32(group_u.x);");
    out.text += &body.text;
    if counted {
        let n = accesses.len();
        for (at, access) in accesses.iter().enumerate() {
            let name = accessor_name(*access, arrays);
            out.line(format_args!("st_0(group * {n} + {at}, n_{name});"));
        }
    }
    out.close();
    Ok(Kernel {
        text: out.text,
        grid: u32::try_from(body.grid).unwrap_or(u32::MAX),
        width: body.width,
        host: body.host.map(|it| u32::try_from(it).unwrap_or(u32::MAX)),
        words: body.words,
        iterations: body.iterations,
        accesses,
        counters_at,
        host_at,
    })
}

fn accessor_name(access: Access, arrays: &[String]) -> String {
    match access {
        Access::Load(slow) => format!("ld_{}", arrays[slow.0]),
        Access::Store(slow) => format!("st_{}", arrays[slow.0]),
    }
}

fn accessor(out: &mut Text, access: Access, arrays: &[String], counted: bool) {
    let name = accessor_name(access, arrays);
    if counted {
        out.line(format_args!("var<private> n_{name}: u32;"));
    }
    match access {
        Access::Load(_) => out.open(format_args!("fn {name}(i: i32) -> f32")),
        Access::Store(_) => out.open(format_args!("fn {name}(i: i32, v: f32)")),
    }
    if counted {
        out.line(format_args!("n_{name} = n_{name} + 1u;"));
    }
    let array = &arrays[access.slow().0];
    match access {
        Access::Load(_) => out.line(format_args!("return slow_{array}[i];")),
        Access::Store(_) => out.line(format_args!("slow_{array}[i] = v;")),
    }
    out.close();
}
