//! Ordinal patterns: in which order the last values of a series stand by size.
//!
//! ```text
//! pattern(t) = the order by size of x[t−(length−1)·tau], …, x[t−tau], x[t]       0 to length! − 1
//! form=terv:   the next value is the number of x[t−1], x[t−1−tau], … (length of them) that are at most x[t]
//! ```
//! Equal values are in the order of time (a stable sort). A row has a pattern if all its values exist in its trial; the
//! others are marked as missing. `form=next` (symbolic transfer entropy): the next value is the next pattern, which
//! repeats all but one of the values of the last. `form=terv`: the next value is its rank among the last `length`
//! values, so that nothing is counted twice.
//!
//! Every strictly increasing map of the values leaves patterns as they are. Data with many equal values (rounded,
//! rectified) give patterns of time, not of size. Patterns need (length!)² rows and more.
//!
//! References: C. Bandt, B. Pompe, doi:10.1103/PhysRevLett.88.174102; M. Staniek, K. Lehnertz,
//! doi:10.1103/PhysRevLett.100.158101 (`next`); D. Kugiumtzis, arXiv:1007.0357 (`terv`).
//!
//! ```
//! use infoplane_measures::Samples;
//! use infoplane_measures::transforms::{Ordinal, OrdinalForm, SeriesTransform};
//!
//! let series = Samples::real(&[1.0, 2.0, 5.0, 3.0], 1)?;
//! let rule = Ordinal { length: 2, tau: 1, form: OrdinalForm::Terv };
//! let (patterns, ranks) = (rule.apply(&series)?, rule.next(&series)?);
//! // rising, rising, falling; 5 above both 1 and 2, 3 above 2 but not 5
//! assert_eq!(patterns.columns(), [[0.0, 0.0, 0.0, 1.0]]);
//! assert_eq!(patterns.missing(), Some(&[true, false, false, false][..]));
//! assert_eq!(ranks.columns(), [[0.0, 0.0, 2.0, 1.0]]);
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

use std::str::FromStr;

use infoplane_spec::{Arguments, SpecError};

use super::SeriesTransform;
use crate::{Error, Result, Samples, Values};

/// The longest pattern: 12! still fits a symbol.
pub(super) const LONGEST: usize = 12;

/// Ordinal patterns of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordinal {
    /// Values in a pattern, 2 to 12.
    pub length: usize,
    /// Spacing between them, in rows.
    pub tau: usize,
    /// What the target's next value is.
    pub form: OrdinalForm,
}

/// What the target's next value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrdinalForm {
    /// The next pattern.
    Next,
    /// Its rank among the values of the last pattern.
    Terv,
}

impl FromStr for OrdinalForm {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        match text {
            "next" => Ok(Self::Next),
            "terv" => Ok(Self::Terv),
            _ => Err(()),
        }
    }
}

impl Ordinal {
    pub(super) fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        Ok(Self {
            length: arguments.check("length", "2 to 12", |length| (2..=LONGEST).contains(length))?,
            tau: arguments.check("tau", "a whole number from 1", |&tau| tau >= 1)?,
            form: arguments.parse("form", "next or terv")?,
        })
    }

    /// Symbols from the values at `lags` before each row, oldest first.
    fn windows(
        self,
        series: &Samples,
        lags: &[usize],
        symbol: impl Fn(&[f64], &mut Vec<usize>) -> u32,
    ) -> Result<Samples<'static>> {
        self.check(series)?;
        let (rows, dim, columns) = (series.rows(), series.dim(), series.columns());
        let missing: Vec<bool> = (0..rows).map(|t| !has_all(series, t, lags)).collect();
        let (mut symbols, mut order, mut values) = (vec![0; rows * dim], Vec::new(), Vec::new());
        for t in (0..rows).filter(|&t| !missing[t]) {
            for (column, own) in columns.iter().enumerate() {
                values.clear();
                // −0 equals 0
                values.extend(lags.iter().map(|lag| own[t - lag] + 0.0));
                symbols[t * dim + column] = symbol(&values, &mut order);
            }
        }
        series.with_values(Values::Symbols(symbols.into())).with_missing(missing)
    }

    fn check(self, series: &Samples) -> Result<()> {
        let parameter = |parameter, got: usize, allowed| Error::Parameter { parameter, got: got.to_string(), allowed };
        match self {
            Self { length, .. } if !(2..=LONGEST).contains(&length) => Err(parameter("length", length, "2 to 12")),
            Self { tau: 0, .. } => Err(parameter("tau", 0, "a whole number from 1")),
            _ if series.is_symbols() && series.dim() > 0 => {
                Err(Error::Kind { argument: "series", got: "symbols", wanted: "real values" })
            }
            _ => Ok(()),
        }
    }

    /// From the pattern's oldest value to its last.
    fn lags(self, last: usize) -> Vec<usize> {
        (0..self.length).rev().map(|i| last + i * self.tau).collect()
    }
}

impl SeriesTransform for Ordinal {
    fn apply(&self, series: &Samples) -> Result<Samples<'static>> {
        self.windows(series, &self.lags(0), pattern)
    }

    fn next(&self, series: &Samples) -> Result<Samples<'static>> {
        match self.form {
            OrdinalForm::Next => self.apply(series),
            OrdinalForm::Terv => {
                let mut lags = self.lags(1);
                lags.push(0);
                self.windows(series, &lags, |values, _| rank(values))
            }
        }
    }
}

/// Whether the rows at these lags before `t` exist and are of its trial.
fn has_all(series: &Samples, t: usize, lags: &[usize]) -> bool {
    let reach = lags[0].max(lags[lags.len() - 1]);
    let same_trial = || series.clock().is_none_or(|clock| clock.trial[t] == clock.trial[t - reach]);
    let none_missing = || series.missing().is_none_or(|missing| lags.iter().all(|lag| !missing[t - lag]));
    t >= reach && same_trial() && none_missing()
}

/// The number of the permutation that sorts the values, equal ones in the order given.
fn pattern(values: &[f64], order: &mut Vec<usize>) -> u32 {
    order.clear();
    order.extend(0..values.len());
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let after = |place: usize| order[place + 1..].iter().filter(|&&other| other < order[place]).count();
    (0..order.len()).fold(0, |code, place| code * (order.len() - place) as u32 + after(place) as u32)
}

/// How many of the values before the last are at most the last.
fn rank(values: &[f64]) -> u32 {
    let last = values[values.len() - 1];
    values[..values.len() - 1].iter().filter(|&&value| value <= last).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(length: usize, tau: usize, form: OrdinalForm) -> Ordinal {
        Ordinal { length, tau, form }
    }

    #[test]
    fn every_order_has_its_own_number() {
        let mut seen = Vec::new();
        for (a, b, c, d) in (0..256).map(|i| (i / 64, i / 16 % 4, i / 4 % 4, i % 4)) {
            let values = [a, b, c, d].map(f64::from);
            if (1..4).all(|i| !values[..i].contains(&values[i])) {
                seen.push(pattern(&values, &mut Vec::new()));
            }
        }
        seen.sort_unstable();
        assert_eq!(seen, (0..24).collect::<Vec<_>>());
    }

    #[test]
    fn equal_values_stand_in_the_order_of_time() {
        let of = |values: &[f64]| pattern(values, &mut Vec::new());
        assert_eq!(of(&[1.0, 1.0, 1.0]), of(&[1.0, 2.0, 3.0]));
        assert_eq!(of(&[2.0, 1.0, 2.0]), of(&[2.0, 1.0, 3.0]));
        let zeros = Samples::real(&[0.0, -0.0], 1).unwrap();
        assert_eq!(rule(2, 1, OrdinalForm::Next).apply(&zeros).unwrap().columns()[0][1], 0.0);
        assert_eq!((rank(&[2.0, 1.0, 2.0]), rank(&[2.0, 3.0, 1.0])), (2, 0));
    }

    #[test]
    fn patterns_keep_to_their_trial_and_away_from_gaps() {
        let values: Vec<f64> = (0..12).map(|i| f64::from(i * 5 % 7)).collect();
        let mut gaps = vec![false; 12];
        gaps[9] = true;
        let trial = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1];
        let series = Samples::real(&values, 1).unwrap().in_trials(&trial).unwrap().with_missing(gaps).unwrap();
        let patterns = rule(2, 2, OrdinalForm::Terv).apply(&series).unwrap();
        let there: Vec<usize> = (0..12).filter(|&t| !patterns.missing().unwrap()[t]).collect();
        assert_eq!(there, [2, 3, 4, 5, 8, 10]);
        let ranks = rule(2, 2, OrdinalForm::Terv).next(&series).unwrap();
        let there: Vec<usize> = (0..12).filter(|&t| !ranks.missing().unwrap()[t]).collect();
        assert_eq!(there, [3, 4, 5, 11]); // t, t − 1 and t − 3
        assert!(patterns.clock().is_some());
    }

    #[test]
    fn rows_of_several_columns_are_patterns_of_each() {
        let series = Samples::real(&[1.0, 9.0, 2.0, 8.0, 3.0, 7.0], 2).unwrap();
        let patterns = rule(3, 1, OrdinalForm::Next).apply(&series).unwrap();
        assert_eq!(patterns.columns(), [[0.0, 0.0, 0.0], [0.0, 0.0, 5.0]]);
    }

    #[test]
    fn what_has_no_order_is_refused() {
        let symbols = Samples::symbols(&[1, 2], 1).unwrap();
        let next = OrdinalForm::Next;
        assert!(matches!(rule(2, 1, next).apply(&symbols), Err(Error::Kind { got: "symbols", .. })));
        let real = Samples::real(&[1.0, 2.0], 1).unwrap();
        assert!(matches!(rule(13, 1, next).apply(&real), Err(Error::Parameter { parameter: "length", .. })));
        assert!(matches!(rule(2, 0, next).apply(&real), Err(Error::Parameter { parameter: "tau", .. })));
        // too short for a single pattern: all rows missing
        assert_eq!(rule(3, 1, next).apply(&real).unwrap().missing(), Some(&[true, true][..]));
    }
}
