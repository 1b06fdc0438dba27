//! Matrix-based Rényi entropy: the entropy of a kernel matrix's eigenvalues.
//!
//! ```text
//! k_ij = exp(−‖x_i − x_j‖²/(2σ²))        A = K/N, trace 1
//! S_α(X) = ln Σ λ_i(A)^α / (1 − α)       α = 1: −Σ λ ln λ
//! I(X; Y|Z) = S(XZ) + S(YZ) − S(XYZ) − S(Z)
//! ```
//! The joint matrix is the elementwise product of the kernels, renormalised: the kernel of the columns side by side.
//! σ is `width`, in units of the data. Unit: nats. At α = 2 no eigenvalue is needed, `Σ λ² = Σ k_ij²/N²`: any number of
//! rows, in memory of their number.
//!
//! **It is a score of dependence, not mutual information**: independent variables do not give 0 (α = 1.01, σ = 1, 200
//! rows of standard normals: about 0.46 bit for two against two columns, 0.05 for one against one). Read it beside a null,
//! which is drawn with the same N and the same columns. It saturates at ln N where σ is small against distances.
//!
//! **Cost.** α ≥ 1: a kernel matrix of smooth data has few eigenvalues that are not 0, so it is first factorised row by
//! row until less than 1e-13 of its trace is left, which costs N·rank² (rank about 30 for one column at σ = 1, a few
//! hundred for two). Where that does not come to an end, or α < 1, all eigenvalues of the N×N matrix are computed,
//! which costs N³; above 20,000 rows that is refused. Eigenvalues below N·2⁻⁵² of the largest are rounding and count
//! as 0, which orders below 1 would otherwise blow up.
//!
//! Parameters: `alpha` > 0; `width` σ > 0.
//!
//! References: L. G. Sánchez Giraldo, M. Rao, J. C. Príncipe, doi:10.1109/TIT.2014.2370058; S. Yu et al.,
//! doi:10.1109/TPAMI.2019.2932976.
//!
//! ```
//! use infoplane_measures::{Entropy, MatrixRenyi, Samples};
//!
//! // Two rows at distance σ: A has eigenvalues (1 ± e^(−½))/2.
//! let x = Samples::real(&[0.0, 1.0], 1)?;
//! let shannon = MatrixRenyi { alpha: 1.0, width: 1.0 };
//! assert!((shannon.entropy(&x)?.bits() - 0.715349).abs() < 1e-6);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

#[cfg(feature = "eigen")]
mod spectrum;
#[cfg(all(test, feature = "eigen"))]
mod tests;

use infoplane_spec::{Arguments, Entry, Parameter, SpecError};

use super::ties::refuse_constant;
use super::{Laws, Method, Registered, Takes};
use crate::gaussian_kernel::GaussianKernel;
use crate::measures::observed;
use crate::{Entropy, Estimate, Result, Samples};

pub(super) const ENTRY: Registered = Registered {
    entry: Entry {
        name: "renyi",
        summary: "Rényi entropy of the eigenvalues of a Gaussian kernel matrix; a score of dependence",
        citation: "Sánchez Giraldo et al. 2015, doi:10.1109/TIT.2014.2370058",
        parameters: &[
            Parameter { key: "alpha", default: Some("1.01"), summary: "order, above 0; 2 needs no eigenvalues" },
            Parameter { key: "width", default: Some("1"), summary: "σ of exp(−d²/(2σ²)), in units of the data" },
        ],
        build: |arguments| Ok(Method::Entropy(Box::new(MatrixRenyi::from_arguments(arguments)?))),
    },
    takes: Takes::Real,
    scaled: true,
    validity: "comparing dependence at one N, one width and equally many columns, beside a null; never as an amount",
    laws: Laws {
        why: "a score of dependence, not mutual information: only its algebra can be asked for",
        ..Laws::SCORE
    },
};

/// The largest N whose matrix is ever held.
#[cfg(feature = "eigen")]
const MOST_ROWS: usize = 20_000;

/// Rényi entropy of kernel matrices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MatrixRenyi {
    /// Order α > 0.
    pub alpha: f64,
    /// σ of the kernel, above 0.
    pub width: f64,
}

impl Default for MatrixRenyi {
    fn default() -> Self {
        Self { alpha: 1.01, width: 1.0 }
    }
}

impl MatrixRenyi {
    fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        let allowed = match cfg!(feature = "eigen") {
            true => "a number above 0",
            false => "2, as this program was built without the feature `eigen`",
        };
        let is_allowed = |alpha: &f64| *alpha > 0.0 && alpha.is_finite() && (cfg!(feature = "eigen") || *alpha == 2.0);
        let above_zero = |width: &f64| *width > 0.0 && width.is_finite();
        Ok(Self {
            alpha: arguments.check("alpha", allowed, is_allowed)?,
            width: arguments.check("width", "a number above 0", above_zero)?,
        })
    }

    /// The entropy of the rows.
    fn order(&self, columns: &[Vec<f64>]) -> Result<f64> {
        let exponent = 0.5 / (self.width * self.width);
        match self.alpha == 2.0 {
            true => Ok(collision(&GaussianKernel::new(columns, 2.0 * exponent))),
            false => self.of_spectrum(&GaussianKernel::new(columns, exponent)),
        }
    }

    #[cfg(feature = "eigen")]
    fn of_spectrum(&self, kernel: &GaussianKernel) -> Result<f64> {
        Ok(self.entropy_of(&spectrum::eigenvalues(kernel, self.alpha >= 1.0)?))
    }

    #[cfg(not(feature = "eigen"))]
    fn of_spectrum(&self, _: &GaussianKernel) -> Result<f64> {
        let allowed = "2 without the feature `eigen` of infoplane-measures";
        Err(crate::Error::Parameter { parameter: "alpha", got: self.alpha.to_string(), allowed })
    }

    /// From eigenvalues whose sum is 1: ln(1 + Σ λ (λ^(α−1) − 1))/(1 − α), which keeps its digits near α = 1.
    #[cfg(feature = "eigen")]
    fn entropy_of(&self, eigenvalues: &[f64]) -> f64 {
        let (beyond, largest) = (self.alpha - 1.0, eigenvalues.iter().copied().fold(0.0, f64::max));
        let rounding = largest * eigenvalues.len() as f64 * f64::EPSILON;
        let positive = eigenvalues.iter().filter(|&&value| value > rounding);
        let entropy = match beyond == 0.0 {
            true => -positive.map(|value| value * value.ln()).sum::<f64>(),
            false => positive.map(|value| value * (beyond * value.ln()).exp_m1()).sum::<f64>().ln_1p() / -beyond,
        };
        entropy.max(0.0)
    }
}

/// Order 2, from kernels of half the squared width: `−ln Σ k_ij²/N²`.
fn collision(squared: &GaussianKernel) -> f64 {
    let n = squared.rows() as f64;
    let all: f64 = squared.sums().iter().map(|others| 1.0 + others).sum();
    (2.0 * n.ln() - all.ln()).max(0.0)
}

impl Entropy for MatrixRenyi {
    fn entropy(&self, x: &Samples) -> Result<Estimate> {
        observed("x", x)?;
        let columns = x.as_real("x")?;
        columns.iter().enumerate().try_for_each(|(place, column)| refuse_constant("x", place, column))?;
        Ok(Estimate { nats: self.order(&columns)?, n: x.rows(), ..Estimate::default() })
    }
}
