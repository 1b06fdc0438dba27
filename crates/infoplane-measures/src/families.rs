//! Entropies beyond Shannon's: the Rényi and Tsallis families, each with one order α.
//!
//! ```text
//! Rényi    H_α = ln(Σ p^α) / (1 − α)        differential: ln(∫ f^α) / (1 − α)
//! Tsallis  S_α = (1 − Σ p^α) / (α − 1)      differential: (1 − ∫ f^α) / (α − 1)
//! ```
//! Both are Shannon's entropy at α = 1. Rényi's is in nats; Tsallis' has no logarithm, hence no unit, though its
//! estimate is kept in the same field. They have no chain rule, so no information follows from them: they are traits of
//! their own.
//!
//! References: A. Rényi, Proc. 4th Berkeley Symp. (1961) 547; C. Tsallis, doi:10.1007/BF01016429.
//!
//! ```
//! use infoplane_measures::families::{Renyi, Tsallis};
//! use infoplane_measures::{Knn, Samples};
//! use infoplane_spec::{below, stream};
//!
//! // Uniform on [0, 2]: H_α = ln 2 for every α, S_2 = 1 − 1/2.
//! let mut rng = stream(1, "example", 0);
//! let x: Vec<f64> = (0..4000).map(|_| below(&mut rng, u32::MAX) as f64 * 2.0 / u32::MAX as f64).collect();
//! let x = Samples::real(&x, 1)?;
//! assert!((Knn::default().renyi(&x, 0.5)?.nats - 2.0_f64.ln()).abs() < 0.05);
//! assert!((Knn::default().tsallis(&x, 2.0)?.nats - 0.5).abs() < 0.05);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

use crate::{Estimate, Result, Samples};

/// An estimator of Rényi entropies.
pub trait Renyi: Send + Sync {
    /// `H_α(X)` in nats, α the order.
    ///
    /// # Errors
    /// [`crate::Error::Parameter`] for an order that the estimator does not have, or whatever else it refuses.
    fn renyi(&self, x: &Samples, order: f64) -> Result<Estimate>;
}

/// An estimator of Tsallis entropies.
pub trait Tsallis: Send + Sync {
    /// `S_α(X)`, a number without unit, α the order.
    ///
    /// # Errors
    /// [`crate::Error::Parameter`] for an order that the estimator does not have, or whatever else it refuses.
    fn tsallis(&self, x: &Samples, order: f64) -> Result<Estimate>;
}
