//! `iobound gpu --sweep`: on a real GPU, kernel time against predicted words over sizes of a tile.

use super::{Args, Device, Failure, Kind, Output, Status, TrialError, print, say};
use crate::cli::{curve::picture, files, plan::tiles_in_words, table::digits};
use iobound::{
    device,
    model::MAX_EXTENT,
    report::kernel_times,
    sizes::{SizeError, Sizes},
    trial::{Fit, Timed, fit, timed},
};
use std::{
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

/// Runs of each kernel; the first pays for a cold cache.
const RUNS: u32 = 5;

#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Times, on a real GPU only")]
pub(super) struct SweepArgs {
    /// Time the kernels at these sizes of a tile: Br=4..64 or Br=4,8,24; give the other tiles to keep them
    #[arg(
        long,
        value_name = "TILE=SIZES",
        value_parser = swept,
        conflicts_with_all = ["all", "emit_wgsl"]
    )]
    pub(super) sweep: Option<(String, Sizes)>,
    /// Draw time against predicted words: FILE.svg or FILE.png
    #[arg(long, value_name = "FILE", requires = "sweep")]
    plot: Option<PathBuf>,
}

fn swept(text: &str) -> Result<(String, Sizes), String> {
    let (name, sizes) = text.split_once('=').ok_or("expected TILE=SIZES, as in Br=4..64")?;
    let sizes = Sizes::parse(sizes, MAX_EXTENT).map_err(|it: SizeError| it.to_string())?;
    Ok((name.to_owned(), sizes))
}

/// A size of the tile, timed.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) size: u64,
    /// All tiles.
    pub(super) tiles: Vec<(String, u64)>,
    pub(super) timed: Timed,
}

/// What an experiment found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) points: Vec<Point>,
    /// Sizes that did not run, and why.
    pub(super) excluded: Vec<(u64, String)>,
    pub(super) fit: Option<Fit>,
    /// Year-month-day, UTC.
    pub(super) date: String,
}

/// # Errors
///
/// A device in software or without timestamps; a device that fails; a picture that cannot be written.
pub(super) fn run(
    args: &Args,
    (tile, sizes): &(String, Sizes),
    out: &mut Output,
) -> Result<Status, Failure> {
    let picture = args.times.plot.as_deref().map(picture).transpose()?;
    let plan = args.plan.with_tile(tile, sizes.as_slice()[0]).plan()?;
    let device = args.open()?;
    real(&device)?;
    let (mut points, mut excluded) = (vec![], vec![]);
    for &size in sizes.as_slice() {
        let plan = match args.plan.with_tile(tile, size).plan() {
            Ok(it) if it.fits() => it,
            Ok(it) => {
                excluded.push((size, it.over_capacity().to_string()));
                continue;
            }
            Err(it) => {
                excluded.push((size, it.to_string()));
                continue;
            }
        };
        let task = plan.task()?;
        let fed = (args.fed(task.as_ref())?, args.seed);
        match timed(plan.program(), &plan.choice.binding, &device, fed, RUNS) {
            Ok(Some(timed)) => points.push(Point { size, tiles: plan.choice.tiles, timed }),
            Ok(None) => return Err(untimed(&device, "it has no timestamps")),
            Err(TrialError::NotAKernel(it)) => excluded.push((size, it.to_string())),
            Err(it) => return Err(it.into()),
        }
    }
    let times: Vec<Timed> = points.iter().map(|it| it.timed).collect();
    let found = Found { points, excluded, fit: fit(&times), date: today() };
    if let (Some(path), Some(picture)) = (&args.times.plot, picture) {
        let about = about(&plan.title()[0], tile, &found, &device);
        let bytes = kernel_times(&about, &times, found.fit, picture)
            .map_err(|it| Failure::new(Kind::File, it))?;
        files::write(path, |to| to.write_all(&bytes))?;
    }
    print::experiment(&plan, tile, &device, &found, out);
    if !times.iter().all(|it| it.close) {
        say("the outputs are further from the reference than rounding explains");
        return Ok(Status::Wrong);
    }
    Ok(if found.fit.is_some() { Status::Holds } else { Status::Unjudged })
}

/// What ran, where and when: one line.
fn about(title: &str, tile: &str, found: &Found, device: &Device) -> String {
    let sizes = || found.points.iter().map(|it| it.size);
    let (least, most) = (sizes().min().unwrap_or(0), sizes().max().unwrap_or(0));
    let date = &found.date;
    format!("{title}; {tile} = {least} to {most}. {}, {date}", device.name())
}

/// Is it a GPU?
fn real(device: &Device) -> Result<(), Failure> {
    match device.kind() {
        device::Kind::Gpu => Ok(()),
        device::Kind::Interpreter | device::Kind::Software => {
            Err(untimed(device, "a device in software says nothing about time"))
        }
    }
}

fn untimed(device: &Device, why: &str) -> Failure {
    let (name, kind) = (device.name(), device.kind().word());
    let message = format!("times need a real GPU; this is {name} ({kind}): {why}");
    Failure::new(Kind::Device, message).at("--sweep")
}

/// The text for a terminal.
pub(super) fn rows(found: &Found) -> Vec<Vec<String>> {
    let head = ["words predicted", "ns in the kernels", "tiles"].map(str::to_owned);
    let row = |it: &Point| {
        let Timed { words, time_ns, .. } = it.timed;
        vec![digits(words), digits(u128::from(time_ns)), tiles_in_words(&it.tiles)]
    };
    std::iter::once(head.to_vec()).chain(found.points.iter().map(row)).collect()
}

fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
    date(seconds / 86_400)
}

/// Year-month-day of a day counted from 1970-01-01.
fn date(mut day: u64) -> String {
    let leap =
        |it: u64| it.is_multiple_of(4) && (!it.is_multiple_of(100) || it.is_multiple_of(400));
    let mut year = 1970;
    while day >= 365 + u64::from(leap(year)) {
        day -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let mut month = 1;
    for days in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if day < days {
            break;
        }
        day -= days;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", day + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_dates() {
        let days = [(0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29")];
        let more = [(11_322, "2000-12-31"), (11_323, "2001-01-01"), (20_484, "2026-01-31")];
        for (day, name) in days.into_iter().chain(more) {
            assert_eq!(date(day), name);
        }
    }

    #[test]
    fn software_is_refused_with_the_reason() {
        let refused = real(&Device::Interpreter).unwrap_err();
        assert_eq!(refused.status(), Status::Unjudged);
        assert!(refused.to_string().contains("says nothing about time"), "{refused}");
    }
}
