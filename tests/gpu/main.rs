//! Prediction and run.
#![expect(clippy::unwrap_used, reason = "tests")]

use iobound::{
    device::{Adapter, Device},
    model::Words,
    reading::wgsl::kernels,
    strategy::{ALGORITHMS, Max, Want, choose},
    trial::{Inputs, form, try_kernels},
};
use std::time::Instant;

#[test]
fn try_it() {
    let n: u64 = std::env::var("N").map_or(20, |it| it.parse().unwrap());
    let d: u64 = std::env::var("D").map_or(6, |it| it.parse().unwrap());
    let m: u64 = std::env::var("M").map_or(1024, |it| it.parse().unwrap());
    let mut devices = vec![Device::Interpreter];
    let t = Instant::now();
    match Adapter::open() {
        Ok(it) => devices.push(Device::Adapter(it)),
        Err(it) => println!("{it}"),
    }
    println!("{devices:?} {:?}", t.elapsed());
    for algorithm in ALGORITHMS {
        for max in [Max::Kept, Max::Dropped] {
            let Some(schedule) = algorithm.schedule(max) else { continue };
            let program = &schedule.program;
            let Ok(choice) = choose(schedule, None, &[("N", n), ("d", d)], Words(m), &Want::Best(vec![])) else { continue };
            for device in &devices {
            let kernels = match kernels(program, &choice.binding, &device.limits(), form(device)) {
                Ok(it) => it,
                Err(it) => { println!("{}: {it}", schedule.name); continue }
            };
            if std::env::var("SHOW").is_ok_and(|it| it == schedule.name) {
                for k in &kernels.kernels { println!("{}", k.text); }
            }
            let t = Instant::now();
            let it = try_kernels(program, &choice.binding, &kernels, device, Inputs::Uniform, 1).unwrap_or_else(|it| panic!("{}: {it}", schedule.name));
            println!("{} {:?} {:?} equal {} {:?} {:?} iterations {:?}", schedule.name, device.kind(), t.elapsed(), it.equal(), it.io(), it.difference, kernels.kernels.iter().map(|it| it.iterations).max());
            }
        }
    }
}
