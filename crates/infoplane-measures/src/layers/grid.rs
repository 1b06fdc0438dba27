//! From a value to the number of its cell.

use super::scan::UnitRanges;
use crate::{Error, Result};

/// Gives each value the number of its cell.
pub(super) trait Cells: Copy + Sync {
    /// The cell of one finite value.
    fn code(&self, value: f32) -> u32;

    /// How many cells there can be; codes lie below.
    fn count(&self) -> u64;
}

/// Cells of equal width, counted from `first`; values beyond the first or last cell count as in it.
///
/// code = ⌊(value − origin)/width⌋ − first, in f64 so that f32 values meet the edges as written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    pub(super) origin: f64,
    pub(super) per_cell: f64,
    pub(super) first: f64,
    pub(super) last: f64,
}

impl Grid {
    /// `cells` equal cells between `lo` and `hi`; `hi` itself belongs to the last.
    pub(super) fn between(lo: f64, hi: f64, cells: u32) -> Self {
        Self { origin: lo, per_cell: f64::from(cells) / (hi - lo), first: 0.0, last: f64::from(cells) - 1.0 }
    }

    /// Cells of `width`, of which one begins at 0, as far as the values reach.
    ///
    /// Where the top of the tap's range is an edge, it belongs to the cell below, as in [`Grid::between`]: a tanh unit
    /// saturated at exactly 1 must not gain a cell that one saturated at −1 has not.
    pub(super) fn aligned(width: f64, range: Option<(f64, f64)>, ranges: &UnitRanges) -> Result<Self> {
        let (lo, hi) = ranges.extremes();
        let cell = |value: f32| (f64::from(value) * (1.0 / width)).floor();
        let (first, mut last) = (cell(lo), cell(hi));
        if last - first >= f64::from(i32::MAX) {
            return Err(Error::Parameter {
                parameter: "cell",
                got: format!("{width}, and values from {lo} to {hi}"),
                allowed: "a width that makes fewer than 2^31 cells",
            });
        }
        if let Some((bottom, top)) = range {
            let edge = top / width;
            if edge == edge.round() && f64::from(hi) <= top + tolerance(bottom, top) && first < edge {
                last = last.min(edge - 1.0);
            }
        }
        Ok(Self { origin: 0.0, per_cell: 1.0 / width, first, last })
    }
}

impl Cells for Grid {
    #[inline(always)]
    fn code(&self, value: f32) -> u32 {
        let cell = ((f64::from(value) - self.origin) * self.per_cell).floor();
        whole(least(most(cell, self.first), self.last) - self.first)
    }

    fn count(&self) -> u64 {
        (self.last - self.first) as u64 + 1
    }
}

/// Cells of equal width, and one more below and above them for all that lies outside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct OpenGrid {
    pub(super) inside: Grid,
    pub(super) below: f64,
    pub(super) above: f64,
}

impl Cells for OpenGrid {
    #[inline(always)]
    fn code(&self, value: f32) -> u32 {
        let code = self.inside.code(value) + 1;
        match f64::from(value) {
            value if value < self.below => 0,
            value if value > self.above => self.inside.last as u32 + 2,
            _ => code,
        }
    }

    fn count(&self) -> u64 {
        self.inside.count() + 2
    }
}

/// Every value its own cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exact;

impl Cells for Exact {
    #[inline(always)]
    fn code(&self, value: f32) -> u32 {
        (value + 0.0).to_bits() // −0 equals 0
    }

    fn count(&self) -> u64 {
        1 << 32
    }
}

/// How far a value may lie outside [lo, hi] and still be its end: a few roundings of f32.
///
/// A softmax in f32 can exceed 1 by one of them, which is no reason to stop a run.
pub(super) fn tolerance(lo: f64, hi: f64) -> f64 {
    1e-6 * (hi - lo).max(lo.abs()).max(hi.abs())
}

#[inline(always)]
fn least(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

#[inline(always)]
fn most(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// A whole number between 0 and 2^32 as an integer, by the bits of 2^52 + n: vectors have no such cast everywhere.
#[inline(always)]
fn whole(n: f64) -> u32 {
    (n + 4_503_599_627_370_496.0).to_bits() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_belong_to_the_cell_above_and_the_top_to_the_last() {
        let grid = Grid::between(-1.0, 1.0, 30);
        for (value, cell) in [(-1.0, 0), (-0.9999, 0), (0.0, 15), (-1e-7, 14), (0.99, 29), (1.0, 29), (1.000_000_1, 29)]
        {
            assert_eq!(grid.code(value), cell, "{value}");
        }
    }

    #[test]
    fn cells_outside_have_their_own_numbers() {
        let grid = OpenGrid { inside: Grid::between(0.0, 1.0, 4), below: 0.0, above: 1.0 };
        let codes: Vec<u32> = [-0.1, 0.0, 0.3, 1.0, 1.1].into_iter().map(|value| grid.code(value)).collect();
        assert_eq!((codes, grid.count()), (vec![0, 1, 2, 4, 5], 6));
    }

    #[test]
    fn widths_are_aligned_at_zero() {
        let ranges = UnitRanges { mins: vec![-0.15], maxs: vec![0.2] };
        let grid = Grid::aligned(0.07, None, &ranges).unwrap();
        let codes: Vec<u32> =
            [-0.15, -0.069, -1e-6, 0.0, 0.069, 0.071, 0.2].into_iter().map(|v| grid.code(v)).collect();
        assert_eq!((codes, grid.count()), (vec![0, 2, 2, 3, 3, 4, 5], 6));
    }

    #[test]
    fn saturation_at_either_end_is_one_cell_each() {
        let ranges = UnitRanges { mins: vec![-1.0], maxs: vec![1.0] };
        for (width, cells) in [(2.0, 2), (1.0, 2), (0.5, 4), (0.007_812_5, 256)] {
            let grid = Grid::aligned(width, Some((-1.0, 1.0)), &ranges).unwrap();
            assert_eq!(grid.count(), cells, "{width}");
            assert_eq!(u64::from(grid.code(1.0)), cells - 1);
        }
        assert_eq!(Grid::aligned(0.5, None, &ranges).unwrap().count(), 5);
        let far = UnitRanges { mins: vec![0.0], maxs: vec![1e12] };
        assert!(Grid::aligned(0.5, None, &far).is_err());
    }
}
