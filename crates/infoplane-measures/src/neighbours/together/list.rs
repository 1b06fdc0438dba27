//! For each place the rows near it in (y, z), roughly nearest first.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

use super::places::ByZ;
use super::search::ROUNDING;

/// Rows near some tile that are kept at most.
const AROUND: usize = 512;
/// Rows in a list at most.
pub(super) const LISTED: usize = 256;
/// Rings of a list, of equal area; the rows of a ring stand in no order.
pub(super) const RINGS: usize = 32;
const LAST_RING: i32 = 31;
/// Lanes read past the last.
const PADDING: usize = 16;
/// Rows of a list between looking whether the search may end.
pub(super) const BETWEEN: usize = 8;
/// Bits of distances, see [`List::apart`].
pub(super) const ALONG_Z: i32 = 1;
pub(super) const DOUBTFUL: i32 = 2;
/// Ends every search: no distance has these bits.
const NO_MORE: u32 = u32::MAX;

/// The rows near all places of a tile.
#[derive(Debug)]
pub(super) struct Around {
    y: [f32; AROUND + PADDING],
    z: [f32; AROUND + PADDING],
    place: [u32; AROUND + PADDING],
    pub(super) len: usize,
}

impl Default for Around {
    fn default() -> Self {
        let far = [f32::INFINITY; AROUND + PADDING];
        Self { y: far, z: far, place: [0; AROUND + PADDING], len: 0 }
    }
}

impl Around {
    /// Takes the rows between two corners in (y, z); says whether there was room for all.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn fill(&mut self, by_z: &ByZ, low: [f32; 2], high: [f32; 2]) -> bool {
        let (least, most) = (_mm512_set1_ps(low[0]), _mm512_set1_ps(high[0]));
        let n = by_z.z.len() - PADDING;
        let mut from = by_z.z[..n].partition_point(|&z| z < low[1]);
        let mut len = 0;
        while by_z.z[from] <= high[1] {
            if len > AROUND - 16 || from >= n {
                break;
            }
            // SAFETY: sixteen numbers follow place `from` < n of by_z and place `len` <= AROUND of the lists.
            unsafe {
                let y = _mm512_loadu_ps(by_z.y.as_ptr().add(from));
                let z = _mm512_loadu_ps(by_z.z.as_ptr().add(from));
                let place = _mm512_loadu_si512(by_z.place.as_ptr().add(from).cast());
                let inside = _mm512_cmp_ps_mask::<_CMP_GE_OQ>(y, least) & _mm512_cmp_ps_mask::<_CMP_LE_OQ>(y, most);
                _mm512_storeu_ps(self.y.as_mut_ptr().add(len), _mm512_maskz_compress_ps(inside, y));
                _mm512_storeu_ps(self.z.as_mut_ptr().add(len), _mm512_maskz_compress_ps(inside, z));
                let place = _mm512_maskz_compress_epi32(inside, place);
                _mm512_storeu_si512(self.place.as_mut_ptr().add(len).cast(), place);
                len += inside.count_ones() as usize;
            }
            from += 16;
        }
        self.y[len..len + PADDING].fill(f32::INFINITY);
        self.len = len;
        from >= n || by_z.z[from] > high[1]
    }
}

/// The rows near one place.
#[derive(Debug)]
pub(super) struct List {
    /// Where each ring begins.
    pub(super) start: [u32; RINGS + 1],
    pub(super) place: [u32; LISTED + PADDING],
    /// Distances in (y, z). The last bit says that z is the one that far away, the last but one that this is not sure.
    pub(super) apart: [f32; LISTED + PADDING],
    /// Bits of a number that no distance is below from this eighth on.
    pub(super) ahead: [u32; LISTED / BETWEEN + 2],
    /// Every row nearer than this is listed.
    pub(super) radius: f32,
    pub(super) len: usize,
    /// Square roots of the rings' shares of the area, a little less.
    roots: [f32; RINGS],
    scratch: Scratch,
}

/// Rows of a list before they are in rings.
#[derive(Debug)]
struct Scratch {
    apart: [f32; LISTED + PADDING],
    places: [u32; LISTED + PADDING],
    ring: [u32; LISTED + PADDING],
}

impl Default for List {
    fn default() -> Self {
        Self {
            start: [0; RINGS + 1],
            place: [0; LISTED + PADDING],
            apart: [0.0; LISTED + PADDING],
            ahead: [NO_MORE; LISTED / BETWEEN + 2],
            radius: 0.0,
            len: 0,
            roots: std::array::from_fn(|ring| (ring as f32 / RINGS as f32).sqrt() * (1.0 - 1e-5)),
            scratch: Scratch {
                apart: [0.0; LISTED + PADDING],
                places: [0; LISTED + PADDING],
                ring: [0; LISTED + PADDING],
            },
        }
    }
}

impl List {
    /// Rings per squared distance.
    pub(super) fn scale(&self) -> f32 {
        RINGS as f32 / (self.radius * self.radius)
    }

    /// Lists the rows nearer than `radius` to a place with these y, z; says whether there was room for all.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn fill(&mut self, around: &Around, own: [f32; 2], place: u32, radius: f32) -> bool {
        let Self { scratch: Scratch { apart, places, .. }, .. } = self;
        let (y, z, limit) = (_mm512_set1_ps(own[0]), _mm512_set1_ps(own[1]), _mm512_set1_ps(radius));
        let (me, bits) = (_mm512_set1_epi32(place.cast_signed()), _mm512_set1_epi32(DOUBTFUL | ALONG_Z));
        let largest = own[0].abs().max(own[1].abs());
        let slack = _mm512_set1_ps(4.0 * (largest + radius) * ROUNDING as f32);
        let mut len = 0;
        for from in (0..around.len).step_by(16) {
            // SAFETY: sixteen numbers follow place `from` < AROUND and place `len` <= LISTED.
            unsafe {
                let up = _mm512_abs_ps(_mm512_sub_ps(_mm512_loadu_ps(around.z.as_ptr().add(from)), z));
                let across = _mm512_abs_ps(_mm512_sub_ps(_mm512_loadu_ps(around.y.as_ptr().add(from)), y));
                let others = _mm512_loadu_si512(around.place.as_ptr().add(from).cast());
                let far = _mm512_castps_si512(_mm512_max_ps(up, across));
                let along_z = _mm512_cmp_ps_mask::<_CMP_GE_OQ>(up, across);
                let doubtful = _mm512_cmp_ps_mask::<_CMP_LE_OQ>(_mm512_abs_ps(_mm512_sub_ps(up, across)), slack);
                let far = _mm512_andnot_si512(bits, far);
                let far = _mm512_mask_or_epi32(far, along_z, far, _mm512_set1_epi32(ALONG_Z));
                let far = _mm512_mask_or_epi32(far, doubtful, far, _mm512_set1_epi32(DOUBTFUL));
                let far = _mm512_castsi512_ps(far);
                let near = _mm512_cmp_ps_mask::<_CMP_LT_OQ>(far, limit) & _mm512_cmpneq_epi32_mask(others, me);
                _mm512_storeu_ps(apart.as_mut_ptr().add(len), _mm512_maskz_compress_ps(near, far));
                let others = _mm512_maskz_compress_epi32(near, others);
                _mm512_storeu_si512(places.as_mut_ptr().add(len).cast(), others);
                len += near.count_ones() as usize;
            }
            if len > LISTED {
                return false;
            }
        }
        (self.radius, self.len) = (radius, len);
        self.deal();
        self.place[len..len + BETWEEN].fill(place);
        self.apart[len..len + PADDING].fill(f32::INFINITY);
        self.look_ahead();
        true
    }

    /// Puts the rows into rings.
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn deal(&mut self) {
        let (len, scale) = (self.len, _mm512_set1_ps(self.scale()));
        let Scratch { apart, places, ring } = &mut self.scratch;
        for from in (0..len).step_by(16) {
            // SAFETY: sixteen numbers follow place `from` < LISTED.
            unsafe {
                let apart = _mm512_loadu_ps(apart.as_ptr().add(from));
                _mm512_storeu_si512(ring.as_mut_ptr().add(from).cast(), rings(apart, scale));
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
        let mut ring = 0;
        for (eighth, ahead) in self.ahead[..eighths].iter_mut().enumerate() {
            while self.start[ring + 1] as usize <= eighth * BETWEEN {
                ring += 1;
            }
            *ahead = (self.roots[ring] * self.radius).to_bits();
        }
        self.ahead[eighths] = NO_MORE;
    }
}

/// The rings that distances lie in.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
pub(super) fn rings(apart: __m512, scale: __m512) -> __m512i {
    let ring = _mm512_cvttps_epi32(_mm512_mul_ps(_mm512_mul_ps(apart, apart), scale));
    _mm512_min_epu32(ring, _mm512_set1_epi32(LAST_RING))
}
