//! What must fail, fails, and says why.

use iobound::{
    device::{Device, DeviceError},
    reading::wgsl::{Form, Kernels, Limits, NotAKernel, kernels},
    schedule::{Program, bind::Binding},
    strategy::{self, Max, Schedule},
    trial::{Cell, Inputs, Tiling, Trial, TrialError, try_kernels},
};

const CELL: Cell = Cell { n: 10, d: 3, tiling: Tiling::Same(4) };

fn flash2(form: Form) -> (&'static Schedule, Binding, Kernels) {
    let schedule = strategy::find("flash2").unwrap().schedule(Max::Kept).unwrap();
    let binding = CELL.binding(schedule).unwrap();
    let made = kernels(&schedule.program, &binding, &Limits::PORTABLE, form).unwrap();
    (schedule, binding, made)
}

/// The trial of flash2 with `from` replaced by `to` in its kernel.
fn altered(form: Form, from: &str, to: &str) -> Result<Trial, TrialError> {
    let (schedule, binding, mut made) = flash2(form);
    let text = &mut made.kernels[0].text;
    assert!(text.contains(from), "{text}");
    *text = text.replacen(from, to, 1);
    try_kernels(&schedule.program, &binding, &made, &Device::Interpreter, Inputs::Uniform, 1)
}

/// The comparison can fail: one load too many by one invocation of each workgroup.
#[test]
fn one_load_more_is_seen() {
    for form in [Form::Plain, Form::Counted] {
        let there = "let group: i32 = i32(group_u.x);\n";
        let right = altered(form, there, there).unwrap();
        assert!(right.equal() && right.close(), "{right:?}");
        let more = format!("{there}if (lane == 0) {{ let more = ld_K(0); }}\n");
        let wrong = altered(form, there, &more).unwrap();
        assert!(!wrong.equal(), "{wrong:?}");
        let [q, k, ..] = wrong.lines.as_slice() else { panic!("{wrong:?}") };
        assert_eq!(q.counted, q.predicted);
        assert_eq!(k.counted.loads, k.predicted.loads + 3, "3 workgroups");
    }
}

/// A load that goes round the accessor, where no counter sees it, is refused.
#[test]
fn storage_outside_the_accessors_is_refused() {
    let there = "let lane: i32 = i32(lane_u);";
    let to = format!("{there} var more = slow_K[0];");
    let refused = altered(Form::Counted, there, &to).unwrap_err();
    let bypassed =
        DeviceError::Bypassed { variable: "slow_K".to_owned(), function: "main".to_owned() };
    assert_eq!(refused, TrialError::Device(bypassed));
}

#[test]
fn a_wrong_result_is_seen() {
    let wrong = altered(Form::Plain, "exp((", "sqrt((").unwrap();
    assert!(wrong.equal() && !wrong.close(), "{wrong:?}");
}

#[test]
fn an_interpreter_stops_what_is_wrong() {
    let device = |from: &str, to: &str| match altered(Form::Plain, from, to) {
        Err(TrialError::Device(it)) => it,
        it => panic!("{it:?}"),
    };
    let there = "let lane: i32 = i32(lane_u);";
    let outside = device("= ld_Q(", "= ld_Q(1000 + ");
    assert!(matches!(outside, DeviceError::Outside { words: 30, .. }), "{outside}");
    let alone = device(there, &format!("{there} if (lane == 1) {{ workgroupBarrier(); }}"));
    assert!(matches!(alone, DeviceError::Barrier { there: 1, .. }), "{alone}");
    let endless = device(there, &format!("{there} while (lane >= 0) {{ }}"));
    assert!(matches!(endless, DeviceError::Endless { .. }), "{endless}");
    assert!(matches!(device(there, "let lane = ;"), DeviceError::Text(_)));
}

fn refused(name: &str, cell: Cell, limits: &Limits) -> NotAKernel {
    let schedule = strategy::find(name).unwrap().schedule(Max::Kept).unwrap();
    let binding = cell.binding(schedule).unwrap();
    kernels(&schedule.program, &binding, limits, Form::Counted).unwrap_err()
}

#[test]
fn what_cannot_be_a_kernel_says_why() {
    let large = Cell { n: 512, d: 64, tiling: Tiling::Same(64) };
    let limits = Limits::PORTABLE;
    let it = refused("flash2", large, &limits);
    assert!(matches!(it, NotAKernel::TilesTooLarge { most: 4096, .. }), "{it}");
    let small = Cell { n: 20, d: 4, tiling: Tiling::Same(3) };
    let short = Limits { iterations: 100, ..limits };
    let NotAKernel::TooLong { carried, most: 100, .. } = refused("pinned", small, &short) else {
        panic!("another reason");
    };
    assert_eq!(carried, ["x", "y"]);
    assert!(refused("pinned", small, &short).to_string().contains("`x`, `y` live across it"));
    let narrow = Limits { buffers: 3, ..limits };
    let it = refused("flash2", small, &narrow);
    assert!(matches!(it, NotAKernel::Buffers { needed: 5, most: 3, .. }), "{it}");
    let it = refused("flash2", small, &Limits { workgroups: 2, ..limits });
    assert!(matches!(it, NotAKernel::Grid { workgroups: 7, most: 2, .. }), "{it}");
    let it = refused("flash2", small, &Limits { binding: 10, ..limits });
    assert!(matches!(it, NotAKernel::Buffer { words: 80, most: 10, .. }), "{it}");
    let text = "iobound-schedule 1\nparam N;\nin Q[N];\nout O[N] : 2;\n\
                load q = Q[..];\nstore O[..] = q;\nfree q;\n";
    let program = Program::parse(text).unwrap();
    let binding = program.bind(&[("N", 4)]).unwrap();
    let it = kernels(&program, &binding, &limits, Form::Plain).unwrap_err();
    assert_eq!(it, NotAKernel::Weights);
}

/// The host runs the loop over blocks of keys where the device may not: the same words.
#[test]
fn a_loop_of_the_host_moves_the_same() {
    let schedule = strategy::find("flash1").unwrap().schedule(Max::Kept).unwrap();
    let binding = CELL.binding(schedule).unwrap();
    let limits = Limits { iterations: 60, ..Limits::PORTABLE };
    let made = kernels(&schedule.program, &binding, &limits, Form::Counted).unwrap();
    let hosts: Vec<_> = made.kernels.iter().map(|it| (it.grid, it.host)).collect();
    assert_eq!(hosts, [(3, None), (1, Some(3))]);
    let device = Device::Interpreter;
    let it = try_kernels(&schedule.program, &binding, &made, &device, Inputs::Uniform, 1).unwrap();
    assert!(it.equal() && it.close(), "{it:?}");
}
