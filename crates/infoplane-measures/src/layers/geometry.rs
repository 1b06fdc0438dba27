//! Geometry beside information, so that a change can be attributed: saturated values, dead units, distinct rows.

use super::Layer;
use super::grid::Exact;
use super::partition::Partition;
use crate::Result;

/// What a layer's values look like, apart from all estimators.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geometry {
    /// Share of values in the outer 5 % of the activation's range: |a| > 0.95 for tanh, below 0.025 or above 0.975
    /// for a sigmoid. None for an unbounded activation.
    pub saturated: Option<f64>,
    /// Share of units that give every row the same value.
    pub dead: f64,
    /// Number of distinct rows, as exact f32 values.
    pub distinct: usize,
}

impl Geometry {
    /// Looks at one layer.
    ///
    /// ```
    /// use infoplane_measures::layers::{Geometry, Layer};
    ///
    /// let values = [0.0, 0.99, 0.0, -0.5, 0.0, 0.99]; // three rows of two units
    /// let range = Some((-1.0, 1.0));
    /// let labels = &[0, 0, 0];
    /// let layer = Layer { values: &values, units: 2, range, labels, classes: 1, distinct_inputs: true };
    /// let geometry = Geometry::of(&layer)?;
    /// assert_eq!(geometry, Geometry { saturated: Some(2.0 / 6.0), dead: 0.5, distinct: 2 });
    /// # Ok::<(), infoplane_measures::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`crate::Error`] if the layer is ragged, empty or not finite.
    pub fn of(layer: &Layer) -> Result<Self> {
        layer.check()?;
        let (partition, ranges) = Partition::scanned(layer.values, layer.units, Exact)?;
        let constant = ranges.mins.iter().zip(&ranges.maxs).filter(|(min, max)| min == max).count();
        Ok(Self {
            saturated: layer.range.map(|range| saturated_share(layer.values, range)),
            dead: constant as f64 / layer.units as f64,
            distinct: partition.distinct(),
        })
    }
}

fn saturated_share(values: &[f32], (lo, hi): (f64, f64)) -> f64 {
    let (middle, edge) = (0.5 * (lo + hi), 0.95 * 0.5 * (hi - lo));
    let outer = values.iter().filter(|value| (f64::from(**value) - middle).abs() > edge).count();
    outer as f64 / values.len() as f64
}
