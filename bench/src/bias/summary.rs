//! What many seeds say of one method.

use super::trial::Outcome;

/// Means over seeds, nats.
#[derive(Debug, Clone, Copy)]
pub(super) struct Summary {
    /// Mean less truth.
    pub(super) bias: f64,
    /// Of single values over seeds.
    pub(super) sd: f64,
    pub(super) seeds: usize,
    /// Share of series called dependent by permutation, where it was asked.
    pub(super) rejected: Option<f64>,
    /// The same by χ².
    pub(super) chi_square: Option<f64>,
}

impl Summary {
    pub(super) fn new<'a>(outcomes: impl Iterator<Item = &'a Outcome> + Clone, truth: f64) -> Self {
        let values: Vec<f64> = outcomes.clone().map(|outcome| outcome.nats).collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self {
            bias: mean - truth,
            sd: (squares / (n - 1.0)).sqrt(),
            seeds: values.len(),
            rejected: share(outcomes.clone().map(|outcome| outcome.rejected)),
            chi_square: share(outcomes.map(|outcome| outcome.chi_square)),
        }
    }

    /// Standard error of the bias.
    pub(super) fn error(&self) -> f64 {
        self.sd / (self.seeds as f64).sqrt()
    }

    /// Root of the mean squared distance from the truth.
    pub(super) fn rmse(&self) -> f64 {
        self.bias.hypot(self.sd)
    }
}

/// Share of `true`; `None` if anything was not asked.
fn share(answers: impl Iterator<Item = Option<bool>>) -> Option<f64> {
    let answers: Vec<bool> = answers.collect::<Option<_>>()?;
    Some(answers.iter().filter(|&&yes| yes).count() as f64 / answers.len() as f64)
}
