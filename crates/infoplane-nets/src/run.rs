//! The training loop: steps, and what the sink is given between them.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use infoplane_record::{Frame, Metrics, Pass, Sink, SinkError};

use crate::network::slice;
use crate::taps::places;
use crate::training::{Batch, Forward, Training};
use crate::{Error, Evaluation, Result};

/// What is observed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observation {
    /// Taps of the probe.
    pub taps: Vec<String>,
    /// Taps of the streamed training pass.
    pub stream_taps: Vec<String>,
    /// Rows of the data set that make the probe, in its order; none for no probe frames.
    pub probe: Vec<u32>,
}

/// Where the time went, in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Times {
    /// Training itself: gathering batches, forward, backward, update.
    pub training_secs: f64,
    /// Copying streamed taps out of the training pass.
    pub tap_secs: f64,
    /// The sink, taking frames of batches ([`Sink::frame`], [`Sink::batch`]).
    pub sink_secs: f64,
    /// The sink at ends of streamed epochs ([`Sink::epoch`]).
    pub epoch_secs: f64,
    /// Forward passes on the probe.
    pub probe_secs: f64,
    /// The sink at snapshots, probe frames included.
    pub snapshot_secs: f64,
    /// Evaluating loss and accuracy at snapshots.
    pub metrics_secs: f64,
    /// Gathering and keeping checkpoints.
    pub checkpoint_secs: f64,
}

/// How far a training is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Optimiser steps done.
    pub step: u64,
    /// Optimiser steps in all.
    pub steps: u64,
    /// Passes done.
    pub epoch: f64,
    /// Passes in all.
    pub epochs: u64,
    /// Loss of the last batch.
    pub loss: f64,
    /// Where the time of this attempt went.
    pub times: Times,
}

/// How a run of the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// All epochs are done.
    Finished,
    /// The stop flag was raised.
    Interrupted,
}

/// What came of a run of the loop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// Where the time went.
    pub times: Times,
}

/// A sink that wants nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

/// A checkpoint is kept this long after the last one even without a snapshot.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(20);

/// Progress is reported no more often than this.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

impl Training {
    /// Trains to the last epoch, showing what `plan` names to `sink`.
    ///
    /// Streamed taps come from the training pass itself, `input` first. Calls on the sink: at step 0 a snapshot and a checkpoint;
    /// in a streamed epoch for each batch its frames, then `batch`, and `epoch` after the last; after each step for
    /// which `is_due` holds, probe frames and `snapshot`; at last in each epoch `checkpoint`, if a snapshot fell in
    /// it or the last checkpoint is 20 s old. `stop` is looked at before each batch.
    ///
    /// # Errors
    /// A loss that is no longer finite, what the sink refuses, and taps or probe rows that do not exist.
    pub fn run(
        &mut self,
        plan: &Observation,
        sink: &mut dyn Sink,
        stop: &AtomicBool,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Outcome> {
        let mut watch = Watch::new(self, plan, sink)?;
        if self.step == 0 {
            watch.snapshot_if_due(self)?;
            watch.checkpoint_if_due(self)?;
        }
        let mut reported = Instant::now();
        while self.step < self.steps() {
            if stop.load(Ordering::Relaxed) {
                if self.step.is_multiple_of(self.steps_per_epoch()) {
                    watch.checkpoint(self)?;
                }
                return Ok(Outcome { end: End::Interrupted, times: watch.times });
            }
            let loss = watch.batch(self)?;
            let is_last = self.step == self.steps();
            if is_last || reported.elapsed() >= PROGRESS_EVERY {
                reported = Instant::now();
                progress(self.progress(loss, watch.times));
            }
        }
        Ok(Outcome { end: End::Finished, times: watch.times })
    }

    /// Optimiser steps in all.
    pub fn steps(&self) -> u64 {
        self.steps_per_epoch() * self.config.train.epochs
    }

    fn progress(&self, loss: f64, times: Times) -> Progress {
        let (steps, epochs) = (self.steps(), self.config.train.epochs);
        Progress { step: self.step, steps, epoch: self.epoch(), epochs, loss, times }
    }

    fn evaluations(&self) -> Result<(Evaluation, Option<Evaluation>)> {
        let train = self.evaluate_train();
        match train.loss.is_finite() {
            true => Ok((train, self.evaluate_test())),
            false => Err(Error::Diverged { step: self.step, loss: train.loss }),
        }
    }
}

/// The loop's view of sink and plan during one run.
struct Watch<'a> {
    sink: &'a mut dyn Sink,
    taps: Vec<usize>,
    stream_taps: Vec<usize>,
    probe: Vec<u32>,
    times: Times,
    began: Instant,
    checkpointed: Instant,
    /// The epoch under way: its order, and whether it is streamed and had a snapshot.
    order: Vec<u32>,
    streams: bool,
    snapped: bool,
}

impl<'a> Watch<'a> {
    fn new(training: &Training, plan: &Observation, sink: &'a mut dyn Sink) -> Result<Self> {
        let rows = training.data.rows();
        if let Some(&row) = plan.probe.iter().find(|&&row| row as usize >= rows) {
            let allowed = format!("rows 0..{} of the data", rows - 1);
            return Err(Error::Probe { what: "row of the probe", got: row as usize, allowed });
        }
        let now = Instant::now();
        Ok(Self {
            sink,
            taps: places(&training.taps, &plan.taps)?,
            stream_taps: places(&training.taps, &plan.stream_taps)?,
            probe: plan.probe.clone(),
            times: Times::default(),
            began: now,
            checkpointed: now,
            order: Vec::new(),
            streams: false,
            snapped: false,
        })
    }

    /// One step with everything that belongs to it; gives the loss.
    fn batch(&mut self, training: &mut Training) -> Result<f64> {
        let per_epoch = training.steps_per_epoch();
        let (epoch, batch) = (training.step / per_epoch, training.step % per_epoch);
        if batch == 0 || self.order.is_empty() {
            self.order = training.order(epoch);
            (self.streams, self.snapped) = (self.sink.streams(epoch), false);
        }
        let begin = batch as usize * training.config.train.batch;
        let end = self.order.len().min(begin + training.config.train.batch);
        let forward = self.forward(training, begin..end)?;
        let lr = training.config.train.lr_at(epoch);
        let loss = timed(&mut self.times.training_secs, || training.learn(forward, lr));
        if !loss.is_finite() {
            return Err(Error::Diverged { step: training.step, loss });
        }
        self.after_step(training, epoch, batch + 1 == per_epoch)?;
        Ok(loss)
    }

    /// The forward pass of a batch; gives its frames if the epoch is streamed.
    fn forward(&mut self, training: &Training, batch: Range<usize>) -> Result<Forward> {
        let samples = &self.order[batch.clone()];
        let Batch { labels, inputs } = timed(&mut self.times.training_secs, || training.gather(samples));
        if !self.streams {
            return Ok(timed(&mut self.times.training_secs, || training.forward(inputs, &labels, &[])));
        }
        if self.stream_taps.contains(&0) {
            self.give(training, 0, batch.clone(), &labels, &inputs)?; // before it goes into the network: no copy
        }
        let places = &self.stream_taps;
        let forward = timed(&mut self.times.training_secs, || training.forward(inputs, &labels, places));
        for place in self.stream_taps.clone().into_iter().filter(|&place| place != 0) {
            let data = timed(&mut self.times.tap_secs, || match place == training.label_place() {
                true => forward.one_hot.to_data(),
                false => training.tensor_of(place, &forward.logits, &forward.kept).into_data(),
            });
            self.give(training, place, batch.clone(), &labels, slice(&data))?;
        }
        Ok(forward)
    }

    /// Gives one frame of a training batch.
    fn give(
        &mut self,
        training: &Training,
        place: usize,
        batch: Range<usize>,
        labels: &[u32],
        values: &[f32],
    ) -> Result<()> {
        let tap = &training.taps[place];
        let pass = Pass::Batch { samples: &self.order[batch], labels };
        let frame = Frame { tap: &tap.name, step: training.step, pass, units: tap.units, values };
        timed(&mut self.times.sink_secs, || self.sink.frame(&frame)).map_err(Error::Sink)
    }

    /// What follows a step: the stream's events, then a snapshot, then a checkpoint.
    fn after_step(&mut self, training: &Training, epoch: u64, is_last: bool) -> Result<()> {
        timed(&mut self.times.sink_secs, || self.sink.batch(training.step)).map_err(Error::Sink)?;
        if self.streams && is_last {
            timed(&mut self.times.epoch_secs, || self.sink.epoch(epoch, training.step)).map_err(Error::Sink)?;
        }
        self.snapshot_if_due(training)?;
        if is_last { self.checkpoint_if_due(training) } else { Ok(()) }
    }

    fn snapshot_if_due(&mut self, training: &Training) -> Result<()> {
        if !self.sink.is_due(training.step, training.epoch()) {
            return Ok(());
        }
        self.snapped = true;
        let (train, test) = timed(&mut self.times.metrics_secs, || training.evaluations())?;
        self.probe_frames(training)?;
        let metrics = Metrics {
            step: training.step,
            epoch: training.epoch(),
            t: self.began.elapsed().as_secs_f64(),
            train_loss: Some(train.loss),
            train_acc: Some(train.accuracy),
            test_loss: test.map(|test| test.loss),
            test_acc: test.map(|test| test.accuracy),
            ..Metrics::default()
        };
        timed(&mut self.times.snapshot_secs, || self.sink.snapshot(&metrics)).map_err(Error::Sink)
    }

    fn probe_frames(&mut self, training: &Training) -> Result<()> {
        let values = timed(&mut self.times.probe_secs, || training.activations(&self.probe, &self.taps));
        for (&place, values) in self.taps.iter().zip(&values).filter(|(_, values)| !values.is_empty()) {
            let tap = &training.taps[place];
            let frame = Frame { tap: &tap.name, step: training.step, pass: Pass::Probe, units: tap.units, values };
            timed(&mut self.times.snapshot_secs, || self.sink.frame(&frame)).map_err(Error::Sink)?;
        }
        Ok(())
    }

    fn checkpoint_if_due(&mut self, training: &Training) -> Result<()> {
        if self.snapped || self.checkpointed.elapsed() >= CHECKPOINT_EVERY { self.checkpoint(training) } else { Ok(()) }
    }

    fn checkpoint(&mut self, training: &Training) -> Result<()> {
        let keep = || self.sink.checkpoint(&training.state());
        timed(&mut self.times.checkpoint_secs, keep).map_err(Error::Sink)?;
        self.checkpointed = Instant::now();
        Ok(())
    }
}

/// Does the work and adds the seconds it took.
fn timed<T>(total: &mut f64, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    *total += start.elapsed().as_secs_f64();
    result
}

impl Sink for Silent {
    fn streams(&self, _: u64) -> bool {
        false
    }

    fn is_due(&self, _: u64, _: f64) -> bool {
        false
    }

    fn frame(&mut self, _: &Frame<'_>) -> std::result::Result<(), SinkError> {
        Ok(())
    }

    fn batch(&mut self, _: u64) -> std::result::Result<(), SinkError> {
        Ok(())
    }

    fn epoch(&mut self, _: u64, _: u64) -> std::result::Result<(), SinkError> {
        Ok(())
    }

    fn snapshot(&mut self, _: &Metrics) -> std::result::Result<(), SinkError> {
        Ok(())
    }

    fn checkpoint(&mut self, _: &[u8]) -> std::result::Result<(), SinkError> {
        Ok(())
    }
}
