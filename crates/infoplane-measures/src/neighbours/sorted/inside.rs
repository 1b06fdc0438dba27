//! Counts from bounds: how many rows lie strictly inside each row's radius, in each marginal.

use super::lanes::Eight;
use super::leaves::LEAF;
use super::level::at_level;
use super::plane::Plane;
use super::ruler::Bounds;
use crate::simd::Level;

/// Counts of one row, none of them the row itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Inside {
    /// In x and z.
    pub(crate) xz: u32,
    /// In y and z.
    pub(crate) yz: u32,
    /// In z; all other rows where there is no z.
    pub(crate) z: u32,
}

/// Bounds of all places along x, y and z.
pub(super) struct Bounded<'a> {
    /// Ranks of z and x, ranks of z and y; none where there is no z.
    pub(super) planes: Option<[&'a Plane; 2]>,
    pub(super) bounds: &'a [Vec<Bounds>; 3],
    /// The row at each place.
    pub(super) row: &'a [u32],
}

impl Bounded<'_> {
    /// The ranks inside at a place along an axis; empty where the radius is 0.
    #[inline(always)]
    fn range(&self, axis: usize, place: usize) -> [u32; 2] {
        let [low, high] = &self.bounds[axis][place / LEAF];
        let low = low[place % LEAF];
        [low, high[place % LEAF].max(low)]
    }
}

/// The counts of each row, in order of the rows.
pub(super) fn count_inside(level: Level, bounded: &Bounded, to: &mut [Inside]) {
    match bounded.planes {
        Some(planes) => {
            at_level!(level, rectangles, (bounded: &Bounded, planes: [&Plane; 2], to: &mut [Inside]) => (bounded, planes, to));
        }
        None => intervals(bounded, to),
    }
}

/// Without z a marginal is a column, and its bounds are the count.
fn intervals(bounded: &Bounded, to: &mut [Inside]) {
    let rows = to.len();
    let others = |[low, high]: [u32; 2]| (high - low).saturating_sub(1);
    for (place, &row) in bounded.row[..rows].iter().enumerate() {
        let [xz, yz] = [0, 1].map(|axis| others(bounded.range(axis, place)));
        to[row as usize] = Inside { xz, yz, z: rows as u32 - 1 };
    }
}

/// # Safety
/// The instructions of `V` must exist.
#[inline(always)]
unsafe fn rectangles<V: Eight>(bounded: &Bounded, [xz, yz]: [&Plane; 2], to: &mut [Inside]) {
    /// Places between asking for memory and reading it.
    const AHEAD: usize = 8;
    let last = to.len() - 1;
    for (place, &row) in bounded.row[..to.len()].iter().enumerate() {
        let later = (place + AHEAD).min(last);
        let z = bounded.range(2, later);
        xz.fetch([z, bounded.range(0, later)]);
        yz.fetch([z, bounded.range(1, later)]);
        let z = bounded.range(2, place);
        // SAFETY: the caller's promise; bounds are ranks.
        let [xz, yz] =
            unsafe { [xz.count::<V>(z, bounded.range(0, place)), yz.count::<V>(z, bounded.range(1, place))] };
        // a row is inside its own radius, unless that is 0
        let [xz, yz, z] = [xz, yz, z[1] - z[0]].map(|count| count.saturating_sub(1));
        to[row as usize] = Inside { xz, yz, z };
    }
}
