//! From plain series to symbols: each column on its own, in its own precision, missing rows left out of account.

use std::cmp::Ordering;

use crate::{Error, Result, Samples, Values};

/// A rule that makes symbols of a series.
///
/// ```
/// use infoplane_measures::Samples;
/// use infoplane_measures::transforms::series_transform;
///
/// let (rule, canonical) = series_transform("bins:2")?;
/// assert_eq!(canonical, "bins:cells=2,lo=data,hi=data,outside=error");
/// let symbols = rule.apply(&Samples::real(&[0.5, 4.5, 2.0, 2.5], 1)?)?;
/// assert_eq!(symbols.as_symbols("x")?, [0, 1, 0, 1]);
/// # Ok::<(), infoplane_measures::Error>(())
/// ```
pub trait SeriesTransform: Send + Sync {
    /// The symbols of each column, in the same trials. Rows that are missing, or have no symbol because it would need
    /// earlier rows than there are, are marked as missing.
    ///
    /// # Errors
    /// [`Error::Kind`] for what holds symbols already, or what the rule refuses.
    fn apply(&self, series: &Samples) -> Result<Samples<'static>>;

    /// The symbols of the values that are to be told, where those are others than the symbols that tell: the target's
    /// next value in transfer entropy (see [`crate::Embedded::te_next`]).
    ///
    /// # Errors
    /// As [`SeriesTransform::apply`].
    fn next(&self, series: &Samples) -> Result<Samples<'static>> {
        self.apply(series)
    }
}

/// A number of either precision.
pub(super) trait Number: Copy + PartialOrd + Into<f64> {
    /// The nearest number of this precision: thresholds are compared in the precision of the data, so that a stored 0.9
    /// is at least 0.9.
    fn nearest(value: f64) -> Self;
    fn magnitude(self) -> Self;
    fn order(&self, other: &Self) -> Ordering;
}

impl Number for f64 {
    fn nearest(value: f64) -> Self {
        value
    }

    fn magnitude(self) -> Self {
        self.abs()
    }

    fn order(&self, other: &Self) -> Ordering {
        self.total_cmp(other)
    }
}

impl Number for f32 {
    fn nearest(value: f64) -> Self {
        value as f32
    }

    fn magnitude(self) -> Self {
        self.abs()
    }

    fn order(&self, other: &Self) -> Ordering {
        self.total_cmp(other)
    }
}

/// A rule that takes a column's values one by one, after a look at all of them.
pub(super) trait ColumnRule {
    /// The symbol of each value of one column.
    fn of_column<T: Number>(&self, values: &[T], column: usize) -> Result<Vec<u32>>;
}

/// Symbols of every column; missing rows stay missing.
pub(super) fn by_column(series: &Samples, rule: &impl ColumnRule) -> Result<Samples<'static>> {
    match series.values() {
        _ if series.dim() == 0 => Ok(series.clone().into_owned()),
        Values::Real(values) => cut(series, values, rule),
        Values::Real32(values) => cut(series, values, rule),
        Values::Symbols(_) => Err(Error::Kind { argument: "series", got: "symbols", wanted: "real values" }),
    }
}

fn cut<T: Number>(series: &Samples, values: &[T], rule: &impl ColumnRule) -> Result<Samples<'static>> {
    let dim = series.dim();
    let there = |row: &usize| series.missing().is_none_or(|missing| !missing[*row]);
    let rows: Vec<usize> = (0..series.rows()).filter(there).collect();
    let mut symbols = vec![0; series.rows() * dim];
    for column in 0..dim {
        let own: Vec<T> = rows.iter().map(|row| values[row * dim + column]).collect();
        let cells = rule.of_column(&own, column)?;
        rows.iter().zip(cells).for_each(|(row, cell)| symbols[row * dim + column] = cell);
    }
    Ok(series.with_values(Values::Symbols(symbols.into())))
}
