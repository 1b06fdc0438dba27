//! The engine for few columns: x and y one column each, z one or none, each sorted once.
//!
//! ```text
//! sort          each column, by radix                                   axis
//! strips, cells from ranks of z and y; leaves of eight rows from x      leaves
//! radii         the eight rows of a leaf search together                search
//! bounds        which ranks of a column lie inside each radius          ruler
//! counts        rectangles in the plane of two ranks                    plane
//! ```
//! All steps after the sort take time that hardly depends on the data's shape. Whatever belongs to (y, z) is made once; a
//! new x fills the leaves anew, and an x whose rows are merely in another order needs no sort. Memory is kept from one
//! question to the next, because fresh pages would cost a quarter of the time.

#![allow(clippy::inline_always, reason = "a plain body is compiled once for each level's instructions, by inlining")]

mod axis;
mod best;
mod inside;
mod lanes;
mod leaves;
mod level;
mod plane;
mod ruler;
mod search;

use std::cell::Cell;

use crate::simd::Level;
pub(crate) use axis::Axis;
pub(crate) use inside::Inside;

use inside::{Bounded, count_inside};
use leaves::{Cells, Leaves};
use plane::Plane;
use ruler::{Bounds, Ruler};
use search::{Question, search};

/// The most neighbours this engine keeps.
pub(crate) const MOST_NEIGHBOURS: usize = 16;
/// Questions about more rows give their memory back: about 250 bytes a row.
const KEPT_ROWS: usize = 1 << 18;

thread_local! {
    static SPARE_FIXED: Cell<Option<Box<Fixed>>> = const { Cell::new(None) };
    static SPARE_MOVING: Cell<Option<Box<Moving>>> = const { Cell::new(None) };
}

/// Everything of (y, z), prepared for any x.
#[derive(Debug)]
pub(crate) struct Sorted {
    level: Level,
    neighbours: usize,
    fixed: Box<Fixed>,
}

/// What (y, z) fix.
#[derive(Debug, Default)]
struct Fixed {
    conditional: bool,
    cells: Cells,
    y: Ruler,
    z: Ruler,
    /// The row of each rank of z.
    row_at: Vec<u32>,
    /// Ranks of z and y.
    yz: Plane,
    ranks: Vec<u32>,
}

/// What moves with x.
#[derive(Debug, Default)]
struct Moving {
    x: Ruler,
    leaves: Leaves,
    radii: Vec<f64>,
    ranks: Vec<u32>,
    /// Ranks of z and x.
    xz: Plane,
    bounds: [Vec<Bounds>; 3],
    inside: Vec<Inside>,
}

/// The answer for one x.
#[derive(Debug)]
pub(crate) struct Answer {
    moving: Box<Moving>,
}

impl Answer {
    /// The counts of each row.
    pub(crate) fn inside(&self) -> &[Inside] {
        &self.moving.inside
    }

    /// ε of each row.
    #[cfg(test)]
    pub(crate) fn radii(&self) -> Vec<f64> {
        let mut radii = vec![0.0; self.moving.inside.len()];
        let places = self.moving.leaves.row.iter().zip(&self.moving.radii).take(radii.len());
        places.for_each(|(&row, &radius)| radii[row as usize] = radius);
        radii
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if self.moving.inside.len() <= KEPT_ROWS {
            SPARE_MOVING.set(Some(std::mem::take(&mut self.moving)));
        }
    }
}

impl Drop for Sorted {
    fn drop(&mut self) {
        if self.fixed.cells.rows() <= KEPT_ROWS {
            SPARE_FIXED.set(Some(std::mem::take(&mut self.fixed)));
        }
    }
}

impl Sorted {
    /// Prepares y, and z if there is one, for at most [`MOST_NEIGHBOURS`] neighbours among more rows than that.
    pub(crate) fn new(level: Level, y: &Axis, z: Option<&Axis>, neighbours: usize) -> Self {
        let mut fixed = SPARE_FIXED.take().unwrap_or_default();
        fixed.conditional = z.is_some();
        fixed.cells.fill(y, z);
        fixed.y.fill(level, y);
        if let Some(z) = z {
            fixed.z.fill(level, z);
            y.ranks(&mut fixed.ranks);
            fixed.yz.fill(&z.rows, &fixed.ranks);
            fixed.row_at.clone_from(&z.rows);
        }
        Self { level, neighbours, fixed }
    }

    /// The instructions in use.
    pub(crate) fn level(&self) -> Level {
        self.level
    }

    /// Radii and counts for one x.
    pub(crate) fn answer(&self, x: &Axis) -> Answer {
        let mut moving = SPARE_MOVING.take().unwrap_or_default();
        moving.x.fill(self.level, x);
        if self.fixed.conditional {
            x.ranks(&mut moving.ranks);
        }
        self.count(&mut moving, &x.values, &x.rows);
        Answer { moving }
    }

    /// The same for x with its rows in other orders, each a permutation: in the d-th of them row i is row `orders[d][i]`
    /// of x. `take` gets the answer of each order.
    pub(crate) fn reordered<'o>(
        &self,
        x: &Axis,
        orders: impl Iterator<Item = &'o [u32]>,
        mut take: impl FnMut(&[Inside]),
    ) {
        let mut answer = Answer { moving: SPARE_MOVING.take().unwrap_or_default() };
        let moving = &mut *answer.moving;
        moving.x.fill(self.level, x);
        let (mut ranks, mut row_now, mut row_at) = (Vec::new(), vec![0; x.rows.len()], vec![0; x.rows.len()]);
        x.ranks(&mut ranks);
        for order in orders {
            (0..).zip(order).for_each(|(row, &was)| row_now[was as usize] = row);
            row_at.iter_mut().zip(&x.rows).for_each(|(now, &was)| *now = row_now[was as usize]);
            moving.ranks.clear();
            moving.ranks.extend(order.iter().map(|&was| ranks[was as usize]));
            self.count(moving, &x.values, &row_at);
            take(&moving.inside);
        }
    }

    /// The same from the values in order and the row of each, `moving.x` and `moving.ranks` being filled.
    fn count(&self, moving: &mut Moving, values: &[f64], row_at: &[u32]) {
        let (level, fixed) = (self.level, &*self.fixed);
        moving.leaves.fill(level, &fixed.cells, values, row_at);
        let question = Question {
            level,
            cells: &fixed.cells,
            leaves: &moving.leaves,
            three: fixed.conditional,
            neighbours: self.neighbours,
        };
        search(&question, &mut moving.radii);
        let (points, radii, bounds) = (&moving.leaves.points, &moving.radii, &mut moving.bounds);
        moving.x.bounds(level, points, 0, radii, &mut bounds[0]);
        fixed.y.bounds(level, points, 1, radii, &mut bounds[1]);
        moving.inside.resize(fixed.cells.rows(), Inside::default());
        if fixed.conditional {
            fixed.z.bounds(level, points, 2, radii, &mut bounds[2]);
            moving.xz.fill(&fixed.row_at, &moving.ranks);
        }
        let planes = fixed.conditional.then_some([&moving.xz, &fixed.yz]);
        let bounded = Bounded { planes, bounds, row: &moving.leaves.row };
        count_inside(level, &bounded, &mut moving.inside);
    }
}

#[cfg(test)]
mod tests;
