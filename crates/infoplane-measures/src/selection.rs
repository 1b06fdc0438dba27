//! Choosing histories and delays by the data, before any transfer is measured.
//!
//! ```text
//! Ragwitz   the (k, τ) whose neighbours predict the next value best:
//!           score = √[ mean_t (y[t] − mean of the K neighbours' next values)² ] / sd(y)
//! storage   the (k, τ) with the largest active information storage, less its floor where the estimator knows one
//! delay     the delay with the largest transfer entropy, tested against the largest of each surrogate
//! ```
//! Every candidate is judged on the rows that all of them have, or the longest would win by its shorter series. Choosing
//! and measuring on the same data favours what was chosen: [`delay_scan`] corrects its p-values for that, an embedding
//! is best chosen on other data. On equal scores the smaller k, then the smaller τ wins.
//!
//! References: M. Ragwitz, H. Kantz, doi:10.1103/PhysRevE.65.056201; maximum storage: J. Garland, R. G. James,
//! E. Bradley, doi:10.1103/PhysRevE.93.022221; delay: M. Wibral and others, doi:10.1371/journal.pone.0055809.
//!
//! ```
//! use infoplane_measures::{Samples, selection::ragwitz};
//! use infoplane_spec::{below, stream};
//!
//! // y depends on its value two steps before, and on nothing else.
//! let mut rng = stream(1, "example", 0);
//! let mut y = vec![0.0; 600];
//! for t in 2..600 {
//!     y[t] = 0.9 * y[t - 2] + f64::from(below(&mut rng, 1000)) / 1000.0;
//! }
//! let chosen = ragwitz(&Samples::real(&y, 1)?, 1..=2, 1..=2, 4, 0)?;
//! // one value two steps back has no such (k, τ): two values are needed
//! assert_eq!(chosen.k, 2);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

use std::ops::RangeInclusive;

use crate::embedding::{Embedding, History};
use crate::neighbours::{Exclusion, Space, best};
use crate::null::max_statistic;
use crate::transforms::standardise;
use crate::{Draws, Embedded, Error, Estimate, Information, Null, Result, Samples};

/// A history and how well it did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Length.
    pub k: usize,
    /// Spacing.
    pub tau: usize,
    /// Ragwitz: error relative to the standard deviation, smaller is better. Storage: nats, larger is better.
    pub score: f64,
}

/// The history that was chosen among others.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Length of the history.
    pub k: usize,
    /// Spacing of the history.
    pub tau: usize,
    /// All candidates, by k, then τ.
    pub candidates: Vec<Candidate>,
    /// Rows they were judged on.
    pub n: usize,
}

/// The history whose neighbours predict the next value best. Series of several columns are predicted column by column
/// and their squared errors averaged. `theiler`: rows so near in time are no neighbours.
///
/// # Errors
/// [`Error::Embedding`], [`Error::TooShort`], [`Error::Neighbours`], [`Error::Constant`] or [`Error::Kind`].
pub fn ragwitz(
    target: &Samples,
    k: RangeInclusive<usize>,
    tau: RangeInclusive<usize>,
    neighbours: usize,
    theiler: usize,
) -> Result<Selection> {
    target.as_real_with_gaps("target")?;
    let series = standardise("target", target)?;
    select(&series, (k, tau), f64::total_cmp, |embedded| {
        prediction_error(embedded, neighbours, &Exclusion { theiler, clock: embedded.y.clock() })
    })
}

/// The history with the largest active information storage, less its floor where the estimator knows one.
///
/// # Errors
/// [`Error::Embedding`] or [`Error::TooShort`], or whatever the estimator refuses.
pub fn max_storage(
    target: &Samples,
    estimator: &dyn Information,
    k: RangeInclusive<usize>,
    tau: RangeInclusive<usize>,
) -> Result<Selection> {
    select(
        target,
        (k, tau),
        |a, b| b.total_cmp(a),
        |embedded| {
            let estimate = embedded.estimate(estimator)?;
            Ok(estimate.nats - estimate.floor.unwrap_or(0.0))
        },
    )
}

/// Judges every (k, τ) on shared rows and takes the first in the order `better`.
fn select(
    target: &Samples,
    (ks, taus): (RangeInclusive<usize>, RangeInclusive<usize>),
    better: impl Fn(&f64, &f64) -> std::cmp::Ordering,
    judge: impl Fn(&Embedded) -> Result<f64>,
) -> Result<Selection> {
    let longest = History { length: *ks.end(), tau: *taus.end(), delay: 1 };
    longest.check()?;
    let first = longest.reach();
    let mut candidates = Vec::new();
    let mut n = 0;
    for k in ks {
        // the spacing of a single value means nothing
        for tau in taus.clone().take(if k == 1 { 1 } else { usize::MAX }) {
            let history = History { length: k, tau, delay: 1 };
            history.check()?;
            let embedded = Embedded::ais_from(target, target, history, first)?;
            n = embedded.n();
            candidates.push(Candidate { k, tau, score: judge(&embedded)? });
        }
    }
    let none = Error::Embedding { parameter: "k", got: 0, allowed: "a range with at least one length" };
    let best = candidates.iter().min_by(|a, b| better(&a.score, &b.score)).copied().ok_or(none)?;
    Ok(Selection { k: best.k, tau: best.tau, candidates, n })
}

/// Error of predicting y from the neighbours of its past, in units of y's standard deviation.
fn prediction_error(embedded: &Embedded, neighbours: usize, exclusion: &Exclusion) -> Result<f64> {
    let (past, next, n) = (embedded.x.columns(), embedded.y.columns(), embedded.n());
    let fewest = exclusion.others(n).into_iter().min().unwrap_or(0) as usize;
    if neighbours == 0 || neighbours > fewest {
        return Err(Error::Neighbours { k: neighbours, n: fewest + 1 });
    }
    let space = Space::of_blocks(&[&past]);
    let near = best(&space).nearest(&space, neighbours, exclusion);
    let squared: f64 = next.iter().map(|next| squared_error(next, &near, neighbours)).sum();
    Ok((squared / (n * next.len()) as f64).sqrt())
}

fn squared_error(next: &[f64], near: &[u32], neighbours: usize) -> f64 {
    let predicted = |near: &[u32]| near.iter().map(|&row| next[row as usize]).sum::<f64>() / neighbours as f64;
    near.chunks(neighbours).zip(next).map(|(near, value)| (value - predicted(near)).powi(2)).sum()
}

/// Transfer entropy at one delay of a scan.
#[derive(Debug, Clone, PartialEq)]
pub struct AtDelay {
    /// The delay.
    pub delay: usize,
    /// The value, on the rows that every delay of the scan has.
    pub estimate: Estimate,
    /// Its surrogates, if they were asked for.
    pub draws: Option<Draws>,
    /// p-value of the value, corrected for the number of delays searched: how often the largest of a surrogate over all
    /// delays is at least as large.
    pub p_searched: Option<f64>,
}

/// A scan over delays.
pub struct Scan<'a> {
    /// The source.
    pub source: &'a Samples<'a>,
    /// The target.
    pub target: &'a Samples<'a>,
    /// What describes the target's next value; usually the target.
    pub next: &'a Samples<'a>,
    /// Conditionals with their histories.
    pub conditionals: &'a [(&'a Samples<'a>, History)],
    /// Histories; its delay has no part.
    pub embedding: Embedding,
    /// The delays, each at least 1.
    pub delays: &'a [usize],
    /// Whether each embedded column is standardised.
    pub standardise: bool,
}

impl<'a> Scan<'a> {
    /// The rows of each delay.
    fn embedded(&self) -> Result<Vec<Embedded<'a>>> {
        let none = Error::Parameter { parameter: "delays", got: "none".into(), allowed: "at least one" };
        let longest = *self.delays.iter().max().ok_or(none)?;
        let at = |&delay: &usize| {
            let embedding = Embedding { delay, ..self.embedding };
            let parts = (self.source, self.target, self.next, self.conditionals);
            let embedded = Embedded::te_scan(parts.0, parts.1, parts.2, parts.3, &embedding, longest)?;
            if self.standardise { embedded.standardised() } else { Ok(embedded) }
        };
        Embedded::common(self.delays.iter().map(at).collect::<Result<Vec<_>>>()?)
    }

    /// The values at all delays, with surrogates (null, draws, seed) where asked. The d-th draw moves the rows alike at
    /// every delay.
    ///
    /// # Errors
    /// As [`crate::te`], or [`Error::Parameter`] for no delays or no draws.
    pub fn run(
        &self,
        estimator: &dyn Information,
        null: Option<(&Null, usize, u64)>,
        threads: usize,
    ) -> Result<Vec<AtDelay>> {
        let embedded = self.embedded()?;
        let estimates = crate::threads::map(embedded.len(), threads, |at| embedded[at].estimate(estimator));
        let estimates = estimates.into_iter().collect::<Result<Vec<_>>>()?;
        let Some((null, draws, seed)) = null else {
            let at = |(&delay, estimate)| AtDelay { delay, estimate, draws: None, p_searched: None };
            return Ok(self.delays.iter().zip(estimates).map(at).collect());
        };
        let draws = embedded.iter().map(|at| at.null(estimator, null, draws, seed, threads));
        let draws = draws.collect::<Result<Vec<_>>>()?;
        let values: Vec<f64> = estimates.iter().map(|estimate| estimate.nats).collect();
        let searched = max_statistic(&values, &draws);
        let at =
            |(((&delay, estimate), draws), p)| AtDelay { delay, estimate, draws: Some(draws), p_searched: Some(p) };
        Ok(self.delays.iter().zip(estimates).zip(draws).zip(searched).map(at).collect())
    }
}

/// Transfer entropy at several delays, each on the rows that all of them have, tested by `draws` surrogates against the
/// largest value over the delays.
///
/// ```
/// use infoplane_measures::{Embedding, Null, PlugIn, Samples, selection::delay_scan};
/// use infoplane_spec::{below, stream};
///
/// let mut rng = stream(5, "example", 0);
/// let x: Vec<u32> = (0..300).map(|_| below(&mut rng, 2)).collect();
/// let y: Vec<u32> = (0..300_usize).map(|t| x[t.saturating_sub(3)]).collect();
/// let (x, y) = (Samples::symbols(&x, 1)?, Samples::symbols(&y, 1)?);
/// let found = delay_scan(&PlugIn::default(), &x, &y, &Embedding::default(), &[1, 2, 3, 4], (&Null::Permute, 99, 1), 1)?;
/// let largest = found.iter().max_by(|a, b| a.estimate.nats.total_cmp(&b.estimate.nats)).unwrap();
/// assert_eq!((largest.delay, largest.p_searched), (3, Some(0.01)));
/// # Ok::<(), infoplane_measures::Error>(())
/// ```
///
/// # Errors
/// As [`Scan::run`].
pub fn delay_scan(
    estimator: &dyn Information,
    source: &Samples,
    target: &Samples,
    embedding: &Embedding,
    delays: &[usize],
    null: (&Null, usize, u64),
    threads: usize,
) -> Result<Vec<AtDelay>> {
    let (embedding, conditionals) = (*embedding, &[][..]);
    let scan = Scan { source, target, next: target, conditionals, embedding, delays, standardise: false };
    scan.run(estimator, Some(null), threads)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PlugIn;
    use infoplane_spec::{below, stream};

    /// Sums of 12 uniforms less 6: near enough to normal here.
    fn noise(seed: u64, rows: usize) -> Vec<f64> {
        let mut rng = stream(seed, "test", 0);
        let mut normal =
            || (0..12).map(|_| f64::from(below(&mut rng, 1 << 20)) / f64::from(1 << 20)).sum::<f64>() - 6.0;
        (0..rows).map(|_| normal()).collect()
    }

    #[test]
    fn ragwitz_finds_the_order_of_an_autoregression() {
        let scores = |seed: u64| {
            let mut y = noise(seed, 1500);
            for t in 2..y.len() {
                y[t] = 0.6 * y[t - 1] - 0.95 * y[t - 2] + 0.5 * y[t];
            }
            let chosen = ragwitz(&Samples::real(&y, 1).unwrap(), 1..=5, 1..=2, 8, 0).unwrap();
            assert!(chosen.k >= 2 && chosen.candidates.len() == 9 && chosen.n == 1500 - 9, "{chosen:?}");
            chosen.candidates
        };
        let all: Vec<Vec<Candidate>> = (0..12).map(scores).collect();
        let mean = |place: usize| all.iter().map(|scores| scores[place].score).sum::<f64>();
        let best = (0..9).min_by(|&a, &b| mean(a).total_cmp(&mean(b))).unwrap();
        // a single series may prefer another by chance: an unneeded value costs little
        assert_eq!((all[0][best].k, all[0][best].tau), (2, 1));
    }

    #[test]
    fn storage_finds_the_memory_of_a_chain() {
        let mut rng = stream(8, "test", 0);
        let mut y: Vec<u32> = (0..4000).map(|_| below(&mut rng, 2)).collect();
        for t in 3..y.len() {
            y[t] = if below(&mut rng, 5) == 0 { y[t] } else { y[t - 1] ^ y[t - 3] };
        }
        let chosen = max_storage(&Samples::symbols(&y, 1).unwrap(), &PlugIn::default(), 1..=6, 1..=1).unwrap();
        let score = |k: usize| chosen.candidates[k - 1].score;
        assert!(chosen.k >= 3 && score(3) > score(2) + 0.3 && score(3) > score(1) + 0.3);
        // beyond the memory only noise is left: 2·N·storage is χ² with at most 2⁶ − 2³ more degrees, less their mean
        assert!((4..=6).all(|k| (score(k) - score(3)).abs() < 3.0 * (2.0_f64 * 56.0).sqrt() / (2.0 * 3994.0)));
    }

    #[test]
    fn symbols_have_no_neighbours_to_predict_from() {
        let y = Samples::symbols(&[0, 1, 0, 1, 1, 0], 1).unwrap();
        assert!(matches!(ragwitz(&y, 1..=2, 1..=1, 1, 0), Err(Error::Kind { .. })));
        let y = noise(1, 20);
        let y = Samples::real(&y, 1).unwrap();
        assert!(matches!(ragwitz(&y, 1..=2, 1..=1, 30, 0), Err(Error::Neighbours { k: 30, .. })));
        assert!(matches!(ragwitz(&y, 0..=2, 1..=1, 2, 0), Err(Error::Embedding { .. })));
        assert!(matches!(ragwitz(&y, 1..=30, 1..=1, 2, 0), Err(Error::TooShort { .. })));
    }

    #[test]
    fn a_search_over_independent_series_is_charged_for_its_width() {
        let false_alarms = (0..200).filter(|&seed| {
            let mut rng = stream(seed, "test", 0);
            let [x, y] = [(); 2].map(|()| (0..80).map(|_| below(&mut rng, 2)).collect::<Vec<u32>>());
            let (x, y) = (Samples::symbols(&x, 1).unwrap(), Samples::symbols(&y, 1).unwrap());
            let delays = [1, 2, 3, 4, 5, 6];
            let null = (&Null::Permute, 39, seed);
            let scan = delay_scan(&PlugIn::default(), &x, &y, &Embedding::default(), &delays, null, 1).unwrap();
            scan.iter().any(|at| at.p_searched.unwrap() <= 0.05)
        });
        // 10 expected, standard deviation 3; uncorrected there would be about 50
        assert!(false_alarms.count() <= 20);
    }
}
