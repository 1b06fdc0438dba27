//! All unit pairs of two layers: values, floors, ceilings, p-values and nulls.
//!
//! ```text
//! TE(i→j)  = Σ p(y', y⁻, x⁻) ln [ p(y'|y⁻, x⁻) / p(y'|y⁻) ]     nats
//! TIE(i→j) = Σ p(y', y⁻, x⁻) [ p(y'|y⁻, x⁻) − p(y'|y⁻) ]        no unit
//! coupling = TE's formula with the source's present, x, in place of its past
//! given strata: Σ_s (N_s/N) · value_s, each stratum embedded on its own, dof added
//! ```
//! - x is unit i of the source layer, y unit j of the target layer; `[rows, units]` symbols each, see [`Symbols`];
//! - floor dof/(2N), p from 2·N·TE ~ χ²(dof), ceiling H(y'|y⁻): see [`PairTable`].
//!
//! Binary symbols with k = l = 1 are counted by [`crate::packed`], everything else by joint states. It fails where
//! cells are rare: `trusted` is false where an expected count is below 5, and then only draws can be believed. Constant
//! units give exactly 0 and stay in the means. One draw moves the rows of the *whole* source layer, so a layer mean has
//! the right spread, and all layer pairs of a snapshot share draw d of a seed.
//!
//! References: T. Schreiber, doi:10.1103/PhysRevLett.85.461; A. Caţaron, R. Andonie, doi:10.3390/e20010042 (TIE);
//! L. Barnett, T. Bossomaier, doi:10.1103/PhysRevLett.109.138105 (χ²).
//!
//! ```
//! use infoplane_measures::pairs::{PairMeasure, PairProblem, Symbols, whole};
//! use infoplane_measures::{Embedding, Null};
//!
//! // One source unit, two target units: the first repeats the source a row later.
//! let coin = |t: u32| (t.wrapping_mul(2_654_435_761) >> 28) as u8 % 2;
//! let source = Symbols::new(1, 2, (1..1001).map(coin).collect())?;
//! let target = Symbols::new(2, 2, (0..1000).flat_map(|t| [coin(t), coin(t + 7000)]).collect())?;
//! let problem = PairProblem::new(&source, &target, PairMeasure::Te, &Embedding::default(), &whole(1000))?;
//! let table = problem.evaluate(1);
//! assert!(table.value[0] > 100.0 * table.floor[0] && table.p[0] < 1e-9);
//! let null = problem.null(&Null::Permute, 99, 1, &table, 1)?;
//! assert_eq!((null.exceed[0], null.p_of_mean(table.mean())), (0, 0.01));
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

mod binary;
mod draws;
mod general;
mod local;
mod strata;
mod stratum;
mod symbols;
mod table;

pub use local::local_draws;
pub use strata::{blocks, runs, whole};
pub use symbols::Symbols;
pub use table::{PairNull, PairTable};

use std::ops::Range;

use crate::embedding::History;
use crate::special::chi_square_survival;
use crate::{Embedding, Error, Result};

pub use crate::null::Null;
use stratum::{Observed, Stratum};

/// Expected counts below this make the χ² law untrustworthy.
const LEAST_EXPECTED: f64 = 5.0;

/// What is measured for every unit pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PairMeasure {
    /// Transfer entropy.
    Te,
    /// The lag-0 conditional mutual information: the source's present in place of its past.
    Coupling,
    /// Transfer information energy: transfer entropy without the logarithm.
    Tie,
}

impl PairMeasure {
    /// Its name in rows and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Te => "te",
            Self::Coupling => "coupling",
            Self::Tie => "tie",
        }
    }

    fn source_history(self, embedding: &Embedding) -> History {
        match self {
            Self::Te | Self::Tie => embedding.source(),
            Self::Coupling => embedding.present_source(),
        }
    }
}

/// Two layers, embedded, with everything of the targets prepared for any number of surrogates.
pub struct PairProblem {
    measure: PairMeasure,
    sources: usize,
    targets: usize,
    n: usize,
    strata_skipped: usize,
    strata: Vec<Box<dyn Stratum>>,
    /// Each layer with the rows that its units vary over, or do not.
    varying: [(Symbols, Vec<Range<usize>>); 2],
}

impl PairProblem {
    /// Embeds each stretch of rows on its own. One stretch, [`whole`], is the plain measure; several give it given what
    /// is constant inside them ([`blocks`], [`runs`]). Stretches too short for a single row are skipped and counted.
    ///
    /// # Errors
    /// [`Error::Lengths`] if the layers differ in rows, [`Error::Embedding`] for zeros in the embedding,
    /// [`Error::Stratum`] for a stretch that is none, [`Error::TooShort`] if no stretch is long enough.
    pub fn new(
        source: &Symbols,
        target: &Symbols,
        measure: PairMeasure,
        embedding: &Embedding,
        strata: &[Range<usize>],
    ) -> Result<Self> {
        embedding.check()?;
        let (rows, wanted) = (source.rows(), target.rows());
        if rows != wanted {
            return Err(Error::Lengths { argument: "source", got: rows, other: "target", wanted });
        }
        if let Some(bad) = strata.iter().find(|stretch| stretch.start > stretch.end || stretch.end > rows) {
            return Err(Error::Stratum { start: bad.start, end: bad.end, rows });
        }
        let history = measure.source_history(embedding);
        let first = embedding.target().reach().max(history.reach());
        let long: Vec<Range<usize>> = strata.iter().filter(|stretch| stretch.len() > first).cloned().collect();
        if long.is_empty() {
            return Err(Error::TooShort { argument: "series", got: rows, wanted: first + 1 });
        }
        let past = |stretch: &Range<usize>| stretch.start + first - history.reach()..stretch.end - history.delay;
        let next = |stretch: &Range<usize>| stretch.start + first..stretch.end;
        Ok(Self {
            measure,
            sources: source.units(),
            targets: target.units(),
            n: long.iter().map(|stretch| stretch.len() - first).sum(),
            strata_skipped: strata.len() - long.len(),
            varying: [
                (source.clone(), long.iter().map(past).collect()),
                (target.clone(), long.iter().map(next).collect()),
            ],
            strata: long.iter().map(|s| embed(source, target, measure, embedding, s)).collect::<Result<_>>()?,
        })
    }

    /// Embedded rows N, over all strata.
    pub fn n(&self) -> usize {
        self.n
    }

    /// Strata too short for a single row.
    pub fn strata_skipped(&self) -> usize {
        self.strata_skipped
    }

    /// Counts ahead of [`PairProblem::evaluate`], which then only computes: for recording now and testing later.
    pub fn count(&self, threads: usize) {
        self.strata.iter().for_each(|stratum| stratum.count(threads));
    }

    /// Every pair's value with floor, ceiling and p.
    pub fn evaluate(&self, threads: usize) -> PairTable {
        let pairs = self.sources * self.targets;
        let zeros = || vec![0.0; pairs];
        let mut table = PairTable {
            sources: self.sources,
            targets: self.targets,
            n: self.n,
            value: zeros(),
            dof: zeros(),
            floor: zeros(),
            p: zeros(),
            ceiling: zeros(),
            constant: self.constant(),
            trusted: vec![true; pairs],
        };
        for stratum in &self.strata {
            let share = stratum.rows() as f64 / self.n as f64;
            table.add(share, &stratum.observe(threads), &stratum.ceilings());
        }
        table.p = (0..pairs).map(|pair| self.p(table.value[pair], table.dof[pair])).collect();
        table
    }

    /// Surrogates of all pairs. Draw d depends on `seed`, `null` and d alone, so layers of equal N share it.
    ///
    /// # Errors
    /// [`Error::Lengths`] if `observed` is the table of another problem.
    pub fn null(&self, null: &Null, draws: usize, seed: u64, observed: &PairTable, threads: usize) -> Result<PairNull> {
        let mut nulls = nulls(&[(self, observed)], null, draws, seed, threads)?;
        Ok(nulls.remove(0))
    }

    /// Pairs with a unit that never changes.
    fn constant(&self) -> Vec<bool> {
        let [sources, targets] = self.varying.each_ref().map(|(layer, rows)| layer.constant(rows));
        sources.iter().flat_map(|source| targets.iter().map(move |target| *source || *target)).collect()
    }

    fn p(&self, value: f64, dof: f64) -> f64 {
        match self.measure {
            PairMeasure::Tie => f64::NAN,
            PairMeasure::Te | PairMeasure::Coupling => chi_square_survival(2.0 * self.n as f64 * value, dof),
        }
    }
}

/// Surrogates of several problems, as [`PairProblem::null`] gives them for each, with the same bits: problems with equal
/// strata share the row orders of each draw, so drawing them is paid for once.
///
/// # Errors
/// [`Error::Lengths`] if a table is that of another problem.
pub fn nulls(
    problems: &[(&PairProblem, &PairTable)],
    null: &Null,
    draws: usize,
    seed: u64,
    threads: usize,
) -> Result<Vec<PairNull>> {
    for (problem, observed) in problems {
        let (got, wanted) = (observed.value.len(), problem.sources * problem.targets);
        if got != wanted {
            return Err(Error::Lengths { argument: "observed", got, other: "pairs", wanted });
        }
    }
    let strata: Vec<_> = problems.iter().map(|&(problem, observed)| (problem.strata.as_slice(), observed)).collect();
    Ok(draws::Plan::new(*null, seed, &strata).run(draws, threads))
}

impl PairTable {
    /// Adds a stratum with its share of the rows.
    fn add(&mut self, share: f64, observed: &[Observed], ceilings: &[f64]) {
        for (pair, observed) in observed.iter().enumerate() {
            self.value[pair] += share * observed.value;
            self.dof[pair] += observed.dof;
            self.floor[pair] += share * observed.floor;
            self.ceiling[pair] += share * ceilings[pair % self.targets];
            self.trusted[pair] &= observed.least_expected >= LEAST_EXPECTED;
        }
    }
}

/// A stratum in its fastest representation.
fn embed(
    source: &Symbols,
    target: &Symbols,
    measure: PairMeasure,
    embedding: &Embedding,
    stretch: &Range<usize>,
) -> Result<Box<dyn Stratum>> {
    let delay = measure.source_history(embedding).delay;
    match (source.packed(), target.packed(), embedding.k, embedding.l) {
        (Some(x), Some(y), 1, 1) => Ok(Box::new(binary::Binary::new((x, y), measure, delay, stretch)?)),
        _ => Ok(Box::new(general::General::new((source, target), measure, embedding, stretch)?)),
    }
}
