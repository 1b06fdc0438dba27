//! The ball around each row that just reaches its K-th neighbour.

use std::f64::consts::{LN_2, PI};

use statrs::function::gamma::ln_gamma;

use crate::estimators::seen::seen;
use crate::neighbours::{Exclusion, Metric, Space, best};
use crate::{Error, Result};

/// The balls, one a row.
pub(super) struct Balls {
    dim: f64,
    radii: Vec<f64>,
    /// How many rows each row sees.
    seen: Vec<u32>,
    /// `ln c_d`: volume of the unit ball.
    ln_unit: f64,
}

impl Balls {
    /// Around all rows of x, given as columns. A ball of radius 0 is refused.
    pub(super) fn around(columns: &[Vec<f64>], k: usize, norm: Metric, exclusion: &Exclusion) -> Result<Self> {
        let seen = seen(columns[0].len(), k, exclusion)?;
        let space = Space::of_blocks(&[columns]).with(norm);
        let radii = best(&space).kth(&space, k, exclusion);
        match radii.iter().position(|&radius| radius == 0.0) {
            Some(row) => Err(Error::Coincide { argument: "x", row, k }),
            None => Ok(Self { dim: columns.len() as f64, radii, seen, ln_unit: ln_unit_ball(columns.len(), norm) }),
        }
    }

    /// How many rows each row sees, and ln of its ball's volume.
    pub(super) fn iter(&self) -> impl Iterator<Item = (f64, f64)> {
        let ln_volumes = self.radii.iter().map(|radius| self.ln_unit + self.dim * radius.ln());
        self.seen.iter().map(|&seen| f64::from(seen)).zip(ln_volumes)
    }
}

/// `ln c_d`.
fn ln_unit_ball(dim: usize, norm: Metric) -> f64 {
    let d = dim as f64;
    match norm {
        Metric::Maximum => d * LN_2,
        Metric::Euclidean => 0.5 * d * PI.ln() - ln_gamma(0.5 * d + 1.0),
    }
}
