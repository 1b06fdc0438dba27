//! The distance to the K-th nearest row, for one place and sixteen sources side by side, and what lies near it in (y, z).

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

use super::list::{ALONG_Z, BETWEEN, DOUBTFUL, List, RINGS, rings};
use super::places::Lanes;

/// A rounding: a number in f32 is wrong by at most this share. A sixteenth is added for what sums of roundings round.
pub(super) const ROUNDING: f64 = (1.0 + 1.0 / 16.0) / (1 << 24) as f64;

/// How many roundings of the largest value here, and of ε itself, may add up in ε: of x, y and z of both rows, of their
/// differences, and by the bits of a list.
pub(super) const OF_VALUES: f64 = 2.0;
pub(super) const OF_DISTANCE: f64 = 12.0;

/// What is known of one place and source.
///
/// ```text
/// bits 0–9   rows surely nearer than ε in (y, z)
/// bit 10     one more may be as far as ε, in (y, z)
/// bit 11     and it is so in z
/// bit 15     nothing is known
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Near(pub(super) u16);

impl Near {
    pub(super) const UNKNOWN: Self = Self(1 << 15);

    pub(super) fn inside(self) -> u32 {
        u32::from(self.0 & 0x3ff)
    }

    /// 1 where the K-th row is as far as ε in (y, z).
    pub(super) fn border(self) -> u32 {
        u32::from(self.0 >> 10 & 1)
    }

    /// 1 where it is as far as ε in z.
    pub(super) fn border_z(self) -> u32 {
        u32::from(self.0 >> 11 & 1)
    }

    pub(super) fn is_unknown(self) -> bool {
        self.0 >> 15 == 1
    }
}

/// The `KEPT` smallest of sixteen searches, ascending, as bits of numbers that are not negative.
#[derive(Clone, Copy)]
struct Least<const KEPT: usize>([__m512i; KEPT]);

impl<const KEPT: usize> Least<KEPT> {
    /// Of the K-th, which stands last, nothing is known yet.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn none(k: usize) -> Self {
        let mut least = [_mm512_set1_epi32(f32::INFINITY.to_bits().cast_signed()); KEPT];
        least[..KEPT - k].fill(_mm512_setzero_si512());
        Self(least)
    }

    /// Takes four more distances in.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn take(&mut self, four: [__m512i; 4]) {
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
        let ((a, b), (c, d)) = (order(a, b), order(c, d));
        let ((a, c), (b, d)) = (order(a, c), order(b, d));
        let (b, c) = order(b, c);
        let kept = [
            _mm512_min_epu32(self.0[0], d),
            _mm512_min_epu32(self.0[1], c),
            _mm512_min_epu32(self.0[2], b),
            _mm512_min_epu32(self.0[3], a),
        ];
        // up, then down: the two halves of such a row are compared
        let ((a, c), (b, d)) = (order(kept[0], kept[2]), order(kept[1], kept[3]));
        let ((a, b), (c, d)) = (order(a, b), order(c, d));
        (self.0[0], self.0[1], self.0[2], self.0[3]) = (a, b, c, d);
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn insert(&mut self, distance: __m512i) {
        // written out: the places must be constants, or the distances would live in memory instead of registers
        macro_rules! insert {
            ($($place:literal)*) => { $(
                if KEPT > $place {
                    let pushed = _mm512_max_epu32(self.0[$place - 1], distance);
                    self.0[$place] = _mm512_min_epu32(self.0[$place], pushed);
                }
            )* };
        }
        insert!(15 14 13 12 11 10 9 8 7 6 5 4 3 2 1);
        self.0[0] = _mm512_min_epu32(self.0[0], distance);
    }

    #[inline]
    fn last(&self) -> __m512i {
        self.0[KEPT - 1]
    }
}

/// The smaller and the larger.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn order(a: __m512i, b: __m512i) -> (__m512i, __m512i) {
    (_mm512_min_epu32(a, b), _mm512_max_epu32(a, b))
}

/// One place and the list of the rows near it.
pub(super) struct Place<'a> {
    pub(super) list: &'a List,
    /// `[places, groups]`.
    pub(super) values: &'a [Lanes],
    pub(super) groups: usize,
    pub(super) number: usize,
    /// The larger of |y| and |z| here.
    pub(super) largest: f32,
    pub(super) neighbours: usize,
}

/// For sixteen sources, in f32: ε, and what is near it.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
pub(super) fn search<const KEPT: usize>(of: &Place, group: usize, live: u16) -> (Lanes, [Near; 16]) {
    let Place { list, values, groups, number: place, largest, .. } = *of;
    assert!(list.place.len() >= list.len + BETWEEN && place * groups + group < values.len());
    let least = kth::<KEPT>(of, group, live);
    let own = load(&values[place * groups + group]);
    let slack = _mm512_fmadd_ps(
        _mm512_max_ps(_mm512_abs_ps(own), _mm512_set1_ps(largest)),
        _mm512_set1_ps(OF_VALUES as f32),
        _mm512_mul_ps(least, _mm512_set1_ps(OF_DISTANCE as f32)),
    );
    let slack = _mm512_mul_ps(slack, _mm512_set1_ps(2.0 * ROUNDING as f32));
    let low = _mm512_max_ps(_mm512_sub_ps(least, slack), _mm512_setzero_ps());
    let high = _mm512_add_ps(least, slack);
    let known = _mm512_cmp_ps_mask::<_CMP_LT_OQ>(high, _mm512_set1_ps(list.radius));
    let scale = _mm512_set1_ps(list.scale());
    let ends =
        Ends { low: lanes(low), high: lanes(high), first: whole(rings(low, scale)), last: whole(rings(high, scale)) };
    let mut near = [Near::UNKNOWN; 16];
    for (lane, near) in near.iter_mut().enumerate().take(live.trailing_ones() as usize) {
        *near = ends.look(list, lane, known >> lane & 1 == 1);
    }
    (Lanes(lanes(least)), near)
}

/// The K-th smallest distance of each lane.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn kth<const KEPT: usize>(of: &Place, group: usize, live: u16) -> __m512 {
    let Place { list, values, groups, number: place, neighbours, .. } = *of;
    let own = load(&values[place * groups + group]);
    let magnitude = _mm512_set1_epi32(i32::MAX);
    let mut least = Least::<KEPT>::none(neighbours);
    // SAFETY: listed places are places, lists have as much padding as is read, and `values` has a group for each place.
    let distance = |at: usize| unsafe {
        let other = *list.place.get_unchecked(at) as usize * groups + group;
        let apart = _mm512_set1_epi32(list.apart.get_unchecked(at).to_bits().cast_signed());
        let across = _mm512_sub_ps(_mm512_load_ps(values.as_ptr().add(other).cast()), own);
        _mm512_max_epu32(_mm512_and_si512(_mm512_castps_si512(across), magnitude), apart)
    };
    let mut at = 0;
    loop {
        // SAFETY: the search ends at the latest where `ahead` says so, behind the last row of the list.
        let ahead = unsafe { *list.ahead.get_unchecked(at / BETWEEN) };
        if _mm512_cmpge_epu32_mask(least.last(), _mm512_set1_epi32(ahead.cast_signed())) & live == 0 {
            return _mm512_castsi512_ps(least.last());
        }
        least.take([distance(at), distance(at + 1), distance(at + 2), distance(at + 3)]);
        least.take([distance(at + 4), distance(at + 5), distance(at + 6), distance(at + 7)]);
        at += BETWEEN;
    }
}

/// Where ε may lie, for sixteen sources: numbers and rings.
struct Ends {
    low: [f32; 16],
    high: [f32; 16],
    first: [u32; 16],
    last: [u32; 16],
}

impl Ends {
    /// What of a list lies below and between these ends.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn look(&self, list: &List, lane: usize, known: bool) -> Near {
        let (first, last) = (self.first[lane] as usize % RINGS, self.last[lane] as usize % RINGS);
        let (start, end) = (list.start[first], list.start[last + 1]);
        let (mut from, mut inside, mut between, mut along_z, mut doubtful) = (start, start, 0, 0, 0);
        loop {
            // SAFETY: sixteen numbers follow every place of the list.
            let apart = unsafe { _mm512_loadu_ps(list.apart.as_ptr().add(from as usize)) };
            let there = _bzhi_u32(0xffff, (end - from).min(16)) as u16;
            let below = _mm512_cmp_ps_mask::<_CMP_LT_OQ>(apart, _mm512_set1_ps(self.low[lane])) & there;
            let upto = _mm512_cmp_ps_mask::<_CMP_LE_OQ>(apart, _mm512_set1_ps(self.high[lane])) & there;
            let here = upto & !below;
            let bits = _mm512_castps_si512(apart);
            along_z |= _mm512_test_epi32_mask(bits, _mm512_set1_epi32(ALONG_Z)) & here;
            doubtful |= _mm512_test_epi32_mask(bits, _mm512_set1_epi32(DOUBTFUL)) & here;
            (inside, between) = (inside + below.count_ones(), between + here.count_ones());
            if end - from <= 16 {
                break;
            }
            from += 16;
        }
        let good = known && doubtful == 0 && between <= 1;
        Near(inside as u16 | (between as u16 & 1) << 10 | u16::from(along_z != 0) << 11 | u16::from(!good) << 15)
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn load(from: &Lanes) -> __m512 {
    // SAFETY: sixteen aligned numbers.
    unsafe { _mm512_load_ps(from.0.as_ptr()) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn lanes(of: __m512) -> [f32; 16] {
    let mut to = [0.0; 16];
    // SAFETY: sixteen numbers.
    unsafe { _mm512_storeu_ps(to.as_mut_ptr(), of) };
    to
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
fn whole(of: __m512i) -> [u32; 16] {
    let mut to = [0; 16];
    // SAFETY: sixteen numbers.
    unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), of) };
    to
}
