//! The results of one layer pair: a value with its law for each unit pair.

/// Unit pairs of two layers, each vector at `[source · targets + target]`.
///
/// `value`, `floor` and `ceiling` are in nats, but for TIE, which has no unit.
#[derive(Debug, Clone, PartialEq)]
pub struct PairTable {
    /// Source units.
    pub sources: usize,
    /// Target units.
    pub targets: usize,
    /// Embedded rows N, over all strata.
    pub n: usize,
    /// The plug-in values.
    pub value: Vec<f64>,
    /// Degrees of freedom, over all strata.
    pub dof: Vec<f64>,
    /// Expected values under independence.
    pub floor: Vec<f64>,
    /// Analytic p-values from 2·N·TE ~ χ²(dof): 1 where dof is 0, NaN for TIE, which has no such law.
    pub p: Vec<f64>,
    /// The largest value the target unit can show: H(y'|y⁻), for TIE the Gini spread of y' given y⁻.
    pub ceiling: Vec<f64>,
    /// Pairs of which the source or the target never changes: their value is exactly 0.
    pub constant: Vec<bool>,
    /// Whether floor and p can be trusted: no expected count below 5 where something can vary.
    pub trusted: Vec<bool>,
}

impl PairTable {
    /// Mean value over all pairs, constant ones included.
    pub fn mean(&self) -> f64 {
        mean(&self.value)
    }

    /// Smallest value.
    pub fn min(&self) -> f64 {
        self.value.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Largest value.
    pub fn max(&self) -> f64 {
        self.value.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// Standard deviation over the pairs (divisor pairs − 1); 0 for a single pair.
    pub fn sd(&self) -> f64 {
        let mean = self.mean();
        let squares: f64 = self.value.iter().map(|value| (value - mean).powi(2)).sum();
        (squares / (self.value.len().max(2) - 1) as f64).sqrt()
    }

    /// Mean floor over all pairs: the floor of [`PairTable::mean`].
    pub fn mean_floor(&self) -> f64 {
        mean(&self.floor)
    }

    /// Mean ceiling over all pairs.
    pub fn mean_ceiling(&self) -> f64 {
        mean(&self.ceiling)
    }

    /// Pairs with a constant unit.
    pub fn pairs_constant(&self) -> usize {
        self.constant.iter().filter(|&&constant| constant).count()
    }
}

/// What surrogates of one layer pair gave.
#[derive(Debug, Clone, PartialEq)]
pub struct PairNull {
    /// Number of draws.
    pub draws: usize,
    /// The mean over all pairs, of each draw.
    pub layer_means: Vec<f64>,
    /// The largest value of all pairs, of each draw: the maximum statistic.
    pub layer_max: Vec<f64>,
    /// Draws at least as large as the observed value, for each pair.
    pub exceed: Vec<u32>,
    /// Mean over the draws, for each pair; NaN without draws.
    pub mean: Vec<f64>,
    /// Standard deviation over the draws (divisor draws − 1), for each pair; 0 for a single draw.
    pub sd: Vec<f64>,
}

impl PairNull {
    /// The p-value of an observed layer mean, by the draws.
    pub fn p_of_mean(&self, observed: f64) -> f64 {
        p_at_least(&self.layer_means, observed)
    }

    /// The p-value of an observed largest value, by the draws: holds for all pairs together.
    pub fn p_of_max(&self, observed: f64) -> f64 {
        p_at_least(&self.layer_max, observed)
    }

    /// The p-value of each pair, by the draws.
    pub fn p_of_pairs(&self) -> Vec<f64> {
        self.exceed.iter().map(|&exceed| crate::p_from_draws(exceed as usize, self.draws)).collect()
    }
}

fn p_at_least(draws: &[f64], observed: f64) -> f64 {
    let least = threshold(observed);
    crate::p_from_draws(draws.iter().filter(|&&draw| draw >= least).count(), draws.len())
}

/// The least draw that counts as large as `observed`: tables that mirror each other give the same value in exact
/// arithmetic and differ in the last digits here, which must not make a tie look smaller.
pub(super) fn threshold(observed: f64) -> f64 {
    observed - 1e-12 * observed.abs() - 1e-15
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
