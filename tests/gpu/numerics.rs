//! f32 outputs against attention in f64, within the stated bound.

use iobound::{
    device::{Adapter, Device},
    model::Words,
    trial::{Cell, Inputs, Tiling, Trial, shipped, trial},
};

fn trials(device: &Device, inputs: Inputs, seed: u64) -> Vec<(String, Trial)> {
    let cell = Cell { n: 37, d: 9, tiling: Tiling::Best(Words(512)) };
    let one = |it: &iobound::strategy::Schedule| {
        let binding = cell.binding(it).unwrap();
        let trial = trial(&it.program, &binding, device, inputs, seed).unwrap();
        assert!(trial.equal(), "{}, {inputs:?}: {trial:?}", it.name);
        assert!(trial.close(), "{}, {inputs:?}, seed {seed}: {trial:?}", it.name);
        assert_eq!(trial.difference.is_some(), inputs.judged(it.program.takes_max()));
        (it.name.clone(), trial)
    };
    shipped().map(one).collect()
}

fn all_inputs(device: &Device) {
    for (_, inputs) in Inputs::ALL {
        for seed in if *inputs == Inputs::Uniform { 1..4 } else { 1..2 } {
            trials(device, *inputs, seed);
        }
    }
}

#[test]
fn outputs_are_attention() {
    all_inputs(&Device::Interpreter);
}

#[test]
#[ignore = "needs a Vulkan, Metal or DX12 adapter"]
fn outputs_of_an_adapter_are_attention() {
    all_inputs(&Device::Adapter(Adapter::open().unwrap()));
}

/// Equal scores: every row is the mean of V. By hand, not by the reference.
#[test]
fn equal_scores_give_the_mean() {
    let cell = Cell { n: 4, d: 1, tiling: Tiling::Same(2) };
    for it in shipped() {
        let binding = cell.binding(it).unwrap();
        let program = &it.program;
        let made = iobound::reading::wgsl::kernels(
            program,
            &binding,
            &Device::Interpreter.limits(),
            iobound::reading::wgsl::Form::Plain,
        );
        let made = made.unwrap();
        let mut memory: Vec<Vec<f32>> = made.arrays.iter().map(|it| vec![0.0; it.1]).collect();
        memory[2] = vec![1.0, 2.0, 3.0, 6.0];
        let left = Device::Interpreter.run(&made, memory).unwrap();
        for o in &left.memory[3] {
            assert!((o - 3.0).abs() < 1e-5, "{}: {:?}", it.name, left.memory[3]);
        }
    }
}
