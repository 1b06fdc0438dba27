//! Observations of one variable: `n` rows of `dim` components, real or symbolic.
//!
//! The values are row-major, `[n, dim]`, and borrowed: nothing is copied until an estimator needs another shape.
//! A variable of width 0 is the empty condition.
//!
//! ```
//! use infoplane_measures::Samples;
//!
//! let spins = Samples::symbols(&[0, 1, 1, 0, 2, 1], 2)?;
//! assert_eq!((spins.rows(), spins.dim()), (3, 2));
//! assert!(Samples::real(&[1.0, f64::NAN], 1).is_err());
//! # Ok::<(), infoplane_measures::Error>(())
//! ```

use std::borrow::Cow;

use crate::{Error, Result};

/// `n` observations of one variable, row-major `[n, dim]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples<'a> {
    values: Values<'a>,
    rows: usize,
    dim: usize,
}

/// What the rows hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Values<'a> {
    /// Double precision.
    Real(Cow<'a, [f64]>),
    /// Single precision, as networks give it.
    Real32(Cow<'a, [f32]>),
    /// Symbols; equal numbers are equal symbols, their size means nothing.
    Symbols(Cow<'a, [u32]>),
}

impl<'a> Samples<'a> {
    /// Real values.
    ///
    /// # Errors
    /// [`Error::NoColumns`], [`Error::Ragged`] or [`Error::NotFinite`].
    pub fn real(values: &'a [f64], dim: usize) -> Result<Self> {
        let rows = whole_rows(values.len(), dim)?;
        all_finite(values.iter().copied(), dim)?;
        Ok(Self { values: Values::Real(values.into()), rows, dim })
    }

    /// Real values in single precision.
    ///
    /// # Errors
    /// [`Error::NoColumns`], [`Error::Ragged`] or [`Error::NotFinite`].
    pub fn real32(values: &'a [f32], dim: usize) -> Result<Self> {
        let rows = whole_rows(values.len(), dim)?;
        all_finite(values.iter().map(|&value| value.into()), dim)?;
        Ok(Self { values: Values::Real32(values.into()), rows, dim })
    }

    /// Symbols, each component with its own alphabet.
    ///
    /// # Errors
    /// [`Error::NoColumns`] or [`Error::Ragged`].
    pub fn symbols(values: &'a [u32], dim: usize) -> Result<Self> {
        let rows = whole_rows(values.len(), dim)?;
        Ok(Self { values: Values::Symbols(values.into()), rows, dim })
    }

    /// The empty condition: `rows` observations of nothing.
    pub fn empty(rows: usize) -> Self {
        Self { values: Values::Symbols(Cow::Borrowed(&[])), rows, dim: 0 }
    }

    /// Number of observations.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of components.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// The values, row by row.
    pub fn values(&self) -> &Values<'a> {
        &self.values
    }

    /// The symbols, row by row.
    ///
    /// # Errors
    /// [`Error::Kind`] if the variable is real; `argument` names it.
    pub fn as_symbols(&self, argument: &'static str) -> Result<&[u32]> {
        match &self.values {
            Values::Symbols(symbols) => Ok(symbols),
            _ => Err(Error::Kind { argument, got: "real values", wanted: "symbols" }),
        }
    }

    /// The rows with the given numbers, in that order, repeated where a number is repeated.
    ///
    /// ```
    /// use infoplane_measures::Samples;
    ///
    /// let x = Samples::symbols(&[5, 6, 7], 1)?;
    /// assert_eq!(x.select([2, 0].into_iter()).as_symbols("x")?, [7, 5]);
    /// # Ok::<(), infoplane_measures::Error>(())
    /// ```
    ///
    /// # Panics
    /// If a number is not below [`Samples::rows`].
    pub fn select(&self, rows: impl Iterator<Item = usize>) -> Samples<'static> {
        let rows: Vec<usize> = rows.collect();
        self.gather(rows.len(), self.dim, rows.iter().flat_map(|row| (0..self.dim).map(move |c| row * self.dim + c)))
    }

    /// New samples of the same kind, made of the values at the given places.
    pub(crate) fn gather(&self, rows: usize, dim: usize, places: impl Iterator<Item = usize>) -> Samples<'static> {
        let values = match &self.values {
            Values::Real(values) => Values::Real(places.map(|place| values[place]).collect()),
            Values::Real32(values) => Values::Real32(places.map(|place| values[place]).collect()),
            Values::Symbols(values) => Values::Symbols(places.map(|place| values[place]).collect()),
        };
        Samples { values, rows, dim }
    }

    /// These columns and then those of `other`, row by row.
    pub(crate) fn beside(&self, other: &Samples) -> Result<Samples<'static>> {
        fn rows<T: Copy>(a: &[T], b: &[T], (p, q): (usize, usize)) -> Cow<'static, [T]> {
            a.chunks(p).zip(b.chunks(q)).flat_map(|(a, b)| a.iter().chain(b)).copied().collect()
        }
        let dims = (self.dim, other.dim);
        let values = match (&self.values, &other.values) {
            (Values::Real(a), Values::Real(b)) => Values::Real(rows(a, b, dims)),
            (Values::Real32(a), Values::Real32(b)) => Values::Real32(rows(a, b, dims)),
            (Values::Symbols(a), Values::Symbols(b)) => Values::Symbols(rows(a, b, dims)),
            _ => return Err(Error::Kind { argument: "conditional", got: other.kind(), wanted: self.kind() }),
        };
        Ok(Samples { values, rows: self.rows, dim: self.dim + other.dim })
    }

    fn kind(&self) -> &'static str {
        match self.values {
            Values::Real(_) => "real values",
            Values::Real32(_) => "real values in single precision",
            Values::Symbols(_) => "symbols",
        }
    }

    /// Checks that this variable has the rows of `other`.
    pub(crate) fn same_rows(&self, argument: &'static str, other: &Samples, name: &'static str) -> Result<()> {
        match self.rows == other.rows {
            true => Ok(()),
            false => Err(Error::Lengths { argument, got: self.rows, other: name, wanted: other.rows }),
        }
    }
}

fn whole_rows(len: usize, dim: usize) -> Result<usize> {
    match dim {
        0 => Err(Error::NoColumns { argument: "samples" }),
        _ if len.is_multiple_of(dim) => Ok(len / dim),
        _ => Err(Error::Ragged { argument: "samples", len, dim }),
    }
}

fn all_finite(mut values: impl Iterator<Item = f64> + Clone, dim: usize) -> Result<()> {
    let all = values.clone();
    match values.position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(place) => Err(Error::NotFinite {
            argument: "samples",
            row: place / dim,
            column: place % dim,
            value: all.clone().nth(place).unwrap_or(f64::NAN),
        }),
    }
}
