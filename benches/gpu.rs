//! What counting costs: kernels in their plain and their instrumented form, on every device there is.

use divan::{Bencher, counter::ItemsCount};
use iobound::{
    device::{Adapter, Device},
    model::Words,
    reading::wgsl::{Form, Kernels, kernels},
    strategy::{self, Max},
    trial::{Cell, Tiling},
};

const CELL: Cell = Cell { n: 256, d: 32, tiling: Tiling::Best(Words(4096)) };
const FORMS: [Form; 2] = [Form::Plain, Form::Counted];

fn main() {
    divan::main();
}

fn flash2(device: &Device, form: Form) -> Option<Kernels> {
    let schedule = strategy::find("flash2").ok()?.schedule(Max::Kept)?;
    let binding = CELL.binding(schedule).ok()?;
    kernels(&schedule.program, &binding, &device.limits(), form).ok()
}

fn run(bencher: Bencher<'_, '_>, device: &Device, form: Form) {
    let kernels = flash2(device, form).expect("it is a kernel");
    let memory: Vec<Vec<f32>> = kernels.arrays.iter().map(|it| vec![0.5; it.1]).collect();
    // Multiplications and additions of the two products.
    let operations = ItemsCount::new(4 * CELL.n * CELL.n * CELL.d);
    bencher
        .counter(operations)
        .bench(|| device.run(&kernels, memory.clone()).expect("it has run before"));
}

#[divan::bench(args = FORMS, sample_count = 20)]
fn interpreter(bencher: Bencher<'_, '_>, form: Form) {
    run(bencher, &Device::Interpreter, form);
}

/// Nothing is measured where there is no adapter.
#[divan::bench(args = FORMS, sample_count = 20)]
fn adapter(bencher: Bencher<'_, '_>, form: Form) {
    if let Ok(it) = Adapter::open() {
        run(bencher, &Device::Adapter(it), form);
    }
}
