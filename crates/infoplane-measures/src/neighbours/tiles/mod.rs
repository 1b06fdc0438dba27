//! The fast engine for any number of columns: tiles of sixteen rows in k-d order, boxes around them, distances of
//! sixteen rows at a time in f32, and f64 wherever f32 cannot be sure.

#![allow(clippy::inline_always, reason = "a plain body is compiled once for each level's instructions, by inlining")]

mod count;
mod gaps;
mod lanes;
mod layout;
mod level;
mod line;
mod norm;
mod order;
mod ordered;
mod search;
#[cfg(test)]
mod tests;
mod unseen;

use super::sorted::Axis;
use super::{Border, Exclusion, Metric, Neighbours, Scan, Space};
use layout::Tiled;
use norm::{Euclidean, Maximum};
use search::Search;

use crate::simd::Level;
pub(super) use ordered::{Asked, Ordered};

/// Tiles of sixteen rows in k-d order, groups of sixteen tiles, and boxes around both.
///
/// A row looks at the groups its radius reaches, there at the tiles, and compares itself with all sixteen rows of a tile
/// at once, in f32. What f32 cannot decide, about one pair a row, f64 does; so the answers are those of [`Scan`], to the
/// last bit. Sixteen f32 are one register of AVX-512, two of AVX2; which there are is found out at run time.
///
/// Memory is O(rows · dim). Time grows with the share of tiles that are reached: of 10,000 normal rows a k-th
/// neighbour's radius reaches 1 % of the tiles in four columns, 10 % in ten and 38 % in twenty. Even where all are reached
/// (a hundred columns) the tiles are some thirty times as fast as the scan. Rows that lie in clusters far narrower than
/// 2⁻²⁴ of their distance cannot be told apart in f32, and cost what f64 costs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tiles {
    level: Level,
}

impl Tiles {
    fn search(
        self,
        tiled: &Tiled,
        k: usize,
        (metric, exclusion): (Metric, &Exclusion),
        mut answer: impl FnMut(usize, &[search::Found]),
    ) {
        let windows = (exclusion.theiler > 0).then(|| exclusion.windows(tiled.rows()));
        let search = Search { tiled, k, windows: windows.as_ref() };
        let mut by_row = |slot: usize, found: &[search::Found]| answer(tiled.order[slot] as usize, found);
        match metric {
            Metric::Maximum => self.level.search::<Maximum>(&search, &mut by_row),
            Metric::Euclidean => self.level.search::<Euclidean>(&search, &mut by_row),
        }
    }

    /// Distance of each row to its k-th neighbour, and, if wanted, its neighbours `[rows, k]`.
    pub(super) fn kth_and_nearest(
        self,
        space: &Space,
        k: usize,
        exclusion: &Exclusion,
        wanted: bool,
    ) -> (Vec<f64>, Vec<u32>) {
        assert!(k > 0, "k is at least 1");
        let mut kth = vec![f64::INFINITY; space.rows()];
        let mut nearest = vec![u32::MAX; if wanted { space.rows() * k } else { 0 }];
        if !wanted && exclusion.theiler == 0 && line::is(space) {
            return (line::kth(&Axis::sorted(space.columns()[0]), k), nearest);
        }
        let Some(tiled) = Tiled::new(space) else {
            let nearest = if wanted { Scan.nearest(space, k, exclusion) } else { nearest };
            return (Scan.kth(space, k, exclusion), nearest);
        };
        self.search(&tiled, k, (space.metric(), exclusion), |row, found| {
            if let Some(found) = found.get(k - 1) {
                kth[row] = found.0;
            }
            if wanted {
                nearest[row * k..].iter_mut().zip(found).for_each(|(to, found)| *to = found.1);
            }
        });
        (kth, nearest)
    }

    /// The space in order, to count in it.
    pub(super) fn ordered(self, space: Space) -> Ordered {
        Ordered::new(self.level, space)
    }
}

impl Neighbours for Tiles {
    fn kth(&self, space: &Space, k: usize, exclusion: &Exclusion) -> Vec<f64> {
        self.kth_and_nearest(space, k, exclusion, false).0
    }

    fn nearest(&self, space: &Space, k: usize, exclusion: &Exclusion) -> Vec<u32> {
        self.kth_and_nearest(space, k, exclusion, true).1
    }

    fn counts(&self, space: &Space, radii: &[f64], border: Border, exclusion: &Exclusion) -> Vec<u32> {
        assert_eq!(radii.len(), space.rows(), "a radius for each row");
        self.ordered(space.clone()).within(&[(0..space.dim(), radii)], border, exclusion)
    }
}
