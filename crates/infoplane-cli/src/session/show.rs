//! Progress: a bar with the time left on a terminal, plain lines elsewhere. All of it on standard error.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use infoplane_nets::Progress as Step;
use infoplane_record::Cost;

use crate::args::{Pace, Progress};

/// How progress is shown.
pub(crate) struct Show {
    bars: Option<MultiProgress>,
    lines: bool,
    quiet: bool,
    verbose: bool,
}

/// Progress of one run.
pub(crate) struct Line {
    name: String,
    bar: Option<ProgressBar>,
    lines: bool,
    started: Instant,
    shown: Instant,
}

/// Lines come no faster than this.
const PAUSE: Duration = Duration::from_secs(5);

impl Pace {
    /// Threads to use.
    pub(crate) fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.threads.map_or_else(cores, |threads| threads as usize)
    }
}

impl Show {
    pub(crate) fn new(pace: &Pace) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let (bar, lines) = match pace.progress {
            _ if pace.quiet => (false, false),
            Progress::Auto => (terminal, !terminal),
            Progress::Bar => (true, false),
            Progress::Lines => (false, true),
            Progress::None => (false, false),
        };
        Self { bars: bar.then(MultiProgress::new), lines, quiet: pace.quiet, verbose: pace.verbose }
    }

    /// A run of `epochs` begins.
    pub(crate) fn begin(&self, name: &str, epochs: u64) -> Line {
        let bar = self.bars.as_ref().map(|bars| bars.add(ProgressBar::new(epochs).with_style(style())));
        if let Some(bar) = &bar {
            bar.set_prefix(name.to_owned());
        }
        self.say(&format!("{name}: {epochs} epochs"));
        let now = Instant::now();
        Line { name: name.to_owned(), bar, lines: self.lines, started: now, shown: now }
    }

    /// A line, where lines are shown.
    pub(crate) fn say(&self, text: &str) {
        if self.lines {
            crate::output::tell(text);
        }
    }

    /// What a finished run cost: one line, with `-v` all of it.
    pub(crate) fn cost(&self, name: &str, cost: &Cost) {
        if self.quiet {
            return;
        }
        let Cost { training_secs, recorder_secs, draws_secs, probe_secs, .. } = *cost;
        let share = 100.0 * cost.share();
        let text = match self.verbose {
            false => format!("{name}: recorder {share:.1} % of training"),
            true => format!(
                "{name}: training {training_secs:.3} s, recorder {recorder_secs:.3} s ({share:.2} %), tests and draws \
                 of the stream {draws_secs:.3} s, probe {probe_secs:.3} s"
            ),
        };
        match &self.bars {
            Some(bars) => drop(bars.println(text)),
            None => crate::output::tell(&text),
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bars) = &self.bars {
            drop(bars.clear());
        }
    }
}

impl Line {
    /// Shows where training stands.
    pub(crate) fn at(&mut self, step: &Step) {
        let epoch = step.epoch as u64;
        if let Some(bar) = &self.bar {
            bar.set_position(epoch);
            bar.set_message(format!("loss {:.3}", step.loss));
        }
        if self.lines && self.shown.elapsed() >= PAUSE {
            self.shown = Instant::now();
            let left = self.left(step.epoch, step.epochs as f64);
            crate::output::tell(&format!(
                "{}: epoch {epoch}/{}  loss {:.4}  {left} left",
                self.name, step.epochs, step.loss
            ));
        }
    }

    /// The run has ended.
    pub(crate) fn end(&self, how: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_with_message(how.to_owned());
        }
        if self.lines {
            crate::output::tell(&format!("{}: {how} after {:.1} s", self.name, self.started.elapsed().as_secs_f64()));
        }
    }

    fn left(&self, done: f64, all: f64) -> String {
        let secs = self.started.elapsed().as_secs_f64() * (all - done) / done.max(1e-9);
        format!("{}:{:02}", secs as u64 / 60, secs as u64 % 60)
    }
}

fn style() -> ProgressStyle {
    let template = "{prefix:18} {bar:24} epoch {pos}/{len}  {msg}  eta {eta}";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
