//! How far a long command is: a bar on a terminal, lines elsewhere, on stderr.

use super::output::Output;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::{self, IsTerminal, Write},
    sync::Mutex,
    time::{Duration, Instant},
};

/// Between two lines.
const PAUSE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    /// When the last line was printed, where there are lines.
    last: Option<Mutex<Instant>>,
}

impl Progress {
    /// Of `n_cells` to do; silent with `--quiet`.
    pub(super) fn new(n_cells: usize, out: &Output) -> Self {
        let terminal = io::stderr().is_terminal();
        let target = if terminal && !out.is_quiet() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} cells, {eta} left");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(u64::try_from(n_cells).ok(), target);
        let lines = !terminal && !out.is_quiet();
        Self { bar: bar.with_style(style), last: lines.then(|| Mutex::new(Instant::now())) }
    }

    /// One more is done.
    pub(super) fn tick(&self) {
        self.bar.inc(1);
        // Who finds the lock taken leaves the line to the other.
        let Some(mut last) = self.last.as_ref().and_then(|it| it.try_lock().ok()) else { return };
        if last.elapsed() >= PAUSE {
            *last = Instant::now();
            let (done, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
            let left = HumanDuration(self.bar.eta());
            let _ = writeln!(io::stderr(), "{done} of {all} cells, {left} left"); // or nobody reads it
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
