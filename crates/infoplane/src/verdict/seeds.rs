//! Seeds: agreement between them, and the interval over them.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::Answer;

/// A number over seeds: its mean and, from three seeds on, the t interval of 95 %.
///
/// mean ± t₀.₉₇₅(n − 1) · s / √n, with s of divisor n − 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    pub(super) mean: f64,
    pub(super) interval: Option<(f64, f64)>,
    pub(super) seeds: usize,
}

impl Spread {
    /// Of one number per seed; none if there are none.
    pub(super) fn of(values: &[f64]) -> Option<Self> {
        let seeds = values.len();
        if seeds == 0 {
            return None;
        }
        let mean = mean(values);
        let half = half_width(values, mean);
        Some(Self { mean, interval: half.map(|half| (mean - half, mean + half)), seeds })
    }

    pub(super) fn lo(&self) -> Option<f64> {
        self.interval.map(|(lo, _)| lo)
    }

    pub(super) fn hi(&self) -> Option<f64> {
        self.interval.map(|(_, hi)| hi)
    }
}

fn half_width(values: &[f64], mean: f64) -> Option<f64> {
    if values.len() < 3 {
        return None;
    }
    let freedom = (values.len() - 1) as f64;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / freedom;
    let t = StudentsT::new(0.0, 1.0, freedom).ok()?.inverse_cdf(0.975);
    Some(t * (variance / values.len() as f64).sqrt())
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Standard deviation with divisor n − 1; 0 below two values.
pub(super) fn sd(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let mean = mean(values);
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

/// The answer of seeds that each say yes, no, or neither.
pub(super) fn answer(votes: &[Option<bool>]) -> Answer {
    match votes {
        [] => Answer::NoReading,
        votes if votes.iter().all(|vote| *vote == Some(true)) => Answer::Yes,
        votes if votes.iter().all(|vote| *vote == Some(false)) => Answer::No,
        _ => Answer::Unclear,
    }
}

/// `2/2 seeds`: those that agree with the answer, of all; for an unclear answer those that say yes.
pub(super) fn count(votes: &[Option<bool>], answer: Answer) -> String {
    let agrees = Some(answer != Answer::No);
    let agree = votes.iter().filter(|vote| **vote == agrees).count();
    let seeds = if votes.len() == 1 { "seed" } else { "seeds" };
    format!("{agree}/{} {seeds}", votes.len())
}

/// IP0304 below three seeds.
pub(super) fn warnings(seeds: usize) -> Vec<String> {
    if seeds < 3 { vec!["IP0304".to_owned()] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_seeds_give_the_t_interval_and_two_give_none() {
        // t₀.₉₇₅(2) = 4.302652730; s = 1, so the half width is 4.302652730 / √3.
        let spread = Spread::of(&[1.0, 2.0, 3.0]).unwrap();
        let (lo, hi) = spread.interval.unwrap();
        assert!((hi - (2.0 + 4.302_652_730 / 3.0_f64.sqrt())).abs() < 1e-6, "{hi}");
        assert!((lo + hi - 4.0).abs() < 1e-12);
        assert_eq!(Spread::of(&[1.0, 2.0]).unwrap().interval, None);
        assert_eq!(Spread::of(&[]), None);
    }

    #[test]
    fn answers_need_every_seed() {
        let (yes, no, between) = (Some(true), Some(false), None);
        assert_eq!(answer(&[yes, yes]), Answer::Yes);
        assert_eq!(answer(&[no, no]), Answer::No);
        assert_eq!(answer(&[yes, no]), Answer::Unclear);
        assert_eq!(answer(&[yes, between]), Answer::Unclear);
        assert_eq!(answer(&[]), Answer::NoReading);
        assert_eq!(count(&[yes, no], Answer::Unclear), "1/2 seeds");
        assert_eq!(count(&[no], Answer::No), "1/1 seed");
    }

    #[test]
    fn the_spread_of_two_values_is_their_half_difference_times_root_two() {
        assert!((sd(&[0.0, 2.0]) - 2.0_f64.sqrt()).abs() < 1e-15);
        assert_eq!(sd(&[5.0]), 0.0);
    }
}
