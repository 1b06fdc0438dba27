//! How many rows lie within every row's radius: sure in f32 but for a few, which f64 decides.

use std::ops::Range;

use super::gaps::{Hull, between, distances, take, to_box, to_corner};
use super::lanes::{Lanes, Strip, WIDTH};
use super::layout::Tiled;
use super::norm::Norm;
use crate::neighbours::Border;

const GROUP: usize = WIDTH * WIDTH;
const BLOCKS: usize = 2;
/// Columns up to which a ball holds whole tiles often enough to ask.
const FEW: usize = 3;

/// Columns that share a radius, and that radius for each *slot*.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) columns: Range<usize>,
    pub(super) radii: Vec<f64>,
}

/// What is asked of every row: who is within the radius of each block. At most two blocks.
pub(super) struct Count<'a> {
    pub(super) tiled: &'a Tiled,
    pub(super) blocks: &'a [Block],
    pub(super) border: Border,
}

/// Limits of one tile's rows in one block.
#[derive(Clone, Copy)]
struct Limits {
    certain: Strip,
    possible: Strip,
    /// The largest possible one.
    widest: f32,
}

impl Count<'_> {
    /// The counts of every slot, itself among them.
    ///
    /// # Safety
    /// The instructions of `L` must exist.
    #[inline(always)]
    pub(super) unsafe fn run<L: Lanes, N: Norm>(&self) -> Vec<u32> {
        let tiled = self.tiled;
        let mut counts = vec![0; tiled.tiles() * WIDTH];
        let mut hull = Hull::default();
        let mut hulls = vec![Hull::default(); WIDTH];
        for group in 0..tiled.groups() {
            let own_tiles = group * WIDTH..((group + 1) * WIDTH).min(tiled.tiles());
            let limits: Vec<[Limits; BLOCKS]> = own_tiles.clone().map(|tile| self.limits::<N>(tile)).collect();
            own_tiles.clone().zip(&mut hulls).for_each(|(tile, hull)| hull.set(&tiled.boxes, tiled.dim, tile));
            hull.set(&tiled.hulls, tiled.dim, group);
            let widest = std::array::from_fn(|block| limits.iter().fold(-1.0, |most, l| f32::max(most, l[block].widest)));
            for (sixteen, bounds) in tiled.hulls.chunks(tiled.dim).enumerate() {
                // SAFETY: the caller's promise.
                let mut groups = unsafe { self.close::<L, N>(&hull, bounds, &widest) };
                while groups != 0 {
                    let [lane] = take(&mut groups);
                    let other = sixteen * WIDTH + lane;
                    for (own, tile) in own_tiles.clone().enumerate() {
                        // SAFETY: the caller's promise.
                        unsafe { self.across::<L, N>(&hulls[own], &limits[own], tile, other, &mut counts[tile * WIDTH..][..WIDTH]) };
                    }
                }
            }
        }
        counts.truncate(tiled.rows());
        counts
    }

    fn limits<N: Norm>(&self, tile: usize) -> [Limits; BLOCKS] {
        let nobody = Limits { certain: Strip::all(-1.0), possible: Strip::all(-1.0), widest: -1.0 };
        let mut limits = [nobody; BLOCKS];
        for (limits, block) in limits.iter_mut().zip(self.blocks) {
            for lane in 0..self.tiled.population(tile) {
                let slot = tile * WIDTH + lane;
                let (certain, possible) = self.tiled.bounds::<N>(slot, block.radii[slot], self.border);
                (limits.certain.0[lane], limits.possible.0[lane]) = (certain, possible);
                limits.widest = limits.widest.max(possible);
            }
        }
        limits
    }

    /// Which of sixteen boxes are near enough to a box.
    #[inline(always)]
    unsafe fn close<L: Lanes, N: Norm>(&self, hull: &Hull, bounds: &[super::layout::Bounds], widest: &[f32; BLOCKS]) -> u32 {
        let mut near = u32::MAX;
        for (block, &widest) in self.blocks.iter().zip(widest) {
            // SAFETY: the caller's promise.
            near &= unsafe { between::<L, N>(hull, bounds, block.columns.clone()).at_most(L::splat(widest)) };
        }
        near
    }

    #[inline(always)]
    unsafe fn across<L: Lanes, N: Norm>(
        &self,
        hull: &Hull,
        limits: &[Limits; BLOCKS],
        own: usize,
        other: usize,
        counts: &mut [u32],
    ) {
        let widest = std::array::from_fn(|block| limits[block].widest);
        // SAFETY: the caller's promise.
        unsafe {
            let mut tiles = self.close::<L, N>(hull, self.tiled.tile_boxes(other), &widest);
            while tiles != 0 {
                let [lane] = take(&mut tiles);
                self.visit::<L, N>(limits, own, other * WIDTH + lane, counts);
            }
        }
    }

    /// Rows of one tile against the sixteen of another.
    #[inline(always)]
    unsafe fn visit<L: Lanes, N: Norm>(&self, limits: &[Limits; BLOCKS], own: usize, tile: usize, counts: &mut [u32]) {
        let tiled = self.tiled;
        let (rows, others) = (tiled.tile(own), tiled.tile(tile));
        // SAFETY: the caller's promise.
        unsafe {
            let mut wanted = u32::MAX;
            for (block, limits) in self.blocks.iter().zip(limits) {
                let gaps = to_box::<L, N>(rows, tiled.tile_boxes(tile / WIDTH), tile % WIDTH, block.columns.clone());
                wanted &= gaps.at_most(L::load(&limits.possible));
            }
            if tiled.dim <= FEW {
                wanted &= !self.whole::<L, N>(limits, own, tile, wanted, counts);
            }
            while wanted != 0 {
                let fresh = wanted.count_ones().min(4) as usize;
                let lanes = take::<4>(&mut wanted);
                let (mut possible, mut certain) = ([u32::MAX; 4], [u32::MAX; 4]);
                for (block, limits) in self.blocks.iter().zip(limits) {
                    let distances = distances::<L, N, 4>(rows, lanes, others, block.columns.clone());
                    for i in 0..4 {
                        possible[i] &= distances[i].at_most(L::splat(limits.possible.0[lanes[i]]));
                        certain[i] &= distances[i].at_most(L::splat(limits.certain.0[lanes[i]]));
                    }
                }
                let unsure: [u32; 4] = std::array::from_fn(|i| possible[i] ^ certain[i]);
                if unsure[0] | unsure[1] | unsure[2] | unsure[3] != 0 {
                    for i in (0..fresh).filter(|&i| unsure[i] != 0) {
                        certain[i] |= self.decide::<L, N>(own * WIDTH + lanes[i], tile, unsure[i]);
                    }
                }
                for i in 0..fresh {
                    counts[lanes[i]] += certain[i].count_ones();
                }
            }
        }
    }

    /// Which rows have a whole tile within their radii; it is counted at once.
    #[inline(always)]
    unsafe fn whole<L: Lanes, N: Norm>(
        &self,
        limits: &[Limits; BLOCKS],
        own: usize,
        tile: usize,
        wanted: u32,
        counts: &mut [u32],
    ) -> u32 {
        let bounds = self.tiled.tile_boxes(tile / WIDTH);
        let mut whole = wanted;
        for (block, limits) in self.blocks.iter().zip(limits) {
            // SAFETY: the caller's promise.
            whole &= unsafe {
                let corners = to_corner::<L, N>(self.tiled.tile(own), bounds, tile % WIDTH, block.columns.clone());
                corners.at_most(L::load(&limits.certain))
            };
        }
        let mut rows = whole;
        while rows != 0 {
            let [lane] = take(&mut rows);
            counts[lane] += self.tiled.population(tile) as u32;
        }
        whole
    }

    /// Which of the unsure rows of a tile are within the radii of a slot.
    #[inline(always)]
    unsafe fn decide<L: Lanes, N: Norm>(&self, slot: usize, tile: usize, unsure: u32) -> u32 {
        let (rows, others) = (self.tiled.truth(slot / WIDTH), self.tiled.truth(tile));
        let mut within = unsure;
        for block in self.blocks {
            let (rows, others) = (&rows[block.columns.clone()], &others[block.columns.clone()]);
            // SAFETY: the caller's promise.
            within &= unsafe { N::within::<L>(rows, slot % WIDTH, others, block.radii[slot], self.border) };
        }
        within
    }
}
