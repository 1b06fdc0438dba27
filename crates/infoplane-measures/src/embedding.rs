//! From series to rows: which past goes with which present.
//!
//! ```text
//! y' = y[t]     y⁻ = y[t−1−i·target_tau], i < k     x⁻ = x[t−delay−i·source_tau], i < l
//! t runs from t0 = max((k−1)·target_tau + 1, (l−1)·source_tau + delay) to T − 1, so N = T − t0
//! ```
//! `delay = 1` means `x[t−1] → y[t]`. A delay of 0 is no transfer entropy and is refused; the source's present has its
//! own name, [`crate::coupling`].
//!
//! ```
//! use infoplane_measures::Embedding;
//!
//! let embedding = Embedding { k: 2, delay: 3, ..Embedding::default() };
//! assert_eq!((embedding.first_row(), embedding.rows(100)), (3, 97));
//! ```

use crate::{Error, Result, Samples};

/// Histories, spacings and delay; all 1 by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Embedding {
    /// Length of the target's history.
    pub k: usize,
    /// Length of the source's history.
    pub l: usize,
    /// Spacing inside the target's history.
    pub target_tau: usize,
    /// Spacing inside the source's history.
    pub source_tau: usize,
    /// From the source's last value to the target's next one.
    pub delay: usize,
}

impl Default for Embedding {
    fn default() -> Self {
        Self { k: 1, l: 1, target_tau: 1, source_tau: 1, delay: 1 }
    }
}

impl Embedding {
    /// The first row t0 that has its whole past.
    pub fn first_row(&self) -> usize {
        self.target().reach().max(self.source().reach())
    }

    /// Rows of a series of `len` values; 0 where it is too short.
    pub fn rows(&self, len: usize) -> usize {
        len.saturating_sub(self.first_row())
    }

    /// Refuses zeros.
    ///
    /// # Errors
    /// [`Error::Embedding`] naming the parameter.
    pub fn check(&self) -> Result<()> {
        let Self { k, l, target_tau, source_tau, delay } = *self;
        let parameters = [("k", k), ("l", l), ("target_tau", target_tau), ("source_tau", source_tau), ("delay", delay)];
        match parameters.into_iter().find(|(_, value)| *value == 0) {
            None => Ok(()),
            Some((parameter, got)) => Err(Error::Embedding { parameter, got, allowed: "at least 1" }),
        }
    }

    /// The source's history when it begins at the present value.
    pub(crate) fn present_source(&self) -> History {
        History { delay: 0, ..self.source() }
    }

    /// The target's history.
    pub fn target(&self) -> History {
        History { length: self.k, tau: self.target_tau, delay: 1 }
    }

    /// The source's history.
    pub fn source(&self) -> History {
        History { length: self.l, tau: self.source_tau, delay: self.delay }
    }
}

fn none_is_zero(parameters: &[(&'static str, usize)]) -> Result<()> {
    match parameters.iter().find(|(_, value)| *value == 0) {
        None => Ok(()),
        Some(&(parameter, got)) => Err(Error::Embedding { parameter, got, allowed: "at least 1" }),
    }
}

/// The past of one series, as another row sees it: values at t − delay − i·tau, i < length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct History {
    /// Number of values.
    pub length: usize,
    /// Spacing between them.
    pub tau: usize,
    /// From the last of them to the present.
    pub delay: usize,
}

impl History {
    /// The present value alone.
    pub(crate) const PRESENT: Self = Self { length: 1, tau: 1, delay: 0 };
}

impl Default for History {
    fn default() -> Self {
        Self { length: 1, tau: 1, delay: 1 }
    }
}

impl History {
    /// Refuses zeros.
    ///
    /// # Errors
    /// [`Error::Embedding`] naming the parameter.
    pub fn check(&self) -> Result<()> {
        none_is_zero(&[("length", self.length), ("tau", self.tau), ("delay", self.delay)])
    }

    /// How far back it looks.
    pub fn reach(&self) -> usize {
        (self.length.max(1) - 1) * self.tau + self.delay
    }

    /// The lags, nearest first.
    pub(crate) fn lags(self) -> impl Iterator<Item = usize> + Clone {
        (0..self.length).map(move |i| self.delay + i * self.tau)
    }

    /// The past that each of `rows` of the series has, `[rows, length · dim]`.
    pub(crate) fn of<'s>(self, series: &'s Samples, rows: &Rows) -> Samples<'s> {
        let (dim, count) = (series.dim(), rows.count());
        match rows {
            // one value of each column: the series itself, moved
            Rows::From { first, .. } if self.length == 1 => {
                series.stretch(first - self.delay..first - self.delay + count)
            }
            _ => {
                let places = rows.iter().flat_map(move |t| {
                    self.lags().flat_map(move |lag| (0..dim).map(move |column| (t - lag) * dim + column))
                });
                series.gather(count, self.length * dim, places)
            }
        }
    }
}

/// Which rows of a series have all the past they need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// All from one on.
    From {
        /// The first.
        first: usize,
        /// Length of the series.
        len: usize,
    },
    /// These, because of trials or gaps.
    Some(Vec<u32>),
}

impl Rows {
    /// How many they are.
    pub fn count(&self) -> usize {
        match self {
            Self::From { first, len } => len.saturating_sub(*first),
            Self::Some(rows) => rows.len(),
        }
    }

    /// The row of the series that embedded row `index` stands for.
    pub fn at(&self, index: usize) -> usize {
        match self {
            Self::From { first, .. } => first + index,
            Self::Some(rows) => rows[index] as usize,
        }
    }

    /// The rows, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.count()).map(|index| self.at(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_carry_the_past_they_should() {
        let series = Samples::symbols(&[10, 11, 12, 13, 14, 15], 1).unwrap();
        let embedding = Embedding { k: 2, l: 2, target_tau: 2, source_tau: 1, delay: 2 };
        assert_eq!((embedding.first_row(), embedding.rows(6), embedding.rows(2)), (3, 3, 0));
        let rows = Rows::From { first: 3, len: 6 };
        let past = embedding.target().of(&series, &rows);
        assert_eq!(past.as_symbols("y").unwrap(), [12, 10, 13, 11, 14, 12]);
        let past = embedding.source().of(&series, &rows);
        assert_eq!(past.as_symbols("x").unwrap(), [11, 10, 12, 11, 13, 12]);
    }

    #[test]
    fn zeros_are_refused_by_name() {
        let refused = Embedding { source_tau: 0, ..Embedding::default() }.check().unwrap_err();
        assert_eq!(refused.to_string(), "source_tau = 0 is not allowed: at least 1");
    }
}
