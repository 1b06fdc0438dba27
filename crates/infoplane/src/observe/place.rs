//! Where in a training a measurement belongs: the fields every row of it shares.

use infoplane_record::Row;

/// Run, step and time axis of a measurement.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub(crate) run: String,
    pub(crate) seed: u64,
    pub(crate) attempt: u32,
    pub(crate) step: u64,
    pub(crate) epoch: f64,
}

impl Place {
    /// A row with the shared fields and nothing else.
    pub(crate) fn row(&self) -> Row {
        Row {
            run: Some(self.run.clone()),
            seed: Some(self.seed),
            attempt: Some(self.attempt),
            step: Some(self.step),
            epoch: Some(self.epoch),
            unit: "bits".to_owned(),
            ..Row::default()
        }
    }
}

/// Nats to bits.
pub(crate) fn bits(nats: f64) -> f64 {
    nats / std::f64::consts::LN_2
}
