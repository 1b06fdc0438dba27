//! Equal values, which estimators by neighbours assume away: told apart by noise, kept, or refused.
//!
//! Distances of rounded or repeated data tie, and where a whole shell of rows ties with the K-th neighbour the counts
//! inside and on the border differ by the shell, not by one. Noise far below the spread of a column (1e-8 of its standard
//! deviation) puts the rows of a shell into a random order, which removes that bias; it is seeded, and the estimate says
//! which share of the rows it concerned. Columns without ties stay as they are.

use infoplane_spec::{Arguments, Parameter, SpecError, stream};
use rand_core::Rng;

use crate::{Error, Estimate, Note, Result};

/// What is done about equal values in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ties {
    /// Columns with ties get seeded noise of 1e-8 of their standard deviation.
    #[default]
    Noise,
    /// They are kept as they are.
    Keep,
    /// They are refused.
    Error,
}

/// The key `ties` of a spec.
pub(super) const TIES: Parameter = Parameter {
    key: "ties",
    default: Some("noise"),
    summary: "equal values: noise (1e-8 of the column's spread, seeded), keep, error",
};

/// The key `seed` of a spec.
pub(super) const SEED: Parameter =
    Parameter { key: "seed", default: Some("0"), summary: "seed of the noise that tells ties apart" };

/// What was found in a variable and done about it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Tied {
    /// Share of the rows that share a value with another in some column.
    pub(crate) share: f64,
    /// Whether noise was added.
    pub(crate) broken: bool,
}

impl Ties {
    pub(super) fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        match arguments.text(TIES.key) {
            "noise" => Ok(Self::Noise),
            "keep" => Ok(Self::Keep),
            "error" => Ok(Self::Error),
            _ => Err(arguments.refuse(TIES.key, "noise, keep or error")),
        }
    }

    /// Applies the policy to the columns of the variable `argument`, which must not be constant. A column's noise
    /// follows from the seed, the variable's name and the column's number.
    pub(crate) fn settle(self, argument: &'static str, columns: &mut [Vec<f64>], seed: u64) -> Result<Tied> {
        let mut rows: Vec<bool> = Vec::new();
        for (number, column) in columns.iter_mut().enumerate() {
            refuse_constant(argument, number, column)?;
            let tied = tied_rows(column);
            let count = tied.iter().filter(|&&tied| tied).count();
            match self {
                _ if count == 0 => continue,
                Self::Keep => {}
                Self::Noise => add_noise(argument, number, column, seed),
                Self::Error => {
                    return Err(Error::Ties { argument, column: number, share: count as f64 / column.len() as f64 });
                }
            }
            rows.resize(column.len(), false);
            rows.iter_mut().zip(tied).for_each(|(row, tied)| *row |= tied);
        }
        let share = rows.iter().filter(|&&tied| tied).count() as f64 / rows.len().max(1) as f64;
        Ok(Tied { share, broken: share > 0.0 && self == Self::Noise })
    }
}

impl Tied {
    /// The larger of two shares.
    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        Self { share: self.share.max(other.share), broken: self.broken || other.broken }
    }

    /// The remark that belongs into the estimate.
    pub(crate) fn note(self) -> Option<Note> {
        match (self.share > 0.0, self.broken) {
            (false, _) => None,
            (true, true) => Some(Note::TiesBroken { share: self.share }),
            (true, false) => Some(Note::TiesKept { share: self.share }),
        }
    }

    /// The estimate with share and remark.
    pub(crate) fn mark(self, estimate: Estimate) -> Estimate {
        let mut notes = estimate.notes;
        notes.extend(self.note());
        Estimate { ties: Some(self.share), notes, ..estimate }
    }
}

/// Refuses a column that never changes.
pub(crate) fn refuse_constant(argument: &'static str, column: usize, values: &[f64]) -> Result<()> {
    match values.iter().all(|&value| value == values[0]) {
        true => Err(Error::Constant { argument, column }),
        false => Ok(()),
    }
}

/// Whether each row shares its value with another; empty if none does.
pub(crate) fn tied_rows(column: &[f64]) -> Vec<bool> {
    // −0 + 0 is 0, so the two zeros become one number.
    let mut sorted: Vec<f64> = column.iter().map(|value| value + 0.0).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let mut twice: Vec<f64> = sorted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    twice.dedup();
    let tied = |value: &f64| twice.binary_search_by(|twice| twice.total_cmp(&(value + 0.0))).is_ok();
    match twice.is_empty() {
        true => Vec::new(),
        false => column.iter().map(tied).collect(),
    }
}

/// Adds noise, uniform within ±1e-8 standard deviations of the column.
pub(crate) fn add_noise(argument: &'static str, number: usize, column: &mut [f64], seed: u64) {
    let mut rng = stream(seed, &format!("ties/{argument}"), number as u64);
    let scale = 1e-8 * standard_deviation(column);
    // 53 bits make a number in [0, 1).
    let mut uniform = || (rng.next_u64() >> 11) as f64 * (2.0_f64).powi(-52) - 1.0;
    for value in column {
        *value += scale * uniform();
    }
}

/// With divisor n − 1.
fn standard_deviation(column: &[f64]) -> f64 {
    let n = column.len() as f64;
    // from the first value on, so that a large offset costs no digits
    let mean = column.iter().map(|value| value - column[0]).sum::<f64>() / n;
    let squares: f64 = column.iter().map(|value| (value - column[0] - mean).powi(2)).sum();
    (squares / (n - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_columns_with_ties_get_noise_and_the_same_one_for_the_same_seed() {
        let data = [vec![1.0, 2.0, 2.0, 4.0], vec![0.1, 0.2, 0.3, 0.4], vec![0.0, -0.0, 5.0, 5.0]];
        let settle = |argument, seed| {
            let mut columns = data.to_vec();
            (Ties::Noise.settle(argument, &mut columns, seed).unwrap(), columns)
        };
        let (tied, columns) = settle("x", 7);
        assert_eq!(tied, Tied { share: 1.0, broken: true });
        assert_eq!(columns[1], data[1]);
        for (column, plain) in [(&columns[0], &data[0]), (&columns[2], &data[2])] {
            assert!(tied_rows(column).is_empty());
            assert!(column.iter().zip(plain).all(|(a, b)| (a - b).abs() <= 1e-8 * standard_deviation(plain)));
        }
        assert_eq!(columns, settle("x", 7).1);
        assert_ne!(columns, settle("x", 8).1);
        assert_ne!(columns, settle("y", 7).1);
    }

    #[test]
    fn shares_are_counted_over_rows() {
        let mut columns = vec![vec![1.0, 1.0, 2.0, 3.0, 4.0], vec![7.0, 8.0, 8.0, 1.0, 2.0]];
        let plain = columns.clone();
        let tied = Ties::Keep.settle("x", &mut columns, 0).unwrap();
        assert_eq!((tied, &columns), (Tied { share: 0.6, broken: false }, &plain));
        assert_eq!(tied.note(), Some(Note::TiesKept { share: 0.6 }));
        let refused = Ties::Error.settle("y", &mut columns, 0).unwrap_err();
        assert_eq!(refused, Error::Ties { argument: "y", column: 0, share: 0.4 });
    }

    #[test]
    fn a_constant_column_is_refused_whatever_the_policy() {
        for ties in [Ties::Noise, Ties::Keep, Ties::Error] {
            let mut columns = vec![vec![1.0, 2.0], vec![3.0, 3.0]];
            let refused = ties.settle("z", &mut columns, 0).unwrap_err();
            assert_eq!(refused, Error::Constant { argument: "z", column: 1 });
        }
    }

    #[test]
    fn the_two_zeros_are_equal() {
        assert_eq!(tied_rows(&[0.0, 1.0, -0.0, 2.0]), [true, false, true, false]);
    }

    #[test]
    fn noise_is_small_against_the_spread_even_far_from_zero() {
        let mut column = vec![1e6 + 1.0, 1e6 + 1.0, 1e6 + 2.0, 1e6 + 3.0];
        add_noise("x", 0, &mut column, 1);
        assert!(column[0] != column[1] && (column[0] - column[1]).abs() < 2e-8);
    }
}
