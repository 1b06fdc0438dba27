//! Entropy of real values from the distance of each row to its K-th neighbour (Kozachenko, Leonenko).
//!
//! ```text
//! H(X) = mean_i [ ψ(Nᵢ) − ψ(K) + ln c_d + d ln εᵢ ]
//! ```
//! εᵢ is the distance of row i to its K-th nearest other row, d the number of columns, `c_d` the volume of the unit ball:
//! 2^d under the maximum norm, π^(d/2)/Γ(d/2 + 1) under the Euclidean one. Nᵢ counts row i and the rows it sees: N
//! without a Theiler window. Unit: nats. The bracket is the local value. The same distances give the Rényi and Tsallis
//! entropies of [`families`](crate::families).
//!
//! It fails where the density is not flat inside the balls: with few rows, in many dimensions (the error of H is
//! systematic and grows with d: −0.03 nats for two normal columns of 500 rows, −0.06 for three), near hard edges, and
//! where columns nearly determine each other. Information as a sum of these entropies keeps their biases, which do not
//! cancel: `ksg` is the better choice for it. Equal values in a column are told apart by noise, kept or refused
//! ([`Ties`]); where K others coincide with a row there is no density and the estimate is refused, and where noise
//! separates them the entropy is that of the noise.
//!
//! Parameters: `k` neighbours (more: less variance, more bias), `norm`, `ties`, `theiler`, `seed` of the noise.
//!
//! References: L. F. Kozachenko, N. N. Leonenko, Probl. Inf. Transm. 23 (1987) 95; for K > 1 H. Singh, N. Misra,
//! V. Hnizdo, A. Fedorowicz, E. Demchuk, doi:10.1080/01966324.2003.10737616; A. Kraskov, H. Stögbauer, P. Grassberger,
//! doi:10.1103/PhysRevE.69.066138.
//!
//! ```
//! use infoplane_measures::{Knn, Samples, entropy};
//! use infoplane_spec::{below, stream};
//!
//! // Uniform on a square of side 3: H = 2 ln 3.
//! let mut rng = stream(1, "example", 0);
//! let x: Vec<f64> = (0..4000).map(|_| below(&mut rng, u32::MAX) as f64 * 3.0 / u32::MAX as f64).collect();
//! let h = entropy(&Knn::default(), &Samples::real(&x, 2)?)?;
//! assert!((h.nats - 2.0 * 3.0_f64.ln()).abs() < 0.1);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

mod balls;
mod families;
#[cfg(test)]
mod tests;

use infoplane_spec::{Arguments, Entry, Parameter, SpecError};

use super::seen::THEILER;
use super::ties::{SEED, TIES, Tied};
use super::untied::Untied;
use super::{Laws, Method, Registered, Takes, Ties};
use crate::families::{Renyi, Tsallis};
use crate::measures::observed;
use crate::neighbours::{Exclusion, Metric};
use crate::special::digamma;
use crate::{Entropy, Estimate, Prepared, Result, Samples};
use balls::Balls;

pub(super) const ENTRY: Registered = Registered {
    entry: Entry {
        name: "knn",
        summary: "entropy from the distance to the K-th neighbour",
        citation: "Kozachenko, Leonenko 1987; Singh et al. 2003, doi:10.1080/01966324.2003.10737616",
        parameters: &[
            Parameter { key: "k", default: Some("4"), summary: "number of neighbours, from 1" },
            Parameter { key: "norm", default: Some("max"), summary: "how distances are measured: max, euclidean" },
            TIES,
            THEILER,
            SEED,
        ],
        build: |arguments| Ok(Method::Entropy(Box::new(Knn::from_arguments(arguments)?))),
    },
    takes: Takes::Real,
    scaled: true,
    validity: "entropies in up to about five dimensions; for information prefer `ksg`, whose biases cancel",
    laws: Laws {
        specs: &["knn", "knn:norm=euclidean"],
        independence: Some(10.0),
        xor: Some(8.0),
        entropy: Some(6.0),
        why: "at N = 500 its entropies of two and three columns are 0.03 to 0.05 nats low, which `ksg` lets cancel",
        ..Laws::SHANNON
    },
};

/// Entropy from neighbour distances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knn {
    /// K, at least 1.
    pub neighbours: usize,
    /// How distances are measured.
    pub norm: Metric,
    /// What is done about equal values.
    pub ties: Ties,
    /// Rows with |Δt| up to this in the same trial are no neighbours.
    pub theiler: usize,
    /// Seed of the noise that tells ties apart.
    pub seed: u64,
}

impl Default for Knn {
    fn default() -> Self {
        Self { neighbours: 4, norm: Metric::Maximum, ties: Ties::Noise, theiler: 0, seed: 0 }
    }
}

impl Knn {
    fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        let norm = match arguments.text("norm") {
            "max" => Metric::Maximum,
            "euclidean" => Metric::Euclidean,
            _ => return Err(arguments.refuse("norm", "max or euclidean")),
        };
        Ok(Self {
            neighbours: arguments.check("k", "a whole number from 1", |&k| k >= 1)?,
            norm,
            ties: Ties::from_arguments(arguments)?,
            theiler: arguments.parse(THEILER.key, "a whole number")?,
            seed: arguments.parse(SEED.key, "a whole number")?,
        })
    }

    /// The ball around each row that reaches its K-th neighbour.
    fn balls(&self, x: &Samples) -> Result<(Balls, Tied)> {
        observed("x", x)?;
        let mut columns = x.as_real("x")?;
        let tied = self.ties.settle("x", &mut columns, self.seed)?;
        let exclusion = Exclusion { theiler: self.theiler, clock: x.clock() };
        Ok((Balls::around(&columns, self.neighbours, self.norm, &exclusion)?, tied))
    }
}

impl Entropy for Knn {
    fn entropy(&self, x: &Samples) -> Result<Estimate> {
        let (balls, tied) = self.balls(x)?;
        let psi_k = digamma(self.neighbours as f64);
        let local = balls.iter().map(|(seen, ln_volume)| digamma(seen + 1.0) - psi_k + ln_volume).collect();
        Ok(tied.mark(Estimate::of_local(local)))
    }

    fn renyi_family(&self) -> Option<&dyn Renyi> {
        Some(self)
    }

    fn tsallis_family(&self) -> Option<&dyn Tsallis> {
        Some(self)
    }

    fn prepare_information<'a>(&'a self, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Box<dyn Prepared + 'a>> {
        let keeping = Self { ties: Ties::Keep, ..*self };
        Ok(Box::new(Untied::new(keeping, self.ties, self.seed, y, z)?))
    }
}
