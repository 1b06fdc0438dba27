//! For each place the rows near it in (y, z), nearest first.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

use super::places::{ByZ, Lanes};
use super::search::{FARTHEST, lanes};
use super::sort::{COLUMN, sort};
use super::{LANES, first_lanes};

/// Rows near some tile that are kept at most.
const AROUND: usize = 512;
/// Rows in a list at most: of as many as are sorted at once the last column stays empty.
pub(super) const LISTED: usize = SORTED - COLUMN;
const SORTED: usize = COLUMN * LANES;
/// Bits below the steps of a list, see [`List::steps`].
pub(super) const ALONG_Z: i32 = 1;
pub(super) const DOUBTFUL: i32 = 2;
pub(super) const BITS: i32 = ALONG_Z | DOUBTFUL;
/// A distance in common units is wrong by at most so much, and so is ε: by the rounding of both values, and by what is cut off
/// of each where its own units are smaller.
pub(super) const SLACK: i32 = 2;
/// A key holds a distance in steps, its two bits, and the number of a row of [`Around`].
const STEP_BITS: u32 = 20;
const ROW_BITS: u32 = AROUND.ilog2();
const TAIL_BITS: u32 = ROW_BITS + 2;
/// The key of no row: larger than any.
const NO_ROW: i32 = -1;

/// The rows near all places of a tile.
#[derive(Debug)]
pub(super) struct Around {
    y: [i32; AROUND + LANES],
    z: [i32; AROUND + LANES],
    place: [u32; AROUND + LANES],
    pub(super) len: usize,
}

impl Default for Around {
    fn default() -> Self {
        let far = [i32::MAX; AROUND + LANES];
        Self { y: far, z: far, place: [0; AROUND + LANES], len: 0 }
    }
}

impl Around {
    /// Takes the rows between two corners in (y, z); says whether there was room for all.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn fill(&mut self, by_z: &ByZ, low: [i32; 2], high: [i32; 2]) -> bool {
        let (least, most) = (_mm512_set1_epi32(low[0]), _mm512_set1_epi32(high[0]));
        let n = by_z.z.len() - LANES;
        let mut from = by_z.z[..n].partition_point(|&z| z < low[1]);
        let mut len = 0;
        while by_z.z[from] <= high[1] {
            if len > AROUND - 16 || from >= n {
                break;
            }
            // SAFETY: sixteen numbers follow place `from` < n of by_z and place `len` <= AROUND of the lists.
            unsafe {
                let y = _mm512_loadu_si512(by_z.y.as_ptr().add(from).cast());
                let z = _mm512_loadu_si512(by_z.z.as_ptr().add(from).cast());
                let place = _mm512_loadu_si512(by_z.place.as_ptr().add(from).cast());
                let inside = _mm512_cmpge_epi32_mask(y, least) & _mm512_cmple_epi32_mask(y, most);
                _mm512_storeu_si512(self.y.as_mut_ptr().add(len).cast(), _mm512_maskz_compress_epi32(inside, y));
                _mm512_storeu_si512(self.z.as_mut_ptr().add(len).cast(), _mm512_maskz_compress_epi32(inside, z));
                let place = _mm512_maskz_compress_epi32(inside, place);
                _mm512_storeu_si512(self.place.as_mut_ptr().add(len).cast(), place);
                len += inside.count_ones() as usize;
            }
            from += LANES;
        }
        // so far that every distance is more than any radius, and yet does not overflow
        self.y[len..len + LANES].fill(i32::MAX);
        self.len = len;
        from >= n || by_z.z[from] > high[1]
    }
}

/// A row near a place.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C)]
pub(super) struct Listed {
    /// Its distance in (y, z).
    pub(super) apart: i32,
    /// Its place, times the bytes of [`Lanes`].
    pub(super) place: u32,
}

/// The rows near one place, nearest first.
#[derive(Debug, Clone)]
pub(super) struct List {
    pub(super) rows: [Listed; SORTED],
    /// The distances in steps of 2^`shift` units, and below them two bits: the last says that z is the one that far away, the
    /// other that this is not sure. Each lane holds a column of eight rows, and the
    /// next lane the next; what is not there is farther than any.
    pub(super) steps: [Lanes; COLUMN],
    /// What no distance is below, from each column on.
    pub(super) ahead: Lanes,
    pub(super) shift: u32,
    /// Every row nearer than this is listed.
    pub(super) radius: i32,
}

/// Rows around a tile as seen from one place, and the keys of those near it.
#[derive(Debug)]
pub(super) struct Scratch {
    rows: [Listed; AROUND + LANES],
    keys: [i32; AROUND + LANES],
}

impl Default for Scratch {
    fn default() -> Self {
        Self { rows: [Listed::default(); AROUND + LANES], keys: [0; AROUND + LANES] }
    }
}

impl Default for List {
    fn default() -> Self {
        Self {
            rows: [Listed::default(); SORTED],
            steps: [Lanes::default(); COLUMN],
            ahead: Lanes::default(),
            shift: 0,
            radius: 0,
        }
    }
}

impl List {
    /// Lists the rows nearer than `radius` to a place with these y, z, or nearer than less if they are too many; tells how
    /// many `radius` gives. None where too many are equally near.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn fill(
        &mut self,
        around: &Around,
        own: [i32; 2],
        place: usize,
        radius: i32,
        scratch: &mut Scratch,
    ) -> Option<usize> {
        let place = (place * size_of::<Lanes>()) as u32;
        self.radius = radius;
        self.shift = (i32::BITS - radius.leading_zeros()).saturating_sub(STEP_BITS);
        let near = self.find(around, own, place, scratch);
        let listed = self.thin(near, scratch)?;
        let mut keys = [_mm512_set1_epi32(NO_ROW); COLUMN];
        for (from, keys) in (0..listed).step_by(LANES).zip(&mut keys) {
            // SAFETY: sixteen numbers follow every key.
            *keys =
                unsafe { _mm512_mask_loadu_epi32(*keys, first_lanes(listed - from), scratch.keys[from..].as_ptr()) };
        }
        sort(&mut keys);
        let mut sorted = [Lanes::default(); COLUMN];
        for ((keys, sorted), steps) in keys.iter().zip(&mut sorted).zip(&mut self.steps) {
            (*sorted, *steps) = (lanes(*keys), lanes(_mm512_srli_epi32::<ROW_BITS>(*keys)));
        }
        let shift = _mm_cvtsi32_si128(self.shift.cast_signed());
        let ahead = _mm512_sll_epi32(_mm512_srli_epi32::<TAIL_BITS>(keys[0]), shift);
        let none = _mm512_cmpeq_epi32_mask(keys[0], _mm512_set1_epi32(NO_ROW));
        self.ahead = lanes(_mm512_mask_mov_epi32(ahead, none, _mm512_set1_epi32(NO_ROW)));
        let columns = self.rows.chunks_exact_mut(COLUMN).enumerate();
        for (column, rows) in columns.take(listed.div_ceil(COLUMN)) {
            for (keys, row) in sorted.iter().zip(rows) {
                *row = scratch.rows[keys.0[column] as usize % AROUND];
            }
        }
        // the last column is filled up
        self.rows[listed..listed + COLUMN].fill(Listed { apart: FARTHEST, place });
        Some(near)
    }

    /// Distances, and the keys of the rows nearer than the radius; tells how many.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn find(&self, around: &Around, own: [i32; 2], place: u32, scratch: &mut Scratch) -> usize {
        let [y, z] = own.map(|own| _mm512_set1_epi32(own));
        let (limit, me) = (_mm512_set1_epi32(self.radius), _mm512_set1_epi32(place.cast_signed()));
        let up = _mm_cvtsi32_si128((TAIL_BITS - self.shift).cast_signed());
        // where the rows get to when distances and places are mixed: two and two
        let mut rows = _mm512_setr_epi32(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
        let (mut len, sixteen) = (0, _mm512_set1_epi32((LANES as u32).cast_signed()));
        for from in (0..around.len).step_by(LANES) {
            // SAFETY: sixteen numbers follow places `from` and `len` < AROUND.
            unsafe {
                let up_z = _mm512_abs_epi32(_mm512_sub_epi32(load(around.z.as_ptr().add(from)), z));
                let across = _mm512_abs_epi32(_mm512_sub_epi32(load(around.y.as_ptr().add(from)), y));
                let others = _mm512_loadu_si512(around.place.as_ptr().add(from).cast());
                let far = _mm512_max_epi32(up_z, across);
                let to = scratch.rows.as_mut_ptr().add(from);
                _mm512_storeu_si512(to.cast(), _mm512_unpacklo_epi32(far, others));
                _mm512_storeu_si512(to.add(LANES / 2).cast(), _mm512_unpackhi_epi32(far, others));
                // the sign is set where z is farther
                let more = _mm512_sub_epi32(across, up_z);
                // each of the two may be wrong by a rounding
                let doubtful = _mm512_cmple_epi32_mask(_mm512_abs_epi32(more), _mm512_set1_epi32(2 * SLACK));
                let bits = _mm512_srli_epi32::<31>(more);
                let bits = _mm512_mask_or_epi32(bits, doubtful, bits, _mm512_set1_epi32(DOUBTFUL));
                let near = _mm512_cmplt_epi32_mask(far, limit) & _mm512_cmpneq_epi32_mask(others, me);
                let (steps, bits) = (_mm512_sll_epi32(far, up), _mm512_slli_epi32::<ROW_BITS>(bits));
                // of the steps what is above the tail, of the bits what is in it
                let key = _mm512_ternarylogic_epi32::<0xca>(_mm512_set1_epi32(-1 << TAIL_BITS), steps, bits);
                let key = _mm512_maskz_compress_epi32(near, _mm512_or_si512(key, rows));
                _mm512_storeu_si512(scratch.keys.as_mut_ptr().add(len).cast(), key);
                len += near.count_ones() as usize;
            }
            rows = _mm512_add_epi32(rows, sixteen);
        }
        len
    }

    /// Makes the radius smaller until there is room for all; tells how many are left.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn thin(&mut self, mut len: usize, scratch: &mut Scratch) -> Option<usize> {
        /// Radii that are tried.
        const TRIES: usize = 16;
        let mut room = LISTED as f64;
        for _ in 0..TRIES {
            if len <= LISTED {
                return Some(len);
            }
            room *= 0.93;
            let steps = (f64::from(self.radius) * (room / len as f64).sqrt()) as i32 >> self.shift;
            self.radius = steps << self.shift;
            let (limit, all) = (_mm512_set1_epi32(steps << TAIL_BITS), len);
            len = 0;
            for from in (0..all).step_by(LANES) {
                // SAFETY: sixteen numbers follow each; what is written has been read.
                unsafe {
                    let keys = load(scratch.keys.as_ptr().add(from));
                    let near = _mm512_cmplt_epi32_mask(keys, limit) & first_lanes(all - from);
                    let keys = _mm512_maskz_compress_epi32(near, keys);
                    _mm512_storeu_si512(scratch.keys.as_mut_ptr().add(len).cast(), keys);
                    len += near.count_ones() as usize;
                }
            }
        }
        None
    }
}

/// # Safety
/// Sixteen numbers follow, and the machine has AVX-512.
#[inline(always)]
unsafe fn load(from: *const i32) -> __m512i {
    // SAFETY: the caller's promise.
    unsafe { _mm512_loadu_si512(from.cast()) }
}
