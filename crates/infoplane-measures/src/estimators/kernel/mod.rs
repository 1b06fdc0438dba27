//! Entropies from a kernel density estimate at each row: box or Gaussian.
//!
//! ```text
//! H(X) = −mean_i ln f(xᵢ)
//! box       f(xᵢ) = nᵢ / (Nᵢ (2w)^d),   nᵢ rows with |x − xᵢ| ≤ w in every column
//! gaussian  f(xᵢ) = Σ_j exp(−|xᵢ − x_j|²/2w²) / (Nᵢ (2πw²)^(d/2))
//! whitened  the same of the columns after their covariance (divisor N − 1) was made the identity:
//!           a Gaussian kernel with the covariance w²·Cov(X)
//! ```
//! d is the number of columns; row i counts itself, so nᵢ ≥ 1; Nᵢ counts row i and the rows it sees, N without a Theiler
//! window. Unit: nats. −ln f(xᵢ) is the local value. In information the volumes of the box cancel:
//! `I(X; Y|Z) = mean ln [n_xyz n_z / (n_xz n_yz)]`.
//!
//! It fails by the choice of w: a value that falls steadily as w grows says nothing about the data. Counting oneself
//! biases information upwards while the boxes hold few rows, smoothing biases it downwards when they are wide; the
//! dimension makes both worse. Compare with surrogates at the same w, never with 0. The box needs O(N log N) to O(N²)
//! steps, the Gaussian N²/2 exponentials a space, both O(N) memory.
//!
//! Parameters: `width` w, the radius of the box or the standard deviation of the Gaussian, in units of the data (of
//! their standard deviation after z-scoring); `shape`; `theiler`.
//!
//! References: box kernel in transfer entropy: T. Schreiber, doi:10.1103/PhysRevLett.85.461; density estimates:
//! B. W. Silverman, doi:10.1201/9781315140919; whitened: K. Fukunaga, *Introduction to Statistical Pattern Recognition*,
//! doi:10.1016/C2009-0-27872-X.
//!
//! ```
//! use infoplane_measures::{Kernel, Samples, entropy, mi};
//!
//! // Within 1 of each row lie 2, 3, 2 and 1 rows of 4, itself among them.
//! let kernel = Kernel { width: 1.0, ..Kernel::default() };
//! let x = Samples::real(&[0.0, 1.0, 2.0, 7.0], 1)?;
//! let h = entropy(&kernel, &x)?;
//! assert!((h.nats - ((4.0_f64 * 2.0).ln() - (2.0_f64 * 3.0 * 2.0).ln() / 4.0)).abs() < 1e-14);
//! assert!((mi(&kernel, &x, &x)?.nats - (4.0_f64.ln() - 12.0_f64.ln() / 4.0)).abs() < 1e-14);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

mod gaussian;
#[cfg(test)]
mod tests;
mod whiten;

use std::f64::consts::TAU;

use infoplane_spec::{Arguments, Entry, Parameter, SpecError};

use super::seen::THEILER;
use super::ties::refuse_constant;
use super::untied::Untied;
use super::{Laws, Method, Registered, Takes};
use crate::measures::observed;
use crate::neighbours::{Border, Exclusion, Space, best};
use crate::{Entropy, Estimate, Prepared, Result, Samples};

pub(super) const ENTRY: Registered = Registered {
    entry: Entry {
        name: "kernel",
        summary: "density within a box or under a Gaussian around each row",
        citation: "Schreiber 2000, doi:10.1103/PhysRevLett.85.461",
        parameters: &[
            Parameter {
                key: "width",
                default: Some("0.5"),
                summary: "radius of the box, standard deviation of the Gaussian; above 0, in units of the data",
            },
            Parameter {
                key: "shape",
                default: Some("box"),
                summary: "box, gaussian, whitened (Gaussian with the covariance of the data, times width²)",
            },
            THEILER,
        ],
        build: |arguments| Ok(Method::Entropy(Box::new(Kernel::from_arguments(arguments)?))),
    },
    takes: Takes::Real,
    scaled: true,
    validity: "values depend on the width; compare only equal widths, and only with surrogates of the same width",
    laws: Laws {
        specs: &["kernel", "kernel:shape=gaussian"],
        also: &[("kernel:shape=whitened", WHITENED)],
        independence: None,
        gaussian: None,
        xor: None,
        duplicates: true,
        entropy: None,
        why: "its bias depends on the width and is not inside the noise",
        ..Laws::SHANNON
    },
};

/// The covariance has the divisor N − 1, which doubled rows change.
const WHITENED: Laws = Laws {
    independence: None,
    gaussian: None,
    xor: None,
    entropy: None,
    why: "its bias depends on the width and is not inside the noise",
    ..Laws::SHANNON
};

/// Entropy from a kernel density estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kernel {
    /// Radius of the box, or standard deviation of the Gaussian; above 0.
    pub width: f64,
    /// Form of the kernel.
    pub shape: Shape,
    /// Rows with |Δt| up to this in the same trial do not count.
    pub theiler: usize,
}

/// Form of a kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// Flat within the width in every column, border included.
    #[default]
    Box,
    /// Gaussian, the same in every column.
    Gaussian,
    /// Gaussian with the covariance of the joint columns.
    Whitened,
}

impl Default for Kernel {
    fn default() -> Self {
        Self { width: 0.5, shape: Shape::Box, theiler: 0 }
    }
}

impl Kernel {
    fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        let shape = match arguments.text("shape") {
            "box" => Shape::Box,
            "gaussian" => Shape::Gaussian,
            "whitened" => Shape::Whitened,
            _ => return Err(arguments.refuse("shape", "box, gaussian or whitened")),
        };
        let positive = |width: &f64| width.is_finite() && *width > 0.0;
        Ok(Self {
            width: arguments.check("width", "a number above 0", positive)?,
            shape,
            theiler: arguments.parse(THEILER.key, "a whole number")?,
        })
    }

    /// f(xᵢ) times the volume of the kernel and Nᵢ: the rows in each box, or the sum of each row's Gaussians.
    fn masses(&self, columns: &[Vec<f64>], exclusion: &Exclusion) -> Vec<f64> {
        match self.shape {
            Shape::Box => {
                let space = Space::of_blocks(&[columns]);
                let radii = vec![self.width; space.rows()];
                let others = best(&space).counts(&space, &radii, Border::Inclusive, exclusion);
                others.iter().map(|&others| f64::from(others) + 1.0).collect()
            }
            Shape::Gaussian | Shape::Whitened => gaussian::sums(columns, self.width, exclusion),
        }
    }

    /// ln of the volume of the kernel in d dimensions.
    fn ln_volume(&self, dim: usize) -> f64 {
        let side = match self.shape {
            Shape::Box => 2.0 * self.width,
            Shape::Gaussian | Shape::Whitened => TAU.sqrt() * self.width,
        };
        dim as f64 * side.ln()
    }
}

impl Entropy for Kernel {
    fn entropy(&self, x: &Samples) -> Result<Estimate> {
        observed("x", x)?;
        let mut columns = x.as_real("x")?;
        columns.iter().enumerate().try_for_each(|(number, column)| refuse_constant("x", number, column))?;
        let spread = match self.shape {
            Shape::Whitened => whiten::whiten("x", &mut columns)?,
            _ => 0.0,
        };
        let exclusion = Exclusion { theiler: self.theiler, clock: x.clock() };
        let masses = self.masses(&columns, &exclusion);
        let ln_volume = self.ln_volume(columns.len()) + spread;
        let seen = exclusion.others(x.rows());
        let local = masses.iter().zip(seen).map(|(mass, seen)| ln_volume - (mass / (f64::from(seen) + 1.0)).ln());
        Ok(Estimate::of_local(local.collect()))
    }

    fn prepare_information<'a>(&'a self, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Box<dyn Prepared + 'a>> {
        Ok(Box::new(Untied::keeping(*self, y, z)?))
    }
}
