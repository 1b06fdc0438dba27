//! How many rows lie within every row's radius: sure in f32 but for a few, which f64 decides.

use std::ops::Range;

use super::gaps::{Hull, between, distances, take, to_box, to_corner};
use super::lanes::{Lanes, Strip, WIDTH};
use super::layout::{Bounds, Tiled};
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

/// Limits of one tile's rows in one block, as filter values.
#[derive(Clone, Copy)]
struct Limits {
    certain: Strip,
    possible: Strip,
    /// The largest possible one.
    widest: f32,
}

/// One tile's rows as those that ask.
struct Asking {
    tile: usize,
    /// Those that exist.
    rows: u32,
    hull: Hull,
    limits: [Limits; BLOCKS],
}

impl Count<'_> {
    /// The counts of every slot, itself among them.
    ///
    /// # Safety
    /// The instructions of `L` must exist, here and below.
    #[inline(always)]
    pub(super) unsafe fn run<L: Lanes, N: Norm>(&self) -> Vec<u32> {
        let tiles = self.tiled.tiles();
        let mut counts = vec![0; tiles * WIDTH];
        for group in 0..self.tiled.groups() {
            let own = group * WIDTH..((group + 1) * WIDTH).min(tiles);
            let asking: Vec<Asking> = own.map(|tile| self.asking::<N>(tile)).collect();
            // SAFETY: the caller's promise.
            for other in unsafe { self.groups_near::<L, N>(group, &asking) } {
                for asking in &asking {
                    let counts = &mut counts[asking.tile * WIDTH..][..WIDTH];
                    // SAFETY: the caller's promise.
                    unsafe { self.across::<L, N>(asking, other, counts) };
                }
            }
        }
        counts.truncate(self.tiled.rows());
        counts
    }

    fn asking<N: Norm>(&self, tile: usize) -> Asking {
        let nobody = Limits { certain: Strip::all(-1.0), possible: Strip::all(-1.0), widest: -1.0 };
        let mut limits = [nobody; BLOCKS];
        let population = self.tiled.population(tile * WIDTH, WIDTH);
        for (limits, block) in limits.iter_mut().zip(self.blocks) {
            for lane in 0..population {
                let slot = tile * WIDTH + lane;
                let (certain, possible) = self.tiled.bounds::<N>(slot, block.radii[slot], self.border);
                (limits.certain.0[lane], limits.possible.0[lane]) = (certain, possible);
                limits.widest = limits.widest.max(possible);
            }
        }
        let rows = u32::MAX >> (32 - population);
        Asking { tile, rows, hull: Hull::of(&self.tiled.boxes, self.tiled.dim, tile), limits }
    }

    /// The groups that any row of a group may reach.
    #[inline(always)]
    unsafe fn groups_near<L: Lanes, N: Norm>(&self, group: usize, asking: &[Asking]) -> Vec<usize> {
        let hull = Hull::of(&self.tiled.hulls, self.tiled.dim, group);
        let widest =
            |block: usize| asking.iter().fold(-1.0, |most, asking| f32::max(most, asking.limits[block].widest));
        let widest = std::array::from_fn(widest);
        let mut near = Vec::new();
        for (sixteen, bounds) in self.tiled.hulls.chunks(self.tiled.dim).enumerate() {
            // SAFETY: the caller's promise.
            let mut groups = unsafe { self.close::<L, N>(&hull, bounds, widest) };
            while groups != 0 {
                let [lane] = take(&mut groups);
                near.push(sixteen * WIDTH + lane);
            }
        }
        near
    }

    /// Which of sixteen boxes are near enough to a box.
    #[inline(always)]
    unsafe fn close<L: Lanes, N: Norm>(&self, hull: &Hull, bounds: &[Bounds], widest: [f32; BLOCKS]) -> u32 {
        let mut near = u32::MAX;
        for (block, widest) in self.blocks.iter().zip(widest) {
            // SAFETY: the caller's promise.
            near &= unsafe { between::<L, N>(hull, bounds, block.columns.clone()).at_most(L::splat(widest)) };
        }
        near
    }

    /// One tile's rows against the tiles of a group.
    #[inline(always)]
    unsafe fn across<L: Lanes, N: Norm>(&self, asking: &Asking, other: usize, counts: &mut [u32]) {
        let [first, second] = &asking.limits;
        let (bounds, mut rows) = (self.tiled.tile_boxes(other), u32::MAX);
        // SAFETY: the caller's promise.
        unsafe {
            if self.tiled.dim <= FEW {
                let hulls = self.tiled.group_hulls(other / WIDTH);
                let whole = self.whole::<L, N>(asking, hulls, other % WIDTH, rows);
                add(counts, whole, self.tiled.population(other * GROUP, GROUP));
                rows &= !whole;
                if rows & asking.rows == 0 {
                    return;
                }
            }
            let mut tiles = self.close::<L, N>(&asking.hull, bounds, [first.widest, second.widest]);
            while tiles != 0 {
                let [lane] = take(&mut tiles);
                self.visit::<L, N>(asking, rows, other * WIDTH + lane, counts);
            }
        }
    }

    /// One tile's rows against the sixteen of another.
    #[inline(always)]
    unsafe fn visit<L: Lanes, N: Norm>(&self, asking: &Asking, mut wanted: u32, tile: usize, counts: &mut [u32]) {
        let (bounds, lane) = (self.tiled.tile_boxes(tile / WIDTH), tile % WIDTH);
        let rows = self.tiled.tile(asking.tile);
        // SAFETY: the caller's promise.
        unsafe {
            for (block, limits) in self.blocks.iter().zip(&asking.limits) {
                let gaps = to_box::<L, N>(rows, bounds, lane, block.columns.clone());
                wanted &= gaps.at_most(L::load(&limits.possible));
            }
            if self.tiled.dim <= FEW {
                let whole = self.whole::<L, N>(asking, bounds, lane, wanted);
                add(counts, whole, self.tiled.population(tile * WIDTH, WIDTH));
                wanted &= !whole;
            }
            // Four rows share each load of the others' coordinates.
            while wanted.count_ones() > 2 {
                self.compare::<L, N, 4>(asking, tile, &mut wanted, counts);
            }
            match wanted.count_ones() {
                0 => {}
                1 => self.compare::<L, N, 1>(asking, tile, &mut wanted, counts),
                _ => self.compare::<L, N, 2>(asking, tile, &mut wanted, counts),
            }
        }
    }

    /// Counts the sixteen rows of a tile for the first of the rows that want them.
    #[inline(always)]
    unsafe fn compare<L: Lanes, N: Norm, const B: usize>(
        &self,
        asking: &Asking,
        tile: usize,
        wanted: &mut u32,
        counts: &mut [u32],
    ) {
        let fresh = wanted.count_ones().min(B as u32) as usize;
        let lanes = take::<B>(wanted);
        let (rows, others) = (self.tiled.tile(asking.tile), self.tiled.tile(tile));
        let (mut possible, mut certain) = ([u32::MAX; B], [u32::MAX; B]);
        // SAFETY: the caller's promise.
        unsafe {
            for (block, limits) in self.blocks.iter().zip(&asking.limits) {
                let distances = distances::<L, N, B>(rows, lanes, others, block.columns.clone());
                for i in 0..B {
                    possible[i] &= distances[i].at_most(L::splat(limits.possible.0[lanes[i]]));
                    certain[i] &= distances[i].at_most(L::splat(limits.certain.0[lanes[i]]));
                }
            }
            // Spelt out: comparing the arrays would put them into memory first.
            let unsure = (0..B).fold(0, |any, i| any | (possible[i] ^ certain[i]));
            if unsure != 0 {
                for i in 0..B {
                    if possible[i] != certain[i] {
                        let slot = asking.tile * WIDTH + lanes[i];
                        certain[i] |= self.decide::<L, N>(slot, tile, possible[i] ^ certain[i]);
                    }
                }
            }
        }
        for i in 0..fresh {
            counts[lanes[i]] += certain[i].count_ones();
        }
    }

    /// Which rows have a whole box within their radii.
    #[inline(always)]
    unsafe fn whole<L: Lanes, N: Norm>(&self, asking: &Asking, bounds: &[Bounds], lane: usize, wanted: u32) -> u32 {
        let rows = self.tiled.tile(asking.tile);
        let mut whole = wanted;
        for (block, limits) in self.blocks.iter().zip(&asking.limits) {
            // SAFETY: the caller's promise.
            whole &= unsafe {
                let corners = to_corner::<L, N>(rows, bounds, lane, block.columns.clone());
                corners.at_most(L::load(&limits.certain))
            };
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

/// Adds to the counts of some rows of a tile.
#[inline(always)]
fn add(counts: &mut [u32], mut rows: u32, population: usize) {
    while rows != 0 {
        let [lane] = take(&mut rows);
        counts[lane] += population as u32;
    }
}
