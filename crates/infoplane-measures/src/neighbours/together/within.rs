//! What lies within ε along one axis, for sixteen places at once.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

use super::lookup::Lookup;
use super::places::{Lanes, Scaled};
use super::search::{SLACK, lanes, load};
use super::LANES;

/// More than any distance, and a sum with any value does not overflow.
pub(super) const FAR: i32 = 1 << 30;

/// What lies within ε of sixteen places along one axis.
#[derive(Clone, Copy, Default)]
pub(super) struct Within {
    /// Ranks: the first inside, and the first behind. In lanes that were not asked for they may be any.
    pub(super) ends: [Lanes; 2],
    /// How many rows may be as far as ε.
    pub(super) border: Lanes,
}

impl Within {
    /// Along some axes, from values in each axis's own units and ε in common ones, for the lanes that are asked for.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn of<const AXES: usize>(
        axes: [&Scaled; AXES],
        own: [__m512i; AXES],
        kth: __m512i,
        asked: u16,
    ) -> [Self; AXES] {
        // loops, for what an array maps with has no instructions of its own
        let mut at = [[_mm512_setzero_si512(); 2]; AXES];
        for ((at, scaled), own) in at.iter_mut().zip(axes).zip(own) {
            *at = ends(scaled, own, kth);
        }
        let entries = Lookup::entries(axes.map(|axis| axis.lookup), &at);
        let mut within = [Self::default(); AXES];
        let (mut untold, mut bit) = (0_u128, 0);
        for (((within, scaled), at), entries) in within.iter_mut().zip(axes).zip(&at).zip(&entries) {
            let tolerance = tolerance(scaled.shift);
            let (low, unclear_low) = scaled.lookup.ranks(at[0], load(&entries[0]), tolerance);
            let (high, unclear_high) = scaled.lookup.ranks(at[1], load(&entries[1]), tolerance);
            untold |= u128::from(u32::from(unclear_low & asked) | u32::from(unclear_high & asked) << LANES) << bit;
            bit += 2 * LANES;
            let border = _mm512_add_epi32(
                _mm512_maskz_sub_epi32(!unclear_low, low.maybe, low.surely),
                _mm512_maskz_sub_epi32(!unclear_high, high.maybe, high.surely),
            );
            // what may be on the border is, and that is not strictly inside
            *within = Self { ends: [lanes(low.maybe), lanes(high.surely)], border: lanes(border) };
        }
        let mut places = [[Lanes::default(); 2]; AXES];
        for (places, at) in places.iter_mut().zip(&at) {
            *places = [lanes(at[0]), lanes(at[1])];
        }
        while untold != 0 {
            let bit = untold.trailing_zeros() as usize;
            untold &= untold - 1;
            let (axis, end, lane) = (bit / (2 * LANES), bit / LANES % 2, bit % LANES);
            within[axis].tell(axes[axis], end, lane, places[axis][end].0[lane]);
        }
        within
    }

    /// Looks at the values themselves.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    fn tell(&mut self, scaled: &Scaled, end: usize, lane: usize, at: i32) {
        let below = scaled.lookup.below(at, tolerance(scaled.shift));
        self.border.0[lane] += (below.maybe - below.surely).cast_signed();
        self.ends[end].0[lane] = if end == 0 { below.maybe } else { below.surely }.cast_signed();
    }

    /// The ends, none behind the last of `n` rows.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn bounded(&self, n: usize) -> [Lanes; 2] {
        let most = _mm512_set1_epi32((n as u32).cast_signed());
        let bounded = |end: usize| lanes(_mm512_min_epi32(load(&self.ends[end]), most));
        [bounded(0), bounded(1)]
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
