//! The rows a measure is estimated from: X, Y and Z side by side, made once from the series.
//!
//! ```text
//! row t of the series → x = source past, y = target's next value, z = target past and conditionals' pasts
//! ```
//! A row exists only where every value it needs does: in the same trial and not missing ([`Samples::in_trials`],
//! [`Samples::with_missing`]). Gaps are never closed. Everything done with the measure afterwards, its value, its
//! surrogates, its local terms, speaks of these rows.
//!
//! ```
//! use infoplane_measures::{Embedded, Embedding, Null, PlugIn, Samples};
//!
//! // Two trials of eight steps: y repeats x one step later.
//! let x = [0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1];
//! let y = [0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1];
//! let trial: Vec<u32> = (0..16).map(|row| row / 8).collect();
//! let (x, y) = (Samples::symbols(&x, 1)?.in_trials(&trial)?, Samples::symbols(&y, 1)?.in_trials(&trial)?);
//!
//! let embedded = Embedded::te(&x, &y, &[], &Embedding::default())?;
//! assert_eq!(embedded.n(), 14); // each trial loses its first row
//! let te = embedded.estimate(&PlugIn::default())?;
//! let draws = embedded.null(&PlugIn::default(), &Null::Permute, 99, 1, 2)?;
//! assert!(draws.p(te.nats) <= 0.05 && draws.mean() < te.nats);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

use std::sync::Arc;

use crate::embedding::{Embedding, History, Rows};
use crate::transforms::standardise;
use crate::{Clock, Error, Estimate, Information, Result, Samples};

/// X, Y and Z of one measure, row by row.
#[derive(Debug, Clone)]
pub struct Embedded<'a> {
    /// The source's past, or the first variable.
    pub x: Samples<'a>,
    /// The target's next value, or the second variable.
    pub y: Samples<'a>,
    /// The target's past and those of the conditionals, or the third variable; may be empty.
    pub z: Samples<'a>,
    /// The rows of the series that they stand for.
    pub rows: Rows,
}

/// One series and which of its values a row needs.
type Part<'s> = (&'static str, &'s Samples<'s>, History);

impl<'a> Embedded<'a> {
    /// Transfer entropy, conditional where there are conditionals: I(y'; x⁻ | y⁻, c⁻).
    ///
    /// # Errors
    /// [`Error::Embedding`], [`Error::Lengths`], [`Error::TrialsDiffer`] or [`Error::TooShort`].
    pub fn te(
        source: &'a Samples,
        target: &'a Samples,
        conditionals: &[(&'a Samples, History)],
        embedding: &Embedding,
    ) -> Result<Self> {
        Self::te_next(source, target, target, conditionals, embedding)
    }

    /// The same where the target's next value is described otherwise than its past (`next`, as ordinal patterns may).
    ///
    /// # Errors
    /// As [`Embedded::te`].
    pub fn te_next(
        source: &'a Samples,
        target: &'a Samples,
        next: &'a Samples,
        conditionals: &[(&'a Samples, History)],
        embedding: &Embedding,
    ) -> Result<Self> {
        Self::te_scan(source, target, next, conditionals, embedding, embedding.delay)
    }

    /// Transfer entropy on the rows that every delay up to `longest` has, so that values of several delays compare.
    ///
    /// # Errors
    /// As [`Embedded::te`].
    pub fn te_scan(
        source: &'a Samples,
        target: &'a Samples,
        next: &'a Samples,
        conditionals: &[(&'a Samples, History)],
        embedding: &Embedding,
        longest: usize,
    ) -> Result<Self> {
        embedding.check()?;
        conditionals.iter().try_for_each(|(_, history)| history.check())?;
        let first = Embedding { delay: longest, ..*embedding }.first_row();
        Self::transferred((source, embedding.source()), target, next, conditionals, embedding, first)
    }

    /// Lag-0 coupling: I(y'; x' x⁻… | y⁻).
    ///
    /// # Errors
    /// As [`Embedded::te`].
    pub fn coupling(source: &'a Samples, target: &'a Samples, embedding: &Embedding) -> Result<Self> {
        embedding.check()?;
        Self::transferred((source, embedding.present_source()), target, target, &[], embedding, 0)
    }

    /// Active information storage: I(y'; y⁻).
    ///
    /// # Errors
    /// As [`Embedded::te`].
    pub fn ais(target: &'a Samples, history: History) -> Result<Self> {
        Self::ais_next(target, target, history)
    }

    /// The same where the next value is described otherwise than the past.
    ///
    /// # Errors
    /// As [`Embedded::te`].
    pub fn ais_next(target: &'a Samples, next: &'a Samples, history: History) -> Result<Self> {
        history.check()?;
        Self::ais_from(target, next, history, history.reach())
    }

    /// The same on the rows from `first` on, so that values of several histories compare.
    ///
    /// # Errors
    /// As [`Embedded::te`].
    pub fn ais_from(target: &'a Samples, next: &'a Samples, history: History, first: usize) -> Result<Self> {
        let rows = shared_rows(&[("target", target, history), ("target", next, History::PRESENT)], first)?;
        let z = Samples::empty(rows.count());
        Ok(Self { x: past(target, history, &rows), y: past(next, History::PRESENT, &rows), z, rows })
    }

    /// I(X; Y | Z) of the rows as they are; rows that miss a value are left out.
    ///
    /// # Errors
    /// [`Error::Lengths`] or [`Error::TrialsDiffer`].
    pub fn cmi(x: &'a Samples, y: &'a Samples, z: &Samples<'a>) -> Result<Self> {
        let now = History::PRESENT;
        let mut parts = vec![("x", x, now), ("y", y, now)];
        if z.dim() > 0 || z.rows() != y.rows() {
            parts.push(("z", z, now));
        }
        let rows = shared_rows(&parts, 0)?;
        let z = match (z.dim(), &rows) {
            (0, _) => Samples::empty(rows.count()),
            (_, Rows::From { .. }) => z.clone(),
            (_, Rows::Some(_)) => past(z, now, &rows).into_owned(),
        };
        Ok(Self { x: past(x, now, &rows), y: past(y, now, &rows), z, rows })
    }

    fn transferred(
        (source, history): (&'a Samples, History),
        target: &'a Samples,
        next: &'a Samples,
        conditionals: &[(&'a Samples, History)],
        embedding: &Embedding,
        first: usize,
    ) -> Result<Self> {
        // the target first: it is what the others' lengths are compared with
        let mut parts: Vec<Part> = vec![
            ("target", target, embedding.target()),
            ("target", next, History::PRESENT),
            ("source", source, history),
        ];
        parts.extend(conditionals.iter().map(|&(series, history)| ("conditional", series, history)));
        let rows = shared_rows(&parts, first)?;
        let mut z = past(target, embedding.target(), &rows);
        for &(series, history) in conditionals {
            let clock = z.shared_clock();
            z = z.beside(&past(series, history, &rows))?.with_clock(clock);
        }
        Ok(Self { x: past(source, history, &rows), y: past(next, History::PRESENT, &rows), z, rows })
    }

    /// Number of rows N.
    pub fn n(&self) -> usize {
        self.y.rows()
    }

    /// Every column of X, Y and Z with mean 0 and standard deviation 1 (divisor N − 1): the normalisation after
    /// embedding. Symbols stay as they are.
    ///
    /// # Errors
    /// [`Error::Constant`] naming the variable and its column.
    pub fn standardised(&self) -> Result<Embedded<'static>> {
        let [x, y, z] = [("x", &self.x), ("y", &self.y), ("z", &self.z)].map(|(name, part)| standardise(name, part));
        Ok(Embedded { x: x?, y: y?, z: z?, rows: self.rows.clone() })
    }

    /// The rows whose place in the series is marked in `kept`.
    ///
    /// # Errors
    /// [`Error::TooShort`] if none is.
    pub fn only(&self, kept: &[bool]) -> Result<Embedded<'static>> {
        let places: Vec<usize> = (0..self.n()).filter(|&row| kept[self.rows.at(row)]).collect();
        if places.is_empty() {
            return Err(Error::TooShort { argument: "target", got: 0, wanted: 1 });
        }
        let rows: Vec<u32> = places.iter().map(|&row| self.rows.at(row) as u32).collect();
        let clock = Arc::new(match self.y.clock() {
            Some(_) => clock_of(&self.y, &places.iter().map(|&row| row as u32).collect::<Vec<_>>()),
            None => Clock { trial: vec![0; rows.len()], time: rows.clone() },
        });
        let [x, y, z] = [&self.x, &self.y, &self.z]
            .map(|part| part.select(places.iter().copied()).with_clock(Some(Arc::clone(&clock))));
        Ok(Embedded { x, y, z, rows: Rows::Some(rows) })
    }

    /// Several of the same series, each with the rows that all of them have.
    ///
    /// # Errors
    /// [`Error::TooShort`] if there is none.
    pub(crate) fn common(all: Vec<Self>) -> Result<Vec<Self>> {
        if all.windows(2).all(|pair| pair[0].rows == pair[1].rows) {
            return Ok(all);
        }
        let last = all.iter().filter_map(|one| one.rows.iter().last()).max().unwrap_or(0);
        let mut in_all = vec![0; last + 1];
        all.iter().flat_map(|one| one.rows.iter()).for_each(|row| in_all[row] += 1);
        let kept: Vec<bool> = in_all.iter().map(|&count| count == all.len()).collect();
        all.iter().map(|one| one.only(&kept)).collect()
    }

    /// The value.
    ///
    /// # Errors
    /// Whatever the estimator refuses.
    pub fn estimate(&self, estimator: &dyn Information) -> Result<Estimate> {
        estimator.cmi(&self.x, &self.y, &self.z)
    }
}

/// The values a part gives to these rows, with the rows' clock.
fn past<'s>(series: &'s Samples, history: History, rows: &Rows) -> Samples<'s> {
    let clock = match rows {
        Rows::From { .. } => None,
        Rows::Some(rows) => Some(Arc::new(clock_of(series, rows))),
    };
    history.of(series, rows).with_clock(clock)
}

fn clock_of(series: &Samples, rows: &[u32]) -> Clock {
    match series.clock() {
        None => Clock { trial: vec![0; rows.len()], time: rows.to_vec() },
        Some(clock) => {
            let at = |of: &[u32]| rows.iter().map(|&row| of[row as usize]).collect();
            Clock { trial: at(&clock.trial), time: at(&clock.time) }
        }
    }
}

/// The rows from `first` on at which every part has what it needs.
fn shared_rows(parts: &[Part], first: usize) -> Result<Rows> {
    let (name, reference, _) = parts[0];
    for &(argument, series, _) in &parts[1..] {
        series.same_rows(argument, reference, name)?;
        if series.clock().map(|clock| &clock.trial) != reference.clock().map(|clock| &clock.trial) {
            return Err(Error::TrialsDiffer { argument, other: name });
        }
    }
    let first = parts.iter().map(|(.., history)| history.reach()).max().unwrap_or(0).max(first);
    let len = reference.rows();
    let whole = reference.clock().is_none() && parts.iter().all(|(_, series, _)| series.missing().is_none());
    let rows = match whole {
        true => Rows::From { first, len },
        false => Rows::Some(existing(parts, first)),
    };
    match rows.count() {
        0 => Err(Error::TooShort { argument: name, got: len, wanted: first + 1 }),
        _ => Ok(rows),
    }
}

/// Rows `first` steps into their trial at which no part misses a value.
fn existing(parts: &[Part], first: usize) -> Vec<u32> {
    let reference = parts[0].1;
    let same_trial = |t: usize| reference.clock().is_none_or(|clock| clock.trial[t] == clock.trial[t - first]);
    let there = |t: usize, series: &Samples, history: History| {
        series.missing().is_none_or(|missing| history.lags().all(|lag| !missing[t - lag]))
    };
    let whole = |&t: &usize| same_trial(t) && parts.iter().all(|&(_, series, history)| there(t, series, history));
    (first..reference.rows()).filter(whole).map(|t| t as u32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols(samples: &Samples) -> Vec<u32> {
        samples.as_symbols("test").unwrap().to_vec()
    }

    #[test]
    fn no_history_reaches_over_a_gap_or_into_another_trial() {
        let values: Vec<u32> = (0..12).collect();
        let trial = [4, 4, 4, 4, 4, 4, 4, 9, 9, 9, 9, 9];
        let mut missing = vec![false; 12];
        missing[3] = true;
        let x = Samples::symbols(&values, 1).unwrap().in_trials(&trial).unwrap();
        let y = x.clone().with_missing(missing).unwrap();
        let embedding = Embedding { l: 2, ..Embedding::default() };
        let embedded = Embedded::te(&x, &y, &[], &embedding).unwrap();
        // 2 has its past; 3 is missing, 4 needs it; 7 and 8 begin a trial
        assert_eq!(symbols(&embedded.y), [2, 5, 6, 9, 10, 11]);
        assert_eq!(symbols(&embedded.z), [1, 4, 5, 8, 9, 10]);
        assert_eq!(symbols(&embedded.x), [1, 0, 4, 3, 5, 4, 8, 7, 9, 8, 10, 9]);
        assert_eq!(embedded.y.clock().unwrap().trial, [4, 4, 4, 9, 9, 9]);
        assert_eq!(embedded.y.clock().unwrap().time, [2, 5, 6, 9, 10, 11]);
    }

    #[test]
    fn trials_are_the_same_for_all_or_refused() {
        let values: Vec<u32> = (0..4).collect();
        let x = Samples::symbols(&values, 1).unwrap();
        let y = x.clone().in_trials(&[0, 0, 1, 1]).unwrap();
        let refused = Embedded::te(&x, &y, &[], &Embedding::default()).unwrap_err();
        assert!(matches!(refused, Error::TrialsDiffer { argument: "source", other: "target" }));
        assert!(matches!(x.clone().in_trials(&[0, 1, 0, 1]), Err(Error::Trials { trial: 0, row: 2 })));
    }

    #[test]
    fn missing_rows_are_left_out_of_unlagged_measures() {
        let x = Samples::real_with_missing(&[1.0, f64::NAN, 3.0, 4.0], 1).unwrap();
        let y = Samples::real_with_missing(&[1.0, 2.0, 3.0, f64::NAN], 1).unwrap();
        let embedded = Embedded::cmi(&x, &y, &Samples::empty(4)).unwrap();
        assert_eq!((embedded.n(), embedded.x.columns()), (2, vec![vec![1.0, 3.0]]));
        assert_eq!(embedded.rows.at(1), 2);
    }

    #[test]
    fn a_scan_keeps_to_the_rows_of_its_longest_delay() {
        let values: Vec<u32> = (0..10).collect();
        let x = Samples::symbols(&values, 1).unwrap();
        let near = Embedded::te_scan(&x, &x, &x, &[], &Embedding::default(), 4).unwrap();
        assert_eq!((near.rows.at(0), near.n(), symbols(&near.x)[0]), (4, 6, 3));
    }
}
