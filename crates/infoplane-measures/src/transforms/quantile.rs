//! Cells that hold equally many rows of a unit.

use infoplane_spec::{Arguments, SpecError};

use super::series::{ColumnRule, Number, by_column};
use super::{SeriesTransform, SymbolTransform, check, of_units};
use crate::pairs::Symbols;
use crate::{Result, Samples};

/// Cells between the unit's inner quantiles at i/cells (linear between neighbouring values). A symbol counts the
/// quantiles strictly below the value, so equal values stay together and `quantile:2` is `binary:median`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantile {
    /// Number of cells, 2 to 255.
    pub cells: usize,
}

impl SymbolTransform for Quantile {
    fn alphabet(&self) -> usize {
        self.cells
    }

    fn append(&self, values: &[f32], units: usize, _classes: usize, symbols: &mut Symbols) -> Result<()> {
        check(values, units)?;
        let edges = of_units(values, units, |column| self.edges(column));
        let cell = |(value, unit): (&f32, usize)| cell(&edges[unit], *value) as u8;
        symbols.push_symbols(values.iter().zip((0..units).cycle()).map(cell).collect(), units, self.cells)
    }
}

impl SeriesTransform for Quantile {
    fn apply(&self, series: &Samples) -> Result<Samples<'static>> {
        by_column(series, self)
    }
}

impl ColumnRule for Quantile {
    fn of_column<T: Number>(&self, values: &[T], _column: usize) -> Result<Vec<u32>> {
        let edges = self.edges(&mut values.to_vec());
        Ok(values.iter().map(|&value| cell(&edges, value) as u32).collect())
    }
}

/// Edges strictly below the value.
fn cell<T: Number>(edges: &[f64], value: T) -> usize {
    edges.partition_point(|&edge| edge < value.into())
}

impl Quantile {
    pub(super) fn from_arguments(arguments: &Arguments) -> std::result::Result<Self, SpecError> {
        Ok(Self { cells: arguments.check("cells", "2 to 255", |cells| (2..=255).contains(cells))? })
    }

    fn edges<T: Number>(self, column: &mut [T]) -> Vec<f64> {
        column.sort_unstable_by(T::order);
        let at = |rank: usize| -> f64 { column[rank].into() };
        let edge = |cell: usize| {
            let place = (column.len() - 1) as f64 * cell as f64 / self.cells as f64;
            let (rank, share) = (place as usize, place.fract());
            match share > 0.0 {
                true => at(rank) + share * (at(rank + 1) - at(rank)),
                false => at(rank),
            }
        };
        match column.is_empty() {
            true => Vec::new(),
            false => (1..self.cells).map(edge).collect(),
        }
    }
}
