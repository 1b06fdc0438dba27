//! The estimators of Kraskov, Stögbauer and Grassberger: distances to near rows instead of densities.
//!
//! ```text
//! ε_i = max-norm distance of row i to its K-th nearest other row in (x, y, z)
//!
//! algorithm 1, n = other rows at a distance < ε_i in the variables named:
//!   I(X; Y|Z) = ⟨ψ(K) + ψ(n_z + 1) − ψ(n_xz + 1) − ψ(n_yz + 1)⟩     I(X; Y) = ⟨ψ(K) + ψ(N) − ψ(n_x + 1) − ψ(n_y + 1)⟩
//! algorithm 2, one radius for each of x, y, z: the largest distance in it among the K neighbours; n counts ≤:
//!   I(X; Y|Z) = ⟨ψ(K) − 2/K + ψ(n_z) − ψ(n_xz) − ψ(n_yz) + 1/n_xz + 1/n_yz⟩
//!   I(X; Y)   = ⟨ψ(K) − 1/K + ψ(N) − ψ(n_x) − ψ(n_y)⟩
//! ```
//! x, y `[N, any]`, z `[N, any or 0]`; ψ the digamma function, ⟨ ⟩ the mean over rows, whose terms are the local values.
//! With a Theiler window w, rows with |Δt| ≤ w in the same trial are neither neighbours nor counted, and N becomes one
//! more than the rows that row i sees. Distances are |a − b| as they are, compared without an epsilon. Unit: nats.
//!
//! It takes continuous values: scale matters within a variable and between them, so series are standardised first unless
//! told otherwise; equal values violate its assumptions (`ties`). Its bias is small where the density is smooth, and
//! it reads too low for strong dependence (I of about ln N and more) and in many dimensions. Nothing is clamped: an
//! estimate may be below 0. Algorithm 2 has less bias for mutual information but reads too high for transfer entropy.
//!
//! Parameters: `k` neighbours (more: less variance, more bias), `alg` 1 or 2, `ties`, `theiler`, `seed`.
//!
//! References: A. Kraskov, H. Stögbauer, P. Grassberger, doi:10.1103/PhysRevE.69.066138; with a condition S. Frenzel,
//! B. Pompe, doi:10.1103/PhysRevLett.99.204101; as transfer entropy G. Gómez-Herrero et al., arXiv:1008.0539.
//!
//! ```
//! use infoplane_measures::{Embedding, Ksg, Samples, te};
//! use infoplane_spec::{below, stream};
//!
//! // y follows x one step later, through noise.
//! let mut rng = stream(1, "example", 0);
//! let mut noise = || (0..12).map(|_| f64::from(below(&mut rng, 1 << 24)) / f64::from(1 << 24)).sum::<f64>() - 6.0;
//! let x: Vec<f64> = (0..2000).map(|_| noise()).collect();
//! let y: Vec<f64> = (0..2000_usize).map(|t| x[t.saturating_sub(1)] + 0.5 * noise()).collect();
//! let (x, y) = (Samples::real(&x, 1)?, Samples::real(&y, 1)?);
//!
//! let forth = te(&Ksg::default(), &x, &y, &Embedding::default())?;
//! assert!((forth.nats - 0.5 * 5.0_f64.ln()).abs() < 0.06); // ½ ln(1 + 1/0.25)
//! let back = te(&Ksg::default(), &y, &x, &Embedding::default())?;
//! assert!(back.nats.abs() < 0.06);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

mod prepared;
mod terms;
mod variable;

use infoplane_spec::{Arguments, Entry, Parameter, SpecError};

use super::seen::{THEILER, seen};
use super::ties::{SEED, TIES};
use super::{Laws, Method, Registered, Takes, Ties};
use crate::measures::observed;
use crate::neighbours::{Algorithm, Exclusion};
use crate::{Error, Estimate, Information, Prepared, Result, Samples};
use prepared::Ready;

pub(super) const ENTRY: Registered = Registered {
    entry: Entry {
        name: "ksg",
        summary: "distances to the K nearest rows (Kraskov, Stögbauer, Grassberger)",
        citation: "Kraskov, Stögbauer, Grassberger 2004, doi:10.1103/PhysRevE.69.066138; Frenzel, Pompe 2007, \
                   doi:10.1103/PhysRevLett.99.204101",
        parameters: &[
            Parameter { key: "k", default: Some("4"), summary: "neighbours K, at least 1" },
            Parameter { key: "alg", default: Some("1"), summary: "algorithm 1 or 2" },
            TIES,
            THEILER,
            SEED,
        ],
        build: |arguments| Ok(Method::Information(Box::new(Ksg::from_arguments(arguments)?))),
    },
    takes: Takes::Real,
    scaled: true,
    validity: "continuous values with a smooth density, up to some ten columns in all, and hundreds of rows; reads low \
               for very strong dependence",
    laws: Laws {
        also: &[("ksg:alg=2", SECOND)],
        gaussian: Some(7.0),
        why: "given a third variable and N = 500 it reads 0.026 of 0.223 nats low",
        ..Laws::SHANNON
    },
};

/// What algorithm 2 is held to.
const SECOND: Laws = Laws {
    independence: Some(12.0),
    xor: Some(7.0),
    chain: Some(9.0),
    why: "given a third variable it reads 0.02 to 0.03 nats high at N = 500",
    ..Laws::SHANNON
};

/// Information from nearest neighbours, see the [module](self).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ksg {
    /// K, at least 1.
    pub neighbours: usize,
    /// Which of the two algorithms.
    pub algorithm: Algorithm,
    /// What is done about equal values.
    pub ties: Ties,
    /// Half the width of the Theiler window, in rows; 0 leaves out the row itself alone.
    pub theiler: usize,
    /// Seed of the noise against ties.
    pub seed: u64,
}

impl Default for Ksg {
    fn default() -> Self {
        Self { neighbours: 4, algorithm: Algorithm::One, ties: Ties::Noise, theiler: 0, seed: 0 }
    }
}

impl Ksg {
    pub(crate) fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        let algorithm = match arguments.text("alg") {
            "1" => Algorithm::One,
            "2" => Algorithm::Two,
            _ => return Err(arguments.refuse("alg", "1 or 2")),
        };
        Ok(Self {
            neighbours: arguments.check("k", "a whole number from 1", |&k| k >= 1)?,
            algorithm,
            ties: Ties::from_arguments(arguments)?,
            theiler: arguments.parse("theiler", "a whole number from 0")?,
            seed: arguments.parse(SEED.key, "a whole number from 0")?,
        })
    }

    /// Refuses K = 0, and more neighbours than each of `rows` rows sees.
    fn enough_rows(&self, rows: usize, exclusion: &Exclusion) -> Result<()> {
        let k = self.neighbours;
        if k == 0 {
            return Err(Error::Parameter { parameter: "k", got: "0".to_owned(), allowed: "a whole number from 1" });
        }
        match exclusion.theiler {
            0 if k < rows => Ok(()),
            0 => Err(Error::Neighbours { k, n: rows }),
            _ => seen(rows, k, exclusion).map(drop),
        }
    }
}

impl Information for Ksg {
    fn cmi(&self, x: &Samples, y: &Samples, z: &Samples) -> Result<Estimate> {
        Ready::new(self, y, z)?.cmi(x)
    }

    fn prepare<'a>(&'a self, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Box<dyn Prepared + 'a>> {
        Ok(Box::new(Ready::new(self, y, z)?))
    }
}

#[cfg(test)]
mod tests;
