//! The distance to the K-th nearest row, for one place and sixteen sources side by side, and what lies near it in (y, z).

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

use super::list::{ALONG_Z, BITS, DOUBTFUL, List, SLACK};
use super::places::Lanes;
use super::sort::COLUMN;

/// More than any distance, and the largest number that is one in floating point too.
pub(super) const FARTHEST: i32 = 0x7f7f_ffff;
/// Distances that are taken in at once.
pub(super) const TAKEN: usize = 4;

/// What is known of one place and source.
///
/// ```text
/// bits 0–12  rows surely nearer than ε in (y, z)
/// bit 13     one more may be as far as ε, in (y, z)
/// bit 14     and it is so in z
/// bit 15     nothing is known
/// bit 16     because there was no list, or more rows than one may be as far as ε in (y, z)
/// ```
pub(super) struct Near;

impl Near {
    pub(super) const INSIDE: i32 = 0x1fff;
    pub(super) const BORDER: i32 = 1 << 13;
    pub(super) const BORDER_Z: i32 = 1 << 14;
    pub(super) const UNKNOWN: i32 = 1 << 15;
    pub(super) const CROWDED: i32 = 1 << 16;
}

/// The `KEPT` smallest of sixteen searches, ascending.
#[derive(Clone, Copy)]
pub(super) struct Least<const KEPT: usize>([__m512i; KEPT]);

impl<const KEPT: usize> Least<KEPT> {
    /// Of the K-th, which stands last, nothing is known yet.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn none(k: usize) -> Self {
        let mut least = [_mm512_set1_epi32(i32::MAX); KEPT];
        least[..KEPT - k].fill(_mm512_setzero_si512());
        Self(least)
    }

    /// Takes four more distances in.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn take(&mut self, four: [__m512i; TAKEN]) {
        if KEPT == 4 {
            self.merge(four);
        } else {
            self.insert(four[0]);
            self.insert(four[1]);
            self.insert(four[2]);
            self.insert(four[3]);
        }
    }

    /// Sorts the four, takes the lower half of both fours, and sorts that: five, one and four comparators a lane.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn merge(&mut self, [a, b, c, d]: [__m512i; 4]) {
        let ((a, b), (c, d)) = (order_bits(a, b), order_bits(c, d));
        let ((a, c), (b, d)) = (order_bits(a, c), order_bits(b, d));
        let (b, c) = order_bits(b, c);
        let kept = [
            _mm512_min_epi32(self.0[0], d),
            _mm512_min_epi32(self.0[1], c),
            _mm512_min_epi32(self.0[2], b),
            _mm512_min_epi32(self.0[3], a),
        ];
        // up, then down: the two halves of such a row are compared
        let ((a, c), (b, d)) = (order(kept[0], kept[2]), order(kept[1], kept[3]));
        let ((a, b), (c, d)) = (order(a, b), order(c, d));
        (self.0[0], self.0[1], self.0[2], self.0[3]) = (a, b, c, d);
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn insert(&mut self, distance: __m512i) {
        // written out: the places must be constants, or the distances would live in memory instead of registers
        macro_rules! insert {
            ($($place:literal)*) => { $(
                if KEPT > $place {
                    let pushed = _mm512_max_epi32(self.0[$place - 1], distance);
                    self.0[$place] = _mm512_min_epi32(self.0[$place], pushed);
                }
            )* };
        }
        insert!(15 14 13 12 11 10 9 8 7 6 5 4 3 2 1);
        self.0[0] = _mm512_min_epi32(self.0[0], distance);
    }

    #[inline]
    pub(super) fn last(&self) -> __m512i {
        self.0[KEPT - 1]
    }

    /// The K-th smallest of all searches together: half of the searches is merged into the others, again and again.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn of_all(self, k: usize) -> i32 {
        let mut kept = self.0;
        // what stands below the K is in every search
        kept.rotate_left(KEPT - k);
        kept[k..].fill(_mm512_set1_epi32(i32::MAX));
        let lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        for flip in [8, 4, 2, 1] {
            let across = _mm512_xor_si512(lane, _mm512_set1_epi32(flip));
            let others = kept.map(|kept| _mm512_permutexvar_epi32(across, kept));
            for (kept, other) in kept.iter_mut().zip(others.into_iter().rev()) {
                *kept = _mm512_min_epi32(*kept, other);
            }
            let mut half = KEPT / 2;
            while half > 0 {
                for low in (0..KEPT).filter(|low| low & half == 0) {
                    (kept[low], kept[low + half]) = order(kept[low], kept[low + half]);
                }
                half /= 2;
            }
        }
        _mm512_cvtsi512_si32(kept[k - 1])
    }
}

/// The smaller and the larger.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn order(a: __m512i, b: __m512i) -> (__m512i, __m512i) {
    (_mm512_min_epi32(a, b), _mm512_max_epi32(a, b))
}

/// The same for distances up to [`FARTHEST`]. Their bits are those of floating-point numbers in the same order. Some machines
/// order whole numbers with half of the units that order floating-point numbers, others have it the other way round: where
/// both kinds are used, none is idle.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
pub(super) fn order_bits(a: __m512i, b: __m512i) -> (__m512i, __m512i) {
    let (a, b) = (_mm512_castsi512_ps(a), _mm512_castsi512_ps(b));
    (_mm512_castps_si512(_mm512_min_ps(a, b)), _mm512_castps_si512(_mm512_max_ps(a, b)))
}

/// One place and the list of the rows near it.
pub(super) struct Place<'a> {
    pub(super) list: &'a List,
    /// The values of sixteen sources at each place.
    pub(super) values: &'a [Lanes],
    pub(super) number: usize,
    pub(super) neighbours: usize,
    /// Of the sixteen sources those that there are.
    pub(super) live: u16,
}

/// What is near ε in (y, z), for sixteen sources.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
pub(super) fn near(list: &List, kth: __m512i) -> __m512i {
    let margin = _mm512_set1_epi32(2 * SLACK);
    // a row that is not there is as far as can be
    let at = _mm512_min_epi32(kth, _mm512_set1_epi32(i32::MAX - 3 * SLACK));
    let low = _mm512_max_epi32(_mm512_sub_epi32(at, margin), _mm512_setzero_si512());
    let high = _mm512_add_epi32(at, margin);
    let known = _mm512_cmplt_epi32_mask(high, _mm512_set1_epi32(list.radius));
    let seen = look(list, low, high);
    let one = _mm512_set1_epi32(1);
    let only = _mm512_cmpeq_epi32_mask(seen.between, one);
    let none = _mm512_testn_epi32_mask(seen.between, seen.between);
    let has = |bit: i32| _mm512_mask_test_epi32_mask(only, seen.last, _mm512_set1_epi32(bit));
    let (along_z, doubtful) = (has(ALONG_Z), has(DOUBTFUL));
    let near = _mm512_mask_or_epi32(seen.inside, only, seen.inside, _mm512_set1_epi32(Near::BORDER));
    let near = _mm512_mask_or_epi32(near, along_z, near, _mm512_set1_epi32(Near::BORDER_Z));
    let unknown = _mm512_set1_epi32(Near::UNKNOWN);
    let unknown = _mm512_mask_mov_epi32(unknown, known, _mm512_set1_epi32(Near::UNKNOWN | Near::CROWDED));
    _mm512_mask_mov_epi32(unknown, known & (none | only & !doubtful), near)
}

/// The K-th smallest distance of each lane.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
pub(super) fn kth<const KEPT: usize>(of: &Place) -> __m512i {
    let Place { list, values, number, neighbours, live } = *of;
    let own = load(&values[number]);
    let mut least = Least::<KEPT>::none(neighbours);
    // SAFETY: listed places are places, and lists have as much padding as is read.
    let distance = |at: usize| unsafe {
        let row = list.rows.get_unchecked(at);
        let other = values.as_ptr().byte_add(row.place as usize);
        let apart = _mm512_set1_epi32(row.apart);
        let across = _mm512_sub_epi32(_mm512_load_si512(other.cast()), own);
        order_bits(_mm512_abs_epi32(across), apart).1
    };
    let mut at = 0;
    loop {
        // SAFETY: the search ends at the latest where `ahead` says so, behind the last row of the list.
        let ahead = unsafe { *list.ahead.0.get_unchecked(at / COLUMN) };
        if _mm512_cmpge_epu32_mask(least.last(), _mm512_set1_epi32(ahead)) & live == 0 {
            return least.last();
        }
        least.take([distance(at), distance(at + 1), distance(at + 2), distance(at + 3)]);
        least.take([distance(at + 4), distance(at + 5), distance(at + 6), distance(at + 7)]);
        at += COLUMN;
    }
}

/// What a list holds near two ends.
struct Seen {
    /// Rows surely below both.
    inside: __m512i,
    /// Rows that may be between, two if there are more.
    between: __m512i,
    /// Where one is between, its bits.
    last: __m512i,
}

/// Looks where the list passes sixteen pairs of distances: at which column, and where in it. What lies beyond the list has no
/// meaning.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn look(list: &List, low: __m512i, high: __m512i) -> Seen {
    let shift = _mm_cvtsi32_si128(list.shift.cast_signed());
    let steps = |at: __m512i| _mm512_slli_epi32::<2>(_mm512_srl_epi32(at, shift));
    let (low, high) = (steps(low), _mm512_or_si512(steps(high), _mm512_set1_epi32(BITS)));
    let (one, first) = (_mm512_set1_epi32(1), load(&list.steps[0]));
    // the last column that begins below, or the first of all
    let mut column = _mm512_setzero_si512();
    for step in [8, 4, 2, 1] {
        let next = _mm512_add_epi32(column, _mm512_set1_epi32(step));
        let below = _mm512_cmplt_epi32_mask(_mm512_permutexvar_epi32(next, first), low);
        column = _mm512_mask_mov_epi32(column, below, next);
    }
    let (mut inside, mut upto) = (_mm512_slli_epi32::<3>(column), _mm512_setzero_si512());
    let mut last = _mm512_setzero_si512();
    let base = inside;
    for row in &list.steps {
        let some = _mm512_permutexvar_epi32(column, load(row));
        let (below, not_above) = (_mm512_cmplt_epi32_mask(some, low), _mm512_cmple_epi32_mask(some, high));
        inside = _mm512_mask_add_epi32(inside, below, inside, one);
        upto = _mm512_mask_add_epi32(upto, not_above, upto, one);
        last = _mm512_mask_mov_epi32(last, not_above, some);
    }
    // what is between may go on in the next column
    let next = _mm512_add_epi32(column, one);
    for row in &list.steps[..2] {
        let some = _mm512_permutexvar_epi32(next, load(row));
        let not_above = _mm512_cmple_epi32_mask(some, high);
        upto = _mm512_mask_add_epi32(upto, not_above, upto, one);
        last = _mm512_mask_mov_epi32(last, not_above, some);
    }
    Seen { inside, between: _mm512_sub_epi32(_mm512_add_epi32(base, upto), inside), last }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
pub(super) fn load(from: &Lanes) -> __m512i {
    // SAFETY: sixteen aligned numbers.
    unsafe { _mm512_load_si512(from.0.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
pub(super) fn lanes(of: __m512i) -> Lanes {
    let mut to = Lanes::default();
    // SAFETY: sixteen aligned numbers.
    unsafe { _mm512_store_si512(to.0.as_mut_ptr().cast(), of) };
    to
}
