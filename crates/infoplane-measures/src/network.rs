//! Transfer entropy of all ordered pairs of several series.
//!
//! ```text
//! TE(i→j, delay) for all i ≠ j and all delays, on the rows that every series and every delay has
//! ```
//! Everything of a target, its next value and its past, is prepared once for all sources, delays and surrogates
//! ([`crate::Information::prepare`]); pairs share their rows, so that values compare, and each surrogate draw moves all
//! sources alike, so that a maximum over pairs has its right distribution. Unit: nats.
//!
//! ```
//! use infoplane_measures::{Embedding, PlugIn, Samples, network::{Net, te_net}};
//! use infoplane_spec::{below, stream};
//!
//! // b repeats a one step later, c is on its own.
//! let mut rng = stream(3, "example", 0);
//! let a: Vec<u32> = (0..400).map(|_| below(&mut rng, 2)).collect();
//! let b: Vec<u32> = (0..400_usize).map(|t| a[t.saturating_sub(1)]).collect();
//! let c: Vec<u32> = (0..400).map(|_| below(&mut rng, 2)).collect();
//! let series = [Samples::symbols(&a, 1)?, Samples::symbols(&b, 1)?, Samples::symbols(&c, 1)?];
//!
//! let edges = te_net(&series, &PlugIn::default(), &Net::default(), 2)?;
//! assert_eq!(edges.len(), 6);
//! let strongest = edges.iter().max_by(|p, q| p.estimate.nats.total_cmp(&q.estimate.nats)).unwrap();
//! assert_eq!((strongest.source, strongest.target), (0, 1));
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

use crate::embedding::{Embedding, History};
use crate::null::Orders;
use crate::{Draws, Embedded, Error, Estimate, Information, Null, Prepared, Result, Samples};

/// What is asked of every pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Net {
    /// Histories and their spacings; its delay has no part.
    pub embedding: Embedding,
    /// Delays from source to target, each at least 1.
    pub delays: Vec<usize>,
    /// Whether each embedded column is standardised.
    pub standardise: bool,
    /// Surrogates of every pair: null, draws, seed.
    pub null: Option<(Null, usize, u64)>,
}

impl Default for Net {
    fn default() -> Self {
        Self { embedding: Embedding::default(), delays: vec![1], standardise: false, null: None }
    }
}

/// One ordered pair at one delay.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Number of the source series.
    pub source: usize,
    /// Number of the target series.
    pub target: usize,
    /// From the source's last value to the target's next one.
    pub delay: usize,
    /// The value; without local terms.
    pub estimate: Estimate,
    /// Its surrogates, if they were asked for.
    pub draws: Option<Draws>,
}

/// All ordered pairs of `series` at all delays, by target, then source, then delay. A series may have several columns.
///
/// # Errors
/// [`Error::Parameter`] for fewer than two series or no delay, [`Error::Lengths`], [`Error::Embedding`] or
/// [`Error::TooShort`], or whatever the estimator refuses.
pub fn te_net(series: &[Samples], estimator: &dyn Information, net: &Net, threads: usize) -> Result<Vec<Edge>> {
    te_net_next(series, series, estimator, net, threads)
}

/// The same where the targets' next values are described otherwise than their pasts (`nexts`, one for each series).
///
/// # Errors
/// As [`te_net`].
pub fn te_net_next(
    series: &[Samples],
    nexts: &[Samples],
    estimator: &dyn Information,
    net: &Net,
    threads: usize,
) -> Result<Vec<Edge>> {
    let few = |parameter, got: usize, allowed| Error::Parameter { parameter, got: got.to_string(), allowed };
    if series.len() < 2 {
        return Err(few("series", series.len(), "at least 2"));
    }
    if nexts.len() != series.len() {
        return Err(few("nexts", nexts.len(), "as many as there are series"));
    }
    let Some(&longest) = net.delays.iter().max() else { return Err(few("delays", 0, "at least one delay")) };
    let common = common_rows(series, nexts, net);
    let mut all = All { series, nexts, estimator, net, longest, common, pasts: Vec::new() };
    all.pasts = (0..series.len()).map(|source| all.pasts_of(source)).collect::<Result<_>>()?;
    let edges = crate::threads::map(series.len(), threads, |target| all.edges_into(target));
    Ok(edges.into_iter().collect::<Result<Vec<_>>>()?.concat())
}

struct All<'a> {
    series: &'a [Samples<'a>],
    nexts: &'a [Samples<'a>],
    estimator: &'a dyn Information,
    net: &'a Net,
    longest: usize,
    /// Marks the rows that no series misses, where some row of some series is missing.
    common: Option<Vec<bool>>,
    /// The past of each source at each delay: the same for all targets, as they share their rows.
    pasts: Vec<Vec<Samples<'a>>>,
}

impl<'a> All<'a> {
    /// All edges into one target.
    fn edges_into(&self, target: usize) -> Result<Vec<Edge>> {
        let sources = (0..self.series.len()).filter(|&source| source != target);
        let delays = || self.net.delays.iter().enumerate();
        let pairs: Vec<(usize, usize, &Samples)> =
            sources.flat_map(|source| delays().map(move |(at, &d)| (source, d, &self.pasts[source][at]))).collect();
        let (source, delay, _) = pairs[0];
        let mut pair = self.embedded(target, source, delay)?;
        let (y, z) = (pair.y.clone(), pair.z.clone());
        let prepared = self.estimator.prepare(&y, &z)?;
        let xs: Vec<Samples> = pairs.iter().map(|&(_, _, x)| x.clone()).collect();
        let estimates = prepared.several(&xs)?;
        let mut edges = Vec::with_capacity(pairs.len());
        for (((source, delay, _), x), estimate) in pairs.into_iter().zip(xs).zip(estimates) {
            pair.x = x;
            let draws = self.draws(&pair, prepared.as_ref())?;
            edges.push(Edge { source, target, delay, estimate, draws });
        }
        Ok(edges)
    }

    /// The past of a source at each delay.
    fn pasts_of(&self, source: usize) -> Result<Vec<Samples<'a>>> {
        // any target has the same rows
        let target = (source + 1) % self.series.len();
        self.net.delays.iter().map(|&delay| Ok(self.embedded(target, source, delay)?.x)).collect()
    }

    fn embedded(&self, target: usize, source: usize, delay: usize) -> Result<Embedded<'a>> {
        let embedding = Embedding { delay, ..self.net.embedding };
        let (past, next) = (&self.series[target], &self.nexts[target]);
        let embedded = Embedded::te_scan(&self.series[source], past, next, &[], &embedding, self.longest)?;
        match &self.common {
            None => self.normalised(embedded),
            // rows that any series lacks are left to none, or pairs would not compare
            Some(common) => self.normalised(embedded.only(common)?),
        }
    }

    fn normalised<'s>(&self, embedded: Embedded<'s>) -> Result<Embedded<'s>> {
        match self.net.standardise {
            true => embedded.standardised(),
            false => Ok(embedded),
        }
    }

    fn draws(&self, pair: &Embedded, prepared: &dyn Prepared) -> Result<Option<Draws>> {
        let Some((null, draws, seed)) = &self.net.null else { return Ok(None) };
        let orders = Orders::new(pair, null, *draws, *seed)?;
        Ok(Some(Draws { values: orders.values(prepared, &pair.x, 1)?, block: orders.block }))
    }
}

/// Marks the rows at which every series has every value that some pair needs of it; none where no value is missing.
fn common_rows(series: &[Samples], nexts: &[Samples], net: &Net) -> Option<Vec<bool>> {
    let gaps: Vec<&[bool]> = series.iter().chain(nexts).filter_map(Samples::missing).collect();
    if gaps.is_empty() {
        return None;
    }
    let sources = net.delays.iter().map(|&delay| Embedding { delay, ..net.embedding }.source());
    let needed: Vec<History> = sources.chain([net.embedding.target(), History::PRESENT]).collect();
    let whole = |t: usize, missing: &[bool], history: &History| {
        history.lags().all(|lag| t < lag || missing.get(t - lag) == Some(&false))
    };
    let there = |t: usize| gaps.iter().all(|missing| needed.iter().all(|history| whole(t, missing, history)));
    Some((0..series[0].rows()).map(there).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ksg, PlugIn, te};
    use infoplane_spec::{below, stream};

    fn coins(seed: u64, rows: usize) -> Vec<u32> {
        let mut rng = stream(seed, "test", 0);
        (0..rows).map(|_| below(&mut rng, 3)).collect()
    }

    #[test]
    fn every_edge_is_the_estimate_of_its_pair() {
        let values: Vec<Vec<u32>> = (0..4).map(|seed| coins(seed, 300)).collect();
        let series: Vec<Samples> = values.iter().map(|values| Samples::symbols(values, 1).unwrap()).collect();
        let edges = te_net(&series, &PlugIn::default(), &Net::default(), 3).unwrap();
        assert_eq!(edges.len(), 12);
        for edge in &edges {
            let alone =
                te(&PlugIn::default(), &series[edge.source], &series[edge.target], &Embedding::default()).unwrap();
            assert_eq!((edge.estimate.nats, edge.estimate.n), (alone.nats, alone.n));
        }
    }

    #[test]
    fn neighbours_of_many_sources_at_once_change_no_bit() {
        let mut rng = stream(5, "test", 0);
        let mut normal = || (0..12).map(|_| f64::from(below(&mut rng, 1 << 24))).sum::<f64>();
        let mut values: Vec<Vec<f64>> = (0..21).map(|_| (0..400).map(|_| normal()).collect()).collect();
        values[4].iter_mut().for_each(|value| *value = (*value * 1e-6).round()); // ties
        values[5].iter_mut().for_each(|value| *value = value.powi(9)); // a heavy tail
        let follows: Vec<f64> = values[1].iter().zip(&values[2]).map(|(a, b)| 3.0 * a + b).collect();
        values[3][1..].copy_from_slice(&follows[..399]);
        let series: Vec<Samples> = values.iter().map(|values| Samples::real(values, 1).unwrap()).collect();
        for standardise in [false, true] {
            let net = Net { delays: vec![1, 3], standardise, ..Net::default() };
            let edges = te_net(&series, &Ksg::default(), &net, 2).unwrap();
            assert_eq!(edges.len(), 21 * 20 * 2);
            for edge in &edges {
                let embedding = Embedding { delay: edge.delay, ..Embedding::default() };
                let (source, target) = (&series[edge.source], &series[edge.target]);
                let mut alone = Embedded::te_scan(source, target, target, &[], &embedding, 3).unwrap();
                if standardise {
                    alone = alone.standardised().unwrap();
                }
                let alone = alone.estimate(&Ksg::default()).unwrap();
                let edge = Estimate { local: alone.local.clone(), ..edge.estimate.clone() };
                assert_eq!(edge, alone);
            }
        }
    }

    #[test]
    fn delays_nulls_and_threads() {
        let values: Vec<Vec<u32>> = (0..3).map(|seed| coins(seed, 200)).collect();
        let series: Vec<Samples> = values.iter().map(|values| Samples::symbols(values, 1).unwrap()).collect();
        let net = Net { delays: vec![1, 4], null: Some((Null::Shift, 20, 5)), ..Net::default() };
        let edges = te_net(&series, &PlugIn::default(), &net, 1).unwrap();
        assert_eq!(edges, te_net(&series, &PlugIn::default(), &net, 4).unwrap());
        assert!(edges.iter().all(|edge| edge.estimate.n == 196 && edge.draws.as_ref().unwrap().values.len() == 20));
        let pair = Embedded::te_scan(&series[2], &series[0], &series[0], &[], &Embedding::default(), 4).unwrap();
        let alone = pair.null(&PlugIn::default(), &Null::Shift, 20, 5, 1).unwrap();
        let edge = edges.iter().find(|edge| (edge.source, edge.target, edge.delay) == (2, 0, 1)).unwrap();
        assert_eq!(edge.draws.as_ref(), Some(&alone));
    }

    #[test]
    fn a_gap_in_one_series_is_a_gap_for_all_pairs() {
        let values: Vec<Vec<u32>> = (0..3).map(|seed| coins(seed, 50)).collect();
        let mut series: Vec<Samples> = values.iter().map(|values| Samples::symbols(values, 1).unwrap()).collect();
        let missing = (0..50).map(|row| row == 20).collect();
        series[2] = series[2].clone().with_missing(missing).unwrap();
        let edges = te_net(&series, &PlugIn::default(), &Net::default(), 1).unwrap();
        assert!(edges.iter().all(|edge| edge.estimate.n == 47));

        let short = coins(3, 30);
        series[1] = Samples::symbols(&short, 1).unwrap();
        let refused = te_net(&series, &PlugIn::default(), &Net::default(), 1);
        assert!(matches!(
            refused,
            Err(Error::Lengths { got: 30, wanted: 50, .. } | Error::Lengths { got: 50, wanted: 30, .. })
        ));
    }

    #[test]
    fn one_series_is_no_network() {
        let x = coins(0, 20);
        let refused = te_net(&[Samples::symbols(&x, 1).unwrap()], &PlugIn::default(), &Net::default(), 1);
        assert!(matches!(refused, Err(Error::Parameter { parameter: "series", .. })));
    }
}
