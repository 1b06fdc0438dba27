//! 512-bit kernels: 24 counters in registers, eight pairs' logarithms looked up at a time.
//!
//! A chunk of a pair costs three ANDs, three VPOPCNTQ and three additions. The counters of a mask are eight registers;
//! one transpose-and-add turns them into one register with a count a pair.

use std::arch::x86_64::{
    __m256i, __m512d, __m512i, _mm256_add_epi32, _mm256_loadu_si256, _mm256_store_si256, _mm256_storeu_si256,
    _mm256_sub_epi32, _mm512_add_epi64, _mm512_add_pd, _mm512_and_si512, _mm512_cvtepi64_epi32, _mm512_load_si512,
    _mm512_loadu_pd, _mm512_loadu_si512, _mm512_max_pd, _mm512_popcnt_epi64, _mm512_set_pd, _mm512_set1_epi64,
    _mm512_setzero_pd, _mm512_setzero_si512, _mm512_shuffle_i64x2, _mm512_slli_epi64, _mm512_srli_epi64,
    _mm512_storeu_pd, _mm512_storeu_si512, _mm512_sub_pd, _mm512_ternarylogic_epi64, _mm512_unpackhi_epi64,
    _mm512_unpacklo_epi64,
};

use super::nlogn::NLogN;
use super::sweep::{MaskChunks, SourceChunks};
use super::targets::TargetTerms;
use super::transpose::{Block, STAY};
use super::{Chunk, TILE_PAIRS, TILE_SOURCES, TILE_TARGETS, Tile, scalar};

/// [`sweep`] for callers that know the machine only through [`super::Level`].
pub(super) fn sweep_detected(sources: &[SourceChunks], masks: &[MaskChunks], tiles: &mut [Tile]) {
    // SAFETY: named only for `Level::Avx512`, which is given only where both features were detected.
    unsafe { sweep(sources, masks, tiles) }
}

/// [`evaluate`] for callers that know the machine only through [`super::Level`].
pub(super) fn evaluate_detected(
    tiles: &[Tile],
    ones: &[[u32; TILE_PAIRS]],
    target: &TargetTerms,
    table: &NLogN,
    te: &mut [[f64; TILE_PAIRS]],
) {
    let rows = target.cells.iter().map(|cell| cell[0]).sum();
    match table.covering(rows) {
        // SAFETY: the features were detected, as above; every count of a tile is at most `rows`, because each counts
        // some of the rows of the same series, and the table reaches to `rows`.
        Some(table) => unsafe { evaluate(tiles, ones, target, table, te) },
        None => scalar::evaluate(tiles, ones, target, table, te),
    }
}

#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn sweep(sources: &[SourceChunks], masks: &[MaskChunks], tiles: &mut [Tile]) {
    for (place, tile) in tiles.iter_mut().enumerate() {
        let counters = count(&sources[place * masks.len()..][..masks.len()], masks);
        tile.0.iter_mut().zip(counters).for_each(|(to, eight)| store(to, sums(eight)));
    }
}

/// One counter a mask and pair.
#[inline]
#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn count(sources: &[SourceChunks], masks: &[MaskChunks]) -> [[__m512i; TILE_PAIRS]; 3] {
    let mut counters = [[_mm512_setzero_si512(); TILE_PAIRS]; 3];
    for (x, masks) in sources.iter().zip(masks) {
        let x = [load(&x[0]), load(&x[1]), load(&x[2]), load(&x[3])];
        for target in 0..TILE_TARGETS {
            for mask in 0..3 {
                let bits = load(&masks[target * 3 + mask]);
                for source in 0..TILE_SOURCES {
                    let counter = &mut counters[mask][source * TILE_TARGETS + target];
                    *counter = _mm512_add_epi64(*counter, _mm512_popcnt_epi64(_mm512_and_si512(x[source], bits)));
                }
            }
        }
    }
    counters
}

/// The sum of each of eight registers: additions halve the number of registers three times.
#[allow(clippy::large_types_passed_by_value, reason = "they are registers")]
#[inline]
#[target_feature(enable = "avx512f")]
fn sums(r: [__m512i; TILE_PAIRS]) -> __m256i {
    let pairs = |a, b| _mm512_add_epi64(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
    let quarters = |a, b| _mm512_add_epi64(_mm512_shuffle_i64x2::<0x88>(a, b), _mm512_shuffle_i64x2::<0xdd>(a, b));
    let (low, high) = (quarters(pairs(r[0], r[1]), pairs(r[2], r[3])), quarters(pairs(r[4], r[5]), pairs(r[6], r[7])));
    _mm512_cvtepi64_epi32(quarters(low, high))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load(chunk: &Chunk) -> __m512i {
    // SAFETY: a chunk is 64 bytes at an address divisible by 64.
    unsafe { _mm512_load_si512(std::ptr::from_ref(chunk).cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store(to: &mut [u32; TILE_PAIRS], counts: __m256i) {
    // SAFETY: the arrays of a `Tile` are 32 bytes each, the first at an address divisible by 32.
    unsafe { _mm256_store_si256(std::ptr::from_mut(to).cast(), counts) }
}

/// As [`scalar::evaluate`], operation for operation.
///
/// # Safety
/// Every joint count that follows from the arguments must be an index of `table`.
#[target_feature(enable = "avx512f")]
unsafe fn evaluate(
    tiles: &[Tile],
    ones: &[[u32; TILE_PAIRS]],
    target: &TargetTerms,
    table: &[f64],
    te: &mut [[f64; TILE_PAIRS]],
) {
    let cells = [eight(&target.cells[0]), eight(&target.cells[1]), eight(&target.cells[2]), eight(&target.cells[3])];
    let own = [eight_f64(&target.own[0]), eight_f64(&target.own[1])];
    for ((tile, ones), te) in tiles.iter().zip(ones).zip(te) {
        let [next, past, both] = [eight(&tile.0[0]), eight(&tile.0[1]), eight(&tile.0[2])];
        let alone = _mm256_sub_epi32(next, both);
        let rest = _mm256_sub_epi32(_mm256_sub_epi32(eight(ones), past), alone);
        let x = [rest, _mm256_sub_epi32(past, both), alone, both];
        // SAFETY: the caller's promise.
        let shares = unsafe { [share(table, x, cells, own, 0), share(table, x, cells, own, 1)] };
        let nats = _mm512_add_pd(shares[0], shares[1]);
        // SAFETY: `te` is eight f64, which need no alignment here.
        unsafe { _mm512_storeu_pd(te.as_mut_ptr(), nats) }
    }
}

/// What the past y contributes to N·TE.
///
/// # Safety
/// The counts must be indices of `table`.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn share(table: &[f64], x: [__m256i; 4], cells: [__m256i; 4], own: [__m512d; 2], y: usize) -> __m512d {
    let without = [_mm256_sub_epi32(cells[y], x[y]), _mm256_sub_epi32(cells[2 + y], x[2 + y])];
    // SAFETY: the caller's promise.
    let splits = unsafe { _mm512_add_pd(split(table, without[0], without[1]), split(table, x[y], x[2 + y])) };
    _mm512_max_pd(_mm512_sub_pd(splits, own[y]), _mm512_setzero_pd())
}

/// As [`NLogN::split`].
///
/// # Safety
/// a, b and a + b must be indices of `table`.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn split(table: &[f64], a: __m256i, b: __m256i) -> __m512d {
    // SAFETY: the caller's promise.
    let at = |n| unsafe { look_up(table, n) };
    _mm512_sub_pd(_mm512_add_pd(at(a), at(b)), at(_mm256_add_epi32(a, b)))
}

/// The entries of `table` at eight indices, loaded one by one: where microcode guards the gather instruction against
/// sampled data, it takes three times as long, and elsewhere no less.
///
/// # Safety
/// Each of `n` must be an index of `table`.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn look_up(table: &[f64], n: __m256i) -> __m512d {
    let mut places = [0_u32; 8];
    // SAFETY: 32 bytes, which need no alignment here.
    unsafe { _mm256_storeu_si256(std::ptr::from_mut(&mut places).cast(), n) }
    // SAFETY: the caller's promise.
    let [a, b, c, d, e, f, g, h] = places.map(|place| unsafe { *table.get_unchecked(place as usize) });
    _mm512_set_pd(h, g, f, e, d, c, b, a)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn eight(counts: &[u32; TILE_PAIRS]) -> __m256i {
    // SAFETY: 32 bytes, which need no alignment here.
    unsafe { _mm256_loadu_si256(std::ptr::from_ref(counts).cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn eight_f64(values: &[f64; TILE_PAIRS]) -> __m512d {
    // SAFETY: eight f64, which need no alignment here.
    unsafe { _mm512_loadu_pd(values.as_ptr()) }
}

/// Transposes eight 64×64 bit matrices, one a lane: as [`super::transpose`] describes.
#[target_feature(enable = "avx512f")]
pub(super) fn transpose(block: &mut Block) {
    for first in 0..8 {
        let mut rows = std::array::from_fn::<_, 8, _>(|i| load_words(&block.0[first + 8 * i]));
        exchange::<4, 32>(&mut rows, STAY[0]);
        exchange::<2, 16>(&mut rows, STAY[1]);
        exchange::<1, 8>(&mut rows, STAY[2]);
        (0..8).for_each(|i| store_words(&mut block.0[first + 8 * i], rows[i]));
    }
    for first in (0..64).step_by(8) {
        let mut rows = std::array::from_fn::<_, 8, _>(|i| load_words(&block.0[first + i]));
        exchange::<4, 4>(&mut rows, STAY[3]);
        exchange::<2, 2>(&mut rows, STAY[4]);
        exchange::<1, 1>(&mut rows, STAY[5]);
        (0..8).for_each(|i| store_words(&mut block.0[first + i], rows[i]));
    }
}

/// Exchanges the upper columns of each row with the lower columns of the row `DISTANCE` after it.
#[inline]
#[target_feature(enable = "avx512f")]
fn exchange<const DISTANCE: usize, const SHIFT: u32>(rows: &mut [__m512i; 8], stay: u64) {
    let stay = _mm512_set1_epi64(stay.cast_signed());
    for low in (0..8).filter(|row| row & DISTANCE == 0) {
        let (a, b) = (rows[low], rows[low + DISTANCE]);
        // Bit by bit: 0xca takes the second where the first is one, else the third.
        rows[low] = _mm512_ternarylogic_epi64::<0xca>(stay, a, _mm512_slli_epi64::<SHIFT>(b));
        rows[low + DISTANCE] = _mm512_ternarylogic_epi64::<0xca>(stay, _mm512_srli_epi64::<SHIFT>(a), b);
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_words(words: &[u64; 8]) -> __m512i {
    // SAFETY: 64 bytes, which need no alignment here.
    unsafe { _mm512_loadu_si512(words.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store_words(to: &mut [u64; 8], words: __m512i) {
    // SAFETY: 64 bytes, which need no alignment here.
    unsafe { _mm512_storeu_si512(to.as_mut_ptr().cast(), words) }
}
