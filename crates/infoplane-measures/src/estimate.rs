//! An estimate: the value with what is needed to judge it.

use std::fmt;
use std::ops::{Add, Sub};

use crate::special::chi_square_survival;

/// The value of a measure in nats, with its context.
///
/// Estimates add and subtract: values, floors and local terms combine; what only one side knows is dropped, and so
/// is the χ² law, which a sum does not inherit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Estimate {
    /// The value.
    pub nats: f64,
    /// Observations N.
    pub n: usize,
    /// One term per row; their mean is the value.
    pub local: Option<Vec<f64>>,
    /// Expected value under independence, in nats.
    pub floor: Option<f64>,
    /// Degrees of freedom of the analytic null: 2·N·value ~ χ²(dof).
    pub dof: Option<f64>,
    /// Share of the rows that share a value with another in some column, where the estimator minds.
    pub ties: Option<f64>,
    /// Columns left out because they follow linearly from others: `z[1]`.
    pub dropped: Vec<String>,
    /// What the reader should know.
    pub notes: Vec<Note>,
}

/// A remark about an estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Note {
    /// Rows had equal values, and seeded noise told them apart.
    TiesBroken {
        /// Share of the rows.
        share: f64,
    },
    /// Rows had equal values and kept them, though the estimator assumes there are none.
    TiesKept {
        /// Share of the rows.
        share: f64,
    },
    /// One variable follows from another without any rest: no finite value describes that.
    Infinite,
    /// More than a third as many joint states occur as there are observations: mostly bias.
    Undersampled {
        /// Joint states that occur.
        states: usize,
        /// Observations.
        n: usize,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TiesBroken { share } => {
                write!(
                    f,
                    "{:.1} % of the rows had tied values; seeded noise of 1e-8 of their spread was added",
                    100.0 * share
                )
            }
            Self::TiesKept { share } => {
                write!(f, "{:.1} % of the rows have tied values, which bias an estimate by neighbours", 100.0 * share)
            }
            Self::Infinite => write!(f, "x follows from y without any rest, so their information is infinite"),
            Self::Undersampled { states, n } => {
                write!(f, "{states} joint states in {n} observations: the value is mostly bias")
            }
        }
    }
}

impl Estimate {
    /// The mean of local terms, in nats, one for each observation.
    pub(crate) fn of_local(local: Vec<f64>) -> Self {
        let n = local.len();
        Self { nats: sum(&local) / n as f64, n, local: Some(local), ..Self::default() }
    }

    /// The value in bits.
    pub fn bits(&self) -> f64 {
        self.nats / std::f64::consts::LN_2
    }

    /// The p-value of the analytic null, where there is one; 1 where nothing can vary (dof = 0).
    ///
    /// ```
    /// use infoplane_measures::Estimate;
    ///
    /// let te = Estimate { nats: 0.001, n: 1000, dof: Some(2.0), ..Estimate::default() };
    /// assert!((te.p().unwrap() - (-1.0_f64).exp()).abs() < 1e-12);
    /// ```
    pub fn p(&self) -> Option<f64> {
        self.dof.map(|dof| chi_square_survival(2.0 * self.n as f64 * self.nats, dof))
    }

    fn combine(self, other: Self, sign: f64) -> Self {
        let both = |a: Option<f64>, b: Option<f64>| Some(a? + sign * b?);
        let local = match (self.local, other.local) {
            (Some(a), Some(b)) if a.len() == b.len() => Some(a.iter().zip(&b).map(|(a, b)| a + sign * b).collect()),
            _ => None,
        };
        let mut notes = self.notes;
        notes.extend(other.notes.into_iter().filter(|note| !notes.contains(note)).collect::<Vec<_>>());
        let mut dropped = self.dropped;
        dropped.extend(other.dropped.into_iter().filter(|name| !dropped.contains(name)).collect::<Vec<_>>());
        Self {
            nats: self.nats + sign * other.nats,
            n: self.n.min(other.n),
            local,
            floor: both(self.floor, other.floor),
            dof: None,
            ties: match (self.ties, other.ties) {
                (Some(a), Some(b)) => Some(a.max(b)),
                (a, b) => a.or(b),
            },
            dropped,
            notes,
        }
    }
}

/// By halves, so that the error grows with the logarithm of the length.
pub(crate) fn sum(terms: &[f64]) -> f64 {
    match terms.len() {
        ..=64 => terms.iter().sum(),
        n => {
            let (left, right) = terms.split_at(n / 2);
            sum(left) + sum(right)
        }
    }
}

impl Add for Estimate {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.combine(other, 1.0)
    }
}

impl Sub for Estimate {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.combine(other, -1.0)
    }
}
