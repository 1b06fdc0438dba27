//! Small multiples: equal panels in rows and columns that share their scales.

use crate::panel::{ABOVE, BELOW};
use crate::scene::Area;
use crate::sheet::Sheet;

/// One cell of a grid.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    pub(crate) area: Area,
    /// First of its row: has the labels of y.
    pub(crate) first: bool,
    /// Last of its column: has the labels of x.
    pub(crate) lowest: bool,
}

/// Lays `count` panels of height `h` out in `columns`, with `left` for the labels of y; moves the sheet's top below.
pub(crate) fn shared(sheet: &mut Sheet, count: usize, columns: usize, left: f64, h: f64) -> Vec<Cell> {
    let (f, margin) = (sheet.font, sheet.margin());
    let columns = columns.min(count).max(1);
    let between = 1.1 * f;
    let w = (sheet.inner() - left - 0.8 * f - between * (columns - 1) as f64) / columns as f64;
    let pitch = h + (ABOVE + 0.5) * f;
    let top = sheet.top + ABOVE * f;
    let cell = |i: usize| Cell {
        area: Area {
            x: margin + left + (i % columns) as f64 * (w + between),
            y: top + (i / columns) as f64 * pitch,
            w,
            h,
        },
        first: i.is_multiple_of(columns),
        lowest: i + columns >= count,
    };
    sheet.top = top + count.div_ceil(columns) as f64 * pitch - (ABOVE + 0.5) * f + BELOW * f;
    (0..count).map(cell).collect()
}
