//! The measuring sink: frames of a training in, rows of a run out.
//!
//! The [`Observer`] is where recording and measuring meet: it binarises and packs what a network did, measures it by
//! the [`Plan`], tests it against its nulls, and hands rows and arrays to the run's writer. The training that calls it
//! never learns what is measured, and neither the recorder nor the estimators learn of each other.

mod clock;
mod due;
mod kept;
mod layers;
mod pairs;
mod place;
mod probe;
mod strata;
mod stream;

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

use infoplane_measures::pairs::Symbols;
use infoplane_record::npz::NpyArray;
use infoplane_record::{Frame, Metrics, Pass, Row, RunWriter, Schedule, Sink, SinkError, digest};
use infoplane_spec::stream as random;
use rand_core::Rng;

pub use clock::Clock;
use clock::timed;
use due::Due;
use pairs::{Counted, Setting};
use place::Place;
pub use probe::Probe;
use stream::Stream;

use crate::plan::{Axis, Plan, PlanError};
use crate::warning;

/// The length of training, in epochs and steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// Passes over the training split.
    pub epochs: u64,
    /// Optimiser steps in a pass.
    pub steps_per_epoch: u64,
    /// Samples in a pass.
    pub samples: usize,
}

/// Who is observed: the identity of the run and what the observer has to know of the training.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Run identifier, such as `ib-tanh/seed-0`.
    pub run: String,
    /// Training seed.
    pub seed: u64,
    /// Name of the order of training samples: `shuffled`, `fixed`, `by-class`.
    pub order: String,
    /// Number of classes.
    pub classes: usize,
    /// How long it trains.
    pub length: Length,
}

/// A sink that measures by a plan and writes a run.
pub struct Observer {
    plan: Plan,
    subject: Subject,
    schedule: Schedule,
    pair_draws: Due,
    label_draws: Due,
    probe: Probe,
    writer: RunWriter,
    threads: usize,
    keep_stream: bool,
    frames: Vec<Vec<f32>>,
    kept: Option<Vec<Vec<u32>>>,
    stream: Option<Stream>,
    warned: HashSet<(String, String)>,
    clock: Clock,
}

/// What an observer is made of.
pub struct Setup {
    /// What is measured.
    pub plan: Plan,
    /// Who is observed.
    pub subject: Subject,
    /// When snapshots are due.
    pub schedule: Schedule,
    /// The probe's labels and orders.
    pub probe: Probe,
    /// Where rows go.
    pub writer: RunWriter,
    /// Whether the packed stream is kept in the run.
    pub keep_stream: bool,
    /// Threads for counting and draws; no number of them changes a bit.
    pub threads: usize,
}

impl Observer {
    /// An observer of one training.
    ///
    /// # Errors
    /// [`PlanError::Window`] if the window does not fit the epoch, [`PlanError::At`] if `null.at` does not fit it.
    pub fn new(setup: Setup) -> Result<Self, PlanError> {
        let Setup { plan, subject, schedule, probe, writer, keep_stream, threads } = setup;
        plan.check_window(subject.length.samples)?;
        Ok(Self {
            pair_draws: Due::new(&plan.draws.at, subject.length, "te.null.at")?,
            label_draws: Due::new(&plan.labels.at, subject.length, "mi.null.at")?,
            frames: vec![Vec::new(); plan.taps.len()],
            kept: None,
            stream: None,
            warned: HashSet::new(),
            clock: Clock::default(),
            plan,
            subject,
            schedule,
            probe,
            writer,
            threads,
            keep_stream,
        })
    }

    /// Takes up the choice of units that a resumed run made at its first snapshot.
    ///
    /// # Errors
    /// The reader's, if the run's first snapshot cannot be read.
    pub fn recall(&mut self, run: &Path) -> Result<(), infoplane_record::RecordError> {
        self.kept = kept::recall(&self.plan, run)?;
        Ok(())
    }

    /// Where the observer's time went so far.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// The run's writer, to close it.
    pub fn into_writer(self) -> RunWriter {
        self.writer
    }

    /// The run's writer.
    pub fn writer(&mut self) -> &mut RunWriter {
        &mut self.writer
    }

    fn tap(&self, name: &str) -> Option<usize> {
        self.plan.taps.iter().position(|tap| tap.name == name)
    }

    fn place(&self, step: u64) -> Place {
        Place {
            run: self.subject.run.clone(),
            seed: self.subject.seed,
            attempt: self.writer.attempt(),
            step,
            epoch: step as f64 / self.subject.length.steps_per_epoch as f64,
        }
    }

    /// Key of the draws at a step: shared by all pairs of a snapshot, different between snapshots and runs.
    fn draw_key(&self, purpose: &str, step: u64) -> u64 {
        random(self.subject.seed, purpose, step).next_u64()
    }

    /// Hands rows to the writer; a warning they carry is logged when it first appears at its place.
    fn put(&mut self, rows: &[Row]) -> Result<(), SinkError> {
        self.writer.rows(rows)?;
        for row in rows {
            for code in &row.warnings {
                let place = warning::place_of(row);
                if self.warned.insert((code.clone(), place.clone())) {
                    self.writer.warn(code, &place, warning::title_of(code))?;
                }
            }
        }
        Ok(())
    }

    /// Measures every window of the streamed epoch that has just ended.
    fn measure_stream(&mut self, stream: &Stream, epoch: u64, end: u64) -> Result<(), SinkError> {
        let rows = stream.samples.len();
        let window = self.plan.window.unwrap_or(rows);
        let due = self.pair_draws.in_epoch(epoch);
        let starts = (0..).step_by(self.plan.stride.unwrap_or(window)).take_while(|from| from + window <= rows);
        // what no window holds is not measured, and said so
        let measured = starts.clone().last().map_or(0, |from| from + window);
        self.writer.fact("unmeasured_samples_per_epoch", (rows - measured).into());
        // every window can be computed again from the stream: matrices are kept of the one the epoch ends with
        let last_window = starts.clone().count().saturating_sub(1);
        // all windows are counted before the first is tested: draws would push what is counted out of the caches
        let windows: Vec<Window> = starts
            .enumerate()
            .map(|(index, from)| self.count_window(stream, epoch, index, from..from + window))
            .collect::<Result<_, _>>()?;
        for one in &windows {
            let setting = one.setting(&self.plan, &self.subject, stream, self.threads, one.index == last_window);
            let key = due.then(|| self.draw_key(&format!("null/window/{}", one.index), end));
            let (found, arrays) = timed(&mut self.clock.testing, || pairs::test(&setting, &one.counted, key))?;
            self.put(&found)?;
            self.writer.unit_arrays(end, arrays)?;
        }
        Ok(())
    }

    /// Cuts one window out of the stream and counts it.
    fn count_window(
        &mut self,
        stream: &Stream,
        epoch: u64,
        index: usize,
        rows: Range<usize>,
    ) -> Result<Window, infoplane_measures::Error> {
        let place = self.place_in_epoch(epoch, rows.end, stream.steps[rows.end - 1]);
        let symbols: Vec<Symbols> = timed(&mut self.clock.counting, || {
            stream.symbols.iter().map(|symbols| symbols.slice(rows.clone())).collect()
        });
        let digest = self.stream_digest(&symbols);
        let mut window = Window { index, rows, place, symbols, digest, counted: Vec::new() };
        let setting = window.setting(&self.plan, &self.subject, stream, self.threads, false);
        let counted = timed(&mut self.clock.counting, || pairs::count(&setting))?;
        window.counted = counted;
        Ok(window)
    }

    /// Place of a window: the step of its last sample, and the share of the epoch that its end stands at.
    fn place_in_epoch(&self, epoch: u64, samples: usize, step: u64) -> Place {
        let epoch = epoch as f64 + samples as f64 / self.subject.length.samples as f64;
        Place { epoch, ..self.place(step) }
    }

    fn stream_digest(&self, symbols: &[Symbols]) -> String {
        let plan = self.plan.draws.name.as_bytes();
        let parts: Vec<&[u8]> = symbols.iter().map(Symbols::bytes).chain([plan]).collect();
        digest(&parts)
    }

    /// Measures the frames of a snapshot on the probe.
    fn measure_probe(&mut self, step: u64) -> Result<(), SinkError> {
        let symbols = self.probe_symbols()?;
        let digests = self.frame_digests();
        let place = self.place(step);
        let due = self.plan.labels.null.is_some() && self.label_draws.at_step(step);
        let key = due.then(|| self.draw_key("null/labels", step));
        let rows = probe::layer_rows(&self.plan, &place, &self.frames, &self.probe, key, &digests, self.threads)?;
        self.put(&rows)?;
        if self.plan.axes.contains(&Axis::Probe) {
            let due = self.pair_draws.at_step(step);
            let key = due.then(|| self.draw_key("null/probe", step));
            let all = digest(&digests.iter().map(String::as_bytes).collect::<Vec<_>>());
            let (rows, arrays) = probe::pair_rows(&self.plan, &place, &symbols, &self.probe, key, &all, self.threads)?;
            self.put(&rows)?;
            self.writer.unit_arrays(step, arrays)?;
        }
        Ok(())
    }

    /// Symbols of the probe's frames in natural order; at the first snapshot this also chooses the units.
    fn probe_symbols(&mut self) -> Result<Vec<Symbols>, SinkError> {
        if self.kept.is_none() {
            let kept = kept::choose(&self.plan, &self.frames, self.subject.classes, self.probe.seed)?;
            self.writer.unit_arrays(0, kept::arrays(&self.plan, &kept))?;
            self.kept = Some(kept);
        }
        let kept = self.kept.as_deref().unwrap_or_default();
        probe::symbols(&self.plan, &self.frames, kept, self.subject.classes).map_err(Into::into)
    }

    fn frame_digests(&self) -> Vec<String> {
        let bytes = |values: &Vec<f32>| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        self.frames.iter().map(|values| digest(&[&bytes(values)])).collect()
    }
}

/// One window of the stream.
struct Window {
    index: usize,
    rows: Range<usize>,
    place: Place,
    symbols: Vec<Symbols>,
    digest: String,
    counted: Vec<Counted>,
}

impl Window {
    fn setting<'a>(
        &'a self,
        plan: &'a Plan,
        subject: &'a Subject,
        stream: &'a Stream,
        threads: usize,
        matrices: bool,
    ) -> Setting<'a> {
        Setting {
            plan,
            place: self.place.clone(),
            time: "samples",
            order: &subject.order,
            window: self.index as u32,
            symbols: &self.symbols,
            labels: &stream.labels[self.rows.clone()],
            digest: &self.digest,
            matrices,
            threads,
        }
    }
}

impl Sink for Observer {
    fn streams(&self, epoch: u64) -> bool {
        self.plan.axes.contains(&Axis::Samples) && self.schedule.streams(epoch)
    }

    fn is_due(&self, step: u64, _epoch: f64) -> bool {
        self.schedule.is_due(step)
    }

    fn frame(&mut self, frame: &Frame<'_>) -> Result<(), SinkError> {
        let Some(tap) = self.tap(frame.tap) else { return Ok(()) };
        match frame.pass {
            Pass::Probe => timed(&mut self.clock.probing, || {
                self.frames[tap].clear();
                self.frames[tap].extend_from_slice(frame.values);
            }),
            Pass::Batch { .. } => {
                let kept = self.kept.as_deref().ok_or("the first snapshot comes before the stream")?;
                let (plan, classes) = (&self.plan, self.subject.classes);
                let stream = self.stream.get_or_insert_with(|| Stream::new(plan, kept));
                timed(&mut self.clock.packing, || stream.push(plan, tap, &kept[tap], frame, classes))?;
            }
        }
        Ok(())
    }

    fn batch(&mut self, step: u64) -> Result<(), SinkError> {
        if let Some(stream) = &mut self.stream {
            timed(&mut self.clock.packing, || stream.end_batch(step));
        }
        self.writer.heartbeat()?;
        Ok(())
    }

    fn epoch(&mut self, epoch: u64, step: u64) -> Result<(), SinkError> {
        let Some(stream) = self.stream.take() else { return Ok(()) };
        self.measure_stream(&stream, epoch, step)?;
        if self.keep_stream {
            let arrays: Vec<(String, NpyArray)> = stream.arrays(&self.plan);
            self.writer.stream(epoch, arrays)?;
        }
        if !self.schedule.is_due(step) {
            // no snapshot follows at this step: a line without losses commits the stream's rows
            let epoch = (epoch + 1) as f64;
            self.snapshot(&Metrics { step, epoch, ..Metrics::default() })?;
        }
        Ok(())
    }

    fn snapshot(&mut self, metrics: &Metrics) -> Result<(), SinkError> {
        if self.schedule.is_due(metrics.step) {
            let started = std::time::Instant::now();
            self.measure_probe(metrics.step)?;
            self.clock.probing += started.elapsed();
        }
        let metrics = Metrics { attempt: self.writer.attempt(), ..metrics.clone() };
        self.writer.snapshot(&metrics)?;
        Ok(())
    }

    fn checkpoint(&mut self, state: &[u8]) -> Result<(), SinkError> {
        self.writer.checkpoint(state)?;
        Ok(())
    }
}
