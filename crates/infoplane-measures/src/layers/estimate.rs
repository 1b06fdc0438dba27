//! What a layer estimator gets and gives.

use super::counts::entropy;
use super::{AT_CEILING, SCALE_CHOSEN};
use crate::{Badge, Error, Result};

/// One layer's outputs and the labels of their inputs.
#[derive(Debug, Clone, Copy)]
pub struct Layer<'a> {
    /// [rows, units], row-major.
    pub values: &'a [f32],
    /// Number of units.
    pub units: usize,
    /// The range of the tap's activation: (−1, 1) for tanh, none for `ReLU`.
    pub range: Option<(f64, f64)>,
    /// The class of each row.
    pub labels: &'a [u32],
    /// Number of classes; every label is below.
    pub classes: usize,
    /// Whether no two rows have the same input. A deterministic network has I(X;T) = H(T) either way, but repeated
    /// inputs can never reach the ceiling ln N.
    pub distinct_inputs: bool,
}

impl Layer<'_> {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.labels.len()
    }

    /// Refuses layers that are empty or do not fit their labels.
    ///
    /// # Errors
    /// [`Error`] naming what does not fit. Values are not looked at.
    pub fn check(&self) -> Result<()> {
        let (len, dim) = (self.values.len(), self.units);
        if dim == 0 {
            return Err(Error::NoColumns { argument: "values" });
        }
        if !len.is_multiple_of(dim) {
            return Err(Error::Ragged { argument: "values", len, dim });
        }
        if len == 0 {
            return Err(Error::TooShort { argument: "values", got: 0, wanted: 1 });
        }
        if len / dim != self.labels.len() {
            return Err(Error::Lengths {
                argument: "labels",
                got: self.labels.len(),
                other: "values",
                wanted: len / dim,
            });
        }
        if u32::try_from(len / dim).is_err() {
            return Err(Error::Parameter {
                parameter: "rows",
                got: (len / dim).to_string(),
                allowed: "at most 2^32 − 1",
            });
        }
        self.check_labels()
    }

    fn check_labels(&self) -> Result<()> {
        let largest = self.labels.iter().copied().max().unwrap_or(0);
        if (largest as usize) < self.classes {
            return Ok(());
        }
        let row = self.labels.iter().position(|&label| label == largest).unwrap_or(0);
        let last = self.classes.saturating_sub(1) as u32;
        Err(Error::Symbol { argument: "labels", row, column: 0, got: largest, last })
    }

    /// How many rows each class has.
    pub(super) fn class_counts(&self) -> Vec<u32> {
        // Four tallies, so that equal labels in a row do not wait for each other.
        let mut tallies = vec![0; 4 * self.classes];
        for (row, &label) in self.labels.iter().enumerate() {
            tallies[row % 4 * self.classes + label as usize] += 1;
        }
        let (first, rest) = tallies.split_at(self.classes);
        let sum = |class: usize| first[class] + rest.iter().skip(class).step_by(self.classes).sum::<u32>();
        (0..self.classes).map(sum).collect()
    }

    /// Whether the values are anything but whole numbers: those of binary inputs, steps and signs are not continuous,
    /// and cells or noise then add nothing of their own.
    pub(super) fn is_continuous(&self) -> bool {
        self.values.iter().any(|value| value.trunc() != *value)
    }
}

/// Both axes of the plane for one layer at one scale.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerEstimate {
    /// Canonical spec with every key written, one scale and one bound: `width:cell=0.5`, `kde:v=1e-3,bound=upper`.
    pub estimator: String,
    /// I(X;T) in nats.
    pub i_xt: f64,
    /// I(T;Y) in nats. For `kde` a difference of two bounds, hence no bound itself.
    pub i_ty: f64,
    /// H(T) in nats: of the joint cell, or (`kde`) the differential entropy of T with its noise.
    pub h_t: Option<f64>,
    /// The largest I(X;T) that N rows can show: ln N.
    pub ceiling_xt: f64,
    /// The largest I(T;Y): min(ln N, H(Y)).
    pub ceiling_ty: f64,
    /// Number of distinct joint cells, or (`kde`) of distinct rows.
    pub distinct: usize,
    /// How far the values can be read.
    pub badge: Badge,
    /// Codes of warnings: `IP0301`, `IP0302`, `IP0308`.
    pub warnings: Vec<&'static str>,
    /// Number of rows N.
    pub n: usize,
}

/// What an estimator found at one scale, before it is put into context.
pub(super) struct Reading {
    pub(super) estimator: String,
    pub(super) i_xt: f64,
    pub(super) i_ty: f64,
    pub(super) h_t: f64,
    pub(super) distinct: usize,
    /// Number of cells that the rows fill about evenly.
    pub(super) cells: f64,
}

/// What all readings of one layer share.
pub(super) struct Context {
    n: usize,
    occurring: usize,
    pub(super) label_entropy: f64,
    continuous: bool,
}

impl Context {
    pub(super) fn new(layer: &Layer) -> Self {
        let counts = layer.class_counts();
        let occurring = counts.iter().filter(|count| **count > 0).count();
        let label_entropy = entropy(&counts, layer.rows());
        Self { n: layer.rows(), occurring, label_entropy, continuous: layer.is_continuous() }
    }

    /// Adds ceilings, badge and warnings.
    pub(super) fn estimate(&self, reading: Reading) -> LayerEstimate {
        let ceiling = (self.n as f64).ln();
        let at_ceiling = reading.i_xt > 0.98 * ceiling && self.n > 1;
        let mut warnings = Vec::new();
        if at_ceiling {
            warnings.push(AT_CEILING);
        }
        if self.continuous {
            warnings.push(SCALE_CHOSEN);
        }
        LayerEstimate {
            badge: if at_ceiling { Badge::AtCeiling } else { self.badge(reading.cells) },
            estimator: reading.estimator,
            i_xt: reading.i_xt,
            i_ty: reading.i_ty,
            h_t: Some(reading.h_t),
            ceiling_xt: ceiling,
            ceiling_ty: self.label_entropy.min(ceiling),
            distinct: reading.distinct,
            warnings,
            n: self.n,
        }
    }

    /// The cells that occur are fewer than those that could, so more than N/3 of them count as saturated too.
    fn badge(&self, cells: f64) -> Badge {
        match Badge::from_counts(self.n, cells, self.occurring) {
            Badge::Reliable if 3.0 * cells > self.n as f64 => Badge::Saturated,
            badge => badge,
        }
    }
}
