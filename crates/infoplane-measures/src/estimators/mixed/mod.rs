//! Information between symbols, real values and mixtures of both, such as rectified outputs that are often exactly 0.
//!
//! ```text
//! I(X; Y|Z) = mean_i [ ψ(n_xyz) + ψ(n_z) − ψ(n_xz) − ψ(n_yz) ]
//! εᵢ = distance of row i to its K-th nearest other row in (x, y, z)
//!
//! balanced   n = rows at a distance < εᵢ + rows at exactly εᵢ, of which at least one is counted; row i is not
//!            where εᵢ = 0: rows at distance 0, row i among them
//! mesner     n = rows at a distance ≤ εᵢ without row i
//! ```
//! Distances: maximum norm over the columns; |a − b| between real values, 0 or ∞ between symbols, so that only rows with
//! the same symbols are comparable. Each of x, y `[N, any]`, z `[N, any or 0]` may be symbols or real values, and real
//! values may repeat: ties mean something here and are kept. A column of real values with some atoms (zero-inflated
//! data) is given as real values. Without z, N stands for its count (with a Theiler window, one more than the rows that
//! row i sees). Where fewer than K rows are comparable to row i, all of them are its neighbours; where none is, the
//! whole of what is comparable in each variable is counted. Unit: nats. The bracket is the local value.
//!
//! Without repeated values the balanced form is algorithm 1 of `ksg`; for a label and continuous values it is Ross'
//! estimator; for symbols only it is a plug-in value with ψ for ln. The Mesner form, as published, agrees where counts
//! are large, and reads too high for continuous values: by 0.03 nats for 500 pairs of independent Gaussians at K = 4.
//!
//! It fails where atoms are many and rare (counts of a few rows each: integers in several columns), and, as `ksg`, for
//! very strong dependence and in many dimensions. Nothing is clamped.
//!
//! Parameters: `k` neighbours; `form` balanced or mesner; `theiler`.
//!
//! References: B. C. Ross, doi:10.1371/journal.pone.0087357 (a label and real values); W. Gao, S. Kannan, S. Oh,
//! P. Viswanath, arXiv:1709.06212 (mixtures); O. C. Mesner, C. R. Shalizi, doi:10.1109/TIT.2020.3024886,
//! arXiv:1912.03387 (with a condition).
//!
//! ```
//! use infoplane_measures::{Mixed, Samples, mi};
//! use infoplane_spec::{below, stream};
//!
//! // A label and a value that tells it: I = H(label) = ln 3.
//! let mut rng = stream(1, "example", 0);
//! let label: Vec<u32> = (0..900).map(|_| below(&mut rng, 3)).collect();
//! let value: Vec<f64> = label.iter().map(|&l| f64::from(l) + f64::from(below(&mut rng, 1000)) / 1000.0).collect();
//! let (label, value) = (Samples::symbols(&label, 1)?, Samples::real(&value, 1)?);
//! assert!((mi(&Mixed::default(), &label, &value)?.nats - 3.0_f64.ln()).abs() < 0.02);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

mod comparable;
#[cfg(test)]
mod tests;

use infoplane_spec::{Arguments, Entry, Parameter, SpecError};

use super::seen::{THEILER, seen};
use super::{Laws, Method, Registered, Takes};
use crate::measures::observed;
use crate::neighbours::{Border, Exclusion, Space, best};
use crate::special::Digammas;
use crate::{Estimate, Information, Result, Samples};
use comparable::{Reach, comparable};

pub(super) const ENTRY: Registered = Registered {
    entry: Entry {
        name: "mixed",
        summary: "nearest rows of symbols, real values, or values with atoms",
        citation: "Gao et al. 2017, arXiv:1709.06212; Mesner, Shalizi 2020, doi:10.1109/TIT.2020.3024886; Ross 2014, \
                   doi:10.1371/journal.pone.0087357",
        parameters: &[
            Parameter { key: "k", default: Some("4"), summary: "number of neighbours, from 1" },
            Parameter {
                key: "form",
                default: Some("balanced"),
                summary: "how the border counts: balanced (as ksg and Ross where they apply), mesner (as published)",
            },
            THEILER,
        ],
        build: |arguments| Ok(Method::Information(Box::new(Mixed::from_arguments(arguments)?))),
    },
    takes: Takes::Any,
    scaled: true,
    validity: "labels, zero-inflated and continuous values together; atoms should hold many rows each",
    laws: Laws {
        gaussian: Some(7.0),
        why: "given a third variable and N = 500 it reads 0.026 of 0.223 nats low, as `ksg` does",
        ..Laws::SHANNON
    },
};

/// Information of mixed symbols and real values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mixed {
    /// K, at least 1.
    pub neighbours: usize,
    /// How the border counts.
    pub form: Form,
    /// Rows with |Δt| up to this in the same trial are no neighbours.
    pub theiler: usize,
}

/// How rows at exactly the distance of the K-th neighbour count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// In every variable, but one at least.
    #[default]
    Balanced,
    /// In every variable, as published by Mesner and Shalizi.
    Mesner,
}

impl Default for Mixed {
    fn default() -> Self {
        Self { neighbours: 4, form: Form::Balanced, theiler: 0 }
    }
}

impl Mixed {
    fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        let form = match arguments.text("form") {
            "balanced" => Form::Balanced,
            "mesner" => Form::Mesner,
            _ => return Err(arguments.refuse("form", "balanced or mesner")),
        };
        Ok(Self {
            neighbours: arguments.check("k", "a whole number from 1", |&k| k >= 1)?,
            form,
            theiler: arguments.parse(THEILER.key, "a whole number")?,
        })
    }

    /// n of one set of variables, for each row.
    fn counts(&self, blocks: &[&[Vec<f64>]], reach: &Reach, seen: &[u32], exclusion: &Exclusion) -> Vec<u32> {
        if blocks.iter().all(|block| block.is_empty()) {
            return seen.iter().map(|seen| seen + 1).collect();
        }
        let space = Space::of_blocks(blocks);
        let count = |border| best(&space).counts(&space, &reach.radii, border, exclusion);
        let (inside, within) = (count(Border::Strict), count(Border::Inclusive));
        let number = |row: usize| match self.form {
            Form::Balanced if reach.whole[row] || reach.radii[row] == 0.0 => within[row] + 1,
            Form::Balanced => inside[row] + (within[row] - inside[row]).max(1),
            Form::Mesner => within[row].max(1),
        };
        (0..space.rows()).map(number).collect()
    }
}

impl Information for Mixed {
    fn cmi(&self, x: &Samples, y: &Samples, z: &Samples) -> Result<Estimate> {
        observed("x", x)?;
        observed("y", y)?;
        x.same_rows("x", y, "y")?;
        z.same_rows("z", y, "y")?;
        let exclusion = Exclusion { theiler: self.theiler, clock: y.clock() };
        let seen = seen(y.rows(), self.neighbours, &exclusion)?;
        let ([x, y, z], span) = comparable([("x", x), ("y", y), ("z", z)])?;
        let reach = Reach::new(&Space::of_blocks(&[&x, &y, &z]), self.neighbours, span, &exclusion);
        let n = |blocks: &[&[Vec<f64>]]| self.counts(blocks, &reach, &seen, &exclusion);
        let (xyz, xz, yz, z) = (n(&[&x, &y, &z]), n(&[&x, &z]), n(&[&y, &z]), n(&[&z]));
        let table = Digammas::up_to(seen.len());
        let psi = |counts: &[u32], row: usize| table.at(counts[row] as usize);
        let local = (0..seen.len()).map(|row| psi(&xyz, row) + psi(&z, row) - (psi(&xz, row) + psi(&yz, row)));
        Ok(Estimate::of_local(local.collect()))
    }
}
