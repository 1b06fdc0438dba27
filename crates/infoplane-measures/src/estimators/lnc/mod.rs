//! Entropy with the local non-uniformity correction, for dependence so strong that `ksg` saturates.
//!
//! ```text
//! H(X) = Σ_j H(X_j) − C(X)                          H(X_j) from neighbours in one column, as `knn`
//! C(X) = mean_i [ ψ(K) − (d − 1)/K + (d − 1) ψ(Nᵢ) − Σ_j ψ(nᵢⱼ) − rᵢ ]
//! rᵢ   = ln(V'ᵢ/Vᵢ) where that is below ln α, else 0
//! ```
//! C is the total correlation of the d columns of X `[N, d]`: for two columns it is their mutual information. The K
//! nearest rows of row i (maximum norm) fill a box with sides along the columns, volume Vᵢ, and nᵢⱼ rows lie within its
//! side in column j, border included; Nᵢ counts row i and the rows it sees, N without a Theiler window. That estimate
//! (algorithm 2 of KSG) takes the density to be even in the box. Where columns nearly determine each other the rows fill
//! only a thin slab of it: V'ᵢ is the volume of the box along the principal axes of the K neighbours, and a ratio below
//! α, which even density would rarely show, is taken for the truth. Unit: nats; the bracket, with the entropies of the
//! columns, is the local value. In information the entropies of the columns cancel, and I(X; Y) of single columns is
//! the published estimate C(X, Y); with several columns, or a condition, dependence *within* each variable is corrected
//! in the same way.
//!
//! It fails as `ksg` does for moderate dependence, and reads 0.01 too high for N = 1000 independent pairs (rows pass the
//! test by chance). Where the slab is about as thick as the neighbourhoods are wide only part of it is seen: Y = X ± 0.001
//! reads 5.8 instead of 6.2 nats at N = 500. With several columns in a variable, or a condition, the biases of three
//! total correlations remain, some tenths of a nat. It needs K ≥ d. An exact copy has no finite information and is refused.
//!
//! Parameters: `k` neighbours; `alpha`, the largest ratio that is taken for the truth: `auto` lets even density pass in
//! 5 of 1,000 rows, for this K and d, by simulation; `ties`, `theiler`, `seed`.
//!
//! Reference: S. Gao, G. Ver Steeg, A. Galstyan, *Efficient estimation of mutual information for strongly dependent
//! variables*, AISTATS 2015, arXiv:1411.2003.
//!
//! ```
//! use infoplane_measures::{Ksg, Lnc, Samples, mi};
//! use infoplane_spec::{below, stream};
//!
//! // Y = X + U(−ε, ε), X uniform: I = ε − ln 2ε.
//! let mut rng = stream(1, "example", 0);
//! let mut uniform = || f64::from(below(&mut rng, u32::MAX)) / f64::from(u32::MAX);
//! let x: Vec<f64> = (0..1000).map(|_| uniform()).collect();
//! let y: Vec<f64> = x.iter().map(|x| x + 1e-4 * (2.0 * uniform() - 1.0)).collect();
//! let (x, y) = (Samples::real(&x, 1)?, Samples::real(&y, 1)?);
//! let truth = 1e-4 - 2e-4_f64.ln(); // 8.5
//! assert!(mi(&Ksg::default(), &x, &y)?.nats < truth - 2.0);
//! assert!((mi(&Lnc::default(), &x, &y)?.nats - truth).abs() < 0.5);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

mod alpha;
mod axes;
#[cfg(test)]
mod tests;

use std::f64::consts::LN_2;

use infoplane_spec::{Arguments, Entry, Parameter, SpecError};

use super::seen::{THEILER, seen};
use super::ties::{SEED, TIES};
use super::untied::Untied;
use super::{Laws, Method, Registered, Takes, Ties};
use crate::measures::observed;
use crate::neighbours::{Border, Exclusion, Space, best};
use crate::special::Digammas;
use crate::{Entropy, Error, Estimate, Prepared, Result, Samples};
use axes::Neighbourhood;

pub(super) const ENTRY: Registered = Registered {
    entry: Entry {
        name: "lnc",
        summary: "nearest rows with local non-uniformity correction, for very strong dependence",
        citation: "Gao, Ver Steeg, Galstyan 2015, arXiv:1411.2003",
        parameters: &[
            Parameter { key: "k", default: Some("5"), summary: "number of neighbours, at least the columns in all" },
            Parameter {
                key: "alpha",
                default: Some("auto"),
                summary: "largest share of the box that counts as a slab, between 0 and 1; auto: by simulation",
            },
            TIES,
            THEILER,
            SEED,
        ],
        build: |arguments| Ok(Method::Entropy(Box::new(Lnc::from_arguments(arguments)?))),
    },
    takes: Takes::Real,
    scaled: true,
    validity: "information of several nats between few columns; for weak dependence `ksg` is as good and faster",
    laws: Laws {
        independence: Some(9.0),
        entropy: Some(5.0),
        why: "rows pass for slabs by chance (0.007 nats at K = 5), and like those of `knn` its entropies of two columns \
              are 0.03 nats low at N = 500",
        ..Laws::SHANNON
    },
};

/// Entropy with the local non-uniformity correction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lnc {
    /// K, at least the number of columns of all variables together.
    pub neighbours: usize,
    /// Largest ratio of volumes that is taken for the truth; `None` finds it by simulation.
    pub alpha: Option<f64>,
    /// What is done about equal values.
    pub ties: Ties,
    /// Rows with |Δt| up to this in the same trial are no neighbours.
    pub theiler: usize,
    /// Seed of the noise that tells ties apart.
    pub seed: u64,
}

impl Default for Lnc {
    fn default() -> Self {
        Self { neighbours: 5, alpha: None, ties: Ties::Noise, theiler: 0, seed: 0 }
    }
}

impl Lnc {
    fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        let share = |alpha: &f64| *alpha > 0.0 && *alpha < 1.0;
        let alpha = match arguments.text("alpha") {
            "auto" => None,
            _ => Some(arguments.check("alpha", "`auto` or a number between 0 and 1", share)?),
        };
        Ok(Self {
            neighbours: arguments.check("k", "a whole number from 1", |&k| k >= 1)?,
            alpha,
            ties: Ties::from_arguments(arguments)?,
            theiler: arguments.parse(THEILER.key, "a whole number")?,
            seed: arguments.parse(SEED.key, "a whole number")?,
        })
    }

    /// ln of the largest ratio that is taken for the truth.
    fn ln_alpha(&self, dim: usize) -> Result<f64> {
        match self.neighbours < dim {
            true => Err(Error::Parameter {
                parameter: "k",
                got: self.neighbours.to_string(),
                allowed: "at least the number of columns of all variables together",
            }),
            false => Ok(self.alpha.map_or_else(|| alpha::ln_alpha(self.neighbours, dim), f64::ln)),
        }
    }

    /// Sum over columns of ψ(Nᵢ) − ψ(K) + ln 2εᵢⱼ, for each row.
    fn alone(&self, columns: &[Vec<f64>], seen: &[u32], psi: &Digammas, exclusion: &Exclusion) -> Result<Vec<f64>> {
        let mut sums = vec![0.0; seen.len()];
        for column in columns {
            let space = Space::new(&[column]);
            let radii = best(&space).kth(&space, self.neighbours, exclusion);
            for (row, (sum, radius)) in sums.iter_mut().zip(&radii).enumerate() {
                refuse_zero(*radius, row, self.neighbours)?;
                *sum += psi.at(seen[row] as usize + 1) - psi.at(self.neighbours) + LN_2 + radius.ln();
            }
        }
        Ok(sums)
    }

    /// The terms of C(X).
    fn together(&self, columns: &[Vec<f64>], seen: &[u32], psi: &Digammas, exclusion: &Exclusion) -> Result<Vec<f64>> {
        let (k, dim, ln_alpha) = (self.neighbours, columns.len(), self.ln_alpha(columns.len())?);
        let others = (dim - 1) as f64;
        let space = Space::of_blocks(&[columns]);
        let nearest = best(&space).nearest(&space, k, exclusion);
        let mut sides = vec![vec![0.0; seen.len()]; dim];
        let mut terms = Vec::with_capacity(seen.len());
        for (row, near) in nearest.chunks(k).enumerate() {
            let neighbourhood = Neighbourhood::around(row, near, columns);
            for (side, column) in neighbourhood.sides().zip(&mut sides) {
                refuse_zero(side, row, k)?;
                column[row] = side;
            }
            let ratio = neighbourhood.ln_slab().ok_or(Error::Dependent { argument: "x", column: dim - 1 })?;
            let slab = if ratio < ln_alpha { ratio } else { 0.0 };
            terms.push(psi.at(k) - others / k as f64 + others * psi.at(seen[row] as usize + 1) - slab);
        }
        for (column, sides) in columns.iter().zip(&sides) {
            let line = Space::new(&[column]);
            let within = best(&line).counts(&line, sides, Border::Inclusive, exclusion);
            terms.iter_mut().zip(within).for_each(|(term, n)| *term -= psi.at(n as usize));
        }
        Ok(terms)
    }
}

/// Refuses neighbours that all share the row's value in one column.
fn refuse_zero(side: f64, row: usize, k: usize) -> Result<()> {
    if side == 0.0 { Err(Error::Coincide { argument: "x", row, k }) } else { Ok(()) }
}

impl Entropy for Lnc {
    fn entropy(&self, x: &Samples) -> Result<Estimate> {
        observed("x", x)?;
        let mut columns = x.as_real("x")?;
        let tied = self.ties.settle("x", &mut columns, self.seed)?;
        let exclusion = Exclusion { theiler: self.theiler, clock: x.clock() };
        let seen = seen(x.rows(), self.neighbours, &exclusion)?;
        let psi = Digammas::up_to(x.rows());
        let mut local = self.alone(&columns, &seen, &psi, &exclusion)?;
        if columns.len() > 1 {
            let together = self.together(&columns, &seen, &psi, &exclusion)?;
            local.iter_mut().zip(together).for_each(|(alone, together)| *alone -= together);
        }
        Ok(tied.mark(Estimate::of_local(local)))
    }

    fn prepare_information<'a>(&'a self, y: &'a Samples<'a>, z: &'a Samples<'a>) -> Result<Box<dyn Prepared + 'a>> {
        let keeping = Self { ties: Ties::Keep, ..*self };
        Ok(Box::new(Untied::new(keeping, self.ties, self.seed, y, z)?))
    }
}
