//! All algorithms over sizes and tiles.

use iobound::{
    device::{Adapter, Device, interpreter},
    model::{Machine, Words},
    reading::{
        Pebbles, attention_shape,
        count::{LIMIT, Traffic, count},
        wgsl::{Form, NotAKernel, kernels},
    },
    replay::{Mode, Problem, replay},
    schedule::bind::Binding,
    strategy::Schedule,
    trial::{Cell, Inputs, Tiling, TrialError, shipped, trial},
};
use rayon::prelude::*;

const NS: [u64; 4] = [64, 100, 256, 512];
const DS: [u64; 3] = [16, 32, 64];
/// 7 divides none of the sizes.
const TILINGS: [Tiling; 3] =
    [Tiling::Best(Words(1024)), Tiling::Best(Words(4096)), Tiling::Same(7)];

/// Scores times depth that a cell may have here; `IOBOUND_WHOLE_GRID` lifts it.
const MOST: u64 = 1 << 20;

fn cells(most: u64) -> Vec<(&'static Schedule, Cell)> {
    let most = if std::env::var_os("IOBOUND_WHOLE_GRID").is_some() { u64::MAX } else { most };
    let sizes = NS.into_iter().flat_map(|n| DS.into_iter().map(move |d| (n, d)));
    let sizes = sizes.filter(|(n, d)| n * n * d <= most);
    let cells = sizes.flat_map(|(n, d)| TILINGS.map(|tiling| Cell { n, d, tiling }));
    cells.flat_map(|cell| shipped().map(move |it| (it, cell))).collect()
}

fn sum(all: &[Traffic]) -> (u128, u128) {
    all.iter().fold((0, 0), |it, array| (it.0 + array.loads, it.1 + array.stores))
}

/// Why a cell is not run; anything but a limit is a failure.
fn excluded(schedule: &Schedule, cell: Cell, why: &NotAKernel) -> String {
    let limit = matches!(why, NotAKernel::TilesTooLarge { .. } | NotAKernel::TooLong { .. });
    assert!(limit, "{}, {cell:?}: {why}", schedule.name);
    format!("{}, N = {}, d = {}, {}: {why}", schedule.name, cell.n, cell.d, cell.tiling)
}

/// formula = count = replay = interpreter on the plain kernels = counters of the instrumented ones.
fn check(schedule: &Schedule, cell: Cell) -> Option<String> {
    let program = &schedule.program;
    let Ok(binding) = cell.binding(schedule) else {
        return Some(format!("{}, {cell:?}: no tiles fit", schedule.name));
    };
    let limits = interpreter::LIMITS;
    let [plain, counted] =
        [Form::Plain, Form::Counted].map(|form| kernels(program, &binding, &limits, form));
    let (plain, counted) = match (plain, counted) {
        (Ok(plain), Ok(counted)) => (plain, counted),
        (Err(it), _) | (_, Err(it)) => return Some(excluded(schedule, cell, &it)),
    };
    let moved = count(program, &binding, LIMIT).unwrap();
    let by_array: Vec<Traffic> = moved.by_array(program).into_iter().map(|it| it.1).collect();
    let name = || format!("{}, {cell:?}", schedule.name);
    if let Some(formula) = &schedule.formula {
        let totals = formula.eval(&binding).unwrap();
        assert_eq!((totals.loads, totals.stores), sum(&by_array), "formula: {}", name());
    }
    let replayed = replayed(schedule, &binding, moved.totals.peak);
    assert_eq!(replayed, sum(&by_array), "replay: {}", name());
    let memory: Vec<Vec<f32>> = plain.arrays.iter().map(|it| vec![0.5; it.1]).collect();
    let seen = interpreter::run(&plain, memory.clone()).unwrap();
    assert_eq!(seen.seen.as_ref(), Some(&by_array), "interpreter: {}", name());
    let counted = interpreter::run(&counted, memory).unwrap();
    assert_eq!(counted.seen.as_ref(), Some(&by_array), "instrumented: {}", name());
    assert_eq!(counted.counters, Some(by_array), "counters: {}", name());
    assert_eq!(counted.memory, seen.memory, "{}", name());
    None
}

fn replayed(schedule: &Schedule, binding: &Binding, peak: u128) -> (u128, u128) {
    let shape = attention_shape(&schedule.program, binding).unwrap();
    let problem = Problem::Attention { shape, scaled: false };
    let machine = Machine::strict(Words(u64::try_from(peak).unwrap()));
    let moves = Pebbles::new(&schedule.program, binding);
    let io = replay(&problem, &machine, Mode::Legality, moves).unwrap();
    (io.loads().into(), io.stores().into())
}

#[test]
fn all_counts_agree() {
    let cells = cells(MOST);
    let excluded: Vec<String> =
        cells.par_iter().filter_map(|(schedule, cell)| check(schedule, *cell)).collect();
    println!("{} cells, {} of them beyond a limit:", cells.len(), excluded.len());
    excluded.iter().for_each(|it| println!("{it}"));
    assert!(excluded.len() * 4 < cells.len(), "more than a quarter is excluded");
}

/// On a driver's device the counters say the same, and the outputs are attention.
#[test]
#[ignore = "needs a Vulkan, Metal or DX12 adapter"]
fn counters_of_an_adapter_agree() {
    let device = Device::Adapter(Adapter::open().unwrap());
    let (mut ran, mut beyond) = (0, vec![]);
    let some = |cell: &Cell| [(64, 16), (100, 32)].contains(&(cell.n, cell.d));
    let large = |cell: &Cell| {
        [(256, 16), (512, 64)].contains(&(cell.n, cell.d)) && cell.tiling == TILINGS[1]
    };
    for (schedule, cell) in cells(u64::MAX).into_iter().filter(|it| some(&it.1) || large(&it.1)) {
        let Ok(binding) = cell.binding(schedule) else { continue };
        match trial(&schedule.program, &binding, &device, Inputs::Uniform, 3) {
            Ok(it) => {
                assert!(it.equal() && it.close(), "{}, {cell:?}: {it:?}", schedule.name);
                ran += 1;
            }
            Err(TrialError::NotAKernel(it)) => beyond.push(excluded(schedule, cell, &it)),
            Err(it) => panic!("{}, {cell:?}: {it}", schedule.name),
        }
    }
    println!("{}: {ran} cells equal, {} beyond a limit:", device.name(), beyond.len());
    beyond.iter().for_each(|it| println!("{it}"));
    assert!(ran > 90, "{ran}");
}
