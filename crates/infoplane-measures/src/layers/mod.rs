//! The two axes of the information plane, I(X;T) and I(T;Y), of one layer on one set of rows.
//!
//! ```text
//! bins, width   T̂ = joint cell of all units   I(X;T̂) = H(T̂)        I(T̂;Y) = H(T̂) − Σ_y p(y) H(T̂|y)
//! kde           T̂ = T + N(0, v·1)             I(X;T̂) within bounds  I(T̂;Y) by the same bounds, class by class
//! ```
//! `T` is [rows, units], row-major; `Y` are class labels, one a row; `X` is the *identity* of the input. Where the
//! network is deterministic, T̂ follows from X, so that I(X;T̂) = H(T̂) whether or not inputs repeat: repeated inputs
//! repeat their rows, and doubling every row changes nothing. For the same reason I(X;T) has no permutation null.
//!
//! Unit: nats. **What can mislead**: for a deterministic network with continuous T, I(X;T) is a property of the chosen
//! cells or noise (`IP0308`); near ln N it only counts rows (badge `at-ceiling`, `IP0301`); with as many joint cells as
//! rows I(T;Y) is near H(Y) for any labels (badge `untestable`: read [`LayerEstimator::label_null`]).
//!
//! References: R. Shwartz-Ziv, N. Tishby, arXiv:1703.00810; A. M. Saxe et al., doi:10.1088/1742-5468/ab3985;
//! A. Kolchinsky, B. D. Tracey, doi:10.3390/e19070361.
//!
//! ```
//! use infoplane_measures::layers::{LAYER_ESTIMATORS, Layer};
//!
//! // One unit that tells two classes apart, four rows.
//! let layer = Layer {
//!     values: &[-0.9, -0.8, 0.8, 0.9],
//!     units: 1,
//!     range: Some((-1.0, 1.0)),
//!     labels: &[0, 0, 1, 1],
//!     classes: 2,
//!     distinct_inputs: true,
//! };
//! let (bins, _) = infoplane_spec::find("estimator", LAYER_ESTIMATORS, &"bins:2".parse()?)?;
//! let estimate = &bins.estimate(&layer, 1)?[0];
//! assert_eq!(estimate.estimator, "bins:cells=2,lo=-1,hi=1,outside=error");
//! assert!((estimate.i_ty - 2_f64.ln()).abs() < 1e-15);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// Kernels must be inlined into the functions that enable their vector instructions.
#![allow(clippy::inline_always)]

mod binned;
mod bins;
mod counts;
mod distances;
mod distinct;
mod estimate;
mod geometry;
mod grid;
mod kde;
mod kde_null;
mod label_null;
mod lanes;
mod partition;
mod scan;
#[cfg(test)]
mod tests;
mod width;
mod workers;

use infoplane_spec::Entry;

pub use crate::simd::simd_level;
pub use bins::{Bins, Outside};
pub use estimate::{Layer, LayerEstimate};
pub use geometry::Geometry;
pub use kde::{Bound, Kde};
pub use label_null::LabelNull;
pub use width::Width;

use crate::Result;

/// Measures both axes of the plane of one layer.
pub trait LayerEstimator: Send + Sync {
    /// Whether it can read a tap whose activation has this range, before there is any value.
    ///
    /// # Errors
    /// [`crate::Error::Parameter`] if it needs a range and has none.
    fn check(&self, _range: Option<(f64, f64)>) -> Result<()> {
        Ok(())
    }

    /// One estimate for each scale and bound, in the order of the sweep. The number of threads changes no bit.
    ///
    /// # Errors
    /// [`crate::Error`] if the layer is ragged, empty or not finite, or a value has no cell.
    fn estimate(&self, layer: &Layer, threads: usize) -> Result<Vec<LayerEstimate>>;

    /// I(T;Y) with the labels in random order, for each estimate of [`LayerEstimator::estimate`], in its order.
    ///
    /// Draw `d` is that of `stream(seed, "labels", d)`: all layers, scales and estimators of a snapshot share it.
    ///
    /// # Errors
    /// As [`LayerEstimator::estimate`].
    fn label_null(&self, layer: &Layer, draws: usize, seed: u64, threads: usize) -> Result<Vec<LabelNull>>;
}

/// The layer estimators a user can name.
pub const LAYER_ESTIMATORS: &[Entry<Box<dyn LayerEstimator>>] = &[bins::ENTRY, width::ENTRY, kde::ENTRY];

/// A value exceeds 98 % of ln N.
pub(crate) const AT_CEILING: &str = "IP0301";
/// Some unit uses fewer than three cells (not told of `width:sweep`), or a policy hid more than 1 % of the values.
pub(crate) const FEW_CELLS: &str = "IP0302";
/// The network is deterministic and T continuous.
pub(crate) const SCALE_CHOSEN: &str = "IP0308";
