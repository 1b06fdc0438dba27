//! Cells of equal width: in a fixed range, or aligned at 0.

use infoplane_spec::{Arguments, SpecError};

use super::{SymbolTransform, check};
use crate::layers::Outside;
use crate::pairs::Symbols;
use crate::{Error, Result};

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

impl SymbolTransform for Width {
    fn alphabet(&self) -> usize {
        255
    }

    fn append(&self, values: &[f32], units: usize, _classes: usize, symbols: &mut Symbols) -> Result<()> {
        append_cells(values, units, 255, symbols, |value, column| {
            let cell = (value / self.cell).floor();
            let symbol = if cell < 0.0 { -2.0 * cell - 1.0 } else { 2.0 * cell };
            let needed = || format!("{} (value {value}, cell {})", symbol + 1.0, self.cell);
            match symbol < 255.0 {
                true => Ok(symbol as usize),
                false => Err(Error::Alphabet { transform: "width", column, needed: needed() }),
            }
        })
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
