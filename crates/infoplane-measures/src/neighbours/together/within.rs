//! What lies within ε along one axis, for sixteen places at once.

#[allow(clippy::wildcard_imports)] // most names are used once
use std::arch::x86_64::*;

use super::LANES;
use super::list::SLACK;
use super::lookup::Below;
use super::places::{Lanes, Scaled};
use super::search::{lanes, load};

/// More than any distance, and a sum with any value does not overflow.
pub(super) const FAR: i32 = 1 << 30;

/// Where ε ends along some axes, at sixteen places, and what tables say of that.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends<const AXES: usize> {
    at: [[Lanes; 2]; AXES],
    entries: [[Lanes; 2]; AXES],
}

impl<const AXES: usize> Default for Ends<AXES> {
    fn default() -> Self {
        Self { at: [[Lanes::default(); 2]; AXES], entries: [[Lanes::default(); 2]; AXES] }
    }
}

impl<const AXES: usize> Ends<AXES> {
    /// Lookups of sixteen places.
    const LOOKUPS: usize = 2 * AXES * LANES;

    /// Finds the ends of ε, in common units, around values in each axis's own units. Tables are slow to answer: it is better to
    /// ask for many places before any answer is looked at.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn find(&mut self, axes: [&Scaled; AXES], own: [__m512i; AXES], kth: __m512i) {
        // loops, for what an array maps with has no instructions of its own
        for (((at, entries), scaled), own) in self.at.iter_mut().zip(&mut self.entries).zip(axes).zip(own) {
            for ((at, entries), end) in at.iter_mut().zip(entries).zip(ends(scaled, own, kth)) {
                (*at, *entries) = (lanes(end), lanes(scaled.column.lookup.entries(end)));
            }
        }
    }

    /// The ranks within ε: for the lanes that are asked for, but for those that go to `untold` with the number of these places.
    /// And of those that are asked for, the lanes that do not.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn within<const ROOM: usize>(
        &self,
        axes: [&Scaled; AXES],
        asked: u16,
        number: usize,
        untold: &mut Picked<ROOM>,
    ) -> ([Within; AXES], u16) {
        let (mut within, mut told) = ([Within::default(); AXES], asked);
        let mut first = (number * Self::LOOKUPS) as u32;
        for (((within, scaled), at), entries) in within.iter_mut().zip(axes).zip(&self.at).zip(&self.entries) {
            let tolerance = tolerance(scaled.shift);
            let (low, unclear_low) = scaled.column.lookup.ranks(load(&at[0]), load(&entries[0]), tolerance);
            let (high, unclear_high) = scaled.column.lookup.ranks(load(&at[1]), load(&entries[1]), tolerance);
            told &= !(unclear_low | unclear_high);
            untold.pick(unclear_low & asked, first);
            untold.pick(unclear_high & asked, first + LANES as u32);
            first += 2 * LANES as u32;
            let border = |below: &Below<__m512i>| lanes(_mm512_sub_epi32(below.maybe, below.surely));
            // what may be on the border is, and that is not strictly inside
            *within = Within { ends: [lanes(low.maybe), lanes(high.surely)], borders: [border(&low), border(&high)] };
        }
        (within, told)
    }

    /// Has all lookups of some places told.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn tell_all<const ROOM: usize>(number: usize, places: u16, untold: &mut Picked<ROOM>) {
        // hardly ever any
        if places != 0 {
            let first = number * Self::LOOKUPS;
            (first..first + Self::LOOKUPS).step_by(LANES).for_each(|first| untold.pick(places, first as u32));
        }
    }

    /// Looks at the values themselves where this was left open.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn tell<const ROOM: usize>(
        all: &[Self],
        axes: [&Scaled; AXES],
        untold: &Picked<ROOM>,
        within: &mut [[Within; AXES]],
    ) {
        for &lookup in untold.all() {
            let (number, lookup) = (lookup as usize / Self::LOOKUPS, lookup as usize % Self::LOOKUPS);
            let (axis, end, lane) = (lookup / (2 * LANES), lookup / LANES % 2, lookup % LANES);
            let below = axes[axis].column.lookup.below(all[number].at[axis][end].0[lane], tolerance(axes[axis].shift));
            let within = &mut within[number][axis];
            within.borders[end].0[lane] = (below.maybe - below.surely).cast_signed();
            within.ends[end].0[lane] = if end == 0 { below.maybe } else { below.surely }.cast_signed();
        }
    }
}

/// Numbers picked by bits, without a branch: it could not be foreseen.
#[derive(Debug)]
pub(super) struct Picked<const ROOM: usize> {
    /// With room for sixteen more than are ever picked.
    numbers: [u32; ROOM],
    len: usize,
}

impl<const ROOM: usize> Default for Picked<ROOM> {
    fn default() -> Self {
        Self { numbers: [0; ROOM], len: 0 }
    }
}

impl<const ROOM: usize> Picked<ROOM> {
    /// Picks of sixteen numbers, from the first one on, those whose bits are set.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn pick(&mut self, bits: u16, first: u32) {
        let numbers = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        let numbers = _mm512_add_epi32(numbers, _mm512_set1_epi32(first.cast_signed()));
        let to = &mut self.numbers[self.len..self.len + LANES];
        // SAFETY: sixteen numbers.
        unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), _mm512_maskz_compress_epi32(bits, numbers)) };
        self.len += bits.count_ones() as usize;
    }

    pub(super) fn all(&self) -> &[u32] {
        &self.numbers[..self.len]
    }

    pub(super) fn clear(&mut self) {
        self.len = 0;
    }
}

/// What lies within ε of sixteen places along one axis.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Within {
    /// Ranks: the first inside, and the first behind. In lanes that were not asked for they may be any.
    pub(super) ends: [Lanes; 2],
    /// How many rows may be as far as ε, before and behind.
    borders: [Lanes; 2],
}

impl Within {
    /// How many rows may be as far as ε.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,popcnt,bmi1,bmi2")]
    pub(super) fn border(&self) -> __m512i {
        _mm512_add_epi32(load(&self.borders[0]), load(&self.borders[1]))
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
