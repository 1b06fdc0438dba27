//! Cells that hold equally many rows of a unit.

use super::{SymbolTransform, check, of_units};
use crate::Result;
use crate::pairs::Symbols;

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
        let cell = |(value, unit): (&f32, usize)| edges[unit].partition_point(|&edge| edge < f64::from(*value)) as u8;
        symbols.push_symbols(values.iter().zip((0..units).cycle()).map(cell).collect(), units, self.cells)
    }
}

impl Quantile {
    fn edges(self, column: &mut [f32]) -> Vec<f64> {
        column.sort_unstable_by(f32::total_cmp);
        let at = |rank: usize| f64::from(column[rank]);
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
