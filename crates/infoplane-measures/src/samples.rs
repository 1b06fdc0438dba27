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

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::{Error, Result};

/// `n` observations of one variable, row-major `[n, dim]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples<'a> {
    values: Values<'a>,
    rows: usize,
    dim: usize,
    clock: Option<Arc<Clock>>,
    missing: Option<Arc<[bool]>>,
    kept: Kept,
}

/// Something made of the values alone, shared by all clones.
#[derive(Clone, Default)]
struct Kept(Arc<OnceLock<Arc<dyn Any + Send + Sync>>>);

/// What is kept follows from the values.
impl PartialEq for Kept {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(if self.0.get().is_some() { "Kept(…)" } else { "Kept" })
    }
}

/// When each row was observed: its trial and its time within it. Rows of different trials are never near in time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clock {
    /// Trial of each row.
    pub trial: Vec<u32>,
    /// Time of each row; differences count, not the origin.
    pub time: Vec<u32>,
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
        Ok(Self::plain(Values::Real(values.into()), rows, dim))
    }

    /// Real values in single precision.
    ///
    /// # Errors
    /// [`Error::NoColumns`], [`Error::Ragged`] or [`Error::NotFinite`].
    pub fn real32(values: &'a [f32], dim: usize) -> Result<Self> {
        let rows = whole_rows(values.len(), dim)?;
        all_finite(values.iter().map(|&value| value.into()), dim)?;
        Ok(Self::plain(Values::Real32(values.into()), rows, dim))
    }

    /// Symbols, each component with its own alphabet.
    ///
    /// # Errors
    /// [`Error::NoColumns`] or [`Error::Ragged`].
    pub fn symbols(values: &'a [u32], dim: usize) -> Result<Self> {
        let rows = whole_rows(values.len(), dim)?;
        Ok(Self::plain(Values::Symbols(values.into()), rows, dim))
    }

    /// Real values in which NaN stands for a value that is missing: a row with one exists for no measure, and gaps are
    /// never closed.
    ///
    /// ```
    /// use infoplane_measures::{Embedding, PlugIn, Samples, transforms};
    ///
    /// let series = Samples::real_with_missing(&[0.5, f64::NAN, 1.5, 2.5], 1)?;
    /// assert_eq!(series.missing(), Some(&[false, true, false, false][..]));
    /// assert!(series.as_real("x").is_err()); // no estimator takes rows that are not there
    /// # Ok::<(), infoplane_measures::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoColumns`], [`Error::Ragged`], or [`Error::NotFinite`] for an infinite value.
    pub fn real_with_missing(values: &'a [f64], dim: usize) -> Result<Self> {
        let rows = whole_rows(values.len(), dim)?;
        if !values.iter().any(|value| value.is_nan()) {
            return Self::real(values, dim);
        }
        let filled: Vec<f64> = values.iter().map(|&value| if value.is_nan() { 0.0 } else { value }).collect();
        all_finite(filled.iter().copied(), dim)?;
        let missing = values.chunks(dim).map(|row| row.iter().any(|value| value.is_nan())).collect();
        Self::plain(Values::Real(filled.into()), rows, dim).with_missing(missing)
    }

    /// Marks rows as missing.
    ///
    /// # Errors
    /// [`Error::Lengths`] if there is not one mark for each row.
    pub fn with_missing(mut self, missing: Vec<bool>) -> Result<Self> {
        if missing.len() != self.rows {
            return Err(Error::Lengths { argument: "missing", got: missing.len(), other: "x", wanted: self.rows });
        }
        self.missing = missing.contains(&true).then(|| missing.into());
        Ok(self)
    }

    /// Says which trial each row belongs to. A history never reaches from one trial into another.
    ///
    /// # Errors
    /// [`Error::Lengths`] if there is not one number for each row; [`Error::Trials`] if a trial's rows are apart.
    pub fn in_trials(mut self, trial: &[u32]) -> Result<Self> {
        if trial.len() != self.rows {
            return Err(Error::Lengths { argument: "trial", got: trial.len(), other: "x", wanted: self.rows });
        }
        let mut begun = std::collections::HashSet::new();
        let begins = |row: &usize| *row == 0 || trial[*row] != trial[row - 1];
        if let Some(row) = (0..self.rows).filter(begins).find(|&row| !begun.insert(trial[row])) {
            return Err(Error::Trials { trial: trial[row], row });
        }
        self.clock = Some(Arc::new(Clock { trial: trial.to_vec(), time: (0..self.rows as u32).collect() }));
        Ok(self)
    }

    /// The empty condition: `rows` observations of nothing.
    pub fn empty(rows: usize) -> Self {
        Self::plain(Values::Symbols(Cow::Borrowed(&[])), rows, 0)
    }

    fn plain(values: Values<'a>, rows: usize, dim: usize) -> Self {
        Self { values, rows, dim, clock: None, missing: None, kept: Kept::default() }
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

    /// Trial and time of each row, where they are not (0, row number).
    pub fn clock(&self) -> Option<&Clock> {
        self.clock.as_deref()
    }

    /// Which rows are missing, if any.
    pub fn missing(&self) -> Option<&[bool]> {
        self.missing.as_deref()
    }

    /// Whether the rows are symbols. The empty condition is.
    pub fn is_symbols(&self) -> bool {
        matches!(self.values, Values::Symbols(_))
    }

    /// The columns in double precision, whatever the kind.
    pub fn columns(&self) -> Vec<Vec<f64>> {
        fn columns<T: Copy>(values: &[T], dim: usize, wide: impl Fn(T) -> f64 + Copy) -> Vec<Vec<f64>> {
            (0..dim).map(|column| values.iter().skip(column).step_by(dim).map(|&value| wide(value)).collect()).collect()
        }
        match &self.values {
            Values::Real(values) if self.dim == 1 => vec![values.to_vec()],
            Values::Real(values) => columns(values, self.dim, |value| value),
            Values::Real32(values) => columns(values, self.dim, f64::from),
            Values::Symbols(values) => columns(values, self.dim, f64::from),
        }
    }

    /// The columns of real values; the empty condition has none.
    ///
    /// # Errors
    /// [`Error::Kind`] if the variable holds symbols, [`Error::Missing`] if rows of it are missing.
    pub fn as_real(&self, argument: &'static str) -> Result<Vec<Vec<f64>>> {
        self.whole_real(argument)?;
        Ok(self.columns())
    }

    /// Refuses symbols, and rows that are not there.
    pub(crate) fn whole_real(&self, argument: &'static str) -> Result<()> {
        self.whole(argument)?;
        match self.is_symbols() && self.dim > 0 {
            true => Err(Error::Kind { argument, got: "symbols", wanted: "real values" }),
            false => Ok(()),
        }
    }

    /// The only column of real values, where it stands in memory in double precision.
    pub(crate) fn as_real_column(&self) -> Option<&[f64]> {
        match &self.values {
            Values::Real(values) if self.dim == 1 => Some(values),
            _ => None,
        }
    }

    /// Something that follows from the values alone: made when it is first asked for, and kept with the values and their
    /// clones. All pairs of series ask the same of each series many times.
    pub(crate) fn derived<T: Any + Send + Sync>(&self, make: impl Fn(&Self) -> T) -> Arc<T> {
        let kept = self.kept.0.get_or_init(|| Arc::new(make(self)));
        // another kind of thing may have been kept first
        Arc::clone(kept).downcast().unwrap_or_else(|_| Arc::new(make(self)))
    }

    /// Refuses symbols, whatever is missing.
    pub(crate) fn as_real_with_gaps(&self, argument: &'static str) -> Result<()> {
        match self.is_symbols() {
            true => Err(Error::Kind { argument, got: "symbols", wanted: "real values" }),
            false => Ok(()),
        }
    }

    /// Refuses rows that are not there: the measures leave them out, an estimator cannot.
    pub(crate) fn whole(&self, argument: &'static str) -> Result<()> {
        match self.missing().and_then(|missing| missing.iter().position(|&missing| missing)) {
            None => Ok(()),
            Some(row) => Err(Error::Missing { argument, row }),
        }
    }

    /// The symbols, row by row.
    ///
    /// # Errors
    /// [`Error::Kind`] if the variable is real, [`Error::Missing`] if rows of it are missing; `argument` names it.
    pub fn as_symbols(&self, argument: &'static str) -> Result<&[u32]> {
        self.whole(argument)?;
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
        match self.dim {
            1 => self.gather(rows.len(), 1, rows.iter().copied()),
            dim => self.gather(rows.len(), dim, rows.iter().flat_map(|row| (0..dim).map(move |c| row * dim + c))),
        }
    }

    /// A stretch of the rows, borrowed, without trials and gaps.
    pub(crate) fn stretch(&self, rows: std::ops::Range<usize>) -> Samples<'_> {
        let (places, count) = (rows.start * self.dim..rows.end * self.dim, rows.len());
        let values = match &self.values {
            Values::Real(values) => Values::Real(Cow::Borrowed(&values[places])),
            Values::Real32(values) => Values::Real32(Cow::Borrowed(&values[places])),
            Values::Symbols(values) => Values::Symbols(Cow::Borrowed(&values[places])),
        };
        Samples::plain(values, count, self.dim)
    }

    /// Other values for the same rows and columns, in the same trials with the same gaps.
    pub(crate) fn with_values(&self, values: Values<'static>) -> Samples<'static> {
        let Self { rows, dim, ref clock, ref missing, .. } = *self;
        Samples { values, rows, dim, clock: clock.clone(), missing: missing.clone(), kept: Kept::default() }
    }

    pub(crate) fn shared_clock(&self) -> Option<Arc<Clock>> {
        self.clock.clone()
    }

    /// The same values with this clock.
    pub(crate) fn with_clock(mut self, clock: Option<Arc<Clock>>) -> Self {
        self.clock = clock;
        self
    }

    /// New samples of the same kind, made of the values at the given places.
    pub(crate) fn gather(&self, rows: usize, dim: usize, places: impl Iterator<Item = usize>) -> Samples<'static> {
        let values = match &self.values {
            Values::Real(values) => Values::Real(places.map(|place| values[place]).collect()),
            Values::Real32(values) => Values::Real32(places.map(|place| values[place]).collect()),
            Values::Symbols(values) => Values::Symbols(places.map(|place| values[place]).collect()),
        };
        Samples::plain(values, rows, dim)
    }

    /// These columns and then those of `other`, row by row.
    pub(crate) fn beside(&self, other: &Samples) -> Result<Samples<'static>> {
        fn rows<T: Copy>(a: &[T], b: &[T], (p, q): (usize, usize)) -> Cow<'static, [T]> {
            a.chunks(p).zip(b.chunks(q)).flat_map(|(a, b)| a.iter().chain(b)).copied().collect()
        }
        let dims = (self.dim, other.dim);
        match dims {
            (_, 0) => return Ok(self.clone().into_owned()),
            (0, _) => return Ok(other.clone().into_owned()),
            _ => {}
        }
        let values = match (&self.values, &other.values) {
            (Values::Real(a), Values::Real(b)) => Values::Real(rows(a, b, dims)),
            (Values::Real32(a), Values::Real32(b)) => Values::Real32(rows(a, b, dims)),
            (Values::Symbols(a), Values::Symbols(b)) => Values::Symbols(rows(a, b, dims)),
            _ => return Err(Error::Kind { argument: "conditional", got: other.kind(), wanted: self.kind() }),
        };
        Ok(Samples::plain(values, self.rows, self.dim + other.dim).with_clock(self.clock.clone()))
    }

    /// The same rows in memory of their own.
    pub fn into_owned(self) -> Samples<'static> {
        let Self { values, rows, dim, clock, missing, kept } = self;
        let values = match values {
            Values::Real(values) => Values::Real(Cow::Owned(values.into_owned())),
            Values::Real32(values) => Values::Real32(Cow::Owned(values.into_owned())),
            Values::Symbols(values) => Values::Symbols(Cow::Owned(values.into_owned())),
        };
        Samples { values, rows, dim, clock, missing, kept }
    }

    pub(crate) fn kind(&self) -> &'static str {
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
