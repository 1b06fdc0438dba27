//! Frames: one tap's activations at one step, and where they go.

/// The pass in which activations were computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass<'a> {
    /// The fixed probe, weights frozen; rows are in the probe's own order.
    Probe,
    /// One batch of the training pass itself.
    Batch {
        /// Index in the training split of each row.
        samples: &'a [u32],
        /// Class of each row.
        labels: &'a [u32],
    },
}

/// One tap's activations at one step.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The tap's name: `input`, `fc1.pre`, `fc1` …, `logits`, `out`, `label`.
    pub tap: &'a str,
    /// Optimiser steps done *before* this pass.
    pub step: u64,
    /// The pass.
    pub pass: Pass<'a>,
    /// Number of units, the width of a row.
    pub units: usize,
    /// Activations, row-major \[rows, units\].
    pub values: &'a [f32],
}

impl Frame<'_> {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.units).unwrap_or(0)
    }
}

/// One line of `metrics.jsonl`: how training stands at a snapshot.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Metrics {
    /// Stretch of training between resumes, counted from 1.
    pub attempt: u32,
    /// Optimiser steps done.
    pub step: u64,
    /// Passes over the training data done.
    pub epoch: f64,
    /// Seconds since the attempt began.
    pub t: f64,
    /// Loss on the training split.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub train_loss: Option<f64>,
    /// Accuracy on the training split, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub train_acc: Option<f64>,
    /// Loss on the test split.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_loss: Option<f64>,
    /// Accuracy on the test split, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_acc: Option<f64>,
    /// The user's own scalars.
    #[serde(flatten)]
    pub scalars: serde_json::Map<String, serde_json::Value>,
}

/// The error of a sink, kept open: a writer's, an estimator's.
pub type SinkError = Box<dyn std::error::Error + Send + Sync>;

/// Where frames go. The training loop calls; the sink measures, writes, or both.
///
/// Order of calls: probe frames and [`Sink::snapshot`] at step 0; then for each batch its frames, if [`Sink::streams`]
/// says so of the epoch, and [`Sink::batch`]; at the end of a streamed epoch [`Sink::epoch`]; then, where a snapshot is
/// due, probe frames and [`Sink::snapshot`]; and [`Sink::checkpoint`] at ends of epochs.
pub trait Sink {
    /// Whether the training pass of epoch `epoch` (0-based) is streamed.
    fn streams(&self, epoch: u64) -> bool;

    /// Whether a snapshot is due now, after `step` optimiser steps and `epoch` passes (whole at an epoch's end).
    fn is_due(&self, step: u64, epoch: f64) -> bool;

    /// Takes one tap's activations.
    ///
    /// # Errors
    /// The sink's own; training stops with it.
    fn frame(&mut self, frame: &Frame<'_>) -> Result<(), SinkError>;

    /// The optimiser's step `step` has been done; if the epoch is streamed, every frame of the batch has been given.
    ///
    /// # Errors
    /// The sink's own.
    fn batch(&mut self, step: u64) -> Result<(), SinkError>;

    /// The streamed epoch has ended.
    ///
    /// # Errors
    /// The sink's own.
    fn epoch(&mut self, epoch: u64, step: u64) -> Result<(), SinkError>;

    /// Every frame of this snapshot has been given, with the state of training (`attempt` is the sink's to set).
    ///
    /// # Errors
    /// The sink's own.
    fn snapshot(&mut self, metrics: &Metrics) -> Result<(), SinkError>;

    /// Keeps the state that training can go on from; called at ends of epochs, after their snapshot.
    ///
    /// # Errors
    /// The sink's own.
    fn checkpoint(&mut self, state: &[u8]) -> Result<(), SinkError>;
}
