//! `iobound gpu`: kernels made from a schedule, run, and the words they move beside the prediction.

mod experiment;
mod print;

use super::{
    Status,
    failure::{Failure, Kind},
    output::{Output, say},
    plan::{self, Plan},
};
use iobound::{
    attention::Task,
    device::{Adapter, Device, DeviceError, interpreter},
    reading::wgsl::{Form, Kernels, Limits, kernels},
    schedule::{Program, bind::Binding},
    strategy::{Choice, Schedule, Want, choose},
    trial::{Fed, Inputs, Trial, TrialError, shipped, trial},
};

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound gpu --algorithm flash2 --n 256 --d 64 --m 4Ki
  iobound gpu --all --n 100 --d 16 --m 2Ki --device interpreter --json
  iobound gpu --algorithm flash2 --n 64 --d 16 --m 1Ki --emit-wgsl counted
  iobound gpu --algorithm flash2 --n 4Ki --d 32 --m 4Ki --bc 8 --sweep Br=4..32 --plot times.svg

Predicted: `count`. Counted: by the interpreter itself, or by counters in the kernels on any other
device. Workgroup memory is the fast memory: 16 KiB of it, so tiles of more than 4,096 words have
no kernel. Words do not depend on the inputs; with nan or infinite inputs no output is judged,
because WGSL leaves open what exp and max make of them.")]
pub(super) struct Args {
    /// Every algorithm, with and without its maximum
    #[arg(long, conflicts_with_all = ["algorithm", "schedule", "emit_wgsl"])]
    all: bool,
    /// Where it runs; auto takes a driver's adapter if there is one, else the interpreter
    #[arg(long, value_name = "DEVICE", default_value = "auto")]
    device: Which,
    /// What Q, K and V are
    #[arg(long, value_name = "KIND", default_value = "uniform", value_parser = inputs)]
    inputs: Inputs,
    /// Draws the inputs
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print the kernels and run nothing; counted ones count their own accesses
    #[arg(long, value_name = "FORM", num_args = 0..=1, default_missing_value = "plain")]
    emit_wgsl: Option<WhichForm>,
    #[command(flatten)]
    times: experiment::SweepArgs,
    #[command(flatten)]
    plan: plan::PlanArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    Auto,
    Interpreter,
    Wgpu,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum WhichForm {
    Plain,
    Counted,
}

fn inputs(text: &str) -> Result<Inputs, String> {
    let known = || Inputs::ALL.iter().map(|it| it.0).collect::<Vec<_>>().join(", ");
    let found = Inputs::ALL.iter().find(|it| it.0 == text);
    found.map(|it| it.1).ok_or_else(|| format!("expected one of {}", known()))
}

impl From<TrialError> for Failure {
    fn from(it: TrialError) -> Self {
        match it {
            TrialError::Walk(it) => it.into(),
            TrialError::Device(it) => it.into(),
            TrialError::NotAKernel(_) | TrialError::NotAttention | TrialError::Undefined(_) => {
                Self::new(Kind::Unfit, it)
            }
        }
    }
}

impl From<DeviceError> for Failure {
    fn from(it: DeviceError) -> Self {
        Self::new(Kind::Device, it).at("--device")
    }
}

/// A run, or why there is none.
struct Tried {
    name: String,
    tiles: Vec<(String, u64)>,
    trial: Result<Trial, String>,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    if let Some(form) = args.emit_wgsl {
        return emit(args, form, out);
    }
    if let Some(swept) = &args.times.sweep {
        return experiment::run(args, swept, out);
    }
    let point = args.plan.point.point()?;
    if args.all {
        let sizes = (point.n()?, point.d()?, point.m()?);
        if args.plan.tiled() {
            let message = "with --all each algorithm takes its best tiles";
            return Err(Failure::arguments(message).at("--tile"));
        }
        let device = args.open()?;
        let mut tried = vec![];
        for schedule in shipped() {
            tried.push(args.one_of_all(schedule, sizes, &device));
        }
        let ran = tried.iter().filter_map(|it| it.trial.as_ref().ok());
        let wrong = ran.clone().any(|it| !it.equal() || !it.close());
        let none = ran.count() == 0;
        print::all(args, &point, &device, &tried, out);
        return Ok(match (wrong, none) {
            (true, _) => Status::Wrong,
            (_, true) => Status::Unjudged,
            _ => Status::Holds,
        });
    }
    let plan = args.plan.plan()?;
    if !plan.fits() {
        return Err(plan.over_capacity());
    }
    let device = args.open()?;
    let (program, choice) = (plan.program(), &plan.choice);
    let task = plan.task()?;
    let it = trial(program, &choice.binding, &device, args.fed(task.as_ref())?, args.seed)?;
    print::one(args, &plan, &device, &it, out);
    Ok(status(&it))
}

fn status(trial: &Trial) -> Status {
    if !trial.equal() {
        say("the kernels did not move the words that were predicted");
    }
    if !trial.close() {
        say("the outputs are further from the reference than rounding explains");
    }
    if trial.equal() && trial.close() { Status::Holds } else { Status::Wrong }
}

impl Args {
    /// `task`: what a member of the family computes.
    fn fed<'a>(&self, task: Option<&'a Task>) -> Result<Fed<'a>, Failure> {
        match task {
            Some(_) if self.inputs != Inputs::Uniform => {
                let message = "a member of the family is fed uniform inputs only";
                Err(Failure::arguments(message).at("--inputs"))
            }
            Some(it) => Ok(it.into()),
            None => Ok(self.inputs.into()),
        }
    }

    fn open(&self) -> Result<Device, Failure> {
        match self.device {
            Which::Interpreter => Ok(Device::Interpreter),
            Which::Wgpu => Ok(Device::Adapter(Adapter::open()?)),
            Which::Auto => Ok(match Adapter::open() {
                Ok(it) => Device::Adapter(it),
                Err(DeviceError::NoAdapter) => Device::Interpreter,
                Err(it) => {
                    say(format_args!("{it}; the interpreter is taken"));
                    Device::Interpreter
                }
            }),
        }
    }

    fn one_of_all(
        &self,
        schedule: &Schedule,
        (n, d, fast): (u64, u64, iobound::model::Words),
        device: &Device,
    ) -> Tried {
        let name = schedule.name.clone();
        let chosen = choose(schedule, None, &[("N", n), ("d", d)], fast, &Want::Best(vec![]));
        let Choice { tiles, binding, .. } = match chosen {
            Ok(it) => it,
            Err(it) => return Tried { name, tiles: vec![], trial: Err(it.to_string()) },
        };
        let trial = trial(&schedule.program, &binding, device, self.inputs, self.seed);
        Tried { name, tiles, trial: trial.map_err(|it| it.to_string()) }
    }
}

fn emit(args: &Args, form: WhichForm, out: &mut Output) -> Result<Status, Failure> {
    let plan: Plan = args.plan.plan()?;
    let limits = match args.device {
        Which::Interpreter => interpreter::LIMITS,
        Which::Auto | Which::Wgpu => Limits::PORTABLE,
    };
    let form = match form {
        WhichForm::Plain => Form::Plain,
        WhichForm::Counted => Form::Counted,
    };
    let made = make(plan.program(), &plan.choice.binding, &limits, form)?;
    print::text(&made, out);
    Ok(Status::Holds)
}

fn make(
    program: &Program,
    binding: &Binding,
    limits: &Limits,
    form: Form,
) -> Result<Kernels, Failure> {
    kernels(program, binding, limits, form).map_err(|it| TrialError::from(it).into())
}
