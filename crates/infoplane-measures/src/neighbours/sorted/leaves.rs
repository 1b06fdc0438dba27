//! Strips, cells and leaves: rows grouped by their ranks, eight to a leaf, so that near rows stand together.
//!
//! ```text
//! strips   rows in order of z, `strip_rows` each (one strip where there is no z)
//! cells    the rows of a strip in order of y, `cell_rows` each
//! leaves   the rows of a cell in order of x, eight each
//! ```
//! Strips and cells follow from (y, z) alone; a new x only fills the leaves anew. Cells are whole leaves, so every leaf but
//! the very last is full and places follow from numbers: cell c begins at place c · `cell_rows`.

use super::axis::Axis;
use super::lanes::Eight;
use super::level::at_level;
use crate::simd::Level;

/// Rows of a leaf.
pub(super) const LEAF: usize = 8;
/// Boxes are tested eight at a time; so many may be read past the last.
const PADDING: usize = 8;

/// What (y, z) fix: the cell of each row.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// y, z and cell of each row.
    fixed: Vec<Fixed>,
    /// Rows of a cell.
    pub(super) cell_rows: usize,
    /// Cells of a strip, side by side.
    pub(super) strip_width: usize,
    /// Ends of each cell in y and in z.
    pub(super) boxes: [Ends; 2],
    /// Ends of each strip in z.
    pub(super) strips: Ends,
    /// The next free place of each strip while cells are dealt out.
    next: Vec<u32>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Fixed {
    y: f64,
    z: f64,
    cell: u32,
}

/// Least and greatest value of each of some groups of rows along one axis, then padding that is infinitely far away.
#[derive(Debug, Default)]
pub(super) struct Ends {
    pub(super) low: Vec<f64>,
    pub(super) high: Vec<f64>,
}

impl Ends {
    /// As many groups, all empty.
    fn clear(&mut self, groups: usize) {
        self.low.clear();
        self.low.resize(groups + PADDING, f64::INFINITY);
        self.high.clear();
        self.high.resize(groups, f64::NEG_INFINITY);
        // the high ends of padding, too, are where no row is near
        self.high.resize(groups + PADDING, f64::INFINITY);
    }

    fn include(&mut self, group: usize, value: f64) {
        let (low, high) = (&mut self.low[group], &mut self.high[group]);
        *low = if value < *low { value } else { *low };
        *high = if value > *high { value } else { *high };
    }

    fn set(&mut self, group: usize, low: f64, high: f64) {
        (self.low[group], self.high[group]) = (low, high);
    }
}

impl Cells {
    /// Deals the rows out anew, in the memory of the last time.
    pub(super) fn fill(&mut self, y: &Axis, z: Option<&Axis>) {
        let rows = y.rows.len();
        let (cell_leaves, strip_width) = shape(rows.div_ceil(LEAF), z.is_some());
        (self.cell_rows, self.strip_width) = (cell_leaves * LEAF, strip_width);
        let strip_rows = self.cell_rows * strip_width;
        let (cells, strips) = (rows.div_ceil(self.cell_rows), rows.div_ceil(strip_rows));
        self.strips.clear(strips);
        self.fixed.clear();
        self.fixed.resize(rows, Fixed::default());
        if let Some(z) = z {
            let dealt = z.rows.chunks(strip_rows).zip(z.values.chunks(strip_rows));
            for (strip, (rows, values)) in dealt.enumerate() {
                self.strips.set(strip, values[0], values[values.len() - 1]);
                for (&row, &value) in rows.iter().zip(values) {
                    self.fixed[row as usize] = Fixed { y: 0.0, z: value, cell: strip as u32 };
                }
            }
        }
        self.boxes.iter_mut().for_each(|ends| ends.clear(cells));
        self.deal(y, strips);
    }

    /// The cells of the rows of each strip, in order of y.
    fn deal(&mut self, y: &Axis, strips: usize) {
        let strip_rows = self.cell_rows * self.strip_width;
        self.next.clear();
        self.next.extend((0..strips).map(|strip| (strip * strip_rows) as u32));
        let cell_rows = self.cell_rows as u32;
        for (&row, &value) in y.rows.iter().zip(&y.values) {
            let fixed = &mut self.fixed[row as usize];
            let place = &mut self.next[fixed.cell as usize];
            let cell = *place / cell_rows;
            *place += 1;
            (fixed.y, fixed.cell) = (value, cell);
            self.boxes[0].include(cell as usize, value);
            self.boxes[1].include(cell as usize, fixed.z);
        }
    }

    /// Number of rows.
    pub(super) fn rows(&self) -> usize {
        self.fixed.len()
    }

    /// Number of strips.
    pub(super) fn strips(&self) -> usize {
        self.rows().div_ceil(self.cell_rows * self.strip_width)
    }

    /// The leaves of a strip's cells and of a cell.
    pub(super) fn cells_of(&self, strip: usize) -> std::ops::Range<usize> {
        let cells = self.rows().div_ceil(self.cell_rows);
        strip * self.strip_width..((strip + 1) * self.strip_width).min(cells)
    }

    /// The leaves of a cell.
    pub(super) fn leaves_of(&self, cell: usize) -> std::ops::Range<usize> {
        let leaves = self.rows().div_ceil(LEAF);
        cell * self.cell_rows / LEAF..((cell + 1) * self.cell_rows / LEAF).min(leaves)
    }
}

/// Leaves in a cell and cells in a strip, for as many of one as of the other along each axis.
fn shape(leaves: usize, three: bool) -> (usize, usize) {
    if three {
        let side = (leaves as f64).cbrt().round().max(1.0) as usize;
        return (side, side);
    }
    let side = (leaves as f64).sqrt().round().max(1.0) as usize;
    (side, leaves.div_ceil(side))
}

/// The leaves, filled for one x.
#[derive(Debug, Default)]
pub(super) struct Leaves {
    /// x, y, z of eight rows; places without a row are infinitely far away.
    pub(super) points: Vec<[[f64; LEAF]; 3]>,
    /// The row at each place.
    pub(super) row: Vec<u32>,
    /// Ends of each leaf in x, y and z.
    pub(super) boxes: [Ends; 3],
    /// The next free place of each cell while leaves are filled.
    next: Vec<u32>,
}

impl Leaves {
    /// Fills the leaves in the memory of the last time; `row_at` gives the row of each rank of x.
    pub(super) fn fill(&mut self, level: Level, cells: &Cells, x: &[f64], row_at: &[u32]) {
        let rows = cells.rows();
        let leaves = rows.div_ceil(LEAF);
        self.points.resize(leaves, [[0.0; LEAF]; 3]);
        self.points[leaves - 1] = [[f64::INFINITY; LEAF]; 3];
        self.row.resize(leaves * LEAF, 0);
        self.next.clear();
        self.next.extend((0..rows.div_ceil(cells.cell_rows)).map(|cell| (cell * cells.cell_rows) as u32));
        for (&value, &at) in x.iter().zip(row_at) {
            let fixed = &cells.fixed[at as usize];
            let place = &mut self.next[fixed.cell as usize];
            let (leaf, lane) = (*place as usize / LEAF, *place as usize % LEAF);
            let point = &mut self.points[leaf];
            (point[0][lane], point[1][lane], point[2][lane]) = (value, fixed.y, fixed.z);
            self.row[*place as usize] = at;
            *place += 1;
        }
        self.boxes.iter_mut().for_each(|ends| ends.clear(leaves));
        let (points, boxes) = (&self.points[..rows / LEAF], &mut self.boxes);
        at_level!(level, measure, (points: &[[[f64; LEAF]; 3]], boxes: &mut [Ends; 3]) => (points, boxes));
        for (ends, values) in self.boxes.iter_mut().zip(&self.points[leaves - 1]) {
            values[..rows - (leaves - 1) * LEAF].iter().for_each(|&value| ends.include(leaves - 1, value));
        }
    }
}

/// The ends of full leaves.
///
/// # Safety
/// The instructions of `V` must exist.
#[inline(always)]
unsafe fn measure<V: Eight>(points: &[[[f64; LEAF]; 3]], boxes: &mut [Ends; 3]) {
    for (leaf, point) in points.iter().enumerate() {
        // a leaf is in order of x
        boxes[0].set(leaf, point[0][0], point[0][LEAF - 1]);
        for axis in 1..3 {
            // SAFETY: the caller's promise; eight values.
            unsafe {
                let values = V::load(point[axis].as_ptr());
                boxes[axis].set(leaf, values.least(), values.largest());
            }
        }
    }
}
