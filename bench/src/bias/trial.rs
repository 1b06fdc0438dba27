//! One pair of series under every correction.

use infoplane_measures::estimators::CORRECTIONS;
use infoplane_measures::{Correction, Embedded, Embedding, Null, PlugIn, Result, Samples};

use super::model::Model;

/// Surrogates of each test. With 39, p ≤ 0.05 means that at most one reaches the value: exactly one time in twenty.
const DRAWS: usize = 39;
pub(super) const LEVEL: f64 = 0.05;

/// A row of the table.
pub(super) struct Method {
    pub(super) name: String,
    plugin: PlugIn,
    /// The value less the mean of its surrogates.
    pub(super) shuffled: bool,
}

impl Method {
    /// Every correction with the alphabet known, those that ask for it also with what occurs, and mean-shuffle.
    pub(super) fn all(alphabet: u32) -> Vec<Self> {
        let known = CORRECTIONS.iter().map(|&(name, correction, _)| {
            let plugin = PlugIn { base: Some(alphabet), correction };
            Self { name: name.to_owned(), plugin, shuffled: false }
        });
        let asking = [Correction::Shrink, Correction::Nsb, Correction::Bonachela];
        let observed = asking.into_iter().map(|correction| {
            let plugin = PlugIn { base: None, correction };
            Self { name: format!("{}, K as occurs", correction.name()), plugin, shuffled: false }
        });
        let mean_shuffle = Self { name: "mean-shuffle".to_owned(), plugin: PlugIn::default(), shuffled: true };
        known.chain(observed).chain([mean_shuffle]).collect()
    }
}

/// What one method made of one pair of series.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outcome {
    pub(super) nats: f64,
    /// Whether the permutation test rejects independence, where it was asked.
    pub(super) rejected: Option<bool>,
    /// The same by χ², where there is such a law.
    pub(super) chi_square: Option<bool>,
}

/// Of every method, for one seed.
pub(super) fn outcomes(model: Model, rows: usize, seed: u64, methods: &[Method]) -> Result<Vec<Outcome>> {
    let (x, y) = model.series(rows, seed);
    let (x, y) = (Samples::symbols(&x, 1)?, Samples::symbols(&y, 1)?);
    let embedded = Embedded::te(&x, &y, &[], &Embedding::default())?;
    methods.iter().map(|method| outcome(&embedded, method, seed, model.coupled)).collect()
}

/// Tests are asked of independent series only.
fn outcome(embedded: &Embedded, method: &Method, seed: u64, coupled: bool) -> Result<Outcome> {
    let estimate = embedded.estimate(&method.plugin)?;
    let chi_square = (!coupled && !method.shuffled).then(|| estimate.p()).flatten().map(|p| p <= LEVEL);
    let untested = Outcome { nats: estimate.nats, rejected: None, chi_square };
    if coupled && !method.shuffled {
        return Ok(untested);
    }
    let draws = embedded.null(&method.plugin, &Null::Permute, DRAWS, seed, 1)?;
    let rejected = (!coupled).then(|| draws.p(estimate.nats) <= LEVEL);
    let nats = estimate.nats - if method.shuffled { draws.mean() } else { 0.0 };
    Ok(Outcome { nats, rejected, ..untested })
}
