//! Distances to the K-th neighbours: the eight rows of a leaf search together, one in each lane.
//!
//! A leaf, cell or strip is passed over when none of the eight could find a nearer row in it. Rounded differences keep the
//! order of exact ones, so a box whose nearest face is no nearer than a distance holds no row that is: nothing is missed.

use super::best::Best;
use super::lanes::Eight;
use super::leaves::{Cells, Ends, LEAF, Leaves};
use super::level::at_level;
use crate::simd::Level;

/// The distance of each place's row to its K-th neighbour, in the leaves of one x.
pub(super) struct Question<'a> {
    pub(super) level: Level,
    pub(super) cells: &'a Cells,
    pub(super) leaves: &'a Leaves,
    /// Whether there is a z.
    pub(super) three: bool,
    /// K, at most 16.
    pub(super) neighbours: usize,
}

/// Answers into `radii`; places without a row get some distance.
pub(super) fn search(question: &Question, radii: &mut Vec<f64>) {
    let Question { level, cells, leaves, three, neighbours: k } = *question;
    radii.resize(leaves.row.len(), 0.0);
    let field = Field { cells, leaves };
    let to = radii.as_mut_slice();
    match three {
        true => by_neighbours::<true>(level, &field, k, to),
        false => by_neighbours::<false>(level, &field, k, to),
    }
}

/// Keeps as few distances as will do: their number is known to the compiler.
fn by_neighbours<const THREE: bool>(level: Level, field: &Field, k: usize, radii: &mut [f64]) {
    match k {
        0..=4 => run::<4, THREE>(level, field, k, radii),
        5..=8 => run::<8, THREE>(level, field, k, radii),
        _ => run::<16, THREE>(level, field, k, radii),
    }
}

fn run<const KEPT: usize, const THREE: bool>(level: Level, field: &Field, k: usize, radii: &mut [f64]) {
    at_level!(level, search_all[KEPT: usize, THREE: bool],
        (field: &Field, k: usize, radii: &mut [f64]) => (field, k, radii));
}

/// Where the search goes.
struct Field<'a> {
    cells: &'a Cells,
    leaves: &'a Leaves,
}

/// # Safety
/// The instructions of `V` must exist.
#[inline(always)]
unsafe fn search_all<V: Eight, const KEPT: usize, const THREE: bool>(field: &Field, k: usize, radii: &mut [f64]) {
    for (leaf, to) in radii.as_chunks_mut::<LEAF>().0.iter_mut().enumerate() {
        // SAFETY: the caller's promise; `to` has room for eight.
        unsafe {
            let mut search = Search::<V, KEPT, THREE>::new(field, leaf, k);
            search.everywhere();
            search.best.last().store(to.as_mut_ptr());
        }
    }
}

/// The search of one leaf.
struct Search<'a, V, const KEPT: usize, const THREE: bool> {
    field: &'a Field<'a>,
    leaf: usize,
    /// The eight rows; in the very last leaf, lanes without a row repeat the first.
    query: [V; 3],
    /// Ends of the eight along each axis.
    low: [f64; 3],
    high: [f64; 3],
    /// Distances to the nearest rows so far.
    best: Best<V, KEPT>,
    /// The largest K-th distance of the eight.
    reach: f64,
}

impl<'a, V: Eight, const KEPT: usize, const THREE: bool> Search<'a, V, KEPT, THREE> {
    const AXES: usize = if THREE { 3 } else { 2 };

    /// # Safety
    /// The instructions of `V` must exist; so for all methods.
    #[inline(always)]
    unsafe fn new(field: &'a Field, leaf: usize, k: usize) -> Self {
        let leaves = field.leaves;
        let mut points = leaves.points[leaf];
        let taken = LEAF.min(field.cells.rows() - leaf * LEAF);
        for axis in &mut points {
            let first = axis[0];
            axis[taken..].fill(first);
        }
        // SAFETY: the caller's promise; arrays of eight.
        unsafe {
            Self {
                field,
                leaf,
                query: [V::load(points[0].as_ptr()), V::load(points[1].as_ptr()), V::load(points[2].as_ptr())],
                low: std::array::from_fn(|axis| leaves.boxes[axis].low[leaf]),
                high: std::array::from_fn(|axis| leaves.boxes[axis].high[leaf]),
                best: Best::none(k),
                reach: f64::INFINITY,
            }
        }
    }

    #[inline(always)]
    unsafe fn everywhere(&mut self) {
        let cells = self.field.cells;
        let cell = self.leaf * LEAF / cells.cell_rows;
        let strip = cell / cells.strip_width;
        // SAFETY: the caller's promise.
        unsafe {
            self.own_cell(cell);
            self.strip(strip, cell);
            if THREE {
                for other in (0..strip).rev() {
                    if self.strip_is_far(other) {
                        break;
                    }
                    self.strip(other, usize::MAX);
                }
                for other in strip + 1..cells.strips() {
                    if self.strip_is_far(other) {
                        break;
                    }
                    self.strip(other, usize::MAX);
                }
            }
        }
    }

    #[inline(always)]
    fn strip_is_far(&self, strip: usize) -> bool {
        let ends = &self.field.cells.strips;
        gap(ends.low[strip], ends.high[strip], self.low[2], self.high[2]) >= self.reach
    }

    /// The leaves of the own cell, outward on both sides.
    #[inline(always)]
    unsafe fn own_cell(&mut self, cell: usize) {
        let leaves = self.field.cells.leaves_of(cell);
        // SAFETY: the caller's promise.
        unsafe {
            self.scan::<true>(self.leaf);
            let (mut below, mut above) = (self.leaf, self.leaf + 1);
            loop {
                let down = below > leaves.start && self.x_gap(below - 1) < self.reach;
                if down {
                    below -= 1;
                    self.visit(below);
                }
                let up = above < leaves.end && self.x_gap(above) < self.reach;
                if up {
                    self.visit(above);
                    above += 1;
                }
                if !(down || up) {
                    break;
                }
            }
        }
    }

    #[inline(always)]
    fn x_gap(&self, leaf: usize) -> f64 {
        let ends = &self.field.leaves.boxes[0];
        gap(ends.low[leaf], ends.high[leaf], self.low[0], self.high[0])
    }

    /// The cells of a strip that are near enough, but for one.
    #[inline(always)]
    unsafe fn strip(&mut self, strip: usize, but: usize) {
        let cells = self.field.cells;
        let range = cells.cells_of(strip);
        // SAFETY: the caller's promise; boxes are padded by eight.
        unsafe {
            for first in range.clone().step_by(8) {
                let mut near = self.near(&[(1, &cells.boxes[0]), (2, &cells.boxes[1])][..Self::AXES - 1], first);
                near &= mask(range.end - first);
                while near != 0 {
                    let cell = first + near.trailing_zeros() as usize;
                    near &= near - 1;
                    if cell != but
                        && self.any_near(&[(1, &cells.boxes[0]), (2, &cells.boxes[1])][..Self::AXES - 1], cell)
                    {
                        self.cell(cell);
                    }
                }
            }
        }
    }

    /// The leaves of a cell that are near enough.
    #[inline(always)]
    unsafe fn cell(&mut self, cell: usize) {
        let range = self.field.cells.leaves_of(cell);
        let boxes = &self.field.leaves.boxes;
        // SAFETY: the caller's promise; boxes are padded by eight.
        unsafe {
            for first in range.clone().step_by(8) {
                let mut near = self.near(&[(0, &boxes[0]), (1, &boxes[1]), (2, &boxes[2])][..Self::AXES], first);
                near &= mask(range.end - first);
                while near != 0 {
                    let leaf = first + near.trailing_zeros() as usize;
                    near &= near - 1;
                    self.visit(leaf);
                }
            }
        }
    }

    /// Which of eight boxes from `first` on are nearer to the box of the eight rows than `reach`.
    #[inline(always)]
    unsafe fn near(&self, axes: &[(usize, &Ends)], first: usize) -> u8 {
        // SAFETY: the caller's promise; ends are padded by eight.
        unsafe {
            let mut gap = V::splat(f64::NEG_INFINITY);
            for &(axis, ends) in axes {
                let (low, high) = (V::load(ends.low[first..].as_ptr()), V::load(ends.high[first..].as_ptr()));
                gap = gap.max(low.sub(V::splat(self.high[axis]))).max(V::splat(self.low[axis]).sub(high));
            }
            gap.below(V::splat(self.reach))
        }
    }

    /// Whether a box is nearer to any of the eight rows than its own K-th neighbour.
    #[inline(always)]
    unsafe fn any_near(&self, axes: &[(usize, &Ends)], place: usize) -> bool {
        // SAFETY: the caller's promise.
        unsafe {
            let mut gap = V::splat(f64::NEG_INFINITY);
            for &(axis, ends) in axes {
                let (low, high) = (V::splat(ends.low[place]), V::splat(ends.high[place]));
                gap = gap.max(low.sub(self.query[axis])).max(self.query[axis].sub(high));
            }
            gap.below(self.best.last()) != 0
        }
    }

    #[inline(always)]
    unsafe fn visit(&mut self, leaf: usize) {
        let boxes = &self.field.leaves.boxes;
        // SAFETY: the caller's promise.
        unsafe {
            if self.any_near(&[(0, &boxes[0]), (1, &boxes[1]), (2, &boxes[2])][..Self::AXES], leaf) {
                self.scan::<false>(leaf);
            }
        }
    }

    /// Compares the eight rows with the eight of another leaf, or with each other.
    #[inline(always)]
    unsafe fn scan<const OWN: bool>(&mut self, leaf: usize) {
        let points = &self.field.leaves.points[leaf];
        // SAFETY: the caller's promise.
        unsafe {
            #[allow(clippy::needless_range_loop, reason = "three axes are read at the same place")]
            for candidate in 0..LEAF {
                let mut distance = V::splat(points[0][candidate])
                    .sub(self.query[0])
                    .max_abs(V::splat(points[1][candidate]).sub(self.query[1]));
                if THREE {
                    distance = distance.max_abs(V::splat(points[2][candidate]).sub(self.query[2]));
                }
                if OWN {
                    distance = distance.infinite_where(1 << candidate);
                }
                self.best.insert(distance);
            }
            self.reach = self.best.last().largest();
        }
    }
}

/// The lowest `count` bits, at most eight.
fn mask(count: usize) -> u8 {
    if count >= 8 { u8::MAX } else { (1 << count) - 1 }
}

/// How far apart two intervals are; negative where they overlap.
#[inline(always)]
fn gap(low: f64, high: f64, other_low: f64, other_high: f64) -> f64 {
    let (above, below) = (low - other_high, other_low - high);
    if above > below { above } else { below }
}
