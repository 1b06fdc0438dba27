//! Cells of equal width: in a fixed range, or aligned at 0.

use infoplane_spec::{Arguments, SpecError};

use super::series::{ColumnRule, Number, by_column};
use super::{SeriesTransform, SymbolTransform, check};
use crate::layers::Outside;
use crate::pairs::Symbols;
use crate::{Error, Result, Samples};

/// `cells` cells of equal width between `lo` and `hi`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bins {
    /// Number of cells.
    pub cells: usize,
    /// Lower end of the first cell.
    pub lo: f64,
    /// Upper end of the last cell, which it belongs to.
    pub hi: f64,
    /// What becomes of values outside.
    pub outside: Outside,
}

impl Bins {
    pub(super) fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        let lo = arguments.check("lo", "a number", |lo: &f64| lo.is_finite())?;
        Ok(Self {
            cells: arguments.check("cells", "1 to 253", |cells| (1..=253).contains(cells))?,
            lo,
            hi: arguments.check("hi", "a number above lo", |hi: &f64| hi.is_finite() && *hi > lo)?,
            outside: arguments.parse("outside", "error, clip or own")?,
        })
    }

    /// The cell of a value in `column`.
    fn cell(&self, value: f64, column: usize) -> Result<usize> {
        let last = self.cells - 1;
        let inside = || ((value - self.lo) / (self.hi - self.lo) * self.cells as f64) as usize;
        match (value < self.lo, value > self.hi, self.outside) {
            (false, false, _) => Ok(inside().min(last)),
            (.., Outside::Error) => Err(Error::OutOfRange { column, value, lo: self.lo, hi: self.hi }),
            (below, _, Outside::Clip) => Ok(if below { 0 } else { last }),
            (below, _, Outside::Own) => Ok(self.cells + usize::from(!below)),
        }
    }
}

impl SeriesTransform for Bins {
    fn apply(&self, series: &Samples) -> Result<Samples<'static>> {
        by_column(series, self)
    }
}

impl ColumnRule for Bins {
    fn of_column<T: Number>(&self, values: &[T], column: usize) -> Result<Vec<u32>> {
        values.iter().map(|&value| self.cell(value.into(), column).map(|cell| cell as u32)).collect()
    }
}

/// [`Bins`] whose range, or one end of it, may be that of each column's own values.
///
/// A column that never changes has all its values in cell 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DataBins {
    /// Number of cells.
    pub cells: usize,
    /// Lower end; `None` is the column's smallest value.
    pub lo: Option<f64>,
    /// Upper end; `None` is the column's largest value.
    pub hi: Option<f64>,
    /// What becomes of values outside.
    pub outside: Outside,
}

impl DataBins {
    pub(super) fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        let end = |key| match arguments.text(key) {
            "data" => Ok(None),
            _ => arguments.check(key, "a number, or `data`", |end: &f64| end.is_finite()).map(Some),
        };
        let (lo, hi) = (end("lo")?, end("hi")?);
        if lo.zip(hi).is_some_and(|(lo, hi)| hi <= lo) {
            return Err(arguments.refuse("hi", "a number above lo, or `data`"));
        }
        Ok(Self {
            cells: arguments.check("cells", "1 to 65536", |cells| (1..=65_536).contains(cells))?,
            lo,
            hi,
            outside: arguments.parse("outside", "error, clip or own")?,
        })
    }
}

impl SeriesTransform for DataBins {
    fn apply(&self, series: &Samples) -> Result<Samples<'static>> {
        by_column(series, self)
    }
}

impl ColumnRule for DataBins {
    fn of_column<T: Number>(&self, values: &[T], column: usize) -> Result<Vec<u32>> {
        let wide = || values.iter().map(|&value| -> f64 { value.into() });
        let lo = self.lo.unwrap_or_else(|| wide().fold(f64::INFINITY, f64::min));
        let hi = self.hi.unwrap_or_else(|| wide().fold(f64::NEG_INFINITY, f64::max));
        let bins = Bins { cells: self.cells, lo, hi, outside: self.outside };
        match hi > lo {
            true => bins.of_column(values, column),
            // all values are equal, or lie beyond the end that was given
            false if wide().all(|value| value == lo && value == hi) => Ok(vec![0; values.len()]),
            false => Err(Error::OutOfRange { column, value: wide().next().unwrap_or(lo), lo, hi }),
        }
    }
}

impl SymbolTransform for Bins {
    fn alphabet(&self) -> usize {
        self.cells + if self.outside == Outside::Own { 2 } else { 0 }
    }

    fn append(&self, values: &[f32], units: usize, _classes: usize, symbols: &mut Symbols) -> Result<()> {
        append_cells(values, units, self.alphabet(), symbols, |value, column| self.cell(value, column))
    }
}

/// Cells of width `cell`, one of them beginning at 0.
///
/// Cells are numbered 0, −1, 1, −2, 2 … so that a cell has the same symbol whatever else occurs in a batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Width {
    /// The width.
    pub cell: f64,
}

impl Width {
    pub(super) fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        let positive = |width: &f64| width.is_finite() && *width > 0.0;
        Ok(Self { cell: arguments.check("cell", "a number above 0", positive)? })
    }

    /// The symbol of a value's cell, a whole number.
    fn cell(self, value: f64) -> f64 {
        let cell = (value / self.cell).floor();
        if cell < 0.0 { -2.0 * cell - 1.0 } else { 2.0 * cell }
    }
}

impl SymbolTransform for Width {
    fn alphabet(&self) -> usize {
        255
    }

    fn append(&self, values: &[f32], units: usize, _classes: usize, symbols: &mut Symbols) -> Result<()> {
        append_cells(values, units, 255, symbols, |value, column| {
            let symbol = self.cell(value);
            let needed = || format!("{} (value {value}, cell {})", symbol + 1.0, self.cell);
            match symbol < 255.0 {
                true => Ok(symbol as usize),
                false => Err(Error::Alphabet { transform: "width", column, needed: needed() }),
            }
        })
    }
}

impl SeriesTransform for Width {
    fn apply(&self, series: &Samples) -> Result<Samples<'static>> {
        by_column(series, self)
    }
}

impl ColumnRule for Width {
    fn of_column<T: Number>(&self, values: &[T], _column: usize) -> Result<Vec<u32>> {
        let symbol = |&value: &T| match self.cell(value.into()) {
            symbol if symbol <= f64::from(u32::MAX) => Ok(symbol as u32),
            _ => Err(Error::Parameter {
                parameter: "cell",
                got: format!("{} for the value {}", self.cell, value.into()),
                allowed: "a width with at most 2^31 cells on either side of 0",
            }),
        };
        values.iter().map(symbol).collect()
    }
}

/// Adds the cell of every value.
fn append_cells(
    values: &[f32],
    units: usize,
    alphabet: usize,
    symbols: &mut Symbols,
    cell: impl Fn(f64, usize) -> Result<usize>,
) -> Result<()> {
    check(values, units)?;
    let columns = (0..units).cycle();
    let cells = values.iter().zip(columns).map(|(&value, column)| cell(value.into(), column).map(|cell| cell as u8));
    symbols.push_symbols(cells.collect::<Result<_>>()?, units, alphabet)
}
