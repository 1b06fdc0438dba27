//! The fast engine for any number of columns: tiles of sixteen rows in k-d order, boxes around them, distances of
//! sixteen rows at a time in f32, and f64 wherever f32 cannot be sure.

mod count;
mod gaps;
mod lanes;
mod layout;
mod level;
mod order;
mod search;

use super::{Border, Exclusion, Metric, Neighbours, Scan, Space};
use count::{Block, Count};
use layout::Tiled;
use search::Search;

pub(super) use level::Level;

/// Tiles of sixteen rows in k-d order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tiles {
    level: Level,
}

impl Tiles {
    fn tiled(space: &Space) -> Option<Tiled> {
        if space.metric() == Metric::Maximum { Tiled::new(space) } else { None }
    }

    fn search(self, tiled: &Tiled, k: usize, exclusion: &Exclusion, mut answer: impl FnMut(usize, &[search::Found])) {
        let windows = (exclusion.theiler > 0).then(|| exclusion.windows(tiled.rows()));
        let search = Search { tiled, k, windows: windows.as_ref() };
        self.level.search(&search, &mut |slot, found| answer(tiled.order[slot] as usize, found));
    }

    /// Rows within each row's radius in every block of columns.
    pub(super) fn within(
        self,
        space: &Space,
        blocks: &[(std::ops::Range<usize>, &[f64])],
        border: Border,
        exclusion: &Exclusion,
    ) -> Option<Vec<u32>> {
        let tiled = Self::tiled(space)?;
        let by_slot = |radii: &[f64]| tiled.order.iter().map(|&row| radii[row as usize]).collect();
        let blocks: Vec<Block> =
            blocks.iter().map(|(columns, radii)| Block { columns: columns.clone(), radii: by_slot(radii) }).collect();
        let by_slot = self.level.count(&Count { tiled: &tiled, blocks: &blocks, border });
        let mut counts = vec![0; by_slot.len()];
        tiled.order.iter().zip(by_slot).for_each(|(&row, count)| counts[row as usize] = count);
        let slots = places(&tiled.order);
        let windows = exclusion.windows(tiled.rows());
        for (row, count) in counts.iter_mut().enumerate() {
            let slot = slots[row] as usize;
            let unseen = windows.of(row).iter().filter(|&&other| {
                blocks.iter().all(|block| {
                    let (a, b) = (tiled.truth(slot), tiled.truth(slots[other as usize] as usize));
                    let differences =
                        a[block.columns.clone()].iter().zip(&b[block.columns.clone()]).map(|(a, b)| (a - b).abs());
                    border.holds(differences.fold(0.0, f64::max), block.radii[slot])
                })
            });
            *count -= unseen.count() as u32;
        }
        Some(counts)
    }
}

fn places(order: &[u32]) -> Vec<u32> {
    let mut places = vec![0; order.len()];
    order.iter().zip(0..).for_each(|(&row, slot)| places[row as usize] = slot);
    places
}

impl Neighbours for Tiles {
    fn kth(&self, space: &Space, k: usize, exclusion: &Exclusion) -> Vec<f64> {
        let Some(tiled) = Self::tiled(space) else { return Scan.kth(space, k, exclusion) };
        let mut kth = vec![f64::INFINITY; space.rows()];
        self.search(&tiled, k, exclusion, |row, found| {
            if let Some(found) = found.get(k - 1) {
                kth[row] = found.0;
            }
        });
        kth
    }

    fn nearest(&self, space: &Space, k: usize, exclusion: &Exclusion) -> Vec<u32> {
        let Some(tiled) = Self::tiled(space) else { return Scan.nearest(space, k, exclusion) };
        let mut nearest = vec![u32::MAX; space.rows() * k];
        self.search(&tiled, k, exclusion, |row, found| {
            nearest[row * k..].iter_mut().zip(found).for_each(|(to, found)| *to = found.1);
        });
        nearest
    }

    fn counts(&self, space: &Space, radii: &[f64], border: Border, exclusion: &Exclusion) -> Vec<u32> {
        let counted = self.within(space, &[(0..space.dim(), radii)], border, exclusion);
        counted.unwrap_or_else(|| Scan.counts(space, radii, border, exclusion))
    }
}
