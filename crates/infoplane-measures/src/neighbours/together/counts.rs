//! From ε as roundings leave it to exact counts.
//!
//! ε is known within a few units. Where the K-th row is the only one as far as that, along x, or in (y, z) and there along
//! z or not, all counts are those below the lower end. Where more rows are, or the list of near rows was too short, the
//! row is answered anew, in order of x, and with ε in f64.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

use super::super::sorted::Inside;
use super::list::ROUNDING;
use super::lookup::{Below, Lookup};
use super::places::{Column, Lanes, Places, Row, Scaled, fetch};
use super::search::{Least, Near, SLACK, lanes};
use super::table::Table;
use super::{LANES, UNKNOWN_ROWS, UNKNOWN_SHARE, first_lanes};

/// More than any distance, and a sum with any value does not overflow.
const FAR: i32 = 1 << 30;

/// What (y, z) fix for all sources.
#[derive(Debug, Default)]
pub(super) struct Target {
    pub(super) yz: Table,
    /// z at each place, in its own units.
    z: Column,
    /// y and z of each row.
    rows: Vec<[f64; 2]>,
    along_z: Vec<u16>,
}

impl Target {
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn fill(&mut self, places: &Places, y: &Scaled, z: &Scaled) {
        let n = places.row.len();
        self.z.resize(n);
        self.z.iter_mut().zip(&places.row).for_each(|(z_at, &row)| *z_at = z.lookup.rows[row as usize]);
        self.rows.resize(n, [0.0; 2]);
        for (number, axis) in [y.axis, z.axis].into_iter().enumerate() {
            axis.rows.iter().zip(&axis.values).for_each(|(&row, &value)| self.rows[row as usize][number] = value);
        }
        self.along_z.clear();
        self.along_z.extend(y.axis.rows.iter().map(|&row| places.rows[row as usize].rank as u16));
        self.yz.fill(&self.along_z);
    }
}

/// One source in order of its values.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// x at each place, in its own units.
    own: Column,
    /// Rank along z of each rank.
    along_z: Vec<u16>,
    /// x, y and z of each rank in common units, then the largest number.
    values: [Column; 3],
    xz: Table,
    /// Distances of a row answered anew, and of those that may be ε the exact ones.
    apart: Column,
    exact: Vec<f64>,
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
        self.own.iter_mut().zip(&places.row).for_each(|(own, &row)| *own = x.lookup.rows[row as usize]);
        self.along_z.resize(n, 0);
        let [xs, ys, zs] = &mut self.values;
        for values in [&mut *xs, &mut *ys, &mut *zs] {
            values.resize(n);
        }
        xs.iter_mut().zip(&x.lookup.sorted).for_each(|(to, value)| *to = value >> x.shift);
        for (((along_z, y), z), &row) in self.along_z.iter_mut().zip(&mut **ys).zip(&mut **zs).zip(&x.axis.rows) {
            let row = places.rows[row as usize];
            ([*y, *z], *along_z) = (row.yz, row.rank as u16);
        }
        self.xz.fill(&self.along_z);
    }

    /// The counts of all places; says whether few enough were doubtful.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn count<const KEPT: usize>(
        &mut self,
        found: &mut Found,
        next: Option<&Next>,
        to: &mut Vec<Inside>,
    ) -> bool {
        let n = found.places.row.len();
        to.clear();
        to.resize(n, Inside::default());
        let mut anew = 0;
        for first in (0..n).step_by(LANES) {
            if let Some(next) = next {
                next.fetch(first, n);
            }
            let live = first_lanes(n - first);
            let near = load(&found.near[first..first + LANES]);
            let unknown = _mm512_test_epi32_mask(near, _mm512_set1_epi32(Near::UNKNOWN)) & live;
            anew += unknown.count_ones() as usize;
            for lane in ones(unknown) {
                found.kth[first + lane] = self.walk::<KEPT>(found, first + lane).kth;
            }
            let ranks = self.ranks(found, first, unknown);
            let xz = lanes(self.xz.counts(&ranks.x, &ranks.z));
            let some = &mut to[first..(first + LANES).min(n)];
            for (lane, to) in some.iter_mut().enumerate() {
                if ranks.clear >> lane & 1 == 1 {
                    let yz = (found.near[first + lane] & Near::INSIDE).cast_unsigned();
                    let z = ranks.z[1].0[lane] - ranks.z[0].0[lane];
                    *to = Inside { xz: (xz.0[lane] - 1).cast_unsigned(), yz, z: (z - 1).cast_unsigned() };
                } else {
                    anew += 1;
                    *to = self.exactly::<KEPT>(found, first + lane);
                }
            }
            if anew > UNKNOWN_ROWS + (first + LANES) / UNKNOWN_SHARE {
                return false;
            }
        }
        true
    }

    /// The ranks strictly within ε of sixteen places, in some of which it is `unknown` what is near in (y, z).
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn ranks(&self, found: &mut Found, first: usize, unknown: u16) -> Ranks {
        let some = first..first + LANES;
        let kth = load(&found.kth[some.clone()]);
        let (of_x, of_z) = (load(&self.own[some.clone()]), load(&found.target.z[some.clone()]));
        let (at_x, at_z) = (ends(&found.x, of_x, kth), ends(&found.z, of_z, kth));
        let (x, z) = (found.x.lookup, found.z.lookup);
        let entries = Lookup::entries([x, x, z, z], [at_x[0], at_x[1], at_z[0], at_z[1]]);
        let mut x = Within::of(&found.x, at_x, [&entries[0], &entries[1]]);
        let mut z = Within::of(&found.z, at_z, [&entries[2], &entries[3]]);
        let of = |mask: u16, number: u32| u64::from(mask) << (16 * number);
        let mut untold = of(x.untold[0], 0) | of(x.untold[1], 1) | of(z.untold[0], 2) | of(z.untold[1], 3);
        while untold != 0 {
            let bit = untold.trailing_zeros() as usize;
            untold &= untold - 1;
            let (within, scaled) = if bit < 32 { (&mut x, &found.x) } else { (&mut z, &found.z) };
            within.tell(scaled, bit / 16 % 2, bit % 16);
        }
        for lane in ones(unknown) {
            found.near[first + lane] = near(found, first + lane, z.of_lane(lane));
        }
        let bits = load(&found.near[some]);
        let known = _mm512_testn_epi32_mask(bits, _mm512_set1_epi32(Near::UNKNOWN));
        let border = _mm512_test_epi32_mask(bits, _mm512_set1_epi32(Near::BORDER));
        let border_z = _mm512_test_epi32_mask(bits, _mm512_set1_epi32(Near::BORDER_Z));
        let one = _mm512_set1_epi32(1);
        let all = load(&x.border.0);
        let only = _mm512_cmpeq_epi32_mask(_mm512_mask_add_epi32(all, border, all, one), one)
            & _mm512_cmpeq_epi32_mask(load(&z.border.0), _mm512_maskz_mov_epi32(border_z, one));
        let most = _mm512_set1_epi32((found.places.row.len() as u32).cast_signed());
        // lanes that are not known may be out of all bounds
        let bounded = |ends: &[Lanes; 2], of: usize| lanes(_mm512_min_epi32(load(&ends[of].0), most));
        let (x, z) = ([bounded(&x.ends, 0), bounded(&x.ends, 1)], [bounded(&z.ends, 0), bounded(&z.ends, 1)]);
        Ranks { x, z, clear: only & known }
    }

    /// The counts of one place with ε in f64.
    #[cold]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn exactly<const KEPT: usize>(&mut self, found: &Found, place: usize) -> Inside {
        let (row, target) = (found.places.row[place] as usize, found.target);
        let rank = self.xz.rank(found.places.rows[row].rank) as usize;
        let own = [found.x.axis.values[rank], target.rows[row][0], target.rows[row][1]];
        let radius = self.radius::<KEPT>(found, place, own);
        let x = range(&found.x, row, own[0], radius);
        let (y, z) = (range(&found.y, row, own[1], radius), range(&found.z, row, own[2], radius));
        let (xz, yz) = (self.xz.count(x, z), target.yz.count(y, z));
        let z = z[1] - z[0];
        // a row is inside its own radius, unless that is 0
        Inside { xz: xz.saturating_sub(1), yz: yz.saturating_sub(1), z: z.saturating_sub(1) }
    }

    /// ε of a place.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn radius<const KEPT: usize>(&mut self, found: &Found, place: usize, values: [f64; 3]) -> f64 {
        /// Distances here have no bits of their own.
        const MARGIN: i32 = 2 * ROUNDING;
        let Walk { kth, first } = self.walk::<KEPT>(found, place);
        let (low, high) = (_mm512_set1_epi32(kth - MARGIN), _mm512_set1_epi32(kth.saturating_add(MARGIN)));
        let mut nearer = 0;
        self.exact.clear();
        for (from, some) in (first..).step_by(LANES).zip(self.apart.chunks_exact(LANES)) {
            let some = load(some);
            nearer += _mm512_cmplt_epi32_mask(some, low).count_ones() as usize;
            let mut here = _mm512_cmpge_epi32_mask(some, low) & _mm512_cmple_epi32_mask(some, high);
            while here != 0 {
                let rank = from + here.trailing_zeros() as usize;
                here &= here - 1;
                let row = found.x.axis.rows[rank] as usize;
                let [y, z] = found.target.rows[row];
                let others = [found.x.axis.values[rank], y, z].into_iter().zip(values);
                self.exact.push(others.map(|(other, own)| (other - own).abs()).fold(0.0, f64::max));
            }
        }
        self.exact.sort_unstable_by(f64::total_cmp);
        self.exact[found.neighbours - 1 - nearer]
    }

    /// The distances in common units to the rows before and after in x, as far as may matter, and the K-th of them.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn walk<const KEPT: usize>(&mut self, found: &Found, place: usize) -> Walk {
        let row = found.places.row[place] as usize;
        let Row { yz, rank } = found.places.rows[row];
        let rank = self.xz.rank(rank) as usize;
        let own = [self.own[place] >> found.x.shift, yz[0], yz[1]];
        // the K-th distance within the list is the K-th of all or more
        let limit = found.kth[place].min(FAR) + 2 * SLACK;
        let (at, far) = (self.own[place], limit.min(FAR >> found.x.shift) << found.x.shift);
        let (first, end) = found.x.lookup.around(at - far, at + far);
        // whole registers, and what else they hold does no harm
        let first = first as usize / LANES * LANES;
        let end = end as usize;
        let mut nearest = Least::<KEPT>::none(found.neighbours);
        self.apart.resize(end - first);
        for (from, to) in (first..end).step_by(LANES).zip(self.apart.chunks_exact_mut(LANES)) {
            let mut apart = _mm512_setzero_si512();
            for (values, own) in self.values.iter().zip(own) {
                let values = load(&values[from..from + LANES]);
                apart = _mm512_max_epi32(apart, _mm512_abs_epi32(_mm512_sub_epi32(values, _mm512_set1_epi32(own))));
            }
            let there = first_lanes(found.places.row.len() - from);
            let me = rank.checked_sub(from).filter(|&me| me < LANES).map_or(0, |me| 1 << me);
            apart = _mm512_mask_mov_epi32(_mm512_set1_epi32(i32::MAX), there & !me, apart);
            nearest.insert(apart);
            // SAFETY: sixteen numbers.
            unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), apart) };
        }
        Walk { kth: nearest.of_all(found.neighbours), first }
    }
}

/// The K-th distance to some rows, and the rank of the first of them.
struct Walk {
    kth: i32,
    first: usize,
}

/// What is near a place in (y, z), with what is in z.
#[cold]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn near(found: &Found, place: usize, z: ([u32; 2], i32)) -> i32 {
    let y = &found.y;
    let (own, kth) = (y.lookup.rows[found.places.row[place] as usize], found.kth[place].min(FAR >> y.shift) << y.shift);
    let tolerance = tolerance(y.shift);
    let (low, high) = (y.lookup.below(own - kth, tolerance), y.lookup.below(own + kth, tolerance));
    let inside = found.target.yz.count([low.maybe, high.surely.max(low.maybe)], z.0).saturating_sub(1).cast_signed();
    match (low.maybe - low.surely + high.maybe - high.surely, z.1) {
        (0, 0) => inside,
        (1, 0) => inside | Near::BORDER,
        (0, 1) => inside | Near::BORDER | Near::BORDER_Z,
        _ => Near::UNKNOWN,
    }
}

/// The places of the ones among bits, from the lowest.
fn ones(mut bits: u16) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = (bits != 0).then_some(bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        lowest
    })
}

/// What lies within ε of sixteen places along one axis.
struct Within {
    /// Where ε ends, in the axis's own units.
    at: [Lanes; 2],
    /// Ranks: the first inside, and the first behind.
    ends: [Lanes; 2],
    /// How many rows may be as far as ε.
    border: Lanes,
    /// Lanes of which this is not known, at either end.
    untold: [u16; 2],
}

impl Within {
    /// From where ε ends, and what the axis's table holds there.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn of(scaled: &Scaled, [low, high]: [__m512i; 2], entries: [&Lanes; 2]) -> Self {
        let Scaled { lookup, shift, .. } = scaled;
        let below = lookup.ranks(low, load(&entries[0].0), tolerance(*shift));
        let above = lookup.ranks(high, load(&entries[1].0), tolerance(*shift));
        let border = _mm512_add_epi32(
            _mm512_maskz_sub_epi32(!below.1, below.0.maybe, below.0.surely),
            _mm512_maskz_sub_epi32(!above.1, above.0.maybe, above.0.surely),
        );
        Self {
            at: [lanes(low), lanes(high)],
            // what may be on the border is, and that is not strictly inside
            ends: [lanes(below.0.maybe), lanes(above.0.surely)],
            border: lanes(border),
            untold: [below.1, above.1],
        }
    }

    /// The ranks inside of one lane, and how many rows may be on the border.
    fn of_lane(&self, lane: usize) -> ([u32; 2], i32) {
        let [low, high] = [0, 1].map(|end| self.ends[end].0[lane].cast_unsigned());
        ([low, high.max(low)], self.border.0[lane])
    }

    /// Looks at the values themselves.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn tell(&mut self, scaled: &Scaled, end: usize, lane: usize) {
        let below = scaled.lookup.below(self.at[end].0[lane], tolerance(scaled.shift));
        self.border.0[lane] += (below.maybe - below.surely).cast_signed();
        self.ends[end].0[lane] = if end == 0 { below.maybe } else { below.surely }.cast_signed();
    }
}

/// Where ε ends around values in an axis's own units, with ε in common ones.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn ends(scaled: &Scaled, own: __m512i, kth: __m512i) -> [__m512i; 2] {
    let kth = _mm512_min_epi32(kth, _mm512_set1_epi32(FAR >> scaled.shift));
    let kth = _mm512_sll_epi32(kth, _mm_cvtsi32_si128(scaled.shift.cast_signed()));
    [_mm512_sub_epi32(own, kth), _mm512_add_epi32(own, kth)]
}

/// By how many of an axis's own units ε may be off, where they are smaller than the common ones by so many bits; and one
/// for the rounding of a difference.
fn tolerance(shift: u32) -> i32 {
    (SLACK << shift) + 2
}

/// The ranks strictly within a radius of the value of a row.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn range(scaled: &Scaled, row: usize, value: f64, radius: f64) -> [u32; 2] {
    /// Units: both ends of a difference are rounded, and the radius.
    const TOLERANCE: i32 = 3;
    let Scaled { axis, lookup, .. } = scaled;
    let (own, units) = (lookup.rows[row], (radius * lookup.scale).min(f64::from(FAR)) as i32);
    let (low, high) = (lookup.below(own - units, TOLERANCE), lookup.below(own + units, TOLERANCE));
    let between = |ends: Below<u32>| &axis.values[ends.surely as usize..ends.maybe as usize];
    let outside = between(low).iter().take_while(|&&other| value - other >= radius).count();
    let inside = between(high).iter().take_while(|&&other| other - value < radius).count();
    let low = low.surely + outside as u32;
    [low, (high.surely + inside as u32).max(low)]
}

/// The ranks within ε of sixteen places, and the places where they are sure.
struct Ranks {
    x: [Lanes; 2],
    z: [Lanes; 2],
    clear: u16,
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn load(sixteen: &[i32]) -> __m512i {
    // SAFETY: sixteen numbers.
    unsafe { _mm512_loadu_si512(sixteen[..LANES].as_ptr().cast()) }
}
