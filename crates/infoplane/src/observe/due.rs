//! Which snapshots and streamed epochs get draws.

use infoplane_record::Schedule;

use super::Length;
use crate::plan::{At, PlanError};

/// `null.at` resolved for one training.
#[derive(Debug, Clone)]
pub(crate) enum Due {
    All,
    /// The last step and epoch.
    Last(Length),
    Schedule(Schedule),
}

impl Due {
    pub(crate) fn new(at: &At, length: Length, key: &'static str) -> Result<Self, PlanError> {
        match at {
            At::All => Ok(Self::All),
            At::Last => Ok(Self::Last(length)),
            At::Cadence(cadence) => Schedule::new(cadence, length.epochs, length.steps_per_epoch)
                .map(Self::Schedule)
                .map_err(|error| PlanError::At { key, why: error.to_string() }),
        }
    }

    /// Whether the snapshot after `step` steps gets draws.
    pub(crate) fn at_step(&self, step: u64) -> bool {
        match self {
            Self::All => true,
            Self::Last(length) => step == length.epochs * length.steps_per_epoch,
            Self::Schedule(schedule) => schedule.is_due(step),
        }
    }

    /// Whether the windows of epoch `epoch` (0-based) get draws.
    pub(crate) fn in_epoch(&self, epoch: u64) -> bool {
        match self {
            Self::All => true,
            Self::Last(length) => epoch + 1 == length.epochs,
            Self::Schedule(schedule) => schedule.streams(epoch),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_is_the_last_alone_and_a_schedule_its_own() {
        let length = Length { epochs: 10, steps_per_epoch: 4, samples: 16 };
        let due = |at: &At| Due::new(at, length, "te.null.at").unwrap();
        let last = due(&At::Last);
        assert!(last.at_step(40) && !last.at_step(0) && last.in_epoch(9) && !last.in_epoch(8));
        let fives = due(&At::Cadence("epoch:5".parse().unwrap()));
        assert!(fives.at_step(20) && !fives.at_step(4) && fives.in_epoch(4) && !fives.in_epoch(3));
        let beyond = At::Cadence(infoplane_record::Cadence::Listed(vec![99]));
        assert!(matches!(Due::new(&beyond, length, "te.null.at"), Err(PlanError::At { .. })));
    }
}
