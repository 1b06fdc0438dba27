//! From ε as roundings leave it to exact counts.
//!
//! ε is known within a few units. Where the K-th row is the only one as far as that, along x, or in (y, z) and there along
//! z or not, all counts are those below the lower end. Where more rows are, or the list of near rows was too short, the
//! row is answered anew.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

use super::super::sorted::Inside;
use super::anew::Later;
use super::places::{Column, Lanes, Places, Scaled, fetch};
use super::search::{Near, lanes, load};
use super::table::Table;
use super::within::{Ends, Picked, Within};
use super::{LANES, Source, first_lanes, from_the_middle, most_exact, most_short};

/// What (y, z) fix for all sources.
#[derive(Debug, Default)]
pub(super) struct Target {
    pub(super) yz: Table,
    /// z at each place, in its own units.
    pub(super) z: Column,
    /// y and z of each row.
    pub(super) rows: Vec<[f64; 2]>,
}

impl Target {
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn fill(&mut self, places: &Places, y: &Scaled, z: &Scaled) {
        let n = places.row.len();
        self.z.resize(n);
        self.z.iter_mut().zip(&places.row).for_each(|(z_at, &row)| *z_at = z.column.units[row as usize]);
        self.rows.resize(n, [0.0; 2]);
        for (number, Source { rows, values, .. }) in [y.column, z.column].into_iter().enumerate() {
            rows.iter().zip(values).for_each(|(&row, &value)| self.rows[row as usize][number] = value);
        }
        self.yz.fill(y.column.rows.iter().map(|&row| places.rows[row as usize].rank));
    }
}

/// One source in order of its values.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// x at each place, in its own units.
    pub(super) own: Column,
    /// x, y and z of each rank in common units, then the largest number.
    pub(super) values: [Column; 3],
    pub(super) xz: Table,
    pub(super) later: Later,
    /// Distances of a row answered with ε in f64, and of those that may be ε the exact ones.
    pub(super) apart: Column,
    pub(super) exact: Vec<f64>,
}

/// Places that are brought from ε to counts together, and the sixteens of them.
const CHUNK: usize = BLOCKS * LANES;
const BLOCKS: usize = 8;

/// What is known of them on the way.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    ends: [Ends<2>; BLOCKS],
    within: [[Within; 2]; BLOCKS],
    /// What a cell does not tell, and what is told once more.
    untold: Picked<{ 8 * CHUNK + LANES }>,
    unknown: Picked<{ CHUNK + LANES }>,
    doubtful: Picked<{ CHUNK + LANES }>,
}

/// (y, z), one source, and what the search found for it at each place.
pub(super) struct Found<'a> {
    pub(super) target: &'a Target,
    pub(super) places: &'a Places,
    pub(super) y: Scaled<'a>,
    pub(super) z: Scaled<'a>,
    pub(super) x: Scaled<'a>,
    pub(super) kth: &'a mut [i32],
    pub(super) near: &'a mut [i32],
    pub(super) neighbours: usize,
}

/// The source after, and what was found for it first of all.
pub(super) struct Next<'a> {
    pub(super) x: Scaled<'a>,
    pub(super) kth: &'a [i32],
    pub(super) near: &'a [i32],
}

impl Next<'_> {
    /// Has the share of `LANES` rows of `n` fetched into the cache: to read it without warning would take much longer.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn fetch(&self, first: usize, n: usize) {
        self.x.fetch(first, n);
        fetch(&self.kth[..n], first, n);
        fetch(&self.near[..n], first, n);
    }
}

impl Sorted {
    /// Takes another source.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn fill(&mut self, x: &Scaled, places: &Places) {
        let n = places.row.len();
        self.own.resize(n);
        self.own.iter_mut().zip(&places.row).for_each(|(own, &row)| *own = x.column.units[row as usize]);
        let [xs, ys, zs] = &mut self.values;
        for values in [&mut *xs, &mut *ys, &mut *zs] {
            values.resize(n);
        }
        xs.iter_mut().zip(&x.column.lookup.sorted).for_each(|(to, value)| *to = value >> x.shift);
        let values = ys.iter_mut().zip(&mut **zs).zip(x.column.rows);
        self.xz.fill(values.map(|((y, z), &row)| {
            let row = places.rows[row as usize];
            [*y, *z] = row.yz;
            row.rank
        }));
    }

    /// The counts of all places; says whether few enough were doubtful.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn count<const KEPT: usize>(
        &mut self,
        found: &mut Found,
        next: Option<&Next>,
        chunk: &mut Chunk,
        to: &mut Vec<Inside>,
    ) -> bool {
        let n = found.places.row.len();
        // every place is written below
        to.resize(n, Inside::default());
        self.later.clear(n);
        let (mut unknown, mut doubtful) = (0, 0);
        for (seen, first) in from_the_middle(n, CHUNK).enumerate() {
            // each step goes through all of these places before the next: nothing has to wait for what was just put down
            self.look_up(found, next, first, chunk);
            self.add_up(found, first, chunk, to);
            for &place in chunk.unknown.all() {
                self.later.put(self.rank(found, place as usize), place as usize);
            }
            for &place in chunk.doubtful.all() {
                to[place as usize] = self.exactly::<KEPT>(found, place as usize);
            }
            unknown += chunk.unknown.all().len();
            doubtful += chunk.doubtful.all().len();
            let rows = (seen + 1) * CHUNK;
            if unknown > most_short(rows, n) + most_exact(rows) || doubtful > most_exact(rows) {
                return false;
            }
        }
        self.anew::<KEPT>(found, to)
    }

    /// The ranks within ε along x and z.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn look_up(&self, found: &Found, next: Option<&Next>, first: usize, chunk: &mut Chunk) {
        let (n, axes) = (found.places.row.len(), [&found.x, &found.z]);
        let Chunk { ends, within, untold, .. } = chunk;
        untold.clear();
        for (ends, first) in ends.iter_mut().zip((first..n).step_by(LANES)) {
            if let Some(next) = next {
                next.fetch(first, n);
            }
            let own = [load_from(&self.own[first..]), load_from(&found.target.z[first..])];
            ends.find(axes, own, load_from(&found.kth[first..]));
        }
        for (number, (within, first)) in within.iter_mut().zip((first..n).step_by(LANES)).enumerate() {
            let near = load_from(&found.near[first..]);
            let known = _mm512_testn_epi32_mask(near, _mm512_set1_epi32(Near::UNKNOWN)) & first_lanes(n - first);
            let told;
            (*within, told) = ends[number].within(axes, known, number, untold);
            Ends::<2>::tell_all(number, told & !clear(near, within), untold);
        }
        Ends::tell(ends, axes, untold, within);
    }

    /// Counts from ranks, and which places have none or none that are sure.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn add_up(&self, found: &Found, first: usize, chunk: &mut Chunk, to: &mut [Inside]) {
        let n = found.places.row.len();
        let Chunk { within, unknown, doubtful, .. } = chunk;
        unknown.clear();
        doubtful.clear();
        for (within, first) in within.iter().zip((first..n).step_by(LANES)) {
            let (near, live) = (load_from(&found.near[first..]), first_lanes(n - first));
            let has = |bit: i32| _mm512_test_epi32_mask(near, _mm512_set1_epi32(bit));
            let (clear, lost) = (clear(near, within), has(Near::UNKNOWN));
            unknown.pick(lost & live, first as u32);
            doubtful.pick(!lost & !clear & live, first as u32);
            let [x, z] = [within[0].bounded(n), within[1].bounded(n)];
            let one = _mm512_set1_epi32(1);
            let inside = _mm512_and_si512(near, _mm512_set1_epi32(Near::INSIDE));
            let counts = Counts {
                xz: self.xz.counts(&x, &z),
                yz: lanes(_mm512_add_epi32(inside, one)),
                z: lanes(_mm512_sub_epi32(load(&z[1]), load(&z[0]))),
            };
            for (lane, to) in to[first..].iter_mut().enumerate().take(LANES) {
                *to = counts.of(lane);
            }
        }
    }

    /// The rank along x of the row at a place.
    pub(super) fn rank(&self, found: &Found, place: usize) -> usize {
        self.xz.rank(found.places.rows[found.places.row[place] as usize].rank) as usize
    }
}

/// The lanes where one row only may be as far as ε: along x, or in (y, z) and there along z or not.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn clear(near: __m512i, [x, z]: &[Within; 2]) -> u16 {
    let has = |bit: i32| _mm512_test_epi32_mask(near, _mm512_set1_epi32(bit));
    let (one, of_x) = (_mm512_set1_epi32(1), x.border());
    let all = _mm512_mask_add_epi32(of_x, has(Near::BORDER), of_x, one);
    let of_z = _mm512_maskz_mov_epi32(has(Near::BORDER_Z), one);
    _mm512_cmpeq_epi32_mask(all, one) & _mm512_cmpeq_epi32_mask(z.border(), of_z)
}

/// Counts of sixteen places, each with the row itself.
pub(super) struct Counts {
    pub(super) xz: Lanes,
    pub(super) yz: Lanes,
    pub(super) z: Lanes,
}

impl Counts {
    /// Those of one lane, without the row itself.
    #[inline]
    pub(super) fn of(&self, lane: usize) -> Inside {
        let of = |count: &Lanes| count.0[lane].wrapping_sub(1).cast_unsigned();
        Inside { xz: of(&self.xz), yz: of(&self.yz), z: of(&self.z) }
    }
}

/// The first sixteen numbers.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
pub(super) fn load_from(some: &[i32]) -> __m512i {
    // SAFETY: sixteen numbers.
    unsafe { _mm512_loadu_si512(some[..LANES].as_ptr().cast()) }
}
