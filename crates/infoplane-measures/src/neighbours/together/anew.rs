//! Rows whose list was too short, sixteen that are near each other in x side by side; and rows whose counts are in doubt, one
//! by one with ε in f64.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

use super::super::sorted::Inside;
use super::counts::{Counts, Found, Sorted, load_from};
use super::list::SLACK;
use super::lookup::Below;
use super::places::{Lanes, Scaled};
use super::search::{FARTHEST, Least, TAKEN, lanes, load, order_bits};
use super::within::{Ends, FAR, Picked};
use super::{LANES, Source, first_lanes, most_exact};

/// What one place costs by itself beside its registers, in registers.
const ALONE: usize = 8;

/// Places to be answered, by their rank along x.
#[derive(Debug, Default)]
pub(super) struct Later {
    /// A bit for each rank.
    ranks: Vec<u64>,
    /// Of those ranks the places.
    place: Vec<u32>,
}

impl Later {
    /// Forgets all, and makes room for `n` ranks.
    pub(super) fn clear(&mut self, n: usize) {
        self.ranks.clear();
        self.ranks.resize(n.div_ceil(u64::BITS as usize), 0);
        self.place.resize(n, 0);
    }

    pub(super) fn put(&mut self, rank: usize, place: usize) {
        self.ranks[rank / u64::BITS as usize] |= 1 << (rank % u64::BITS as usize);
        self.place[rank] = place as u32;
    }

    /// Takes the lowest rank from the one given on, and its place.
    fn next(&mut self, from: usize) -> Option<(usize, usize)> {
        let first = from / u64::BITS as usize;
        let (word, bits) = (first..).zip(&mut self.ranks[first..]).find(|(_, bits)| **bits != 0)?;
        let rank = word * u64::BITS as usize + bits.trailing_zeros() as usize;
        *bits &= *bits - 1;
        Some((rank, self.place[rank] as usize))
    }
}

/// Up to sixteen places; lanes without one hold what was there before.
#[derive(Default)]
struct Batch {
    place: [usize; LANES],
    len: usize,
    /// Ranks along x.
    rank: Lanes,
    /// x, y and z, in common units and in each one's own.
    common: [Lanes; 3],
    own: [Lanes; 3],
    /// Ranks between which the rows near enough in x stand.
    first: usize,
    end: usize,
    /// Registers that hold the rows near enough to each place.
    alone: usize,
}

impl Batch {
    fn add(&mut self, found: &Found, sorted: &Sorted, rank: usize, place: usize) {
        let [y, z] = found.places.own[place];
        let x = sorted.own[place];
        let common = [x >> found.x.shift, y, z];
        let own = [x, found.y.column.units[found.places.row[place] as usize], found.target.z[place]];
        let lane = self.len;
        (self.place[lane], self.rank.0[lane]) = (place, (rank as u32).cast_signed());
        for axis in 0..3 {
            (self.common[axis].0[lane], self.own[axis].0[lane]) = (common[axis], own[axis]);
        }
        let (first, end) = near_enough(found, x, found.kth[place]);
        if self.len == 0 {
            (self.first, self.end, self.alone) = (first, end, 0);
        }
        (self.first, self.end) = (self.first.min(first), self.end.max(end));
        self.alone += (end - first).div_ceil(LANES) + ALONE;
        self.len += 1;
    }
}

/// The ranks between which all rows stand whose distance along x can be that of the K-th row, and perhaps some more.
fn near_enough(found: &Found, x: i32, kth: i32) -> (usize, usize) {
    // the K-th distance within the list is the K-th of all or more
    let limit = kth.min(FAR) + 2 * SLACK;
    let far = limit.min(FAR >> found.x.shift) << found.x.shift;
    found.x.column.lookup.around(x - far, x + far)
}

impl Sorted {
    /// The counts of all places that were left for later; says whether few enough were doubtful.
    #[cold]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn anew<const KEPT: usize>(&mut self, found: &mut Found, to: &mut [Inside]) -> bool {
        let (mut batch, mut from, mut doubtful) = (Batch::default(), 0, 0);
        loop {
            let next = self.later.next(from);
            if let Some((rank, place)) = next {
                batch.add(found, self, rank, place);
                from = rank;
            }
            if batch.len == LANES || next.is_none() && batch.len > 0 {
                doubtful += self.answer::<KEPT>(found, &batch, to);
                batch.len = 0;
            }
            if next.is_none() || doubtful > most_exact(from) {
                return next.is_none();
            }
        }
    }

    /// The counts of a batch; tells how many were doubtful.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn answer<const KEPT: usize>(&mut self, found: &mut Found, batch: &Batch, to: &mut [Inside]) -> usize {
        let kth = if batch.end - batch.first <= batch.alone {
            self.kth::<KEPT>(found, batch)
        } else {
            let mut kth = Lanes::default();
            for (kth, &place) in kth.0.iter_mut().zip(&batch.place[..batch.len]) {
                *kth = self.walk::<KEPT>(found, place).kth;
            }
            load(&kth)
        };
        let own = [load(&batch.own[0]), load(&batch.own[1]), load(&batch.own[2])];
        let (axes, mut ends) = ([&found.x, &found.y, &found.z], Ends::default());
        let mut untold = Picked::<{ 7 * LANES }>::default();
        ends.find(axes, own, kth);
        let mut within = [ends.within(axes, first_lanes(batch.len), 0, &mut untold).0];
        Ends::tell(&[ends], axes, &untold, &mut within);
        let [[x, y, z]] = within;
        let border = _mm512_add_epi32(x.border(), _mm512_add_epi32(y.border(), z.border()));
        let clear = _mm512_cmpeq_epi32_mask(border, _mm512_set1_epi32(1));
        let (x, y, z) = (x.bounded(to.len()), y.bounded(to.len()), z.bounded(to.len()));
        let counts = Counts {
            xz: self.xz.counts(&x, &z),
            yz: found.target.yz.counts(&y, &z),
            z: lanes(_mm512_sub_epi32(load(&z[1]), load(&z[0]))),
        };
        let kth = lanes(kth);
        for (lane, &place) in batch.place.iter().enumerate().take(batch.len) {
            if clear >> lane & 1 == 1 {
                to[place] = counts.of(lane);
            } else {
                found.kth[place] = kth.0[lane];
                to[place] = self.exactly::<KEPT>(found, place);
            }
        }
        (!clear & first_lanes(batch.len)).count_ones() as usize
    }

    /// The K-th smallest distance of each lane.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn kth<const KEPT: usize>(&self, found: &Found, batch: &Batch) -> __m512i {
        let mut nearest = Least::<KEPT>::none(found.neighbours);
        let [x, y, z] = &batch.common;
        let (me, own) = (load(&batch.rank), [load(x), load(y), load(z)]);
        let distance = |rank: usize| {
            let apart = |axis: usize| {
                let value = _mm512_set1_epi32(self.values[axis][rank]);
                _mm512_abs_epi32(_mm512_sub_epi32(own[axis], value))
            };
            let other = _mm512_cmpneq_epi32_mask(me, _mm512_set1_epi32((rank as u32).cast_signed()));
            let apart = order_bits(apart(0), order_bits(apart(1), apart(2)).1).1;
            _mm512_mask_mov_epi32(_mm512_set1_epi32(FARTHEST), other, apart)
        };
        let mut rank = batch.first;
        while rank + TAKEN <= batch.end {
            nearest.take([distance(rank), distance(rank + 1), distance(rank + 2), distance(rank + 3)]);
            rank += TAKEN;
        }
        for rank in rank..batch.end {
            nearest.insert(distance(rank));
        }
        nearest.last()
    }

    /// The counts of one place with ε in f64.
    #[cold]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn exactly<const KEPT: usize>(&mut self, found: &Found, place: usize) -> Inside {
        let (row, target) = (found.places.row[place] as usize, found.target);
        let rank = self.rank(found, place);
        let own = [found.x.column.values[rank], target.rows[row][0], target.rows[row][1]];
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
        let Walk { kth, first } = self.walk::<KEPT>(found, place);
        let (low, high) = (_mm512_set1_epi32(kth - 2 * SLACK), _mm512_set1_epi32(kth.saturating_add(2 * SLACK)));
        let mut nearer = 0;
        self.exact.clear();
        for (from, some) in (first..).step_by(LANES).zip(self.apart.chunks_exact(LANES)) {
            let some = load_from(some);
            nearer += _mm512_cmplt_epi32_mask(some, low).count_ones() as usize;
            let mut here = _mm512_cmpge_epi32_mask(some, low) & _mm512_cmple_epi32_mask(some, high);
            while here != 0 {
                let rank = from + here.trailing_zeros() as usize;
                here &= here - 1;
                let row = found.x.column.rows[rank] as usize;
                let [y, z] = found.target.rows[row];
                let others = [found.x.column.values[rank], y, z].into_iter().zip(values);
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
        let rank = self.rank(found, place);
        let [y, z] = found.places.own[place];
        let own = [self.own[place] >> found.x.shift, y, z];
        let (first, end) = near_enough(found, self.own[place], found.kth[place]);
        // whole registers, and what else they hold does no harm
        let first = first / LANES * LANES;
        let mut nearest = Least::<KEPT>::none(found.neighbours);
        self.apart.resize(end - first);
        for (from, to) in (first..end).step_by(LANES).zip(self.apart.chunks_exact_mut(LANES)) {
            let mut apart = _mm512_setzero_si512();
            for (values, own) in self.values.iter().zip(own) {
                let values = load_from(&values[from..]);
                apart = order_bits(apart, _mm512_abs_epi32(_mm512_sub_epi32(values, _mm512_set1_epi32(own)))).1;
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

/// The ranks strictly within a radius of the value of a row.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn range(scaled: &Scaled, row: usize, value: f64, radius: f64) -> [u32; 2] {
    /// Units: both ends of a difference are rounded, and the radius.
    const TOLERANCE: i32 = 3;
    let Source { values, units, lookup, .. } = scaled.column;
    let (own, units) = (units[row], (radius * lookup.scale).min(f64::from(FAR)) as i32);
    let (low, high) = (lookup.below(own - units, TOLERANCE), lookup.below(own + units, TOLERANCE));
    let between = |ends: Below<u32>| &values[ends.surely as usize..ends.maybe as usize];
    let outside = between(low).iter().take_while(|&&other| value - other >= radius).count();
    let inside = between(high).iter().take_while(|&&other| other - value < radius).count();
    let low = low.surely + outside as u32;
    [low, (high.surely + inside as u32).max(low)]
}
