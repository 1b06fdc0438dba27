//! The schedule: after which optimiser steps a snapshot is due.
//!
//! A cadence is what the user writes; a schedule is that cadence resolved for one training of E epochs with S steps
//! each, as steps 0 … E·S:
//!
//! ```text
//! log:20       round(10^(i/20)) epochs, i = 0, 1, …      (log:20@step: that many steps)
//! saxe         every epoch up to 20, every 5th up to 100, every 20th up to 2000, every 100th beyond
//! epoch:5      every 5th epoch
//! [0, 1, 2, 5] these epochs
//! ```
//!
//! Step 0 (the initial weights) and the last step are always due. An early phase that is over within some epochs needs
//! a logarithmic clock: 20 per decade make 71 snapshots of 10 000 epochs.
//!
//! Fails where the training has no step, where a listed epoch lies beyond its end, and where more than a million
//! snapshots would be due.
//!
//! Reference: the rule `saxe` is that of the code published with A. Saxe et al., "On the information bottleneck theory of
//! deep learning", J. Stat. Mech. 124020 (2019), doi:10.1088/1742-5468/ab3985; it is here read as passes done.
//!
//! ```
//! use infoplane_record::{Cadence, Schedule};
//!
//! let cadence: Cadence = "epoch:5".parse()?;
//! let schedule = Schedule::new(&cadence, 12, 100)?;
//! assert_eq!(schedule.steps(), [0, 500, 1000, 1200]);
//! assert!(schedule.is_due(500) && !schedule.is_due(600));
//! assert!(schedule.streams(4) && !schedule.streams(5));
//! # Ok::<(), infoplane_record::RecordError>(())
//! ```

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{RecordError, Result};

/// More snapshots than this are a mistake, not a plan.
const MOST_SNAPSHOTS: u64 = 1_000_000;

/// What a logarithmic cadence counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Passes over the training data.
    Epochs,
    /// Optimiser steps.
    Steps,
}

/// How often a snapshot is taken, as written under `every`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cadence {
    /// `log:20`, `log:20@step`: so many per decade.
    Log {
        /// Snapshots per decade, 1 to 1000.
        per_decade: u32,
        /// Decades of what.
        clock: Clock,
    },
    /// `saxe`: dense at first, in four stages.
    Saxe,
    /// `epoch:5`: every so many epochs.
    Epoch(u64),
    /// `[0, 1, 2, 5]`: after these epochs.
    Listed(Vec<u64>),
}

impl Default for Cadence {
    fn default() -> Self {
        Self::Log { per_decade: 20, clock: Clock::Epochs }
    }
}

impl FromStr for Cadence {
    type Err = RecordError;

    fn from_str(text: &str) -> Result<Self> {
        let bad = || RecordError::Cadence { got: text.to_owned() };
        match text.split_once(':') {
            None if text == "saxe" => Ok(Self::Saxe),
            Some(("epoch", every)) => every.parse().ok().filter(|every| *every >= 1).map(Self::Epoch).ok_or_else(bad),
            Some(("log", rest)) => {
                let (number, clock) = match rest.strip_suffix("@step") {
                    Some(number) => (number, Clock::Steps),
                    None => (rest, Clock::Epochs),
                };
                let per_decade = number.parse().ok().filter(|n| (1..=1000).contains(n)).ok_or_else(bad)?;
                Ok(Self::Log { per_decade, clock })
            }
            _ => Err(bad()),
        }
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log { per_decade, clock: Clock::Epochs } => write!(f, "log:{per_decade}"),
            Self::Log { per_decade, clock: Clock::Steps } => write!(f, "log:{per_decade}@step"),
            Self::Saxe => write!(f, "saxe"),
            Self::Epoch(every) => write!(f, "epoch:{every}"),
            Self::Listed(epochs) => write!(f, "{epochs:?}"),
        }
    }
}

impl Serialize for Cadence {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Listed(epochs) => epochs.serialize(serializer),
            named => serializer.collect_str(named),
        }
    }
}

impl<'de> Deserialize<'de> for Cadence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(CadenceVisitor)
    }
}

struct CadenceVisitor;

impl<'de> de::Visitor<'de> for CadenceVisitor {
    type Value = Cadence;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"log:20\", \"log:20@step\", \"saxe\", \"epoch:5\" or a list of epochs")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> std::result::Result<Cadence, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Cadence, A::Error> {
        let mut epochs = Vec::new();
        while let Some(epoch) = list.next_element()? {
            epochs.push(epoch);
        }
        Ok(Cadence::Listed(epochs))
    }
}

/// A cadence resolved for one training: the steps after which a snapshot is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    steps: Vec<u64>,
    steps_per_epoch: u64,
}

impl Schedule {
    /// Resolves a cadence for a training of `epochs` passes with `steps_per_epoch` optimiser steps each.
    ///
    /// # Errors
    /// [`RecordError::NoSteps`], [`RecordError::ListedEpoch`] or [`RecordError::TooManySnapshots`]: see the module.
    pub fn new(cadence: &Cadence, epochs: u64, steps_per_epoch: u64) -> Result<Self> {
        let last = epochs.checked_mul(steps_per_epoch).filter(|last| *last > 0);
        let last = last.ok_or(RecordError::NoSteps { epochs, steps_per_epoch })?;
        let mut steps: Vec<u64> = match cadence {
            Cadence::Log { per_decade, clock: Clock::Steps } => logarithmic(*per_decade, last),
            _ => due_epochs(cadence, epochs)?.into_iter().map(|epoch| epoch * steps_per_epoch).collect(),
        };
        steps.extend([0, last]);
        steps.sort_unstable();
        steps.dedup();
        Ok(Self { steps, steps_per_epoch })
    }

    /// Whether a snapshot is due after `step` optimiser steps.
    pub fn is_due(&self, step: u64) -> bool {
        self.steps.binary_search(&step).is_ok()
    }

    /// Every step at which one is due, ascending.
    pub fn steps(&self) -> &[u64] {
        &self.steps
    }

    /// Whether the training pass of epoch `epoch` (counted from 0) is streamed: a snapshot falls in it or at its end.
    pub fn streams(&self, epoch: u64) -> bool {
        let first = epoch.saturating_mul(self.steps_per_epoch);
        let end = first.saturating_add(self.steps_per_epoch);
        let next = self.steps.partition_point(|step| *step <= first);
        self.steps.get(next).is_some_and(|step| *step <= end)
    }
}

/// The epochs after which a snapshot is due, none beyond `epochs`.
fn due_epochs(cadence: &Cadence, epochs: u64) -> Result<Vec<u64>> {
    match cadence {
        Cadence::Log { per_decade, .. } => Ok(logarithmic(*per_decade, epochs)),
        Cadence::Saxe => bounded(saxe_stride, epochs),
        Cadence::Epoch(every) => bounded(|_| *every, epochs),
        Cadence::Listed(list) => match list.iter().find(|epoch| **epoch > epochs) {
            Some(&epoch) => Err(RecordError::ListedEpoch { epoch, epochs }),
            None => Ok(list.clone()),
        },
    }
}

/// `round(10^(i / per_decade))` up to `end`.
fn logarithmic(per_decade: u32, end: u64) -> Vec<u64> {
    let at = |i: u32| 10f64.powf(f64::from(i) / f64::from(per_decade)).round() as u64;
    (0..20 * per_decade).map(at).take_while(|at| *at <= end).collect()
}

/// Distance from one due epoch to the next.
fn saxe_stride(epoch: u64) -> u64 {
    match epoch {
        0..20 => 1,
        20..100 => 5,
        100..2000 => 20,
        _ => 100,
    }
}

/// The epochs reached from 0 by these strides.
fn bounded(stride: impl Fn(u64) -> u64, epochs: u64) -> Result<Vec<u64>> {
    let next = |epoch: &u64| epoch.checked_add(stride(*epoch)).filter(|next| *next <= epochs);
    let due: Vec<u64> = std::iter::successors(Some(0), next).take(MOST_SNAPSHOTS as usize + 1).collect();
    match due.len() as u64 > MOST_SNAPSHOTS {
        true => Err(RecordError::TooManySnapshots { epochs, most: MOST_SNAPSHOTS }),
        false => Ok(due),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(cadence: &str, epochs: u64, steps_per_epoch: u64) -> Schedule {
        Schedule::new(&cadence.parse().unwrap(), epochs, steps_per_epoch).unwrap()
    }

    /// Counts of the published table; it counts the rules `epoch:1` and `saxe` without the initial weights.
    #[test]
    fn counts_of_the_table() {
        let due = |cadence, epochs| schedule(cadence, epochs, 16).steps().len();
        assert_eq!([100, 1000, 10_000].map(|e| due("log:20", e)), [31, 51, 71]);
        assert_eq!([100, 1000, 10_000].map(|e| due("log:50", e)), [56, 106, 156]);
        assert_eq!([100, 1000, 10_000].map(|e| due("saxe", e) - 1), [36, 81, 211]);
        assert_eq!([100, 1000, 10_000].map(|e| due("epoch:1", e) - 1), [100, 1000, 10_000]);
    }

    #[test]
    fn both_ends_are_always_due() {
        for cadence in ["log:20", "log:3@step", "saxe", "epoch:7"] {
            for (epochs, steps_per_epoch) in [(1, 1), (3, 5), (50, 13)] {
                let schedule = schedule(cadence, epochs, steps_per_epoch);
                assert!(schedule.is_due(0) && schedule.is_due(epochs * steps_per_epoch), "{cadence}");
                assert!(schedule.steps().is_sorted_by(|a, b| a < b), "{cadence}");
            }
        }
    }

    #[test]
    fn an_epoch_cadence_falls_on_ends_of_epochs_and_a_step_cadence_inside_them() {
        assert!(schedule("log:20", 40, 7).steps().iter().all(|step| step % 7 == 0));
        assert_eq!(schedule("log:2@step", 1, 40).steps(), [0, 1, 3, 10, 32, 40]);
    }

    #[test]
    fn an_epoch_streams_when_a_step_in_it_or_at_its_end_is_due() {
        for cadence in ["log:5", "log:5@step", "epoch:3"] {
            let schedule = schedule(cadence, 30, 4);
            for epoch in 0..30 {
                let due = (epoch * 4 + 1..=epoch * 4 + 4).any(|step| schedule.is_due(step));
                assert_eq!(schedule.streams(epoch), due, "{cadence}, epoch {epoch}");
            }
            assert!(!schedule.streams(30) && !schedule.streams(u64::MAX));
        }
    }

    #[test]
    fn what_is_written_comes_back() {
        for text in ["log:20", "log:20@step", "saxe", "epoch:5"] {
            assert_eq!(text.parse::<Cadence>().unwrap().to_string(), text);
        }
        let list: Cadence = serde_json::from_str("[0, 1, 5]").unwrap();
        assert_eq!((serde_json::to_string(&list).unwrap(), list), ("[0,1,5]".into(), Cadence::Listed(vec![0, 1, 5])));
    }

    #[test]
    fn impossible_schedules_are_refused() {
        for text in ["", "log", "log:", "log:0", "log:1001", "log:20@epoch", "epoch:0", "epoch:-1", "saxe:3", "weekly"]
        {
            assert!(matches!(text.parse::<Cadence>(), Err(RecordError::Cadence { .. })), "{text}");
        }
        let new = |cadence: &Cadence, epochs, steps| Schedule::new(cadence, epochs, steps).unwrap_err();
        let log = Cadence::default();
        assert!(matches!(new(&log, 0, 5), RecordError::NoSteps { .. }));
        assert!(matches!(new(&log, 5, 0), RecordError::NoSteps { .. }));
        assert!(matches!(new(&log, u64::MAX, 2), RecordError::NoSteps { .. }));
        assert!(matches!(new(&Cadence::Listed(vec![0, 9]), 8, 1), RecordError::ListedEpoch { epoch: 9, epochs: 8 }));
        assert!(matches!(new(&Cadence::Epoch(1), u64::MAX, 1), RecordError::TooManySnapshots { .. }));
    }
}
