//! 256-bit kernels: no instruction counts bits here, so nibbles are looked up (Muła, Kurz and Lemire 2018,
//! doi:10.1093/comjnl/bxx046).
//!
//! The masks are cut into their low and high nibbles once for a whole row of source tiles. x AND a cut mask then is an
//! index already, which takes the cutting out of the inner loop: two ANDs, two look-ups and two additions a mask, one
//! shift a source. Bytes hold the sums of 30 steps before they are widened.

use std::arch::x86_64::{
    __m256i, _mm_add_epi64, _mm_cvtsi128_si32, _mm_unpackhi_epi64, _mm256_add_epi8, _mm256_add_epi64, _mm256_and_si256,
    _mm256_castsi256_si128, _mm256_extracti128_si256, _mm256_load_si256, _mm256_sad_epu8, _mm256_setr_epi8,
    _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16,
};
use std::hint::black_box;

use super::nlogn::NLogN;
use super::sweep::{MaskChunks, SourceChunks};
use super::targets::TargetTerms;
use super::{Chunk, TILE_PAIRS, TILE_SOURCES, TILE_TARGETS, Tile, scalar};

/// Chunks whose counts fit a byte: two steps a chunk, at most 8 a step.
const BYTE_CHUNKS: usize = 15;
/// Sources counted side by side: their six counters and what these need fit the sixteen registers.
const SIDE: usize = 2;

/// Four words, where 256-bit loads may read them.
#[repr(C, align(32))]
#[derive(Clone, Copy)]
struct Quad([u64; 4]);

/// Low and high nibbles of half a chunk of a mask.
type Cut = [Quad; 2];
/// The three masks of one target's chunk, cut: [half, mask].
type CutMasks = [[Cut; 3]; 2];

/// [`sweep`] for callers that know the machine only through [`super::Level`].
pub(super) fn sweep_detected(sources: &[SourceChunks], masks: &[MaskChunks], tiles: &mut [Tile]) {
    // SAFETY: named only for `Level::Avx2`, which is given only where AVX2 was detected.
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
    // SAFETY: as above.
    unsafe { evaluate(tiles, ones, target, table, te) }
}

#[target_feature(enable = "avx2")]
fn evaluate(
    tiles: &[Tile],
    ones: &[[u32; TILE_PAIRS]],
    target: &TargetTerms,
    table: &NLogN,
    te: &mut [[f64; TILE_PAIRS]],
) {
    scalar::evaluate(tiles, ones, target, table, te);
}

#[target_feature(enable = "avx2")]
fn sweep(sources: &[SourceChunks], masks: &[MaskChunks], tiles: &mut [Tile]) {
    let ones = black_box(ones_of_nibbles()); // kept in a register, not read again at every use
    let mut cut = Vec::with_capacity(masks.len());
    for target in 0..TILE_TARGETS {
        cut.clear();
        cut.extend(masks.iter().map(|masks| cut_masks(masks, target)));
        for (place, tile) in tiles.iter_mut().enumerate() {
            let sources = &sources[place * cut.len()..][..cut.len()];
            for first in (0..TILE_SOURCES).step_by(SIDE) {
                let counts = count(sources, first, &cut, ones);
                for side in 0..SIDE {
                    let pair = (first + side) * TILE_TARGETS + target;
                    (0..3).for_each(|mask| tile.0[mask][pair] = counts[side][mask]);
                }
            }
        }
    }
}

/// One target's masks of a chunk as nibbles.
#[inline]
fn cut_masks(masks: &MaskChunks, target: usize) -> CutMasks {
    const LOW: u64 = 0x0f0f_0f0f_0f0f_0f0f;
    std::array::from_fn(|half| {
        std::array::from_fn(|mask| {
            let word = |i: usize| masks[target * 3 + mask].0[half * 4 + i];
            [Quad(std::array::from_fn(|i| word(i) & LOW)), Quad(std::array::from_fn(|i| word(i) >> 4 & LOW))]
        })
    })
}

/// The three counts of sources `first` and `first + 1` with one target.
#[inline]
#[target_feature(enable = "avx2")]
fn count(sources: &[SourceChunks], first: usize, cut: &[CutMasks], ones: __m256i) -> [[u32; 3]; SIDE] {
    let mut wide = [[_mm256_setzero_si256(); 3]; SIDE];
    for (sources, cut) in sources.chunks(BYTE_CHUNKS).zip(cut.chunks(BYTE_CHUNKS)) {
        let narrow = count_bytes(sources, first, cut, ones);
        for side in 0..SIDE {
            for mask in 0..3 {
                let sums = _mm256_sad_epu8(narrow[side][mask], _mm256_setzero_si256());
                wide[side][mask] = _mm256_add_epi64(wide[side][mask], sums);
            }
        }
    }
    [[sum(wide[0][0]), sum(wide[0][1]), sum(wide[0][2])], [sum(wide[1][0]), sum(wide[1][1]), sum(wide[1][2])]]
}

/// Counts of at most [`BYTE_CHUNKS`] chunks, a byte a lane.
#[inline]
#[target_feature(enable = "avx2")]
fn count_bytes(sources: &[SourceChunks], first: usize, cut: &[CutMasks], ones: __m256i) -> [[__m256i; 3]; SIDE] {
    let mut counts = [[_mm256_setzero_si256(); 3]; SIDE];
    for (x, masks) in sources.iter().zip(cut) {
        for half in 0..2 {
            for side in 0..SIDE {
                let low = load_half(&x[first + side], half);
                let high = _mm256_srli_epi16::<4>(low); // bits from the neighbouring byte fall to the mask
                for mask in 0..3 {
                    let [mask_low, mask_high] = &masks[half][mask];
                    let a = _mm256_shuffle_epi8(ones, _mm256_and_si256(low, load(mask_low)));
                    let b = _mm256_shuffle_epi8(ones, _mm256_and_si256(high, load(mask_high)));
                    counts[side][mask] = _mm256_add_epi8(counts[side][mask], _mm256_add_epi8(a, b));
                }
            }
        }
    }
    counts
}

#[inline]
#[target_feature(enable = "avx2")]
fn ones_of_nibbles() -> __m256i {
    _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4)
}

#[inline]
#[target_feature(enable = "avx2")]
fn sum(lanes: __m256i) -> u32 {
    let halves = _mm_add_epi64(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256::<1>(lanes));
    _mm_cvtsi128_si32(_mm_add_epi64(halves, _mm_unpackhi_epi64(halves, halves))) as u32
}

#[inline]
#[target_feature(enable = "avx2")]
fn load(words: &Quad) -> __m256i {
    // SAFETY: a `Quad` is 32 bytes at an address divisible by 32.
    unsafe { _mm256_load_si256(std::ptr::from_ref(words).cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn load_half(chunk: &Chunk, half: usize) -> __m256i {
    let words: &[u64; 4] = &chunk.0.as_chunks().0[half];
    // SAFETY: half a chunk is 32 bytes at an address divisible by 32, because chunks are aligned to 64.
    unsafe { _mm256_load_si256(std::ptr::from_ref(words).cast()) }
}
