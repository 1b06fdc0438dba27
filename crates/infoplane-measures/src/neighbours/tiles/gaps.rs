//! Lower bounds of distances: from boxes and rows to sixteen boxes, and from sixteen rows to a box.

use std::ops::Range;

use super::lanes::{Lanes, Strip, WIDTH};
use super::layout::{Bounds, Tiled};
use super::norm::Norm;

/// A box, `[dim]` each.
#[derive(Debug, Clone, Default)]
pub(super) struct Hull {
    pub(super) low: Vec<f32>,
    pub(super) high: Vec<f32>,
}

impl Hull {
    /// Box number `index` of `bounds [·, dim]`.
    pub(super) fn of(bounds: &[Bounds], dim: usize, index: usize) -> Self {
        let mut hull = Self::default();
        hull.set(bounds, dim, index);
        hull
    }

    /// As [`Hull::of`], in the same memory.
    pub(super) fn set(&mut self, bounds: &[Bounds], dim: usize, index: usize) {
        let bounds = &bounds[index / WIDTH * dim..][..dim];
        self.low.clear();
        self.low.extend(bounds.iter().map(|column| column.low.0[index % WIDTH]));
        self.high.clear();
        self.high.extend(bounds.iter().map(|column| column.high.0[index % WIDTH]));
    }
}

/// From a box to sixteen boxes, over some columns.
///
/// # Safety
/// The instructions of `L` must exist.
#[inline(always)]
pub(super) unsafe fn between<L: Lanes, N: Norm>(hull: &Hull, bounds: &[Bounds], columns: Range<usize>) -> L {
    // SAFETY: the caller's promise.
    unsafe {
        let mut gap = L::splat(0.0);
        for ((bounds, low), high) in
            bounds[columns.clone()].iter().zip(&hull.low[columns.clone()]).zip(&hull.high[columns])
        {
            let above = L::load(&bounds.low).sub(L::splat(*high));
            let below = L::splat(*low).sub(L::load(&bounds.high));
            gap = N::gap(gap, above, below);
        }
        gap
    }
}

/// From sixteen rows to one box, over some columns.
///
/// # Safety
/// The instructions of `L` must exist.
#[inline(always)]
pub(super) unsafe fn to_box<L: Lanes, N: Norm>(
    rows: &[Strip],
    bounds: &[Bounds],
    lane: usize,
    columns: Range<usize>,
) -> L {
    // SAFETY: the caller's promise.
    unsafe {
        let mut gap = L::splat(0.0);
        for (row, bounds) in rows[columns.clone()].iter().zip(&bounds[columns]) {
            let row = L::load(row);
            let above = L::splat(bounds.low.0[lane % WIDTH]).sub(row);
            let below = row.sub(L::splat(bounds.high.0[lane % WIDTH]));
            gap = N::gap(gap, above, below);
        }
        gap
    }
}

/// From sixteen rows to the farthest corner of one box, over some columns.
///
/// # Safety
/// The instructions of `L` must exist.
#[inline(always)]
pub(super) unsafe fn to_corner<L: Lanes, N: Norm>(
    rows: &[Strip],
    bounds: &[Bounds],
    lane: usize,
    columns: Range<usize>,
) -> L {
    // SAFETY: the caller's promise.
    unsafe {
        let mut corner = L::splat(0.0);
        for (row, bounds) in rows[columns.clone()].iter().zip(&bounds[columns]) {
            let row = L::load(row);
            let low = L::splat(bounds.low.0[lane % WIDTH]).sub(row);
            let high = L::splat(bounds.high.0[lane % WIDTH]).sub(row);
            corner = N::corner(corner, low, high);
        }
        corner
    }
}

/// Distances of `B` rows of one tile to the sixteen of another, over some columns.
///
/// # Safety
/// The instructions of `L` must exist.
#[inline(always)]
pub(super) unsafe fn distances<L: Lanes, N: Norm, const B: usize>(
    rows: &[Strip],
    lanes: [usize; B],
    others: &[Strip],
    columns: Range<usize>,
) -> [L; B] {
    // SAFETY: the caller's promise.
    unsafe {
        let mut distances = [L::splat(0.0); B];
        for (row, other) in rows[columns.clone()].iter().zip(&others[columns]) {
            let other = L::load(other);
            for (distance, lane) in distances.iter_mut().zip(lanes) {
                *distance = N::farther(*distance, other.sub(L::splat(row.0[lane % WIDTH])));
            }
        }
        distances
    }
}

/// The first `B` set bits of a mask, the last repeated where there are fewer; the bits taken are cleared.
#[inline(always)]
pub(super) fn take<const B: usize>(mask: &mut u32) -> [usize; B] {
    let mut lane = 0;
    std::array::from_fn(|_| {
        if *mask != 0 {
            lane = mask.trailing_zeros() as usize;
            *mask &= *mask - 1;
        }
        lane
    })
}

impl Tiled {
    pub(super) fn tile(&self, tile: usize) -> &[Strip] {
        &self.points[tile * self.dim..][..self.dim]
    }

    /// Boxes of sixteen groups.
    pub(super) fn group_hulls(&self, sixteen: usize) -> &[Bounds] {
        &self.hulls[sixteen * self.dim..][..self.dim]
    }

    /// Boxes of the sixteen tiles of a group.
    pub(super) fn tile_boxes(&self, group: usize) -> &[Bounds] {
        &self.boxes[group * self.dim..][..self.dim]
    }
}
