//! Where the time of an observed training goes.

use std::time::{Duration, Instant};

/// Seconds spent by the observer, by kind of work.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    /// In the training loop: activations to packed symbols. (Copying them is the training's to report.)
    pub packing: Duration,
    /// At the end of a streamed epoch: joint counts of all unit pairs.
    pub counting: Duration,
    /// After a streamed epoch: surrogate draws, p-values, rows.
    pub testing: Duration,
    /// Snapshots on the probe, draws included.
    pub probing: Duration,
}

/// Runs `work` and adds its time to `total`.
pub(crate) fn timed<T>(total: &mut Duration, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let done = work();
    *total += started.elapsed();
    done
}
