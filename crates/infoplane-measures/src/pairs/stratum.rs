//! One stratum: a stretch of rows, embedded on its own, with its targets prepared.

use crate::contingency::{Margins, Table};
use crate::pairs::PairMeasure;

/// A stratum in whichever representation counts fastest.
pub(super) trait Stratum: Send + Sync {
    /// Embedded rows.
    fn rows(&self) -> usize;

    /// Counts ahead of [`Stratum::observe`], where the two can be told apart.
    fn count(&self, _threads: usize) {}

    /// Every pair's value with its law, at [source · targets + target].
    fn observe(&self, threads: usize) -> Vec<Observed>;

    /// The ceiling of each target.
    fn ceilings(&self) -> Vec<f64>;

    /// The source units' embedded present as numbers, at most `limit` of them: for their autocorrelation.
    fn source_series(&self, limit: usize) -> Vec<Vec<f64>>;

    /// Room for one thread's draws.
    fn surrogates(&self) -> Box<dyn Surrogates + '_>;
}

/// Values with the rows of the source moved, at [source · targets + target].
pub(super) trait Surrogates {
    /// All targets see the source rows in this order.
    fn moved(&mut self, order: &[u32], out: &mut [f64]);

    /// Each target sees them in this order as far as its own past allows.
    fn moved_within_pasts(&mut self, order: &[u32], out: &mut [f64]);
}

/// One pair in one stratum.
#[derive(Debug, Clone, Copy)]
pub(super) struct Observed {
    pub(super) value: f64,
    pub(super) dof: f64,
    pub(super) floor: f64,
    pub(super) least_expected: f64,
}

impl Observed {
    /// From the counts of a pair.
    pub(super) fn of(measure: PairMeasure, table: &Table, margins: &Margins) -> Self {
        let law = table.law(margins);
        let floor = match measure {
            PairMeasure::Tie => law.tie_floor,
            PairMeasure::Te | PairMeasure::Coupling => law.dof / (2.0 * margins.n as f64),
        };
        let value = value(measure, table, margins);
        Self { value, dof: law.dof, floor, least_expected: law.least_expected }
    }
}

/// The value of a pair.
pub(super) fn value(measure: PairMeasure, table: &Table, margins: &Margins) -> f64 {
    match measure {
        PairMeasure::Tie => table.tie(margins),
        PairMeasure::Te | PairMeasure::Coupling => table.information(margins),
    }
}

/// The ceiling of a target.
pub(super) fn ceiling(measure: PairMeasure, margins: &Margins) -> f64 {
    match measure {
        PairMeasure::Tie => margins.spread(),
        PairMeasure::Te | PairMeasure::Coupling => margins.entropy(),
    }
}

/// Units spread evenly over the layer, at most `limit`.
pub(super) fn sample_units(units: usize, limit: usize) -> impl Iterator<Item = usize> {
    let taken = units.min(limit);
    (0..taken).map(move |place| place * units / taken)
}
