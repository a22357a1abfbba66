//! Every member of the family as kernels: the words are those of `count`, the outputs those of its reference.

use iobound::{
    device::{Adapter, Device},
    model::Words,
    strategy::{Want, choose, family, member},
    trial::{TrialError, trial},
};

/// Sizes by name; a text takes those that it declares.
const SIZES: [(&str, u64); 18] = [
    ("N", 13),
    ("P", 13),
    ("d", 4),
    ("dv", 3),
    ("dr", 2),
    ("H", 2),
    ("G", 2),
    ("B", 2),
    ("L", 4),
    ("W", 4),
    ("F", 2),
    ("S", 2),
    ("X", 3),
    ("h", 2),
    ("R", 4),
    ("g", 2),
    ("m", 5),
    ("k", 3),
];

/// How many ran; the rest is refused for the reason that is known.
fn ran(device: &Device) -> usize {
    let mut ran = 0;
    // The indices that `paged` loads have no kernel.
    for it in family().filter(|it| it.name != "paged") {
        let (name, schedule) = (it.name, it.schedule());
        let program = &schedule.program;
        let declared = |name: &str| program.params.iter().any(|it| program.name(*it) == name);
        let sizes: Vec<_> = SIZES.into_iter().filter(|it| declared(it.0)).collect();
        let choice = choose(schedule, None, &sizes, Words(600), &Want::Best(vec![])).unwrap();
        let task = it.task(&choice.binding).unwrap();
        match trial(program, &choice.binding, device, &task, 5) {
            Ok(it) => {
                assert!(it.equal() && it.close(), "{name} {:?}: {it:?}", choice.tiles);
                ran += 1;
            }
            Err(TrialError::NotAKernel(it)) => println!("{name}: {it}"),
            Err(it) => panic!("{name}: {it}"),
        }
    }
    ran
}

#[test]
fn every_member_runs_on_the_interpreter() {
    assert_eq!(ran(&Device::Interpreter), family().count() - 1);
}

#[test]
#[ignore = "needs a Vulkan, Metal or DX12 adapter"]
fn members_run_on_an_adapter() {
    let device = Device::Adapter(Adapter::open().unwrap());
    assert!(ran(&device) > 20);
}

/// A reference of another task is seen.
#[test]
fn another_task_is_far() {
    let schedule = member("cross").unwrap().schedule();
    let sizes = [("N", 8), ("P", 8), ("d", 4), ("dv", 4)];
    let choice = choose(schedule, None, &sizes, Words(300), &Want::Best(vec![])).unwrap();
    let causal = member("causal").unwrap();
    let binding = causal.schedule().least_tiles(&sizes).unwrap();
    let task = causal.task(&binding).unwrap();
    let it = trial(&schedule.program, &choice.binding, &Device::Interpreter, &task, 5);
    let it = it.unwrap();
    assert!(it.equal() && !it.close(), "{it:?}");
}
