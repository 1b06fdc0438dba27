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
mod search;
#[cfg(test)]
mod tests;
mod unseen;

use std::ops::Range;

use super::{Border, Exclusion, Metric, Neighbours, Scan, Space};
use count::{Block, Count};
use layout::Tiled;
use norm::{Euclidean, Maximum};
use search::Search;

pub(super) use level::Level;

/// Tiles of sixteen rows in k-d order.
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
        let mut kth = vec![f64::INFINITY; space.rows()];
        let mut nearest = vec![u32::MAX; if wanted { space.rows() * k } else { 0 }];
        if !wanted && exclusion.theiler == 0 && is_line(space) {
            return (line::kth(space.columns()[0], k), nearest);
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

    /// As [`Tiles::within`], with the rows that a row must not see.
    fn all_within(self, tiled: &Tiled, metric: Metric, asked: &[(Range<usize>, &[f64])], border: Border) -> Vec<u32> {
        let by_slot = |radii: &[f64]| tiled.order.iter().map(|&row| radii[row as usize]).collect();
        let blocks: Vec<Block> =
            asked.iter().map(|(columns, radii)| Block { columns: columns.clone(), radii: by_slot(radii) }).collect();
        let count = Count { tiled, blocks: &blocks, border };
        let by_slot = match metric {
            Metric::Maximum => self.level.count::<Maximum>(&count),
            Metric::Euclidean => self.level.count::<Euclidean>(&count),
        };
        let mut counts = vec![0; by_slot.len()];
        tiled.order.iter().zip(by_slot).for_each(|(&row, count)| counts[row as usize] = count);
        counts
    }

    /// Rows within each row's radius in every block of columns.
    pub(super) fn within(
        self,
        space: &Space,
        asked: &[(Range<usize>, &[f64])],
        border: Border,
        exclusion: &Exclusion,
    ) -> Option<Vec<u32>> {
        let mut counts = match asked {
            [(_, radii)] if is_line(space) => line::counts(space.columns()[0], radii, border),
            _ => self.all_within(&Tiled::new(space)?, space.metric(), asked, border),
        };
        let unseen = unseen::unseen(space, asked, border, exclusion);
        counts.iter_mut().zip(unseen).for_each(|(count, unseen)| *count -= unseen);
        Some(counts)
    }
}

fn is_line(space: &Space) -> bool {
    space.dim() == 1 && space.metric() == Metric::Maximum
}

impl Neighbours for Tiles {
    fn kth(&self, space: &Space, k: usize, exclusion: &Exclusion) -> Vec<f64> {
        self.kth_and_nearest(space, k, exclusion, false).0
    }

    fn nearest(&self, space: &Space, k: usize, exclusion: &Exclusion) -> Vec<u32> {
        self.kth_and_nearest(space, k, exclusion, true).1
    }

    fn counts(&self, space: &Space, radii: &[f64], border: Border, exclusion: &Exclusion) -> Vec<u32> {
        let counted = self.within(space, &[(0..space.dim(), radii)], border, exclusion);
        counted.unwrap_or_else(|| Scan.counts(space, radii, border, exclusion))
    }
}
