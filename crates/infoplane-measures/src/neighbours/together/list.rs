//! For each place the rows near it in (y, z), roughly nearest first.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

use super::LANES;
use super::places::{ByZ, Lanes};

/// Rows near some tile that are kept at most.
const AROUND: usize = 512;
/// Rows in a list at most.
pub(super) const LISTED: usize = 256;
/// Rings of a list, of equal area; the rows of a ring stand in no order.
pub(super) const RINGS: usize = 32;
const LAST_RING: i32 = 31;
/// Rows of a list between looking whether the search may end.
pub(super) const BETWEEN: usize = 8;
/// Bits of distances, see [`List::apart`]: they make a distance wrong by at most [`BITS`] units.
pub(super) const ALONG_Z: i32 = 1;
pub(super) const DOUBTFUL: i32 = 2;
pub(super) const BITS: i32 = ALONG_Z | DOUBTFUL;
/// A distance in common units is wrong by at most so much: by the rounding of both values, and by what is cut off of each
/// where its own units are smaller.
pub(super) const ROUNDING: i32 = 2;
/// Ends every search: no distance is as far.
const NO_MORE: u32 = u32::MAX;

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

/// The rows near one place.
#[derive(Debug, Clone)]
pub(super) struct List {
    /// Where each ring begins.
    pub(super) start: [u32; RINGS + 1],
    /// Times the bytes of [`Lanes`].
    pub(super) place: [u32; LISTED + LANES],
    /// Distances in (y, z). The last bit says that z is the one that far away, the last but one that this is not sure.
    pub(super) apart: [i32; LISTED + 2 * LANES],
    /// What no distance is below, from this eighth on.
    pub(super) ahead: [u32; LISTED / BETWEEN + 2],
    /// Every row nearer than this is listed.
    pub(super) radius: i32,
    pub(super) len: usize,
    /// Square roots of the rings' shares of the area, a little less.
    roots: [f32; RINGS],
}

/// Rows of a list before they are in rings.
#[derive(Debug)]
pub(super) struct Scratch {
    apart: [i32; LISTED + LANES],
    places: [u32; LISTED + LANES],
    ring: [u32; LISTED + LANES],
}

impl Default for Scratch {
    fn default() -> Self {
        Self { apart: [0; LISTED + LANES], places: [0; LISTED + LANES], ring: [0; LISTED + LANES] }
    }
}

impl Default for List {
    fn default() -> Self {
        Self {
            start: [0; RINGS + 1],
            place: [0; LISTED + LANES],
            apart: [0; LISTED + 2 * LANES],
            ahead: [NO_MORE; LISTED / BETWEEN + 2],
            radius: 0,
            len: 0,
            roots: std::array::from_fn(|ring| (ring as f32 / RINGS as f32).sqrt() * (1.0 - 1e-5)),
        }
    }
}

impl List {
    /// Rings per squared distance.
    pub(super) fn scale(&self) -> f32 {
        RINGS as f32 / (self.radius as f32 * self.radius as f32)
    }

    /// Where rings begin, or where those that are `later` after them do.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn starts(&self, rings: __m512i, later: usize) -> __m512i {
        let starts = &self.start[later..][..RINGS];
        // SAFETY: there are as many rings as lanes of two registers.
        let (low, high) = unsafe { (load(starts.as_ptr().cast()), load(starts[LANES..].as_ptr().cast())) };
        _mm512_permutex2var_epi32(low, rings, high)
    }

    /// Lists the rows nearer than `radius` to a place with these y, z; says whether there was room for all.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn fill(
        &mut self,
        around: &Around,
        own: [i32; 2],
        place: usize,
        radius: i32,
        scratch: &mut Scratch,
    ) -> bool {
        let place = (place * size_of::<Lanes>()) as u32;
        let Scratch { apart, places, .. } = scratch;
        let (y, z, limit) = (_mm512_set1_epi32(own[0]), _mm512_set1_epi32(own[1]), _mm512_set1_epi32(radius));
        let me = _mm512_set1_epi32(place.cast_signed());
        let mut len = 0;
        for from in (0..around.len).step_by(LANES) {
            // SAFETY: sixteen numbers follow place `from` < AROUND and place `len` <= LISTED.
            unsafe {
                let up = _mm512_abs_epi32(_mm512_sub_epi32(load(around.z.as_ptr().add(from)), z));
                let across = _mm512_abs_epi32(_mm512_sub_epi32(load(around.y.as_ptr().add(from)), y));
                let others = _mm512_loadu_si512(around.place.as_ptr().add(from).cast());
                let far = _mm512_max_epi32(up, across);
                let more = _mm512_sub_epi32(across, up);
                // each of the two may be wrong by a rounding
                let doubtful = _mm512_cmple_epi32_mask(_mm512_abs_epi32(more), _mm512_set1_epi32(2 * ROUNDING));
                let far = _mm512_andnot_si512(_mm512_set1_epi32(BITS), far);
                // the sign is set where z is farther
                let far = _mm512_or_si512(far, _mm512_srli_epi32::<31>(more));
                let far = _mm512_mask_or_epi32(far, doubtful, far, _mm512_set1_epi32(DOUBTFUL));
                let near = _mm512_cmplt_epi32_mask(far, limit) & _mm512_cmpneq_epi32_mask(others, me);
                let far = _mm512_maskz_compress_epi32(near, far);
                _mm512_storeu_si512(apart.as_mut_ptr().add(len).cast(), far);
                let others = _mm512_maskz_compress_epi32(near, others);
                _mm512_storeu_si512(places.as_mut_ptr().add(len).cast(), others);
                len += near.count_ones() as usize;
            }
            if len > LISTED {
                return false;
            }
        }
        (self.radius, self.len) = (radius, len);
        self.deal(scratch);
        self.place[len..len + BETWEEN].fill(place);
        self.apart[len..=len + LANES].fill(i32::MAX);
        self.look_ahead();
        true
    }

    /// Puts the rows into rings.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn deal(&mut self, scratch: &mut Scratch) {
        let (len, scale) = (self.len, _mm512_set1_ps(self.scale()));
        let Scratch { apart, places, ring } = scratch;
        for from in (0..len).step_by(LANES) {
            // SAFETY: sixteen numbers follow place `from` < LISTED.
            unsafe {
                let rings = rings(load(apart.as_ptr().add(from)), scale);
                _mm512_storeu_si512(ring.as_mut_ptr().add(from).cast(), rings);
            }
        }
        let mut next = [0_u32; RINGS];
        for ring in &ring[..len] {
            next[*ring as usize % RINGS] += 1;
        }
        let mut before = 0;
        for (start, next) in self.start.iter_mut().zip(&mut next) {
            *start = before;
            before += std::mem::replace(next, before);
        }
        self.start[RINGS] = before;
        for ((ring, apart), place) in ring[..len].iter().zip(&*apart).zip(&*places) {
            let next = &mut next[*ring as usize % RINGS];
            // SAFETY: the rings take up `len` <= LISTED places, one for each row counted above.
            unsafe {
                *self.apart.get_unchecked_mut(*next as usize) = *apart;
                *self.place.get_unchecked_mut(*next as usize) = *place;
            }
            *next += 1;
        }
    }

    /// Notes what no distance is below, from each eighth row on.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn look_ahead(&mut self) {
        let eighths = self.len.div_ceil(BETWEEN);
        let mut edges = [0; RINGS];
        for from in [0, LANES] {
            // SAFETY: sixteen numbers each.
            unsafe {
                let roots = _mm512_loadu_ps(self.roots[from..][..LANES].as_ptr());
                let edge = _mm512_cvttps_epi32(_mm512_mul_ps(roots, _mm512_set1_ps(self.radius as f32)));
                _mm512_storeu_si512(edges[from..][..LANES].as_mut_ptr().cast(), edge);
            }
        }
        let mut ring = 0;
        for (eighth, ahead) in self.ahead[..eighths].iter_mut().enumerate() {
            while self.start[ring + 1] as usize <= eighth * BETWEEN {
                ring += 1;
            }
            *ahead = edges[ring % RINGS];
        }
        self.ahead[eighths] = NO_MORE;
    }
}

/// The rings that distances lie in.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
pub(super) fn rings(apart: __m512i, scale: __m512) -> __m512i {
    let apart = _mm512_cvtepi32_ps(apart);
    let ring = _mm512_cvttps_epi32(_mm512_mul_ps(_mm512_mul_ps(apart, apart), scale));
    _mm512_min_epu32(ring, _mm512_set1_epi32(LAST_RING))
}

/// # Safety
/// Sixteen numbers follow, and the machine has AVX-512.
#[inline(always)]
unsafe fn load(from: *const i32) -> __m512i {
    // SAFETY: the caller's promise.
    unsafe { _mm512_loadu_si512(from.cast()) }
}
