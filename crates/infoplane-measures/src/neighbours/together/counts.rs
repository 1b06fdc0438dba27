//! From ε as roundings leave it to exact counts.
//!
//! ε is known to lie between two numbers. Where the K-th row is the only one as far as that, along x, or in (y, z) and
//! there along z or not, all counts are those below the lower number. Where more rows are, or the list of near rows was
//! too short, the row is answered anew in f64, in order of x.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;
use std::ops::Range;

use super::super::sorted::{Axis, Inside};
use super::lookup::{Below, Lookup};
use super::places::Places;
use super::search::{Near, OF_DISTANCE, OF_VALUES, ROUNDING};
use super::table::Table;
use super::{Source, UNKNOWN_ROWS, UNKNOWN_SHARE};

/// Values read past the last.
const PADDING: usize = 8;

/// What (y, z) fix for all sources.
#[derive(Debug, Default)]
pub(super) struct Target {
    pub(super) y: Lookup,
    pub(super) z: Lookup,
    pub(super) yz: Table,
    /// y and z as they are, at each place.
    pub(super) own: [Vec<f64>; 2],
    /// The larger of |y| and |z| at each place, less their middles.
    pub(super) largest: Vec<f64>,
    /// y and z as they are and the rank along z, of each row.
    pub(super) rows: Vec<([f64; 2], u16)>,
}

impl Target {
    /// Takes y and z; their lookups are filled already.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn fill(&mut self, places: &Places, y: &Axis, z: &Axis) {
        let Self { yz, own, largest, rows, .. } = self;
        rows.clear();
        rows.extend(places.rows.iter().map(|&(_, rank)| ([0.0; 2], rank)));
        for (number, axis) in [y, z].into_iter().enumerate() {
            axis.rows.iter().zip(&axis.values).for_each(|(&row, &value)| rows[row as usize].0[number] = value);
            own[number].clear();
            own[number].extend(places.row.iter().map(|&row| rows[row as usize].0[number]));
        }
        largest.clear();
        largest.extend(places.own.iter().map(|own| own[0].abs().max(own[1].abs())));
        let along_z: Vec<u16> = y.rows.iter().map(|&row| rows[row as usize].1).collect();
        yz.fill(&along_z);
    }
}

/// One source in order of its values.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// x at each place.
    own: Vec<f64>,
    /// Rank along z of each rank.
    along_z: Vec<u16>,
    /// Rank of each rank along z.
    rank: Vec<u16>,
    /// x, y and z of each rank, then infinity.
    values: [Vec<f64>; 3],
    xz: Table,
}

/// One source, and what the search found for it at each place.
pub(super) struct Found<'a> {
    pub(super) lookup: &'a Lookup,
    pub(super) middle: f64,
    pub(super) kth: &'a [f32],
    pub(super) near: &'a [Near],
    pub(super) neighbours: usize,
}

impl Sorted {
    /// Takes another source.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn fill(&mut self, source: &Source, target: &Target, places: &Places) {
        let n = places.row.len();
        self.own.clear();
        self.own.extend(places.row.iter().map(|&row| source.column[row as usize]));
        self.rank.resize(n, 0);
        self.along_z.resize(n, 0);
        self.values[0].clone_from(&source.axis.values);
        for values in &mut self.values {
            values.resize(n + PADDING, f64::INFINITY);
            values[n..].fill(f64::INFINITY);
        }
        let [_, ys, zs] = &mut self.values;
        let to = self.along_z.iter_mut().zip(ys).zip(zs);
        for ((rank, &row), ((along_z, y), z)) in (0..).zip(&source.axis.rows).zip(to) {
            let (own, own_rank) = target.rows[row as usize];
            ([*y, *z], *along_z) = (own, own_rank);
            self.rank[own_rank as usize] = rank;
        }
        self.xz.fill(&self.along_z);
    }

    /// The counts of all places; says whether few enough were doubtful.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn count<const KEPT: usize>(
        &self,
        target: &Target,
        places: &Places,
        found: &Found,
        to: &mut Vec<Inside>,
    ) -> bool {
        let n = places.row.len();
        to.clear();
        to.resize(n, Inside::default());
        let (mut block, mut anew) = (Block::default(), 0);
        for first in (0..n).step_by(BLOCK) {
            let some = first..(first + BLOCK).min(n);
            block.bound(self, target, found, some.clone());
            for (at, place) in some.enumerate() {
                let near = found.near[place];
                // SAFETY: this function runs where AVX-512 exists.
                let clear = !near.is_unknown() && unsafe { block.inside(&self.xz, at, near, &mut to[place]) };
                if !clear {
                    anew += 1;
                    to[place] = self.exactly::<KEPT>(target, places, found, place);
                }
            }
            if anew > UNKNOWN_ROWS + (first + BLOCK) / UNKNOWN_SHARE {
                return false;
            }
        }
        true
    }

    /// The same from all rows near enough in x.
    #[cold]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn exactly<const KEPT: usize>(&self, target: &Target, places: &Places, found: &Found, place: usize) -> Inside {
        let own = [self.own[place], target.own[0][place], target.own[1][place]];
        let rank = self.rank[places.rank[place] as usize] as usize;
        // ε is at most the K-th distance within the list
        let kth = f64::from(found.kth[place]);
        let largest = target.largest[place].max((own[0] - found.middle).abs());
        let limit = kth + (OF_VALUES * largest + OF_DISTANCE * kth) * ROUNDING;
        let radius = self.radius::<KEPT>(own, rank, limit, found.neighbours);
        // SAFETY: this function runs where AVX-512 exists.
        let [x, y, z] = unsafe {
            [range(found.lookup, own[0], radius), range(&target.y, own[1], radius), range(&target.z, own[2], radius)]
        };
        // SAFETY: as above.
        let (xz, yz) = unsafe { (self.xz.count(x, z), target.yz.count(y, z)) };
        let z = z[1] - z[0];
        // a row is inside its own radius, unless that is 0
        Inside { xz: xz.saturating_sub(1), yz: yz.saturating_sub(1), z: z.saturating_sub(1) }
    }

    /// ε, which is at most `limit`: the K-th distance to the rows before and after in x.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn radius<const KEPT: usize>(&self, own: [f64; 3], rank: usize, limit: f64, neighbours: usize) -> f64 {
        let (n, x, values) = (self.along_z.len(), own[0], &self.values[0]);
        let mut nearest = Nearest::<KEPT>::none(neighbours);
        let mut after = rank + 1;
        while after < n && values[after] - x <= limit {
            nearest.take(self.eight(after, own), u8::MAX);
            after += 8;
        }
        let mut before = rank;
        while before > 0 && x - values[before - 1] <= limit {
            let from = before.saturating_sub(8);
            nearest.take(self.eight(from, own), ((1_u32 << (before - from)) - 1) as u8);
            before = from;
        }
        nearest.last(neighbours)
    }

    /// The distances to eight rows from a rank on.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn eight(&self, rank: usize, own: [f64; 3]) -> __m512d {
        let mut apart = _mm512_setzero_pd();
        for (values, own) in self.values.iter().zip(own) {
            let values = &values[rank..rank + 8];
            // SAFETY: eight numbers.
            let values = unsafe { _mm512_loadu_pd(values.as_ptr()) };
            apart = _mm512_max_pd(apart, _mm512_abs_pd(_mm512_sub_pd(values, _mm512_set1_pd(own))));
        }
        apart
    }
}

/// The smallest distances of each lane, ascending.
struct Nearest<const KEPT: usize>([__m512d; KEPT]);

impl<const KEPT: usize> Nearest<KEPT> {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn none(neighbours: usize) -> Self {
        let mut none = [_mm512_set1_pd(f64::INFINITY); KEPT];
        none[neighbours..].fill(_mm512_set1_pd(f64::NEG_INFINITY));
        none.rotate_right(KEPT - neighbours);
        Self(none)
    }

    /// Takes the lanes marked in `there`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn take(&mut self, apart: __m512d, there: u8) {
        let apart = _mm512_mask_mov_pd(_mm512_set1_pd(f64::INFINITY), there, apart);
        for kept in (1..KEPT).rev() {
            self.0[kept] = _mm512_min_pd(self.0[kept], _mm512_max_pd(self.0[kept - 1], apart));
        }
        self.0[0] = _mm512_min_pd(self.0[0], apart);
    }

    /// The K-th smallest of all lanes: the smallest is taken away K times.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn last(mut self, neighbours: usize) -> f64 {
        let spare = KEPT - neighbours;
        for _ in 1..neighbours {
            let first = self.0[spare];
            let smallest = _mm512_set1_pd(_mm512_reduce_min_pd(first));
            let lanes = _mm512_cmp_pd_mask::<_CMP_EQ_OQ>(first, smallest);
            let lane = lanes & lanes.wrapping_neg();
            for kept in 0..KEPT - 1 {
                self.0[kept] = _mm512_mask_mov_pd(self.0[kept], lane, self.0[kept + 1]);
            }
            self.0[KEPT - 1] = _mm512_mask_mov_pd(self.0[KEPT - 1], lane, _mm512_set1_pd(f64::INFINITY));
        }
        _mm512_reduce_min_pd(self.0[spare])
    }
}

/// The ranks strictly within a radius of a value.
///
/// # Safety
/// The machine must have AVX-512 F, BW, DQ and VL.
#[inline(always)]
unsafe fn range(lookup: &Lookup, value: f64, radius: f64) -> [u32; 2] {
    // SAFETY: the caller's promise.
    unsafe {
        let mut cells = [[0; 8]; 2];
        lookup.cells(_mm512_set1_pd(value - radius), cells[0].as_mut_ptr());
        lookup.cells(_mm512_set1_pd(value + radius), cells[1].as_mut_ptr());
        let low = lookup.below(value, [radius; 2], cells[0][0]).maybe;
        [low, lookup.below(value, [-radius; 2], cells[1][0]).surely.max(low)]
    }
}

/// Places bounded together: each step alone is short, and the machine does many at a time.
const BLOCK: usize = 64;

/// Some places: where ε may lie, and what ranks that makes.
struct Block {
    /// The least and the most that ε may be.
    ends: [[f64; BLOCK]; 2],
    /// The same for the other side: less the most, less the least.
    opposite: [[f64; BLOCK]; 2],
    /// Cells of x − most, x + least, z − most, z + least.
    cells: [[u32; BLOCK]; 4],
    x: [[Below; BLOCK]; 2],
    z: [[Below; BLOCK]; 2],
}

impl Default for Block {
    fn default() -> Self {
        let below = [[Below::default(); BLOCK]; 2];
        let ends = [[0.0; BLOCK]; 2];
        Self { ends, opposite: ends, cells: [[0; BLOCK]; 4], x: below, z: below }
    }
}

impl Block {
    /// Bounds the places `some`.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn bound(&mut self, source: &Sorted, target: &Target, found: &Found, some: Range<usize>) {
        let len = some.len();
        let (x, z) = (&source.own[some.clone()], &target.own[1][some.clone()]);
        let (largest, kth) = (&target.largest[some.clone()], &found.kth[some]);
        for at in (0..len).step_by(8) {
            let there = _bzhi_u32(0xff, (len - at) as u32) as u8;
            // SAFETY: the lanes read are those of the numbers that are there; `at + 8` is at most BLOCK.
            unsafe {
                let (x, z) =
                    (_mm512_maskz_loadu_pd(there, &raw const x[at]), _mm512_maskz_loadu_pd(there, &raw const z[at]));
                let largest = _mm512_maskz_loadu_pd(there, &raw const largest[at]);
                let kth = _mm512_cvtps_pd(_mm256_maskz_loadu_ps(there, &raw const kth[at]));
                // where there is none any will do, but none that takes long
                let some = _mm512_cmp_pd_mask::<_CMP_LT_OQ>(kth, _mm512_set1_pd(f64::INFINITY));
                let kth = _mm512_maskz_mov_pd(some, kth);
                let largest = _mm512_max_pd(largest, _mm512_abs_pd(_mm512_sub_pd(x, _mm512_set1_pd(found.middle))));
                let slack = _mm512_fmadd_pd(
                    largest,
                    _mm512_set1_pd(OF_VALUES),
                    _mm512_mul_pd(kth, _mm512_set1_pd(OF_DISTANCE)),
                );
                let slack = _mm512_mul_pd(slack, _mm512_set1_pd(ROUNDING));
                let least = _mm512_max_pd(_mm512_sub_pd(kth, slack), _mm512_setzero_pd());
                let most = _mm512_add_pd(kth, slack);
                let none = _mm512_setzero_pd();
                _mm512_storeu_pd(&raw mut self.ends[0][at], least);
                _mm512_storeu_pd(&raw mut self.ends[1][at], most);
                _mm512_storeu_pd(&raw mut self.opposite[0][at], _mm512_sub_pd(none, most));
                _mm512_storeu_pd(&raw mut self.opposite[1][at], _mm512_sub_pd(none, least));
                found.lookup.cells(_mm512_sub_pd(x, most), &raw mut self.cells[0][at]);
                found.lookup.cells(_mm512_add_pd(x, least), &raw mut self.cells[1][at]);
                target.z.cells(_mm512_sub_pd(z, most), &raw mut self.cells[2][at]);
                target.z.cells(_mm512_add_pd(z, least), &raw mut self.cells[3][at]);
            }
        }
        let (ends, opposite) =
            ([&self.ends[0][..len], &self.ends[1][..len]], [&self.opposite[0][..len], &self.opposite[1][..len]]);
        found.lookup.all_below(x, ends, &self.cells[0], &mut self.x[0]);
        found.lookup.all_below(x, opposite, &self.cells[1], &mut self.x[1]);
        target.z.all_below(z, ends, &self.cells[2], &mut self.z[0]);
        target.z.all_below(z, opposite, &self.cells[3], &mut self.z[1]);
    }

    /// The counts of one of the places; says whether roundings leave no doubt.
    ///
    /// # Safety
    /// The machine must have AVX-512 F, BW, DQ and VL.
    #[inline(always)]
    unsafe fn inside(&self, xz: &Table, at: usize, near: Near, to: &mut Inside) -> bool {
        let (x, z) = ([&self.x[0][at], &self.x[1][at]], [&self.z[0][at], &self.z[1][at]]);
        let border_x = (x[0].maybe - x[0].surely) + (x[1].maybe - x[1].surely);
        let border_z = (z[0].maybe - z[0].surely) + (z[1].maybe - z[1].surely);
        if (border_x + near.border() != 1) | (border_z != near.border_z()) {
            return false;
        }
        // what may be on the border is, and that is not strictly inside
        let (x, z) = ([x[0].maybe, x[1].surely], [z[0].maybe, z[1].surely]);
        // SAFETY: the caller's promise.
        let xz = unsafe { xz.count(x, z) };
        *to = Inside { xz: xz - 1, yz: near.inside(), z: z[1] - z[0] - 1 };
        true
    }
}
