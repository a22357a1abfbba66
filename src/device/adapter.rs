//! A device that a driver offers, through wgpu: Vulkan, Metal or DX12.
//!
//! Everything that calls a driver runs on a thread of its own, and whoever waits for it waits for
//! [`WATCHDOG`] at most: a driver that hangs is given up, its thread left behind.

use super::{DeviceError, Kind, Measured, Module, add_counters};
use crate::reading::{
    count::Traffic,
    wgsl::{Form, Kernel, Kernels, Limits},
};
use std::{
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};
use wgpu::{BufferUsages, DeviceType, Features};

/// How long a run may take, compiling included.
pub const WATCHDOG: Duration = Duration::from_secs(120);

/// Not GL, which hung for minutes compiling a kernel.
const BACKENDS: wgpu::Backends =
    wgpu::Backends::VULKAN.union(wgpu::Backends::METAL).union(wgpu::Backends::DX12);

/// Loop iterations that a GPU is trusted with; a software driver is with [`Limits::PORTABLE`].
const GPU_ITERATIONS: u64 = 1 << 24;

/// An open adapter.
#[derive(Clone, Debug)]
pub struct Adapter {
    name: String,
    kind: Kind,
    limits: Limits,
    device: wgpu::Device,
    queue: wgpu::Queue,
    /// Does it tell times?
    timestamps: bool,
    /// What it complained of first.
    trouble: Trouble,
}

type Trouble = Arc<Mutex<Option<String>>>;

impl Adapter {
    /// Opens the best adapter there is: a GPU before a software device.
    ///
    /// # Errors
    ///
    /// [`DeviceError`]: there is none, it will not open, or no answer comes.
    pub fn open() -> Result<Self, DeviceError> {
        watched("the graphics drivers", WATCHDOG, || pollster::block_on(open()))
    }

    /// What the driver calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A GPU, or software?
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What kernels may ask of it.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Runs `kernels` in order; `memory` is what the slow arrays hold at first.
    ///
    /// # Errors
    ///
    /// [`DeviceError`]: the text is wrong, the device fails, is lost, or does not answer.
    pub fn run(&self, kernels: &Kernels, memory: Vec<Vec<f32>>) -> Result<Measured, DeviceError> {
        for kernel in &kernels.kernels {
            Module::parse(&kernel.text)?;
        }
        let (adapter, kernels) = (self.clone(), kernels.clone());
        watched(&self.name, WATCHDOG, move || adapter.run_here(&kernels, &memory))
    }

    fn run_here(&self, kernels: &Kernels, memory: &[Vec<f32>]) -> Result<Measured, DeviceError> {
        let usage = BufferUsages::STORAGE | BufferUsages::COPY_SRC;
        let buffers: Vec<wgpu::Buffer> = memory
            .iter()
            .map(|words| {
                let contents: Vec<u8> = words.iter().flat_map(|it| it.to_le_bytes()).collect();
                self.buffer(&contents, usage)
            })
            .collect();
        self.check()?;
        let mut counters = vec![Traffic::default(); memory.len()];
        let mut time_ns = self.timestamps.then_some(0);
        for kernel in &kernels.kernels {
            let ran = self.kernel(kernel, kernels.form, &buffers)?;
            add_counters(kernel, &ran.counters, &mut counters);
            time_ns = time_ns.zip(ran.time_ns).map(|(a, b)| a + b);
        }
        let floats = |it: &wgpu::Buffer| {
            Ok(self.read(it)?.into_iter().map(f32::from_bits).collect::<Vec<_>>())
        };
        Ok(Measured {
            memory: buffers.iter().map(floats).collect::<Result<_, DeviceError>>()?,
            seen: None,
            counters: (kernels.form == Form::Counted).then_some(counters),
            time_ns,
        })
    }

    /// Written through the queue: a buffer that is not there is then an error of the device, to be asked
    /// for by [`Self::check`], where mapping it would panic.
    fn buffer(&self, contents: &[u8], usage: BufferUsages) -> wgpu::Buffer {
        let buffer = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: contents.len() as u64,
            usage: usage | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        self.queue.write_buffer(&buffer, 0, contents);
        buffer
    }

    fn kernel(
        &self,
        kernel: &Kernel,
        form: Form,
        buffers: &[wgpu::Buffer],
    ) -> Result<Ran, DeviceError> {
        let module = self.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: None,
            source: wgpu::ShaderSource::Wgsl(kernel.text.as_str().into()),
        });
        let pipeline = self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: None,
            layout: None,
            module: &module,
            entry_point: Some("main"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        });
        self.check()?;
        let slots = (kernel.grid as usize * kernel.accesses.len()).max(1);
        let usage = BufferUsages::STORAGE | BufferUsages::COPY_SRC;
        let counters = (form == Form::Counted).then(|| self.buffer(&vec![0; 4 * slots], usage));
        let mut bound: Vec<u32> = vec![];
        let slow = kernel.accesses.iter().filter_map(|it| u32::try_from(it.slow().0).ok());
        bound.extend(slow);
        bound.sort_unstable();
        bound.dedup();
        let mut encoder =
            self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let queries = self.timestamps.then(|| {
            self.device.create_query_set(&wgpu::QuerySetDescriptor {
                label: None,
                ty: wgpu::QueryType::Timestamp,
                count: 2,
            })
        });
        {
            let timestamp_writes = queries.as_ref().map(|it| wgpu::ComputePassTimestampWrites {
                query_set: it,
                beginning_of_pass_write_index: Some(0),
                end_of_pass_write_index: Some(1),
            });
            let descriptor = wgpu::ComputePassDescriptor { label: None, timestamp_writes };
            let mut pass = encoder.begin_compute_pass(&descriptor);
            pass.set_pipeline(&pipeline);
            for index in 0..kernel.host.unwrap_or(1) {
                let host =
                    kernel.host.map(|_| self.buffer(&index.to_le_bytes(), BufferUsages::UNIFORM));
                let mut entries: Vec<_> =
                    bound.iter().map(|it| entry(*it, &buffers[*it as usize])).collect();
                entries.extend(counters.as_ref().map(|it| entry(kernel.counters_at, it)));
                entries.extend(host.as_ref().map(|it| entry(kernel.host_at, it)));
                let group = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
                    label: None,
                    layout: &pipeline.get_bind_group_layout(0),
                    entries: &entries,
                });
                pass.set_bind_group(0, &group, &[]);
                pass.dispatch_workgroups(kernel.grid, 1, 1);
            }
        }
        let times = queries.map(|queries| {
            let times = self.device.create_buffer(&wgpu::BufferDescriptor {
                label: None,
                size: 16,
                usage: BufferUsages::QUERY_RESOLVE | BufferUsages::COPY_SRC,
                mapped_at_creation: false,
            });
            encoder.resolve_query_set(&queries, 0..2, &times, 0);
            times
        });
        let submitted = self.queue.submit([encoder.finish()]);
        self.wait(Some(submitted))?;
        let time_ns = times.map(|it| self.read(&it)).transpose()?.map(|it| self.nanoseconds(&it));
        let counters = counters.map(|it| self.read(&it)).transpose()?.unwrap_or_default();
        Ok(Ran { counters, time_ns })
    }

    /// From two timestamps, low word first.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a time of some milliseconds"
    )]
    fn nanoseconds(&self, words: &[u32]) -> u64 {
        let ticks = |at: usize| u64::from(words[at]) | u64::from(words[at + 1]) << 32;
        (ticks(2).wrapping_sub(ticks(0)) as f64 * f64::from(self.queue.get_timestamp_period()))
            as u64
    }

    fn wait(&self, submission_index: Option<wgpu::SubmissionIndex>) -> Result<(), DeviceError> {
        let timeout = Some(WATCHDOG);
        match self.device.poll(wgpu::PollType::Wait { submission_index, timeout }) {
            Ok(_) => self.check(),
            Err(wgpu::PollError::Timeout) => Err(hung(&self.name, WATCHDOG)),
            Err(it) => Err(self.failed(it.to_string())),
        }
    }

    /// Words of a buffer.
    fn read(&self, buffer: &wgpu::Buffer) -> Result<Vec<u32>, DeviceError> {
        let staging = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: buffer.size(),
            usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut encoder =
            self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encoder.copy_buffer_to_buffer(buffer, 0, &staging, 0, buffer.size());
        let submitted = self.queue.submit([encoder.finish()]);
        let (send, mapped) = mpsc::channel();
        staging.map_async(wgpu::MapMode::Read, .., move |it| {
            let _ = send.send(it); // nobody waits any more
        });
        self.wait(Some(submitted))?;
        match mapped.recv_timeout(WATCHDOG) {
            Ok(Ok(())) => {}
            Ok(Err(it)) => return Err(self.failed(it.to_string())),
            Err(_) => return Err(hung(&self.name, WATCHDOG)),
        }
        let bytes = staging.get_mapped_range(..).map_err(|it| self.failed(it.to_string()))?;
        let (words, _) = bytes.as_chunks::<4>();
        Ok(words.iter().map(|it| u32::from_le_bytes(*it)).collect())
    }

    /// Has the device complained?
    fn check(&self) -> Result<(), DeviceError> {
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone();
        trouble.map_or(Ok(()), |it| Err(self.failed(it)))
    }

    fn failed(&self, reason: String) -> DeviceError {
        DeviceError::Failed { adapter: self.name.clone(), reason }
    }
}

/// What a kernel left.
struct Ran {
    counters: Vec<u32>,
    time_ns: Option<u64>,
}

fn entry(binding: u32, buffer: &wgpu::Buffer) -> wgpu::BindGroupEntry<'_> {
    wgpu::BindGroupEntry { binding, resource: buffer.as_entire_binding() }
}

fn hung(adapter: &str, after: Duration) -> DeviceError {
    DeviceError::Hung { adapter: adapter.to_owned(), seconds: after.as_secs() }
}

/// Does `work` on a thread of its own, and waits for `patience` at most.
fn watched<T: Send + 'static>(
    adapter: &str,
    patience: Duration,
    work: impl FnOnce() -> Result<T, DeviceError> + Send + 'static,
) -> Result<T, DeviceError> {
    let (send, answer) = mpsc::channel();
    thread::spawn(move || {
        let _ = send.send(work()); // nobody waits any more
    });
    match answer.recv_timeout(patience) {
        Ok(it) => it,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(hung(adapter, patience)),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(DeviceError::Failed {
            adapter: adapter.to_owned(),
            reason: "the driver's library gave up".to_owned(),
        }),
    }
}

async fn open() -> Result<Adapter, DeviceError> {
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    descriptor.backends = BACKENDS;
    let instance = wgpu::Instance::new(descriptor);
    let mut adapters = instance.enumerate_adapters(BACKENDS).await;
    adapters.sort_by_key(|it| match it.get_info().device_type {
        DeviceType::DiscreteGpu => 0,
        DeviceType::IntegratedGpu => 1,
        DeviceType::VirtualGpu | DeviceType::Other => 2,
        DeviceType::Cpu => 3,
    });
    let Some(adapter) = adapters.first() else { return Err(DeviceError::NoAdapter) };
    let info = adapter.get_info();
    let kind = if info.device_type == DeviceType::Cpu { Kind::Software } else { Kind::Gpu };
    let timestamps = kind == Kind::Gpu && adapter.features().contains(Features::TIMESTAMP_QUERY);
    let has = adapter.limits();
    let descriptor = wgpu::DeviceDescriptor {
        label: None,
        required_features: if timestamps { Features::TIMESTAMP_QUERY } else { Features::empty() },
        required_limits: has.clone(),
        ..wgpu::DeviceDescriptor::default()
    };
    let opened = adapter.request_device(&descriptor).await;
    let (device, queue) = opened
        .map_err(|it| DeviceError::Open { adapter: info.name.clone(), reason: it.to_string() })?;
    let trouble = Trouble::default();
    let note = |said: String, trouble: &Trouble| {
        trouble.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(said);
    };
    let mine = trouble.clone();
    device.on_uncaptured_error(Arc::new(move |it: wgpu::Error| match it {
        wgpu::Error::OutOfMemory { .. } => note("out of device memory".to_owned(), &mine),
        it => note(it.to_string(), &mine),
    }));
    let mine = trouble.clone();
    device.set_device_lost_callback(move |reason, said| {
        note(format!("the device was lost ({reason:?}): {said}"), &mine);
    });
    let portable = Limits::PORTABLE;
    let limits = Limits {
        invocations: has.max_compute_invocations_per_workgroup.min(portable.invocations),
        words: u64::from(has.max_compute_workgroup_storage_size / 4).min(portable.words),
        iterations: if kind == Kind::Gpu { GPU_ITERATIONS } else { portable.iterations },
        binding: has.max_storage_buffer_binding_size / 4,
        buffers: has.max_storage_buffers_per_shader_stage as usize,
        workgroups: has.max_compute_workgroups_per_dimension,
    };
    Ok(Adapter { name: info.name, kind, limits, device, queue, timestamps, trouble })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_hangs_is_given_up() {
        let (hold, wait) = mpsc::channel::<()>();
        let patience = Duration::from_millis(20);
        let forever = move || {
            let _ = wait.recv(); // until the test is over
            Ok(())
        };
        let hung = watched("a driver", patience, forever);
        assert_eq!(hung, Err(DeviceError::Hung { adapter: "a driver".to_owned(), seconds: 0 }));
        drop(hold);
        assert_eq!(watched("a driver", WATCHDOG, || Ok(7)), Ok(7));
    }

    #[test]
    #[ignore = "needs a Vulkan, Metal or DX12 adapter"]
    fn a_lost_device_is_an_error() {
        let adapter = Adapter::open().unwrap();
        let kernels = Kernels { kernels: vec![], arrays: vec![], form: Form::Plain };
        let memory = vec![vec![1.0, 2.0]];
        let ran = adapter.run(&kernels, memory.clone()).unwrap();
        assert_eq!(ran.memory, memory);
        adapter.device.destroy();
        let _ = adapter.device.poll(wgpu::PollType::Poll); // the callback is called
        let lost = adapter.run(&kernels, memory).unwrap_err();
        assert!(
            matches!(&lost, DeviceError::Failed { reason, .. } if reason.contains("lost")),
            "{lost}"
        );
    }

    #[test]
    fn who_panics_is_an_error() {
        let gone = watched("a driver", WATCHDOG, || -> Result<(), _> { panic!("on purpose") });
        assert!(matches!(gone, Err(DeviceError::Failed { .. })), "{gone:?}");
    }
}
