//! I(X; Y|Z) from correlations, with y and z decomposed once.

use super::centred::Centred;
use super::cholesky::{Factor, Matrix, pivoted, unexplained};
use crate::{Error, Note, Result};

/// y and z, ready for any x.
pub(in crate::estimators) struct Conditioned {
    pub(super) y: Centred,
    pub(super) z: Centred,
    pub(super) known: Known,
    dropped: Vec<String>,
}

/// The decomposition of the correlations of (z, y).
pub(super) struct Known {
    /// Of z.
    pub(super) z: Factor,
    /// Of y given z.
    pub(super) y: Factor,
    /// Whitened z in y: `[dim y, z taken]`.
    pub(super) z_in_y: Matrix,
}

impl Known {
    /// From correlations of z `[z, z]`, of y with z `[y, z]` and of y `[y, y]`.
    pub(super) fn new(zz: &Matrix, yz: &Matrix, yy: Matrix) -> Self {
        let z = pivoted(zz);
        let z_in_y = z.whiten(yz);
        let y = pivoted(&yy.minus_product(&z_in_y, &z_in_y));
        Self { z, y, z_in_y }
    }

    /// With x, from its correlations with z `[x, z]`, with y `[x, y]` and of its own `[x, x]`.
    pub(super) fn with(&self, xz: &Matrix, xy: Matrix, xx: Matrix) -> Joint {
        let z_in_x = self.z.whiten(xz);
        let x = pivoted(&xx.minus_product(&z_in_x, &z_in_x));
        let cross = xy.minus_product(&z_in_x, &self.z_in_y); // given z
        let by_y = self.y.whiten(&cross).transposed();
        let q = x.whiten(&by_y);
        Joint { x, z_in_x, q }
    }
}

/// x beside (z, y).
pub(super) struct Joint {
    /// Of x given z.
    pub(super) x: Factor,
    /// Whitened z in x: `[dim x, z taken]`.
    pub(super) z_in_x: Matrix,
    /// Correlations of whitened y and whitened x given z: `[y taken, x taken]`.
    pub(super) q: Matrix,
}

impl Conditioned {
    pub(in crate::estimators) fn new(y: Centred, z: Centred) -> Self {
        let known = Known::new(&z.correlations(&z), &y.correlations(&z), y.correlations(&y));
        let mut dropped = z.names(&known.z.dropped);
        dropped.extend(y.names(&known.y.dropped));
        Self { y, z, known, dropped }
    }

    pub(in crate::estimators) fn columns(&self) -> usize {
        self.y.dim() + self.z.dim()
    }

    pub(in crate::estimators) fn same_rows(&self, got: usize) -> Result<()> {
        match self.y.rows() {
            wanted if wanted == got => Ok(()),
            wanted => Err(Error::Lengths { argument: "x", got, other: "y", wanted }),
        }
    }

    pub(in crate::estimators) fn with(&self, x: &Centred) -> Related {
        let (xz, xy) = (x.correlations(&self.z), x.correlations(&self.y));
        let joint = self.known.with(&xz, xy, x.correlations(x));
        let mut dropped = x.names(&joint.x.dropped);
        dropped.extend_from_slice(&self.dropped);
        let unexplained = unexplained(&joint.q);
        Related { rows: x.rows(), z: self.known.z.order.len(), joint, unexplained, dropped }
    }
}

/// How x and y are related given z.
pub(in crate::estimators) struct Related {
    pub(in crate::estimators) rows: usize,
    /// Columns of z that were taken.
    z: usize,
    pub(super) joint: Joint,
    /// `ln |1 − QᵀQ|` and its L; none where x follows linearly from y, or y from x.
    pub(super) unexplained: Option<(f64, Vec<Vec<f64>>)>,
    /// Columns left out, by name.
    pub(in crate::estimators) dropped: Vec<String>,
}

impl Related {
    /// I(X; Y|Z).
    pub(in crate::estimators) fn nats(&self) -> f64 {
        match &self.unexplained {
            Some((0.0, _)) => 0.0, // and not −0
            Some((ln_determinant, _)) => -0.5 * ln_determinant,
            None => f64::INFINITY,
        }
    }

    /// Columns of x, y and z that were taken.
    pub(in crate::estimators) fn dims(&self) -> [usize; 3] {
        [self.joint.q.width, self.joint.q.height(), self.z]
    }

    /// dim x · dim y of what remains.
    pub(in crate::estimators) fn dof(&self) -> f64 {
        let [x, y, _] = self.dims();
        (x * y) as f64
    }

    pub(in crate::estimators) fn notes(&self) -> Vec<Note> {
        match self.unexplained {
            Some(_) => Vec::new(),
            None => vec![Note::Infinite],
        }
    }
}

/// I(X; Y|Z) of a normal distribution with this covariance, columns in the order x, y, z.
#[cfg(test)]
pub(super) fn of_covariance(covariance: &Matrix, [x, y, z]: [usize; 3]) -> f64 {
    let sd: Vec<f64> = (0..covariance.width).map(|i| covariance.at(i, i).sqrt()).collect();
    let mut correlations = covariance.clone();
    for (i, j) in (0..sd.len()).flat_map(|i| (0..sd.len()).map(move |j| (i, j))) {
        *correlations.at_mut(i, j) /= sd[i] * sd[j];
    }
    let columns = |from: usize, count: usize| (from..from + count).collect::<Vec<usize>>();
    let [x, y, z] = [columns(0, x), columns(x, y), columns(x + y, z)];
    let part = |a: &[usize], b: &[usize]| correlations.part(a, b);
    let joint = Known::new(&part(&z, &z), &part(&y, &z), part(&y, &y)).with(&part(&x, &z), part(&x, &y), part(&x, &x));
    -0.5 * unexplained(&joint.q).expect("a regular covariance").0
}
